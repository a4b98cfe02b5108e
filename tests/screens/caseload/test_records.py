"""What the caseload adds to comparing homes: calls are the newer word, changes are said once, the choice is kept."""

from html import unescape

import pytest
from streamlit.testing.v1 import AppTest

from geo.needs.candidate_homes import candidates
from geo.needs.needs import Needs
from layers.escaping import telephone
from people.caseload import add_person, assign
from people.entries import edit_entry, read_entries
from people.folders import VaultPlace
from people.last_comparison import is_for, read_comparison
from people.notebook import add_call
from people.settings import VaultSettings
from people.short_list import put_on_short_list, short_list
from people.users import add_user
from people.vault import Vault, open_vault, today
from screens.shared import regions
from screens.shared.queries import ChosenPlace
from screens.shared.words import Say
from tests.people.conftest import ANA, BEN, BENS, PASSPHRASE
from tests.screens.caseload.conftest import Visit, go_to, labels, shown, unlock

SAY = Say("en")
ONE = "Person One"
FEW = Needs(weekly_budget_usd=130)
"""Leaves seven of the demo's houses to compare, which is as good here as all of them and much quicker."""


@pytest.fixture
def vault(made: VaultPlace, settings: VaultSettings) -> Vault:
    return open_vault(made, ANA, PASSPHRASE, settings)


@pytest.fixture
def one(vault: Vault) -> str:
    return add_person(vault, {"name": ONE})


def house_with_a_bed(demo_region: str) -> dict[str, object]:
    """Return a house of the demo that fits everybody and says that it has a free bed."""
    houses = candidates(regions.opened(demo_region).resources, FEW)
    fits = houses[(houses["reasons"].map(len) == 0) & (houses["open_beds"] > 0)]
    return fits.iloc[0].to_dict()


def compared(visit: Visit, person_id: str) -> AppTest:
    """Open a person and compare homes for them."""
    page = unlock(visit()).selectbox("cl_chosen").select(person_id).run()
    page.session_state["cm_asked"] = FEW
    go_to(page, "case-manager")
    page.run()
    assert not page.exception
    return page


def test_a_call_overrules_the_published_word_on_beds(vault: Vault, one: str, visit: Visit, demo_region: str) -> None:
    house = house_with_a_bed(demo_region)
    page = compared(visit, one)
    assert house["resource_id"] in [home.asked.home_id for home in page.session_state["cm_last"].homes]
    call = {"resource_id": house["resource_id"], "house": house["name"], "called_on": today(vault).isoformat()}
    add_call(vault, call | {"free_beds": 0})
    page.run()
    assert not page.exception
    assert house["resource_id"] not in [home.asked.home_id for home in page.session_state["cm_last"].homes]
    text = unescape(shown(page))
    assert "full, as they told your agency on November 29" in text, "not the county's own day, which stands still"
    assert f"listed: {SAY('val_beds', count=int(house['open_beds']))}" in text


def test_what_changed_since_last_time_is_said_until_it_is_noted(
    vault: Vault, one: str, visit: Visit, demo_region: str
) -> None:
    page = compared(visit, one)
    assert SAY("case_since_seen") not in labels(page), "the first comparison has nothing before it"
    last = read_comparison(vault, one, demo_region)
    entry = read_entries(vault, "comparison", one).iloc[0]
    best = last.homes.iloc[0]
    was = last.homes.assign(total=last.homes["total"].where(last.homes.index > 0, best["total"] - 7))
    edit_entry(vault, entry["entry_id"], {"homes": was.to_csv(index=False), "compared_on": "2026-11-20"})
    page.run()
    text = unescape(shown(page))
    assert SAY("case_since", day="November 20, 2026") in text
    assert f"{best['house']}: score {round(best['total'] - 7)}, now {round(best['total'])}." in text
    page.button("cl_since_seen").click().run()
    assert not page.exception
    assert "data-since" not in shown(page)
    assert read_comparison(vault, one, demo_region).compared_on == "2026-11-29"


def test_other_needs_begin_anew_and_an_address_of_one_visit_is_no_news(
    vault: Vault, one: str, visit: Visit, demo_region: str
) -> None:
    page = compared(visit, one)
    page.session_state["cm_asked"] = Needs(weekly_budget_usd=120)
    page.session_state["cm_added"] = [ChosenPlace(-113.42, 40.36, "Example Street 1")]
    page.run()
    assert not page.exception
    last = read_comparison(vault, one, demo_region)
    assert is_for(last, Needs(weekly_budget_usd=120))
    assert not last.homes["resource_id"].str.startswith("added").any()
    page.session_state["cm_added"] = []
    page.run()
    assert "data-since" not in shown(page)


def test_a_look_at_another_region_leaves_what_was_kept_of_the_first(
    vault: Vault, one: str, visit: Visit, demo_region: str
) -> None:
    compared(visit, one)
    entry = read_entries(vault, "comparison", one).iloc[0]
    edit_entry(vault, entry["entry_id"], {"region": "the next county", "compared_on": "2026-11-20"})
    compared(visit, one)
    assert read_comparison(vault, one, "the next county").compared_on == "2026-11-20"
    assert read_comparison(vault, one, demo_region).compared_on == "2026-11-29"


def test_the_home_is_chosen_where_it_is_compared_with_why(vault: Vault, one: str, visit: Visit) -> None:
    page = compared(visit, one)
    home = page.session_state["cm_last"].homes[0]
    page.selectbox(f"cl_chosen_state_{home.asked.home_id}").select("moved_in")
    page.button[labels(page).index(SAY("case_save"))].click().run()
    assert "Say why" in unescape(shown(page))
    page.text_input(f"cl_chosen_why_{home.asked.home_id}").input("near the clinic and the evening meeting")
    page.button[labels(page).index(SAY("case_save"))].click().run()
    assert not page.exception
    listed = short_list(vault, one).iloc[0]
    assert (listed["resource_id"], listed["state"]) == (home.asked.home_id, "moved_in")
    assert "near the clinic and the evening meeting" in unescape(shown(page))


def test_from_the_choice_it_is_one_step_to_the_call_and_from_there_to_the_papers(
    vault: Vault, one: str, visit: Visit, demo_region: str
) -> None:
    page = compared(visit, one)
    home = page.session_state["cm_last"].homes[0]
    assert f'data-number>Phone: <a class="rr-call" href="tel:{telephone(home.facts["phone"])}' in shown(page)
    assert SAY("case_part_along") not in labels(page), "a home is chosen first"
    page.selectbox(f"cl_chosen_state_{home.asked.home_id}").select("offered")
    page.text_input(f"cl_chosen_why_{home.asked.home_id}").input("near the evening meeting")
    page.button[labels(page).index(SAY("case_save"))].click().run()
    page.button("cl_chosen_call").click().run()
    assert not page.exception
    go_to(page, "caseload")  # where the visit is by now
    assert page.selectbox("cl_house_called").value == home.asked.home_id
    page.number_input("cl_house_free_beds").set_value(1)
    page.button[labels(page).index(SAY("case_call_save"))].click().run()
    page.button("cl_house_along").click().run()
    assert not page.exception
    assert SAY("along_make_pocket") in labels(page)
    assert "data-answer" in shown(page), "the button stood far below"
    page.button("case_lock_below").click().run()
    assert ONE not in shown(page)


def test_from_the_choice_it_is_one_step_to_the_papers(vault: Vault, one: str, visit: Visit) -> None:
    page = compared(visit, one)
    home = page.session_state["cm_last"].homes[0]
    put_on_short_list(vault, one, home.asked.home_id, home.name, "offered", "near the evening meeting")
    page.run()
    page.button("cl_chosen_along").click().run()
    assert not page.exception
    assert page.selectbox(f"cl_along_home_{one}").value == home.asked.home_id


def test_a_person_who_was_handed_over_meanwhile_is_no_longer_shown(
    vault: Vault, visit: Visit, settings: VaultSettings
) -> None:
    bens_id = add_user(vault, BEN, "case_manager", BENS)
    bens = open_vault(vault.place, BEN, BENS, settings)
    his = add_person(bens, {"name": ONE})
    page = unlock(visit(), BEN, BENS).selectbox("cl_chosen").select(his).run()
    page.session_state["cm_asked"] = FEW
    go_to(page, "case-manager")
    page.run()
    assign(vault, his, vault.user.user_id)
    assert bens_id != vault.user.user_id
    page.run()
    assert not page.exception
    assert "isn't yours to see" in unescape(shown(page))
    assert ONE not in shown(page)
    assert "cm_records" not in page.session_state


def test_nothing_of_it_is_left_where_the_vault_locked(vault: Vault, one: str, visit: Visit) -> None:
    page = compared(visit, one)
    held = page.session_state["cl_vault"]
    from people.vault import lock

    lock(held)
    page.run()
    assert not page.exception
    assert "cm_records" not in page.session_state
    assert ONE not in shown(page)
