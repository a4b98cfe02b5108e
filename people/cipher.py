"""The database: SQLCipher, every page enciphered and sealed, opened with the raw data key."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from geo.errors import VaultError
from people.keys import Secret
from people.process import leave_nothing_on_disk
from people.settings import VaultSettings

if TYPE_CHECKING:
    from sqlcipher3.dbapi2 import Connection

_PRAGMAS = (
    "cipher_compatibility = 4",  # AES-256-CBC and HMAC-SHA-512 of each page of 4 KiB, whatever later versions prefer
    "journal_mode = WAL",
    "synchronous = FULL",  # the end of the audit trail is noted after a commit, so that must have reached the disk
    "secure_delete = ON",
    "foreign_keys = ON",
    "temp_store = MEMORY",
    "trusted_schema = OFF",
)


def connect(path: Path, secret: Secret, settings: VaultSettings, *, create: bool = False) -> "Connection":
    """Open a database, or make one.

    The connection may be used from any thread, by one at a time (`people.vault` sees to that). Memory that SQLCipher
    lets go is wiped, and locked where the system allows it; the process leaves nothing on the disk (`people.process`).

    Raises
    ------
    VaultError
        It is missing, damaged, or belongs to another key.
    """
    from sqlcipher3 import dbapi2

    leave_nothing_on_disk()
    if not create and not path.exists():
        raise VaultError("The vault's database is not at {path}; restore a backup to put it back.", path=path)
    with plain_errors():
        connection = dbapi2.connect(
            f"file:{quote(str(path))}?mode={'rwc' if create else 'rw'}",
            uri=True,
            timeout=settings.busy_seconds,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=0,  # a cache would keep the statement that holds the key
        )
        try:
            connection.execute("PRAGMA cipher_log_level = NONE")
            connection.execute("PRAGMA cipher_memory_security = ON")
            connection.execute(f"PRAGMA key = \"x'{secret.raw().hex()}'\"")
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            for pragma in _PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
            if settings.max_pages is not None:
                connection.execute(f"PRAGMA max_page_count = {settings.max_pages:d}")
        except BaseException:
            connection.close()
            raise
        return connection


def damaged_pages(connection: "Connection") -> int:
    """Return how many pages of the database aren't as they were written."""
    with plain_errors():
        return len(connection.execute("PRAGMA cipher_integrity_check").fetchall())


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn an error of the database into a sentence without any of its values.

    Raises
    ------
    VaultError
        Says what happened and what to do.
    """
    from sqlcipher3 import dbapi2

    try:
        yield
    except dbapi2.Error as problem:
        raise VaultError(_sentence(problem)) from None


def _sentence(problem: Exception) -> str:
    code = getattr(problem, "sqlite_errorcode", None)
    name = str(getattr(problem, "sqlite_errorname", "") or type(problem).__name__)
    if code is None and "closed database" in str(problem):
        return "The vault is locked; unlock it with your passphrase."
    return _SENTENCES.get(
        (code or 0) & 0xFF, f"The vault's database refused ({name}); nothing was saved. Please report it."
    )


_FULL, _BUSY, _READ_ONLY, _INPUT_OUTPUT, _CORRUPT, _NOT_A_DATABASE = 13, 5, 8, 10, 11, 26
_NO_ROOM = (
    "The disk is full or can't be written: nothing of this was saved, and all that was saved before is as it was. Make "
    "room, then save again; what you typed is still where you typed it."
)
_DAMAGED = (
    "The vault's database is damaged, or belongs to another key file: restore the latest backup with "
    "`recovery-reach vault restore F --replace`."
)
_SENTENCES = {
    _FULL: _NO_ROOM,
    _INPUT_OUTPUT: _NO_ROOM,
    _READ_ONLY: _NO_ROOM,
    _BUSY: "Somebody else is saving right now, for longer than we wait; try again.",
    _CORRUPT: _DAMAGED,
    _NOT_A_DATABASE: _DAMAGED,
}
