"""The caseload: people, who cares for them, what is due; the archive; two entries of one person made one."""

import datetime as dt
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from geo.errors import EditConflictError, InputError
from people.consent import in_force
from people.entries import (
    State,
    edit_entry,
    entries_of_caseload,
    note_view,
    read_entries,
    require_person,
    save,
    states_of,
)
from people.kinds import CONSENT, PERSON, SHORT_LIST, checked, only_one
from people.notebook import house_calls, latest_words
from people.settings import DueSettings
from people.short_list import OPEN_STATES
from people.vault import Vault, reading, today, writing

USUAL = DueSettings()
DUE_COLUMNS = ("person_id", "name", "what", "on", "days", "about")


@dataclass(frozen=True, repr=False)
class MergePreview:
    """What a merge would make of two entries.

    `fields`: a row for each field that either has: `field` (of `people.kinds.PERSON`), `kept`, `other`, `result`;
    `moved`: how many entries of each kind go over; `dropped`: kinds of which the kept one has its own, which stands.
    """

    fields: pd.DataFrame
    moved: Mapping[str, int]
    dropped: tuple[str, ...]


def find_people(vault: Vault, text: str) -> pd.DataFrame:
    """Return those of this user's people whose id, name or agency number is this, archived ones too; as `caseload`.

    Nobody's is empty.
    """
    people = entries_of_caseload(vault, PERSON.name)
    note_view(vault, None)
    wanted = comparable(text)
    matches = pd.Series(False, index=people.index)
    for name in ("person_id", "name", "agency_number"):
        matches |= people[name].fillna("").map(comparable) == wanted
    return people[matches & (wanted != "")].reset_index(drop=True)


def comparable(name: str) -> str:
    """Return a name as it is compared: case and spaces don't matter."""
    return " ".join(name.split()).casefold()


def add_person(vault: Vault, values: Mapping[str, Any]) -> str:
    """Add a person to this user's caseload and return their id.

    Parameters
    ----------
    values
        Fields of `people.kinds.PERSON`; `name` is needed.

    Raises
    ------
    InputError
        A field can't be used.
    """
    person_id = secrets.token_hex(16)
    save(vault, "add", {person_id: new_person(vault, person_id, values)})
    return person_id


def new_person(vault: Vault, person_id: str, values: Mapping[str, Any]) -> State:
    """Return the state of a new person on this user's caseload, checked."""
    return State(PERSON.name, person_id, checked(PERSON.name, {"manager": vault.user.user_id, **values}))


def edit_person(vault: Vault, person_id: str, values: Mapping[str, Any], seen: int | None = None) -> None:
    """Change fields of a person, but for whose caseload (`assign`) and the archive (`archive`); see `edit_entry`."""
    if {"manager", "archived_on"} & set(values):
        raise InputError("Use assign, archive or unarchive for that.")
    edit_entry(vault, person_id, values, seen)


def read_person(vault: Vault, person_id: str) -> Mapping[str, Any]:
    """Return a person's fields, empty ones as None, with `version` for `edit_person`; a view in the audit trail.

    Raises
    ------
    NotAllowedError
        They aren't on this user's caseload.
    """
    row = read_entries(vault, PERSON.name, person_id)
    if row.empty:
        require_person(vault, person_id)
        raise EditConflictError("This entry was merged into another, or taken away; undo that to see it.")
    return {name: None if pd.isna(value) else value for name, value in row.iloc[0].items()}


def caseload(
    vault: Vault,
    on: dt.date | None = None,
    settings: DueSettings = USUAL,
    *,
    archived: bool = False,
    what: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return this user's people (a supervisor's: everybody), those with the nearest due date first, then by name.

    Parameters
    ----------
    what
        What is due, as `due` gives it, where that is at hand.

    Returns
    -------
    DataFrame
        `person_id`, the fields of `people.kinds.PERSON`, `version`, and `due`: how many things are; `due_what`,
        `due_on`: the first of them (see `due`).
    """
    people = entries_of_caseload(vault, PERSON.name)
    people = people[people["archived_on"].notna() if archived else people["archived_on"].isna()]
    note_view(vault, None)
    what = _due(vault, people, on or today(vault), settings) if what is None else what
    first = what.drop_duplicates("person_id").set_index("person_id")
    counts = what["person_id"].value_counts()
    ids = people["person_id"]
    listed = people.drop(columns="entry_id").assign(
        due=ids.map(counts).fillna(0).astype("Int64"),
        due_what=ids.map(first["what"]).astype("string"),
        due_on=ids.map(first["on"]).astype("string"),
    )
    return listed.sort_values(["due_on", "name"], na_position="last", ignore_index=True)


def due(
    vault: Vault, on: dt.date | None = None, settings: DueSettings = USUAL, *, person_id: str | None = None
) -> pd.DataFrame:
    """Return what is due for this user's people, or for one of them, earliest first; nothing for the archive.

    Returns
    -------
    DataFrame
        DUE_COLUMNS: `what` is `discharge` (date of leaving treatment), `consent` (in force, ends soon), `stale_call`
        (a house on the short list not called for `call_days`, or never: `days` since it was put there), `ask_again`
        or `hold_ends` (as a call said; one after the hold ended asks anew). `on`: the date; `days`: from today,
        negative where it has passed; `about`: the recipient or the house.
    """
    people = entries_of_caseload(vault, PERSON.name)
    note_view(vault, None)
    people = people[people["archived_on"].isna() & (person_id is None or people["person_id"] == person_id)]
    return _due(vault, people, on or today(vault), settings)


def archive(vault: Vault, person_id: str, on: dt.date | None = None) -> None:
    """Put a person into the archive: off the caseload, nothing lost."""
    _set(vault, "archive", [person_id], {"archived_on": (on or today(vault)).isoformat()})


def unarchive(vault: Vault, person_id: str) -> None:
    """Take a person back onto the caseload."""
    _set(vault, "unarchive", [person_id], {"archived_on": None})


def assign(vault: Vault, person_id: str, user_id: str) -> None:
    """Hand a person over to a colleague; see `assign_all`."""
    assign_all(vault, [person_id], user_id)


def assign_all(vault: Vault, person_ids: Sequence[str], user_id: str) -> None:
    """Hand people over to a colleague, all as one edit: the case manager who has them, or a supervisor, may.

    Raises
    ------
    InputError
        There is no such user.
    NotAllowedError
        One of them isn't on this user's caseload; then nobody is handed over.
    """
    with reading(vault) as connection:
        there = connection.execute(
            "SELECT 1 FROM users WHERE user_id = ? AND removed_at IS NULL", (user_id,)
        ).fetchone()
    if there is None:
        raise InputError("There is no such user to hand this person to.")
    _set(vault, "assign", person_ids, {"manager": user_id})


def merge(vault: Vault, keep_id: str, other_id: str) -> None:
    """Make two entries of one person one, as a single edit that can be undone.

    What the other has and the kept one hasn't is filled in; where both have something, the kept one's stands and the
    other's stays in the history. Everything else (consents, calls, short list, progress) goes to the kept one.

    Raises
    ------
    InputError
        Both are the same entry.
    NotAllowedError
        One of them isn't on this user's caseload.
    """
    _require_two(vault, keep_id, other_id)
    with writing(vault):
        save(vault, "merge", _merged(vault, keep_id, other_id)[1])


def preview_merge(vault: Vault, keep_id: str, other_id: str) -> MergePreview:
    """Return what `merge` would make of two entries, for a look before it; nothing is saved.

    Raises
    ------
    InputError, EditConflictError, NotAllowedError
        As `merge`.
    """
    _require_two(vault, keep_id, other_id)
    before, after = _merged(vault, keep_id, other_id)
    for person_id in (keep_id, other_id):
        note_view(vault, person_id)
    names = [name for name in PERSON.names if name not in ("manager", "archived_on")]
    sides = {"kept": before[keep_id], "other": before[other_id], "result": after[keep_id]}
    fields = pd.DataFrame(
        [(name, *(state.fields.get(name) for state in sides.values())) for name in names], columns=["field", *sides]
    )
    others = [state for entry_id, state in after.items() if entry_id not in (keep_id, other_id)]
    return MergePreview(
        fields.dropna(subset=["kept", "other"], how="all").reset_index(drop=True),
        Counter(state.kind for state in others if not state.removed),
        tuple(sorted({state.kind for state in others if state.removed})),
    )


def _require_two(vault: Vault, keep_id: str, other_id: str) -> None:
    if keep_id == other_id:
        raise InputError("Choose two different entries to make one.")
    for person_id in (keep_id, other_id):
        require_person(vault, person_id)


def _merged(vault: Vault, keep_id: str, other_id: str) -> tuple[dict[str, State], dict[str, State]]:
    """Return the states of the entries of two people, and those that change once they are one."""
    kept, moved = states_of(vault, keep_id), states_of(vault, other_id)
    if keep_id not in kept or other_id not in moved:
        raise EditConflictError("One of the two was merged or taken away already.")
    states = {entry_id: replace(state, person_id=keep_id) for entry_id, state in moved.items()}
    filled = {**moved[other_id].fields, **kept[keep_id].fields}
    if "archived_on" not in kept[keep_id].fields:
        filled.pop("archived_on", None)
    states[other_id] = replace(states[other_id], removed=True)
    own = {only_one(state.kind, state.fields) for state in kept.values()} - {None}
    states |= {
        entry_id: replace(state, removed=True)
        for entry_id, state in states.items()
        if only_one(state.kind, state.fields) in own
    }
    return {**kept, **moved}, {**states, keep_id: replace(kept[keep_id], fields=filled)}


def _set(vault: Vault, what: str, person_ids: Sequence[str], values: Mapping[str, Any]) -> None:
    for person_id in person_ids:
        require_person(vault, person_id)
    with writing(vault):
        save(vault, what, {person_id: _changed(vault, person_id, values) for person_id in person_ids})


def _changed(vault: Vault, person_id: str, values: Mapping[str, Any]) -> State:
    state = states_of(vault, person_id).get(person_id)
    if state is None:
        raise EditConflictError("This entry was merged into another, or taken away.")
    return replace(state, fields=checked(PERSON.name, {**state.fields, **values}))


def _due(vault: Vault, people: pd.DataFrame, on: dt.date, settings: DueSettings) -> pd.DataFrame:
    names = people.set_index("person_id")["name"]
    consents = entries_of_caseload(vault, CONSENT.name)
    listed = entries_of_caseload(vault, SHORT_LIST.name)
    listed = listed[listed["state"].isin(OPEN_STATES)]
    calls = latest_words(house_calls(vault)).set_index("resource_id")
    calls["hold_until"] = calls["hold_until"].where(calls["hold_until"] >= calls["called_on"])
    calls["ask_again_on"] = calls["ask_again_on"].where(calls["ask_again_on_heard_on"] == calls["called_on"])
    called = _said(listed, calls, "called_on").fillna(listed["on"])
    parts = [
        _part("discharge", people["person_id"], people["discharge_on"]),
        _part(
            "consent", *(consents[in_force(consents, on)][name] for name in ("person_id", "expires_on", "recipient"))
        ),
        _part("stale_call", listed["person_id"], _days_later(called, settings.call_days), listed["house"]),
        *(
            _part(what, listed["person_id"], _said(listed, calls, field), listed["house"])
            for what, field in (("ask_again", "ask_again_on"), ("hold_ends", "hold_until"))
        ),
    ]
    ahead = _AT_HAND | {"discharge": settings.discharge_days, "consent": settings.consent_days}
    table = pd.concat(parts, ignore_index=True).dropna(subset="on")
    days = (pd.to_datetime(table["on"]) - pd.Timestamp(on)).dt.days
    table = table.assign(name=table["person_id"].map(names), days=days.astype("Int64"))
    table = table[table["name"].notna() & (days <= table["what"].map(ahead).astype("int64"))]
    return table.sort_values(["on", "name", "what"], ignore_index=True)[list(DUE_COLUMNS)]


_AT_HAND = {"stale_call": 0, "ask_again": 1, "hold_ends": 1}
"""Days ahead of what is due, where no setting says."""


def _said(listed: pd.DataFrame, calls: pd.DataFrame, field: str) -> pd.Series:
    """Return what the calls (one row per house) say of each house of a list."""
    return listed["resource_id"].map(calls[field]).astype("string")


def _part(what: str, person_id: pd.Series, on: pd.Series, about: pd.Series | None = None) -> pd.DataFrame:
    columns = {"person_id": person_id.to_numpy(), "what": what, "on": on.to_numpy()}
    table = pd.DataFrame(columns | {"about": None if about is None else about.to_numpy()})
    return table.astype("string")


def _days_later(dates: pd.Series, days: int) -> pd.Series:
    return (pd.to_datetime(dates) + pd.Timedelta(days=days)).dt.strftime("%Y-%m-%d")
