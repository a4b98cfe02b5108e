"""Bringing a region's data up to date on the page: what is asked, how far it is, what changed, and the way back."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from geo.dates import date_there
from geo.errors import RecoveryReachError
from layers.escaping import html
from screens.shared import components as pieces
from screens.shared import frame, progress, regions
from screens.shared.changes_text import change_sentences, since
from screens.shared.words import Say
from sources.fetching import default_policy, read_endpoints, read_keys
from sources.places.place_lookup import Lookup
from sources.region.folders import data_folder
from sources.region.model import Region
from sources.region.update import (
    Changes,
    Renewal,
    built_before,
    last_changes,
    locate_rest,
    plan_update,
    undo_update,
    unlocated,
    update_region,
)

WORK = "update"
SERVICE = "census"
"""The geocoding service that is offered; others by the command line."""


def show(region: Region, say: Say) -> None:
    """Offer to update the region, to undo that, and to have addresses looked up; tell what the last build changed."""
    name = region.facts.name
    changed = _changed(region, _built_before(name))
    hosts = sorted({str(source["asked_of"]) for source in region.facts.sources if source.get("asked_of")})
    asks = say("update_asks", hosts=", ".join(hosts)) if hosts else say("update_files")
    changes = html("") if changed is None else html(
        "<h3>{title}</h3><p>{since}</p>{rows}",
        title=say("changed_title"),
        since=since(changed, region.facts.time_zone, say),
        rows=pieces.sentences(change_sentences(changed, say)),
    )  # fmt: skip
    frame.show(
        html(
            '<section class="rr-card" aria-labelledby="rr-update" data-health="update"><h2 id="rr-update">{title}</h2>'
            "<p>{asks}</p>{changes}</section>",
            title=say("update_title"),
            asks=asks,
            changes=changes,
        ),
        say,
    )
    with st.container(horizontal=True, gap="small", key="update"):
        st.button(say("update_now"), type="primary", key="update_now", on_click=_want, args=(name, "update"))
        if changed is not None:
            built = say.day(date_there(changed.before_built_on, region.facts.time_zone))
            label = say("update_redo" if changed.is_undone else "update_undo", built=built)
            st.button(label, key="update_undo", on_click=_want, args=(name, "undo"))
    _offer_to_locate(name, region, say)
    _work(name, say)


def _want(name: str, what: str) -> None:
    st.session_state[WORK] = (name, what)
    progress.again(WORK)


def _work(name: str, say: Say) -> None:
    wanted = st.session_state.get(WORK)
    if wanted is None or wanted[0] != name:
        return
    makers: dict[str, Callable[[Callable[..., None]], Any]] = {
        "update": lambda step: update_region(_planned(name), lambda share, _text: step(share)),
        "undo": lambda _step: _undone(name),
        "locate": lambda step: locate_rest(
            name, SERVICE, default_policy(), data_folder() / "cache", lambda share, _text: step(share)
        ),
    }
    done = progress.run_with_progress(WORK, makers[wanted[1]], say("update_working"), say, once=True)
    if not progress.is_stopped(WORK):  # done, or it can't be and that was said: not again at the next click
        st.session_state.pop(WORK, None)
    if done is not None:
        st.rerun()


def _undone(name: str) -> bool:
    undo_update(name)
    return True


def _planned(name: str) -> Renewal:
    lookup = Lookup(default_policy(), data_folder() / "cache", read_endpoints(data_folder()))
    return plan_update(name, lookup, read_keys(data_folder()))


def _offer_to_locate(name: str, region: Region, say: Say) -> None:
    count = _unlocated(region)
    if count:
        frame.show(html('<p data-health="locate">{text}</p>', text=say(f"locate_{SERVICE}", count=count)), say)
        st.button(say("locate_now"), key="locate_now", on_click=_want, args=(name, "locate"))


def _built_before(name: str) -> str:
    """Return which build is kept before this one, as what a cache can tell it by."""
    try:
        return built_before(name) or ""
    except RecoveryReachError:
        return ""


@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs=regions.BY_HASH)
def _changed(region: Region, built: str) -> Changes | None:
    return last_changes(region.facts.name) if built else None


@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs=regions.BY_HASH)
def _unlocated(region: Region) -> int:
    return len(unlocated(region.facts.name))
