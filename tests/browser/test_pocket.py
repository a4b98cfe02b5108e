"""The pocket page on a phone without a script: tonight's meeting in three taps, on a slow line, read by axe."""

import datetime
import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from screens.shared.catalogs import languages
from screens.shared.words import Say
from tests.browser.steps import NewPage, scrolls_sideways, shot

pytestmark = pytest.mark.browser

ADDRESS = "253 Dovetail Street"
LIMIT_BYTES = 60_000
SMALLEST_TOUCH = 44
PHONE = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36"
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
"""400 kbit/s and 400 ms."""

TOO_SMALL = """(least) => [...document.querySelectorAll("a, button, summary, select, input:not([type=hidden])")]
    .filter((one) => one.getClientRects().length && !one.closest(".pick"))
    .map((one) => [one.closest(".check") || one, one])
    .filter(([box]) => box.getBoundingClientRect().height < least)
    .map(([, one]) => one.outerHTML.slice(0, 80))"""


def wednesday() -> str:
    today = datetime.datetime.now(tz=datetime.UTC).date()
    return (today + datetime.timedelta(days=(2 - today.weekday()) % 7 + 7)).isoformat()


def choose_evening(page: Page, say: Say) -> None:
    """Ask about 17:30 of a Wednesday, so that the test sees the same evening at any hour of any day."""
    if not page.locator("#date").is_visible():
        page.locator("summary", has_text=say("pocket_other")).click()
    page.get_by_label(say("near_day")).fill(wednesday())
    page.get_by_label(say("near_time"), exact=True).fill("17:30")


def answered(page: Page) -> None:
    expect(page.locator("#answer .near").first).to_be_visible(timeout=240_000)
    page.wait_for_load_state()


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("es", "dark")])
def test_tonight_in_three_taps_without_a_script(new_page: NewPage, address: str, language: str, scheme: str) -> None:
    say, other = Say(language), "es" if language == "en" else "en"
    page = new_page(390, 844, java_script_enabled=False, color_scheme=scheme, has_touch=True, is_mobile=True)
    page.goto(f"{address}near?language={language}")
    expect(page.locator('.crisis a[href="tel:988"]')).to_be_in_viewport()
    choose_evening(page, say)
    page.get_by_label(say("near_ask")).fill(ADDRESS)
    page.locator(".pick label", has_text=say("when_tonight")).tap()
    page.get_by_role("button", name=say("pocket_find")).tap()
    answered(page)
    assert page.url == f"{address}near"
    card = page.locator(".near").first
    expect(card).to_contain_text(say("near_leave", time=""))
    expect(page.locator('.crisis a[href="tel:988"]')).to_be_in_viewport()
    expect(card.locator("h3")).to_be_in_viewport()
    expect(page.locator("#answer").get_by_role("button", name=languages()[other])).to_be_in_viewport()
    shot(page, f"pocket-phone-{language}")
    card.get_by_role("button", name=say("near_way")).tap()
    expect(page.get_by_role("heading", name=say("near_way_back"))).to_be_visible(timeout=240_000)
    expect(page.locator("#answer")).to_contain_text(say("trip_there", end="").strip())
    shot(page, f"pocket-phone-{language}-way")
    page.get_by_role("button", name=say("pocket_back")).tap()
    answered(page)
    page.get_by_role("button", name=languages()[other]).tap()
    expect(page.locator("html")).to_have_attribute("lang", other)
    answered(page)
    with page.expect_download() as download:
        page.locator(".near summary").first.tap()
        page.locator('button[formaction="/near/calendar"]').first.tap()
    assert b"BEGIN:VEVENT" in download.value.path().read_bytes()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_too_small_too_wide_or_hard_to_read(new_page: NewPage, address: str, scheme: str) -> None:
    page = new_page(390, 844, color_scheme=scheme, has_touch=True, is_mobile=True)
    page.goto(f"{address}near?language=es")
    say = Say("es")
    for name in ("form", "list", "way", "map"):
        if name == "list":
            choose_evening(page, say)
            page.get_by_label(say("near_ask")).fill(ADDRESS)
            page.locator(".pick label", has_text=say("when_tonight")).tap()
            page.get_by_role("button", name=say("pocket_find")).tap()
            answered(page)
        elif name == "way":
            page.get_by_role("button", name=say("near_way")).first.tap()
            expect(page.get_by_role("heading", name=say("near_way_back"))).to_be_visible(timeout=240_000)
            page.wait_for_load_state()
        elif name == "map":
            page.get_by_role("button", name=say("pocket_back")).tap()
            answered(page)
            page.get_by_role("button", name=say("pocket_map")).tap()
            expect(page.locator("#answer img")).to_be_visible(timeout=240_000)
            page.wait_for_load_state()
            assert page.locator("#answer img").evaluate("(picture) => picture.naturalWidth") > 600
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        assert not scrolls_sideways(page), name
        assert page.evaluate(TOO_SMALL, SMALLEST_TOUCH) == [], name
        violations: list[dict[str, Any]] = Axe().run(page).response["violations"]
        found = [(one["id"], one["nodes"][0]["html"][:120]) for one in violations]
        assert found == [], name


def test_an_answer_is_small_on_a_slow_line_and_the_crisis_line_is_there_first(new_page: NewPage, address: str) -> None:
    page = new_page(390, 844, java_script_enabled=False)
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW)
    loaded: list[float] = []
    line.on("Network.loadingFinished", lambda event: loaded.append(event["encodedDataLength"]))
    page.goto(f"{address}near", wait_until="commit")
    expect(page.locator('.crisis a[href="tel:988"]')).to_be_visible()
    page.wait_for_load_state()
    page.get_by_label(Say("en")("near_ask")).fill(ADDRESS)
    page.get_by_role("button", name=Say("en")("pocket_find")).click()
    page.locator("#answer .calls").first.wait_for(timeout=240_000)
    page.wait_for_load_state()
    assert 0 < sum(loaded) < LIMIT_BYTES


def test_location_is_asked_for_where_a_person_taps_it(new_page: NewPage, address: str) -> None:
    here = {"latitude": 40.3483, "longitude": -113.4327}
    page = new_page(390, 844, geolocation=here, permissions=["geolocation"])
    page.goto(f"{address}near")
    page.get_by_role("button", name=Say("en")("pocket_locate")).click()
    page.locator("#answer .calls").first.wait_for(timeout=240_000)
    expect(page.locator("h1")).to_contain_text(Say("en")("pocket_here"))
    assert page.url == f"{address}near"


def test_a_phone_goes_from_the_front_door_to_the_quick_page_and_to_the_full_app(
    new_page: NewPage, address: str
) -> None:
    page = new_page(390, 844, user_agent=PHONE, is_mobile=True, has_touch=True)
    page.goto(address)
    assert page.url == f"{address}near"
    page.get_by_role("link", name=Say("en")("pocket_full")).tap()
    quick = page.get_by_role("link", name=Say("en")("pocket_quick"))
    expect(page.locator(".rr-quick a")).to_be_visible(timeout=60_000)
    quick.tap()
    expect(page).to_have_url(re.compile(r"/near\?region=demo&language=en$"))


def test_the_full_app_shows_the_crisis_line_before_its_script_runs(new_page: NewPage, address: str) -> None:
    page = new_page(390, 844, java_script_enabled=False)
    page.goto(f"{address}?full=1&language=es")
    expect(page.locator('a[href="tel:988"]')).to_be_visible()
    page.get_by_role("link", name=Say("es")("pocket_quick")).click()
    expect(page.locator("html")).to_have_attribute("lang", "es")


def test_every_attack_is_shown_as_text(new_page: NewPage, attacked: str) -> None:
    page = new_page(390, 844)
    page.goto(f"{attacked}near")
    say = Say("en")
    choose_evening(page, say)
    page.locator("#from").fill("40.3483, -113.4327")
    page.get_by_role("button", name=say("pocket_find")).click()
    answered(page)
    told = page.inner_text("#answer")
    attacks = ("<script>alert(1)</script>", "${alert(1)}", "{{7*7}}", "{% bad %}", "[x](javascript:alert(1))")
    assert sum(attack in told for attack in attacks) >= 3
    assert page.locator('a[href^="javascript"], #answer img, #answer script').count() == 0
