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
    """How a surface looks: five steps of one hue, the ink of dots and hatching, what lies under dots, opacity."""

    steps: tuple[str, ...]
    ink: str
    under: str
    opacity: float


LIGHT_SURFACE = SurfaceColors(("#e4dcf3", "#c0addf", "#9679c4", "#6d4aa3", "#43246f"), "#37424a", "#f4f1fa", 0.68)
DARK_SURFACE = SurfaceColors(("#3a2f55", "#5a4784", "#8069b3", "#aa96da", "#e0d4fa"), "#c4ced3", "#2a2438", 0.68)


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
