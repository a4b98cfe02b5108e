"""The office of the caseload: what each user may do there, one thing at a time."""

from collections.abc import Callable, Mapping

import streamlit as st

from people.vault import Vault, require_supervisor
from screens.caseload import session
from screens.caseload.office import backup, erase, hand_over, import_people, merge, passphrase, trail, users
from screens.shared.words import Say

TASKS: Mapping[str, Callable[[Vault, Say], None]] = {
    "import": import_people.show,
    "merge": merge.show,
    "hand_over": hand_over.show,
    "passphrase": passphrase.show,
    "users": users.show,
    "trail": trail.show,
    "backup": backup.show,
    "erase": erase.show,
}
SUPERVISORS = ("users", "trail", "backup", "erase")
"""What nobody else is offered; asked for nevertheless, it is refused and recorded."""
_TASK = f"{session.PREFIX}task"


def office(vault: Vault, say: Say) -> None:
    """Show what can be done, and the one thing that was chosen.

    Raises
    ------
    NotAllowedError
        It is for supervisors, and this user is none.
    """
    offered = [task for task in TASKS if vault.user.is_supervisor or task not in SUPERVISORS]
    asked = st.session_state.get(_TASK)
    if asked in TASKS and asked not in offered:
        del st.session_state[_TASK]
        require_supervisor(vault, f"office {asked}")
    chosen: str = st.pills(
        say("office_tasks"),
        offered,
        format_func=lambda task: say(f"office_task_{task}"),
        default=offered[0],
        required=True,
        key=_TASK,
        label_visibility="collapsed",
        wrap=True,
    )
    TASKS[chosen](vault, say)
