"""Run the whole road on Northern Kentucky as a user would, and write `docs/northern-kentucky.md` with its maps.

    python -m benchmarks.northern_kentucky ../shared/data

The data folder is the project's shared real data; nothing of it is copied into the page but figures and maps.
"""

import os
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import geopandas as gpd
import matplotlib as mpl
import pandas as pd

mpl.use("Agg")
import matplotlib.pyplot as plt

DOCS = Path(__file__).parents[1] / "docs"
HOME = "39.0837,-84.5086"
DATE = "2020-07-20"
INTRO = f"""# Northern Kentucky, end to end

Made by `python -m benchmarks.northern_kentucky ../shared/data`, which runs the commands below as a user would and
writes this page. Streets © OpenStreetMap contributors (ODbL); timetable of the Transit Authority of Northern Kentucky,
valid 2019-10-31 to 2020-08-27; dates here are Monday {DATE}. The home is a street corner
in central Covington ({HOME}), not anybody's address.

What this region lacks is as telling as what it has: there is no list of recovery residences, of meetings or of
jobs among its files, so those classes are *no data* and drop out of the score. They are not zero. What is left holds
26 % of the weight that applies, and nothing of Home or Purpose: too little for a total, so none is given, and
Health and Community stand by themselves.
"""


def main() -> None:
    """Run the commands and write the page."""
    folder = Path(sys.argv[1]) / "regions" / "nky"
    data = {name: str(folder / name) for name in ("streets.osm.pbf", "TANK-GTFS.zip", "resources", "people_grid.csv")}
    shown = {path: f"../shared/data/regions/nky/{name}" for name, path in data.items()}
    sections = [INTRO]
    with tempfile.TemporaryDirectory() as work:
        os.environ["RECOVERY_REACH_HOME"] = work
        os.environ["COLUMNS"] = "110"

        def run(title: str, words: str, *arguments: str) -> None:
            start = time.perf_counter()
            done = subprocess.run(
                [sys.executable, "-m", "cli", *arguments], capture_output=True, text=True, check=True, cwd=DOCS.parent
            )
            seconds = time.perf_counter() - start
            command = "recovery-reach " + " ".join(
                shlex.quote(shown.get(argument, argument).replace(work, "out")) for argument in arguments
            )
            output = done.stdout.rstrip() or done.stderr.strip().splitlines()[-1].replace(work, "out")
            sections.append(
                f"## {title}\n\n{words}\n\n```sh\n{command}\n```\n\n```\n{output}\n```\n\n"
                f"{seconds:.1f} s, start-up included.\n"
            )

        run(
            "Build", "Every row of every file is kept, repaired, or set aside with a reason.",
            "region", "build", "nky", "--yes", "--title", "Northern Kentucky", "--date", DATE,
            "--osm", data["streets.osm.pbf"], "--gtfs", data["TANK-GTFS.zip"],
            "--resources", data["resources"], "--zones", data["people_grid.csv"],
        )  # fmt: skip
        for hours, when in (("07:00-09:00", "morning peak"), ("22:00-24:00", "late evening")):
            run(
                f"People within an hour by bus, {when}", "The median over a departure at every minute.",
                "opportunities", "nky", "--from", HOME, "--to", data["people_grid.csv"], "--weight", "people",
                "--mode", "transit", "--cutoff", "60", "--date", DATE, "--window", hours, "--walk-kph", "5", "--json",
            )  # fmt: skip
        for mode in ("walk", "bike", "drive"):
            run(
                f"People within 30 minutes, {mode}", "",
                "opportunities", "nky", "--from", HOME, "--to", data["people_grid.csv"], "--weight", "people",
                "--mode", mode, "--cutoff", "30", "--json",
            )  # fmt: skip
        run(
            "Travel times", "From the home to the hospital in Edgewood: best, middle and worst of the morning.",
            "times", "nky", "--from", HOME, "--to", "39.0139,-84.5634", "--mode", "transit", "--window", "07:00-09:00",
            "--percentile", "5", "--percentile", "50", "--percentile", "95", "--max-minutes", "120",
        )  # fmt: skip
        run("Score", "With the explanation that the app shows.", "score", "nky", "--at", HOME)
        for mode, minutes in (("walk", "10,20,30"), ("bike", "10,20,30"), ("transit", "20,40,60")):
            run(
                f"Isochrones, {mode}", f"![Area within reach, {mode}](northern-kentucky/{mode}.png)",
                "isochrones", "nky", "--from", HOME, "--mode", mode, "--minutes", minutes,
                "--out", f"{work}/{mode}.geojson",
            )  # fmt: skip
        run(
            "Surface", "![Health in every populated cell](northern-kentucky/surface.png)",
            "surface", "nky", "--out", f"{work}/surface.parquet",
        )  # fmt: skip
        _draw(Path(work))
    (DOCS / "northern-kentucky.md").write_text("\n".join(sections), encoding="utf-8")


def _draw(work: Path) -> None:
    """Draw the isochrones and the surface over the region's streets."""
    from sources.region import open_region

    pictures = DOCS / "northern-kentucky"
    pictures.mkdir(exist_ok=True)
    region = open_region("nky")
    streets = region.network.streets
    lines = _street_lines(streets)
    lat, lon = map(float, HOME.split(","))
    for mode in ("walk", "bike", "transit"):
        areas = gpd.read_file(work / f"{mode}.geojson").to_crs(streets.crs).sort_values("minutes", ascending=False)
        figure, axes = _map(lines)
        shades = plt.get_cmap("Blues")([0.35, 0.55, 0.8])
        for (_, area), shade in zip(areas.iterrows(), shades, strict=True):
            gpd.GeoSeries([area.geometry]).plot(ax=axes, color=shade, alpha=0.75, label=f"{area['minutes']:g} min")
        home = gpd.GeoSeries(gpd.points_from_xy([lon], [lat]), crs=4326).to_crs(streets.crs)
        home.plot(ax=axes, color="#b3261e", markersize=24, zorder=5)
        handles = [plt.Rectangle((0, 0), 1, 1, color=shade) for shade in shades]
        names = [f"{minutes:g} min" for minutes in areas["minutes"]]
        axes.legend(handles, names, loc="lower left", frameon=True, title=mode)
        figure.savefig(pictures / f"{mode}.png", dpi=90)
        plt.close(figure)
    cells = pd.read_parquet(work / "surface.parquet")
    points = gpd.GeoDataFrame(cells, geometry=gpd.points_from_xy(cells["lon"], cells["lat"]), crs=4326)
    figure, axes = _map(lines)
    known = points[points["health"].notna()].to_crs(streets.crs)  # the region has too little data for a total
    known.plot("health", ax=axes, cmap="viridis", markersize=7, marker="s", legend=True, vmin=0, vmax=100, alpha=0.85)
    figure.savefig(pictures / "surface.png", dpi=90)
    plt.close(figure)


def _street_lines(streets: object) -> gpd.GeoSeries:
    import numpy as np
    import shapely

    offsets = streets.geometry_offset  # type: ignore[attr-defined]
    count = np.diff(offsets)
    coordinates = np.column_stack([streets.geometry_x, streets.geometry_y])  # type: ignore[attr-defined]
    return gpd.GeoSeries(shapely.linestrings(coordinates, indices=np.repeat(np.arange(len(count)), count)))


def _map(lines: gpd.GeoSeries) -> tuple[plt.Figure, plt.Axes]:
    figure, axes = plt.subplots(figsize=(9, 7), layout="constrained")
    lines.plot(ax=axes, color="#9aa3ad", linewidth=0.3)
    axes.set_axis_off()
    axes.text(0.99, 0.01, "Streets © OpenStreetMap contributors", transform=axes.transAxes, ha="right", fontsize=7)
    return figure, axes


if __name__ == "__main__":
    main()
