"""Fixtures that every test may use."""

import gc
import os
import shutil
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

# A busy machine is no failure (timings live in benchmarks/), and the same code gives the same result each run:
# RECOVERY_REACH_FUZZ=1 looks for new examples.
settings.register_profile("steady", deadline=None, derandomize="RECOVERY_REACH_FUZZ" not in os.environ)
settings.load_profile("steady")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Let the garbage collector pass over the tests and what they import, all of which stays to the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of shared real data, or skip with the reason."""
    folder = Path(os.environ.get("RECOVERY_REACH_SHARED", Path(__file__).parents[2] / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"the shared real data is not at {folder} (set RECOVERY_REACH_SHARED)")
    return folder


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder of this process with the demo region in it, which is built once a run and copied."""
    folder = tmp_path_factory.mktemp("home") / "home"
    if "PYTEST_XDIST_WORKER" not in os.environ:
        _build_demo(folder)
        return folder
    from sources.formats.store import hold_lock

    of_all = tmp_path_factory.getbasetemp().parent
    with hold_lock(of_all / "home.lock"):
        built = of_all / "home"
        if not built.exists():
            unfinished = of_all / "home-unfinished"
            _build_demo(unfinished)
            _make_fonts(unfinished)
            unfinished.rename(built)
    return Path(shutil.copytree(built, folder))


def _build_demo(folder: Path) -> None:
    from sources.region import build_demo

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECOVERY_REACH_HOME", str(folder))
        build_demo()


def _make_fonts(folder: Path) -> None:
    """Make the fonts that every server would make for its own data folder when it starts."""
    from screens.shared import small_fonts

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECOVERY_REACH_HOME", str(folder))
        small_fonts.ready()


@pytest.fixture
def demo_region(home: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the name of the demo region, which this test then finds in the data folder."""
    monkeypatch.setenv("RECOVERY_REACH_HOME", str(home))
    return "demo"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of `docs/` as a site, built once a run as `make site` does; a broken link ends it."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return _build_site(tmp_path_factory.mktemp("site"))
    from sources.formats.store import hold_lock

    of_all = tmp_path_factory.getbasetemp().parent
    with hold_lock(of_all / "site.lock"):
        built = of_all / "site"
        if not built.exists():
            _build_site(of_all / "site-unfinished").rename(built)
    return built


def _build_site(folder: Path) -> Path:
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)],
        cwd=Path(__file__).parents[1], env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder
