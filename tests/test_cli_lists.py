"""A list of one's own by the command line: shown for a yes, read, its rows mended, the region updated and undone."""

import json
from pathlib import Path

import pytest

from sources.region import open_region
from tests.sources.region.test_manage import osm_xml
from tests.test_cli import Run, run, sentence

__all__ = ["run"]

HOUSES = """House Name,Lat,Long,Weekly fee,Beds open,House color
Lark House,39.081,-84.509,$175,2,blue
,39.0815,-84.509,$150,1,red
"""


@pytest.fixture
def town(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with streets and a list, on a machine without any region."""
    monkeypatch.setenv("RECOVERY_REACH_HOME", str(tmp_path / "home"))
    (tmp_path / "town.osm").write_text(osm_xml(), "utf-8")
    (tmp_path / "houses.csv").write_text(HOUSES, "utf-8")
    return tmp_path


def build(town: Path, *more: str) -> list[str]:
    return ["region", "build", "quay", "--osm", str(town / "town.osm"), "--resources", str(town / "houses.csv"), *more]


def test_headings_are_shown_and_nothing_is_built_without_a_yes(run: Run, town: Path) -> None:
    code, output, errors = run(*build(town))
    assert (code, output) == (2, "")
    assert "Weekly fee  is read as weekly_rent_usd" in errors
    assert "House color  is not read" in errors.replace("   ", " ").replace("  ", "  ")
    assert "add --yes to read houses.csv as shown" in errors
    assert not (town / "home" / "regions" / "quay").exists()


def test_what_is_saved_beside_a_list_answers_for_its_person(run: Run, town: Path) -> None:
    code, output, errors = run("sources", "columns", str(town / "houses.csv"), "--save", "--json")
    assert code == 0, errors
    assert json.loads(output)[0]["columns"]["open_beds"] == "Beds open"
    assert "houses.toml" in errors
    code, _, errors = run(*build(town, "--json"))
    assert code == 0, errors
    assert open_region("quay").resources["name"].tolist().count("Lark House") == 1


def test_two_headings_for_one_column_are_refused_by_name(run: Run, town: Path) -> None:
    (town / "houses.csv").write_text(HOUSES.replace("House color", "Vacancies"), "utf-8")
    code, _, errors = run(*build(town, "--yes"))
    assert code == 2
    assert "'Beds open' and 'Vacancies' both mean open_beds" in sentence(errors)


def test_rows_to_mend_then_an_update_that_tells_what_changed_and_its_undoing(run: Run, town: Path) -> None:
    assert run(*build(town, "--yes", "--json"))[0] == 0
    code, _, errors = run("region", "problems", "quay", "--out", str(town / "mend.csv"))
    assert code == 0, errors
    assert "Add the name of the place." in (town / "mend.csv").read_text("utf-8")
    code, output, _ = run("region", "problems", "quay", "--json")
    assert (code, [(name, len(rows)) for name, rows in json.loads(output).items()]) == (0, [("houses", 1)])
    (town / "houses.csv").write_text(HOUSES.replace("\n,39", "\nWren House,39"), "utf-8")
    code, output, errors = run("region", "update", "quay")
    assert code == 0, errors
    assert "Recovery residence: 1 new: Wren House." in output
    code, output, _ = run("region", "update", "quay", "--undo")
    assert code == 0
    assert "Recovery residence: 1 place is gone, but maybe only because" in output  # its row is there, without its name
    assert "Wren House" not in set(open_region("quay").resources["name"])


def test_nothing_is_sent_where_the_map_knows_every_address(run: Run, town: Path) -> None:
    assert run(*build(town, "--yes", "--json"))[0] == 0
    code, output, errors = run("region", "locate", "quay")
    assert (code, output) == (0, "")
    assert "nothing is sent" in errors
