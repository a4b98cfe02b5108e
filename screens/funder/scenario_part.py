"""What if: changes put together by clicking or read from a file, worked out, and shown before, after and apart."""

from functools import partial
from pathlib import Path

import folium
import pandas as pd
import streamlit as st

from geo.errors import RecoveryReachError
from geo.scenarios.changes import (
    LineAdded,
    PathAdded,
    PlaceAdded,
    PlaceChanged,
    PlaceClosed,
    PlaceMoved,
    Scenario,
    StopAdded,
)
from geo.scenarios.toml_reader import MOST_BYTES, MOST_CHANGES
from geo.toml_table import MOST_LETTERS
from layers.change_marks import Line, add_marks
from layers.escaping import html
from layers.surface import surface_layers
from screens.funder import components, gaps, questions, scenario_draft, scenario_pieces, scenario_work
from screens.funder.change_fields import KIND, ask, ask_points, forget_points, kinds, points, take_point
from screens.funder.effect_fields import ask_view, ask_what
from screens.funder.last_answer import last_answer, want
from screens.funder.parts import keep_option, needs_toml
from screens.funder.scenario_draft import COST, NOTE, REFUSED, TITLE
from screens.funder.scenario_text import change_text
from screens.funder.scenario_work import ScenarioAnswer, ScenarioQuestion
from screens.shared import frame, map_widget
from screens.shared.file_names import file_name
from screens.shared.uploads import Upload, ask_file, at_hand, let_go
from screens.shared.words import Say
from sources.region.ended import seen_on
from sources.region.model import Region

PART = "if"
Wanted = tuple[str, str, questions.Question, ScenarioQuestion]


def show(region: Region, whom: questions.Question, say: Say) -> None:
    """Show the part, for people who get around and take what `whom` says, on its day."""
    scenario_draft.begin(region.facts.name)
    clicked = map_widget.clicked(region)
    if clicked is not None:
        take_point(region, clicked.lon, clicked.lat)
    with st.container(key="rr_asked_beside_map"):
        left, right = st.columns([5, 7], gap="medium")
    with left:
        _ask_change(region, whom, say)
        asked = _ask_scenario(region, say)
        wanted = None if asked is None else (region.facts.name, region.facts.region_hash, whom, asked)
        if st.button(say("if_work_out"), type="primary", key="do_if", disabled=wanted is None):
            want(PART, wanted)  # as it is now: a field may have changed with the same click
        with st.container(key="rr_beside_map"):  # always there, so that what follows stays where it is
            found = _answer(region, whom, wanted, say)
    with right:
        _show_map(region, found, say)
    if found is not None:
        _show_answer(region, found, say)


def _ask_change(region: Region, whom: questions.Question, say: Say) -> None:
    """Ask for one more change, and add it when told to."""
    options = kinds(scenario_draft.timetable(region))
    keep_option(KIND, options)
    with st.container(border=True, key="rr_one_change"):
        kind: str = st.selectbox(
            say("if_kind"),
            options,
            format_func=lambda one: say(f"if_kind_{one}"),
            key=KIND,
            persist_state="session",
            on_change=forget_points,
        )
        change = ask(region, kind, say)
        ask_points(region, kind, say)
        if st.button(say("if_add"), key="do_add"):
            if isinstance(change, str):
                frame.notice(change, "", say)
                return
            try:
                scenario_draft.check(region, change, whom)
            except RecoveryReachError as problem:
                frame.notice(say.why(problem), "", say)
                return
            name = region.facts.name
            if len(scenario_draft.changes(name)) < MOST_CHANGES:
                scenario_draft.keep(name, [*scenario_draft.changes(name), change])
            forget_points()
            st.rerun()


def _ask_scenario(region: Region, say: Say) -> ScenarioQuestion | None:
    """Show the changes so far, ask for name, cost and files, and what is counted; None while nothing changes."""
    name = region.facts.name
    with st.expander(say("if_file"), expanded=False):
        _ask_own_file(region, say)
        then = _ask_other(region, "if_then", say("if_then"), say)
        against = _ask_other(region, "if_against", say("if_against"), say)
    changes = scenario_draft.changes(name)
    frame.show(html("<h3>{title}</h3>", title=say("if_changes", count=len(changes))), say)
    for number, change in enumerate(changes):
        with st.container(horizontal=True, gap="small", vertical_alignment="center", key=f"rr_change_{number}"):
            text = html('<p data-if="change">{text}</p>', text=change_text(change, region, say))
            frame.show(text, say)
            label = say("if_remove", number=number + 1)
            st.button(label, key=f"do_remove_{number}", on_click=scenario_draft.remove, args=(name, number))
    left, right = st.columns([3, 2], gap="small")
    left.text_input(say("if_title_field"), key=TITLE, persist_state="session", max_chars=200, autocomplete="off")
    st.session_state.setdefault(COST, None)
    right.number_input(say("if_cost_field"), 0.0, 1e12, value=None, step=1000.0, key=COST, persist_state="session")
    st.text_input(say("if_note_field"), key=NOTE, persist_state="session", max_chars=MOST_LETTERS, autocomplete="off")
    made = scenario_draft.scenario(name, say)
    own, *others = scenario_draft.file_names(made, [one[0] for one in (then, against) if one])
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            say("if_download", name=own),
            scenario_draft.as_file(made),
            file_name=own,
            mime="application/toml",
            on_click="ignore",
            key="do_get_if_toml",
        )
        if changes:
            st.button(say("if_clear"), key="do_clear", on_click=scenario_draft.clear, args=(name,))
    what, level = ask_what(region, PART, say)
    if not changes and then is None:
        frame.show(html('<p class="rr-muted rr-small">{text}</p>', text=say("if_nothing_yet")), say)
        return None
    scenarios = (made, *([then[1]] if then else []))
    return ScenarioQuestion(scenarios, (against[1],) if against else (), (own, *others), what, level)


def _ask_own_file(region: Region, say: Say) -> None:
    """Take a scenario's file in place of the changes so far."""
    st.file_uploader(
        say("if_upload", kilobytes=MOST_BYTES // 1000),
        type=["toml"],
        key="file_scenario",
        max_upload_size=1,
        on_change=_take_file,
        args=(region, say),
    )
    if refused := st.session_state.pop(REFUSED, ""):
        frame.notice(refused, "", say)


def _take_file(region: Region, say: Say) -> None:
    file = at_hand("file_scenario")
    if file is not None:
        scenario_draft.take(region, Upload(file.name, file.getvalue()), say)
        let_go(file)


def _ask_other(region: Region, key: str, label: str, say: Say) -> tuple[Upload, Scenario] | None:
    """Ask for the file of another scenario."""
    upload = ask_file(key, label, ("toml",), say, most_megabytes=1)
    if upload is None:
        return None
    try:
        return upload, scenario_draft.read(region, upload)
    except RecoveryReachError as problem:
        frame.notice(say.why(problem), "", say)
        return None


def _answer(region: Region, whom: questions.Question, wanted: Wanted | None, say: Say) -> ScenarioAnswer | None:
    found = last_answer(
        PART,
        wanted,
        region.facts.region_hash,
        None if wanted is None else partial(scenario_work.work_out, region, wanted[3], whom),
        say("if_working", count=gaps.cell_count(region)),
        say,
        when_new=lambda new: map_widget.look_around(scenario_work.changed(new.answer.effect)),
    )
    if found is not None:
        frame.show(scenario_pieces.headline(found, say), say)
    return found


def _show_map(region: Region, found: ScenarioAnswer | None, say: Say) -> None:
    group, legend = folium.FeatureGroup(), None
    if found is not None:
        view = ask_view(PART, say)
        shapes = gaps.shapes(region, tuple(found.answer.effect.cells["id"]))
        shade = scenario_work.shade(found.answer.effect, view)
        dark = st.context.theme.type == "dark"
        group = surface_layers(shapes, shade, dark, is_change=view == "difference")
        legend = scenario_pieces.legend(shade, view, say)
    places, lines = _marks(region, say)
    is_of_stops = st.session_state.get(KIND) in ("line", "stop")
    stops = scenario_draft.timetable(region).stops
    add_marks(group, places, lines, [(one.lon, one.lat) for one in points()], stops if is_of_stops else stops.iloc[:0])
    map_widget.show(region, group, say)
    if legend is not None:
        frame.show(legend, say)
    frame.show(html('<p class="rr-muted rr-small">{text}</p>', text=say("if_map_hint")), say)


def _marks(region: Region, say: Say) -> tuple[pd.DataFrame, list[tuple[Line, str]]]:
    """Return where the changes are: places with a word, and lines."""
    rows: list[tuple[float, float, str]] = []
    lines: list[tuple[Line, str]] = []
    stops = scenario_draft.timetable(region).stops
    by_name = {str(row.stop_id): (row.lon, row.lat) for row in stops.itertuples(index=False)}
    for change in scenario_draft.changes(region.facts.name):
        match change:
            case PlaceAdded():
                rows.append((change.lon, change.lat, say("if_mark_new")))
            case PlaceMoved():
                rows.append((change.lon, change.lat, say("if_mark_moved")))
            case PlaceClosed() | PlaceChanged():
                known = region.resources[region.resources["resource_id"] == change.place]
                word = say("if_mark_closed") if isinstance(change, PlaceClosed) else say("if_mark_changed")
                rows += [(row.lon, row.lat, word) for row in known.itertuples() if row.lon == row.lon]
            case StopAdded() if not isinstance(change.stop, str):
                rows.append((*change.stop, say("if_mark_stop")))
            case LineAdded():
                at = [by_name.get(stop) if isinstance(stop, str) else stop for stop in change.stops]
                lines.append(([point for point in at if point is not None], "transit"))
            case PathAdded():
                lines.append((change.points, "walk"))
    return pd.DataFrame(rows, columns=["lon", "lat", "label"]), lines


def _show_answer(region: Region, found: ScenarioAnswer, say: Say) -> None:
    left, right = st.columns([7, 5], gap="medium")
    with left:
        frame.show(html("<h2>{title}</h2>", title=say("if_who")), say)
        frame.show(scenario_pieces.areas_table(found.answer.effect, found.asked.level, say), say)
        frame.show(scenario_pieces.classes_table(found.answer.effect, say), say)
    with right:
        frame.show(html("<h2>{title}</h2>", title=say("if_by_group")), say)
        frame.show(scenario_pieces.groups_table(found.answer.effect, say), say)
        frame.show(scenario_pieces.unknown(say), say)
    frame.show(scenario_pieces.told(found, say), say)
    _take_along(region, found, say)


def _take_along(region: Region, found: ScenarioAnswer, say: Say) -> None:
    frame.show(html("<h2>{title}</h2><p>{lead}</p>", title=say("gap_downloads"), lead=say("if_downloads")), say)
    start = f"{region.facts.name}-{Path(found.asked.files[0]).stem}"
    files = {"tables": partial(scenario_work.tables, region, found)}
    if found.answer.feed is not None:
        files["gtfs"] = partial(scenario_work.timetables, found)
    with st.container(horizontal=True, gap="small"):
        for kind, make in files.items():
            st.download_button(
                say(f"if_get_{kind}"),
                make,
                file_name=file_name(f"{start}-{kind}", seen_on(region.facts), (found.made_of, found.asked), "zip"),
                mime="application/zip",
                on_click="ignore",
                key=f"do_get_if_{kind}",
            )
    command = scenario_work.command(region.facts.name, found)
    frame.show(components.command("scenario", command, needs_toml(found.answer.needs), say, say("if_command")), say)
