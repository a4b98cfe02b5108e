"""What houses said on the telephone, in words."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd

from geo.needs.fields import MEDICATIONS
from screens.shared.words import Say


def said_texts(heard: Mapping[Any, Any], on: dt.date, say: Say) -> list[str]:
    """Return what a house said last of each thing, a sentence for each day on which it said so.

    Parameters
    ----------
    heard
        A row of `people.notebook.latest_words`; empty for a house that wasn't called.
    on
        Today: a bed that was held until an earlier day is held no more.
    """
    by_day: dict[str, list[str]] = {}
    for name in ("free_beds", "weekly_rent_usd", "takes", "ask_again_on", "hold_until"):
        for day, text in _takes(heard, say) if name == "takes" else _word(name, heard, on, say):
            by_day.setdefault(day, []).append(text)
    return [say("case_heard", day=say.day(day), what="; ".join(texts)) for day, texts in by_day.items()]


def _word(name: str, heard: Mapping[Any, Any], on: dt.date, say: Say) -> list[tuple[str, str]]:
    value = heard.get(name)
    if value is None or pd.isna(value):
        return []
    if name == "free_beds":
        text = say("val_beds", count=int(value))
    elif name == "weekly_rent_usd":
        text = say("sheet_rent", rent=say.habits.money(float(value)))
    else:
        is_over = name == "hold_until" and value < on.isoformat()
        text = say("case_heard_hold_ended" if is_over else f"case_heard_{name}", day=say.day(value))
    return [(str(heard[f"{name}_heard_on"]), text)]


def _takes(heard: Mapping[Any, Any], say: Say) -> list[tuple[str, str]]:
    """Return which medications a house accepts and which it doesn't, those of one day together."""
    names: dict[tuple[str, str], list[str]] = {}
    for medication in MEDICATIONS:
        takes = heard.get(f"takes_{medication}")
        if takes is not None and not pd.isna(takes):
            word = "accepts" if takes else "refuses"
            about = str(heard[f"takes_{medication}_heard_on"]), word
            names.setdefault(about, []).append(say(f"medications_{medication}").lower())
    return [
        (day, say(f"case_heard_{word}_medications", what=say.habits.listed(which)))
        for (day, word), which in names.items()
    ]
