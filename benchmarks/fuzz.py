"""Hold parsers against inputs that a fuzzer finds by the lines they reach: `make fuzz`, ten minutes a parser.

    python -m benchmarks.fuzz [--seconds 600] [--kept FOLDER] [PARSER ...]

Each parser answers anything with a result or a sentence (`RecoveryReachError`), within ten seconds and 2 GB. What ends
otherwise is kept in the folder, as are the inputs that reached a new line, with which the next run begins. An input is
run again with `python -m benchmarks.fuzz --again FILE PARSER`. What was found stands in docs/trust.md.
"""

import argparse
import importlib
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from geo.errors import RecoveryReachError

ROOT = Path(__file__).parents[1]
DEMO = ROOT / "data" / "demo"
SECONDS, MEGABYTES, MOST_BYTES = 10, 2048, 20_000
WATCHED = (
    "sources.cleaning", "sources.formats", "sources.adapter", "sources.resources", "sources.networks",
    "sources.places", "geo.clock", "geo.needs", "geo.opening_hours", "geo.scenarios.toml_reader", "geo.toml_table",
    "tomllib",
)  # fmt: skip
"""Whose lines guide the fuzzer; compiled loops can't be watched."""

Parser = Callable[[bytes], object]
_APART = b"\x1e"
_FILES = (
    "agency.txt", "stops.txt", "routes.txt", "trips.txt", "stop_times.txt", "calendar.txt", "calendar_dates.txt",
    "frequencies.txt", "transfers.txt", "pathways.txt", "shapes.txt", "location_groups.txt",
    "location_group_stops.txt", "booking_rules.txt", "locations.geojson",
)  # fmt: skip


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _json(raw: bytes) -> object:
    from sources.formats.json_strict import read_json

    return read_json(raw, "f.json")


def _parse(source: str, file_name: str, **context: Any) -> Parser:
    def parse(raw: bytes) -> object:
        from sources.adapter.source import ParseContext
        from sources.cleaning.report import count
        from sources.registry import source_called

        found = source_called(source)
        if found is None or found.parse is None:
            raise LookupError(source)
        found.recognizes(file_name, raw)
        return count(found.parse(raw, ParseContext(file_name, locate=lambda *_: (-84.5, 39.0), **context)))

    return parse


def _timetable(raw: bytes) -> object:
    """Read a timetable whose files stand one after the other, so that the fuzzer needn't make archives."""
    from sources.networks.gtfs import read_timetables

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in zip(_FILES, raw.split(_APART), strict=False):
            archive.writestr(name, content)
    return read_timetables([("town", packed.getvalue())])


def _osm_tags(raw: bytes) -> object:
    from sources.adapter.source import ParseContext
    from sources.cleaning.report import count
    from sources.networks.osm_features import FEATURE_TAGS, feature_kind
    from sources.networks.osm_files import object_fields, opl_tags
    from sources.resources.osm import parse_features

    rows, columns = [], FEATURE_TAGS.split()
    for number, line in enumerate(_text(raw).split("\n")[:20]):
        tags = opl_tags(object_fields(line.split(" ")).get("T", ""), frozenset(columns))
        place = {"kind": feature_kind(tags), "osm_type": "n", "osm_id": number, "lon": -84.5, "lat": 39.0}
        rows.append(dict.fromkeys(columns) | tags | place)
    table = pd.DataFrame(rows).astype(dict.fromkeys(("kind", "osm_type", *columns), "string"))
    return count(parse_features(table, ParseContext("town.osm")))


def _opening_hours(raw: bytes) -> object:
    from geo.opening_hours import open_until, opens_next, read_hours, weekly_hours
    from sources.cleaning.opening_hours import osm_hours
    from sources.cleaning.report import Notes

    text = _text(raw)
    read_hours.cache_clear()
    weekly_hours(text)
    kept = osm_hours(text, Notes("f"))
    hours = read_hours(kept) if kept else None
    day = date(2026, 12, 25)
    return hours and (open_until(hours, day, 600, "US"), opens_next(hours, day, 600, "US"))


def _toml(raw: bytes) -> object:
    from geo.needs.needs import needs_from_toml
    from geo.scenarios.toml_reader import scenario_from_toml

    answers: list[object] = []
    for read in (needs_from_toml, scenario_from_toml):
        try:
            answers.append(read(raw))
        except RecoveryReachError as problem:
            answers.append(str(problem))
    return answers


@cache
def _gazetteer() -> pd.DataFrame:
    kinds = ("address", "address", "street", "crossing", "place", "zip")
    texts = ("100 Elm St, Kent", "102 Elm St, Kent", "Elm St, Kent", "Elm St & Oak Ave", "Kent", "41011")
    from sources.cleaning.normalize import normalize

    return pd.DataFrame(
        {
            "kind": pd.Series(kinds, dtype="string"),
            "text": pd.Series(texts, dtype="string"),
            "search": pd.Series([normalize(text) for text in texts], dtype="string"),
            "lon": [-84.5 + number / 1000 for number in range(len(kinds))],
            "lat": [39.0] * len(kinds),
        }
    )


def _address(raw: bytes) -> object:
    from sources.places.gazetteer import find, locate_address

    text = _text(raw)[:300]  # as `look_up` does
    street, _, town = text.partition(",")
    return locate_address(_gazetteer(), street, town, "41011"), find(_gazetteer(), text)


PARSERS: dict[str, tuple[Parser, Callable[[], Sequence[bytes]]]] = {
    "json": (_json, lambda: [b'[{"a": [1, -2.5e3, null, true], "b": "\\u00e9"}]']),
    "gtfs": (_timetable, lambda: [_sound_timetable()]),
    "csv": (_parse("table", "food.csv", category="food"), lambda: [_lines(DEMO / "recovery_residences.csv", 6)]),
    "hsds": (_parse("hsds", "hsds.json"), lambda: [_services()]),
    "osm_tags": (
        _osm_tags,
        lambda: [
            b"n1 Tamenity=pharmacy,name=A%20%B,opening_hours=Mo-Fr%20%09:00-17:00,addr:street=Elm\nn2 Tleisure=park"
        ],
    ),
    "opening_hours": (
        _opening_hours,
        lambda: [b"Mo-Fr 09:00-17:00; Sa[1,-1] 10:00-12:00; PH off", b"Monday to Friday 9am - 5pm, closed on holidays"],
    ),
    "toml": (
        _toml,
        lambda: [
            b'weekly_budget_usd = 150\nshifts = [{days = ["monday"], start = "08:00", end = "16:00"}]\n',
            b'title = "Later"\n[[route.later]]\nroute = "1"\nuntil = "23:00"\n',
        ],
    ),
    "addresses": (_address, lambda: [b"100-102 Elm Street Apt 3, Kent", b"Elm St & Oak Ave", b"39.0837,-84.5086"]),
}
"""Name → what is held, and inputs to begin with."""


def _lines(path: Path, number: int) -> bytes:
    return b"\n".join(path.read_bytes().split(b"\n")[:number])


def _services() -> bytes:
    document = json.loads((DEMO / "hsds.json").read_bytes())
    return json.dumps(document[:2] if isinstance(document, list) else document).encode()


def _sound_timetable() -> bytes:
    return _APART.join(
        text.encode()
        for text in (
            "agency_id,agency_name,agency_url,agency_timezone\n1,Bus,http://example.org,America/New_York\n",
            "stop_id,stop_name,stop_lat,stop_lon\nA,First,39.0,-84.0\nB,Second,39.0,-84.01\nC,Third,39.0,-84.04\n",
            "route_id,agency_id,route_short_name,route_long_name,route_type\nr,1,25,Airport,3\n",
            "route_id,service_id,trip_id,trip_headsign\nr,wk,t1,Airport\n",
            "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nt1,08:00:00,08:00:00,A,1\nt1,08:40:00,,C,3\n",
            "service_id,monday,tuesday,wednesday,start_date,end_date\nwk,1,1,1,20240301,20240331\n",
            "service_id,date,exception_type\nwk,20240305,2\n",
            "trip_id,start_time,end_time,headway_secs\nt1,06:00:00,07:00:00,600\n",
            "from_stop_id,to_stop_id,transfer_type,min_transfer_time\nA,B,2,60\n",
        )
    )


def hold(parser: Parser, raw: bytes) -> None:
    """Run a parser; a sentence is an answer too."""
    try:
        parser(raw)
    except RecoveryReachError as problem:
        if not str(problem).strip() or "\n" in str(problem):
            raise


def fuzz(name: str, seconds: int, kept: Path) -> None:
    """Fuzz one parser in this process, which ends with it."""
    import atheris

    inputs = kept / name
    inputs.mkdir(parents=True, exist_ok=True)
    parser, begin_with = PARSERS[name]
    for number, raw in enumerate(begin_with()):
        (inputs / f"begin-{number}").write_bytes(raw)
    with atheris.instrument_imports(include=list(WATCHED)):
        for module in ("sources.registry", "sources.networks.gtfs", "sources.places.gazetteer", "geo.opening_hours"):
            importlib.import_module(module)
    limits = {
        "max_total_time": seconds, "timeout": SECONDS, "rss_limit_mb": MEGABYTES, "max_len": MOST_BYTES,
        "print_final_stats": 1, "verbosity": 0,
    }  # fmt: skip
    options = [f"-{option}={value}" for option, value in limits.items()]
    atheris.Setup([name, *options, f"-artifact_prefix={kept / name}-", str(inputs)], lambda raw: hold(parser, raw))
    atheris.Fuzz()


def main(given: Sequence[str] | None = None) -> int:
    """Fuzz parsers one after the other; return how many met an input that they don't answer."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("parsers", nargs="*", choices=[[], *PARSERS], default=[])
    asked.add_argument("--seconds", type=int, default=600)
    asked.add_argument("--kept", type=Path, default=ROOT / ".fuzz")
    asked.add_argument("--again", type=Path)
    asked.add_argument("--here", action="store_true", help="in this process")
    said = asked.parse_args(given)
    if said.again:
        hold(PARSERS[said.parsers[0]][0], said.again.read_bytes())
        return 0
    if said.here:
        fuzz(said.parsers[0], said.seconds, said.kept)
    broken = []
    for name in said.parsers or PARSERS:
        command = [sys.executable, "-m", "benchmarks.fuzz", name, "--here", "--seconds", str(said.seconds)]
        done = subprocess.run(
            [*command, "--kept", str(said.kept)], cwd=ROOT, check=False, stderr=subprocess.PIPE, text=True
        )
        counted = [line for line in done.stderr.splitlines() if "number_of_executed_units" in line]
        tried = counted[0].split()[-1] if counted else "?"
        sys.stdout.write(
            f"{name}: {tried} inputs, {'none that breaks it' if not done.returncode else 'one breaks it'}\n"
        )
        sys.stdout.flush()
        if done.returncode:
            broken.append(name)
            sys.stdout.write(done.stderr[-4000:] + "\n")
    return len(broken)


if __name__ == "__main__":
    sys.exit(main())
