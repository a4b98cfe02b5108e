"""The score of where a person lives: as it was kept, each with its day, and as it is now."""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st
from markupsafe import Markup

from geo.needs.needs import Needs
from geo.score.compare_homes import ComparedHome, compare_homes
from geo.tables import DIMENSIONS
from layers.escaping import html, joined, plain
from people.progress import CurrentHome, add_home_score
from people.vault import Vault, today
from screens.caseload import session
from screens.shared import frame, regions
from screens.shared.progress import asked_once
from screens.shared.words import Say
from sources.region.ended import seen_on
from sources.region.model import Region

Values = Mapping[str, float | None]


def score_now(region: Region, home: CurrentHome, needs: Needs, say: Say) -> ComparedHome | None:
    """Return a home as it is now for a person's needs, worked out once a visit; None where it can't be (said)."""
    place = located(region, home)
    if place is None:
        told = say("progress_home_elsewhere", house=plain(home.name), region=region.facts.title)
        frame.show(html('<p class="rr-note" role="status">{text}</p>', text=told), say)
        return None

    def ask() -> ComparedHome:
        support, date = regions.support(region.facts.name), region.facts.service_date
        return compare_homes(support, place, needs, date, today=seen_on(region.facts)).homes[0]

    key = (region.facts.region_hash, home.lives_at, home.lon, home.lat, needs)
    compared = asked_once(f"{session.PREFIX}home_now", key, ask, say)
    if compared is not None and compared.score is None:
        frame.notice(say(f"problem_{compared.problem}"), "", say)
        return None
    return compared


def located(region: Region, home: CurrentHome) -> pd.DataFrame | None:
    """Return a home as `compare_homes` takes it; None where this region doesn't hold it, or its place isn't public."""
    listed = region.resources[region.resources["resource_id"] == home.lives_at]
    if len(listed):
        place = listed.iloc[:1][["resource_id", "lon", "lat", "curfew"]].assign(id=home.lives_at)
        is_hidden = listed["location_precision"].iloc[0] == "hidden" or place[["lon", "lat"]].isna().any(axis=None)
        return None if is_hidden else place
    bounds = region.facts.bounds
    if home.lon is None or home.lat is None:
        return None
    if not (bounds.west <= home.lon <= bounds.east and bounds.south <= home.lat <= bounds.north):
        return None
    return pd.DataFrame({"id": [home.lives_at], "lon": [home.lon], "lat": [home.lat]})


def then_and_now(
    vault: Vault,
    person_id: str,
    region: Region,
    home: CurrentHome,
    compared: ComparedHome,
    kept: pd.DataFrame,
    say: Say,
) -> None:
    """Show the score of the home as it was kept last and as it is now, why they may differ, and the way to keep it."""
    now = _values(compared)
    columns = [(say("progress_now"), now)]
    why = say("progress_never_kept")
    last: Mapping[str, Any] = {} if kept.empty else dict(kept.iloc[-1])
    if last:
        then: Values = {name: None if pd.isna(last[name]) else float(last[name]) for name in now}
        columns.insert(0, (say("progress_then", day=say.day(last["scored_on"])), then))
        why = _why(last, home, region, is_same=then == now, say=say)
    frame.show(
        html(
            '<section class="rr-card rr-then"><h2>{title}</h2><p>{home}</p>{table}'
            '<p class="rr-small">{why}</p></section>',
            title=say("progress_home"),
            home=_where(home, say),
            table=_table(columns, say),
            why=why,
        ),
        say,
    )
    if not last or why != say("progress_same"):
        st.button(
            say("progress_keep"),
            key=f"{session.PREFIX}keep_score",
            on_click=session.trying(_keep),
            args=(vault, person_id, region.facts.name, region.facts.region_hash, home.lives_at, now),
        )


def _why(last: Mapping[str, Any], home: CurrentHome, region: Region, *, is_same: bool, say: Say) -> str:
    """Return what changed since a score was kept: the home, the region's data, else what they need."""
    if last["lives_at"] != home.lives_at:
        return say("progress_moved")
    if last["region_hash"] != region.facts.region_hash:
        return say("progress_new_data" if not is_same else "progress_new_data_same")
    return say("progress_same" if is_same else "progress_new_needs")


def _where(home: CurrentHome, say: Say) -> str:
    if home.since is None:
        return plain(home.name)
    return say("progress_lives_since", house=plain(home.name), day=say.day(home.since))


def _values(compared: ComparedHome) -> Values:
    """Return the total and the dimensions to a tenth of a point, as they are kept."""
    score = compared.score
    if score is None:
        return {}
    numbers = {"total": score.total} | {f"d_{name}": score.dimensions[name] for name in DIMENSIONS}
    return {name: None if value is None else math.floor(10 * value + 0.5) / 10 for name, value in numbers.items()}


def _table(columns: list[tuple[str, Values]], say: Say) -> Markup:
    """Return the total and the dimensions as rows, a column per moment."""
    names = [("total", say("progress_sum")), *((f"d_{name}", say(name)) for name in DIMENSIONS)]
    body = joined(
        html(
            '<tr><th scope="row">{name}</th>{cells}</tr>',
            name=name,
            cells=joined(
                html('<td class="rr-number">{v}</td>', v=say("dimension_nodata") if v is None else str(round(v)))
                for v in (values[row] for _, values in columns)
            ),
        )
        for row, name in names
    )
    return html(
        '<div class="rr-table-box"><table class="rr-then"><thead><tr><td></td>{heads}</tr></thead>'
        "<tbody>{body}</tbody></table></div>",
        heads=joined(html('<th scope="col">{text}</th>', text=text) for text, _ in columns),
        body=body,
    )


def _keep(vault: Vault, person_id: str, region: str, region_hash: str, lives_at: str, values: Values) -> None:
    where = {"scored_on": today(vault), "lives_at": lives_at, "region": region, "region_hash": region_hash}
    add_home_score(vault, person_id, where | dict(values))
