"""The tables of the vault, as migrations that only go forward: a vault of any earlier version is brought up to date.

`entries` holds what is true now, one row per thing (a person, a consent, a call to a house …; `people.kinds` declares
them), its values as JSON; `changes` holds each one's states before and after every edit; `audit` is the trail.
A new version appends to MIGRATIONS, never changes what is there, and records a vault of its own for the tests.
"""

from typing import TYPE_CHECKING

from geo.errors import VaultError

if TYPE_CHECKING:
    from sqlcipher3.dbapi2 import Connection

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE users (
            user_id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            role TEXT NOT NULL CHECK (role IN ('case_manager', 'supervisor')),
            added_at TEXT NOT NULL,
            removed_at TEXT
        ) STRICT""",
        """CREATE TABLE entries (
            entry_id TEXT PRIMARY KEY,
            kind TEXT NOT NULL,
            person_id TEXT,
            body TEXT NOT NULL,
            removed INTEGER NOT NULL,
            version INTEGER NOT NULL,
            changed_at TEXT NOT NULL,
            changed_by TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX entries_of_person ON entries (person_id, kind)",
        "CREATE INDEX entries_of_kind ON entries (kind)",
        """CREATE TABLE changes (
            change_id INTEGER PRIMARY KEY AUTOINCREMENT,
            batch TEXT NOT NULL,
            what TEXT NOT NULL,
            entry_id TEXT NOT NULL,
            kind TEXT NOT NULL,
            before TEXT,
            after TEXT NOT NULL,
            at TEXT NOT NULL,
            by TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX changes_of_entry ON changes (entry_id)",
        "CREATE INDEX changes_of_batch ON changes (batch)",
        """CREATE TABLE audit (
            number INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            actor TEXT NOT NULL,
            action TEXT NOT NULL,
            person_id TEXT,
            subject TEXT,
            change_id INTEGER,
            digest TEXT,
            hash BLOB NOT NULL
        ) STRICT""",
    ),
)
VERSION = len(MIGRATIONS)


def migrate(connection: "Connection") -> None:
    """Bring a vault up to date within the transaction that is open.

    Raises
    ------
    VaultError
        A newer version wrote it.
    """
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > VERSION:
        raise VaultError(
            "This vault was written by a newer version of Recovery Reach (its format is {version}, this one knows "
            "{known}); install that one to open it.",
            version=version,
            known=VERSION,
        )
    for statement in (text for step in MIGRATIONS[version:] for text in step):
        connection.execute(statement)
    if version < VERSION:
        connection.execute(f"PRAGMA user_version = {VERSION:d}")
