"""Chosen sites as files to take along: points, the areas of what is nearly as good, and how they were found."""

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from geo.errors import InputError
from geo.needs.needs import Needs
from geo.points import WGS84, as_points
from geo.siting.candidates import area_of
from geo.siting.sites import Answer
from layers import surface_files
from layers.export import About, areas_text, check_folder, table_text, write_whole

if TYPE_CHECKING:
    from sources.region.model import RegionFacts

ENDINGS = (".geojson", ".json", ".gpkg", ".parquet", ".csv")

_ASKED = (
    "sites_asked", "window", "capacity", "cost", "budget", "seconds", "existing", "candidates", "people",
    "people_before", "people_left_out", "counted_in", "share_in_small_areas",
)  # fmt: skip


def check_sites_path(out: Path) -> None:
    """Refuse a path that no sites can be written to, before the work that would fill it.

    Raises
    ------
    InputError
        Another ending than one of `ENDINGS`, or a folder that isn't there.
    """
    if out.suffix not in ENDINGS:
        raise InputError(f"{out} must end in {', '.join(ENDINGS)}.")
    check_folder(out)


def write_sites(answer: Answer, out: Path, crs: str, about: About) -> None:
    """Write the sites, and the areas of candidates nearly as good, as the file's ending says: see `site_file`."""
    check_sites_path(out)
    write_whole(out, site_file(answer, out.suffix, crs, about))


def site_file(answer: Answer, ending: str, crs: str, about: About) -> bytes:
    """Return the sites, and the areas of candidates nearly as good, as a file of one of `ENDINGS`.

    Every file tells how sure the choice is and what it was asked with (`method_facts`). A CSV has the sites alone, with
    that beside each. A GeoPackage has the layers `sites` and `near_ties`, and `curve`, `set_aside` and `about`; other
    files have one table of both, told apart by `kind`.

    Parameters
    ----------
    crs
        Local meters.
    about
        What the answer itself doesn't know, as `question_facts`.
    """
    about = (*about, *method_facts(answer))
    facts = dict(about)
    sites = as_points(answer.sites())
    areas = gpd.GeoDataFrame(
        sites[["rank", "id"]].assign(as_good=[len(rows) for rows in answer.ties]),
        geometry=[area_of(answer.candidates, rows, crs) for rows in answer.ties],
        crs=WGS84,
    )
    if ending == ".csv":
        return table_text(pd.DataFrame(sites.drop(columns="geometry")).assign(**facts)).encode("utf-8")
    if ending == ".gpkg":
        tables = {"near_ties": areas, "curve": curve_table(answer), "set_aside": answer.set_aside}
        return surface_files.geopackage(sites, tables, about, layer="sites")
    both = pd.concat([sites.assign(kind="site"), areas.assign(kind="near_ties")], ignore_index=True)
    whole = gpd.GeoDataFrame(both, crs=WGS84).assign(**facts)
    return surface_files.geoparquet(whole, about) if ending == ".parquet" else areas_text(whole).encode("utf-8")


def question_facts(
    answer: Answer,
    facts: "RegionFacts",
    needs: Needs,
    date: datetime.date,
    parameters_hash: str,
    objective: str,
    candidates: str,
    excluded: str = "",
) -> dict[str, str]:
    """Return what was asked of which region, for whom and when, as names and texts.

    Parameters
    ----------
    objective, candidates
        As the command has them: `within:30`; `addresses`, a category of places, or a file.
    excluded
        The name of the file of areas where no site may be.
    """
    return {
        "region": facts.title,
        "class": answer.rule.name,
        "objective": objective,
        "weight": answer.question.weight,
        "profile": needs.profile,
        "date": date.isoformat(),
        "candidates_from": candidates,
        "excluded_areas": excluded,
        "stay_away": f"{len(needs.stay_away)} areas, {needs.stay_away_trips}" if needs.stay_away else "",
        "region_hash": facts.region_hash,
        "parameters_hash": parameters_hash,
    }


def method_facts(answer: Answer) -> About:
    """Return what was asked with which limits, who was counted, and how sure the best choice is, as names and texts."""
    told = answer.as_dict()
    asked = {name: told[name] for name in _ASKED}
    aside = "; ".join(f"{count} {reason}" for reason, count in told["set_aside"].items())
    last = told["curve"][-1]
    found = {name: value for name, value in last.items() if name not in ("places", "sites")}
    yours = {}
    if (own := told["own"]) is not None:
        ids = "; ".join(str(one["id"]) for one in own["places"])
        yours = {"own": ids, "own_share_of_best": own["share_of_best"], "own_beyond": own["beyond"]}
    facts = asked | {"set_aside": aside, "sites_chosen": last["sites"]} | found | yours
    return [(name, "" if value is None else str(value)) for name, value in facts.items()]


def curve_table(answer: Answer) -> pd.DataFrame:
    """Return a row for each number of sites: `sites`, what they come to, `exact`, `gap`, and `ids` joined by `;`."""
    rows = answer.as_dict()["curve"]
    return pd.DataFrame([{**row, "ids": "; ".join(str(one["id"]) for one in row["places"])} for row in rows]).drop(
        columns="places"
    )
