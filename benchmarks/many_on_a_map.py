"""Many things on the map: 10,000 resources and 100,000 cells, from the table to the picture in the browser.

`python -m benchmarks.many_on_a_map` prints the server's seconds of CPU (layers made and written as a script) and the
browser's (its main thread's CPU time until everything is drawn), so that a busy machine changes little.
Needs Debian's Chromium and playwright.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
from playwright.sync_api import Page, Route, sync_playwright

from geo.tables import CATEGORIES
from layers.folium_offline import asset_folders
from layers.map import MapWords, answer_layers, base_map, spoken
from layers.surface import cell_shapes, shades, surface_layers

BOUNDS = (-113.65, 40.24, -113.25, 40.48)
ORIGIN = "http://127.0.0.1:9/"
WORDS = MapWords("en", "Map", "In", "Out", "From here", "")
REPEATS = 5


def resources(count: int, *, with_popups: bool) -> pd.DataFrame:
    """Return resources at random places, with more to say in each popup if asked."""
    rng = np.random.default_rng(7)
    west, south, east, north = BOUNDS
    category = rng.choice(list(CATEGORIES), count)
    return pd.DataFrame(
        {
            "lon": rng.uniform(west, east, count),
            "lat": rng.uniform(south, north, count),
            "name": [f"Place {number}" for number in range(count)],
            "kind": category,
            "reach": "12 min" if with_popups else "",
            "address": "1 Invented Street",
            "dimension": [CATEGORIES[one] for one in category],
            "category": category,
            "faint": False,
        }
    )


def cells(count: int) -> pd.DataFrame:
    """Return a lattice of cells with a value each, some without."""
    side = round(count**0.5)
    west, south, east, north = BOUNDS
    lon, lat = (axis.ravel() for axis in np.meshgrid(np.linspace(west, east, side), np.linspace(south, north, side)))
    value = np.random.default_rng(7).uniform(0, 100, len(lon))
    value[::50] = np.nan
    return pd.DataFrame({"id": [str(number) for number in range(len(lon))], "lon": lon, "lat": lat, "value": value})


def surface(table: pd.DataFrame) -> folium.FeatureGroup:
    """Return the cells as the funder's page draws them."""
    none = gpd.GeoDataFrame({"zone_id": pd.Series(dtype="string")}, geometry=[], crs=4326)
    value = table["value"].to_numpy()
    return surface_layers(cell_shapes(table, none), shades(value, value < 3), dark=False)


def page_of(layers: folium.FeatureGroup) -> str:
    """Return the map with its layers as one page."""
    chart = base_map(BOUNDS, BOUNDS, "/basemap")
    spoken(WORDS).add_to(layers)
    layers.add_to(chart)
    return str(chart.get_root().render())


def shown(page: Page, content: str) -> float:
    """Return the seconds of the browser's main thread until the page has drawn everything."""

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN)
        if not path:
            route.fulfill(body=content, content_type="text/html")
            return
        for folder in asset_folders():
            prefix = f"assets/{folder.name}/"
            if path.startswith(prefix):
                route.fulfill(path=folder.path / Path(path.removeprefix(prefix)))
                return
        route.fulfill(status=404, body="")

    page.route("**/*", answer)
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(ORIGIN)
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))")
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float(next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration"))


def main() -> None:
    """Print a row for each task: the median of several runs."""
    tasks: dict[str, Callable[[], folium.FeatureGroup]] = {
        "10,000 resources, none asked about": lambda: answer_layers(
            None, None, {}, resources(10_000, with_popups=False)
        ),
        "10,000 resources, each with its minutes": lambda: answer_layers(
            None, None, {}, resources(10_000, with_popups=True)
        ),
        "5,000 cells as shapes": lambda: surface(cells(4_900)),
        "100,000 cells as a picture": lambda: surface(cells(100_000)),
    }
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--headless", "--disable-gpu"]
        )
        for name, make in tasks.items():
            server, client, size = [], [], 0
            for _ in range(REPEATS):
                began = time.process_time()
                content = page_of(make())
                server.append(time.process_time() - began)
                size = len(content)
                page = browser.new_page(viewport={"width": 740, "height": 620})
                client.append(shown(page, content))
                page.close()
            both = float(np.median(server)) + float(np.median(client))
            sys.stdout.write(
                f"{name}: {np.median(server):.2f} s on the server + {np.median(client):.2f} s in the browser = "
                f"{both:.2f} s; {size / 1e6:.1f} MB\n"
            )
        browser.close()


if __name__ == "__main__":
    main()
