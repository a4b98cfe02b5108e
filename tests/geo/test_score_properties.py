"""What is true of every score: nothing that helps lowers one, and the order of rows changes nothing."""

from hypothesis import given, settings
from hypothesis import strategies as st

from geo.needs import Needs
from tests.geo.main_street import ALL_BACK, ALL_DAY, full_region, part, resource, score, zone

PLACES = st.sampled_from([0, 400, 1200, 2600, 5200, 6000, 7400])
KINDS = st.sampled_from(["pharmacy", "substance_use_clinic", "food", "peer_support", "education", "gathering_place"])


@settings(max_examples=12, deadline=None)
@given(rows=st.lists(st.tuples(KINDS, PLACES), min_size=1, max_size=6), more=st.tuples(KINDS, PLACES), home=PLACES)
def test_one_more_resource_never_lowers(region, rows, more, home):
    places = [resource(kind, metres, number) for number, (kind, metres) in enumerate(rows)]
    extra = resource(more[0], more[1], 99)
    before = score(region(places, trips=ALL_DAY), home, Needs())
    after = score(region([*places, extra], trips=ALL_DAY), home, Needs())
    for one in before.parts:
        assert part(after, one.name).score >= one.score - 1e-12
    if more[0] in {kind for kind, _ in rows}:  # a first one of its kind brings its class in
        assert after.total >= before.total - 1e-9


@settings(max_examples=12, deadline=None)
@given(crowd=st.sampled_from(["west", "middle", "east"]), people=st.integers(1, 5000), home=PLACES)
def test_more_demand_never_raises_a_rival_class(region, crowd, people, home):
    house = resource("recovery_residence", 2600, beds=6)

    def support(extra):
        numbers = {"west": 100, "middle": 50, "east": 10}
        zones = [
            zone(name, metres, workers=numbers[name] + (extra if name == crowd else 0), jobs=40, need=numbers[name]
                 + (extra if name == crowd else 0))
            for name, metres in (("west", 0), ("middle", 2600), ("east", 7400))
        ]  # fmt: skip
        return region([house], zones=zones, trips=ALL_DAY)

    before, after = (score(support(extra), home, Needs()) for extra in (0, people))
    for name in ("jobs", "recovery_beds"):
        assert part(after, name).access <= part(before, name).access + 1e-12


@settings(max_examples=6, deadline=None)
@given(home=PLACES, minutes=st.integers(20 * 60, 23 * 60))
def test_faster_and_later_never_lower(region, home, minutes):
    support = full_region(region)
    base = score(support, home, Needs(curfew_minute=minutes))
    later = score(support, home, Needs(curfew_minute=minutes + 30))
    quicker = score(support, home, Needs(curfew_minute=minutes, walk_kph=6.0))
    express = full_region(
        region, trips=[*ALL_DAY, *ALL_BACK, "x daily bus: a 12:05 b 12:07", "y daily bus: b 9:01 a 9:03"]
    )
    for better in (later, quicker, score(express, home, Needs(curfew_minute=minutes))):
        for one in base.parts:
            assert part(better, one.name).score >= one.score - 1e-12
        assert better.total >= base.total - 1e-9


def test_the_order_of_rows_changes_nothing(region):
    support = full_region(region)
    mixed = full_region(
        region,
        resources=support.resources.sample(frac=1, random_state=2).to_dict("records"),
        sessions=[
            dict(row) for row in support.sessions.drop(columns="row").sample(frac=1, random_state=3).to_dict("records")
        ],
    )
    assert score(mixed, 2500).as_dict() == score(support, 2500).as_dict()
    assert mixed.region_hash == support.region_hash
