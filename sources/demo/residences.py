"""Recovery residences, as a state's list publishes them."""

import datetime
from functools import partial
from typing import Any

import numpy as np

from sources.demo import chance
from sources.demo.frontage import Frontage
from sources.demo.invented import phone
from sources.demo.places import SERVED, Addresses
from sources.demo.plan import OWN_DATE, STATE

HEADER = (
    "id", "name", "address", "city", "state", "zip", "lat", "lon", "location_precision", "operator", "beds",
    "open_beds", "genders", "children", "weekly_rent_usd", "certification_level", "certified", "accepts_moud",
    "house_rules", "curfew", "peer_run", "shared_meals", "house_meetings", "activities", "work_required", "stay_limit",
    "phone", "call_hours", "url", "verified_on",
)  # fmt: skip
_HOUSES = {
    "Farbank": 15, "Kiln Quarter": 12, "Ferry Hill": 7, "Weavers Row": 7, "Granger Flats": 7, "Foundry Ward": 4,
    "Copperwell": 5, "Southport": 3, "Creekside": 2, "Wickett Heights": 2, "Linden Park": 1, "Saltbrook": 1,
    "Drumfold": 1, "Pellorchard": 1,
}  # fmt: skip
"""Houses stand where rent is low, much of it across the river from the clinics."""
_OPERATORS = (
    "Threshold Homes",
    "Footbridge Living",
    "Long Table Houses",
    "Upstream Recovery Residences",
    "Independent",
)
_RULES = (
    "Two house meetings a week; chores; no guests overnight",
    "Five meetings a week for the first month; sign out in the evening",
    "House meeting on Sunday; random testing; quiet after 22:00",
    "Work, school or volunteering 30 hours a week; weekly house meeting",
)  # fmt: skip
_CALL_HOURS = ("Mo-Fr 09:00-17:00", "Mo-Su 10:00-20:00", "Mo-Fr 12:00-18:00; Sa 10:00-14:00", "")
_DAYS_AGO = (1, 3, 6, 9, 16, 24, 45, 120, 300)
"""How long before the county's own date houses said which of their beds are free: most lately, some long ago."""


def residences(addresses: Addresses) -> list[list[Any]]:
    """Return recovery residences, in the order of their header."""
    rng, life = chance.stream("residences"), chance.stream("life in residences")
    rows: list[list[Any]] = []
    for area, count in _HOUSES.items():
        for at in addresses.many(rng, count, partial(_side_street, area)):
            rows.append(_residence(len(rows) + 1, at, rng, life))
    return rows


def _said_on(number: int) -> str:
    """Return when a house was last verified; some lists give no date."""
    if number % 17 == 0:
        return ""
    return (OWN_DATE - datetime.timedelta(_DAYS_AGO[number % len(_DAYS_AGO)])).isoformat()


def _side_street(wanted: str, area: str, highway: str) -> float:
    return float(area == wanted and highway == "residential")


def _residence(number: int, at: Frontage, rng: np.random.Generator, life: np.random.Generator) -> list[Any]:
    lon, lat = at.lonlat
    beds = chance.whole(rng, 5, 14)
    precision = chance.weighted(rng, ("rooftop", "street", "approximate"), (7, 2, 1))
    if precision == "approximate":  # published to about a kilometer, as some lists do
        lon, lat = round(lon, 2), round(lat, 2)
    level = chance.weighted(rng, ("1", "2", "3", "4"), (3, 5, 3, 1))
    certified = chance.chance(rng, 0.7)
    genders = chance.weighted(rng, ("men", "women", "all"), (6, 4, 1))
    rent = 5 * chance.whole(rng, 22, 38) + (35 if SERVED[at.area] > 2 else 0)
    curfew = chance.pick(rng, ("22:00", "22:30", "23:00", "23:00", "21:00", ""))
    operator = chance.pick(rng, _OPERATORS)
    open_beds = chance.weighted(rng, (0, 1, 2, 3), (4, 4, 2, 1))
    children = "yes" if genders == "women" and chance.chance(rng, 0.35) else "no"
    accepts_moud = "yes" if chance.chance(rng, 0.72) else "no"
    rules = chance.pick(rng, _RULES)
    return [
        f"RR-{number:03d}", f"{at.street.split()[0]} House {number} (fictional)",
            at.address if precision != "approximate" else "", at.city, STATE, at.postcode,
        f"{lat:.7f}" if precision != "approximate" else f"{lat:.2f}",
            f"{lon:.7f}" if precision != "approximate" else f"{lon:.2f}", precision, operator,
        beds, open_beds, genders, children, rent,
            level if certified else "",
        "yes" if certified else "no", accepts_moud, rules, curfew,
            *_life(rules, level, life), phone(number), _CALL_HOURS[number % len(_CALL_HOURS)],
        f"https://houses.example.com/{number}", _said_on(number),
    ]  # fmt: skip


def _life(rules: str, level: str, rng: np.random.Generator) -> list[str]:
    """Return how life in a house is, from `peer_run` to `stay_limit`; some houses don't say."""
    said = [
        "yes" if level == "1" else chance.pick(rng, ("no", "no", "")),
        chance.pick(rng, ("yes", "no", "Sunday dinner", "")),
        "yes" if "house meeting" in rules.lower() else chance.pick(rng, ("no", "")),
        chance.pick(rng, ("yes", "no", "", "")),
        "yes" if rules.startswith("Work") else chance.pick(rng, ("no", "")),
        chance.pick(rng, ("no limit", "6 months", "12 months", "90 days", "")),
    ]
    return said if chance.chance(rng, 0.8) else [""] * len(said)
