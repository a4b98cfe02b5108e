"""A word on free beds fades: never does a newer one count less, and an old one neither lets a house in nor out."""

import datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.needs.candidate_homes import candidates
from geo.needs.free_beds import FreeBedRule, free_beds
from geo.needs.needs import Needs
from geo.tables import RESOURCES, conform

TODAY = datetime.date(2026, 11, 29)
RULE = FreeBedRule(30, 0.5, "here")


def houses(*rows: tuple[int | None, str | None, str | None]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["open_beds", "verified_on", "retrieved_on"])
    table = table.assign(resource_id=[f"h{k}" for k in range(len(rows))], category="recovery_residence")
    return conform(table.assign(lon=-84.5, lat=39.1, location_precision="street"), RESOURCES)


def test_by_hand() -> None:
    known = free_beds(
        houses(
            (2, "2026-11-29", None), (1, "2026-10-30", None), (0, "2026-09-30", None), (1, "2026-12-24", None),
            (1, None, None), (1, None, "2026-11-28"), (1, None, "2026-09-30"), (None, "2026-11-29", None),
            (1, "2026-11-30", None), (1, "2062-11-29", None),
        ),
        RULE, TODAY,
    )  # fmt: skip
    assert known["bed_worth"].tolist() == [1, 0.5, 0.25, 0.5, 0.5, 0.5, 0.25, 0, 1, 0.5]
    assert known["bed_chance"].tolist() == [1, 0.75, 0.375, 0.75, 0.75, 0.75, 0.625, 0.5, 1, 0.75]
    assert known["is_bed_current"].tolist() == [True, True, *[False] * 6, True, False]
    assert known["bed_age_days"].fillna(-1).tolist() == [0, 30, 60, -1, -1, -1, -1, -1, 0, -1]


@given(st.integers(0, 900), st.integers(0, 900), st.integers(1, 400), st.floats(0, 1), st.integers(1, 9))
def test_a_newer_word_tells_more_and_the_chance_stays_between_what_is_said_and_unknown(
    age: int, other: int, half_life: int, unknown: float, beds: int
) -> None:
    dates = [(TODAY - datetime.timedelta(days)).isoformat() for days in sorted((age, other))]
    rows = houses(*((beds, date, None) for date in dates), *((0, date, None) for date in dates), (None, None, None))
    known = free_beds(rows, FreeBedRule(half_life, unknown, ""), TODAY)
    new_free, old_free, new_full, old_full, nothing = known["bed_chance"]
    assert nothing == unknown
    assert 1 >= new_free >= old_free >= unknown >= old_full >= new_full >= 0
    newer, older, *_ = worth = known["bed_worth"].tolist()
    assert worth == [newer, older, newer, older, 0], "whatever is said"
    assert newer >= older


def test_a_full_house_is_left_out_only_as_long_as_its_word_holds() -> None:
    rows = houses((0, "2026-11-20", None), (0, "2026-03-12", None), (1, "2026-11-20", None), (1, "2026-03-12", None))
    judged = candidates(rows, Needs(), RULE, TODAY)
    assert judged["reasons"].tolist() == [("open_beds",), (), (), ()]
    assert judged["unknown"].tolist() == [(), ("open_beds",), (), ("open_beds",)]
    as_said = candidates(rows, Needs())
    assert as_said["reasons"].tolist() == [("open_beds",), ("open_beds",), (), ()]


def test_a_house_that_says_nothing_stays() -> None:
    (row,) = candidates(houses((None, None, None)), Needs(), RULE, TODAY).to_dict("records")
    assert (row["reasons"], row["unknown"], row["bed_chance"]) == ((), ("open_beds",), pytest.approx(0.5))
