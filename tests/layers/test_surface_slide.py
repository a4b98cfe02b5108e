"""The slide: its size, what its file tells of itself, and that nothing of it lies outside."""

import io

import numpy as np
import pandas as pd
from PIL import Image

from layers.basemap import build_basemap
from layers.legend import LIGHT_SURFACE, SHADES
from layers.surface import cell_shapes
from layers.surface_slide import PIXELS, Slide, slide
from sources.region import open_region
from tests.layers.test_surface import NO_OUTLINES, lattice

WORDS = Slide(
    title="Where support is missing: a county with quite a long name, as some of them have, and longer than that",
    subtitle="The whole score, without a car",
    figure="48%",
    caption="of people live where little is in reach",
    legend="In reach, of 100",
    steps=["0 to 20", "20 to 40", "40 to 60", "60 to 80", "80 to 100"],
    none_in_reach="None in reach",
    no_number="Not scored",
    areas="Where most people are left out",
    listed=[("1", "Quay", "9,999 people", "Jobs"), ("3", "$x_1^2$", "No formula is read from a name", "")],
    foot="Sources: " + "a list, " * 200,
)
ABOUT = [("Region (SHA-256)", "0123abcd"), ("Source", "OpenStreetMap: ODbL")]


def test_a_slide_is_sixteen_by_nine_and_carries_its_digests_and_title(demo_region: str) -> None:
    region = open_region(demo_region)
    cells = lattice(12, 8).assign(
        lon=lambda table: table["lon"] + region.facts.bounds.west + 84.5 + 0.1,
        lat=lambda table: table["lat"] + region.facts.bounds.south - 39 + 0.1,
    )
    shapes = cell_shapes(cells, NO_OUTLINES)
    numbered = pd.DataFrame({"lon": cells["lon"].head(2), "lat": cells["lat"].head(2), "label": ["1", "2"]})
    land = build_basemap(region.network.streets, region.basemap)
    picture = Image.open(io.BytesIO(slide(land, shapes, np.zeros(len(cells), dtype=int), WORDS, numbered, ABOUT)))
    assert picture.size == PIXELS
    assert picture.info["Title"] == WORDS.title
    assert "Region (SHA-256): 0123abcd" in picture.info["Description"]
    pixels = np.asarray(picture.convert("RGB"))
    assert (pixels[:, -8:] == 255).all()  # no line is longer than the slide
    darkest = [int(LIGHT_SURFACE.steps[0][k : k + 2], 16) for k in (1, 3, 5)]
    assert len(LIGHT_SURFACE.steps) == SHADES
    assert (pixels == darkest).all(axis=2).any()
