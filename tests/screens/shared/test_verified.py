"""When each kind of data was verified: by its publisher's dates alone, and never better than they are."""

import datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from screens.shared.verified import verified_texts
from screens.shared.words import Say

SAY = Say("en")
TODAY = datetime.date(2026, 12, 31)


def resources(**dates: list[str | None]) -> pd.DataFrame:
    rows = [(category, date) for category, own in dates.items() for date in own]
    return pd.DataFrame(rows, columns=["category", "verified_on"]).astype("string")


def test_each_kind_says_its_own_dates_and_what_gives_none_says_so() -> None:
    table = resources(
        meeting=["2026-11-01", "2026-03-12", "2026-10-05"],
        recovery_residence=["2026-06-01", None, "2062-06-01"],
        pharmacy=[None],
        library=["2027-01-01"],
    )
    assert verified_texts(table, SAY, TODAY) == [
        "Meetings last verified November 1, 2026, half of them since October 5, 2026",
        "Houses last verified June 1, 2026; most give no date",
        "Clinics: no date of verification given",
    ]
    assert verified_texts(resources(), SAY, TODAY) == []
    assert verified_texts(table, Say("es"), TODAY)[2] == "Clínicas: sin fecha de verificación"


@given(st.lists(st.one_of(st.none(), st.dates(datetime.date(2020, 1, 1), datetime.date(2026, 12, 31))), min_size=1))
def test_half_of_them_are_as_new_as_it_is_said(days: list[datetime.date | None]) -> None:
    (text,) = verified_texts(resources(meeting=[day and day.isoformat() for day in days]), SAY, TODAY)
    half = next((day for day in sorted(filter(None, days)) if text.endswith(f"since {SAY.day(day)}")), None)
    if half is None:
        assert 2 * days.count(None) >= len(days)
    else:
        assert 2 * sum(day is not None and day >= half for day in days) >= len(days)


@pytest.mark.usefixtures("demo_region")
def test_nothing_of_the_demo_is_verified_after_its_own_day() -> None:
    from screens.shared import regions

    region = regions.opened("demo")
    assert region.resources["verified_on"].dropna().max() <= region.facts.service_date.isoformat()
    assert len(regions.verified(region, SAY)) == 3
