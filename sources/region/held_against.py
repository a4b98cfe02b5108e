"""A region held against an earlier build: what differs and what that did to whom, by surfaces that are kept."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import replace

import pandas as pd

from geo.needs.needs import Needs
from geo.scenarios.over_time import OverTime, Progress, Snapshot, change_over_time
from geo.scenarios.what_if import WhatIf
from geo.score.parameters import Parameters
from geo.score.surface import populated_cells
from sources.region.compare_builds import Compared, compare_builds
from sources.region.ended import seen_on
from sources.region.kept_builds import KeptBuild
from sources.region.model import Region
from sources.region.surface_store import keep_surface, kept_surface


def held_against(
    earlier: KeptBuild,
    later: Region,
    parameters: Parameters,
    needs: Needs,
    date: datetime.date | None,
    asked: WhatIf,
    areas: Callable[[pd.DataFrame], pd.Series],
    progress: Progress | None = None,
) -> tuple[Compared, OverTime]:
    """Return what differs between two builds and what it did to whom; surfaces that are made of them are kept.

    Parameters
    ----------
    date
        As `compare_builds.compare_builds`.
    areas
        Gives the area of each cell, see `geo.equity.areas.area_ids`.
    progress
        Called with the share of scoring done, 0–1.

    Raises
    ------
    InputError, DateError, NeedsError, RegionError
        The builds can't be compared, or what is asked for can't be used.
    """
    compared = compare_builds(earlier.region, later, parameters, date)
    snapshots = [_with_surface(one, earlier, later, needs, parameters.hash) for one in compared.snapshots]
    today = seen_on(later.facts)
    result = change_over_time(snapshots, compared.causes, parameters, needs, asked, areas, today, progress)
    _keep(result, snapshots, earlier, later, needs, parameters.hash)
    return compared, result


def _with_surface(
    snapshot: Snapshot, earlier: KeptBuild, later: Region, needs: Needs, parameters_hash: str
) -> Snapshot:
    """Return a whole build with the surface that is kept of it for just this, if it has one of every area."""
    region = _region_of(snapshot, earlier, later)
    if region is None:
        return snapshot
    kept = kept_surface(region, needs, snapshot.date, parameters_hash)
    is_whole = kept is not None and kept[0]["id"].tolist() == populated_cells(snapshot.zones)["id"].tolist()
    return replace(snapshot, surface=kept[0]) if kept is not None and is_whole else snapshot


def _keep(
    result: OverTime,
    snapshots: Sequence[Snapshot],
    earlier: KeptBuild,
    later: Region,
    needs: Needs,
    parameters_hash: str,
) -> None:
    """Keep the surfaces that were made of whole builds, so that the next question is answered at once."""
    for made, snapshot in zip(result.made, (snapshots[0], snapshots[-1]), strict=True):
        region = _region_of(snapshot, earlier, later)
        if made is not None and region is not None:
            keep_surface(region, made, needs, snapshot.date, parameters_hash)


def _region_of(snapshot: Snapshot, earlier: KeptBuild, later: Region) -> Region | None:
    """Return the region of which a snapshot is a whole build, if surfaces are kept of that."""
    whole = [later, *([earlier.region] if earlier.is_ours else [])]
    return next((one for one in whole if snapshot.region_hash == one.facts.region_hash), None)
