"""What changed since an earlier build, and for whom: asked, worked out, and shown on the map and in tables."""

from functools import partial

import folium
import streamlit as st

from layers.change_marks import add_marks
from layers.escaping import html
from layers.surface import surface_layers
from screens.funder import components, gaps, over_time_pieces, over_time_work, questions, scenario_pieces, scenario_work
from screens.funder.effect_fields import ask_view, ask_what
from screens.funder.last_answer import last_answer, want
from screens.funder.over_time_work import OverTimeAnswer, OverTimeQuestion
from screens.funder.parts import keep_option, needs_toml
from screens.shared import frame, map_widget
from screens.shared.file_names import file_name
from screens.shared.words import Say
from sources.region.ended import seen_on
from sources.region.kept_builds import kept_days
from sources.region.model import Region

PART = "over"
MOST_MARKS = 300
"""Places that are marked on the map, at most."""
_MARKS = {"opened": "if_mark_new", "closed": "over_mark_closed", "moved": "over_mark_moved"}


def show(region: Region, whom: questions.Question, say: Say) -> None:
    """Show the part, for people who get around and take what `whom` says, on its day."""
    days = kept_days(region.facts.name)
    if not days:
        frame.notice(say("over_none"), say("over_none_hint"), say)
        return
    with st.container(key="rr_asked_beside_map"):
        left, right = st.columns([5, 7], gap="medium")
    with left:
        keep_option("over_since", days)
        since = st.selectbox(say("over_since"), days, format_func=say.day, key="over_since", persist_state="session")
        asked = OverTimeQuestion(since, *ask_what(region, PART, say))
        wanted = (region.facts.name, region.facts.region_hash, whom, asked)
        if st.button(say("over_work_out"), type="primary", key="do_over"):
            want(PART, wanted)  # as it is now: a field may have changed with the same click
        with st.container(key="rr_beside_map"):  # always there, so that what follows stays where it is
            found = _answer(region, whom, asked, wanted, say)
    with right:
        _show_map(region, found, say)
    if found is not None:
        _show_answer(region, found, say)


def _answer(
    region: Region, whom: questions.Question, asked: OverTimeQuestion, wanted: object, say: Say
) -> OverTimeAnswer | None:
    found = last_answer(
        PART,
        wanted,
        region.facts.region_hash,
        partial(over_time_work.work_out, region, asked, whom),
        say("if_working", count=gaps.cell_count(region)),
        say,
        when_new=lambda new: map_widget.look_around(scenario_work.changed(new.result.known)),
    )
    if found is not None:
        frame.show(over_time_pieces.headline(found, say), say)
        frame.show(over_time_pieces.unknown(found, say), say)
    return found


def _show_map(region: Region, found: OverTimeAnswer | None, say: Say) -> None:
    group, legend = folium.FeatureGroup(), None
    if found is not None:
        view, effect = ask_view(PART, say), found.result.known
        shapes, shade = gaps.shapes(region, tuple(effect.cells["id"])), scenario_work.shade(effect, view)
        dark = st.context.theme.type == "dark"
        group = surface_layers(shapes, shade, dark, is_change=view == "difference")
        legend = scenario_pieces.legend(shade, view, say)
        marks = found.marks.head(MOST_MARKS)
        places = marks.assign(label=[say(_MARKS[change]) for change in marks["change"]])
        add_marks(group, places, [], [], places.iloc[:0])
    map_widget.show(region, group, say)
    if legend is not None:
        frame.show(legend, say)
    if found is not None and (left := len(found.marks) - MOST_MARKS) > 0:
        frame.show(html('<p class="rr-muted">{text}</p>', text=say("over_marks_left", count=left)), say)


def _show_answer(region: Region, found: OverTimeAnswer, say: Say) -> None:
    left, right = st.columns([7, 5], gap="medium")
    known, level = found.result.known, found.asked.level
    with left:
        frame.show(over_time_pieces.places(found, say), say)
        frame.show(over_time_pieces.values_table(found, say), say)
        frame.show(over_time_pieces.routes_table(found, say), say)
    with right:
        frame.show(over_time_pieces.lists(found, say), say)
        frame.show(over_time_pieces.causes_table(found, say), say)
    left, right = st.columns([7, 5], gap="medium")
    with left:
        frame.show(html("<h2>{title}</h2>", title=say("if_who")), say)
        frame.show(scenario_pieces.areas_table(known, level, say), say)
        frame.show(scenario_pieces.classes_table(known, say), say)
    with right:
        frame.show(html("<h2>{title}</h2>", title=say("if_by_group")), say)
        frame.show(scenario_pieces.groups_table(known, say), say)
    limits = (*found.compared.limits, *found.result.limits)
    frame.show(over_time_pieces.told(limits, say), say)
    frame.show(html("<h2>{title}</h2><p>{lead}</p>", title=say("gap_downloads"), lead=say("over_downloads")), say)
    st.download_button(
        say("if_get_tables"),
        partial(over_time_work.tables, region, found),
        file_name=file_name(
            f"{region.facts.name}-changes-since-{found.asked.since}",
            seen_on(region.facts),
            (found.made_of, found.asked, found.whom),
            "zip",
        ),
        mime="application/zip",
        on_click="ignore",
        key="do_get_over_tables",
    )
    command = over_time_work.command(region.facts.name, found)
    frame.show(components.command("changes", command, needs_toml(found.whom.needs), say), say)
