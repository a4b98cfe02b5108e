"""Fields of the parts that hold two surfaces side by side: what is counted, by which areas, and what the map shows."""

import streamlit as st

from geo.scenarios.what_if import WhatIf
from geo.siting.question import MOST_MINUTES
from geo.tables import DIMENSIONS
from screens.funder import gaps, questions
from screens.funder.parts import keep_option
from screens.funder.scenario_work import VIEWS
from screens.shared.reasons import class_name
from screens.shared.words import Say
from sources.region.model import Region

NO_CLASS = "none"


def ask_what(region: Region, part: str, say: Say) -> tuple[WhatIf, str]:
    """Ask which measure is held side by side, who counts as having what in reach, and by which areas.

    `part`: of the page, as the session names its fields.
    """
    classes = [rule.name for rule in questions.parameters().classes if rule.categories]
    options, reach, levels = ["total", *DIMENSIONS, *classes], [NO_CLASS, *classes], gaps.level_names(region)
    keep_option(f"{part}_measure", options)
    keep_option(f"{part}_class", reach)
    keep_option(f"{part}_level", levels)
    st.session_state.setdefault(f"{part}_within", 30)

    def shown(option: str) -> str:
        if option == NO_CLASS:
            return say("if_no_class")
        if option in ("total", *DIMENSIONS):
            name = questions.measure_name(option, say)
            return say("gap_measure_dimension", name=name) if option in DIMENSIONS else name
        return class_name(option, say)

    with st.expander(say("if_counted")):
        measure = st.selectbox(
            say("gap_measure"), options, format_func=shown, key=f"{part}_measure", persist_state="session"
        )
        left, right = st.columns([3, 2], gap="small")
        wanted = left.selectbox(
            say("if_reach_of"), reach, format_func=shown, key=f"{part}_class", persist_state="session"
        )
        minutes = 30.0
        if wanted != NO_CLASS:
            minutes = float(
                right.number_input(
                    say("site_minutes"), 5, MOST_MINUTES, step=5, key=f"{part}_within", persist_state="session"
                )
            )
        level = st.selectbox(
            say("gap_level"),
            levels,
            format_func=lambda one: say(f"gap_level_{one}"),
            key=f"{part}_level",
            persist_state="session",
        )
    return WhatIf(measure, None if wanted == NO_CLASS else wanted, minutes), level


def ask_view(part: str, say: Say) -> str:
    """Ask what the map shows: before, after, or what is different."""
    keep_option(f"{part}_view", VIEWS)
    view: str | None = st.segmented_control(
        say("if_view"),
        VIEWS,
        format_func=lambda one: say(f"if_view_{one}"),
        required=True,
        key=f"{part}_view",
        persist_state="session",
    )
    return view or VIEWS[0]
