"""Files about gaps to take along: tables with their dictionary, map layers, pictures, report; one account in all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

import geopandas as gpd
import pandas as pd
import shapely

from geo.equity import gaps
from geo.equity.curves import BAND_COLUMNS, PERCENTS, share_at
from layers import surface_files
from layers.export import zipped_tables
from layers.qgis_styles import Style, quoted
from screens.funder import figures, pdf, pictures, questions, web
from screens.funder import text as gap_words
from screens.funder.questions import OWN, GapReport
from screens.shared import queries
from screens.shared.catalogs import languages
from screens.shared.credits import credits_of
from screens.shared.words import Say

TYPES = {
    "pdf": ("pdf", "application/pdf"),
    "slide": ("png", "image/png"),
    "png": ("png", "image/png"),
    "csv": ("zip", "application/zip"),
    "gpkg": ("gpkg", "application/geopackage+sqlite3"),
    "parquet": ("parquet", "application/vnd.apache.parquet"),
    "areas": ("parquet", "application/vnd.apache.parquet"),
    "html": ("html", "text/html"),
}
"""File → its ending and its media type."""

_CALLED = {
    "pdf": "report",
    "slide": "slide",
    "png": "map",
    "csv": "tables",
    "gpkg": "map",
    "parquet": "surface",
    "areas": "areas",
    "html": "page",
}
"""File → what it is called, without its ending."""


def makers(asked: GapReport, say: Say) -> dict[str, Callable[[], bytes]]:
    """Return what makes each kind of file."""
    about = account(asked, say)
    return {
        "slide": partial(pictures.slide_picture, asked, about, say),
        "pdf": partial(pdf.report, asked, about, say),
        "png": partial(pictures.map_picture, asked, about, say),
        "csv": lambda: zipped_tables(tables_of(asked, say) | {"dictionary": dictionary(asked, say)}, about),
        "gpkg": lambda: geopackage(asked, say),
        "parquet": lambda: surface_files.geoparquet(_cells(asked), about),
        "areas": lambda: surface_files.geoparquet(_areas_with_shapes(asked, say), about),
        "html": lambda: web.page(asked, about, say).encode("utf-8"),
    }


def folder(asked: GapReport, say: Say) -> dict[str, bytes]:
    """Return a web page in each language with all files beside it: name → content; `index.html` is in `say`'s."""
    made = makers(asked, say)
    links = {kind: f"{name}.{TYPES[kind][0]}" for kind, name in _CALLED.items() if kind != "html"}
    files = {name: made[kind]() for kind, name in links.items()}
    pages = {language: f"{language}.html" for language in languages()} | {say.language: "index.html"}
    for language, name in pages.items():
        speaking = replace(say, language=language)
        others = {languages()[other]: file for other, file in pages.items() if other != language}
        beside = [(speaking(f"gap_get_{kind}"), file) for kind, file in links.items()]
        files[name] = web.page(asked, account(asked, speaking), speaking, others, beside).encode("utf-8")
    return files


def geopackage(asked: GapReport, say: Say) -> bytes:
    """Return a GeoPackage with the areas, the cells of the surface and all tables; QGIS opens it with their shades."""
    tables = tables_of(asked, say) | {"dictionary": dictionary(asked, say)}
    labels = (*figures.band_titles(say), say(gap_words.no_number(no_data=False)))
    measure, none, none_in_area = asked.question.measure, "", ""
    if (most := gaps.most_of_nothing(measure, questions.parameters())) is not None:
        none, none_in_area = f"{quoted(measure)} <= {most:g}", '"people" > 0 AND "people_none" = "people"'
    styles = {
        "areas": Style("mean", labels, none_in_area, say("gap_step_none"), outline=True, name_column="name"),
        "surface": Style(measure, labels, none, say("gap_step_none")),
    }
    areas = _areas_with_shapes(asked, say)
    others = {"surface": _cells(asked)} | {name: table for name, table in tables.items() if name != "areas"}
    made_on = str(asked.surface.about["made_on"])[:10]
    return surface_files.geopackage(areas, others, account(asked, say), layer="areas", styles=styles, on=made_on)


def file_name(asked: GapReport, kind: str) -> str:
    """Return what a file of a kind is called: the region, what was asked, and what it is."""
    question = asked.question
    medication = "" if question.medication == "none" else f"-{question.medication}"
    measure = question.measure.removeprefix("class_").replace("_", "-")
    about = f"{asked.region.facts.name}-{measure}-{question.profile}{medication}-{question.date}"
    return f"{about}-{_CALLED[kind]}.{TYPES[kind][0]}"


def account(asked: GapReport, say: Say) -> list[tuple[str, str]]:
    """Return how a surface was made, from what and for when: what every file carries."""
    region, surface, question, own = asked.region, asked.surface, asked.question, asked.own
    who = say(f"gap_by_{question.profile}")
    if question.medication != "none":
        who = f"{who}; {say(f'gap_medication_{question.medication}')}"
    rows = [
        (say("gap_about_region"), region.facts.title),
        (say("gap_about_question"), f"{questions.measure_name(question.measure, say)}; {who}"),
        (say("gap_about_below"), str(question.threshold)),
        (say("gap_about_date"), str(question.date)),
        (say("gap_about_made"), str(surface.about["made_on"])),
        *((say("gap_about_method"), say(f"gap_method_{number}")) for number in (1, 2, 3)),
        (say("gap_about_region_hash"), str(surface.about["region_hash"])),
        (say("gap_about_parameters_hash"), str(surface.about["parameters_hash"])),
        (say("gap_about_surface_hash"), str(surface.about["sha256"])),
    ]
    if own is not None:
        rows += [(say("gap_level"), f"{own.file}, SHA-256 {own.sha256}")]
        rows += [(say("gap_level"), note) for note in gap_words.own_notes(own, say)]
    if limit := queries.ended(region, say, question.date):
        rows.insert(4, (say("gap_about_date"), limit))
    if region.facts.fictional:
        rows.insert(1, (say("gap_about_region"), say("fictional")))
    return rows + [(say("gap_about_source"), source) for source in credits_of(region.facts.sources, say)]


def tables_of(asked: GapReport, say: Say) -> dict[str, pd.DataFrame]:
    """Return the tables of the page as they are written to files; averages in whole points."""
    answer, question = asked.answer, asked.question
    made_for = {
        "profile": question.profile,
        "medication": question.medication,
        "date": str(question.date),
        "measure": question.measure,
        "threshold": question.threshold,
    }
    areas = answer.areas
    names = [questions.area_name(area, question.level, say) for area in areas["area_id"].astype(str)]
    tables = {
        "areas": _rounded(areas, ("mean",), ("percent_below",)).assign(name=names, level=question.level, **made_for),
        "groups": answer.groups.assign(**made_for),
        "bands": answer.bands.assign(**made_for),
        "spread": answer.spread.assign(**made_for),
    }
    drawn = [("lorenz", answer.lorenz), ("concentration", answer.concentration)]
    points = [
        pd.DataFrame(
            {
                "curve": name,
                "percent_of_people": PERCENTS,
                "percent_of_access": [
                    round(100.0 * share, 1) for share in share_at(curve, [p / 100 for p in PERCENTS])
                ],
            }
        )
        for name, curve in drawn
        if curve is not None
    ]
    return tables | ({"curves": pd.concat(points, ignore_index=True).assign(**made_for)} if points else {})


def dictionary(asked: GapReport, say: Say) -> pd.DataFrame:
    """Return what each column of each table means: `table`, `column`, `meaning`."""
    tables = tables_of(asked, say)
    rows = [(name, column, meaning_of(column, say)) for name, table in tables.items() for column in table.columns]
    return pd.DataFrame(rows, columns=["table", "column", "meaning"])


def meaning_of(column: str, say: Say) -> str:
    """Return what a column of the tables means."""
    if column in BAND_COLUMNS:
        low, high = column.split("_")[1:]
        return say("gap_column_band", low=low, high=high)
    return say(f"gap_column_{column}")


def _cells(asked: GapReport) -> gpd.GeoDataFrame:
    """Return the scores of each cell with its geometry; no counts of people."""
    shapes, table = asked.surface.shapes, asked.surface.table
    return shapes[["id", "geometry"]].merge(table.drop(columns=["lon", "lat"]), on="id")


def _areas_with_shapes(asked: GapReport, say: Say) -> gpd.GeoDataFrame:
    """Return the table of areas with a geometry each: of a file its polygon, else that of its cells together."""
    table = tables_of(asked, say)["areas"]
    if asked.own is not None and asked.question.level == OWN:
        shapes: Mapping[str, shapely.Geometry] = asked.own.shapes.set_index("area_id").geometry.to_dict()
    else:
        members, cells = asked.answer.members, asked.surface.shapes.geometry.to_numpy()
        shapes = {area: shapely.union_all(cells[rows["cell"].to_numpy()]) for area, rows in members.groupby("area_id")}
    return gpd.GeoDataFrame(table, geometry=[shapes[area] for area in table["area_id"]], crs="EPSG:4326")


def _rounded(table: pd.DataFrame, wholes: Sequence[str], tenths: Sequence[str]) -> pd.DataFrame:
    return table.round(dict.fromkeys(wholes, 0) | dict.fromkeys(tenths, 1))
