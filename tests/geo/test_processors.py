"""How many processors a process works on, and what can't be said of it."""

import os

import pytest

from geo.errors import InputError
from geo.processors import THREADS, processors


def test_all_of_the_machine_unless_others_share_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(THREADS, raising=False)
    assert processors() == os.cpu_count()
    monkeypatch.setattr("os.cpu_count", lambda: None)
    assert processors() == 1
    monkeypatch.setenv(THREADS, "3")
    assert processors() == 3


@pytest.mark.parametrize("told", ["0", "-1", "two", "1.5", "", "²"])
def test_what_is_no_number_of_processors_is_refused(told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(THREADS, told)
    with pytest.raises(InputError, match="RECOVERY_REACH_THREADS must be a whole number from 1 on"):
        processors()
