"""What changed since an earlier build, in a real browser: by mouse on a desktop, and on a phone by keyboard alone."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import expect

from geo.needs.needs import Needs
from geo.scenarios.what_if import WhatIf
from geo.score.parameters import load_parameters
from screens.shared.words import Say
from sources.formats.embedded import embedded
from sources.region import RegionInputs, build_region, open_region
from sources.region.areas import areas_of
from sources.region.held_against import held_against
from sources.region.kept_builds import earlier_build
from tests.browser.conftest import EVERY
from tests.browser.steps import EN, ES, MAP, NewPage, english_on, opened, settled, shot
from tests.browser.test_next_and_what_if import choose, is_whole, press

pytestmark = pytest.mark.browser

LISTS = ("meeting_guide.json", "meeting_guide_al-anon.json", "findtreatment.json", "hrsa.csv", "hsds.json")
"""All but the meetings of NA, which nobody could read on the later day, and the houses."""


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with a few areas of the demo built twice: two houses closed, one larger, a list gone."""
    folder, demo = tmp_path_factory.mktemp("later"), embedded("demo")
    blocks = json.loads((demo / "blocks.geojson").read_text("utf-8"))
    blocks["features"] = blocks["features"][::EVERY]
    (folder / "blocks.geojson").write_text(json.dumps(blocks), "utf-8")
    houses = (demo / "recovery_residences.csv").read_text("utf-8").splitlines()
    changed = "\n".join(line for line in houses if not line.startswith(("RR-002,", "RR-007,")))
    (folder / "recovery_residences.csv").write_text(changed.replace(",13,3,men", ",23,3,men", 1) + "\n", "utf-8")
    inputs = RegionInputs(
        osm=demo / "streets.osm.pbf",
        gtfs=(demo / "gtfs.zip",),
        resources=tuple(demo / name for name in (*LISTS, "bmlt.json", "recovery_residences.csv")),
        zones=(folder / "blocks.geojson", demo / "acs.json", *sorted(demo.glob("xx_[rw]ac_*"))),
        title="Tallowmere County (fictional)",
        fictional=True,
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECOVERY_REACH_HOME", str(folder / "home"))
        build_region("demo", inputs)
        resources = (*(demo / name for name in LISTS), folder / "recovery_residences.csv")
        build_region("demo", replace(inputs, resources=resources))
        region = open_region("demo")
        held_against(  # keeps both surfaces
            earlier_build("demo"), region, load_parameters(), Needs(), region.facts.service_date, WhatIf(),
            partial(areas_of, region, "place"),
        )  # fmt: skip
    return folder / "home"


@pytest.fixture(scope="module")
def address(serve: Callable[..., str], later: Path) -> str:
    """Return the address of the app on that region."""
    return serve(on=later)


def test_a_list_that_is_gone_closes_no_place_by_mouse(new_page: NewPage, address: str) -> None:
    page = new_page()
    opened(page, address, "funder")
    page.get_by_role("radio", name=EN("gap_part_changes")).click()
    page.get_by_text(EN("if_counted")).click()
    choose(page, EN("if_reach_of"), EN("class_recovery_beds"))
    page.get_by_role("button", name=EN("over_work_out")).click()
    expect(page.locator('[data-over="headline"]')).to_contain_text(
        "have one", timeout=180_000
    )  # no surface is kept yet
    expect(page.locator('[data-over="lists"]')).to_contain_text(EN("over_feeds_not_fetched", names="bmlt"))
    expect(page.locator('[data-over="places"]')).to_contain_text("2 places are not listed any more")
    expect(page.locator('[data-over="places"]')).to_contain_text("They may still be open")
    expect(page.locator('[data-over="unknown"]')).to_contain_text("lose a point or more")
    expect(page.locator('table[data-table="values"]')).to_contain_text("23")
    expect(page.locator('table[data-table="causes"] tbody tr')).to_have_count(2)
    expect(page.locator('[data-command="changes"]')).to_contain_text("recovery-reach changes demo --since")
    settled(page)
    shot(page, "funder-changes-desktop-en")
    is_whole(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name=EN("if_get_tables")).click()
    assert Path(waiting.value.path()).read_bytes().startswith(b"PK")
    page.get_by_role("radio", name=EN("if_view_before")).click()
    expect(page.get_by_text(EN("gap_step", low=80, high=100), exact=True)).to_be_visible()


def test_what_changed_on_a_phone_in_spanish_by_keyboard_alone(new_page: NewPage, address: str) -> None:
    page, say = new_page(390, 844, has_touch=True, is_mobile=True), Say("es")
    opened(page, address, "funder?part=changes&language=es")
    press(page, say("over_work_out"))
    expect(page.locator('[data-over="headline"]')).to_be_visible()
    expect(page.locator('[data-over="lists"]')).to_contain_text(ES("over_feeds_not_fetched", names="bmlt"))
    settled(page)
    assert english_on(page) == []
    is_whole(page)
    page.locator('[data-over="headline"]').scroll_into_view_if_needed()
    shot(page, "funder-changes-phone-es")
    page.locator(MAP).scroll_into_view_if_needed()
    shot(page, "funder-changes-phone-es-map")
