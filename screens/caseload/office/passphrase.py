"""One's own passphrase changed; a supervisor's new recovery code, on the machine itself."""

import streamlit as st

from layers.escaping import html
from people.users import change_passphrase, renew_recovery_code
from people.vault import Vault
from screens.caseload import session
from screens.caseload.door import show_code
from screens.caseload.passphrase import ask_new_passphrase, ask_secret, forget_passphrase, typed_passphrase
from screens.shared import frame, own_machine
from screens.shared.words import Say

OWN, CODE = "own", "code"
_OLD = f"{session.PREFIX}old"


def show(vault: Vault, say: Say) -> None:
    """Ask for the old passphrase and a new one; offer a new recovery code to a supervisor who sits at the machine."""
    title, why = say("office_task_passphrase"), say("office_passphrase_why")
    frame.show(html('<h2>{title}</h2><p class="rr-muted">{why}</p>', title=title, why=why), say)
    session.tell(vault, say, OWN)
    ask_secret(say("office_old"), _OLD, "current-password")
    ask_new_passphrase(OWN, vault.user.name, say)
    st.button(
        say("office_change_own"),
        type="primary",
        key=f"{session.PREFIX}change_own",
        on_click=session.trying(_change, OWN),
        args=(vault,),
    )
    if vault.user.is_supervisor:
        _code(vault, say)


def _code(vault: Vault, say: Say) -> None:
    why = say("office_code_elsewhere") if own_machine.is_shared() else say("office_code_why")
    frame.show(html('<h2>{title}</h2><p class="rr-muted">{why}</p>', title=say("office_code"), why=why), say)
    session.tell(vault, say, CODE)
    if not own_machine.is_shared():
        st.button(
            say("office_code"), key=f"{session.PREFIX}renew_code", on_click=session.trying(_renew, CODE), args=(vault,)
        )


def _change(vault: Vault) -> None:
    new = typed_passphrase(OWN, vault.user.name)
    change_passphrase(vault, str(st.session_state.get(_OLD) or ""), new)
    forget_passphrase(OWN)
    session.empty(_OLD, value="")
    session.note_done(OWN, "office_changed_own")


def _renew(vault: Vault) -> None:
    show_code(renew_recovery_code(vault))
