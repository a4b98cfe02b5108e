"""Places added, moved, closed and changed: RESOURCES and SESSIONS in, new ones out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import Any

import pandas as pd

from geo.clock import DAY, DAYS, minutes_text
from geo.errors import InputError
from geo.phrases import Phrase
from geo.scenarios.changes import Change, PlaceAdded, PlaceChange, PlaceChanged, PlaceClosed, PlaceMoved
from geo.scenarios.place_values import SESSIONS_EXAMPLE, check_read, checked_values, unread_sentence
from geo.spelling import near_names
from geo.streets.build import Streets
from geo.streets.snapping import attach, too_far
from geo.tables import CATEGORIES, EXACT_PRECISIONS, RESOURCES, SESSIONS, Table, conform

SOURCE = "scenario"


def with_free_ids(changes: Sequence[Change], resources: pd.DataFrame) -> list[Change]:
    """Return a scenario's changes, its new places under other ids where places of an earlier one have theirs.

    Each scenario gives ids without knowing on which others it is laid. Until it adds a place of an id, it means the
    earlier one by it; afterwards its own.
    """
    earlier = set(resources["resource_id"][resources["source"] == SOURCE])
    taken = {*resources["resource_id"], *(one.resource_id for one in changes if isinstance(one, PlaceAdded))}
    renamed: dict[str, str] = {}
    made = list[Change]()
    for change in changes:
        if isinstance(change, PlaceAdded) and change.resource_id in earlier:
            old = change.resource_id
            if old not in renamed:
                renamed[old] = next(name for number in count(2) if (name := f"{old} ({number})") not in taken)
                taken.add(renamed[old])
            made.append(replace(change, resource_id=renamed[old], values={"name": old, **change.values}))  # noqa: PD011  no table
        elif isinstance(change, PlaceMoved | PlaceClosed | PlaceChanged):
            made.append(replace(change, place=renamed.get(change.place, change.place)))
        else:
            made.append(change)
    return made


def change_place(
    streets: Streets, resources: pd.DataFrame, sessions: pd.DataFrame, change: PlaceChange, time_zone: str
) -> tuple[pd.DataFrame, pd.DataFrame, str]:
    """Return RESOURCES and SESSIONS with a change written into them, and what it does in a sentence.

    New sessions are of the time zone (IANA).

    Raises
    ------
    InputError
        There is no such place (names like it are offered), or one has the id already; a value can't be used, the score
        doesn't look at it, or a meeting would have no session.
    OutsideRegionError
        The place would lie off every street.
    """
    match change:
        case PlaceAdded():
            return _added(streets, resources, sessions, change, time_zone)
        case PlaceMoved():
            row, name = _row_of(resources, change.place)
            _check_on_streets(streets, change.lon, change.lat, name)
            moved = resources.copy()
            moved.loc[moved.index[row], ["lon", "lat"]] = [change.lon, change.lat]
            return moved, sessions, f"{name} moves to {change.lat:.5f}, {change.lon:.5f}.{_unsure(resources, row)}"
        case PlaceClosed():
            row, name = _row_of(resources, change.place)
            closed = resources["resource_id"].iloc[row]
            left = resources.drop(index=resources.index[row]).reset_index(drop=True)
            held = sessions[sessions["resource_id"] != closed].reset_index(drop=True)
            return left, held, f"{name} closes.{_unsure(resources, row)}"
        case PlaceChanged():
            row, name = _row_of(resources, change.place)
            where = Phrase("The change of {place}", place=name)
            values = checked_values(change.values, where, resources)
            category = str(values.get("category", resources["category"].iloc[row]))
            if values:
                check_read(values, category, where)
            if change.sessions is not None and category != "meeting":
                raise _not_looked_at(where, category)
            held = sessions
            if change.sessions is not None:
                place = str(resources["resource_id"].iloc[row])
                others = sessions[sessions["resource_id"] != place].reset_index(drop=True)
                held = _held(others, place, change.sessions, time_zone)
            if category == "meeting" and not (held["resource_id"] == resources["resource_id"].iloc[row]).any():
                raise _never_held(where)
            values = {**values, "dimension": CATEGORIES[category]} if "category" in values else values
            changed = resources.copy()
            for column, value in values.items():
                changed.loc[changed.index[row], column] = value
            told = [f"{column} = {value}" for column, value in values.items() if column != "dimension"]
            told += [f"sessions {_hours(change.sessions)}"] if change.sessions else []
            sentence = f"{name} changes: {', '.join(told)}.{_unsure(resources, row)}"
            return conform(changed, RESOURCES), held, sentence


def _added(
    streets: Streets, resources: pd.DataFrame, sessions: pd.DataFrame, change: PlaceAdded, time_zone: str
) -> tuple[pd.DataFrame, pd.DataFrame, str]:
    where = Phrase("The new place {place!r}", place=change.resource_id)
    if (resources["resource_id"] == change.resource_id).any():
        raise InputError(
            "{where} has the id of a place that is there; give it another one, or close that first.", where=where
        )
    values = {"source": SOURCE, "location_precision": "rooftop", **checked_values(change.values, where, resources)}
    if "category" not in values:
        raise InputError("{where} has no category; give one of {known}.", where=where, known=", ".join(CATEGORIES))
    category = str(values["category"])
    if category == "meeting" and not change.sessions:
        raise _never_held(where)
    values = {"name": change.resource_id, "dimension": CATEGORIES[category], **values}
    _check_on_streets(streets, change.lon, change.lat, str(values["name"]))
    row = {"resource_id": change.resource_id, **values, "lon": change.lon, "lat": change.lat}
    grown = _joined(resources, [row], RESOURCES)
    held = _held(sessions, change.resource_id, change.sessions, time_zone)
    sentence = f"{values['name']} opens at {change.lat:.5f}, {change.lon:.5f} ({category})."
    return grown, held, sentence + unread_sentence(change.values, category)


def _not_looked_at(where: Phrase, category: str) -> InputError:
    return InputError(
        "{where}: the score looks at the sessions of meetings alone, not of a {category}; these would change nothing.",
        where=where, category=category,
    )  # fmt: skip


def _held(sessions: pd.DataFrame, place: str, more: Sequence[Mapping[str, object]], time_zone: str) -> pd.DataFrame:
    """Return SESSIONS with those of a place more."""
    own = {"resource_id": place, "time_zone": time_zone}
    return _joined(sessions, [{**own, **one} for one in more], SESSIONS) if more else sessions


def _hours(sessions: Sequence[Mapping[str, Any]]) -> str:
    """Return when sessions are held: `mon 19:00-20:00; wed 19:00-20:00`."""
    return "; ".join(
        f"{DAYS[one['weekday']][:3]} {minutes_text(one['start_minute'])}-{minutes_text(one['end_minute'] % DAY)}"
        for one in sessions
    )


def _joined(frame: pd.DataFrame, rows: list[dict[str, object]], table: Table) -> pd.DataFrame:
    return pd.concat([conform(frame, table), conform(pd.DataFrame(rows), table)], ignore_index=True)


def _row_of(resources: pd.DataFrame, text: str) -> tuple[int, str]:
    """Return the position and name of the place that a text means."""
    ids, names = (resources[column].astype("string").fillna("") for column in ("resource_id", "name"))
    for column in (ids, names, names.str.casefold()):
        wanted = text.casefold() if column is not ids and column is not names else text
        rows = (column == wanted).to_numpy().nonzero()[0]
        if len(rows) == 1:
            return int(rows[0]), str(names.iloc[rows[0]])
        if len(rows) > 1:
            like = ", ".join(ids.iloc[rows[:5]])
            raise InputError(
                "{number} places are called {place!r}; name the one that is meant by its id: {ids}.",
                number=len(rows), place=text, ids=like,
            )  # fmt: skip
    near = near_names(text, [*names, *ids])
    raise InputError("The region lists no place {place!r}{near}", place=text, near=near)


def _never_held(where: Phrase) -> InputError:
    return InputError(
        "{where}: a meeting without a session is never held; give sessions = {example}.",
        where=where, example=SESSIONS_EXAMPLE,
    )  # fmt: skip


def _unsure(resources: pd.DataFrame, row: int) -> str:
    """Return a sentence where it isn't known, or not exactly, where a place is; nothing else."""
    place = resources.iloc[row]
    if str(place["attendance"]) == "online":
        return ""
    if pd.isna(place["lon"]) or pd.isna(place["lat"]):
        return " As it is now, its position isn't public, so it counts for nobody."
    if place["location_precision"] in EXACT_PRECISIONS:
        return ""
    return " As it is now, its position is known only roughly, so who has it in reach is unsure."


def _check_on_streets(streets: Streets, lon: float, lat: float, name: str) -> None:
    if attach(streets, [lon], [lat], "walk").link[0] < 0:
        raise too_far(streets, lon, lat, name)
