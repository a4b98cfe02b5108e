"""A place that is there: chosen by its name, and what of it would be different, field by field."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from geo.clock import DAY, end_after
from geo.needs.eligibility import HOUSES
from geo.needs.fields import MEDICATIONS
from geo.scenarios.changes import PlaceChanged
from geo.tables import CATEGORIES, EXACT_PRECISIONS
from layers.escaping import html, plain
from screens.funder.parts import ask_days, ask_time, keep_option
from screens.shared import frame
from screens.shared.option_labels import told_apart
from screens.shared.words import Say
from sources.region.model import Region

PRESCRIBING = ("opioid_treatment_program", "buprenorphine_prescriber")
MOST_BEDS = 500
GENDERS, PAYMENTS = ("women", "men", "nonbinary", "all"), ("medicaid", "medicare", "sliding_scale", "free", "self_pay")
LISTS = {"medications": MEDICATIONS, "genders": GENDERS, "payment": PAYMENTS}
"""Column of several words → those that are offered, beside the place's own."""
FLAGS = ("children", "accepts_moud")
_UNKNOWN, _YES, _NO = "unknown", "yes", "no"


def ask_place(region: Region, say: Say, category: str | None = None) -> str | None:
    """Ask for a place that is there (of a category), by typing a part of its name; its id."""
    names = place_names(region, say, category)
    options = names.index.tolist()
    if st.session_state.get("if_place") not in (None, *options):
        st.session_state["if_place"] = None
    chosen: str | None = st.selectbox(
        say("if_place"),
        options,
        index=None,
        placeholder=say("if_place_hint"),
        format_func=lambda one: str(names[one]),
        key="if_place",
        persist_state="session",
    )
    return chosen


def place_names(region: Region, say: Say, category: str | None = None) -> pd.Series:
    """Return what each place with a public location is called: name, kind, address and how sure it is, by its id."""
    rows = _located(region.resources)
    rows = rows if category is None else rows[rows["category"] == category]
    names = rows["name"].map(plain).where(rows["name"].notna(), rows["resource_id"].astype(str))
    kinds_of, addresses = rows["category"].map(say), rows["address"].map(plain)
    is_rough = ~rows["location_precision"].isin(EXACT_PRECISIONS)
    parts = zip(names, kinds_of, addresses, is_rough.map({True: say("if_roughly"), False: ""}), strict=True)
    shown = (" · ".join(filter(None, one)) for one in parts)
    labels = told_apart(dict(zip(rows["resource_id"].astype(str), shown, strict=True)))
    return pd.Series(labels, dtype=object).sort_values()


def ask_changed_place(region: Region, say: Say) -> PlaceChanged | str:
    """Ask which place is to have other beds or hours, or to take others; a text says what is still to be given."""
    there = set(_located(region.resources)["category"])
    options = [category for category in CATEGORIES if category in there]
    keep_option("if_changed_category", options)
    category: str = st.selectbox(
        say("if_changed_category"), options, format_func=say, key="if_changed_category", persist_state="session"
    )
    chosen = ask_place(region, say, category)
    if chosen is None:
        return say("if_lacks_place")
    place = region.resources.set_index("resource_id").loc[chosen].to_dict()
    values = {**_ask_beds(place, chosen, say), **_ask_lists(place, chosen, say), **_ask_flags(place, chosen, say)}
    sessions = _ask_hours(region, chosen, say) if category == "meeting" else None
    frame.show(html('<p class="rr-muted rr-small">{text}</p>', text=say("if_change_counts")), say)
    if any(value == [] for value in values.values()) or sessions == ():
        return say("if_lacks_some")
    return PlaceChanged(chosen, values, sessions) if values or sessions else say("if_lacks_change")


def _located(resources: pd.DataFrame) -> pd.DataFrame:
    return resources[resources["lon"].notna() & resources["lat"].notna()]


def _ask_beds(place: Mapping[Any, Any], chosen: str, say: Say) -> dict[str, object]:
    """Return the beds of a house, if they are others than it has."""
    if place["category"] not in HOUSES:
        return {}
    now = None if pd.isna(place["beds"]) else int(place["beds"])
    beds = st.number_input(
        say("if_beds"),
        0,
        max(MOST_BEDS, now or 0),
        value=now,
        step=1,
        key=f"if_new_beds:{chosen}",
        persist_state="session",
    )
    return {} if beds is None or beds == now else {"beds": int(beds)}


def _ask_lists(place: Mapping[Any, Any], chosen: str, say: Say) -> dict[str, object]:
    """Return whom a place takes and how it is paid, each as a list if it is another than now."""
    changed: dict[str, object] = {}
    for column, usual in LISTS.items():
        if column == "medications" and place["category"] not in PRESCRIBING:
            continue
        now = words_of(place[column])
        picked = st.multiselect(
            say(f"if_takes_{column}"),
            list(dict.fromkeys((*usual, *now))),
            default=now,
            format_func=partial(word_of, column, say=say),
            key=f"if_new_{column}:{chosen}",
            persist_state="session",
        )
        if set(picked) != set(now):
            changed[column] = sorted(picked)
    return changed


def _ask_flags(place: Mapping[Any, Any], chosen: str, say: Say) -> dict[str, object]:
    """Return what of a place is true now and wasn't, or the other way round."""
    changed: dict[str, object] = {}
    for column in FLAGS:
        if column == "accepts_moud" and place["category"] not in HOUSES:
            continue
        is_known = not pd.isna(place[column])
        now = (_YES if place[column] else _NO) if is_known else _UNKNOWN
        options = [_YES, _NO] if is_known else [_UNKNOWN, _YES, _NO]
        picked = st.selectbox(
            say(f"if_takes_{column}"),
            options,
            index=options.index(now),
            format_func=lambda one: say(f"if_is_{one}"),
            key=f"if_new_{column}:{chosen}",
            persist_state="session",
        )
        if picked != now:
            changed[column] = picked == _YES
    return changed


def _ask_hours(region: Region, chosen: str, say: Say) -> tuple[Mapping[str, object], ...] | None:
    """Return the sessions that a meeting would hold instead of its own; None while they stay."""
    sessions = region.sessions[region.sessions["resource_id"] == chosen].sort_values(["weekday", "start_minute"])
    now = sessions[["weekday", "start_minute", "end_minute"]].astype(int).to_dict("records")
    frame.show(html("<p>{text}</p>", text=say("if_hours_now", hours=hours_text(now, say))), say)
    if not st.checkbox(say("if_other_hours"), key=f"if_other_hours:{chosen}", persist_state="session"):
        return None
    days = ask_days(f"if_new_days:{chosen}", say, tuple(dict.fromkeys(one["weekday"] for one in now)) or None)
    first = now[0] if now else {"start_minute": 19 * 60, "end_minute": 20 * 60}
    start = ask_time("if_meets", say, first["start_minute"], f"if_new_from:{chosen}")
    end = ask_time("if_meets_until", say, first["end_minute"] % DAY, f"if_new_until:{chosen}")
    return tuple({"weekday": day, "start_minute": start, "end_minute": end_after(start, end)} for day in days)


def hours_text(sessions: Sequence[Mapping[str, Any]], say: Say) -> str:
    """Return when sessions are held, the days of one time together: `Monday and Wednesday, 7:00 – 8:00 PM`."""
    times: dict[tuple[int, int], list[int]] = {}
    for one in sessions:
        times.setdefault((one["start_minute"], one["end_minute"]), []).append(one["weekday"])
    texts = [
        f"{say.habits.listed([say.habits.weekday(day) for day in days])}, {say.habits.hours(*time)}"
        for time, days in times.items()
    ]
    return "; ".join(texts) or "–"


def words_of(cell: object) -> list[str]:
    """Return the words of a cell that holds several."""
    return [] if not isinstance(cell, str) else [word.strip() for word in cell.split(";") if word.strip()]


def word_of(column: str, word: str, say: Say) -> str:
    """Return what a word of a place's column is called."""
    keys = {"medications": f"medications_{word}", "genders": f"if_gender_{word}", "payment": f"if_pay_{word}"}
    return say.or_else(keys.get(column, ""), plain(word))
