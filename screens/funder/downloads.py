"""The funder's files: each made only when it is asked for, all with the same account of themselves."""

from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from layers import surface_files
from layers.escaping import html
from layers.export import zipped_tables
from screens.funder import components, gaps, pdf
from screens.funder.gaps import Answer, Question, Surface
from screens.shared import frame, regions
from screens.shared.credits import credits_of
from screens.shared.words import Say
from sources.region.model import Region

TYPES = {
    "pdf": ("pdf", "application/pdf"),
    "png": ("png", "image/png"),
    "csv": ("zip", "application/zip"),
    "gpkg": ("gpkg", "application/geopackage+sqlite3"),
    "parquet": ("parquet", "application/vnd.apache.parquet"),
}
"""File → its ending and its media type."""


def show(region: Region, surface: Surface, answer: Answer, question: Question, say: Say) -> None:
    """Offer the files, and tell how the numbers are made."""
    about = account(region, surface, question, say)
    tables = tables_of(answer, question, say)
    cells = surface.shapes[["id", "geometry"]].merge(surface.table.drop(columns=["lon", "lat"]), on="id")
    land = regions.land(region.facts.name)
    makers: dict[str, Callable[[], bytes]] = {
        "pdf": lambda: pdf.report(region, land, surface, answer, question, about, say),
        "png": lambda: pdf.picture(region, land, surface, answer, question, about, say),
        "csv": lambda: zipped_tables(tables, about),
        "gpkg": lambda: surface_files.geopackage(cells, tables, about),
        "parquet": lambda: surface_files.geoparquet(cells, about),
    }
    frame.show(html("<h2>{title}</h2><p>{lead}</p>", title=say("gap_downloads"), lead=say("gap_downloads_lead")), say)
    with st.container(horizontal=True, gap="small", key="gap_downloads"):
        for kind, make in makers.items():
            ending, media = TYPES[kind]
            st.download_button(
                say(f"gap_get_{kind}"),
                make,
                file_name=f"{file_name(region, question)}.{ending}",
                mime=media,
                on_click="ignore",
                key=f"gap_get_{kind}",
            )
    frame.show(components.method(about, say), say)


def file_name(region: Region, question: Question) -> str:
    """Return what a file is called, without its ending."""
    medication = "" if question.medication == "none" else f"-{question.medication}"
    measure = question.measure.removeprefix("class_").replace("_", "-")
    return f"{region.facts.name}-{measure}-{question.profile}{medication}-{question.date}"


def account(region: Region, surface: Surface, question: Question, say: Say) -> list[tuple[str, str]]:
    """Return how a surface was made, from what and for when: what every file carries."""
    who = say(f"gap_by_{question.profile}")
    if question.medication != "none":
        who = f"{who}; {say(f'gap_medication_{question.medication}')}"
    rows = [
        (say("gap_about_region"), region.facts.title),
        (say("gap_about_question"), f"{gaps.measure_name(question.measure, say)}; {who}"),
        (say("gap_about_below"), str(question.threshold)),
        (say("gap_about_date"), str(question.date)),
        (say("gap_about_made"), str(surface.about["made_on"])),
        *((say("gap_about_method"), say(f"gap_method_{number}")) for number in (1, 2, 3)),
        (say("gap_about_region_hash"), str(surface.about["region_hash"])),
        (say("gap_about_parameters_hash"), str(surface.about["parameters_hash"])),
        (say("gap_about_surface_hash"), str(surface.about["sha256"])),
    ]
    if region.facts.fictional:
        rows.insert(1, (say("gap_about_region"), say("fictional")))
    return rows + [(say("gap_about_source"), source) for source in credits_of(region.facts.sources, say)]


def tables_of(answer: Answer, question: Question, say: Say) -> dict[str, pd.DataFrame]:
    """Return the tables of the page as they are written to files; averages in whole points."""
    made_for = {
        "profile": question.profile,
        "medication": question.medication,
        "date": str(question.date),
        "measure": question.measure,
        "threshold": question.threshold,
    }
    areas = answer.areas
    names = [gaps.area_name(area, question.level, say) for area in areas["area_id"].astype(str)]
    return {
        "areas": _rounded(areas, ("mean",), ("percent_below",)).assign(name=names, level=question.level, **made_for),
        "groups": answer.groups.assign(**made_for),
        "spread": answer.spread.assign(**made_for),
    }


def _rounded(table: pd.DataFrame, wholes: Sequence[str], tenths: Sequence[str]) -> pd.DataFrame:
    return table.round(dict.fromkeys(wholes, 0) | dict.fromkeys(tenths, 1))
