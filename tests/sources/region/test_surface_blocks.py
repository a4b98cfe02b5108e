"""Surfaces in blocks: the same table as in one go, gone on with after a stop, and nothing of another question taken."""

import datetime
import os
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from geo.dates import local_date
from geo.errors import InputError, RegionError
from geo.needs.needs import Needs
from geo.score import surface
from sources.region import surface_store
from sources.region.folders import data_folder
from sources.region.model import Region
from sources.region.surface_blocks import Blocks, begin, forget_blocks, keep_block, missing
from sources.region.surface_store import cells_of, kept_surface, make_surfaces, surface_blocks
from tests import small_town

DATE = datetime.date(2026, 11, 25)


@pytest.fixture
def town(tmp_path: Path, own_home: Path) -> Region:
    small_town.write_ground(tmp_path)
    houses = small_town.write_list(tmp_path)
    return small_town.build_town(tmp_path, houses, gtfs=small_town.write_bus(tmp_path / "bus.zip"))


def test_a_surface_that_was_cut_off_is_gone_on_with(town: Region, monkeypatch: pytest.MonkeyPatch) -> None:
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
    begun_on = local_date(town.facts.time_zone)  # what was begun is gone on with as of the day of its beginning
    make_surfaces(
        town, support, Needs(), DATE, ["no-car"], shares.append, begun_on + datetime.timedelta(days=6), at_once=1
    )
    ids = cells_of(town)["id"].tolist()
    assert scored == [*ids[:2], "again", *ids[1:]]
    assert shares[0] == pytest.approx(1 / 3)
    kept = kept_surface(town, Needs(), DATE, used)
    assert kept is not None
    pd.testing.assert_frame_equal(kept[0], expected, check_dtype=False, check_exact=True)
    assert kept[1]["made_on"] == begun_on.isoformat()
    assert not list(folder.glob(".blocks-*"))


def test_what_was_begun_long_ago_is_begun_anew(town: Region) -> None:
    blocks = surface_blocks(town, cells_of(town), Needs(), DATE, ["no-car"], "parameters", at_once=1)
    day = datetime.date(2026, 11, 20)
    assert begin(blocks, day) == day
    keep_block(blocks, 0, pd.DataFrame({"profile": ["no-car"]}))
    assert begin(blocks, day + datetime.timedelta(days=7)) == day
    assert missing(blocks) == [1, 2]
    later = day + datetime.timedelta(days=8)
    assert begin(blocks, later) == later
    assert missing(blocks) == [0, 1, 2]


def test_blocks_of_another_question_stay_while_they_are_added_to(town: Region) -> None:
    def begun(profile: str) -> Path:
        blocks = surface_blocks(town, cells_of(town), Needs(), DATE, [profile], "parameters", at_once=2)
        begin(blocks, DATE)
        return blocks.folder

    first = begun("no-car")
    second = begun("car")
    assert first.is_dir()
    two_days_ago = time.time() - 2 * 24 * 3600
    os.utime(first, (two_days_ago, two_days_ago))
    begun("walk")
    assert not first.exists()
    assert second.is_dir()


def test_two_processes_make_the_same_surface(town: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    support, used = town.support, town.support.parameters.hash
    score_block, others = surface_store.score_block, [True]
    blocks = surface_blocks(town, cells_of(town), Needs(), DATE, ["no-car"], used, at_once=2)

    def overtaken(*args: Any, **named: Any) -> pd.DataFrame:
        if others.pop() if others else False:  # while this one scores, a run over many regions makes the whole surface
            for number in missing(blocks):
                rows = cells_of(town)[blocks.rows(number)]
                keep_block(blocks, number, score_block(support, rows, Needs(), DATE, ["no-car"]))
            assert surface_store.keep_blocks(town, blocks, Needs(), DATE, ["no-car"], used)
        return score_block(*args, **named)

    monkeypatch.setattr(surface_store, "score_block", overtaken)
    make_surfaces(town, support, Needs(), DATE, ["no-car"], at_once=2)
    kept = kept_surface(town, Needs(), DATE, used)
    assert kept is not None
    assert len(kept[0]) == len(cells_of(town))
    assert not list((data_folder() / "surfaces" / "quay").glob(".blocks-*"))


def test_blocks_that_are_removed_again_and_again_are_said(town: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_block = surface_store.keep_block

    def keep_and_lose(blocks: Blocks, number: int, table: pd.DataFrame) -> None:
        keep_block(blocks, number, table)
        forget_blocks(blocks)

    monkeypatch.setattr(surface_store, "keep_block", keep_and_lose)
    with pytest.raises(RegionError, match="were removed 3 times while it was being made"):
        make_surfaces(town, town.support, Needs(), DATE, ["no-car"], at_once=2)


def test_who_makes_surfaces_of_a_region_at_once_takes_turns_and_makes_none_twice(
    town: Region, monkeypatch: pytest.MonkeyPatch
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


def test_a_region_has_areas_of_its_own(town: Region) -> None:
    ids = cells_of(town)["id"].tolist()
    own = cells_of(town, [ids[0]])
    assert own["id"].tolist() == ids[:1]
    with pytest.raises(InputError, match="no populated areas whose ids begin with 21117 or 21015"):
        cells_of(town, ["21117", "21015"])
