"""Where the next one helps most, and what if, in a real browser: by mouse, by touch and by keyboard alone."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as TooLateError

from geo.scenarios.changes import PathAdded, PlaceAdded, PlaceClosed
from geo.scenarios.toml_reader import scenario_from_toml
from screens.shared.words import Say
from tests.browser.conftest import FEW
from tests.browser.steps import (
    EN,
    ES,
    MAP,
    NewPage,
    click_map,
    english_on,
    opened,
    scrolls_sideways,
    serious_findings,
    settled,
    shot,
)
from tests.browser.test_funder import own_home, surface

__all__ = ["own_home", "surface"]

pytestmark = pytest.mark.browser

MOST_TABS = 90


@pytest.fixture(scope="module")
def few(serve: Callable[..., str], own_home: Path) -> str:
    """Return the address of the app on a few areas of the demo region."""
    return serve(FEW, on=own_home)


def choose(page: Page, label: str, option: str) -> None:
    """Choose an option of a field, by mouse; a list that a page still being drawn has closed is opened again."""
    settled(page)
    box = page.get_by_role("combobox", name=label)
    for patience in (5_000, 20_000, 60_000):
        box.click()
        box.fill(option)
        try:
            page.get_by_role("option", name=option).first.click(timeout=patience)
            break
        except TooLateError:
            page.keyboard.press("Escape")
    settled(page)


def tab_to(page: Page, wanted: Locator) -> None:
    """Go to an element by the tabulator key alone."""
    for _ in range(MOST_TABS):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the tabulator key doesn't lead to {wanted}")


def type_choice(page: Page, label: str, option: str) -> None:
    """Choose an option of a field, by keyboard alone."""
    tab_to(page, page.get_by_role("combobox", name=label))
    page.keyboard.type(option)
    expect(page.get_by_role("option", name=option).first).to_be_visible()
    page.keyboard.press("Enter")
    settled(page)


def press(page: Page, name: str) -> None:
    """Press a button by keyboard alone."""
    tab_to(page, page.get_by_role("button", name=name, exact=True))
    page.keyboard.press("Enter")


def is_whole(page: Page) -> None:
    """Nothing on the page is wider than the screen, or hard to use for some."""
    assert not scrolls_sideways(page)
    assert serious_findings(page) == []


def test_where_the_next_one_helps_most_by_mouse(new_page: NewPage, few: str) -> None:
    page = new_page()
    opened(page, few, "funder")
    page.get_by_role("radio", name=EN("gap_part_sites")).click()
    expect(page.get_by_role("button", name=EN("site_work_out"))).to_be_visible()
    choose(page, EN("site_source"), EN("site_source_category", name=EN("primary_care")))
    page.get_by_label(EN("site_k"), exact=True).fill("2")
    page.get_by_label(EN("site_k"), exact=True).press("Enter")
    settled(page)
    click_map(page, (0.4, 0.5))
    expect(page.get_by_text(EN("site_own_title", count=1))).to_be_visible()
    page.get_by_role("button", name=EN("site_work_out")).click()
    expect(page.locator('[data-site="headline"]')).to_contain_text("more people")
    expect(page.locator('table[data-table="sites"] tbody tr')).to_have_count(2)
    expect(page.locator('table[data-table="curve"]')).to_contain_text(EN("site_exact"))
    expect(page.locator('[data-site="own"]')).to_be_visible()
    expect(page.locator('[data-command="site"]')).to_contain_text(
        "--k 2 --objective within:30 --candidates primary_care"
    )
    settled(page)
    shot(page, "funder-sites-desktop-en")
    is_whole(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name=EN("site_get_csv")).click()
    name = waiting.value.suggested_filename
    assert re.fullmatch(r"demo-sites-opioid-treatment-program-\d{4}-\d\d-\d\d-[0-9a-f]{6}\.csv", name), name
    assert Path(waiting.value.path()).read_text("utf-8").startswith("rank,id,lat,lon,region,class")
    before = page.locator('[data-site="headline"]').inner_text()
    page.get_by_role("radio", name=EN("gap_part_gaps")).click()
    expect(page.locator('[data-gap="headline"]')).to_be_visible()
    expect(page.locator(MAP)).to_have_count(1)  # the map that was left stands until the page is drawn
    page.frame_locator(MAP).locator("canvas.leaflet-tile-loaded").first.wait_for()
    page.get_by_role("radio", name=EN("gap_part_sites")).click()  # what was asked and answered is still there
    expect(page.locator('[data-site="headline"]')).to_have_text(before)
    expect(page.get_by_label(EN("site_k"), exact=True)).to_have_value("2")
    expect(page.get_by_text(EN("site_changed"))).to_have_count(0)


def test_where_the_next_one_helps_most_on_a_phone_in_spanish_by_keyboard_alone(new_page: NewPage, few: str) -> None:
    page = new_page(390, 844, has_touch=True, is_mobile=True, color_scheme="dark")
    frame = opened(page, few, "funder?part=sites&language=es")
    type_choice(page, ES("site_class"), ES("class_pharmacy"))
    type_choice(page, ES("site_objective"), ES("site_score"))
    type_choice(page, ES("site_source"), ES("site_source_category", name=ES("food")))
    tab_to(page, page.locator(MAP))
    frame.locator(".leaflet-container").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(500)
    page.keyboard.press("Enter")
    expect(page.get_by_text(ES("site_own_title", count=1))).to_be_visible()
    page.evaluate("document.activeElement.blur()")
    press(page, ES("site_work_out"))
    expect(page.locator('[data-site="headline"]')).to_contain_text("de 100")
    expect(page.locator('[data-site="own"]')).to_be_visible()
    settled(page)
    assert english_on(page) == []
    is_whole(page)
    page.locator('[data-site="headline"]').scroll_into_view_if_needed()
    shot(page, "funder-sites-phone-es")
    page.locator(MAP).scroll_into_view_if_needed()
    shot(page, "funder-sites-phone-es-map")


def changes(page: Page) -> Locator:
    return page.locator('[data-if="change"]')


def test_what_if_by_mouse_and_from_its_own_file(new_page: NewPage, few: str, tmp_path: Path) -> None:
    page = new_page()
    opened(page, few, "funder?part=what_if")
    add = page.get_by_role("button", name=EN("if_add"))
    choose(page, EN("if_category"), EN("pharmacy"))
    click_map(page, (0.4, 0.5))
    expect(page.locator('[data-if="points"]')).to_contain_text("1. ")
    add.click()
    expect(changes(page)).to_have_count(1)
    choose(page, EN("if_kind"), EN("if_kind_path"))
    click_map(page, (0.60, 0.40))
    expect(page.locator('[data-if="points"]')).to_contain_text("1. ")
    settled(page)
    click_map(page, (0.64, 0.42))
    expect(page.locator('[data-if="points"]')).to_contain_text("2. ")
    add.click()
    expect(changes(page)).to_have_count(2)
    choose(page, EN("if_kind"), EN("if_kind_place_close"))
    add.click()
    expect(page.get_by_role("alert")).to_contain_text(EN("if_lacks_place"))
    choose(page, EN("if_place"), "pharmacy")
    add.click()
    expect(changes(page)).to_have_count(3)
    page.get_by_label(EN("if_title_field")).fill("Two pharmacies, one bridge")
    page.get_by_label(EN("if_title_field")).press("Enter")
    with page.expect_download() as waiting:
        page.get_by_role("button", name=EN("if_download", name="two-pharmacies-one-bridge.toml")).click()
    assert waiting.value.suggested_filename == "two-pharmacies-one-bridge.toml"
    kept = Path(waiting.value.path()).read_bytes()
    made = scenario_from_toml(kept)
    assert [type(change) for change in made.changes] == [PlaceClosed, PlaceAdded, PathAdded]
    told = changes(page).all_inner_texts()
    page.get_by_role("button", name=EN("if_clear")).click()
    expect(changes(page)).to_have_count(0)
    page.get_by_text(EN("if_file")).click()
    (tmp_path / "kept.toml").write_bytes(kept)
    page.locator(".st-key-file_scenario input").set_input_files(tmp_path / "kept.toml")
    expect(changes(page)).to_have_count(3)
    assert changes(page).all_inner_texts() == told
    expect(page.get_by_label(EN("if_title_field"))).to_have_value("Two pharmacies, one bridge")


def test_what_a_closed_pharmacy_does_by_mouse(new_page: NewPage, few: str) -> None:
    page = new_page()
    opened(page, few, "funder?part=what_if")
    choose(page, EN("if_kind"), EN("if_kind_place_close"))
    choose(page, EN("if_place"), "pharmacy")
    page.get_by_role("button", name=EN("if_add")).click()
    expect(changes(page)).to_have_count(1)
    page.get_by_text(EN("if_counted")).click()
    choose(page, EN("if_reach_of"), EN("class_pharmacy"))
    page.get_by_role("button", name=EN("if_work_out")).click()
    expect(page.locator('[data-if="headline"]')).to_contain_text(re.compile("people"))
    expect(page.locator('table[data-table="classes"]')).to_contain_text(EN("class_pharmacy"))
    expect(page.locator('[data-command="scenario"]')).to_contain_text("--class pharmacy --within 30")
    settled(page)
    shot(page, "funder-what-if-desktop-en")
    is_whole(page)
    for view in ("before", "after", "difference"):
        page.get_by_role("radio", name=EN(f"if_view_{view}")).click()
        step = EN("if_step_4") if view == "difference" else EN("gap_step", low=80, high=100)
        expect(page.get_by_text(step, exact=True)).to_be_visible()
    for kind in ("tables", "gtfs"):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=EN(f"if_get_{kind}")).click()
        assert Path(waiting.value.path()).read_bytes().startswith(b"PK")


def test_work_can_be_stopped_and_begun_again(new_page: NewPage, few: str) -> None:
    page = new_page()
    opened(page, few, "funder?part=what_if")
    choose(page, EN("if_kind"), EN("if_kind_speed"))
    page.get_by_role("button", name=EN("if_add")).click()
    expect(changes(page)).to_have_count(1)
    page.get_by_label(EN("if_title_field")).fill("Priority lanes")  # the button is pressed before it is taken in
    page.get_by_role("button", name=EN("if_work_out")).click()
    page.get_by_role("button", name=EN("stop"), exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text(EN("work_stopped"))
    expect(page.get_by_role("button", name=EN("work_again"))).to_be_visible()
    expect(page.locator('[data-if="headline"]')).to_have_count(0)


def test_what_if_on_a_phone_in_spanish_by_keyboard_alone(new_page: NewPage, few: str) -> None:
    page, say = new_page(390, 844, has_touch=True, is_mobile=True), Say("es")
    opened(page, few, "funder?part=what_if&language=es")
    type_choice(page, say("if_kind"), say("if_kind_place_close"))
    type_choice(page, say("if_place"), "armacy")
    press(page, say("if_add"))
    expect(changes(page)).to_have_count(1)
    press(page, say("if_work_out"))
    expect(page.locator('[data-if="headline"]')).to_contain_text("personas")
    settled(page)
    assert english_on(page) == []
    is_whole(page)
    page.locator('[data-if="headline"]').scroll_into_view_if_needed()
    shot(page, "funder-what-if-phone-es")
    page.locator(MAP).scroll_into_view_if_needed()
    shot(page, "funder-what-if-phone-es-map")


def test_a_house_gets_more_beds_by_keyboard_alone(new_page: NewPage, few: str) -> None:
    page, say = new_page(390, 844, has_touch=True, is_mobile=True), Say("es")
    opened(page, few, "funder?part=what_if&language=es")
    type_choice(page, say("if_kind"), say("if_kind_place_change"))
    type_choice(page, say("if_changed_category"), say("recovery_residence"))
    type_choice(page, say("if_place"), say("recovery_residence"))
    tab_to(page, page.get_by_label(say("if_beds"), exact=True))
    page.keyboard.press("Control+A")
    page.keyboard.type("44")
    page.keyboard.press("Enter")
    settled(page)
    page.evaluate("document.activeElement.blur()")
    press(page, say("if_add"))
    expect(changes(page)).to_have_count(1)
    expect(changes(page)).to_contain_text(say("if_told_value", what=say("if_beds"), value=44))
    assert english_on(page) == []
    is_whole(page)
