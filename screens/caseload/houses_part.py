"""The houses of a person: a short list that says how far each got, and the notebook of what calls to houses learned."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st
from markupsafe import Markup

from geo.errors import InputError
from geo.needs.fields import MEDICATIONS
from layers.escaping import html, joined, plain
from people.entries import remove_entry
from people.kinds import SHORT_LIST_STATES
from people.notebook import HEARD, add_call, house_calls, latest_words
from people.short_list import put_on_short_list, short_list
from people.vault import Vault, today
from screens.case_manager import person
from screens.case_manager.house_facts import linked
from screens.caseload import session
from screens.caseload.said_text import said_texts
from screens.shared import frame
from screens.shared.date_field import date_field
from screens.shared.near_text import capitalized
from screens.shared.option_labels import told_apart
from screens.shared.words import Say
from sources.region.model import Region

LONGEST, LATEST = 1000, 8
_ENTERED = (*HEARD, "note")


def houses_part(vault: Vault, record: Mapping[str, Any], region: Region, say: Say) -> None:
    """Show the short list with the latest that each house said, and let both be added to."""
    person_id = str(record["person_id"])
    listed, heard = short_list(vault, person_id), latest_words(house_calls(vault))
    names = house_names(listed, region)
    if listed.empty:
        frame.show(html('<p class="rr-lead">{text}</p>', text=say("case_short_none")), say)
    else:
        words = heard.set_index("resource_id").to_dict("index")
        frame.show(_table(listed, _numbers(region), words, today(vault), say), say)
    left, right = st.columns(2, gap="medium")
    with left:
        _call(vault, names, region, say)
    with right:
        versions = dict(zip(listed["resource_id"], listed["version"], strict=True))
        _move(vault, person_id, names, versions, region, say)
    _calls(vault, say)
    onward = ":material/arrow_forward:"
    if st.button(say("case_part_along"), key=_key("along"), icon=onward, on_click=session.lead_to, args=("along",)):
        st.rerun()  # else this part alone would be drawn anew


def note_a_call(house_id: str) -> None:
    """Lead to where a call is noted, with the house chosen that was called."""
    session.lead_to("houses")
    st.session_state[_key("called")] = house_id


def house_names(listed: pd.DataFrame, region: Region) -> dict[str, str]:
    """Return the houses that can be chosen: those on the list, those just compared, best first, then all others."""
    table = region.resources
    table = table[table["category"] == "recovery_residence"].sort_values("name")
    names = dict(zip(table["resource_id"], map(plain, table["name"]), strict=True))
    last = st.session_state.get(f"{person.PREFIX}last") if person.whose() is not None else None
    compared = [home.asked.home_id for home in last.homes] if last else []
    first = dict(zip(listed["resource_id"], map(plain, listed["house"]), strict=True))
    return first | {identity: names[identity] for identity in compared if identity in names} | names


def house_labels(names: Mapping[str, str], region: Region) -> dict[str, str]:
    """Return what the houses of `house_names` are called in a list, those of one name with their addresses."""
    addresses = dict(zip(region.resources["resource_id"], map(plain, region.resources["address"]), strict=True))
    return told_apart(names, addresses)


def _numbers(region: Region) -> Mapping[str, str]:
    """Return the telephone number of each house, as it is published."""
    houses = region.resources[region.resources["category"] == "recovery_residence"]
    return dict(zip(houses["resource_id"], map(plain, houses["phone"]), strict=True))


def _table(
    listed: pd.DataFrame, numbers: Mapping[str, str], heard: Mapping[Any, Mapping[Any, Any]], on: dt.date, say: Say
) -> Markup:
    rows = joined(
        html(
            '<tr><th scope="row">{house} <span class="rr-muted rr-small">{phone}</span></th>'
            '<td data-label="{state_label}">{state}<br><span class="rr-muted">{since}'
            '</span></td><td data-label="{why_label}">{why}</td><td data-label="{said_label}">{said}</td></tr>',
            house=plain(row["house"]),
            phone=linked("phone", numbers.get(row["resource_id"], ""), {}, say),
            state_label=say("case_state"),
            state=capitalized(say(f"case_state_{row['state']}")),
            since=say.day(row["on"]),
            why_label=say("case_why"),
            why="" if pd.isna(row["why"]) else plain(row["why"]),
            said_label=say("case_said"),
            said=" ".join(said_texts(heard.get(row["resource_id"], {}), on, say)),
        )
        for row in listed.to_dict("records")
    )
    heads = joined(
        html('<th scope="col">{text}</th>', text=say(key))
        for key in ("col_home", "case_state", "case_why", "case_said")
    )
    return html(
        '<div class="rr-table-box rr-scroll" tabindex="0" role="region" aria-label="{label}"><table class="rr-stack">'
        "<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>",
        label=say("case_part_houses"),
        heads=heads,
        rows=rows,
    )


def _move(
    vault: Vault, person_id: str, names: Mapping[str, str], versions: Mapping[str, int], region: Region, say: Say
) -> None:
    """Ask for a house and how far it got; `versions`: of the houses that are on the list."""
    with st.form("case_short", enter_to_submit=False):
        frame.show(html("<h2>{title}</h2>", title=say("case_short")), say)
        _house("house", house_labels(names, region), say)
        st.selectbox(
            say("case_state"),
            SHORT_LIST_STATES,
            format_func=lambda one: capitalized(say(f"case_state_{one}")),
            key=_key("state"),
        )
        st.text_area(say("case_why"), key=_key("why"), max_chars=LONGEST, help=say("case_why_help"), height=80)
        st.form_submit_button(
            say("case_save"), type="primary", on_click=session.trying(_put), args=(vault, person_id, names, versions)
        )


def _put(vault: Vault, person_id: str, names: Mapping[str, str], versions: Mapping[str, int]) -> None:
    house = _chosen("house")
    state, why = (st.session_state.get(_key(name)) for name in ("state", "why"))
    put_on_short_list(vault, person_id, house, names[house], str(state), why, seen=versions.get(house, 0))
    session.empty(_key("house"))
    session.empty(_key("why"), value="")


def _call(vault: Vault, names: Mapping[str, str], region: Region, say: Say) -> None:
    """Ask which house is called, show its number, and ask what the call learned, which every colleague sees."""
    title, why = say("case_call"), say("case_call_why")
    with st.container(border=True):
        frame.show(html('<h2>{title}</h2><p class="rr-muted rr-small">{why}</p>', title=title, why=why), say)
        _house("called", house_labels(names, region), say)
        house = st.session_state.get(_key("called"))
        if house is not None:
            phone = linked("phone", _numbers(region).get(house, "") or say("val_unknown"), {}, say)
            frame.show(html("<p data-number>{name}: {phone}</p>", name=names[house], phone=phone), say)
        _ask_call(vault, names, say)


def _ask_call(vault: Vault, names: Mapping[str, str], say: Say) -> None:
    with st.form("case_call", enter_to_submit=False, border=False):
        beds, rent = st.columns(2)
        beds.number_input(
            say("case_call_free_beds"), 0, 10_000, value=None, step=1, key=_key("free_beds"), placeholder=""
        )
        rent.number_input(
            say("case_call_rent"), 0.0, 10_000.0, value=None, step=10.0, key=_key("weekly_rent_usd"), placeholder=""
        )
        for name in ("accepts_medications", "refuses_medications"):
            st.pills(
                say(f"case_call_{name}"),
                MEDICATIONS,
                format_func=lambda one: say(f"medications_{one}"),
                selection_mode="multi",
                key=_key(name),
                wrap=True,
            )
        again, hold = st.columns(2)
        date_field(say("case_call_ask_again_on"), say, again, value=None, key=_key("ask_again_on"))
        date_field(say("case_call_hold_until"), say, hold, value=None, key=_key("hold_until"))
        st.text_area(say("case_call_note"), key=_key("note"), max_chars=LONGEST, height=80)
        st.form_submit_button(say("case_call_save"), on_click=session.trying(_note), args=(vault, names))


def _calls(vault: Vault, say: Say) -> None:
    """Show the latest calls of the agency, each to be taken away again."""
    calls = house_calls(vault).head(LATEST)
    if calls.empty:
        return
    frame.show(html("<h2>{title}</h2>", title=say("case_calls")), say)
    for number, call in enumerate(calls.to_dict("records")):
        with st.container(border=True, key=_key(f"call_{call['entry_id']}")):
            told, button = st.columns([5, 1], vertical_alignment="center")
            (heard,) = latest_words(calls.iloc[[number]]).to_dict("records")
            with told:
                frame.show(
                    html(
                        "<p><strong>{house}</strong><br>{said} {note}</p>",
                        house=plain(call["house"]),
                        said=" ".join(said_texts(heard, today(vault), say)),
                        note="" if pd.isna(call["note"]) else plain(call["note"]),
                    ),
                    say,
                )
            button.button(
                say("case_call_away"),
                key=_key(f"away_{call['entry_id']}"),
                on_click=session.trying(remove_entry),
                args=(vault, call["entry_id"]),
                width="stretch",
            )


def _note(vault: Vault, names: Mapping[str, str]) -> None:
    house = _chosen("called")
    said = {name: st.session_state.get(_key(name)) for name in _ENTERED}
    said |= {name: ";".join(said[name] or ()) for name in ("accepts_medications", "refuses_medications")}
    add_call(vault, {"resource_id": house, "house": names[house], "called_on": today(vault), **said})
    several = ("accepts_medications", "refuses_medications")
    session.empty(*(_key(name) for name in ("called", *_ENTERED) if name not in (*several, "note")))
    session.empty(*map(_key, several), value=[])
    session.empty(_key("note"), value="")


def _house(name: str, labels: Mapping[str, str], say: Say) -> None:
    st.selectbox(
        say("col_home"),
        list(labels),
        index=None,
        format_func=labels.__getitem__,
        placeholder=say("case_choose_hint"),
        key=_key(name),
    )


def _chosen(name: str) -> str:
    house: str | None = st.session_state.get(_key(name))
    if house is None:
        raise InputError("Choose a house first.")
    return house


def _key(name: str) -> str:
    return f"{session.PREFIX}house_{name}"
