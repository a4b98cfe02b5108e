"""Fixtures that every test may use."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of shared real data, or skip with the reason."""
    folder = Path(os.environ.get("RECOVERY_REACH_SHARED", Path(__file__).parents[2] / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"the shared real data is not at {folder} (set RECOVERY_REACH_SHARED)")
    return folder
