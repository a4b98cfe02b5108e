"""The people of the county and their work: census blocks, jobs where they are, workers where they live."""

import heapq
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import shapely

from sources.demo import chance
from sources.demo.blocks import built_up, district_of, ground_area
from sources.demo.plan import COUNTY, COUNTY_FIPS, DISTRICTS, GROUNDS, NOTE, STATE, STATE_FIPS, STATE_NAME, to_lonlat
from sources.demo.write import csv_bytes, gzip_bytes

RESIDENTS, JOBS, EMPLOYED = 200_000, 95_000, 0.46
BLOCKS = 2_600
YEAR, MADE_ON = 2022, "20260101"
_PEOPLE_A_TRACT = 4_000

# x, y, spread in meters, jobs, sectors (CNS number: weight)
_OFFICES = {9: 2, 10: 3, 11: 1, 12: 4, 13: 2, 14: 3, 18: 2, 20: 4}
_FACTORY = {4: 1, 5: 8, 6: 2, 8: 2, 14: 1}
_SHOPS = {7: 7, 18: 4, 12: 0.5, 19: 1}
CENTERS = (
    (150, 150, 480, 21_000, _OFFICES),
    (-900, 1250, 260, 5_200, {16: 9, 14: 0.5}),
    (-6000, 250, 240, 2_600, {16: 9, 14: 0.5}),
    (-2850, -2650, 330, 2_400, {15: 9, 18: 1}),
    (-8700, -1700, 650, 6_200, _FACTORY),
    (-350, -2450, 480, 5_400, _FACTORY),
    (3200, -2300, 520, 4_300, _FACTORY),
    (-6600, -1000, 380, 3_900, _SHOPS),
    (4450, 900, 330, 2_700, _SHOPS),
    (-2200, 5000, 330, 2_400, _SHOPS),
    (-11250, 8000, 450, 900, {7: 3, 15: 2, 16: 2, 18: 2, 20: 1}),
    (10650, -7550, 450, 700, {1: 2, 7: 3, 15: 2, 18: 2, 5: 1}),
    (-600, -900, 500, 3_000, {6: 2, 7: 2, 8: 3, 4: 2}),
)  # fmt: skip
_CORRIDOR = {7: 5, 18: 5, 16: 2, 19: 3, 12: 1, 14: 1, 10: 1}
_LOCAL = {15: 4, 16: 3, 17: 1, 18: 1, 19: 2, 4: 2, 7: 1}
_COUNTRY = {1: 5, 2: 1, 3: 1, 4: 2, 8: 1}
_WAGES = {
    1: (3, 4, 3), 2: (1, 3, 6), 3: (0, 2, 8), 4: (1, 4, 5), 5: (1, 4, 6), 6: (1, 3, 6), 7: (5, 4, 2), 8: (2, 5, 4),
    9: (1, 3, 7), 10: (1, 3, 7), 11: (3, 4, 3), 12: (1, 3, 8), 13: (1, 2, 8), 14: (4, 4, 2), 15: (2, 4, 5),
    16: (2, 4, 5), 17: (6, 3, 1), 18: (7, 3, 1), 19: (4, 4, 2), 20: (1, 4, 6),
}  # fmt: skip
"""Weights of low, middle and high wages by sector."""
RACE_WEIGHTS = (70.0, 17.0, 1.0, 6.0, 0.3, 5.0)
"""White, Black, Native, Asian, Pacific, several."""
_AGE, _SEX, _ETHNIC = (2, 5, 2), (1, 1), (82, 18)
NEIGHBORS = {
    "": (1.3, 0.3, 5.0, 0.3, 0.8),
    "Drumfold": (1.8, 0.4, 6.0, 0.3, 1.6), "Pellorchard": (2.0, 0.4, 8.0, 0.3, 2.4),
    "Sorrel Fields": (1.9, 1.1, 1.0, 0.5, 3.0), "Lower Landing": (1.8, 1.6, 1.0, 0.5, 2.4),
    "Copperwell": (1.7, 1.0, 1.0, 0.6, 2.6), "Southport": (1.5, 1.8, 1.0, 0.6, 1.6),
    "Kiln Quarter": (1.7, 3.0, 1.0, 0.6, 1.0), "Ferry Hill": (1.4, 2.6, 1.0, 0.7, 0.9),
    "Foundry Ward": (1.2, 1.5, 1.0, 0.8, 0.8), "Farbank": (0.9, 1.3, 1.0, 1.2, 0.8),
    "Old Landing": (0.7, 0.6, 0.6, 2.4, 0.6), "Weavers Row": (0.8, 0.6, 0.6, 1.8, 0.7),
    "Chandlers Hill": (0.6, 0.5, 0.5, 2.2, 0.5), "Linden Park": (0.9, 0.7, 0.7, 1.4, 0.6),
    "Birchmantle": (0.6, 0.4, 0.4, 1.4, 0.4), "Hollow Pines": (0.5, 0.3, 0.4, 1.4, 0.4),
    "Hazelgrove": (0.7, 0.5, 0.5, 1.2, 0.5),
}  # fmt: skip
"""How unalike the invented neighborhoods are, by district ("" = the country): how many times as many workers are paid
little (and as few much) as elsewhere, and how many times as many are Black, Native, Asian, Hispanic."""
_SCHOOL, _FIRM_AGE, _FIRM_SIZE = (1, 3, 3, 2), (1, 1, 1, 2, 8), (4, 3, 2, 1, 5)
RAC_HEADER = [
    "h_geocode", "C000", "CA01", "CA02", "CA03", "CE01", "CE02", "CE03", *(f"CNS{k:02d}" for k in range(1, 21)),
    "CR01", "CR02", "CR03", "CR04", "CR05", "CR07", "CT01", "CT02", "CD01", "CD02", "CD03", "CD04", "CS01", "CS02",
    "createdate",
]  # fmt: skip
WAC_HEADER = [
    "w_geocode", *RAC_HEADER[1:-1], *(f"CFA0{k}" for k in range(1, 6)), *(f"CFS0{k}" for k in range(1, 6)),
    "createdate",
]  # fmt: skip
XWALK_HEADER = [
    "tabblk2020",
    "st",
    "stusps",
    "stname",
    "cty",
    "ctyname",
    "trct",
    "trctname",
    "bgrp",
    "bgrpname",
    "cbsa",
    "cbsaname",
    "zcta",
    "zctaname",
    "stplc",
    "stplcname",
    "ctycsub",
    "ctycsubname",
    "stcd119",
    "stcd119name",
    "stsldl",
    "stsldlname",
    "stsldu",
    "stslduname",
    "stschool",
    "stschoolname",
    "stsecon",
    "stseconname",
    "trib",
    "tribname",
    "tsub",
    "tsubname",
    "stanrc",
    "stanrcname",
    "mil",
    "milname",
    "stwib",
    "stwibname",
    "blklatdd",
    "blklondd",
    "createdate",
]


@dataclass(frozen=True)
class Block:
    """A census block: its GEOID, outline (meters), residents, homes, and the number of its district (-1 = country)."""

    geoid: str
    outline: shapely.Polygon
    residents: int
    homes: int
    district: int

    @property
    def inside(self) -> tuple[float, float]:
        """Return a place inside the block, meters."""
        point = self.outline.representative_point()
        return round(point.x, 1), round(point.y, 1)


def blocks(faces: list[shapely.Polygon]) -> list[Block]:
    """Return census blocks: faces between streets, small ones joined, with residents by their district's density."""
    outlines = _joined(faces)
    town = shapely.difference(built_up(), shapely.union_all([ground_area(g) for g in GROUNDS]))
    settled = shapely.area(shapely.intersection(np.array(outlines), town)) / 1e6
    rng = chance.stream("residents")
    weights, districts = [], []
    for outline, square_km in zip(outlines, settled.tolist(), strict=True):
        point = outline.representative_point()
        at_home = square_km > 0.25 * outline.area / 1e6
        number = district_of(point.x, point.y) if at_home else -1
        luck = 0.45 + 0.7 * float(rng.random()) + 0.4 * float(rng.random()) ** 3
        nobody = chance.chance(rng, 0.05)
        people = 0.0 if nobody else min(square_km * (DISTRICTS[number].people if number >= 0 else 300) * luck, 700.0)
        weights.append(people + min(11 * outline.area / 1e6, 90) * luck)
        districts.append(number)
    residents = portions(RESIDENTS, weights)
    geoids = _geoids([(o.centroid.x, o.centroid.y) for o in outlines], residents)
    homes = [round(n / 2.35 + 0.4 * (n > 0)) for n in residents]
    populated = [Block(*fields) for fields in zip(geoids, outlines, residents, homes, districts, strict=True)]
    return sorted(populated, key=lambda block: block.geoid)


def portions(total: int, weights: list[float]) -> list[int]:
    """Return whole numbers in proportion to the weights that add up to the total exactly (running remainders)."""
    whole, carried, given = math.fsum(weights), 0.0, 0
    shares = []
    for weight in weights:
        carried += weight
        due = math.floor(total * carried / whole + 0.5) if whole else 0
        shares.append(due - given)
        given = due
    return shares


def _joined(faces: list[shapely.Polygon]) -> list[shapely.Polygon]:
    """Return the faces with the smallest joined to the neighbor they share the longest border with."""
    faces = [face for face in faces if face.area > 1]
    tree = shapely.STRtree(faces)
    a, b = tree.query(faces, predicate="intersects")
    pairs = [(i, j) for i, j in zip(a.tolist(), b.tolist(), strict=True) if i < j]
    borders: list[dict[int, float]] = [{} for _ in faces]
    first, second = (np.array([faces[pair[k]] for pair in pairs]) for k in (0, 1))
    shared = shapely.length(shapely.intersection(first, second))
    for (i, j), meters in zip(pairs, shared.tolist(), strict=True):
        if meters > 1:
            borders[i][j] = borders[j][i] = meters
    area = [face.area for face in faces]
    group = {i: [i] for i in range(len(faces))}
    queue = [(area[i], i) for i in group if borders[i]]
    heapq.heapify(queue)
    while len(group) > BLOCKS:
        size, small = heapq.heappop(queue)
        if small not in group or size != area[small]:
            continue  # it has been joined to another, or has grown, since it was queued
        into = max(borders[small], key=lambda j: (borders[small][j], -j))
        for j, meters in borders[small].items():
            del borders[j][small]
            if j != into:
                borders[into][j] = borders[j][into] = borders[into].get(j, 0) + meters
        borders[small] = {}
        group[into] += group.pop(small)
        area[into] += area[small]
        heapq.heappush(queue, (area[into], into))
    return [shapely.union_all([faces[i] for i in sorted(members)]) for _, members in sorted(group.items())]


def _geoids(middles: list[tuple[float, float]], residents: list[int]) -> list[str]:
    """Return 15-digit GEOIDs: tracts of about 4,000 people, each cut into block groups of about a third."""
    geoids = [""] * len(middles)
    tracts = _halved(list(range(len(middles))), middles, residents, _PEOPLE_A_TRACT)
    for t, tract in enumerate(tracts):
        for g, group in enumerate(_halved(tract, middles, residents, _PEOPLE_A_TRACT / 2.5)):
            for b, block in enumerate(sorted(group, key=lambda i: (-middles[i][1], middles[i][0]))):
                geoids[block] = f"{STATE_FIPS}{COUNTY_FIPS}{t + 1:04d}00{g + 1}{b:03d}"
    return geoids


def _halved(
    members: list[int], middles: list[tuple[float, float]], residents: list[int], most: float
) -> list[list[int]]:
    total = sum(residents[i] for i in members)
    if total <= most * 1.4 or len(members) < 4:
        return [members]
    spans = [max(middles[i][axis] for i in members) - min(middles[i][axis] for i in members) for axis in (0, 1)]
    axis = 0 if spans[0] >= spans[1] else 1
    ordered = sorted(members, key=lambda i: (middles[i][axis], i))
    count, k = 0, 0
    while count < total / 2:
        count += residents[ordered[k]]
        k += 1
    k = min(max(k, 1), len(ordered) - 1)
    return _halved(ordered[:k], middles, residents, most) + _halved(ordered[k:], middles, residents, most)


def geojson(blocks: list[Block]) -> str:
    """Return the blocks as GeoJSON with the columns of TIGER/Line's 2020 blocks."""
    outlines = shapely.coverage_simplify(np.array([block.outline for block in blocks]), 5.0)
    rows = []
    for block, outline in zip(blocks, outlines, strict=True):
        rings = [[list(_short(x, y)) for x, y in ring.coords] for ring in (outline.exterior, *outline.interiors)]
        lon, lat = to_lonlat(*block.inside)
        code = block.geoid
        properties = {
            "GEOID20": code, "STATEFP20": code[:2], "COUNTYFP20": code[2:5], "TRACTCE20": code[5:11],
                "BLOCKCE20": code[11:],
            "NAME20": f"Block {code[11:]} (fictional)", "ALAND20": round(block.outline.area), "AWATER20": 0,
            "INTPTLAT20": f"{lat:+.7f}", "INTPTLON20": f"{lon:+012.7f}", "HOUSING20": block.homes,
                "POP20": block.residents,
        }  # fmt: skip
        rows.append(
            {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": rings}}
        )
    lines = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
    note = json.dumps(NOTE)
    return f'{{"type":"FeatureCollection","name":"fictional blocks","note":{note},"features":[\n{lines}\n]}}\n'


def _short(x: float, y: float) -> tuple[float, float]:
    lon, lat = to_lonlat(x, y)
    return round(lon, 5), round(lat, 5)


def lodes(blocks: list[Block], main_street: list[tuple[float, float]]) -> dict[str, bytes]:
    """Return workplace (WAC), residence (RAC) and crosswalk files; `main_street` are addresses on main roads."""
    work = _jobs(blocks, main_street)
    live = _workers(blocks, work)
    stem = f"{STATE.lower()}_{{}}_S000_JT00_{YEAR}.csv.gz"
    return {
        stem.format("wac"): gzip_bytes(csv_bytes(WAC_HEADER, _rows(blocks, work, "wac"))),
        stem.format("rac"): gzip_bytes(csv_bytes(RAC_HEADER, _rows(blocks, live, "rac"))),
        f"{STATE.lower()}_xwalk.csv.gz": gzip_bytes(csv_bytes(XWALK_HEADER, (_crosswalk(block) for block in blocks))),
    }


def _jobs(blocks: list[Block], main_street: list[tuple[float, float]]) -> npt.NDArray[np.int64]:
    """Return jobs by block and sector (20 columns)."""
    middle = np.array([block.inside for block in blocks])
    tree = shapely.STRtree([block.outline for block in blocks])
    near = tree.query(shapely.points(np.array(main_street)), predicate="intersects")[1]
    corridor = np.bincount(near, minlength=len(blocks)).astype(float)
    jobs = np.zeros((len(blocks), 20), dtype=np.int64)
    rest = JOBS - sum(center[3] for center in CENTERS)
    in_town = np.array([block.district >= 0 for block in blocks])
    luck = chance.stream("jobs").random(len(blocks)) ** 2
    people = np.array([block.residents for block in blocks], dtype=float)
    layers = [(_around(middle, x, y, spread), count, sectors) for x, y, spread, count, sectors in CENTERS]
    layers += [
        (corridor * in_town * (0.3 + luck), round(0.56 * rest), _CORRIDOR),
        (people * in_town * luck, round(0.36 * rest), _LOCAL),
        (np.where(in_town, 0.0, 1.0) * luck, rest - round(0.56 * rest) - round(0.36 * rest), _COUNTRY),
    ]
    for weights, count, sectors in layers:
        whole = math.fsum(sectors.values())
        for sector, share in zip(sectors, portions(count, [v / whole for v in sectors.values()]), strict=True):
            order = np.argsort((np.arange(len(blocks)) * 7919 + sector * 131) % 104_729, kind="stable")
            jobs[order, sector - 1] += np.array(portions(share, weights[order].tolist()))
    return jobs


def _around(middle: npt.NDArray[np.float64], x: float, y: float, spread: float) -> npt.NDArray[np.float64]:
    """Return weights of the blocks about a center of work; at least the nearest block has one."""
    away = np.hypot(middle[:, 0] - x, middle[:, 1] - y)
    reach = max(1.6 * spread, float(away.min()))
    return np.where(away <= reach, 1 / (1 + (away / spread) ** 4), 0.0)


def _workers(blocks: list[Block], work: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return employed residents by block and sector of their work."""
    live = np.zeros_like(work)
    luck = chance.stream("workers").random(len(blocks))
    weights = [block.residents * (0.8 + 0.4 * float(n)) for block, n in zip(blocks, luck, strict=True)]
    total = round(RESIDENTS * EMPLOYED)
    for sector, share in enumerate(portions(total, work.sum(axis=0).astype(float).tolist())):
        order = np.argsort((np.arange(len(blocks)) * 6_007 + sector * 977) % 100_003, kind="stable")
        live[order, sector] += np.array(portions(share, [weights[i] for i in order.tolist()]))
    return live


def _rows(blocks: list[Block], sectors: npt.NDArray[np.int64], kind: str) -> list[list[str | int]]:
    rows: list[list[str | int]] = []
    for k, (block, counts) in enumerate(zip(blocks, sectors.tolist(), strict=True)):
        total = sum(counts)
        if total == 0:
            continue
        wages = [
            math.fsum(n * _WAGES[s + 1][level] / sum(_WAGES[s + 1]) for s, n in enumerate(counts)) for level in range(3)
        ]
        race, ethnic = list(RACE_WEIGHTS), [float(weight) for weight in _ETHNIC]
        if kind == "rac":
            pay, *more = NEIGHBORS.get(DISTRICTS[block.district].name if block.district >= 0 else "", (1.0,) * 5)
            wages = [wages[0] * pay, wages[1], wages[2] / pay]
            race[1:4] = [weight * times for weight, times in zip(race[1:4], more, strict=False)]
            ethnic[1] *= more[3]
        split = partial(_split, total, backwards=k % 2 == 1)
        row = [
            block.geoid,
            total,
            *split(_AGE),
            *split(wages),
            *counts,
            *split(race),
            *split(ethnic),
            *split(_SCHOOL),
            *split(_SEX),
        ]
        row += [*split(_FIRM_AGE), *split(_FIRM_SIZE)] if kind == "wac" else []
        rows.append([*row, MADE_ON])
    return rows


def _split(total: int, weights: Sequence[float], *, backwards: bool) -> list[int]:
    """Return the total in parts; alternate blocks round from the other end, so that no part gains by rounding."""
    return portions(total, list(weights)[::-1])[::-1] if backwards else portions(total, list(weights))


def _crosswalk(block: Block) -> list[str]:
    code = block.geoid
    lon, lat = to_lonlat(*block.inside)
    town = DISTRICTS[block.district].city if block.district >= 0 else ""
    place = {"Quillhaven": "9900100", "Drumfold": "9900200", "Pellorchard": "9900300"}.get(town, "9999999")
    postcode = DISTRICTS[block.district].postcode if block.district >= 0 else "00320"
    none = ("9999999", "")
    return [
        code, STATE_FIPS, STATE, STATE_NAME, code[:5], COUNTY, code[:11], f"{int(code[5:9])} ({COUNTY})", code[:12],
        f"{code[11]} (Tract {int(code[5:9])}, {COUNTY})", "99999", "", postcode, postcode, place,
            f"{town} (fictional)" if town else "",
        "9999999999", "", "9999", "", *none, *none, *none, *none, *none, *none, *none, *none, "99999999",
            "", f"{lat:.7f}", f"{lon:.7f}",
        MADE_ON,
    ]  # fmt: skip
