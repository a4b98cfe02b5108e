"""Clicks that come faster than their answers: each interrupts the one before, and the page must still be whole."""

import random

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import EN, ES, MAP, NewPage, click_map, map_frame, opened, settled

pytestmark = pytest.mark.browser

PAUSES = (0, 0, 40, 120, 250, 400)
CHOICES = {
    "": ("mode_walk", "community", "mode_transit", "all"),
    "participant": ("when_week", "mode_walk", "when_tonight", "mode_transit", "when_now"),
}


def choose(page: Page, key: str, index: int) -> None:
    page.get_by_role("radio", name=(EN, ES)[index](key), exact=True).click()


@pytest.mark.parametrize("path", CHOICES)
def test_a_page_stays_whole_however_quickly_it_is_clicked(new_page: NewPage, address: str, path: str) -> None:
    page, chance = new_page(), random.Random(path)  # noqa: S311  not for secrets
    tile = opened(page, address, path).locator("canvas.leaflet-tile-loaded").first
    for index, language in ((0, "Español"), (1, "English")):
        for key in CHOICES[path]:
            click_map(page, (chance.uniform(0.4, 0.6), chance.uniform(0.4, 0.6)))
            page.wait_for_timeout(chance.choice(PAUSES))
            choose(page, key, index)
            page.wait_for_timeout(chance.choice(PAUSES))
        if path:
            page.get_by_role("button", name=(EN, ES)[index]("near_forget")).click()
        page.get_by_role("radio", name=language).click()
        expect(page.get_by_role("radio", name=(EN, ES)[1 - index](CHOICES[path][0]), exact=True)).to_be_visible()
        settled(page)
        tile.wait_for()
    expect(page.locator(MAP)).to_have_count(1)
    expect(page.locator(".rr-foot")).to_have_count(1)
    expect(page.get_by_text(EN("problem"))).to_have_count(0)
    expect(page.get_by_role("radio", name=EN("mode_walk"), exact=True)).to_be_visible()


def test_a_click_on_the_map_is_told_at_once_and_once(new_page: NewPage, address: str) -> None:
    page = new_page()
    opened(page, address)
    script = """async (pause) => {
        const values = [], tell = window.Streamlit.setComponentValue;
        window.Streamlit.setComponentValue = (value) => { values.push(JSON.stringify(value)); tell(value); };
        const click = () => window.map.fire("click", { latlng: window.map.getCenter() });
        click();
        const atOnce = values.length;
        click();
        await new Promise((done) => setTimeout(done, pause));
        return [atOnce, values.length];
    }"""
    assert map_frame(page).evaluate(script, 800) == [1, 1]
    settled(page)
    expect(page.locator('[data-score="total"]')).to_have_count(1)


SLOW = """() => {
    const wait = window.setTimeout;
    window.setTimeout = (act, delay, ...rest) => wait(act, delay || 500, ...rest);
}"""


def test_a_press_in_one_part_of_a_page_is_not_lost_to_another_part(new_page: NewPage, address: str) -> None:
    page = new_page()
    opened(page, address, "case-manager")
    settled(page)
    warned: list[str] = []
    page.on("console", lambda message: warned.append(message.text))
    page.evaluate(SLOW)  # so that what the map tells and the press go to the server in one batch
    button = page.get_by_role("button", name=EN("homes_compare"), exact=True)
    script = """(button) => new Promise((done) => {
        window.addEventListener("message", () => window.requestAnimationFrame(() => { button.click(); done(); }),
            { once: true });
        const frame = [...document.querySelectorAll("iframe")].find((one) => one.src.includes("streamlit_folium"));
        const map = frame.contentWindow.map;
        map.fire("click", { latlng: map.getCenter() });
    })"""
    page.evaluate(script, button.element_handle())
    expect(page.get_by_role("button", name=EN("needs_change"), exact=True)).to_be_visible(timeout=240_000)
    assert any("Multiple different fragmentIds" in text for text in warned), "both were answered one by one"


SCROLL_ON = """() => new Promise((done) => {
    const page = document.querySelector('[data-testid="stMain"]');
    document.querySelector(".st-key-rr_add").style.paddingTop = "200px";
    page.scrollTop = page.scrollHeight;
    const went = page.scrollTop;
    setTimeout(() => done(page.scrollTop - went), 1500);
})"""


def test_who_scrolls_on_while_an_answer_is_drawn_is_not_taken_back(new_page: NewPage, address: str) -> None:
    page = new_page()
    opened(page, address, "case-manager")
    page.get_by_role("button", name=EN("homes_compare"), exact=True).click()
    answer = page.locator("[data-answer]")
    answer.wait_for(state="attached", timeout=240_000)
    expect(page.locator("[data-home-total]").first).to_be_attached()
    settled(page)
    expect(answer).to_be_in_viewport()
    assert page.evaluate(SCROLL_ON) >= 0
    expect(answer).not_to_be_in_viewport()


DRAWN_ANEW = """() => new Promise((done) => {
    const page = document.querySelector('[data-testid="stMain"]'), answer = document.querySelector("[data-answer]");
    const around = answer.parentElement;
    answer.remove();
    page.scrollTop = page.scrollHeight;
    setTimeout(() => { around.append(answer); setTimeout(done, 1500); }, 300);
})"""


def test_an_answer_that_is_drawn_anew_is_not_moved_to_again(new_page: NewPage, address: str) -> None:
    page = new_page()
    opened(page, address, "case-manager")
    page.get_by_role("button", name=EN("homes_compare"), exact=True).click()
    expect(page.locator("[data-home-total]").first).to_be_attached(timeout=240_000)
    settled(page)
    page.get_by_role("tab", name=EN("tab_why"), exact=True).click()  # something is done on the page
    settled(page)
    page.evaluate(DRAWN_ANEW)
    expect(page.locator("[data-answer]")).not_to_be_in_viewport()
