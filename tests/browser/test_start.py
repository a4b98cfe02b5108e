"""The start page in a real browser: its main task by mouse, by keyboard and on a phone, in both languages."""

import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import expect

from layers.legend import MARKS
from tests.browser.steps import (
    EN,
    ES,
    MAP,
    NewPage,
    click_map,
    english_on,
    map_frame,
    opened,
    scored,
    scrolls_sideways,
    serious_findings,
    shot,
)

pytestmark = pytest.mark.browser

ADDRESS = "253 Dovetail Street"
ROOT = Path(__file__).parents[2]


def test_click_the_map_and_read_the_score(new_page: NewPage, address: str) -> None:
    page = new_page()
    frame = opened(page, address)
    expect(page.get_by_text(EN("fictional"))).to_be_visible()
    expect(page.get_by_text(EN("start_here"))).to_be_visible()
    click_map(page)
    assert 1 <= scored(page) <= 100
    for dimension in ("health", "home", "purpose", "community"):
        assert page.locator(f'[data-score="{dimension}"]').inner_text().isdigit()
    for minutes in (15, 30, 45):  # on a fresh machine their loops are compiled first too
        expect(frame.get_by_text(f"{minutes} min", exact=True)).to_be_attached(timeout=240_000)
    rows = page.locator("table.rr-stack tbody tr")
    expect(rows.nth(20)).to_be_attached()
    expect(rows.first).to_contain_text("min on foot")  # what is as quick on foot is no bus trip
    expect(rows.filter(has_text="min by bus").first).to_be_attached()
    expect(page.get_by_text(EN("helps"))).to_be_visible()
    letters = """() => {
        const drawn = new Set();
        map.eachLayer((layer) => { if (layer.options.shape && !layer.options.origin) drawn.add(layer.options.mark); });
        return [...drawn];
    }"""
    assert set(map_frame(page).evaluate(letters)) == set(MARKS.values())  # the letters of the legend
    shot(page, "start-desktop-en")
    page.get_by_text(EN("why")).scroll_into_view_if_needed()
    shot(page, "start-desktop-en-why")


def test_walking_reaches_less_than_the_bus_and_the_map_keeps_its_place(new_page: NewPage, address: str) -> None:
    page = new_page()
    frame = opened(page, address)
    frame.get_by_role("button", name="Zoom in").click()
    page.wait_for_timeout(600)
    click_map(page)
    scored(page)
    expect(page.locator("table.rr-stack tbody tr").filter(has_text="by bus").first).to_be_attached()
    reached = page.locator(".rr-table-box caption")
    by_bus = int(re.findall(r"\d+", reached.inner_text())[1])
    zoom = "() => [window.map.getZoom(), window.map.getCenter().lat, window.map.getCenter().lng]"
    inner = map_frame(page)
    before = inner.evaluate(zoom)
    page.get_by_role("radio", name="On foot").click()
    expect(page.locator("table.rr-stack tbody tr").filter(has_text="by bus")).to_have_count(0)
    assert int(re.findall(r"\d+", reached.inner_text())[1]) < by_bus
    assert inner.evaluate(zoom) == before
    page.get_by_role("radio", name="Español").click()
    spoken = page.frame_locator(MAP)
    expect(spoken.locator('html[lang="es"]')).to_be_attached()
    expect(spoken.get_by_role("button", name=ES("zoom_in"))).to_be_visible()
    expect(spoken.get_by_text(ES("fictional_map"))).to_be_visible()
    expect(spoken.get_by_text(EN("fictional_map"))).to_have_count(0)
    assert inner.evaluate(zoom) == before  # the same frame, not another one


def test_type_an_address_with_the_keyboard_alone(new_page: NewPage, address: str) -> None:
    page = new_page()
    opened(page, address)
    box = page.get_by_label(EN("ask"))
    box.focus()
    page.keyboard.type(ADDRESS)
    page.keyboard.press("Enter")
    scored(page)
    expect(page.locator(".rr-where")).to_contain_text("Dovetail Street")
    assert "Dovetail" not in page.url


def test_choose_a_place_on_the_map_with_the_keyboard_alone(new_page: NewPage, address: str) -> None:
    page = new_page()
    frame = opened(page, address)
    frame.locator(".leaflet-container").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)
    page.keyboard.press("Enter")
    assert scored(page) >= 1


def test_near_spellings_are_offered(new_page: NewPage, address: str) -> None:
    page = new_page()
    opened(page, address)
    inner = map_frame(page)
    inner.evaluate("window.sameMap = true")
    page.get_by_label(EN("ask")).fill("Dvetial Straat & Mulbrry")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("We could not find")
    page.get_by_test_id("stButton").first.get_by_role("button").click()
    scored(page)
    expect(page.get_by_role("alert")).to_have_count(0)
    assert inner.evaluate("window.sameMap") is True


def test_a_place_outside_is_one_plain_sentence_and_a_way_on(new_page: NewPage, address: str) -> None:
    page = new_page()
    opened(page, address)
    page.get_by_label(EN("ask")).fill("39.0, -84.5")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text(EN("outside"), timeout=60_000)
    assert "Traceback" not in page.inner_text("body")
    page.get_by_label(EN("ask")).fill(ADDRESS)
    page.keyboard.press("Enter")
    scored(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("language", "index"), [("English", 0), ("Español", 1)])
def test_on_a_phone(new_page: NewPage, address: str, language: str, index: int, scheme: str) -> None:
    page = new_page(390, 844, color_scheme=scheme, has_touch=True, is_mobile=True)
    opened(page, address)
    assert not scrolls_sideways(page)
    page.locator(".rr-menu summary").click()
    page.get_by_role("radio", name=language).click()
    expect(page.get_by_text((EN, ES)[index]("ask"))).to_be_visible()
    spoken = page.locator(MAP).last.content_frame.locator(f'html[lang="{("en", "es")[index]}"]')
    spoken.locator("canvas.leaflet-tile-loaded").first.wait_for()
    expect(page.locator(MAP)).to_have_count(1)
    click_map(page)
    scored(page)
    assert not scrolls_sideways(page)
    crisis = page.get_by_role("link", name=(EN, ES)[index]("crisis_title"))
    expect(crisis).to_be_in_viewport()
    assert crisis.get_attribute("href") == "tel:988"
    name = f"start-phone-{'en' if index == 0 else 'es'}-{scheme}"
    shot(page, f"{name}-map")
    page.get_by_text((EN, ES)[index]("score"), exact=True).scroll_into_view_if_needed()
    shot(page, name)
    page.get_by_text((EN, ES)[index]("planning_aid")).scroll_into_view_if_needed()
    expect(crisis).to_be_in_viewport()


def test_spanish_all_the_way(new_page: NewPage, address: str) -> None:
    page = new_page()
    opened(page, address, "?language=es")
    click_map(page)
    scored(page)
    expect(page.get_by_role("heading", name=ES("week"))).to_be_visible()
    assert english_on(page) == []
    shot(page, "start-desktop-es")


def test_dark(new_page: NewPage, address: str) -> None:
    page = new_page(color_scheme="dark")
    opened(page, address)
    click_map(page)
    scored(page)
    shot(page, "start-desktop-dark")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(new_page: NewPage, address: str, scheme: str) -> None:
    page = new_page(color_scheme=scheme)
    opened(page, address)
    click_map(page)
    scored(page)
    page.locator("table.rr-stack").wait_for()
    assert serious_findings(page) == []


def test_texts_by_an_attacker_are_shown_and_never_run(new_page: NewPage, attacked: str) -> None:
    page = new_page()
    frame = opened(page, attacked)
    title = page.title()
    click_map(page)
    scored(page)
    table = page.locator("table.rr-stack").inner_text()
    assert "49" not in page.locator("table.rr-stack th").all_inner_texts()
    for shown in (
        "<script>alert(1)</script>",
        "<img src=x onerror=\"document.title='PWNED'\">",
        "a`b${alert(1)}",
        "</script><script>alert(1)</script>",
        "{{7*7}}",
        "{{cycler.__init__.__globals__.os.environ}}",
        "{% bad %}",
        "{# hidden #}",
        "javascript:alert(1)",
        "[x](javascript:alert(1))",
        ":material/home: **b**",
        "gnp.exe",
    ):
        assert shown in table
    assert page.locator('table.rr-stack a[href^="javascript"]').count() == 0
    assert page.locator("table.rr-stack img, table.rr-stack script").count() == 0
    inner = map_frame(page)
    popups = inner.evaluate(
        """() => {
            const popups = [];
            window.map.eachLayer((layer) => {
                if (layer.getPopup && layer.getPopup()) {
                    layer.openPopup();
                    popups.push(layer.getPopup().getElement().innerText);
                }
            });
            return popups.join("\\n");
        }"""
    )
    assert "{{7*7}}" in popups
    assert "<script>alert(1)</script>" in popups
    assert frame.locator("img[src=x], .leaflet-popup script").count() == 0
    page.get_by_label(EN("ask")).fill("zzz qqq")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    assert page.title() == title
    assert inner.evaluate("document.title") != "PWNED"


def test_others_are_let_in_by_name_and_told_what_it_means(home: Path) -> None:
    command = [sys.executable, "-m", "cli", "app", "--port", "0", "--allowed-host", "reach.test"]
    environment = os.environ | {"RECOVERY_REACH_HOME": str(home)}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        greeting = process.stderr.readline() + process.stderr.readline()
        (address,) = re.findall(r"http://127\.0\.0\.1:\d+/", greeting)
        assert "no password" in greeting
        named = urllib.request.Request(address, headers={"Host": "reach.test"})  # noqa: S310  our own server
        with urllib.request.urlopen(named, timeout=10) as answer:  # noqa: S310
            assert answer.status == 200
        other = urllib.request.Request(address, headers={"Host": "evil.example"})  # noqa: S310
        with pytest.raises(urllib.error.HTTPError, match="400"):
            urllib.request.urlopen(other, timeout=10)  # noqa: S310
    finally:
        process.terminate()
        process.communicate(timeout=20)


def test_headers_and_hosts(address: str) -> None:
    with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310  our own server
        policy = answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "geolocation=()" in answer.headers["permissions-policy"]
    hosts = set(re.findall(r"wss?://[^ ;]+|https?://[^ ;]+", policy))
    assert hosts == {address.replace("http", "ws").rstrip("/")}
    assert "frame-ancestors 'self'" in policy
    assert "unsafe-eval" not in policy
    script = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "unsafe-inline" not in script
    for headers, code in (({"Host": "evil.example"}, 400), ({"Origin": "https://evil.example"}, 403)):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=10)  # noqa: S310
        assert refused.value.code == code
        refused.value.close()
