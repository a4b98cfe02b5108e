"""Valhalla's side of the benchmark, run by a Python that has its wheel; nothing of this project is imported.

Reads lines of JSON: first a region's streets (PBF) and timetable (GTFS), then one request for areas a line. Answers
each with a line: the version and the seconds that its programs took, then seconds by the clock and of the processor.
"""

import base64
import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any, TextIO


def main() -> None:
    """Build tiles in a folder of their own, then answer until nothing more is asked."""
    import valhalla

    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what the library prints goes elsewhere
    with tempfile.TemporaryDirectory() as folder:
        first = json.loads(sys.stdin.readline())
        config, seconds = build(Path(folder), first, valhalla)
        actor = valhalla.Actor(config)
        answer(answers, [valhalla.__version__, seconds])
        for line in sys.stdin:
            begun = time.perf_counter(), time.process_time()
            actor.isochrone(line)
            answer(answers, [time.perf_counter() - begun[0], time.process_time() - begun[1]])


def answer(answers: TextIO, value: Any) -> None:
    """Write one line of JSON."""
    answers.write(json.dumps(value) + "\n")
    answers.flush()


def build(folder: Path, region: dict[str, str], valhalla: ModuleType) -> tuple[dict[str, Any], dict[str, float]]:
    """Build the tiles of streets and of the timetable; return the configuration and the seconds they took."""
    for name in ("tiles", "transit", "feeds"):
        (folder / name).mkdir()
    (folder / "streets.osm.pbf").write_bytes(base64.b64decode(region["osm"]))
    with zipfile.ZipFile(BytesIO(base64.b64decode(region["gtfs"]))) as feed:
        feed.extractall(folder / "feeds" / "feed")
    config = valhalla.get_config(tile_extract="", tile_dir=str(folder / "tiles"), verbose=False)
    config["mjolnir"] |= {
        "tile_extract": "",
        "transit_dir": str(folder / "transit"),
        "transit_feeds_dir": str(folder / "feeds"),
        "admin": "",
        "timezone": "",
        "concurrency": os.cpu_count(),
    }
    path = folder / "valhalla.json"
    path.write_text(json.dumps(config))
    seconds = {}
    programs = Path(valhalla.__file__).parent / "bin"
    for name, more in (("ingest_transit", []), ("convert_transit", []), ("build_tiles", ["streets.osm.pbf"])):
        command = [str(programs / f"valhalla_{name}"), "-c", str(path), *more]
        begun = time.perf_counter()
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        seconds[name] = time.perf_counter() - begun
        if done.returncode:
            raise SystemExit(f"valhalla_{name} failed: {(done.stderr or done.stdout)[-300:]}")
    return config, seconds


if __name__ == "__main__":
    main()
