"""What numbers mean is said in words that a reader of grade 7 takes in; what each page is for, in three sentences."""

import pytest
import textstat
from streamlit.testing.v1 import AppTest

from geo.plurals import Plural
from screens.catalogue import meanings
from screens.shared.guide import SENTENCES

GRADE = 7.0
SENTENCES_AND_MORE = {key: text for key, text in meanings.WORDS.items() if len(str(text)) > 60}


def test_there_are_meanings_to_look_at() -> None:
    assert len(SENTENCES_AND_MORE) > 20
    assert not any(isinstance(text, Plural) for text in meanings.WORDS.values())


@pytest.mark.parametrize("key", SENTENCES_AND_MORE)
def test_a_meaning_is_in_words_of_grade_seven(key: str) -> None:
    """By Flesch and Kincaid (1975): years of school, from words a sentence and syllables a word."""
    assert textstat.flesch_kincaid_grade(str(SENTENCES_AND_MORE[key])) <= GRADE


def test_hard_words_would_be_noticed() -> None:
    assert (
        textstat.flesch_kincaid_grade("Population-weighted accessibility quantifies reachable opportunities.") > GRADE
    )


def test_every_guide_has_its_sentences_and_every_number_its_name() -> None:
    keys = set(meanings.WORDS)
    pages = {key.split("_")[1] for key in keys if key.startswith("guide_") and key != "guide_done"}
    assert pages == {"participant", "case", "funder"}
    assert len([key for key in keys if key.startswith("guide_") and key[-1].isdigit()]) == SENTENCES * len(pages)
    named = {key.removeprefix("means_name_") for key in keys if key.startswith("means_name_")}
    assert named == {
        key.removeprefix("means_") for key in keys if key.startswith("means_") and not key.startswith("means_name_")
    }


def test_a_guide_goes_when_it_is_known() -> None:
    def page() -> None:
        from screens.shared.guide import guide
        from screens.shared.words import Say

        guide("funder", Say("en"))

    app = AppTest.from_function(page).run()
    assert [button.label for button in app.button] == ["Got it"]
    app.button[0].click().run()
    assert not app.button
    assert not app.exception
