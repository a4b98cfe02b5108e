"""Sites worked out for the page: candidates read, the best of them found, and what files and commands say of it."""

import datetime
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pandas as pd
import streamlit as st

from geo.crs import to_meters
from geo.errors import InputError, RecoveryReachError
from geo.needs.needs import Needs
from geo.phrases import Phrase
from geo.siting.sites import Answer, find_sites
from geo.timetables.ended import ended_sentence
from layers.escaping import plain
from layers.site_files import question_facts, site_file
from screens.funder import questions
from screens.funder.parts import for_a_person
from screens.funder.site_fields import FILE, SiteQuestion
from screens.shared import regions
from screens.shared.uploads import Upload
from sources.places.site_lists import ADDRESSES, read_areas, read_candidates
from sources.region.ended import timetable_ended
from sources.region.model import Region

_PLACES = "site_places"
Result = TypeVar("Result")
FILES = {
    "gpkg": "application/geopackage+sqlite3",
    "geojson": "application/geo+json",
    "parquet": "application/vnd.apache.parquet",
    "csv": "text/csv",
}
"""A file's ending → its media type."""


@dataclass(frozen=True)
class SiteAnswer:
    """An answer of siting with what it was asked: by the reader, for whom, and when; `aside` tells of rows left out.

    `made_of`: the hash of the region.
    """

    made_of: str
    asked: SiteQuestion
    needs: Needs
    date: datetime.date
    answer: Answer
    aside: tuple[Phrase, ...]


def candidates(region: Region, source: str, listed: Upload | None) -> tuple[pd.DataFrame, tuple[Phrase, ...]]:
    """Return the candidates, with their columns, and sentences on what was left out.

    Raises
    ------
    InputError
        The file can't be read, or the region has none of these.
    """
    key = (region.facts.name, region.facts.region_hash, source, listed)
    known = st.session_state.get(_PLACES)
    if known is None or known[0] != key:
        places = _addresses(region) if source == ADDRESSES else _read(region, source, listed)
        known = (key, places, tuple(places.attrs.get("set_aside", ())))
        st.session_state[_PLACES] = known
    return known[1], known[2]


@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs=regions.BY_HASH)
def _addresses(region: Region) -> pd.DataFrame:
    return read_candidates(ADDRESSES, region.gazetteer, region.resources)


def _read(region: Region, source: str, listed: Upload | None) -> pd.DataFrame:
    if source != FILE:
        return read_candidates(source, region.gazetteer, region.resources)
    if listed is None:
        raise InputError("No file was given; hand one over first.")
    return _as_file(listed, lambda path: read_candidates(str(path), region.gazetteer, region.resources))


def _as_file(upload: Upload, read: Callable[[Path], Result]) -> Result:
    """Return what a reader of files makes of an upload, in a folder that is gone afterwards and that nobody is told of.

    Raises
    ------
    InputError
        The file can't be read.
    """
    with tempfile.TemporaryDirectory() as folder:
        path, name = Path(folder) / f"given{Path(upload.name).suffix.lower()}", plain(upload.name)
        path.write_bytes(upload.content)
        try:
            made = read(path)
        except InputError as problem:
            raise InputError(problem.sentence, **_by_name(problem, path, name)) from None
    if isinstance(made, pd.DataFrame):
        aside: list[Phrase] = made.attrs.get("set_aside", [])
        made.attrs["set_aside"] = [Phrase(one.sentence, **_by_name(one, path, name)) for one in aside]
    return made


def _by_name(part: RecoveryReachError | Phrase, path: Path, name: str) -> dict[str, object]:
    """Return the values of a sentence, in which a file is called by its own name and not by where it lies."""
    values: dict[str, object] = {}
    for key, value in part.values.items():  # noqa: PD011  no table
        if isinstance(value, Phrase):
            values[key] = Phrase(value.sentence, **_by_name(value, path, name))
        else:
            values[key] = value.replace(str(path), name) if isinstance(value, str) else value
    return values


def work_out(
    region: Region, asked: SiteQuestion, needs: Needs, date: datetime.date, step: Callable[[float], None]
) -> SiteAnswer:
    """Return where new sites would help most.

    Raises
    ------
    InputError, DateError
        What was asked can't be used.
    """
    places, aside = candidates(region, asked.source, asked.listed)
    excluded = None
    if asked.excluded is not None:
        excluded = _as_file(asked.excluded, lambda path: read_areas(path, region.facts.bounds))
    answer = find_sites(
        regions.support(region.facts.name),
        region.resources,
        region.zones,
        places,
        asked.question,
        needs,
        date,
        excluded,
        asked.own,
        step,
    )
    return SiteAnswer(region.facts.region_hash, asked, needs, date, answer, aside)


def nearest(places: pd.DataFrame, lon: float, lat: float, crs: str) -> str:
    """Return the id of the candidate nearest to a point."""
    x, y = to_meters(places["lon"].to_numpy("float64"), places["lat"].to_numpy("float64"), crs)
    at_x, at_y = to_meters([lon], [lat], crs)
    return str(places["id"].iloc[int(((x - at_x[0]) ** 2 + (y - at_y[0]) ** 2).argmin())])


def file(region: Region, found: SiteAnswer, ending: str) -> bytes:
    """Return the file that the command writes of the same question."""
    asked = found.asked
    about = question_facts(
        found.answer,
        region.facts,
        found.needs,
        found.date,
        questions.parameters().hash,
        asked.objective,
        asked.candidates,
        asked.excluded.name if asked.excluded else "",
    )
    limit = ended_sentence(timetable_ended(region, found.date))
    return site_file(found.answer, f".{ending}", region.facts.crs, [*about.items(), ("limits", limit or "")])


def command(region: str, found: SiteAnswer) -> str:
    """Return the command that works the same out in a terminal."""
    asked, question = found.asked, found.asked.question
    amounts = {"--capacity": question.capacity, "--cost": question.cost, "--budget": question.budget}
    options: list[str] = ["--class", question.class_name, "--k", str(question.sites), "--objective", asked.objective]
    options += ["--candidates", asked.candidates]
    options += ["--exclude", asked.excluded.name] if asked.excluded else []
    for one in asked.own:
        options += ["--own", one]
    for name, amount in amounts.items():
        options += [] if amount is None else [name, amount if isinstance(amount, str) else f"{amount:.15g}"]
    return for_a_person(["site", region, *options], found.needs, found.date, ["--out", "sites.gpkg"])
