"""Needs: kept as typed, and never in a state that can't be read."""

import pytest

from geo.errors import EditConflictError, NeedsError
from geo.needs.needs import Needs, SavedPlace, needs_from
from people import person_needs as p

NEEDS = needs_from(
    {
        "profile": "bicycle", "medications": ["methadone"], "dose_days": ["monday"],
        "shifts": [{"days": ["friday"], "start": "22:00", "end": "06:00", "overnight": True}],
        "saved_places": [{"name": "court", "lat": 39.0, "lon": -84.0}],
        "stay_away": [{"polygon": [[39.0, -84.0], [39.01, -84.0], [39.0, -84.01]]}],
        "curfew": "22:00",
    }
)  # fmt: skip


def test_needs_come_back_as_they_were_saved(vault, person):
    assert p.read_needs_of(vault, person) == (Needs(), 0)
    p.save_needs(vault, person, NEEDS, seen=0)
    assert p.read_needs_of(vault, person) == (NEEDS, 1)


def test_needs_that_were_all_taken_back_are_saved_too(vault, person):
    p.save_needs(vault, person, NEEDS)
    assert p.save_needs(vault, person, Needs(), seen=1) == 2
    assert p.read_needs_of(vault, person) == (Needs(), 2)


def test_a_colleague_s_needs_in_between_are_not_overwritten(vault, person):
    mine = p.save_needs(vault, person, NEEDS)
    theirs = p.save_needs(vault, person, Needs(age=40), seen=mine)
    with pytest.raises(EditConflictError):
        p.save_needs(vault, person, NEEDS, seen=mine)
    assert p.read_needs_of(vault, person) == (Needs(age=40), theirs)


def test_needs_that_contradict_themselves_are_refused_before_they_are_saved(vault, person):
    p.save_needs(vault, person, NEEDS)
    with pytest.raises(NeedsError):
        p.save_needs(vault, person, Needs(saved_places=(SavedPlace("nowhere", 99.0, -84.0),)))
    assert p.read_needs_of(vault, person)[0] == NEEDS
