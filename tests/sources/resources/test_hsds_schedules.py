"""Schedules at their edges: spans that meet, days that are named by a first date, offsets and zones."""

from typing import Any

import pytest

from sources.adapter.source import ParseContext
from sources.cleaning.report import Notes
from sources.resources.hsds_schedules import opening_hours, weekly_sessions

DENVER = ParseContext(time_zone="America/Denver", retrieved_on="2026-01-05")


def on(day: str, opens: str, closes: str, **fields: Any) -> dict[str, Any]:
    return {"freq": "WEEKLY", "byday": day, "opens_at": opens, "closes_at": closes} | fields


def hours(*schedules: dict[str, Any], context: ParseContext = DENVER) -> str | None:
    return opening_hours(schedules, Notes("x"), context)


@pytest.mark.parametrize(
    ("spans", "merged"),
    [
        ([("08:00", "09:00"), ("12:00", "14:00"), ("13:00", "15:00")], "08:00-09:00,12:00-15:00"),
        ([("08:00", "09:00"), ("12:00", "16:00"), ("13:00", "15:00")], "08:00-09:00,12:00-16:00"),
        ([("08:00", "09:00"), ("09:00", "10:00")], "08:00-10:00"),
        ([("09:01", "10:00"), ("08:00", "09:00")], "08:00-09:00,09:01-10:00"),
    ],
)
def test_spans_that_meet_are_one(spans: list[tuple[str, str]], merged: str) -> None:
    assert hours(*(on("MO", *span) for span in spans)) == f"Mo {merged}"


def test_a_whole_day_stays_on_its_day() -> None:
    assert hours(on("MO", "00:00", "23:59")) == "Mo 00:00-24:00"
    assert (
        hours(*(on(day, "00:00", "00:00") for day in ("MO", "TU", "WE", "TH", "FR", "SA", "SU"))) == "Mo-Su 00:00-24:00"
    )
    assert hours(on("MO", "00:00", "00:00")) is None


def test_an_offset_that_the_place_has_leaves_its_clock() -> None:
    india = ParseContext(time_zone="Asia/Kolkata", retrieved_on="2026-01-05")
    assert hours(on("MO", "09:00+05:30", "17:00+05:30"), context=india) == "Mo 09:00-17:00"
    assert hours(on("MO", "09:00-07:00", "17:00-07:00")) == "Mo 09:00-17:00"
    assert hours(on("MO", "16:00Z", "22:00Z")) == "Mo 09:00-15:00"
    assert (
        hours(on("MO", "09:00+02:00", "17:00+02:00"), context=ParseContext(time_zone="Nowhere/Land"))
        == "Mo 09:00-17:00"
    )


def test_without_days_a_long_schedule_is_that_of_its_first_day() -> None:
    long = {"freq": "WEEKLY", "opens_at": "09:00", "closes_at": "12:00", "dtstart": "2026-01-06"}
    assert hours(long) == "2026 Jan 06+ Tu 09:00-12:00"
    assert hours(long | {"valid_to": "2026-02-06"}) == "2026 Jan 06-2026 Feb 06 Tu 09:00-12:00"
    assert hours(long | {"valid_to": "2026-07-06"}) == "2026 Jan 06-2026 Jul 06 Tu 09:00-12:00"
    assert hours(long | {"valid_to": "2026-01-20"}) == "2026 Jan 06-2026 Jan 20 Mo-Su 09:00-12:00"


def test_sessions_are_those_that_hold_on_the_day_of_retrieval() -> None:
    schedules = [
        on("MO", "09:00", "12:00", valid_to="2026-01-04"), on("TU", "09:00", "12:00", valid_from="2025-06-01"),
        on("WE", "09:00", "12:00", valid_from="2026-01-06"), on("TH", "09:00", "12:00", valid_from="2026-01-05"),
        on("FR", "09:00", "12:00", valid_to="2026-01-05"), on("1SA", "09:00", "12:00"),
    ]  # fmt: skip
    assert weekly_sessions(schedules, DENVER) == ((1, 540, 720), (3, 540, 720), (4, 540, 720))


def test_what_is_not_read_leaves_the_other_schedules() -> None:
    odd = on("MO", "09:00", "12:00", freq="YEARLY")
    nothing = {"freq": "WEEKLY", "byday": "TU"}
    doubt = on("WE", "12:00", "12:00")
    backward = on("TH", "09:00", "12:00", valid_from="2026-02-02", valid_to="2026-02-01")
    for one in (odd, nothing, doubt, backward):
        assert hours(one, on("FR", "09:00", "12:00")) == "Fr 09:00-12:00"
