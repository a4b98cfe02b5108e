"""One person's whole record, for the person: everything that is kept of them, and how it came to be so."""

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd

from people.consent import accounting
from people.entries import history, read_entries
from people.kinds import KINDS, SHARED
from people.users import list_users
from people.vault import Vault, moment, record, writing

FORMAT = "recovery-reach person 1"


def export_person(vault: Vault, person_id: str) -> dict[str, Any]:
    """Return a person's whole record as plain values: by kind, with every edit and every disclosure of three years.

    It is theirs to have (42 CFR 2.23, 45 CFR 164.524) and needs no consent; given to anybody else it does
    (`people.consent.disclose`). Users are named, not numbered.

    Raises
    ------
    NotAllowedError
        The person isn't on this user's caseload.
    """
    names = list_users(vault).set_index("user_id")["name"]
    kinds = {kind: _plain(read_entries(vault, kind, person_id), names) for kind in KINDS if kind not in SHARED}
    document = {
        "format": FORMAT,
        "exported_at": moment(vault.settings),
        "exported_by": vault.user.name,
        "person_id": person_id,
        **kinds,
        "history": _plain(history(vault, person_id), names),
        "accounting_of_disclosures": _plain(accounting(vault, person_id), names),
    }
    with writing(vault):
        record(vault, "export", person_id=person_id, subject="whole record, for the person")
    return document


def export_json(vault: Vault, person_id: str) -> bytes:
    """Return a person's whole record as a JSON file; see `export_person`."""
    document = export_person(vault, person_id)
    return (json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def export_accounting(vault: Vault, person_id: str) -> pd.DataFrame:
    """Return the accounting of disclosures (`people.consent.accounting`), recorded as made for the person.

    Raises
    ------
    NotAllowedError
        The person isn't on this user's caseload.
    """
    table = accounting(vault, person_id)
    with writing(vault):
        record(vault, "export", person_id=person_id, subject="accounting of disclosures, for the person")
    return table


def _plain(table: pd.DataFrame, names: pd.Series) -> list[dict[str, Any]]:
    """Return rows as plain values, empty ones left out, users by name."""
    return [_readable(row, names) for row in table.to_dict("records")]


def _readable(row: Mapping[Any, Any], names: pd.Series) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, Mapping):
            values[str(name)] = _readable(value, names)
        elif not pd.isna(value):
            plain = value.item() if hasattr(value, "item") else value
            values[str(name)] = names.get(plain, plain) if name in _USERS else plain
    return values


_USERS = ("changed_by", "by", "manager")
