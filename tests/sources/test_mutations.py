"""Feeds of cities that are in no sample: every parser on mutated real rows crashes on nothing and loses nothing.

A document is mutated (types swapped, fields gone, nested, huge numbers, NUL, surrogates) and its bytes too (cut,
flipped, another encoding). What must come is tables that keep their declaration and counts that add up, or one
sentence.
"""

import copy
import csv
import io
import json
import random
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.errors import RecoveryReachError
from geo.tables import TABLES, validate
from sources.adapter.source import ParseContext
from sources.cleaning.bounds import Bounds
from sources.cleaning.report import count
from sources.formats.embedded import embedded
from sources.registry import SOURCES, source_called
from sources.resources.located import COLUMNS
from tests.sources.adapter.test_job_rows import announcement, job
from tests.sources.region.test_fetch_plan import CLINIC, center
from tests.sources.resources.test_residence_lists import HOME, PAGE
from tests.sources.zones.test_acs import answer

ROWS = 12
"""Of a sample: enough for rows that differ, few enough to mutate many times."""

STRANGE: tuple[Any, ...] = (
    None, True, False, 0, -1, 7, 10**400, 1e308, -1e-308, "", " ", "\0", "\ud800", "a" * 5000, "a;b " * 9000,
    "1" * 5000,
    "&#" + "1" * 5000, "fr" * 60, "<b>x</b>", "{{7*7}}",
    "=1+1", "nan", "NaN", "-", "0", "99999999999999999999", "25:99", "٣", "\u202e", [], {}, [[]], [None], [{}],
    {"a": {}}, ["x", 1, None], {"": ""}, [[["deep"]]], "2026-13-45", "90", "-180", "0,0", "é\u0301",
)  # fmt: skip


def sample_paths(shared: Path) -> dict[str, list[Path]]:
    """Return source → its real samples and those of the demo county."""
    feeds, demo = shared / "feeds", embedded("demo")
    return {
        "meeting_guide": [*sorted((feeds / "meeting_guide").glob("a*.json")), feeds / "meeting_guide" / "oc.json"],
        "bmlt": [feeds / "bmlt/bmlt_newyork_getsearchresults.json", demo / "bmlt.json"],
        "findtreatment": [*sorted((feeds / "findtreatment").glob("*.json")), demo / "findtreatment.json"],
        "hrsa": [*sorted((feeds / "hrsa").glob("*.csv")), demo / "hrsa.csv"],
        "nppes": sorted((feeds / "nppes").glob("*.json")),
        "job_centers": [feeds / "careeronestop/ajc_response_schema.json"],
        "hsds": [*sorted((feeds / "hsds").glob("*.json*")), demo / "hsds.json"],
        "recovery_residences": [demo / "recovery_residences.csv"],
        "table": [*sorted((feeds / "philadelphia").glob("*.csv")), feeds / "philadelphia/tracts_with_data.geojson"],
        "lodes": sorted((feeds / "lodes").glob("*.csv")),
        "grid": [shared / "regions/nky/people_grid.csv", shared / "regions/poa/poa_hexgrid.csv"],
        "blocks": [feeds / "philadelphia/tracts_with_data.geojson"],
        "vulnerability": [feeds / "demographics/SVI2018_US_COUNTY.csv"],
        "mobility_database": sorted((feeds / "mobility_database").glob("*.csv")),
    }


INVENTED = {
    "nppes": json.dumps({"results": [CLINIC]}).encode(),
    "job_centers": json.dumps({"OneStopCenterList": [center(1)]}).encode(),
    "population": json.dumps(
        [["P1_001N", "state", "county", "tract", "block"], ["57", "21", "117", "065000", "1000"]] * 2
    ).encode(),
    "acs": json.dumps(answer({"place": "211170650001"}, {"place": "211170650002"})).encode(),
    "overdose": json.dumps(
        [{"fips": 21117, "monthendingdate": f"2026-0{m}-01", "provisional_drug_overdose": "57"} for m in (1, 2)]
    ).encode(),
    "mash": json.dumps([HOME, HOME]).encode(),
    "oxford_house": PAGE.encode(),
    "usajobs": json.dumps({"SearchResult": {"SearchResultItems": [announcement(1)]}}).encode(),
    "adzuna": json.dumps({"results": [job(1)]}).encode(),
    "osm_features": json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {"element": "node", "id": number, "amenity": kind, "name": "Corner", "phone": "5"},
                    "geometry": {"type": "Point", "coordinates": [-84.5, 39.0]},
                }
                for number, kind in ((1, "pharmacy"), (2, "bar"))
            ],
        }
    ).encode(),
    "located": (",".join(COLUMNS) + "\n1 Main St,Covington,41011,-84.5,39.0,census\n").encode(),
}


@cache
def documents(shared: Path, name: str) -> list[tuple[str, Any]]:
    """Return file name and a few rows of each sample of a source: parsed JSON, or bytes."""
    samples: list[tuple[str, Any]] = []
    for path in sample_paths(shared).get(name, []):
        raw = path.read_bytes()
        if path.suffix in (".json", ".geojson"):
            samples.append((path.name, shortened(json.loads(raw))))
        else:
            samples.append((path.name, b"\n".join(raw.split(b"\n")[: ROWS + 1])))
    if name in INVENTED:
        raw = INVENTED[name]
        samples.append((f"{name}.html", raw) if raw[:1] not in b"[{" else (f"{name}.json", json.loads(raw)))
    return samples


def shortened(value: Any) -> Any:
    """Return a document whose long lists keep a few, evenly taken."""
    if isinstance(value, list):
        step = max(1, len(value) // ROWS)
        return [shortened(one) for one in (value[::step][:ROWS] if len(value) > 40 else value)]
    if isinstance(value, dict):
        return {key: shortened(one) for key, one in value.items()}
    return value


def mutated(document: Any, chance: random.Random, times: int) -> Any:
    """Return a document in which some values were swapped for strange ones, moved, nested, doubled or taken out."""
    document = copy.deepcopy(document)
    for _ in range(times):
        places = [(box, key) for box in boxes(document) for key in (box if isinstance(box, dict) else range(len(box)))]
        if not places:
            return chance.choice(STRANGE)
        box, key = chance.choice(places)
        action = chance.randrange(6)
        if action == 0:
            del box[key]
        elif action == 1:
            box[key] = [box[key]]
        elif action == 2:
            box[key] = {"value": box[key]}
        elif action == 3:
            other, at = chance.choice(places)
            box[key] = (
                copy.deepcopy(other[at]) if at in (other if isinstance(other, dict) else range(len(other))) else 0
            )
        elif action == 4:
            box[key] = str(box[key])
        else:
            box[key] = copy.deepcopy(chance.choice(STRANGE))
    return document


def boxes(value: Any) -> list[Any]:
    """Return every list and record of a document."""
    inside, queue = [], [value]
    while queue:
        one = queue.pop()
        if isinstance(one, dict | list):
            inside.append(one)
            queue += one.values() if isinstance(one, dict) else one
    return inside


def mutated_table(raw: bytes, chance: random.Random, times: int) -> bytes:
    """Return a CSV or page in which cells were swapped for strange ones; headings too, sometimes."""
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8", "replace"), newline="")))
    for _ in range(times):
        row = chance.choice(rows[: 1 if chance.random() < 0.1 else None])
        if row:
            row[chance.randrange(len(row))] = str(chance.choice(STRANGE)).replace("\0", "\x00")
        if chance.random() < 0.1 and row:
            del row[chance.randrange(len(row)) :]
        if chance.random() < 0.05:
            row += row
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue().encode("utf-8", "surrogatepass")


def spoiled(raw: bytes, chance: random.Random) -> bytes:
    """Return bytes cut, flipped, repeated, or in another encoding."""
    actions: list[Callable[[], bytes]] = [
        lambda: raw,
        lambda: raw[: chance.randrange(len(raw) + 1)],
        lambda: raw[: (at := chance.randrange(len(raw) + 1))] + bytes([chance.randrange(256)]) + raw[at + 1 :],
        lambda: raw.decode("utf-8", "replace").encode("utf-16"),
        lambda: b"\xef\xbb\xbf" + raw,
        lambda: raw.decode("utf-8", "replace").encode("latin-1", "replace"),
        lambda: raw.replace(b"\n", b"\r"),
        lambda: raw + raw,
        lambda: raw.replace(b"a", b"\0", 3),
    ]
    return chance.choice([actions[0]] * 8 + actions)()


def check(name: str, file_name: str, raw: bytes, bounds: Bounds | None) -> None:
    """Parse, and hold what is promised of any bytes."""
    source = source_called(name)
    assert source
    assert source.parse
    source.recognizes(file_name, raw[:65_536])
    context = ParseContext(
        file_name, bounds=bounds, category="food" if name == "table" else None, locate=lambda *_: (-84.5, 39.0)
    )
    sentence = None
    try:
        parsed = source.parse(raw, context)
    except RecoveryReachError as problem:
        sentence = str(problem)
    if sentence is not None:
        assert sentence.strip()
        assert "\n" not in sentence
        assert len(sentence) < 1000
        return
    count(parsed)
    for table in TABLES:
        if table.name in parsed.tables and table.name != "zones":
            validate(parsed.tables[table.name], table)
        for column in table.columns if table.name in parsed.tables else ():
            if column.longest is not None:
                assert (parsed.tables[table.name][column.name].str.len().fillna(0) <= column.longest).all(), column
    json.dumps(parsed.set_aside.astype(object).where(parsed.set_aside.notna(), None).to_dict("records")).encode()


READERS = [source.name for source in SOURCES if source.parse is not None]


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32), times=st.integers(0, 12))
def test_no_feed_crashes_a_parser_or_loses_a_row(shared: Path, name: str, seed: int, times: int) -> None:
    chance = random.Random(seed)  # noqa: S311  chance, not secrets
    choices = documents(shared, name)
    if not choices:
        pytest.skip(f"there is no sample of {name}")
    file_name, sample = chance.choice(choices)
    if isinstance(sample, bytes):
        raw = mutated_table(sample, chance, times)
    else:
        raw = json.dumps(mutated(sample, chance, times), ensure_ascii=chance.random() < 0.5).encode(
            "utf-8", "surrogatepass"
        )
    bounds = chance.choice(
        [None, Bounds(-180, -90, 180, 90), Bounds(-84.7, 38.9, -84.3, 39.2), Bounds(-76, 39, -74, 41)]
    )
    check(name, file_name, spoiled(raw, chance), bounds)


def test_every_reader_has_a_sample(shared: Path) -> None:
    assert set(READERS) == {name for name in READERS if documents(shared, name)}
