"""What the sources must bear: a large extract, a million rows, a region opened, a box read, an address found.

    python -m benchmarks.sources                       every part, the shortest first
    python -m benchmarks.sources boxes gazetteers      some of rows, boxes, opening, gazetteers, extract
    python -m benchmarks.sources --shared DATA         the gazetteers of the regions in DATA too
    python -m benchmarks.sources extract --extract-mb 30

The large extract is the fictional demo county, laid side by side until the file is that large, and built in a fresh
process. Seconds are of CPU, so that other work on the machine counts little; memory is the most that a process held.
Prints a Markdown table, each part as soon as it is done.
"""

import argparse
import csv
import io
import json
import math
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sources.formats.embedded import embedded

PARTS = ("opening", "boxes", "gazetteers", "rows", "extract")
ROWS = 1_000_000
QUERIES = 40
_TILE_DEGREES = 0.3
_TILE_IDS = 1_000_000_000
_BUILD = """
import json, resource, sys, time
from pathlib import Path
from sources.region import RegionInputs, build_region
began = time.process_time()
steps = build_region("large", RegionInputs(Path(sys.argv[1]))).as_dict()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
costs = {"seconds": time.process_time() - began, "peak_gb": peak, "steps": steps["seconds"], "totals": steps["totals"]}
print(json.dumps(costs))
"""
_OPEN = """
import json, resource, sys, time
import sources.region
began, wall = time.process_time(), time.perf_counter()
region = sources.region.manage.open_region(sys.argv[1])
opened = time.process_time() - began, time.perf_counter() - wall
print(json.dumps({"cpu": opened[0], "wall": opened[1]}))
"""


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all without")
    parser.add_argument("--shared", type=Path, help="folder of the shared real data")
    parser.add_argument("--extract-mb", type=int, default=300, help="size of the large extract")
    parser.add_argument("--work", type=Path, help="folder for the large extract; a temporary one without")
    given = parser.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}; the parts are {', '.join(PARTS)}")
    sys.stdout.write("| what | measured | memory |\n| --- | --- | --- |\n")
    with tempfile.TemporaryDirectory(dir=given.work) as folder:
        os.environ["RECOVERY_REACH_HOME"] = str(Path(folder) / "home")
        make: dict[str, Callable[[], list[tuple[str, str, str]]]] = {
            "opening": opening,
            "boxes": lambda: boxes(Path(folder)),
            "gazetteers": lambda: gazetteers(given.shared),
            "rows": a_million_rows,
            "extract": lambda: large_extract(Path(folder), given.extract_mb),
        }
        for part in given.parts or PARTS:
            for what, measured, memory in make[part]():
                sys.stdout.write(f"| {what} | {measured} | {memory} |\n")
                sys.stdout.flush()


def large_extract(folder: Path, megabytes: int) -> list[tuple[str, str, str]]:
    """Build a region from the demo county laid side by side, in a process of its own."""
    path = folder / "large.osm.pbf"
    tiles = tile(path, megabytes * 1_000_000)
    done = subprocess.run([sys.executable, "-c", _BUILD, str(path)], capture_output=True, text=True, check=True)
    result = json.loads(done.stdout.splitlines()[-1])
    size = path.stat().st_size / 1e6
    steps = ", ".join(f"{name.lower()} {seconds:.0f} s" for name, seconds in result["steps"].items() if seconds >= 1)
    opened = json.loads(_run(_OPEN, "large"))
    return [
        (
            f"region of an extract of {size:.0f} MB ({tiles} counties, {result['totals']['links']:,} links): {steps}",
            f"{result['seconds']:.0f} s", f"{result['peak_gb']:.1f} GB",
        ),
        ("open it", f"{opened['cpu']:.2f} s, {opened['wall']:.2f} s by the clock", ""),
    ]  # fmt: skip


def tile(path: Path, least_bytes: int) -> int:
    """Write the demo county side by side until the file is large enough; return how many times."""
    import osmium
    from osmium import osm

    objects = list(_plain(osmium.FileProcessor(str(embedded("demo", "streets.osm.pbf")))))
    size = embedded("demo", "streets.osm.pbf").stat().st_size
    count = math.ceil(least_bytes / size * 1.02)  # counties in one file share a little
    side = math.ceil(math.sqrt(count))
    # unpacked, as the generator writes the county itself
    writer = osmium.SimpleWriter(osmium.io.File(str(path), "pbf,pbf_compression=none"), overwrite=True)
    try:
        for kind in "nwr":
            for k in range(count):
                east, north, ids = (k % side) * _TILE_DEGREES, (k // side) * _TILE_DEGREES, k * _TILE_IDS
                for own, number, tags, more in objects:
                    if own != kind:
                        continue
                    if kind == "n":
                        place = (more[0] + east, more[1] + north)
                        writer.add_node(osm.mutable.Node(id=number + ids, location=place, tags=tags))
                    elif kind == "w":
                        writer.add_way(osm.mutable.Way(id=number + ids, nodes=[n + ids for n in more], tags=tags))
                    else:
                        members = [(t, n + ids, role) for t, n, role in more]
                        writer.add_relation(osm.mutable.Relation(id=number + ids, members=members, tags=tags))
    finally:
        writer.close()
    return count


def _plain(objects: Any) -> Any:
    """Yield kind, id, tags, and location, nodes or members of each object."""
    for one in objects:
        tags = {tag.k: tag.v for tag in one.tags}
        if one.is_node():
            yield "n", one.id, tags, (one.location.lon, one.location.lat)
        elif one.is_way():
            yield "w", one.id, tags, [node.ref for node in one.nodes]
        else:
            yield "r", one.id, tags, [(member.type, member.ref, member.role) for member in one.members]


def a_million_rows() -> list[tuple[str, str, str]]:
    """Read, clean and validate a table of a million places."""
    from geo.tables import RESOURCES, validate
    from sources.adapter.source import ParseContext
    from sources.cleaning.bounds import Bounds
    from sources.cleaning.report import count
    from sources.resources import table

    chance = random.Random(1)  # noqa: S311  chance, not secrets
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(["id", "name", "category", "lat", "lon", "address", "city", "state", "zip", "phone", "url", "beds"])
    for k in range(ROWS):
        kind = ("food", "pharmacy", "primary care", "unknown thing")[k % 4 if k % 50 else 3]
        place = (f"{39 + chance.random() / 4:.6f}", f"{-85 + chance.random() / 4:.6f}")
        row = [k, f"Invented Place {k}", kind, *place, f"{k % 999} Main Street", "Covington", "KY", "41011"]
        rows.writerow([*row, "859-555-0100", f"https://example.org/{k}", k % 20])
    raw = written.getvalue().encode()
    del written
    parsed, reading = _timed(lambda: table.parse(raw, ParseContext("x.csv", bounds=Bounds(-86, 38, -83, 40))))
    counts = count(parsed)
    _, validating = _timed(lambda: validate(parsed.tables["resources"], RESOURCES))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return [
        (f"{counts.rows_in:,} rows of a list read and cleaned, {counts.set_aside:,} set aside", f"{reading:.0f} s", ""),
        (f"{counts.kept + counts.repaired:,} resources validated", f"{validating:.1f} s", f"{peak:.1f} GB in all"),
    ]


def boxes(folder: Path) -> list[tuple[str, str, str]]:
    """Read boxes of a million resources on disk."""
    import numpy as np
    import pandas as pd

    from geo.tables import RESOURCES, conform
    from sources.cleaning.bounds import Bounds
    from sources.region.resource_table import read_places, write_places

    chance = np.random.default_rng(1)
    table = pd.DataFrame({"resource_id": [f"x:{k:07d}" for k in range(ROWS)], "source": "x", "name": "A place"})
    table = table.assign(dimension="home", category="food", location_precision="rooftop", address="1 Main Street")
    table["lon"], table["lat"] = chance.uniform(-86, -83, ROWS), chance.uniform(38, 41, ROWS)
    write_places(folder / "places.parquet", conform(table, RESOURCES))
    seconds, boxed = [], 0
    for k in range(QUERIES):
        west, south = -86 + 2.8 * ((k * 7) % QUERIES) / QUERIES, 38 + 2.8 * k / QUERIES
        box, taken = _timed(
            lambda: read_places(folder / "places.parquet", Bounds(west, south, west + 0.2, south + 0.2))  # noqa: B023
        )
        seconds.append(taken)
        boxed = max(boxed, len(box))
    return [(f"a box of {ROWS:,} resources (up to {boxed:,} in it)", _median_and_most(seconds), "")]


def opening() -> list[tuple[str, str, str]]:
    """Open the demo region in fresh processes."""
    from sources.region import build_demo

    build_demo()
    taken = [json.loads(_run(_OPEN, "demo"))["cpu"] for _ in range(5)]
    return [("open the demo region, every checksum checked", _median_and_most(taken), "")]


def gazetteers(shared: Path | None) -> list[tuple[str, str, str]]:
    """Look for addresses, crossings and names, half of them misspelt, in each region's gazetteer."""
    import pandas as pd

    from sources.places.gazetteer import find
    from sources.places.gazetteer_index import index_of

    paths = {"demo": embedded("demo", "streets.osm.pbf")}
    if shared is not None:
        paths |= {folder.name: next(folder.glob("*.pbf")) for folder in sorted((shared / "regions").iterdir())}
    matched, tables = [], {name: _gazetteer(path) for name, path in paths.items()}
    many = pd.concat([_respelt(tables["demo"], k) for k in range(20)], ignore_index=True)
    for name, gazetteer in (tables | {"20 demo counties, respelt": many}).items():
        _, indexing = _timed(lambda: index_of(gazetteer))  # noqa: B023
        texts = gazetteer["text"].sample(QUERIES // 2, random_state=1).tolist()
        queries = texts + [text[:3] + text[4:] for text in texts]
        taken = [_timed(lambda: find(gazetteer, query))[1] for query in queries]  # noqa: B023
        what = f"find a place among {len(gazetteer):,} ({name}; indexed once in {indexing:.2f} s)"
        matched.append((what, _median_and_most(taken), ""))
    return matched


def _gazetteer(path: Path) -> Any:
    import numpy as np
    import pandas as pd

    from geo.crs import local_crs
    from geo.streets.build import StreetSettings, build_streets
    from geo.tables import RESOURCES, conform
    from sources.networks.osm import read_streets
    from sources.networks.osm_features import read_features
    from sources.places.gazetteer import build_gazetteer

    elements = read_streets(path)
    crs = local_crs(float(np.mean(elements.node_lon)), float(np.mean(elements.node_lat)))
    streets = build_streets(elements, crs, StreetSettings())
    return build_gazetteer(read_features(path), streets, conform(pd.DataFrame(), RESOURCES))


def _respelt(gazetteer: Any, k: int) -> Any:
    """Return a gazetteer whose longer words end in another letter, as another county's names would differ."""
    from sources.cleaning.normalize import normalize

    texts = [
        " ".join(word + chr(97 + k) if len(word) > 4 and word.isalpha() else word for word in text.split())
        for text in gazetteer["text"]
    ]
    return gazetteer.assign(text=texts, search=[normalize(text) for text in texts])


def _run(program: str, *arguments: str) -> str:
    done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-1]


def _timed(action: Callable[[], Any]) -> tuple[Any, float]:
    """Return what an action gives, and its seconds of CPU."""
    began = time.process_time()
    given = action()
    return given, time.process_time() - began


def _median_and_most(seconds: list[float]) -> str:
    return f"{statistics.median(seconds) * 1000:.0f} ms, at most {max(seconds) * 1000:.0f} ms"


if __name__ == "__main__":
    main()
