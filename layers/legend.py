"""The signs of the map: a shape and a color for each dimension, a letter for each category, steps of one hue.

Colors are from the palette of Okabe and Ito (2008), which people with any form of color blindness tell
apart, darkened so that a white letter on them has a contrast of at least 4.5 : 1; the shape says the same again.
"""

from dataclasses import dataclass

from markupsafe import Markup

from layers.escaping import html


@dataclass(frozen=True)
class Symbol:
    """How a dimension looks: shape, fill and ink on a light map, fill and ink on a dark one."""

    shape: str
    light: str
    dark: str
    light_ink: str = "#ffffff"
    dark_ink: str = "#10181b"


SYMBOLS: dict[str, Symbol] = {
    "health": Symbol("square", "#0a66a3", "#6cbcf0"),
    "home": Symbol("house", "#ad4a06", "#f0a64a"),
    "purpose": Symbol("diamond", "#37424a", "#d3dade"),
    "community": Symbol("circle", "#00704f", "#4fd0a4"),
}

MARKS: dict[str, str] = {
    "opioid_treatment_program": "T",
    "buprenorphine_prescriber": "B",
    "substance_use_clinic": "C",
    "mental_health": "M",
    "primary_care": "D",
    "hospital": "H",
    "pharmacy": "P",
    "harm_reduction": "N",
    "recovery_residence": "R",
    "transitional_housing": "S",
    "food": "F",
    "household_basics": "G",
    "employment_service": "E",
    "education": "L",
    "volunteering": "V",
    "childcare": "K",
    "meeting": "A",
    "recovery_community_center": "X",
    "peer_support": "U",
    "gathering_place": "O",
}
"""One letter a category; unlike the words beside them they stay the same in every language."""

SHADES, NONE_IN_REACH, NO_NUMBER = 5, 5, 6
"""Steps of a surface, and the two shades after them: data but nothing in reach, and no number at all."""


@dataclass(frozen=True)
class SurfaceColors:
    """How a surface looks: five steps from little to much, ink of dots and hatching, what lies under dots, opacity."""

    steps: tuple[str, ...]
    ink: str
    under: str
    opacity: float


LIGHT_SURFACE = SurfaceColors(("#5f2703", "#b3560b", "#7fa8c9", "#a9cbe3", "#d9ecf8"), "#37424a", "#f8e0c8", 0.76)
DARK_SURFACE = SurfaceColors(("#ffc27a", "#d07a1f", "#46708f", "#2f526e", "#1d3548"), "#d6c9bb", "#4a2c12", 0.76)
"""Orange where less than 40 of 100 is in reach, blue from there on: a pair that every form of color blindness tells
apart. The less, the further from the map's own lightness (the darker on paper), so that a gray copy says it too."""


LIGHT_CHANGE = SurfaceColors(("#8a3b04", "#dd8f45", "#ece8de", "#7fb2d6", "#0b4f80"), "#37424a", "#f8e0c8", 0.76)
DARK_CHANGE = SurfaceColors(("#ffb066", "#a1602a", "#2b3338", "#40759c", "#9fd3f7"), "#d6c9bb", "#4a2c12", 0.76)
"""What a change does: orange where there is less than before, blue where there is more, the stronger the farther from
the map's own lightness; nearly the map's color where nothing changes."""


def change_colors(dark: bool) -> SurfaceColors:
    """Return the colors of a difference of two surfaces on a light or a dark map."""
    return DARK_CHANGE if dark else LIGHT_CHANGE


def surface_colors(dark: bool) -> SurfaceColors:
    """Return the colors of a surface on a light or a dark map."""
    return DARK_SURFACE if dark else LIGHT_SURFACE


def sign(dimension: str, category: str = "") -> Markup:
    """Return the map's sign for a page, drawn by its stylesheet; the words beside it say the same."""
    return html(
        '<span class="rr-sign rr-{dimension}" aria-hidden="true">{mark}</span>',
        dimension=dimension,
        mark=MARKS.get(category, ""),
    )


def area_steps(count: int) -> list[float]:
    """Return the fill opacity of each nested area, outermost first; they add up where they overlap."""
    return [0.10 + 0.05 * step for step in range(count)]
