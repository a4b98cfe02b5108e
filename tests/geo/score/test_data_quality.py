"""How good records are, by hand: age, position, the timetable's dates; and what that makes of the confidence."""

import datetime

import pandas as pd
import pytest

from geo.needs.free_beds import BedWord
from geo.score.aggregation import Part
from geo.score.confidence import confidence
from geo.score.data_quality import Records, judged
from geo.score.parameters import load_parameters

TODAY = datetime.date(2024, 3, 4)
PARAMETERS = load_parameters()
RULE = PARAMETERS.confidence


def records(ages=(0,), precision=("rooftop",), week=7, unplaced=0, **options):
    """Judge records of so many days of age (None = undated), with `week` days of timetable from today on."""
    dates = [None if age is None else (TODAY - datetime.timedelta(days=age)).isoformat() for age in ages]
    table = pd.DataFrame({"verified_on": dates, "retrieved_on": None, "location_precision": list(precision)},
                         index=range(len(dates)), dtype=object)  # fmt: skip
    days = [TODAY + datetime.timedelta(days=day if day < week else day - 7) for day in range(7)]
    return judged(RULE, table, unplaced, TODAY, days if week else None, ["Jobs: no data."], **options)


def test_a_record_loses_half_its_worth_in_each_half_age():
    half = int(RULE.half_age_days)
    assert records((0,)).age == 1
    assert records((half,)).age == pytest.approx(0.5)
    assert records((2 * half, 0), ("rooftop",) * 2).age == pytest.approx((0.25 + 1) / 2)
    assert records((None,)).age == RULE.unknown_age
    assert records((-1,)).age == 1  # of tomorrow: no fresher than today's
    assert records((-30,)).age == RULE.unknown_age  # a slip of the pen


def test_records_age_until_today_and_not_until_a_day_that_is_planned_for():
    half = datetime.timedelta(days=int(RULE.half_age_days))
    assert records((0,), today=TODAY + half).age == pytest.approx(0.5)
    assert records((-30,), today=TODAY + datetime.timedelta(days=30)).age == 1


def test_the_day_of_retrieval_stands_for_one_of_verification():
    table = pd.DataFrame({"verified_on": [None, "2024-03-04"], "retrieved_on": ["2024-03-04", "2020-01-01"],
                          "location_precision": "street"}, dtype=object)  # fmt: skip
    assert judged(RULE, table, 0, TODAY, None, ()).age == 1


def test_what_is_said_of_old_records_and_positions():
    half = int(RULE.half_age_days)
    assert records((half,)).reasons == ("Jobs: no data.",)
    assert any("old or undated" in reason for reason in records((half + 1,)).reasons)
    nine = records((0,) * 10, ("rooftop",) * 8 + ("street", "approximate"))
    assert (nine.location, nine.reasons) == (0.9, ("Jobs: no data.",))
    eight = records((0,) * 10, ("rooftop",) * 8 + ("hidden", "approximate"))
    assert eight.reasons[0] == "20 % of the resources have only an approximate position."
    assert records(unplaced=3).reasons[0].startswith("3 resources publish no position")


def test_the_timetable_counts_by_the_days_that_it_still_holds():
    assert records().timetable == 1
    four = records(week=4)
    assert four.timetable == pytest.approx(4 / 7)
    assert "ends within a week" in four.reasons[0]
    assert records(week=0).timetable == 0
    assert "no timetable" in records(week=0).reasons[0]
    ended = records(ended=datetime.date(2024, 3, 1))
    assert (ended.timetable, ended.timetable_ended) == (0, datetime.date(2024, 3, 1))
    assert len(ended.reasons) == 2


def test_without_records_there_is_nothing_to_judge():
    none = records((), ())
    assert (none.age, none.location) == (None, None)


def test_the_confidence_is_the_sum_of_its_shares():
    parts = [
        Part("a", "Pharmacies", "health", 1, "scored", 1, 1, 0.5),
        Part("b", "Food", "health", 3, "no_data", 0, 1, 0),
        Part("c", "Jobs", "purpose", 1, "not_needed", 0, 1, 0),
    ]
    quality = Records(0.5, 0.8, 0.25, None, ("old",))
    judgment = confidence(PARAMETERS, quality, parts)
    assert judgment["data"] == 0.25
    value = 0.25 * RULE.data + 0.5 * RULE.age + 0.8 * RULE.location + 0.25 * RULE.timetable
    assert judgment["value"] == pytest.approx(value)
    assert judgment["reasons"] == ["The region has no data on this: Food.", "old"]
    assert confidence(PARAMETERS, Records(None, None, 1.0, None, ()), parts)["value"] == pytest.approx(
        0.25 * RULE.data + RULE.timetable
    )
    bed = confidence(PARAMETERS, quality, parts, BedWord(0.4, is_current=False))
    assert bed["value"] == pytest.approx((1 - RULE.bed) * value + RULE.bed * 0.4)
    assert "free beds" in bed["reasons"][0]
    assert "free beds" not in confidence(PARAMETERS, quality, parts, BedWord(0.5, is_current=True))["reasons"][0]
    undated = BedWord(0.5, is_current=False)
    assert "call first" in confidence(PARAMETERS, quality, parts, undated)["reasons"][0], "as in the list of homes"
    assert confidence(PARAMETERS, Records(0.5, 0.8, 0, TODAY, ()), parts)["timetable_ended"] == "2024-03-04"
