"""A person's needs: the form of "Compare homes", filled from the vault, and saved there as it is typed."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from geo.errors import RecoveryReachError
from geo.needs.needs import Needs
from layers.escaping import html
from people.person_needs import read_needs_of, save_needs
from people.vault import Vault
from screens.case_manager import person
from screens.case_manager.needs_fields import Form
from screens.case_manager.needs_form import needs_form
from screens.caseload.records import records
from screens.shared import frame, page_change
from screens.shared.place_search import in_label
from screens.shared.progress import again
from screens.shared.words import Say
from sources.region.model import Region

_VERSION, _SHOWN, _SAVED, _REGION = (
    f"{person.PREFIX}{name}" for name in ("version_seen", "shown", "saved_at", "taken_over_in")
)


def needs_part(vault: Vault, record: Mapping[str, Any], region: Region, say: Say) -> None:
    """Show the form, save what changed in it, and offer to compare homes for this person."""
    person_id, name = str(record["person_id"]), str(record["name"])
    person.keep_to_region(region.facts.name)
    if person.is_for_this_visit():
        _in_the_way(say)
        return
    _take_over(vault, person.Whose(person_id, name), region)
    with st.container(key="rr_needs"):
        form = Form(region, say)
        needs = needs_form(form)
        is_saved = _save(vault, person_id, needs, form)
    label = in_label(say("case_compare", name=name))
    if st.button(label, type="primary", key="case_compare", disabled=not is_saved, width="stretch"):
        person.ask(needs or Needs())
        person.edit(open_form=False)
        again("compare")
        page_change.go_to("case_manager")


def _take_over(vault: Vault, whose: person.Whose, region: Region) -> None:
    """Fill the form with the person's needs, unless it holds them already; in another region places are found anew."""
    name = region.facts.name
    if person.whose() == whose and _VERSION in st.session_state and st.session_state.get(_REGION) == name:
        return
    needs, version = read_needs_of(vault, whose.person_id)
    person.take_over(whose, needs, records(vault, whose.person_id, region))
    st.session_state.update({_VERSION: version, _REGION: name})


def _save(vault: Vault, person_id: str, needs: Needs | None, form: Form) -> bool:
    """Save needs that differ from those that are saved; return whether what the form shows is in the vault.

    While a part of the form isn't whole nothing is saved: what was saved of it before would be lost. The form's first
    answer is what was read: a place may stand there with fewer digits, and that is no edit.
    """
    say, loaded = form.say, st.session_state[f"{person.PREFIX}needs"]
    is_whole = needs is not None and not form.refused
    shown = st.session_state.setdefault(_SHOWN, needs if is_whole else loaded)
    if needs is None or form.refused:
        what = say.habits.listed(list(dict.fromkeys(form.refused)))
        text = say("case_unfinished", what=what) if what else say("case_unsaved")
        frame.show(html('<p class="rr-note" role="status">{text}</p>', text=text), say)
        frame.show(html("<span data-unsaved></span>"), say)
        return False
    if shown != needs:
        try:
            st.session_state[_VERSION] = save_needs(vault, person_id, needs, st.session_state[_VERSION])
        except RecoveryReachError as problem:
            frame.notice(say.why(problem), "", say)
            st.button(say("case_reload"), key="case_reload", on_click=read_again)
            return False
        now = vault.settings.now().astimezone()
        st.session_state.update({_SHOWN: needs, f"{person.PREFIX}needs": needs, _SAVED: now.hour * 60 + now.minute})
    minute: int | None = st.session_state.get(_SAVED)
    text = say("case_as_typed") if minute is None else say("case_saved", time=say.habits.clock(minute))
    frame.show(html('<p class="rr-muted rr-small" data-saved role="status">{text}</p>', text=text), say)
    return True


def read_again() -> None:
    """Let the form be filled from the vault anew, as after an undo."""
    st.session_state.pop(_VERSION, None)


def _in_the_way(say: Say) -> None:
    """Say that needs of nobody's are entered on "Compare homes", and let go of them only when told to."""
    frame.show(html('<p class="rr-note" role="status">{text}</p>', text=say("case_in_the_way")), say)
    st.button(say("needs_forget"), key="case_forget", on_click=person.forget)
