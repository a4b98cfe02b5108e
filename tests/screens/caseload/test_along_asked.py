"""What is asked of what goes along: which house a person most likely goes to, and when they leave."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.clock import DAY
from geo.needs.needs import Needs
from geo.timetables.calendar import MORNING_MINUTES
from screens.caseload.along.against import against_house
from screens.caseload.along.asked import USUAL_LEAVE, leave_minute, likely_house, usual_leave
from screens.shared.near_me import When
from screens.shared.words import Say

TODAY = dt.date(2026, 1, 8)
LATER = TODAY + dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("rows", "likely"),
    [
        ([("a", "moved_in", "2026-05-01"), ("b", "offered", "2026-11-01")], "b"),
        ([("b", "offered", "2026-11-01"), ("a", "moved_in", "2026-05-01")], "b"),
        ([("a", "moved_in", "2026-11-01"), ("b", "offered", "2026-11-01")], "a"),
        ([("a", "offered", "2026-05-01"), ("b", "offered", "2026-11-01"), ("c", "refused", "2026-11-02")], "b"),
        ([("a", "asked", "2026-05-01")], None),
        ([], None),
    ],
)
def test_the_house_of_the_latest_day_is_the_likely_one(rows: list[tuple[str, str, str]], likely: str | None) -> None:
    assert likely_house(pd.DataFrame(rows, columns=["resource_id", "state", "on"])) == likely


def test_an_offer_of_a_house_that_is_full_is_not_the_likely_one() -> None:
    rows = [("a", "moved_in", "2026-05-01"), ("b", "offered", "2026-11-01"), ("c", "offered", "2026-11-02")]
    listed = pd.DataFrame(rows, columns=["resource_id", "state", "on"])
    assert likely_house(listed, ["c"]) == "b"
    assert likely_house(listed, ["b", "c"]) == "a"
    assert likely_house(listed, ["a", "b", "c"]) == "a", "who moved in has the bed"
    assert likely_house(listed[1:], ["b", "c"]) is None


OFFERED = {"state": "offered", "on": "2026-11-01"}
FULL = {"free_beds": 0, "free_beds_heard_on": "2026-11-01", "hold_until": pd.NA}


@pytest.mark.parametrize(
    ("listed", "heard", "is_full"),
    [
        (OFFERED, FULL, True),
        ({}, FULL, True),
        ({"state": "waiting", "on": "2026-11-05"}, FULL, True),
        (OFFERED, {}, False),
        (OFFERED, FULL | {"free_beds": pd.NA, "free_beds_heard_on": pd.NA}, False),
        (OFFERED, FULL | {"free_beds": 1}, False),
        (OFFERED, FULL | {"hold_until": "2026-11-10"}, False),
        (OFFERED, FULL | {"hold_until": "2026-11-09"}, True),
        (OFFERED | {"on": "2026-11-02"}, FULL, False),
        ({"state": "moved_in", "on": "2026-11-01"}, FULL, False),
    ],
)
def test_a_house_is_full_by_its_last_word_on_beds_unless_it_holds_one_or_offered_one_since(
    listed: dict[str, object], heard: dict[str, object], is_full: bool
) -> None:
    say = Say("en")
    texts = [say("along_house_full", day=say.day("2026-11-01"))] if is_full else []
    assert against_house(listed, heard, Needs(), dt.date(2026, 11, 10), say) == texts


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_house_that_refuses_the_person_or_their_medication_is_told(language: str) -> None:
    say, needs = Say(language), Needs(medications=("methadone", "buprenorphine", "naltrexone"))
    heard = {"takes_methadone": False, "takes_methadone_heard_on": "2026-11-01", "takes_buprenorphine": True,
             "takes_buprenorphine_heard_on": "2026-11-02", "takes_naltrexone": pd.NA}  # fmt: skip
    texts = against_house({"state": "refused", "on": "2026-11-03"}, heard, needs, dt.date(2026, 11, 10), say)
    what = say("medications_methadone").lower()
    assert texts == [
        say("along_house_refused", day=say.day("2026-11-03")),
        say("along_house_refuses", day=say.day("2026-11-01"), what=what),
    ]
    assert against_house({}, heard, Needs(), dt.date(2026, 11, 10), say) == []


@pytest.mark.parametrize(
    ("now", "usual"), [(240, 600), (600, 600), (601, 605), (845, 845), (846, 850), (1436, 1440), (1501, 1505)]
)
def test_today_nobody_usually_leaves_at_an_hour_that_has_passed(now: int, usual: int) -> None:
    assert usual_leave(TODAY, When(TODAY, now, None)) == usual
    assert usual_leave(LATER, When(TODAY, now, None)) == USUAL_LEAVE


@given(st.integers(MORNING_MINUTES, DAY + MORNING_MINUTES - 5), st.booleans())
def test_the_usual_time_to_leave_is_read_again_as_it_is_written(now: int, twenty_four_hours: bool) -> None:
    when, say = When(TODAY, now, None), Say("en", twenty_four_hours)
    usual = usual_leave(TODAY, when)
    assert now <= usual
    assert leave_minute(say.habits.clock(usual), TODAY, when) == usual


def test_a_typed_time_is_of_the_day_on_which_one_leaves() -> None:
    evening = When(TODAY, 1380, None)
    assert leave_minute("0:30", TODAY, evening) == DAY + 30
    assert leave_minute("0:30", LATER, evening) == 30
    assert leave_minute("14:00", TODAY, evening) == 840
    assert leave_minute("half past", TODAY, evening) is None
