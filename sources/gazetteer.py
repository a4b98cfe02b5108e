"""The region's own geocoder: addresses, crossings, named places and ZIP codes, found offline and in private."""

import re
from collections.abc import Iterator
from itertools import chain, islice

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from geo.crs import to_degrees
from geo.errors import InputError
from geo.streets import Streets
from geo.tables import GAZETTEER, conform
from sources.gazetteer_index import Index, index_of, preselect, rows_with
from sources.wording import LONG, normalise

_PAIR = re.compile(r"\s*([+-]?\d+(?:\.\d+)?)\s*[,\s]\s*([+-]?\d+(?:\.\d+)?)\s*")
_BETWEEN = re.compile(r"\s*(?:&|@|\+|\band\b|\bat\b|\bcorner of\b)\s*", re.IGNORECASE)
_PRESELECTED = 80
_BLOCK_NUMBERS = 100
_UNSAID = {"st": 0.05} | dict.fromkeys(("n", "s", "e", "w", "ne", "nw", "se", "sw"), 0.1)
_CERTAIN = 95
_PIECE = 50_000
_KINDS = ("crossing", "address", "place", "zip")


def build_gazetteer(features: pd.DataFrame, streets: Streets, resources: pd.DataFrame) -> pd.DataFrame:
    """Return the GAZETTEER of a region.

    Addresses and named places come from the map's features and from the resources (confidential and approximate
    ones apart), crossings and street names from the streets, a ZIP code's point is the median of its addresses.
    """
    rows = chain(_feature_rows(features), _resource_rows(resources), _crossings(streets), _street_names(streets))
    # a piece at a time: as a table, places take a fifth of what they take as rows
    table = pd.concat([_table([]), *map(_table, iter(lambda: list(islice(rows, _PIECE)), []))], ignore_index=True)
    table = table[table["search"] != ""].round({"lon": 6, "lat": 6})
    table = table.sort_values(["kind", "search", "text", "lon", "lat"], kind="stable")
    return conform(table.drop_duplicates(["kind", "search", "lon", "lat"]), GAZETTEER)


def find(gazetteer: pd.DataFrame, text: str, limit: int = 5) -> pd.DataFrame:
    """Return the places that a text may mean, best first: GAZETTEER columns and `score` (0–100; 100 = every word).

    `lat,lon` is taken as it is. Words may be misspelt, short or in another order. A house number that isn't known
    is placed between its neighbours, and the text then begins with "about".

    Raises
    ------
    InputError
        The text is empty, or numbers that are no place on Earth.
    """
    pair = _PAIR.fullmatch(text)
    if pair:
        return _coordinates(text, float(pair[1]), float(pair[2]))
    streets = [normalise(part) for part in _BETWEEN.split(text) if normalise(part)]
    query = " ".join(streets)
    if not query:
        raise InputError("Give an address, a crossing like 5th & Main, the name of a place, or lat,lon.")
    number = re.match(r"(\d+[a-z]?)\s+\S", query)
    is_crossing = len(streets) == 2 and len(_BETWEEN.split(text.strip())) == 2
    index = index_of(gazetteer)
    rows = preselect(index, query.split(), _allowed(index, number[1] if number else None, is_crossing), _PRESELECTED)
    searched = gazetteer["search"].to_numpy(dtype=object)
    scores = [_score(query, searched[row], number[1] if number else None) for row in rows]
    found = gazetteer.iloc[rows].assign(score=np.array(scores, dtype="float64"))
    found["_kind"] = found["kind"].map({name: rank for rank, name in enumerate(_KINDS)})
    found["_length"] = found["search"].str.len()
    found = found.sort_values(["score", "_kind", "_length", "search"], ascending=[False, True, True, True])
    found = found.drop_duplicates(["kind", "search"]).drop(columns=["_kind", "_length"])
    if number and not (found["score"] >= 85).any():
        found = pd.concat([_between_neighbours(gazetteer, index, number[1], query.split(" ", 1)[1]), found])
    return found.head(limit).reset_index(drop=True)


def locate_address(gazetteer: pd.DataFrame, street: str, town: str, postal_code: str) -> tuple[float, float] | None:
    """Return the (lon, lat) of an address where the region leaves no doubt about it, else None.

    Its ZIP code must be one of the region's, and the house must lie within 10 km of that code's middle. Of addresses
    that name no town, one alone, or several within 500 m, is no doubt.
    """
    middle = gazetteer[(gazetteer["kind"] == "zip") & (gazetteer["search"] == postal_code)]
    if middle.empty or not normalise(street) or not re.match(r"\d", street.strip()):
        return None
    found = find(gazetteer, f"{street}, {town}", limit=1)
    found = found[(found["kind"] == "address") & (found["score"] >= _CERTAIN)]
    if found.empty:
        found = gazetteer[(gazetteer["kind"] == "address") & (gazetteer["search"] == normalise(street))]
    if found.empty or _apart_km(found, found) > 0.5 or _apart_km(found, middle) > 10:
        return None
    return float(found["lon"].iloc[0]), float(found["lat"].iloc[0])


def _apart_km(places: pd.DataFrame, others: pd.DataFrame) -> float:
    """Return the longest distance between one of the places and one of the others, on a flat map."""
    wide = np.cos(np.radians(places["lat"].iloc[0]))
    east = np.subtract.outer(places["lon"].to_numpy(), others["lon"].to_numpy()) * wide
    north = np.subtract.outer(places["lat"].to_numpy(), others["lat"].to_numpy())
    return float(np.hypot(east, north).max() * 111.195)


def _allowed(index: Index, number: str | None, is_crossing: bool) -> NDArray[np.bool_]:
    """Return the rows that a query may mean: crossings; addresses of its number, and places; or all but crossings."""
    if is_crossing:
        return np.asarray(index.kind == "crossing")
    if number is None:
        return np.asarray(index.kind != "crossing")
    numbered = np.zeros(index.size, bool)
    numbered[rows_with(index, number)] = True
    return np.asarray((index.kind == "place") | (numbered & (index.kind == "address")))


def _between_neighbours(gazetteer: pd.DataFrame, index: Index, number: str, street: str) -> pd.DataFrame:
    """Return where an unknown house number should be: on the line between its known neighbours in the street.

    Nothing, where the street has no number known within a block (100) of it.
    """
    wanted = int(re.sub(r"\D", "", number)[:9])
    near = np.flatnonzero((index.number >= 0) & (np.abs(index.number - wanted) <= _BLOCK_NUMBERS))
    names = {index.streets[code]: code for code in np.unique(index.street[near]).tolist()}
    found = process.extract(street, list(names), scorer=fuzz.token_set_ratio, limit=20)
    scores = {name: _score(street, name, None) for name, _, _ in found}
    best = max(scores, key=lambda name: (scores[name], name), default="")
    if scores.get(best, 0) < 85:
        return conform(pd.DataFrame(), GAZETTEER).assign(score=pd.Series(dtype="float64"))
    rows = near[index.street[near] == names[best]]
    numbers, first = np.unique(index.number[rows], return_index=True)
    known = gazetteer.iloc[rows[first]]
    lon, lat = (float(np.interp(wanted, numbers, known[axis].to_numpy())) for axis in ("lon", "lat"))
    text = f"about {number} {known['text'].iloc[0].split(' ', 1)[1]}"
    place = {"text": text, "search": f"{number} {best}", "kind": "address", "lon": lon, "lat": lat}
    return conform(pd.DataFrame([place]), GAZETTEER).assign(score=round(0.95 * scores[best], 2))


def _score(query: str, candidate: str, number: str | None) -> float:
    """Return how well each word of the query is found among the candidate's (longer words count more)."""
    words, theirs = query.split(), candidate.split()
    total = found = 0.0
    for word in words:
        weight = min(len(word), 8)
        if word == number or re.fullmatch(r"\d+(st|nd|rd|th)?", word):
            likeness = 100.0 if word in theirs else 0.0
        else:
            likeness = max(max(fuzz.ratio(word, other), fuzz.ratio(word, LONG.get(other, ""))) for other in theirs)
        found += weight * likeness
        total += weight
    # of two that hold every word, the one with less besides is meant; "5th & Main" leaves "Street" and "East" unsaid
    besides = sum(_UNSAID.get(word, 0.3) for word in theirs if word not in words)
    return round(max(found / total - besides, 0.0), 2)


def _coordinates(text: str, lat: float, lon: float) -> pd.DataFrame:
    if not (abs(lat) <= 90 and abs(lon) <= 180):
        raise InputError(f"{text!r} is not a place on Earth; give latitude first, like 39.0837,-84.5086.")
    row = {"text": text.strip(), "search": text.strip(), "kind": "place", "lon": lon, "lat": lat}
    return conform(pd.DataFrame([row]), GAZETTEER).assign(score=100.0)


Row = tuple[str, str, float, float]


def _table(rows: list[Row]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["text", "kind", "lon", "lat"])
    table = table.assign(search=[normalise(text) for text in table["text"]])
    return table.astype(dict.fromkeys(("text", "kind", "search"), "string") | dict.fromkeys(("lon", "lat"), "float64"))


def _feature_rows(features: pd.DataFrame) -> Iterator[Row]:
    zips: dict[str, list[tuple[float, float]]] = {}
    known: set[str] = set()
    columns = ["kind", "name", *(f"addr:{part}" for part in ("housenumber", "street", "city", "postcode"))]
    columns += ["postal_code", "lon", "lat"]
    pieces = (features[columns].iloc[start : start + _PIECE] for start in range(0, len(features), _PIECE))
    tables = (piece.astype(object).where(piece.notna(), None) for piece in pieces)
    every = chain.from_iterable(table.itertuples(index=False) for table in tables)
    for kind, name, number, street, city, postcode, boundary, lon, lat in every:
        if number and street:
            text = ", ".join(part for part in (f"{number} {street}", city, postcode) if part)
            yield text, "address", lon, lat
            if postcode:
                zips.setdefault(str(postcode)[:5], []).append((lon, lat))
        if boundary and kind == "boundary":
            known.add(str(boundary))
            yield str(boundary), "zip", lon, lat
        if name and kind != "rail":
            yield str(name), "place", lon, lat
    yield from (_middle(code, points) for code, points in zips.items() if code not in known)


def _resource_rows(resources: pd.DataFrame) -> list[Row]:
    exact = resources[resources["location_precision"].isin(["rooftop", "street"]) & resources["lon"].notna()]
    rows: list[Row] = []
    zips: dict[str, list[tuple[float, float]]] = {}
    for row in exact.itertuples():
        if row.category != "meeting":
            rows.append((str(row.name), "place", row.lon, row.lat))
        if isinstance(row.address, str):
            if re.match(r"\d", row.address):
                rows.append((row.address, "address", row.lon, row.lat))
            if code := re.search(r"\b(\d{5})(?:-\d{4})?(?:, USA)?$", row.address):
                zips.setdefault(code[1], []).append((row.lon, row.lat))
    rows += [_middle(code, points) for code, points in zips.items()]
    return rows


def _middle(code: str, points: list[tuple[float, float]]) -> Row:
    lon, lat = np.median(np.array(points), axis=0)
    return code, "zip", float(lon), float(lat)


def _crossings(streets: Streets) -> Iterator[Row]:
    """Yield a row for each junction and pair of street names that meet there; of junctions within a block, one."""
    named = np.flatnonzero(streets.link_name >= 0)
    node = np.concatenate([streets.link_from[named], streets.link_to[named]]).astype(np.int64)
    name = np.concatenate([streets.link_name[named], streets.link_name[named]]).astype(np.int64)
    both = pd.DataFrame({"node": node, "name": name}).drop_duplicates()
    pairs = both.merge(both, on="node")
    pairs = pairs[pairs["name_x"] < pairs["name_y"]]
    x, y = streets.node_x[pairs["node"]], streets.node_y[pairs["node"]]
    pairs = pairs.assign(x=x, y=y, block_x=np.round(x / 200), block_y=np.round(y / 200))
    pairs = pairs.sort_values(["name_x", "name_y", "x", "y"], kind="stable")
    pairs = pairs.drop_duplicates(["name_x", "name_y", "block_x", "block_y"])
    lon, lat = to_degrees(pairs["x"].to_numpy(), pairs["y"].to_numpy(), streets.crs)
    names = streets.names.astype(object)
    first, second = names[pairs["name_x"]], names[pairs["name_y"]]
    for a, b, u, v in zip(first, second, lon, lat, strict=True):
        yield f"{a} & {b}", "crossing", float(u), float(v)


def _street_names(streets: Streets) -> Iterator[Row]:
    """Yield a row for each street's name, at the junction nearest to the middle of its junctions."""
    named = np.flatnonzero(streets.link_name >= 0)
    table = pd.DataFrame({"name": streets.link_name[named], "node": streets.link_from[named]}).drop_duplicates()
    table["x"], table["y"] = streets.node_x[table["node"]], streets.node_y[table["node"]]
    middle = table.groupby("name")[["x", "y"]].transform("median")
    table["off"] = np.hypot(table["x"] - middle["x"], table["y"] - middle["y"])
    table = table.sort_values(["name", "off", "x", "y"], kind="stable").drop_duplicates("name")
    lon, lat = to_degrees(table["x"].to_numpy(), table["y"].to_numpy(), streets.crs)
    for name, u, v in zip(streets.names[table["name"]], lon, lat, strict=True):
        yield str(name), "place", float(u), float(v)
