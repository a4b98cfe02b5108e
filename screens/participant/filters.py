"""What a participant looks for, in plain words: when, and which support. Kept in the session, never in the address."""

import datetime
from dataclasses import dataclass

import streamlit as st

from geo.clock import DAY, read_clock
from geo.nearby.places import Nearby, Wishes
from geo.tables import CATEGORIES
from geo.timetables.calendar import MORNING_MINUTES
from layers.escaping import plain
from screens.shared import frame, near_me
from screens.shared.hours import date_in_words
from screens.shared.near_me import FORMATS, When
from screens.shared.place_search import in_label
from screens.shared.words import Say
from sources.region.model import Region

DAYS_AHEAD = 7


@dataclass(frozen=True)
class LookedFor:
    """What is looked for; `open_only`, and `unsure_too`: also what doesn't say whether it fits."""

    wishes: Wishes
    open_only: bool
    unsure_too: bool


def when(region: Region, say: Say) -> When:
    """Show days and times to choose from, and return the moment that is asked about."""
    now, today = near_me.moment(region), near_me.today(region)
    days = [today + datetime.timedelta(days=number) for number in range(DAYS_AHEAD)]
    if st.session_state.get("near_day") not in days:  # a day has begun since it was chosen
        st.session_state.pop("near_day", None)
    left, right = st.columns(2)
    day = left.selectbox(
        say("near_day"),
        days,
        format_func=lambda day: (
            say("near_today", date=date_in_words(day, say)) if day == days[0] else date_in_words(day, say)
        ),
        key="near_day",
        on_change=_day_chosen,
        args=(today, say),
    )
    usual = now.minute // 30 % 48 * 30
    if day not in (None, today):
        usual = max(usual, MORNING_MINUTES)
    with right:
        minute = _time_typed(usual, say)
    return near_me.moment(region, (day or days[0], datetime.time(*divmod(minute, 60))))


def _day_chosen(today: datetime.date, say: Say) -> None:
    """Begin another day in its morning where the time is still the small hours' one in which a person asks.

    Before 04:00 it would be the night before that day. Who chooses such a time after the day means it.
    """
    minute = read_clock(str(st.session_state.get("near_time") or ""))
    if st.session_state["near_day"] != today and minute is not None and minute % DAY < MORNING_MINUTES:
        st.session_state["near_time"] = say.habits.clock(MORNING_MINUTES)


def _time_typed(usual: int, say: Say) -> int:
    """Show half hours to choose from, any other time to be typed; return it, the usual one where it can't be read."""
    times = [say.habits.clock(30 * half) for half in range(48)]
    asked = st.session_state.get("near_time")
    index = usual // 30
    if asked is not None and asked not in times:
        minute = read_clock(str(asked))
        if minute is not None:
            times.append(str(asked))
    typed = st.selectbox(say("near_time"), times, index=index, accept_new_options=True, key="near_time")
    minute = read_clock(typed or "")
    if typed and minute is None:
        frame.notice(say("bad_clock", text=typed, example=say.habits.clock(usual)), "", say)
    return usual if minute is None else minute % DAY


def wishes(region: Region, known: Nearby, say: Say) -> LookedFor:
    """Show the filters and return what is looked for."""
    chosen = _chosen(region)
    label = say("near_filters_on", count=chosen) if chosen else say("near_filters")
    with st.expander(label, key="near_filters"):
        present = set(known.resources["category"]) | set(known.online["category"])
        kinds = _some(region, "kinds", [c for c in CATEGORIES if c in present], say)
        fellowships = _some(region, "fellowships", near_me.present(known.resources, "fellowship", bool), say)
        formats = _some(region, "formats", near_me.present(known.resources, "formats", FORMATS.__contains__), say)
        languages = near_me.present(known.resources, "languages", lambda code: code not in {"", "en"}, 6)
        spoken = _some(region, "languages", languages, say)
        with st.container(horizontal=True, gap="medium"):
            step_free = st.toggle(say("near_step_free"), key="want_step_free")
            open_only = st.toggle(say("near_open_only"), key="want_open")
            unsure_too = st.toggle(say("near_unsure_too"), key="want_unsure")
    return LookedFor(Wishes(kinds, fellowships, formats, spoken, step_free), open_only, unsure_too)


def _some(region: Region, what: str, options: list[str], say: Say) -> tuple[str, ...]:
    """Show words to choose any of, if there are two or more."""
    if not options or (len(options) < 2 and what != "languages"):
        return ()
    chosen = st.pills(
        say(_LABELS[what]),
        options,
        selection_mode="multi",
        format_func=lambda option: in_label(_in_words(what, option, say)),
        key=f"want_{what}_{region.facts.name}",
    )
    return tuple(chosen or ())


_LABELS = {
    "kinds": "near_kinds",
    "fellowships": "near_fellowships",
    "formats": "near_formats",
    "languages": "near_languages",
}


def _in_words(what: str, option: str, say: Say) -> str:
    if what == "kinds":
        return say(option)
    if what == "formats":
        return near_me.format_in_words(option, say)
    return near_me.language_in_words(option, say) if what == "languages" else plain(option)


def _chosen(region: Region) -> int:
    kept = st.session_state
    several = sum(len(kept.get(f"want_{what}_{region.facts.name}") or ()) for what in _LABELS)
    return several + sum(bool(kept.get(f"want_{what}")) for what in ("step_free", "open"))
