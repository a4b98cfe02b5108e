"""Contacts of persons are taken out of what a region keeps, whatever the form; everything else stays as it was."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.adapter.source import ParseContext
from sources.cleaning.redaction import is_private, without_contacts
from sources.formats.csv_text import read_csv
from sources.formats.json_strict import read_json
from sources.formats.zip_archive import pack, unzip
from sources.region import RegionInputs, build_region, open_region
from sources.registry import redact_contacts
from sources.resources import bmlt, hsds
from tests.sources.region.test_manage import osm_xml
from tests.sources.resources.test_residence_lists import HOME, PAGE
from tests.sources.test_mutations import sample_paths


@pytest.mark.parametrize(
    "name",
    [
        "contact_1_name", "Contact Email", "email", "GeneralEmail", "feedback_emails", "PublicContacts", "VeteranRep",
        "authorized_official_last_name", "Manager Phone", "First Name", "Executive Director", "contacts",
        "site_contact", "Cell Phone", "home_phone", "director_last_name", "President Name", "GSR phone",
        "contact:email",
    ],
)  # fmt: skip
def test_names_of_persons(name: str) -> None:
    assert is_private(name)


@pytest.mark.parametrize(
    "name",
    [
        "name", "phone", "conference_phone", "Site Name", "authority", "directory", "directions", "last_modified",
        "url", "organization_name", "name1", "contact_url", "operator", "meeting_name", "location_street", "phones",
        "Managed by", "mobile", "contact:phone", "contact:website", "housephone",
    ],
)  # fmt: skip
def test_names_of_places(name: str) -> None:
    assert not is_private(name)


def test_real_samples_parse_to_the_same_tables(shared: Path) -> None:
    for name, paths in sample_paths(shared).items():
        for path in paths[:2]:
            raw = path.read_bytes()
            kept = redact_contacts(name, raw, path.name)
            if path.suffix == ".csv":
                before, after = read_csv(raw, path.name), read_csv(kept, path.name)
                assert [{k: v for k, v in row.items() if not is_private(k)} for row in before] == after
            elif path.suffix == ".json":
                text = json.dumps(read_json(kept, path.name))
                assert not [word for word in ('"contact_1_name"', '"authorized_official', '"email"') if word in text]


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        (b'[{"name":"x","email":"a@b"}]', b'[{"name":"x"}]'),
        (b'{"a":[{"contacts":[1],"n":1.50}]}\n{"b":2}\n', b'{"a":[{"n":1.5}]}\n{"b":2}\n'),
        (b"Name;Contact Name;Lat\nx;Ann;1\n;;\ny\n", b"Name;Lat\nx;1\ny\n"),
        (b'[ {"name" : 1.50} ]', b'[ {"name" : 1.50} ]'),
        (b"Name,Lat\nx,1\n", b"Name,Lat\nx,1\n"),
        (b"[{", b"[{"),
        (b"", b""),
        (b"<html>", b"<html>"),
    ],
)
def test_only_what_holds_persons_is_rewritten(raw: bytes, kept: bytes) -> None:
    assert without_contacts(raw, "x") == kept


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ('[{"notes":"Call A. 555-123-4567 or a.b@e.org","day":1}]', '[{"notes":"Call A. … or …","day":1}]'),
        ('[{"notes":"Room 12, 7:00-8:00, id 822 3702 2594"}]', '[{"notes":"Room 12, 7:00-8:00, id 822 3702 2594"}]'),
        ('[{"phone":"555-123-4567","conference_phone":"555-123-4567"}]', '[{"conference_phone":"555-123-4567"}]'),
        ('{"meetings":[{"comments":"(555) 123-4567"}],"x":[1]}', '{"meetings":[{"comments":"…"}],"x":[1]}'),
        ('[{"notes":{"email":"a"}},3,null]', "[{},3,null]"),
        (
            "name,day,Group Notes,Phone\nx,1,1st Friday only (555) 123-4567,1\n",
            "name,day,Group Notes\nx,1,1st Friday only …\n",
        ),
    ],
)
def test_members_of_meetings_are_not_told_by_notes(raw: str, kept: str) -> None:
    for name in ("meeting_guide", "bmlt"):
        assert redact_contacts(name, raw.encode(), "x").decode() == kept


@pytest.mark.parametrize("field", ["notes", "conference_phone_notes", "conference_url_notes", "location_notes"])
@pytest.mark.parametrize(
    ("note", "kept"),
    [
        ("(859)555-0123", "…"), ("859.555.0123 ext 4", "…"), ("1-859-555-0123x12", "…"), ("859 - 555 - 0123", "…"),
        ("+1 (859) 555-0123, ext. 4 or a@b.org", "… or …"), ("859–555–0123", "…"),
        ("text 8595550123", "text …"), ("Bob, 555-0123.", "Bob, …."),
        ("Call Ann Example at 859/555-0123", "Call … at …"), ("Contact: Ann E. (859) 555 0123", "Contact: … …"),
        ("Meeting ID: 812 3456 7890", "Meeting ID: 812 3456 7890"), ("Call In Number below", "Call In Number below"),
        ("10:00-11:00, Room 110-112", "10:00-11:00, Room 110-112"), ("Since 1999-2004, ID 8123456789", ) * 2,
    ],
)  # fmt: skip
def test_every_form_of_a_number_goes_from_every_note(field: str, note: str, kept: str) -> None:
    raw = json.dumps([{field: note}], ensure_ascii=False).encode()
    assert json.loads(redact_contacts("meeting_guide", raw, "x")) == [{field: kept}]
    table = redact_contacts("meeting_guide", f'name,day,{field}\nx,1,"{note}"\n'.encode(), "x")
    assert read_csv(table, "x")[0][field] == kept


def test_what_is_told_of_joining_online_loses_numbers_and_stays_a_way_in() -> None:
    row = {
        "meeting_name": "Dawn", "weekday_tinyint": "2", "start_time": "19:00:00", "duration_time": "01:00:00",
        "venue_type": "2", "virtual_meeting_additional_info": "Zoom ID: 859 555 0123, call Ann Example (859)555-0123",
    }  # fmt: skip
    kept = redact_contacts("bmlt", json.dumps([row]).encode(), "x.json")
    assert b"555" not in kept
    assert b"Example" not in kept
    parsed = bmlt.parse(kept, ParseContext("x.json"))
    assert parsed.tables["resources"]["attendance"].tolist() == ["online"]


def test_numbers_of_persons_are_no_numbers_of_a_service() -> None:
    phones = [{"number": "859-555-0100", "contact_id": "c"}, {"number": "859-555-0199", "contact_id": ""}]
    place = {"latitude": 39.1, "longitude": -84.5}
    service = {"id": "1", "name": "Quay Food Pantry", "status": "active", "phones": phones}
    raw = json.dumps([service | {"service_at_locations": [{"location": place}]}]).encode()
    tables = {
        "services.csv": "id,name,status\n1,Quay Food Pantry,active\n",
        "locations.csv": "id,latitude,longitude\n1,39.1,-84.5\n",
        "service_at_location.csv": "id,service_id,location_id\n1,1,1\n",
        "phones.csv": "id,service_id,contact_id,number\n1,1,c,859-555-0100\n2,1,,859-555-0199\n",
    }
    packed = pack({name: text.encode() for name, text in tables.items()})
    for list_ in (raw, packed):
        kept = redact_contacts("hsds", list_, "x.json")
        assert b"0100" not in (unzip(kept, "x")["phones.csv"] if list_ is packed else kept)
        for read in (list_, kept):
            resources = hsds.parse(read, ParseContext("x.json")).tables["resources"]
            assert resources["phone"].tolist() == ["859-555-0199"]


def test_a_region_keeps_no_contacts_not_even_raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECOVERY_REACH_HOME", str(tmp_path / "home"))
    (tmp_path / "town.osm").write_text(osm_xml(), "utf-8")
    (tmp_path / "mash.json").write_text(json.dumps([HOME]))
    (tmp_path / "oxford.html").write_text(PAGE)
    (tmp_path / "pharmacies.csv").write_text("name,contact person,lat,lon\nQuay,Ann Example,39.081,-84.509\n")
    lists = tuple(tmp_path / name for name in ("mash.json", "oxford.html", "pharmacies.csv"))
    report = build_region("quay", RegionInputs(tmp_path / "town.osm", resources=lists))
    assert [source.counts.rows_in for source in report.sources if source.counts][1:4] == [1, 3, 1]
    folder = open_region("quay").folder
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not [word for word in (b"Ann Example", b"555-0100", b"ann@") if word in content], path


anything: Any = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "email", "contact", "a", "authority"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(anything)
def test_no_document_keeps_a_person_and_twice_is_once(document: Any) -> None:
    once = without_contacts(json.dumps([document]).encode(), "x")
    assert b'"email"' not in once
    assert b'"contact"' not in once
    assert without_contacts(once, "x") == once
