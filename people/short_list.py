"""A person's short list of houses: how far each got, who moved it on and when, so that a colleague can carry on."""

import datetime as dt

import pandas as pd

from geo.errors import EditConflictError, InputError
from people.entries import CHANGED, add_entry, edit_entry, read_entries, require_person
from people.kinds import SHORT_LIST
from people.vault import Vault, today, writing

OPEN_STATES = ("asked", "offered", "waiting")
"""States in which an answer is awaited, so that the house is to be called again."""


def short_list(vault: Vault, person_id: str) -> pd.DataFrame:
    """Return the houses on a person's short list: COMMON, then the fields of `people.kinds.SHORT_LIST`."""
    return read_entries(vault, SHORT_LIST.name, person_id)


def put_on_short_list(
    vault: Vault,
    person_id: str,
    resource_id: str,
    house: str,
    state: str = "asked",
    why: str | None = None,
    on: dt.date | None = None,
    seen: int | None = None,
) -> str:
    """Put a house on a person's short list, or move one that is on it to another state; return the entry's id.

    Parameters
    ----------
    why
        Needed where the house refused or the person moved in: why refused, or why this home was chosen.
    seen
        The version that was on the screen (0: the house wasn't on the list), so that a colleague's edit isn't lost.

    Raises
    ------
    InputError
        The state is unknown, or the reason is missing.
    EditConflictError
        Somebody put the house on the list, moved it or took it off meanwhile.
    """
    if state in ("refused", "moved_in") and not (why or "").strip():
        raise InputError("Say why: why the house refused, or why this home was chosen. The next colleague will ask.")
    require_person(vault, person_id)
    values = {"state": state, "why": why, "on": (on or today(vault)).isoformat()}
    with writing(vault):
        listed = short_list(vault, person_id)
        there = listed.loc[listed["resource_id"] == resource_id, "entry_id"]
        if there.empty:
            if seen:
                raise EditConflictError(CHANGED)
            return add_entry(vault, SHORT_LIST.name, values | {"resource_id": resource_id, "house": house}, person_id)
        edit_entry(vault, str(there.iloc[0]), values, seen)
        return str(there.iloc[0])
