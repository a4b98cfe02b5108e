"""What tests of regions share: a data folder of their own, with no region in it."""

from pathlib import Path

import pytest


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty data folder, in which this test's regions lie; `home` is the one of the demo region."""
    monkeypatch.setenv("RECOVERY_REACH_HOME", str(tmp_path / "home"))
    return tmp_path / "home"
