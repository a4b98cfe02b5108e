"""When each kind of a region's data was last verified by who publishes it: not when its file was copied."""

import datetime

import pandas as pd

from geo.tables import CATEGORIES
from screens.shared.words import Say

KINDS = {
    "meetings": ("meeting",),
    "houses": ("recovery_residence", "transitional_housing"),
    "clinics": tuple(name for name, dimension in CATEGORIES.items() if dimension == "health"),
}


def verified_texts(resources: pd.DataFrame, say: Say, today: datetime.date) -> list[str]:
    """Return, of each kind that there is, when it was last verified and since when half of it was, a sentence each.

    Parameters
    ----------
    resources
        The RESOURCES table. Dates after today can't be true, and count as none.
    """
    texts = []
    for kind, categories in KINDS.items():
        dates = resources.loc[resources["category"].isin(categories), "verified_on"]
        if len(dates):
            texts.append(_text(say(f"verified_kind_{kind}"), dates.where(dates <= today.isoformat()), say))
    return texts


def _text(kind: str, dates: pd.Series, say: Say) -> str:
    """Return when records of one kind were verified; an undated one counts as older than all dated ones."""
    known = sorted(dates.dropna().astype(str))
    if not known:
        return say("verified_never", kind=kind)
    newest, undated = _day(known[-1]), len(dates) - len(known)
    if 2 * undated >= len(dates):
        return say("verified_few", kind=kind, date=newest)
    return say("verified", kind=kind, date=newest, half=_day(known[len(dates) // 2 - undated]))


def _day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text[:10])
