"""The loop of every feed of resources: what may never be shown, what must never be lost, and ids that last."""

import json
from typing import Any

import pytest

from sources.adapter.source import ParseContext
from sources.cleaning.bounds import Bounds
from sources.cleaning.report import Parsed, count
from sources.resources import findtreatment, meeting_guide, recovery_residences, table

MEETING = {
    "name": "Morning Light",
    "day": 1,
    "time": "07:00",
    "formatted_address": "1 Main Street, Springfield, OH 45501, USA",
    "latitude": "39.92",
    "longitude": "-83.80",
    "types": ["O"],
}


def own_list(*lines: str, bounds: Bounds | None = None, category: str = "food") -> Parsed:
    parsed = table.parse("\n".join(lines).encode(), ParseContext("list.csv", category=category, bounds=bounds))
    count(parsed)
    return parsed


def facility(**fields: Any) -> Any:
    row = {"name1": "Quay Clinic", "street1": "1 Quay", "city": "Quay", "latitude": "40", "longitude": "-80"}
    parsed = findtreatment.parse(json.dumps({"rows": [row | fields]}).encode(), ParseContext("f.json"))
    return parsed.tables["resources"].iloc[0]


@pytest.mark.parametrize(
    "name", ["Haven Domestic Violence Shelter", "Battered Women's Emergency Shelter", "The Safe House", "Confidential"]
)
def test_a_confidential_place_in_an_ordinary_list_reaches_no_table(name: str) -> None:
    parsed = own_list("id,name,lat,lon", f'1,"{name}",39.1,-84.5', "2,Quay Pantry,39.1,-84.5")
    assert parsed.tables["resources"]["name"].tolist() == ["Quay Pantry"]
    assert parsed.set_aside["code"].tolist() == ["confidential"]
    houses = recovery_residences.parse(
        f'id,name,lat,lon,beds,open_beds\n1,"{name}",39.1,-84.5,6,1\n'.encode(), ParseContext("houses.csv")
    )
    assert houses.tables["resources"].empty


@pytest.mark.parametrize(("lat", "lon"), [(51.4779, 0.0), (0.0, 36.8), (0, -78.4), (39.5, 0)])
def test_a_real_place_on_a_zero_line_stays(lat: float, lon: float) -> None:
    around = Bounds(lon - 1, lat - 1, lon + 1, lat + 1)
    for bounds in (None, around):
        resources = own_list("id,name,lat,lon", f"1,Quay Pantry,{lat},{lon}", bounds=bounds).tables["resources"]
        assert resources[["lat", "lon"]].to_numpy().tolist() == [[lat, lon]]


def test_a_facility_that_says_nothing_of_medication_is_unknown_not_welcoming() -> None:
    silent = facility(typeFacility="SA", services=[{"f2": "TC", "f3": "Substance use treatment"}])
    assert silent["accepts_moud"] is None or silent.isna()["accepts_moud"]
    assert silent.isna()["medications"]
    telling = facility(typeFacility="SA", services=[{"f2": "TC", "f3": "Buprenorphine used in Treatment"}])
    assert telling["accepts_moud"]


def test_a_heading_of_opioid_treatment_without_a_service_under_it_makes_no_program() -> None:
    care = {"f2": "TC", "f3": "Substance use treatment"}
    for nothing in (None, "", " "):
        row = facility(typeFacility="SA", services=[care, {"f2": "OTP", "f3": nothing}])
        assert row["category"] == "substance_use_clinic", nothing
    named = {"f2": "OTP", "f3": "Federally-certified Opioid Treatment Program"}
    assert facility(typeFacility="SA", services=[care, named])["category"] == "opioid_treatment_program"


def ids_of(rows: list[dict[str, Any]]) -> dict[tuple[str, int], str]:
    parsed = meeting_guide.parse(json.dumps(rows).encode(), ParseContext("meetings.json"))
    sessions = parsed.tables["sessions"].set_index("resource_id")["weekday"]
    names = parsed.tables["resources"].set_index("resource_id")["name"]
    assert names.index.is_unique
    return {(name, int(sessions[resource_id])): resource_id for resource_id, name in names.items()}


def test_a_feed_without_slugs_keeps_stable_distinct_ids() -> None:
    rows = [MEETING, MEETING | {"day": 3}, MEETING | {"name": "Noon Group"}, MEETING | {"latitude": "39.93", "day": 5}]
    ids = ids_of(rows)
    assert len(set(ids.values())) == len(rows)
    assert ids_of(rows[::-1]) == ids
    assert ids_of([MEETING | {"name": "New Group"}, *rows]).items() >= ids.items()


def test_rows_of_a_list_without_ids_keep_theirs_in_any_order() -> None:
    head, lines = "name,lat,lon,beds", ["Quay House,39.1,-84.5,6", "Pier House,39.2,-84.5,8"]

    def ids(lines: list[str]) -> dict[str, str]:
        raw = "\n".join([head, *lines]).encode()
        houses = recovery_residences.parse(raw, ParseContext("houses.csv")).tables["resources"]
        return dict(zip(houses["name"], houses["resource_id"], strict=True))

    assert len(set(ids(lines).values())) == 2
    assert ids(lines[::-1]) == ids(lines)
