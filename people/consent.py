"""Consents, and what was handed out by them: no disclosure without one in force, each with the notice that goes along.

Sources: 42 CFR 2.31 (what a written consent says), 2.32 (notice and copy of consent to accompany disclosure; its
statement 2 is quoted), 2.25 (accounting of disclosures of the three years before), as amended by 89 FR 12472 (2024).
Not legal advice: `docs/vault.md` says what stays with the agency.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from geo.errors import ConsentError
from people.entries import add_entry, edit_entry, read_entries, require_person
from people.kinds import CONSENT, DISCLOSURE, checked
from people.vault import Vault, record, today, writing

NOTICE = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."
"""Statement 2 of 42 CFR 2.32(a), word for word; it is not translated."""
ACCOUNTING_YEARS = 3
ACCOUNTING_COLUMNS = ("disclosed_on", "recipient", "what", "purpose", "by")


@dataclass(frozen=True)
class Disclosure:
    """What goes along with what is handed out: the notice, and what the consent covers."""

    disclosure_id: str
    notice: str
    scope: Mapping[str, str]
    """`recipient`, `what`, `purpose`, `given_on`, `expires_on`: the explanation that 42 CFR 2.32(b) asks for."""


def add_consent(vault: Vault, person_id: str, values: Mapping[str, Any]) -> str:
    """Record a written consent (fields of `people.kinds.CONSENT`) and return its id.

    Raises
    ------
    InputError
        A field can't be used.
    ConsentError
        It ends before it was given.
    """
    fields = checked(CONSENT.name, values)
    if fields["expires_on"] < fields["given_on"]:
        raise ConsentError("A consent can't end before it was given; check the two dates.")
    return add_entry(vault, CONSENT.name, fields, person_id)


def revoke_consent(vault: Vault, consent_id: str, on: dt.date | None = None) -> None:
    """Record that a consent holds no more from a day on; what was handed out before stays accounted for."""
    edit_entry(vault, consent_id, {"revoked_on": (on or today(vault)).isoformat()})


def consents(vault: Vault, person_id: str, on: dt.date | None = None) -> pd.DataFrame:
    """Return a person's consents with `in_force`: whether each holds on a date (today without)."""
    table = read_entries(vault, CONSENT.name, person_id)
    return table.assign(in_force=in_force(table, on or today(vault)))


def in_force(table: pd.DataFrame, on: dt.date) -> pd.Series:
    """Return which consents hold on a date: from the day they were given through their last, before any revocation."""
    day = on.isoformat()
    return (
        (table["given_on"] <= day).fillna(False)
        & (table["expires_on"] >= day).fillna(False)
        & ~(table["revoked_on"] <= day).fillna(False)
    ).astype(bool)


def disclose(vault: Vault, person_id: str, consent_id: str, what: str) -> Disclosure:
    """Record that something of a person's record is handed out by a consent; return what must go along with it.

    Call it before the paper or file is made; without it nothing that names a person may leave.

    Parameters
    ----------
    what
        What is handed out, in a few words: "letter on homes", "week plan".

    Raises
    ------
    ConsentError
        The consent isn't this person's, has ended, or was revoked.
    NotAllowedError
        The person isn't on this user's caseload.
    """
    given = consents(vault, person_id)
    held = given[(given["entry_id"] == consent_id) & given["in_force"]]
    if held.empty:
        with writing(vault):
            record(vault, "refused", person_id=person_id, subject="disclose without a consent in force")
        raise ConsentError(
            "No consent is in force for this: it has ended, was revoked, or was never recorded. Ask the person for a "
            "new one, and record it first."
        )
    consent = held.iloc[0]
    scope = {name: str(consent[name]) for name in ("recipient", "what", "purpose", "given_on", "expires_on")}
    values = {
        "disclosed_on": today(vault), "recipient": scope["recipient"], "what": what, "purpose": scope["purpose"],
        "consent_id": consent_id, "by": vault.user.user_id,
    }  # fmt: skip
    with writing(vault):
        disclosure_id = add_entry(vault, DISCLOSURE.name, values, person_id)
        record(vault, "disclose", person_id=person_id, subject=disclosure_id)
    return Disclosure(disclosure_id, NOTICE, scope)


def accounting(vault: Vault, person_id: str, on: dt.date | None = None) -> pd.DataFrame:
    """Return what was handed out about a person in the three years before a date: ACCOUNTING_COLUMNS, latest first.

    `by` is the name of who handed it out.
    """
    from people.users import list_users

    day = on or today(vault)
    table = read_entries(vault, DISCLOSURE.name, person_id)
    since = (pd.Timestamp(day) - pd.DateOffset(years=ACCOUNTING_YEARS)).date().isoformat()
    kept = table[table["disclosed_on"].between(since, day.isoformat())]
    names = list_users(vault).set_index("user_id")["name"]
    kept = kept.assign(by=kept["by"].map(names).astype("string"))
    return kept.sort_values("disclosed_on", ascending=False, ignore_index=True)[list(ACCOUNTING_COLUMNS)]


def hand_to_person(vault: Vault, person_id: str, what: str) -> None:
    """Record that something of a person's record is made for the person, who needs no consent for it (42 CFR 2.23).

    Parameters
    ----------
    what
        In a few words: "week plan".

    Raises
    ------
    NotAllowedError
        The person isn't on this user's caseload.
    """
    require_person(vault, person_id)
    with writing(vault):
        record(vault, "export", person_id=person_id, subject=f"{what}, for the person")
