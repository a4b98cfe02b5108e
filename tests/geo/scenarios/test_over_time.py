"""Two times of one straight street: what its places, buses and people did to whom, and what isn't known."""

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from geo.equity.gaps import LEAST
from geo.errors import InputError
from geo.scenarios.over_time import OverTime, Snapshot, change_over_time, steps_between
from geo.scenarios.place_values import READ
from geo.scenarios.rescore import rescored
from geo.scenarios.what_if import WhatIf
from geo.score.support import RegionSupport, prepare
from geo.score.surface import populated_cells, score_cells
from geo.tables import RESOURCES, SESSIONS, ZONES, conform
from tests.geo.main_street import ALL_BACK, ALL_DAY, ANY_DATA, PATIENT, WEDNESDAY, resource, session, zone

Make = Callable[..., RegionSupport]
MEETING = resource("meeting", 6100)
PHARMACY = resource("pharmacy", 5900)
HOUSE = resource("recovery_residence", 2000, beds=8)
PLACES = [MEETING, PHARMACY, resource("food", 700), HOUSE]
HELD = [session(MEETING, day, 12, 13) for day in range(5)]
PEOPLE = [
    zone("west", 100, population=500, need=20.0, workers=200),
    zone("middle", 3000, population=300, need=9.0, workers=100),
    zone("few", 5000, population=LEAST - 1, need=1.0, workers=4),
    zone("east", 6200, population=200, need=8.0, workers=90),
]
TOTAL = WhatIf()


def snapshot(
    region: Make,
    places: Sequence[dict[str, Any]] = PLACES,
    trips: Sequence[str] = (*ALL_DAY, *ALL_BACK),
    people: Sequence[dict[str, Any]] = PEOPLE,
    held: Sequence[dict[str, Any]] = HELD,
) -> Snapshot:
    support = region(places, held, people, list(trips), ANY_DATA)
    tables = [
        conform(pd.DataFrame(list(rows)), kind)
        for rows, kind in ((places, RESOURCES), (held, SESSIONS), (people, ZONES))
    ]
    resources = tables[0].sort_values("resource_id", ignore_index=True)
    return Snapshot(support.network, resources, tables[1], tables[2], WEDNESDAY)


def compared(
    before: Snapshot,
    after: Snapshot,
    known: Snapshot | None = None,
    ask: WhatIf = TOTAL,
    is_timetable_lost: bool = False,
) -> tuple[OverTime, list[str]]:
    word = known or after
    snapshots, causes = steps_between(
        before, after, (word.resources, word.sessions), is_timetable_lost=is_timetable_lost
    )
    result = change_over_time(snapshots, causes, ANY_DATA, PATIENT, ask, lambda cells: cells["id"].astype("string"))
    return result, causes


def surface_of(one: Snapshot) -> pd.DataFrame:
    support = prepare(one.network, one.resources, one.sessions, one.zones, ANY_DATA)
    return score_cells(support, populated_cells(one.zones), PATIENT, WEDNESDAY).set_index("id")


def totals(result: OverTime, side: str) -> pd.Series:
    return result.known.cells.set_index("id")[f"total_{side}"]


def test_a_build_against_itself_changes_nothing_to_the_last_digit(region: Make) -> None:
    before, after = snapshot(region), snapshot(region)
    copied = replace(after, network=dataclasses.replace(after.network, memo={}), zones=after.zones.copy())
    for other in (before, after, copied):
        result, causes = compared(before, other)
        assert causes == []
        assert result.unknown is None
        pd.testing.assert_series_equal(
            totals(result, "before"), totals(result, "after"), check_names=False, check_exact=True
        )
        assert (result.known.people["gaining"], result.known.people["losing"]) == (0, 0)
        assert result.causes.empty


def test_where_no_cause_is_at_work_a_surface_of_the_later_build_is_that_of_both(region: Make) -> None:
    before, after = snapshot(region), snapshot(region)
    known = surface_of(after).reset_index()
    result, causes = compared(before, replace(after, surface=known))
    assert (causes, result.made) == ([], (None, None))
    anew = compared(before, after)[0]
    assert anew.made[0] is not None
    pd.testing.assert_frame_equal(result.known.cells, anew.known.cells, check_exact=True)


def test_what_no_score_reads_of_a_place_does_nothing_to_anybody(region: Make) -> None:
    """Each column that isn't read is another, all at once."""
    before = snapshot(region)
    unread = [column for column in RESOURCES.columns if column.name not in (*READ, "resource_id", "lon", "lat")]
    other = {
        column.name: {"boolean": True, "integer": 3, "number": 3.0, "date": "2025-01-01"}.get(column.kind, "other")
        for column in unread
    }
    resources = conform(before.resources.assign(**other), RESOURCES)
    resources["medications"] = "naltrexone"  # of programs and prescribers alone
    assert not resources["name"].equals(before.resources["name"])
    after = replace(before, resources=conform(resources, RESOURCES))
    result, causes = compared(before, after)
    assert causes == []
    assert result.limits == ()
    numbers = surface_of(before).drop(columns=["confidence", "region_hash"])
    pd.testing.assert_frame_equal(numbers, surface_of(after).drop(columns=["confidence", "region_hash"]))
    assert compared(before, replace(after, resources=after.resources.assign(beds=9)))[1] == ["places"]


def test_a_changed_note_of_a_meeting_leaves_its_numbers_as_they_are(region: Make) -> None:
    before = snapshot(region)
    is_meeting = before.resources["category"] == "meeting"
    noted = before.resources.assign(notes=before.resources["notes"].mask(is_meeting, "Ring twice."))
    after = replace(before, resources=noted)
    supports = [prepare(one.network, one.resources, one.sessions, one.zones, ANY_DATA) for one in (before, after)]
    known = score_cells(supports[0], populated_cells(before.zones), PATIENT, WEDNESDAY)
    new = rescored(known, supports[0], supports[1], before.zones, PATIENT, WEDNESDAY)
    assert new is not None
    pd.testing.assert_frame_equal(
        new.drop(columns="region_hash"), known.drop(columns=["confidence", "region_hash"]), check_exact=True
    )


def test_a_place_lost_is_what_both_builds_score(region: Make) -> None:
    before, after = snapshot(region), snapshot(region, [MEETING, *PLACES[2:]])
    result, causes = compared(before, after, ask=WhatIf("pharmacy", "pharmacy", 20))
    assert causes == ["places"]
    cells = result.known.cells.set_index("id")
    expected = surface_of(before)
    pd.testing.assert_series_equal(cells["class_pharmacy_before"], expected["class_pharmacy"], check_names=False)
    assert (cells["class_pharmacy_after"] == 0).all()  # the last of its kind
    assert result.known.people["losing"] == 700  # 500, who ride there, and 200; nobody of `few` is counted
    assert result.known.reach == {"before": 700.0, "after": 0.0, "newly": 0.0, "no_more": 700.0}
    assert any("no place of pharmacy after" in sentence for sentence in result.limits)
    assert result.causes[["cause", "losing", "reach_no_more"]].to_numpy().tolist() == [["places", 700.0, 700.0]]


def test_a_place_that_only_a_failed_feed_hides_loses_nobody(region: Make) -> None:
    before, after = snapshot(region), snapshot(region, [MEETING, *PLACES[2:]])
    result, causes = compared(before, after, known=before, ask=WhatIf("pharmacy", "pharmacy", 20))
    assert causes == ["unknown"]
    assert result.known.people["losing"] == 0
    assert result.known.reach == {"before": 700.0, "after": 700.0, "newly": 0.0, "no_more": 0.0}
    assert result.unknown is not None
    assert result.unknown.people["losing"] == 700
    assert [one[:40] for one in result.limits] == ["Of what isn't known: The region has no p"]


def test_each_cause_has_its_own_step_and_the_last_one_is_the_later_build(region: Make) -> None:
    opened, hidden = resource("pharmacy", 300), resource("pharmacy", 3500)
    fewer = [trip for trip in (*ALL_DAY, *ALL_BACK) if not trip.startswith(("t6", "t7", "u6", "u7"))]
    moved_in = [{**one, "need": 3 * one["need"]} for one in PEOPLE]
    before = snapshot(region, [*PLACES, hidden])
    after = snapshot(region, [*PLACES, opened], fewer, moved_in)
    known = snapshot(region, [*PLACES, hidden, opened])
    result, causes = compared(before, after, known=known)
    assert causes == ["places", "buses", "people", "unknown"]
    assert result.causes["cause"].tolist() == causes
    assert result.causes["mean_after"].tolist()[:-1] == pytest.approx(result.causes["mean_before"].tolist()[1:])
    middle = surface_of(replace(known, network=after.network, zones=after.zones))
    np.testing.assert_allclose(totals(result, "before"), surface_of(before)["total"], rtol=1e-9)
    np.testing.assert_allclose(totals(result, "after"), middle["total"], rtol=1e-9)
    assert result.unknown is not None
    last = result.unknown.cells.set_index("id")["total_after"]
    np.testing.assert_allclose(last, surface_of(after)["total"], rtol=1e-9)


def test_a_timetable_that_is_lost_loses_nobody_a_bus(region: Make) -> None:
    before, after = snapshot(region), snapshot(region, trips=())
    assert compared(before, after)[1] == ["buses"]
    assert compared(before, after)[0].known.people["losing"] > 0
    result, causes = compared(before, after, is_timetable_lost=True)
    assert causes == ["unknown"]
    assert result.known.people["losing"] == 0
    assert result.unknown is not None
    assert result.unknown.people["losing"] > 0


def test_surfaces_that_are_known_are_not_made_again(region: Make) -> None:
    before, after = snapshot(region), snapshot(region, [*PLACES, resource("pharmacy", 300)])
    result, _ = compared(before, after)
    known = tuple(surface_of(one).reset_index() for one in (before, after))
    again, _ = compared(replace(before, surface=known[0]), replace(after, surface=known[1]))
    assert again.made == (None, None)
    np.testing.assert_allclose(totals(again, "after"), totals(result, "after"), rtol=1e-9)
    assert result.made[0] is not None
    assert result.made[1] is None  # only its pharmacies were asked about: no exact surface of its own


def test_another_hour_of_a_meeting_is_scored_from_nothing(region: Make) -> None:
    before = snapshot(region)
    after = snapshot(region, held=[session(MEETING, day, 23, 24) for day in range(5)])
    result, causes = compared(before, after, ask=WhatIf("meetings"))
    assert causes == ["places"]
    expected = surface_of(after)
    np.testing.assert_array_equal(result.known.cells["class_meetings_after"], expected["class_meetings"])
    assert result.known.people["losing"] > 0


def test_areas_of_one_build_alone_are_counted_apart(region: Make) -> None:
    more = [*PEOPLE, zone("new", 4000, population=50, need=1.0, workers=2)]
    result, _ = compared(snapshot(region), snapshot(region, people=more))
    assert "4 areas are in both builds" in result.limits[0]
    assert "1 are only in the later one, with 50 people" in result.limits[0]
    with pytest.raises(InputError, match="no populated area in common"):
        compared(
            snapshot(region), snapshot(region, people=[{**one, "zone_id": f"x{one['zone_id']}"} for one in PEOPLE])
        )
    with pytest.raises(InputError, match="A measure is one of"):
        compared(snapshot(region), snapshot(region), ask=WhatIf("joy"))
