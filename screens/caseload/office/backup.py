"""A backup of the vault, proven and then saved by the browser; how it is restored. For supervisors."""

import streamlit as st

from layers.escaping import html, plain
from people.backup import list_backups, make_backup
from people.vault import Vault, require_supervisor
from screens.caseload import session
from screens.caseload.history_part import when_text
from screens.caseload.table import table
from screens.shared import frame
from screens.shared.words import Say

WHERE = "backup"
_MADE = f"{session.PREFIX}backup"


def show(vault: Vault, say: Say) -> None:
    """Show the button that makes a backup, then the one that hands it out, and those that were made before."""
    require_supervisor(vault, "backup")
    title, why = say("office_task_backup"), say("office_backup_why")
    frame.show(html('<h2>{title}</h2><p class="rr-muted">{why}</p>', title=title, why=why), say)
    session.tell(vault, say, WHERE)
    made: tuple[str, bytes] | None = st.session_state.get(_MADE)
    with st.container(horizontal=True, gap="small"):
        st.button(
            say("office_backup"),
            type="secondary" if made else "primary",
            key=f"{session.PREFIX}make_backup",
            on_click=session.trying(_make, WHERE),
            args=(vault,),
        )
        if made is not None:
            st.download_button(
                say("office_backup_get"),
                made[1],
                made[0],
                "application/octet-stream",
                key=f"{session.PREFIX}get_backup",
                on_click="ignore",
                type="primary",
            )
    name = made[0] if made else "people.backup"
    restore = '<p>{text} <code>recovery-reach vault restore {name}</code></p><p class="rr-muted rr-small">{more}</p>'
    frame.show(html(restore, text=say("office_restore"), name=name, more=say("office_restore_more")), say)
    backups = list_backups(vault).iloc[::-1]
    if len(backups):
        rows = [
            (when_text(row["made_at"], say), plain(row["file"]), str(row["people"]))
            for row in backups.to_dict("records")
        ]
        heads = [say("trail_when"), say("office_file_name"), say("office_people")]
        frame.show(table(say("office_backups", count=len(rows)), heads, rows), say)


def _make(vault: Vault) -> None:
    name = f"people-{vault.settings.now().astimezone():%Y-%m-%d-%H%M}.backup"
    content, proof = make_backup(vault, name)
    st.session_state[_MADE] = (name, content)
    session.note_done(WHERE, "office_backed_up", count=proof.people)
