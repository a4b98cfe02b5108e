"""Regions in the app's caches: kept while they are the same on the disk, opened anew once built again."""

from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from geo.errors import RegionError
from layers.escaping import escaped
from screens.data_health.components import verdict_card
from screens.funder import gaps
from screens.pocket.answer import facts_of
from screens.pocket.fields import Refused
from screens.shared import queries, regions
from screens.shared.queries import ChosenPlace
from screens.shared.words import Say
from sources.region import build_region, list_regions, remove_region
from sources.region.health import region_health
from sources.region.inputs import RegionInputs
from sources.region.verdict import verdict
from tests.sources.region.test_manage import osm_xml

ROOT = Path(__file__).parents[3]
NOTHING = "The region has no data on any class that applies, so nothing can be scored; add resources to it."


def test_a_region_that_is_built_again_while_the_app_runs_is_another_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECOVERY_REACH_HOME", str(tmp_path / "home"))
    st.cache_resource.clear()
    streets, people = tmp_path / "town.osm", tmp_path / "people.csv"
    streets.write_text(osm_xml(), "utf-8")
    people.write_text("id,lon,lat,people\n211170636001,-84.509,39.081,50\n", encoding="utf-8")
    build_region("mix", RegionInputs(osm=streets))
    before, drawn, near, levels = (
        regions.opened("mix"),
        regions.land("mix"),
        regions.places_nearby("mix"),
        gaps.level_names(regions.opened("mix")),
    )
    assert regions.opened("mix") is before
    assert regions.land("mix") is drawn

    pharmacies = tmp_path / "pharmacies.csv"
    pharmacies.write_text("id,name,lat,lon\n1,Quay Pharmacy,39.081,-84.509\n", encoding="utf-8")
    build_region("mix", RegionInputs(osm=streets, resources=(pharmacies,), zones=(people,)))
    after = regions.opened("mix")
    assert (len(before.facts.region_hash), after.facts.region_hash == before.facts.region_hash) == (64, False)
    assert (len(after.zones), "Quay Pharmacy" in set(after.resources["name"])) == (1, True)
    assert regions.places_nearby("mix") is not near
    assert regions.support("mix").region_hash == after.facts.region_hash
    assert gaps.level_names(after) != levels

    remove_region("mix")
    with pytest.raises(RegionError, match="no region called 'mix'"):
        regions.opened("mix")


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_region_of_streets_alone_opens_and_says_what_it_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("RECOVERY_REACH_HOME", str(tmp_path / "home"))
    st.cache_resource.clear()
    streets = tmp_path / "town.osm"
    streets.write_text(osm_xml().replace('"library"', '"bench"'), "utf-8")
    build_region("streets", RegionInputs(osm=streets))
    regions.ready("streets")
    regions.warm("streets")
    region = regions.opened("streets")
    assert region.resources.empty
    sides = region.facts.bounds
    assert queries.view(region) == (sides.west, sides.south, sides.east, sides.north)

    page = AppTest.from_file(str(ROOT / "screens" / "main.py"), default_timeout=60)
    page.session_state["place"] = ChosenPlace(-84.509, 39.081)
    page.session_state["shown_region"] = "streets"
    page.session_state["language"] = language
    page.run()
    assert not page.exception
    shown = "".join(str(element.proto.body) for element in page.get("html"))
    assert Say(language)("start_here") in shown
    assert escaped(Say(language)(NOTHING)) in shown


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_damaged_region_is_told_and_mended_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("RECOVERY_REACH_HOME", str(tmp_path / "home"))
    st.cache_resource.clear()
    streets, say = tmp_path / "town.osm", Say(language)
    streets.write_text(osm_xml(), "utf-8")
    build_region("streets", RegionInputs(osm=streets))
    document = tmp_path / "home" / "regions" / "streets" / "region.json"
    document.write_text(document.read_text("utf-8").replace("America", "Amerika"), "utf-8")

    def told() -> str:
        page = AppTest.from_file(str(ROOT / "screens" / "main.py"), default_timeout=60)
        page.session_state["language"] = language
        page.run()
        assert not page.exception
        return "".join(str(element.proto.body) for element in page.get("html"))

    shown = told()
    assert escaped(say("region_unreadable", name="streets")) in shown
    assert escaped(say("region_unreadable_hint", name="streets")) in shown
    assert escaped(say("no_region")) not in shown
    for name in ("", "streets"):
        with pytest.raises(Refused, match="pocket_unreadable"):
            facts_of(name)

    regions.ready(None)
    assert [facts.name for facts in list_regions()] == ["streets"]
    raw = tmp_path / "home" / "regions" / "streets" / "raw" / "00" / "town.osm"
    raw.write_bytes(raw.read_bytes()[:-1])
    st.cache_resource.clear()
    assert escaped(say("region_unreadable", name="streets")) not in told()
    region = regions.opened("streets")
    health = region_health(region)
    card = verdict_card(verdict(health, 0), health, region.rebuilt, region.spoiled, say)
    assert escaped(say("health_spoiled", files="raw/00/town.osm")) in card
