"""Which minutes of which day a class is asked about, by hand."""

from dataclasses import replace

import pytest

from geo.needs.needs import Needs, Shift
from geo.score.home_times import Window, windows
from geo.score.parameters import load_parameters
from geo.score.service_week import week_of
from tests.geo.main_street import ALL_DAY, WEDNESDAY

PARAMETERS = load_parameters()
RULES = {rule.name: rule for rule in PARAMETERS.classes}


@pytest.fixture(scope="module")
def week(region):
    return week_of(region(trips=ALL_DAY), Needs(), WEDNESDAY)


def test_a_class_of_any_day_is_averaged_over_the_week_and_one_of_weekdays_over_one(week):
    day = replace(RULES["pharmacy"], days="weekday", start=480, end=600, being="leaving")
    assert windows(day, Needs(), week, PARAMETERS) == [Window(week.reference, 480, 600, 1.0, arriving=False)]
    (work, saturday, sunday) = windows(replace(day, days="any", being="arriving"), Needs(), week, PARAMETERS)
    assert work == Window(week.reference, 480, 600, pytest.approx(5 / 7), arriving=True)
    assert (saturday.weekday, sunday.weekday) == (5, 6)
    assert saturday.share == sunday.share == pytest.approx(1 / 7)


def test_jobs_are_asked_about_at_the_very_minute_of_each_shift(week):
    needs = Needs(shifts=(Shift(2, 540, 1020), Shift(6, 60, 500)))
    assert windows(RULES["jobs"], needs, week, PARAMETERS) == [
        Window(2, 540, 541, 0.5, arriving=True),
        Window(5, 1500, 1501, 0.5, arriving=True),  # in the small hours of Sunday: the evening before's buses
    ]
    assert windows(RULES["pharmacy"], needs, week, PARAMETERS) == windows(RULES["pharmacy"], Needs(), week, PARAMETERS)
