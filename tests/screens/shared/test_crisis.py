"""The crisis line is the region's country's own: none elsewhere, in both languages, on screens, paper and terminal."""

import re
from dataclasses import replace

import pytest

from screens.shared.crisis import crisis_in_words, crisis_link, crisis_ways, helpline
from screens.shared.words import Say
from sources.crisis_lines import crisis_lines
from sources.region import open_region
from sources.region.model import RegionFacts

SAY, ES = Say("en"), Say("es")


def test_every_line_has_a_number_and_a_page_that_says_so() -> None:
    for country, line in crisis_lines().items():
        assert re.fullmatch(r"[a-z]{2}", country)
        assert re.fullmatch(r"[\d ]{3,}", line.number)
        assert line.name
        assert line.source.startswith("https://")


@pytest.mark.parametrize(
    ("country", "english", "spanish", "number"),
    [
        (
            "us",
            "In crisis? Call or text 988",
            "¿En crisis? Llame al 988 y oprima el 2, o envíe AYUDA por texto al 988",
            "988",
        ),
        ("ca", "In crisis? Call or text 988", "¿En crisis? Llame o escriba al 988", "988"),
        ("gb", "In crisis? Call 116 123 (Samaritans)", "¿En crisis? Llame al 116 123 (Samaritans)", "116123"),
        ("fj", "", "", None),
        ("", "", "", None),
    ],
)
def test_the_line_of_a_country(country: str, english: str, spanish: str, number: str | None) -> None:
    assert (crisis_in_words(country, SAY), crisis_in_words(country, ES)) == (english, spanish)
    link = str(crisis_link(country, SAY))
    assert (f'href="tel:{number}"' in link) if number else not link
    assert "in the United States" in str(crisis_link(None, SAY))


def test_988_in_spanish_says_what_to_press_and_what_to_text() -> None:
    assert [way.address for way in crisis_ways("us", ES)] == [
        "tel:988",
        "sms:988?&body=AYUDA",
        crisis_lines()["us"].chat,
    ]
    assert "Llame al 988 y oprima el 2" in str(crisis_link("us", ES))
    assert [way.address for way in crisis_ways("us", SAY)][:2] == ["tel:988", "sms:988"]
    assert [way.address for way in crisis_ways("ca", ES)] == ["tel:988", "sms:988"]
    assert crisis_ways("", SAY) == []
    line = helpline("us", SAY)
    assert line is not None
    assert line.address == "tel:18006624357"
    assert helpline("gb", SAY) is None


@pytest.mark.parametrize(
    ("time_zone", "place", "country"),
    [
        ("America/New_York", None, "us"),
        ("Europe/London", {"country": "us"}, "gb"),
        ("UTC", {"country": "us"}, "us"),
        ("UTC", {"country": "elsewhere"}, ""),
        ("Pacific/Fiji", None, "fj"),
    ],
)
def test_the_country_of_a_region(demo_region: str, time_zone: str, place: dict[str, str] | None, country: str) -> None:
    facts: RegionFacts = open_region(demo_region).facts
    assert replace(facts, time_zone=time_zone, place=place).country == country
