"""Before the vault is open: what it is for, making one, unlocking it, and the recovery code, shown once."""

import streamlit as st

from layers.escaping import html, joined
from people.folders import vault_place
from people.process import may_be_swapped
from people.vault import USUAL, create_vault, open_vault, recover
from screens.caseload import session
from screens.caseload.passphrase import LONGEST, ask_new_passphrase, ask_secret, typed_passphrase
from screens.shared import frame, own_machine
from screens.shared.words import Say

_CODE, _TRIES = (f"{session.PREFIX}{name}" for name in ("code", "tries"))
_NAME, _PHRASE, _LOST_NAME, _LOST_CODE = (
    f"{session.PREFIX}{name}" for name in ("name", "phrase", "lost_name", "lost_code")
)
_LOST = "lost"


def door(say: Say) -> None:
    """Show how to make a vault where there is none, else how to unlock it."""
    place = vault_place()
    if place.key_file.exists() or place.database.exists():
        _unlock(say)
    else:
        _create(say)
    if may_be_swapped():
        frame.show(html('<p class="rr-muted rr-small" data-swap>{text}</p>', text=say("case_swap")), say)


def code_is_shown(say: Say) -> bool:
    """Show the recovery code of a new vault until the reader has it on paper; return whether it is shown."""
    code: str | None = st.session_state.get(_CODE)
    if code is None:
        return False
    frame.show(
        html(
            '<section class="rr-card"><h2>{title}</h2><p>{why}</p><p class="rr-paper">{paper}</p>'
            '<p class="rr-code">{code}</p><p>{how}</p>'
            '<button type="button" data-print>{print_it}</button></section>',
            title=say("case_code"),
            why=say("case_code_why"),
            paper=say("case_code_paper"),
            code=code,
            how=say("case_code_how"),
            print_it=say("case_code_print"),
        ),
        say,
    )
    frame.show(html("<span data-unsaved></span>"), say)
    st.button(say("case_code_done"), key=f"{session.PREFIX}code_done", type="primary", on_click=_forget_code)
    return True


def _create(say: Say) -> None:
    reasons = joined(html("<li>{text}</li>", text=say(f"case_why_{number}")) for number in (1, 2, 3))
    frame.show(
        html(
            '<section class="rr-card"><h2>{title}</h2><p>{what}</p><ul class="rr-plain">{reasons}</ul>'
            "<p>{command} <code>recovery-reach vault create</code></p></section>",
            title=say("case_none"),
            what=say("case_none_what"),
            reasons=reasons,
            command=say("case_none_elsewhere" if own_machine.is_shared() else "case_none_command"),
        ),
        say,
    )
    if own_machine.is_shared():
        return
    frame.show(html("<h2>{title}</h2>", title=say("case_create")), say)
    name = st.text_input(say("case_your_name"), key=_NAME, max_chars=LONGEST, autocomplete="off")
    ask_new_passphrase("", name, say)
    st.button(say("case_create"), key=f"{session.PREFIX}create", type="primary", on_click=session.trying(_make))


def _unlock(say: Say) -> None:
    why = session.why_locked()
    if why is not None:
        frame.show(html('<p class="rr-note" role="status">{text}</p>', text=say(f"case_locked_{why}")), say)
    with st.form("case_unlock", enter_to_submit=True):
        frame.show(html("<h2>{title}</h2><p>{what}</p>", title=say("case_unlock"), what=say("case_unlock_what")), say)
        st.text_input(say("case_your_name"), key=_NAME, max_chars=LONGEST, autocomplete="off")
        ask_secret(say("case_passphrase"), f"{_PHRASE}_{_tries()}", "current-password")
        st.form_submit_button(say("case_unlock"), type="primary", on_click=session.trying(_open))
    _recover(say)


def _recover(say: Say) -> None:
    """Let who sits at the machine itself use the printed recovery code; tell the others the command."""
    if own_machine.is_shared():
        frame.show(
            html(
                '<p class="rr-muted rr-small">{lost} <code>recovery-reach vault passwd --recovery-code</code></p>',
                lost=say("case_lost_elsewhere"),
            ),
            say,
        )
        return
    with st.expander(say("case_lost")):
        session.tell_problem(say, _LOST)
        frame.show(html("<p>{text}</p>", text=say("case_lost_how")), say)
        name = st.text_input(say("case_your_name"), key=_LOST_NAME, max_chars=LONGEST, autocomplete="off")
        st.text_input(say("case_code_field"), key=_LOST_CODE, max_chars=LONGEST, autocomplete="off")
        ask_new_passphrase(_LOST, name, say)
        st.button(say("case_lost_use"), key=f"{session.PREFIX}recover", on_click=session.trying(_use_code, _LOST))


def show_code(code: str) -> None:
    """Let the page show a recovery code until its reader has it on paper."""
    st.session_state[_CODE] = code


def _make() -> None:
    name = str(st.session_state.get(_NAME) or "")
    vault, code = create_vault(vault_place(), name, typed_passphrase("", name), USUAL)
    session.hold(vault)
    show_code(code)


def _use_code() -> None:
    name, typed = (str(st.session_state.get(key) or "") for key in (_LOST_NAME, _LOST_CODE))
    vault, code = recover(vault_place(), name, typed, typed_passphrase(_LOST, name), USUAL)
    session.hold(vault)
    show_code(code)


def _open() -> None:
    name, passphrase = (str(st.session_state.get(key) or "") for key in (_NAME, f"{_PHRASE}_{_tries()}"))
    st.session_state[_TRIES] = _tries() + 1  # the field for another try is another one, and empty
    session.hold(open_vault(vault_place(), name, passphrase, USUAL))


def _tries() -> int:
    tries: int = st.session_state.get(_TRIES, 0)
    return tries


def _forget_code() -> None:
    del st.session_state[_CODE]
