"""`recovery-reach report`: each form, and each figure recomputed by the command that is printed beside it."""

import io
import json
import re
import shlex
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import pandas as pd
import pypdf
import pytest
import shapely
from PIL import Image

import geo.score.surface
from geo.equity.curves import BAND_COLUMNS, PERCENTS
from geo.equity.inequality import gini, palma_ratio
from geo.needs.needs import Needs
from screens.funder.questions import Question, read_surface
from screens.funder.text import KINDS
from screens.shared.words import Say
from sources.region import open_region
from sources.region.areas import areas_of, level_names
from sources.region.surface_store import make_surfaces
from tests.command_line import called
from tests.test_cli import Run, sentence

SAY = Say("en")
EVERY = 12
"""So many areas come to one that is scored, so that tests are fast."""


@pytest.fixture(scope="module")
def own_home(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a data folder with the demo and a surface of few of its areas."""
    folder = tmp_path_factory.mktemp("reports") / "home"
    shutil.copytree(home, folder)
    every = geo.score.surface.populated_cells
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECOVERY_REACH_HOME", str(folder))
        patch.setattr(
            geo.score.surface, "populated_cells", lambda zones: every(zones).iloc[::EVERY].reset_index(drop=True)
        )
        region = open_region("demo")
        make_surfaces(region, region.support, Needs(), region.facts.service_date, ["no-car"])
        yield folder


@pytest.fixture
def run(own_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Return a function that runs `recovery-reach` in a folder of this test's own."""
    monkeypatch.setenv("RECOVERY_REACH_HOME", str(own_home))
    monkeypatch.chdir(tmp_path)
    return lambda *words: called(words, monkeypatch, capsys)


def districts(path: Path) -> Path:
    """Write four districts: two halves, one that crosses itself, and one far away."""
    shapes = [
        shapely.box(-113.7, 40.2, -113.43, 40.5),
        shapely.box(-113.43, 40.2, -113.2, 40.5),
        shapely.Polygon([(-113.5, 40.3), (-113.4, 40.4), (-113.4, 40.3), (-113.5, 40.4)]),
        shapely.box(-100, 40, -99, 41),
    ]
    frame = gpd.GeoDataFrame({"NAME": ["West <b>", "East", "Bow", "Far"]}, geometry=shapes, crs=4326)
    frame.to_file(path)
    return path


def words_of(path: Path) -> str:
    """Return the text of a PDF with single spaces."""
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(path).pages).split())


def drawn_rows(tables: dict[str, list[dict[str, Any]]]) -> dict[str, list[list[str]]]:
    """Return the rows of what is drawn on paper, as the tables beside it have them."""
    bands = [
        [SAY(f"gap_group_{row['group']}"), *(f"{row[band]:.0f}" for band in BAND_COLUMNS)]
        for kind in KINDS
        for row in tables["bands"]
        if row["kind"] == kind and row[BAND_COLUMNS[0]] is not None
    ]
    spread = [[f"{row['low']} to {row['high']}", f"{row['people']:,.0f}"] for row in tables["spread"]]
    curves = {
        name: [
            [str(row["percent_of_people"]), f"{row['percent_of_access']:g}"]
            for row in tables["curves"]
            if row["curve"] == name
        ]
        for name in ("lorenz", "concentration")
    }
    assert all(len(rows) == len(PERCENTS) for rows in curves.values())
    assert bands
    assert len(spread) == 10
    return {"bands": bands, "spread": spread, **curves}


@pytest.mark.parametrize("own", [False, True])
def test_each_figure_of_the_paper_is_recomputed_by_its_printed_command(run: Run, tmp_path: Path, own: bool) -> None:
    areas = ["--areas", str(districts(tmp_path / "districts.geojson"))] if own else []
    code, _, errors = run("report", "demo", *areas, "--out", "r.pdf")
    assert code == 0, errors
    text = words_of(tmp_path / "r.pdf")
    commands = re.findall(r"recovery-reach (report demo (?:(?!recovery-reach).)*?--figure \w+)", text)
    names = [command.split()[-1] for command in commands]
    drawn = drawn_rows(json.loads(run("report", "demo", *areas, "--json")[1])["tables"])
    assert {"people_below", "percent_below", "mean", "gini", "palma", "areas", "groups", *drawn} <= {*names}
    assert ("in_no_area" in names) == own
    for command, name in zip(commands, names, strict=True):
        code, output, errors = run(*shlex.split(command))
        assert code == 0, errors
        if name in ("areas", "groups"):
            for row in output.splitlines()[:30]:
                printed = " ".join(cell.strip() for cell in row.split("|") if cell.strip())
                assert " ".join(printed.split()) in text, (name, row)
        elif name in drawn:
            assert [row.split(" | ") for row in output.splitlines()] == drawn[name], name
        else:
            assert f"{output.strip()} recovery-reach {command}" in text, name
    if own:
        assert "1 area of districts.geojson crosses itself and was mended (Bow)" in text
        assert "1 area of districts.geojson lies outside the region and is left out (Far)" in text


def test_figures_are_what_the_surface_and_the_census_give(run: Run) -> None:
    """The same numbers by a few lines of their own, from the kept surface and the zones."""
    region = open_region("demo")
    kept = read_surface(region, Question("no-car", "none", region.facts.service_date, "total", 40, ""))
    assert kept is not None
    zones = region.zones.set_index("zone_id").reindex(kept.table["id"])
    people = zones["population"].to_numpy()
    people = np.where(people >= 11, people, 0.0)
    total = kept.table["total"].to_numpy()
    has = ~np.isnan(total)
    told = json.loads(run("report", "demo", "--json")[1])
    below = people[has & (total < 40)].sum()
    printed = told["figures"]
    assert printed["people"] == f"{people[has].sum():,.0f}"
    assert printed["people_below"] == f"{below:,.0f}"
    assert printed["mean"] == str(round(np.average(total[has], weights=people[has])))
    assert printed["gini"] == f"{gini(total, people):.2f}"
    where = areas_of(region, level_names(region)[0], kept.table)
    known = pd.DataFrame(
        {"people": np.where(has, people, 0), "points": np.where(has, people * total, 0), "area": where}
    )
    share = known.assign(**known[["people", "points"]] / known[["people", "points"]].sum())
    by_area = share.groupby("area")[["people", "points"]].sum()
    theil, between = (
        (some["points"] * np.log((some["points"] / some["people"]).where(some["points"] > 0, 1.0))).sum()
        for some in (share, by_area)
    )
    assert printed["theil"] == f"{theil:.3f}"
    assert printed["theil_between"] == str(round(100 * between / theil))
    assert 0 < between < theil
    assert printed["palma"] == f"{palma_ratio(total, people, zones['income_usd'].to_numpy()):.2f}"
    assert sum(row["people_below"] for row in told["tables"]["areas"]) == below
    assert sum(row["people"] for row in told["tables"]["spread"]) == people[has].sum()
    order = np.argsort(total[has])
    half = np.interp(0.5, np.cumsum(people[has][order]) / people[has].sum(),
                     np.cumsum((people * total)[has][order]) / (people * total)[has].sum())  # fmt: skip
    assert printed["lorenz_half"] == str(round(100 * half))
    curve = {
        row.split(" | ")[0]: row.split(" | ")[1]
        for row in run("report", "demo", "--figure", "lorenz")[1].split("\n")
        if row
    }
    assert float(curve["50"]) == pytest.approx(100 * half, abs=0.051)
    assert (float(curve["0"]), float(curve["100"])) == (0, 100)


def test_a_slide_has_its_size_and_says_how_it_was_made(run: Run, tmp_path: Path) -> None:
    assert run("report", "demo", "--measure", "pharmacy", "--out", "s.png")[0] == 0
    with Image.open(tmp_path / "s.png") as slide:
        assert slide.size == (1920, 1080)
        assert "SHA-256" in slide.info["Description"]


def test_a_geopackage_opens_in_qgis_with_the_shades_of_the_map(run: Run, tmp_path: Path) -> None:
    region, file = open_region("demo"), districts(tmp_path / "districts.gpkg")
    kept = read_surface(region, Question("no-car", "none", region.facts.service_date, "total", 40, ""))
    assert kept is not None
    remote = kept.table[kept.table["class_harm_reduction"].eq(0) & kept.zones["population"].ge(11).to_numpy()].iloc[0]
    field = shapely.Point(remote["lon"], remote["lat"]).buffer(1e-5)
    frame = pd.concat([gpd.read_file(file), gpd.GeoDataFrame({"NAME": ["Field"]}, geometry=[field], crs=4326)])
    frame.to_file(file)
    code, _, errors = run("report", "demo", "--areas", str(file), "--measure", "harm_reduction", "--out", "m.gpkg")
    assert code == 0, errors
    areas, surface = (gpd.read_file(tmp_path / "m.gpkg", layer=layer) for layer in ("areas", "surface"))
    assert {*areas["name"]} == {"West <b>", "East", "Bow", "Field"}
    assert areas.is_valid.all()
    assert areas.crs.to_epsg() == 4326
    assert not {"population", "people"} & {*surface.columns}  # cells hold scores, no counts
    with sqlite3.connect(tmp_path / "m.gpkg") as database:
        styles = database.execute("SELECT f_table_name, f_geometry_column, useAsDefault, styleQML FROM layer_styles")
        rows = styles.fetchall()
        listed = database.execute("SELECT data_type FROM gpkg_contents WHERE table_name = 'layer_styles'").fetchall()
    database.close()
    assert listed == [("attributes",)]
    assert {row[0] for row in rows} == {"areas", "surface"}
    for layer, geometry, used, text in rows:
        table = {"areas": areas, "surface": surface}[layer]
        assert (geometry, used) == ("geom", 1)
        root = ET.fromstring(text)  # noqa: S314  our own
        rules = root.findall(".//rule")
        assert len(rules) == len(root.findall(".//symbol")) == 7
        assert rules[5].attrib["label"] == SAY("gap_step_none")
        held = ", ".join(f"coalesce({rule.attrib['filter']}, 0)" for rule in rules)  # QGIS writes them as SQL does
        with sqlite3.connect(tmp_path / "m.gpkg") as database:
            hits = np.array(database.execute(f'SELECT {held} FROM "{layer}"').fetchall())
        database.close()
        assert (hits.sum(axis=1) == 1).all()  # each shape has one shade
        none = table["people_none"].eq(table["people"]) if layer == "areas" else table["class_harm_reduction"].eq(0)
        assert hits[:, 5].tolist() == none.astype(int).tolist()
        assert 0 < hits[:, 5].sum() < len(table)
    told = gpd.read_file(tmp_path / "m.gpkg", layer="about")
    assert told["text"].str.match(r"districts\.gpkg, SHA-256 [0-9a-f]{64}").sum() == 1


def test_tables_have_a_dictionary_of_every_column(run: Run, tmp_path: Path) -> None:
    assert run("report", "demo", "--areas", "zip", "--out", "t.zip")[0] == 0
    with zipfile.ZipFile(tmp_path / "t.zip") as packed:
        tables = {
            name: pd.read_csv(io.BytesIO(packed.read(name))) for name in packed.namelist() if name.endswith("csv")
        }
        assert "SHA-256" in packed.read("README.txt").decode()
    told = tables.pop("dictionary.csv")
    for name, table in tables.items():
        meant = told.loc[told["table"] == name.removesuffix(".csv"), "column"].tolist()
        assert meant == table.columns.tolist(), name
    assert told["meaning"].notna().all()
    assert tables["areas.csv"]["name"].str.match(r"ZIP code \d{5}").all()


def test_geoparquet_holds_the_areas(run: Run, tmp_path: Path) -> None:
    assert run("report", "demo", "--areas", "county", "--out", "a.parquet")[0] == 0
    areas = gpd.read_parquet(tmp_path / "a.parquet")
    assert areas["people"].gt(0).all()
    assert (shapely.area(areas.geometry.to_numpy()) > 0).all()


class Asks(HTMLParser):
    """Collects what a page would ask of others as it opens, and where its links go."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect addresses."""
        self.tags.append(tag)
        for name, value in attrs:
            if name in ("src", "srcset", "data", "poster", "action", "background") or (
                tag == "link" and name == "href"
            ):
                self.asked.append(str(value))
            elif name == "href":
                self.links.append(str(value))


def test_a_page_is_a_folder_that_asks_nobody_in_each_language(run: Run, tmp_path: Path) -> None:
    file = str(districts(tmp_path / "districts.geojson"))
    code, _, errors = run("report", "demo", "--areas", file, "--out", "page")
    assert code == 0, errors
    for name, language in (("index.html", "en"), ("es.html", "es")):
        text = (tmp_path / "page" / name).read_text("utf-8")
        page = Asks()
        page.feed(text)
        assert f'lang="{language}"' in text
        assert page.asked
        assert all(address.startswith("data:image/png;base64,") for address in page.asked)
        assert not {"script", "link", "iframe", "form", "b"} & {*page.tags}  # and the area "West <b>" is text
        beside = [link for link in page.links if not link.startswith(("tel:", "sms:", "https:"))]
        assert len(beside) == 8
        assert all((tmp_path / "page" / link).is_file() for link in beside)
        assert "url(" not in text.partition("<style>")[2].partition("</style>")[0]
    assert run("report", "demo", "--out", "page")[0] == 0  # again, into the same folder
    assert run("report", "demo", "--language", "es", "--out", "una.html")[0] == 0
    assert 'lang="es"' in (tmp_path / "una.html").read_text("utf-8")


def test_the_same_report_gives_the_same_bytes(run: Run, tmp_path: Path) -> None:
    for kind in ("pdf", "zip", "html"):
        for name in ("one", "two"):
            assert run("report", "demo", "--out", f"{name}.{kind}")[0] == 0
        assert (tmp_path / f"one.{kind}").read_bytes() == (tmp_path / f"two.{kind}").read_bytes()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--out", "r.docx"], "must end in .pdf"),
        (["--out", "gone/r.pdf"], "no folder"),
        (["--threshold", "41"], "--threshold is one of 10, 20"),
        (["--measure", "pharmcy"], "did you mean pharmacy"),
        (["--measure", "opioid_treatment_program"], "add --medication methadone"),
        (["--areas", "parish"], "grid, or a file of polygons, not 'parish'"),
        (["--areas", "gone.geojson"], "no file gone.geojson"),
        (["--medication", "aspirin"], "--medication is one of"),
        (["--profile", "horse"], "profile"),
        (["--language", "tlh"], "--language is one of en, es"),
        (["--figure", "everything"], "this report has people"),
        (["--date", "tomorrow"], "written like"),
    ],
)
def test_what_can_t_be_used_is_one_sentence(run: Run, words: list[str], told: str) -> None:
    code, output, errors = run("report", "demo", *words)
    assert code == 2
    assert not output
    assert told in sentence(errors)


def test_areas_without_anybody_in_them_are_a_report_all_the_same(run: Run, tmp_path: Path) -> None:
    field = gpd.GeoDataFrame(
        {"name": ["Field"]}, geometry=[shapely.box(-113.6504, 40.2431, -113.6503, 40.2432)], crs=4326
    )
    field.to_file(tmp_path / "field.geojson")
    code, _, errors = run("report", "demo", "--areas", "field.geojson", "--out", "r.pdf")
    assert code == 0, errors
    assert "1 area of field.geojson isn't listed" in errors
    assert "(Field)" in errors
    told = json.loads(run("report", "demo", "--areas", "field.geojson", "--json")[1])
    assert told["tables"]["areas"] == []
    assert told["figures"]["in_no_area"] != "0"
