"""A vault of invented people, cheap to open, whose clock the test moves."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from people.caseload import add_person
from people.folders import VaultPlace
from people.settings import VaultSettings
from people.users import add_user
from people.vault import Vault, create_vault, lock, open_vault

ANA, BEN = "Example Ana", "Example Ben"
PASSPHRASE, BENS = "correct horse battery staple", "seven purple kettles sing"
TODAY = dt.date(2026, 11, 29)


@dataclass
class Clock:
    """The wall clock and the time since the computer started, moved by tests."""

    at: dt.datetime = dt.datetime(2026, 11, 29, 15, 0, tzinfo=dt.UTC)
    up: float = 1000.0

    def pass_by(self, seconds: float) -> None:
        self.at += dt.timedelta(seconds=seconds)
        self.up += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def cheap(clock: Clock) -> VaultSettings:
    """Return settings that open a vault at once, and go by a clock."""
    return VaultSettings(memory_kib=8, passes=1, lanes=1, now=lambda: clock.at, uptime=lambda: clock.up)


@pytest.fixture
def settings(clock: Clock) -> VaultSettings:
    return cheap(clock)


@pytest.fixture
def place(tmp_path: Path) -> VaultPlace:
    return VaultPlace(tmp_path / "vault" / "people.db", tmp_path / "keys")


@pytest.fixture
def vault(place: VaultPlace, settings: VaultSettings) -> Iterator[Vault]:
    """Return a vault that its first user, a supervisor, has open."""
    made, _ = create_vault(place, ANA, PASSPHRASE, settings)
    yield made
    lock(made)


@pytest.fixture
def bens(vault: Vault) -> Iterator[Vault]:
    """Return the same vault as a case manager sees it."""
    add_user(vault, BEN, "case_manager", BENS)
    opened = open_vault(vault.place, BEN, BENS, vault.settings)
    yield opened
    lock(opened)


@pytest.fixture
def person(vault: Vault) -> str:
    return add_person(vault, {"name": "Person One", "phone": "202-555-0101", "discharge_on": "2026-12-03"})
