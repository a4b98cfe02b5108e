"""What a visit has chosen: the region, the place, how a person gets around. Kept in its session and nowhere else.

The address bar may hold the region, the language and settings of a view, so that a link restores it; never a place.
"""

import contextlib
from collections.abc import Sequence

import streamlit as st

from geo.errors import RecoveryReachError
from layers.escaping import plain
from screens.shared import frame, regions
from screens.shared.queries import ChosenPlace
from screens.shared.words import Say
from sources.region import list_regions
from sources.region.model import Region, RegionFacts


def region(say: Say) -> Region | None:
    """Return the region that is looked at, chosen here where there are several; say so where there is none."""
    every = list_regions()
    if not every:
        frame.notice(say("no_region"), say("no_region_hint"), say)
        return None
    facts = _chosen(every, say)
    frame.about(facts, say, named=len(every) > 1)
    try:
        return regions.opened(facts.name)
    except RecoveryReachError as problem:
        frame.notice(say.why(problem), "", say)
        return None


def place() -> ChosenPlace | None:
    """Return the place that is looked at, if one was chosen."""
    chosen: ChosenPlace | None = st.session_state.get("place")
    return chosen


def one_of(name: str, label: str, options: Sequence[str], say: Say, *, prefix: str = "") -> str:
    """Return the option that was chosen, one of a few; a link may hold it under `name`."""
    asked = st.query_params.get(name)
    chosen: str = st.segmented_control(
        label,
        options,
        format_func=lambda option: say(f"{prefix}{option}"),
        default=asked if asked and asked in options else options[0],
        required=True,
        key=name,
        wrap=True,
    )
    remember(name, chosen, options[0])
    return chosen


def remember(name: str, chosen: str, usual: str) -> None:
    """Let the address hold what was chosen, unless it is the usual."""
    if chosen != usual:
        st.query_params[name] = chosen
    else:
        with contextlib.suppress(KeyError):
            del st.query_params[name]


def _chosen(every: list[RegionFacts], say: Say) -> RegionFacts:
    by_name = {facts.name: facts for facts in every}
    names = list(by_name)
    shown = st.session_state.get("shown_region")
    asked = shown if shown in names else st.query_params.get("region")
    chosen = asked if asked in names else names[0]
    if len(every) > 1:
        chosen = st.selectbox(
            say("region"),
            names,
            index=names.index(chosen),
            format_func=lambda name: plain(by_name[name].title),
            key="region",
        )
    if shown != chosen:
        st.session_state["shown_region"] = chosen
        st.session_state.pop("place", None)
        st.session_state.pop("focus", None)
    st.query_params["region"] = chosen
    return by_name[chosen]
