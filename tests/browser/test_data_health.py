"""The data-health page in a real browser: the sentence first, files with their losses, hostile reasons as text."""

import io
import json
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import expect

from screens.shared.words import Say
from sources.region import open_region
from tests.browser.steps import EN, ES, NewPage, english_on, opened, scrolls_sideways, serious_findings, shot

pytestmark = pytest.mark.browser


def test_what_it_is_good_for_and_what_was_lost(new_page: NewPage, address: str, demo_region: str) -> None:
    page = new_page()
    opened(page, address, "data-health")
    expect(page.locator('[data-health="verdict"]')).to_contain_text("good enough for finding support on foot")
    table = page.locator('table[data-health="sources"]')
    row = table.locator("tr", has_text="hrsa.csv")
    expect(row).to_contain_text("10 = 7 kept + 0 repaired + 3 set aside")
    row.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(row.get_by_text(EN("health_code_mobile"))).to_be_visible()
    expect(page.get_by_text("400 days left").or_(page.get_by_text("days left"))).to_be_visible()
    shot(page, "data-health-desktop-en")
    assert serious_findings(page) == []
    with page.expect_download() as waiting:
        page.get_by_role("button", name=EN("health_download")).click()
    packed = zipfile.ZipFile(io.BytesIO(Path(waiting.value.path()).read_bytes()))
    region = open_region(demo_region)
    assert region.facts.region_hash in packed.read("README.txt").decode()
    sources = pd.read_csv(packed.open("sources.csv")).dropna(subset=["rows_in"])
    assert (sources["kept"] + sources["repaired"] + sources["set_aside"] == sources["rows_in"]).all()
    hidden = region.resources.loc[region.resources["location_precision"] == "hidden", "resource_id"]
    assert not set(pd.read_csv(packed.open("imprecise.csv"))["resource_id"]) & set(hidden)


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_in_spanish(new_page: NewPage, address: str, demo_region: str, width: int, scheme: str) -> None:
    page = new_page(width, 844, color_scheme=scheme)
    opened(page, address, "data-health?language=es")
    expect(page.get_by_role("heading", name=ES("health_title"))).to_be_visible()
    assert not scrolls_sideways(page)
    titles = [source["title"] for source in open_region(demo_region).facts.sources]
    assert english_on(page, titles) == []
    shot(page, "data-health-phone-es" if width == 390 else "data-health-desktop-es")
    if width == 390:
        assert serious_findings(page) == []
        page.locator(".rr-menu summary").click()
        page.get_by_role("radio", name="English").click()
        expect(page.get_by_role("heading", name=EN("health_title"))).to_be_visible()
        shot(page, "data-health-phone-en")


def test_hostile_reasons_and_names_are_text(new_page: NewPage, attacked: str, shared: Path) -> None:
    attacks: list[str] = json.loads(
        (shared / "badinputs/synthetic-attacks/html_jinja_markdown.json").read_text(encoding="utf-8")
    )
    page = new_page()
    opened(page, attacked, "data-health")
    page.locator('table[data-health="sources"] tr').first.wait_for()
    page.evaluate("() => document.querySelectorAll('.stMain details').forEach((one) => { one.open = true; })")
    shown = " ".join(page.inner_text('[data-testid="stMain"]').split())
    plain = [" ".join(attack.split()) for attack in attacks]
    assert sum(text in shown for text in plain if text) >= len(attacks) // 4


HOUSES = """House Name,Dirección,Ciudad,Zip,Lat,Long,Phone #,Weekly fee ($),Beds open,Vacancies,House color
Lark House,,,,40.3593,-113.4263,555-0100,$175,2,3,blue
Wren House,12 Nowhere Lane,Quillhaven,00307,,,555-0101,$160,1,1,red
"""


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("es", 390)])
def test_an_agencys_messy_list_is_shown_read_mended_and_undone(
    new_page: NewPage, address: str, tmp_path: Path, language: str, width: int
) -> None:
    say, page = Say(language), new_page(width, 900)
    path = tmp_path / "houses.csv"
    path.write_text(HOUSES, encoding="utf-8")
    page.goto(f"{address}data-health?language={language}&region=demo")
    page.locator('[data-health="update"]').wait_for()
    page.set_input_files('input[type="file"]', path)
    expect(page.locator('[data-health="unmatched"]')).to_contain_text("House color")
    expect(page.get_by_text("Beds open").first).to_be_visible()
    accept = page.get_by_role("button", name=say("list_accept"))
    accept.click()
    expect(page.get_by_text(say("list_choose_first", columns=say("column_open_beds")))).to_be_visible()
    page.get_by_label(say("column_open_beds"), exact=True).click()
    page.get_by_role("option", name="Vacancies").click()
    accept.click()
    changed = page.locator('[data-health="update"]')
    read = page.locator('[data-health="read"]')
    expect(read).to_contain_text(say("list_read", name="houses.csv", kept=1, rows=2), timeout=240_000)
    expect(changed).to_contain_text("Lark House")
    with page.expect_download() as waiting:
        page.get_by_role("button", name=say("list_problems_of", name="houses.csv", count=1)).click()
    (row,) = pd.read_csv(waiting.value.path(), dtype="string").to_dict("records")
    assert (row["House Name"], row["what to do"]) == ("Wren House", say("mend_not_located"))
    assert not scrolls_sideways(page)
    assert serious_findings(page) == []
    shot(page, f"data-health-{'phone' if width == 390 else 'desktop'}-{language}-list")
    page.locator(".st-key-update_undo button").click()
    expect(read).to_have_count(0, timeout=60_000)
