"""The page follows its language as a whole: what assistive technology reads of it, its title, its direction."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.steps import EN, ES, NewPage, click_map, opened, scored, settled
from tests.pseudo_language import write_language

pytestmark = pytest.mark.browser

TRANSLATED = """
import sys
from pathlib import Path
from screens.shared import catalogs

catalogs.FOLDER = Path(sys.argv[1])
"""


@pytest.fixture(scope="session")
def translated(serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the address of an app that speaks Arabic in pseudo-letters, by a file alone."""
    folder = tmp_path_factory.mktemp("languages")
    write_language(folder, "ar")
    return serve(TRANSLATED, str(folder))


def test_language_and_title_of_the_page_follow_the_switch(new_page: NewPage, address: str) -> None:
    page = new_page()
    opened(page, address)
    expect(page.locator('html[lang="en"][dir="ltr"]')).to_be_attached()
    expect(page).to_have_title(f"{EN('page_start')} · {EN('title')}")
    page.get_by_role("radio", name="Español").click()
    expect(page.locator('html[lang="es"]')).to_be_attached()
    expect(page).to_have_title(f"{ES('page_start')} · {ES('title')}")


def test_a_day_that_was_chosen_stays_so_in_another_language(new_page: NewPage, address: str) -> None:
    page = new_page()
    opened(page, address, "participant?language=en")
    page.get_by_text(EN("near_other_time")).click()
    page.get_by_role("combobox", name=EN("near_day")).click()
    page.keyboard.type(EN.habits.weekday(2))
    page.keyboard.press("Enter")
    day = page.get_by_role("combobox", name=EN("near_day"))
    expect(day).to_have_value(re.compile(f"^{EN.habits.weekday(2)}"))
    page.keyboard.press("Escape")
    settled(page)
    for language, say in (("Español", ES), ("English", EN), ("Español", ES)):
        page.get_by_role("radio", name=language).click()
        expect(page.get_by_text(say("near_other_time"))).to_be_visible()
        settled(page)
    page.get_by_role("radio", name=ES("mode_walk"), exact=True).click()
    settled(page)
    page.get_by_text(ES("near_other_time")).click()
    day = page.get_by_role("combobox", name=ES("near_day"))
    expect(day).to_have_value(re.compile(f"^{ES.habits.weekday(2)}", re.IGNORECASE))


def test_a_new_answer_is_announced(new_page: NewPage, address: str) -> None:
    page = new_page()
    opened(page, address)
    news = page.locator('[data-reach="news"][aria-live="polite"]')
    expect(news).to_have_text("")
    click_map(page)
    scored(page)
    expect(news).to_contain_text(EN("your_place"))


def test_a_language_from_right_to_left(new_page: NewPage, translated: str) -> None:
    page = new_page(390, 844)
    opened(page, translated, "?language=ar")
    expect(page.locator('html[lang="ar"][dir="rtl"]')).to_be_attached()
