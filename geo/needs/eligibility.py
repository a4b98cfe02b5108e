"""Which resources fit a person's needs.

A resource is left out only for what is known of it: an attribute that no source states keeps it, and is counted.
"""

import re
from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.needs.needs import Needs
from geo.tables import SECTORS

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
HOUSES = ("recovery_residence", "transitional_housing")
AGE_GROUPS = {
    "children": (0, 17),
    "adolescents": (0, 17),
    "young adults": (18, 25),
    "adults": (18, 200),
    "seniors": (65, 200),
}
"""First and last year of the age groups of SAMHSA's facility survey (N-SUMHSS), but for "adults", which elsewhere
means everybody from 18 up."""


def fits(resources: pd.DataFrame, needs: Needs) -> tuple[Flags, Flags]:
    """Return which resources fit, and which of those were kept although something asked about is not known.

    Parameters
    ----------
    resources
        The RESOURCES table.
    needs
        What the person needs.
    """
    fit, unsure = np.ones(len(resources), dtype=bool), np.zeros(len(resources), dtype=bool)
    for _, known, good in _rules(resources, needs):
        fit &= ~known | good
        unsure |= ~known
    return fit, unsure & fit


def misfits(resources: pd.DataFrame, needs: Needs) -> tuple[dict[str, Flags], dict[str, Flags]]:
    """Return, by the column that was asked about, which resources don't fit, and of which it isn't known."""
    wrong: dict[str, Flags] = {}
    unknown: dict[str, Flags] = {}
    for column, known, good in _rules(resources, needs):
        none = np.zeros(len(resources), dtype=bool)
        wrong[column] = wrong.get(column, none) | (known & ~good)
        unknown[column] = unknown.get(column, none) | ~known
    return wrong, unknown


def _rules(resources: pd.DataFrame, needs: Needs) -> Iterator[tuple[str, Flags, Flags]]:
    """Yield what is asked: the column, of which resources it is known (or not asked), and which are good."""
    category = resources["category"]
    everywhere = np.ones(len(resources), dtype=bool)
    meeting = (category == "meeting").to_numpy(dtype=bool)
    house = category.isin(HOUSES).to_numpy(dtype=bool)
    program = (category == "opioid_treatment_program").to_numpy(dtype=bool)
    prescriber = (category == "buprenorphine_prescriber").to_numpy(dtype=bool)
    gender = {needs.gender, "all", "any"} if needs.gender else None
    level = (needs.required_level,) if needs.required_level else ()
    asked: list[tuple[str, Flags, tuple[Flags, Flags] | None]] = [
        ("languages", everywhere, _any_of(resources["languages"], needs.languages)),
        ("payment", everywhere, _any_of(resources["payment"], (*needs.payment, "free") if needs.payment else ())),
        ("genders", everywhere, _any_of(resources["genders"], gender)),
        ("ages", everywhere, _serving(resources["ages"], needs.age)),
        ("children", everywhere, _flag(resources["children"]) if needs.with_children else None),
        ("wheelchair", everywhere, _flag(resources["wheelchair"]) if needs.profile == "wheelchair" else None),
        ("fellowship", meeting, _any_of(resources["fellowship"], needs.fellowships)),
        ("formats", meeting, _any_of(resources["formats"], needs.formats)),
        ("formats", meeting, _not_for_others(resources["formats"], needs.gender)),
        ("weekly_rent_usd", house, _at_most(resources["weekly_rent_usd"], needs.weekly_budget_usd)),
        ("certification_level", house, _any_of(resources["certification_level"], level)),
        ("accepts_moud", house, _flag(resources["accepts_moud"]) if needs.medications else None),
        ("medications", program, _any_of(resources["medications"], ("methadone",))),
        ("medications", prescriber, _any_of(resources["medications"], set(needs.medications) - {"methadone"})),
    ]
    for column, where, rule in asked:
        if rule is not None:
            known, good = rule
            yield column, known | ~where, good | ~where


def jobs_that_fit(zones: pd.DataFrame, needs: Needs) -> Floats:
    """Return each zone's jobs of the wages and sectors asked for; NaN where jobs are not known.

    Wage and sector counts are published apart, so a zone's jobs × its share of these wages × its share of these
    sectors is taken. A share that is not known is 1.
    """
    jobs: Floats = zones["jobs"].to_numpy(dtype=np.float64, na_value=np.nan)
    wages = [f"jobs_{wage}_wage" for wage in needs.wages]
    for columns, every in (
        (wages, [f"jobs_{wage}_wage" for wage in ("low", "mid", "high")]),
        (list(needs.sectors), SECTORS),
    ):
        if columns:
            part = zones[columns].sum(axis=1, min_count=1).to_numpy(dtype=np.float64, na_value=np.nan)
            whole = zones[list(every)].sum(axis=1, min_count=1).to_numpy(dtype=np.float64, na_value=np.nan)
            known = np.isfinite(part) & (whole > 0)
            jobs = jobs * np.where(known, np.divide(part, whole, out=np.ones_like(part), where=known), 1.0)
    return jobs


def _any_of(column: pd.Series, wanted: Iterable[str | None] | None) -> tuple[Flags, Flags] | None:
    """Return (known, one of the wanted words is among the cell's), or None if nothing is asked."""
    words = {str(word).strip().casefold() for word in wanted or () if word is not None}
    if not words:
        return None
    return _known(column), _holding(column, words)


def _not_for_others(formats: pd.Series, gender: str | None) -> tuple[Flags, Flags] | None:
    """Return meetings that are not for one other gender alone; formats that don't say are for everyone."""
    if gender is None:
        return None
    others = {"women", "men"} - {gender}
    closed = _holding(formats, others) & ~_holding(formats, {gender})
    return np.ones(len(formats), dtype=bool), ~closed


def _holding(column: pd.Series, words: set[str]) -> Flags:
    """Return whether a cell's words, joined by `;`, hold any of these. Each distinct cell is looked at once."""
    codes, cells = pd.factorize(column.fillna(""))
    held = [any(part.strip() in words for part in str(cell).casefold().split(";")) for cell in cells]
    return np.asarray(held, dtype=bool)[codes] if len(cells) else np.zeros(len(column), dtype=bool)


def _flag(column: pd.Series) -> tuple[Flags, Flags]:
    return column.notna().to_numpy(dtype=bool), column.fillna(True).to_numpy(dtype=bool)


def _serving(ages: pd.Series, age: int | None) -> tuple[Flags, Flags] | None:
    """Return (known, serves this age); words we don't know leave the cell unknown."""
    if age is None:
        return None
    codes, cells = pd.factorize(ages.fillna(""))
    served = [[_years(word.strip()) for word in str(cell).casefold().split(";") if word.strip()] for cell in cells]
    known = np.array([bool(spans) and None not in spans for spans in served], dtype=bool)
    good = np.array([any(span and span[0] <= age <= span[1] for span in spans) for spans in served], dtype=bool)
    return (known[codes], (good | ~known)[codes]) if len(cells) else (np.zeros(0, dtype=bool),) * 2


def _years(word: str) -> tuple[int, int] | None:
    """Return the first and last year of an age group in words or figures (`18+`, `12-17`)."""
    match = re.fullmatch(r"(\d+)(?:\+|\s*[-–]\s*(\d+))", word)
    if match:
        return int(match[1]), int(match[2] or 200)
    return AGE_GROUPS.get(word)


def _at_most(column: pd.Series, most: float | None) -> tuple[Flags, Flags] | None:
    if most is None:
        return None
    return _known(column), (column.fillna(0) <= most).to_numpy(dtype=bool)


def _known(column: pd.Series) -> Flags:
    known: Flags = (column.notna() & (column.astype("string") != "")).fillna(False).to_numpy(dtype=bool)
    return known
