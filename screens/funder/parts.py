"""What several parts of the page share: fields with options, of days and of times, and a command for a person."""

import datetime
import json
import shlex
from collections.abc import Sequence

import streamlit as st

from geo.needs.needs import Needs
from geo.scenarios.changes import EVERY_DAY
from screens.shared.words import Say

NEEDS_FILE = "needs.toml"


def keep_option(key: str, options: Sequence[object]) -> None:
    """Let a field that has options begin with the first, and again where what was chosen is no more."""
    if st.session_state.get(key) not in options:
        st.session_state[key] = options[0]


def ask_days(key: str, say: Say, usual: Sequence[int] | None = None) -> tuple[int, ...]:
    """Ask for days of the week (0 = Monday), every day unless others are usual."""
    st.session_state.setdefault(key, list(EVERY_DAY if usual is None else usual))
    chosen = st.pills(
        say("if_days"),
        EVERY_DAY,
        selection_mode="multi",
        format_func=lambda day: say.habits.weekday(day, short=True),
        key=key,
        persist_state="session",
    )
    return tuple(sorted(chosen))


def ask_time(label: str, say: Say, usual: int, key: str = "") -> int:
    """Ask for a time of day, in minutes after midnight; its label is its key in the session where no other is given."""
    key = key or label
    st.session_state.setdefault(key, datetime.time(*divmod(usual, 60)))
    chosen: datetime.time = st.time_input(say(label), key=key, persist_state="session", step=900)
    return 60 * chosen.hour + chosen.minute


def for_a_person(start: Sequence[str], needs: Needs, date: datetime.date | None, end: Sequence[str] = ()) -> str:
    """Return a command with the options of for whom and when; what else they need stands in a file, `needs_toml`.

    Without a date the command looks at the usual one.
    """
    whom = ["--profile", needs.profile, *([] if date is None else ["--date", date.isoformat()])]
    whom += ["--needs", NEEDS_FILE] if needs_toml(needs) else []
    return shlex.join(["recovery-reach", *start, *whom, *end])


def needs_toml(needs: Needs) -> str:
    """Return the content of the needs file that a command reads; empty where its options say all."""
    return f"medications = {json.dumps(list(needs.medications))}" if needs.medications else ""
