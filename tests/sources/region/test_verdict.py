"""What a region's data is good for, and what to check: each state gives its own answer."""

import datetime
from dataclasses import replace

import pandas as pd
import pytest

from geo.tables import CATEGORIES
from sources.region import open_region
from sources.region.health import RegionHealth, Timetable, region_health
from sources.region.verdict import ENDS_SOON_DAYS, verdict

DAY = datetime.date(2026, 6, 1)


@pytest.fixture
def demo(demo_region: str) -> RegionHealth:
    return region_health(open_region(demo_region), DAY)


def codes(health: RegionHealth, sessions: int = 5) -> list[str]:
    return [check.code for check in verdict(health, sessions).check]


def lacking(health: RegionHealth, *rows: tuple[str, str]) -> RegionHealth:
    more = pd.DataFrame([(*row, "") for row in rows], columns=health.lacks.columns, dtype="string")
    return replace(health, lacks=pd.concat([health.lacks, more], ignore_index=True))


def test_the_demo_is_good_for_everything(demo: RegionHealth) -> None:
    assert verdict(demo, 5).good == ("near", "bus", "meetings", "score", "gaps")
    assert "no_category" not in codes(demo)


@pytest.mark.parametrize(
    ("timetable", "code"),
    [
        (Timetable("none", None, None, None), "no_timetable"),
        (Timetable("ended", DAY, DAY, -3), "ended"),
        (Timetable("not_yet", DAY, DAY, 90), "not_yet"),
        (Timetable("valid", DAY, DAY, ENDS_SOON_DAYS - 1), "ends_soon"),
        (Timetable("valid", DAY, DAY, ENDS_SOON_DAYS), None),
    ],
)
def test_the_timetable_comes_first(demo: RegionHealth, timetable: Timetable, code: str | None) -> None:
    judged = verdict(replace(demo, timetable=timetable), 5)
    assert ("bus" in judged.good) == (timetable.state == "valid")
    timetable_codes = {"no_timetable", "ended", "not_yet", "ends_soon"}
    assert [check.code for check in judged.check if check.code in timetable_codes] == ([code] if code else [])
    assert code is None or judged.check[0].code == code


def test_what_is_missing_takes_away_what_needs_it(demo: RegionHealth) -> None:
    assert "meetings" not in verdict(demo, 0).good
    assert "no_meetings" in codes(demo, 0)
    nobody = lacking(demo, ("measure", "population"))
    assert "gaps" not in verdict(nobody, 5).good
    assert "no_people" in codes(nobody)
    no_homes = lacking(demo, *(("category", name) for name, own in CATEGORIES.items() if own == "home"))
    judged = verdict(no_homes, 5)
    assert "score" not in judged.good
    assert [check.details for check in judged.check if check.code == "no_dimension"] == [{"name": "home"}]
    assert "no_category" not in [check.code for check in judged.check]
    one = verdict(lacking(demo, ("category", "hospital")), 5)
    assert "score" in one.good
    assert [check.details["names"] for check in one.check if check.code == "no_category"] == [("hospital",)]
    # a hospital, food, a library and a school: something in each dimension, but too little of what counts for a total
    few = {"hospital", "food", "gathering_place", "education"}
    thin = lacking(demo, ("measure", "jobs"), *(("category", name) for name in CATEGORIES if name not in few))
    assert "no_dimension" not in codes(thin)
    assert "score" not in verdict(thin, 0).good
    purpose = [("category", name) for name, own in CATEGORIES.items() if own == "purpose"]
    assert "no_dimension" not in codes(lacking(demo, *purpose))  # jobs are still known
    assert "no_dimension" in codes(lacking(demo, *purpose, ("measure", "jobs")))


def test_files_that_are_stale_old_or_undated_are_named(demo: RegionHealth) -> None:
    table = demo.sources.assign(stale=None, is_old=False, retrieved_on="2026-05-30")
    assert {"stale", "old", "undated"} & set(codes(replace(demo, sources=table))) == set()
    for column, value, code in (
        ("stale", "It broke.", "stale"), ("is_old", True, "old"), ("retrieved_on", None, "undated"),
    ):  # fmt: skip
        worse = table.copy()
        worse.loc[worse["label"] == "bmlt", column] = value
        checks = [check for check in verdict(replace(demo, sources=worse), 5).check if check.code == code]
        assert [check.details["names"] for check in checks] == [("bmlt.json",)]


def test_files_that_lost_many_rows_are_named_but_not_for_rows_of_other_places(demo: RegionHealth) -> None:
    for code, named in (("no_point", ("bmlt.json",)), ("outside_region", None)):
        lost = pd.DataFrame([("bmlt", "set_aside", code, 40, "")], columns=demo.reasons.columns)
        checks = verdict(replace(demo, reasons=lost), 5).check
        assert [check.details["names"] for check in checks if check.code == "set_aside"] == ([named] if named else [])


def test_many_imprecise_places_are_told(demo: RegionHealth) -> None:
    assert "imprecise" not in codes(demo)
    many = pd.concat([demo.imprecise] * 30, ignore_index=True)
    assert "imprecise" in codes(replace(demo, imprecise=many))
