"""What is true of every score: nothing that helps lowers one, and the order of rows changes nothing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.needs.curfew import Curfew, every_evening
from geo.needs.needs import Needs
from tests.geo.main_street import ALL_BACK, ALL_DAY, ANY_DATA, full_region, part, resource, score, session, zone

PLACES = st.sampled_from([0, 400, 1200, 2600, 5200, 6000, 7400])
KINDS = st.sampled_from(["pharmacy", "substance_use_clinic", "food", "peer_support", "education", "gathering_place"])


def assert_no_lower(after, before):
    """Hold that no dimension that has data, nor the total of them, is lower than before."""
    assert before.total is not None
    assert after.total >= before.total - 1e-9
    known = [(name, value) for name, value in before.dimensions.items() if value is not None]
    assert all(after.dimensions[name] >= value - 1e-9 for name, value in known)


@settings(max_examples=12, deadline=None)
@given(rows=st.lists(st.tuples(KINDS, PLACES), min_size=1, max_size=6), more=st.tuples(KINDS, PLACES), home=PLACES)
def test_one_more_resource_never_lowers(region, rows, more, home):
    places = [resource(kind, meters, number) for number, (kind, meters) in enumerate(rows)]
    extra = resource(more[0], more[1], 99)
    before = score(region(places, trips=ALL_DAY, parameters=ANY_DATA), home, Needs())
    after = score(region([*places, extra], trips=ALL_DAY, parameters=ANY_DATA), home, Needs())
    for one in before.parts:
        assert part(after, one.name).score >= one.score - 1e-12
    if more[0] in {kind for kind, _ in rows}:  # a first one of its kind brings its class in
        assert_no_lower(after, before)


@settings(max_examples=12, deadline=None)
@given(crowd=st.sampled_from(["west", "middle", "east"]), people=st.integers(1, 5000), home=PLACES)
def test_more_demand_never_raises_a_rival_class(region, crowd, people, home):
    house = resource("recovery_residence", 2600, beds=6)

    def support(extra):
        numbers = {"west": 100, "middle": 50, "east": 10}
        zones = [
            zone(name, meters, workers=numbers[name] + (extra if name == crowd else 0), jobs=40, need=numbers[name]
                 + (extra if name == crowd else 0))
            for name, meters in (("west", 0), ("middle", 2600), ("east", 7400))
        ]  # fmt: skip
        return region([house], zones=zones, trips=ALL_DAY, parameters=ANY_DATA)

    before, after = (score(support(extra), home, Needs()) for extra in (0, people))
    for name in ("jobs", "recovery_beds"):
        assert part(after, name).access <= part(before, name).access + 1e-12
    assert_no_lower(before, after)


@settings(max_examples=6, deadline=None)
@given(home=PLACES, minutes=st.integers(20 * 60, 23 * 60))
def test_faster_and_later_never_lower(region, home, minutes):
    support = full_region(region)
    base = score(support, home, Needs(curfew=every_evening(minutes)))
    later = score(support, home, Needs(curfew=every_evening(minutes + 30)))
    quicker = score(support, home, Needs(curfew=every_evening(minutes), walk_kph=6.0))
    express = full_region(
        region, trips=[*ALL_DAY, *ALL_BACK, "x daily bus: a 12:05 b 12:07", "y daily bus: b 9:01 a 9:03"]
    )
    for better in (later, quicker, score(express, home, Needs(curfew=every_evening(minutes)))):
        for one in base.parts:
            assert part(better, one.name).score >= one.score - 1e-12
        assert_no_lower(better, base)


@settings(max_examples=6, deadline=None)
@given(home=PLACES, days=st.tuples(*[st.integers(20 * 60, 23 * 60)] * 7), day=st.integers(0, 6))
def test_a_later_curfew_on_any_day_never_lowers_and_exceptions_change_nothing(region, home, days, day):
    support = full_region(region)
    base = score(support, home, Needs(curfew=Curfew(days)))
    later = Curfew(tuple(minute + 45 * (one == day) for one, minute in enumerate(days)))
    for better in (score(support, home, Needs(curfew=later)), score(support, home, Needs())):
        assert_no_lower(better, base)
    assert score(support, home, Needs(curfew=Curfew(days, True, ("work",)))).as_dict() == base.as_dict()


@settings(max_examples=10, deadline=None)
@given(rows=st.lists(st.tuples(KINDS, PLACES), min_size=1, max_size=5), home=st.sampled_from([0, 400, 1200, 2600]))
def test_a_resource_moved_out_of_the_limit_never_raises(region, rows, home):
    # without a bus nothing beyond 20 min on foot, 1,600 m, is in reach: the last row's move is to 8,000 m
    places = [resource(kind, meters, number) for number, (kind, meters) in enumerate(rows)]
    kind, _ = rows[-1]
    moved = [*places[:-1], resource(kind, 8000, 99)]
    before, after = (score(region(table, parameters=ANY_DATA), home, Needs()) for table in (places, moved))
    for one in before.parts:
        assert part(after, one.name).score <= one.score + 1e-12
        assert part(after, one.name).status in (one.status, "unreachable")
    assert_no_lower(before, after)


@settings(max_examples=10, deadline=None)
@given(
    held=st.lists(st.tuples(PLACES, st.integers(0, 6), st.integers(8, 20)), min_size=1, max_size=6),
    more=st.tuples(PLACES, st.integers(0, 6), st.integers(8, 20)),
    home=PLACES,
    curfew=st.sampled_from([None, 21 * 60 + 15, 23 * 60]),  # a curfew before every meeting is refused
)
def test_one_more_meeting_never_lowers(region, held, more, home, curfew):
    def support(rows):
        places = {meters: resource("meeting", meters) for meters, *_ in rows}
        times = [session(places[meters], day, start, start + 1) for meters, day, start in rows]
        return region([*places.values()], times, trips=[*ALL_DAY, *ALL_BACK], parameters=ANY_DATA)

    needs = Needs(curfew=None if curfew is None else every_evening(curfew))
    before, after = (score(support(rows), home, needs) for rows in (held, [*held, more]))
    assert after.meetings["days_covered"] >= before.meetings["days_covered"] - 1e-12
    assert after.meetings["choice"] >= before.meetings["choice"] - 1e-12
    assert_no_lower(after, before)


CATEGORIES_HELD = [
    "meeting", "recovery_residence", "pharmacy", "substance_use_clinic", "food", "employment_service",
    "gathering_place", "peer_support",
]  # fmt: skip


@pytest.mark.parametrize("category", CATEGORIES_HELD)
@pytest.mark.parametrize("profile", ["no-car", "car"])
def test_without_a_class_only_the_confidence_and_its_dimension_change(region, category, profile):
    whole = full_region(region)
    kept = whole.resources[whole.resources["category"] != category]
    sessions = () if category == "meeting" else whole.sessions.drop(columns="row").to_dict("records")
    less = full_region(region, resources=kept.to_dict("records"), sessions=sessions)
    needs = Needs(profile=profile)
    before, after = score(whole, 500, needs), score(less, 500, needs)
    gone = [one for one in after.parts if one.status == "no_data" and part(before, one.name).status != "no_data"]
    assert len(gone) == 1
    assert [one for one in before.parts if one.name != gone[0].name] == [
        one for one in after.parts if one.name != gone[0].name
    ]
    assert after.confidence["value"] < before.confidence["value"]
    for dimension, value in before.dimensions.items():
        if dimension != gone[0].dimension:
            assert after.dimensions[dimension] == value


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 1000), home=PLACES)
def test_the_order_of_rows_changes_nothing(region, seed, home):
    support, random = full_region(region), np.random.default_rng(seed)

    def mixed(rows):
        return [rows[k] for k in random.permutation(len(rows))]

    again = full_region(
        region,
        resources=mixed(support.resources.to_dict("records")),
        sessions=mixed(support.sessions.drop(columns="row").to_dict("records")),
        zones=mixed(
            [
                zone("west", 300, population=2000, workers=900, jobs=200),
                zone("east", 6200, population=1000, workers=500, jobs=1500),
            ]
        ),
    )
    assert score(again, home).as_dict() == score(support, home).as_dict()
    assert again.region_hash == support.region_hash
