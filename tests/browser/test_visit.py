"""A visit: what was typed outlives a reload, one "Back" a page, answers come into sight, everything fits a finger."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Watch
from tests.browser.steps import ES, NewPage, opened, settled

PAGES = ("?full=1", "participant", "case-manager", "data-health")
FINGER = 44
SMALL = """least => [...document.querySelectorAll(
  'a, button, input, summary, select, [role=button], [role=tab], [role=radio], [role=option]')].filter(one => {
    const label = one.closest('label, [role=combobox], [data-testid=stDateInputField], [role=group]');
    const box = (one.tagName === 'INPUT' && label ? label : one).getBoundingClientRect();
    const shown = one.checkVisibility({visibilityProperty: true}) && box.width > 1;
    const within = one.closest('[data-testid=stSelectbox], [data-testid=stMultiSelect], [data-testid=stDateInput]');
    const arrow = one.tagName === 'BUTTON' && within;
    const sentence = one.tagName === 'A' && one.parentElement.matches('p, li');
    return shown && !arrow && !sentence && box.height < least - 0.5;
  }).map(one => `${one.tagName} ${one.innerText || one.ariaLabel} ${Math.round(one.getBoundingClientRect().height)}`)"""
"""What is smaller than a fingertip; a field's arrow and a link within a sentence need not be larger."""


def needs(page: Page, address: str) -> None:
    opened(page, address, "case-manager")
    budget = page.locator(".stNumberInput input").first
    budget.fill("160")
    budget.press("Tab")
    expect(page.locator("[data-unsaved]")).to_have_count(1)


def test_what_was_typed_outlives_a_reload_in_its_own_tab(new_page: NewPage, address: str, watch: Watch) -> None:
    page = new_page()
    needs(page, address)
    page.wait_for_timeout(1000)
    page.reload()
    expect(page.locator(".stNumberInput input").first).to_have_value("160")
    assert watch.asked_to_leave == 1
    key = page.evaluate("sessionStorage.getItem('reach-draft')")
    assert len(key) == 32
    assert key not in page.url
    assert key not in str(page.context.cookies())
    assert key not in page.evaluate("JSON.stringify(localStorage)")
    other = new_page()
    opened(other, address, "case-manager")
    other.wait_for_timeout(1500)
    expect(other.locator(".stNumberInput input").first).to_have_value("")
    page.get_by_role("button", name="Forget everything").click()
    expect(page.locator(".stNumberInput input").first).to_have_value("")
    page.wait_for_timeout(1000)
    page.reload()
    expect(page.locator(".stNumberInput input").first).to_have_value("")
    assert watch.asked_to_leave == 1


def test_one_back_a_page(new_page: NewPage, address: str) -> None:
    page = new_page()
    opened(page, address, "participant?language=es")
    page.get_by_role("radio", name=ES("mode_walk")).or_(page.get_by_text(ES("mode_walk"), exact=True)).first.click()
    page.wait_for_url("**mode=walk**")
    page.get_by_role("link", name=ES("page_funder")).click()
    page.wait_for_url("**/funder**")
    page.go_back()
    page.wait_for_url("**/participant**")
    expect(page.get_by_text(ES("near_ask"))).to_be_visible()
    assert "mode=walk" in page.url
    page.go_back()
    page.wait_for_url("about:blank")


@pytest.mark.parametrize(("path", "first"), [("?full=1", ".rr-total"), ("participant", ".rr-near")])
def test_an_answer_comes_into_sight(new_page: NewPage, address: str, path: str, first: str) -> None:
    page = new_page(390, 844)
    opened(page, address, path)
    field = page.locator(".stTextInput input").first
    field.fill("253 Dovetail Street")
    field.press("Enter")
    expect(page.locator(first).first).to_be_in_viewport(timeout=120_000)
    assert "Dovetail" not in page.url + (page.locator("[data-answer]").get_attribute("data-answer") or "")


def test_an_answer_stays_in_sight_however_long_the_page_is_drawn(new_page: NewPage, address: str) -> None:
    page = new_page(390, 844)
    page.clock.install()
    opened(page, address, "participant")
    field = page.locator(".stTextInput input").first
    field.fill("253 Dovetail Street")
    field.press("Enter")
    expect(page.locator(".rr-near").first).to_be_in_viewport(timeout=120_000)
    settled(page)
    draw = """tall => {
        const drawn = Object.assign(document.createElement("div"), { style: `height: ${tall}px` });
        const answer = document.querySelector("[data-answer]").closest(".stElementContainer");
        answer.parentElement.insertBefore(drawn, answer);
        document.querySelector('[data-testid="stMain"]').style.overflowAnchor = "none";  // nothing keeps its place
    }"""
    for tall in (1, 1, 1, 2000):
        page.clock.fast_forward(8000)
        page.evaluate(draw, tall)
        page.wait_for_timeout(100)
    expect(page.locator(".rr-near").first).to_be_in_viewport()


def test_who_scrolls_without_a_key_is_not_pulled_back_to_the_answer(new_page: NewPage, address: str) -> None:
    page = new_page(390, 844)
    opened(page, address, "participant")
    field = page.locator(".stTextInput input").first
    field.fill("253 Dovetail Street")
    field.press("Enter")
    expect(page.locator(".rr-near").first).to_be_in_viewport(timeout=120_000)
    settled(page)
    foot = page.locator(".rr-foot")
    foot.evaluate("foot => foot.scrollIntoView()")  # as a screen reader or a magnifier does
    page.wait_for_timeout(2000)
    expect(foot).to_be_in_viewport()


@pytest.mark.parametrize("path", PAGES)
def test_nothing_to_touch_is_smaller_than_a_fingertip(new_page: NewPage, address: str, path: str) -> None:
    page = new_page(390, 844, has_touch=True, is_mobile=True)
    page.goto(address + path)
    page.locator(".rr-foot").wait_for()
    assert page.evaluate(SMALL, FINGER) == []


def test_nothing_to_touch_on_the_funders_page_is_smaller_than_a_fingertip(new_page: NewPage, few_areas: str) -> None:
    page = new_page(390, 844, has_touch=True, is_mobile=True)
    page.goto(few_areas + "funder")
    page.locator(".rr-foot").wait_for(timeout=240_000)  # the page works its first map out
    assert page.evaluate(SMALL, FINGER) == []


def test_on_a_phone_the_page_begins_with_what_it_is_for(new_page: NewPage, address: str) -> None:
    page = new_page(390, 844)
    opened(page, address, "participant")
    field, menu = page.locator(".stTextInput input").first, page.locator(".rr-menu summary")
    assert (field.bounding_box() or {"y": 9999})["y"] < 700
    link = page.get_by_role("link", name="Compare homes")
    expect(link).to_be_hidden()
    menu.click()
    expect(link).to_be_visible()
    link.click()
    expect(page).to_have_url(re.compile("case-manager"))
    expect(link).to_be_hidden()
    menu.click()
    page.get_by_text("Español", exact=True).last.click()
    expect(page.locator("html")).to_have_attribute("lang", "es")


@pytest.mark.parametrize(("width", "height"), [(640, 450), (195, 422)])
def test_enlarged_to_twice_its_size_the_red_bar_stays_slim(
    new_page: NewPage, address: str, width: int, height: int
) -> None:
    page = new_page(width, height)
    page.goto(address + "participant")
    page.locator(".rr-foot").wait_for()
    bar = page.locator(".rr-crisis").bounding_box()
    assert bar is not None
    assert FINGER <= bar["height"] <= 52
    assert page.evaluate("document.documentElement.scrollWidth") <= width
