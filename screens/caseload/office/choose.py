"""The choice of a person for the office, archived ones too, and of a colleague."""

import pandas as pd
import streamlit as st

from layers.escaping import plain
from people.entries import entries_of_caseload, note_view
from people.kinds import PERSON
from people.users import list_users
from people.vault import Vault
from screens.caseload import session
from screens.caseload.people_list import labels
from screens.shared.words import Say


def everybody(vault: Vault) -> pd.DataFrame:
    """Return this user's people (a supervisor's: all) by name, those in the archive last."""
    people = entries_of_caseload(vault, PERSON.name)
    note_view(vault, None)
    return people.sort_values(["archived_on", "name"], na_position="first", ignore_index=True)


def person_box(label: str, people: pd.DataFrame, name: str, say: Say) -> str | None:
    """Return who was chosen."""
    return named_box(label, labels(people), name, say)


def colleagues(vault: Vault, *, removed: bool = False) -> dict[str, str]:
    """Return the users who can unlock the vault, and those who could once: id → name."""
    users = list_users(vault)
    users = users if removed else users[users["removed_at"].isna()]
    return dict(zip(users["user_id"], map(plain, users["name"]), strict=True))


def named_box(label: str, named: dict[str, str], name: str, say: Say) -> str | None:
    """Return the id of the one that was chosen among names by id."""
    chosen: str | None = st.selectbox(
        label,
        list(named),
        index=None,
        format_func=named.__getitem__,
        placeholder=say("case_choose_hint"),
        key=f"{session.PREFIX}{name}",
    )
    return chosen
