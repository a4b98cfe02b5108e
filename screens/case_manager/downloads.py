"""What can be kept of a comparison: a table, a paper, a week for the pocket. Made when asked for, kept in the visit."""

from collections.abc import Callable

import streamlit as st

from geo.plan.week_plan import WeekPlan
from layers.escaping import html
from layers.export import quoted
from screens.case_manager import comparison as compare
from screens.case_manager import pdf, person, week
from screens.case_manager.homes import Compared, Home
from screens.shared import frame, regions
from screens.shared.words import Say
from sources.region.model import Region


def comparison(region: Region, compared: Compared, home: Home | None, say: Say) -> None:
    """Show how a comparison can be kept: as a table, on paper, printed."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="rr_keep"):
        table = quoted(compare.as_table(compared, say))
        content = table.to_csv(index=False, lineterminator="\n").encode("utf-8")
        key = f"{person.PREFIX}csv"
        st.download_button(say("homes_csv"), content, "homes.csv", "text/csv", key=key, on_click="ignore")
        if home is not None:
            land, ids = regions.land(region.facts.name), tuple(one.asked.home_id for one in compared.homes)
            areas_of, areas = st.session_state.get(f"{person.PREFIX}areas") or (None, None)
            asked = (region.facts.region_hash, compared.needs, ids, home.number, areas_of, say.language)
            _paper("homes", asked, lambda: pdf.comparison(region, land, compared, home, areas, say), say)
        frame.show(html('<p class="rr-muted rr-small">{text}</p>', text=say("homes_print")), say)


def weekly(region: Region, home: Home, plan: WeekPlan, say: Say) -> None:
    """Show how a week plan can be kept."""
    with st.container(horizontal=True, gap="small", key="rr_keep_week"):
        asked = (week.key_of(region, home), say.language)
        _paper("week", asked, lambda: pdf.weekly(region, home, plan, say), say)


def _paper(name: str, asked: object, make: Callable[[], bytes], say: Say) -> None:
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
        say("near_get_pdf"),
        kept[1],
        f"{name}.pdf",
        "application/pdf",
        key=f"{key}_get",
        on_click="ignore",
        type="primary",
    )
