"""Every hostile file at hand has its outcome here, as design/TRUST.md has it, within 200 MB more memory."""

import json
import os
import subprocess
import sys
import textwrap
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from geo.errors import SourceError
from sources.adapter.source import ParseContext
from sources.cleaning.report import Parsed, count
from sources.formats.csv_text import MOST_CELLS, MOST_ROWS, read_csv
from sources.formats.json_strict import MOST_VALUES, read_json
from sources.registry import SOURCES
from sources.resources import table
from sources.zones import blocks

ROOT = Path(__file__).parents[2]
AS_PLACES = {
    "refused": (
        "bad-json bad-object-type featurecollection-obj featurecollection-type-case featurecollection notype point "
        "rootstring unknowntype"
    ),
    "set_aside": (
        "bad-duplicate-properties bad-featurelist bad-polygonloop bad-properties-as-array badcoordtype badfeature "
        "different-first-size expected_object false multipoint-multidimension multipoint-nondimension nofeaturetype "
        "point-labeled-as-a-multipolygon point-string point-toofew short-line short-multilinestring"
    ),
    "used": (
        "bad-polygon-interiorring-rhr badcoord badfeatureid bbox-4or6elements bbox-contains-string bbox-string "
        "different-first-last excessive_precision_truncated feature_changed_semantics "
        "featurecollection_changed_semantics geometry_changed_semantics geometrycollection_nested "
        "geometrycollection_single point-toomany polygon_winding_order short-linearring"
    ),
    "some": "multiple_problems stringcoord",
}
"""Outcome → files of `geojson-hint`, read as a list of places: a point or outline that can be told is used, whatever
else is said (a box, a winding, a third coordinate); what can't be is set aside; what is no GeoJSON is refused."""

AS_ZONES = {
    "refused": (
        "bad-featurelist bad-json bad-object-type badcoord badfeature featurecollection-obj featurecollection "
        "multipoint-multidimension multipoint-nondimension nofeaturetype notype point point-string point-toofew "
        "rootstring unknowntype"
    ),
    "set_aside": (
        "bad-duplicate-properties bad-polygonloop bad-properties-as-array badcoordtype different-first-last "
        "expected_object false point-labeled-as-a-multipolygon short-line short-linearring short-multilinestring"
    ),
    "used": (
        "bad-polygon-interiorring-rhr badfeatureid bbox-4or6elements bbox-contains-string bbox-string "
        "different-first-size excessive_precision_truncated feature_changed_semantics featurecollection-type-case "
        "featurecollection_changed_semantics geometry_changed_semantics geometrycollection_nested "
        "geometrycollection_single point-toomany polygon_winding_order"
    ),
    "some": "multiple_problems stringcoord",
}


def outcome(parse: Callable[[bytes, ParseContext], Parsed], path: Path) -> str:
    try:
        counts = count(parse(path.read_bytes(), ParseContext(path.name, category="food")))
    except SourceError as problem:
        return "refused" if "\n" not in str(problem) and path.name in str(problem) else str(problem)
    used = counts.kept + counts.repaired
    return "used" if used == counts.rows_in else "some" if used else "set_aside"


@pytest.mark.parametrize(("parse", "expected"), [(table.parse, AS_PLACES), (blocks.parse, AS_ZONES)])
def test_every_geojson_that_lies(
    shared: Path, parse: Callable[[bytes, ParseContext], Parsed], expected: dict[str, str]
) -> None:
    paths = sorted((shared / "badinputs" / "geojson-hint").glob("*.geojson"))
    outcomes = {path.stem: outcome(parse, path) for path in paths}
    assert outcomes == {stem: result for result, stems in expected.items() for stem in stems.split()}


READERS = [source.name for source in SOURCES if source.parse is not None]


@pytest.mark.parametrize("name", READERS)
def test_no_reader_takes_invalid_json_or_ends_in_a_traceback(shared: Path, name: str) -> None:
    source = next(source for source in SOURCES if source.name == name)
    assert source.parse
    for path in sorted((shared / "badinputs" / "json-testsuite").glob("*.json")):
        raw = path.read_bytes()
        is_json_to_it = source.parse in (table.parse, blocks.parse) or raw.lstrip()[:1] in (b"{", b"[")
        sentence = None
        try:
            count(source.parse(raw, ParseContext("x.json", category="food")))
        except SourceError as problem:
            sentence = str(problem)
        if sentence is not None:
            assert "\n" not in sentence
        else:
            assert not (path.name.startswith("n_") and is_json_to_it and name in JSON_READERS), path.name


JSON_READERS = {source.name for source in SOURCES} - {
    "hrsa", "recovery_residences", "oxford_house", "located", "lodes", "grid", "vulnerability", "mobility_database",
}  # fmt: skip


def test_the_other_attacks_have_a_test_each(shared: Path) -> None:
    """By name: whoever adds an attack to the folder must say here where it is held."""
    held = {
        "csv_formula.json": "tests/layers/test_export.py",
        "gtfs_zip_bomb.zip": "tests/sources/networks/test_gtfs.py",
        "gtfs_zip_slip.zip": "tests/sources/networks/test_gtfs.py",
        "html_jinja_markdown.json": "tests/layers/test_escaping.py",
        "ssrf_urls.json": "tests/sources/web/test_http.py",
        "tsml_bad_rows.json": "tests/sources/resources/test_meetings.py",
    }
    files = {path.name for path in (shared / "badinputs" / "synthetic-attacks").iterdir()} - {"README"}
    assert files == set(held)
    for name, where in held.items():
        assert name in (ROOT / where).read_text("utf-8"), name
    for folder, where in {
        "xml-bombs": "tests/sources/networks/test_osm.py",
        "gtfs-transitfeed": "tests/sources/networks/test_gtfs.py",
        "json-testsuite": "tests/sources/formats/test_json_strict.py",
    }.items():
        assert folder in (ROOT / where).read_text("utf-8")


def test_bombs_are_refused_before_memory_grows_past_200_mb(shared: Path) -> None:
    bad = shared / "badinputs"
    bombs = [bad / "synthetic-attacks" / "gtfs_zip_bomb.zip", *sorted((bad / "xml-bombs").glob("*.xml"))]
    bombs += [bad / "json-testsuite" / "n_structure_100000_opening_arrays.json"]
    program = """
        import json, resource, sys
        from pathlib import Path
        from geo.errors import SourceError
        from sources.networks.gtfs import read_feeds
        from sources.networks.osm import read_streets
        from sources.registry import SOURCES
        from sources.adapter.source import ParseContext
        import geopandas, pyogrio, shapely, pandera.pandas  # what is merely slow to load is no growth

        def peak():
            return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 if sys.platform == "darwin" else 1 / 1024)

        def refused(read):
            try:
                parsed = read()
            except SourceError as problem:
                assert "\\n" not in str(problem)
                return True
            return getattr(parsed, "rows_in", 1) == 0  # which a build refuses

        before, taken = peak(), []
        for name in sys.argv[1:]:
            path = Path(name)
            raw = path.read_bytes()
            readers = [("streets", lambda: read_streets(path))]
            if path.suffix == ".zip":
                readers.append(("timetable", lambda: read_feeds([("bomb", path)])))
            for source in SOURCES:
                if source.parse is not None:
                    context = ParseContext(path.name, category="food")
                    readers.append((source.name, lambda parse=source.parse, context=context: parse(raw, context)))
            taken += [f"{path.name} by {who}" for who, read in readers if not refused(read)]
        json.dump({"grown_mb": (peak() - before) / 2**20, "taken": taken}, sys.stdout)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program), *map(str, bombs)],
        cwd=ROOT, capture_output=True, text=True, check=False, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    result = json.loads(done.stdout)
    assert result["taken"] == []
    assert result["grown_mb"] < 200


@pytest.mark.parametrize(
    ("read", "raw"),
    [
        (read_json, b"[" + b"[]," * (MOST_VALUES // 2 + 1)),
        (read_json, b"{},\n" * (MOST_VALUES // 2 + 1)),
        (read_csv, b"a,b\n" + b"," * (MOST_CELLS + 1)),
        (read_csv, b"a,b\n" + b"1\n" * (2 * MOST_ROWS + 1)),
    ],
    ids=["lists", "records", "cells", "rows"],
)
def test_what_would_fill_the_memory_is_refused_before_it_is_read(
    read: Callable[[bytes, str], object], raw: bytes
) -> None:
    """Its text is looked at, and no value is made of it: a list takes 60 bytes for its two, a row over 200."""
    tracemalloc.start()
    try:
        with pytest.raises(SourceError, match="holds over"):
            read(raw, "huge")
        assert tracemalloc.get_traced_memory()[1] < 8 * len(raw)
    finally:
        tracemalloc.stop()
