"""`recovery-reach site`: answers, files, and one sentence for what can't be used."""

import json
import math
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from commands.siting import _left_out
from tests.test_cli import Run, run, sentence

__all__ = ["run"]

SITE = ["site", "demo", "--class", "opioid_treatment_program", "--candidates", "primary_care"]


def test_an_answer_and_its_files(run: Run, tmp_path: Path) -> None:
    limits = ["--cost", "7", "--budget", "99", "--capacity", "50"]
    code, output, _ = run(*SITE, "--k", "2", *limits, "--json", "--out", str(tmp_path / "sites.gpkg"))
    assert code == 0
    answer = json.loads(output)
    assert [row["sites"] for row in answer["curve"]] == [1, 2]
    assert all(row["exact"] for row in answer["curve"])
    assert len(answer["region_hash"]) == 64
    assert answer["share_in_small_areas"] == 0.0, "two decimals: the demo's 0.3 %"
    sites = gpd.read_file(tmp_path / "sites.gpkg", layer="sites")
    assert sites["id"].tolist() == [one["id"] for one in answer["curve"][1]["places"]]
    areas = gpd.read_file(tmp_path / "sites.gpkg", layer="near_ties")
    assert areas.intersects(sites.geometry).all()
    about = gpd.read_file(tmp_path / "sites.gpkg", layer="about")
    told = dict(zip(about["name"], about["text"], strict=True))
    assert told["region_hash"] == answer["region_hash"]
    assert (told["sites_asked"], told["budget"], told["capacity"], told["exact"]) == ("2", "99.0", "50.0", "True")
    assert float(told["cost"]) == answer["curve"][1]["cost"]
    for ending in ("geojson", "parquet", "csv"):
        code, _, errors = run(*SITE, "--out", str(tmp_path / f"sites.{ending}"))
        assert code == 0, errors
    table = pd.read_csv(tmp_path / "sites.csv")
    assert table["region_hash"].tolist() == [answer["region_hash"]]
    assert table[["sites_asked", "window", "exact", "gap"]].to_numpy().tolist() == [[1, "07:00-09:00", True, 0]]
    assert set(gpd.read_file(tmp_path / "sites.geojson")["kind"]) == {"site", "near_ties"}
    assert set(gpd.read_parquet(tmp_path / "sites.parquet")["kind"]) == {"site", "near_ties"}


def test_a_column_called_by_a_year_is_that_column(run: Run, tmp_path: Path) -> None:
    lots = pd.DataFrame({"id": ["a", "b"], "lat": [40.36, 40.361], "lon": [-113.43, -113.44], "2027": [400, 500]})
    lots.to_csv(tmp_path / "lots.csv", index=False)
    asked = ["--class", "opioid_treatment_program", "--candidates", str(tmp_path / "lots.csv"), "--cost", "2027"]
    code, output, errors = run("site", "demo", *asked, "--json")
    assert code == 0, errors
    answer = json.loads(output)
    assert answer["cost"] == "2027"
    assert answer["curve"][0]["cost"] in (400, 500)


@pytest.mark.parametrize(
    ("share", "told"), [(0.0, "0 %"), (0.0004, "under 1 %"), (0.0174, "2 %"), (0.0149, "1 %"), (1.0, "100 %")]
)
def test_shares_are_told_in_whole_percents(share: float, told: str) -> None:
    assert _left_out(share) == f"{told} of all left out with the others"
    assert "aren't told" in _left_out(math.nan), "of too few to be told of"


def test_lines_for_people_and_candidates_from_files(run: Run, tmp_path: Path) -> None:
    lots = gpd.GeoDataFrame(
        {"apn": ["7-1", "7-2", "far"]},
        geometry=[shapely.box(x, 40.36, x + 0.001, 40.361) for x in (-113.43, -113.42, -110.0)],
        crs=4326,
    )
    lots.to_file(tmp_path / "lots.geojson")
    code, output, _ = run(*SITE[:-1], str(tmp_path / "lots.geojson"), "--own", "7-1")
    assert code == 0
    assert "1 off streets" in output
    assert "Your own choice" in output
    assert "(under 1 % of all left out with the others)" in output, "whole percents give no count back"
    code, output, _ = run(*SITE, "--k", "12", "--seconds", "1")
    assert code == 0
    assert "any other candidate is as good within 2 % of the gain" in output
    (tmp_path / "list.csv").write_text("address,cost\n5th & Finch,3\nno such street at all,1\n", encoding="utf-8")
    code, output, errors = run(*SITE[:-1], str(tmp_path / "list.csv"), "--json")
    assert code == 0
    assert "1 of 2 addresses" in errors
    assert json.loads(output)["curve"][0]["places"][0]["id"] == "5th & Finch"


def test_candidates_of_addresses_alone_are_looked_up_whatever_their_headings(run: Run, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("Street Address,Owner\n5th & Finch,A\n", encoding="utf-8")
    pd.DataFrame({"address": ["5th & Finch"]}).to_parquet(tmp_path / "list.parquet")
    for name in ("list.csv", "list.parquet"):
        code, output, errors = run(*SITE[:-1], str(tmp_path / name), "--json")
        assert code == 0, errors
        assert json.loads(output)["curve"][0]["places"][0]["id"] == "5th & Finch"


@pytest.mark.parametrize(("content", "words"), [
    ("Owner,Parcel\nA,1\n", ("tells no place", "Owner, Parcel", "lat and lon", "a column address")),
    ("address\nno such street at all\n", ("knows no address", "columns lat and lon")),
])  # fmt: skip
def test_candidates_that_tell_no_place_are_told_what_to_do(
    run: Run, tmp_path: Path, content: str, words: tuple[str, ...]
) -> None:
    (tmp_path / "list.csv").write_text(content, encoding="utf-8")
    code, _, errors = run(*SITE[:-1], str(tmp_path / "list.csv"))
    assert code == 2
    assert [word for word in words if word not in sentence(errors)] == []


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        (shapely.Polygon([(-113.4, 40.3), (-113.3, 40.4), (-113.3, 40.3), (-113.4, 40.4)]), "crosses itself"),
        (shapely.box(1, 1, 2, 2), "lies in the region"),
        (shapely.Point(-113.4, 40.3), "no area"),
    ],
)
def test_areas_that_cannot_be_used_are_refused(run: Run, tmp_path: Path, shape: shapely.Geometry, words: str) -> None:
    gpd.GeoDataFrame(geometry=[shape], crs=4326).to_file(tmp_path / "areas.geojson")
    code, _, errors = run(*SITE, "--exclude", str(tmp_path / "areas.geojson"))
    assert code == 2
    assert words in sentence(errors)


def test_what_cannot_be_asked_is_one_sentence(run: Run, tmp_path: Path) -> None:
    for words, text in (
        (["--k", "26"], "can't be chosen among 25 candidates"),
        (["--objective", "nicest"], "An objective is"),
        (["--candidates", "casino"], "Candidates are addresses"),
        (["--exclude", str(tmp_path / "none.geojson")], "There is no file"),
        (["--out", str(tmp_path / "sites.xlsx")], "must end in"),
        (["--budget", "3"], "needs what each candidate costs"),
        (["--budget", "-3", "--cost", "1"], "The budget must be a number from 0 up"),
        (["--seconds", "-1"], "The time in seconds must be a number from 0 up"),
        (["--k", "0"], "at least one site"),
    ):
        code, _, errors = run(*SITE, *words)
        assert code == 2, words
        assert text in sentence(errors)
