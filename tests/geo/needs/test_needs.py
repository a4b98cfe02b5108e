"""A person's needs: every key, every error in one sentence that names it, and nothing else whatever comes in."""

import tomllib
from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.clock import DAYS, clock_minute
from geo.errors import NeedsError
from geo.needs.curfew import every_evening
from geo.needs.fields import NEEDS
from geo.needs.needs import Appointment, Needs, SavedPlace, Shift, StayAway, needs_from, needs_from_toml, read_needs
from geo.needs.toml_writer import needs_document, needs_toml

WHOLE = """
profile = "bicycle"
walk_kph = 4
bike_kph = 12.5
max_walk_minutes = 25
curfew = "22:30"
medications = ["methadone"]
fellowships = ["AA"]
formats = ["women"]
languages = ["es"]
gender = "women"
age = 34
with_children = true
childcare = true
payment = ["medicaid"]
wages = ["low", "mid"]
sectors = ["jobs_cns07"]
weekly_budget_usd = 180
required_level = 2
house_model = ["peer_run", "no_work_required"]
least_stay_days = 90
stay_away_trips = "ride_through"
meetings_per_week = 5
doses_per_week = 6
dose_window = "05:30-09:00"
work_place = { lat = 39.1, lon = -84.5 }

[[shifts]]
days = ["monday", "friday"]
start = "09:00"
end = "17:00"

[[shifts]]
days = ["saturday"]
start = "22:00"
end = "06:00"
overnight = true

[[stay_away]]
lat = 39.0
lon = -84.0
meters = 300

[[saved_places]]
name = "court"
lat = 39.2
lon = -84.6

[[appointments]]
day = "tuesday"
start = "10:00"
end = "10:30"
place = "court"

[[appointments]]
day = "thursday"
start = "14:00"
end = "15:00"
name = "counselor"
lat = 39.3
lon = -84.7
"""
EXPECTED = Needs(
    profile="bicycle",
    walk_kph=4.0,
    bike_kph=12.5,
    max_walk_minutes=25.0,
    curfew=every_evening(22 * 60 + 30),
    shifts=(Shift(0, 540, 1020), Shift(4, 540, 1020), Shift(5, 1320, 1800)),
    medications=("methadone",),
    fellowships=("AA",),
    formats=("women",),
    languages=("es",),
    gender="women",
    age=34,
    with_children=True,
    childcare=True,
    payment=("medicaid",),
    wages=("low", "mid"),
    sectors=("jobs_cns07",),
    weekly_budget_usd=180.0,
    required_level="2",
    house_model=("peer_run", "no_work_required"),
    least_stay_days=90,
    stay_away=(StayAway(39.0, -84.0, 300.0),),
    stay_away_trips="ride_through",
    work_place=SavedPlace("work", 39.1, -84.5),
    appointments=(
        Appointment(1, 600, 630, SavedPlace("court", 39.2, -84.6)),
        Appointment(3, 840, 900, SavedPlace("counselor", 39.3, -84.7)),
    ),
    meetings_per_week=5,
    doses_per_week=6,
    dose_window=(330, 540),
    saved_places=(SavedPlace("court", 39.2, -84.6),),
)
HERE = {"name": "x", "lat": 1, "lon": 2}
VISIT = {"day": "monday", "start": "09:00", "end": "10:00", **HERE}
WORK = {"days": ["monday"], "start": "09:00", "end": "17:00"}


def test_every_key_is_read_from_a_file(tmp_path):
    path = tmp_path / "needs.toml"
    path.write_text(WHOLE)
    assert read_needs(path) == EXPECTED
    untouched = {f.name for f in fields(Needs) if getattr(EXPECTED, f.name) == getattr(Needs(), f.name)}
    assert untouched == {"dose_days"}
    assert needs_from({"dose_days": ["friday", "monday", "friday"]}).dose_days == (0, 4)
    assert needs_from({}) == Needs()
    assert needs_from({"profile": "suspended-license"}).profile == "no-car"


def test_a_file_that_is_missing_or_no_toml_is_one_sentence(tmp_path):
    with pytest.raises(NeedsError, match="no needs file"):
        read_needs(tmp_path / "none.toml")
    for number, content in enumerate((b"profile = ", b"\xff\xfe", b"a = " + b"[" * 100_000, b"age = " + b"9" * 5000)):
        path = tmp_path / f"{number}.toml"
        path.write_bytes(content)
        with pytest.raises(NeedsError, match="not readable TOML"):
            read_needs(path)
    with pytest.raises(NeedsError, match="a number of thousands of digits"):
        needs_from_toml(b"age = 0x" + b"f" * 5000)
    with pytest.raises(NeedsError, match="not readable TOML"):
        read_needs(tmp_path)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"curfeu": "22:00"}, "unknown key 'curfeu'"),
        ([], "must be a table"),
        ({"curfew": "25:00"}, "curfew must be a clock time"),
        ({"curfew": 22}, "curfew must be a clock time"),
        ({"walk_kph": 0.1}, "walk_kph must be a number from 0.5 to 12"),
        ({"walk_kph": True}, "walk_kph must be a number"),
        ({"bike_kph": float("nan")}, "bike_kph must be a number"),
        ({"max_walk_minutes": "20"}, "max_walk_minutes must be a number"),
        ({"weekly_budget_usd": -1}, "weekly_budget_usd must be a number"),
        ({"meetings_per_week": 22}, "meetings_per_week must be a whole number from 0 to 21"),
        ({"meetings_per_week": 2.5}, "meetings_per_week must be a whole number"),
        ({"doses_per_week": 0}, "doses_per_week must be a whole number from 1 to 7"),
        ({"doses_per_week": True}, "doses_per_week must be a whole number"),
        ({"doses_per_week": 3, "dose_days": ["monday"]}, "not both"),
        ({"dose_days": "monday"}, "dose_days must be a list"),
        ({"dose_days": ["Mon"]}, "dose_days must be names like monday"),
        ({"dose_window": "06:00"}, "two clock times"),
        ({"dose_window": 6}, "two clock times"),
        ({"dose_window": "10:00-06:00"}, "must end after it starts"),
        ({"dose_window": "6-10"}, "dose_window: the start must be a clock time"),
        ({"with_children": "yes"}, "with_children must be true or false"),
        ({"childcare": 1}, "childcare must be true or false"),
        ({"medications": "methadone"}, "medications must be a list"),
        ({"medications": ["aspirin"]}, "medications must hold one of methadone"),
        ({"fellowships": [1]}, "fellowships must hold text"),
        ({"sectors": ["jobs"]}, "sectors must hold one of"),
        ({"wages": ["none"]}, "wages must hold one of low, mid, high"),
        ({"profile": "boat"}, "profile must be one of no-car"),
        ({"gender": ["women"]}, "gender must be one of"),
        ({"required_level": 5}, "required_level must be one of 1, 2, 3, 4"),
        ({"shifts": {}}, "shifts must be a list"),
        ({"shifts": [{"days": ["monday"]}]}, "a shift needs days, start and end"),
        ({"shifts": [{**WORK, "end": "08:00"}]}, "ends .08:00. before it starts .09:00."),
        ({"shifts": [{**WORK, "end": "09:00", "overnight": True}]}, "a day long or more"),
        ({"shifts": [{**WORK, "overnight": "yes"}]}, "overnight must be true or false"),
        ({"shifts": [{**WORK, "days": "monday"}]}, "a shift's days must be a list"),
        ({"shifts": [{**WORK, "days": ["mon"]}]}, "a shift's days must be names"),
        ({"shifts": [{**WORK, "start": "9"}]}, "a shift's start must be a clock time"),
        ({"stay_away": [{"lat": 1}]}, "needs lat, lon and meters"),
        ({"stay_away": [{"lat": 1, "lon": 2, "meters": 0}]}, "not a place on Earth"),
        ({"stay_away": [{"lat": "1", "lon": 2, "meters": 3}]}, "stay_away: lat must be a number"),
        ({"stay_away": [{"lat": 10**400, "lon": 2, "meters": 3}]}, "stay_away: lat must be a number"),
        ({"stay_away": [{"polygon": [[1, 2], [1, 3]]}]}, "needs three corners"),
        ({"stay_away": [{"polygon": [[1, 2], [1, 3], [1, 2]]}]}, "needs three corners"),
        ({"stay_away": [{"polygon": "here"}]}, "a list of corners"),
        ({"stay_away": [{"polygon": [[1, 2], [1, 3], [[1], 2]]}]}, "a corner must be a number"),
        ({"stay_away": [{"polygon": [[1, 2], [1, 3], [99, 2]]}]}, "no place on Earth"),
        ({"stay_away": [{"polygon": [[1, 2], [1, 3], [5, 2]]}]}, "within 50 km"),
        ({"stay_away": [{"polygon": [[1, 2], [1.01, 2.01], [1, 2.01], [1.01, 2]]}]}, "crosses itself"),
        ({"stay_away": [{"polygon": [[1, 2], [1, 2.125], [1, 2.25]]}]}, "crosses itself, or has no ground"),
        ({"saved_places": HERE}, "saved_places must be a list"),
        ({"saved_places": [{"lat": 1, "lon": 2}]}, "needs name, lat and lon"),
        ({"saved_places": [{**HERE, "name": " "}]}, "name must be text"),
        ({"saved_places": [{**HERE, "lat": 91}]}, "no place on Earth"),
        ({"work_place": [1, 2]}, "work_place needs lat and lon"),
        ({"work_place": {"lat": 1, "lon": "2"}}, "work_place: lon must be a number"),
        ({"appointments": VISIT}, "appointments must be a list"),
        ({"appointments": [{"day": "monday"}]}, "an appointment needs day, start, end"),
        ({"appointments": [{**VISIT, "day": "may"}]}, "an appointment's day must be names like monday"),
        ({"appointments": [{**VISIT, "end": "08:00"}]}, "an appointment ends"),
        ({"appointments": [{"day": "monday", "start": "09:00", "end": "10:00", "place": "court"}]}, "saved_places"),
    ],
)  # fmt: skip
def test_every_error_is_one_sentence_that_names_what_is_wrong(document, words):
    with pytest.raises(NeedsError, match=words) as caught:
        needs_from(document, "the form")
    text = str(caught.value)
    assert text.startswith("the form")
    assert text.endswith(".")
    assert "\n" not in text


KEYS = sorted({field.name for field in fields(Needs)})
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=6), st.dates(), st.times(),
    st.sampled_from([*DAYS, "09:00", "24:00", "22:00-23:00", "women", "low", "methadone", "2"]),
)  # fmt: skip
INNER = st.sampled_from(["days", "day", "start", "end", "overnight", "lat", "lon", "meters", "name", "place"])
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(INNER, inner, max_size=5), max_leaves=12
)
NEAR = st.fixed_dictionaries({}, optional={
    "shifts": st.lists(st.fixed_dictionaries(
        {"days": VALUES, "start": SCALARS, "end": SCALARS}, optional={"overnight": SCALARS}), max_size=2),
    "appointments": st.lists(st.fixed_dictionaries(
        {"day": SCALARS, "start": SCALARS, "end": SCALARS, "name": SCALARS, "lat": SCALARS, "lon": SCALARS})),
    "saved_places": st.lists(st.fixed_dictionaries({"name": SCALARS, "lat": SCALARS, "lon": SCALARS}), max_size=2),
    "stay_away": st.lists(
        st.fixed_dictionaries({"meters": SCALARS, "lat": SCALARS, "lon": SCALARS})
        | st.fixed_dictionaries({"polygon": VALUES | st.lists(st.lists(SCALARS, min_size=2, max_size=2), min_size=2)}),
        max_size=2,
    ),
    "work_place": st.fixed_dictionaries({"lat": SCALARS, "lon": SCALARS}),
})  # fmt: skip


def outcome(read, given):
    """Return the needs, or the error's text; any other error is a failure."""
    try:
        return read(given)
    except NeedsError as problem:
        return str(problem)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=4), VALUES, max_size=4) | NEAR)
def test_whatever_comes_in_gives_needs_or_one_sentence(document):
    result = outcome(needs_from, document)
    assert isinstance(result, Needs) or result.endswith(".")
    assert result == outcome(needs_from, document)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_toml_needs_or_one_sentence(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "hostile.toml"
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    result = outcome(read_needs, path)
    assert isinstance(result, Needs) or "hostile.toml" in result


@given(st.integers(0, 24 * 60))
def test_clock_times_come_back(minute):
    assert clock_minute(f"{minute // 60:02d}:{minute % 60:02d}", "x") == minute


def test_the_example_is_toml():
    assert set(tomllib.loads(WHOLE)) | {"dose_days"} == set(KEYS)


def test_the_declaration_names_every_field_once():
    assert sorted(need.name for need in NEEDS) == KEYS


@pytest.mark.parametrize("needs", [Needs(), EXPECTED, Needs(dose_days=(0, 2), curfew=every_evening(0), walk_kph=3.5)])
def test_needs_written_to_a_file_are_read_back(tmp_path, needs):
    path = tmp_path / "needs.toml"
    path.write_text(needs_toml(needs), encoding="utf-8")
    assert read_needs(path) == needs
    assert needs_from(needs_document(needs)) == needs


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=4) | NEAR)
def test_whatever_can_be_read_can_be_written(document):
    result = outcome(needs_from, document)
    if isinstance(result, Needs):
        again = needs_from(tomllib.loads(needs_toml(result)))
        assert sorted(again.shifts, key=repr) == sorted(result.shifts, key=repr)
        assert replace(again, shifts=()) == replace(result, shifts=())


def test_a_file_with_the_spelling_of_before_is_still_read() -> None:
    spot = {"lat": 39.1, "lon": -84.5}
    old = {"profile": "suspended-licence", "stay_away": [spot | {"metres": 300}]}  # codespell:ignore
    new = {"profile": "suspended-license", "stay_away": [spot | {"meters": 300}]}
    assert needs_from(old) == needs_from(new)
