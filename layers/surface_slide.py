"""A score surface as a slide: one picture of 16 : 9 with its title, number, legend, date and sources on it.

Made from the region's own map without a browser; how it was made, with the digests, is in the file's metadata.
"""

import io
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from layers.basemap import Basemap
from layers.fonts import printable
from layers.legend import LIGHT_SURFACE
from layers.printed_surface import colored_box, draw_surface, framed
from layers.surface import Ints

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PIXELS = (1920, 1080)
_INCHES = (40 / 3, 7.5)
_DOTS_PER_INCH = 144
_HEAD, _FOOT, _SIDE = 0.135, 0.075, 0.33
"""Shares of the slide that the title, the sources and the column beside the map take."""
_MAP_PIXELS = 1400
_ZOOM_PIXELS = 1000
"""About how many pixels of a zoom level go across the map: its names are then read from the back of a room."""
_INK, _MUTED = "#1f2d31", "#4d5d63"
_ROW, _LINE = 0.068, 0.022
_EDGE = 0.012
_FOOT_LETTERS = 205


@dataclass(frozen=True)
class Slide:
    """What the slide says.

    `subtitle` is for whom and when; `figure` the number that it is about, and `caption` what that counts; `steps` are
    labels of the scale, `none_in_reach` and `no_number` those of dots and hatching (empty = not there); `listed` are
    the numbered areas, each with its number on the map, its name, and two lines that say more; `foot` names date and
    sources.
    """

    title: str
    subtitle: str
    figure: str
    caption: str
    legend: str
    steps: Sequence[str]
    none_in_reach: str
    no_number: str
    areas: str
    listed: Sequence[tuple[str, str, str, str]]
    foot: str


def slide(
    land: Basemap,
    shapes: gpd.GeoDataFrame,
    shade: Ints,
    words: Slide,
    numbered: pd.DataFrame,
    about: Sequence[tuple[str, str]],
) -> bytes:
    """Return a PNG of 1920 × 1080 pixels, with `about` (names and texts) in its metadata.

    Parameters
    ----------
    land
        What can be drawn of the region.
    shapes, shade
        As `layers.surface.cell_shapes` and `shades` give them.
    numbered
        `lon`, `lat` and the `label` to write there.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=_INCHES, dpi=_DOTS_PER_INCH, facecolor="#ffffff")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, _FOOT, 1 - _SIDE, 1 - _HEAD - _FOOT), facecolor="#f7f5f0")
    axes.set_xticks([])
    axes.set_yticks([])
    for side in axes.spines.values():
        side.set_visible(False)
    colors, box = colored_box(shapes, shade, _MAP_PIXELS)
    high = PIXELS[1] * (1 - _HEAD - _FOOT) / (PIXELS[0] * (1 - _SIDE))
    draw_surface(axes, land, colors, box, framed(box, 1.06, high, high), _ZOOM_PIXELS, numbered, badge_size=12)
    _write(figure, 0.02, 0.955, words.title, size=25, weight="bold")
    _write(figure, 0.02, 0.895, words.subtitle, size=14, color=_MUTED)
    _column(figure, words)
    foot = textwrap.wrap(printable(words.foot), _FOOT_LETTERS, max_lines=3, placeholder=" …")
    for number, line in enumerate(foot):
        _write(figure, 0.02, _FOOT - 0.018 - 0.02 * number, line, size=8.5, color=_MUTED)
    content = io.BytesIO()
    description = "\n".join(f"{name}: {text}" for name, text in about)
    figure.savefig(content, format="png", metadata={"Software": None, "Title": words.title, "Description": description})
    return content.getvalue()


def _column(figure: "Figure", words: Slide) -> None:
    """Write the number, the legend and the numbered areas beside the map."""
    from matplotlib.patches import Rectangle

    left, top = 1 - _SIDE + 0.018, 0.845
    if words.figure:
        _write(figure, left, top - 0.035, words.figure, size=44, weight="bold", color=LIGHT_SURFACE.steps[0])
        top -= 0.085
    for line in textwrap.wrap(printable(words.caption), 36, max_lines=4 if words.figure else 8, placeholder=" …"):
        _write(figure, left, top - 0.01, line, size=14)
        top -= 0.034
    top -= 0.03
    _write(figure, left, top, words.legend, size=12, weight="bold")
    marks = [(color, "", label) for color, label in zip(LIGHT_SURFACE.steps, words.steps, strict=True)]
    marks += [(LIGHT_SURFACE.under, "..", words.none_in_reach)] if words.none_in_reach else []
    marks += [("#ffffff", "////", words.no_number)] if words.no_number else []
    for color, hatch, label in marks:
        top -= 0.034
        look = {"facecolor": color, "edgecolor": "#37424a", "linewidth": 0.7, "hatch": hatch}
        figure.add_artist(Rectangle((left, top - 0.012), 0.026, 0.026, **look))  # type: ignore[arg-type]
        _write(figure, left + 0.034, top, label, size=12)
    top -= 0.058
    if words.listed:
        _write(figure, left, top, words.areas, size=12, weight="bold")
        top += _ROW - 0.045
    for number, name, *texts in words.listed:
        if (top := top - _ROW) < _FOOT + _LINE - 0.005:
            break
        badge = {"boxstyle": "round,pad=0.25", "facecolor": "#4a2c7d", "edgecolor": "white", "linewidth": 0.6}
        figure.text(left + 0.008, top + 0.008, printable(number), size=10, color="white", weight="bold", ha="center",
                    va="center", bbox=badge)  # fmt: skip
        _write(figure, left + 0.026, top + 0.012, name, size=11.5, weight="bold")
        for below, text in enumerate(texts, 1):
            _write(figure, left + 0.026, top + 0.012 - _LINE * below, text, size=10, color=_MUTED)


def _write(
    figure: "Figure", left: float, up: float, text: str, *, size: float, color: str = _INK, weight: str = "normal"
) -> None:
    """Write a line; one that would reach over the slide's edge, or that of the map's column, in smaller letters."""
    line = figure.text(left, up, printable(text), size=size, color=color, weight=weight, va="center", parse_math=False)
    while line.get_window_extent().width > PIXELS[0] * (1 - _EDGE - left):
        line.set_fontsize(size := 0.96 * size)
