"""Settings of the vault: how hard its passphrases are to guess, when it locks, what counts as due."""

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass

VIEW_SECONDS = 60.0
"""Readings of one person's record within this time are one view in the audit trail."""


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _uptime() -> float:
    """Return seconds that no change of the clock moves, time asleep included where the system counts it."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


@dataclass(frozen=True)
class VaultSettings:
    """How a vault is kept.

    `memory_kib`, `passes`, `lanes`: Argon2id's, as RFC 9106 recommends second (64 MiB, 3, 4). The wait after a wrong
    passphrase doubles from `first_wait_seconds` to `longest_wait_seconds`. `max_pages`: of 4 KiB;
    None = while there is room.
    """

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 4
    idle_minutes: float = 15.0
    busy_seconds: float = 20.0
    first_wait_seconds: float = 1.0
    longest_wait_seconds: float = 300.0
    max_pages: int | None = None
    now: Callable[[], dt.datetime] = _now
    uptime: Callable[[], float] = _uptime


@dataclass(frozen=True)
class DueSettings:
    """What counts as due: days ahead for discharges and for consents that end, days after which a call is stale."""

    discharge_days: int = 14
    consent_days: int = 30
    call_days: int = 7
