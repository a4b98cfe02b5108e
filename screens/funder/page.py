"""The page that says where support is missing, and who is left out: a surface, its gaps by area and by group.

Everything on it is made from public data, so surfaces are kept with the region and shared; which one is looked at
stays in the address, so that a link restores the view.
"""

import datetime
from dataclasses import replace

import streamlit as st

from geo.equity.gaps import THRESHOLDS
from geo.needs.needs import PROFILES
from geo.tables import DIMENSIONS
from layers.escaping import html
from layers.surface import cell_at, surface_layers
from screens.funder import components, downloads, gaps, over_time_part, questions, scenario_part, site_part, text
from screens.funder.questions import Answer, GapReport, Question, Surface
from screens.shared import address, frame, map_widget, progress, regions, visit
from screens.shared import components as pieces
from screens.shared.date_field import date_field
from screens.shared.guide import guide
from screens.shared.words import Say
from sources.region.model import Region

PARTS = {
    "gaps": ("gap_title", "gap_lead", "funder"),
    "sites": ("site_title", "site_lead", "sites"),
    "what_if": ("if_title", "if_lead", "what_if"),
    "changes": ("over_title", "over_lead", "changes"),
}
"""Part → its title, what it is about, and its guide."""
USUAL_THRESHOLD = 40
WORK = "surface"


def funder(say: Say) -> None:
    """Show the page."""
    region = visit.region(say)
    if region is not None:
        part = visit.one_of("part", say("gap_part"), list(PARTS), say, prefix="gap_part_")
        title, lead, name = PARTS[part]
        frame.show(
            html('<h2>{title}</h2><p class="rr-lead">{lead}</p>', title=say(title), lead=say(lead)),
            say,
        )
        guide(name, say)
        if region.zones["population"].fillna(0).sum() > 0:
            _ask(region, part, say)
        else:
            frame.notice(say("gap_no_zones"), say("gap_no_zones_hint"), say)
    frame.footer(say, region.facts.sources if region else ())


def _ask(region: Region, part: str, say: Say) -> None:
    """Ask for whom and for which day; outside of a fragment, so that work on a surface can be stopped.

    What is shown first is worked out without being asked for.
    """
    with st.container(horizontal=True, gap="medium"):
        profile = visit.one_of("gap_by", say("gap_by"), PROFILES, say, prefix="gap_by_")
        medication = visit.one_of(
            "gap_medication", say("gap_medication"), questions.MEDICATIONS, say, prefix="gap_medication_"
        )
        first = gaps.first_date(region, questions.needs_of(profile, medication))
        date = _date(region, first, say)
    question = Question(profile, medication, date, "total", USUAL_THRESHOLD, "")
    usual = (profile, medication) == (PROFILES[0], questions.MEDICATIONS[0])
    if not gaps.holds(region, date):
        before, after = gaps.nearest_dates(region, date)
        frame.notice(say("gap_no_service", date=date), say("gap_no_service_hint", before=before, after=after), say)
    elif part == "sites":
        site_part.show(region, question, say)
    elif part == "what_if":
        scenario_part.show(region, question, say)
    elif part == "changes":
        over_time_part.show(region, question, say)
    elif gaps.surface(region, question) is None:
        _offer_work(region, question, say, at_once=usual and date == first)
    else:
        _explore(region.facts.name, question)


@st.fragment
def _explore(name: str, question: Question) -> None:
    say, region = frame.speaking(), regions.opened(name)
    surface = gaps.surface(region, question)
    if surface is None:  # removed meanwhile
        st.rerun()
    for_what, below = st.columns(2, gap="medium", vertical_alignment="bottom")
    with for_what:
        question = replace(question, measure=_measure(surface, say))
    with below:
        question = replace(question, threshold=_threshold(say))
    if unknown := text.nothing_known(surface, question, say):
        frame.notice(unknown, say("gap_nodata_hint"), say)
    _show_answer(region, surface, question, say)


def _show_answer(region: Region, surface: Surface, question: Question, say: Say) -> None:
    chosen = _chosen_cell(region, surface)
    left, right = st.columns([7, 5], gap="medium")
    frame.show(html("<h2>{title}</h2>", title=say("gap_areas")), say)
    level = visit.one_of("gap_level", say("gap_level"), gaps.level_names(region), say, prefix="gap_level_")
    question = replace(question, level=level)
    answer = questions.answer(region, surface, question)
    frame.show(components.areas_table(answer, question, say), say)
    with left:
        _show_map(region, surface, answer, question, chosen, say)
    with right:
        _show_numbers(region, surface, answer, question, chosen, say)
    _show_groups(answer, question, say)
    downloads.show(GapReport(region, regions.land(region.facts.name), surface, answer, question), say)


def _date(region: Region, usual: datetime.date, say: Say) -> datetime.date:
    dates = region.facts.service_dates
    asked = usual
    if "gap_date" in st.query_params and "gap_date" not in st.session_state:
        try:
            asked = datetime.date.fromisoformat(st.query_params["gap_date"])
        except ValueError:
            asked = usual
        if dates:
            asked = min(max(asked, dates[0]), dates[1])
    first, last = dates or (usual - datetime.timedelta(days=366), usual + datetime.timedelta(days=366))
    date: datetime.date = date_field(
        say("gap_date"), say, value=asked, min_value=first, max_value=last, key="gap_date", width=260
    )
    address.remember("gap_date", date.isoformat(), usual.isoformat())
    return date


def _measure(surface: Surface, say: Say) -> str:
    """Ask which number: the total, a dimension or a class."""
    options = questions.measures(surface)
    asked = st.query_params.get("gap_measure")

    def shown(measure: str) -> str:
        name = questions.measure_name(measure, say)
        return say("gap_measure_dimension", name=name) if measure in DIMENSIONS else name

    chosen: str = st.selectbox(
        say("gap_measure"),
        options,
        index=options.index(asked) if asked in options else 0,
        format_func=shown,
        key="gap_measure",
    )
    address.remember("gap_measure", chosen, "total")
    return chosen


def _threshold(say: Say) -> int:
    asked = st.query_params.get("gap_below", "")
    chosen: int = st.select_slider(
        say("gap_below"),
        THRESHOLDS,
        value=int(asked) if asked.isdecimal() and int(asked) in THRESHOLDS else USUAL_THRESHOLD,
        key="gap_below",
        help=say("gap_below_help"),
    )
    address.remember("gap_below", str(chosen), str(USUAL_THRESHOLD))
    return chosen


def _offer_work(region: Region, question: Question, say: Say, *, at_once: bool) -> None:
    """Say that there is no surface yet, work it out if asked to or `at_once`, and how to have it ready beforehand."""
    cells = gaps.cell_count(region)
    frame.show(components.not_yet(region.facts.name, question, cells, say), say)
    every = st.checkbox(say("gap_work_out_all"), key="gap_every")
    profiles = PROFILES if every else (question.profile,)
    wanted = (region.facts.name, question, profiles)
    st.button(say("gap_work_out"), type="primary", key="gap_work_out", on_click=_want, args=(wanted,))
    if at_once or st.session_state.get("gap_wanted") == wanted:
        _work_out(region, question, profiles, say)


def _want(wanted: tuple[str, Question, tuple[str, ...]]) -> None:
    st.session_state["gap_wanted"] = wanted
    progress.again(WORK)


def _work_out(region: Region, question: Question, profiles: tuple[str, ...], say: Say) -> None:
    message = say("gap_working", count=gaps.cell_count(region))
    if progress.run_with_progress(WORK, lambda step: gaps.work_out(region, question, profiles, step), message, say):
        st.session_state.pop("gap_wanted", None)
        st.rerun()


def _chosen_cell(region: Region, surface: Surface) -> int | None:
    """Return the position of the cell that was clicked last, in this region."""
    place = map_widget.clicked(region)
    if place is not None:
        st.session_state["gap_place"] = (region.facts.name, place.lon, place.lat)
    kept = st.session_state.get("gap_place")
    return cell_at(surface.shapes, kept[1], kept[2]) if kept and kept[0] == region.facts.name else None


def _show_map(
    region: Region, surface: Surface, answer: Answer, question: Question, chosen: int | None, say: Say
) -> None:
    dark = st.context.theme.type == "dark"
    map_widget.show(region, surface_layers(surface.shapes, answer.shade, dark, chosen, answer.numbered), say)
    frame.show(components.legend(answer, no_data=bool(surface.table[question.measure].isna().all()), say=say), say)
    frame.show(components.map_of(question, say), say)
    frame.show(pieces.meaning(("square",), say), say)


def _show_numbers(
    region: Region, surface: Surface, answer: Answer, question: Question, chosen: int | None, say: Say
) -> None:
    if answer.whole:
        frame.show(components.headline(answer, question, say), say)
        frame.show(pieces.meaning(("share",), say), say)
    if chosen is not None:
        row, name = surface.table.iloc[chosen].to_dict(), gaps.cell_name(region, surface, chosen, say)
        frame.show(components.cell_card(row, name, questions.measures(surface), say), say)
    elif "gap_place" in st.session_state:
        frame.show(html('<p class="rr-muted">{text}</p>', text=say("gap_cell_outside")), say)
    if answer.whole and answer.whole["people"] > 0:
        frame.show(components.spread(answer, question.threshold, say), say)


def _show_groups(answer: Answer, question: Question, say: Say) -> None:
    if answer.whole and not answer.whole["people"]:
        return
    frame.show(html("<h2>{title}</h2>", title=say("gap_who")), say)
    left, right = st.columns([7, 5], gap="medium")
    with left:
        frame.show(components.groups(answer, question, say), say)
        frame.show(pieces.meaning(("group",), say), say)
    with right:
        if answer.evenness is not None:
            frame.show(components.even(answer.evenness, say), say)
            frame.show(pieces.meaning(("even",), say), say)


funder(frame.speaking())
