"""What houses say of life in them: yes and no, their own words, how long one may stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.needs.fields import HOUSE_FACTS
from sources.cleaning.house_words import house_facts
from sources.cleaning.report import Notes

FACTS = (*HOUSE_FACTS, "work_required")


def read(**cells):
    notes = Notes("test")
    return house_facts(cells.get, notes), notes


@pytest.mark.parametrize(
    ("words", "days"),
    [("90", 90), ("90 days", 90), ("6 months", 182), ("12 months", 365), ("One year", 365), ("up to 2 years", 730),
     ("3 wks max", 21), ("no limit", 0), ("None", 0), ("Open-ended", 0), ("", None), ("6-12 months", None),
     ("as long as needed, within reason", None)],
)  # fmt: skip
def test_how_long_one_may_stay(words, days):
    assert read(stay_limit=words)[0]["stay_limit_days"] == days


@pytest.mark.parametrize(
    ("name", "words", "so"),
    [("peer_run", "yes", True), ("peer_run", "Resident-run", True), ("peer_run", "staff", False),
     ("peer_run", "Threshold Homes", None), ("shared_meals", "Sunday dinner", True), ("shared_meals", "none", False),
     ("work_required", "20 hours a week", True), ("work_required", "No", False), ("activities", "", None),
     ("work_required", "not required", False), ("work_required", "Not required.", False),
     ("work_required", "optional", False), ("work_required", "Work or school", True),
     ("work_required", "30 hrs, full-time", True), ("work_required", "Encouraged", None),
     ("work_required", "work with case manager", None), ("work_required", "no work required", False),
     ("shared_meals", "no shared meals", False), ("shared_meals", "No - residents cook for themselves", False),
     ("shared_meals", "no meals on Sundays", None), ("shared_meals", "optional", None), ("shared_meals", "TBD", None),
     ("shared_meals", "unknown", None), ("shared_meals", "Unknown - call", None), ("shared_meals", "?", None),
     ("shared_meals", "n/a", None), ("shared_meals", "not only on Sundays", None), ("shared_meals", "Sí", True),
     ("shared_meals", "Yes (Sundays)", True), ("shared_meals", "yes, if you help", None),
     ("house_meetings", "Weekly", True), ("house_meetings", "Mondays 7 pm", True),
     ("house_meetings", "mandatory", True),
     ("house_meetings", "No phones", None), ("house_meetings", "not held", False), ("house_meetings", "never", False),
     ("activities", "yoga, hiking and movie nights", True), ("activities", "see website", None),
     ("activities", "none at this time", False), ("activities", "Ask manager", None),
     ("peer_run", "not peer-run", False), ("peer_run", "TBD", None), ("peer_run", "unknown", None)],
)  # fmt: skip
def test_what_is_true_of_a_house(name, words, so):
    assert read(**{name: words})[0][name] is so


def test_what_cant_be_read_is_noted():
    for column in (*FACTS, "stay_limit"):
        assert [entry[2] for entry in read(**{column: "ask Example Ana"})[1].entries] == ["unclear_value"]


@given(st.fixed_dictionaries(dict.fromkeys((*FACTS, "stay_limit"), st.none() | st.text(max_size=30))))
def test_any_text_is_read_or_left_empty(cells):
    facts, _ = read(**cells)
    assert all(facts[name] in (True, False, None) for name in FACTS)
    assert facts["stay_limit_days"] is None or facts["stay_limit_days"] >= 0
