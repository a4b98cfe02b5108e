"""The part of a person's page that makes what goes along: the plan, the calendar, the letter, for whom it may be."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from layers.escaping import html
from people.consent import consents
from people.person_needs import read_needs_of
from people.short_list import short_list
from people.vault import Vault
from screens.caseload import session
from screens.caseload.along.asked import ask_house, ask_how
from screens.caseload.along.letter_part import letter_part
from screens.caseload.along.week_part import week_part
from screens.caseload.papers.consents import ask_consent
from screens.shared import frame
from screens.shared.words import Say
from sources.region.model import Region


def along_part(vault: Vault, record: Mapping[str, Any], region: Region, say: Say) -> None:
    """Show what can go along with a person, and make what is asked for."""
    person_id = str(record["person_id"])
    frame.show(html("<p>{why}</p>", why=say("along_why")), say)
    listed = short_list(vault, person_id)
    needs, _ = read_needs_of(vault, person_id)
    house_id = ask_house(vault, person_id, listed, needs, region, say)
    given = consents(vault, person_id)
    given = given[given["in_force"]]
    if house_id is None:
        frame.show(html('<p class="rr-note">{text}</p>', text=say("along_home_none")), say)
    else:
        asked = ask_how(vault, record, house_id, needs, given, region, say)
        week_part(vault, region, asked, say)
        letter_part(vault, record, region, asked, listed, say)
    with st.expander(say("papers_add_consent")):
        session.tell(vault, say, "along")
        ask_consent(vault, person_id, "along", say)
