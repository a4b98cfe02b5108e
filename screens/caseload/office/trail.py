"""The audit trail: checked whole by a button, and its latest rows. For supervisors."""

import streamlit as st

from layers.escaping import html
from people.audit import Verdict
from people.trail import read_trail, verify_trail
from people.vault import Vault, require_supervisor
from screens.caseload import session
from screens.caseload.office.choose import everybody
from screens.caseload.people_list import labels
from screens.caseload.trail_text import trail_table
from screens.caseload.why_text import why_text
from screens.shared import frame
from screens.shared.words import Say

WHERE = "trail"
SHOWN = 100
"""Rows, latest first."""
LONGEST = 100
_END, _VERDICT = (f"{session.PREFIX}trail_{name}" for name in ("end", "verdict"))


def show(vault: Vault, say: Say) -> None:
    """Show the button that checks every row, what it found, and the latest rows."""
    require_supervisor(vault, "read the audit trail")
    title, why = say("office_task_trail"), say("office_trail_why")
    frame.show(html('<h2>{title}</h2><p class="rr-muted">{why}</p>', title=title, why=why), say)
    session.tell(vault, say, WHERE)
    st.text_input(
        say("office_end_kept"), key=_END, max_chars=LONGEST, autocomplete="off", help=say("office_end_kept_help")
    )
    st.button(
        say("office_verify"),
        type="primary",
        key=f"{session.PREFIX}verify",
        on_click=session.trying(_verify, WHERE),
        args=(vault,),
    )
    verdict: Verdict | None = st.session_state.get(_VERDICT)
    if verdict is not None:
        _tell(verdict, say)
    people = labels(everybody(vault))
    frame.show(trail_table(read_trail(vault).head(SHOWN), say, people), say)


def _verify(vault: Vault) -> None:
    st.session_state.pop(_VERDICT, None)
    st.session_state[_VERDICT] = verify_trail(vault, str(st.session_state.get(_END) or "").strip() or None)


def _tell(verdict: Verdict, say: Say) -> None:
    if verdict.problem is None:
        frame.show(
            html(
                '<div class="rr-note" role="status"><p><strong>{whole}</strong></p><p>{keep}</p>'
                "<p><code>{end}</code></p></div>",
                whole=say("office_whole", count=verdict.rows),
                keep=say("office_keep_end"),
                end=verdict.head,
            ),
            say,
        )
        return
    broken = say("office_broken", row=verdict.first_broken)
    frame.notice(f"{broken} {why_text(verdict.problem, say)}", say("office_broken_what"), say)
