"""Every personal need, as it is written in a needs file, changes what counts in the score, and nothing else does."""

from dataclasses import replace

import pytest

from geo.needs.needs import NEEDS, Needs, StayAway, needs_from
from geo.score.case import make_case
from geo.score.trips_behind_score import look_around, only_through_areas
from geo.tables import SECTORS
from tests.geo.main_street import (
    ALL_BACK,
    ALL_DAY,
    ANY_DATA,
    WEDNESDAY,
    at,
    full_region,
    part,
    resource,
    score,
    session,
    zone,
)

MEETINGS = {
    "plain": {},
    "na": {"fellowship": "NA", "formats": "open", "languages": "en"},
    "women": {"fellowship": "AA", "formats": "women;closed", "languages": "en;es"},
    "young": {"fellowship": "AA", "formats": "young_people;beginners"},
    "lgbtq": {"fellowship": "AA", "formats": "lgbtq;open"},
    "ramp": {"wheelchair": True},
    "stairs": {"wheelchair": False},
}
HOUSES = {
    "plain": {},
    "women": {"genders": "women", "children": True},
    "men": {"genders": "men", "children": False},
    "dear": {"weekly_rent_usd": 300.0, "certification_level": "3"},
    "cheap": {"weekly_rent_usd": 120.0, "certification_level": "2"},
    "refuses": {"accepts_moud": False},
    "young": {"ages": "18-25"},
    "peers": {"peer_run": True, "shared_meals": True, "work_required": False, "stay_limit_days": 0},
    "staff": {"peer_run": False, "house_meetings": False, "work_required": True, "stay_limit_days": 90},
}
CLINICS = {
    "plain": {},
    "medicaid": {"payment": "medicaid"},
    "cash": {"payment": "self_pay"},
    "free": {"payment": "free"},
}
PRESCRIBERS = {"plain": {}, "bup": {"medications": "buprenorphine"}, "nal": {"medications": "naltrexone"}}


def held(category, rows):
    return [
        resource(category, 100 * number, 0, **attributes) | {"resource_id": f"{category}:{name}"}
        for number, (name, attributes) in enumerate(rows.items())
    ]


@pytest.fixture(scope="module")
def support(region):
    meetings = held("meeting", MEETINGS)
    rows = [
        *meetings,
        *held("recovery_residence", HOUSES),
        *held("substance_use_clinic", CLINICS),
        *held("buprenorphine_prescriber", PRESCRIBERS),
        *held("opioid_treatment_program", {"plain": {}, "other": {"medications": "naltrexone"}}),
        *held("childcare", {"plain": {}}),
    ]
    zones = [
        zone(
            "mill",
            0,
            jobs=60,
            jobs_low_wage=60,
            jobs_mid_wage=0,
            jobs_high_wage=0,
            workers=50,
            population=100_000,
            **{SECTORS[0]: 60, SECTORS[1]: 0},
        ),
        zone(
            "bank",
            500,
            jobs=40,
            jobs_low_wage=0,
            jobs_mid_wage=10,
            jobs_high_wage=30,
            workers=50,
            **{SECTORS[0]: 0, SECTORS[1]: 40},
        ),
    ]
    return region(rows, [session(one, 2, 12, 13) for one in meetings], zones, trips=[*ALL_DAY, *ALL_BACK])


def counted(support, document):
    """Return the ids that count, by category, of a person whose needs file says this."""
    case = make_case(support, needs_from(document), WEDNESDAY)
    rows = support.sessions["row"].to_numpy()[case.session_row]
    names = {"meeting": {identity.split(":")[1] for identity in support.resource_id[rows]}}
    for one in case.members:
        for identity in support.resource_id[one.rows] if one.rule.categories else ():
            category, name = identity.split(":")
            names.setdefault(category, set()).add(name)
    return names


@pytest.mark.parametrize(
    ("document", "category", "left_out"),
    [
        ({"fellowships": ["AA"]}, "meeting", {"na"}),
        ({"fellowships": ["NA", "AA"]}, "meeting", set()),
        ({"formats": ["open"]}, "meeting", {"women", "young"}),
        ({"formats": ["women"]}, "meeting", {"na", "young", "lgbtq"}),
        ({"formats": ["young_people"]}, "meeting", {"na", "women", "lgbtq"}),
        ({"formats": ["lgbtq"]}, "meeting", {"na", "women", "young"}),
        ({"formats": ["beginners", "open"]}, "meeting", {"women"}),
        ({"languages": ["es"]}, "meeting", {"na"}),
        ({"gender": "men"}, "meeting", {"women"}),
        ({"gender": "women"}, "meeting", set()),
        ({"profile": "wheelchair"}, "meeting", {"stairs"}),
        ({"gender": "women"}, "recovery_residence", {"men"}),
        ({"gender": "men"}, "recovery_residence", {"women"}),
        ({"gender": "nonbinary"}, "recovery_residence", {"women", "men"}),
        ({"with_children": True}, "recovery_residence", {"men"}),
        ({"weekly_budget_usd": 150}, "recovery_residence", {"dear"}),
        ({"required_level": "3"}, "recovery_residence", {"cheap"}),
        ({"medications": ["naltrexone"]}, "recovery_residence", {"refuses"}),
        ({"age": 40}, "recovery_residence", {"young"}),
        ({"house_model": ["peer_run"]}, "recovery_residence", {"staff"}),
        ({"house_model": ["shared_meals", "activities"]}, "recovery_residence", set()),
        ({"house_model": ["house_meetings"]}, "recovery_residence", {"staff"}),
        ({"house_model": ["no_work_required"]}, "recovery_residence", {"staff"}),
        ({"least_stay_days": 91}, "recovery_residence", {"staff"}),
        ({"least_stay_days": 90}, "recovery_residence", set()),
        ({"age": 20}, "recovery_residence", set()),
        ({"payment": ["medicaid"]}, "substance_use_clinic", {"cash"}),
        ({"payment": ["medicaid", "self_pay"]}, "substance_use_clinic", set()),
        ({"medications": ["buprenorphine"]}, "buprenorphine_prescriber", {"nal"}),
        ({"medications": ["naltrexone"]}, "buprenorphine_prescriber", {"bup"}),
        ({"medications": ["methadone"]}, "opioid_treatment_program", {"other"}),
        ({"childcare": True}, "childcare", set()),
    ],
)
def test_what_is_known_not_to_fit_is_left_out_and_nothing_else(support, document, category, left_out):
    everything = {"methadone", "buprenorphine", "naltrexone"}
    rows = {
        "meeting": MEETINGS, "recovery_residence": HOUSES, "substance_use_clinic": CLINICS,
        "buprenorphine_prescriber": PRESCRIBERS, "opioid_treatment_program": {"plain", "other"}, "childcare": {"plain"},
    }  # fmt: skip
    assert counted(support, document)[category] == set(rows[category]) - left_out
    without = counted(support, {})
    needed = everything & set(document.get("medications", ())) or document.get("childcare")
    assert (category in without) == (not needed or category == "recovery_residence")


def test_medication_and_childcare_bring_their_classes(support):
    def names(**document):
        classes = {one.rule.name for one in make_case(support, needs_from(document), WEDNESDAY).members}
        return classes & {"opioid_treatment_program", "other_medication", "childcare"}

    assert names() == set()
    assert names(medications=["methadone"]) == {"opioid_treatment_program"}
    assert names(medications=["buprenorphine"]) == names(medications=["naltrexone"]) == {"other_medication"}
    assert names(medications=["methadone", "naltrexone"]) == {"opioid_treatment_program", "other_medication"}
    assert names(childcare=True) == {"childcare"}
    weights = {one.rule.name: one.rule.weight for one in make_case(support, Needs(), WEDNESDAY).members}
    assert weights["substance_use_clinic"] == 2


def test_wages_and_sectors_choose_jobs(support):
    supply = lambda **document: {  # noqa: E731
        str(support.zone_id[row])
        for one in make_case(support, needs_from(document), WEDNESDAY).members
        if not one.rule.categories
        for row in one.rows
    }
    assert supply() == {"mill", "bank"}
    assert supply(wages=["low"]) == {"mill"}
    assert supply(wages=["mid"]) == supply(wages=["high"]) == supply(wages=["mid", "high"]) == {"bank"}
    assert supply(sectors=[SECTORS[0]]) == {"mill"}
    assert supply(sectors=[SECTORS[1]]) == {"bank"}
    assert supply(sectors=[SECTORS[1]], wages=["low"]) == set()


def test_ways_speeds_and_hours(region):
    support = full_region(region)
    of = lambda meters=2500, **document: score(support, meters, needs_from(document))  # noqa: E731
    suspended, plain = of(profile="suspended-license"), of()
    assert suspended.as_dict() == plain.as_dict()
    assert of(profile="bicycle", bike_kph=20).total >= of(profile="bicycle", bike_kph=10).total
    # the pharmacy is 1,300 m from here: 16 minutes on foot, and out of reach of who walks 15 at most
    assert part(plain, "pharmacy").status == "scored"
    assert part(of(max_walk_minutes=15), "pharmacy").status == "unreachable"
    assert part(of(walk_kph=3.0), "pharmacy").status == "unreachable"
    # meetings are at noon: work at noon or a shift over night until then leaves none, an afternoon's all
    counts = lambda **document: of(0, **document).meetings["sessions_counted"]  # noqa: E731
    days = ["monday", "tuesday", "wednesday", "thursday", "friday"]
    assert counts() == 5
    assert counts(shifts=[{"days": days, "start": "11:00", "end": "15:00"}]) == 0
    assert counts(shifts=[{"days": ["monday"], "start": "11:00", "end": "15:00"}]) == 4
    assert counts(shifts=[{"days": days, "start": "15:00", "end": "19:00"}]) == 5
    assert counts(shifts=[{"days": ["sunday"], "start": "22:00", "end": "12:00", "overnight": True}]) == 4
    assert counts(curfew="13:30") == 5
    assert counts(curfew="13:11") == 0
    assert counts(curfew="00:30") == 5  # half past midnight


def test_every_key_of_a_needs_file_is_tested_here_or_with_the_week_plan():
    here = {
        "profile", "walk_kph", "bike_kph", "max_walk_minutes", "curfew", "shifts", "wages", "sectors", "medications",
        "fellowships", "formats", "languages", "gender", "age", "with_children", "childcare", "payment",
        "weekly_budget_usd", "required_level", "house_model", "least_stay_days", "stay_away", "stay_away_trips",
    }  # fmt: skip
    plan = {
        "work_place", "doses_per_week", "dose_days", "dose_window", "meetings_per_week", "saved_places", "appointments",
    }  # fmt: skip
    assert {need.name for need in NEEDS} == here | plan


def test_a_class_behind_an_area_is_reached_only_by_ways_that_may_enter_it(region):
    """A pharmacy at 900 m, an area between 450 and 550 m of the only street, and no bus."""
    lon, lat = at(500)
    support = region([resource("pharmacy", 900)], parameters=ANY_DATA)
    away = Needs(stay_away=(StayAway(lat, lon, 50),))
    free = part(score(support, needs=Needs()), "pharmacy")
    assert part(score(support, needs=replace(away, stay_away_trips="anywhere")), "pharmacy") == free
    for trips in ("around", "ride_through"):
        needs = replace(away, stay_away_trips=trips)
        assert part(score(support, needs=needs), "pharmacy").status == "unreachable"
        home = look_around(support, *at(0), needs, WEDNESDAY)
        assert only_through_areas(home, support, WEDNESDAY) == {"pharmacy"}
    inside = replace(away, stay_away=(StayAway(*at(0)[::-1], 50),))
    assert part(score(support, needs=inside), "pharmacy") == free, "from a home inside, ways are told of as they are"
