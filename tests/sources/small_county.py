"""A small whole county on a replay server: the demo's raw files, cut to a few streets and dressed as services answer.

Nothing in it is real. Each answer checks what it is asked, as the service would: a question that the service would not
understand gets what it would say to it.
"""

import csv
import datetime
import gzip
import io
import itertools
import json
import re
import tempfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import osmium

from sources.cleaning import states
from sources.formats.embedded import embedded
from sources.web.http import Policy
from tests.sources.replay import Answer, Asked, Replay, Reply, json_reply

WEST, SOUTH, EAST, NORTH = -113.448, 40.352, -113.418, 40.370
HOME = "40.3593,-113.4263"
FIPS, STATE = "99990", ("xx", "Nowhere")
ZIPS = ("00301", "00307")
POLICY = Policy(connect_seconds=2, read_seconds=5, deadline_seconds=30, retries=0, loopback=True)
PRIVATE_WORD = "mayonnaise"
CENSUS_KEY = "horseradish"
_ROUTES = {b"1", b"2", b"7", b"8", b"36", b"40"}
_YEAR = 2022  # a year behind the newest, as some states are


RESIDENTS = "/census/Census2020/Tracts_Blocks/MapServer/2/query"


@dataclass(frozen=True)
class County:
    """The running services and the settings that lead to them."""

    replay: Replay
    home: Path

    def on(self, path: str, *answers: Answer) -> None:
        """Change what a path answers."""
        self.replay.on(path, *answers)

    def asked(self, path: str) -> list[Asked]:
        """Return the requests of a path since the last `forget`."""
        return [one for one in self.replay.asked if one.path.startswith(path)]

    def forget(self) -> None:
        """Forget what was asked."""
        self.replay.asked.clear()


def dress(replay: Replay, home: Path) -> County:
    """Put every service of the county on a server, and lead the data folder's sources there."""
    states.STATES["99"] = STATE
    home.mkdir(parents=True, exist_ok=True)
    paths = {
        "nominatim": "/nominatim/search",
        "tigerweb": "/tigerweb",
        "overpass": "/overpass/interpreter",
        "mobility_database": "/catalogue/feeds_v2.csv",
        "findtreatment": "/findtreatment/v2",
        "hrsa": "/hrsa/sites.csv",
        "nppes": "/nppes/api/",
        "bmlt": "/bmlt",
        "lodes": "/lodes",
        "blocks": "/tiger",
        "population": "/census",
        "acs": "/acs",
        "vulnerability": "/svi",
        "overdose": "/cdc/deaths.json",
    }
    lines = [f'{name} = "{replay.address}{path}"' for name, path in paths.items()]
    (home / "endpoints.toml").write_text("\n".join(lines) + "\n")
    county = County(replay, home)
    county.on(paths["nominatim"], _geocoder)
    county.on(
        "/tigerweb/Census2020/State_County/MapServer/1/query", lambda asked: _areas(asked, {FIPS: "Tallowmere County"})
    )
    zips = "/tigerweb/Census2020/PUMA_TAD_TAZ_UGA_ZCTA/MapServer/2/query"
    county.on(zips, lambda asked: _areas(asked, {code: f"ZCTA5 {code}" for code in ZIPS}))
    county.on(paths["overpass"], overpass)
    county.on(paths["mobility_database"], tagged(Reply(_catalogue(replay.address))))
    county.on("/agency/gtfs.zip", tagged(Reply(timetable())))
    county.on(paths["findtreatment"], treatment)
    county.on(paths["hrsa"], tagged(Reply(embedded("demo", "hrsa.csv").read_bytes())))
    county.on(paths["nppes"], _registry)
    county.on("/bmlt/client_interface/json/", _na_meetings)
    county.on("/aa/feed", tagged(Reply(embedded("demo", "meeting_guide.json").read_bytes())))
    for kind in ("wac", "rac"):
        county.on(
            f"/lodes/xx/{kind}/xx_{kind}_S000_JT00_{_YEAR}.csv.gz", tagged(Reply(_lodes(f"xx_{kind}_S000_JT00_2022")))
        )
    county.on("/lodes/xx/xx_xwalk.csv.gz", tagged(Reply(_lodes("xx_xwalk"))))
    county.on(f"/tiger/99_NOWHERE/{FIPS}/tl_2020_{FIPS}_tabblock20.zip", tagged(Reply(_shapes())))
    county.on(RESIDENTS, _residents)
    county.on("/acs/2024/acs/acs5", _block_groups)
    county.on("/svi/Nowhere.csv", tagged(Reply(_hardship())))
    county.on("/cdc/deaths.json", _deaths)
    return county


def tagged(reply: Reply, tag: str = '"1"') -> Answer:
    """Return an answer with an ETag, and 304 to those who have it."""

    def answer(asked: Asked) -> Reply:
        if asked.headers.get("if-none-match") == tag:
            return Reply(status=304)
        return replace(reply, headers=(*reply.headers, ("ETag", tag)))

    return answer


def overpass(asked: Asked) -> Reply:
    """Answer as an Overpass server."""
    question = asked.query.get("data", "")
    box = re.search(r"\[bbox:([\d.,-]+)\]", question)
    if not box or not question.startswith("[out:xml]") or 'way["highway"]' not in question:
        return Reply(b"<html>parse error</html>", 400)
    south, west, north, east = (float(side) for side in box[1].split(","))
    assert south < SOUTH < NORTH < north
    assert west < WEST < EAST < east
    as_of = datetime.datetime(2026, 11, 26, tzinfo=datetime.UTC) + datetime.timedelta(seconds=next(_SECONDS))
    meta = f'<note>Fictional.</note><meta osm_base="{as_of:%Y-%m-%dT%H:%M:%SZ}"/>\n'
    return Reply(streets_xml().replace(b">", b">" + meta.encode(), 2).replace(b">" + meta.encode(), b">", 1))


_SECONDS = itertools.count(1)


@cache
def streets_xml() -> bytes:
    """Return the cut of the demo's streets as Overpass writes it: no versions, no names of mappers."""
    source = str(embedded("demo", "streets.osm.pbf"))
    nodes: set[int] = set()
    ways: set[int] = set()
    for one in osmium.FileProcessor(source).with_locations():
        if one.is_way() and any(_inside(node.lon, node.lat) for node in one.nodes if node.location.valid()):
            ways.add(one.id)
            nodes |= {node.ref for node in one.nodes}
        elif one.is_node() and len(one.tags) and _inside(one.lon, one.lat):
            nodes.add(one.id)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cut.osm"
        with osmium.SimpleWriter(osmium.io.File(str(path), "osm,add_metadata=none")) as writer:
            for one in osmium.FileProcessor(source):
                if (
                    (one.is_node() and one.id in nodes)
                    or (one.is_way() and one.id in ways)
                    or (one.is_relation() and all(m.ref in (nodes if m.type == "n" else ways) for m in one.members))
                ):
                    writer.add(one)
        return path.read_bytes()


@cache
def timetable(days: int = 400) -> bytes:
    """Return some lines of the demo's timetable, valid until so many days from now."""
    until = (datetime.datetime.now(tz=datetime.UTC) + datetime.timedelta(days)).strftime("%Y%m%d").encode()
    by_route = ("routes.txt", "trips.txt", "stop_times.txt", "frequencies.txt", "shapes.txt")
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(embedded("demo", "gtfs.zip")) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.infolist():
            head, *lines = old.read(member).replace(b"20271231", until).splitlines(keepends=True)
            if member.filename == "calendar_dates.txt":
                lines = [line for line in lines if line.split(b",")[1] <= until]
            elif member.filename in by_route:  # all of their ids begin with the route's
                lines = [line for line in lines if line.split(b",", 1)[0].split(b"-", 1)[0] in _ROUTES]
            new.writestr(member, head + b"".join(lines))
    return packed.getvalue()


def treatment(asked: Asked) -> Reply:
    """Answer as FindTreatment.gov, two rows a page at most where there are more."""
    rows = _treatment_rows()
    size, page = int(asked.query["pageSize"]), int(asked.query["page"])
    assert asked.query["limitType"] == "2"
    pages = -(-len(rows) // size)
    part = rows[(page - 1) * size : page * size]
    return json_reply(json.dumps({"page": page, "totalPages": pages, "recordCount": len(rows), "rows": part}))


@cache
def _treatment_rows() -> list[Any]:
    rows: list[Any] = json.loads(embedded("demo", "findtreatment.json").read_bytes())["rows"]
    return rows


def _inside(lon: float, lat: float) -> bool:
    return WEST <= lon <= EAST and SOUTH <= lat <= NORTH


PLACES: dict[str, list[dict[str, Any]]] = {}


def place(name: str, within: str, box: tuple[float, float, float, float], **more: Any) -> dict[str, Any]:
    """Return a place as Nominatim writes it."""
    west, south, east, north = box
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "place_id": 1, "license": "Data © OpenStreetMap contributors, ODbL 1.0.", "osm_type": "relation", "osm_id": 9,
        "lat": str((south + north) / 2), "lon": str((west + east) / 2), "category": "boundary",
        "type": "administrative", "place_rank": 12, "importance": 0.5, "addresstype": "county", "name": name,
        "display_name": f"{name}, {within}", "address": {"county": name, "country_code": "us"},
        "boundingbox": [str(south), str(north), str(west), str(east)],
        "geojson": {"type": "Polygon", "coordinates": [ring]},
    } | more  # fmt: skip


def _geocoder(asked: Asked) -> Reply:
    assert asked.query["format"] == "jsonv2"
    here = place("Tallowmere County", "Nowhere, United States", (WEST, SOUTH, EAST, NORTH))
    inn = here | {"category": "tourism", "type": "hotel", "name": "Tallowmere County Inn"}
    label = here | {"osm_type": "node", "category": "place", "type": "county"}
    known = {"tallowmere county": [here, inn, label]} | PLACES
    return json_reply(json.dumps(known.get(asked.query["q"].casefold(), [])))


def _areas(asked: Asked, areas: dict[str, str]) -> Reply:
    if asked.query.get("geometryType") != "esriGeometryEnvelope" or asked.query.get("f") != "json":
        return json_reply('{"error": {"code": 400, "message": "Invalid query parameters."}}')
    west, south, east, north = (float(side) for side in asked.query["geometry"].split(","))
    meets = west <= EAST and east >= WEST and south <= NORTH and north >= SOUTH
    rows = [{"attributes": {"GEOID": geoid, "NAME": name}} for geoid, name in areas.items()] if meets else []
    return json_reply(json.dumps({"displayFieldName": "NAME", "features": rows}))


def _catalogue(address: str) -> bytes:
    box = "location.bounding_box."
    header = ["id", "data_type", "provider", "status", "urls.direct_download", "urls.authentication_type"]
    header += ["urls.latest", "urls.license", f"{box}minimum_latitude", f"{box}maximum_latitude"]
    header += [f"{box}minimum_longitude", f"{box}maximum_longitude"]
    near, agency = [40.2, 40.5, -113.7, -113.2], f"{address}/agency/gtfs.zip"
    rows: list[list[Any]] = [
        [
            "mdb-1",
            "gtfs",
            "Tallowmere Area Transit",
            "active",
            agency,
            "0",
            f"{address}/mirror/1.zip",
            "https://e.org/l",
        ],
        ["mdb-2", "gtfs", "Old Lines", "deprecated", f"{address}/old.zip", "0", "", ""],
        ["mdb-3", "gtfs", "Keyed Buses", "active", f"{address}/key.zip", "2", "", ""],
        ["mdb-4", "gtfs", "Sleeping Shuttle", "inactive", f"{address}/sleep.zip", "0", "", ""],
    ]
    table = [[*row, *near] for row in rows]
    table.append(["mdb-5", "gtfs", "Far Coaches", "active", f"{address}/far.zip", "0", "", "", 25, 49, -124, -67])
    table.append(["mdb-6", "gtfs", "Elsewhere", "active", f"{address}/else.zip", "0", "", "", 10, 11, 10, 11])
    written = io.StringIO()
    csv.writer(written).writerows([header, *table])
    return written.getvalue().encode()


def _registry(asked: Asked) -> Reply:
    assert asked.query["postal_code"] in ZIPS
    assert asked.query["version"] == "2.1"
    is_asked = asked.query["taxonomy_description"] == "Methadone" and asked.query["postal_code"] == ZIPS[0]
    clinic = {
        "enumeration_type": "NPI-2", "number": 1000000004,
        "basic": {"organization_name": "Invented Bridge Clinic", "status": "A"}
        | {"authorized_official_last_name": PRIVATE_WORD},
        "addresses": [
            {"address_purpose": "LOCATION", "address_1": "1 NO SUCH ST", "city": "QUILLHAVEN", "state": "XX"}
            | {"postal_code": "003010000", "telephone_number": "555-0100"}
        ],
        "taxonomies": [{"code": "261QM2800X"}],
    }  # fmt: skip
    rows = [clinic] if is_asked and asked.query["skip"] == "0" else []
    return json_reply(json.dumps({"result_count": len(rows), "results": rows}))


def _na_meetings(asked: Asked) -> Reply:
    rows = json.loads(embedded("demo", "bmlt.json").read_bytes())
    size, page = int(asked.query["page_size"]), int(asked.query["page_num"])
    assert asked.query["switcher"] == "GetSearchResults"
    part = [row | {"email_contact": f"{PRIVATE_WORD}@example.org"} for row in rows[(page - 1) * size : page * size]]
    return json_reply(json.dumps({"meetings": part, "formats": []}))


@cache
def _blocks() -> gpd.GeoDataFrame:
    return gpd.read_file(embedded("demo", "blocks.geojson"), bbox=(WEST, SOUTH, EAST, NORTH))


def _lodes(name: str) -> bytes:
    lines = gzip.decompress(embedded("demo", f"{name}.csv.gz").read_bytes()).decode().splitlines()
    known = set(_blocks()["GEOID20"])
    return gzip.compress("\n".join([lines[0], *(line for line in lines[1:] if line[:15] in known)]).encode(), mtime=0)


def _shapes() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        name = f"tl_2020_{FIPS}_tabblock20"
        _blocks().drop(columns=["POP20", "HOUSING20"]).to_file(Path(folder) / f"{name}.shp")
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for path in sorted(Path(folder).iterdir()):
                archive.writestr(path.name, path.read_bytes())
        return packed.getvalue()


def residents() -> dict[str, int]:
    """Return block → people; the first has a code for no data."""
    blocks = _blocks().sort_values("GEOID20")
    people = dict(zip(blocks["GEOID20"], blocks["POP20"].astype(int), strict=True))
    return people | {min(people): -666666666}


def _residents(asked: Asked) -> Reply:
    """Answer as TIGERweb: a page of blocks, 500 at most, however many are asked for."""
    assert asked.query["where"] == f"STATE='{FIPS[:2]}' AND COUNTY='{FIPS[2:]}'"
    start = int(asked.query["resultOffset"])
    rows = [{"attributes": {"GEOID": block, "POP100": people}} for block, people in residents().items()]
    more = {"exceededTransferLimit": True} if len(rows) > start + 500 else {}
    return json_reply(json.dumps({"features": rows[start : start + 500]} | more))


def _block_groups(asked: Asked) -> Reply:
    """Answer as the Census Bureau's data API: 200 and a page for people where the key is not one of its own."""
    if asked.query.get("key") != CENSUS_KEY:
        return Reply(b"<html><h1>Invalid Key</h1></html>")
    assert asked.query["in"] == f"state:{FIPS[:2]} county:{FIPS[2:]} tract:*"
    names = asked.query["get"].split(",")
    counts = {"B25044_003E": "200", "C17002_002E": "250", "C17002_003E": "0", "B02001_003E": "300"}
    whole = {name: "1000" if name.endswith("_001E") else "0" for name in names} | counts | {"B27010_017E": "-666666666"}
    rows = []
    for number, place in enumerate(sorted({i[:12] for i in _blocks()["GEOID20"]})):
        cells = whole | ({"B25044_001E": "-666666666"} if number % 2 else {})
        rows.append([*(cells[name] for name in names), place[:2], place[2:5], place[5:11], place[11:]])
    return json_reply(json.dumps([[*names, "state", "county", "tract", "block group"], *rows]))


def _hardship() -> bytes:
    tracts: Iterable[str] = sorted({i[:11] for i in _blocks()["GEOID20"]})
    lines = ["ST,STATE,FIPS,E_TOTPOP,RPL_THEMES,EP_UNINSUR,EP_NOVEH"]
    lines += [f"99,Nowhere,{tract},1000,0.{number:02d},-999,12.5" for number, tract in enumerate(tracts, 10)]
    return "\n".join([*lines, "99,Nowhere,99991000100,1000,0.5,1,2"]).encode()


def _deaths(asked: Asked) -> Reply:
    assert asked.query["$where"] == f"fips in ('{FIPS}')"
    periods = (("2025-12-31", "41"), ("2025-11-30", "44"))
    return json_reply(
        json.dumps(
            [
                {"fips": FIPS, "monthendingdate": f"{until}T00:00:00.000", "provisional_drug_overdose": number}
                for until, number in periods
            ]
        )
    )
