"""Places whose addresses aren't public: nobody is asked about them, and no table tells where they are."""

import json

import pytest

from sources.adapter.source import ParseContext, Source
from sources.cleaning.report import Parsed, count
from sources.resources import bmlt, hrsa, hsds, job_centers, mash, meeting_guide, nppes, oxford_house, table
from sources.resources import recovery_residences as residences

X, Y = "Geocoding Artifact Address Primary X Coordinate", "Geocoding Artifact Address Primary Y Coordinate"
SHELTER = "Haven Domestic Violence Shelter"


def asked(source: Source, raw: bytes, name: str) -> list[tuple[str, str, str]]:
    """Return the addresses that a parser looks up."""
    addresses: list[tuple[str, str, str]] = []

    def listen(street: str, town: str, code: str) -> None:
        addresses.append((street, town, code))

    assert source.parse is not None
    count(source.parse(raw, ParseContext(name, category="transitional_housing", locate=listen)))
    return addresses


def in_json(document: object) -> bytes:
    return json.dumps(document).encode()


def lists(name: str) -> list[tuple[Source, bytes]]:
    """Return a list of each source with one place of that name, without coordinates."""
    service = {"id": "1", "name": f"{name} food pantry", "status": "active"}
    place = {"addresses": [{"address_1": "1 Main St", "city": "Quay", "postal_code": "41011"}]}
    meeting = {
        "name": "Dawn",
        "location": name,
        "day": 1,
        "time": "07:00",
        "formatted_address": "1 Main St, Quay, KY 41011",
    }
    na = {
        "meeting_name": "Dawn", "weekday_tinyint": 2, "start_time": "07:00", "duration_time": "01:00",
        "location_text": name, "location_street": "1 Main St", "location_municipality": "Quay",
    }  # fmt: skip
    basic, address = (
        {"organization_name": name},
        {"address_purpose": "LOCATION", "address_1": "1 Main St", "city": "Quay"},
    )
    npi = {"enumeration_type": "NPI-2", "basic": basic, "addresses": [address], "taxonomies": [{"code": "261QM2800X"}]}
    center = {"Name": name, "Address1": "1 Main St", "City": "Quay", "Zip": "41011"}
    site = f'Site Name,Site Status Description,Site Address,Site City,{X},{Y}\n"{name}",Active,1 Main St,Quay,,\n'
    return [
        (table.SOURCE, f'name,address,city,lat,lon\n"{name}",1 Main St,Quay,,\n'.encode()),
        (residences.SOURCE, f'name,address,city\n"{name}",1 Main St,Quay\n'.encode()),
        (oxford_house.SOURCE, f'House,Address,City,State\n"{name}",1 Main St,Quay,KY\n'.encode()),
        (hrsa.SOURCE, site.encode()),
        (job_centers.SOURCE, in_json({"OneStopCenterList": [center]})),
        (mash.SOURCE, in_json([{"Name": name, "Address1": "1 Main St", "CityName": "Quay", "Home_ServesType": ""}])),
        (nppes.SOURCE, in_json({"results": [npi]})),
        (hsds.SOURCE, in_json([service | {"service_at_locations": [{"location": place}]}])),
        (meeting_guide.SOURCE, in_json([meeting])),
        (bmlt.SOURCE, in_json([na])),
    ]  # fmt: skip


@pytest.mark.parametrize("number", range(10))
def test_no_address_of_a_confidential_place_is_looked_up(number: int) -> None:
    for name, public in (("Quay House", True), (SHELTER, False), ("Undisclosed location", False)):
        source, raw = lists(name)[number]
        assert bool(asked(source, raw, f"list.{'csv' if raw[:1] not in b'[{' else 'json'}")) == public, source.name


def test_a_table_tells_by_its_kind_and_its_precision_that_a_place_is_confidential() -> None:
    head = "name,category,address,city,lat,lon,location_precision\n"
    for cells in (
        "Haven,Domestic violence shelter,1 Main St,Quay,,,",
        "Haven,transitional housing,1 Main St,Quay,,,hidden",
    ):
        assert asked(table.SOURCE, f"{head}{cells}\n".encode(), "list.csv") == []


def test_a_hidden_place_keeps_neither_point_nor_address() -> None:
    head = "name,category,address,city,lat,lon,location_precision,phone"
    raw = f"{head}\n,food,1 Main St,Quay,39.1,-84.5,hidden,859-555-0100\n".encode()
    row = table.parse(raw, ParseContext("list.csv")).tables["resources"].iloc[0]
    assert row[["lon", "lat", "address"]].isna().all()
    assert (row["name"], row["phone"]) == ("Food", "859-555-0100")


def joined(**fields: object) -> Parsed:
    meeting = {
        "day": 1,
        "time": "07:00",
        "conference_url": "https://zoom.us/j/1",
        "latitude": "39.1",
        "longitude": "-84.5",
    }
    return meeting_guide.parse(in_json([meeting | fields]), ParseContext("m.json"))


@pytest.mark.parametrize("address", ["1 Main St, Quay, KY 41011, USA", "Address not disclosed, Quay, KY"])
def test_a_confidential_meeting_that_can_be_joined_says_nothing_of_its_place(address: str) -> None:
    row = joined(location=SHELTER, formatted_address=address).tables["resources"].iloc[0]
    assert (row["name"], row["attendance"], row["location_precision"]) == ("AA meeting", "online", "hidden")
    assert row[["lon", "lat", "address"]].isna().all()
    na = {
        "weekday_tinyint": 2, "start_time": "07:00", "duration_time": "01:00", "location_text": SHELTER,
        "location_street": address, "virtual_meeting_link": "https://zoom.us/j/1", "latitude": "39.1",
        "longitude": "-84.5",
    }  # fmt: skip
    row = bmlt.parse(in_json([na]), ParseContext("m.json")).tables["resources"].iloc[0]
    assert (row["name"], row["attendance"], row["location_precision"]) == ("NA meeting", "online", "hidden")
    assert row[["lon", "lat", "address"]].isna().all()


def test_a_meeting_without_name_goes_by_the_place_where_one_may_go() -> None:
    row = (
        joined(location="St. Mary Hall", formatted_address="1 Main St, Quay, KY 41011, USA").tables["resources"].iloc[0]
    )
    assert row["name"] == "St. Mary Hall"
