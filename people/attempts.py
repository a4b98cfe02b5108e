"""Wrong passphrases slow down: each one makes the next wait longer, and no one is locked out for good.

The wait is counted by the clock and by the time since the computer started, whichever has moved less: setting the
clock back, or forward, shortens nothing. An attempt counts as failed before it is tried, so that ending the process
doesn't undo it.
"""

import json
from collections.abc import Callable
from typing import Any, TypeVar

from geo.errors import PassphraseError
from people.folders import VaultPlace, write_private
from people.settings import VaultSettings
from sources.formats.store import hold_lock

UNKNOWN = "unknown"
"""Who failed under a name that nobody has; the name itself is not kept, it may be a passphrase in the wrong field."""
_MOST_KEPT = 1000
_MOST_COUNTED = 64
"""Failures, beyond which the wait is the longest anyway."""

Opened = TypeVar("Opened")


def attempt(
    place: VaultPlace, slot: str, settings: VaultSettings, unlock: Callable[[], Opened | None]
) -> tuple[Opened, list[str]]:
    """Try to unlock; return what was opened, and when attempts failed since the last one that didn't, with their slots.

    Raises
    ------
    PassphraseError
        The wait isn't over, or the attempt failed; `seconds` says how long the next one has to wait.
    """
    with hold_lock(place.lock_file):
        document = _read(place)
        counted = document["slots"].get(slot, {"failures": 0, "wait": 0.0})
        left = _seconds_left(counted, settings)
        if left > 0:
            if counted["at"] > settings.now().timestamp() or counted["uptime"] > settings.uptime():
                document["slots"][slot] = counted | _moment(settings) | {"wait": left}
                _write(place, document)
            raise PassphraseError(_WAIT, left)
        failures = min(counted["failures"] + 1, _MOST_COUNTED)
        wait = min(settings.first_wait_seconds * 2.0 ** (failures - 1), settings.longest_wait_seconds)
        document["slots"][slot] = {"failures": failures, "wait": wait, **_moment(settings)}
        document["failed"] = [*document["failed"], f"{settings.now():%Y-%m-%dT%H:%M:%SZ} {slot}"][-_MOST_KEPT:]
        _write(place, document)
        opened = unlock()
        if opened is None:
            document["slots"][slot] |= _moment(settings)
            _write(place, document)
            raise PassphraseError(_WRONG, wait)
        del document["slots"][slot]
        failed, document["failed"] = document["failed"][:-1], []
        _write(place, document)
        return opened, failed


_WAIT = "The next attempt has to wait {seconds} s: each wrong passphrase makes the wait longer."
_WRONG = (
    "The name or the passphrase is wrong: check both; the next attempt has to wait {seconds} s. "
    "A lost passphrase is made anew with the printed recovery code, or by a supervisor."
)


def _seconds_left(counted: dict[str, Any], settings: VaultSettings) -> float:
    """Return how long to wait yet; after a clock that was set back, the whole wait again."""
    if not counted["failures"]:
        return 0.0
    by_clock = settings.now().timestamp() - counted["at"]
    since_start = settings.uptime() - counted["uptime"]
    passed = by_clock if since_start < 0 else min(by_clock, since_start)  # the computer was started anew
    return float(counted["wait"] - max(passed, 0.0))


def _moment(settings: VaultSettings) -> dict[str, float]:
    return {"at": settings.now().timestamp(), "uptime": settings.uptime()}


def _read(place: VaultPlace) -> dict[str, Any]:
    try:
        document = json.loads(place.attempts_file.read_bytes())
        slots = {
            str(slot): {name: float(counted[name]) for name in ("failures", "wait", "at", "uptime")}
            for slot, counted in document["slots"].items()
        }
        return {"slots": slots, "failed": [str(one) for one in document["failed"]]}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {"slots": {}, "failed": []}


def _write(place: VaultPlace, document: dict[str, Any]) -> None:
    write_private(place.attempts_file, json.dumps(document).encode())
