"""Consents: nothing that names a person leaves without one in force, and what left is accounted for."""

import datetime as dt

import pytest

from geo.errors import ConsentError, InputError, NotAllowedError
from people import consent as k
from people.caseload import add_person
from people.users import add_user, remove_user
from people.vault import lock, open_vault
from tests.people.conftest import TODAY

CONSENT = {"recipient": "Example Court", "what": "homes compared", "purpose": "housing", "given_on": "2026-11-01",
           "expires_on": "2026-12-20"}  # fmt: skip


@pytest.mark.parametrize(
    ("on", "holds"),
    [("2026-10-31", False), ("2026-11-01", True), ("2026-12-09", True), ("2026-12-10", False), ("2026-12-21", False)],
)
def test_a_consent_holds_from_its_first_day_to_its_last_or_its_revocation(vault, person, on, holds):
    consent_id = k.add_consent(vault, person, CONSENT)
    k.revoke_consent(vault, consent_id, dt.date(2026, 12, 10))
    assert k.consents(vault, person, dt.date.fromisoformat(on))["in_force"].tolist() == [holds]


@pytest.mark.parametrize(("on", "holds"), [("2026-12-20", True), ("2026-12-21", False)])
def test_a_consent_holds_through_its_last_day(vault, person, on, holds):
    k.add_consent(vault, person, CONSENT)
    assert k.consents(vault, person, dt.date.fromisoformat(on))["in_force"].tolist() == [holds]


def test_what_is_handed_out_carries_notice_and_scope_and_is_accounted_for(vault, person):
    consent_id = k.add_consent(vault, person, CONSENT)
    made = k.disclose(vault, person, consent_id, "letter on three homes")
    assert made.notice == "42 CFR part 2 prohibits unauthorized use or disclosure of these records."
    assert dict(made.scope) == CONSENT
    assert k.accounting(vault, person).to_dict("records") == [
        {"disclosed_on": TODAY.isoformat(), "recipient": "Example Court", "what": "letter on three homes",
         "purpose": "housing", "by": "Example Ana"}
    ]  # fmt: skip
    rows = vault.connection.execute("SELECT person_id, subject FROM audit WHERE action = 'disclose'").fetchall()
    assert rows == [(person, made.disclosure_id)]


def ended(vault, person, clock):
    consent_id = k.add_consent(vault, person, CONSENT)
    vault.use.at = (vault.use.at[0] + 30 * 86400, vault.use.at[1])  # somebody uses it a month later
    clock.at += dt.timedelta(days=30)
    return consent_id


def revoked(vault, person, clock):
    consent_id = k.add_consent(vault, person, CONSENT)
    k.revoke_consent(vault, consent_id)
    return consent_id


def to_come(vault, person, clock):
    return k.add_consent(vault, person, CONSENT | {"given_on": "2026-12-01"})


def somebody_else_s(vault, person, clock):
    return k.add_consent(vault, add_person(vault, {"name": "Person Two"}), CONSENT)


@pytest.mark.parametrize("consent", [ended, revoked, to_come, somebody_else_s, lambda *_: "0" * 32])
def test_without_a_consent_in_force_nothing_leaves_and_the_attempt_is_recorded(vault, person, clock, consent):
    with pytest.raises(ConsentError, match="No consent is in force"):
        k.disclose(vault, person, consent(vault, person, clock), "letter")
    assert k.accounting(vault, person).empty
    row = vault.connection.execute("SELECT count(*) FROM audit WHERE action = 'refused'").fetchone()
    assert row == (1,)


def test_the_accounting_goes_back_three_years_and_names_who_left(vault, person, clock):
    consent_id = k.add_consent(vault, person, CONSENT)
    k.disclose(vault, person, consent_id, "letter")
    for years, rows in ((3, 1), (4, 0)):
        assert len(k.accounting(vault, person, TODAY.replace(year=TODAY.year + years))) == rows
    assert len(k.accounting(vault, person, TODAY - dt.timedelta(days=1))) == 0


def test_a_colleague_who_was_removed_is_still_named(vault, person):
    other = add_user(vault, "Example Cleo", "supervisor", "nine quiet rivers bend")
    cleos = open_vault(vault.place, "Example Cleo", "nine quiet rivers bend", vault.settings)
    k.disclose(cleos, person, k.add_consent(cleos, person, CONSENT), "letter")
    lock(cleos)
    remove_user(vault, other)
    assert k.accounting(vault, person)["by"].tolist() == ["Example Cleo"]


def test_what_the_person_gets_needs_no_consent_and_is_in_the_trail(vault, bens, person):
    k.hand_to_person(vault, person, "week plan")
    rows = vault.connection.execute("SELECT person_id, subject FROM audit WHERE action = 'export'").fetchall()
    assert rows == [(person, "week plan, for the person")]
    assert k.accounting(vault, person).empty
    with pytest.raises(NotAllowedError):
        k.hand_to_person(bens, person, "week plan")


def test_dates_that_contradict_are_refused(vault, person):
    with pytest.raises(ConsentError, match="before it was given"):
        k.add_consent(vault, person, CONSENT | {"expires_on": "2026-10-01"})
    with pytest.raises(InputError, match="expires_on can't be empty"):
        k.add_consent(vault, person, CONSENT | {"expires_on": None})
