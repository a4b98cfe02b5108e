"""A third language is a PO file and nothing else, whichever direction it is written in."""

import datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geo.clock import Moment
from screens.shared import catalogs, frame
from screens.shared.catalogs import WORDS, languages, locale_of
from screens.shared.words import Say
from tests.pseudo_language import widened, write_language

ROOT = Path(__file__).parents[2]


@pytest.fixture
def third(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Add Vietnamese and Arabic, in pseudo-letters, to the languages."""
    for language in ("vi", "ar"):
        write_language(tmp_path, language)
    monkeypatch.setattr(catalogs, "FOLDER", tmp_path)


@pytest.mark.usefixtures("third")
def test_a_file_makes_a_language() -> None:
    assert languages() == {"en": "English", "ar": "العربية", "vi": "Tiếng Việt"}
    assert (str(locale_of("vi")), str(locale_of("ar"))) == ("vi", "ar")
    for language in ("vi", "ar"):
        say = Say(language)
        plain = {key: text for key, text in WORDS.items() if isinstance(text, str) and "{" not in text}
        assert all(say(key) == widened(text) for key, text in plain.items())
        assert say("told_meetings", count=3) == widened("{count} meetings a week").format(count=3)
    assert Say("vi").habits.date(datetime.date(2024, 11, 28)) == "Thứ Năm, 28 tháng 11"


@pytest.mark.usefixtures("third")
def test_arabic_has_six_plural_forms_and_runs_from_right_to_left() -> None:
    assert catalogs.read(catalogs.FOLDER / "ar.po").num_plurals == 6
    assert [frame.direction(Say(language)) for language in languages()] == ["ltr", "rtl", "ltr"]


@pytest.mark.usefixtures("third")
@pytest.mark.parametrize("language", ["vi", "ar"])
def test_the_app_opens_in_it(language: str, demo_region: str) -> None:
    page = AppTest.from_file(str(ROOT / "screens" / "main.py"), default_timeout=60)
    page.query_params["language"] = language
    page.run()
    assert not page.exception
    shown = "".join(str(element.proto.body) for element in page.get("html"))
    assert widened(WORDS["start_here"])[:20] in shown
    assert f'lang="{language}" dir="{frame.direction(Say(language))}"' in shown


def test_the_switch_for_clock_and_kilometers_is_kept_in_the_address(demo_region: str) -> None:
    page = AppTest.from_file(str(ROOT / "screens" / "main.py"), default_timeout=60)
    page.query_params["habits"] = "24h"
    page.run()
    switch = next(one for one in page.get("button_group") if one.key == "habits")
    assert switch.value == ["24h"]
    switch.set_value(["24h", "km"]).run()
    assert page.query_params["habits"] == "24h km"
    switch.set_value([]).run()
    assert "habits" not in page.query_params


def test_times_and_distances_follow_the_switch() -> None:
    usual, other = Say("es"), Say("es", twenty_four_hours=True, metric=True)
    assert (usual.habits.clock(1140), other.habits.clock(1140)) == ("7:00 p.m.", "19:00")
    assert (usual.habits.distance(2000), other.habits.distance(2000)) == ("1.2 millas", "2 kilómetros")
    assert usual.moment(Moment(1560, 2)) == "2:00 a.m. (madrugada del jueves)"


def test_one_o_clock_is_singular_in_spanish() -> None:
    usual, other = Say("es"), Say("es", twenty_four_hours=True)

    def home(say: Say, minute: int) -> str:
        return say("near_home", time=say.habits.clock(minute))

    assert [home(usual, minute) for minute in (785, 65, 665, 845)] == [
        "En casa a la 1:05 p.m.", "En casa a la 1:05 a.m.", "En casa a las 11:05 a.m.", "En casa a las 2:05 p.m.",
    ]  # fmt: skip
    assert [home(other, minute) for minute in (65, 785)] == ["En casa a la 01:05", "En casa a las 13:05"]
    assert usual("near_next_transit", time=usual.moment(Moment(1500, 2))).startswith("No hay autobús a casa hasta la 1")
