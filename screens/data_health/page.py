"""The page that says how fresh and how complete a region's data is: one plain sentence first, then each file."""

import datetime

import pandas as pd
import streamlit as st

from geo.dates import local_date
from geo.tables import CATEGORIES
from layers.escaping import html, plain
from layers.export import zipped_tables
from layers.map import answer_layers
from screens.data_health import components as health_pieces
from screens.data_health import lists, update
from screens.shared import components as pieces
from screens.shared import frame, map_widget, own_machine, regions, visit
from screens.shared.words import Say
from sources.region.health import RegionHealth, region_health
from sources.region.model import Region
from sources.region.verdict import verdict

LISTED_AT_MOST = 300


def data_health(say: Say) -> None:
    """Show the page."""
    region = visit.region(say)
    if region is not None:
        _show(region, say)
    frame.footer(say, region.facts.sources if region else ())


def _show(region: Region, say: Say) -> None:
    today = local_date(region.facts.time_zone)
    health = _health(region, today)
    outcome = verdict(health, region.facts.totals["sessions"])
    frame.show(health_pieces.verdict_card(outcome, health, region.rebuilt, region.spoiled, say), say)
    if own_machine.is_shared():
        frame.show(html('<p class="rr-note">{text}</p>', text=say("update_elsewhere", name=region.facts.name)), say)
    else:
        update.show(region, say)
    left, right = st.columns(2, gap="medium")
    with left:
        frame.show(health_pieces.timetable_card(health.timetable, today, say), say)
    with right:
        frame.show(health_pieces.lacks_card(health, say), say)
    frame.show(health_pieces.sources_section(health, say), say)
    frame.show(pieces.meaning(("kept", "repaired", "set_aside"), say), say)
    if not own_machine.is_shared():
        lists.show(region, say)
    _places(region.facts.name)
    frame.show(health_pieces.licenses_section(health, say), say)
    tables = {
        "sources": health.sources,
        "reasons": health.reasons,
        "imprecise": health.imprecise[health.imprecise["location_precision"] != "hidden"],
        "lacks": health.lacks,
    }
    about = health_pieces.account(region.facts, health, say)
    st.download_button(
        say("health_download"),
        lambda: zipped_tables(tables, about),
        file_name=f"{region.facts.name}-data-health-{today}.zip",
        mime="application/zip",
        on_click="ignore",
        key="health_download",
    )


@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs=regions.BY_HASH)
def _health(region: Region, today: datetime.date) -> RegionHealth:
    return region_health(region, today)


@st.fragment
def _places(name: str) -> None:
    """Show the places whose position is only roughly known, on a map and in a table; hidden ones as a number."""
    say, region = frame.speaking(), regions.opened(name)
    today = local_date(region.facts.time_zone)
    health = _health(region, today)
    titles, imprecise = dict(zip(health.sources["label"], health.sources["title"], strict=True)), health.imprecise
    rough = imprecise[imprecise["location_precision"] != "hidden"]
    hidden = len(imprecise) - len(rough)
    frame.show(
        html(
            '<h2>{title}</h2><p class="rr-lead">{lead}</p>{hidden}',
            title=say("health_imprecise"),
            lead=say("health_imprecise_lead", count=len(rough), all=len(region.resources))
            if len(rough)
            else say("health_imprecise_none"),
            hidden=pieces.sentences([("nodata", say("health_hidden", count=hidden))]) if hidden else "",
        ),
        say,
    )
    if rough.empty:
        return
    left, right = st.columns([7, 5], gap="medium")
    with left:
        map_widget.show(region, answer_layers(None, None, {}, _on_map(rough)), say, returned=())
        frame.show(pieces.legend(rough["category"].unique(), None, say), say)
        frame.show(html('<p class="rr-muted rr-small">{text}</p>', text=say("health_map_hint")), say)
    with right:
        frame.show(health_pieces.imprecise_table(rough.head(LISTED_AT_MOST), len(rough), titles, say), say)


def _on_map(rough: pd.DataFrame) -> pd.DataFrame:
    """Return the places as the map takes them."""
    shown = rough.assign(name=rough["name"].map(plain), dimension=rough["category"].map(CATEGORIES), faint=False)
    return shown.assign(**dict.fromkeys(("kind", "reach", "address"), ""))


data_health(frame.speaking())
