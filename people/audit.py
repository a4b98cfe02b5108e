"""The audit trail: one row for each view, edit, export, unlock and failure, each sealed together with the one before.

A row's hash is an HMAC-SHA-256 of the row and the hash before it, by a key made from the data key: a row that was
edited, deleted or put elsewhere no longer fits. Where the trail ends is noted in a sealed file beside the keys after
each commit, so that rows cut off at the end are missed too; a process that is killed in between leaves a note
that is older than the trail, never newer. Rows hold ids, never names or anything that was typed.

What it can't show: who holds the data key and writes software of their own can make the whole trail anew.
`Verdict.head`, printed and kept by a supervisor, tells that too.
"""

import hmac
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from geo.errors import VaultError
from people.folders import VaultPlace, write_private
from people.keys import Secret
from sources.formats.store import hold_lock

if TYPE_CHECKING:
    from sqlcipher3.dbapi2 import Connection

Action = Literal[
    "create", "unlock", "unlock_failed", "lock", "view", "list", "edit", "undo", "export", "disclose", "refused",
    "backup", "restore", "passphrase", "user_added", "user_role", "user_removed", "erase", "break_accepted", "verify",
]  # fmt: skip
_START = bytes(32)
_ROWS = "SELECT number, at, actor, action, person_id, subject, change_id, digest, hash FROM audit ORDER BY number"


@dataclass(frozen=True)
class Verdict:
    """What a trail is worth: how many rows, the first that doesn't fit and why, and its end as `rows:hash`."""

    rows: int
    head: str
    first_broken: int | None = None
    problem: VaultError | None = None

    @property
    def is_whole(self) -> bool:
        """Return whether every row is as it was written."""
        return self.first_broken is None


def append(
    connection: "Connection",
    secret: Secret,
    *,
    at: str,
    actor: str,
    action: Action,
    person_id: str | None = None,
    subject: str | None = None,
    change_id: int | None = None,
    digest: str | None = None,
) -> None:
    """Add a row to the trail, within the transaction that is open."""
    number, last = _last(connection)
    row = (number + 1, at, actor, action, person_id, subject, change_id, digest)
    connection.execute(
        "INSERT INTO audit (number, at, actor, action, person_id, subject, change_id, digest, hash) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*row, _hash(_key(secret), last, row)),
    )


def change_digest(secret: Secret, before: str | None, after: str) -> str:
    """Return the seal of a change's two states, which the trail holds in their place."""
    return _change_seal(secret.derive("changes"), before, after)


def erased_changes(change_ids: Iterable[int]) -> str:
    """Return the subject of a row that tells of changes erased for good, whose seals nothing fits any more."""
    return ",".join(str(change_id) for change_id in sorted(change_ids))


def note_head(connection: "Connection", secret: Secret, place: VaultPlace) -> None:
    """Note where the trail ends; never backward, because the trail is read under the same lock as the note is written.

    Raises
    ------
    VaultError
        The note can't be written.
    """
    with hold_lock(place.lock_file):
        write_private(place.head_file, head_of(connection, secret))


def head_of(connection: "Connection", secret: Secret) -> bytes:
    """Return the note of where a database's own trail ends, sealed."""
    number, last = _last(connection)
    return json.dumps({"rows": number, "hash": last.hex(), "tag": _head_tag(secret, number, last)}).encode()


def read_head(secret: Secret, place: VaultPlace) -> tuple[int, bytes]:
    """Return how many rows the trail had when its end was noted last, and the last one's hash.

    Raises
    ------
    VaultError
        There is no note, or it isn't as it was written.
    """
    try:
        document = json.loads(place.head_file.read_bytes())
        number, last = int(document["rows"]), bytes.fromhex(document["hash"])
        if hmac.compare_digest(str(document["tag"]).encode(), _head_tag(secret, number, last).encode()):
            return number, last
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise VaultError("The note of where the audit trail ends is missing or changed.")


def ends_as_noted(connection: "Connection", secret: Secret, place: VaultPlace) -> VaultError | None:
    """Return None where the trail still holds its noted end, else what is wrong."""
    try:
        number, last = read_head(secret, place)
    except VaultError as problem:
        return problem
    row = connection.execute("SELECT hash FROM audit WHERE number = ?", (number,)).fetchone()
    if row is None:
        return VaultError(
            "The trail ends at row {last}; {rows} rows had been written.", last=_last(connection)[0], rows=number
        )
    return None if row[0] == last else VaultError("Row {row} is not the one that was written.", row=number)


def verify(
    connection: "Connection",
    secret: Secret,
    place: VaultPlace,
    expected_head: str | None = None,
    checkpoint: Callable[[], None] = lambda: None,
) -> Verdict:
    """Check every row of the trail, what it says of each change, its noted end, and an end that was kept elsewhere.

    Parameters
    ----------
    expected_head
        A `Verdict.head` of earlier, printed or written down.
    checkpoint
        Called now and then, so that a page can be left.
    """
    key, last, number = _key(secret), _START, 0
    changes = dict(_change_digests(connection, secret))
    subjects = connection.execute("SELECT subject FROM audit WHERE action = 'erase'").fetchall()
    erased = {int(change) for row in subjects for change in row[0].split(",") if change.isdigit()}
    kept = _parsed_head(expected_head)
    for row in connection.execute(_ROWS):
        number += 1
        if row[0] != number:
            return Verdict(number - 1, _head(number - 1, last), number, VaultError("Row {row} is missing.", row=number))
        if row[8] != _hash(key, last, row[:8]):
            return _broken(number, last, "Row {row} is not as it was written.")
        if row[6] is not None and changes.get(row[6]) != row[7] and (row[6] in changes or row[6] not in erased):
            return _broken(number, row[8], "The change of row {row} is not as it was saved.")
        last = row[8]
        if kept is not None and number == kept[0] and last.hex() != kept[1]:
            return _broken(number, last, "Row {row} is not the one that you kept.")
        if number % 1000 == 0:
            checkpoint()
    problem = ends_as_noted(connection, secret, place)
    if problem is None and kept is not None and number < kept[0]:
        problem = VaultError(
            "The trail ends at row {last}; when you kept its end it had {rows}.", last=number, rows=kept[0]
        )
    return Verdict(number, _head(number, last), number + 1 if problem else None, problem)


def _broken(number: int, last: bytes, sentence: str) -> Verdict:
    return Verdict(number, _head(number, last), number, VaultError(sentence, row=number))


def _change_digests(connection: "Connection", secret: Secret) -> list[tuple[int, str]]:
    key = secret.derive("changes")
    rows = connection.execute("SELECT change_id, before, after FROM changes")
    return [(change_id, _change_seal(key, before, after)) for change_id, before, after in rows]


def _change_seal(key: bytes, before: str | None, after: str) -> str:
    return hmac.digest(key, json.dumps([before, after]).encode(), "sha256").hex()


def _parsed_head(text: str | None) -> tuple[int, str] | None:
    if text is None:
        return None
    number, _, last = text.strip().partition(":")
    if not number.isdigit() or len(last) != 64:
        raise VaultError("An end of the trail is written as it was printed: a number, a colon, 64 letters and digits.")
    return int(number), last.lower()


def _head(number: int, last: bytes) -> str:
    return f"{number}:{last.hex()}"


def _last(connection: "Connection") -> tuple[int, bytes]:
    row = connection.execute("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1").fetchone()
    return (0, _START) if row is None else (int(row[0]), bytes(row[1]))


def _key(secret: Secret) -> bytes:
    return secret.derive("audit")


def _hash(key: bytes, last: bytes, row: tuple[object, ...]) -> bytes:
    return hmac.digest(key, last + json.dumps(row).encode(), "sha256")


def _head_tag(secret: Secret, number: int, last: bytes) -> str:
    return hmac.digest(secret.derive("audit head"), _head(number, last).encode(), "sha256").hex()
