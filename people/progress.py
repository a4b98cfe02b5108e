"""Progress: recovery capital by the BARC-10 (Vilsaint et al. 2017), engagement, and the score of the home, over time.

Ten items, each answered from 1 (strongly disagree) to 6 (strongly agree), one for each domain of recovery capital
(Groshkova, Best & White 2013). The wording of the items is not shipped. An item left out is never guessed.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from geo.errors import InputError
from people.entries import add_entry, edit_entry, read_entries
from people.kinds import BARC10, BARC10_COLUMNS, DOMAINS, ENGAGEMENT, HOME_SCORE, PERSON
from people.short_list import short_list
from people.vault import Vault

__all__ = [
    "BARC10_CUTOFF", "DOMAINS", "LOW_ANSWER", "LOW_DIMENSION", "Barc10", "CurrentHome", "add_barc10", "add_engagement",
    "add_home_score", "barc10", "current_home", "edit_barc10", "engagement", "home_scores", "low_dimensions",
    "low_domains", "moves", "score_barc10",
]  # fmt: skip

BARC10_CUTOFF = 47
"""From this total on, remission of a year or more is likely (Vilsaint et al. 2017)."""
LOW_ANSWER = 3
"""An answer up to this is on the side of the scale that disagrees (1 to 3 of 6): the domain is low. No cut-off of a
single item is published; this one is the scale's own middle."""
LOW_DIMENSION = 100 * (1 - math.exp(-1))
"""A dimension below this is low: what a home earns where each class is there in its reference amount (`A_ref` of
docs/score.md), 63 of 100."""


@dataclass(frozen=True)
class Barc10:
    """A scored BARC-10: `total` from 10 to 60, whether it reaches the published cut-off, and each domain's 1 to 6."""

    total: int
    at_or_above_cutoff: bool
    domains: Mapping[str, int]


@dataclass(frozen=True)
class CurrentHome:
    """Where a person lives: a house's resource id or an address, its name, since when, and where it is (WGS 84).

    Without `lon` and `lat` it is for the region to say where the house is.
    """

    lives_at: str
    name: str
    since: str | None = None
    lon: float | None = None
    lat: float | None = None


def score_barc10(items: Sequence[int]) -> Barc10:
    """Score ten answers.

    Raises
    ------
    InputError
        There are not ten answers, or one is no whole number from 1 to 6.
    """
    if len(items) != len(DOMAINS):
        raise InputError(f"The BARC-10 needs all ten answers, not {len(items)}; a missing one is never guessed.")
    for number, item in enumerate(items, 1):
        if isinstance(item, bool) or not isinstance(item, int) or not 1 <= item <= 6:
            raise InputError(f"Answer {number} of the BARC-10 must be a whole number from 1 to 6.")
    total = sum(items)
    return Barc10(total, total >= BARC10_CUTOFF, dict(zip(DOMAINS, items, strict=True)))


def add_barc10(vault: Vault, person_id: str, asked_on: str, asked_by: str, answers: Mapping[str, int]) -> str:
    """Keep a person's ten answers, by domain (the keys of DOMAINS), and return the entry's id.

    Raises
    ------
    InputError
        A domain is missing or unknown, or an answer is no whole number from 1 to 6.
    """
    return add_entry(vault, BARC10.name, _answered(answers) | {"asked_on": asked_on, "asked_by": asked_by}, person_id)


def edit_barc10(
    vault: Vault, entry_id: str, asked_on: str, asked_by: str, answers: Mapping[str, int], seen: int | None = None
) -> None:
    """Change ten answers that were kept; see `add_barc10` and `people.entries.edit_entry`."""
    edit_entry(vault, entry_id, _answered(answers) | {"asked_on": asked_on, "asked_by": asked_by}, seen)


def _answered(answers: Mapping[str, int]) -> dict[str, int]:
    """Return ten answers by column."""
    if set(answers) != set(DOMAINS):
        raise InputError("The BARC-10 needs an answer for each of its ten domains; a missing one is never guessed.")
    scored = score_barc10([answers[domain] for domain in DOMAINS])
    return {BARC10_COLUMNS[domain]: answer for domain, answer in scored.domains.items()}


def barc10(vault: Vault, person_id: str) -> pd.DataFrame:
    """Return a person's answers over time, oldest first.

    Returns
    -------
    DataFrame
        `entry_id`, `version`, `asked_on`, `asked_by`, `total` (10–60), `at_or_above_cutoff`, and a column for each
        domain, named as in DOMAINS (1–6).
    """
    table = read_entries(vault, BARC10.name, person_id)
    domains = table[list(BARC10_COLUMNS.values())].rename(columns={name: key for key, name in BARC10_COLUMNS.items()})
    scores = [score_barc10(answers) for answers in domains.astype(object).to_numpy().tolist()]
    scored = table[["entry_id", "version", "asked_on", "asked_by"]].assign(
        total=pd.Series([score.total for score in scores], dtype="Int64"),
        at_or_above_cutoff=pd.Series([score.at_or_above_cutoff for score in scores], dtype="boolean"),
    )
    return pd.concat([scored, domains], axis=1).sort_values("asked_on", kind="stable", ignore_index=True)


def add_engagement(vault: Vault, person_id: str, values: Mapping[str, Any]) -> str:
    """Keep how a person took part in the last 30 days (fields of `people.kinds.ENGAGEMENT`); return the entry's id."""
    return add_entry(vault, ENGAGEMENT.name, values, person_id)


def engagement(vault: Vault, person_id: str) -> pd.DataFrame:
    """Return how a person took part over time, oldest first: the fields of `people.kinds.ENGAGEMENT`."""
    table = read_entries(vault, ENGAGEMENT.name, person_id)
    return table.sort_values("asked_on", kind="stable", ignore_index=True)


def add_home_score(vault: Vault, person_id: str, values: Mapping[str, Any]) -> str:
    """Keep the score of where a person lives on a day (fields of `people.kinds.HOME_SCORE`); return the entry's id."""
    return add_entry(vault, HOME_SCORE.name, values, person_id)


def home_scores(vault: Vault, person_id: str) -> pd.DataFrame:
    """Return the scores of where a person lived over time, oldest first: the fields of `people.kinds.HOME_SCORE`."""
    table = read_entries(vault, HOME_SCORE.name, person_id)
    return table.sort_values("scored_on", kind="stable", ignore_index=True)


def moves(vault: Vault, person_id: str) -> pd.DataFrame:
    """Return the houses that a person moved into, oldest first: `resource_id`, `house`, `on`."""
    listed = short_list(vault, person_id)
    moved = listed.loc[listed["state"] == "moved_in", ["resource_id", "house", "on"]]
    return moved.sort_values("on", kind="stable", ignore_index=True)


def current_home(vault: Vault, person_id: str) -> CurrentHome | None:
    """Return where a person lives: the house they moved into last, else what their record says; None if unknown."""
    moved = moves(vault, person_id)
    if len(moved):
        last = moved.iloc[-1]
        return CurrentHome(str(last["resource_id"]), str(last["house"]), str(last["on"]))
    person = read_entries(vault, PERSON.name, person_id).iloc[0]
    if pd.isna(person["lives_at"]):
        return None
    lon, lat = (None if pd.isna(person[name]) else float(person[name]) for name in ("lives_lon", "lives_lat"))
    return CurrentHome(str(person["lives_at"]), str(person["lives_at"]), None, lon, lat)


def low_domains(answers: Mapping[str, int]) -> list[str]:
    """Return the domains with a low answer (LOW_ANSWER), the lowest first, of equals as in DOMAINS.

    Examples
    --------
    >>> low_domains(dict.fromkeys(DOMAINS, 5) | {"social support": 3, "risk taking": 1})
    ['risk taking', 'social support']
    """
    return sorted((domain for domain in DOMAINS if answers[domain] <= LOW_ANSWER), key=lambda domain: answers[domain])


def low_dimensions(dimensions: Mapping[str, float | None]) -> list[str]:
    """Return the dimensions of a score that are low (LOW_DIMENSION), the lowest first; one without data is not low.

    Examples
    --------
    >>> low_dimensions({"health": 63.3, "home": 40.0, "purpose": None, "community": 12.5})
    ['community', 'home']
    """
    known = {name: value for name, value in dimensions.items() if value is not None and value < LOW_DIMENSION}
    return sorted(known, key=lambda name: known[name])
