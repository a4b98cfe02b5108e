"""Service dates: which date stands for each weekday."""

import datetime

from geo.timetables.calendar import reference_weekday, service_dates


def test_services_of_the_week():
    wednesday = datetime.date(2026, 3, 4)
    days = service_dates(wednesday)
    assert [day.isoformat() for day in days] == [
        "2026-03-09", "2026-03-10", "2026-03-04", "2026-03-05", "2026-03-06", "2026-03-07", "2026-03-08",
    ]  # fmt: skip
    until_friday = service_dates(wednesday, (datetime.date(2026, 3, 1), datetime.date(2026, 3, 6)))
    assert [None if day is None else day.day for day in until_friday] == [2, 3, 4, 5, 6, None, 1]
    assert reference_weekday(wednesday) == 2
    assert reference_weekday(datetime.date(2026, 3, 7)) == 0
