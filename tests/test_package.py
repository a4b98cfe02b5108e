"""What a release holds: all that the software reads besides its code, and it runs from nothing else."""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from hatchling import build

from tests.test_architecture import ROOMS, ROOT, tracked_files

TRACKED = [path.relative_to(ROOT) for path in tracked_files()]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the wheel and the source archive that a checkout of this state makes."""
    folder = tmp_path_factory.mktemp("release")
    source = folder / "checkout"
    for path in TRACKED:
        if path.parts[0] not in ("docs", "tests"):
            (source / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, source / path)
    here = Path.cwd()
    os.chdir(source)  # where a build backend is called from (PEP 517)
    try:
        return {"wheel": folder / build.build_wheel(str(folder)), "sdist": folder / build.build_sdist(str(folder))}
    finally:
        os.chdir(here)


def test_the_wheel_holds_all_that_is_run_and_read(built: dict[str, Path]) -> None:
    with zipfile.ZipFile(built["wheel"]) as wheel:
        names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    of_rooms = {path.as_posix() for path in TRACKED if path.parts[0] in ROOMS}
    of_data = {f"sources/_data/{path.relative_to('data').as_posix()}" for path in TRACKED if path.parts[0] == "data"}
    assert names >= of_rooms | of_data | {"app.py", "cli.py"}
    assert {name.split("/")[0] for name in names} <= {*ROOMS, "app.py", "cli.py"}


def test_the_source_archive_holds_what_makes_it_again(built: dict[str, Path]) -> None:
    with tarfile.open(built["sdist"]) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    assert names >= {
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "requirements.lock",
        "cli.py",
        "data/scoring/default.toml",
    }


def test_the_wheel_runs_where_there_is_no_checkout(built: dict[str, Path], tmp_path: Path) -> None:
    target = tmp_path / "installed"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--target", target, built["wheel"]], check=True)
    run = "import cli, sources, sys; assert 'installed' in cli.__file__ + sources.__file__; cli.main()"
    environment = {**os.environ, "PYTHONPATH": str(target), "RECOVERY_REACH_HOME": str(tmp_path / "home")}
    command = [sys.executable, "-c", run, "doctor", "--json"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr + done.stdout
    assert {one["state"] for one in json.loads(done.stdout)} <= {"well", "note"}
