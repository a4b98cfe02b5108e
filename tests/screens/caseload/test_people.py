"""The people of the caseload: each visit sees its own, locking forgets them, needs are saved as they are typed."""

import datetime as dt
from dataclasses import replace
from html import unescape

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from geo.errors import VaultError
from geo.needs.needs import Needs, SavedPlace, StayAway
from layers.escaping import telephone
from people.caseload import add_person, caseload, edit_person, merge, read_person
from people.entries import history
from people.folders import VaultPlace
from people.importing import import_people, preview
from people.notebook import add_call, house_calls
from people.person_needs import read_needs_of, save_needs
from people.settings import VaultSettings
from people.short_list import put_on_short_list, short_list
from people.trail import read_trail
from people.users import add_user
from people.vault import Vault, lock, open_vault
from screens.shared import regions
from screens.shared.words import Say
from tests.people.conftest import BEN, BENS, PASSPHRASE, Clock
from tests.screens.caseload.conftest import Visit, everything_held, go_to, labels, shown, unlock

SAY = Say("en")
ONE, TWO = "Person One", "Person Two"


@pytest.fixture
def one(vault: Vault) -> str:
    return add_person(vault, {"name": ONE, "discharge_on": "2026-12-03", "agency_number": "A-1"})


def opened(page: AppTest, person_id: str) -> AppTest:
    """Open a person by the list."""
    return page.selectbox("cl_chosen").select(person_id).run()


def field(page: AppTest, path: str):
    return next(one for one in page.text_input if one.key.startswith("cm_") and one.key.endswith(path))


def budget(page: AppTest):
    return next(one for one in page.number_input if one.key.endswith("weekly_budget_usd"))


def test_a_person_is_added_and_opened(made: VaultPlace, visit: Visit) -> None:
    page = unlock(visit())
    page.text_input("cl_add_name").input(ONE)
    page.date_input("cl_add_discharge_on").set_value(dt.date(2026, 12, 3))
    page.button[labels(page).index(SAY("case_add"))].click().run()
    assert not page.exception
    assert f"<h2>{ONE}</h2>" in shown(page)
    assert "Leaves treatment on" in shown(page)


def test_a_person_needs_a_name(made: VaultPlace, visit: Visit) -> None:
    page = unlock(visit())
    page.button[labels(page).index(SAY("case_add"))].click().run()
    assert "Write the person's name." in unescape(shown(page))


def test_what_is_due_stands_first_and_the_archive_is_apart(vault: Vault, one: str, visit: Visit) -> None:
    add_person(vault, {"name": TWO})
    page = unlock(visit())
    assert shown(page).index(ONE) < shown(page).index(TWO)
    assert "in 4 days" in shown(page)
    opened(page, one).button("cl_archive").click().run()
    assert "In the archive since November 29, 2026" in shown(page)
    page.button("cl_back").click().run()
    assert ONE not in shown(page)
    page.toggle("cl_archived").set_value(True).run()
    assert ONE in shown(page)
    assert TWO not in shown(page)


def test_two_visits_never_see_each_other_s_people(vault: Vault, visit: Visit, settings: VaultSettings) -> None:
    add_user(vault, BEN, "case_manager", BENS)
    bens = open_vault(vault.place, BEN, BENS, settings)
    add_person(bens, {"name": TWO})
    add_user(vault, "Example Cleo", "case_manager", "nine yellow lanterns hum")
    cleos = open_vault(vault.place, "Example Cleo", "nine yellow lanterns hum", settings)
    hers = add_person(cleos, {"name": ONE})
    ben = unlock(visit(), BEN, BENS)
    cleo = unlock(visit(), "Example Cleo", "nine yellow lanterns hum")
    ben.run()
    assert (ONE in shown(ben), TWO in shown(ben)) == (False, True)
    assert (ONE in shown(cleo), TWO in shown(cleo)) == (True, False)
    assert (ONE in everything_held(ben), TWO in everything_held(cleo)) == (False, False)
    ben.session_state["cl_person"] = hers
    ben.run()
    assert "isn't yours to see" in unescape(shown(ben))
    assert ONE not in shown(ben)
    assert (read_trail(vault, hers)["action"] == "refused").any()
    ben.button("case_lock").click().run()
    assert ONE in shown(cleo.run()), "a session survives another's locking"


@pytest.mark.parametrize("how", ["button", "idle"])
def test_nothing_of_a_person_is_in_the_session_after_locking(
    vault: Vault, one: str, visit: Visit, clock: Clock, how: str
) -> None:
    page = opened(unlock(visit()), one)
    next(one for one in page.button if one.key.endswith("saved_places_add")).click().run()
    field(page, "saved_places.0.name").input("Aunt Invented").run()
    field(page, "saved_places.0.address").input("40.3665, -113.4242").run()
    held = everything_held(page)
    assert ONE in held
    assert "Aunt Invented" in held, "else the search proves nothing"
    if how == "button":
        page.button("case_lock").click().run()
    else:
        clock.pass_by(15 * 60 + 1)
        go_to(page, "participant")
        page.run()
    held = everything_held(page)
    for text in (ONE, "Aunt Invented", "40.3665, -113.4242", PASSPHRASE, "(A-1)"):
        assert text not in held
    assert dict(page.query_params).keys() <= {"region", "language"}


def test_locked_shows_nobody(vault: Vault, one: str, visit: Visit) -> None:
    page = visit()
    assert ONE not in shown(page) + everything_held(page)


def test_needs_are_saved_as_they_are_typed_and_come_back(vault: Vault, one: str, visit: Visit) -> None:
    page = opened(unlock(visit()), one)
    assert SAY("case_as_typed") in unescape(shown(page))
    budget(page).set_value(150).run()
    assert "Saved at" in shown(page)
    assert read_needs_of(vault, one)[0] == Needs(weekly_budget_usd=150)
    field(page, "curfew").input("late").run()
    assert SAY("case_unsaved") in unescape(shown(page))
    assert read_needs_of(vault, one)[0] == Needs(weekly_budget_usd=150)
    assert page.button("case_compare").disabled
    again = opened(unlock(visit()), one)
    assert budget(again).value == 150


def test_looking_at_needs_is_no_edit(vault: Vault, one: str, visit: Visit) -> None:
    save_needs(vault, one, Needs(saved_places=(SavedPlace("court", 40.36651234567, -113.42),)))
    before = len(history(vault, one))
    opened(unlock(visit()), one)
    assert len(history(vault, one)) == before


def test_a_colleague_s_needs_are_not_overwritten(vault: Vault, one: str, visit: Visit) -> None:
    page = opened(unlock(visit()), one)
    save_needs(vault, one, Needs(age=40))
    budget(page).set_value(150).run()
    assert "Somebody" in shown(page)
    assert read_needs_of(vault, one)[0] == Needs(age=40)
    page.button("case_reload").click().run()
    budget(page).set_value(150).run()
    assert read_needs_of(vault, one)[0] == Needs(age=40, weekly_budget_usd=150)


COURT, AROUND = SavedPlace("court", 40.3665, -113.4242), StayAway(40.37, -113.43, 300.0)
PLACED = Needs(saved_places=(COURT,), stay_away=(AROUND,))


@pytest.mark.parametrize(
    ("path", "typed", "mended"),
    [
        ("saved_places.0.address", "no such street anywhere", "40.366500, -113.424200"),
        ("saved_places.0.name", "", "court"),
        ("stay_away.0.address", "", "40.370000, -113.430000"),
    ],
)
def test_what_is_unfinished_is_never_saved_over_what_was_whole(
    vault: Vault, one: str, visit: Visit, path: str, typed: str, mended: str
) -> None:
    save_needs(vault, one, PLACED)
    page = opened(unlock(visit()), one)
    field(page, path).input(typed).run()
    budget(page).set_value(150).run()
    assert not page.exception
    assert read_needs_of(vault, one)[0] == PLACED
    assert "Not saved yet: something is unfinished under" in unescape(shown(page))
    assert page.button("case_compare").disabled
    field(page, path).input(mended).run()
    assert "Saved at" in shown(page)
    assert read_needs_of(vault, one)[0] == replace(PLACED, weekly_budget_usd=150)


def test_a_row_is_taken_away_by_its_button(vault: Vault, one: str, visit: Visit) -> None:
    save_needs(vault, one, PLACED)
    page = opened(unlock(visit()), one)
    next(button for button in page.button if button.key.endswith("stay_away.0_remove")).click().run()
    assert read_needs_of(vault, one)[0] == Needs(saved_places=(COURT,))


def test_a_work_place_that_is_not_found_stays_as_it_was(vault: Vault, one: str, visit: Visit) -> None:
    save_needs(vault, one, Needs(work_place=SavedPlace("work", 40.3665, -113.4242)))
    page = opened(unlock(visit()), one)
    field(page, "work_place").input("no such street anywhere").run()
    assert read_needs_of(vault, one)[0].work_place is not None
    assert SAY("need_work_place") in unescape(shown(page)).split("Not saved yet")[1]
    field(page, "work_place").input("").run()
    assert read_needs_of(vault, one)[0].work_place is None


def test_the_first_whole_answer_after_an_unfinished_one_is_saved(vault: Vault, one: str, visit: Visit) -> None:
    """What the form showed first is what was read only where it was whole."""
    page = opened(unlock(visit()), one)
    page.session_state["cm_entered"] = {"saved_places": [0], "saved_places.0.name": "court"}
    del page.session_state["cm_shown"]
    page.run()
    field(page, "saved_places.0.address").input("40.3665, -113.4242").run()
    assert [place.name for place in read_needs_of(vault, one)[0].saved_places] == ["court"]


def test_an_edit_is_in_the_history_and_is_undone(vault: Vault, one: str, visit: Visit) -> None:
    page = opened(unlock(visit()), one)
    budget(page).set_value(150).run()
    budget(page).set_value(180).run()
    part = next(group for group in page.get("button_group") if group.key == "cl_part")
    part.set_value("history").run()
    assert SAY("need_weekly_budget_usd") in unescape(shown(page))
    page.button[labels(page).index(SAY("case_undo"))].click().run()
    assert not page.exception
    assert read_needs_of(vault, one)[0] == Needs(weekly_budget_usd=150)
    part = next(group for group in page.get("button_group") if group.key == "cl_part")
    part.set_value("needs").run()
    assert budget(page).value == 150


def test_name_and_dates_are_edited(vault: Vault, one: str, visit: Visit) -> None:
    page = opened(unlock(visit()), one)
    next(group for group in page.get("button_group") if group.key == "cl_part").set_value("record").run()
    next(box for box in page.text_input if box.key.endswith("_goes_by")).input("Uno")
    page.button[labels(page).index(SAY("case_save"))].click().run()
    assert f"{ONE} (Uno)" in shown(page)


def part(page: AppTest, name: str) -> AppTest:
    """Choose a part of a person's page."""
    return next(group for group in page.get("button_group") if group.key == "cl_part").set_value(name).run()


def box(page: AppTest, name: str):
    return next(one for one in page.text_input if one.key.startswith("cl_field") and one.key.endswith(f"_{name}"))


def test_what_was_typed_stays_when_a_colleague_saved_meanwhile(vault: Vault, one: str, visit: Visit) -> None:
    page = part(opened(unlock(visit()), one), "record")
    edit_person(vault, one, {"phone": "202-555-0107", "goes_by": "Primo"})
    box(page, "goes_by").input("Uno")
    page.button[labels(page).index(SAY("case_save"))].click().run()
    assert "Somebody changed this" in shown(page)
    assert box(page, "goes_by").value == "Uno"
    assert "202-555-0107" in shown(page)
    assert f"{SAY('case_field_goes_by')}: Primo" in unescape(shown(page))
    assert read_person(vault, one)["goes_by"] == "Primo"
    page.button[labels(page).index(SAY("case_save"))].click().run()
    assert f"{ONE} (Uno)" in shown(page)
    assert read_person(vault, one)["phone"] == "202-555-0107", "what was not typed stays as the colleague saved it"
    assert box(page, "phone").value == "202-555-0107"


def test_what_a_colleague_saved_is_shown_when_asked_for(vault: Vault, one: str, visit: Visit) -> None:
    page = part(opened(unlock(visit()), one), "record")
    edit_person(vault, one, {"goes_by": "Primo"})
    box(page, "goes_by").input("Uno")
    page.button[labels(page).index(SAY("case_save"))].click().run()
    page.button("case_reload").click().run()
    assert box(page, "goes_by").value == "Primo"
    assert read_person(vault, one)["goes_by"] == "Primo"


def test_an_import_is_not_undone_from_one_person_s_page(vault: Vault, visit: Visit) -> None:
    table = pd.DataFrame({"name": [ONE, TWO]})
    imported, _ = import_people(vault, preview(vault, table, {"name": "name"}))
    edit_person(vault, imported, {"goes_by": "Uno"})
    page = part(opened(unlock(visit()), imported), "history")
    assert labels(page).count(SAY("case_undo")) == 1, "of the edit alone"
    page.button[labels(page).index(SAY("case_undo"))].click().run()
    assert len(caseload(vault)) == 2


def test_from_a_person_who_is_gone_there_is_a_way_back(vault: Vault, one: str, visit: Visit) -> None:
    other = add_person(vault, {"name": TWO})
    page = opened(unlock(visit()), other)
    merge(vault, one, other)
    page.run()
    assert "was merged" in shown(page)
    page.button("cl_back").click().run()
    assert ONE in shown(page)
    assert SAY("case_add") in labels(page)


def test_a_fragment_says_why_it_refuses(vault: Vault, one: str, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise VaultError("Somebody else is saving right now, for longer than we wait; try again.")

    page = opened(unlock(visit()), one)
    monkeypatch.setattr("screens.caseload.needs_part.needs_part", refused)
    page.run()
    assert not page.exception
    assert "Somebody else is saving" in shown(page)
    assert SAY("case_back") in labels(page)


def test_needs_of_this_visit_are_not_lost_silently(vault: Vault, one: str, visit: Visit) -> None:
    page = unlock(visit())
    page.session_state["cm_needs"] = Needs(age=33)
    opened(page, one)
    assert SAY("case_in_the_way") in unescape(shown(page))
    page.button("case_forget").click().run()
    assert SAY("case_as_typed") in unescape(shown(page))


def test_comparing_says_for_whom_and_keeps_no_draft(vault: Vault, one: str, visit: Visit) -> None:
    from screens.case_manager import drafts

    drafts._DRAFTS.clear()
    page = opened(unlock(visit()), one)
    go_to(page, "case-manager")
    page.session_state["cm_draft"] = "0123"
    page.run()
    assert not page.exception
    assert SAY("homes_whose", name=ONE) in shown(page)
    assert SAY("needs_stay") not in shown(page)
    assert not drafts._DRAFTS
    lock(vault)


def test_a_house_is_put_on_the_short_list_and_a_call_is_noted(vault: Vault, one: str, visit: Visit) -> None:
    page = opened(unlock(visit()), one)
    next(group for group in page.get("button_group") if group.key == "cl_part").set_value("houses").run()
    assert not page.exception
    house = page.selectbox("cl_house_house").options[0]
    assert page.selectbox("cl_house_state").options[0] == "Asked"
    page.selectbox("cl_house_house").select_index(0)
    page.selectbox("cl_house_state").select("refused")
    page.button[labels(page).index(SAY("case_save"))].click().run()
    assert "Say why" in shown(page)
    page.text_area("cl_house_why").input("no bed for a month")
    page.button[labels(page).index(SAY("case_save"))].click().run()
    listed = short_list(vault, one)
    assert list(zip(listed["house"], listed["state"], strict=True)) == [(house, "refused")]
    assert "no bed for a month" in shown(page)
    page.selectbox("cl_house_called").select_index(0).run()
    page.number_input("cl_house_free_beds").set_value(2)
    page.button[labels(page).index(SAY("case_call_save"))].click().run()
    assert not page.exception
    assert house_calls(vault)["free_beds"].tolist() == [2]
    assert SAY("case_heard", day="November 29, 2026", what=SAY("val_beds", count=2)) in unescape(shown(page))
    page.button[labels(page).index(SAY("case_call_away"))].click().run()
    assert house_calls(vault).empty
    next(group for group in page.get("button_group") if group.key == "cl_part").set_value("history").run()
    assert SAY("case_kind_short_list") in shown(page)


def test_who_is_to_be_called_has_their_number_beside_the_name(
    vault: Vault, one: str, visit: Visit, demo_region: str
) -> None:
    houses = regions.opened(demo_region).resources.query("category == 'recovery_residence'").set_index("resource_id")
    called, dumb = "recovery_residences:RR-001", houses.index[houses["phone"].isna()]
    number = telephone(houses.loc[called, "phone"])
    put_on_short_list(vault, one, called, "Example House")
    page = part(opened(unlock(visit()), one), "houses")
    assert unescape(shown(page)).count(f'href="tel:{number}"') == 1, "on the short list"
    page.selectbox("cl_house_called").select(called).run()
    assert unescape(shown(page)).count(f'href="tel:{number}"') == 2
    for house in dumb[:1]:
        page.selectbox("cl_house_called").select(house).run()
        assert SAY("val_unknown") in shown(page)


def test_a_bed_is_not_said_to_be_held_after_its_last_day(vault: Vault, one: str, visit: Visit, clock: Clock) -> None:
    put_on_short_list(vault, one, "x:1", "Example House")
    call = {"resource_id": "x:1", "house": "Example House", "called_on": "2026-11-29", "hold_until": "2026-12-01"}
    add_call(vault, call)
    page = part(opened(unlock(visit()), one), "houses")
    assert "holds a bed until" in shown(page)
    clock.pass_by(3 * 24 * 3600)
    page = part(opened(unlock(visit()), one), "houses")
    assert "holds a bed until" not in shown(page)
    assert SAY("case_heard_hold_ended", day=SAY.day("2026-12-01")) in shown(page)


def test_a_short_list_says_of_each_medication_what_was_said_last_of_it(vault: Vault, one: str, visit: Visit) -> None:
    put_on_short_list(vault, one, "x:1", "Example House")
    house = {"resource_id": "x:1", "house": "Example House"}
    add_call(vault, house | {"called_on": "2026-11-01", "refuses_medications": "methadone;naltrexone"})
    add_call(vault, house | {"called_on": "2026-11-10", "refuses_medications": "buprenorphine"})
    add_call(vault, house | {"called_on": "2026-11-20", "accepts_medications": "naltrexone"})
    table, calls = unescape(shown(part(opened(unlock(visit()), one), "houses"))).split("</table>")

    def said(day: str, word: str, what: str) -> str:
        return SAY("case_heard", day=SAY.day(day), what=SAY(f"case_heard_{word}_medications", what=what))

    for told in (
        said("2026-11-01", "refuses", "methadone"),
        said("2026-11-10", "refuses", "buprenorphine"),
        said("2026-11-20", "accepts", "naltrexone"),
    ):
        assert told in table
    assert table.count("naltrexone") == 1, "what was taken back isn't said beside what is true now"
    assert said("2026-11-01", "refuses", "methadone and naltrexone") in calls, "a call stands as it was"


def test_a_house_that_a_colleague_moved_meanwhile_is_not_moved_back(vault: Vault, one: str, visit: Visit) -> None:
    page = part(opened(unlock(visit()), one), "houses")
    save = labels(page).index(SAY("case_save"))
    page.selectbox("cl_house_house").select_index(0)
    page.button[save].click().run()
    listed = short_list(vault, one).iloc[0]
    put_on_short_list(vault, one, listed["resource_id"], listed["house"], "refused", "no bed")
    page.selectbox("cl_house_house").select_index(0)
    page.selectbox("cl_house_state").select("waiting")
    page.button[labels(page).index(SAY("case_save"))].click().run()
    assert "Somebody changed this" in shown(page)
    assert short_list(vault, one)["state"].tolist() == ["refused"]
