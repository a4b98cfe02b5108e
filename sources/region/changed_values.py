"""What places of two builds tell otherwise (hours, beds, whom they take, telephone), and a build as far as it is known.

Pure functions of tables, as `sources.region.changes`.
"""

import re
from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd

from geo.clock import day_name, minutes_text
from geo.tables import RESOURCES, SESSIONS, conform
from sources.cleaning.normalize import normalize
from sources.region.changes import Build, feeds_of, listed_in, same_places

HOURS = "sessions"
"""Beside columns of RESOURCES: at which hours of the week a place holds what it holds."""
VALUES = (
    "name", "category", "address", "phone", "call_hours", "opening_hours", HOURS, "attendance", "beds", "capacity",
    "weekly_rent_usd", "stay_limit_days", "accepts_moud", "medications", "payment", "genders", "ages", "children",
    "wheelchair", "languages", "certified", "certification_level", "curfew", "work_required", "fellowship", "formats",
)  # fmt: skip
VALUE_CHANGES = ("changed", "newly_told", "no_longer_told", "unconfirmed")
"""Kinds: `newly_told` where nothing was told before, `unconfirmed` where not every feed of the place answered, or one
lists it that the earlier build lacked."""
VALUE_COLUMNS = ("change", "category", "name", "address", "resource_id", "source", "what", "before", "after")
_LISTS = frozenset({"medications", "payment", "genders", "ages", "languages", "formats"})
_WORDS = frozenset({"name", "address", "fellowship"})


def changed_values(
    before: Build, after: Build, sessions: tuple[pd.DataFrame, pd.DataFrame] | None = None
) -> pd.DataFrame:
    """Return what the places that are in both builds tell otherwise, a row per place and value.

    Parameters
    ----------
    before, after
        With all columns of RESOURCES; one that is absent is told by none.
    sessions
        The SESSIONS tables of both.

    Returns
    -------
    DataFrame
        VALUE_COLUMNS, by kind, category and name: `change` (of `VALUE_CHANGES`), `address` (empty but where others of
        its category have that name too), `what` (of `VALUES`), and what was and is told as text, empty where nothing.
        How a list is ordered, a name is spelled (capitals, accents) or a telephone number is grouped is no change.
    """
    sides = [conform(build.resources, RESOURCES) for build in (before, after)]
    texts = [_texts(side, table) for side, table in zip(sides, sessions or (None, None), strict=True)]
    rows = []
    for old, new in same_places(before, after):
        differing = [what for what in VALUES if _key(what, texts[0][what][old]) != _key(what, texts[1][what][new])]
        if "beds" in differing and all(
            one["beds"][at] == one["capacity"][at] for one, at in zip(texts, (old, new), strict=True)
        ):
            differing.remove("capacity")  # the same fact once more
        is_certain = bool(differing) and _is_certain(before, after, old, new)
        place = {name: sides[1][name].iloc[new] for name in ("category", "name", "resource_id", "source")}
        place["address"] = after.told_apart_by(new)
        for what in differing:
            then, now = texts[0][what][old], texts[1][what][new]
            kind = "newly_told" if not then else "no_longer_told" if not now else "changed"
            told = {"change": kind if is_certain else "unconfirmed", "what": what, "before": then, "after": now}
            rows.append(place | told)
    table = pd.DataFrame(rows, columns=list(VALUE_COLUMNS))
    order = table.assign(rank=table["change"].map(VALUE_CHANGES.index), value=table["what"].map(VALUES.index))
    order = order.sort_values(["rank", "category", "name", "resource_id", "value"], kind="stable")
    return order.drop(columns=["rank", "value"]).reset_index(drop=True)


def as_far_as_known(
    before: Build, after: Build, sessions: tuple[pd.DataFrame, pd.DataFrame]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return RESOURCES and SESSIONS of the later build by the word of feeds that answered in both.

    A place stays as it was where one of its feeds failed or isn't there; one that only a new feed lists is left out.
    """
    sides = [conform(build.resources, RESOURCES) for build in (before, after)]
    pairs = dict(same_places(before, after))
    unsure = [old for old in range(len(sides[0])) if not after.answered(feeds_of(before, old), before)]
    is_there = (listed_in(before, after), listed_in(after, before))
    stays = [old for old in unsure if old in pairs or not is_there[0][old]]
    known = set(pairs.values()) - {pairs[old] for old in stays if old in pairs}
    others = set(range(len(sides[1]))) - set(pairs.values())
    known |= {new for new in others if is_there[1][new] or feeds_of(after, new) & set(before.feeds)}
    comes = sorted(known)
    parts = [sides[0].iloc[stays], sides[1].iloc[comes]]
    held = [
        conform(table, SESSIONS)[lambda rows, own=part: rows["resource_id"].isin(own["resource_id"])]
        for table, part in zip(sessions, parts, strict=True)
    ]
    resources = pd.concat(parts, ignore_index=True).drop_duplicates("resource_id")
    return in_order(resources, pd.concat(held, ignore_index=True).drop_duplicates())


def in_order(resources: pd.DataFrame, sessions: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return RESOURCES by id and SESSIONS by their own columns, so that equal tables are the same row by row."""
    return (
        conform(resources.sort_values("resource_id", kind="stable"), RESOURCES),
        conform(sessions.sort_values([column.name for column in SESSIONS.columns], kind="stable"), SESSIONS),
    )


def _is_certain(before: Build, after: Build, old: int, new: int) -> bool:
    return after.answered(feeds_of(before, old), before) and feeds_of(after, new) <= set(before.feeds)


def _texts(resources: pd.DataFrame, sessions: pd.DataFrame | None) -> dict[str, list[str]]:
    """Return each of `VALUES` of each place as text."""
    hours = {} if sessions is None else _hours(sessions)
    texts = {what: [_text(value) for value in resources[what].tolist()] for what in VALUES if what != HOURS}
    return texts | {HOURS: [hours.get(place, "") for place in resources["resource_id"].tolist()]}


def _hours(sessions: pd.DataFrame) -> dict[Any, str]:
    """Return each place's sessions as text: "Monday 19:00-20:00; Friday 12:00-13:00 (last)"."""
    table = conform(sessions, SESSIONS).sort_values(["resource_id", "weekday", "start_minute", "end_minute"])
    texts: dict[Hashable, list[str]] = {}
    for row in table.itertuples(index=False):
        weeks = f" ({row.weeks})" if isinstance(row.weeks, str) and row.weeks else ""
        text = f"{day_name(row.weekday)} {minutes_text(row.start_minute)}-{minutes_text(row.end_minute)}{weeks}"
        texts.setdefault(row.resource_id, []).append(text)
    return {place: "; ".join(dict.fromkeys(own)) for place, own in texts.items()}


def _text(value: Any) -> str:
    if pd.isna(value):
        return ""
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value).strip()


def _key(what: str, text: str) -> object:
    """Return what makes two texts of a value the same."""
    if what in _LISTS:
        return frozenset(part.strip().casefold() for part in text.split(";") if part.strip())
    if what == "phone":
        return re.sub(r"\D", "", text).removeprefix("1")
    return (normalize(text) or text) if what in _WORDS else text
