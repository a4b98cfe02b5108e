"""The data-health page in a real browser: the sentence first, files with their losses, hostile reasons as text."""

import io
import json
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import expect

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
