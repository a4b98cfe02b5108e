"""Compiled loops on the disk: whole ones are taken, damaged ones never run but compiled again, stale ones neither."""

import importlib.util
import logging
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from numba.core import config

ROOT = Path(__file__).parents[2]
LOOP = """
from geo.compiled import compiled
{imports}

@compiled
def total(most):
    sum = {start}
    for number in range(most):
        sum += {step}
    return sum
"""

Load = Callable[[str], ModuleType]

pytestmark = pytest.mark.skipif(bool(config.DISABLE_JIT), reason="nothing is compiled")


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """Return what imports a file of this test anew, as another process would."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # two files of one second and size would be one to Python

    def loaded(name: str) -> ModuleType:
        spec = importlib.util.spec_from_file_location(name, tmp_path / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, name, module)
        spec.loader.exec_module(module)
        return module

    return loaded


@pytest.fixture
def kept(tmp_path: Path, load: Load) -> list[Path]:
    """Return the files that a loop left on the disk, once called with a whole number."""
    write(tmp_path, "loops")
    assert load("loops").total(10) == 45
    return sorted((tmp_path / "__pycache__").glob("loops*.nb*"))


def write(folder: Path, name: str, step: str = "number", imports: str = "", start: str = "0") -> None:
    (folder / f"{name}.py").write_text(LOOP.format(step=step, imports=imports, start=start), "utf-8")


def from_disk(module: ModuleType) -> bool:
    return bool(sum(module.total.stats.cache_hits.values()))


def test_a_loop_is_taken_from_the_disk(load: Load, kept: list[Path], caplog: pytest.LogCaptureFixture) -> None:
    assert [path.suffix for path in kept] == [".nbc", ".nbi"]
    again = load("loops")
    assert again.total(10) == 45
    assert from_disk(again)
    assert caplog.text == ""


@pytest.mark.parametrize("suffix", [".nbc", ".nbi"])
def test_a_flipped_byte_anywhere_is_found_and_the_loop_compiled_again(
    load: Load, kept: list[Path], suffix: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = next(path for path in kept if path.suffix == suffix)
    size = path.stat().st_size
    for at in (0, 1, size // 7, size // 3, size // 2, 3 * size // 4, size - 17, size - 1):
        content = bytearray(path.read_bytes())
        content[at % len(content)] ^= 0x20
        path.write_bytes(content)
        caplog.clear()
        mended = load("loops")
        assert mended.total(10) == 45
        assert not from_disk(mended)
        assert f"not as it was written ({path})" in caplog.text
        again = load("loops")
        assert (again.total(10), from_disk(again)) == (45, True)


@pytest.mark.parametrize("content", [b"", b"\x80", b"\0" * 100_000])
def test_a_file_that_was_cut_off_or_written_over_is_compiled_again(
    load: Load, kept: list[Path], content: bytes
) -> None:
    for path in kept:
        path.write_bytes(content)
        mended = load("loops")
        assert (mended.total(10), from_disk(mended)) == (45, False)
    kept[0].unlink()
    assert load("loops").total(10) == 45


def test_a_whole_file_of_another_call_is_not_run(load: Load, kept: list[Path]) -> None:
    """As two processes leave it that compiled at once, and took one name for two calls."""
    of_numbers = kept[0]
    assert load("loops").total(np.uint8(10)) == 45
    (of_bytes,) = set(of_numbers.parent.glob("loops*.nbc")) - {of_numbers}
    shutil.copy(of_bytes, of_numbers)
    mended = load("loops")
    assert (mended.total(10), from_disk(mended)) == (45, False)


def test_a_loop_is_compiled_again_when_one_that_is_in_it_changes(load: Load, tmp_path: Path) -> None:
    write(tmp_path, "outer", step="total_inside(2)", imports="from inner import total as total_inside")
    for step, start, result in (("number", "0", 1), ("1", "0", 2), ("1", "5", 7)):
        write(tmp_path, "inner", step=step, start=start)
        assert load("inner").total(2) == result
        assert load("outer").total(5) == 5 * result


def test_a_loop_is_compiled_again_when_a_number_of_another_file_changes(load: Load, tmp_path: Path) -> None:
    write(tmp_path, "uses", step="STEP", imports="from elsewhere import STEP")
    for step in (3, 4):
        (tmp_path / "elsewhere.py").write_text(f"STEP = {step}\n", "utf-8")
        load("elsewhere")
        assert load("uses").total(10) == 10 * step


def test_a_full_disk_keeps_nothing_and_stops_nothing(
    load: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    write(tmp_path, "loops")
    module = load("loops")
    monkeypatch.setattr("os.replace", full)
    with caplog.at_level(logging.WARNING):
        assert module.total(10) == 45
    assert "can't be kept" in caplog.text


def test_every_loop_is_kept_so() -> None:
    for path in (ROOT / "geo").rglob("*.py"):
        if path.name != "compiled.py":
            assert "njit" not in path.read_text("utf-8"), path
