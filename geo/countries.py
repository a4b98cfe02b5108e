"""Which country a time zone lies in, by the tables that come with the time zones themselves."""

from functools import cache
from importlib.resources import files

_TERRITORIES = frozenset({"as", "gu", "mp", "pr", "um", "vi"})
"""Territories of the United States, whose law and telephone numbers hold there."""


def country_of(time_zone: str) -> str:
    """Return the ISO 3166 code of the country that a time zone lies in, in lower case; empty where it lies in none.

    The territories of the United States count as "us". The names are those of the tz database, older ones too
    (`US/Eastern`).
    """
    countries = _countries()
    seen = set()
    while time_zone not in countries and time_zone in _links() and time_zone not in seen:
        seen.add(time_zone)
        time_zone = _links()[time_zone]
    country = countries.get(time_zone, "")
    return "us" if country in _TERRITORIES else country


@cache
def _countries() -> dict[str, str]:
    """Return the country of each zone: `zone.tab` holds one each, and a zone for each country."""
    rows = (line.split("\t") for line in _lines("zone.tab") if not line.startswith("#"))
    return {row[2]: row[0].lower() for row in rows if len(row) > 2}


@cache
def _links() -> dict[str, str]:
    """Return older name → name."""
    rows = (line.split() for line in _lines("tzdata.zi") if line.startswith("L "))
    return {row[2]: row[1] for row in rows if len(row) > 2}


def _lines(name: str) -> list[str]:
    return files("tzdata").joinpath("zoneinfo", name).read_text(encoding="utf-8").splitlines()
