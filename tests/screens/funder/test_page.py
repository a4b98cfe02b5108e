"""The funder's and the data-health page without a browser: what they say where a region has little."""

import datetime
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from geo.equity.evenness import Evenness
from geo.equity.gaps import GROUP_COLUMNS
from geo.score.surface import class_columns
from geo.tables import DIMENSIONS
from screens.funder import gaps
from screens.funder import text as gap_words
from screens.shared.words import Say
from sources.region import RegionInputs, build_region
from tests.sources.region.test_manage import osm_xml

ROOT = Path(__file__).parents[3]
QUESTION = gaps.Question("no-car", "none", datetime.date(2026, 1, 7), "total", 40, "tract")
SAY = Say("en")


def text_of(page: AppTest) -> str:
    return "".join(str(element.proto.body) for element in page.get("html"))


def run(name: str) -> str:
    page = AppTest.from_file(str(ROOT / "screens" / name / "page.py"), default_timeout=60).run()
    assert not page.exception
    return text_of(page)


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("RECOVERY_REACH_HOME", str(tmp_path / "home"))
    (tmp_path / "town.osm").write_text(osm_xml(), "utf-8")
    houses = tmp_path / "houses.csv"
    houses.write_text("name,address,lat,lon,location_precision\nLark House,,39.081,-84.509,hidden\n", "utf-8")
    build_region("bare_of_people", RegionInputs(tmp_path / "town.osm", resources=(f"recovery_residences={houses}",)))
    return "bare_of_people"


def test_a_region_without_people_has_no_gaps_and_the_page_says_so(bare: str) -> None:
    shown = run("funder")
    assert SAY("gap_no_zones") in shown
    assert "--zones" in shown.replace("&#45;", "-")


def test_a_confidential_house_is_a_reason_and_no_more(bare: str) -> None:
    shown = run("data_health")
    assert SAY("health_code_confidential") in shown
    assert "Lark House" not in shown
    assert SAY("health_check_no_timetable").split(":")[0] in shown
    assert SAY("health_check_no_dimension", name="Home") in shown


def test_evenness_in_words_says_what_is_not_published() -> None:
    bare = Evenness(40.0, 0.25, 20.0, 0.12, 0.5, None, None, None)
    assert gap_words.even(bare, SAY)[-1] == SAY("gap_ranked_none")
    assert "differ by 20 points" in gap_words.even(bare, SAY)[0]
    for index, word in ((0.2, "rich"), (-0.2, "poor"), (0.001, "even")):
        ranked = Evenness(40.0, 0.25, 20.0, 0.12, 0.5, "income", 2.0, index)
        lines = gap_words.even(ranked, SAY)
        assert SAY(f"gap_concentration_{word}", index=f"{index:+.3f}") in lines
        assert lines[-1] == SAY("gap_ranked_income")


@pytest.mark.parametrize(("share", "text"), [(0.0, "0"), (0.4, "under 1"), (1.2, "1"), (99.6, "100"), (np.nan, "–")])
def test_a_small_share_is_not_nothing(share: float, text: str) -> None:
    assert gap_words.percent(share, SAY) == text


def test_areas_have_names_that_people_know() -> None:
    assert gaps.area_name("21037050102", "tract", SAY) == "Tract 501.02"
    assert gaps.area_name("210370501003", "block_group", SAY) == "Block group 3 of tract 501"
    assert gaps.area_name("21037", "county", SAY) == "County 037, Kentucky"
    assert gaps.area_name("99990", "county", SAY) == "County 99990"
    assert gaps.area_name("B4", "grid", SAY) == "Square B4"


def test_nobody_below_has_nothing_that_holds_them_back() -> None:
    row = {"people_below": 0.0, "dimension": "home", "class_name": "jobs"}
    assert gap_words.holds_back(row, QUESTION, SAY) == ""
    assert gap_words.holds_back(row | {"people_below": 20.0}, QUESTION, SAY) == "Home: Jobs"


@pytest.mark.parametrize("language", ["en", "es"])
def test_where_nothing_is_known_nobody_is_said_to_have_enough(language: str) -> None:
    say = Say(language)
    whole = dict.fromkeys(("people", "people_below", "people_none"), 0.0) | {"people_unscored": 5200.0}
    whole |= {"mean": np.nan, "percent_below": np.nan, "dimension": "", "class_name": ""}
    nothing = pd.DataFrame()
    answer = gaps.Answer(np.zeros(1, dtype=int), whole, nothing, nothing, nothing, nothing, None, 0.0)
    assert gap_words.headline(answer, QUESTION, say) == (say("gap_headline_nodata", people="5,200"), [], "")
    known = {"health": 40.0, "home": 9.0, "purpose": 30.0}
    known |= {f"class_{rule.name}": 50.0 for rule in gaps.parameters().classes if rule.applies == "always"}
    del known["class_recovery_beds"]
    columns = ["total", *DIMENSIONS, *class_columns(gaps.parameters())]
    table = pd.DataFrame({name: [known.get(name, np.nan)] for name in columns})
    surface = gaps.Surface(table, {}, nothing, nothing)
    what = "; ".join((say("community"), say("class_recovery_beds")))
    assert gap_words.nothing_known(surface, QUESTION, say) == say("gap_no_total", what=what)
    assert gap_words.nothing_known(surface, replace(QUESTION, measure="health"), say) == ""
    lacking = replace(QUESTION, measure="community")
    assert gap_words.nothing_known(surface, lacking, say) == say("gap_nodata", what=say("community"))


def test_groups_that_are_not_published_are_named() -> None:
    groups = pd.DataFrame([("pay", "low_wage", "workers", 2000.0, 30.0, 50.0)], columns=list(GROUP_COLUMNS))
    answer = gaps.Answer(np.zeros(1, dtype=int), {}, pd.DataFrame(), pd.DataFrame(), groups, pd.DataFrame(), None, 0.0)
    lacking = gap_words.lacking(answer, SAY)
    assert "income" in lacking
    assert "pay" not in lacking
