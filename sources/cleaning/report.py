"""What became of a source's rows: kept, repaired or set aside, with reasons; the sum is held in one place.

A reader takes one row at a time and notes its repairs; it gives a row up by raising `SetAside`.
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from geo.tables import SET_ASIDE, conform
from geo.timetables.ended import ended_sentence

ROW_TABLES = (
    "resources", "exposure", "zones", "jobs", "workers", "population", "block_groups", "hardship", "deaths",
    "crosswalk", "features", "feeds", "openings", "located",
)  # fmt: skip
"""Tables that hold one row per row of the feed; the others (sessions) hang on them."""


class SetAside(Exception):  # noqa: N818  an outcome, not an error
    """The row can't be used: a short code for counting and the reason in words."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass
class Notes:
    """What a reader says about the rows of one source while it reads them."""

    source: str
    row: str = ""
    entries: list[tuple[str, str, str, str]] = field(default_factory=list)
    unknown_codes: Counter[tuple[str, str]] = field(default_factory=Counter)
    given_up: set[str] = field(default_factory=set)

    def repaired(self, code: str, reason: str) -> None:
        """Note that the present row was repaired."""
        self.entries.append((self.row, "repaired", code, reason))

    def set_aside(self, problem: SetAside) -> None:
        """Note that the present row is not used; its repairs no longer matter, and `table` leaves them out."""
        self.given_up.add(self.row)
        self.entries.append((self.row, "set_aside", problem.code, problem.reason))

    def notice(self, code: str, reason: str) -> None:
        """Note something about the present row that changes nothing in it."""
        self.entries.append((self.row, "notice", code, reason))

    def unknown(self, what: str, code: str) -> None:
        """Count a code that no table of ours explains; `table` reports each once with its count."""
        self.unknown_codes[what, code[:40]] += 1

    def table(self) -> pd.DataFrame:
        """Return the notes as the SET_ASIDE table."""
        entries = [e for e in self.entries if e[1] != "repaired" or e[0] not in self.given_up]
        for (what, code), count in sorted(self.unknown_codes.items()):
            entries.append(
                ("", "notice", "unknown_code", f"The {what} {code!r} is not known here; {count} row(s) have it.")
            )
        frame = pd.DataFrame(entries, columns=["row", "outcome", "code", "reason"], dtype="string")
        frame["source"] = self.source
        return conform(frame, SET_ASIDE)


@dataclass(frozen=True)
class Parsed:
    """What a source's `parse` gives: tables by name, what was repaired or set aside, and the rows that came in.

    `extra` counts rows of the tables beyond one for each row of the feed (a clinic that is two kinds of support).
    """

    tables: dict[str, pd.DataFrame]
    set_aside: pd.DataFrame
    rows_in: int
    extra: int = 0


@dataclass(frozen=True)
class Counts:
    """Rows of one source by outcome: `kept + repaired + set_aside == rows_in`."""

    rows_in: int
    kept: int
    repaired: int
    set_aside: int
    reasons: dict[str, int]

    def as_dict(self) -> dict[str, object]:
        """Return plain values for JSON."""
        return {
            "rows_in": self.rows_in,
            "kept": self.kept,
            "repaired": self.repaired,
            "set_aside": self.set_aside,
            "reasons": self.reasons,
        }


def count(parsed: Parsed) -> Counts:
    """Return the outcome of every row that came in.

    Raises
    ------
    AssertionError
        A row got lost or was counted twice: a fault of the source's reader, never of its data.
    """
    used = sum(len(parsed.tables[name]) for name in ROW_TABLES if name in parsed.tables) - parsed.extra
    notes = parsed.set_aside
    repaired = int(notes.loc[notes["outcome"] == "repaired", "row"].nunique())
    aside = int((notes["outcome"] == "set_aside").sum())
    counts = Counts(parsed.rows_in, used - repaired, repaired, aside, reasons(notes))
    if counts.kept < 0 or counts.kept + counts.repaired + counts.set_aside != counts.rows_in:
        raise AssertionError(f"Rows don't add up: {counts}")
    return counts


def reasons(notes: pd.DataFrame) -> dict[str, int]:
    """Return how many notes there are of each `outcome:code`, most first."""
    counter = Counter(f"{o}:{c}" for o, c in zip(notes["outcome"], notes["code"], strict=True))
    return dict(sorted(counter.items(), key=lambda item: (-item[1], item[0])))


def join_notes(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return several SET_ASIDE tables as one."""
    frames = [table for table in tables if len(table)]
    return pd.concat(frames, ignore_index=True) if frames else conform(pd.DataFrame(), SET_ASIDE)


def give_up(parsed: Parsed, table: str, key: str, gone: dict[str, tuple[str, str]], source: str) -> Parsed:
    """Return `parsed` with more rows set aside: `gone` is key → (code, reason); repairs of these rows drop out."""
    if not gone:
        return parsed
    frame = parsed.tables[table]
    kept = frame[~frame[key].isin(list(gone))].reset_index(drop=True)
    notes = parsed.set_aside
    moot = (notes["outcome"] == "repaired") & notes["row"].isin(list(gone))
    more = pd.DataFrame(
        [(source, row, "set_aside", code, reason) for row, (code, reason) in sorted(gone.items())],
        columns=["source", "row", "outcome", "code", "reason"],
    )
    return Parsed(parsed.tables | {table: kept}, join_notes([notes[~moot], conform(more, SET_ASIDE)]), parsed.rows_in)


@dataclass(frozen=True)
class SourceResult:
    """What came of one file; `counts` is None for networks, whose notes count what was repaired or not used."""

    label: str
    source: str
    file: str
    counts: Counts | None
    notes: Mapping[str, int]
    seconds: float

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        values = {"label": self.label, "source": self.source, "file": self.file}
        return values | (self.counts.as_dict() if self.counts else {"reasons": dict(self.notes)})


@dataclass(frozen=True)
class BuildReport:
    """What a build did: each file's rows by outcome, what the region holds, seconds and memory.

    `redone` are the parts that were made anew, where there was a region before, and `gone` the files that it had and
    this one hasn't; `stale` tells by label why a file is the last good copy in place of a newer one; `timetable_ended`
    is the timetable's last day, if that has passed. `lacks` says in sentences what a graph of streets made by osmnx
    can't tell.
    """

    name: str
    title: str
    region_hash: str
    sources: tuple[SourceResult, ...]
    totals: Mapping[str, int]
    slopes: bool
    service_dates: tuple[str, str] | None
    seconds: Mapping[str, float]
    peak_memory_mb: float | None
    redone: tuple[str, ...] | None = None
    gone: tuple[str, ...] = ()
    stale: Mapping[str, str] = field(default_factory=dict)
    timetable_ended: datetime.date | None = None
    lacks: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "name": self.name,
            "title": self.title,
            "region_hash": self.region_hash,
            "sources": [source.as_dict() for source in self.sources],
            "totals": dict(self.totals),
            "slopes": self.slopes,
            "service_dates": list(self.service_dates) if self.service_dates else None,
            "seconds": {step: round(taken, 2) for step, taken in self.seconds.items()},
            "seconds_in_all": round(sum(self.seconds.values()), 2),
            "peak_memory_mb": self.peak_memory_mb,
            "redone": None if self.redone is None else list(self.redone),
            "gone": list(self.gone),
            "stale": dict(self.stale),
            "limits": {"timetable": ended_sentence(self.timetable_ended)},
            "lacks": list(self.lacks),
        }

    def lines(self) -> list[str]:
        """Return the report as lines for people."""
        lines = [f"{self.title} ({self.name}) is built."]
        if self.redone is not None:
            lines.append(f"  made anew: {', '.join(self.redone) or 'nothing, because nothing has changed'}")
        if self.gone:
            lines.append(f"  no longer in it: {', '.join(self.gone)}")
        lines += [f"  stale: {label}: {why}" for label, why in self.stale.items()]
        for source in self.sources:
            why = ", ".join(f"{number} {code.replace(':', ' ')}" for code, number in source.notes.items())
            if source.counts is None:
                lines.append(f"  {source.file}: {why or 'nothing to note'}")
                continue
            c = source.counts
            lines.append(
                f"  {source.file} as {source.source}: {c.rows_in} rows in = {c.kept} kept + {c.repaired} repaired "
                f"+ {c.set_aside} set aside{f' ({why})' if why else ''}"
            )
        lines += (
            ["  what the graph of streets doesn't tell:", *(f"    {lack}" for lack in self.lacks)] if self.lacks else []
        )
        lines.append("  holds " + ", ".join(f"{number:,} {what}" for what, number in self.totals.items()))
        if self.timetable_ended:
            lines.append(f"  {ended_sentence(self.timetable_ended)}")
        if not self.slopes:
            lines.append("  slopes are not counted, for no heights were given (--elevation)")
        took = ", ".join(f"{step.lower()} {taken:.1f} s" for step, taken in self.seconds.items())
        memory = f"; at most {self.peak_memory_mb:,.0f} MB" if self.peak_memory_mb else ""
        return [*lines, f"  {took}; {sum(self.seconds.values()):.1f} s in all{memory}"]
