"""The door of the caseload: a vault made and unlocked on the page, and locked when it is left alone."""

import pytest

from people.folders import VaultPlace
from people.settings import VaultSettings
from people.vault import open_vault
from screens.shared import own_machine
from screens.shared.words import Say
from tests.people.conftest import ANA, PASSPHRASE, Clock
from tests.screens.caseload.conftest import Visit, everything_held, labels, shown, unlock

SAY = Say("en")
WRONG = "wrong horse battery staple"


def test_without_a_vault_the_page_says_what_it_is_for_and_how_to_make_one(place: VaultPlace, visit: Visit) -> None:
    page = visit()
    assert not page.exception
    assert SAY("case_none") in shown(page)
    assert "recovery-reach vault create" in shown(page).replace("&#45;", "-")


def test_a_vault_is_made_and_its_recovery_code_is_shown_once(
    place: VaultPlace, visit: Visit, settings: VaultSettings
) -> None:
    page = visit()
    page.text_input("cl_name").input(ANA)
    page.text_input("cl_new").input(PASSPHRASE).run()
    assert SAY("case_strength", word="strong") in shown(page)
    page.text_input("cl_again").input(PASSPHRASE)
    page.button("cl_create").click().run()
    assert not page.exception
    assert SAY("case_code") in shown(page)
    assert f'<button type="button" data-print>{SAY("case_code_print")}</button>' in shown(page)
    assert PASSPHRASE not in everything_held(page)
    open_vault(place, ANA, PASSPHRASE, settings)
    page.button("cl_code_done").click().run()
    assert SAY("case_code") not in shown(page)
    assert SAY("case_no_people") in shown(page)


@pytest.mark.parametrize(
    ("phrase", "again", "sentence"),
    [
        (PASSPHRASE, PASSPHRASE + "x", "The two passphrases differ"),
        ("password1234", "password1234", "too easy to guess"),
        ("", "", "at least 12 letters"),
    ],
)
def test_a_passphrase_that_will_not_do_makes_no_vault(
    place: VaultPlace, visit: Visit, phrase: str, again: str, sentence: str
) -> None:
    page = visit()
    page.text_input("cl_name").input(ANA)
    page.text_input("cl_new").input(phrase)
    page.text_input("cl_again").input(again)
    page.button("cl_create").click().run()
    assert sentence in shown(page)
    assert not place.key_file.exists()


def test_wrong_passphrases_slow_down_and_never_lock_out(made: VaultPlace, visit: Visit, clock: Clock) -> None:
    page = unlock(visit(), passphrase=WRONG)
    assert "next attempt has to wait 1 s" in shown(page)
    page = unlock(page)
    assert "has to wait 1 s" in shown(page), "even the right one waits"
    for _ in range(20):
        clock.pass_by(301)
        page = unlock(page, passphrase=WRONG)
    clock.pass_by(301)
    page = unlock(page)
    assert SAY("case_no_people") in shown(page)


def test_an_idle_vault_locks_and_so_does_the_button(made: VaultPlace, visit: Visit, clock: Clock) -> None:
    page = unlock(visit())
    clock.pass_by(15 * 60 - 1)
    page.run()
    assert SAY("case_lock") in labels(page)
    clock.pass_by(15 * 60 + 1)
    page.run()
    assert SAY("case_locked_idle") in shown(page)
    page = unlock(page)
    page.button("case_lock").click().run()
    assert SAY("case_locked_asked") in shown(page)
    assert "cl_vault" not in page.session_state


def test_where_the_libraries_are_missing_the_page_says_so(
    made: VaultPlace, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "argon2.low_level", None)
    page = unlock(visit())
    assert not page.exception
    assert "no SQLCipher or Argon2" in shown(page)


def test_a_vault_is_not_made_where_the_app_serves_others_too(place: VaultPlace, visit: Visit) -> None:
    own_machine.serve_to(["127.0.0.1", "reach.test"])
    try:
        page = visit()
    finally:
        own_machine.serve_to(["127.0.0.1"])
    assert SAY("case_none") in shown(page)
    assert not page.text_input


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("may", [True, False])
def test_the_door_says_where_swap_may_hold_names(visit: Visit, monkeypatch: pytest.MonkeyPatch, may: bool) -> None:
    monkeypatch.setattr("screens.caseload.door.may_be_swapped", lambda: may)
    assert (SAY("case_swap") in shown(visit())) is may
