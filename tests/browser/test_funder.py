"""The funder's page in a real browser: a surface, its gaps, who is left out, the files; hostile names everywhere."""

import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from geo.needs.needs import Needs
from geo.score.surface import populated_cells, score_cells
from screens.shared.words import Say
from sources.region import open_region
from sources.region.surface_store import keep_surface
from tests.browser.conftest import ATTACKED, EVERY
from tests.browser.steps import (
    EN,
    MAP,
    NewPage,
    click_map,
    english_on,
    map_frame,
    opened,
    scrolls_sideways,
    serious_findings,
    shot,
)

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def own_home(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder of these tests alone, whatever surface others have worked out."""
    return Path(
        shutil.copytree(home, tmp_path_factory.mktemp("funder") / "home", ignore=shutil.ignore_patterns("surfaces"))
    )


@pytest.fixture(scope="module")
def address(serve: Callable[..., str], own_home: Path) -> str:
    """Return the address of the app on that folder."""
    return serve(on=own_home)


@pytest.fixture(scope="module")
def attacked(serve: Callable[..., str], own_home: Path, shared: Path) -> str:
    """Return the address of the app on that folder, with every text of the region an attack."""
    return serve(ATTACKED, str(shared / "badinputs/synthetic-attacks/html_jinja_markdown.json"), on=own_home)


@pytest.fixture(scope="module", autouse=True)
def surface(own_home: Path) -> pd.DataFrame:
    """Keep a surface of every twelfth area of the demo: all of them would take minutes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECOVERY_REACH_HOME", str(own_home))
        region = open_region("demo")
        cells = populated_cells(region.zones).iloc[::EVERY].reset_index(drop=True)
        date, support = region.facts.service_date, region.support
        table = score_cells(support, cells, Needs(), date)
        keep_surface(region, table, Needs(), date, support.parameters.hash)
    return table


def headline(page: Page) -> str:
    return page.locator('[data-gap="headline"]').inner_text()


def first_area(page: Page) -> str:
    return page.locator('table[data-table="areas"] tbody tr').first.inner_text()


def test_where_support_is_missing_and_for_whom(new_page: NewPage, address: str) -> None:
    page = new_page()
    opened(page, address, "funder")
    expect(page.locator('[data-gap="headline"]')).to_contain_text("of 100 people live where it is below 40")
    rows = page.locator('table[data-table="areas"] tbody tr')
    shares = [text for text in rows.locator("td:first-of-type").all_inner_texts()[:8] if "nobody" not in text]
    below = [int(re.sub(r"\D", "", text.split("of")[0])) for text in shares]
    assert below == sorted(below, reverse=True)
    assert len(below) > 3
    groups = page.locator('table[data-gap="groups"]')
    expect(groups).to_contain_text(EN("gap_kind_pay"))
    expect(groups).to_contain_text(EN("gap_group_few"))
    for kind in ("poverty", "car", "insurance", "race", "age"):
        expect(groups).to_contain_text(EN(f"gap_kind_{kind}"))
    expect(page.get_by_text("publishes nothing by area on")).to_contain_text("social vulnerability")
    expect(page.get_by_text("Gini index")).to_be_visible()
    shot(page, "funder-desktop-en")
    before = headline(page)
    page.get_by_role("radio", name=EN("gap_level_tract")).click()
    expect(rows.first).to_contain_text("Tract")
    slider = page.get_by_role("slider")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator('[data-gap="headline"]')).to_contain_text("below 50")
    assert headline(page) != before
    assert "gap_below=50" in page.url
    assert "gap_level=tract" in page.url
    page.reload()
    expect(page.locator('[data-gap="headline"]')).to_contain_text("below 50")
    expect(rows.first).to_contain_text("Tract")


def test_a_class_and_an_area_by_click_and_by_keyboard(new_page: NewPage, address: str, surface: pd.DataFrame) -> None:
    page = new_page()
    frame = opened(page, address, "funder?gap_measure=class_harm_reduction")
    expect(page.get_by_text("can reach none at all")).to_be_visible()
    expect(page.get_by_text(EN("gap_step_none"))).to_be_visible()
    inner = map_frame(page)
    inner.evaluate("window.sameMap = true")
    scored = surface[surface["status"] == "scored"]
    lon, lat = scored["lon"] - scored["lon"].median(), scored["lat"] - scored["lat"].median()
    middle = scored.loc[(lon.abs() + lat.abs()).idxmin()]
    at = inner.evaluate(f"() => window.map.latLngToContainerPoint([{middle['lat']}, {middle['lon']}])")
    box = page.locator(MAP).bounding_box()
    assert box is not None
    click_map(page, (at["x"] / box["width"], at["y"] / box["height"]))
    expect(page.locator('[data-gap="cell"]')).to_be_visible()
    assert inner.evaluate("window.sameMap") is True
    card = page.locator('section[aria-labelledby="rr-cell"]')
    expect(card).to_contain_text(EN("gap_total"))
    expect(card).to_contain_text(str(middle["id"]))
    frame.locator(".leaflet-container").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)
    page.keyboard.press("Enter")
    other = card.filter(has_not_text=str(middle["id"])).or_(page.get_by_text(EN("gap_cell_outside")))
    expect(other).to_be_visible()


def test_what_was_not_worked_out_is_offered_and_can_be_stopped(new_page: NewPage, address: str) -> None:
    page = new_page()
    page.goto(address + "funder?gap_by=bicycle")
    expect(page.get_by_text(EN("gap_not_yet"))).to_be_visible()
    expect(page.get_by_text("recovery-reach surface demo --all")).to_be_visible()
    page.get_by_role("button", name=EN("gap_work_out")).click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    page.get_by_role("button", name=EN("stop")).click()
    expect(page.get_by_role("alert")).to_contain_text(EN("work_stopped"))
    page.get_by_role("radio", name=EN("gap_by_no-car")).click()
    expect(page.locator('[data-gap="headline"]')).to_be_visible()


def download(page: Page, key: str) -> bytes:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=EN(f"gap_get_{key}")).click()
    return Path(waiting.value.path()).read_bytes()


def test_files_say_how_they_were_made(new_page: NewPage, address: str, surface: pd.DataFrame, tmp_path: Path) -> None:
    page = new_page()
    opened(page, address, "funder?gap_level=tract")
    packed = zipfile.ZipFile(io.BytesIO(download(page, "csv")))
    about = packed.read("README.txt").decode()
    hashes = (surface["region_hash"][0], surface["parameters_hash"][0])
    assert all(one in about for one in hashes)
    assert EN("gap_method_2") in about
    areas = pd.read_csv(packed.open("areas.csv"), dtype={"area_id": "string"})
    assert areas["area_id"].str.len().unique().tolist() == [11]
    counts = areas[["people", "people_below", "people_none", "people_unscored"]].to_numpy()
    assert not ((counts > 0) & (counts < 11)).any()
    (tmp_path / "a.gpkg").write_bytes(download(page, "gpkg"))
    cells = gpd.read_file(tmp_path / "a.gpkg", layer="surface")
    assert len(cells) == len(surface)
    about = gpd.read_file(tmp_path / "a.gpkg", layer="about")["text"].tolist()
    assert all(one in about for one in hashes)
    (tmp_path / "a.parquet").write_bytes(download(page, "parquet"))
    again = gpd.read_parquet(tmp_path / "a.parquet")
    assert again["total"].tolist() == pytest.approx(surface["total"].tolist(), nan_ok=True)
    assert not {"people", "population"} & set(again.columns)
    assert download(page, "pdf").startswith(b"%PDF-")
    described = Image.open(io.BytesIO(download(page, "png"))).text["Description"]  # type: ignore[attr-defined]
    assert all(one in described for one in hashes)


@pytest.mark.parametrize(("scheme", "index"), [("light", 0), ("dark", 1)])
def test_on_a_phone_in_both_languages(new_page: NewPage, address: str, scheme: str, index: int) -> None:
    page = new_page(390, 844, color_scheme=scheme, has_touch=True, is_mobile=True)
    language = ("en", "es")[index]
    opened(page, address, f"funder?language={language}")
    expect(page.locator('[data-gap="headline"]')).to_be_visible()
    assert not scrolls_sideways(page)
    assert serious_findings(page) == []
    shot(page, f"funder-phone-{language}-map")
    page.locator('[data-gap="headline"]').scroll_into_view_if_needed()
    shot(page, f"funder-phone-{language}")


def test_spanish_and_nothing_serious_on_a_desktop(new_page: NewPage, address: str) -> None:
    page = new_page()
    opened(page, address, "funder?language=es")
    expect(page.locator('[data-gap="headline"]')).to_contain_text("de cada 100 personas")
    assert english_on(page) == []
    shot(page, "funder-desktop-es")
    assert serious_findings(page) == []


def test_hostile_names_are_text_in_map_table_and_files(
    new_page: NewPage, attacked: str, shared: Path, tmp_path: Path
) -> None:
    attacks: list[str] = json.loads(
        (shared / "badinputs/synthetic-attacks/html_jinja_markdown.json").read_text(encoding="utf-8")
    )
    page = new_page()
    opened(page, attacked, "funder")
    table = page.locator('table[data-table="areas"]')
    expect(table).to_be_visible()
    shown = " ".join(table.inner_text().split())
    seen = [attack for attack in attacks if " ".join(attack.split()) and " ".join(attack.split()) in shown]
    assert len(seen) >= 3
    packed = zipfile.ZipFile(io.BytesIO(download(page, "csv")))
    names = pd.read_csv(packed.open("areas.csv"), dtype="string")["name"].dropna()
    assert not names.str.startswith(("=", "+", "-", "@")).any()
    (tmp_path / "a.gpkg").write_bytes(download(page, "gpkg"))
    assert len(gpd.read_file(tmp_path / "a.gpkg", layer="areas")) == len(names)
    assert download(page, "pdf").startswith(b"%PDF-")
    assert "49" not in [name.strip() for name in table.locator("tbody th").all_inner_texts()]


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("es", 390)])
def test_a_slide_is_at_most_five_clicks_from_the_start_page(
    new_page: NewPage, address: str, demo_region: str, language: str, width: int
) -> None:
    say, page = Say(language), new_page(width, 900)
    opened(page, address, "?full=1" if language == "en" else f"?full=1&language={language}")
    clicks = 0
    page.locator(".st-key-who").get_by_role("link").filter(has_text=say("who_funder")).click()
    clicks += 1
    expect(page.locator('[data-gap="headline"]')).to_be_visible()  # without a click
    with page.expect_download() as waiting:
        page.get_by_role("button", name=say("gap_get_slide")).click()
        clicks += 1
    picture = Image.open(io.BytesIO(Path(waiting.value.path()).read_bytes()))
    region = open_region(demo_region)
    assert picture.size == (1920, 1080)
    assert region.facts.region_hash in picture.info["Description"]
    assert waiting.value.suggested_filename == f"demo-total-no-car-{region.facts.service_date}-slide.png"
    assert clicks <= 5
    assert not scrolls_sideways(page)
