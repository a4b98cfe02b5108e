"""Backups: the enciphered database and its keys in one file, proven by opening it; restored; and the vault deleted.

A backup holds both, because one without its keys is lost. It is as safe as the weakest passphrase of a user.
"""

import io
import os
import secrets
import shutil
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from geo.errors import PassphraseError, SourceError, VaultError
from people import audit
from people.cipher import connect, plain_errors
from people.entries import add_entry, read_entries
from people.folders import NEW, OLD, VaultPlace, beside, flush_folder, make_folders, unwritable, write_private
from people.keys import Secret, check_seal, key_file_from, slot_of, unwrap
from people.kinds import BACKUP
from people.settings import VaultSettings
from people.vault import (
    USUAL,
    Vault,
    check_pages,
    lock,
    moment,
    open_vault,
    reading,
    record,
    require_supervisor,
    writing,
)
from sources.formats.zip_archive import unzip

_DATABASE, _KEYS, _HEAD = "people.db", "vault.key", "audit.head"
_PROOF = ".proof-"
"""What the name of a folder begins with in which a backup is opened."""


@dataclass(frozen=True)
class Proof:
    """What was found in a backup that was opened: people, rows of the audit trail, its end (see `audit.Verdict`)."""

    people: int
    audit_rows: int
    head: str


def write_backup(vault: Vault, out: Path) -> Proof:
    """Write a backup, read it again, open it and check every page and row; supervisors only.

    Only then does it take the place of an earlier one of that name.

    Raises
    ------
    NotAllowedError
        Who asks is no supervisor.
    VaultError
        It can't be written, or doesn't prove whole.
    """
    out = out.resolve()
    content = _content(vault, out)
    unproven = out.with_name(f".{out.name}.{secrets.token_hex(8)}")
    try:
        write_private(unproven, content)
        proof = _prove(_unpacked(unproven), vault.place, vault.secret, vault.settings)
        unproven.replace(out)
        flush_folder(out.parent)
    except OSError as problem:
        raise unwritable(out, problem) from None
    finally:
        unproven.unlink(missing_ok=True)
    return proof


def make_backup(vault: Vault, name: str) -> tuple[bytes, Proof]:
    """Return a backup as the content of a file that a browser saves under a name; opened and checked as `write_backup`.

    Raises
    ------
    NotAllowedError, VaultError
        As `write_backup`.
    """
    content = _content(vault, Path(name))
    return content, _prove(_parts(content, Path(name)), vault.place, vault.secret, vault.settings)


def _content(vault: Vault, out: Path) -> bytes:
    """Return a new backup, noted under the file it goes to."""
    require_supervisor(vault, "backup")
    with writing(vault) as connection:
        people = connection.execute("SELECT count(*) FROM entries WHERE kind = 'person' AND NOT removed").fetchone()[0]
        add_entry(vault, BACKUP.name, {"made_at": moment(vault.settings), "file": str(out), "people": people})
        record(vault, "backup")
    aside = vault.place.database.with_name(f".{vault.place.database.name}.{secrets.token_hex(8)}")
    try:
        aside.touch(mode=0o600)
        with reading(vault) as connection:
            connection.execute("VACUUM INTO ?", (str(aside),))
        copy = connect(aside, vault.secret, vault.settings)
        with plain_errors():
            head = audit.head_of(copy, vault.secret)
            copy.close()
        return _packed({_DATABASE: aside.read_bytes(), _KEYS: vault.place.key_file.read_bytes(), _HEAD: head})
    except OSError as problem:
        raise unwritable(aside, problem) from None
    finally:
        for path in VaultPlace(aside, aside).database_files:
            path.unlink(missing_ok=True)


def restore(
    place: VaultPlace, file: Path, name: str, passphrase: str, settings: VaultSettings = USUAL, *, replace: bool = False
) -> tuple[Vault, Proof]:
    """Put a backup in the vault's place, once it has been opened with a user's passphrase and proven whole.

    No other program may have the vault open meanwhile.

    Parameters
    ----------
    replace
        A vault that is there is deleted; without it, it is refused.

    Raises
    ------
    PassphraseError
        Name or passphrase is none of the backup's.
    VaultError
        The file is no backup, is damaged or of a newer version, or there is a vault already.
    """
    if not replace and (place.database.exists() or place.key_file.exists()):
        raise VaultError(
            "There is a vault already ({path}); add --replace to put the backup in its place.", path=place.database
        )
    parts = _unpacked(file)
    keys = key_file_from(parts[_KEYS])
    secret = unwrap(keys, slot_of(keys, name), passphrase, settings)
    if secret is None:
        raise PassphraseError(
            "The name or the passphrase isn't one of this backup's; it has those of when it was made."
        )
    try:
        check_seal(keys, secret)
        make_folders(place)
        proof = _prove(parts, place, secret, settings)
    finally:
        secret.wipe()
    with _replacing(place, parts):
        vault = open_vault(place, name, passphrase, settings)
    with writing(vault):
        record(vault, "restore")
    return vault, proof


@contextmanager
def _replacing(place: VaultPlace, parts: Mapping[str, bytes]) -> Iterator[None]:
    """Put the parts of a backup in a vault's place; what was there comes back if the block fails.

    All of them are on the disk before anything moves.
    """
    new = {place.key_file: _KEYS, place.head_file: _HEAD, place.database: _DATABASE}
    try:
        _put_back(place)
        there = [path for path in (*place.database_files, *place.key_files) if path.exists()]
        for path, part in new.items():
            write_private(beside(path, NEW), parts[part])
        try:
            for path in there:
                path.replace(beside(path, OLD))
            for path in new:
                beside(path, NEW).replace(path)
                flush_folder(path.parent)
            yield
        except BaseException:
            for path in (*place.database_files, *place.key_files):
                if beside(path, OLD).exists():
                    beside(path, OLD).replace(path)
                elif path not in there:
                    path.unlink(missing_ok=True)
            raise
        for path in there:
            beside(path, OLD).unlink()
    except OSError as problem:
        raise unwritable(problem.filename or place.database, problem) from None
    finally:
        for path in new:
            beside(path, NEW).unlink(missing_ok=True)


def _put_back(place: VaultPlace) -> None:
    """End a restore that was killed: before its last rename the old files come back, after it they are of no use."""
    paths = (*place.database_files, *place.key_files)
    was_cut_off = any(beside(path, NEW).exists() for path in paths)
    for path in (path for path in paths if beside(path, OLD).exists()):
        if was_cut_off:
            beside(path, OLD).replace(path)
        else:
            beside(path, OLD).unlink()


def list_backups(vault: Vault) -> pd.DataFrame:
    """Return every backup that was made: `made_at`, `file`, `people`."""
    return read_entries(vault, BACKUP.name)[["made_at", "file", "people"]]


def delete_vault(vault: Vault) -> pd.DataFrame:
    """Delete the vault for good, its keys first; return the backups that still hold it. Supervisors only.

    Raises
    ------
    NotAllowedError
        Who asks is no supervisor.
    """
    require_supervisor(vault, "delete the vault")
    backups = list_backups(vault)
    lock(vault)
    delete_files(vault.place)
    return backups


def delete_files(place: VaultPlace) -> None:
    """Delete the files of a vault, keys first: what a disk still holds of the rest can't be read without them.

    Raises
    ------
    VaultError
        A file can't be deleted.
    """
    try:
        for path in _with_leftovers(place.key_files):
            _overwrite(path)
            path.unlink()
        for path in _with_leftovers(place.database_files):
            path.unlink()
        for folder in place.database.parent.glob(f"{_PROOF}*"):
            shutil.rmtree(folder)
        place.lock_file.unlink(missing_ok=True)
    except OSError as problem:
        raise unwritable(problem.filename or place.keys, problem) from None


def _with_leftovers(files: Iterable[Path]) -> list[Path]:
    """Return those of some files that exist, and what a process that was killed left beside them."""
    return [one for path in files for one in (path, *path.parent.glob(f".{path.name}.*")) if one.exists()]


def _overwrite(path: Path) -> None:
    """Write random bytes over those of a file, in their own place on the disk, and see to it that they are there."""
    with path.open("r+b") as file:
        file.write(secrets.token_bytes(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())


def _prove(parts: dict[str, bytes], place: VaultPlace, secret: Secret, settings: VaultSettings) -> Proof:
    """Open the parts of a backup in a folder aside, and check every page and row.

    Raises
    ------
    VaultError
        Something isn't as it was written.
    """
    folder = place.database.parent / f"{_PROOF}{secrets.token_hex(8)}"
    folder.mkdir(mode=0o700)
    try:
        aside = VaultPlace(folder / _DATABASE, folder)
        write_private(aside.database, parts[_DATABASE])
        write_private(aside.head_file, parts[_HEAD])
        connection = connect(aside.database, secret, settings)
        try:
            check_pages(connection)
            with plain_errors():
                verdict = audit.verify(connection, secret, aside)
                count = connection.execute(
                    "SELECT count(*) FROM entries WHERE kind = 'person' AND NOT removed"
                ).fetchone()[0]
        finally:
            connection.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if not verdict.is_whole:
        raise VaultError("The backup's audit trail isn't whole. {problem} Use another backup.", problem=verdict.problem)
    return Proof(int(count), verdict.rows, verdict.head)


def _packed(parts: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), part)
    return content.getvalue()


def _unpacked(file: Path) -> dict[str, bytes]:
    try:
        content = file.read_bytes()
    except OSError as problem:
        raise VaultError("The backup {file} can't be read ({why}).", file=file, why=problem.strerror) from None
    return _parts(content, file)


def _parts(content: bytes, file: Path) -> dict[str, bytes]:
    wanted = {_DATABASE, _KEYS, _HEAD}
    try:
        parts = unzip(content, "The backup", wanted)
    except SourceError:
        parts = {}
    if set(parts) != wanted:
        raise VaultError("{file} is no backup of a vault, or is damaged; use another.", file=file)
    return parts
