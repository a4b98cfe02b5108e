"""Which date it is, and where: files and papers bear that of the people who read them."""

import datetime
import time

import pytest

from geo.dates import date_there, local_date


@pytest.mark.parametrize(("zone", "day"), [("America/New_York", 1), ("Etc/UTC", 2), ("Asia/Tokyo", 2)])
def test_a_build_of_the_american_evening_is_of_that_day(zone: str, day: int) -> None:
    assert date_there("2026-12-02 01:10 UTC", zone) == datetime.date(2026, 12, day)


def test_without_a_time_zone_it_is_the_machines_own_date(monkeypatch: pytest.MonkeyPatch) -> None:
    dates = []
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):  # 25 hours apart: never on one date
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        dates.append((local_date(""), local_date(zone)))
    monkeypatch.undo()
    time.tzset()
    (east, there), (west, here) = dates
    assert (east, west) == (there, here)
    assert east > west
