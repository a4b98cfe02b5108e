"""An answer's sentences, from effects that are held against each other by hand."""

import numpy as np
import pandas as pd
import pytest

from commands.effect_text import effect_document, people_lines
from geo.scenarios.effects import Effect, effect_of
from geo.score.parameters import load_parameters
from geo.score.surface import class_columns
from geo.tables import DIMENSIONS, ZONES, conform
from screens.funder import scenario_pieces, scenario_text
from screens.shared.words import Say


@pytest.fixture
def effect() -> Effect:
    """Return the effect on the total of two areas whose data has pharmacies and nothing else, as real regions may."""
    parameters = load_parameters()
    names = ("total", *DIMENSIONS, *class_columns(parameters))
    before = pd.DataFrame({"id": ["a", "b"], "lon": [0.0, 0.1], "lat": [0.0, 0.0]}).assign(
        **dict.fromkeys(names, np.nan)
    )
    before = before.assign(health=[40.0, 50.0], class_pharmacy=[40.0, 50.0])
    after = before.assign(health=[20.0, 50.0], class_pharmacy=[20.0, 50.0])
    zones = conform(pd.DataFrame({"zone_id": ["a", "b"], "population": [100.0, 200.0]}), ZONES)
    return effect_of(before, after, zones, pd.Series(["A", "B"]), parameters)


@pytest.mark.parametrize("language", ["en", "es"])
def test_where_nobody_has_a_number_nobody_is_said_to_keep_it(effect: Effect, language: str) -> None:
    say = Say(language)
    assert scenario_text.headline(effect, 30, say) == say("if_no_number")
    first, second = scenario_text.effect_sentences(effect, say("gap_total"), "", say)
    assert first == say(
        "if_no_number_others", measure=say("gap_total"), names=say.habits.listed([say("health"), say("class_pharmacy")])
    )
    assert second == say("if_unscored", people="300")
    areas = str(scenario_pieces.areas_table(effect, "place", say))
    assert say("if_no_number") in areas.replace("&#39;", "'")
    assert say("if_none_changed") not in areas
    assert "0" not in areas


def test_a_command_says_so_too_and_what_to_ask_about(effect: Effect) -> None:
    lines = people_lines(effect_document(effect), "total")
    assert lines[0] == (
        "nobody has a number of total before and after, so who gains or loses by it isn't known; ask about another "
        "with --measure: health, pharmacy"
    )
    assert not any(line.startswith("0 residents gain") for line in lines)
