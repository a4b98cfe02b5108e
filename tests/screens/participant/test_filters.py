"""What is chosen of days and times: what a choice means in the small hours."""

import datetime

import pytest
from streamlit.testing.v1 import AppTest

from screens.shared import near_me
from screens.shared.words import Say
from sources.region import open_region

EN = Say("en")
THURSDAY = datetime.date(2026, 11, 19)


def choosing() -> None:
    import streamlit as st

    from screens.participant import filters
    from screens.shared.words import Say
    from sources.region import open_region

    chosen = filters.when(open_region("demo"), Say("en"))
    st.text(f"{chosen.day} {chosen.minute}")


@pytest.mark.usefixtures("demo_region")
@pytest.mark.parametrize(
    ("now", "first", "another", "typed"),
    [
        (1530, "2026-11-18 1530", "2026-11-20 240", "2026-11-19 1560"),  # at 1:30 AM of the Thursday
        (960, "2026-11-19 960", "2026-11-20 960", "2026-11-19 1560"),
    ],
)
def test_another_day_is_that_day_and_not_the_night_before_it(
    monkeypatch: pytest.MonkeyPatch, now: int, first: str, another: str, typed: str
) -> None:
    evening = THURSDAY - datetime.timedelta(days=1) if now >= 1440 else THURSDAY
    moment, asked_now = near_me.moment, near_me.on_day(open_region("demo"), evening, now)
    monkeypatch.setattr(near_me, "moment", lambda one, *chosen: moment(one, *chosen) if chosen else asked_now)
    monkeypatch.setattr(near_me, "today", lambda _: THURSDAY)
    page = AppTest.from_function(choosing, default_timeout=120).run()
    assert not page.exception
    assert page.text[0].value == first
    page.selectbox(key="near_day").select_index(1).run()
    assert page.text[0].value == another
    page.selectbox(key="near_time").select(EN.habits.clock(120)).run()
    assert page.text[0].value == typed, "who chooses two in the morning after the day means it"
