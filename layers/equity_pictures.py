"""Pictures of how something is shared out: curves against the diagonal, and bars of each group by bands."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from layers.fonts import printable
from layers.legend import LIGHT_SURFACE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DOTS_PER_INCH = 180
_WIDE, _CURVES_HIGH, _BAR_HIGH, _HEAD_HIGH = 7.3, 3.6, 0.24, 0.55
_TITLE_LETTERS = 38
"""So many letters of a title of 8 points go above a curve; longer ones are smaller."""
_INK, _MUTED, _LINE, _CURVE, _GAP = "#1f2d31", "#4d5d63", "#c8c8c0", "#155e66", "#d9ecf8"
_TEXT_ON = ("#ffffff", "#ffffff", _INK, _INK, _INK)
"""Ink on each step of the scale, with a contrast of at least 4.5 : 1."""


@dataclass(frozen=True)
class Curve:
    """A curve and its words: `points` has `people` and `access`, 0–1; the axes are in percent."""

    title: str
    people: str
    access: str
    points: pd.DataFrame


@dataclass(frozen=True)
class Bars:
    """Groups of a kind: name of each, and its percents by band, which are drawn one after the other."""

    title: str
    rows: Sequence[tuple[str, Sequence[float]]]


def curves_picture(curves: Sequence[Curve], diagonal: str) -> bytes:
    """Return a PNG of one or two curves side by side, each with the diagonal on which all have the same."""
    figure = _figure(_CURVES_HIGH)
    wide = 0.39
    for number, curve in enumerate(curves):
        axes = figure.add_axes((0.085 + 0.5 * number, 0.15, wide, 0.74))
        percents = 100.0 * curve.points[["people", "access"]].to_numpy()
        axes.fill_between(percents[:, 0], percents[:, 1], percents[:, 0], color=_GAP, linewidth=0)
        axes.plot([0, 100], [0, 100], color=_MUTED, linewidth=1, linestyle=(0, (4, 3)))
        axes.plot(percents[:, 0], percents[:, 1], color=_CURVE, linewidth=2)
        axes.set(xlim=(0, 100), ylim=(0, max(100.0, float(percents[:, 1].max()))))
        title = printable(curve.title)
        size = min(8.0, 8.0 * _TITLE_LETTERS / max(len(title), 1))
        axes.set_title(title, size=size, weight="bold", loc="left", color=_INK, parse_math=False)
        axes.set_xlabel(printable(curve.people), size=7.5, color=_INK, parse_math=False)
        axes.set_ylabel(printable(curve.access), size=7.5, color=_INK, parse_math=False)
        axes.text(
            48, 52, printable(diagonal), size=7, color=_MUTED, rotation=45, rotation_mode="anchor",
            transform_rotates_text=True, ha="center", va="bottom", parse_math=False,
        )  # fmt: skip
        _calm(axes)
        axes.grid(color=_LINE, linewidth=0.5)
        axes.set_axisbelow(True)
    return _png(figure)


def bars_picture(kinds: Sequence[Bars], steps: Sequence[str]) -> bytes:
    """Return a PNG with a bar of a hundred people for each group, in the colors of the map; `steps` name the bands."""
    from matplotlib.patches import Rectangle

    lines = sum(len(kind.rows) + 1 for kind in kinds)
    high = _HEAD_HIGH + _BAR_HIGH * lines + 0.1
    figure = _figure(high)
    for number, (color, label) in enumerate(zip(LIGHT_SURFACE.steps, steps, strict=True)):
        across, up = 0.33 + 0.13 * number, 1 - 0.28 / high
        look = {"facecolor": color, "edgecolor": "#37424a", "linewidth": 0.5}
        figure.add_artist(Rectangle((across, up), 0.025, 0.13 / high, **look))  # type: ignore[arg-type]
        figure.text(across + 0.031, up + 0.065 / high, printable(label), size=7, va="center", parse_math=False)
    axes = figure.add_axes((0.33, 0.1 / high, 0.65, (high - _HEAD_HIGH) / high))
    axes.set(xlim=(0, 100), ylim=(lines, 0))
    axes.set_axis_off()
    at = 0
    for kind in kinds:
        _label(axes, at, kind.title, weight="bold")
        for name, percents in kind.rows:
            at += 1
            _bar(axes, at, name, percents)
        at += 1
    return _png(figure)


def _bar(axes: "Axes", at: int, name: str, percents: Sequence[float]) -> None:
    """Draw a group's bar; rounded percents that don't come to a hundred are drawn as if they did."""
    _label(axes, at, name)
    whole, left = sum(percents) or 1.0, 0.0
    for color, ink, percent in zip(LIGHT_SURFACE.steps, _TEXT_ON, percents, strict=True):
        wide = 100.0 * percent / whole
        axes.barh(at + 0.5, wide, left=left, height=0.78, color=color, edgecolor="#ffffff", linewidth=0.5)
        if wide >= 4:
            axes.text(left + wide / 2, at + 0.5, f"{percent:.0f}", size=6.5, color=ink, ha="center", va="center")
        left += wide


def _label(axes: "Axes", at: int, text: str, weight: str = "normal") -> None:
    """Write a name to the left of a bar, in smaller letters where it wouldn't fit."""
    shown = printable(text)
    size = min(7.5, 7.5 * 42 / max(len(shown), 1))
    axes.text(-1.5, at + 0.5, shown, size=size, weight=weight, ha="right", va="center", color=_INK, parse_math=False)


def _figure(high: float) -> "Figure":
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(_WIDE, high), dpi=DOTS_PER_INCH, facecolor="#ffffff")
    FigureCanvasAgg(figure)
    return figure


def _calm(axes: "Axes") -> None:
    axes.tick_params(labelsize=7, colors=_MUTED, length=0)
    for side in axes.spines.values():
        side.set_color(_LINE)


def _png(figure: "Figure") -> bytes:
    content = io.BytesIO()
    figure.savefig(content, format="png", metadata={"Software": None})
    return content.getvalue()
