"""What a unit may be: plain values, of the same versions and data folder, and nothing about people."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sources.many_regions import units
from sources.many_regions.units import mark_run, run_unit

ROOT = Path(__file__).parents[3]
SCORE = {"kind": "score", "name": "quay", "region_hash": "", "own": [], "folder": "surfaces/quay/.blocks-x", "areas": 1}
SCORE |= {"at_once": 1, "number": 0, "date": "2026-11-25", "today": "2026-11-25", "profiles": ["no-car"]}


@pytest.mark.parametrize(
    "profiles", [["no-car", "Maria Lopez"], [{"profile": "no-car", "medications": ["methadone"]}], ["no-car,car"]]
)
def test_a_unit_scores_published_profiles_alone(own_home: Path, profiles: list[Any]) -> None:
    told = run_unit(SCORE | mark_run("a") | {"profiles": profiles})["refused"]
    assert "A cluster scores published profiles" in told


def test_other_versions_are_refused_by_name(own_home: Path) -> None:
    task = SCORE | mark_run("a")
    task["versions"] = {**task["versions"], "numpy": "0.1", "polars": "9"}
    told = run_unit(task)["refused"]
    assert "has other versions than who asks: numpy" in told
    assert "(not 0.1), polars None (not 9); install the same on both" in told


def test_another_data_folder_is_refused(own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    task = SCORE | mark_run("a")
    assert "There is no region called 'quay'" in run_unit(task)["refused"]
    assert "doesn't see the data folder" in run_unit({**task, "token": "b"})["refused"]
    monkeypatch.setenv("RECOVERY_REACH_HOME", str(tmp_path / "another"))
    told = run_unit(task)["refused"]
    assert f"start the worker with RECOVERY_REACH_HOME={own_home}" in told


def test_a_unit_is_plain_values(own_home: Path) -> None:
    task = SCORE | mark_run("a")
    assert json.loads(json.dumps(task)) == task


def test_who_runs_units_never_loads_what_knows_people() -> None:
    code = (
        "import sys; from sources.many_regions import runs, units, local_engine, dask_engine; import distributed; "
        "import sources.region.manage, sources.region.build, sources.region.surface_store, geo.score.surface; "
        "print([name for name in sys.modules if name.split('.')[0] in ('people', 'screens', 'sqlcipher3', 'argon2')])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert "people" not in Path(units.__file__).read_text("utf-8").replace("what people read of it", "")
