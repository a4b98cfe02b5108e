"""Users: each with a passphrase of their own, seeing what is theirs and nothing else."""

import pytest

from geo.errors import InputError, NotAllowedError, PassphraseError, VaultError
from people import users as u
from people.caseload import add_person, assign, caseload, due, find_people, merge, read_person
from people.consent import accounting, add_consent, disclose
from people.entries import edit_entry, history, read_entries, remove_entry, undo
from people.export import export_person
from people.person_needs import read_needs_of, save_needs
from people.vault import is_open, lock, open_vault
from tests.people.conftest import ANA, BEN, BENS, PASSPHRASE


def test_several_users_open_one_vault_each_by_their_own_passphrase(vault, bens):
    assert bens.secret.raw() == vault.secret.raw()
    assert (bens.user.name, bens.user.role) == (BEN, "case_manager")
    for name, passphrase in ((ANA, BENS), (BEN, PASSPHRASE)):
        with pytest.raises(PassphraseError):
            open_vault(vault.place, name, passphrase, vault.settings)


def test_two_case_managers_never_see_each_other_s_people_and_a_supervisor_sees_both(vault, bens):
    u.add_user(vault, "Example Cleo", "case_manager", "nine quiet rivers bend")
    cleos = open_vault(vault.place, "Example Cleo", "nine quiet rivers bend", vault.settings)
    add_person(bens, {"name": "Person One", "discharge_on": "2026-11-30"})
    add_person(cleos, {"name": "Person Two", "discharge_on": "2026-11-30"})
    for opened, names in ((bens, ["Person One"]), (cleos, ["Person Two"]), (vault, ["Person One", "Person Two"])):
        assert caseload(opened)["name"].tolist() == names
        assert due(opened)["name"].tolist() == names
    assert find_people(cleos, "Person One").empty
    lock(cleos)


def uses(person_id, entry_id):
    return {
        "read": lambda v: read_person(v, person_id),
        "entries": lambda v: read_entries(v, "consent", person_id),
        "history": lambda v: history(v, person_id),
        "needs": lambda v: read_needs_of(v, person_id),
        "save": lambda v: save_needs(v, person_id, read_needs_of(v, person_id)[0]),
        "edit": lambda v: edit_entry(v, entry_id, {"note": "mine now"}),
        "remove": lambda v: remove_entry(v, entry_id),
        "undo": lambda v: undo(v, 1),
        "disclose": lambda v: disclose(v, person_id, entry_id, "letter"),
        "accounting": lambda v: accounting(v, person_id),
        "export": lambda v: export_person(v, person_id),
        "merge": lambda v: merge(v, add_person(v, {"name": "Person Three"}), person_id),
        "assign": lambda v: assign(v, person_id, v.user.user_id),
        "nobody": lambda v: read_person(v, "0" * 32),
        "no entry": lambda v: edit_entry(v, "0" * 32, {}),
    }


@pytest.mark.parametrize("use", uses("", ""))
def test_what_is_not_yours_is_refused_and_recorded(vault, bens, person, use):
    consent = {"recipient": "Example Court", "what": "plan", "purpose": "housing"}
    entry_id = add_consent(vault, person, consent | {"given_on": "2026-11-01", "expires_on": "2027-11-01"})
    before = vault.connection.execute("SELECT count(*) FROM audit WHERE action = 'refused'").fetchone()[0]
    with pytest.raises(NotAllowedError) as refused:
        uses(person, entry_id)[use](bens)
    assert "Person" not in str(refused.value)
    rows = vault.connection.execute("SELECT actor FROM audit WHERE action = 'refused'").fetchall()[before:]
    assert rows == [(bens.user.user_id,)]


@pytest.mark.parametrize(
    "use",
    [
        lambda v, user: u.add_user(v, "Example Dan", "supervisor", BENS),
        u.remove_user,
        lambda v, user: u.reset_passphrase(v, user, PASSPHRASE),
        lambda v, user: u.renew_recovery_code(v),
    ],
)
def test_only_supervisors_manage_users(vault, bens, use):
    with pytest.raises(NotAllowedError):
        use(bens, vault.user.user_id)


def test_a_changed_passphrase_replaces_the_old_one_and_nobody_else_s(vault, bens, clock):
    u.change_passphrase(bens, BENS, "eleven green lamps hum")
    with pytest.raises(PassphraseError):
        open_vault(vault.place, BEN, BENS, vault.settings)
    clock.pass_by(1)
    lock(open_vault(vault.place, BEN, "eleven green lamps hum", vault.settings))
    lock(open_vault(vault.place, ANA, PASSPHRASE, vault.settings))


def test_a_passphrase_is_changed_only_by_who_knows_it(vault, clock):
    with pytest.raises(PassphraseError):
        u.change_passphrase(vault, "not the passphrase", BENS)
    clock.pass_by(1)
    with pytest.raises(InputError):
        u.change_passphrase(vault, PASSPHRASE, "short")
    lock(open_vault(vault.place, ANA, PASSPHRASE, vault.settings))


def test_a_supervisor_gives_a_new_passphrase_to_who_lost_theirs(vault, bens):
    u.reset_passphrase(vault, bens.user.user_id, "eleven green lamps hum")
    lock(open_vault(vault.place, BEN, "eleven green lamps hum", vault.settings))
    with pytest.raises(PassphraseError):
        u.reset_passphrase(vault, "0" * 24, PASSPHRASE)


def test_who_was_removed_opens_nothing_and_their_people_stay(vault, bens):
    add_person(bens, {"name": "Person Four"})
    u.remove_user(vault, bens.user.user_id)
    with pytest.raises(PassphraseError):
        open_vault(vault.place, BEN, BENS, vault.settings)
    assert caseload(vault)["name"].tolist() == ["Person Four"]
    assign(vault, caseload(vault)["person_id"][0], vault.user.user_id)
    with pytest.raises(InputError):
        assign(vault, caseload(vault)["person_id"][0], bens.user.user_id)
    u.add_user(vault, BEN, "supervisor", BENS)
    lock(open_vault(vault.place, BEN, BENS, vault.settings))
    listed = u.list_users(vault).set_index("name")
    assert listed.loc[BEN, "role"] == "supervisor"
    assert listed["removed_at"].isna().all()


def test_who_was_removed_loses_the_session_that_is_open(vault, bens):
    add_person(bens, {"name": "Person Four"})
    u.remove_user(vault, bens.user.user_id)
    with pytest.raises(VaultError, match="was removed"):
        caseload(bens)
    assert not is_open(bens)


def test_who_has_another_role_has_to_unlock_again(vault, bens):
    u.remove_user(vault, bens.user.user_id)
    u.add_user(vault, BEN, "supervisor", BENS)
    with pytest.raises(VaultError, match="another role"):
        caseload(bens)


def test_the_last_supervisor_stays(vault, bens):
    with pytest.raises(VaultError, match="last supervisor"):
        u.remove_user(vault, vault.user.user_id)
    with pytest.raises(VaultError, match="no such user"):
        u.remove_user(vault, "0" * 24)


@pytest.mark.parametrize(("name", "role"), [("", "supervisor"), ("Example Dan", "funder"), (ANA.upper(), "supervisor")])
def test_what_no_user_is_made_of(vault, name, role):
    with pytest.raises(InputError):
        u.add_user(vault, name, role, BENS)


def test_another_role_ends_the_session_that_is_open_and_the_last_supervisor_keeps_theirs(vault, bens):
    u.change_role(vault, bens.user.user_id, "supervisor")
    with pytest.raises(VaultError, match="another role"):
        caseload(bens)
    u.change_role(vault, bens.user.user_id, "case_manager")
    with pytest.raises(VaultError, match="last supervisor"):
        u.change_role(vault, vault.user.user_id, "case_manager")
    with pytest.raises(InputError):
        u.change_role(vault, bens.user.user_id, "funder")
    opened = open_vault(vault.place, BEN, BENS, vault.settings)
    with pytest.raises(NotAllowedError):
        u.change_role(opened, opened.user.user_id, "supervisor")
    lock(opened)
