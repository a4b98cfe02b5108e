"""In which weeks a session is held, in words of either language: on cards, maps and the paper."""

import datetime

import pandas as pd
import pytest

from geo.nearby.places import Wishes
from geo.tables import RESOURCES, SESSIONS, conform
from screens.participant import cards
from screens.shared import near_me
from screens.shared.queries import session_texts
from screens.shared.weeks import weeks_in_words
from screens.shared.words import Say

EN, ES = Say("en"), Say("es")
SUNDAY = datetime.date(2026, 12, 6)


@pytest.mark.parametrize(
    ("rule", "english", "spanish"),
    [
        ("", "", ""),
        ("2;4", "only the second and fourth Sunday of the month", "solo el segundo y cuarto domingo del mes"),
        (
            "1;3;5",
            "only the first, third, and fifth Sunday of the month",
            "solo el primer, tercer y quinto domingo del mes",
        ),
        ("last", "only the last Sunday of the month", "solo el último domingo del mes"),
        ("alternate", "every other week: ask in which", "cada dos semanas: pregunte en cuáles"),
        ("monthly", "once a month: ask when", "una vez al mes: pregunte cuándo"),
    ],
)
def test_words(rule: str, english: str, spanish: str) -> None:
    assert (weeks_in_words(rule, 6, EN), weeks_in_words(rule, 6, ES)) == (english, spanish)


def table(*rows: tuple[int, int, int, str | None]) -> pd.DataFrame:
    columns = ["weekday", "start_minute", "end_minute", "weeks"]
    return conform(pd.DataFrame(rows, columns=columns).assign(resource_id="a", time_zone="Etc/UTC"), SESSIONS)


def test_a_marks_text_tells_weeks_and_rooms_that_are_always_open() -> None:
    rows = table((0, 1140, 1200, None), (6, 1140, 1200, "2;4"), (2, 0, 1440, None))
    assert session_texts(rows, EN) == {
        "a": "Mon 7:00 PM, Wed, all day, Sun 7:00 PM (only the second and fourth Sunday of the month)"
    }
    assert session_texts(table((6, 1140, 1200, "last")).drop(columns="weeks"), EN) == {"a": "Sun 7:00 PM"}


def resources(attendance: str) -> pd.DataFrame:
    row = {
        "resource_id": "a",
        "name": "Lamp",
        "category": "meeting",
        "dimension": "community",
        "attendance": attendance,
    }
    return conform(pd.DataFrame([row]), RESOURCES)


def test_a_card_tells_weeks_and_all_day() -> None:
    online = table((6, 1140, 1200, "1")).assign(row=0, date=SUNDAY).drop(columns="resource_id")
    (row,) = near_me.in_words(resources("online"), online, Wishes(), ES).itertuples()
    assert "solo el primer domingo del mes" in str(cards.online_card(row, ES))
    # where the session comes from it is Monday already
    ahead = online.assign(days_ahead=-1, weeks="2")
    (row,) = near_me.in_words(resources("online"), ahead, Wishes(), EN).itertuples()
    assert row.how_often == "only the second Monday of the month"
    always = online.assign(start_minute=0, end_minute=1440, weeks="")
    (row,) = near_me.in_words(resources("online"), always, Wishes(), ES).itertuples()
    card = str(cards.online_card(row, ES))
    assert "todo el día" in card
    assert "0:00" not in card
