"""Colleagues: who can unlock the vault and as what; added, removed, given another role or passphrase."""

from typing import cast

import pandas as pd
import streamlit as st
from markupsafe import Markup

from geo.errors import InputError
from layers.escaping import html, plain
from people.users import add_user, change_role, list_users, remove_user, reset_passphrase
from people.vault import ROLES, Role, Vault, require_supervisor
from screens.caseload import session
from screens.caseload.office.choose import colleagues, named_box
from screens.caseload.passphrase import LONGEST, ask_new_passphrase, forget_passphrase, typed_passphrase
from screens.caseload.table import table
from screens.shared import frame
from screens.shared.words import Say

ADD, CHANGE = "user_add", "user_change"
CHANGES = ("role", "reset", "remove")
_NAME, _ROLE, _NEW_ROLE, _WHAT, _SURE = (
    f"{session.PREFIX}user_{name}" for name in ("name", "role", "new_role", "what", "sure")
)
_WHO = "user_who"


def show(vault: Vault, say: Say) -> None:
    """Show everybody who has or had a passphrase, and what can be changed."""
    require_supervisor(vault, "manage users")
    title, why = say("office_task_users"), say("office_users_why")
    frame.show(html('<h2>{title}</h2><p class="rr-muted">{why}</p>', title=title, why=why), say)
    frame.show(_table(list_users(vault), say), say)
    left, right = st.columns(2, gap="large")
    with left:
        _add(vault, say)
    with right:
        _change(vault, say)


def _table(users: pd.DataFrame, say: Say) -> Markup:
    rows = [
        (
            plain(row["name"]),
            say(f"office_role_{row['role']}"),
            say("office_since", day=say.day(row["added_at"]))
            if pd.isna(row["removed_at"])
            else say("office_removed_on", day=say.day(row["removed_at"])),
        )
        for row in users.to_dict("records")
    ]
    return table(say("office_users", count=len(rows)), [say("case_field_name"), say("office_role"), ""], rows)


def _add(vault: Vault, say: Say) -> None:
    frame.show(html("<h3>{title}</h3>", title=say("office_add_user")), say)
    session.tell(vault, say, ADD)
    name = st.text_input(say("office_user_name"), key=_NAME, max_chars=LONGEST, autocomplete="off")
    _role(say("office_role"), _ROLE, say)
    ask_new_passphrase(ADD, name, say)
    st.button(
        say("office_add_user"),
        type="primary",
        key=f"{session.PREFIX}{ADD}",
        on_click=session.trying(_added, ADD),
        args=(vault,),
    )


def _role(label: str, key: str, say: Say) -> None:
    st.selectbox(label, ROLES, format_func=lambda role: say(f"office_role_{role}"), key=key)


def _added(vault: Vault) -> None:
    name = str(st.session_state.get(_NAME) or "")
    add_user(vault, name, cast("Role", st.session_state[_ROLE]), typed_passphrase(ADD, name))
    forget_passphrase(ADD)
    session.empty(_NAME, value="")
    session.note_done(ADD, "office_user_added")


def _change(vault: Vault, say: Say) -> None:
    frame.show(html("<h3>{title}</h3>", title=say("office_change_user")), say)
    session.tell(vault, say, CHANGE)
    named = colleagues(vault)
    who = named_box(say("office_user"), named, _WHO, say)
    if who is None:
        return
    what = st.radio(say("office_change"), CHANGES, format_func=lambda one: say(f"office_change_{one}"), key=_WHAT)
    if what == "role":
        _role(say("office_new_role"), _NEW_ROLE, say)
    elif what == "reset":
        ask_new_passphrase(CHANGE, named[who], say)
    else:
        st.checkbox(say("office_remove_sure"), key=_SURE)
    st.button(
        say(f"office_change_{what}"),
        key=f"{session.PREFIX}{CHANGE}",
        on_click=session.trying(_changed, CHANGE),
        args=(vault, who, named[who], what),
    )


def _changed(vault: Vault, who: str, name: str, what: str) -> None:
    if what == "role":
        change_role(vault, who, cast("Role", st.session_state[_NEW_ROLE]))
    elif what == "reset":
        reset_passphrase(vault, who, typed_passphrase(CHANGE, name))
        forget_passphrase(CHANGE)
    elif not st.session_state.get(_SURE):
        raise InputError("Nobody was removed: check the box first.")
    else:
        remove_user(vault, who)
        session.empty(_SURE, value=False)
        session.empty(f"{session.PREFIX}{_WHO}")
    session.note_done(CHANGE, f"office_done_{what}")
