"""A person erased for good: their entries, their history, and what others' histories hold of them."""

import json
from typing import TYPE_CHECKING

import pandas as pd

from geo.errors import EditConflictError, VaultError
from people import audit
from people.entries import owner_of, read_entries, require_person
from people.kinds import BACKUP
from people.vault import Vault, reading, record, require_supervisor, writing

if TYPE_CHECKING:
    from sqlcipher3.dbapi2 import Connection


def erase_person(vault: Vault, person_id: str) -> pd.DataFrame:
    """Erase a person, whoever was merged into them, and their whole history for good; return the backups made since.

    Nothing undoes it. Where a merge with somebody else was undone, that merge goes out of the other's history too: it
    held fields of both. The audit trail keeps its rows, in which there is an id and no name. Supervisors only.

    Returns
    -------
    DataFrame
        `made_at`, `file`, `people`: what may still hold them, until it is deleted too.

    Raises
    ------
    NotAllowedError
        Who asks is no supervisor, or there is no such person.
    EditConflictError
        They are merged into somebody else.
    VaultError
        They are erased, but the write-ahead log still holds them, because another session was reading.
    """
    require_supervisor(vault, "erase a person")
    require_person(vault, person_id)
    with writing(vault) as connection:
        if owner_of(vault, person_id)[1] != person_id:
            raise EditConflictError("This entry was merged into another: undo that first, or erase the other.")
        changes = connection.execute(
            "SELECT change_id, batch, at, before ->> 'person_id', after ->> 'person_id' FROM changes "
            "WHERE entry_id IN (SELECT entry_id FROM entries WHERE person_id = ?)",
            (person_id,),
        ).fetchall()
        since = min(at for _, _, at, _, _ in changes)
        merges = {batch for _, batch, _, before, after in changes if before not in (None, after)}
        erased = [row[0] for row in changes] + _of_undone_merges(connection, merges, person_id)
        connection.executemany("DELETE FROM changes WHERE change_id = ?", [(change_id,) for change_id in erased])
        connection.execute("DELETE FROM entries WHERE person_id = ?", (person_id,))
        record(vault, "erase", person_id=person_id, subject=audit.erased_changes(erased))
    backups = read_entries(vault, BACKUP.name)
    backups = backups.loc[backups["made_at"] >= since, ["made_at", "file", "people"]].reset_index(drop=True)
    with reading(vault) as connection:
        is_busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if is_busy:
        raise VaultError(_STILL_IN_LOG, files=", ".join(backups["file"]) or "none")
    return backups


_STILL_IN_LOG = (
    "The person is erased, but another session was reading, so that the log beside the database still holds them, "
    "encrypted: lock every session, then it is gone. Backups that still hold them: {files}."
)


def _of_undone_merges(connection: "Connection", merges: set[str], person_id: str) -> list[int]:
    """Return the changes of others from each merge with a person to its undoing: their states held fields of both."""
    rows = connection.execute(
        "SELECT change_id, batch, entry_id, before, after FROM changes WHERE entry_id IN "
        "(SELECT entry_id FROM changes WHERE batch IN (SELECT value FROM json_each(?))) "
        "AND entry_id NOT IN (SELECT entry_id FROM entries WHERE person_id = ?) ORDER BY change_id",
        (json.dumps(sorted(merges)), person_id),
    ).fetchall()
    held: list[int] = []
    until: dict[str, str] = {}
    for change_id, batch, entry_id, before, after in rows:
        if batch in merges:
            until.setdefault(entry_id, before)
        if entry_id in until:
            held.append(change_id)
            if batch in merges and after == until[entry_id]:
                del until[entry_id]
    return held
