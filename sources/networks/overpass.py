"""The Overpass API: the streets and mapped things of a town or county, in the form of an extract.

The answer is OpenStreetMap XML without its writers' names, so it goes through the same readers as an extract that a
person gives (`sources.networks.osm`, `sources.networks.osm_features`): one way of reading, one form of raw bytes.
"""

import re
import tempfile
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

from geo.errors import InputError, SourceError
from sources.adapter import paging
from sources.adapter.source import FetchContext, Source
from sources.cleaning.bounds import Bounds, square_km, wider
from sources.networks.osm import read_streets
from sources.web import http
from sources.web.http import Fetched, Policy
from sources.web.url_guard import host_of

ENDPOINT = "https://overpass-api.de/api/interpreter"
FILE_NAME = "overpass.osm"
MOST_KM2 = 10_000.0
"""The largest box that is asked for; its servers are run by volunteers, and extracts serve anything larger."""
MARGIN_METERS = 1000.0
"""How far beyond the place streets are asked for, so that trips may cross its border."""

_SECONDS = 180
_MEMORY = 1 << 30
_POI = (
    "amenity", "shop", "leisure", "office", "healthcare", "social_facility", "tourism", "craft", "club", "emergency",
    "public_transport", "railway", "aeroway", "natural", "waterway", "landuse", "addr:housenumber",
)  # fmt: skip
_WANTED = (
    'way["highway"]',
    'way["route"="ferry"]',
    'relation["type"="restriction"]',
    *(f'nwr["{key}"]' for key in _POI),
    'node["place"]',
    'way["place"]',
    # borders of states and countries would bring their whole course
    'relation["boundary"="administrative"]["admin_level"~"^([6-9]|10)$"]',
    'relation["boundary"="postal_code"]',
)


def fetch(context: FetchContext) -> dict[str, Fetched]:
    """Return the streets and mapped things of a place as OpenStreetMap XML.

    Raises
    ------
    InputError
        No place was given, or one that is too large to be asked for.
    SourceError
        It can't be fetched, or the server gave up before the end.
    """
    box = with_margin(paging.needed_bounds(context, "Overpass"))
    if square_km(box) > MOST_KM2:
        raise InputError(
            f"The box of this place has {square_km(box):,.0f} km²; over {MOST_KM2:,.0f} km² is too much for Overpass: "
            "name a county or town, or give an extract with --osm."
        )
    address = f"{context.endpoint or ENDPOINT}?{urlencode({'data': question(box)})}"
    answer = http.fetch(address, _patient(context.policy))
    return {FILE_NAME: replace(answer, content=_whole(answer), etag=None, last_modified=None)}


def question(box: Bounds) -> str:
    """Return the question in Overpass QL: what our readers read, and nothing else."""
    sides = ",".join(f"{side:.6f}" for side in (box.south, box.west, box.north, box.east))
    head = f"[out:xml][timeout:{_SECONDS}][maxsize:{_MEMORY}][bbox:{sides}];"
    return f"{head}({';'.join(_WANTED)};);(._;>;);out body qt;"


def tally(raw: bytes, _where: str) -> int:
    """Return how many streets and ferries there are, read as a build would read them.

    Raises
    ------
    SourceError
        It can't be read, or holds no street.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / FILE_NAME
        path.write_bytes(raw)
        return len(read_streets(path).ways)


def with_margin(box: Bounds) -> Bounds:
    """Return the box in which streets are asked for."""
    return wider(box, MARGIN_METERS)


def _patient(policy: Policy) -> Policy:
    """Return the limits for a server that computes before it speaks, and wants to be left alone when it is busy."""
    return replace(
        policy,
        read_seconds=policy.read_seconds * 7,
        deadline_seconds=policy.deadline_seconds * 2,
        backoff_seconds=policy.backoff_seconds * 15,
        longest_wait_seconds=policy.longest_wait_seconds * 2,
    )


def _whole(answer: Fetched) -> bytes:
    """Return the answer without the time of its database, which differs in each; refuse one that isn't whole."""
    raw, host = answer.content, host_of(answer.url)
    if b"<osm" not in raw[:1000] or not raw.rstrip().endswith(b"</osm>"):
        raise SourceError(f"{host} answers with something that is not OpenStreetMap data; it may be busy, try later.")
    remark = re.search(rb"<remark>(.{0,400}?)</remark>", raw[-5000:], re.DOTALL)
    if remark and b"error" in remark[1]:  # the server says so with status 200, after what it had until then
        remark_text = " ".join(remark[1].decode("utf-8", "replace").split())
        raise SourceError(f"{host} gave up before the end ({remark_text}); try later, or give an extract with --osm.")
    return re.sub(rb"<meta [^>]*/>\s*", b"", raw, count=1)


SOURCE = Source(
    name="overpass",
    title="OpenStreetMap through the Overpass API",
    publisher="OpenStreetMap contributors; the servers of overpass-api.de",
    license="Open Database License (ODbL) 1.0",
    attribution="© OpenStreetMap contributors",
    url="https://www.openstreetmap.org/copyright",
    freshness="Minutes behind the map",
    precision="Buildings and outlines",
    kind="network",
    parse=None,
    fetch=fetch,
    tally=tally,
    endpoint=ENDPOINT,
    probe="?" + urlencode({"data": "[out:json];node(1);out;"}),
    trust=40,
)
