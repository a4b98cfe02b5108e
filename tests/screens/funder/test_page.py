"""The funder's and the data-health page without a browser: what they say where a region has little."""

import datetime
from dataclasses import MISSING, fields, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from geo.equity.evenness import Evenness
from geo.equity.gaps import GROUP_COLUMNS
from geo.scenarios import what_if
from geo.score.surface import class_columns
from geo.siting import sites
from geo.tables import DIMENSIONS
from screens.funder import gaps, pictures, questions
from screens.funder import text as gap_words
from screens.funder.pictures import slide_areas
from screens.shared.words import Say
from sources.region import RegionInputs, build_region
from tests.sources.region.test_manage import osm_xml

ROOT = Path(__file__).parents[3]
QUESTION = questions.Question("no-car", "none", datetime.date(2026, 1, 7), "total", 40, "tract")
SAY = Say("en")


def text_of(page: AppTest) -> str:
    return "".join(str(element.proto.body) for element in page.get("html"))


def run(name: str) -> str:
    page = AppTest.from_file(str(ROOT / "screens" / name / "page.py"), default_timeout=60).run()
    assert not page.exception
    return text_of(page)


def answered(**known: Any) -> questions.Answer:
    """Return an answer of which only this is known."""
    none = {one.name: pd.DataFrame() for one in fields(questions.Answer)}
    none |= {"shade": np.zeros(1, dtype=int), "whole": {}, "share_not_counted": 0.0, "in_no_area": 0.0}
    return questions.Answer(**none | dict.fromkeys(("evenness", "lorenz", "concentration")) | known)


@pytest.mark.parametrize("kind", [questions.Answer, sites.Answer, what_if.Answer])
def test_no_part_of_an_answer_can_be_forgotten(kind: type) -> None:
    assert [one.name for one in fields(kind) if (one.default, one.default_factory) != (MISSING, MISSING)] == []


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
    assert questions.area_name("21037050102", "tract", SAY) == "Tract 501.02"
    assert questions.area_name("210370501003", "block_group", SAY) == "Block group 3 of tract 501"
    assert questions.area_name("21037", "county", SAY) == "County 037, Kentucky"
    assert questions.area_name("99990", "county", SAY) == "County 99990"
    assert questions.area_name("B4", "grid", SAY) == "Square B4"


def test_nobody_below_has_nothing_that_holds_them_back() -> None:
    row = {"people_below": 0.0, "dimension": "purpose", "class_name": "jobs"}
    assert gap_words.holds_back(row, QUESTION, SAY) == ""
    assert gap_words.holds_back(row | {"people_below": 20.0}, QUESTION, SAY) == "Purpose: Jobs"


@pytest.mark.parametrize("language", ["en", "es"])
def test_where_nothing_is_known_nobody_is_said_to_have_enough(language: str) -> None:
    say = Say(language)
    whole = dict.fromkeys(("people", "people_below", "people_none"), 0.0) | {"people_unscored": 5200.0}
    whole |= {"mean": np.nan, "percent_below": np.nan, "dimension": "", "class_name": ""}
    nothing = pd.DataFrame()
    answer = answered(whole=whole)
    assert gap_words.headline(answer, QUESTION, say) == (say("gap_headline_nodata", people="5,200"), [], "")
    known = {"health": 40.0, "home": 9.0, "purpose": 30.0}
    known |= {f"class_{rule.name}": 50.0 for rule in questions.parameters().classes if rule.applies == "always"}
    del known["class_recovery_beds"]
    columns = ["total", *DIMENSIONS, *class_columns(questions.parameters())]
    table = pd.DataFrame({name: [known.get(name, np.nan)] for name in columns})
    surface = questions.Surface(table, {}, nothing, nothing)
    what = "; ".join((say("community"), say("class_recovery_beds")))
    assert gap_words.nothing_known(surface, QUESTION, say) == say("gap_no_total", what=what)
    assert gap_words.nothing_known(surface, replace(QUESTION, measure="health"), say) == ""
    lacking = replace(QUESTION, measure="community")
    assert gap_words.nothing_known(surface, lacking, say) == say("gap_nodata", what=say("community"))


def test_groups_that_are_not_published_are_named() -> None:
    groups = pd.DataFrame([("pay", "low_wage", "workers", 2000.0, 30.0, 50.0)], columns=list(GROUP_COLUMNS))
    answer = answered(groups=groups)
    lacking = gap_words.lacking(answer, SAY)
    assert "income" in lacking
    assert "pay" not in lacking


def test_an_area_has_the_same_number_on_the_slide_as_on_its_map() -> None:
    rows = [(f"2103705010{n}", 100.0, 20.0 * n, 20.0, "", "") for n in (5, 4, 3, 2, 1)]
    names = ["area_id", "people", "people_below", "percent_below", "dimension", "class_name"]
    areas = pd.DataFrame(rows, columns=names)
    numbered = areas[["area_id"]].assign(label=["1", "2", "3", "4", "5"]).drop(1)  # one has no place on the map
    answer = answered(areas=areas, numbered=numbered)
    listed = [(number, name) for number, name, *_ in slide_areas(answer, QUESTION, SAY)]
    assert listed == [("1", "Tract 501.05"), ("3", "Tract 501.03"), ("4", "Tract 501.02"), ("5", "Tract 501.01")]


def test_a_few_people_of_many_are_not_called_none_on_the_slide() -> None:
    rows = [("21037050101", 9000.0, 27.0, 0.3, "", "")]
    areas = pd.DataFrame(
        rows, columns=["area_id", "people", "people_below", "percent_below", "dimension", "class_name"]
    )
    answer = answered(areas=areas, numbered=areas[["area_id"]].assign(label=["1"]))
    ((_, _, told, _),) = slide_areas(answer, QUESTION, SAY)
    assert told == "27 people left out, under 1%"
    assert [pictures.share_of_people(percent, SAY) for percent in (0.3, 1.0, 57.5)] == ["under 1%", "1%", "58%"]
    assert gap_words.percent(57.5, SAY) == "58", "as beside the map"


def test_a_slide_without_a_number_says_why() -> None:
    empty = {name: [np.nan] for name in ("total", *DIMENSIONS)}
    surface: Any = SimpleNamespace(table=pd.DataFrame(empty))
    answer = answered(whole={"people": 0.0, "people_unscored": 5200.0})
    told = pictures.slide_caption(surface, answer, QUESTION, SAY)
    assert told == f"{SAY('gap_headline_nodata', people='5,200')}. {gap_words.nothing_known(surface, QUESTION, SAY)}"
    counted = answered(whole={"people": 500.0, "people_below": 27.0, "percent_below": 5.4})
    assert "27" in pictures.slide_caption(surface, counted, QUESTION, SAY)


class Timetable:
    """A region of which only the timetable and the date are asked."""

    def __init__(self, *stretches: tuple[int, int], usual: int = 5) -> None:
        days = [[int(np.datetime64(f"2026-03-{day:02d}").astype(int)) for day in stretch] for stretch in stretches]
        first, last = (np.array(edge) for edge in zip(*days, strict=True))
        self.network = SimpleNamespace(feed=SimpleNamespace(feed_first_day=first, feed_last_day=last))
        self.facts = SimpleNamespace(
            name="quay", fictional=False, time_zone="UTC", service_date=datetime.date(2026, 3, usual)
        )


def march(day: int) -> datetime.date:
    return datetime.date(2026, 3, day)


@pytest.mark.parametrize(
    ("today", "kept", "first"),
    [(3, [], 3), (3, [3, 9], 3), (3, [9, 25], 9), (15, [], 5), (15, [9, 25], 9), (31, [], 5), (15, [12, 25], 25)],
)
def test_the_first_view_is_of_today_or_of_the_nearest_day_that_has_a_map(
    monkeypatch: pytest.MonkeyPatch, today: int, kept: list[int], first: int
) -> None:
    region: Any = Timetable((1, 10), (20, 28))
    monkeypatch.setattr(gaps, "seen_on", lambda _facts: march(today))
    monkeypatch.setattr(gaps, "kept_dates", lambda *_: [march(day) for day in kept])
    assert gaps.first_date(region, QUESTION.needs) == march(first)


def test_a_day_between_two_timetables_has_its_neighbors_and_is_no_error() -> None:
    region: Any = Timetable((1, 10), (20, 28))
    assert [gaps.holds(region, march(day)) for day in (1, 10, 11, 19, 20, 29)] == [
        True,
        True,
        False,
        False,
        True,
        False,
    ]
    assert gaps.nearest_dates(region, march(15)) == (march(10), march(20))
