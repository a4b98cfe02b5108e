"""Places added, moved, closed and changed; what can't be is one sentence."""

import datetime
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InputError, OutsideRegionError
from geo.needs.eligibility import fits_person, misfits
from geo.needs.fields import HOUSE_FACTS, NO_WORK
from geo.needs.needs import Needs
from geo.scenarios.changes import Change, PlaceAdded, PlaceChanged, PlaceClosed, PlaceMoved, Scenario
from geo.scenarios.place_values import READ, as_read
from geo.scenarios.world import World, apply_scenarios
from geo.score.support import RegionSupport
from geo.tables import RESOURCES, SESSIONS, conform
from tests.geo.main_street import at, resource, session

CLINIC, HOUSE, MEETING = (
    resource("pharmacy", 1200),
    resource("recovery_residence", 100, beds=10),
    resource("meeting", 900),
)


EVERYTHING = Needs(
    profile="wheelchair", languages=("es",), payment=("free",), gender="women", age=30, with_children=True,
    fellowships=("AA",), formats=("open",), weekly_budget_usd=100, required_level="1", medications=("methadone",),
    house_model=(*HOUSE_FACTS, NO_WORK), least_stay_days=30,
)  # fmt: skip


@pytest.fixture
def world(region: Callable[..., RegionSupport]) -> World:
    resources = conform(pd.DataFrame([CLINIC, HOUSE, MEETING]), RESOURCES)
    sessions = conform(pd.DataFrame([session(MEETING, 0, 12, 13)]), SESSIONS)
    return World(region([CLINIC]).network, resources, sessions)


def changed(world: World, *changes: Change) -> World:
    return apply_scenarios(world, [Scenario("A test", changes)]).world


def test_closed_then_added_is_as_before(world: World) -> None:
    values = {name: value for name, value in MEETING.items() if name not in ("resource_id", "lon", "lat", "dimension")}
    times = {"weekday": 0, "start_minute": 720, "end_minute": 780, "time_zone": "America/Chicago"}
    again = PlaceAdded(MEETING["resource_id"], MEETING["lon"], MEETING["lat"], values, (times,))
    closed = changed(world, PlaceClosed(MEETING["resource_id"]))
    assert len(closed.resources) == 2
    assert closed.sessions.empty
    after = changed(closed, again)
    pd.testing.assert_frame_equal(after.resources, world.resources)
    pd.testing.assert_frame_equal(after.sessions, world.sessions)


def test_moved_and_moved_back_is_as_before(world: World) -> None:
    there = changed(world, PlaceMoved("pharmacy at 1200 m", *at(2000)))
    assert there.resources["lon"].iloc[0] == at(2000)[0]
    pd.testing.assert_frame_equal(
        changed(there, PlaceMoved(CLINIC["resource_id"], *at(1200))).resources, world.resources
    )


def test_a_place_has_other_beds(world: World) -> None:
    after = changed(world, PlaceChanged("Recovery_Residence at 100 M", {"beds": 14, "genders": ["women", "all"]}))
    row = after.resources.iloc[1]
    assert (row["beds"], row["genders"]) == (14, "all;women")
    food = changed(world, PlaceChanged(CLINIC["resource_id"], {"category": "food"})).resources.iloc[0]
    assert (food["category"], food["dimension"]) == ("food", "home")
    assert world.resources["beds"].iloc[1] == 10


def test_a_meeting_has_other_hours(world: World) -> None:
    late = (
        {"weekday": 2, "start_minute": 1260, "end_minute": 1320},
        {"weekday": 5, "start_minute": 1380, "end_minute": 1500},
    )
    answer = apply_scenarios(world, [Scenario("x", (PlaceChanged(MEETING["resource_id"], {}, late),))])
    held = answer.world.sessions
    assert held[["weekday", "start_minute", "end_minute"]].to_numpy().tolist() == [[2, 1260, 1320], [5, 1380, 1500]]
    assert held["time_zone"].tolist() == ["America/Chicago"] * 2
    assert answer.sentences == ("meeting at 900 m changes: sessions wed 21:00-22:00; sat 23:00-01:00.",)
    pd.testing.assert_frame_equal(answer.world.resources, world.resources)
    both = changed(world, PlaceChanged(MEETING["resource_id"], {"languages": ["es"]}, late))
    assert both.resources["languages"].tolist()[2] == "es"
    assert len(both.sessions) == 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            PlaceChanged(CLINIC["resource_id"], {}, ({"weekday": 0, "start_minute": 0, "end_minute": 60},)),
            "of meetings alone",
        ),
        (PlaceChanged(MEETING["resource_id"], {}, ()), "never held"),
        (PlaceClosed("pharmacy at 1300 m"), "did you mean pharmacy at 1200 m"),
        (PlaceClosed("nothing of the kind"), "lists no place"),
        (PlaceChanged(CLINIC["resource_id"], {"bed": 3}), "did you mean beds"),
        (PlaceChanged(CLINIC["resource_id"], {"beds": 2.5}), "whole number"),
        (PlaceChanged(CLINIC["resource_id"], {"beds": 10**30}), "whole number"),
        (PlaceChanged(CLINIC["resource_id"], {"beds": True}), "whole number"),
        (PlaceChanged(CLINIC["resource_id"], {"wheelchair": "yes"}), "true or false"),
        (PlaceChanged(CLINIC["resource_id"], {"category": "pub"}), "one of opioid"),
        (PlaceAdded(CLINIC["resource_id"], *at(0), {"category": "food"}), "has the id of a place"),
        (PlaceAdded("new", *at(0), {}), "no category"),
        (PlaceChanged(CLINIC["resource_id"], {"opening_hours": "24/7"}), "doesn't look at opening_hours of a pharmacy"),
        (PlaceChanged(HOUSE["resource_id"], {"capacity": 3, "open_beds": 2}), "look at capacity, open_beds"),
        (PlaceChanged(HOUSE["resource_id"], {"open_beds": 2}), "it reads category, attendance"),
        (PlaceChanged(CLINIC["resource_id"], {"beds": 9}), "doesn't look at beds of a pharmacy"),
        (PlaceChanged(CLINIC["resource_id"], {"verified_on": "2026-01-01"}), "look at verified_on of a pharmacy"),
        (PlaceChanged(CLINIC["resource_id"], {"dimension": "home"}), "no column of a place"),
        (PlaceChanged(CLINIC["resource_id"], {"category": "meeting"}), "never held"),
        (PlaceChanged(HOUSE["resource_id"], {"genders": ["womn"]}), "did you mean women"),
        (PlaceChanged(HOUSE["resource_id"], {"certification_level": "5"}), "Words are 1, 2, 3, 4"),
        (PlaceChanged(HOUSE["resource_id"], {"ages": "grownups"}), "years like"),
        (PlaceChanged(CLINIC["resource_id"], {"languages": ["english"]}), "codes of two letters"),
        (PlaceChanged(CLINIC["resource_id"], {"payment": "medicade"}), "medicaid?"),
        (
            PlaceAdded("new", *at(0), {"category": "opioid_treatment_program", "medications": ["metadone"]}),
            "did you mean methadone",
        ),
        (PlaceAdded("new", *at(0), {"category": "food", "opening_hours": "when it suits"}), "must be like 'Mo-Fr"),
        (PlaceAdded("new", *at(0), {"category": "food", "verified_on": "May"}), "a date like"),
        (PlaceAdded("new", *at(0), {"category": "meeting"}), "never held"),
    ],
)
def test_what_cannot_be_is_refused(world: World, change: Change, words: str) -> None:
    with pytest.raises(InputError, match="Scenario 'A test': ") as refused:
        changed(world, change)
    assert words in str(refused.value)


def test_words_dates_and_sessions_are_as_the_tables_hold_them(world: World) -> None:
    values = {
        "category": "meeting",
        "verified_on": datetime.date(2026, 5, 31),
        "languages": ["es", "en"],
        "opening_hours": "Mo-Fr 09:00-17:00",
        "ages": "18-25;Adults",
    }
    times = {"weekday": 0, "start_minute": 720, "end_minute": 780}
    answer = apply_scenarios(world, [Scenario("x", (PlaceAdded("new", *at(0), values, (times,)),))])
    row = answer.world.resources.iloc[-1]
    assert (row["verified_on"], row["languages"], row["ages"]) == ("2026-05-31", "en;es", "18-25;adults")
    assert row["dimension"] == "community"
    assert answer.world.sessions["time_zone"].tolist()[-1] == "America/Chicago"
    assert answer.sentences[0].endswith("(meeting). The score doesn't look at its opening_hours.")


def test_the_columns_that_needs_ask_about_are_those_the_score_reads() -> None:
    """`READ` names every column of the rules by which places fit, and beds, by which houses count."""
    wrong, _ = misfits(conform(pd.DataFrame([HOUSE]), RESOURCES), EVERYTHING)
    assert set(wrong) | {"category", "attendance", "beds"} == set(READ)


CELLS = {
    "fellowship": ("Al-Anon; PAL", "pal;AL ANON "),
    "formats": ("open;Young People", "young\u2011people; OPEN;open"),
    "languages": ("en;es", "ES; en"),
    "ages": ("18-25;Adults", "adults; 18-25"),
    "payment": ("sliding_scale;Medicaid", "medicaid;sliding-scale"),
}


@pytest.mark.parametrize("column", CELLS)
def test_words_in_another_spelling_and_order_are_read_as_the_same(column: str) -> None:
    one, other = (conform(pd.DataFrame([MEETING | {column: cell}]), RESOURCES) for cell in CELLS[column])
    assert not one.equals(other)
    assert as_read(one).equals(as_read(other))
    empty = conform(pd.DataFrame([MEETING]), RESOURCES)
    assert not as_read(one).equals(as_read(empty))


WORDS = st.lists(
    st.sampled_from(
        ["AA", "A.A.", "Al-Anon", "al anon", "PAL", "women", "Women ", "free", "FREE", "18-25", "18\u201325", "adults",
         "Adults", "ages", "es", "ES", "methadone", "1", "", " ", "&"]
    ),
    max_size=3,
).map(";".join)  # fmt: skip
COLUMNS = ("fellowship", "formats", "languages", "ages", "payment", "genders", "medications", "certification_level")


@given(
    st.fixed_dictionaries({column: st.none() | WORDS for column in COLUMNS}),
    st.sampled_from(["meeting", "recovery_residence", "opioid_treatment_program", "pharmacy"]),
    st.booleans(),
)
def test_who_fits_is_told_by_what_is_read_alone(cells: dict[str, str | None], category: str, any_group: bool) -> None:
    table = conform(pd.DataFrame([resource(category, 900, beds=3, **cells)]), RESOURCES)
    needs = replace(EVERYTHING, fellowships=()) if any_group else EVERYTHING
    read = conform(as_read(table).assign(source="toy", name="x", dimension="home", location_precision="x"), RESOURCES)
    for one, other in zip(fits_person(table, needs), fits_person(read, needs), strict=True):
        assert one.tolist() == other.tolist()


@pytest.mark.parametrize(
    "change", [PlaceAdded("new", -80.0, 20.0, {"category": "food"}), PlaceMoved("meeting at 900 m", -80.0, 20.0)]
)
def test_off_every_street(world: World, change: Change) -> None:
    with pytest.raises(OutsideRegionError, match="over 1 km from any street"):
        changed(world, change)


def test_a_name_of_two_places_is_told_by_id(world: World) -> None:
    twice = World(
        world.network,
        pd.concat([world.resources, world.resources.assign(resource_id=["x", "y", "z"])], ignore_index=True),
        world.sessions,
    )
    with pytest.raises(InputError, match="2 places are called") as refused:
        changed(twice, PlaceClosed("pharmacy at 1200 m"))
    assert "toy:pharmacy-1200-0, x" in str(refused.value)


def test_new_places_of_stacked_scenarios_may_have_one_id(world: World) -> None:
    clinic = {"category": "pharmacy"}
    first = Scenario("First", (PlaceAdded("new-1", *at(0), clinic),))
    second = Scenario("Second", (PlaceClosed("new-1"), PlaceAdded("new-1", *at(400), {"category": "food"})))
    third = Scenario(
        "Third",
        (PlaceAdded("new-1", *at(500), {**clinic, "name": "Quay"}), PlaceChanged("new-1", {"languages": ["es"]})),
    )
    answer = apply_scenarios(world, [first, replace(second, changes=second.changes[1:]), third])
    added = answer.world.resources.iloc[3:]
    assert added["resource_id"].tolist() == ["new-1", "new-1 (2)", "new-1 (3)"]
    assert added["name"].tolist() == ["new-1", "new-1", "Quay"]
    assert added["languages"].fillna("").tolist() == ["", "", "es"], "a scenario means its own place, where it has one"
    assert answer.sentences[1].startswith("new-1 opens at")
    left = apply_scenarios(world, [first, second]).world.resources.iloc[3:]
    assert left["category"].tolist() == ["food"], "and before it opens one, the earlier scenario's"
    twice = replace(first, changes=first.changes * 2)
    for stacked in ([twice], [first, twice]):
        with pytest.raises(InputError, match="has the id of a place that is there"):
            apply_scenarios(world, stacked)


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({}, ""),
        ({"location_precision": "street"}, ""),
        ({"location_precision": "approximate"}, " As it is now, its position is known only roughly, so who has it"),
        ({"location_precision": "hidden", "lon": None, "lat": None}, " As it is now, its position isn't public"),
        ({"location_precision": "hidden", "lon": None, "lat": None, "attendance": "online"}, ""),
    ],
)
def test_a_position_that_is_not_sure_is_told(world: World, facts: dict[str, object], told: str) -> None:
    where = World(
        world.network, conform(pd.DataFrame([{**CLINIC, **facts}, HOUSE, MEETING]), RESOURCES), world.sessions
    )
    for change in (
        PlaceClosed(CLINIC["resource_id"]),
        PlaceMoved(CLINIC["resource_id"], *at(0)),
        PlaceChanged(CLINIC["resource_id"], {"languages": ["es"]}),
    ):
        (sentence,) = apply_scenarios(where, [Scenario("x", (change,))]).sentences
        assert told in sentence
        assert ("As it is now" in sentence) == bool(told)
