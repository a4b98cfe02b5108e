"""The house notebook: what calls to houses learned, shared by the agency, about no person, and never sent anywhere."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from geo.needs.fields import MEDICATIONS
from people.entries import add_entry, read_entries
from people.kinds import HOUSE_CALL
from people.vault import Vault

HEARD = ("free_beds", "weekly_rent_usd", "accepts_medications", "refuses_medications", "ask_again_on", "hold_until")
_TAKES = ("accepts_medications", "refuses_medications")


def add_call(vault: Vault, values: Mapping[str, Any]) -> str:
    """Note what a call to a house learned (fields of `people.kinds.HOUSE_CALL`), and return the note's id.

    A note is edited, taken away and undone like any entry (`people.entries`).
    """
    return add_entry(vault, HOUSE_CALL.name, values)


def house_calls(vault: Vault, resource_id: str | None = None) -> pd.DataFrame:
    """Return the calls to one house, or to all, latest first; of one day those noted last."""
    calls = read_entries(vault, HOUSE_CALL.name)
    calls = calls if resource_id is None else calls[calls["resource_id"] == resource_id]
    return calls.iloc[::-1].sort_values("called_on", ascending=False, kind="stable", ignore_index=True)


def latest_words(calls: pd.DataFrame) -> pd.DataFrame:
    """Return the latest that each house said of each thing, one row per house.

    Parameters
    ----------
    calls
        As `house_calls` gives them.

    Returns
    -------
    DataFrame
        `resource_id`, `called_on` (the latest call), and for each of HEARD but the medications the latest word and
        `<name>_heard_on`: a call that didn't ask for the rent leaves the rent of the one before. Of each medication,
        `takes_<name>` (whether they accept it, as they said last) and `takes_<name>_heard_on`.
    """
    ordered = calls.iloc[::-1].sort_values("called_on", kind="stable")
    latest = _last(ordered)[["resource_id", "called_on"]].sort_values("resource_id", ignore_index=True)
    for name in (one for one in HEARD if one not in _TAKES):
        said = _last(ordered[ordered[name].notna()]).set_index("resource_id")
        latest[name] = latest["resource_id"].map(said[name]).astype(calls[name].dtype)
        latest[f"{name}_heard_on"] = latest["resource_id"].map(said["called_on"]).astype("string")
    for medication in MEDICATIONS:
        takes = _takes(ordered, medication)
        said = _last(ordered.assign(takes=takes)[takes.notna()]).set_index("resource_id")
        latest[f"takes_{medication}"] = latest["resource_id"].map(said["takes"]).astype("boolean")
        latest[f"takes_{medication}_heard_on"] = latest["resource_id"].map(said["called_on"]).astype("string")
    return latest


def with_notebook(resources: pd.DataFrame, latest: pd.DataFrame, medications: tuple[str, ...] = ()) -> pd.DataFrame:
    """Return resources with what houses said where that is newer than what is published, for `geo.needs.candidates`.

    Parameters
    ----------
    resources
        The RESOURCES table.
    latest
        As `latest_words` gives it.
    medications
        Those the person takes: `accepts_moud` is what a house said of these; a refusal stands until a call takes it
        back, however new the list that says that the house accepts medications.

    Returns
    -------
    DataFrame
        The same rows, with `open_beds`, `weekly_rent_usd` and `accepts_moud` as heard, and `open_beds_heard_on`,
        `weekly_rent_usd_heard_on`, `accepts_moud_heard_on`: since when (empty where the published word stands), and
        `published_open_beds`, `published_weekly_rent_usd` and `published_verified_on`, to be shown beside it.
        `verified_on` is the day of the word on beds, by which `geo.needs.free_beds` ages it.
    """
    heard = latest.set_index("resource_id")
    ids = resources["resource_id"]
    published_on = resources["verified_on"].fillna("")  # what nobody confirmed is older than any call
    table = resources.assign(
        published_open_beds=resources["open_beds"],
        published_weekly_rent_usd=resources["weekly_rent_usd"],
        published_verified_on=resources["verified_on"],
    )
    accepts, accepts_on = _accepts(heard, medications)
    for column, words, on in (
        ("open_beds", heard["free_beds"], heard["free_beds_heard_on"]),
        ("weekly_rent_usd", heard["weekly_rent_usd"], heard["weekly_rent_usd_heard_on"]),
        ("accepts_moud", accepts, accepts_on),
    ):
        said_on = ids.map(on).astype("string")
        newer = (said_on.fillna("") >= published_on) & said_on.notna()
        if column == "accepts_moud":  # a list says it of medications in general: it takes back no refusal of this one
            newer |= ids.map(words).eq(False).fillna(False) & resources[column].fillna(False)
        said = ids.map(words).astype(resources[column].dtype)
        table[column] = resources[column].where(~newer, said)
        table[f"{column}_heard_on"] = said_on.where(newer)
    table["verified_on"] = table["open_beds_heard_on"].fillna(resources["verified_on"])
    return table


def _last(ordered: pd.DataFrame) -> pd.DataFrame:
    return ordered.drop_duplicates("resource_id", keep="last")


def _takes(calls: pd.DataFrame, medication: str) -> pd.Series:
    """Return whether each call said that a medication is accepted; empty where it said nothing of it."""
    yes, no = (
        calls[name].fillna("").str.split(";").map(lambda names: medication in names).astype(bool) for name in _TAKES
    )
    return pd.Series(True, calls.index, dtype="boolean").where(yes).mask(no, False)


def _accepts(heard: pd.DataFrame, medications: tuple[str, ...]) -> tuple[pd.Series, pd.Series]:
    """Return whether each house said that it accepts all these medications, and when; empty where it didn't say.

    One refusal decides, and is as new as the last; acceptance is as old as the oldest word that it needs.
    """
    takes = heard[[f"takes_{name}" for name in medications]].astype("boolean")
    on = heard[[f"takes_{name}_heard_on" for name in medications]]
    refused = ~takes.fillna(True)
    is_refused = refused.any(axis=1)
    accepted = takes.fillna(False).all(axis=1) & bool(medications)
    verdict = pd.Series(False, heard.index, dtype="boolean").where(is_refused).mask(accepted, True)
    refused_on = on.where(refused.to_numpy()).fillna("").max(axis=1) if medications else ""
    accepted_on = on.fillna("").min(axis=1) if medications else ""
    dates = pd.Series("", heard.index, dtype="string").mask(is_refused, refused_on).mask(accepted, accepted_on)
    return verdict, dates.replace("", pd.NA)
