"""What the caseload adds to "Compare homes" for one of its people: the agency's calls, what changed, and the choice."""

import pandas as pd
import streamlit as st

from geo.errors import VaultError
from geo.needs.needs import Needs
from layers.escaping import html, joined, plain
from people.entries import require_person
from people.kinds import SHORT_LIST_STATES
from people.last_comparison import HOMES, changes_since, is_for, keep_comparison, read_comparison
from people.notebook import house_calls, latest_words, with_notebook
from people.short_list import put_on_short_list, short_list
from people.vault import Vault
from screens.case_manager import person
from screens.case_manager.homes import Compared, Home
from screens.case_manager.house_facts import linked
from screens.caseload import session
from screens.caseload.houses_part import note_a_call
from screens.shared import frame, page_change
from screens.shared.near_text import capitalized
from screens.shared.place_search import in_label
from screens.shared.words import Say
from sources.region.ended import seen_on
from sources.region.model import Region

LONGEST, MOST_CHANGES = 1000, 12


def records(vault: Vault, person_id: str, region: Region) -> person.Records:
    """Return what "Compare homes" reads and keeps of a person."""

    def check() -> None:
        require_person(vault, person_id)

    def houses(resources: pd.DataFrame, needs: Needs) -> pd.DataFrame:
        try:
            check()
            calls = house_calls(vault)
        except VaultError:  # it locked itself, or they were handed over: the whole page is drawn anew, without them
            st.rerun()
        return _by_the_region(with_notebook(resources, latest_words(calls), needs.medications), region)

    def changes(compared: Compared, say: Say) -> None:
        with session.telling(say):
            _changes(vault, person_id, region, compared, say)

    def choice(home: Home, say: Say) -> None:
        session.tell_problem(say)
        with session.telling(say):
            _choice(vault, person_id, home, say)

    return person.Records(check, houses, changes, choice)


def _by_the_region(resources: pd.DataFrame, region: Region) -> pd.DataFrame:
    """Return resources whose words age by a region's own today: in a fictional county it stands still."""
    if not region.facts.fictional:
        return resources
    return resources.assign(verified_on=resources["verified_on"].clip(upper=seen_on(region.facts).isoformat()))


def _changes(vault: Vault, person_id: str, region: Region, compared: Compared, say: Say) -> None:
    """Say what is otherwise than when homes were last compared, until the reader has taken note of it."""
    now, facts = _as_kept(compared), region.facts
    before = read_comparison(vault, person_id, facts.name)
    if before is None:
        keep_comparison(vault, person_id, now, compared.needs, facts.name, facts.region_hash)
        return
    changes = changes_since(before, now, compared.needs)
    if changes.empty:
        if not is_for(before, compared.needs):  # else scores and who fits would never be set side by side again
            keep_comparison(vault, person_id, now, compared.needs, facts.name, facts.region_hash)
        return
    rows = joined(html("<li>{text}</li>", text=_change(row, say)) for row in changes.head(MOST_CHANGES).itertuples())
    if more := len(changes) - MOST_CHANGES:
        rows += html("<li>{text}</li>", text=say("case_since_more", count=more)) if more > 0 else html("")
    title = say("case_since", day=say.day(before.compared_on))
    frame.show(
        html('<section class="rr-note" data-since><h3>{title}</h3><ul>{rows}</ul></section>', title=title, rows=rows),
        say,
    )
    st.button(
        say("case_since_seen"),
        key=f"{session.PREFIX}since_seen",
        on_click=session.trying(keep_comparison),
        args=(vault, person_id, now, compared.needs, facts.name, facts.region_hash),
    )


def _as_kept(compared: Compared) -> pd.DataFrame:
    """Return the listed houses; an address was typed for one visit, and its absence is no news."""
    rows = [
        (
            home.asked.home_id,
            home.name,
            home.score.get("total"),
            home.facts["open_beds"],
            home.facts["weekly_rent_usd"],
        )
        for home in compared.homes
        if home.facts
    ]
    return pd.DataFrame(rows, columns=list(HOMES)).astype(HOMES)


def _change(row: object, say: Say) -> str:
    house, what = plain(row.house), str(row.what)  # type: ignore[attr-defined]  # a row of CHANGES
    if what in ("gone", "new"):
        return say(f"case_since_{what}", house=house)
    values = [_value(what, value, say) for value in (row.before, row.after)]  # type: ignore[attr-defined]
    return say(f"case_since_{what}", house=house, before=values[0], after=values[1])


def _value(what: str, value: float, say: Say) -> str:
    if pd.isna(value):
        return say("val_unknown")
    if what == "weekly_rent_usd":
        return say.habits.money(value)
    if what == "open_beds":
        return say("val_full") if value == 0 else say("val_beds", count=int(value))
    return str(round(value))


def _choice(vault: Vault, person_id: str, home: Home, say: Say) -> None:
    """Say how far the home that is looked at got for this person, and let that be moved on, with why."""
    listed = short_list(vault, person_id).set_index("resource_id")
    there = listed.loc[home.asked.home_id] if home.asked.home_id in listed.index else None
    why = "" if there is None or pd.isna(there["why"]) else plain(there["why"])
    with st.form("case_choice", enter_to_submit=False):
        frame.show(html("<h3>{title}</h3>", title=say("case_choice", house=home.name)), say)
        if home.facts:
            phone = linked("phone", plain(home.facts["phone"]) or say("val_unknown"), home.facts, say)
            frame.show(html("<p data-number>{what}: {phone}</p>", what=say("col_phone"), phone=phone), say)
        if there is not None:
            state, day = say(f"case_state_{there['state']}"), say.day(there["on"])
            frame.show(html("<p>{text} {why}</p>", text=say("case_choice_now", state=state, day=day), why=why), say)
        state_box, why_box, button = st.columns([2, 4, 1], vertical_alignment="bottom")
        state_box.selectbox(
            say("case_state"),
            SHORT_LIST_STATES,
            index=0 if there is None else SHORT_LIST_STATES.index(there["state"]),
            format_func=lambda one: capitalized(say(f"case_state_{one}")),
            key=_key("state", home),
        )
        why_box.text_input(
            say("case_why"),
            value=why,
            key=_key("why", home),
            max_chars=LONGEST,
            help=say("case_why_help"),
            autocomplete="off",
        )
        seen = 0 if there is None else int(there["version"])
        button.form_submit_button(
            in_label(say("case_save")),
            on_click=session.trying(_choose),
            args=(vault, person_id, home, seen),
            width="stretch",
        )
    with st.container(horizontal=True, gap="small"):
        if home.facts and st.button(say("case_call"), key=f"{session.PREFIX}chosen_call"):
            note_a_call(home.asked.home_id)
            page_change.go_to("caseload")
        onward = ":material/arrow_forward:"
        if there is not None and st.button(say("case_part_along"), key=f"{session.PREFIX}chosen_along", icon=onward):
            session.lead_to("along")
            page_change.go_to("caseload")


def _choose(vault: Vault, person_id: str, home: Home, seen: int) -> None:
    state, why = (st.session_state.get(_key(name, home)) for name in ("state", "why"))
    put_on_short_list(vault, person_id, home.asked.home_id, home.name, str(state), why, seen=seen)


def _key(name: str, home: Home) -> str:
    """Return the key of a field: each home has its own, so that what is typed of one isn't saved of another."""
    return f"{session.PREFIX}chosen_{name}_{home.asked.home_id}"
