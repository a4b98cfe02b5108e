"""Where the vault lies: its database in one folder, its keys in another, both for their owner alone."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from geo.errors import VaultError
from sources.formats.private_files import check_closed
from sources.region.folders import data_folder

KEYS = "RECOVERY_REACH_KEYS"
"""The variable that names another folder for the keys, such as one on another disk; never holds a key itself."""


NEW, OLD = ".new", ".replaced"
"""Endings of the files that a restore moves into place, and of those that stood there."""


@dataclass(frozen=True)
class VaultPlace:
    """The database of a vault, and the folder of its keys."""

    database: Path
    keys: Path

    @property
    def key_file(self) -> Path:
        """Return the data key, wrapped once for each user and for the recovery code."""
        return self.keys / "vault.key"

    @property
    def head_file(self) -> Path:
        """Return where the end of the audit trail is noted."""
        return self.keys / "audit.head"

    @property
    def attempts_file(self) -> Path:
        """Return where wrong passphrases are counted."""
        return self.keys / "attempts.json"

    @property
    def lock_file(self) -> Path:
        """Return the lock under which the files of the keys are written."""
        return self.keys / ".lock"

    @property
    def database_files(self) -> tuple[Path, ...]:
        """Return the database and what SQLite keeps beside it."""
        return (self.database, *(self.database.with_name(self.database.name + end) for end in ("-wal", "-shm")))

    @property
    def key_files(self) -> tuple[Path, ...]:
        """Return every file of the keys."""
        return (self.key_file, self.head_file, self.attempts_file)


def beside(path: Path, ending: str) -> Path:
    """Return the file that stands for another while a restore is under way."""
    return path.with_name(f".{path.name}{ending}")


def vault_place() -> VaultPlace:
    """Return where this machine's vault is, or would be: in `data_folder()`, the keys where `KEYS` says."""
    base = data_folder()
    return VaultPlace(base / "vault" / "people.db", Path(os.environ.get(KEYS) or base / "vault-keys"))


def make_folders(place: VaultPlace) -> None:
    """Make both folders, for their owner alone.

    Raises
    ------
    VaultError
        They can't be made, or others may read them.
    """
    for folder in (place.database.parent, place.keys):
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as problem:
            raise unwritable(folder, problem) from None
    check_private(place)


def check_private(place: VaultPlace) -> None:
    """Refuse a vault that others on this machine may read.

    Raises
    ------
    VaultError
        Names the folder or file, and the command that closes it.
    """
    check_closed(place.database.parent, 0o700, VaultError)
    check_closed(place.keys, 0o700, VaultError)
    for path in (*place.database_files, *place.key_files):
        check_closed(path, 0o600, VaultError)


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read, whole or not at all.

    Raises
    ------
    VaultError
        The disk is full or can't be written.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
            flush_folder(path.parent)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as problem:
        raise unwritable(path, problem) from None


def flush_folder(folder: Path) -> None:
    """See to it that a file which was renamed in a folder is there after the power fails."""
    if os.name == "nt":
        return  # a folder can't be opened there
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def unwritable(path: Path, problem: OSError) -> VaultError:
    """Return the error for a file or folder that can't be written."""
    return VaultError(
        "{path} can't be written ({why}): make room on the disk or choose another folder, then try again.",
        path=path,
        why=problem.strerror or type(problem).__name__,
    )
