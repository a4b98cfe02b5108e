"""The plan of Tallowmere County, which does not exist: names, river, main roads, districts.

Meters east and north of the middle of Quillhaven, the county seat. The spot is a bare salt flat in the Great Salt
Lake Desert, where no town lies (general knowledge of the place; the box was not checked against a map).
"""

import datetime
import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

Points = npt.NDArray[np.float64]

CENTER_LON, CENTER_LAT = -113.45, 40.36
HALF_WIDTH, HALF_HEIGHT = 16_000.0, 12_000.0
TIME_ZONE = "America/Denver"
STATE, STATE_FIPS, STATE_NAME = "XX", "99", "State of Nowhere (fictional)"
COUNTY, COUNTY_FIPS = "Tallowmere County (fictional)", "990"
CITY, WEST_TOWN, EAST_TOWN, RIVER = "Quillhaven", "Drumfold", "Pellorchard", "Osprenna River"
OWN_DATE = datetime.date(2026, 1, 7)
"""The day on which the county is seen (`sources.region.ended.seen_on`): nothing in it was verified later."""
NOTE = "Fictional: this place, its people and its services do not exist."

METERS_A_DEGREE = 111_132.0
BOX = shapely.box(-HALF_WIDTH, -HALF_HEIGHT, HALF_WIDTH, HALF_HEIGHT)


def to_lonlat(x: float, y: float) -> tuple[float, float]:
    """Return longitude and latitude (WGS 84, 7 decimals) of meters in the plan.

    Plain arithmetic (one degree of latitude is 111,132 m, of longitude that times cos 40.36°): the same on every
    machine, and within 0.3 % of true lengths over the county.
    """
    lon = CENTER_LON + x / (METERS_A_DEGREE * 1.0017 * math.cos(math.radians(CENTER_LAT)))
    return round(lon, 7), round(CENTER_LAT + y / METERS_A_DEGREE, 7)


@dataclass(frozen=True)
class Road:
    """A main road: drawn through its points as a smooth curve."""

    name: str
    highway: str
    kph: int
    points: tuple[tuple[float, float], ...]
    lanes: int = 2
    ref: str = ""


@dataclass(frozen=True)
class District:
    """A part of town with one street pattern: where its middle is, how its streets lie."""

    name: str
    x: float
    y: float
    pattern: str  # "grid", "curves"
    angle: float  # degrees, counter-clockwise
    long_side: float  # meters
    short_side: float
    missing: float  # share of street pieces left out
    warp: float  # meters by which streets bend
    people: float  # residents per square kilometer
    side: str = "west"  # of the river
    alleys: float = 0.0  # share of blocks with an alley
    postcode: str = "00301"
    city: str = CITY


def smooth(points: tuple[tuple[float, float], ...], step: float = 60.0, closed: bool = False) -> Points:
    """Return a Catmull-Rom curve through the points, about `step` meters between vertices."""
    knots = list(points)
    knots = [knots[-1], *knots, knots[0], knots[1]] if closed else [knots[0], *knots, knots[-1]]
    curve: list[tuple[float, float]] = []
    for k in range(1, len(knots) - 2):
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = knots[k - 1 : k + 3]
        pieces = max(1, round(math.hypot(x2 - x1, y2 - y1) / step))
        for piece in range(pieces):
            t = piece / pieces
            weights = (
                -0.5 * t + t * t - 0.5 * t**3,
                1 - 2.5 * t * t + 1.5 * t**3,
                0.5 * t + 2 * t * t - 1.5 * t**3,
                -0.5 * t * t + 0.5 * t**3,
            )
            curve.append(
                (
                    weights[0] * x0 + weights[1] * x1 + weights[2] * x2 + weights[3] * x3,
                    weights[0] * y0 + weights[1] * y1 + weights[2] * y2 + weights[3] * y3,
                )
            )
    curve.append(curve[0] if closed else points[-1])
    return np.array(curve)


RIVER_LINE = smooth((
    (3300, 12400), (2500, 10500), (3200, 8500), (2500, 6500), (1400, 4500), (1550, 2500), (1050, 700), (950, -800),
    (1500, -2500), (2250, -4500), (1700, -6500), (2500, -8500), (2000, -10500), (2400, -12400),
))  # fmt: skip
CREEK_LINE = smooth((
    (-16000, 5200), (-12500, 4300), (-9500, 4700), (-7200, 3300), (-5200, 3500), (-3000, 3050), (-1100, 3500),
    (1450, 3300),
))  # fmt: skip
RAIL_LINE = smooth((
    (-2500, 12000), (-1700, 8500), (-900, 5600), (-1000, 3000), (-760, 900), (-820, -900), (-300, -3300),
    (200, -5500), (-600, -8500), (-200, -12000),
))  # fmt: skip
MOTORWAY_LINE = smooth((
    (-16000, -2900), (-11500, -2300), (-8200, -2750), (-5000, -3350), (-2000, -3050), (0, -3250), (1800, -3350),
    (4300, -3000), (8500, -1900), (12000, -2300), (16000, -1700),
))  # fmt: skip


def offset(line: Points, meters: float | Points) -> Points:
    """Return the line moved sideways, positive to the left of its direction."""
    ahead = np.gradient(line, axis=0)
    ahead /= np.hypot(ahead[:, 0], ahead[:, 1])[:, None]
    moved: Points = line + np.column_stack((-ahead[:, 1], ahead[:, 0])) * np.reshape(meters, (-1, 1))
    return moved


def _river_area() -> shapely.Polygon:
    half = 125 + 22 * np.sin(np.arange(len(RIVER_LINE)) / 9.0)
    banks = np.vstack((offset(RIVER_LINE, half), offset(RIVER_LINE, -half)[::-1]))
    return shapely.Polygon(banks).buffer(0)


RIVER_AREA: shapely.Polygon = _river_area()


def river_x(y: float) -> float:
    """Return where the middle of the river lies at this northing."""
    return float(np.interp(-y, -RIVER_LINE[:, 1], RIVER_LINE[:, 0]))


SHORE_ROAD = 240.0
"""Meters from the middle of the river to the road along either bank."""


def _beside_river(start: float, end: float, away: float) -> tuple[tuple[float, float], ...]:
    line = offset(RIVER_LINE, away)
    return tuple((x, y) for x, y in line[::4].tolist() if start > y > end)


def _west_bank(y: float) -> tuple[float, float]:
    return river_x(y) - 190, y


def _east_bank(y: float) -> tuple[float, float]:
    return river_x(y) + 190, y


ROADS = (
    Road("Main Street", "primary", 50, ((-16000, 1500), (-12000, 600), (-8600, 350), (-5000, 120), (-3000, 60),
        (-700, 0), (300, -20), (1020, 40), (1800, 90), (3400, 200), (5600, 700), (9000, 1500), (12500, 1700),
        (16000, 2700)), 4, "CR 1"),
    Road("Meridian Avenue", "primary", 50, ((-3700, 12000), (-2700, 9000), (-2000, 6500), (-1720, 4600),
        (-1680, 2300), (-1640, 40), (-1700, -1500), (-1950, -3050), (-2500, -5000), (-2900, -7500),
        (-4300, -12000)), 4, "CR 7"),
    Road("Linden Road", "secondary", 50, ((-3300, 6300), (-3700, 4700), (-3600, 2350), (-3500, 70), (-3650, -1500),
        (-3900, -3300), (-4050, -5300)), 2),
    Road("Beltline Road", "secondary", 60, (_west_bank(5400), (-300, 6050), (-2060, 6400), (-3300, 6300),
        (-5400, 5500), (-6700, 3900), (-7250, 2200), (-7200, 260), (-7000, -1400), (-6500, -3050), (-5500, -4500),
        (-4050, -5300), (-2500, -5550), (-700, -5600), _west_bank(-5500)), 2),
    Road("Kestrel Road", "secondary", 70, ((-11500, 12000), (-11200, 8200), (-10300, 5500), (-9300, 2500),
        (-9000, 380), (-9100, -2600), (-8400, -5500), (-8900, -9000), (-8700, -12000)), 2, "CR 12"),
    Road("Tamarack Avenue", "secondary", 50, ((-9300, 2500), (-7250, 2200), (-5400, 2400), (-3600, 2350),
        (-1680, 2300), (-260, 2250), _west_bank(2200)), 2),
    Road("Granger Street", "secondary", 50, ((-9170, -1295), (-7000, -1400), (-5300, -1550), (-3650, -1500),
        (-1700, -1500), (-250, -1480), _west_bank(-1500)), 2),
    Road("Northgate Road", "secondary", 50, ((-6220, 4720), (-5000, 4550), (-3700, 4700), (-1720, 4600), (-260, 4500),
        _west_bank(4450)), 2),
    Road("Chandler Avenue", "secondary", 40, ((-455, 6190), (-380, 4500), (-330, 2250), (-260, 1100), (-250, 0),
        (-260, -1480), (100, -2500), (650, -4300), (700, -5600)), 2),
    Road("Riverside Drive", "tertiary", 40, _beside_river(5500, -5600, -SHORE_ROAD), 2),
    Road("Copper Road", "tertiary", 50, ((-5400, 5500), (-5200, 4550), (-5400, 2400), (-5300, 1200), (-5250, 120),
        (-5300, -1550), (-5400, -3200), (-5500, -4500)), 2),
    Road("Mill Road", "tertiary", 40, ((-7350, 1255), (-5300, 1200), (-3560, 1150), (-1660, 1120), (-260, 1100),
        _west_bank(1080)), 2),
    Road("Foundry Street", "tertiary", 40, ((-3680, -750), (-1660, -750), (-255, -740), _west_bank(-760)), 2),
    Road("Larkfield Road", "tertiary", 50, ((-6830, -2300), (-5350, -2450), (-3750, -2350), (-1800, -2350),
        (60, -2350), _west_bank(-2350)), 2),
    Road("Sorrel Road", "tertiary", 50, ((-5570, -4045), (-3950, -4150), (-2250, -4250), (640, -4250),
        _west_bank(-4250)), 2),
    Road("Wickett Avenue", "tertiary", 40, ((-2750, 6470), (-2750, 4650), (-2650, 2330), (-2600, 60), (-2680, -1500),
        (-2805, -2430)), 2),
    Road("Hazelgrove Road", "tertiary", 50, ((-7340, 1860), (-6300, 1250), (-6250, 180), (-6150, -1450),
        (-6045, -2480)), 2),
    Road("Farbank Road", "secondary", 60, ((3700, 12000), (4500, 9000), (3900, 6500), (3000, 4500), (2750, 2300),
        (2350, 120), (2450, -1400), (3200, -3150), (3900, -5000), (4200, -8000), (4000, -12000)), 2, "CR 9"),
    Road("Quarry Road", "secondary", 60, ((3330, 5530), (3900, 5100), (4700, 4000), (5100, 2300), (5000, 550),
        (4700, -1300), (4500, -2100)), 2),
    Road("Ferry Street", "tertiary", 40, (_east_bank(2250), (2750, 2300), (3900, 2350), (5100, 2300),
        (6500, 2500)), 2),
    Road("Orchard Lane", "tertiary", 40, (_east_bank(-1350), (2450, -1400), (3600, -1250), (4700, -1300),
        (6000, -1000)), 2),
    Road("Pinnock Road", "tertiary", 40, (_east_bank(4450), (3000, 4500), (4300, 4430)), 2),
    Road("Levee Road", "tertiary", 40, ((3280, 4965), *_beside_river(4800, -2300, SHORE_ROAD), (2500, -2650),
        (3110, -2720)), 2),
    Road("Kiln Street", "tertiary", 40, ((3690, 5370), (3900, 2350), (3720, 240), (3600, -1250), (3620, -2250)), 2),
    Road("Drumfold Road", "secondary", 80, ((-6880, 3080), (-8500, 4600), (-10300, 6600), (-11300, 8000),
        (-12800, 9000), (-16000, 10200)), 2, "CR 4"),
    Road("Pell Road", "secondary", 80, ((4500, -2100), (4700, -3700), (6500, -5700), (9200, -7100), (10600, -7600),
        (13000, -8600), (16000, -9200)), 2, "CR 15"),
    Road("Saltbrook Road", "tertiary", 70, ((16000, 8200), (11000, 7600), (7600, 6800), (5500, 4500),
        (4700, 4000)), 2),
    Road("Heron Road", "tertiary", 70, ((9300, 12000), (9100, 7300), (8800, 1450), (9000, -1950), (9400, -7150),
        (9100, -12000)), 2),
    Road("Bellows Road", "tertiary", 70, ((-16000, -7400), (-12500, -7000), (-8600, -7300), (-5500, -7600),
        (-2900, -7500), (-300, -7900), (1300, -7700)), 2),
    Road("Cairn Road", "tertiary", 70, ((-13800, 12000), (-13600, 8700), (-13200, 5200), (-13400, 850),
        (-13700, -2550), (-13300, -7100), (-13600, -12000)), 2),
    Road("Upland Road", "tertiary", 70, ((-16000, 7000), (-13300, 6600), (-10300, 6600), (-7500, 7700), (-4900, 8300),
        (-2500, 8300), (-300, 8600), (2600, 9200)), 2),
    Road("Tollgate Road", "tertiary", 70, ((3000, -7900), (4200, -8000), (6600, -8700), (9350, -9000),
        (13000, -8600)), 2),
)  # fmt: skip

INTERCHANGES = ("Kestrel Road", "Meridian Avenue", "Farbank Road", "Heron Road")
ROUNDABOUTS = ((-7250, 2200), (-4050, -5300), (4700, 4000))
"""Where two main roads meet at a roundabout of 24 m radius."""

URBAN = shapely.Polygon(smooth((
    (2600, 5200), (3600, 5150), (4400, 4400), (4300, 3400), (5500, 3000), (6000, 1600), (5600, 200), (6000, -700),
    (5200, -1700), (4200, -2350), (2700, -2900), (2000, -4600), (1000, -5400), (-500, -5100), (-1700, -5900),
    (-3300, -5300), (-4200, -4500), (-5300, -3600), (-5700, -2600), (-7000, -1900), (-6700, -700), (-7600, 400),
    (-6800, 1500), (-7500, 2700), (-6300, 3300), (-5900, 4700), (-4500, 5600), (-3300, 5000), (-2500, 6300),
    (-1200, 6100), (-200, 5400), (1000, 5600),
), closed=True)).buffer(0)  # fmt: skip
"""Where the city's local streets lie."""
TOWNS = (
    shapely.Polygon(smooth(((-12300, 8700), (-12200, 7600), (-11300, 7150), (-10400, 7500), (-10250, 8400),
        (-11000, 9000)), closed=True)),
    shapely.Polygon(smooth(((9750, -6900), (9700, -7900), (10700, -8300), (11700, -7950), (11650, -7150),
        (10700, -6750)), closed=True)),
)  # fmt: skip

DISTRICTS = (
    District("Old Landing", 150, 250, "grid", 4, 118, 84, 0.02, 3, 5600, alleys=0.45, postcode="00301"),
    District("Foundry Ward", -250, -1100, "grid", 9, 140, 90, 0.06, 5, 5200, alleys=0.3, postcode="00302"),
    District("Weavers Row", -2100, 500, "grid", 0, 150, 92, 0.06, 6, 5600, alleys=0.25, postcode="00302"),
    District("Chandlers Hill", -900, 1700, "grid", -6, 165, 92, 0.07, 8, 5100, alleys=0.15, postcode="00301"),
    District("Creekside", -700, 3500, "grid", -14, 175, 95, 0.10, 14, 4400, postcode="00303"),
    District("Northgate", -900, 5300, "curves", 8, 228, 139, 0.20, 30, 3000, postcode="00303"),
    District("Wickett Heights", -2900, 3500, "grid", 12, 185, 105, 0.12, 18, 3600, postcode="00303"),
    District("Birchmantle", -5000, 4000, "curves", -20, 238, 144, 0.24, 42, 2500, postcode="00304"),
    District("Hollow Pines", -6700, 2700, "curves", 35, 243, 149, 0.25, 46, 2200, postcode="00304"),
    District("Linden Park", -4400, 1200, "grid", -3, 180, 105, 0.12, 12, 3500, postcode="00304"),
    District("Hazelgrove", -6600, 300, "curves", 15, 238, 144, 0.24, 42, 2500, postcode="00305"),
    District("Copperwell", -4700, -2100, "curves", -8, 228, 139, 0.22, 36, 3100, postcode="00305"),
    District("Granger Flats", -2500, -1300, "grid", 5, 160, 95, 0.08, 8, 4700, postcode="00302"),
    District("Sorrel Fields", -2800, -4500, "curves", 22, 233, 144, 0.22, 40, 2500, postcode="00306"),
    District("Southport", -300, -3200, "grid", 18, 170, 98, 0.12, 12, 3300, postcode="00306"),
    District("Lower Landing", 500, -4700, "curves", 12, 228, 139, 0.20, 32, 2400, postcode="00306"),
    District("Farbank", 1900, 300, "grid", -9, 135, 90, 0.06, 6, 5600, "east", 0.2, postcode="00307"),
    District("Ferry Hill", 2500, 3200, "grid", -20, 160, 100, 0.12, 14, 4000, "east", postcode="00307"),
    District("Kiln Quarter", 3200, -1200, "grid", 7, 165, 100, 0.10, 10, 4100, "east", postcode="00308"),
    District("Quarryside", 5200, 1300, "curves", 25, 233, 144, 0.22, 40, 2700, "east", postcode="00308"),
    District("Saltbrook", 4300, 3600, "curves", -12, 238, 144, 0.24, 42, 2300, "east", postcode="00308"),
    District("Railyard", -600, -2350, "grid", 14, 330, 190, 0.08, 6, 250, postcode="00302"),
    District("Levee Works", 2900, -2300, "grid", -4, 340, 210, 0.10, 8, 300, "east", postcode="00308"),
    District("Drumfold", -11300, 8000, "grid", -30, 150, 100, 0.14, 9, 1900,
        "town", postcode="00311", city=WEST_TOWN),
    District("Pellorchard", 10600, -7600, "grid", -24, 150, 100, 0.14, 9, 1900,
        "town", postcode="00312", city=EAST_TOWN),
)  # fmt: skip


@dataclass(frozen=True)
class Ground:
    """A park or other open ground without streets: an uneven ellipse."""

    name: str
    kind: tuple[str, str]  # its OSM tag
    x: float
    y: float
    half_width: float
    half_height: float


_PARK, _RESERVE = ("leisure", "park"), ("leisure", "nature_reserve")
GROUNDS = (
    Ground("Landing Green", _PARK, 480, 420, 130, 90),
    Ground("Weavers Common", _PARK, -2250, 650, 190, 130),
    Ground("Creekside Park", _PARK, -1500, 3360, 420, 110),
    Ground("Linden Park", _PARK, -4450, 1750, 330, 260),
    Ground("Birchmantle Woods", _PARK, -4500, 5000, 300, 240),
    Ground("Copperwell Meadow", _PARK, -4650, -2850, 330, 170),
    Ground("Granger Square", _PARK, -2250, -1150, 120, 110),
    Ground("Farbank Park", _PARK, 3050, 750, 240, 190),
    Ground("Quarry Lake Park", _PARK, 5550, 1500, 300, 300),
    Ground("Southport Field", _PARK, -1000, -3900, 230, 180),
    Ground("Hazelgrove Park", _PARK, -6700, 700, 260, 200),
    Ground("Ferry Hill Park", _PARK, 3350, 3500, 230, 200),
    Ground("Drumfold Green", _PARK, -11050, 8250, 110, 90),
    Ground("Pellorchard Green", _PARK, 10850, -7350, 110, 90),
    Ground("Northgate Park", _PARK, -1050, 5250, 240, 200),
    Ground("County Nature Reserve", _RESERVE, -10500, -5200, 1300, 900),
    Ground("Saltbrook Woods", _RESERVE, 7000, 4800, 700, 520),
    Ground("Hollow Pines Golf Course", ("leisure", "golf_course"), -6000, 2900, 620, 330),
    Ground("Osprenna Cemetery", ("landuse", "cemetery"), -5900, -700, 330, 260),
    Ground("Tallowmere Community College", ("amenity", "college"), -3050, -3050, 300, 220),
    Ground("Kestrel Works", ("landuse", "industrial"), -8200, -1900, 520, 380),
    Ground("Railyard Works", ("landuse", "industrial"), -350, -2750, 360, 190),
    Ground("Levee Works", ("landuse", "industrial"), 3550, -2000, 300, 190),
    Ground("Beltline Mall", ("landuse", "retail"), -6600, -1000, 260, 200),
    Ground("Quarry Mall", ("landuse", "retail"), 4450, 900, 230, 190),
    Ground("Northgate Shops", ("landuse", "retail"), -2200, 5000, 200, 150),
)

TRANSIT_CENTER = (-250.0, 0.0)
