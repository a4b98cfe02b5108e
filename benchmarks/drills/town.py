"""A small town, in a data folder of its own, of which each drill knows what is true."""

import json
from pathlib import Path

from benchmarks.drills.asking import Answer, ask
from benchmarks.drills.outcome import Outcome
from tests import small_town

NAME, HOME = "quay", "39.081,-84.509"
MORE = (*small_town.HOUSES, "3,Teal House,39.0815,-84.5085,5,")


def write_town(folder: Path) -> Path:
    """Write the files that the town is built from: `houses.csv` has two houses, `more.csv` three."""
    folder.mkdir(parents=True)
    small_town.write_ground(folder)
    small_town.write_bus(folder / "bus.zip")
    small_town.write_list(folder)
    small_town.write_list(folder, MORE, "more.csv")
    return folder


def build_words(files: Path, houses: str = "houses.csv") -> list[str]:
    """Return the command that builds the town."""
    words = ["region", "build", NAME, "--osm", files / "town.osm", "--gtfs", files / "bus.zip", "--zones"]
    words += [files / "people.csv", "--resources", f"recovery_residences={files / houses}", "--yes", "--json"]
    return [str(word) for word in words]


def score_words() -> list[str]:
    """Return the command that scores a home of the town."""
    return ["score", NAME, "--at", HOME, "--json"]


def hash_of(home: Path) -> str:
    """Return the hash of the town as its own file tells it; empty where there is none."""
    path = home / "regions" / NAME / "region.json"
    return str(json.loads(path.read_bytes())["region_hash"]) if path.exists() else ""


def made(outcome: Outcome, home: Path, *words: str) -> Answer:
    """Run a command that nothing should keep from being done."""
    answer = ask(home, *words)
    outcome.expect(answer.code == 0, f"{' '.join(words[:3])}: exit {answer.code}: {answer.errors.strip()[-300:]}")
    return answer


LEFT = (".building-", ".old-", ".leaving-", ".writing-", ".blocks-")
"""How the names of what a process was at begin, which nothing may leave for good."""


def left_over(home: Path) -> list[str]:
    """Return what killed or failed processes left for good in a data folder."""
    return sorted(path.relative_to(home).as_posix() for path in home.rglob(".*") if path.name.startswith(LEFT))
