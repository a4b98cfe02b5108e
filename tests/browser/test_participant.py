"""Support near me in a real browser: tonight's meeting and the way home, by mouse, by keyboard, on a phone."""

import io
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.steps import (
    EN,
    ES,
    MAP,
    NewPage,
    click_map,
    map_frame,
    opened,
    scrolls_sideways,
    serious_findings,
    settled,
    shot,
)

pytestmark = pytest.mark.browser

ADDRESS = "253 Dovetail Street"
SMALLEST_TOUCH = 44
HALF_PAST_FIVE = 17 * 60 + 30
TOO_SMALL = """(least) => [
        ...document.querySelectorAll('[class*="st-key-near"] button, [data-testid="stExpander"] button'),
        ...document.querySelectorAll(".stForm button, .rr-links a, .rr-crisis a"),
    ]
    .filter((one) => one.offsetParent && one.innerText.trim())
    .filter((one) => one.getBoundingClientRect().height < least)
    .map((one) => one.innerText)"""


def say(key: str, index: int = 0, **values: object) -> str:
    return (EN, ES)[index](key, **values)


def at_half_past_five(page: Page, index: int = 0) -> None:
    """Ask about 17:30 of a Wednesday, so that the test sees the same evening at any hour of any day."""
    page.get_by_text(say("near_other_time", index)).click()
    page.get_by_role("combobox", name=say("near_day", index)).click()
    page.keyboard.type((EN, ES)[index].habits.weekday(2))
    page.keyboard.press("Enter")
    time = page.get_by_role("combobox", name=say("near_time", index))
    time.click()
    page.keyboard.type("17:30")
    page.keyboard.press("Enter")


def look_from_home(page: Page, index: int = 0) -> None:
    page.get_by_label(say("near_ask", index)).fill(ADDRESS)
    page.keyboard.press("Enter")
    expect(page.locator(".rr-moment")).to_contain_text((EN, ES)[index].habits.clock(HALF_PAST_FIVE), timeout=240_000)
    expect(page.locator(".rr-near").first).to_be_visible()


DRAWN = """() => {
    const lines = [];
    window.map.eachLayer((layer) => {
        if (layer.getLatLngs) lines.push(String(layer.getLatLngs().flat(3)));
    });
    return lines.join("|");
}"""
"""The lines and areas on the map, as their corners."""


def drawn_anew(page: Page, before: str = "") -> str:
    """Wait until the map's lines and areas are others than before, and return them."""
    frame = map_frame(page)
    frame.wait_for_function(f"(before) => ({DRAWN})() !== before", arg=before)
    return str(frame.evaluate(DRAWN))


def test_tonight_the_way_the_last_way_home_a_paper_and_forgetting(new_page: NewPage, address: str) -> None:
    page = new_page(accept_downloads=True)
    frame = opened(page, address, "participant?when=tonight")
    expect(page.get_by_text(say("near_private"))).to_be_visible()
    at_half_past_five(page)
    look_from_home(page)
    card = page.locator(".rr-near").first
    expect(card).to_contain_text("Leave by")
    before = drawn_anew(page)
    page.get_by_role("button", name=say("near_way")).nth(3).click()
    ways = page.locator(".rr-ways")
    expect(ways.locator("h4").first).to_have_text(say("near_way_to"))
    expect(ways).to_contain_text("You are there.")
    expect(frame.locator(".reach-called").first).to_be_attached()
    there = drawn_anew(page, before)
    page.get_by_role("radio", name=say("near_way_back")).click()
    drawn_anew(page, there)
    page.locator('[data-testid="stExpander"]').evaluate("(box) => box.scrollIntoView()")
    shot(page, "participant-desktop-en")
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name=say("near_forget"))).to_be_hidden()
    expect(card).to_be_visible()
    expect(page.locator(".rr-all table")).to_be_visible()
    page.emulate_media(media="screen")
    settled(page)
    page.get_by_role("radio", name=say("mode_bike")).click()
    expect(card).to_contain_text(say("near_last_any", how=say("how_bike")))
    assert set(parse_qs(urlsplit(page.url).query)) <= {"when", "mode", "region"}
    page.get_by_role("button", name=say("near_make_pdf")).click()
    with page.expect_download() as download:
        page.get_by_role("button", name=say("near_get_pdf")).click(timeout=180_000)
    paper = PdfReader(io.BytesIO(download.value.path().read_bytes()))
    assert ADDRESS in paper.pages[0].extract_text()
    page.get_by_role("button", name=say("near_forget")).click()
    expect(page.get_by_text(say("near_forgotten"))).to_be_visible()
    expect(page.locator(".rr-near")).to_have_count(0)
    expect(page.get_by_label(say("near_ask"))).to_have_value("")
    expect(page.get_by_text(say("near_start_here"))).to_be_visible()


def test_now_filtered_by_keyboard_alone_and_the_hours_of_the_areas(new_page: NewPage, address: str) -> None:
    page = new_page()
    opened(page, address, "participant")
    other = page.get_by_role("switch", name=say("near_other_time"))
    other.focus()
    page.keyboard.press("Space")
    page.get_by_role("combobox", name=say("near_time")).focus()
    page.keyboard.type("17:30")
    page.keyboard.press("Enter")
    page.get_by_label(say("near_ask")).focus()
    page.keyboard.type(ADDRESS)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=say("near_open"))).to_be_visible(timeout=240_000)
    page.locator("summary", has_text=say("near_filters")).focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name=say("pharmacy"), exact=True).focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("heading", name=say("near_soon"))).to_have_count(0)
    expect(page.locator(".rr-near").first).to_contain_text(say("pharmacy"))
    page.get_by_role("button", name=say("near_way")).first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".rr-ways")).to_contain_text("You are there.")
    before = drawn_anew(page)
    slider = page.get_by_role("slider")
    slider.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", "10:00 PM")
    drawn_anew(page, before)
    page.get_by_role("radio", name=say("when_week")).focus()
    page.keyboard.press("Space")
    expect(page.get_by_text(say("near_week_day"))).to_be_visible()
    assert "when=week" in page.url
    assert "pharmacy" not in page.url.lower()


@pytest.mark.parametrize(("index", "scheme"), [(0, "light"), (1, "dark")])
def test_on_a_phone(new_page: NewPage, address: str, index: int, scheme: str) -> None:
    page = new_page(390, 844, color_scheme=scheme, has_touch=True, is_mobile=True)
    language = ("en", "es")[index]
    opened(page, address, f"participant?when=tonight&language={language}")
    at_half_past_five(page, index)
    look_from_home(page, index)
    crisis = page.get_by_role("link", name=say("crisis_title", index))
    expect(crisis).to_be_in_viewport()
    page.get_by_role("button", name=say("near_way", index)).first.click()
    expect(page.locator(".rr-ways")).to_be_visible()
    page.locator("summary", has_text=say("near_filters", index)).click()
    expect(page.get_by_role("button", name=say("pharmacy", index), exact=True)).to_be_visible()
    assert not scrolls_sideways(page)
    small = page.evaluate(TOO_SMALL, SMALLEST_TOUCH)
    assert small == []
    page.locator(".rr-near").first.scroll_into_view_if_needed()
    expect(crisis).to_be_in_viewport()
    shot(page, f"participant-phone-{language}")
    page.locator("summary", has_text=say("near_table", index)).click()
    expect(page.locator('[data-stale="true"]')).to_have_count(0)  # what is being worked out anew is shown pale
    assert serious_findings(page) == []
    page_text = page.inner_text('[data-testid="stMain"]')
    for key in ("near_title", "near_leave", "near_take", "near_filters", "near_when"):
        assert say(key, 1 - index, time="").strip() not in page_text, f"{key} is shown in the other language"


def test_the_map_may_be_clicked_and_a_river_is_a_sentence(new_page: NewPage, address: str) -> None:
    page = new_page()
    opened(page, address, "participant?when=tonight&language=es&mode=walk")
    at_half_past_five(page, 1)
    click_map(page)
    expect(page.locator(".rr-near").first).to_be_visible(timeout=240_000)
    expect(page.get_by_text(say("near_hour_same", 1, how=say("how_walk", 1)))).to_be_visible()
    expect(page.get_by_role("slider")).to_have_count(0)
    shot(page, "participant-desktop-es")
    page.get_by_label(say("near_ask", 1)).fill("39.0, -84.5")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text(say("outside", 1))
    expect(page.get_by_text(say("near_start_here", 1))).to_be_visible()


def test_every_attack_is_shown_as_text(new_page: NewPage, attacked: str) -> None:
    page = new_page(accept_downloads=True)
    opened(page, attacked, "participant")
    title = page.title()
    at_half_past_five(page)
    click_map(page)
    expect(page.locator(".rr-near").first).to_be_visible(timeout=240_000)
    page.get_by_role("button", name=say("near_way")).first.click()
    expect(page.locator(".rr-ways")).to_be_visible()
    page.locator("summary", has_text=say("near_filters")).click()
    page_text = page.inner_text('[data-testid="stMain"]') + page.locator(".rr-all").inner_text()
    for shown in ("<script>alert(1)</script>", "${alert(1)}", "{{7*7}}", "{% bad %}", "[x](javascript:alert(1))"):
        assert shown in page_text or shown in page.locator(".rr-all").text_content()
    assert page.locator('[data-testid="stMain"] a[href^="javascript"]').count() == 0
    assert page.locator('[data-testid="stMain"] .rr img, [data-testid="stMain"] .rr script').count() == 0
    page.get_by_role("button", name=say("near_make_pdf")).click()
    with page.expect_download() as download:
        page.get_by_role("button", name=say("near_get_pdf")).click(timeout=180_000)
    paper = PdfReader(io.BytesIO(download.value.path().read_bytes()))
    text = "".join("".join(sheet.extract_text().split()) for sheet in paper.pages)
    assert "<script>alert(1)</script>" in text
    assert "{{7*7}}" in text
    assert page.title() == title
    assert map_frame(page).evaluate("document.title") != "PWNED"
    assert page.locator(MAP).count() == 1
