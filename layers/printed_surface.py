"""A score surface for paper: the region's own streets and names, the shades with their legend, and how it was made."""

import io
import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from layers.basemap import MAX_ZOOM, MIN_ZOOM, Basemap, at_zoom, to_pixels
from layers.fonts import printable
from layers.legend import LIGHT_SURFACE
from layers.printed_map import draw_badge, draw_land, draw_names
from layers.surface import Ints, colored

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INCHES_WIDE, INCHES_HIGH = 7.3, (3.6, 8.5)
"""Of the map alone; as high as the surface is, within these."""
DOTS_PER_INCH = 180
PIXELS_WIDE = 900
_PICTURE_PIXELS, _COARSE = 1600, 2
_FOOT_LETTERS, _TITLE_LETTERS = 118, 70
Colors = npt.NDArray[np.uint8]
Box = tuple[float, float, float, float]
"""West, north, east and south on the map of zoom 0, in its pixels."""
_FOOT_INCHES, _LINE_INCHES, _HEAD_INCHES = 0.75, 0.125, 0.42


@dataclass(frozen=True)
class Words:
    """What the picture says: title, a label for each step of the scale, for dots and hatching (empty = not there)."""

    title: str
    steps: Sequence[str]
    none_in_reach: str
    no_number: str


def printed_surface(
    land: Basemap, shapes: gpd.GeoDataFrame, shade: Ints, words: Words, about: Sequence[tuple[str, str]],
    numbered: pd.DataFrame | None = None,
) -> bytes:  # fmt: skip
    """Return a PNG of the whole surface, with `about` below it and in its metadata.

    Parameters
    ----------
    land
        What can be drawn of the region.
    shapes, shade
        As `layers.surface.cell_shapes` and `shades` give them.
    about
        How it was made: names and texts.
    numbered
        `lon`, `lat` and the `label` to write there.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    lines = [line for name, text in about for line in textwrap.wrap(printable(f"{name}: {text}"), _FOOT_LETTERS)]
    foot = _FOOT_INCHES + _LINE_INCHES * len(lines)
    colors, box = colored_box(shapes, shade, _PICTURE_PIXELS)
    window = framed(box, 1.04, INCHES_HIGH[0] / INCHES_WIDE, INCHES_HIGH[1] / INCHES_WIDE)
    map_high = INCHES_WIDE * (window[3] - window[1]) / (window[2] - window[0])
    high = map_high + foot + _HEAD_INCHES
    figure = Figure(figsize=(INCHES_WIDE, high), dpi=DOTS_PER_INCH, facecolor="#ffffff")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, foot / high, 1, map_high / high))
    axes.set_axis_off()
    draw_surface(axes, land, colors, box, window, PIXELS_WIDE, numbered)
    title = printable(words.title)
    figure.text(
        0.02, 1 - 0.5 * _HEAD_INCHES / high, title, size=min(11.0, 11.0 * _TITLE_LETTERS / max(len(title), 1)),
        weight="bold", va="center", color="#1f2d31", parse_math=False,
    )  # fmt: skip
    _legend(figure, words, (foot - 0.25) / high, high)
    for number, line in enumerate(lines):
        figure.text(
            0.02, (foot - 0.65 - _LINE_INCHES * number) / high, line, size=6, color="#4d5d63", va="center",
            parse_math=False,
        )  # fmt: skip
    content = io.BytesIO()
    about_text = "\n".join(f"{name}: {text}" for name, text in about)
    figure.savefig(content, format="png", metadata={"Software": None, "Description": about_text})
    return content.getvalue()


def colored_box(shapes: gpd.GeoDataFrame, shade: Ints, pixels: int) -> tuple[Colors, Box]:
    """Return a surface as a picture of so many pixels, and its sides on the map of zoom 0."""
    colors, bounds = colored(shapes, shade, pixels, _COARSE)
    x, y = to_pixels(np.array(bounds[::2]), np.array(bounds[1::2]))
    return colors, (float(x[0]), float(y[1]), float(x[1]), float(y[0]))


def framed(box: Box, margin: float, least: float, most: float) -> Box:
    """Return a window around a box, `margin` times as large, whose height is `least` to `most` of its width."""
    west, north, east, south = box
    wide, high = margin * (east - west), margin * (south - north)
    wide = max(wide, high / most, 1e-9)
    high = min(max(high, wide * least), wide * most)
    across, down = (west + east) / 2, (north + south) / 2
    return across - wide / 2, down - high / 2, across + wide / 2, down + high / 2


def draw_surface(
    axes: "Axes", land: Basemap, colors: Colors, box: Box, window: Box, pixels: int, numbered: pd.DataFrame | None,
    badge_size: float = 7,
) -> None:  # fmt: skip
    """Draw a surface over its land, with the names of places and numbered areas.

    Parameters
    ----------
    colors, box
        As `colored_box` gives them.
    window
        What is seen, as `framed` gives it.
    pixels
        About how many pixels of a zoom level go across the window, which says how much of the land is named.
    numbered
        `lon`, `lat` and the `label` to write there.
    """
    west, north, east, south = window
    zoom = int(np.clip(round(math.log2(pixels / (east - west))), MIN_ZOOM, MAX_ZOOM))
    scale = 2.0**zoom
    axes.set_xlim(west * scale, east * scale)
    axes.set_ylim(south * scale, north * scale)
    drawing = at_zoom(land, zoom)
    draw_land(axes, drawing, shapely.box(*(side * scale for side in window)))
    extent = (box[0] * scale, box[2] * scale, box[3] * scale, box[1] * scale)
    axes.imshow(colors, extent=extent, origin="upper", interpolation="nearest", zorder=4, aspect="auto")
    draw_names(axes, drawing, window, scale)
    if numbered is not None:
        across, down = to_pixels(numbered["lon"].to_numpy(), numbered["lat"].to_numpy())
        for left, top, label in zip(across * scale, down * scale, numbered["label"], strict=True):
            draw_badge(axes, left, top, printable(label), size=badge_size)


def _legend(figure: "Figure", words: Words, at: float, high: float) -> None:
    """Draw the steps of the scale in a row, and below them the patterns that are on the map."""
    from matplotlib.patches import Rectangle

    steps = [(color, "", label) for color, label in zip(LIGHT_SURFACE.steps, words.steps, strict=True)]
    patterns = [("#ffffff", "....", words.none_in_reach), ("#ffffff", "/////", words.no_number)]
    for row, marks in enumerate((steps, [mark for mark in patterns if mark[2]])):
        for column, (color, hatch, label) in enumerate(marks):
            across, up = 0.02 + (0.19, 0.45)[row] * column, at - 0.2 * row / high
            look = {"facecolor": color, "edgecolor": "#37424a", "linewidth": 0.5, "hatch": hatch}
            figure.add_artist(Rectangle((across, up), 0.03, 0.13 / high, **look))  # type: ignore[arg-type]
            figure.text(across + 0.038, up + 0.065 / high, printable(label), size=7, va="center", parse_math=False)
