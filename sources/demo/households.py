"""Who lives in each block group, as the American Community Survey tells it: income, cars, insurance, age and race."""

from sources.demo import chance
from sources.demo.people import NEIGHBORS, RACE_WEIGHTS, Block, portions
from sources.demo.plan import COUNTY, DISTRICTS, STATE_NAME
from sources.zones.acs import GEOGRAPHY, INCOME, SHARES, VARIABLES

FEWEST = 1_320
"""Of the two block groups with fewer residents no income is published, as of many a real one."""
_NO_DATA = "-666666666"
_RACES = ("white", "black", "native", "asian", "pacific", "several")


def acs(blocks: list[Block]) -> list[list[str]]:
    """Return the answer of the Census Bureau's data API about the block groups of the blocks."""
    groups: dict[str, list[Block]] = {}
    for block in blocks:
        groups.setdefault(block.geoid[:12], []).append(block)
    rng = chance.stream("households")
    rows = [_row(place, groups[place], chance.between(rng, 0.85, 1.15)) for place in sorted(groups)]
    return [["NAME", *VARIABLES, *GEOGRAPHY], *rows]


def _row(place: str, members: list[Block], luck: float) -> list[str]:
    people, homes = sum(block.residents for block in members), sum(block.homes for block in members)
    pay, *times = _neighbors(members)
    weights = dict(zip(_RACES, RACE_WEIGHTS, strict=True))
    for race, more in zip(("black", "native", "asian"), times, strict=False):
        weights[race] *= more
    hispanic = 18 * times[3]
    shares = {
        "no_car_percent": 0.065 * pay * luck,
        "poverty_percent": 0.09 * pay * luck,
        "uninsured_percent": 0.05 + 0.03 * pay * luck,
        "under_18_percent": 0.22 * luck,
        "over_64_percent": 0.34 - 0.17 * luck,
        "hispanic_percent": hispanic / (82 + hispanic),
    } | {f"{race}_percent": weight / sum(weights.values()) for race, weight in weights.items()}
    cells = dict.fromkeys(VARIABLES, 0)
    for name, (parts, whole) in SHARES.items():
        cells[whole] = round(homes * 0.92) if name == "no_car_percent" else people
        count = round(cells[whole] * shares.get(name, 0.0))
        cells |= dict(zip(parts, portions(count, [1.0] * len(parts)), strict=True))
    income = str(round((24_000 + 52_000 / pay) * (2 - luck))) if people >= FEWEST else _NO_DATA
    texts = {name: str(value) for name, value in cells.items()} | {INCOME: income}
    name = f"Block Group {place[11]}; Census Tract {int(place[5:9])}; {COUNTY}; {STATE_NAME}"
    return [name, *(texts[cell] for cell in VARIABLES), place[:2], place[2:5], place[5:11], place[11:]]


def _neighbors(members: list[Block]) -> tuple[float, ...]:
    """Return how unlike elsewhere the neighborhood is in which most of them live."""
    by_district: dict[int, int] = {}
    for block in members:
        by_district[block.district] = by_district.get(block.district, 0) + block.residents
    most = max(sorted(by_district), key=by_district.__getitem__)
    return NEIGHBORS.get(DISTRICTS[most].name if most >= 0 else "", (1.0,) * 5)
