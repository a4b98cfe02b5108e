"""A place by its name: where it is, its counties and ZIP codes, its time zone.

The name of a region's place is public, so it may be asked for: OpenStreetMap's Nominatim says where it is, the Census
Bureau's TIGERweb which counties and ZIP code areas meet its box. Homes of people are never asked for here.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from geo.errors import InputError, SourceError
from sources.adapter.source import Source
from sources.cleaning.bounds import Bounds, place_bounds
from sources.cleaning.states import STATES
from sources.formats.json_strict import read_json
from sources.places.geocoders import nominatim
from sources.web import tigerweb
from sources.web.cache import Copy, copy_folder, read_copy, write_copy
from sources.web.http import Fetched, Policy, fetch
from sources.web.url_guard import host_of

NOMINATIM = Source(
    name="nominatim",
    title="Nominatim: where a place is",
    publisher="OpenStreetMap contributors; the servers of the OpenStreetMap Foundation",
    license="Open Database License (ODbL) 1.0",
    attribution="© OpenStreetMap contributors",
    url="https://nominatim.org/",
    freshness="Minutes behind the map",
    precision="Borders of places",
    kind="places",
    parse=None,
    endpoint=nominatim.ENDPOINT,
    probe="?q=Kentucky&format=jsonv2&limit=1",
)
TIGERWEB = Source(
    name="tigerweb",
    title="TIGERweb: which counties and ZIP code areas meet a box",
    publisher="US Census Bureau",
    license="Public domain (US federal government)",
    attribution="Counties and ZIP code areas: US Census Bureau",
    url="https://tigerweb.geo.census.gov/",
    freshness="Yearly",
    precision="Borders",
    kind="places",
    parse=None,
    endpoint=tigerweb.ROOT,
    probe="?f=json",
)
_MOST_SHOWN = 6


@dataclass(frozen=True)
class County:
    """A county: its five-digit FIPS code and its name."""

    fips: str
    name: str

    @property
    def state(self) -> str:
        """The two letters of its state, in lower case."""
        return STATES[self.fips[:2]][0]


@dataclass(frozen=True)
class NamedPlace:
    """A place: `counties` and `postal_codes` are those that meet its box, and empty outside the US.

    `country` is a two-letter code in lower case, "elsewhere" where only that it is not the US is known, empty where
    not even that; `kind` is what it is (county, city …); `notes` say what could not be found out.
    """

    title: str
    bounds: Bounds
    kind: str = ""
    country: str = ""
    counties: tuple[County, ...] = ()
    postal_codes: tuple[str, ...] = ()
    time_zone: str = "UTC"
    outline: Mapping[str, Any] | None = field(default=None, repr=False)
    notes: tuple[str, ...] = ()

    @property
    def is_american(self) -> bool:
        """Whether it lies in the US, as far as is known, so that the sources of its agencies may know it."""
        return self.country in ("us", "")

    @property
    def states(self) -> tuple[str, ...]:
        """The two letters of each state that its counties belong to."""
        return tuple(dict.fromkeys(county.state for county in self.counties))

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        box = self.bounds
        return {
            "title": self.title,
            "kind": self.kind,
            "bounds": [box.west, box.south, box.east, box.north],
            "country": self.country,
            "counties": [{"fips": county.fips, "name": county.name} for county in self.counties],
            "postal_codes": list(self.postal_codes),
            "time_zone": self.time_zone,
            "outline": self.outline,
            "notes": list(self.notes),
        }


@dataclass(frozen=True)
class Lookup:
    """How places are looked up: the limits, where answers are kept, and addresses in place of the public ones."""

    policy: Policy
    cache: Path
    endpoints: Mapping[str, str] = field(default_factory=dict)

    def address(self, source: Source) -> str:
        """Return where a source is asked."""
        return self.endpoints.get(source.name, source.endpoint).rstrip("/")


def who_is_asked(text: str, radius_km: float, lookup: Lookup) -> str:
    """Return in a line what is asked of whom, before it is.

    Raises
    ------
    InputError
        As `place_bounds`.
    """
    census = f"{host_of(lookup.address(TIGERWEB))} which counties and ZIP codes are there"
    if _is_numbers(text):
        place_bounds(text, radius_km)
        return f"Asking {census}."
    return f"Asking {host_of(lookup.address(NOMINATIM))} where {text!r} is, and {census}."


def place_from(text: str, radius_km: float, lookup: Lookup, title: str | None = None) -> NamedPlace:
    """Return the place that a text means: a name, `lat,lon` with a radius, or `west,south,east,north`.

    Raises
    ------
    InputError, SourceError
        As `place_bounds` and `find_place`.
    """
    if not _is_numbers(text):
        return find_place(text, lookup)
    return place_of_box(place_bounds(text, radius_km), title or text, lookup)


def _is_numbers(text: str) -> bool:
    return "," in text and not any(mark.isalpha() for mark in text)


def find_place(name: str, lookup: Lookup) -> NamedPlace:
    """Return the place of that name.

    Raises
    ------
    InputError
        No place has that name, or several have; the sentence lists them.
    SourceError
        Nominatim doesn't answer, and no earlier answer is at hand.
    """
    wanted = " ".join(name.split())
    if not wanted or len(wanted) > 200:
        raise InputError("A place is named like 'Kenton County, Kentucky'.")
    query = {"q": wanted, "format": "jsonv2", "addressdetails": 1, "limit": 20}
    more = {"polygon_geojson": 1, "polygon_threshold": 0.001, "accept-language": "en"}
    address = f"{lookup.address(NOMINATIM)}?{urlencode(query | more)}"
    try:
        answer, note = _asked(NOMINATIM, address, {"q": wanted.casefold()}, lookup, _candidates)
    except SourceError as problem:
        raise SourceError(
            f"{problem} Without it, give the place as --bounds west,south,east,north, or lat,lon with --radius-km."
        ) from None
    chosen = _chosen(_candidates(answer), wanted)
    place = NamedPlace(
        title=_title(chosen),
        bounds=_bounds_of(chosen),
        kind=str(chosen.get("addresstype") or chosen.get("type") or ""),
        country=str(_address(chosen).get("country_code") or "").lower(),
        outline=chosen.get("geojson") if isinstance(chosen.get("geojson"), dict) else None,
        notes=(note,) if note else (),
    )
    return _with_counties(place, lookup)


def place_of_box(bounds: Bounds, title: str, lookup: Lookup) -> NamedPlace:
    """Return the place that a person drew themselves; only the Census Bureau is asked, for the counties there."""
    return _with_counties(NamedPlace(title=title, bounds=bounds), lookup)


def _with_counties(place: NamedPlace, lookup: Lookup) -> NamedPlace:
    place = replace(place, time_zone=time_zone_of(place.bounds))
    if place.country not in ("", "us", "pr"):
        return place
    try:
        rows, note = _areas(tigerweb.COUNTIES, place.bounds, lookup)
    except SourceError as problem:
        return replace(place, notes=(*place.notes, f"{problem} So sources by county, state or ZIP code are left out."))
    counties = sorted({County(geoid, name) for geoid, name in rows if geoid[:2] in STATES}, key=lambda one: one.fips)
    country = "us" if counties else place.country or "elsewhere"
    notes = (*place.notes, *([note] if note else []))
    located = replace(place, country=country, counties=tuple(counties), notes=notes)
    return _with_postal_codes(located, lookup) if counties else located


def _with_postal_codes(place: NamedPlace, lookup: Lookup) -> NamedPlace:
    try:
        rows, note = _areas(tigerweb.ZIP_AREAS, place.bounds, lookup)
    except SourceError as problem:
        return replace(place, notes=(*place.notes, f"{problem} So sources by ZIP code are left out."))
    codes = tuple(sorted({geoid for geoid, _ in rows}))
    return replace(place, postal_codes=codes, notes=(*place.notes, *([note] if note else [])))


def time_zone_of(bounds: Bounds) -> str:
    """Return the name of the time zone at the middle of a box, see `time_zone_at`."""
    return time_zone_at((bounds.west + bounds.east) / 2, (bounds.south + bounds.north) / 2)


def time_zone_at(lon: float, lat: float) -> str:
    """Return the name of the time zone at a place, from the borders that come with timezonefinder."""
    from timezonefinder import TimezoneFinder

    zone = TimezoneFinder(in_memory=False).timezone_at(lng=lon, lat=lat)
    return str(zone or "UTC")


def _areas(layer: str, box: Bounds, lookup: Lookup) -> tuple[list[tuple[str, str]], str | None]:
    """Return GEOID and name of each area of a layer that meets a box, and a note if the answer is an earlier one."""
    sides = ",".join(f"{side:.6f}" for side in (box.west, box.south, box.east, box.north))
    query = {"geometry": sides, "geometryType": "esriGeometryEnvelope", "inSR": 4326, "outFields": "GEOID,NAME"}
    more = {"spatialRel": "esriSpatialRelIntersects", "returnGeometry": "false", "f": "json"}
    address = f"{lookup.address(TIGERWEB)}/{layer}/query?{urlencode(query | more, safe=',')}"
    answer, note = _asked(TIGERWEB, address, {"layer": layer, "box": sides}, lookup, _area_rows)
    return _area_rows(answer), note


def _area_rows(document: Any) -> list[tuple[str, str]]:
    rows, has_more = tigerweb.read_areas(document)
    if has_more:
        raise SourceError("TIGERweb gives only some of the areas there; ask for a smaller place.")
    areas = [(str(row.get("GEOID") or ""), str(row.get("NAME") or "")[:100]) for row in rows]
    if not all(len(geoid) == 5 and geoid.isascii() and geoid.isdecimal() for geoid, _ in areas):
        raise SourceError("TIGERweb answers with areas of another kind; its form may have changed.")
    return areas


def _asked(
    source: Source, address: str, question: dict[str, str], lookup: Lookup, check: Any
) -> tuple[Any, str | None]:
    """Return an answer that `check` can read; an earlier one, with a note, where the service doesn't give one."""
    request = question | {"source": source.name, "endpoint": lookup.address(source)}
    folder = copy_folder(lookup.cache, source.name, request)
    have = read_copy(folder)
    try:
        answer = fetch(address, lookup.policy)
        document = read_json(answer.content, f"The answer of {host_of(address)}")
        rows = check(document)
    except SourceError as problem:
        if have is None:
            raise
        earlier = have.documents["answer.json"]
        return json.loads(earlier.content), f"{problem} What it answered on {earlier.retrieved_on} is used."
    kept = Fetched(answer.content, answer.retrieved_on, address.partition("?")[0])
    if rows:
        write_copy(folder, source.name, request, Copy({"answer.json": kept}, len(rows)))
    return document, None


def _candidates(document: Any) -> list[dict[str, Any]]:
    """Return the areas of an answer: settlements and administrative ones, each once."""
    if not isinstance(document, list):
        raise SourceError("Nominatim answers without its list of places; its form may have changed.")
    areas: list[dict[str, Any]] = []
    for one in document:
        if not isinstance(one, dict) or not _is_area(one):
            continue
        if not any(_same(one, other) for other in areas):
            areas.append(one)
    return areas


def _is_area(one: Mapping[str, Any]) -> bool:
    category = one.get("category") or one.get("class")
    if category != "place" and (category, one.get("type")) != ("boundary", "administrative"):
        return False
    if one.get("type") in ("house", "postcode", "locality", "isolated_dwelling"):
        return False
    try:
        _bounds_of(one)
    except SourceError:
        return False
    return True


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Tell whether a place is one that is listed already: its label inside its border, or a part of it by its name."""
    if _own_name(one) != _own_name(other):
        return False
    inner, outer = _bounds_of(one), _bounds_of(other)
    lon, lat = (inner.west + inner.east) / 2, (inner.south + inner.north) / 2
    return outer.west <= lon <= outer.east and outer.south <= lat <= outer.north


def _chosen(areas: Sequence[dict[str, Any]], wanted: str) -> dict[str, Any]:
    if not areas:
        raise InputError(
            f"No place is known by the name {wanted!r}; write it like 'Kenton County, Kentucky', or give --bounds "
            "west,south,east,north, or lat,lon with --radius-km."
        )
    exact = [one for one in areas if _own_name(one) == wanted.split(",", maxsplit=1)[0].strip().casefold()]
    left = exact or list(areas)
    if len(left) == 1:
        return left[0]
    full = [one for one in left if _title(one).casefold() == wanted.casefold()]
    if len(full) == 1:
        return full[0]
    shown = "; ".join(_title(one) for one in left[:_MOST_SHOWN])
    more = f"; and {len(left) - _MOST_SHOWN} more" if len(left) > _MOST_SHOWN else ""
    raise InputError(f"{wanted!r} may be several places: {shown}{more}. Write the one that you mean like this.")


def _address(one: Mapping[str, Any]) -> Mapping[str, Any]:
    address = one.get("address")
    return address if isinstance(address, dict) else {}


def _own_name(one: Mapping[str, Any]) -> str:
    return str(one.get("name") or str(one.get("display_name") or "").split(",")[0]).strip().casefold()


def _title(one: Mapping[str, Any]) -> str:
    """Return a place's name as its country would write it, without the country where that is the US."""
    parts = [part.strip() for part in str(one.get("display_name") or one.get("name") or "").split(",")]
    if len(parts) > 1 and _address(one).get("country_code") == "us":
        parts = parts[:-1]
    return ", ".join(part for part in parts if part)[:120]


def _bounds_of(one: Mapping[str, Any]) -> Bounds:
    sides = one.get("boundingbox")
    try:
        south, north, west, east = (float(side) for side in sides or ())
    except (TypeError, ValueError):
        raise SourceError("Nominatim answers without the box of a place; its form may have changed.") from None
    if not (-90 <= south < north <= 90 and -180 <= west < east <= 180):
        raise SourceError("Nominatim answers with a box that is none; give --bounds west,south,east,north.")
    return Bounds(west, south, east, north)
