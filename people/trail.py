"""The audit trail as a supervisor reads it: who did what when, and whether it is whole."""

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from geo.errors import VaultError
from people import audit
from people.entries import unlike_their_history
from people.users import list_users
from people.vault import Vault, reading, record, require_supervisor, writing

COLUMNS = ("number", "at", "who", "action", "person_id", "subject")


def read_trail(vault: Vault, person_id: str | None = None) -> pd.DataFrame:
    """Return the trail, of one person or all, latest first: COLUMNS, `who` by name. Supervisors only.

    Raises
    ------
    NotAllowedError
        Who asks is no supervisor.
    """
    require_supervisor(vault, "read the audit trail")
    with reading(vault) as connection:
        rows = connection.execute(
            "SELECT number, at, actor, action, person_id, subject FROM audit WHERE ? IS NULL OR person_id = ? "
            "ORDER BY number DESC",
            (person_id, person_id),
        ).fetchall()
    table = pd.DataFrame(rows, columns=list(COLUMNS)).astype(dict.fromkeys(COLUMNS[1:], "string"))
    names = list_users(vault).set_index("user_id")["name"]
    return table.assign(who=table["who"].map(names).astype("string"))


def verify_trail(
    vault: Vault, expected_head: str | None = None, checkpoint: Callable[[], None] = lambda: None
) -> audit.Verdict:
    """Check every row of the trail, every entry by its history, and the end that a supervisor kept. Supervisors only.

    Parameters
    ----------
    expected_head
        An earlier `audit.Verdict.head`.

    Raises
    ------
    NotAllowedError
        Who asks is no supervisor.
    VaultError
        What was kept is no end of a trail.
    """
    require_supervisor(vault, "verify the audit trail")
    with reading(vault) as connection:
        verdict = audit.verify(connection, vault.secret, vault.place, expected_head, checkpoint)
        others = unlike_their_history(vault) if verdict.is_whole else []
        if others:
            row = connection.execute("SELECT number FROM audit WHERE change_id = ?", (others[0],)).fetchone()
            problem = VaultError("An entry is not as the edit of this row left it.")
            verdict = replace(verdict, first_broken=0 if row is None else int(row[0]), problem=problem)
    with writing(vault):
        record(vault, "verify", subject="whole" if verdict.is_whole else f"broken at row {verdict.first_broken}")
    return verdict
