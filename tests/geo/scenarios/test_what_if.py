"""What scenarios change on one straight street: by hand, as built so from the start, and never for the worse."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from geo.equity.gaps import LEAST
from geo.errors import InputError
from geo.needs.needs import Needs
from geo.scenarios import rescore
from geo.scenarios.changes import (
    Change,
    PlaceAdded,
    PlaceChanged,
    PlaceClosed,
    PlaceMoved,
    RouteCut,
    RouteHeadway,
    RouteLater,
    RouteSpeed,
    Scenario,
)
from geo.scenarios.effects import _Change, by_group
from geo.scenarios.rescore import rescored
from geo.scenarios.what_if import Answer, WhatIf, what_if
from geo.scenarios.world import World, apply_scenarios, support_of
from geo.score.case import make_case
from geo.score.support import RegionSupport
from geo.score.surface import class_columns, populated_cells, score_cells
from geo.tables import RESOURCES, SESSIONS, ZONES, conform
from tests.geo.main_street import ALL_BACK, ALL_DAY, ANY_DATA, PATIENT, WEDNESDAY, at, resource, session, zone

Make = Callable[..., RegionSupport]
MEETING = resource("meeting", 6100)
PLACES = [MEETING, resource("pharmacy", 5900), resource("food", 700), resource("recovery_residence", 2000, beds=8)]
HELD = [session(MEETING, day, 19, 20) for day in range(7)]
TOTAL = WhatIf()
SAME_BEDS = PlaceChanged(PLACES[3]["resource_id"], {"beds": 8})
PEOPLE = [
    zone("west", 100, population=500, need=20.0),
    zone("middle", 3000, population=300, need=9.0),
    zone("few", 5000, population=LEAST - 1, need=1.0),
    zone("east", 6200, population=200, need=8.0),
]


def tables(
    places: Sequence[dict[str, Any]] = PLACES, held: Sequence[dict[str, Any]] = HELD
) -> tuple[pd.DataFrame, pd.DataFrame]:
    return conform(pd.DataFrame(list(places)), RESOURCES), conform(pd.DataFrame(list(held)), SESSIONS)


def asked(region: Make, *changes: Change, ask: WhatIf = TOTAL, against: Sequence[Change] = (), **more: Any) -> Answer:
    trips = more.pop("trips", ALL_DAY + ALL_BACK)
    support = region(PLACES, HELD, PEOPLE, trips, ANY_DATA)
    world = World(support.network, *tables())
    zones = conform(pd.DataFrame(PEOPLE), ZONES)
    return what_if(
        support, world, zones, [Scenario("A test", changes)], PATIENT, WEDNESDAY, ask,
        lambda cells: cells["id"].astype("string"), against=[Scenario("Another", tuple(against))] if against else [],
    )  # fmt: skip


def surface_of(support: RegionSupport) -> pd.DataFrame:
    zones = conform(pd.DataFrame(PEOPLE), ZONES)
    return score_cells(support, populated_cells(zones), PATIENT, WEDNESDAY).drop(columns=["region_hash"])


def after(region: Make, changes: Sequence[Change], trips: Sequence[str] = (*ALL_DAY, *ALL_BACK)) -> pd.DataFrame:
    support = region(PLACES, HELD, PEOPLE, list(trips), ANY_DATA)
    world = World(support.network, *tables())
    changed = apply_scenarios(world, [Scenario("A test", tuple(changes))]).world
    return surface_of(support_of(support, world, conform(pd.DataFrame(PEOPLE), ZONES), changed))


@pytest.mark.parametrize(
    "changes",
    [
        [],
        [RouteLater("t", 300)],
        [RouteSpeed("t", 0)],
        [RouteHeadway("t", 15)],
        [RouteCut("t", start=2000)],
        [SAME_BEDS],
    ],
)
def test_what_changes_nothing_changes_no_digit(region: Make, changes: list[Change]) -> None:
    answer = asked(region, *changes)
    for name in ("total", "health", "home", "purpose", "community"):
        pd.testing.assert_series_equal(
            answer.effect.cells[f"{name}_before"],
            answer.effect.cells[f"{name}_after"],
            check_names=False,
            check_exact=True,
        )
    assert (answer.effect.people["gaining"], answer.effect.people["losing"]) == (0, 0)
    before = region(PLACES, HELD, PEOPLE, ALL_DAY + ALL_BACK, ANY_DATA)
    pd.testing.assert_frame_equal(after(region, changes), surface_of(before), check_exact=True)


def test_a_later_bus_brings_the_late_traveler_home(region: Make) -> None:
    """The meeting ends at 20:00, the last bus leaves at 18:45, and home is 6.1 km away."""
    answer = asked(region, RouteLater("u", 20 * 60 + 30), ask=WhatIf("meetings"))
    cells = answer.effect.cells.set_index("id")
    assert cells["class_meetings_before"]["west"] == 0
    assert cells["class_meetings_after"]["west"] > 20
    assert cells["class_meetings_difference"]["east"] == 0
    assert answer.sentences == (SEVEN_MORE,)
    assert answer.effect.people["gaining"] == 500  # who lives in the middle walks home
    too_early = asked(region, RouteLater("u", 19 * 60 + 45), ask=WhatIf("meetings"))
    assert too_early.effect.cells.set_index("id")["class_meetings_after"]["west"] == 0


def test_a_scenario_equals_the_region_built_so(region: Make) -> None:
    late = [
        f"v{h}{m} daily bus: b {h}:{m:02d} a {h}:{m + 8:02d}"
        for h, m in ((19, 0), (19, 15), (19, 30), (19, 45), (20, 0))
    ]
    new = resource("pharmacy", 1500)
    added = PlaceAdded(
        new["resource_id"],
        new["lon"],
        new["lat"],
        {k: v for k, v in new.items() if k not in ("resource_id", "lon", "lat", "dimension")},
    )
    house = PlaceClosed(PLACES[3]["resource_id"])
    built = region([*PLACES[:3], new], HELD, PEOPLE, ALL_DAY + ALL_BACK + late, ANY_DATA)
    scenario = after(region, [house, added, RouteLater("u", 20 * 60)])
    pd.testing.assert_frame_equal(scenario, surface_of(built), check_exact=True)


def test_a_house_more_is_counted_as_built_so(region: Make) -> None:
    new = resource("recovery_residence", 2100, beds=5)
    added = PlaceAdded(
        new["resource_id"],
        new["lon"],
        new["lat"],
        {k: v for k, v in new.items() if k not in ("resource_id", "lon", "lat", "dimension")},
    )
    built = region([*PLACES, new], HELD, PEOPLE, ALL_DAY + ALL_BACK, ANY_DATA)
    pd.testing.assert_frame_equal(after(region, [added]), surface_of(built), check_exact=True)


SEVEN_MORE = (
    "Route u: 7 more trips on 2024-03-06 (7 in all services of the timetable), the last at 20:30, every 15 minutes."
)
WOMEN = Needs(max_walk_minutes=40, gender="women")
HOUSES = [
    resource("recovery_residence", 2000, beds=8, genders="women"),
    resource("recovery_residence", 2200, beds=12, genders="men"),
    resource("recovery_residence", 2300, beds=6, genders="all"),
]


@pytest.mark.parametrize(
    ("change", "own"),
    [
        (PlaceAdded("a new one", *at(2250), {"category": "recovery_residence", "beds": 20, "genders": "women"}), 3),
        (PlaceAdded("zzz", *at(7900), {"category": "recovery_residence", "beds": 20, "genders": "women"}), 3),
        (PlaceChanged(HOUSES[0]["resource_id"], {"beds": 30}), 0),
        (PlaceClosed(HOUSES[0]["resource_id"]), 0),
        (PlaceMoved(HOUSES[0]["resource_id"], *at(7900)), 0),
    ],
)
def test_what_a_house_is_worth_to_a_gender_hangs_on_no_other_house(region: Make, change: Change, own: int) -> None:
    """A women's house more, or a larger one, doesn't make the others harder to get into."""
    people = [zone("west", 100, population=5000, need=200.0), zone("east", 6200, population=2000, need=80.0)]
    support = region(HOUSES, [], people, ALL_DAY + ALL_BACK, ANY_DATA)
    world, zones = World(support.network, *tables(HOUSES, [])), conform(pd.DataFrame(people), ZONES)
    made = support_of(support, world, zones, apply_scenarios(world, [Scenario("x", (change,))]).world)

    def worth(of: RegionSupport) -> dict[str, float]:
        one = next(m for m in make_case(of, WOMEN, WEDNESDAY).members if m.rule.name == "recovery_beds")
        return dict(zip(of.resource_id[one.rows].tolist(), one.value.tolist(), strict=True))

    before, now = worth(support), worth(made)
    changed = "" if own == 3 else HOUSES[own]["resource_id"]
    same = [one for one in before if one != changed]
    assert [now[one] for one in same] == pytest.approx([before[one] for one in same], rel=0.02)
    known = score_cells(support, populated_cells(zones), WOMEN, WEDNESDAY)
    new = rescored(known, support, made, zones, WOMEN, WEDNESDAY)
    assert new is not None
    whole = score_cells(made, populated_cells(zones), WOMEN, WEDNESDAY).drop(columns="confidence")
    pd.testing.assert_frame_equal(new, whole, rtol=0, atol=1e-9)
    if isinstance(change, PlaceAdded | PlaceChanged):
        assert (new["class_recovery_beds"] >= known["class_recovery_beds"] - 1e-9).all()


@pytest.mark.parametrize(
    ("change", "is_rescored", "is_first"),
    [
        (PlaceAdded("new", *at(200), {"category": "pharmacy"}), True, False),
        (PlaceAdded("new", *at(200), {"category": "recovery_residence", "beds": 4}), True, False),
        (PlaceAdded("new", *at(200), {"category": "peer_support"}), True, True),
        (
            PlaceAdded(
                "new", *at(200), {"category": "meeting"}, ({"weekday": 2, "start_minute": 700, "end_minute": 760},)
            ),
            False,
            False,
        ),
        (PlaceClosed(PLACES[1]["resource_id"]), True, True),
        (PlaceChanged(PLACES[3]["resource_id"], {"beds": 30, "verified_on": "2020-01-01"}), True, False),
        (PlaceMoved(PLACES[2]["resource_id"], *at(6000)), True, False),
        (
            PlaceChanged(MEETING["resource_id"], {}, ({"weekday": 2, "start_minute": 700, "end_minute": 760},)),
            False,
            False,
        ),
    ],
)
def test_one_class_asked_for_anew_is_the_whole_region_scored_anew(
    region: Make, change: Change, is_rescored: bool, is_first: bool
) -> None:
    """But for the first or last place of a class, which counts as 0 on the side without it."""
    answer, whole = asked(region, change), after(region, [change])
    assert bool(answer.limits) is is_first
    if not is_first:
        for name in ("total", "health", "home", "purpose", "community"):
            np.testing.assert_allclose(answer.effect.cells[f"{name}_after"], whole[name], rtol=0, atol=1e-9)
    support = region(PLACES, HELD, PEOPLE, ALL_DAY + ALL_BACK, ANY_DATA)
    world = World(support.network, *tables())
    zones = conform(pd.DataFrame(PEOPLE), ZONES)
    made = support_of(support, world, zones, apply_scenarios(world, [Scenario("x", (change,))]).world)
    known = score_cells(support, populated_cells(zones), PATIENT, WEDNESDAY)
    new = rescored(known, support, made, zones, PATIENT, WEDNESDAY)
    assert (new is not None) is is_rescored
    if new is not None:
        expected = whole.drop(columns="confidence")
        pd.testing.assert_frame_equal(new.drop(columns="region_hash"), expected, rtol=0, atol=1e-9)


def test_where_more_is_gone_than_a_number_tells_all_is_scored_anew(
    region: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rescore, "MOST_TAKEN_OFF", 1e-6)
    change = PlaceMoved(PLACES[2]["resource_id"], *at(6000))
    support = region(PLACES, HELD, PEOPLE, ALL_DAY + ALL_BACK, ANY_DATA)
    world, zones = World(support.network, *tables()), conform(pd.DataFrame(PEOPLE), ZONES)
    made = support_of(support, world, zones, apply_scenarios(world, [Scenario("x", (change,))]).world)
    known = score_cells(support, populated_cells(zones), PATIENT, WEDNESDAY)
    assert rescored(known, support, made, zones, PATIENT, WEDNESDAY) is None
    answer, whole = asked(region, change), after(region, [change])
    np.testing.assert_array_equal(answer.effect.cells["total_after"], whole["total"])


@settings(max_examples=8, phases=[Phase.explicit, Phase.generate])  # shrinking takes minutes
@given(
    meters=st.integers(0, 8000),
    category=st.sampled_from(["pharmacy", "food", "recovery_residence", "peer_support"]),
    kept=st.sets(st.integers(0, 111), min_size=6, max_size=40),
    minutes=st.integers(5, 90),
    until=st.integers(19 * 60, 26 * 60),
)
def test_a_place_or_a_trip_more_lowers_nobodys_reach(
    region: Make, meters: int, category: str, kept: set[int], minutes: int, until: int
) -> None:
    trips = [*(trip for number, trip in enumerate(ALL_DAY + ALL_BACK) if number in kept), ALL_DAY[0], ALL_BACK[-1]]
    trips = list(dict.fromkeys(trips))
    before = after(region, [], trips)
    place = PlaceAdded("new", *at(meters), {"category": category, "beds": 3})
    columns = ["total", *class_columns(ANY_DATA)]
    for change in (place, RouteLater("u", until, minutes=minutes), RouteHeadway("t", minutes), RouteHeadway("u")):
        now = after(region, [change], trips)
        was = before[columns].to_numpy(copy=True)
        if change is place and category == "peer_support":  # a class counts from its first place on
            was[:, 0] = np.nan
        lower = now[columns].to_numpy() < was - 1e-9
        assert not lower.any(), (change, before[columns], now[columns])


def test_who_gains_is_counted_in_whole_areas_of_at_least_eleven(region: Make) -> None:
    answer = asked(
        region, PlaceAdded("new", *at(5000), {"category": "pharmacy"}), ask=WhatIf("pharmacy", "pharmacy", 10)
    )
    effect = answer.effect
    assert effect.people["people"] == 1000
    assert np.isnan(effect.cells.set_index("id")["people"]["few"])
    assert "few" not in set(effect.areas["area_id"])
    assert effect.reach is not None
    assert effect.reach["newly"] == effect.reach["after"] - effect.reach["before"] + effect.reach["no_more"]


@pytest.mark.parametrize(
    ("people", "gaining", "percents"),
    [
        ((4000, 4000, 4000, 4000), 0, [0, 0]),
        ((4000, 4000, 4000, 4000), 1, [np.nan, np.nan]),
        ((4000, 4000, 4000, 4000), 2, [np.nan, np.nan]),
        ((4000, 4000, 4000, 4000), 3, [75, 75]),  # 6,000 and 6,000 of 8,000
        ((36, 36, 36, 2200), 3, [np.nan, np.nan]),  # 108 people in three areas
        ((36, 36, 38, 2200), 3, [0, 5]),  # 110: 33 of 1,133 and 77 of 1,177
    ],
)
def test_groups_of_few_areas_or_people_have_no_percents(
    people: tuple[int, ...], gaining: int, percents: list[float]
) -> None:
    """Of a change for two cells, percents of all would tell how the people of these are made up."""
    told = percents_of(people, gaining)
    np.testing.assert_array_equal(told["percent_gaining"], percents)
    assert told["percent_losing"].tolist() == [0, 0]


def test_small_groups_have_no_percents() -> None:
    told = percents_of((400, 400, 400, 400), 3)
    assert told["size"].tolist() == [800, 800]  # fewer than 1,100
    assert told[["percent_gaining", "percent_losing"]].isna().all(axis=None)


def percents_of(people: tuple[int, ...], gaining: int) -> pd.DataFrame:
    """Return what is told of the poor and the others where the first of four cells gain."""
    poor = (90, 10, 50, 50) if people[0] > 36 else (30, 30, 30, 50)
    zones = conform(
        pd.DataFrame([zone(str(n), n, population=people[n], poverty_percent=poor[n]) for n in range(4)]), ZONES
    )
    after = np.where(np.arange(4) < gaining, 50.0, 10.0)
    told = by_group(_Change(np.full(4, 10.0), after, np.array(people, float)), zones)
    return told[told["kind"] == "poverty"].set_index("group")


def test_who_is_newly_in_reach(region: Make) -> None:
    place = PlaceAdded("new", *at(200), {"category": "pharmacy"})
    effect = asked(region, place, ask=WhatIf("pharmacy", "pharmacy", 5)).effect
    assert effect.reach == {"before": 200.0, "after": 700.0, "newly": 500.0, "no_more": 0.0}
    newly = effect.cells.set_index("id")["newly_in_reach"]
    assert newly[newly].index.tolist() == ["west"]


def test_the_first_place_of_a_class_gains_and_the_last_one_closed_loses(region: Make) -> None:
    """A class without a place is nothing in reach on that side, never a class left out of it alone."""
    first = asked(region, PlaceAdded("new", *at(200), {"category": "peer_support"}), ask=WhatIf("peer_support"))
    assert (first.effect.people["gaining"], first.effect.people["losing"]) == (1000, 0)  # by bus all reach it
    assert "no place of peer_support before" in first.limits[0]
    assert "peer_support" in set(first.effect.classes["class_name"])
    total = asked(region, PlaceAdded("new", *at(200), {"category": "peer_support"})).effect
    assert total.people["losing"] == 0
    last = asked(region, PlaceClosed(PLACES[1]["resource_id"]))
    assert (last.effect.people["gaining"], last.effect.people["unscored"]) == (0, 0)
    assert last.effect.people["losing"] > 0
    assert "no place of pharmacy after" in last.limits[0]
    assert asked(region, RouteLater("u", 20 * 60 + 30)).limits == ()


def test_one_scenario_against_another(region: Make) -> None:
    change = RouteLater("u", 20 * 60 + 30)
    same = asked(region, change, against=[change])
    assert same.effect.people["gaining"] == same.effect.people["losing"] == 0
    less = asked(region, against=[change], ask=WhatIf("meetings"))
    assert less.effect.people["losing"] == 500
    assert less.against_sentences == (SEVEN_MORE,)


@pytest.mark.parametrize(
    ("ask", "words"), [({"measure": "joy"}, "A measure is one of"), ({"minutes": 0.0}, "Minutes must")]
)
def test_what_cannot_be_asked(region: Make, ask: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        asked(region, ask=WhatIf(**ask))


def test_a_region_without_a_timetable(region: Make) -> None:
    with pytest.raises(InputError, match="no timetable"):
        asked(region, RouteCut("t"), trips=[])
