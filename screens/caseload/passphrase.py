"""Fields for a passphrase: hidden, with how strong a new one is, typed twice."""

import streamlit as st

from geo.errors import InputError
from layers.escaping import html
from people.strength import WORDS, passphrase_strength
from screens.caseload import session
from screens.shared import frame
from screens.shared.words import Say

LONGEST = 200
"""Letters of a name or a passphrase."""


def ask_secret(label: str, key: str, autocomplete: str, help_text: str | None = None) -> str:
    """Return what was typed into a field that hides it."""
    typed = st.text_input(label, key=key, type="password", max_chars=LONGEST, autocomplete=autocomplete, help=help_text)
    return typed or ""


def ask_new_passphrase(what: str, name: str, say: Say) -> None:
    """Ask twice for a new passphrase, and say how strong it is; `what`: for what, `name`: of its user."""
    label, help_text = say("case_new_passphrase" if what else "case_passphrase"), say("case_passphrase_help")
    passphrase = ask_secret(label, _key("new", what), "new-password", help_text)
    if passphrase:
        strength = passphrase_strength(passphrase, (name,))
        key = "case_strength" if strength.is_enough else "case_strength_low"
        word = say(f"case_strength_{WORDS[strength.bars].replace(' ', '_')}")
        frame.show(html('<p role="status">{text}</p>', text=say(key, word=word)), say)
    ask_secret(say("case_again"), _key("again", what), "new-password")


def typed_passphrase(what: str, name: str) -> str:
    """Return the new passphrase that was typed.

    Raises
    ------
    InputError
        The two differ, the name is empty, or it is guessed too soon.
    """
    passphrase = str(st.session_state.get(_key("new", what)) or "")
    if passphrase != st.session_state.get(_key("again", what)):
        raise InputError("The two passphrases differ; type the same one twice.")
    if not name.strip():
        raise InputError("A user needs a name, by which they unlock the vault.")
    if passphrase and not passphrase_strength(passphrase, (name,)).is_enough:
        raise InputError("That passphrase is too easy to guess: take four or five random words.")
    return passphrase


def forget_passphrase(what: str) -> None:
    """Empty both fields."""
    session.empty(*(_key(field, what) for field in ("new", "again")), value="")


def _key(field: str, what: str) -> str:
    return f"{session.PREFIX}{field}_{what}" if what else f"{session.PREFIX}{field}"
