"""A curfew by weekday with exceptions: read, written, made stricter by a house; and what it forbids, by hand."""

import math
import tomllib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.clock import DAY, DAYS
from geo.errors import NeedsError
from geo.needs.candidate_homes import house_curfew
from geo.needs.conflicts import conflicts, house_conflicts
from geo.needs.curfew import NEVER, Curfew, every_evening, limits_for
from geo.needs.needs import Appointment, Needs, SavedPlace, Shift, needs_from
from geo.needs.schedule import curfew_limits, curfew_limits_for
from geo.needs.toml_writer import needs_document, needs_toml

COURT = SavedPlace("court", 39.1, -84.5)
NIGHT = (Shift(0, 22 * 60, 30 * 60), Shift(1, 22 * 60, 30 * 60))
"""22:00 to 06:00 on Monday and Tuesday."""
CURFEWS = st.builds(
    Curfew,
    st.tuples(*[st.none() | st.integers(240, DAY + 239)] * 7).filter(lambda minutes: minutes != NEVER),
    st.booleans(),
    st.lists(st.sampled_from(["work", "treatment", "court"]), unique=True).map(tuple),
)


def read(value, **more):
    return needs_from({"saved_places": [{"name": "court", "lat": 39.1, "lon": -84.5}], "curfew": value, **more}).curfew


def test_a_time_alone_is_every_evening_and_the_small_hours_are_late():
    assert read("22:00") == every_evening(22 * 60) == Curfew((1320,) * 7)
    assert read("00:30") == Curfew((1470,) * 7)
    assert read("24:00") == read("00:00") == Curfew((1440,) * 7)
    assert read(dict.fromkeys(DAYS, "22:00")) == read({"every_day": "22:00"}) == read("22:00")


def test_a_table_says_evenings_days_off_and_exceptions():
    table = {"every_day": "22:00", "friday": "00:30", "sunday": "none", "days_off": True, "except": ["work", "court"]}
    assert read(table) == Curfew((1320, 1320, 1320, 1320, 1470, 1320, None), True, ("work", "court"))
    assert read({"saturday": "23:00"}) == Curfew((*[None] * 5, 1380, None))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (22, "curfew must be a clock time like 22:30 or 10:30 pm, not 22"),
        ({"fridays": "22:00"}, "curfew has the unknown key 'fridays'; known keys are every_day, monday"),
        ({"friday": "late"}, "curfew: friday must be a clock time"),
        ({"every_day": "25:00"}, "curfew: every_day must be a clock time"),
        ({}, "curfew says no time; give every_day"),
        ({"every_day": "none"}, "curfew says no time"),
        ({"every_day": "22:00", "days_off": 1}, "curfew: days_off must be true or false, not 1"),
        ({"every_day": "22:00", "except": "work"}, "curfew: except must be a list, not 'work'"),
        ({"every_day": "22:00", "except": ["gym"]}, "names of saved places and appointments, not 'gym'"),
    ],
)
def test_what_cant_be_a_curfew_is_refused_in_a_sentence(value, words):
    with pytest.raises(NeedsError, match=words) as caught:
        read(value)
    assert str(caught.value).endswith(".")


def test_an_appointment_may_be_excused_by_its_name():
    visit = {"day": "monday", "start": "20:00", "end": "21:00", "name": "class", "lat": 39.1, "lon": -84.5}
    assert read({"every_day": "20:30", "except": ["class"]}, appointments=[visit]).excused == ("class",)


@given(CURFEWS)
def test_a_curfew_written_to_a_file_is_read_back(curfew):
    needs = Needs(curfew=curfew, saved_places=(COURT,))
    assert needs_from(tomllib.loads(needs_toml(needs))) == needs


def test_a_plain_curfew_is_written_as_its_time():
    assert needs_document(Needs(curfew=every_evening(30))) == {"curfew": "00:30"}
    assert needs_document(Needs(curfew=Curfew((1320, *[None] * 6)))) == {"curfew": {"monday": "22:00"}}


def test_on_days_off_it_doesnt_hold_on_the_evening_of_a_shift():
    needs = Needs(curfew=replace(every_evening(1320), days_off=True), shifts=(Shift(2, 540, 1020), Shift(5, 30, 300)))
    free = {day for day, limit in enumerate(curfew_limits(needs)) if limit == math.inf}
    assert free == {2, 4}  # the shift of Saturday at 00:30 is Friday's


def test_work_and_treatment_are_excused_by_kind_and_appointments_by_name():
    needs = Needs(curfew=replace(every_evening(1320), excused=("work", "court")))
    held, free = (1320.0,) * 7, (math.inf,) * 7
    assert curfew_limits_for(needs, "work", "work") == curfew_limits_for(needs, "appointment", "court") == free
    assert curfew_limits_for(needs, "dose", "clinic") == curfew_limits_for(needs, "meeting", "court") == held
    assert curfew_limits_for(needs, "appointment", "class") == held


@given(CURFEWS, st.sampled_from(["work", "treatment", "court"]), st.frozensets(st.integers(0, 6)))
def test_an_exception_never_makes_an_evening_shorter(curfew, word, work_days):
    own = limits_for(curfew, word, work_days)
    more = limits_for(replace(curfew, excused=(*curfew.excused, word)), word, work_days)
    assert all(later >= earlier for earlier, later in zip(own, more, strict=True))


@given(CURFEWS, st.integers(0, DAY).map(lambda minute: f"{minute // 60:02d}:{minute % 60:02d}"))
def test_in_a_house_both_curfews_hold_and_the_house_decides_on_exceptions(curfew, stated):
    alone, house = Needs(curfew=curfew, shifts=NIGHT), every_evening(needs_from({"curfew": stated}).curfew.minutes[0])
    bound = replace(alone, curfew=house_curfew(alone, stated))
    by_evening = zip(curfew_limits(alone), house.minutes, curfew_limits(bound), strict=True)
    assert all(both == min(own, at) for own, at, both in by_evening)
    if "work" in curfew.excused:
        assert curfew_limits_for(bound, "work", "") == tuple(map(float, house.minutes))
    else:
        assert curfew_limits_for(bound, "work", "") == curfew_limits(bound)


def facts_of(conflicting):
    return [(one.kind, one.name, one.days, one.start, one.end, one.limit, one.later) for one in conflicting]


def test_night_shifts_lie_within_a_curfew_until_they_are_excused():
    needs = Needs(curfew=every_evening(23 * 60), shifts=NIGHT)
    assert facts_of(conflicts(needs)) == [("work", "", (0, 1), 1320, 1800, 1380, None)]
    assert not conflicts(replace(needs, curfew=replace(needs.curfew, excused=("work",))))
    assert not conflicts(replace(needs, curfew=replace(needs.curfew, days_off=True)))
    assert not conflicts(replace(needs, curfew=Curfew((None, None, *[1380] * 5))))


def test_an_evening_s_conflict_names_the_curfew_that_would_do():
    visits = (Appointment(4, 21 * 60, 22 * 60 + 30, COURT), Appointment(3, 21 * 60, 22 * 60, COURT))
    needs = Needs(curfew=every_evening(22 * 60), appointments=visits)
    assert facts_of(conflicts(needs)) == [("appointment", "court", (4,), 1260, 1350, 1320, 1350)]
    late = Needs(curfew=every_evening(23 * 60), shifts=(Shift(5, 30, 120),))  # Saturday 00:30 is Friday's
    assert facts_of(conflicts(late)) == [("work", "", (4,), 1470, 1560, 1380, 1560)]


def test_a_dose_is_in_conflict_only_where_no_minute_of_its_hours_is_free():
    needs = Needs(medications=("methadone",), dose_window=(1200, 1290), curfew=every_evening(1200), dose_days=(0, 4))
    assert facts_of(conflicts(needs)) == [("dose", "", (0, 4), 1200, 1290, 1200, 1290)]
    assert not conflicts(replace(needs, curfew=every_evening(1230)))
    assert not conflicts(replace(needs, curfew=replace(needs.curfew, excused=("treatment",))))
    weekdays = replace(needs, dose_days=(), curfew=Curfew((1200, *[None] * 6)))
    assert not conflicts(weekdays)  # six doses on the other days
    assert facts_of(conflicts(replace(weekdays, doses_per_week=7)))[0][2] == (0,)
    morning = replace(needs, dose_window=(180, 600), curfew=every_evening(23 * 60))
    assert not conflicts(morning)  # from 04:00 on


def test_what_a_house_s_curfew_forbids_is_asked_of_the_house():
    needs = Needs(curfew=replace(every_evening(23 * 60), excused=("work",)), shifts=NIGHT)
    assert not house_conflicts(needs)
    bound = replace(needs, curfew=house_curfew(needs, "22:00"))
    assert facts_of(house_conflicts(bound)) == [("work", "", (0, 1), 1320, 1800, 1320, None)]
    without = replace(Needs(shifts=NIGHT), curfew=house_curfew(Needs(), "22:00"))
    assert facts_of(house_conflicts(without)) == facts_of(house_conflicts(bound))
    agreed = replace(bound, curfew=replace(bound.curfew, house_excused=("work",)))
    assert not house_conflicts(agreed)


def test_the_days_of_the_file_are_the_week_s():
    assert [read({day: "22:00"}).minutes.index(1320) for day in DAYS] == list(range(7))
