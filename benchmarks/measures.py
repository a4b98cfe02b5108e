"""The rows of the speed table: what is timed, beside which peer."""

import datetime
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from benchmarks.pairs_of_times import RUNS, Row, in_turns, median
from benchmarks.valhalla import areas_beside_valhalla
from geo.access import decay
from geo.access.measures import pairs, three_step_fca, two_step_fca
from geo.crs import local_crs
from geo.streets.build import Streets, StreetSettings, build_streets
from geo.streets.contraction import search_core
from geo.streets.shortest_paths import Costs, Ends, costs_at, reach
from geo.travel.isochrones import isochrones
from geo.travel.network import Network, build_network
from geo.travel.travel_times import TravelSettings, departure_profile, make_ready, seconds_between
from sources.networks.gtfs import read_feeds
from sources.networks.osm import read_streets

LIMIT = 1800.0
HOME = (-84.5086, 39.0837)  # a street corner in Covington, nobody's address
PLOT = Path(__file__).parents[1] / "docs" / "benchmarks" / "growth.png"


def one_to_all(shared: Path | None) -> list[Row]:
    """Measure bounded searches from 300 junctions, beside scipy's and igraph's on the same graph."""
    import igraph

    streets = _streets(shared)
    graph, costs = streets.modes["walk"], costs_at(streets, "walk")
    states = len(graph.indptr) - 1
    matrix = csr_array((np.maximum(costs.arc, 1e-6).astype(float), graph.to, graph.indptr), shape=(states, states))
    at = np.random.default_rng(1).choice(len(streets.node_x), 300, replace=False).astype(np.int32)
    starts = _starts(at)
    ours, scipy = in_turns(
        lambda: reach(costs, starts, LIMIT), lambda: dijkstra(matrix, indices=at, limit=LIMIT), 9, each=5
    )
    source = np.repeat(np.arange(states), np.diff(graph.indptr))
    other = igraph.Graph(n=states, edges=np.stack([source, graph.to], axis=1), directed=True)
    weights = costs.arc.astype(float).tolist()
    few, unbounded = _starts(at[:30]), at[:30].tolist()
    ours_few, theirs = in_turns(lambda: reach(costs, few, LIMIT), lambda: other.distances(unbounded, weights=weights))
    task = f"bounded one-to-all, 30 min walk, {{}} nodes ({states:,} states)"
    return [
        Row(task.format(300), ours, "scipy dijkstra(limit)", scipy, "the same graph; two threads, scipy has one"),
        Row(task.format(30), ours_few, "igraph", theirs, "igraph knows no limit"),
    ]


def to_places(shared: Path | None) -> list[Row]:
    """Measure how many of 1,000 places each node reaches within 30 min, beside pandana; getting ready included."""
    import pandana

    streets = _streets(shared)
    graph, costs = streets.modes["walk"], costs_at(streets, "walk")
    states = len(graph.indptr) - 1
    at = np.random.default_rng(2).choice(len(streets.node_x), 1000, replace=False).astype(np.int32)
    source = np.repeat(np.arange(states), np.diff(graph.indptr))
    place = np.arange(states) % len(streets.node_x)  # states of private streets have no place of their own

    def ours() -> np.ndarray:
        core = search_core(graph.indptr, graph.to, graph.seconds)
        counts = reach(replace(costs, core=core), _starts(at), LIMIT, backwards=True)
        return np.bincount(counts.index, minlength=states)

    def theirs() -> np.ndarray:
        weights = pd.DataFrame({"seconds": np.maximum(costs.arc, 1e-3).astype(float)})
        x, y = pd.Series(streets.node_x[place]), pd.Series(streets.node_y[place])
        network = pandana.Network(x, y, pd.Series(source), pd.Series(graph.to), weights, twoway=False)
        network.precompute(LIMIT)
        network.set(pd.Series(at))
        return network.aggregate(LIMIT, type="count", decay="flat").to_numpy()

    same = float((np.abs(ours() - theirs()) <= 1).mean())
    mine, pandanas = in_turns(ours, theirs, 3, warm=False)
    note = f"making ready included; the same count ± 1 at {same:.1%} of nodes; medians of 3"
    return [Row("all nodes to 1,000 places within 30 min walk", mine, "pandana", pandanas, note)]


def walk_areas(shared: Path | None) -> list[Row]:
    """Measure walking isochrones of one point with polygons, beside the osmnx + networkx recipe."""
    import networkx
    import shapely

    streets = _streets(shared)
    network = Network(streets, None, None, None, streets.crs, "America/New_York")
    home = pd.DataFrame({"id": ["home"], "lon": [HOME[0]], "lat": [HOME[1]]})
    settings = TravelSettings(mode="walk")
    graph = networkx.MultiDiGraph()
    seconds = streets.modes["walk"].link_seconds
    for i, (a, b) in enumerate(zip(streets.link_from.tolist(), streets.link_to.tolist(), strict=True)):
        if np.isfinite(seconds[2 * i]):
            graph.add_edge(a, b, time=float(seconds[2 * i]), link=i)
            graph.add_edge(b, a, time=float(seconds[2 * i]), link=i)
    points = np.stack([streets.geometry_x, streets.geometry_y], axis=1)
    lines = [
        shapely.LineString(points[a:b])
        for a, b in zip(streets.geometry_offset[:-1], streets.geometry_offset[1:], strict=True)
    ]
    from geo.crs import to_meters

    x, y = to_meters([HOME[0]], [HOME[1]], streets.crs)
    start = int(np.argmin(np.hypot(streets.node_x - x, streets.node_y - y)))

    def recipe() -> None:
        for minutes in (30, 20, 10):
            part = networkx.ego_graph(graph, start, radius=60 * minutes, distance="time")
            shapely.union_all(shapely.buffer([lines[link] for *_, link in part.edges(data="link")], 45))

    def areas() -> None:
        isochrones(network, home, settings, (10, 20, 30))

    ours, theirs = in_turns(areas, recipe)
    return [Row("walk isochrones 10/20/30 of one point", ours, "osmnx's recipe on networkx", theirs, "graph in memory")]


def porto_alegre(shared: Path | None) -> list[Row]:
    """Measure every hexagon of Porto Alegre to every other, median of a two-hour window."""
    folder = _regions(shared) / "poa"
    streets = build_streets(read_streets(folder / "poa_osm.pbf"), local_crs(-51.2, -30.05), StreetSettings())
    feed = read_feeds([(name, folder / f"poa_{name}.zip") for name in ("eptc", "trensurb")])[0]
    network = build_network(streets, feed, "America/Sao_Paulo")
    cells = pd.read_csv(folder / "poa_hexgrid.csv")
    cells = cells.rename(columns=str.lower)[["id", "lon", "lat"]].astype({"id": str})
    settings = TravelSettings(
        walk_kph=3.6, date=datetime.date(2019, 5, 13), window=(14 * 3600, 16 * 3600), max_minutes=120
    )
    taken = median(lambda: seconds_between(network, cells, cells, settings))
    task = f"Porto Alegre, all {len(cells):,} × {len(cells):,} pairs, walk + transit, 120-minute window, median"
    return [Row(task, taken, note="walking at 3.6 km/h, from 14:00 on 2019-05-13")]


def transit(shared: Path | None) -> list[Row]:
    """Measure one departure minute, and isochrones over a window."""
    folder = _regions(shared) / "nky"
    feed = read_feeds([("tank", folder / "TANK-GTFS.zip")])[0]
    network = build_network(_streets(shared), feed, "America/New_York")
    day = TravelSettings(date=datetime.date(2020, 7, 20), window=(7 * 3600, 7 * 3600 + 60), max_minutes=60)
    home = pd.DataFrame({"id": ["home"], "lon": [HOME[0]], "lat": [HOME[1]]})
    here = SimpleNamespace(lon=HOME[0], lat=HOME[1])
    cells = pd.read_csv(folder / "people_grid.csv")
    points = pd.DataFrame({axis: [*getattr(feed, f"stop_{axis}"), *cells[axis]] for axis in ("lon", "lat")})
    places = make_ready(network, points, day)
    one = median(lambda: departure_profile(network, here, places, day), 51)
    wide = replace(day, window=(7 * 3600, 9 * 3600))
    task = f"one departure minute, one origin to all {len(feed.stop_id):,} stops and {len(cells):,} places"
    areas = median(lambda: isochrones(network, home, wide, (30, 60)), 15)
    return [
        Row(task, one, note="Northern Kentucky; the places made ready once, the origin attached each time"),
        Row("transit isochrones 30 + 60, 120-minute window", areas),
    ]


def built(shared: Path | None) -> list[Row]:
    """Measure Northern Kentucky built from raw files."""
    from sources.region import build_region
    from sources.region.inputs import RegionInputs

    folder = _regions(shared) / "nky"
    inputs = RegionInputs(
        osm=folder / "streets.osm.pbf", gtfs=(folder / "TANK-GTFS.zip",),
        resources=(folder / "resources",), zones=(folder / "people_grid.csv",),
    )  # fmt: skip

    def anew() -> None:
        with tempfile.TemporaryDirectory() as home:
            os.environ["RECOVERY_REACH_HOME"] = home
            build_region("nky", inputs)

    return [Row("Northern Kentucky built from raw files", median(anew), note="each time anew, in an empty folder")]


def floating_catchments(shared: Path | None) -> list[Row]:
    """Measure 2SFCA, E2SFCA and 3SFCA on 748,437 pairs, beside PySAL access; generated."""
    del shared
    from access import fca

    random = np.random.default_rng(3)
    origins, places, count = 3000, 1000, 748_437
    chosen = np.sort(random.choice(origins * places, count, replace=False))
    table = pd.DataFrame({"origin_id": chosen // places, "destination_id": chosen % places})
    table["minutes"] = random.uniform(0, 60, count)
    people = pd.Series(random.integers(1, 500, origins).astype(float), index=np.arange(origins))
    beds = pd.Series(random.integers(1, 90, places).astype(float), index=np.arange(places))
    steps = {20: 1.0, 40: 0.68, 60: 0.22}
    people_table, bed_table = people.rename("people").to_frame(), beds.rename("beds").to_frame()

    def peer(weight: Callable[[pd.Series], pd.Series] | None, three: bool = False) -> Callable[[], object]:
        call = fca.three_stage_fca if three else fca.two_stage_fca
        return lambda: call(
            people_table, bed_table, table, 60, demand_index=True, demand_name="people", supply_index=True,
            supply_name="beds", cost_origin="origin_id", cost_dest="destination_id", cost_name="minutes",
            **({"weight_fn": weight} if weight else {}),
        )  # fmt: skip

    from access import weights

    stepped = weights.step_fn(steps)
    ours_stepped = decay.stepped(list(steps), list(steps.values()))
    measures = [
        ("2SFCA", lambda: two_step_fca(pairs(table), beds, people, decay.binary(60)), peer(None)),
        ("E2SFCA", lambda: two_step_fca(pairs(table), beds, people, ours_stepped), peer(stepped)),
        ("3SFCA", lambda: three_step_fca(pairs(table), beds, people, ours_stepped), peer(stepped, three=True)),
    ]
    note = "coding the table included"
    return [
        Row(f"{name} on {count:,} pairs", ours, "PySAL access", theirs, note)
        for name, mine, other in measures
        for ours, theirs in [in_turns(mine, other)]
    ]


def growth(shared: Path | None) -> list[Row]:
    """Measure nested cuts of a generated grid of streets, up to 1,000,000 junctions, and more places on one of them."""
    del shared
    sides = (100, 177, 316, 562, 1000)
    searched, ready, many = [], [], []
    few = (50, 100, 200, 400, 800)
    small = _grid_streets(10)
    search_core(*small)  # so that it is compiled
    for side in sides:
        indptr, to, seconds = _grid_streets(side)
        begun = time.perf_counter()
        core = search_core(indptr, to, seconds)
        ready.append(time.perf_counter() - begun)
        costs = Costs(core, seconds, seconds, seconds, 0.75)
        corner = _starts(np.array([0], np.int32))
        searched.append(median(lambda c=costs, m=corner, limit=200.0 * side: reach(c, m, limit)))
        if side == 316:
            random = np.random.default_rng(4)
            for count in few:
                places = _starts(random.integers(0, side * side, count))
                many.append(median(lambda c=costs, at=places: reach(c, at, LIMIT)))
    nodes = np.array(sides) ** 2
    slope, ready_slope = (float(np.polyfit(np.log(nodes), np.log(t), 1)[0]) for t in (searched, ready))
    place_slope = float(np.polyfit(np.log(few), np.log(many), 1)[0])
    _plot(nodes, {"one to all": searched, "made ready": ready})
    n_log_n = float(np.polyfit(np.log(nodes), np.log(nodes * np.log(nodes)), 1)[0])
    return [
        Row(
            "one to all 1,000,000 junctions of a generated grid", searched[-1],
            note=f"grows as n^{slope:.2f} from 10,000 (n log n there: n^{n_log_n:.2f})",
        ),
        Row("the same network made ready for searching", ready[-1], note=f"once; grows as n^{ready_slope:.2f}"),
        Row("30 min walk from 800 places, 100,000 junctions", many[-1], note=f"grows as places^{place_slope:.2f}"),
    ]  # fmt: skip


ROWS: dict[str, Callable[[Path | None], list[Row]]] = {
    "one-to-all": one_to_all,
    "to-places": to_places,
    "walk-isochrones": walk_areas,
    "porto-alegre": porto_alegre,
    "transit": transit,
    "valhalla": areas_beside_valhalla,
    "build": built,
    "catchments": floating_catchments,
    "growth": growth,
}
WITHOUT_DATA = ("catchments", "growth")


def _regions(shared: Path | None) -> Path:
    if shared is None or not (shared / "regions").is_dir():
        raise SystemExit("give --shared with the folder of the shared real data")
    return shared / "regions"


def _streets(shared: Path | None) -> Streets:
    elements = read_streets(_regions(shared) / "nky" / "streets.osm.pbf")
    return build_streets(elements, "EPSG:32616", StreetSettings())


def _starts(at: np.ndarray) -> Ends:
    return Ends(np.arange(len(at) + 1), at.astype(np.int32), np.zeros(len(at), np.float32))


def _grid_streets(side: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the arcs of side × side junctions, about 100 m apart, with a tenth of the streets missing."""
    random = np.random.default_rng(5)
    meters = random.uniform(60, 140, (1000, 1000, 2))[:side, :side]
    missing = random.random((1000, 1000, 2))[:side, :side] < 0.1
    row, column = (axis.ravel() for axis in np.indices((side, side)))
    squares = sum(((column >> k & 1) << 2 * k) | ((row >> k & 1) << 2 * k + 1) for k in range(10))
    number = np.empty(side * side, np.int64)
    number[np.argsort(squares)] = np.arange(side * side)  # near ones near, as streets are numbered here
    number = number.reshape(side, side)
    east, north = ~missing[:, :-1, 0], ~missing[:-1, :, 1]
    tail = np.concatenate([number[:, :-1][east], number[:-1][north]])
    head = np.concatenate([number[:, 1:][east], number[1:][north]])
    cost = np.concatenate([meters[:, :-1, 0][east], meters[:-1, :, 1][north]]) * 0.75
    source, target, seconds = np.append(tail, head), np.append(head, tail), np.append(cost, cost)
    order = np.lexsort((target, source))
    indptr = np.concatenate([[0], np.cumsum(np.bincount(source, minlength=side * side))]).astype(np.int32)
    return indptr, target[order].astype(np.int32), seconds[order].astype(np.float32)


def _plot(nodes: np.ndarray, series: dict[str, list[float]]) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(6, 4), layout="constrained")
    for (name, seconds), marker in zip(series.items(), "os", strict=True):
        axes.loglog(nodes, seconds, marker=marker, label=name)
    first = next(iter(series.values()))[0]
    axes.loglog(nodes, first * nodes * np.log(nodes) / (nodes[0] * np.log(nodes[0])), "k:", label="n log n")
    axes.set(xlabel="junctions", ylabel="seconds", title="Nested cuts of a generated grid of streets")
    axes.legend()
    PLOT.parent.mkdir(exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=PLOT.parent, suffix=".png", delete=False) as file:
        figure.savefig(file, dpi=120)
    Path(file.name).replace(PLOT)
    PLOT.chmod(0o644)
    plt.close(figure)


__all__ = ["ROWS", "RUNS", "WITHOUT_DATA"]
