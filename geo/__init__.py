"""Space and time: street graphs, timetables, travel times, access measures and the score.

`geo` itself is the library's door: the names that an analysis needs, each imported when it is first used, so that
`import geo` costs nothing. `docs/library.md` is a tutorial. In the examples of their docstrings `region` stands for
`sources.region.open_region("demo")`.

The rooms `score`, `plan`, `needs` and `nearby` are the product's own domain rather than geography; they stay here
because the top level was asked for, behind contracts, so that moving one out later is one rename.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from geo.access import decay, measures
    from geo.access.opportunities import opportunities
    from geo.equity.inequality import concentration_index, gini, palma_ratio, theil_t
    from geo.errors import InputError, RecoveryReachError
    from geo.needs.candidate_homes import candidates
    from geo.needs.curfew import Curfew, every_evening
    from geo.needs.needs import Needs, read_needs
    from geo.plan.week_plan import plan_week
    from geo.points import as_points
    from geo.score.compare_homes import compare_homes
    from geo.score.parameters import load_parameters
    from geo.score.score import score_home
    from geo.score.support import RegionSupport, prepare
    from geo.score.surface import populated_cells, score_cells
    from geo.streets.build import Streets
    from geo.streets.networkx_graph import street_graph, turn_graph
    from geo.travel.isochrones import isochrones
    from geo.travel.journeys import explain_journey, in_words, journey_legs
    from geo.travel.network import Network, build_network
    from geo.travel.settings import TravelSettings
    from geo.travel.travel_times import travel_times

_MODULES = {
    "Curfew": "geo.needs.curfew",
    "InputError": "geo.errors",
    "Needs": "geo.needs.needs",
    "Network": "geo.travel.network",
    "RecoveryReachError": "geo.errors",
    "RegionSupport": "geo.score.support",
    "Streets": "geo.streets.build",
    "TravelSettings": "geo.travel.settings",
    "as_points": "geo.points",
    "build_network": "geo.travel.network",
    "candidates": "geo.needs.candidate_homes",
    "compare_homes": "geo.score.compare_homes",
    "concentration_index": "geo.equity.inequality",
    "decay": "geo.access",
    "every_evening": "geo.needs.curfew",
    "explain_journey": "geo.travel.journeys",
    "gini": "geo.equity.inequality",
    "in_words": "geo.travel.journeys",
    "isochrones": "geo.travel.isochrones",
    "journey_legs": "geo.travel.journeys",
    "load_parameters": "geo.score.parameters",
    "measures": "geo.access",
    "opportunities": "geo.access.opportunities",
    "palma_ratio": "geo.equity.inequality",
    "plan_week": "geo.plan.week_plan",
    "populated_cells": "geo.score.surface",
    "prepare": "geo.score.support",
    "read_needs": "geo.needs.needs",
    "score_cells": "geo.score.surface",
    "score_home": "geo.score.score",
    "street_graph": "geo.streets.networkx_graph",
    "theil_t": "geo.equity.inequality",
    "travel_times": "geo.travel.travel_times",
    "turn_graph": "geo.streets.networkx_graph",
}
"""Where each name lives; its imports above are for type checkers alone."""

__all__ = [
    "Curfew",
    "InputError",
    "Needs",
    "Network",
    "RecoveryReachError",
    "RegionSupport",
    "Streets",
    "TravelSettings",
    "as_points",
    "build_network",
    "candidates",
    "compare_homes",
    "concentration_index",
    "decay",
    "every_evening",
    "explain_journey",
    "gini",
    "in_words",
    "isochrones",
    "journey_legs",
    "load_parameters",
    "measures",
    "opportunities",
    "palma_ratio",
    "plan_week",
    "populated_cells",
    "prepare",
    "read_needs",
    "score_cells",
    "score_home",
    "street_graph",
    "theil_t",
    "travel_times",
    "turn_graph",
]


if not TYPE_CHECKING:  # type checkers would take any misspelled name for one that this returns

    def __getattr__(name: str) -> Any:
        """Import a name of the door when it is first used (PEP 562)."""
        if name not in _MODULES:
            raise AttributeError(f"module 'geo' has no attribute {name!r}")
        room = import_module(_MODULES[name])
        value = import_module(f"{room.__name__}.{name}") if hasattr(room, "__path__") else getattr(room, name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    """Return the names of the door."""
    return list(__all__)
