"""The bus routes: where they go, how often, from when until when."""

from dataclasses import dataclass

from sources.demo.plan import TRANSIT_CENTER as HUB

Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Headways:
    """Minutes between buses in the rush hours, at midday and in the evening; 0 = none."""

    rush: int
    midday: int
    evening: int
    first: float = 5.5  # hours after midnight
    last: float = 22.0


@dataclass(frozen=True)
class BusRoute:
    """A bus route: its number, name, the places it passes, and its departures by kind of day."""

    number: str
    name: str
    points: Points
    weekday: Headways
    saturday: Headways | None
    sunday: Headways | None
    express: bool = False
    spread: float = 1.0  # stop spacing against the usual
    step_free: bool = True
    frequencies: bool = False


FREQUENT = Headways(15, 15, 30, 4.75, 25.4), Headways(20, 20, 30, 5.5, 25.4), Headways(30, 30, 30, 6.5, 23.5)
MAIN = Headways(20, 30, 40, 5.25, 22.5), Headways(30, 40, 60, 6, 22.0), Headways(60, 60, 60, 7.5, 19.5)
LOCAL = Headways(30, 40, 60, 5.75, 20.5), Headways(60, 60, 0, 7, 18.5), None
CROSS = Headways(30, 40, 60, 5.75, 21.0), Headways(60, 60, 0, 7, 19.0), Headways(60, 60, 0, 9, 17.5)
RARE = Headways(180, 240, 0, 6.0, 18.5), Headways(300, 300, 0, 8.5, 16.0), None
PEAK = Headways(30, 0, 0, 6.0, 18.0), None, None
NIGHT = Headways(0, 0, 60, 22.5, 26.6), Headways(0, 0, 60, 22.5, 26.6), None

ROUTES = (
    BusRoute("1", "Main Street – Hazelgrove", (HUB, (-3500, 70), (-5250, 120), (-7200, 260)), *FREQUENT),
    BusRoute("2", "Founders Bridge – Quarry Road", (HUB, (690, 0), (2350, 120), (3720, 240), (5000, 550)), *FREQUENT),
    BusRoute("3", "Chandler Avenue – Northgate", (HUB, (-330, 2250), (-380, 4500), (-1000, 5700)), *FREQUENT),
    BusRoute("4", "Meridian Avenue South", (HUB, (-1640, 40), (-1700, -1500), (-1950, -2400),
        (-2250, -4250)), *FREQUENT),
    BusRoute("5", "Tamarack Avenue – Hollow Pines", (HUB, (-1640, 40), (-1680, 2300), (-3600, 2350), (-5400, 2400),
        (-7000, 2300)), *MAIN),
    BusRoute("6", "Granger Street – Copperwell", (HUB, (-260, -1480), (-1700, -1500), (-3650, -1500),
        (-5300, -1550)), *MAIN),
    BusRoute("7", "Farbank – Ferry Hill", (HUB, (690, 0), (2350, 120), (2750, 2300), (3000, 4500)), *MAIN),
    BusRoute("8", "Kiln Quarter", (HUB, (690, 0), (2350, 120), (2450, -1400), (3600, -1250), (4700, -1300)), *MAIN),
    BusRoute("9", "Riverside – Lower Landing", (HUB, (700, -760), (870, -1500), (640, -4250), (1900, -4250)), *LOCAL),
    BusRoute("10", "Riverside North – Creekside", (HUB, (860, 1080), (1200, 2200), (1080, 4450)), *LOCAL),
    BusRoute("11", "Meridian Avenue North", (HUB, (-1640, 40), (-1680, 2300), (-1720, 4600), (-2000, 6350)), *MAIN),
    BusRoute("12", "Linden Road North – Birchmantle", (HUB, (-1660, 1120), (-3560, 1150), (-3700, 4700),
        (-5000, 4550)), *MAIN),
    BusRoute("13", "Mill Road – Linden Park", (HUB, (-260, 1100), (-1660, 1120), (-3560, 1150), (-5300, 1200),
        (-6250, 900)), *LOCAL),
    BusRoute("14", "Foundry Street – Granger Flats", (HUB, (-255, -740), (-1660, -750), (-3560, -750),
        (-3650, -1500)), *LOCAL),
    BusRoute("15", "Wickett Avenue", (HUB, (-1640, 40), (-2600, 60), (-2650, 2330), (-2750, 4650),
        (-2750, 6000)), *LOCAL),
    BusRoute("16", "Larkfield Road", (HUB, (-260, -1480), (60, -2350), (-1800, -2350), (-3750, -2350),
        (-5350, -2450)), *LOCAL),
    BusRoute("17", "Sorrel Fields", (HUB, (-1640, 40), (-1700, -1500), (-2250, -4250), (-3950, -4150),
        (-4050, -5100)), *LOCAL),
    BusRoute("18", "Southport", (HUB, (-260, -1480), (100, -2500), (640, -4250), (700, -5400)), *LOCAL),
    BusRoute("19", "Hazelgrove – Beltline Mall", (HUB, (-3500, 70), (-6250, 180), (-6150, -1450),
        (-6950, -1400)), *LOCAL),
    BusRoute("20", "Copper Road – Birchmantle Woods", (HUB, (-5250, 120), (-5300, 1200), (-5400, 2400), (-5200, 4550),
        (-5400, 5300)), *LOCAL),
    BusRoute("21", "Quarryside", (HUB, (690, 0), (2350, 120), (3720, 240), (5000, 550), (5100, 2300),
        (4800, 3600)), *LOCAL),
    BusRoute("22", "Saltbrook via Ferry Street", (HUB, (690, 0), (2350, 120), (2750, 2300), (3900, 2350),
        (5100, 2300)), *LOCAL, step_free=False),
    BusRoute("23", "Weavers Row", (HUB, (-1640, 40), (-1660, 1120), (-2620, 1140), (-2650, 2330),
        (-3600, 2350)), *LOCAL),
    BusRoute("24", "Chandlers Hill – Creekside Park", (HUB, (-260, 1100), (-1660, 1120), (-1680, 2300), (-1700, 3600),
        (-1720, 4600)), *LOCAL, step_free=False),
    BusRoute("30", "Linden Crosstown", ((-3700, 4700), (-3600, 2350), (-3500, 70), (-3650, -1500), (-3900, -3300),
        (-4000, -4500)), *CROSS),
    BusRoute("31", "Northgate Crosstown", ((1080, 4450), (-380, 4500), (-1720, 4600), (-3700, 4700),
        (-5200, 4550)), *CROSS),
    BusRoute("32", "Tamarack Crosstown", ((1200, 2200), (-330, 2250), (-1680, 2300), (-3600, 2350),
        (-5400, 2400)), *CROSS),
    BusRoute("33", "Granger Crosstown", ((870, -1500), (-1700, -1500), (-3650, -1500), (-6150, -1450),
        (-6950, -1400)), *CROSS),
    BusRoute("34", "Beltline West", ((-2060, 6400), (-3300, 6300), (-5400, 5500), (-7200, 2300), (-7200, 260),
        (-7000, -1400), (-6500, -3050)), *CROSS, spread=1.3),
    BusRoute("35", "Copper Crosstown", ((-5400, 5300), (-5400, 2400), (-5250, 120), (-5300, -1550), (-5400, -3200),
        (-5450, -4050)), *CROSS),
    BusRoute("36", "East Bank Crosstown", ((1850, 4450), (3000, 4500), (3900, 2350), (3720, 240), (3600, -1250),
        (3620, -2150)), *CROSS),
    BusRoute("37", "Farbank Road – Levee Works", ((2750, 2300), (2350, 120), (2450, -1400), (2900, -2600)), *LOCAL),
    BusRoute("38", "Meridian Crosstown", ((-2000, 6350), (-1720, 4600), (-1640, 40), (-1700, -1500),
        (-1800, -2350)), *CROSS),
    BusRoute("39", "College – Southport – Sorrel", ((-2800, -2330), (-1800, -2350), (60, -2350), (640, -4250),
        (-2250, -4250), (-5450, -4050)), *CROSS),
    BusRoute("40", "Downtown Circulator", (HUB, (690, 0), (700, -700), (-255, -740), HUB, (-260, 1100), (860, 1080),
        (690, 0)), Headways(10, 10, 20, 6.5, 21.0), Headways(15, 15, 20, 8, 21), None, frequencies=True),
    BusRoute("41", "Mill Road Shuttle", ((860, 1080), (-260, 1100), (-1660, 1120),
        (-2620, 1140)), Headways(12, 20, 30, 6.0, 22.0), Headways(20, 20, 30, 8, 21), Headways(30, 30, 0, 9, 18),
        frequencies=True),
    BusRoute("50", "Express Hazelgrove", (HUB, (-5250, 120), (-7200, 260),
        (-7250, 1250)), *PEAK, express=True, spread=2.2),
    BusRoute("51", "Express Saltbrook", (HUB, (2350, 120), (5000, 550), (5100, 2300),
        (4800, 3600)), *PEAK, express=True, spread=2.2),
    BusRoute("52", "Express Harmon Bridge", ((-1640, 40), (-1800, -2350), (-1950, -2950), (3200, -2950),
        (2450, -1400)), *PEAK, express=True, spread=2.2),
    BusRoute("60", "Drumfold", (HUB, (-1640, 40), (-3600, 2350), (-6500, 2300), (-7150, 3000), (-8500, 4600),
        (-11300, 8000), (-11900, 8300)), *RARE, express=True, spread=2.0),
    BusRoute("61", "Pellorchard", (HUB, (690, 0), (2350, 120), (5000, 550), (4700, -3700), (9200, -7100),
        (10600, -7600), (11200, -7800)), *RARE, express=True, spread=2.0),
    BusRoute("70", "Kestrel Works", (HUB, (-1640, 40), (-3650, -1500), (-7000, -1400),
        (-9050, -1300)), *PEAK, spread=1.4),
    BusRoute("N1", "Night West", (HUB, (-1640, 40), (-3500, 70), (-3600, 2350), (-5400, 2400)), *NIGHT),
    BusRoute("N2", "Night East", (HUB, (690, 0), (2350, 120), (2750, 2300), (3900, 2350)), *NIGHT),
    BusRoute("N3", "Night South", (HUB, (-260, -1480), (-1700, -1500), (-1800, -2350), (-2250, -4250)), *NIGHT),
)  # fmt: skip
