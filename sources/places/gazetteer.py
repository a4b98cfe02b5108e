"""The region's own geocoder: addresses, crossings, named places and ZIP codes, found offline and in private."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain, islice

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from geo.crs import to_degrees
from geo.errors import InputError
from geo.streets.build import Streets
from geo.tables import EXACT_PRECISIONS, GAZETTEER, RESOURCES, conform
from geo.units import KILOMETER, METERS_PER_DEGREE
from sources.adapter.source import Locate
from sources.cleaning.normalize import LONG, house_numbers, normalize, without_unit
from sources.places.gazetteer_index import KINDS, Index, index_of, preselect, rows_with

_PAIR = re.compile(r"([+-]?\d+(?:\.\d+)?)(?: ?, ?| )([+-]?\d+(?:\.\d+)?)")
_BETWEEN = re.compile(r"(?: ?(?:[&@+]|(?<!\d)/|/(?!\d)|\band\b|\bat\b))+ ?", re.IGNORECASE)
_CORNER = re.compile(r" ?(?:the )?(?:[ns]?[ew]? )?(?:(?:corner|intersection) of|esquina de) ", re.IGNORECASE)
_PRESELECTED = 80
_BLOCK_NUMBERS = 100
_UNSAID = {"st": 0.05} | dict.fromkeys(("n", "s", "e", "w", "ne", "nw", "se", "sw"), 0.1)
_CERTAIN = 95
SURE = 85
"""Score (0–100) from which on a text may mean a place; below, a place is only offered."""

LONGEST = 300
"""Letters of a text that is looked up: each of its words is held against all those of a region."""

_OFFER, _TURNED = 0.84, 0.2
"""What a score is multiplied by, so that it stays below SURE; and what another order takes off."""

_TIE, _SAME_KM, _LIKE = 2.0, 0.3, 50.0
_LETTERS = 1 / 3
"""A name is not meant where fewer of its letters were typed: a person who types "a" doesn't mean A Street."""

_TOWN_ADDRESSES, _TOWN_KM, _LIKELY = 5, 5.0, 10
_PIECE = 50_000


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
    is placed between its neighbors, and the text then begins with "about"; without such, its street is offered. Where
    all words together mean nothing, those before the first comma are looked up, and hold in the town or ZIP code that
    follows it. A name of which little was typed and an address without its number are only offered (score under SURE).
    An apartment, suite or floor is left out, and the text then ends with "(without Apt 4)"; of a range of house numbers
    the first that is known counts.

    Raises
    ------
    InputError
        The text is empty, longer than any address, or numbers that are no place on Earth.
    """
    text = " ".join(text.split())
    if len(text) > LONGEST:
        raise InputError(f"A place is named in at most {LONGEST} letters, not {len(text):,}.")
    pair = _PAIR.fullmatch(text)
    if pair:
        return _coordinates(text, float(pair[1]), float(pair[2]))
    address, unit = without_unit(text)
    readings = [_meant(gazetteer, one, limit) for one in house_numbers(address)]
    matches = max(readings, key=lambda one: one["score"].max() if len(one) else 0.0)
    if unit and not (matches["score"] >= SURE).any():
        return _meant(gazetteer, text, limit)
    return matches.assign(text=matches["text"] + f" (without {unit})") if unit else matches


def _meant(gazetteer: pd.DataFrame, text: str, limit: int) -> pd.DataFrame:
    """Return what a text may mean, taken as it is, best first; as `find`."""
    plain = _CORNER.sub("", text)
    matches = _matches(gazetteer, plain)
    street, _, rest = plain.partition(",")
    if not (matches["score"] >= SURE).any() and normalize(street) and normalize(rest):
        matches = pd.concat([_in_town(gazetteer, _matches(gazetteer, street), rest), matches])
        matches = matches.sort_values("score", ascending=False, kind="stable")
    return _without_twins(matches).head(limit).reset_index(drop=True)


def is_unambiguous(matches: pd.DataFrame) -> bool:
    """Return whether the first of the places that `find` gives is meant: well named, and no other nearly as well.

    Places within 300 m of it are no others, and of those that say more than was typed none rivals one that doesn't.
    """
    if matches.empty or matches["score"].iloc[0] < SURE:
        return False
    best = matches["score"].iloc[0]
    rivals = matches[matches["score"] >= (100.0 if best == 100 else best - _TIE)]
    return _apart_km(rivals.head(1), rivals) <= _SAME_KM


def is_street(gazetteer: pd.DataFrame, name: str) -> bool:
    """Return whether a name is that of a street that crosses another: not one spot."""
    crossings = gazetteer.loc[gazetteer["kind"] == "crossing", "text"]
    return bool((crossings.str.startswith(f"{name} & ") | crossings.str.endswith(f" & {name}")).any())


def _matches(gazetteer: pd.DataFrame, text: str) -> pd.DataFrame:
    """Return what the words of a text may mean, best first; as `find`."""
    streets = [normalize(part) for part in _BETWEEN.split(text) if normalize(part)]
    query = " ".join(streets)
    if not query:
        raise InputError("Give an address, a crossing like 5th & Main, the name of a place, or lat,lon.")
    number = re.match(r"(\d+[a-z]?)\s+\S", query)
    is_crossing = len(streets) == 2
    index = index_of(gazetteer)
    rows = preselect(index, query.split(), _allowed(index, number[1] if number else None, is_crossing), _PRESELECTED)
    matches = gazetteer.iloc[rows]
    own = number[1] if number else None
    scores = [_judged(query, own, *place) for place in zip(matches["search"], matches["kind"], strict=True)]
    matches = matches.assign(score=np.array(scores, dtype="float64"))
    matches["_kind"] = matches["kind"].map({name: rank for rank, name in enumerate(KINDS)})
    matches["_length"] = matches["search"].str.len()
    matches = matches.sort_values(["score", "_kind", "_length", "search"], ascending=[False, True, True, True])
    matches = matches.drop(columns=["_kind", "_length"])
    if number and not (matches["score"] >= SURE).any():
        street = query.split(" ", 1)[1]
        named = gazetteer.iloc[preselect(index, street.split(), index.of_kind["place"], _PRESELECTED)]
        named = named.assign(score=np.array([_score(street, one, None) for one in named["search"]], dtype="float64"))
        named = named[named["score"] >= SURE].sort_values("score", ascending=False).head(2)
        named["score"] *= _OFFER
        matches = pd.concat([_between_neighbors(gazetteer, index, number[1], street), named, matches])
    return matches


def _judged(query: str, number: str | None, candidate: str, kind: str) -> float:
    """Return how well a query fits a place, less where too little of that was typed or in another order."""
    score = _score(query, candidate, number)
    typed = sum(map(len, query.split())) / sum(map(len, candidate.split()))
    if (kind == "address" and number is None) or (kind == "place" and typed < _LETTERS):
        return score * _OFFER
    # "St Elizabeth" is no more Elizabeth Street than it is a hospital of that name
    return score - _TURNED if kind == "place" and score == 100 and query != candidate else score


def _without_twins(matches: pd.DataFrame) -> pd.DataFrame:
    """Return places without those of the same name within 300 m of one before."""
    lon, lat = matches["lon"].to_numpy(), matches["lat"].to_numpy()
    kept: dict[tuple[str, str], list[int]] = {}
    for at, key in enumerate(zip(matches["kind"], matches["search"], strict=True)):
        others = kept.setdefault(key, [])
        if not others or _km(lon[at], lat[at], lon[others], lat[others]).min() > _SAME_KM:
            others.append(at)
    return matches.iloc[sorted(at for rows in kept.values() for at in rows)]


def _in_town(gazetteer: pd.DataFrame, matches: pd.DataFrame, rest: str) -> pd.DataFrame:
    """Return places, the likely ones with a lower score where they aren't known to lie in the town or ZIP code `rest`.

    An address that tells its town has to tell this one; of others, an address nearby has to.
    """
    likely, others = _without_twins(matches[matches["score"] >= SURE]).head(_LIKELY), matches[matches["score"] < SURE]
    town, code = normalize(rest.partition(",")[0]), re.search(r"\b\d{5}\b", rest)
    town = " ".join(word for word in town.split() if not word.isdigit() and len(word) > 2)
    wanted = [f" {word} " for word in (town, code[0] if code else "") if word]
    houses = np.flatnonzero(index_of(gazetteer).number >= 0)
    lons, lats = gazetteer["lon"].to_numpy()[houses], gazetteer["lat"].to_numpy()[houses]

    def is_there(kind: str, own: str, search: str, lon: float, lat: float) -> bool:
        texts = [search]
        if kind != "address" or "," not in own:
            off = _km(lon, lat, lons, lats)
            near = np.argpartition(off, _PRESELECTED)[:_PRESELECTED] if len(off) > _PRESELECTED else np.arange(len(off))
            near = near[np.argsort(off[near], kind="stable")]
            around = gazetteer.iloc[houses[near[off[near] <= _TOWN_KM]]]
            texts = around.loc[around["text"].str.contains(",", regex=False), "search"].head(_TOWN_ADDRESSES).tolist()
        return any(word in f" {one} " for one in texts for word in wanted)

    columns = (likely[name].tolist() for name in ("kind", "text", "search", "lon", "lat"))
    there = np.array([is_there(*place) for place in zip(*columns, strict=True)], bool)
    return pd.concat([likely.assign(score=likely["score"].where(there, likely["score"] * _OFFER)), others])


def address_locator(features: pd.DataFrame, streets: Streets) -> Locate:
    """Return what finds addresses on a region's own map; its index is made when the first is asked for."""

    @cache
    def gazetteer() -> pd.DataFrame:
        return build_gazetteer(features, streets, conform(pd.DataFrame(), RESOURCES))

    return lambda street, town, postal_code: locate_address(gazetteer(), street, town, postal_code)


def locate_address(gazetteer: pd.DataFrame, street: str, town: str, postal_code: str) -> tuple[float, float] | None:
    """Return the (lon, lat) of an address where the region leaves no doubt about it, else None.

    Its ZIP code must be one of the region's, and the house must lie within 10 km of that code's middle. Of addresses
    that name no town, one alone, or several within 500 m, is no doubt.
    """
    street = without_unit(street)[0]
    middle = gazetteer[(gazetteer["kind"] == "zip") & (gazetteer["search"] == postal_code)]
    if middle.empty or not normalize(street) or not re.match(r"\d", street.strip()):
        return None
    matches = gazetteer.head(0)
    for one in house_numbers(street):
        matches = _matches(gazetteer, f"{one}, {town}").head(1)
        matches = matches[(matches["kind"] == "address") & (matches["score"] >= _CERTAIN)]
        if matches.empty:
            matches = gazetteer[(gazetteer["kind"] == "address") & (gazetteer["search"] == normalize(one))]
        if not matches.empty:
            break
    if matches.empty or _apart_km(matches, matches) > 0.5 or _apart_km(matches, middle) > 10:
        return None
    return float(matches["lon"].iloc[0]), float(matches["lat"].iloc[0])


def _apart_km(places: pd.DataFrame, others: pd.DataFrame) -> float:
    """Return the longest distance between one of the places and one of the others."""
    lon, lat = others["lon"].to_numpy(), others["lat"].to_numpy()
    return max(float(_km(u, v, lon, lat).max()) for u, v in zip(places["lon"], places["lat"], strict=True))


def _km(lon: float, lat: float, lons: NDArray[np.float64], lats: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the distance between a place and each of others, on a flat map."""
    return np.asarray(np.hypot((lons - lon) * np.cos(np.radians(lat)), lats - lat) * METERS_PER_DEGREE / KILOMETER)


def _allowed(index: Index, number: str | None, is_crossing: bool) -> NDArray[np.bool_]:
    """Return the rows that a query may mean: addresses of its number, and places; or all but addresses or crossings."""
    if is_crossing:
        return index.of_kind["crossing"] | index.of_kind["place"]
    if number is None:
        return ~index.of_kind["crossing"]
    numbered = np.zeros(index.size, bool)
    numbered[rows_with(index, number)] = True
    return index.of_kind["place"] | (numbered & index.of_kind["address"])


def _between_neighbors(gazetteer: pd.DataFrame, index: Index, number: str, street: str) -> pd.DataFrame:
    """Return where an unknown house number should be: on the line between its known neighbors in the street.

    Nothing, where no street of that name has a number known within a block (100) of it.
    """
    wanted = int(re.sub(r"\D", "", number)[:9])
    near = np.flatnonzero((index.number >= 0) & (np.abs(index.number - wanted) <= _BLOCK_NUMBERS))
    names = {index.streets[code]: code for code in np.unique(index.street[near]).tolist()}
    candidates = process.extract(street, list(names), scorer=fuzz.token_set_ratio, limit=20)
    scores = {name: _score(street, name, None) for name, _, _ in candidates}
    likely = sorted((name for name in scores if scores[name] >= SURE), key=lambda name: (-scores[name], name))
    places = []
    for name in likely:
        rows = near[index.street[near] == names[name]]
        numbers, first = np.unique(index.number[rows], return_index=True)
        known = gazetteer.iloc[rows[first]]
        lon, lat = (float(np.interp(wanted, numbers, known[axis].to_numpy())) for axis in ("lon", "lat"))
        text = f"about {number} {known['text'].iloc[0].split(' ', 1)[1]}"
        places.append({"text": text, "search": f"{number} {name}", "kind": "address", "lon": lon, "lat": lat})
    found_scores = pd.Series([round(0.95 * scores[name], 2) for name in likely], dtype="float64")
    return conform(pd.DataFrame(places), GAZETTEER).assign(score=found_scores)


def _score(query: str, candidate: str, number: str | None) -> float:
    """Return how well each word of the query is found among the candidate's (longer words count more)."""
    words, theirs = query.split(), candidate.split()
    total = matched = 0.0
    for word in words:
        weight = min(len(word), 8)
        if word == number or re.fullmatch(r"\d+(st|nd|rd|th)?", word):
            likeness = 100.0 if word in theirs else 0.0
        else:
            likeness = max(max(fuzz.ratio(word, other), fuzz.ratio(word, LONG.get(other, ""))) for other in theirs)
            likeness = likeness if likeness >= _LIKE else 0.0
        matched += weight * likeness
        total += weight
    # of two that hold every word, the one with less besides is meant; "5th & Main" leaves "Street" and "East" unsaid
    besides = sum(_UNSAID.get(word, 0.3) for word in theirs if word not in words)
    return round(max(matched / total - besides, 0.0), 2)


def _coordinates(text: str, lat: float, lon: float) -> pd.DataFrame:
    if not (abs(lat) <= 90 and abs(lon) <= 180):
        raise InputError(f"{text!r} is not a place on Earth; give latitude first, like 39.0837,-84.5086.")
    row = {"text": text.strip(), "search": text.strip(), "kind": "place", "lon": lon, "lat": lat}
    return conform(pd.DataFrame([row]), GAZETTEER).assign(score=100.0)


Row = tuple[str, str, float, float]


def _table(rows: list[Row]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["text", "kind", "lon", "lat"])
    table = table.assign(search=[normalize(text) for text in table["text"]])
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
    exact = resources[resources["location_precision"].isin(EXACT_PRECISIONS) & resources["lon"].notna()]
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


def _called(streets: Streets) -> tuple[pd.DataFrame, list[str]]:
    """Return what each link's road is called, a row for each of its names and numbers, and the texts they stand for."""
    numbers = [
        (at, part.strip()) for at, ref in enumerate(streets.refs) for part in str(ref).split(";") if part.strip()
    ]
    link = np.arange(len(streets.link_name))
    named = pd.DataFrame({"link": link, "name": streets.link_name, "ref": streets.link_ref})
    by_ref = named[named["ref"] >= 0].merge(pd.DataFrame(numbers, columns=["ref", "text"]), on="ref")
    own = named[named["name"] >= 0]
    own = own.assign(text=streets.names.astype(object)[own["name"]])
    own = own[~own["text"].isin(set(streets.refs.tolist()))]  # a road without a name has its numbers alone
    every = pd.concat([own, by_ref])[["link", "text"]]
    codes, texts = pd.factorize(every["text"].astype(object), sort=True)
    return every.assign(name=codes.astype(np.int64)).drop(columns="text"), [str(text) for text in texts]


def _crossings(streets: Streets) -> Iterator[Row]:
    """Yield a row for each junction and pair of roads that meet there; of junctions within a block, one.

    A road goes by its name and by each of its numbers, e.g. Dixie Highway, US 25.
    """
    called, names = _called(streets)
    own = called.merge(called, on="link")
    own = own.loc[own["name_x"] < own["name_y"], ["name_x", "name_y"]].drop_duplicates()
    ends = [streets.link_from[called["link"]], streets.link_to[called["link"]]]
    node, name = np.concatenate(ends).astype(np.int64), np.tile(called["name"], 2)
    both = pd.DataFrame({"node": node, "name": name}).drop_duplicates()
    pairs = both.merge(both, on="node")
    pairs = pairs[pairs["name_x"] < pairs["name_y"]]
    # two names of one road cross nowhere
    pairs = pairs.merge(own, on=["name_x", "name_y"], how="left", indicator="of")
    pairs = pairs[pairs["of"] == "left_only"]
    x, y = streets.node_x[pairs["node"]], streets.node_y[pairs["node"]]
    pairs = pairs.assign(x=x, y=y, block_x=np.round(x / 200), block_y=np.round(y / 200))
    pairs = pairs.sort_values(["name_x", "name_y", "x", "y"], kind="stable")
    pairs = pairs.drop_duplicates(["name_x", "name_y", "block_x", "block_y"])
    lon, lat = to_degrees(pairs["x"].to_numpy(), pairs["y"].to_numpy(), streets.crs)
    for a, b, u, v in zip(pairs["name_x"], pairs["name_y"], lon, lat, strict=True):
        yield f"{names[a]} & {names[b]}", "crossing", float(u), float(v)


def _street_names(streets: Streets) -> Iterator[Row]:
    """Yield a row for each road's names and numbers, at the junction nearest to the middle of its junctions."""
    called, names = _called(streets)
    table = pd.DataFrame({"name": called["name"], "node": streets.link_from[called["link"]]}).drop_duplicates()
    table["x"], table["y"] = streets.node_x[table["node"]], streets.node_y[table["node"]]
    middle = table.groupby("name")[["x", "y"]].transform("median")
    table["off"] = np.hypot(table["x"] - middle["x"], table["y"] - middle["y"])
    table = table.sort_values(["name", "off", "x", "y"], kind="stable").drop_duplicates("name")
    lon, lat = to_degrees(table["x"].to_numpy(), table["y"].to_numpy(), streets.crs)
    for name, u, v in zip(table["name"], lon, lat, strict=True):
        yield names[name], "place", float(u), float(v)
