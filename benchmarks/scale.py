"""A whole country on paper: hours, memory, disk and cost from what one county costs, as `scale.toml` has it measured.

`python -m benchmarks.scale` prints the tables of `docs/scale.md`, `--write` puts them there.
`python -m benchmarks.scale --measure demo` measures a kind of county anew, to be put into `scale.toml`.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
DOCUMENT = HERE.parent / "docs" / "scale.md"
BEGIN, END = "<!-- python -m benchmarks.scale -->", "<!-- end -->"
_HOUR = 3600.0


@dataclass(frozen=True)
class Kind:
    """A kind of county: its share of counties and areas, and what one costs; `command` says how that was measured."""

    title: str
    counties_share: float
    areas_share: float
    build_cpu_seconds: float
    area_cpu_ms: float
    memory_mb: float
    region_mb: float
    area_bytes: float
    command: str


def read_rates(path: Path = HERE / "scale.toml") -> tuple[dict[str, Any], list[Kind]]:
    """Return the country, and its kinds of county."""
    document = tomllib.loads(path.read_text("utf-8"))
    return document["country"], [Kind(**kind) for kind in document["kinds"].values()]


def tables(country: Mapping[str, Any], kinds: Sequence[Kind]) -> str:
    """Return the tables of the document."""
    lines = [
        "| a county with | counties | building, CPU s | an area, CPU ms | memory, MB | on disk, MB | measured by |"
    ]
    lines.append("| --- | --- | --- | --- | --- | --- | --- |")
    for kind in kinds:
        count = round(kind.counties_share * country["counties"])
        numbers = f"{count:,} | {kind.build_cpu_seconds:,.1f} | {kind.area_cpu_ms:,.1f} | {kind.memory_mb:,.0f}"
        lines.append(f"| {kind.title} | {numbers} | {kind.region_mb:,.0f} | `{kind.command}` |")
    build = sum(kind.counties_share * country["counties"] * kind.build_cpu_seconds for kind in kinds)
    disk = sum(kind.counties_share * country["counties"] * kind.region_mb for kind in kinds) / 1000
    machines = country["processors"]
    price = country["dollars_a_processor_hour"]
    lines += ["", "| " + " | ".join(["work", "processor hours", *(f"hours on {n}" for n in machines)]) + " | cost |"]
    lines.append("| --- |" + " --- |" * (len(machines) + 2))
    cut = country["counties"] * country["state_extract_mb"] * country["cut_cpu_seconds_a_mb"]
    rows = [(f"building {country['counties']:,} counties, streets cut out before", build)]
    rows.append((f"cutting the streets of {country['counties']:,} counties out of whole states", cut))
    for what in ("tracts", "blocks"):
        scored = sum(kind.areas_share * country[what] * kind.area_cpu_ms / 1000 for kind in kinds)
        rows.append((f"scores of {country[what]:,} {what}, every profile", scored))
    for title, seconds in rows:
        hours = [f"{seconds / _HOUR / count:,.1f}" for count in machines]
        cost = f"${seconds / _HOUR * price:,.0f}"
        lines.append("| " + " | ".join([title, f"{seconds / _HOUR:,.0f}", *hours, cost]) + " |")
    lines += ["", "| disk | GB |", "| --- | --- |", f"| {country['counties']:,} regions | {disk:,.0f} |"]
    for what in ("tracts", "blocks"):
        held = sum(kind.areas_share * country[what] * kind.area_bytes for kind in kinds) / 1e9
        lines.append(f"| surfaces of {country[what]:,} {what}, every profile | {held:,.1f} |")
    return "\n".join(lines)


def written(text: str, made: str) -> str:
    """Return the document with its tables made anew."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{made}\n\n{END}{after}"


def measure(name: str, sample: int, *, timetable: bool) -> None:
    """Print what a region costs; the demo is built for it, with or without its timetable, any other is there."""
    from geo.needs.needs import PROFILES, Needs
    from sources.formats.embedded import embedded
    from sources.region import RegionInputs, build_region, open_region
    from sources.region.build import peak_memory_mb
    from sources.region.surface_store import cells_of, score_block

    if name == "demo":
        demo = embedded("demo")
        lists = ("meeting_guide", "bmlt", "findtreatment", "hrsa", "hsds", "recovery_residences")
        inputs = RegionInputs(
            osm=demo / "streets.osm.pbf",
            gtfs=(demo / "gtfs.zip",) if timetable else (),
            resources=tuple(path for one in lists for path in sorted(demo.glob(f"{one}.*"))),
            zones=(demo / "blocks.geojson", demo / "acs.json", *sorted(demo.glob("xx_[rw]ac_*"))),
            fictional=True,
        )
        begun = time.process_time()
        build_region(name, inputs)
        print(f"build_cpu_seconds = {time.process_time() - begun:.1f}")
    region = open_region(name)
    cells = cells_of(region)
    cells = cells.sample(min(sample, len(cells)), random_state=1).sort_values("id")
    begun = time.process_time()
    table = score_block(region.support, cells, Needs(), region.facts.service_date, PROFILES)
    print(f"area_cpu_ms = {1000 * (time.process_time() - begun) / len(cells):.1f}  # {len(cells)} areas")
    print(f"memory_mb = {peak_memory_mb()}")
    files = [path for path in region.folder.rglob("*") if path.is_file()]
    print(f"region_mb = {sum(path.stat().st_size for path in files) / 1e6:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        table.to_parquet(Path(folder) / "surface.parquet", index=False, compression="zstd")
        size = (Path(folder) / "surface.parquet").stat().st_size
    print(f"area_bytes = {size / len(cells):.1f}")


def main() -> None:
    """Print the tables, write them into the document, or measure a kind of county."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--measure", metavar="REGION")
    parser.add_argument("--sample", type=int, default=1_000_000)
    parser.add_argument("--without-timetable", action="store_true")
    parser.add_argument("--warm", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure and not asked.warm:
        again = [sys.executable, "-m", "benchmarks.scale", "--warm", *sys.argv[1:]]
        for more in (["--sample", "8"], []):  # once to compile, then in a process that has only this to do
            with tempfile.TemporaryDirectory() as home:
                variables = os.environ | ({"RECOVERY_REACH_HOME": home} if asked.measure == "demo" else {})
                done = subprocess.run([*again, *more], env=variables, stdout=subprocess.PIPE, text=True, check=True)
        print(done.stdout, end="")
        return
    if asked.measure:
        measure(asked.measure, asked.sample, timetable=not asked.without_timetable)
        return
    made = tables(*read_rates())
    if asked.write:
        DOCUMENT.write_text(written(DOCUMENT.read_text("utf-8"), made), "utf-8")
    else:
        print(made)


if __name__ == "__main__":
    main()
