"""What a visit has chosen: the region, the place, how a person gets around. Kept in its session and nowhere else."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from geo.errors import RecoveryReachError
from layers.escaping import plain
from screens.shared import address, frame, queries, regions
from screens.shared.option_labels import told_apart
from screens.shared.queries import ChosenPlace
from screens.shared.words import Say
from sources.region import list_regions, unreadable_regions
from sources.region.model import Region, RegionFacts


def region(say: Say) -> Region | None:
    """Return the region that is looked at, chosen here where there are several; say so where there is none."""
    every = list_regions()
    unreadable = unreadable_regions()
    for name in unreadable:
        frame.notice(say("region_unreadable", name=name), say("region_unreadable_hint", name=name), say)
    if not every:
        if not unreadable:
            frame.notice(say("no_region"), say("no_region_hint"), say)
        return None
    facts = _chosen(every, say)
    about = partial(frame.about, facts, say=say, named=len(every) > 1)
    try:
        opened = regions.opened(facts.name)
    except RecoveryReachError as problem:
        about(())
        frame.notice(say.why(problem), "", say)
        return None
    about(regions.verified(opened, say))
    frame.limits([queries.ended(opened, say)], say)
    if not facts.totals["resources"]:
        frame.notice(say("region_empty"), say("region_empty_hint", name=facts.name), say)
    return opened


def looked_at() -> RegionFacts | None:
    """Return the region that is looked at, known before the page is shown; None without any region."""
    every = list_regions()
    return _looked_at(every, st.session_state.get("region")) if every else None


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
    address.remember(name, chosen, options[0])
    return chosen


def _looked_at(every: list[RegionFacts], chosen: str | None = None) -> RegionFacts:
    """Return the region that was chosen on the page, else was shown before, else is in the address, else the first."""
    by_name = {facts.name: facts for facts in every}
    asked = (chosen, st.session_state.get("shown_region"), st.query_params.get("region"))
    return next((by_name[name] for name in asked if name in by_name), every[0])


def _chosen(every: list[RegionFacts], say: Say) -> RegionFacts:
    by_name = {facts.name: facts for facts in every}
    titles = told_apart({name: plain(facts.title) for name, facts in by_name.items()}, {name: name for name in by_name})
    names = list(titles)
    shown = st.session_state.get("shown_region")
    chosen = _looked_at(every).name
    if len(every) > 1:
        chosen = st.selectbox(
            say("region"),
            names,
            index=names.index(chosen),
            format_func=titles.__getitem__,
            key="region",
        )
    if shown != chosen:
        st.session_state["shown_region"] = chosen
        st.session_state.pop("place", None)
        st.session_state.pop("focus", None)
    address.remember("region", chosen)
    return by_name[chosen]
