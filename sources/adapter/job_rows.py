"""The loop that every feed of job openings runs through; openings are a layer, and no score reads them."""

from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd

from geo.tables import OPENINGS, RESOURCES, SESSIONS, conform, empty
from sources.adapter.resource_rows import content_id, time_check
from sources.adapter.source import ParseContext
from sources.cleaning import clean
from sources.cleaning.cells import LONGEST_ID, cut_cells, cut_row
from sources.cleaning.report import Notes, Parsed, SetAside

Opening = dict[str, Any]


def read_openings(
    source: str, rows: Iterable[Any], read: Callable[[dict[str, Any], Notes], list[Opening]], context: ParseContext
) -> Parsed:
    """Return the table `openings` of all rows that `read` can use, and what became of the others.

    `read` gives one opening for each place of a job inside the region, `opening_id` being the feed's own id. A job
    that has closed, and one whose id came before, is set aside. `resources` and `sessions` are there and empty.
    """
    source = context.source or source
    notes = Notes(source)
    kept: list[Opening] = []
    seen: set[str] = set()
    rows_in = extra = 0
    check_time = time_check(context.seconds)
    for rows_in, row in enumerate(rows, 1):
        notes.row = str(rows_in)
        try:
            check_time()
            own_id, openings = _read_row(row, read, notes, context, seen)
        except SetAside as problem:
            notes.set_aside(problem)
            continue
        seen.add(own_id)
        for number, opening in enumerate(openings, 1):
            suffix = "" if number == 1 else f"#{number}"
            kept.append(opening | {"opening_id": f"{source}:{own_id}{suffix}", "source": source})
        extra += len(openings) - 1
    frame = pd.DataFrame(kept, index=range(len(kept)))
    if "retrieved_on" not in frame:
        frame["retrieved_on"] = context.retrieved_on
    tables = {"resources": empty(RESOURCES), "sessions": empty(SESSIONS), "openings": conform(frame, OPENINGS)}
    return Parsed(tables, notes.table(), rows_in, extra)


def _read_row(
    row: Any,
    read: Callable[[dict[str, Any], Notes], list[Opening]],
    notes: Notes,
    context: ParseContext,
    seen: set[str],
) -> tuple[str, list[Opening]]:
    """Return a job's id and its openings; an id of too many letters keeps its beginning, and what sets it apart."""
    if not isinstance(row, dict):
        raise SetAside("not_an_object", "It is no record with named fields.")
    cut_row(row, notes.repaired)
    openings = [cut_cells(opening, OPENINGS, notes) for opening in read(row, notes)]
    own_id, closes_on = str(openings[0].get("opening_id") or ""), openings[0].get("closes_on")
    if not own_id:
        raise SetAside("no_id", "It has no id of its own.")
    if len(own_id) > LONGEST_ID:
        own_id = f"{own_id[: LONGEST_ID - 13]}-{content_id(own_id)}"
    if own_id in seen:
        raise SetAside("duplicate", f"The id {own_id[:80]!r} was listed before.")
    if closes_on and context.retrieved_on and closes_on < context.retrieved_on:
        raise SetAside("closed", f"It closed on {closes_on}.")
    return own_id, openings


def pay_range(least: Any, most: Any, notes: Notes) -> tuple[float | None, float | None]:
    """Return the least and most pay; in the wrong order they are swapped, and noted. Zero says nothing."""
    low, high = clean.amount(least) or None, clean.amount(most) or None
    if low is not None and high is not None and low > high:
        notes.repaired("pay_order", "Its least pay was above its most; they were swapped.")
        low, high = high, low
    return low, high
