"""Builds the demo and asks it what the tests ask most, so that the loops behind it are compiled before they begin."""

import os
import tempfile

HOMES = 16
"""So many areas side by side are scored: as many as are searched together."""
MANY = 100_000
"""For so many homes it pays to search from every stop first."""


def main() -> None:
    """Compile each loop once; what a few tests need of one for other types, they compile."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["RECOVERY_REACH_HOME"] = folder
        from screens.shared import regions
        from sources.region import build_demo

        build_demo()
        regions.warm("demo")
        _surfaces()
        _journey()
        _access()


def _surfaces() -> None:
    """Score a few areas: side by side, as some of very many, and with one line that runs later at night."""
    from geo.needs.needs import Needs
    from geo.scenarios.changes import RouteLater, Scenario
    from geo.scenarios.rescore import rescored
    from geo.scenarios.world import World, apply_scenarios, support_of
    from geo.score.case import make_case
    from geo.score.home_times import home_times, shared_times
    from geo.score.surface import populated_cells, score_cells
    from screens.shared import regions

    region, before = regions.opened("demo"), regions.support("demo")
    date, needs = region.facts.service_date, Needs()
    cells = populated_cells(region.zones).iloc[:HOMES]
    surface = score_cells(before, cells, needs, date)
    plan = make_case(before, needs, date).plan
    shared = shared_times(before, plan, MANY)
    list(home_times(before, needs, plan, cells["lon"].to_numpy(), cells["lat"].to_numpy(), shared=shared))
    world = World(before.network, region.resources, region.sessions)
    later = Scenario("Later buses", (RouteLater("8", 22 * 60, minutes=30.0),))
    after = support_of(before, world, region.zones, apply_scenarios(world, [later]).world)
    rescored(surface, before, after, region.zones, needs, date)


def _journey() -> None:
    from geo.score.surface import populated_cells
    from geo.travel.journeys import explain_journey
    from geo.travel.settings import TravelSettings
    from screens.shared import queries, regions

    region = regions.opened("demo")
    home, place = populated_cells(region.zones).iloc[0], queries.middle_place(region)
    asked = TravelSettings("transit", date=region.facts.service_date)
    explain_journey(region.network, (home["lon"], home["lat"]), (place.lon, place.lat), asked, 9 * 3600)


def _access() -> None:
    import pandas as pd

    from geo.access import measures
    from geo.access.decay import binary

    minutes = {"origin_id": [1, 0, 1], "destination_id": ["b", "a", "a"], "minutes": [5.0, 20.0, 30.0]}
    table = measures.pairs(pd.DataFrame(minutes))
    beds, people = pd.Series({"a": 10.0, "b": 5.0}), pd.Series({0: 100.0, 1: 50.0})
    measures.cost_to_closest(table, beds)
    measures.two_step_fca(table, beds, people, binary(30))
    measures.rational_agents(table, beds, people)


if __name__ == "__main__":
    main()
