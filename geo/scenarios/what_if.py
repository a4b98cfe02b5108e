"""What scenarios would do: a region held against itself with changes written into it."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.clock import MORNING_PEAK
from geo.errors import InputError
from geo.needs.needs import Needs
from geo.scenarios.changes import Scenario
from geo.scenarios.effects import Effect, effect_of
from geo.scenarios.price import Price, price_of
from geo.scenarios.rescore import rescored
from geo.scenarios.same_classes import with_same_classes
from geo.scenarios.world import Changed, World, apply_scenarios, support_of
from geo.score import surface as cell_scores
from geo.score.case import make_case
from geo.score.parameters import Parameters
from geo.score.support import RegionSupport
from geo.siting.question import check_minutes
from geo.siting.reach import class_rule, places_there, reached_within
from geo.tables import DIMENSIONS
from geo.timetables.feed import Feed

Progress = Callable[[float], None]


@dataclass(frozen=True)
class WhatIf:
    """What is asked: which measure is held side by side, and who counts as having a class in reach.

    Attributes
    ----------
    measure
        `total`, a dimension, or the name of a class.
    class_name, minutes, window
        Reach: a place of this class within so many minutes, at the median departure of a window (first departure and
        the end of all, seconds after midnight). None: reach isn't asked for.
    """

    measure: str = "total"
    class_name: str | None = None
    minutes: float = 30.0
    window: tuple[int, int] = MORNING_PEAK

    def __post_init__(self) -> None:
        check_minutes(self.minutes)


@dataclass(frozen=True)
class Answer:
    """What scenarios would do.

    Attributes
    ----------
    scenarios, against, asked, needs, date
        What was asked, of whom and for when.
    effect, price
        Who gains and loses, and what that costs.
    feed
        The timetable with the scenarios in it; None where the region has none.
    sentences, against_sentences
        What each change does: of the scenarios, and of those that they were held against.
    limits
        What bounds the answer.
    """

    scenarios: tuple[Scenario, ...]
    against: tuple[Scenario, ...]
    asked: WhatIf
    needs: Needs
    date: datetime.date
    effect: Effect
    price: Price
    feed: Feed | None
    sentences: tuple[str, ...]
    against_sentences: tuple[str, ...]
    limits: tuple[str, ...]


def what_if(
    support: RegionSupport,
    world: World,
    zones: pd.DataFrame,
    scenarios: Sequence[Scenario],
    needs: Needs,
    date: datetime.date,
    asked: WhatIf,
    areas: Callable[[pd.DataFrame], pd.Series],
    *,
    against: Sequence[Scenario] = (),
    surface: pd.DataFrame | None = None,
    progress: Progress | None = None,
) -> Answer:
    """Return what scenarios, one on top of the other, would change.

    Parameters
    ----------
    support, world, zones
        The region as it is, made ready; its tables; and the ZONES table.
    areas
        Gives the area of each cell, see `geo.equity.areas.area_ids`.
    against
        What they are held against: other scenarios, or without any the region as it is.
    surface
        The surface of the region as it is, where it is known; of other cells it is made anew.
    progress
        Called with the share done, 0–1.

    Raises
    ------
    InputError, DateError, NeedsError
        A change can't be made, or what is asked for can't be used.
    """
    measure = surface_column(support.parameters, asked.measure)
    cells = cell_scores.populated_cells(zones)
    if cells.empty:
        raise InputError("The region has no populated areas that could be scored; build it again with --zones.")
    if asked.class_name is not None:
        class_rule(support.parameters, asked.class_name)
    where = areas(cells)
    living = zones.set_index("zone_id").loc[cells["id"]].reset_index()
    sides = [apply_scenarios(world, chosen, date) for chosen in (against, scenarios)]
    made = [support_of(support, world, zones, side.world) for side in sides]
    is_known = surface is not None and surface["id"].tolist() == cells["id"].tolist()
    surfaces = {id(support): surface} if is_known else {}
    for number, one in enumerate(made):
        if id(one) not in surfaces:
            share = None if progress is None else _half(progress, number)
            known = surfaces.get(id(support))
            new = None if known is None else rescored(known, support, one, zones, needs, date, share)
            surfaces[id(one)] = cell_scores.score_cells(one, cells, needs, date, share) if new is None else new
    near = None
    if asked.class_name is not None:
        near = (
            _in_reach(made[0], sides[0], cells, needs, date, asked),
            _in_reach(made[1], sides[1], cells, needs, date, asked),
        )
    before, after, limits = with_same_classes(
        surfaces[id(made[0])], surfaces[id(made[1])], make_case(made[1], needs, date)
    )
    effect = effect_of(before, after, living, where, support.parameters, measure, near)
    return Answer(
        tuple(scenarios), tuple(against), asked, needs, date, effect, price_of(effect, scenarios, against),
        sides[1].world.network.feed, sides[1].sentences, sides[0].sentences, limits,
    )  # fmt: skip


def _in_reach(
    made: RegionSupport, side: Changed, cells: pd.DataFrame, needs: Needs, date: datetime.date, asked: WhatIf
) -> NDArray[np.bool_]:
    rule = class_rule(made.parameters, str(asked.class_name))
    there = places_there(side.world.resources, rule, needs)
    return reached_within(made, cells, there, needs, asked.minutes, date, asked.window)


def surface_column(parameters: Parameters, measure: str) -> str:
    """Return the surface's column of a measure: the total, a dimension, or a class by its name.

    Raises
    ------
    InputError
        There is no such measure.
    """
    classes = {name: column for column, name in cell_scores.class_columns(parameters).items()}
    if measure not in ("total", *DIMENSIONS, *classes):
        raise InputError(
            "A measure is one of {known}, not {measure!r}.",
            known=", ".join(("total", *DIMENSIONS, *classes)), measure=measure,
        )  # fmt: skip
    return classes.get(measure, measure)


def _half(progress: Progress, number: int) -> Progress:
    return lambda share: progress((number + share) / 2)
