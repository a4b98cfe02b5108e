"""Surfaces in blocks: the same table as in one go, gone on with after a stop, and nothing of another question taken."""

import datetime
import shutil
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest

from geo.errors import RegionError
from geo.needs.needs import Needs
from geo.score import surface
from sources.region import surface_store
from sources.region.folders import data_folder
from sources.region.surface_store import cells_of, kept_surface, make_surfaces
from tests import small_town

DATE = datetime.date(2026, 11, 25)


@pytest.fixture
def town(tmp_path: Path, own_home: Path) -> "surface_store.Region":
    small_town.write_ground(tmp_path)
    houses = small_town.write_list(tmp_path)
    return small_town.build_town(tmp_path, houses, gtfs=small_town.write_bus(tmp_path / "bus.zip"))


def test_a_surface_that_was_cut_off_is_gone_on_with(
    town: "surface_store.Region", monkeypatch: pytest.MonkeyPatch
) -> None:
    support, used = town.support, town.support.parameters.hash
    expected = surface.score_cells(support, cells_of(town), Needs(), DATE)
    scored: list[str] = []
    score_cells = surface.score_cells

    def counted(support: object, cells: pd.DataFrame, *rest: object) -> pd.DataFrame:
        if len(scored) == 2 and "again" not in scored:
            raise KeyboardInterrupt
        scored.extend(cells["id"])
        return score_cells(support, cells, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(surface, "score_cells", counted)
    with pytest.raises(KeyboardInterrupt):
        make_surfaces(town, support, Needs(), DATE, ["no-car"], at_once=1)
    assert kept_surface(town, Needs(), DATE, used) is None
    folder = data_folder() / "surfaces" / "quay"
    (begun,) = folder.glob(".blocks-*")
    block = begun / "00001" / "block.parquet"
    block.write_bytes(block.read_bytes()[:-1])  # damaged: scored again
    scored.append("again")
    shares: list[float] = []
    tomorrow = datetime.date(2027, 3, 1)  # what was begun is gone on with as of the day of its beginning
    make_surfaces(town, support, Needs(), DATE, ["no-car"], shares.append, tomorrow, at_once=1)
    ids = cells_of(town)["id"].tolist()
    assert scored == [*ids[:2], "again", *ids[1:]]
    assert shares[0] == pytest.approx(1 / 3)
    kept = kept_surface(town, Needs(), DATE, used)
    assert kept is not None
    pd.testing.assert_frame_equal(kept[0], expected, check_dtype=False, check_exact=True)
    assert not list(folder.glob(".blocks-*"))


def test_blocks_of_another_question_are_removed(town: "surface_store.Region", monkeypatch: pytest.MonkeyPatch) -> None:
    keep = surface_store.keep_blocks
    monkeypatch.setattr(surface_store, "keep_blocks", lambda *_: None)
    make_surfaces(town, town.support, Needs(), DATE, ["no-car"], at_once=2)
    folder = data_folder() / "surfaces" / "quay"
    first = list(folder.glob(".blocks-*"))
    make_surfaces(town, town.support, Needs(), DATE, ["car"], at_once=2)
    second = list(folder.glob(".blocks-*"))
    assert len(first) == len(second) == 1
    assert first != second
    monkeypatch.setattr(surface_store, "keep_blocks", keep)
    make_surfaces(town, town.support, Needs(), DATE, ["no-car"])
    assert not list(folder.glob(".blocks-*"))


def test_who_makes_surfaces_of_a_region_at_once_takes_turns_and_makes_none_twice(
    town: "surface_store.Region", monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, scored, score_cells = threading.Event(), Counter[str](), surface.score_cells

    def slowly(support: object, cells: pd.DataFrame, needs: Needs, *rest: object) -> pd.DataFrame:
        begun.set()
        time.sleep(0.1)
        scored[needs.profile] += len(cells)
        return score_cells(support, cells, needs, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(surface, "score_cells", slowly)
    support, used, areas = town.support, town.support.parameters.hash, len(cells_of(town))
    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(make_surfaces, town, support, Needs(), DATE, ["no-car"], at_once=1)
        assert begun.wait(60)
        again = pool.submit(make_surfaces, town, support, Needs(), DATE, ["no-car"], at_once=1)
        other = pool.submit(make_surfaces, town, support, Needs(), DATE, ["car"], at_once=2)
        for one in (first, again, other):
            one.result()
    assert scored == {"no-car": areas, "car": areas}
    assert all(kept_surface(town, Needs(profile=profile), DATE, used) for profile in scored)


def test_blocks_that_another_process_removed_are_one_sentence(
    town: "surface_store.Region", monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = surface_store.keep_blocks

    def beside_another(region: object, blocks: surface_store.Blocks, *rest: object) -> None:
        shutil.rmtree(blocks.folder)
        keep(region, blocks, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(surface_store, "keep_blocks", beside_another)
    with pytest.raises(RegionError, match=r"Another process made surfaces of quay meanwhile.*run this again"):
        make_surfaces(town, town.support, Needs(), DATE, ["no-car"])


def test_a_region_has_areas_of_its_own(town: "surface_store.Region") -> None:
    ids = cells_of(town)["id"].tolist()
    own = cells_of(town, [ids[0]])
    assert own["id"].tolist() == ids[:1]
    with pytest.raises(surface_store.InputError, match="no populated areas whose ids begin with 21117 or 21015"):
        cells_of(town, ["21117", "21015"])
