"""Public holidays: those of the United States' federal law, by the rules that it states.

5 U.S.C. 6103(a) names the days; one on a Saturday is kept on the Friday before (6103(b)), one on a Sunday on the
Monday after (Executive Order 11582). Holidays of states, and those of other countries, aren't known here.
"""

import datetime
from functools import lru_cache

NAMES = {
    "new_year": "New Year's Day",
    "king": "Martin Luther King Jr. Day",
    "presidents": "Washington's Birthday",
    "memorial": "Memorial Day",
    "juneteenth": "Juneteenth",
    "independence": "Independence Day",
    "labor": "Labor Day",
    "columbus": "Columbus Day",
    "veterans": "Veterans Day",
    "thanksgiving": "Thanksgiving Day",
    "christmas": "Christmas Day",
}
_FIXED = {
    "new_year": (1, 1),
    "juneteenth": (6, 19),
    "independence": (7, 4),
    "veterans": (11, 11),
    "christmas": (12, 25),
}
_MONDAY, _THURSDAY = 0, 3
_MOVING = {
    "king": (1, 15, _MONDAY),
    "presidents": (2, 15, _MONDAY),
    "memorial": (5, 25, _MONDAY),
    "labor": (9, 1, _MONDAY),
    "columbus": (10, 8, _MONDAY),
    "thanksgiving": (11, 22, _THURSDAY),
}
"""The weekday on or after a month and day: a third Monday is on the 15th or later, the last of May on the 25th."""
_JUNETEENTH_SINCE = 2021
"""Public Law 117-17."""
_ONE_DAY = datetime.timedelta(days=1)


def public_holiday(day: datetime.date, country: str) -> str | None:
    """Return which public holiday a date is, or is kept on: a name of `NAMES`; None on other days and where unknown.

    Parameters
    ----------
    country
        As `geo.countries.country_of` gives it; only those of "us" are known.
    """
    return _federal_holidays(day.year).get(day) if country == "us" else None


@lru_cache(64)
def _federal_holidays(year: int) -> dict[datetime.date, str]:
    """Return the days of a year that are federal holidays, the days on which these are kept instead among them."""
    # New Year's Day may be kept on the last day of the year before
    fixed = [(datetime.date(year, *when), name) for name, when in _FIXED.items()]
    fixed.append((datetime.date(year + 1, 1, 1), "new_year"))
    kept: dict[datetime.date, str] = {}
    for day, name in fixed:
        shift = {5: -_ONE_DAY, 6: _ONE_DAY}.get(day.weekday())
        kept |= {one: name for one in (day, day + shift if shift else day) if one.year == year}
    for name, (month, earliest, weekday) in _MOVING.items():
        first = datetime.date(year, month, earliest)
        kept[first + _ONE_DAY * ((weekday - first.weekday()) % 7)] = name
    return {day: name for day, name in kept.items() if name != "juneteenth" or year >= _JUNETEENTH_SINCE}
