"""How good the records are that a score rests on: their age, their positions, the timetable's dates."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.dates import days_since
from geo.habits import AMERICAN
from geo.score.parameters import ConfidenceRule
from geo.tables import EXACT_PRECISIONS
from geo.timetables.ended import SENTENCE


@dataclass(frozen=True)
class Records:
    """How good the records of a case are, whatever the home: shares 0–1 (None without any), `reasons` in sentences.

    `timetable_ended`: the timetable's last day, if that lies before today.
    """

    age: float | None
    location: float | None
    timetable: float
    timetable_ended: datetime.date | None
    reasons: tuple[str, ...]


def judged(
    rule: ConfidenceRule,
    resources: pd.DataFrame,
    unplaced: int,
    date: datetime.date,
    service_dates: Sequence[datetime.date | None] | None,
    notes: Sequence[str],
    ended: datetime.date | None = None,
    today: datetime.date | None = None,
) -> Records:
    """Judge the records that a score rests on.

    Parameters
    ----------
    resources
        Those that fit the person and count.
    unplaced
        How many publish no position.
    service_dates
        Whose timetable stands for each weekday; None without a timetable.
    notes
        What else a reader must know of the classes.
    ended
        The timetable's last day, if that lies before today: it is then in force on no day.
    today
        Until when the records age; without it, until the date.
    """
    reasons: list[str] = []
    age = _freshness(resources, today or date, rule.half_age_days, rule.unknown_age) if len(resources) else None
    if age is not None and age < 0.5:
        reasons.append("Most records are old or undated; check before relying on one.")
    exact = float(resources["location_precision"].isin(EXACT_PRECISIONS).mean()) if len(resources) else None
    if exact is not None and exact < 0.9:
        reasons.append(f"{100 * (1 - exact):.0f} % of the resources have only an approximate position.")
    if unplaced:
        reasons.append(f"{unplaced} resources publish no position and can't be reached by any route.")
    timetable = 0.0
    if service_dates is None:
        reasons.append("The region has no timetable, so only streets were searched.")
    elif ended is not None:
        reasons.append(SENTENCE.format(end=AMERICAN.day_of_year(ended)))
    else:
        timetable = sum(day is not None and day >= date for day in service_dates) / 7
        if timetable < 1:
            reasons.append("The timetable ends within a week of the date, so earlier days stand for some weekdays.")
    return Records(age, exact, timetable, ended, (*reasons, *notes))


def _freshness(resources: pd.DataFrame, today: datetime.date, half_age_days: float, unknown: float) -> float:
    """Return the mean of ½^(age / half age); records without a date count as `unknown`."""
    verified, retrieved = (days_since(resources[name], today) for name in ("verified_on", "retrieved_on"))
    age = np.where(np.isnan(verified), retrieved, verified)
    return float(np.where(np.isnan(age), unknown, 0.5 ** (age / half_age_days)).mean())
