"""Which resources fit a person's needs.

A resource is left out only for what is known of it: an attribute that no source states keeps it, and is counted.
"""

import re
from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.needs.fields import HOUSE_FACTS, NO_WORK
from geo.needs.needs import Needs
from geo.spelling import name_key, plain_words
from geo.tables import SECTORS

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
HOUSES = ("recovery_residence", "transitional_housing")
FAMILY_FELLOWSHIPS = (
    *("al ?anon", "alateen", "afg", "nar ?anon", "nar ?ateen", "co ?anon", "gam ?anon", "gam ?a ?teen", "s ?anon"),
    *("s ?ateen", "families anonymous", "pal", "parents of addicted loved ones"),
    *("smart (?:recovery )?(?:for )?famil(?:y|ies)", "learn to cope", "grasp"),
)
"""How fellowships of somebody's family and friends begin, as patterns of their plain words (`geo.spelling`) in lower
case: their groups aren't for one's own recovery."""
_FOR_FAMILIES = re.compile(rf"(?:{'|'.join(FAMILY_FELLOWSHIPS)})\b")
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


def fits_person(resources: pd.DataFrame, needs: Needs) -> tuple[Flags, Flags]:
    """Return what `fits` does, without the groups of families and friends unless the needs choose their fellowship."""
    fit, unsure = fits(resources, needs)
    own = for_person(resources, needs)
    return fit & own, unsure & own


def for_person(resources: pd.DataFrame, needs: Needs) -> Flags:
    """Return all but the groups of families and friends; those too where the needs choose a fellowship."""
    if needs.fellowships or not len(resources):
        return np.ones(len(resources), dtype=bool)
    codes, cells = pd.factorize(resources["fellowship"].fillna(""))
    own: Flags = np.array([not is_for_families(str(cell)) for cell in cells], dtype=bool)[codes]
    return own


def is_for_families(fellowships: str) -> bool:
    """Return whether fellowships, joined by `;`, are those of somebody's families and friends alone."""
    names = [plain_words(part).casefold() for part in fellowships.split(";") if part.strip()]
    return bool(names) and all(_FOR_FAMILIES.match(name) for name in names)


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
        *((fact, house, _flag(resources[fact])) for fact in HOUSE_FACTS if fact in needs.house_model),
        ("work_required", house, _not(resources["work_required"]) if NO_WORK in needs.house_model else None),
        ("stay_limit_days", house, _long_enough(resources, needs.least_stay_days)),
        ("medications", program, _any_of(resources["medications"], {"methadone"} & set(needs.medications))),
        ("medications", prescriber, _any_of(resources["medications"], set(needs.medications) - {"methadone"})),
    ]
    for column, where, rule in asked:
        if rule is not None:
            known, good = rule
            yield column, known | ~where, good | ~where


def open_to(resources: pd.DataFrame, gender: str | None) -> Flags:
    """Return which resources serve a gender, as far as is known; all of them where none is given."""
    return np.ones(len(resources), np.bool_) if gender is None else fits(resources, Needs(gender=gender))[0]


def of_one_gender(houses: pd.DataFrame) -> int:
    """Return how many of these resources serve one gender alone."""
    women, men, everyone = (holding(houses["genders"], words) for words in ({"women"}, {"men"}, {"all", "any"}))
    return int(((women ^ men) & ~everyone).sum())


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
    words = [str(word) for word in wanted or () if word is not None]
    return (_known(column), holding(column, words)) if words else None


def _not_for_others(formats: pd.Series, gender: str | None) -> tuple[Flags, Flags] | None:
    """Return meetings that are not for one other gender alone; formats that don't say are for everyone."""
    if gender is None:
        return None
    others = {"women", "men"} - {gender}
    closed = holding(formats, others) & ~holding(formats, {gender})
    return np.ones(len(formats), dtype=bool), ~closed


def holding(column: pd.Series, words: Iterable[str]) -> Flags:
    """Return whether a cell's words, joined by `;`, hold any of these, however each is spelled (`name_key`)."""
    wanted = {name_key(word) for word in words} - {""}
    codes, cells = pd.factorize(column.fillna(""))
    held = [any(name_key(part) in wanted for part in str(cell).split(";")) for cell in cells]
    return np.asarray(held, dtype=bool)[codes] if len(cells) else np.zeros(len(column), dtype=bool)


def _flag(column: pd.Series) -> tuple[Flags, Flags]:
    return column.notna().to_numpy(dtype=bool), column.fillna(True).to_numpy(dtype=bool)


def _not(column: pd.Series) -> tuple[Flags, Flags]:
    return column.notna().to_numpy(dtype=bool), ~column.fillna(False).to_numpy(dtype=bool)


def _long_enough(resources: pd.DataFrame, least: int | None) -> tuple[Flags, Flags] | None:
    """Return (known, one may stay so many days); a limit of 0 is none."""
    if least is None:
        return None
    limits = resources["stay_limit_days"]
    days = limits.fillna(0).to_numpy(dtype=np.int64)
    return _known(limits), (days == 0) | (days >= least)


def _serving(ages: pd.Series, age: int | None) -> tuple[Flags, Flags] | None:
    """Return (known, serves this age); words we don't know leave the cell unknown."""
    if age is None:
        return None
    codes, cells = pd.factorize(ages.fillna(""))
    served = [[years_of(word.strip()) for word in str(cell).casefold().split(";") if word.strip()] for cell in cells]
    known = np.array([bool(spans) and None not in spans for spans in served], dtype=bool)
    good = np.array([any(span and span[0] <= age <= span[1] for span in spans) for spans in served], dtype=bool)
    return (known[codes], (good | ~known)[codes]) if len(cells) else (np.zeros(0, dtype=bool),) * 2


def years_of(word: str) -> tuple[int, int] | None:
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
