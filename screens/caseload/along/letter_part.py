"""The letter of a person's page: its reason is typed, and it is compared anew when it is made."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from geo.errors import InputError
from layers.escaping import plain
from people.consent import consents, disclose
from people.notebook import house_calls
from people.vault import Vault, today
from screens.case_manager import homes
from screens.case_manager.homes import Compared
from screens.caseload import session
from screens.caseload.along.asked import THE_PERSON, Asked, key_of
from screens.caseload.along.letter import Letter, check_reason, letter, told_homes
from screens.caseload.along.title import title
from screens.caseload.papers.keep import File, keep
from screens.caseload.records import records
from screens.shared import regions
from screens.shared.progress import again, run_with_progress
from screens.shared.queries import ChosenPlace
from screens.shared.words import Say
from sources.region.model import Region

LETTER = File("letter", "pdf", "application/pdf", "along_make_letter", "along_get_letter")
_ON_RECORD = "letter on the choice of a home"
LONGEST_REASON = 2000


def letter_part(
    vault: Vault, record: Mapping[str, Any], region: Region, asked: Asked, listed: pd.DataFrame, say: Say
) -> None:
    """Show the letter's reason and its button; without a consent chosen it says what to do."""
    person_id, house_id = asked.person_id, asked.house_id
    name = plain(record["name"])
    why = listed.loc[listed["resource_id"] == house_id, "why"].dropna()
    with st.container(border=True):
        title("letter", say)
        key = key_of(f"reason_{person_id}_{house_id}")
        reason = st.text_area(
            say("along_reason"),
            max_chars=LONGEST_REASON,
            help=say("along_reason_help"),
            height=100,
            key=session.keep_typed(key, why.iloc[0] if len(why) else ""),
        )

        def make() -> bytes | None:
            check_reason(reason or "")
            if asked.recipient == THE_PERSON:
                if consents(vault, person_id)["in_force"].any():
                    raise InputError("Choose above whom the consent names: the letter isn't for the person alone.")
                disclose(vault, person_id, THE_PERSON, _ON_RECORD)  # refuses, and that is on record
            compared = _compared(vault, region, asked, listed, say)
            if compared is None:
                return None
            ids = [str(one) for one in listed["resource_id"]]
            told_homes(compared, house_id, ids)
            about = Letter(name, vault.user.name, reason or "")
            goes_with = disclose(vault, person_id, asked.recipient, _ON_RECORD)
            return letter(region, compared, house_id, ids, about, goes_with, today(vault), asked.speaking)

        calls = house_calls(vault).to_csv()
        for_whom = (person_id, name, asked.speaking, asked.recipient, reason)
        question = (asked.region_hash, asked.day, house_id, tuple(listed["resource_id"]), asked.needs, calls, *for_whom)
        keep(LETTER, today(vault), question, make, say)


def _compared(vault: Vault, region: Region, asked: Asked, listed: pd.DataFrame, say: Say) -> Compared | None:
    """Return the region's houses compared for this person as they are now, with the chosen and the listed ones."""
    own = region.resources[region.resources["resource_id"].isin([asked.house_id, *listed["resource_id"]])]
    own = own.dropna(subset=["lon", "lat"])
    added = tuple(ChosenPlace(row.lon, row.lat, plain(row.name)) for row in own.itertuples(index=False))
    resources = records(vault, asked.person_id, region).houses(region.resources, asked.needs)
    support = regions.support(region.facts.name)
    again("along_letter")
    return run_with_progress(
        "along_letter",
        lambda step: homes.compare(region, support, asked.needs, added, {}, step, resources),
        say("homes_working"),
        say,
    )
