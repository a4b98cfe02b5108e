"""The vault: made with a passphrase and a printed recovery code, unlocked by a user, locked after idle minutes.

Functions take an open `Vault`; none of them works once it is locked. Whatever changes something runs in `writing`: all
of it is saved, with its rows of the audit trail, or nothing.
"""

import datetime as dt
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from geo.errors import InputError, NotAllowedError, PassphraseError, VaultError
from people import audit
from people.attempts import UNKNOWN, attempt
from people.cipher import connect, damaged_pages, plain_errors
from people.folders import OLD, VaultPlace, beside, check_private, make_folders, write_private
from people.keys import (
    RECOVERY,
    KeyFile,
    Secret,
    change_key_file,
    check_passphrase,
    check_seal,
    new_key_file,
    new_recovery_code,
    new_secret,
    read_key_file,
    read_recovery_code,
    slot_of,
    unwrap,
    with_slot,
    write_key_file,
)
from people.schema import migrate
from people.settings import VaultSettings

if TYPE_CHECKING:
    from sqlcipher3.dbapi2 import Connection

Role = Literal["case_manager", "supervisor"]
ROLES: tuple[Role, ...] = ("case_manager", "supervisor")
USUAL = VaultSettings()


@dataclass(frozen=True)
class User:
    """Who unlocked the vault: a case manager sees their own caseload, a supervisor each one and the audit trail."""

    user_id: str
    name: str
    role: Role

    @property
    def is_supervisor(self) -> bool:
        """Return whether every caseload is theirs to see."""
        return self.role == "supervisor"


@dataclass
class _Use:
    """What changes while a vault is open: when it was used last, which records were viewed when."""

    at: tuple[float, float]
    viewed: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, repr=False, eq=False)
class Vault:
    """An open vault, as one user sees it. Nothing in it is shown when it is printed."""

    place: VaultPlace
    user: User
    settings: VaultSettings
    secret: Secret
    connection: "Connection"
    use: _Use
    mutex: threading.RLock

    def __repr__(self) -> str:
        return "Vault(…)"


def create_vault(place: VaultPlace, name: str, passphrase: str, settings: VaultSettings = USUAL) -> tuple[Vault, str]:
    """Make a vault with its first user, a supervisor; return it open, and the recovery code to print, shown only now.

    Raises
    ------
    InputError
        The name is empty or the passphrase too short.
    VaultError
        There is a vault already, or its folders can't be made or are open to others.
    """
    check_passphrase(passphrase)
    _check_name(name)
    make_folders(place)
    for path in (place.database, place.key_file):
        if path.exists():
            raise VaultError(
                "There is a vault already ({path}); `recovery-reach vault delete` deletes it for good.", path=path
            )
    if any(beside(path, OLD).exists() for path in (*place.database_files, *place.key_files)):
        raise VaultError(
            "A restore was cut off here, so the vault that was there is still aside: run "
            "`recovery-reach vault restore` once more with the same backup, and it is brought to its end."
        )
    secret, code = new_secret(), new_recovery_code()
    keys = with_slot(new_key_file(), RECOVERY, code, secret, settings)
    user = User(slot_of(keys, name), name.strip(), "supervisor")
    keys = with_slot(keys, user.user_id, passphrase, secret, settings)
    aside = place.database.with_name(f".{place.database.name}.new")
    for path in VaultPlace(aside, place.keys).database_files:
        path.unlink(missing_ok=True)
    aside.touch(mode=0o600)
    connection = connect(aside, secret, settings, create=True)
    with plain_errors():
        at = moment(settings)
        connection.execute("BEGIN IMMEDIATE")
        migrate(connection)
        add_user_row(connection, user, at)
        audit.append(connection, secret, at=at, actor=user.user_id, action="create")
        connection.execute("COMMIT")
        head = audit.head_of(connection, secret)
        connection.close()
    write_key_file(place, keys, secret)
    write_private(place.head_file, head)
    aside.replace(place.database)
    return _opened(place, secret, user.user_id, settings, []), code


def open_vault(
    place: VaultPlace, name: str, passphrase: str, settings: VaultSettings = USUAL, *, accept_break: bool = False
) -> Vault:
    """Unlock the vault for a user; every page of the database and the end of the audit trail are checked.

    Parameters
    ----------
    accept_break
        A supervisor knows that the audit trail was cut off and goes on nevertheless; that is recorded in it.

    Raises
    ------
    PassphraseError
        Name or passphrase is wrong, or the wait after a wrong one isn't over.
    VaultError
        The vault is missing, damaged, open to others, of a newer version, or its audit trail was cut off.
    """
    check_private(place)
    keys = read_key_file(place)
    slot = slot_of(keys, name)
    known = slot if slot in keys.slots else UNKNOWN
    secret, failed = attempt(place, known, settings, lambda: unwrap(keys, slot, passphrase, settings))
    with _wiped_unless_opened(secret):
        check_seal(keys, secret)
        return _opened(place, secret, slot, settings, failed, accept_break=accept_break)


def recover(
    place: VaultPlace, name: str, code: str, passphrase: str, settings: VaultSettings = USUAL
) -> tuple[Vault, str]:
    """Unlock with the printed recovery code, give a user a new passphrase, and return the vault and a new code.

    The new one is to be printed; the one that was used opens nothing any more.

    Raises
    ------
    InputError
        The new passphrase is too short.
    PassphraseError
        The code is wrong, nobody has that name, or the wait isn't over.
    VaultError
        As `open_vault`.
    """
    check_passphrase(passphrase)
    check_private(place)
    keys, typed = read_key_file(place), read_recovery_code(code)
    slot, new_code = slot_of(keys, name), new_recovery_code()
    if slot not in keys.slots:
        raise PassphraseError("Nobody of that name has a passphrase for this vault; check the name.")
    secret, failed = attempt(place, RECOVERY, settings, lambda: unwrap(keys, RECOVERY, typed, settings))
    with _wiped_unless_opened(secret):
        check_seal(keys, secret)
        vault = _opened(place, secret, slot, settings, failed)

    def renewed(keys: KeyFile) -> KeyFile:
        keys = with_slot(keys, slot, passphrase, secret, settings)
        return with_slot(keys, RECOVERY, new_code, secret, settings)

    change_key_file(place, secret, renewed)
    with writing(vault):
        record(vault, "passphrase", subject="recovery code")
    return vault, new_code


def lock(vault: Vault) -> None:
    """Close the vault and forget its key."""
    with vault.mutex:
        with suppress(VaultError), writing(vault):  # a disk that is full must not keep it open
            record(vault, "lock")
        _close(vault)


def is_open(vault: Vault) -> bool:
    """Return whether the vault can still be used; one idle for too long is locked here. Asking is no use of it."""
    with vault.mutex:
        _lock_if_idle(vault)
        return vault.secret.is_known


def idle_seconds_left(vault: Vault) -> float:
    """Return in how many seconds the vault locks unless it is used; by the clock or by the computer's own time."""
    since_use = max(now - then for now, then in zip(_time(vault.settings), vault.use.at, strict=True))
    return vault.settings.idle_minutes * 60 - since_use


@contextmanager
def reading(vault: Vault) -> Iterator["Connection"]:
    """Give the connection to one thread at a time.

    Raises
    ------
    VaultError
        The vault is locked, or is now: it was idle for too long, or its user was removed meanwhile.
    """
    with vault.mutex:
        _lock_if_idle(vault)
        vault.secret.raw()
        with plain_errors():
            if not _is_still_user(vault):
                _close(vault)
                raise VaultError("This user was removed from the vault, or has another role now; unlock it again.")
            vault.use.at = _time(vault.settings)
            yield vault.connection


@contextmanager
def writing(vault: Vault) -> Iterator["Connection"]:
    """Give the connection within a transaction, and note the audit trail's end after it; inside another, join that.

    Raises
    ------
    VaultError
        The vault is locked, or the disk is full; then nothing of it is saved.
    """
    with reading(vault) as connection:
        if connection.in_transaction:
            yield connection
        else:
            with _transaction(vault):
                yield connection


@contextmanager
def _transaction(vault: Vault) -> Iterator[None]:
    """Save all or nothing, and note the audit trail's end after it."""
    connection = vault.connection
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    try:
        audit.note_head(connection, vault.secret, vault.place)
    except VaultError as problem:
        raise VaultError(
            "This was saved, so don't save it again; but the end of the audit trail could not be noted: {problem}",
            problem=problem,
        ) from None


def record(vault: Vault, action: audit.Action, **about: object) -> None:
    """Add a row to the audit trail (`about`: as `audit.append` takes it), within `writing`."""
    audit.append(
        vault.connection,
        vault.secret,
        at=moment(vault.settings),
        actor=vault.user.user_id,
        action=action,
        **about,  # type: ignore[arg-type]
    )


def refuse(vault: Vault, subject: str, person_id: str | None = None) -> NotAllowedError:
    """Return the error for what isn't this user's, having recorded it."""
    with writing(vault):
        record(vault, "refused", person_id=person_id, subject=subject)
    return NotAllowedError("That isn't yours to see or change; a supervisor can help. The attempt was recorded.")


def require_supervisor(vault: Vault, subject: str) -> None:
    """Refuse whoever is no supervisor.

    Raises
    ------
    NotAllowedError
        They aren't; the attempt is in the audit trail.
    """
    if not vault.user.is_supervisor:
        raise refuse(vault, subject)


def moment(settings: VaultSettings) -> str:
    """Return the time, in UTC and ISO 8601 to the second."""
    return settings.now().astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def today(vault: Vault) -> dt.date:
    """Return the date here, as the computer's own time zone has it."""
    return vault.settings.now().astimezone().date()


def add_user_row(connection: "Connection", user: User, at: str) -> None:
    """Add a user to the database, or one who was removed again, within the transaction that is open."""
    connection.execute(
        "INSERT INTO users (user_id, name, role, added_at) VALUES (?, ?, ?, ?) ON CONFLICT (user_id) DO UPDATE "
        "SET name = excluded.name, role = excluded.role, added_at = excluded.added_at, removed_at = NULL",
        (user.user_id, user.name, user.role, at),
    )


def _check_name(name: str) -> None:
    if not name.strip():
        raise InputError("A user needs a name, by which they unlock the vault.")


def _time(settings: VaultSettings) -> tuple[float, float]:
    return settings.now().timestamp(), settings.uptime()


def _lock_if_idle(vault: Vault) -> None:
    """Lock a vault that was idle for too long, on the record."""
    if idle_seconds_left(vault) > 0 or not vault.secret.is_known:
        return
    with suppress(VaultError), plain_errors(), _transaction(vault):  # a disk that is full must not keep it open
        record(vault, "lock", subject="idle")
    _close(vault)


def _close(vault: Vault) -> None:
    vault.use.viewed.clear()
    _let_go(vault.connection, vault.secret)


def _let_go(connection: "Connection", secret: Secret) -> None:
    connection.close()
    secret.wipe()


@contextmanager
def _wiped_unless_opened(secret: Secret) -> Iterator[None]:
    """Forget a key whose vault can't be opened."""
    try:
        yield
    except BaseException:
        secret.wipe()
        raise


def _opened(
    place: VaultPlace,
    secret: Secret,
    user_id: str,
    settings: VaultSettings,
    failed: list[str],
    *,
    accept_break: bool = False,
) -> Vault:
    """Return the vault as a user sees it, having checked it and recorded the unlocking and failures before it."""
    connection = connect(place.database, secret, settings)
    try:
        check_pages(connection)
        problem = cut_off(connection, secret, place)
        with plain_errors():
            connection.execute("BEGIN IMMEDIATE")
            migrate(connection)
            connection.execute("COMMIT")
        user = _user(connection, user_id)
        _check_end(problem, user, accept_break=accept_break)
        vault = Vault(place, user, settings, secret, connection, _Use(_time(settings)), threading.RLock())
        weakref.finalize(vault, _let_go, connection, secret)  # a visit that ended without locking
        with writing(vault):
            if problem is not None:
                record(vault, "break_accepted", subject=str(problem))
            for one in failed:
                record(vault, "unlock_failed", subject=one)
            record(vault, "unlock")
    except BaseException:
        connection.close()
        raise
    return vault


def _is_still_user(vault: Vault) -> bool:
    row = vault.connection.execute(
        "SELECT role FROM users WHERE user_id = ? AND removed_at IS NULL", (vault.user.user_id,)
    ).fetchone()
    return row is not None and row[0] == vault.user.role


def _user(connection: "Connection", user_id: str) -> User:
    with plain_errors():
        row = connection.execute(
            "SELECT user_id, name, role FROM users WHERE user_id = ? AND removed_at IS NULL", (user_id,)
        ).fetchone()
    if row is None:
        raise VaultError("This user was removed from the vault; ask a supervisor.")
    return User(*row)


def _check_end(problem: VaultError | None, user: User, *, accept_break: bool) -> None:
    """Refuse an audit trail that was cut off, unless a supervisor goes on with it."""
    if problem is not None and not accept_break:
        raise VaultError(_CUT_OFF, problem=problem)
    if problem is not None and not user.is_supervisor:
        raise NotAllowedError("Only a supervisor can go on with an audit trail that was cut off.")


def check_pages(connection: "Connection") -> None:
    """Refuse a database with a damaged page.

    Raises
    ------
    VaultError
        Says how many, and what to do.
    """
    damaged = damaged_pages(connection)
    if damaged:
        raise VaultError(
            "The vault's database is damaged ({count} pages): restore the latest backup with `recovery-reach vault "
            "restore F --replace`.",
            count=damaged,
        )


def cut_off(connection: "Connection", secret: Secret, place: VaultPlace) -> VaultError | None:
    """Return what is wrong with the end of a database's audit trail, if anything is."""
    with plain_errors():
        return audit.ends_as_noted(connection, secret, place)


_CUT_OFF = (
    "The audit trail was cut off, or an older copy of the database put in its place. {problem} Put the right one back, "
    "restore a backup with `recovery-reach vault restore F --replace`, or go on as a supervisor, on the record, with "
    "`recovery-reach vault audit --accept-break`."
)
