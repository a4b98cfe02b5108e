"""The score on a region small enough for paper: see `main_street`."""

import datetime
import json
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geo.access import decay
from geo.errors import DateError, InputError, NeedsError, OutsideRegionError
from geo.needs.curfew import Curfew, every_evening
from geo.needs.needs import Needs, Shift, StayAway, needs_from
from geo.needs.stay_away import inside
from geo.needs.toml_writer import needs_document
from geo.score.aggregation import NO_DATA, NOT_NEEDED, SCORED, Part, combine
from geo.score.case import make_case
from geo.score.home_times import home_times, shared_times
from geo.score.parameters import load_parameters, parameters_from
from geo.score.score import reweighed, score_home, score_homes
from geo.score.support import _digest as digest_of_region
from geo.score.surface import populated_cells, put_together, score_cells, score_profiles
from geo.tables import DIMENSIONS
from geo.travel.kernels_raptor import UNREACHED
from tests.geo.main_street import (
    ALL_DAY,
    EVENING,
    PATIENT,
    WEDNESDAY,
    along,
    at,
    full_region,
    part,
    resource,
    score,
    session,
    zone,
)  # fmt: skip

SHIPPED = Path(__file__).parents[3] / "data" / "scoring" / "default.toml"


def recomputed(document, parameters):
    """Recompute a total from a printed explanation alone, as docs/score.md tells."""
    by_dimension: dict[str, list[tuple[float, float]]] = {}
    for row in document["classes"]:
        if row["status"] not in ("scored", "unreachable"):
            continue
        s = 1 - np.exp(-row["access"] / row["a_ref"]) if row["a_ref"] else row["access"]
        if row["name"] == "meetings":
            m = document["meetings"]
            s = 0.75 * m["days_covered"] / 7 + 0.25 * (1 - np.exp(-m["choice"] / 7))
        by_dimension.setdefault(row["dimension"], []).append((row["weight"], s))
    logs = [
        np.log(max(100 * sum(w * s for w, s in rows) / sum(w for w, _ in rows), parameters.floor))
        for rows in by_dimension.values()
    ]
    return float(np.exp(np.mean(logs)))


# ── by hand ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_one_pharmacy_at_15_minutes(region):
    scored = score(region([resource("pharmacy", 1200)], trips=EVENING))
    assert part(scored, "pharmacy").access == pytest.approx(0.505366, rel=2e-3)
    assert part(scored, "pharmacy").score == pytest.approx(0.396715, rel=2e-3)
    assert decay.logistic(15, 6)(15) == pytest.approx(0.505366, abs=1e-6)
    row = next(r for r in scored.as_dict()["classes"] if r["name"] == "pharmacy")
    assert row["nearest"][0]["mode"] == "walk"
    assert row["nearest"][0]["minutes"] == pytest.approx(15, abs=0.02)


def test_two_meetings_a_week_at_20_minutes(region):
    meeting = resource("meeting", 1600)
    scored = score(region([meeting], [session(meeting, day, 12, 13) for day in (0, 1)], trips=EVENING))
    week = scored.as_dict()["meetings"]
    assert week["days_covered"] == pytest.approx(1.010732, rel=2e-3)
    assert week["choice"] == pytest.approx(1.010732, rel=2e-3)
    assert part(scored, "meetings").score == pytest.approx(0.141905, rel=2e-3)
    assert week["days_without"] == ["Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    assert [row["start"] for row in week["sessions"]] == ["12:00", "12:00"]


def test_a_rival_by_hand(region):
    # 200 workers 30 min by car from the jobs would have R = 0.995685; here it is taken from the drive itself
    support = region(zones=[zone("homes", 7000, workers=200), zone("work", 1000, jobs=100)], trips=EVENING)
    rivals = support.rivals["jobs"]
    driven = float(rivals.competitors[0] / 200)
    assert 0.9 < driven < 1
    assert float(100 / (200 * decay.logistic(30, 10)(30))) == pytest.approx(0.995685, abs=1e-6)
    scored = score(support, 1000)
    assert part(scored, "jobs").access == pytest.approx(100 / (200 * driven), rel=1e-3)
    assert part(scored, "jobs").score == pytest.approx(1 - np.exp(-0.5 / driven), rel=1e-3)


def test_a_nearly_empty_dimension_is_not_bought_off():
    parts = [
        Part(d, d, d, 1.0, "scored", 1.0, 1.0, 0.0 if d == "home" else 0.9)
        for d in ("health", "home", "purpose", "community")
    ]
    total, dimensions = combine(parts, load_parameters())
    assert dimensions["home"] == 1
    assert total == pytest.approx(29.22, abs=0.01)


def test_the_total_can_be_recomputed_from_the_printed_explanation(region):
    support = full_region(region)
    for meters in (0, 2500, 6000):
        document = json.loads(json.dumps(score(support, meters).as_dict()))
        assert recomputed(document, support.parameters) == pytest.approx(document["total"], abs=1e-4)
        for dimension, value in document["dimensions"].items():
            points = sum(r["points"] or 0 for r in document["classes"] if r["dimension"] == dimension)
            assert max(points, 1) == pytest.approx(value, abs=1e-4)
        for row in document["classes"]:
            if "most_valuable" in row:
                value = sum(r["value"] for r in row["most_valuable"]) + row["elsewhere"]
                assert value == pytest.approx(row["access"], abs=1e-4)
        by_day = dict.fromkeys(document["meetings"]["coverage"], 1.0)
        for row in document["meetings"]["sessions"]:
            assert row["minutes"] == pytest.approx((row["minutes_there"] + row["minutes_back"]) / 2, abs=1e-5)
            by_day[row["day"]] *= 1 - row["decay"] * row["share_of_weeks"]
        covered = {day: 1 - missed for day, missed in by_day.items()}
        assert covered == pytest.approx(document["meetings"]["coverage"], abs=1e-4)


# ── each meeting in its own hour ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("last", "meters", "counts"),
    [("20:30", 0, True), ("19:40", 0, False), ("19:40", 5000, True), ("20:10", 0, False)],
)
def test_the_last_bus_home(region, last, meters, counts):
    meeting = resource("meeting", 6100)
    hour, minute = last.split(":")
    back = f"home daily bus: b {last} a {hour}:{int(minute) + 10}"
    support = region([meeting], [session(meeting, 2, 19, 20)], trips=[*EVENING, back])
    week = score(support, meters, Needs()).as_dict()["meetings"]
    assert week["sessions_counted"] == counts
    assert (week["days_covered"] > 0) == counts
    assert ("Wednesday" in week["days_without"]) == (not counts)
    if meters == 0 and last == "20:30":
        (row,) = week["sessions"]
        # leave 18:29 (the stop is here, boarding takes a minute) → 31 min; home 20:40 → 30 min after 20:10
        assert (row["minutes_there"], row["minutes_back"]) == (31, 30)
        assert week["last_way_home"]["Wednesday"] == {"time": "20:27", "from": "meeting at 6100 m"}


def test_curfew_and_shifts(region):
    meeting = resource("meeting", 1600)
    support = region([meeting], [session(meeting, 2, 19, 20)], trips=EVENING)
    count = lambda **rules: score(support, 0, replace(PATIENT, **rules)).as_dict()["meetings"]["sessions_counted"]  # noqa: E731
    assert count() == 1
    assert count(curfew=every_evening(20 * 60 + 31)) == 1
    assert count(curfew=every_evening(20 * 60 + 29)) == 0
    assert count(shifts=(Shift(2, 9 * 60, 18 * 60 + 39),)) == 1
    assert count(shifts=(Shift(2, 9 * 60, 18 * 60 + 41),)) == 0
    with pytest.raises(NeedsError, match="before every meeting"):
        count(curfew=every_evening(18 * 60))


def test_a_room_that_is_open_all_day_is_no_meeting_after_the_curfew(region):
    room, meeting = resource("meeting", 400), resource("meeting", 800)
    always = [session(room, day, 0, 24) for day in range(7)]
    early = replace(PATIENT, curfew=every_evening(18 * 60))
    free, bound = (score(region([room], always), needs=needs).meetings for needs in (PATIENT, early))
    assert free["sessions_counted"] == 7
    assert bound == free
    both = region([room, meeting], [*always, session(meeting, 2, 19, 20)])
    assert {row["id"] for row in score(both, needs=early).meetings["sessions"]} == {room["resource_id"]}


def test_a_curfew_holds_by_weekday(region):
    meeting = resource("meeting", 1600)  # home at 20:30
    support = region([meeting], [session(meeting, day, 19, 20) for day in range(7)], trips=EVENING)
    late, early = 20 * 60 + 31, 20 * 60 + 29
    days = lambda curfew: {  # noqa: E731
        row["day"] for row in score(support, 0, replace(PATIENT, curfew=curfew)).as_dict()["meetings"]["sessions"]
    }
    assert days(Curfew((early, early, late, early, None, early, early))) == {"Wednesday", "Friday"}
    shifts = (Shift(1, 8 * 60, 12 * 60),)
    off = replace(PATIENT, shifts=shifts, curfew=Curfew((early,) * 6 + (late,), days_off=True))
    assert [row["day"] for row in score(support, 0, off).as_dict()["meetings"]["sessions"]] == ["Tuesday", "Sunday"]
    with pytest.raises(NeedsError, match="of 6:00 PM on Monday is before every meeting"):
        days(Curfew((18 * 60, *[19 * 60] * 6)))


def test_the_small_hours_belong_to_the_evening_before(region):
    meeting = resource("meeting", 400)  # 5 min on foot
    rows = [session(meeting, 0, 0.5, 1.5), session(meeting, 2, 12, 13)]
    support = region([meeting], rows, trips=ALL_DAY)
    week = score(support).as_dict()["meetings"]
    assert [(row["day"], row["start"], row["end"]) for row in week["sessions"]] == [
        ("Wednesday", "12:00", "13:00"), ("Sunday", "24:30", "25:30"),
    ]  # fmt: skip
    assert week["coverage"]["Sunday"] > 0
    assert week["coverage"]["Monday"] == 0
    home = score(support, 0, replace(PATIENT, curfew=every_evening(22 * 60))).as_dict()["meetings"]
    assert [row["day"] for row in home["sessions"]] == ["Wednesday"]
    at_three = score(region([meeting], [session(meeting, 0, 3, 3.75)], trips=ALL_DAY)).as_dict()["meetings"]
    assert [(row["day"], row["start"]) for row in at_three["sessions"]] == [("Sunday", "27:00")]  # after the last bus
    late = score(support, 0, replace(PATIENT, curfew=every_evening(2 * 60))).as_dict()["meetings"]  # home at 01:45
    assert late["sessions_counted"] == 2


def test_a_session_that_isnt_weekly_counts_by_its_share_of_weeks(region):
    meeting = resource("meeting", 1600)  # 20 min on foot there, 20 back
    weekly, monthly = (
        score(region([meeting], [session(meeting, 2, 12, 13, weeks)], trips=EVENING)) for weeks in (None, "2;4")
    )
    (one,), (other,) = (one_score.as_dict()["meetings"]["sessions"] for one_score in (weekly, monthly))
    assert one["decay"] == other["decay"]
    assert (other["weeks"], other["share_of_weeks"]) == ("2;4", pytest.approx(9600 / 20_871))
    week = monthly.as_dict()["meetings"]
    assert week["choice"] == pytest.approx(one["decay"] * 9600 / 20_871)
    assert week["coverage"]["Wednesday"] == pytest.approx(week["choice"])
    assert week["days_covered"] == pytest.approx(week["choice"])
    assert part(monthly, "meetings").score < part(weekly, "meetings").score
    rows = full_region(region).resources
    held = [session(rows[rows["category"] == "meeting"].iloc[0].to_dict(), 2, 12, 13, "2;4")]
    whole = score(full_region(region, resources=rows.to_dict("records"), sessions=held))
    band = whole.as_dict()["sensitivity"]
    assert band["p5"] <= whole.total <= band["p95"]


def test_each_weekday_has_its_own_service(region):
    meeting = resource("meeting", 6100)
    support = region(
        [meeting],
        [session(meeting, day, 19, 20) for day in range(7)],
        trips=["go weekday bus: a 18:30 b 18:40", "home weekday bus: b 20:30 a 20:40"],
        services={"weekday": [d for d in range(-3, 11) if d % 7 < 5]},
    )
    week = score(support, 0, Needs()).as_dict()["meetings"]
    assert week["days_without"] == ["Saturday", "Sunday"]
    assert week["last_way_home"]["Saturday"] is None


def test_online_meetings_are_listed_apart(region):
    online = resource("meeting", 100, attendance="online", lon=None, lat=None)
    here = resource("meeting", 200)
    rows = [session(online, day, 19, 20) for day in range(7)] + [session(here, 0, 19, 20)]
    week = score(region([online, here], rows, trips=EVENING)).as_dict()["meetings"]
    assert week["online_count"] == 7
    assert week["sessions_counted"] == 1


# ── classes ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_departures_are_averaged_as_access_not_as_time(region):
    # a bus at :00, :15, :30, :45, 8 min; from a stop, leaving each minute: access is the mean of f, minute by minute
    support = region([resource("substance_use_clinic", 6000)], trips=ALL_DAY)
    scored = score(support, 0, Needs())
    waits = (np.arange(14, -1, -1) - 1) % 15 + 1  # one minute to board
    expected = decay.within(decay.logistic(20, 8), 60)(waits + 8).mean()
    assert part(scored, "substance_use_clinic").access == pytest.approx(expected, rel=1e-6)


def test_the_dose_is_taken_arriving(region):
    support = region([resource("opioid_treatment_program", 6000), resource("food", 0)], trips=ALL_DAY)
    scored = score(support, 0, Needs(medications=("methadone",)))
    # arrivals at :08, :23, :38, :53; being there at τ costs τ − (departure a minute before the bus)
    arrive = np.arange(6 * 60, 10 * 60)
    last_bus = (arrive - 8) // 15 * 15
    expected = decay.within(decay.logistic(20, 8), 60)(arrive - last_bus + 1).mean()
    assert part(scored, "opioid_treatment_program").access == pytest.approx(expected, rel=1e-6)
    assert part(score(support, 0, Needs()), "opioid_treatment_program").status == "not_needed"


def test_work_is_reached_for_the_shift_asked_for(region):
    zones = [zone("homes", 0, workers=100), zone("work", 6000, jobs=100)]
    support = region(zones=zones, trips=[*ALL_DAY, "night daily bus: a 21:00 b 21:10"])
    day = score(support, 0, Needs())
    night = score(support, 0, Needs(shifts=(Shift(2, 22 * 60, 30 * 60),)))
    ratio = 100 / support.rivals["jobs"].competitors[0]
    expected = ratio * decay.within(decay.logistic(30, 10), 60)(61)
    assert part(night, "jobs").access == pytest.approx(float(expected))
    assert part(day, "jobs").access > part(night, "jobs").access


def test_a_shift_in_the_small_hours_is_reached_by_the_evening_before(region):
    # only on Tuesdays a bus runs late: who is to be there on Wednesday at 00:30 leaves at 23:39
    zones = [zone("homes", 0, workers=100), zone("work", 6000, jobs=100)]
    support = region(zones=zones, trips=[*ALL_DAY, "late tue bus: a 23:40 b 23:50"], services={"tue": (1, 8)})
    ratio = 100 / support.rivals["jobs"].competitors[0]
    expected = ratio * decay.within(decay.logistic(30, 10), 60)(51)
    for weekday, access in ((2, float(expected)), (1, 0.0)):
        night = score(support, 0, Needs(shifts=(Shift(weekday, 30, 8 * 60),)))
        assert part(night, "jobs").access == pytest.approx(access)


def test_no_data_and_unreachable_are_never_mixed_up(region):
    far = region([resource("pharmacy", 8000), resource("food", 0)])
    scored = score(far, 0)
    assert part(scored, "pharmacy").status == "unreachable"
    assert part(scored, "pharmacy").score == 0
    assert part(scored, "hospital").status == "no_data"
    assert part(scored, "meetings").status == "no_data"
    assert scored.dimensions["health"] == 1
    assert scored.dimensions["purpose"] is None
    assert any("Hospitals" in reason for reason in scored.confidence["reasons"])


def test_where_only_families_meet_there_is_no_data_on_meetings_unless_they_are_chosen(region):
    families = resource("meeting", 300, fellowship="Al-Anon")
    only = full_region(region, resources=[families, resource("food", 0)], sessions=[session(families, 0, 12, 13)])
    assert part(score(only, 0), "meetings").status == "no_data"
    chosen = replace(PATIENT, fellowships=("Al-Anon",))
    assert part(score(only, 0, chosen), "meetings").status == "scored"
    assert part(score(only, 0, replace(PATIENT, fellowships=("AA",))), "meetings").status == "unreachable"


def test_removing_a_class_changes_the_confidence_and_no_other_class(region):
    support = full_region(region)
    scored = score(support)
    without = support.resources[support.resources["category"] != "peer_support"]
    less = full_region(region, resources=without.to_dict("records"))
    again = score(less)
    assert part(again, "peer_support").status == "no_data"
    assert [p for p in scored.parts if p.name != "peer_support"] == [p for p in again.parts if p.name != "peer_support"]
    assert again.confidence["value"] < scored.confidence["value"]


def test_a_recovery_residence_has_its_own_credit(region):
    support = full_region(region)
    house = support.resources.loc[support.resources["category"] == "recovery_residence", "resource_id"].iloc[0]
    scored = score(support, 100, home_id=house)
    assert part(scored, "own_home").score == 1
    assert not any(p.name == "own_home" for p in score(support, 100).parts)
    with pytest.raises(InputError, match="no recovery residence"):
        score(support, 100, home_id="toy:nothing")


def test_profiles_only_add_ways(region):
    support = full_region(region)
    totals = {p: score(support, 2500, Needs(profile=p)).total for p in ("wheelchair", "no-car", "bicycle", "car")}
    assert totals["wheelchair"] <= totals["no-car"] <= totals["bicycle"] <= totals["car"]
    gains = {row["change"]: row["total"] for row in score(support, 2500, Needs()).gains}
    assert gains["bicycle"] == pytest.approx(totals["bicycle"])
    assert gains["car"] == pytest.approx(totals["car"])
    assert all(row["gain"] >= -1e-9 for row in score(support, 2500, Needs()).gains)


def test_a_wheelchair_takes_what_the_timetable_calls_step_free(region):
    support = region([resource("substance_use_clinic", 6000)], trips=[trip.replace(" ", "* ", 1) for trip in ALL_DAY])
    free, plain = score(support, 0, Needs(profile="wheelchair")), score(support, 0, Needs())
    assert part(free, "substance_use_clinic").access == pytest.approx(part(plain, "substance_use_clinic").access)
    support = region([resource("substance_use_clinic", 6000)], trips=ALL_DAY)
    assert part(score(support, 0, Needs(profile="wheelchair")), "substance_use_clinic").status == "unreachable"
    # 3.5 km/h unless the needs say otherwise
    near = region([resource("pharmacy", 700)], trips=EVENING)
    slow, said = (score(near, 0, Needs(profile="wheelchair", walk_kph=kph)) for kph in (4.8, 4.0))
    row = lambda scored: next(r for r in scored.as_dict()["classes"] if r["name"] == "pharmacy")["nearest"][0]  # noqa: E731
    assert row(slow)["minutes"] == pytest.approx(700 / 3500 * 60, abs=0.05)
    assert row(said)["minutes"] == pytest.approx(700 / 4000 * 60, abs=0.05)


def test_needs_choose_among_what_is_known(region):
    meetings = [
        resource("meeting", 200, 1, fellowship="NA", formats="women", languages="en"),
        resource("meeting", 200, 2, fellowship="AA", formats="open;beginners", languages="en;es"),
        resource("meeting", 200, 3),
    ]
    support = region(meetings, [session(m, 0, 12, 13) for m in meetings], trips=EVENING)
    count = lambda **rules: score(support, 0, Needs(**rules)).as_dict()["meetings"]["sessions_that_fit"]  # noqa: E731
    assert count() == 3
    assert count(fellowships=("AA",)) == 2  # the one that doesn't say is kept
    assert count(formats=("open",)) == 2
    assert count(languages=("es",)) == 2
    assert count(gender="men") == 2
    assert count(gender="women") == 3
    houses = [
        resource("recovery_residence", 300, 1, beds=8, weekly_rent_usd=300.0, genders="women", accepts_moud=False),
        resource("recovery_residence", 300, 2, beds=8, certification_level="2", children=False),
        resource("recovery_residence", 300, 3),
    ]
    support = region(houses, zones=[zone("homes", 0, population=100_000)], trips=EVENING)
    beds = lambda **rules: next(  # noqa: E731
        r for r in score(support, 0, Needs(**rules)).as_dict()["classes"] if r["name"] == "recovery_beds"
    )["in_region"]
    assert beds() == 3
    for rules in (
        {"weekly_budget_usd": 200.0},
        {"gender": "men"},
        {"medications": ("buprenorphine",)},
        {"required_level": "3"},
        {"with_children": True},
    ):
        assert beds(**rules) == 2, rules


def test_beds_are_contested_by_those_they_are_open_to(region):
    # two houses of eight beds each, one for women and one for men: half the people compete for half the beds
    houses = [
        resource("recovery_residence", 300, place, beds=8, genders=gender)
        for place, gender in ((1, "women"), (2, "men"))
    ]
    support = region(houses, zones=[zone("homes", 0, population=100_000)], trips=EVENING)

    def access(**rules):
        rows = score(support, 0, Needs(**rules)).as_dict()["classes"]
        return next(row["access"] for row in rows if row["name"] == "recovery_beds")

    assert access(gender="women") == pytest.approx(access())
    assert access(gender="men") == pytest.approx(access())


def test_jobs_of_chosen_wages_and_sectors(region):
    zones = [
        zone("homes", 0, workers=100),
        zone("mill", 500, jobs=60, jobs_low_wage=60, jobs_mid_wage=0, jobs_high_wage=0),
        zone("bank", 6000, jobs=40, jobs_low_wage=0, jobs_mid_wage=0, jobs_high_wage=40),
    ]
    support = region(zones=zones, trips=EVENING)
    low, high = (part(score(support, 0, Needs(wages=(w,))), "jobs") for w in ("low", "high"))
    assert low.access > 0
    assert high.status == "unreachable"


def test_minutes_of_each_way_of_travelling(region):
    # 15 min on foot or 4.8 by bicycle; a walk counts half at 5 min, a ride at 15
    document = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    rule = next(one for one in document["classes"] if one["name"] == "pharmacy")
    rule["half_way_minutes"] = {"walk": 5, "bike": 15, "drive": 15, "transit": 15}
    rule["limit_minutes"] = {"walk": 14, "bike": 45, "drive": 45, "transit": 45}
    own = parameters_from(document)
    near = region([resource("pharmacy", 1000)], trips=EVENING, parameters=own)  # 12.5 min on foot
    expected = decay.logistic(5, 6)(12.5)
    assert part(score(near), "pharmacy").access == pytest.approx(float(expected), rel=2e-3)
    ridden = part(score(near, needs=replace(PATIENT, profile="bicycle")), "pharmacy").access
    assert ridden == pytest.approx(float(decay.logistic(15, 6)(4)), rel=2e-3)
    far = region([resource("pharmacy", 1200)], trips=EVENING, parameters=own)
    assert part(score(far), "pharmacy").status == "unreachable"
    # the bus takes 8 min and a wait; the band is drawn around the way that is used
    by_bus = region([resource("pharmacy", 6000)], trips=ALL_DAY, parameters=own)
    scored, usual = score(by_bus), score(region([resource("pharmacy", 6000)], trips=ALL_DAY))
    assert part(scored, "pharmacy").access == pytest.approx(part(usual, "pharmacy").access)
    assert scored.sensitivity == usual.sensitivity


def test_one_rides_there_and_back_or_not_at_all(region):
    # 6,100 m: 24 min by bicycle, 10 by bus; the bus goes there only, so a bus there and a ride back is no way
    meeting = resource("meeting", 6100)
    support = region([meeting], [session(meeting, 2, 19, 20)], trips=EVENING)
    (row,) = score(support, needs=Needs(profile="bicycle")).as_dict()["meetings"]["sessions"]
    assert row["mode"] == "bike"
    assert row["minutes_there"] == row["minutes_back"] == pytest.approx(24.4, abs=0.1)
    assert score(support, needs=Needs()).as_dict()["meetings"]["sessions_counted"] == 0


def homes_at(meters):
    lon, lat = along(meters)
    return pd.DataFrame({"id": [f"{m} m" for m in meters], "lon": lon, "lat": lat})


def test_several_homes_at_once_are_scored_as_one_by_one(region):
    support = full_region(region)
    meters = [0, 900, 2500, 6000, 100]
    house = support.resources.loc[support.resources["category"] == "recovery_residence", "resource_id"].iloc[0]
    ids = [None, None, None, None, house]
    scores = score_homes(support, homes_at(meters), Needs(), WEDNESDAY, ids)
    for one, here, home_id in zip(scores, meters, ids, strict=True):
        assert one.as_dict() == score(support, here, Needs(), home_id=home_id).as_dict()
    with pytest.raises(OutsideRegionError):
        score_homes(support, homes_at(meters).assign(lon=-80.0), Needs(), WEDNESDAY)


# ── what comes with it ────────────────────────────────────────────────────────────────────────────────────────────


def test_reasons_band_and_confidence(region):
    support = full_region(region)
    scored = score(support)
    again = score(support)
    assert scored.as_dict() == again.as_dict()
    band = scored.sensitivity
    assert band["p5"] <= scored.total <= band["p95"]
    assert band["draws"] == 200
    assert 0 < scored.confidence["value"] < 1
    weakest = min((v, k) for k, v in scored.dimensions.items() if v is not None)[1]
    assert scored.limits["dimension"] == weakest
    assert weakest.capitalize() in scored.limits["text"]
    changes = {row["change"] for row in scored.gains}
    assert {"bicycle", "car", "late_bus", "more:meetings", "more:pharmacy", "more:jobs"} <= changes
    assert scored.parameters_hash == load_parameters().hash
    assert len(scored.region_hash) == 64


def test_weights_can_be_moved_without_a_new_search(region):
    support = full_region(region)
    scored = score(support)
    assert reweighed(scored.parts, support.parameters, {}) == (scored.total, scored.dimensions)
    total, dimensions = reweighed(scored.parts, support.parameters, {"pharmacy": 0, "home": 0, "meetings": 8})
    kept = [v for k, v in dimensions.items() if k != "home"]
    assert total == pytest.approx(np.exp(np.mean(np.log(kept))))
    with pytest.raises(InputError, match="no class or dimension 'casino'"):
        reweighed(scored.parts, support.parameters, {"casino": 1})
    with pytest.raises(InputError, match="from 0 up"):
        reweighed(scored.parts, support.parameters, {"pharmacy": -1})


def test_a_bus_until_23_is_a_gain_where_the_way_home_is_missing(region):
    late = [session(resource("meeting", 6100), 2, 19, 20)]
    support = full_region(region, sessions=late, trips=[*EVENING, "home daily bus: b 19:40 a 19:50"])
    scored = score(support, 0, Needs())
    assert next(row for row in scored.gains if row["change"] == "late_bus")["gain"] > 0


def test_a_home_in_a_place_to_stay_away_from_is_flagged(region):
    support = full_region(region)
    lon, lat = at(0)
    near = Needs(stay_away=(StayAway(lat, lon, 300),))
    assert "stay away" in score(support, 100, near).flags[0]
    assert score(support, 900, near).flags == ()


def test_an_area_to_stay_away_from_may_be_a_polygon(region):
    support = full_region(region)
    (lon, lat), (east, _) = at(0), at(1000)
    corners = [[lat - 0.01, lon], [lat - 0.01, east], [lat + 0.01, east], [lat + 0.01, lon]]
    needs = needs_from({"stay_away": [{"polygon": corners}]})
    (area,) = needs.stay_away
    assert needs_from(needs_document(needs)) == needs
    assert "stay away" in score(support, 500, needs).flags[0]
    assert score(support, 1001, needs).flags == ()  # inside the disc that holds it, but not in the polygon
    assert inside(StayAway(area.lat, area.lon, area.meters), *at(1001), support.network.crs).all()
    edge = [at(meters) for meters in (0, 10, 999, 1000.5, 1100)]
    lies_inside = inside(area, [one[0] for one in edge], [one[1] for one in edge], support.network.crs)
    assert lies_inside.tolist()[1:] == [True, True, False, False]


def test_a_surface_has_the_same_numbers(region):
    support = full_region(region)
    meters = [0, 900, 2500, 6000]
    lon, lat = along(meters)
    cells = pd.DataFrame({"id": [f"c{m}" for m in meters], "lon": lon, "lat": lat})
    cells.loc[4] = ["sea", -80.0, 39.1]
    shares_done = []
    for needs in (Needs(), Needs(profile="car", curfew=every_evening(21 * 60))):
        table = score_cells(support, cells, needs, WEDNESDAY, shares_done.append)
        assert table["id"].tolist() == cells["id"].tolist()
        assert table["status"].tolist() == ["scored"] * 4 + ["outside"]
        assert table.iloc[4][["total", "health", "days_covered"]].isna().all()
        for k, here in enumerate(meters):
            one = score(support, here, needs)
            assert table["total"][k] == one.total
            assert table["days_covered"][k] == one.meetings["days_covered"]
            assert table["confidence"][k] == pytest.approx(one.confidence["value"])
            for dimension, value in one.dimensions.items():
                assert table[dimension][k] == value
            for row in one.classes:
                counts = row["status"] in ("scored", "unreachable")
                expected = 100 * row["score"] if counts else np.nan
                assert table[f"class_{row['name']}"][k] == pytest.approx(expected, nan_ok=True)
        case, scored = make_case(support, needs, WEDNESDAY), (table["status"] == "scored").to_numpy()
        again = put_together(
            table.assign(**dict.fromkeys(("total", *DIMENSIONS), 1.0)), case, scored & (cells.index > 0)
        )
        pd.testing.assert_frame_equal(again[1:4], table[1:4], rtol=0, atol=1e-9)
        assert again["total"].tolist()[::4] == [1.0, 1.0], "of other rows nothing is different"
    assert shares_done == sorted(shares_done[: len(shares_done) // 2]) * 2
    assert shares_done[-1] == 1
    every = score_profiles(support, cells, Needs(), WEDNESDAY)
    for profile in ("no-car", "bicycle", "car", "wheelchair"):
        alone = score_cells(support, cells, Needs(profile=profile), WEDNESDAY)
        pd.testing.assert_frame_equal(every[every["profile"] == profile].reset_index(drop=True), alone)


@pytest.mark.parametrize("trips", ["around", "ride_through", "anywhere"])
def test_a_surface_keeps_out_of_areas_as_the_score_of_each_home(region, trips):
    """One cell lies in the area, which is a disc in the only street."""
    support = full_region(region)
    meters = [0, 900, 2000, 2500, 6000]
    lon, lat = along(meters)
    cells = pd.DataFrame({"id": [f"c{m}" for m in meters], "lon": lon, "lat": lat})
    needs = replace(PATIENT, stay_away=(StayAway(*at(2000)[::-1], 100),), stay_away_trips=trips)
    table = score_cells(support, cells, needs, WEDNESDAY)
    for dimension in DIMENSIONS:
        assert table[dimension].tolist() == [score(support, m, needs).dimensions[dimension] for m in meters]
    differs = ~np.isclose(table["community"], score_cells(support, cells, PATIENT, WEDNESDAY)["community"])
    assert differs.any() == (trips == "around"), "the bus passes through"
    assert not differs[2], "from a home inside, ways are told of as they are"


def test_a_cell_before_whose_every_street_an_area_lies_is_enclosed(region):
    """It stands 60 m beside the street, which the area covers from end to end."""
    _, lat = at(4000)
    cells = pd.DataFrame({"id": ["beside"], "lon": [at(4000)[0]], "lat": [lat + 60 / 111_000]})
    west, east = at(-1500)[0], at(9500)[0]
    corners = [[lat - 0.0003, west], [lat - 0.0003, east], [lat + 0.0003, east], [lat + 0.0003, west]]
    needs = needs_from({"stay_away": [{"polygon": corners}]})
    (row,) = score_cells(full_region(region), cells, needs, WEDNESDAY).to_dict("records")
    assert row["status"] == "enclosed"
    assert np.isnan(row["health"])


def test_searches_from_the_stops_give_the_same_seconds(region):
    support, reached = full_region(region), []
    for needs in (PATIENT, replace(PATIENT, max_walk_minutes=7.5)):
        planned = make_case(support, needs, WEDNESDAY).plan
        shared = shared_times(support, planned, 1_000_000)
        assert {side for side, _ in shared} == {0, 1, 2}
        assert shared_times(support, planned, 0) == {}
        homes = [np.array(axis) for axis in zip(*(at(meters) for meters in (0, 700, 4000)), strict=True)]
        every = (home_times(support, needs, planned, *homes, shared=given) for given in ({}, shared))
        for alone, together in zip(*every, strict=True):
            reached.append(min(table.seconds.min() for table in alone.leaving.values()) < UNREACHED)
            for name in ("leaving", "homeward", "working"):
                tables, again = getattr(alone, name), getattr(together, name)
                assert tables.keys() == again.keys() != set()
                assert all(np.array_equal(tables[n].seconds, again[n].seconds) for n in tables)
                assert all(tables[n].first == again[n].first for n in tables)
    assert True in reached
    assert False in reached


def test_searches_from_the_stops_know_the_bus_after_the_last_minute_asked_about(region):
    """Windows end at 20:00, and the next bus is at 20:50: who leaves at 19:59 waits for it, however many homes ask."""
    trips = ["t1 daily bus: a 8:30 b 8:38", "t2 daily bus: a 20:50 b 20:58", "t3 daily bus: a 21:50 b 21:58"]
    support = full_region(region, sessions=[], trips=trips)
    planned = make_case(support, PATIENT, WEDNESDAY).plan
    assert {last for _, last in planned.leaving.values()} == {20 * 60}
    homes = [np.array([axis]) for axis in at(0)]
    alone, together = (
        next(iter(home_times(support, PATIENT, planned, *homes, shared=given)))
        for given in ({}, shared_times(support, planned, 1_000_000))
    )
    for number, table in alone.leaving.items():
        assert table.seconds[-1].min() < UNREACHED
        assert np.array_equal(table.seconds, together.leaving[number].seconds)


def test_cells_are_where_people_live(region):
    zones = full_region(region).zones.assign(population=[0, 5])
    assert populated_cells(zones)["id"].tolist() == [zones["zone_id"].iloc[1]]
    assert len(populated_cells(zones.assign(population=pd.NA))) == 2


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda s: score_home(s, (-80.0, 39.1), Needs(), WEDNESDAY), OutsideRegionError, "over 1 km from any street"),
        (
            lambda s: score_home(s, at(0)[::-1], Needs(), WEDNESDAY),
            OutsideRegionError,
            "swapped.*mean lon -87.0.*lat 39.1",
        ),
        (lambda s: score_home(s, at(0), Needs(), datetime.date(2031, 1, 1)), DateError, "2024-03-01"),
        (lambda s: score(s, 0, Needs(curfew=every_evening(11 * 60))), NeedsError, "before every meeting"),
        (lambda s: score_cells(s, pd.DataFrame({"id": ["a"]}), Needs(), WEDNESDAY), InputError, "lon"),
    ],
)
def test_errors_are_one_sentence(region, call, error, words):
    with pytest.raises(error, match=words) as caught:
        call(full_region(region))
    assert "\n" not in str(caught.value)


def test_too_little_data_gives_no_total(region):
    # jobs alone once told 87 of 100; then also all of Home, Purpose and Community, but nothing of Health
    jobs = {"zones": [zone("west", 300, population=2000, workers=900, jobs=900)], "trips": ALL_DAY}
    alone = score(region(**jobs))
    assert alone.dimensions["purpose"] > 50
    assert alone.no_total["dimensions"] == ["health", "home", "community"]
    assert alone.no_total["data"] == pytest.approx(3 / 6 / 4)
    whole = full_region(region).resources
    no_health = score(full_region(region, resources=whole[whole["dimension"] != "health"].to_dict("records")))
    assert no_health.no_total["dimensions"] == ["health"]
    assert no_health.no_total["data"] > 0.5
    for scored in (alone, no_health):
        document = scored.as_dict()
        assert (document["total"], document["gains"]) == (None, [])
        assert (document["sensitivity"]["p5"], document["sensitivity"]["p95"]) == (None, None)
        assert scored.limits["dimension"] in {name for name, value in scored.dimensions.items() if value is not None}
    assert alone.confidence["location"] is None  # there are no places, so none of them is approximate
    assert not any("position" in reason or "old or undated" in reason for reason in alone.confidence["reasons"])
    # without Purpose there is a total: only the other three must have something
    no_purpose = whole[whole["dimension"] != "purpose"].to_dict("records")
    scored = score(full_region(region, resources=no_purpose, zones=()))
    assert scored.dimensions["purpose"] is None
    assert scored.total is not None
    assert scored.no_total is None


def test_how_much_data_a_total_needs(region):
    def parts(weight):
        rows = [(d, 1.0, SCORED) for d in DIMENSIONS] + [("health", weight, NO_DATA), ("health", 99.0, NOT_NEEDED)]
        return [Part(f"{d}{k}", d, d, w, status, 1.0, 1.0, 0.5) for k, (d, w, status) in enumerate(rows)]

    default = load_parameters()
    assert combine(parts(9.0), default)[0] == pytest.approx(50)  # (0.1 + 3)/4 has data
    strict = replace(default, least_data_share=0.9)
    assert combine(parts(9.0), strict)[0] is None
    assert combine(parts(0.5), strict)[0] == pytest.approx(50)  # (2/3 + 3)/4 = 0.917
    assert combine(parts(9.0), replace(strict, dimension_weights={**default.dimension_weights, "health": 0.0}))[0]


def test_a_region_without_anything_cannot_be_scored(region):
    with pytest.raises(InputError, match="no data on any class"):
        score(region(trips=EVENING))


def test_without_a_timetable_only_streets_count(region):
    scored = score(full_region(region, trips=()))
    assert part(scored, "pharmacy").score > 0
    assert part(scored, "substance_use_clinic").status == "unreachable"
    assert any("no timetable" in reason for reason in scored.confidence["reasons"])


def test_the_digest_of_a_region_knows_nothing_of_what_was_asked_before(region):
    support = region([resource("food", 400)])
    before = digest_of_region(support.network, support.resources)
    score(support, 0, Needs())
    assert digest_of_region(support.network, support.resources) == before
