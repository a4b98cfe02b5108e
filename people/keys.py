"""Keys: one random data key, wrapped for each user by their passphrase and once by the printed recovery code.

The key file holds, for each slot, a salt and the data key enciphered with what Argon2id makes of the passphrase. Each
wrap is 32 bytes of Argon2id's output added to the data key (a one-time pad: a salt is never used again), and an
HMAC-SHA-256 by the other 32 over vault, slot, parameters and wrap, so that no slot can be changed or put in another's
place. Names of users are not in it: a slot's name is made of a hash.
"""

import base64
import hashlib
import hmac
import json
import secrets
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from geo.errors import InputError, PassphraseError, VaultError
from people.folders import VaultPlace, write_private
from people.settings import VaultSettings
from sources.formats.store import hold_lock

FORMAT = 1
"""Of the key file."""
RECOVERY = "recovery"
"""The slot of the recovery code."""
LEAST_LETTERS = 12
"""Of a passphrase."""
KEY_BYTES = 32
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that reads as a digit."""
_CODE_LETTERS, _GROUP = 32, 4
_MOST_MEMORY_KIB, _MOST_PASSES = 1 << 20, 100
_LENGTHS = {"salt": 16, "wrapped": KEY_BYTES, "tag": 32}
"""Bytes of what a wrap holds."""


class Secret:
    """A key in memory: never shown, wiped when the vault locks."""

    def __init__(self, key: bytes) -> None:
        self._key = bytearray(key)

    def raw(self) -> bytes:
        """Return the key itself.

        Raises
        ------
        VaultError
            The vault is locked.
        """
        if not self.is_known:
            raise VaultError("The vault is locked; unlock it with your passphrase.")
        return bytes(self._key)

    @property
    def is_known(self) -> bool:
        """Return whether the key wasn't wiped yet."""
        return any(self._key)

    def derive(self, purpose: str) -> bytes:
        """Return a key for one purpose, from which neither this one nor another can be told."""
        return hmac.digest(self.raw(), purpose.encode(), "sha256")

    def wipe(self) -> None:
        """Forget the key."""
        self._key[:] = bytes(len(self._key))

    def __repr__(self) -> str:
        return "Secret(…)"


@dataclass(frozen=True)
class KeyFile:
    """The key file: which vault it belongs to, the wrap in each slot, and the seal of it all by the data key."""

    vault_id: str
    slots: Mapping[str, Mapping[str, Any]]
    seal: str = ""

    def __repr__(self) -> str:
        return f"KeyFile({len(self.slots)} slots)"


def new_secret() -> Secret:
    """Return a random data key of 256 bits."""
    return Secret(secrets.token_bytes(KEY_BYTES))


def new_key_file() -> KeyFile:
    """Return the key file of a new vault, nothing in it yet."""
    return KeyFile(secrets.token_hex(16), {})


def slot_of(keys: KeyFile, name: str) -> str:
    """Return the slot of a user's name; case and spaces around it don't matter."""
    spoken = unicodedata.normalize("NFKC", " ".join(name.split())).casefold()
    return hashlib.sha256(f"{keys.vault_id}:{spoken}".encode()).hexdigest()[:24]


def new_recovery_code() -> str:
    """Return a recovery code of 160 random bits: 32 letters and digits in groups of four."""
    letters = [secrets.choice(_ALPHABET) for _ in range(_CODE_LETTERS)]
    return "-".join("".join(letters[at : at + _GROUP]) for at in range(0, _CODE_LETTERS, _GROUP))


def read_recovery_code(text: str) -> str:
    """Return a recovery code as it was typed, in the form in which it was made; O is read as 0, I and L as 1.

    Raises
    ------
    PassphraseError
        It has not 32 letters and digits, or one that no code has.
    """
    letters = "".join(text.upper().replace("-", " ").split()).translate(str.maketrans("OIL", "011"))
    if len(letters) != _CODE_LETTERS or set(letters) - set(_ALPHABET):
        raise PassphraseError(
            "A recovery code is 32 letters and digits in eight groups of four; compare what you typed with the print."
        )
    return "-".join(letters[at : at + _GROUP] for at in range(0, _CODE_LETTERS, _GROUP))


def check_passphrase(passphrase: str) -> None:
    """Refuse a passphrase too short to stand.

    Raises
    ------
    InputError
        It has fewer than `LEAST_LETTERS` letters.
    """
    if len(_spelled(passphrase)) < LEAST_LETTERS:
        raise InputError(
            "A passphrase needs at least {least} letters; four or five random words are easy to remember.",
            least=LEAST_LETTERS,
        )


def with_slot(keys: KeyFile, slot: str, passphrase: str, secret: Secret, settings: VaultSettings) -> KeyFile:
    """Return a key file with the data key wrapped in a slot by a passphrase; what was in the slot is gone."""
    wrap = {
        "salt": _text(secrets.token_bytes(16)),
        "memory_kib": settings.memory_kib,
        "passes": settings.passes,
        "lanes": settings.lanes,
    }
    pad, seal = _stretched(passphrase, wrap)
    wrap["wrapped"] = _text(_added(secret.raw(), pad))
    wrap["tag"] = _text(_tag(keys, slot, wrap, seal))
    return KeyFile(keys.vault_id, {**keys.slots, slot: wrap})


def without_slot(keys: KeyFile, slot: str) -> KeyFile:
    """Return a key file without a slot: its passphrase opens the vault no more."""
    return KeyFile(keys.vault_id, {name: wrap for name, wrap in keys.slots.items() if name != slot})


def unwrap(keys: KeyFile, slot: str, passphrase: str, settings: VaultSettings) -> Secret | None:
    """Return the data key, or None where the passphrase is wrong or there is no such slot; both take as long."""
    wrap = keys.slots.get(slot)
    if wrap is None:
        costs = {"memory_kib": settings.memory_kib, "passes": settings.passes, "lanes": settings.lanes}
        _stretched(passphrase, costs | {"salt": _text(bytes(16))})
        return None
    pad, seal = _stretched(passphrase, wrap)
    if not hmac.compare_digest(_tag(keys, slot, wrap, seal), _bytes(wrap["tag"])):
        return None
    return Secret(_added(_bytes(wrap["wrapped"]), pad))


def read_key_file(place: VaultPlace) -> KeyFile:
    """Return the key file of a vault.

    Raises
    ------
    VaultError
        There is none, it can't be read, or a newer version wrote it.
    """
    try:
        content = place.key_file.read_bytes()
    except FileNotFoundError:
        raise VaultError(
            "There is no key file at {path}: make a vault with `recovery-reach vault create`, or restore a backup with "
            "`recovery-reach vault restore F`.",
            path=place.key_file,
        ) from None
    except OSError as problem:
        raise VaultError(
            "The key file {path} can't be read ({why}).", path=place.key_file, why=problem.strerror
        ) from None
    return key_file_from(content)


def key_file_from(content: bytes) -> KeyFile:
    """Return a key file from its bytes.

    Raises
    ------
    VaultError
        It can't be read, or a newer version wrote it.
    """
    try:
        document = json.loads(content)
        version = int(document["format"])
        slots = {str(name): {key: wrap[key] for key in _WRAP} for name, wrap in document["slots"].items()}
        keys = KeyFile(str(document["vault_id"]), slots, str(document["seal"]))
        is_sane = all(_is_sane(wrap) for wrap in slots.values())
    except (ValueError, KeyError, TypeError, AttributeError):
        version, is_sane = 0, False
    if version > FORMAT:
        raise VaultError("This vault was written by a newer version of Recovery Reach; install that one to open it.")
    if not is_sane:
        raise VaultError("The key file is damaged: restore a backup with `recovery-reach vault restore F --replace`.")
    return keys


def check_seal(keys: KeyFile, secret: Secret) -> None:
    """Refuse a key file in which anything is not as it was written, in other users' slots too.

    Raises
    ------
    VaultError
        It was changed or is damaged.
    """
    if not hmac.compare_digest(keys.seal.encode(), _seal(keys, secret).encode()):
        raise VaultError(
            "The key file was changed or is damaged: restore the vault from a backup with `recovery-reach vault "
            "restore F --replace`."
        )


def write_key_file(place: VaultPlace, keys: KeyFile, secret: Secret) -> None:
    """Write the key file, sealed by the data key, whole or not at all."""
    document = {"format": FORMAT, "vault_id": keys.vault_id, "slots": keys.slots, "seal": _seal(keys, secret)}
    write_private(place.key_file, json.dumps(document, indent=1, sort_keys=True).encode())


def change_key_file(place: VaultPlace, secret: Secret, change: Callable[[KeyFile], KeyFile]) -> None:
    """Write the key file anew as a function of what it holds, one writer at a time."""
    with hold_lock(place.lock_file):
        keys = read_key_file(place)
        check_seal(keys, secret)
        write_key_file(place, change(keys), secret)


_WRAP = ("salt", "memory_kib", "passes", "lanes", "wrapped", "tag")


def _is_sane(wrap: Mapping[str, Any]) -> bool:
    """Return whether a wrap can be tried: its costs are some that Argon2id takes and this machine can pay."""
    costs = (wrap["memory_kib"], wrap["passes"], wrap["lanes"])
    if not all(type(cost) is int and cost > 0 for cost in costs):
        return False
    lengths = [len(base64.b64decode(wrap[name], validate=True)) for name in _LENGTHS]
    payable = 8 * wrap["lanes"] <= wrap["memory_kib"] <= _MOST_MEMORY_KIB and wrap["passes"] <= _MOST_PASSES
    return payable and lengths == list(_LENGTHS.values())


def _spelled(passphrase: str) -> str:
    """Return a passphrase the way every keyboard spells it."""
    return unicodedata.normalize("NFKC", passphrase)


def _stretched(passphrase: str, wrap: Mapping[str, Any]) -> tuple[bytes, bytes]:
    """Return pad and seal: 64 bytes of Argon2id."""
    from argon2.low_level import Type, hash_secret_raw

    made = hash_secret_raw(
        _spelled(passphrase).encode(),
        _bytes(wrap["salt"]),
        time_cost=wrap["passes"],
        memory_cost=wrap["memory_kib"],
        parallelism=wrap["lanes"],
        hash_len=2 * KEY_BYTES,
        type=Type.ID,
    )
    return made[:KEY_BYTES], made[KEY_BYTES:]


def _tag(keys: KeyFile, slot: str, wrap: Mapping[str, Any], seal: bytes) -> bytes:
    bound = [keys.vault_id, slot, *(wrap[key] for key in _WRAP if key != "tag")]
    return hmac.digest(seal, json.dumps(bound).encode(), "sha256")


def _seal(keys: KeyFile, secret: Secret) -> str:
    content = json.dumps([keys.vault_id, keys.slots], sort_keys=True).encode()
    return hmac.digest(secret.derive("key file"), content, "sha256").hex()


def _added(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text)
