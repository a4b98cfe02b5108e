"""Pictures of evenness: a title of any length stays on the picture, and any groups have their bars."""

import io

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from layers.equity_pictures import Bars, Curve, bars_picture, curves_picture

POINTS = pd.DataFrame({"people": [0.0, 0.5, 1.0], "access": [0.0, 0.2, 1.0]})


def pixels(png: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(png)) as image:
        return np.asarray(image.convert("L"))


@pytest.mark.parametrize("letters", [10, 47, 70])
def test_a_title_ends_on_the_picture(letters: int) -> None:
    one = Curve("M" * 4 + "a" * letters, "people", "access", POINTS)
    drawn = pixels(curves_picture([one, one], "all the same $x_1"))
    assert (drawn[:, -6:] == 255).all()  # nothing runs over the right edge


def test_bars_of_any_percents_are_as_long_as_each_other() -> None:
    kinds = [Bars("Income", [("Lowest", [41.0, 31, 24, 5, 0]), ("Highest", [0.0, 0, 0, 0, 100])])]
    drawn = pixels(bars_picture(kinds, ["a", "b", "c", "d", "e"]))
    assert drawn.shape[1] == round(7.3 * 180)
    assert drawn.min() < 80
    assert pixels(bars_picture([Bars("None", [("x", [0.0] * 5)])], list("abcde"))).size
