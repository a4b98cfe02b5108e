"""What is asked of the papers: from which home, for which week, how, for whom, and from where the person leaves."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from geo.clock import DAY, read_clock
from geo.needs.needs import Needs
from geo.timetables.calendar import MORNING_MINUTES
from layers.escaping import html, plain
from people.notebook import house_calls, latest_words
from people.progress import current_home
from people.vault import Vault, today
from screens.caseload import session
from screens.caseload.along.against import against_house, is_full
from screens.caseload.along.manager import Manager
from screens.caseload.along.week import clock
from screens.caseload.houses_part import house_labels, house_names
from screens.caseload.said_text import said_texts
from screens.shared import frame
from screens.shared.catalogs import languages
from screens.shared.date_field import date_field
from screens.shared.near_me import When
from screens.shared.option_labels import told_apart
from screens.shared.place_search import tell_place
from screens.shared.queries import ChosenPlace
from screens.shared.words import Say
from sources.region.model import Region

LONGEST = 200
USUAL_LEAVE = 10 * 60
"""When one leaves where nobody says so, minutes after midnight; today no sooner than now."""
_EVERY = 5
"""To so many minutes the present one is rounded up."""
THE_PERSON = ""
"""Who gets a paper without any consent."""


@dataclass(frozen=True)
class Leaving:
    """From where and at which minute of the first day a person leaves for the house; each is None if unknown."""

    place: ChosenPlace | None
    minute: int | None


@dataclass(frozen=True)
class Asked:
    """All that the papers of a week depend on.

    `speaking`: in whose language they are. `recipient`: a consent's id, or THE_PERSON. `leaving`: None for who lives
    in the house already. `day`, `hour`: when it is, so that no paper is handed out that tells what has passed; the hour
    counts for a week that begins today.
    """

    region_hash: str
    person_id: str
    house_id: str
    needs: Needs
    start: dt.date
    speaking: Say
    recipient: str
    manager: Manager
    large: bool
    leaving: Leaving | None
    day: dt.date
    hour: int | None


def ask_house(vault: Vault, person_id: str, listed: pd.DataFrame, needs: Needs, region: Region, say: Say) -> str | None:
    """Ask for the home, and show what was heard of it last; the one that they most likely go to stands first."""
    names, on = house_names(listed, region), today(vault)
    heard = latest_words(house_calls(vault)).set_index("resource_id").to_dict("index")
    latest = listed.sort_values("on", kind="stable").drop_duplicates("resource_id", keep="last")  # of merged people
    rows = latest.set_index("resource_id").to_dict("index")
    full = [house_id for house_id, row in rows.items() if is_full(row, heard.get(house_id, {}), on)]
    likely = likely_house(listed, full)
    options = list(dict.fromkeys([likely, *names])) if likely in names else list(names)
    chosen: str | None = st.selectbox(
        say("along_home"),
        options,
        index=0 if likely in names else None,
        format_func=house_labels(names, region).__getitem__,
        placeholder=say("case_choose_hint"),
        key=key_of(f"home_{person_id}"),
    )
    if chosen is not None:
        row, words = rows.get(chosen, {}), heard.get(chosen, {})
        if against := against_house(row, words, needs, on, say):
            frame.notice(" ".join(against), say("along_house_call"), say)
        texts = [say("case_choice_now", state=say(f"case_state_{row['state']}"), day=say.day(row["on"]))] if row else []
        if texts := texts + said_texts(words, on, say):
            frame.show(html('<p class="rr-small" data-last-words>{text}</p>', text=" ".join(texts)), say)
    return chosen


def likely_house(listed: pd.DataFrame, full: Collection[str] = ()) -> str | None:
    """Return the house of a short list that a person most likely goes to; None where it says nothing of that.

    It is the one into which they moved, or which was offered, last; of one day, that into which they moved.

    Parameters
    ----------
    full
        Houses whose offer counts no more (`is_full`).
    """
    near = listed[listed["state"].eq("moved_in") | listed["state"].eq("offered") & ~listed["resource_id"].isin(full)]
    near = near.assign(moved=near["state"] == "moved_in").sort_values(["on", "moved"], kind="stable")
    return str(near["resource_id"].iloc[-1]) if len(near) else None


def ask_how(
    vault: Vault, record: Mapping[str, Any], house_id: str, needs: Needs, given: pd.DataFrame, region: Region, say: Say
) -> Asked:
    """Ask when the week begins, from where one leaves, in which language, how large, for whom, and whom to call."""
    person_id, now = str(record["person_id"]), clock(region)
    leaves_on = record["discharge_on"]
    usual = dt.date.fromisoformat(leaves_on) if leaves_on else None
    if usual is None or usual < now.day:
        usual = now.day + dt.timedelta(days=1)
    left, middle, right = st.columns(3)
    start = date_field(say("along_start"), say, left, value=usual, min_value=now.day, key=key_of(f"start_{person_id}"))
    start = start if isinstance(start, dt.date) else usual
    speaks = record["language"] if record["language"] in languages() else say.language
    language = middle.selectbox(
        say("along_language"),
        list(languages()),
        index=list(languages()).index(speaks),
        format_func=languages().__getitem__,
        key=key_of(f"language_{person_id}"),
    )
    phone = right.text_input(
        say("along_phone"), max_chars=LONGEST, autocomplete="off", key=session.keep_typed(key_of("phone"), "")
    )
    home = current_home(vault, person_id)
    lives_there = home is not None and home.lives_at == house_id and (home.since or "") < start.isoformat()
    leaving = None
    if not lives_there or leaves_on == start.isoformat():
        leaving = _ask_leaving(person_id, start, now, region, say)
    large = st.toggle(say("along_large"), key=session.keep_typed(key_of("large"), False))
    return Asked(
        region.facts.region_hash,
        person_id,
        house_id,
        needs,
        start,
        Say(language, say.twenty_four_hours, say.metric),
        _ask_recipient(person_id, given, say),
        Manager(vault.user.name, plain(phone or "")),
        large,
        leaving,
        now.day,
        now.minute // 60 if start <= now.day else None,
    )


def usual_leave(start: dt.date, now: When) -> int:
    """Return at which minute of the first day one leaves where nobody says so: none that has passed."""
    return max(USUAL_LEAVE, -(-now.minute // _EVERY) * _EVERY) if start == now.day else USUAL_LEAVE


def leave_minute(typed: str, start: dt.date, now: When) -> int | None:
    """Return the minute of the first day at which one leaves by a clock time as people type it; None if it is none.

    Today the small hours are those of the night to come, as they are to `clock`.
    """
    minute = read_clock(typed)
    if minute is None or start != now.day:
        return minute
    return minute + DAY if minute < MORNING_MINUTES <= now.minute else minute


def _ask_leaving(person_id: str, start: dt.date, now: When, region: Region, say: Say) -> Leaving:
    """Ask from where and when the person leaves; the address stays in this visit, and off every paper."""
    left, right = st.columns([2, 1])
    field, time = key_of(f"from_{person_id}"), key_of(f"leave_{person_id}")
    typed = left.text_input(
        say("along_from_where"),
        placeholder=say("ask_hint"),
        max_chars=LONGEST,
        autocomplete="off",
        help=say("along_from_where_help"),
        key=session.keep_typed(field, ""),
    )
    when = right.text_input(
        say("along_leave_time"),
        max_chars=40,
        autocomplete="off",
        key=session.keep_typed(time, say.habits.clock(usual_leave(start, now))),
    )
    minute = leave_minute(plain(when or ""), start, now)
    if minute is None:
        frame.field_note(say("bad_clock", text=plain(when or ""), example=say.habits.clock(USUAL_LEAVE)), say)
    elif start == now.day and minute < now.minute:
        frame.field_note(say("along_leave_passed", time=say.habits.clock(minute)), say)
    if not plain(typed or "") or minute is None:
        return Leaving(None, minute)
    spots = key_of(f"spots_{person_id}_{region.facts.region_hash}")  # swept out with all else when the vault locks
    known: dict[str, ChosenPlace] = st.session_state.setdefault(spots, {})
    return Leaving(tell_place(region, field, plain(typed), known, say), minute)


def _ask_recipient(person_id: str, given: pd.DataFrame, say: Say) -> str:
    """Ask who gets it: the person, or by a consent in force somebody else; return the consent's id."""
    rows = {row["entry_id"]: row for row in given.to_dict("records")}
    consents = {
        one: say("along_for_consent", recipient=plain(row["recipient"]), purpose=plain(row["purpose"]))
        for one, row in rows.items()
    }
    labels = told_apart({THE_PERSON: say("along_for_person"), **consents})

    chosen: str = st.selectbox(
        say("along_for"),
        list(labels),
        format_func=labels.__getitem__,
        key=key_of(f"for_{person_id}"),
        help=say("along_for_note"),
    )
    if chosen == THE_PERSON:
        note = say("along_for_note") if rows else say("along_no_consent")
    else:
        row = rows[chosen]
        note = say("along_covers", what=plain(row["what"]), day=say.day(row["expires_on"]))
    frame.show(html('<p class="rr-muted rr-small">{text}</p>', text=note), say)
    return chosen


def key_of(name: str) -> str:
    """Return the key of a field of this part."""
    return f"{session.PREFIX}along_{name}"
