"""A journey on the map: a pattern a leg, words at its start, and nothing of a feed that could run."""

import json
from dataclasses import replace
from pathlib import Path

import folium
import pytest

from geo.travel.journeys import Journey, Leg
from layers.escaping import escaped
from layers.folium_offline import Map
from layers.journey import journey_layers
from screens.shared import journey_text
from screens.shared.words import Say

HOME, STOP, HALL = (-84.5, 39.0), (-84.49, 39.01), (-84.48, 39.02)


def trip(text: str = "Elm Street") -> Journey:
    walk = Leg("walk", "home", text, 63_720, 63_960, (HOME, (-84.495, 39.0), STOP))
    ride = Leg("transit", text, "Union", 64_020, 65_100, (STOP, HALL), "bus", "25", text, 6)
    off = Leg("walk", "Union", "the hall", 65_100, 65_101, (HALL, HALL))
    return Journey(63_600, 65_101, (walk, ride, off))


def test_legs_keep_their_lines_and_modes() -> None:
    casing, legs, called = (
        layer.data["features"] for layer in journey_layers(trip(), ["17:42", "Bus 25", ""], "there")
    )
    assert [f["properties"]["mode"] for f in legs] == ["walk", "transit", "walk"]
    assert [f["geometry"]["coordinates"][0] for f in legs] == [list(HOME), list(STOP), list(HALL)]
    assert legs == casing
    assert [f["properties"]["label"] for f in called] == ["17&#58;42", "Bus 25", "there"]
    assert [f["geometry"]["coordinates"] for f in called] == [list(HOME), list(STOP), list(HALL)]


def test_a_journey_that_stays_where_it_is_draws_nothing() -> None:
    nowhere = Journey(3600, 3600, ())
    assert journey_layers(nowhere, [], "here") == []
    assert journey_text.labels(nowhere, Say("en")) == ([], "1:00 AM")
    assert journey_text.sentences(nowhere, Say("en")) == ["You are there already."]


def test_in_words_in_both_languages() -> None:
    assert journey_text.sentences(trip(), Say("en")) == [
        "5:42 PM Walk 4 min to Elm Street.",
        "5:47 PM Bus 25 toward Elm Street: 6 stops to Union, there at 6:05 PM.",
        "6:05 PM Walk 1 min to the hall.",
        "6:06 PM You are there.",
    ]
    assert journey_text.sentences(trip(), Say("es"))[1] == (
        "5:47 p.m. Autobús 25 hacia Elm Street: 6 paradas hasta Union, llegada a las 6:05 p.m."
    )
    seated = replace(trip(), legs=(trip().legs[0], replace(trip().legs[1], seated=True), *trip().legs[2:]))
    assert journey_text.sentences(seated, Say("en"))[1].startswith(
        "5:47 PM Stay on board, now Bus 25 toward Elm Street"
    )
    assert journey_text.sentences(seated, Say("es"))[1].startswith("5:47 p.m. Quédese a bordo, ahora Autobús 25")
    assert journey_text.labels(trip(), Say("en")) == (["5:42 PM", "5:47 PM Bus 25", ""], "6:06 PM")


def test_past_midnight_is_said() -> None:
    assert journey_text.second_text(86_399, Say("en")) == "11:59 PM"
    assert journey_text.second_text(86_399, Say("en"), up=True) == "12:00 AM (after midnight)"
    late = Journey(86_000, 91_000, (Leg("walk", "a", "b", 86_100, 86_400, (HOME, STOP)),) * 2)
    lines = journey_text.sentences(replace(late, legs=(late.legs[0], replace(late.legs[1], start=86_400))), Say("en"))
    assert lines == [
        "11:55 PM Walk 5 min to b.",
        "12:00 AM (after midnight) Walk 1 min to b.",
        "1:17 AM You are there.",
    ]


@pytest.mark.shared
def test_text_of_a_feed_never_runs(shared: Path) -> None:
    from streamlit_folium import _get_feature_group_string

    for attack in json.loads((shared / "badinputs/synthetic-attacks/html_jinja_markdown.json").read_text()):
        journey = trip(attack)
        chart = Map(location=[39, -84.5])
        group = folium.FeatureGroup()
        for layer in journey_layers(journey, [attack, attack, ""], attack):
            layer.add_to(group)
        page = _get_feature_group_string(group, chart)
        assert str(escaped(attack)).replace("&", r"\u0026").replace("\ufffd", r"\ufffd") in page
        for mark in ("<img", "${", "{{", "{%", "alert(1)</", "\x00", "\u202e"):
            assert mark not in page
        words = str(journey_text.steps(journey, Say("en")))
        assert words.count("<") == words.count("<li>") + words.count("</li>") + 2


def test_a_leg_that_enters_an_area_to_stay_away_from_says_so() -> None:
    walk, ride, last = trip().legs
    through = replace(trip(), legs=(walk, replace(ride, enters="passes"), replace(last, enters="passes")))
    told = journey_text.sentences(through, Say("en"))
    assert told[1].endswith("This ride passes through an area to stay away from.")
    assert told[2].endswith("This way goes through an area to stay away from.")
    stops = replace(trip(), legs=(walk, replace(ride, enters="stops"), last))
    assert "stops in an area" in journey_text.sentences(stops, Say("en"))[1]


def test_a_quicker_way_stands_below_an_easier_one() -> None:
    easier = replace(trip(), quicker=replace(trip(), arrival=trip().arrival - 6 * 60))
    shown = journey_text.steps(easier, Say("en"))
    assert shown.count("<ol") == 2
    assert "Another saves 6 min" in shown
    assert journey_text.steps(trip(), Say("en")).count("<ol") == 1
