"""A home in the list that one chooses from: its label, and the line below it."""

from screens.case_manager import homes
from screens.case_manager.homes import Compared, Home
from screens.shared.place_search import in_label
from screens.shared.words import Say


def in_list(home: Home, say: Say) -> str:
    """Return a home's number, name and score as a label."""
    total = f" — **{homes.total_text(home, say)}**" if home.score else ""
    if home.score and home.score["total"] is not None:
        total += f" {say('of_100')}"
    return f"**{home.number}** {in_label(home.name)}{total}"


def caption(home: Home, compared: Compared, say: Say) -> str:
    """Return what one chooses by: rent, free beds, minutes to the person's own places, confidence; as a label."""
    facts = homes.facts_texts(home, compared, say)
    details = [facts["rent"], facts["beds"], *(f"{to} {text}" for to, text in homes.minutes_texts(home, compared, say))]
    if home.score:
        details.append(say("val_sure_short", percent=round(100 * home.score["confidence"]["value"])))
    return in_label(" · ".join(part for part in details if part))
