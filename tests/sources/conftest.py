"""Fixtures of the sources' tests."""

from collections.abc import Iterator

import pytest

from tests.sources.replay import Replay, replaying


@pytest.fixture
def replay() -> Iterator[Replay]:
    """Return a fresh replay server on loopback."""
    with replaying() as server:
        yield server
