"""Text of strangers is shown as text: in HTML, in what folium compiles a second time, and in links."""

import html as standard
import json
from pathlib import Path

import folium
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.escaping import escaped, features, html, link, plain, points, telephone
from layers.folium_offline import Map
from layers.resource_marks import SHOWN, resource_layers

HARMLESS = set(" ,.()-&#;")


def places(texts: list[str]) -> pd.DataFrame:
    table = pd.DataFrame({column: texts for column in SHOWN if column not in {"dimension", "category", "faint"}})
    return table.assign(dimension="health", category="pharmacy", faint=False, lon=-84.5, lat=39.0)


@given(st.text())
def test_what_is_shown_is_what_was_given(text: str) -> None:
    assert standard.unescape(str(escaped(text))) == plain(text)


@given(st.text())
def test_nothing_that_means_something_is_left(text: str) -> None:
    left = {c for c in str(escaped(text)) if not c.isalnum() and c not in HARMLESS}
    assert not {c for c in left if c.isascii()}
    assert not set(str(escaped(text))) & {"\x00", "\u202e", "\u2066", "\n"}


def test_missing_values_are_empty_and_numbers_stay_numbers() -> None:
    table = pd.DataFrame({"name": pd.array(["<b>", pd.NA], dtype="string"), "minutes": [4.5, float("nan")]})
    rows = features(points([1, 2], [3, 4]), table)["features"]
    assert [f["properties"]["minutes"] for f in rows] == [4.5, None]
    assert [f["properties"]["name"] for f in rows] == ["&#60;b&#62;", None]
    assert rows[0]["geometry"] == {"type": "Point", "coordinates": [1.0, 3.0]}


def test_values_put_into_our_markup_are_escaped_once() -> None:
    inner = html("<b>{name}</b>", name="a & b")
    assert str(html("<p>{inner}</p>", inner=inner)) == "<p><b>a &#38; b</b></p>"


def test_attacks_pass_folium_and_streamlit_folium_as_text(shared: Path) -> None:
    from streamlit_folium import _get_feature_group_string

    attacks = json.loads((shared / "badinputs/synthetic-attacks/html_jinja_markdown.json").read_text())
    chart = Map(location=[39, -84.5], tiles=None)
    group = folium.FeatureGroup()
    for layer in resource_layers(places(attacks)):
        layer.add_to(group)
    script = _get_feature_group_string(group, chart)
    for attack in attacks:
        assert json.dumps(str(escaped(attack)), ensure_ascii=True).replace("&", r"\u0026") in script
    assert "49" not in script.replace("&#49", "")  # 7 × 7 was not computed
    for piece in ("<script", "onerror=", "${", "`", "{{", "{%", "\x00", "\u202e", "javascript:"):
        assert piece not in script


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org/a?b=1", "https://example.org/a?b=1"),
        ("javascript:alert(1)", None),
        (" JaVaScRiPt:alert(1)", None),
        ("data:text/html,x", None),
        ("//example.org", None),
        ("http://", None),
        ("http://[", None),
        (None, None),
    ],
)
def test_only_web_addresses_are_followed(url: str | None, expected: str | None) -> None:
    assert link(url) == expected


def test_telephone_numbers() -> None:
    assert telephone("(859) 555-0100 ext. 12") == "8595550100"
    assert telephone("call us") is None
    for several in ("555-0100 or 555-0101", "555-0100, 555-0101", "555-0100 / 555-0101", "555-0100; office 555-0101"):
        assert telephone(several) == "5550100"
    assert telephone("859/555-0100") == "8595550100"
