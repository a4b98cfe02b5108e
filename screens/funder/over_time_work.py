"""What changed since an earlier build, worked out for the page: with its files and its command."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pandas as pd

from geo.scenarios.over_time import OverTime
from geo.scenarios.what_if import WhatIf
from geo.timetables.ended import ended_sentence
from layers.change_files import build_facts, change_facts, change_tables
from layers.export import zipped_tables
from screens.funder import gaps, questions
from screens.funder.parts import for_a_person
from sources.region.areas import areas_of
from sources.region.compare_builds import Compared
from sources.region.ended import timetable_ended
from sources.region.held_against import held_against
from sources.region.kept_builds import KeptBuild, earlier_build
from sources.region.model import Region


@dataclass(frozen=True)
class OverTimeQuestion:
    """What a reader asks: since the build of which day, what is counted, and by which kind of areas."""

    since: datetime.date
    what: WhatIf
    level: str


@dataclass(frozen=True)
class OverTimeAnswer:
    """An answer with what it was asked of whom, and the build that the region was held against.

    Attributes
    ----------
    made_of, made_on
        The hash of the region, and when it was built.
    marks
        Where places opened, closed or moved: `lon`, `lat` (WGS 84), `change`.
    """

    made_of: str
    made_on: str
    asked: OverTimeQuestion
    whom: questions.Question
    earlier: KeptBuild
    compared: Compared
    result: OverTime
    marks: pd.DataFrame


def work_out(
    region: Region, asked: OverTimeQuestion, whom: questions.Question, step: Callable[[float], None]
) -> OverTimeAnswer:
    """Return what changed since a build; of a day on which not both timetables hold, each tells of a usual day.

    Raises
    ------
    InputError, RegionError
        No such build is kept any more, or the two have nothing in common.
    """
    earlier = earlier_build(region.facts.name, asked.since)
    compared, result = held_against(
        earlier,
        region,
        questions.parameters(),
        whom.needs,
        whom.date if gaps.holds(earlier.region, whom.date) else None,
        asked.what,
        partial(areas_of, region, asked.level),
        step,
    )
    marks = _marks(compared.places, earlier.region, region)
    return OverTimeAnswer(
        region.facts.region_hash, region.facts.built_on, asked, whom, earlier, compared, result, marks
    )


def _marks(places: pd.DataFrame, before: Region, after: Region) -> pd.DataFrame:
    """Return where places opened, closed or moved: `lon`, `lat`, `change`."""
    sides = (("opened", after), ("closed", before), ("moved", after))
    rows = []
    for change, region in sides:
        own = places.loc[places["change"] == change, "resource_id"]
        where = region.resources.set_index("resource_id").loc[own, ["lon", "lat"]].dropna()
        rows.append(where.assign(change=change))
    return pd.concat(rows, ignore_index=True)


def tables(region: Region, found: OverTimeAnswer) -> bytes:
    """Return the tables that the command writes, as CSV in a zip archive."""
    limit = ended_sentence(timetable_ended(region, found.compared.dates[1]))
    what, needs = found.asked.what, found.whom.needs
    builds = build_facts(region.facts, found.earlier, found.compared, what, needs, questions.parameters().hash)
    facts = change_facts(builds, found.compared, found.result, what, found.asked.level, needs, limit)
    about = [*facts.items(), ("command", command(region.facts.name, found))]
    return zipped_tables(change_tables(found.compared, found.result), about)


def command(region: str, found: OverTimeAnswer) -> str:
    """Return the command that works the same out in a terminal."""
    asked, what = found.asked, found.asked.what
    options = ["changes", region, "--since", asked.since.isoformat(), "--measure", what.measure]
    if what.class_name is not None:
        options += ["--class", what.class_name, "--within", f"{what.minutes:g}"]
    options += ["--areas", asked.level]
    dates = found.compared.dates
    return for_a_person(options, found.whom.needs, dates[1] if dates[0] == dates[1] else None, ["--out", "tables"])
