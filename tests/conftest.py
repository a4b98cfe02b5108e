"""Fixtures that every test may use."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# A busy machine is no failure (timings live in benchmarks/), and the same code gives the same result each run:
# RECOVERY_REACH_FUZZ=1 looks for new examples.
settings.register_profile("steady", deadline=None, derandomize="RECOVERY_REACH_FUZZ" not in os.environ)
settings.load_profile("steady")


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of shared real data, or skip with the reason."""
    folder = Path(os.environ.get("RECOVERY_REACH_SHARED", Path(__file__).parents[2] / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"the shared real data is not at {folder} (set RECOVERY_REACH_SHARED)")
    return folder


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with the demo region in it; built once a run."""
    from sources.region import build_demo

    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECOVERY_REACH_HOME", str(folder))
        build_demo()
    return folder


@pytest.fixture
def demo_region(home: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the name of the demo region, which this test then finds in the data folder."""
    monkeypatch.setenv("RECOVERY_REACH_HOME", str(home))
    return "demo"
