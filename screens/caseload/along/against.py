"""What speaks against a house: it is full, or it refuses the person or one of their medications."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd

from geo.needs.needs import Needs
from screens.shared.words import Say


def against_house(
    listed: Mapping[Any, Any], heard: Mapping[Any, Any], needs: Needs, on: dt.date, say: Say
) -> list[str]:
    """Return why a person may not be taken in, a sentence for each reason.

    Parameters
    ----------
    listed
        The house's row of the person's short list; empty where it isn't on it.
    heard
        Its row of `people.notebook.latest_words`; empty for a house that wasn't called.
    on
        Today.
    """
    texts = []
    if listed.get("state") == "refused":
        texts.append(say("along_house_refused", day=say.day(listed["on"])))
    if is_full(listed, heard, on):
        texts.append(say("along_house_full", day=say.day(heard["free_beds_heard_on"])))
    refused: dict[str, list[str]] = {}
    for medication in needs.medications:
        takes = heard.get(f"takes_{medication}")
        if takes is not None and not pd.isna(takes) and not takes:
            refused.setdefault(heard[f"takes_{medication}_heard_on"], []).append(medication)
    for day, medications in refused.items():
        what = say.habits.listed([say(f"medications_{one}").lower() for one in medications])
        texts.append(say("along_house_refuses", day=say.day(day), what=what))
    return texts


def is_full(listed: Mapping[Any, Any], heard: Mapping[Any, Any], on: dt.date) -> bool:
    """Return whether a house has no free bed by its last word, and holds none for the agency.

    Of who has moved in it isn't asked, and a place that was offered after that word stands.
    """
    beds, hold, state = heard.get("free_beds"), heard.get("hold_until"), listed.get("state")
    if beds is None or pd.isna(beds) or beds > 0 or state == "moved_in":
        return False
    is_held = hold is not None and not pd.isna(hold) and hold >= on.isoformat()
    is_offered_since = state == "offered" and listed["on"] > heard["free_beds_heard_on"]
    return not is_held and not is_offered_since
