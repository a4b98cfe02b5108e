"""The office of the caseload: each thing by who may do it, undone where it can be, with nothing sent anywhere."""

import socket
from html import unescape
from typing import get_args

import pytest
from pytest_socket import SocketBlockedError
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.testing.v1 import AppTest

from geo.needs.needs import Needs
from people.audit import Action
from people.backup import list_backups, restore
from people.caseload import add_person, caseload, read_person
from people.folders import VaultPlace
from people.kinds import KINDS
from people.person_needs import save_needs
from people.settings import VaultSettings
from people.trail import read_trail
from people.users import add_user, list_users
from people.vault import Vault, create_vault, lock, open_vault
from screens.caseload.office.part import SUPERVISORS, TASKS
from screens.shared import own_machine
from screens.shared.catalogs import WORDS
from screens.shared.words import Say
from tests.people.conftest import ANA, BEN, BENS, PASSPHRASE
from tests.screens.caseload.conftest import Visit, everything_held, labels, pick, press, shown, unlock

SAY = Say("en")
ONE, TWO = "Person One", "Person Two"
NEW = "nine yellow lanterns hum"
FILE = b"Client Name,DOB,Color\nPerson One,1990-02-03,green\nperson one,1985-01-02,red\nPerson Two,,blue\n"


@pytest.fixture
def one(vault: Vault) -> str:
    return add_person(vault, {"name": ONE, "agency_number": "A-1"})


def task(page: AppTest, name: str) -> AppTest:
    """Open one thing of the office, from the list."""
    if not any(group.key == "cl_task" for group in page.get("button_group")):
        pick(page, "cl_view", "office")
    return pick(page, "cl_task", name)


def text(page: AppTest) -> str:
    return unescape(shown(page))


def give(page: AppTest, content: bytes) -> AppTest:
    """Choose a file of people."""
    page.file_uploader[0].set_value(("people.csv", content, "text/csv"))
    return page.run()


def choose(page: AppTest, key: str, value: str) -> None:
    page.selectbox(key).select(value).run()


def type_twice(page: AppTest, what: str, passphrase: str) -> None:
    page.text_input(f"cl_new_{what}").input(passphrase)
    page.text_input(f"cl_again_{what}").input(passphrase)


def test_people_are_imported_after_a_look_and_it_is_undone_at_once(vault: Vault, one: str, visit: Visit) -> None:
    page = give(task(unlock(visit()), "import"), FILE)
    assert not page.exception
    assert SAY("office_preview", count=3) in text(page)
    assert SAY("office_same_row", row=2, other=1) in text(page)
    assert SAY("office_same_there", row=1) in text(page)
    assert SAY("office_unused", columns="Color") in text(page)
    press(page, SAY("office_import", count=3))
    assert SAY("office_imported", count=3) in text(page)
    assert len(caseload(vault)) == 4
    press(page, SAY("case_undo"))
    assert caseload(vault)["name"].tolist() == [ONE]


def test_a_column_is_matched_by_hand(vault: Vault, visit: Visit) -> None:
    page = give(task(unlock(visit()), "import"), FILE)
    choose(page, "cl_import_column_note_1", "Color")
    press(page, SAY("office_import", count=3))
    assert caseload(vault).set_index("name").loc["Person Two", "note"] == "blue"


def test_errors_are_told_by_row_and_nobody_is_imported(vault: Vault, visit: Visit) -> None:
    page = give(task(unlock(visit()), "import"), FILE.replace(b"1985-01-02", b"in spring"))
    problem = "Date of birth must be a date like 2026-11-23."
    assert SAY("office_error", row=2, column="DOB", problem=problem) in text(page)
    assert page.button[labels(page).index(SAY("office_import", count=3))].disabled
    press(page, SAY("office_other_file"))
    assert caseload(vault).empty
    give(page, b"\x00\x01")
    assert not page.exception
    assert 'role="alert"' in text(page)
    assert page.file_uploader[0].value is None


def test_the_file_of_people_is_nowhere_once_it_is_read_and_the_vault_locked(
    vault: Vault, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    stores, add = [], MemoryUploadedFileManager.add_file

    def noted(store: MemoryUploadedFileManager, *file: object, **named: object) -> None:
        stores.append(store)
        add(store, *file, **named)

    monkeypatch.setattr(MemoryUploadedFileManager, "add_file", noted)
    page = give(task(unlock(visit()), "import"), FILE)
    assert stores
    assert not any(files for store in stores for files in store.file_storage.values())
    assert TWO in page.session_state["cl_import_table"].to_csv()
    page.button("case_lock").click().run()
    assert "cl_import_table" not in page.session_state
    assert TWO not in everything_held(page)


def test_a_file_of_people_stays_below_what_the_server_would_keep_on_the_disk(made: VaultPlace, visit: Visit) -> None:
    page = task(unlock(visit()), "import")
    assert page.file_uploader[0].proto.max_upload_size_mb == 1


def test_two_entries_are_merged_after_a_look_and_taken_apart_again(vault: Vault, one: str, visit: Visit) -> None:
    other = add_person(vault, {"name": ONE, "phone": "202-555-0101", "agency_number": "B-2"})
    for person_id, budget in ((one, 150), (other, 180)):
        save_needs(vault, person_id, Needs(weekly_budget_usd=budget))
    page = task(unlock(visit()), "merge")
    choose(page, "cl_merge_kept", one)
    choose(page, "cl_merge_other", one)
    assert "Choose two different entries" in text(page)
    choose(page, "cl_merge_other", other)
    assert "202-555-0101" in text(page)
    assert SAY("office_dropped", kind=SAY("case_kind_needs")) in text(page)
    press(page, SAY("office_merge"))
    assert not page.exception
    assert SAY("office_merged") in text(page)
    merged = read_person(vault, one)
    assert (merged["phone"], merged["agency_number"]) == ("202-555-0101", "A-1")
    press(page, SAY("case_undo"))
    assert set(caseload(vault)["person_id"]) == {one, other}


def test_two_people_of_one_name_and_nothing_else_are_told_apart(vault: Vault, visit: Visit) -> None:
    for _ in range(2):
        add_person(vault, {"name": ONE})
    page = unlock(visit())
    assert sorted(page.selectbox("cl_chosen").options) == [f"{ONE} · 1", f"{ONE} · 2"]


def test_a_whole_caseload_is_handed_over(vault: Vault, one: str, visit: Visit) -> None:
    ben = add_user(vault, BEN, "case_manager", BENS)
    add_person(vault, {"name": TWO})
    page = task(unlock(visit()), "hand_over")
    press(page, SAY("office_hand_over"))
    assert "Choose who is handed over" in text(page)
    choose(page, "cl_hand_from", vault.user.user_id)
    page.checkbox("cl_hand_all").check().run()
    choose(page, "cl_hand_to", ben)
    press(page, SAY("office_hand_over"))
    assert SAY("office_handed_over", count=2) in text(page)
    assert set(caseload(vault)["manager"]) == {ben}
    press(page, SAY("case_undo"))
    assert set(caseload(vault)["manager"]) == {vault.user.user_id}


def test_nobody_is_erased_without_their_name_and_backups_that_hold_them_are_named(
    vault: Vault, one: str, visit: Visit
) -> None:
    page = press(task(unlock(visit()), "backup"), SAY("office_backup"))
    file = list_backups(vault)["file"].iloc[0]
    task(page, "erase")
    choose(page, "cl_erase_who", one)
    press(page, SAY("office_erase"))
    assert "Nobody was erased" in text(page)
    page.text_input("cl_erase_typed").input("person  one")
    press(page, SAY("office_erase"))
    assert not page.exception
    assert SAY("office_erased_backups", files=file) in text(page)
    assert caseload(vault).empty


def test_a_supervisor_adds_changes_and_removes_a_colleague(vault: Vault, visit: Visit, settings: VaultSettings) -> None:
    page = task(unlock(visit()), "users")
    page.text_input("cl_user_name").input(BEN)
    type_twice(page, "user_add", "password1234")
    page.button("cl_user_add").click().run()
    assert "too easy to guess" in text(page)
    assert page.text_input("cl_user_name").value == BEN, "what was typed is still there"
    type_twice(page, "user_add", BENS)
    page.button("cl_user_add").click().run()
    assert SAY("office_user_added") in text(page)
    bens = open_vault(vault.place, BEN, BENS, settings)
    choose(page, "cl_user_who", bens.user.user_id)
    choose(page, "cl_user_new_role", "supervisor")
    page.button("cl_user_change").click().run()
    assert list_users(vault).set_index("name").loc[BEN, "role"] == "supervisor"
    page.radio("cl_user_what").set_value("reset").run()
    type_twice(page, "user_change", NEW)
    page.button("cl_user_change").click().run()
    lock(open_vault(vault.place, BEN, NEW, settings))
    page.radio("cl_user_what").set_value("remove").run()
    page.button("cl_user_change").click().run()
    assert "check the box first" in text(page)
    page.checkbox("cl_user_sure").check()
    page.button("cl_user_change").click().run()
    assert SAY("office_done_remove") in text(page)
    assert list_users(vault).set_index("name")["removed_at"].notna()[BEN]
    assert {"user_added", "user_role", "passphrase", "user_removed"} <= set(read_trail(vault)["action"])


def test_the_last_supervisor_stays_one(vault: Vault, visit: Visit) -> None:
    page = task(unlock(visit()), "users")
    choose(page, "cl_user_who", vault.user.user_id)
    page.button("cl_user_change").click().run()
    assert "the last supervisor" in text(page)
    assert list_users(vault)["role"].tolist() == ["supervisor"]


@pytest.mark.parametrize("name", SUPERVISORS)
def test_a_case_manager_is_not_offered_what_supervisors_do_and_a_forced_attempt_is_recorded(
    vault: Vault, one: str, visit: Visit, name: str
) -> None:
    add_user(vault, BEN, "case_manager", BENS)
    page = pick(unlock(visit(), BEN, BENS), "cl_view", "office")
    tasks = next(group for group in page.get("button_group") if group.key == "cl_task")
    assert tasks.options == [SAY(f"office_task_{one}") for one in TASKS if one not in SUPERVISORS]
    pick(page, "cl_view", "people")
    page.session_state["cl_task"] = name
    pick(page, "cl_view", "office")
    assert "isn't yours to see" in text(page)
    assert ONE not in text(page)
    refused = read_trail(vault).query("action == 'refused'")
    assert refused["who"].tolist() == [BEN]
    page.run()
    assert not page.exception


def test_a_case_manager_merges_hands_over_and_imports_their_own_people_only(
    vault: Vault, one: str, visit: Visit, settings: VaultSettings
) -> None:
    add_user(vault, BEN, "case_manager", BENS)
    bens = open_vault(vault.place, BEN, BENS, settings)
    his = add_person(bens, {"name": TWO})
    page = task(unlock(visit(), BEN, BENS), "merge")
    assert ONE not in "".join(page.selectbox("cl_merge_kept").options)
    task(page, "hand_over")
    page.multiselect("cl_hand_who").select(his).run()
    choose(page, "cl_hand_to", vault.user.user_id)
    press(page, SAY("office_hand_over"))
    assert caseload(bens).empty
    assert SAY("case_undo") not in labels(page), "they are another's now"


def test_one_s_own_passphrase_is_changed_and_nothing_typed_is_lost_on_refusal(
    vault: Vault, visit: Visit, settings: VaultSettings
) -> None:
    page = task(unlock(visit()), "passphrase")
    page.text_input("cl_old").input("wrong horse battery staple")
    type_twice(page, "own", NEW)
    page.run()
    assert SAY("case_strength", word=SAY("case_strength_strong")) in text(page)
    press(page, SAY("office_change_own"))
    assert "the passphrase is wrong" in text(page)
    assert page.text_input("cl_new_own").value == NEW
    vault.place.attempts_file.unlink()
    page.text_input("cl_old").input(PASSPHRASE)
    press(page, SAY("office_change_own"))
    assert SAY("office_changed_own") in text(page)
    assert NEW not in everything_held(page)
    lock(open_vault(vault.place, ANA, NEW, settings))


def test_the_recovery_code_opens_the_vault_on_the_page_and_a_new_one_is_shown(
    place: VaultPlace, visit: Visit, settings: VaultSettings
) -> None:
    made, code = create_vault(place, ANA, PASSPHRASE, settings)
    lock(made)
    page = visit()
    page.text_input("cl_lost_name").input(ANA)
    page.text_input("cl_lost_code").input("nothing")
    type_twice(page, "lost", NEW)
    press(page, SAY("case_lost_use"))
    assert "32 letters and digits" in text(page)
    page.text_input("cl_lost_code").input(code.lower())
    press(page, SAY("case_lost_use"))
    assert SAY("case_code") in text(page)
    assert NEW not in everything_held(page)
    page.button("cl_code_done").click().run()
    task(page, "passphrase")
    press(page, SAY("office_code"))
    assert SAY("case_code") in text(page)
    lock(open_vault(place, ANA, NEW, settings))


def test_no_recovery_code_is_typed_or_made_where_the_app_serves_others(made: VaultPlace, visit: Visit) -> None:
    own_machine.serve_to(["127.0.0.1", "reach.test"])
    try:
        page = visit()
        assert "cl_lost_code" not in {field.key for field in page.text_input}
        task(unlock(page), "passphrase")
        assert SAY("office_code") not in labels(page)
        assert SAY("office_code_elsewhere") in text(page)
    finally:
        own_machine.serve_to(["127.0.0.1"])


def test_the_audit_trail_is_checked_and_a_break_says_where_and_what_to_do(vault: Vault, one: str, visit: Visit) -> None:
    page = task(unlock(visit()), "trail")
    assert SAY("trail_did_unlock") in text(page)
    press(page, SAY("office_verify"))
    head = page.session_state["cl_trail_verdict"].head
    assert head in text(page)
    page.text_input("cl_trail_end").input("12")
    press(page, SAY("office_verify"))
    assert "written as it was printed" in text(page)
    page.text_input("cl_trail_end").input(f"2:{'0' * 64}")
    press(page, SAY("office_verify"))
    assert SAY("office_broken", row=2) in text(page)
    assert "Row 2 is not the one that you kept." in text(page)
    page.text_input("cl_trail_end").input("")
    vault.connection.execute("UPDATE audit SET actor = 'somebody' WHERE number = 3")
    press(page, SAY("office_verify"))
    assert SAY("office_broken", row=3) in text(page)
    assert SAY("office_broken_what") in text(page)


def test_a_backup_is_proven_handed_out_and_restores(
    vault: Vault, one: str, visit: Visit, settings: VaultSettings, tmp_path
) -> None:
    page = press(task(unlock(visit()), "backup"), SAY("office_backup"))
    assert not page.exception
    assert SAY("office_backed_up", count=1) in text(page)
    name, content = page.session_state["cl_backup"]
    assert f"recovery-reach vault restore {name}" in text(page).replace("&#45;", "-")
    (tmp_path / name).write_bytes(content)
    elsewhere = VaultPlace(tmp_path / "new" / "people.db", tmp_path / "new-keys")
    opened, proof = restore(elsewhere, tmp_path / name, ANA, PASSPHRASE, settings)
    assert (caseload(opened)["name"].tolist(), proof.people) == ([ONE], 1)
    assert not list(vault.place.database.parent.glob("*.backup*"))


def test_whatever_the_trail_tells_has_words() -> None:
    wanted = {f"case_kind_{kind}" for kind in KINDS}
    wanted |= {f"trail_did_{action}" for action in get_args(Action) if action not in ("edit", "undo")}
    assert wanted <= set(WORDS)


@pytest.mark.disable_socket
def test_the_whole_flow_opens_no_socket(vault: Vault, one: str, visit: Visit, settings: VaultSettings) -> None:
    with pytest.raises(SocketBlockedError), pytest.warns(UserWarning, match="tried to use socket"):
        socket.socket()
    page = unlock(visit())
    give(task(page, "import"), FILE)
    press(page, SAY("office_import", count=3))
    press(task(page, "backup"), SAY("office_backup"))
    press(task(page, "trail"), SAY("office_verify"))
    assert SAY("office_keep_end") in text(page)
    pick(page, "cl_view", "people")
    page.selectbox("cl_chosen").select(one).run()
    pick(page, "cl_part", "papers")
    for file in ("disclosures_csv", "disclosures_pdf", "record_json", "record_pdf"):
        page.button(f"cl_file_{file}_make").click().run()
        assert page.get("download_button")
    for part in ("needs", "houses", "record", "history"):
        pick(page, "cl_part", part)
        assert not page.exception
    page.button("case_lock").click().run()
    assert SAY("case_locked_asked") in text(page)
