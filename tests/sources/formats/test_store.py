"""Documents and folders on disk: there whole or not at all, and nothing left of who was killed."""

import subprocess
import sys
from pathlib import Path

import pytest

from geo.errors import RegionError
from sources.formats import store
from sources.formats.store import clear_leftovers, put_document, read_document, scratch, try_lock


def test_a_document_is_there_whole_or_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "notes" / "one.json"
    put_document(path, {"a": 1})
    assert read_document(path) == {"a": 1}

    def cut_off(target: Path, document: object) -> None:
        target.write_text("{")
        raise KeyboardInterrupt

    monkeypatch.setattr(store, "write_document", cut_off)
    with pytest.raises(KeyboardInterrupt):
        put_document(path, {"a": 2})
    assert read_document(path) == {"a": 1}
    assert len(list(path.parent.glob(".writing-*"))) == 1
    clear_leftovers(path.parent)
    assert sorted(one.name for one in path.parent.iterdir()) == [".swap.lock", "one.json"]


def test_what_a_killed_process_left_is_cleared_and_what_another_works_on_is_not(tmp_path: Path) -> None:
    code = "import os, sys; from pathlib import Path; from sources.formats.store import replacing, scratch\n"
    code += "with scratch(Path(sys.argv[1])) as one, replacing(Path(sys.argv[1]) / 'region') as two:\n"
    code += "    (one / 'a').touch(); (two / 'b').touch(); os._exit(9)"
    root = Path(__file__).parents[3]
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=root, check=False).returncode == 9
    assert len(list(tmp_path.glob(".building-*"))) == 4
    (tmp_path / ".building-gone-xyz.lock").touch()  # its folder was removed, and then the process killed
    with scratch(tmp_path) as mine:
        clear_leftovers(tmp_path)
        assert mine.is_dir()
        assert len(list(tmp_path.glob(".building-*"))) == 2
    assert not list(tmp_path.glob(".building-*"))


def test_a_lock_that_another_holds_is_told_at_once(tmp_path: Path) -> None:
    with try_lock(tmp_path / "lock") as mine, try_lock(tmp_path / "lock") as theirs:
        assert (mine, theirs) == (True, False)
    with pytest.raises(RegionError, match="can't be written"), try_lock(tmp_path / "lock" / "in no folder"):
        pass
