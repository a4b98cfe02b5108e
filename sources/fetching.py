"""Fetching a source for a place, with the last good copy behind it; and asking each source whether it answers."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from geo.errors import InputError, SourceError
from geo.toml_table import read_toml
from sources.adapter.source import FetchContext, ParseContext, Source, seconds_for
from sources.cleaning.report import Counts, count
from sources.formats.private_files import check_closed
from sources.registry import SOURCES, source_called
from sources.web.cache import Copy, copy_folder, read_copy, write_copy
from sources.web.http import Fetched, Policy, is_offline, probe


@dataclass(frozen=True)
class FetchResult:
    """What a fetch gave: the documents by file name, what their rows are, and why they are stale, if they are.

    The copies of the documents lie in `folder` under their names.
    """

    source: str
    documents: dict[str, Fetched] = field(repr=False)
    counts: dict[str, Counts]
    feeds: pd.DataFrame | None = field(repr=False)
    stale: str | None
    folder: Path

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        values = {
            name: {
                "url": document.url.partition("?")[0],
                "retrieved_on": document.retrieved_on,
                "unchanged": document.unchanged,
            }
            | {"bytes": len(document.content)}
            | self.counts[name].as_dict()
            for name, document in self.documents.items()
        }
        feeds = (
            [] if self.feeds is None else self.feeds.astype(object).where(self.feeds.notna(), None).to_dict("records")
        )
        return {"source": self.source, "stale": self.stale, "documents": values} | ({"feeds": feeds} if feeds else {})

    def files(self, out: Path) -> list[tuple[Path, bytes]]:
        """Return where the documents go: one goes to `out`, several go under their own names into the folder `out`."""
        one = len(self.documents) == 1 and not out.is_dir()
        return [(out if one else out / name, document.content) for name, document in self.documents.items()]

    def lines(self) -> list[str]:
        """Return the result as lines for people."""
        lines = [f"{self.source}: {self.stale}"] if self.stale else []
        for name, document in self.documents.items():
            c = self.counts[name]
            state = "stale, retrieved" if self.stale else "unchanged on" if document.unchanged else "retrieved"
            lines.append(
                f"{name} ({state} {document.retrieved_on}, {len(document.content):,} bytes): {c.rows_in} rows in = "
                f"{c.kept} kept + {c.repaired} repaired + {c.set_aside} set aside"
            )
        for feed in [] if self.feeds is None else self.feeds.to_dict("records"):
            key = "; its own copy needs a key" if feed["needs_key"] else ""
            lines.append(
                f"  {feed['feed_id']} {feed['provider']} ({feed['status']}{key}): {feed['latest_url'] or feed['url']}"
            )
        return lines


@dataclass(frozen=True)
class Check:
    """Whether a source answers from this machine, in a line."""

    source: str
    answers: bool
    line: str


def default_policy() -> Policy:
    """Return the limits of fetches that people ask for."""
    return Policy()


def read_keys(folder: Path) -> dict[str, str]:
    """Return the accounts at hand: from the environment (`RECOVERY_REACH_…`), else from `keys.toml` in the folder.

    Raises
    ------
    InputError
        The file is no TOML, or others on this computer can read it.
    """
    path = folder / "keys.toml"
    check_closed(path, 0o600)
    try:
        stored = read_toml(path) if path.is_file() else {}
    except (OSError, ValueError):
        raise InputError(f'{path} is not readable TOML; it should hold lines like careeronestop_user = "…".') from None
    names = {name for source in SOURCES for name in source.keys}
    keys = {name: os.environ.get(f"RECOVERY_REACH_{name.upper()}") or stored.get(name) for name in names}
    return {name: str(value) for name, value in keys.items() if value}


def read_endpoints(folder: Path) -> dict[str, str]:
    """Return source → address in place of the public one, from `endpoints.toml` in the folder: servers of one's own.

    Raises
    ------
    InputError
        The file is no TOML, or names no source.
    """
    path = folder / "endpoints.toml"
    try:
        stored = read_toml(path) if path.is_file() else {}
    except (OSError, ValueError):
        raise InputError(f'{path} is not readable TOML; it should hold lines like overpass = "https://…".') from None
    unknown = sorted(set(stored) - {source.name for source in SOURCES})
    if unknown:
        names = ", ".join(source.name for source in SOURCES if source.endpoint)
        raise InputError(f"{path} names {unknown[0]!r}, which is no source; known are {names}.")
    return {name: str(address) for name, address in stored.items()}


def fetch_source(name: str, context: FetchContext, cache: Path, *, accept_fewer: bool = False) -> FetchResult:
    """Fetch a source and keep it as the last good copy.

    A fetch that fails, or yields no row or under half of the last good copy's, leaves that copy, marks it stale and
    returns it. `accept_fewer` takes fewer rows as they are.

    Raises
    ------
    InputError
        There is no such source, it can't be fetched, or what it needs to know is missing.
    SourceError
        The fetch failed, and there is no copy.
    """
    source = _fetchable(name)
    request = _request(source, context)
    folder = copy_folder(cache, source.name, request)
    have = read_copy(folder)
    try:
        documents = _fetched(source, replace(context, have=have.documents if have else {}))
        counted = _counted(source, documents, context)
        rows = sum(counts.rows_in for counts, _ in counted.values())
        _check_rows(source, rows, 0 if have is None or accept_fewer else have.rows)
    except SourceError as problem:
        if have is None:
            raise
        since = max(document.retrieved_on for document in have.documents.values())
        stale = f"{problem} The last good copy, of {since}, stays and is marked stale."
        write_copy(folder, source.name, request, replace(have, stale=stale))
        return _result(source, have.documents, _counted(source, have.documents, context), stale, cache, context)
    write_copy(folder, source.name, request, Copy(documents, rows))
    return _result(source, documents, counted, None, cache, context)


def copy_of(source: Source, context: FetchContext, cache: Path) -> Path:
    """Return the folder in which the last good copy of a source for a place is, or would be."""
    return copy_folder(cache, source.name, _request(source, context))


def kept_copy(name: str, context: FetchContext, cache: Path) -> FetchResult | None:
    """Return the last good copy of a source as it is, without asking anybody; None where there is none.

    Raises
    ------
    InputError, SourceError
        There is no such source, or it can't be fetched; the copy can't be read.
    """
    source = _fetchable(name)
    have = read_copy(copy_of(source, context, cache))
    if have is None:
        return None
    return _result(source, have.documents, _counted(source, have.documents, context), have.stale, cache, context)


def _check_rows(source: Source, rows: int, before: int) -> None:
    if not rows:
        raise SourceError(f"{source.title} gave no row for this place.")
    if rows * 2 < before:
        raise SourceError(f"{source.title} gave {rows:,} rows where the last good copy has {before:,}.")


def check_sources(
    name: str | None, policy: Policy, keys: dict[str, str], endpoints: Mapping[str, str] | None = None
) -> list[Check]:
    """Ask each source that can be asked, or the one of that name, and return in a line what answers.

    `endpoints` are addresses in place of the public ones.

    Raises
    ------
    InputError
        There is no such source, or it isn't fetched.
    """
    named = source_called(name) if name else None
    if named is not None and named.probe:
        chosen: Sequence[Source] = [named]
    else:
        chosen = [_fetchable(name)] if name else [source for source in SOURCES if source.fetch or source.probe]
    hasty = replace(policy, connect_seconds=5, read_seconds=10, deadline_seconds=15, retries=0)
    own = endpoints or {}
    return [_check(replace(one, endpoint=own.get(one.name, one.endpoint)), hasty, keys) for one in chosen]


def _check(source: Source, policy: Policy, keys: dict[str, str]) -> Check:
    lacking = [f"RECOVERY_REACH_{name.upper()}" for name in source.keys if name not in keys]
    if lacking:
        return Check(source.name, False, f"skipped: it needs a free account, in {' and '.join(lacking)}")
    if is_offline(policy):
        return Check(source.name, False, "not asked: this software is set to work offline")
    if not source.endpoint:
        return Check(
            source.name, False, "not asked: each publisher has an address of its own; give it to fetch as --url"
        )
    if source.keys:
        return Check(
            source.name, True, "not asked: it answers only to questions with your account, and that is at hand"
        )
    try:
        return Check(source.name, True, f"answers with {probe(source.endpoint + source.probe, policy)}")
    except SourceError as problem:
        return Check(source.name, False, str(problem))


def _fetchable(name: str) -> Source:
    source = source_called(name)
    if source is None or source.fetch is None:
        names = ", ".join(source.name for source in SOURCES if source.fetch)
        problem = "is not fetched: its files are given to `region build`" if source else "is not a source"
        raise InputError(f"{name!r} {problem}; those that are fetched are {names}.")
    return source


def _request(source: Source, context: FetchContext) -> dict[str, Any]:
    """Return what tells one question from another; a timetable goes by its id, wherever it is kept."""
    box = context.bounds
    if context.feed:
        return {"source": source.name, "endpoint": "", "feed": context.feed}
    counties = {"counties": sorted(context.counties)} if context.counties else {}
    return counties | {
        "source": source.name,
        "endpoint": context.endpoint or source.endpoint,
        "bounds": [box.west, box.south, box.east, box.north] if box and not source.is_whole else None,
        "state": context.state,
        "year": context.year,
        "postal_codes": sorted(context.postal_codes),
        "town": context.town,
    }


def _fetched(source: Source, context: FetchContext) -> dict[str, Fetched]:
    if source.fetch is None:
        raise AssertionError("Only sources that are fetched come here.")
    return source.fetch(context)


def _counted(
    source: Source, documents: dict[str, Fetched], context: FetchContext
) -> dict[str, tuple[Counts, pd.DataFrame | None]]:
    """Return what the rows of each document are, and the timetables that a catalogue lists."""
    return {name: _count(source, name, document, context) for name, document in documents.items()}


def _count(source: Source, name: str, document: Fetched, context: FetchContext) -> tuple[Counts, pd.DataFrame | None]:
    if source.tally is not None:
        rows = source.tally(document.content, f"The answer for {source.title}")
        return Counts(rows, rows, 0, 0, {}), None
    if source.parse is None:
        raise AssertionError("A source that is fetched is parsed, or tells how many rows it has.")
    parsed = source.parse(
        document.content,
        ParseContext(
            name,
            bounds=context.bounds,
            retrieved_on=document.retrieved_on,
            seconds=seconds_for(document.content),
        ),
    )
    return count(parsed), parsed.tables.get("feeds")


def _result(
    source: Source,
    documents: dict[str, Fetched],
    counted: dict[str, tuple[Counts, pd.DataFrame | None]],
    stale: str | None,
    cache: Path,
    context: FetchContext,
) -> FetchResult:
    feeds = next((table for _, table in counted.values() if table is not None), None)
    counts = {name: counts for name, (counts, _) in counted.items()}
    folder = copy_of(source, context, cache)
    return FetchResult(source.name, dict(sorted(documents.items())), counts, feeds, stale, folder)
