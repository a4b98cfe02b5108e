"""What can be kept of a comparison: a table, papers, a week for the pocket. Made when asked for, kept in the visit."""

import contextlib
from collections.abc import Callable, Sequence

import streamlit as st

from geo.errors import RecoveryReachError
from geo.plan.week_plan import WeekPlan, plan_week
from layers.escaping import html
from layers.export import quoted
from screens.case_manager import comparison as compare
from screens.case_manager import meeting_paper, pdf, person, week
from screens.case_manager.homes import Compared, Home
from screens.shared import frame, regions
from screens.shared.file_names import file_name
from screens.shared.words import Say
from sources.region.ended import seen_on
from sources.region.model import Region


def comparison(region: Region, compared: Compared, sides: Sequence[Home], looked_at: Home | None, say: Say) -> None:
    """Show how a comparison can be kept: on a paper for the meeting, as a table, with all that lies behind it, printed.

    Parameters
    ----------
    sides
        The homes that were chosen to be side by side, best first.
    """
    ids = tuple(one.asked.home_id for one in compared.homes)
    asked = (region.facts.region_hash, compared.needs, compared.today, ids, say)
    if sides:
        _for_the_meeting(region, compared, sides[: meeting_paper.MOST_HOMES], looked_at, asked, say)
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="rr_keep"):
        table = quoted(compare.as_table(compared, say))
        content = table.to_csv(index=False, lineterminator="\n").encode("utf-8")
        name = file_name("homes", seen_on(region.facts), asked, "csv")
        key = f"{person.PREFIX}csv"
        st.download_button(say("homes_csv"), content, name, "text/csv", key=key, on_click="ignore")
        if looked_at is not None:
            _appendix(region, compared, looked_at, asked, say)
        frame.show(html('<p class="rr-muted rr-small">{text}</p>', text=say("homes_print")), say)


def _for_the_meeting(
    region: Region, compared: Compared, shown: Sequence[Home], looked_at: Home | None, asked: object, say: Say
) -> None:
    """Show what the paper holds, and the button that makes it; its week is from the home looked at, else the best."""
    by_id = {one.asked.home_id: one for one in shown}
    home = by_id.get(looked_at.asked.home_id if looked_at else "", shown[0])

    def make() -> bytes:
        land, plan = regions.land(region.facts.name), week.kept(region, home) or _planned(region, home)
        return meeting_paper.meeting_paper(region, land, compared, shown, home, plan, say)

    with st.container(key="rr_keep_paper"):
        names = say.habits.listed([say("home_title", number=one.number, name=one.name) for one in shown])
        told = say("sheet_homes_why", names=names, home=home.name)
        frame.show(html("<h2>{title}</h2><p>{text}</p>", title=say("sheet_meeting"), text=told), say)
        chosen = tuple(one.asked.home_id for one in shown)
        _paper(region, "homes", (asked, chosen, home.asked.home_id), make, say)


def _planned(region: Region, home: Home) -> WeekPlan | None:
    """Return the week from a home; None where none can be planned, as from one too far from any street."""
    asked, facts = home.asked, region.facts
    with contextlib.suppress(RecoveryReachError):
        support = regions.support(facts.name)
        return plan_week(support, (asked.lon, asked.lat), asked.needs, facts.service_date, today=seen_on(facts))
    return None


def _appendix(region: Region, compared: Compared, home: Home, asked: object, say: Say) -> None:
    areas_of, areas = st.session_state.get(f"{person.PREFIX}areas") or (None, None)
    land = regions.land(region.facts.name)
    question = (asked, home.number, areas_of)
    _paper(region, "appendix", question, lambda: pdf.appendix(region, land, compared, home, areas, say), say)


def weekly(region: Region, home: Home, plan: WeekPlan, say: Say) -> None:
    """Show how a week plan can be kept."""
    with st.container(horizontal=True, gap="small", key="rr_keep_week"):
        _paper(region, "week", (week.key_of(region, home), say), lambda: pdf.weekly(region, home, plan, say), say)


def _paper(region: Region, name: str, asked: object, make: Callable[[], bytes], say: Say) -> None:
    """Show the button that makes a paper, then the one that hands it out; another question makes it anew."""
    key, box = f"{person.PREFIX}paper_{name}", st.empty()
    kept: tuple[object, bytes] | None = st.session_state.get(key)
    if kept is None or kept[0] != asked:
        if not box.button(say(f"sheet_make_{name}"), key=f"{key}_make"):
            return
        with st.spinner(say("near_making")):
            kept = (asked, make())
        st.session_state[key] = kept
    box.download_button(
        say(f"sheet_get_{name}"),
        kept[1],
        file_name(name, seen_on(region.facts), asked, "pdf"),
        "application/pdf",
        key=f"{key}_get",
        on_click="ignore",
        type="primary",
    )
