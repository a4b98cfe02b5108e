"""A trip in words, leg by leg, from legs made by hand; times of other days are marked."""

from dataclasses import replace

import pytest

from geo.travel.journeys import Journey, Leg, clock_text, in_words, journey_legs, shifted

HOUR = 3600
WALK = Leg("walk", "home", "A", 8 * HOUR, 8 * HOUR + 270, ((0.0, 0.0), (0.001, 0.0)))
RIDE = Leg("transit", "A", "B", 8 * HOUR + 300, 8 * HOUR + 900, ((0.001, 0.0), (0.01, 0.0)), "bus", "25", "Airport", 6)


def said(*legs, arrival=None):
    return in_words(Journey(legs[0].start, legs[-1].end if arrival is None else arrival, legs))


def test_each_leg_is_a_line_and_the_end_is_rounded_up():
    assert said(WALK, RIDE, arrival=8 * HOUR + 901) == [
        "8:00 AM walk 4 min to A", "8:05 AM bus 25 toward Airport, 6 stops to B, arrive 8:15 AM", "8:16 AM there",
    ]  # fmt: skip
    assert said(WALK, RIDE)[-1] == "8:15 AM there"


@pytest.mark.parametrize(
    ("leg", "words"),
    [
        (replace(RIDE, stops=1), "bus 25 toward Airport, 1 stop to B, arrive"),
        (replace(RIDE, headsign=""), "bus 25, 6 stops to B"),
        (replace(RIDE, seated=True), "stay on board, now bus 25"),
        (replace(RIDE, pickup="call"), "; call ahead to be picked up here"),
        (replace(RIDE, drop_off="driver"), "; tell the driver where you get off"),
        (replace(WALK, mode="bike"), "cycle 4 min to A"), (replace(WALK, mode="drive"), "drive 4 min to A"),
        (replace(WALK, end=WALK.start + 10), "walk 1 min to A"), (replace(WALK, end=WALK.start + 95), "walk 2 min"),
    ],
)  # fmt: skip
def test_what_is_said_of_a_leg(leg, words):
    assert words in said(leg)[0]


@pytest.mark.parametrize(
    ("seconds", "up", "text"),
    [
        (0, False, "00:00"), (59, False, "00:00"), (59, True, "00:01"), (60, True, "00:01"),
        (13 * HOUR + 300, False, "13:05"),
        (24 * HOUR - 1, True, "00:00 (next day)"), (25 * HOUR, False, "01:00 (next day)"),
        (-60, False, "23:59 (the day before)"),
        (49 * HOUR, False, "01:00 (+2 days)"), (-25 * HOUR, False, "23:00 (-2 days)"),
    ],
)  # fmt: skip
def test_a_time_on_another_day_is_marked(seconds, up, text):
    assert clock_text(seconds, up=up) == text


def test_how_long_a_trip_and_its_legs_take():
    journey = Journey(8 * HOUR - 120, RIDE.end, (WALK, RIDE))
    assert journey.minutes == 17
    table = journey_legs(journey)
    assert table["minutes"].tolist() == [4.5, 10]
    assert table.geometry.iloc[1].coords[:] == list(RIDE.line)
    assert "line" not in table.columns
    assert table["to_name"].tolist() == ["A", "B"]


def test_a_trip_told_from_another_midnight_is_moved_whole():
    journey = Journey(7 * HOUR, RIDE.end, (WALK, RIDE), Journey(7 * HOUR, RIDE.end - 600, (RIDE,)))
    moved = shifted(journey, 24 * HOUR)
    assert (moved.departure, moved.arrival) == (31 * HOUR, RIDE.end + 24 * HOUR)
    assert [(leg.start, leg.end) for leg in moved.legs] == [
        (leg.start + 24 * HOUR, leg.end + 24 * HOUR) for leg in journey.legs
    ]
    assert (moved.quicker.departure, moved.quicker.arrival) == (31 * HOUR, RIDE.end + 24 * HOUR - 600)
    assert shifted(moved, -24 * HOUR) == journey
