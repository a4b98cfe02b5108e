"""OpenStreetMap features as resources, so that no region is empty; outlets of alcohol and the like apart."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.tables import EXPOSURE, conform
from sources.adapter.resource_rows import ResourceRow, read_rows
from sources.adapter.source import ParseContext, Source
from sources.cleaning import clean
from sources.cleaning.cells import cut_cells
from sources.cleaning.report import Notes, Parsed, SetAside
from sources.formats.embedded import embedded

_CLOSED = frozenset({"private", "no"})


def parse_features(features: pd.DataFrame, context: ParseContext) -> Parsed:
    """Return `resources` and `exposure` of the features whose tags the declared table knows.

    Rows in are the features that a rule of `data/mappings/osm.toml` fits; a place whose access is private, or that
    has no name where only named ones are told apart (parks, gardens), is set aside.

    Parameters
    ----------
    features
        As `sources.networks.osm_features.read_features` gives them.
    """
    source = context.source or SOURCE.name
    rules = _rules()
    kind = _matches(features, rules["resources"])
    outlet = _matches(features, rules["exposure"])
    fits = (kind != "") & (outlet == "")
    chosen = features[fits].assign(category=kind[fits])
    notes = Notes(source)
    every = features[outlet != ""].assign(category=outlet[outlet != ""])
    twice = _own_ids(every).duplicated().to_numpy(bool)
    for notes.row in _own_ids(every[twice]):
        notes.set_aside(SetAside("duplicate", f"The object {notes.row} was listed before."))
    resources = read_rows(source, _records(chosen), _read, context, notes, _own_id)
    outlets = every[~twice]
    names = [_outlet_name(own_id, name, notes) for own_id, name in zip(_own_ids(outlets), outlets["name"], strict=True)]
    exposure = pd.DataFrame(
        {
            "exposure_id": source + ":" + _own_ids(outlets),
            "source": source,
            "name": names,
            "category": outlets["category"],
            "lon": outlets["lon"],
            "lat": outlets["lat"],
        }
    )
    tables = resources.tables | {"exposure": conform(exposure, EXPOSURE)}
    return Parsed(tables, resources.set_aside, resources.rows_in + len(every), resources.extra)


def _outlet_name(own_id: str, name: Any, notes: Notes) -> str | None:
    notes.row = own_id
    cut: str | None = cut_cells({"name": clean.text(None if name is pd.NA else name)}, EXPOSURE, notes)["name"]
    return cut


def fitting(features: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Tell which features a rule of the declared table fits."""
    each_kind = [_matches(features, rules) != "" for rules in _rules().values()]
    fits: npt.NDArray[np.bool_] = np.any(each_kind, axis=0)
    return fits


def _read(row: dict[str, Any], notes: Notes) -> ResourceRow:
    name = clean.text(row.get("name"))
    if str(row.get("access") or "") in _CLOSED:
        raise SetAside("private", "It is marked as not open to the public.")
    if name is None:
        if row.get("leisure"):
            raise SetAside("no_name", "It is a park or ground without a name.")
        notes.repaired("no_name", "It has no name; it goes by its operator or kind.")
        name = clean.text(row.get("operator")) or str(row["category"]).replace("_", " ").capitalize()
    lon, lat = clean.point(row.get("lat"), row.get("lon"), None, notes)
    street = " ".join(str(row[key]) for key in ("addr:housenumber", "addr:street") if row.get(key))
    parts = [street, *(row.get(key) for key in ("addr:city", "addr:state", "addr:postcode"))]
    wheelchair = {"yes": True, "designated": True, "no": False}.get(str(row.get("wheelchair") or ""))
    values = {
        "resource_id": _own_id(row),
        "name": name,
        "category": row["category"],
        "lon": lon,
        "lat": lat,
        "location_precision": "rooftop",
        "address": clean.text(", ".join(part for part in parts if part)),
        "phone": clean.phone(row.get("phone") or row.get("contact:phone")),
        "url": clean.url(row.get("website") or row.get("contact:website")),
        "wheelchair": wheelchair,
        "opening_hours": clean.text(row.get("opening_hours")),
        "attendance": "in_person",
        "license": SOURCE.license,
    }
    return ResourceRow(values)


@cache
def _rules() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(embedded("mappings", "osm.toml").read_text(encoding="utf-8"))


def _matches(features: pd.DataFrame, rules: Sequence[Mapping[str, Any]]) -> pd.Series:
    """Return the category of the first rule that each feature fits, else empty text."""
    category = np.full(len(features), "", dtype=object)
    for rule in reversed(rules):  # the first rule is written last, over the others
        fits = np.ones(len(features), bool)
        for key, values in rule["tags"].items():
            tags = features[key] if key in features else pd.Series(pd.NA, index=features.index, dtype="string")
            first = tags.str.split(";").str[0].str.strip()
            fits &= first.isin(values).to_numpy(bool)
        category[fits] = rule["category"]
    return pd.Series(category, index=features.index)


def _records(features: pd.DataFrame) -> list[dict[str, Any]]:
    plain = pd.DataFrame(features.drop(columns="geometry", errors="ignore"))
    rows: list[dict[str, Any]] = plain.astype(object).where(plain.notna(), None).to_dict("records")
    return rows


def _own_id(row: dict[str, Any]) -> str:
    return f"{row['osm_type']}{row['osm_id']}"


def _own_ids(features: pd.DataFrame) -> pd.Series:
    return features["osm_type"].astype("string") + features["osm_id"].astype("string")


SOURCE = Source(
    name="osm",
    title="OpenStreetMap",
    publisher="OpenStreetMap contributors",
    license="Open Database License (ODbL) 1.0",
    attribution="© OpenStreetMap contributors",
    url="https://www.openstreetmap.org/copyright",
    freshness="As of the extract",
    precision="Buildings and outlines",
    kind="network",
    parse=None,
    trust=40,
    fresh_days=365,
)
