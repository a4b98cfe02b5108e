"""The tutorial of the library runs from its first line to its last, as a reader would run it."""

import importlib.util
import re
from pathlib import Path

import geopandas as gpd
import matplotlib as mpl
import pandas as pd
import pytest

import geo

DOCUMENT = Path(__file__).parents[1] / "docs" / "library.md"
BLOCKS = re.findall(r"^```python\n(.*?)^```$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def test_the_tutorial_runs(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("RECOVERY_REACH_HOME", str(home))
    monkeypatch.setattr("sources.region.build_demo", lambda: None)  # the fixture has built it
    mpl.use("agg")
    names: dict[str, object] = {"__name__": "tutorial"}
    for number, block in enumerate(BLOCKS):
        if ".explore(" in block and importlib.util.find_spec("mapclassify") is None:
            continue  # the test below says so
        exec(compile(block, f"block {number + 1} of {DOCUMENT.name}", "exec"), names)  # noqa: S102  our own page
    said = capsys.readouterr().out
    assert "Latitude and longitude are swapped in row 1 of the origins" in said
    assert "Everything fits: True" in said
    areas, shapes, score = names["areas"], names["shapes"], names["score"]
    assert isinstance(areas, gpd.GeoDataFrame)
    assert isinstance(shapes, gpd.GeoDataFrame)
    assert areas["minutes"].tolist() == [10, 20, 30]
    assert len(shapes) == 60
    assert shapes["total"].dropna().between(0, 100).all()
    assert (shapes["status"] == "scored").sum() > 50
    assert 0 < score.total < 100  # type: ignore[attr-defined]
    assert not names["per_person"].empty  # type: ignore[attr-defined]


def test_points_are_mapped() -> None:
    pytest.importorskip("mapclassify", reason="GeoDataFrame.explore needs mapclassify, of the extras notebook and test")
    table = pd.DataFrame({"id": ["Yarrow"], "lon": [-113.4], "lat": [40.3], "total": [63.0]})
    page = geo.as_points(table).explore("total", tiles=None, vmin=0, vmax=100).get_root().render()
    assert "Yarrow" in page
