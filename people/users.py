"""Users of the vault: several case managers and supervisors, each with a passphrase of their own for one data key."""

import pandas as pd

from geo.errors import InputError, PassphraseError, VaultError
from people.attempts import attempt
from people.keys import (
    RECOVERY,
    change_key_file,
    check_passphrase,
    new_recovery_code,
    read_key_file,
    slot_of,
    unwrap,
    with_slot,
    without_slot,
)
from people.vault import ROLES, Role, User, Vault, add_user_row, moment, reading, record, require_supervisor, writing


def list_users(vault: Vault) -> pd.DataFrame:
    """Return everybody who has or had a passphrase: `user_id`, `name`, `role`, `added_at`, `removed_at` (or empty)."""
    with reading(vault) as connection:
        rows = connection.execute(
            "SELECT user_id, name, role, added_at, removed_at FROM users ORDER BY name"
        ).fetchall()
    return pd.DataFrame(rows, columns=["user_id", "name", "role", "added_at", "removed_at"], dtype="string")


def add_user(vault: Vault, name: str, role: Role, passphrase: str) -> str:
    """Give somebody a passphrase of their own, and return their id; supervisors only.

    Raises
    ------
    NotAllowedError
        Who asks is no supervisor.
    InputError
        The name is empty or taken, the role unknown, or the passphrase too short.
    """
    require_supervisor(vault, "add a user")
    if not name.strip() or role not in ROLES:
        raise InputError("A user needs a name, and the role case_manager or supervisor.")
    check_passphrase(passphrase)
    keys = read_key_file(vault.place)
    user = User(slot_of(keys, name), name.strip(), role)
    if user.user_id in keys.slots:
        raise InputError("Somebody of that name has a passphrase already; choose another name.")
    with writing(vault) as connection:
        add_user_row(connection, user, moment(vault.settings))
        record(vault, "user_added", subject=user.user_id)
    _wrap(vault, user.user_id, passphrase)
    return user.user_id


def remove_user(vault: Vault, user_id: str) -> None:
    """Take a user's passphrase away; their people stay, and go to a colleague by `people.caseload.assign`.

    Who kept a copy of the key file and the database could still open that copy with the old passphrase.

    Raises
    ------
    NotAllowedError
        Who asks is no supervisor.
    VaultError
        There is no such user, or they are the last supervisor.
    """
    require_supervisor(vault, "remove a user")
    _check_not_last(vault, user_id)
    change_key_file(vault.place, vault.secret, lambda keys: without_slot(keys, user_id))
    with writing(vault) as connection:
        connection.execute("UPDATE users SET removed_at = ? WHERE user_id = ?", (moment(vault.settings), user_id))
        record(vault, "user_removed", subject=user_id)


def change_role(vault: Vault, user_id: str, role: Role) -> None:
    """Let a user be a case manager or a supervisor; a session of theirs that is open ends. Supervisors only.

    Raises
    ------
    NotAllowedError
        Who asks is no supervisor.
    InputError
        The role is unknown.
    VaultError
        There is no such user, or they are the last supervisor.
    """
    require_supervisor(vault, "change a role")
    if role not in ROLES:
        raise InputError("A user needs a name, and the role case_manager or supervisor.")
    _check_not_last(vault, user_id)
    with writing(vault) as connection:
        connection.execute("UPDATE users SET role = ? WHERE user_id = ?", (role, user_id))
        record(vault, "user_role", subject=f"{role} {user_id}")


def change_passphrase(vault: Vault, old: str, new: str) -> None:
    """Wrap the data key by another passphrase of the user's own; the old one opens nothing any more.

    Raises
    ------
    InputError
        The new one is too short.
    PassphraseError
        The old one is wrong.
    """
    check_passphrase(new)
    keys, slot = read_key_file(vault.place), vault.user.user_id
    secret, _ = attempt(vault.place, slot, vault.settings, lambda: unwrap(keys, slot, old, vault.settings))
    secret.wipe()  # it only proves the old passphrase
    _wrap(vault, slot, new)
    with writing(vault):
        record(vault, "passphrase", subject=slot)


def reset_passphrase(vault: Vault, user_id: str, new: str) -> None:
    """Give a user who lost theirs a new passphrase; supervisors only.

    Raises
    ------
    NotAllowedError
        Who asks is no supervisor.
    PassphraseError
        There is no such user.
    """
    require_supervisor(vault, "reset a passphrase")
    check_passphrase(new)
    if user_id not in read_key_file(vault.place).slots:
        raise PassphraseError("There is no such user.")
    _wrap(vault, user_id, new)
    with writing(vault):
        record(vault, "passphrase", subject=user_id)


def renew_recovery_code(vault: Vault) -> str:
    """Return a new recovery code to print; the old one opens nothing any more. Supervisors only.

    Raises
    ------
    NotAllowedError
        Who asks is no supervisor.
    """
    require_supervisor(vault, "renew the recovery code")
    code = new_recovery_code()
    _wrap(vault, RECOVERY, code)
    with writing(vault):
        record(vault, "passphrase", subject="recovery code")
    return code


def _check_not_last(vault: Vault, user_id: str) -> None:
    """Refuse to take the vault, or a supervisor's rights, from who isn't there or is the last supervisor."""
    present = list_users(vault)
    present = present[present["removed_at"].isna()]
    if user_id not in set(present["user_id"]):
        raise VaultError("There is no such user.")
    if set(present.loc[present["role"] == "supervisor", "user_id"]) == {user_id}:
        raise VaultError("This is the last supervisor; add another before removing this one.")


def _wrap(vault: Vault, slot: str, passphrase: str) -> None:
    secret = vault.secret
    change_key_file(vault.place, secret, lambda keys: with_slot(keys, slot, passphrase, secret, vault.settings))
