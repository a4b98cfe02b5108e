"""The house notebook: the newest word on each thing stands, beside what is published."""

import pandas as pd
import pytest

from geo.errors import InputError
from geo.needs.candidate_homes import candidates
from geo.needs.needs import Needs
from geo.tables import DTYPES, RESOURCES
from people import notebook as n

CALL = {"resource_id": "x:1", "house": "Example House", "called_on": "2026-11-20"}


def houses(**values):
    row = {
        "resource_id": "x:1", "category": "recovery_residence", "lon": -84.5, "lat": 39.0,
        "location_precision": "street",
        "open_beds": 0, "weekly_rent_usd": 150.0, "accepts_moud": None, "verified_on": "2026-11-01",
        "retrieved_on": "2026-11-28", "curfew": None,
    }  # fmt: skip
    kinds = {column.name: DTYPES[column.kind] for column in RESOURCES.columns}
    table = pd.DataFrame([row | values])
    return table.reindex(columns=list(kinds)).astype(kinds)


def heard(vault, medications=(), **published):
    return n.with_notebook(houses(**published), n.latest_words(n.house_calls(vault)), medications).iloc[0]


def test_a_call_newer_than_the_list_counts_and_the_published_word_stays_beside_it(vault):
    n.add_call(vault, CALL | {"free_beds": 2, "weekly_rent_usd": 165})
    row = heard(vault)
    assert (row["open_beds"], row["published_open_beds"], row["open_beds_heard_on"]) == (2, 0, "2026-11-20")
    assert row["weekly_rent_usd"] == 165
    assert (row["verified_on"], row["published_verified_on"]) == ("2026-11-20", "2026-11-01")


def test_a_list_newer_than_the_call_stands(vault):
    n.add_call(vault, CALL | {"free_beds": 2})
    row = heard(vault, verified_on="2026-11-21")
    assert row["open_beds"] == 0
    assert pd.isna(row["open_beds_heard_on"])
    assert row["verified_on"] == "2026-11-21"


def test_a_call_of_the_day_on_which_the_list_was_confirmed_counts(vault):
    n.add_call(vault, CALL | {"free_beds": 2})
    assert heard(vault, verified_on="2026-11-20")["open_beds"] == 2


def test_a_call_counts_for_more_than_a_list_that_nobody_confirmed(vault):
    n.add_call(vault, CALL | {"free_beds": 2})
    assert heard(vault, verified_on=None)["open_beds"] == 2


def test_each_thing_keeps_its_own_latest_word(vault):
    n.add_call(vault, CALL | {"free_beds": 2, "weekly_rent_usd": 165})
    n.add_call(vault, CALL | {"called_on": "2026-11-25", "free_beds": 0})
    latest = n.latest_words(n.house_calls(vault)).iloc[0]
    assert (latest["free_beds"], latest["free_beds_heard_on"]) == (0, "2026-11-25")
    assert (latest["weekly_rent_usd"], latest["weekly_rent_usd_heard_on"]) == (165, "2026-11-20")


def test_of_two_calls_on_one_day_the_later_counts_and_stands_first(vault):
    for beds in (2, 0):
        n.add_call(vault, CALL | {"free_beds": beds})
    calls = n.house_calls(vault)
    assert calls["free_beds"].tolist() == [0, 2]
    assert n.latest_words(calls)["free_beds"].tolist() == [0]


@pytest.mark.parametrize(
    ("taken", "said", "accepts"),
    [
        (("methadone",), {"accepts_medications": "methadone"}, True),
        (("methadone",), {"refuses_medications": "methadone"}, False),
        (("methadone", "naltrexone"), {"accepts_medications": "methadone"}, None),
        (("naltrexone",), {"accepts_medications": "methadone"}, None),
        (("methadone", "naltrexone"), {"accepts_medications": "methadone", "refuses_medications": "naltrexone"}, False),
        ((), {"accepts_medications": "methadone"}, None),
    ],
)
def test_what_was_said_of_medications_counts_for_who_takes_them(vault, taken, said, accepts):
    n.add_call(vault, CALL | said)
    value = heard(vault, taken)["accepts_moud"]
    assert (None if pd.isna(value) else bool(value)) is accepts


@pytest.mark.parametrize(
    ("taken", "published", "calls", "accepts", "on"),
    [
        # an acceptance is as old as the word that it rests on, whatever else was said since
        (
            ("buprenorphine",),
            {"accepts_moud": False, "verified_on": "2026-02-01"},
            [("2026-01-10", "buprenorphine", ""), ("2026-03-10", "", "methadone")],
            False,
            None,
        ),
        # a list that says later that the house accepts medications takes back no refusal of this one
        (
            ("methadone",),
            {"accepts_moud": True, "verified_on": "2026-06-01"},
            [("2026-05-01", "buprenorphine", "methadone")],
            False,
            "2026-05-01",
        ),
        (
            ("buprenorphine",),
            {"accepts_moud": True, "verified_on": "2026-06-01"},
            [("2026-05-01", "buprenorphine", "methadone")],
            True,
            None,
        ),
        # the newer word on one medication counts
        (("methadone",), {}, [("2026-11-10", "", "methadone"), ("2026-11-20", "methadone", "")], True, "2026-11-20"),
        (("methadone",), {}, [("2026-11-10", "methadone", ""), ("2026-11-20", "", "methadone")], False, "2026-11-20"),
        # of two medications the older word dates the acceptance, and one refusal decides
        (
            ("methadone", "naltrexone"),
            {},
            [("2026-11-10", "methadone", ""), ("2026-11-20", "naltrexone", "")],
            True,
            "2026-11-10",
        ),
        (
            ("methadone", "naltrexone"),
            {},
            [("2026-11-10", "", "methadone"), ("2026-11-20", "naltrexone", "")],
            False,
            "2026-11-10",
        ),
    ],
)
def test_of_each_medication_the_latest_word_counts(vault, taken, published, calls, accepts, on):
    for day, yes, no in calls:
        n.add_call(vault, CALL | {"called_on": day, "accepts_medications": yes, "refuses_medications": no})
    row = heard(vault, taken, **published)
    assert bool(row["accepts_moud"]) is accepts
    assert (None if pd.isna(row["accepts_moud_heard_on"]) else row["accepts_moud_heard_on"]) == on


def test_candidates_use_what_was_heard(vault):
    n.add_call(vault, CALL | {"free_beds": 2, "accepts_medications": "methadone"})
    needs = Needs(medications=("methadone",))
    published = candidates(houses(), needs).iloc[0]
    table = n.with_notebook(houses(), n.latest_words(n.house_calls(vault)), needs.medications)
    assert "open_beds" in published["reasons"]
    assert "open_beds" not in candidates(table, needs).iloc[0]["reasons"]


def test_an_empty_notebook_changes_nothing(vault):
    table = n.with_notebook(houses(), n.latest_words(n.house_calls(vault)))
    pd.testing.assert_frame_equal(table[houses().columns], houses())


def test_calls_are_the_agency_s(vault, bens):
    n.add_call(bens, CALL | {"note": "ask for the house manager"})
    n.add_call(vault, CALL | {"resource_id": "x:2"})
    assert len(n.house_calls(vault)) == 2
    assert n.house_calls(vault, "x:1")["note"].tolist() == ["ask for the house manager"]


@pytest.mark.parametrize("values", [{"free_beds": -1}, {"free_beds": 1.5}, {"accepts_medications": "aspirin"},
                                    {"called_on": "Tuesday"}, {"person": "Person One"}])  # fmt: skip
def test_what_no_call_can_say(vault, values):
    with pytest.raises(InputError):
        n.add_call(vault, CALL | values)
