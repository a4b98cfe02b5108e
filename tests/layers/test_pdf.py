"""Paper: texts of strangers are shown as they are, letters as their readers write them, the same bytes every time."""

import datetime
import io
import json
import unicodedata
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from layers import pdf as pages
from layers.basemap import Basemap, to_pixels
from layers.escaping import plain
from layers.fonts import MISSING, is_shaped, printable
from layers.pdf import Heading, Page, Picture, Report, Table, Text, counting_pages, fullest_on_one_page, pdf
from layers.printed_map import DOTS_PER_INCH, INCHES, Spot, any_in_sight, printed_map

HOME = (-84.5, 39.0)
DAY = datetime.date(2026, 11, 26)
WATER, START, HUE = (188, 214, 227), (179, 38, 30), (74, 44, 125)


def report(text: str, rows: int = 1) -> Report:
    table = Table(("No.", text), (10, 90), ((text, f"{text}\n{text}"),) * rows, title=text)
    return Report(text, text, text, "Page", "en", DAY, (Heading(text), Text(text), table, Text(text, muted=True)))


def read(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def letters(text: str) -> str:
    return "".join(text.split())


@pytest.mark.shared
def test_every_attack_is_shown_as_text_and_nothing_can_run(shared: Path) -> None:
    for attack in json.loads((shared / "badinputs/synthetic-attacks/html_jinja_markdown.json").read_text()):
        content = pdf(report(attack))
        assert letters(read(content)).count(letters(printable(attack))) >= 8, attack
        for mark in (b"/JavaScript", b"/JS", b"/URI", b"/Launch", b"/EmbeddedFile"):
            assert mark not in content


@given(st.text(min_size=1, max_size=60))
@settings(max_examples=15, deadline=None)
def test_any_text_makes_a_page(text: str) -> None:
    assert PdfReader(io.BytesIO(pdf(report(text)))).pages


@given(st.text())
def test_what_the_fonts_lack_is_marked_and_nothing_else_changes(text: str) -> None:
    shown = printable(text)
    assert len(shown) == len(plain(text))
    assert all(a in (b, MISSING) for a, b in zip(shown, plain(text), strict=True))
    assert not {c for c in shown if unicodedata.category(c) == "Cc"}


def test_letters_of_many_languages() -> None:
    for text in ("¿Dónde está Łódź?", "Việt Nam", "Русский", "Ελληνικά", "مرحبا", "שלום", "“quotes” – ½"):
        assert printable(text) == text
    assert printable("東 \N{BUS} a") == f"{MISSING} {MISSING} a"
    assert [is_shaped(text) for text in ("مرحبا", "שלום", "Łódź")] == [True, True, False]
    assert "שלום" in read(pdf(report("שלום")))
    assert "{nb} {{nb}}" in read(pdf(report("{nb} {{nb}}")))


@given(
    st.lists(st.lists(st.integers(0, 300), min_size=2, max_size=2), max_size=8),
    st.sampled_from([0.55, 0.8, 1.0, 1.05]),
    st.booleans(),
)
@settings(max_examples=8, deadline=None)
@example([[1500, 3], [40, 40]], 1.05, True)
def test_pages_are_counted_as_they_are_printed(lengths: list[list[int]], scale: float, has_titles: bool) -> None:
    """Also where a row is higher than a page, and where several reports are counted with the same fonts."""
    rows = tuple(tuple("A house by the bus\n" * (words // 300) + "word " * words for words in row) for row in lengths)
    table = Table(("No.", "What") if has_titles else (), (40, 60), rows, "Houses", (0, 1))
    whole = replace(report("A house"), parts=[Heading("Houses"), Page((table, Text("The end.")), scale), table])
    with counting_pages() as count:
        assert count(report("A house")) == 1
        assert [count(whole), count(whole)] == [len(PdfReader(io.BytesIO(pdf(whole))).pages)] * 2


def test_counting_pages_reads_the_fonts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read, usual = [], pages.font_files
    monkeypatch.setattr(pages, "font_files", lambda: read.append(1) or usual())
    forms = [Page((Text(f"A house. {'word ' * words}"),)) for words in (4000, 2000, 1000, 500, 200, 100)]
    with counting_pages() as count:
        assert fullest_on_one_page(report("A house"), forms, count) == 3
    assert len(read) == 1


def test_the_same_report_gives_the_same_bytes_and_pages_have_their_titles() -> None:
    content = pdf(report("A meeting", rows=120))
    assert content == pdf(report("A meeting", rows=120))
    pages = PdfReader(io.BytesIO(content)).pages
    assert len(pages) > 2
    for page in pages:
        assert "No." in page.extract_text()
    assert read(content).count("A meeting\nA meeting") >= 120


@pytest.fixture
def land() -> Basemap:
    """Return a river west of the home, and a street through it, whose name is an attack."""

    def pixels(shape: shapely.Geometry) -> shapely.Geometry:
        return shapely.transform(shape, lambda corners: np.column_stack(to_pixels(corners[:, 0], corners[:, 1])))

    river = pixels(shapely.box(HOME[0] - 0.02, HOME[1] - 0.05, HOME[0] - 0.01, HOME[1] + 0.05))
    street = pixels(shapely.LineString([(HOME[0] - 0.05, HOME[1]), (HOME[0] + 0.05, HOME[1])]))
    return Basemap(
        digest="",
        lines=np.array([street]),
        line_kind=np.array(["1"]),
        line_name=np.array(["$\\frac{x} ${alert(1)} 東"]),
        areas=np.array([river]),
        area_kind=np.array(["water"]),
        area_name=np.array([""]),
        places=np.array([to_pixels(np.array(HOME[0]), np.array(HOME[1] + 0.002))]),
        place_name=np.array(["{{7*7}}"]),
        place_rank=np.array([0]),
    )


def test_a_map_shows_water_the_area_the_start_and_the_places(land: Basemap) -> None:
    area = gpd.GeoDataFrame(
        {"minutes": [15.0, 30.0]}, geometry=[shapely.Point(HOME).buffer(0.004), shapely.Point()], crs="EPSG:4326"
    )
    spots = [Spot(1, HOME[0] - 0.015, HOME[1] + 0.004, "health"), Spot(2, HOME[0] + 0.01, HOME[1], "home")]
    content = printed_map(land, HOME, area, spots)
    assert content == printed_map(land, HOME, area, spots)
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    assert picture.size == tuple(round(side * DOTS_PER_INCH) for side in INCHES)
    colors = {color for count, color in picture.getcolors(1 << 24) if count > 30}
    assert {WATER, START, HUE, (10, 102, 163), (173, 74, 6)} <= colors


def test_a_map_of_one_place_shows_two_kilometers_around_it(land: Basemap) -> None:
    nothing = gpd.GeoDataFrame({"minutes": []}, geometry=[], crs="EPSG:4326")
    picture = Image.open(io.BytesIO(printed_map(land, HOME, nothing, []))).convert("RGB")
    width, height = picture.size
    assert picture.getpixel((5, height // 4)) == WATER  # the bank is 865 m west of the start, the edge 950 m
    assert picture.getpixel((width // 8, height // 4)) != WATER


def test_an_area_to_stay_away_from_is_hatched(land: Basemap) -> None:
    nothing = gpd.GeoDataFrame({"minutes": []}, geometry=[], crs="EPSG:4326")
    lon, lat = HOME[0] + 0.004, HOME[1]
    away = [shapely.Point(lon, lat).buffer(0.003), shapely.Point(lon + 5, lat).buffer(0.003)]
    drawn = Image.open(io.BytesIO(printed_map(land, HOME, nothing, [], away=away))).convert("RGB")
    colors = {color: count for count, color in drawn.getcolors(1 << 24)}
    assert colors.get((140, 29, 24), 0) > 500
    assert any_in_sight(away, HOME, [])
    assert not any_in_sight(away[1:], HOME, [])
    assert any_in_sight(away[1:], HOME, [Spot(1, lon + 5, lat, "home")]), "a map that reaches so far shows it"


def test_the_ring_of_a_home_leaves_its_number_to_be_read(land: Basemap) -> None:
    nothing = gpd.GeoDataFrame({"minutes": []}, geometry=[], crs="EPSG:4326")
    drawn = Image.open(io.BytesIO(printed_map(land, HOME, nothing, [Spot(1, *HOME, "home")]))).convert("RGB")
    inside = drawn.crop(tuple(round(side / 2 + way * 14) for way in (-1, 1) for side in drawn.size))
    marker = (173, 74, 6)
    assert any(color == marker for _, color in inside.getcolors(1 << 16)), "the marker shows inside the ring"
    ring = drawn.crop(tuple(round(side / 2 + way * 40) for way in (-1, 1) for side in drawn.size))
    assert any(color == START for _, color in ring.getcolors(1 << 16))


def test_a_picture_stands_on_the_page(land: Basemap) -> None:
    nothing = gpd.GeoDataFrame({"minutes": []}, geometry=[], crs="EPSG:4326")
    png = printed_map(land, HOME, nothing, [])
    content = pdf(Report("T", "S", "988", "Page", "es", DAY, (Picture(png, "A map"),)))
    paper = PdfReader(io.BytesIO(content))
    assert len(paper.pages[0].images) == 1
    assert "A map" in paper.pages[0].extract_text()
    assert "988" in paper.pages[0].extract_text()
    assert paper.trailer["/Root"]["/Lang"] == "es"
