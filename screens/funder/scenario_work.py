"""What a scenario would do, worked out for the page: against the kept surface, with its files and its command."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from geo.equity import gaps as equity
from geo.scenarios.changes import Scenario
from geo.scenarios.effects import Effect
from geo.scenarios.what_if import Answer, WhatIf, what_if
from geo.timetables.ended import ended_sentence
from layers.export import zipped_tables
from layers.scenario_files import TABLES, scenario_facts
from layers.surface import Ints, change_shades, shades
from screens.funder import gaps, questions, scenario_draft
from screens.funder.parts import for_a_person
from screens.shared import regions
from sources.formats.zip_archive import pack
from sources.networks.gtfs_writer import gtfs_archives
from sources.region.areas import areas_of
from sources.region.ended import timetable_ended
from sources.region.model import Region

NOTICEABLE, MUCH = 1.0, 5.0
"""Points from which on the map shows a difference, and a large one."""
VIEWS = ("difference", "before", "after")


@dataclass(frozen=True)
class ScenarioQuestion:
    """What a reader asks: scenarios one on top of the other, what they are held against, and what is counted.

    `files`: names of the files that the command reads, of `scenarios` and then of `against`.
    """

    scenarios: tuple[Scenario, ...]
    against: tuple[Scenario, ...]
    files: tuple[str, ...]
    what: WhatIf
    level: str


@dataclass(frozen=True)
class ScenarioAnswer:
    """An answer with what it was asked. `made_of`: the hash of the region."""

    made_of: str
    asked: ScenarioQuestion
    answer: Answer


def work_out(
    region: Region, asked: ScenarioQuestion, whom: questions.Question, step: Callable[[float], None]
) -> ScenarioAnswer:
    """Return what scenarios would do; the surface as it is comes from where it is kept, and is kept if it wasn't.

    Raises
    ------
    InputError, DateError
        A change can't be made, or what was asked can't be used.
    """
    start = 0.0
    surface = gaps.surface(region, whom)
    if surface is None:
        start = 0.5
        gaps.work_out(region, whom, (whom.profile,), lambda share: step(start * share))
        surface = gaps.surface(region, whom)
    answer = what_if(
        regions.support(region.facts.name),
        scenario_draft.world(region),
        region.zones,
        asked.scenarios,
        whom.needs,
        whom.date,
        asked.what,
        partial(areas_of, region, asked.level),
        against=asked.against,
        surface=None if surface is None else surface.table,
        progress=lambda share: step(start + (1.0 - start) * share),
    )
    return ScenarioAnswer(region.facts.region_hash, asked, answer)


def shade(effect: Effect, view: str) -> Ints:
    """Return each cell's shade: of the measure before or after, or of the difference."""
    values = effect.cells[f"{effect.measure}_{view}"].to_numpy(np.float64)
    if view == "difference":
        return change_shades(values, NOTICEABLE, MUCH)
    none = equity.nothing_in_reach(pd.DataFrame({effect.measure: values}), effect.measure, questions.parameters())
    return shades(values, none)


def changed(effect: Effect) -> pd.DataFrame:
    """Return the cells of which the map shows a difference."""
    difference = effect.cells[f"{effect.measure}_difference"].abs()
    return effect.cells[difference >= NOTICEABLE]


def about(region: Region, found: ScenarioAnswer) -> list[tuple[str, str]]:
    """Return how the numbers were made, from what and for when, as the command's files have it; and the command."""
    limit = ended_sentence(timetable_ended(region, found.answer.date))
    facts = scenario_facts(found.answer, found.asked.level, region.facts, questions.parameters().hash, limit)
    return [*facts.items(), ("command", command(region.facts.name, found))]


def tables(region: Region, found: ScenarioAnswer) -> bytes:
    """Return the tables that the command writes, as CSV in a zip archive."""
    return zipped_tables({name: getattr(found.answer.effect, name) for name in TABLES}, about(region, found))


def timetables(found: ScenarioAnswer) -> bytes:
    """Return the scenario's timetable as GTFS: one zip archive for each feed, in one where there are several."""
    archives = {} if found.answer.feed is None else gtfs_archives(found.answer.feed)
    if len(archives) == 1:
        return next(iter(archives.values()))
    return pack(archives)


def command(region: str, found: ScenarioAnswer) -> str:
    """Return the command that works the same out in a terminal, from the files of the scenarios."""
    asked, what, answer = found.asked, found.asked.what, found.answer
    own, *others = asked.files
    then, against = others[: len(asked.scenarios) - 1], others[len(asked.scenarios) - 1 :]
    options = ["scenario", region, own, *_each("--then", then), *_each("--compare", against)]
    options += ["--measure", what.measure]
    if what.class_name is not None:
        options += ["--class", what.class_name, "--within", f"{what.minutes:g}"]
    options += ["--areas", asked.level]
    end = ["--out", "tables", *(["--gtfs", "gtfs"] if answer.feed is not None else [])]
    return for_a_person(options, answer.needs, answer.date, end)


def _each(option: str, names: Sequence[str]) -> list[str]:
    return [part for name in names for part in (option, name)]
