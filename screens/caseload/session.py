"""The vault of this visit: held in its session and nowhere else; locking takes everything of people out of it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from geo.errors import RecoveryReachError, VaultError
from layers.escaping import html
from people.entries import undo
from people.vault import Vault, is_open, lock
from screens.case_manager import person
from screens.caseload import sign_in
from screens.caseload.why_text import why_text
from screens.shared import frame
from screens.shared.forgetting import also_forget
from screens.shared.words import Say

PREFIX = "cl_"
_VAULT, _WHY, _OPENED, _PROBLEM, _DONE, _LED_TO = (
    f"{PREFIX}{name}" for name in ("vault", "why_locked", "person", "problem", "done", "led_to")
)
PART = f"{PREFIX}part"
"""The key of the part of a person's page that is shown."""
TOP = "top"
"""The top of a person's page, where one is led that opens it."""
KEPT = ("language", "habits", "region", "shown_region")
"""What a session keeps when the vault locks, with the pages' guides that were read: nothing that was typed."""
NO_LIBRARIES = "This computer has no SQLCipher or Argon2 that Python can use, so no vault opens here."


@dataclass(frozen=True)
class Done:
    """What was done where on the page: a sentence of the catalog with its values, and the edit that undoes it."""

    where: str
    sentence: str
    values: Mapping[str, object]
    change_id: int | None = None


def hold(vault: Vault) -> None:
    """Keep an open vault for this visit; passphrases that were typed are forgotten."""
    for key in [str(key) for key in st.session_state if str(key).startswith(PREFIX)]:
        del st.session_state[key]
    st.session_state[_VAULT] = vault


def held() -> Vault | None:
    """Return the vault that this visit has open; one that was idle for too long is locked, and its people forgotten.

    So is one whose user's sign-in is over.
    """
    vault: Vault | None = st.session_state.get(_VAULT)
    if vault is None:
        return None
    if sign_in.standing() != "in":
        lock(vault)
        _forget("signed_out")
        return None
    if is_open(vault):
        return vault
    _forget("idle")
    return None


def lock_now() -> None:
    """Lock the vault, and forget everything of its people."""
    vault: Vault | None = st.session_state.get(_VAULT)
    if vault is not None:
        lock(vault)
    _forget("asked")


@also_forget
def _lock_if_held() -> None:
    """Lock the vault of a visit that is forgotten: dropped unlocked, it would stay open, and no trail would end."""
    if st.session_state.get(_VAULT) is not None:
        lock_now()


def why_locked() -> str | None:
    """Return, once, why the vault was locked: `idle`, `asked` or `signed_out`; None where it wasn't."""
    why: str | None = st.session_state.pop(_WHY, None)
    return why


def open_person(person_id: str | None) -> None:
    """Look at a person, from the top of their page; None: at the list."""
    st.session_state.update({_OPENED: person_id, _LED_TO: TOP})


def opened_person() -> str | None:
    """Return the id of the person that is looked at."""
    person_id: str | None = st.session_state.get(_OPENED)
    return person_id


def lead_to(part: str) -> None:
    """Let a person's page show one of its parts, as the next step of what was just done."""
    st.session_state.update({PART: part, _LED_TO: part})


def arrive(part: str, say: Say) -> None:
    """Bring a part, or the top of the page, into sight that a button led to, which stood elsewhere."""
    if st.session_state.get(_LED_TO) == part:
        frame.answer((_LED_TO, part, opened_person()), say)


def trying(work: Callable[..., object], where: str = "") -> Callable[..., None]:
    """Return a button's work that keeps why it was refused, to be told `where` on the page (at its top without)."""

    def tried(*values: object) -> None:
        st.session_state.pop(_DONE, None)
        try:
            sign_in.check_signed_in()
            work(*values)
        except ImportError:
            st.session_state[_PROBLEM] = (where, VaultError(NO_LIBRARIES))
        except RecoveryReachError as problem:
            st.session_state[_PROBLEM] = (where, problem)

    return tried


@contextmanager
def telling(say: Say) -> Iterator[None]:
    """Say why a part of the page can't be shown, in its place."""
    try:
        yield
    except RecoveryReachError as problem:
        frame.notice(why_text(problem, say), "", say)


def tell_problem(say: Say, where: str = "") -> None:
    """Say, once, why the last thing that was tried here was refused."""
    problem: tuple[str, RecoveryReachError] | None = st.session_state.get(_PROBLEM)
    if problem is not None and problem[0] == where:
        del st.session_state[_PROBLEM]
        frame.notice(why_text(problem[1], say), "", say)


def empty(*keys: str, value: object = None) -> None:
    """Forget what was typed into fields; without a new value it would still stand there in the browser."""
    for key in keys:
        st.session_state.pop(key, None)
        st.session_state[key] = value


def keep_typed(key: str, usual: object) -> str:
    """Let a field hold what was typed into it before, though the page was without it meanwhile; return its key.

    Streamlit forgets a field that isn't shown. Called before the field, which is drawn without a value of its own.

    Parameters
    ----------
    usual
        What stands in the field until something else is typed; it may be another one each time.
    """
    kept, before = f"{key}_typed", f"{key}_usual"
    if key not in st.session_state:
        st.session_state[key] = st.session_state.get(kept, usual)
    elif st.session_state[key] == usual:  # left alone: what is set is written over what is just being typed
        st.session_state.pop(kept, None)
    elif st.session_state[key] == st.session_state.get(before):
        st.session_state[key] = usual
    else:
        st.session_state[kept] = st.session_state[key]
    st.session_state[before] = usual
    return key


def note_done(where: str, sentence: str, change_id: int | None = None, **values: object) -> None:
    """Keep what was done, to be told where it was tried, until something else is."""
    st.session_state[_DONE] = Done(where, sentence, values, change_id)


def tell(vault: Vault, say: Say, where: str) -> None:
    """Say what came of the last thing that was tried here: why it was refused, or that it is done, to be undone."""
    tell_problem(say, where)
    done: Done | None = st.session_state.get(_DONE)
    if done is None or done.where != where:
        return
    text = say(done.sentence, **done.values)
    frame.show(html('<p class="rr-note" role="status">{text}</p>', text=text), say)
    if done.change_id is not None:
        st.button(
            say("case_undo"),
            key=f"{PREFIX}undo_done",
            on_click=trying(_undo, where),
            args=(vault, done.change_id, where),
        )


def _undo(vault: Vault, change_id: int, where: str) -> None:
    undo(vault, change_id)
    note_done(where, "case_undone")


def _forget(why: str) -> None:
    if person.whose() is not None:
        person.forget()
    _sweep()
    st.session_state[_WHY] = why


def _sweep() -> None:
    """Take all but KEPT out of the session: what any page derived from a person goes too."""
    for key in [str(key) for key in st.session_state]:
        if key not in KEPT and not key.startswith("guided_"):
            del st.session_state[key]
    _forget_widgets()


def _forget_widgets() -> None:
    """Forget what widgets were made with: Streamlit keeps their options and callbacks as long as a session.

    Nothing public takes that away. A widget that is drawn again is registered anew.
    """
    context = get_script_run_ctx()
    if context is not None:
        made_with = context.session_state._state._new_widget_state.widget_metadata
        for widget in [one for one in made_with if not one.endswith(tuple(f"-{key}" for key in KEPT))]:
            del made_with[widget]
