"""Geocoding services: their recorded answers, their limits, and that nothing but public places can reach them."""

import ast
import itertools
import json
import re
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli import main
from geo.errors import InputError, SourceError
from sources.adapter.public_address import PointsByAddress, PublicAddress
from sources.adapter.source import ParseContext
from sources.cleaning.report import BuildReport
from sources.places.geocoders import census, nominatim
from sources.region import build_region, geocode_inputs, list_regions, open_region
from sources.region.geocode_inputs import build_located, locate_public_places, public_addresses, with_located
from sources.region.inputs import InputFile, RegionInputs
from sources.region.update import last_changes
from sources.resources import located
from sources.web.http import Policy
from tests.sources.region.test_fetch_plan import CLINIC
from tests.sources.region.test_manage import osm_xml
from tests.sources.replay import Asked, Replay, Reply, json_reply, redirect

ROOT = Path(__file__).parents[3]
POLICY = Policy(connect_seconds=1, read_seconds=1, deadline_seconds=10, retries=2, backoff_seconds=0.01, loopback=True)


@pytest.fixture(autouse=True)
def online(monkeypatch: pytest.MonkeyPatch, own_home: Path) -> None:
    monkeypatch.delenv("RECOVERY_REACH_OFFLINE", raising=False)


def recorded(shared: Path, name: str) -> list[tuple[str, bytes]]:
    """Return (address asked, answer) of each exchange of a recording."""
    text = (shared / "feeds" / "census_geocoder" / name).read_text("utf-8")
    requests = []
    for exchange in re.split(r"(?m)^- request:", text)[1:]:
        uri = re.search(r"(?m)^    uri: (.+)$", exchange)
        body = re.search(r"(?s)    body: \{string: (?:!!python/unicode )?'(.*?)'\}\n", exchange)
        assert uri
        assert body
        # YAML's single-quoted style: a line break is a space, an empty line a line break, two quotes one
        plain = re.sub(r"(?<!\n)\n(?!\n) *", " ", body[1]).replace("''", "'")
        requests.append((uri[1], re.sub(r"\n\n *", "\n", plain).encode()))
    return requests


BATCH = [
    PublicAddress("4600 Silver Hill Rd", "SUITLAND", "20746"),
    PublicAddress("79 Wistful Vista", "Wistful Vista", ""),
    PublicAddress("3 Gramercy Park West", "New York", "10003"),
]


def test_the_recorded_batch_comes_in_another_order(shared: Path) -> None:
    raw = recorded(shared, "censusgeocode_address-batch.yaml")[0][1]
    # the recording numbers its rows from 1
    points = census.read_batch(raw, [PublicAddress("none", "none", ""), *BATCH])
    assert points == {PublicAddress("none", "none", ""): None, BATCH[0]: None, BATCH[1]: None} | {
        BATCH[2]: (-73.98658, 40.738323)
    }


def test_ties_other_codes_and_rows_that_nobody_asked_for_are_no_place() -> None:
    asked = [PublicAddress(f"{n} Main St", "Covington", "41011") for n in range(6)]
    raw = (
        '"5","x","Match","Non_Exact","5 MAIN ST, COVINGTON, KY, 41011","-84.51,39.08","1","L"\n'
        '"0","x","Tie"\n"9","x","Match","Exact","9 MAIN ST, COVINGTON, KY, 41011","-84.5,39.0","1","L"\n'
        '"1","x","Match","Exact","1 MAIN ST, NEWPORT, KY, 41071","-84.49,39.09","1","L"\n'
        '"2","x","Match","Exact","2 MAIN ST, COVINGTON, KY, 41011","nowhere","1","L"\n'
        '"3","x","Match","Exact","3 MAIN ST, COVINGTON, KY, 41011","-84.5,39.0","1","L"\n'
        '"3","x","Match","Exact","3 MAIN ST, COVINGTON, KY, 41011","-84.6,39.1","1","L"\n'
    )
    points = census.read_batch(raw.encode(), asked)
    assert [points[address] for address in asked] == [None, None, None, None, None, (-84.51, 39.08)]
    with pytest.raises(SourceError, match="another form"):
        census.read_batch(b"<html>busy</html>\n", asked)


def test_batches_hold_500_rows_and_a_busy_service_is_asked_again(replay: Replay) -> None:
    def answer(asked: Asked) -> Reply:
        rows = re.findall(rb"(?m)^(\d+),([^\n]*?),Covington,,41011$", asked.body)
        lines = [f'"{n.decode()}","x","Match","Exact","x, 41011","-84.5,39.{n.decode()}","1","L"' for n, _ in rows]
        return Reply("\n".join(reversed(lines)).encode())

    replay.on("/addressbatch", Reply(b"busy", 503), answer)
    asked = [PublicAddress(f"{n} Main St", "Covington", "41011") for n in range(1203)]
    pieces = list(census.locate(asked, POLICY, replay.address))
    assert [len(piece) for piece in pieces] == [500, 500, 203]
    assert len(replay.asked) == 4
    assert pieces[2][asked[1202]] == (-84.5, 39.202)
    assert b"Public_AR_Current" in replay.asked[1].body
    assert replay.asked[1].headers["user-agent"].startswith("RecoveryReach/")


def test_one_address_is_asked_alone_and_two_matches_are_none(shared: Path, replay: Replay) -> None:
    raw = recorded(shared, "censusgeocode_onelineaddress.yaml")[0][1]
    replay.on("/address", json_reply(raw.decode()))
    there = PublicAddress("1600 Pennsylvania Avenue NW", "Washington", "20500")
    ((point,),) = [list(piece.values()) for piece in census.locate([there], POLICY, replay.address)]
    match = json.loads(raw)["result"]["addressMatches"][0]
    agrees = match["matchedAddress"].endswith(" 20500")
    assert point == ((match["coordinates"]["x"], match["coordinates"]["y"]) if agrees else None)
    assert replay.asked[0].query["street"] == "1600 Pennsylvania Avenue NW"
    twice = {"result": {"addressMatches": [match, match]}}
    replay.on("/address", json_reply(json.dumps(twice)))
    assert list(census.locate([there], POLICY, replay.address)) == [{there: None}]
    replay.on("/address", json_reply('{"errors": ["busy"]}'))
    with pytest.raises(SourceError, match="addressMatches"):
        list(census.locate([there], POLICY, replay.address))


def test_addresses_are_not_sent_on_to_another_host(replay: Replay) -> None:
    replay.on("/addressbatch", redirect(f"{replay.address}/elsewhere"))
    with pytest.raises(SourceError, match="sends the question elsewhere"):
        list(census.locate(BATCH, POLICY, replay.address))
    assert [one.path for one in replay.asked] == ["/addressbatch"]


def house(code: str = "41011", **fields: object) -> dict[str, object]:
    facts = {"lon": "-84.51", "lat": "39.08", "addresstype": "building"} | fields
    return facts | {"address": {"house_number": "12", "postcode": code}}


def test_nominatim_is_asked_once_a_second() -> None:
    now, asked_at = 100.0, []

    def wait(seconds: float) -> None:
        nonlocal now
        now += seconds

    def clock() -> float:
        return now

    addresses = [PublicAddress(f"{n} Main St", "Covington", "41011") for n in range(4)]
    with pytest.MonkeyPatch.context() as patch:

        def fetch(url: str, policy: Policy) -> object:
            asked_at.append(now)
            assert "countrycodes=us" in url
            assert policy.backoff_seconds >= 1
            wait(0.3)
            return type("Answer", (), {"content": json.dumps([house()]).encode()})

        patch.setattr(nominatim, "fetch", fetch)
        points = list(nominatim.locate(addresses, POLICY, clock=clock, wait=wait))
    assert points == [{address: (-84.51, 39.08)} for address in addresses]
    assert all(later - sooner >= nominatim.SECONDS_APART for sooner, later in itertools.pairwise(asked_at))


@pytest.mark.parametrize(
    ("answer", "point"),
    [
        ([house()], (-84.51, 39.08)),
        ([house(), house()], None),
        ([house("45202")], None),
        ([{"lon": "1", "lat": "2", "addresstype": "road", "address": {"postcode": "41011"}}], None),
        ([7, house(lon="x")], None),
        ([], None),
    ],
)
def test_nominatim_counts_one_house_in_the_right_code(
    replay: Replay, answer: list[object], point: tuple[float, float] | None
) -> None:
    replay.on("/search", json_reply(json.dumps(answer)))
    there = PublicAddress("12 Main St", "Covington", "41011")
    assert list(nominatim.locate([there], POLICY, f"{replay.address}/search")) == [{there: point}]


def test_nominatims_other_answers_are_told(replay: Replay) -> None:
    replay.on("/search", json_reply("{}"))
    with pytest.raises(SourceError, match="no list"):
        list(nominatim.locate(BATCH[:1], POLICY, f"{replay.address}/search"))


def clinic_file(folder: Path, *codes: str) -> InputFile:
    path = folder / "nppes.json"
    rows = [json.loads(json.dumps(CLINIC).replace("41011", code)) | {"number": str(n)} for n, code in enumerate(codes)]
    path.write_text(json.dumps({"results": rows}))
    return InputFile(path, "resources", "nppes", "nppes")


def test_places_without_a_point_are_located_once_and_kept(replay: Replay, tmp_path: Path) -> None:
    file = clinic_file(tmp_path, "41011", "41014")
    (first, second) = public_addresses([file])
    assert (first.postal_code, second.postal_code) == ("41011", "41014")
    replay.on(
        "/addressbatch", Reply(b'"1","x","No_Match"\n"0","x","Match","Exact","x, 41011","-84.509,39.081","1","L"\n')
    )
    for _ in range(2):
        located_file = locate_public_places([file], "census", POLICY, tmp_path / "cache", replay.address)
        assert located_file
        assert located_file.stale is None
        parsed = located.parse(located_file.path.read_bytes(), ParseContext())
        assert (parsed.rows_in, len(parsed.tables["located"])) == (2, 1)
        look = located.locator(parsed.tables["located"], lambda *_: None)
        assert look(first.street, first.town, first.postal_code) == (-84.509, 39.081)
        assert look(second.street, second.town, second.postal_code) is None
    assert len(replay.asked) == 1


def test_a_service_that_fails_leaves_what_it_told_before(replay: Replay, tmp_path: Path) -> None:
    replay.on("/address", json_reply('{"result": {"addressMatches": []}}'))
    cache = tmp_path / "cache"
    locate_public_places([clinic_file(tmp_path, "41011")], "census", POLICY, cache, replay.address)
    replay.on("/address", Reply(b"gone", 500))
    both = clinic_file(tmp_path, "41011", "41014")
    located_file = locate_public_places([both], "census", POLICY, cache, replay.address)
    assert located_file
    assert "answers with" in str(located_file.stale)
    with pytest.raises(SourceError, match="answers with"):
        locate_public_places([clinic_file(tmp_path, "41099")], "census", POLICY, tmp_path / "new", replay.address)
    with pytest.raises(InputError, match="census, nominatim"):
        locate_public_places([both], "somewhere", POLICY, cache)


def test_a_region_is_built_with_what_a_service_located(replay: Replay, tmp_path: Path) -> None:
    (tmp_path / "town.osm").write_text(osm_xml(), "utf-8")
    file = clinic_file(tmp_path, "41011")
    match = {"matchedAddress": "x, 41011", "coordinates": {"x": -84.509, "y": 39.081}}
    replay.on("/address", json_reply(json.dumps({"result": {"addressMatches": [match]}})))
    inputs = RegionInputs(tmp_path / "town.osm", resources=(file.path,))
    assert build_region("without", inputs).totals["resources"] == 1  # the map's library alone
    with_points = with_located(inputs, "census", POLICY, tmp_path / "cache", replay.address)
    assert build_region("with", with_points).totals["resources"] == 3  # the clinic is two kinds of support
    row = open_region("with").resources.set_index("source").loc["nppes"].iloc[0]
    assert (row["lon"], row["lat"], row["location_precision"]) == (-84.509, 39.081, "street")
    assert "located" in {entry["source"] for entry in open_region("with").facts.sources}


HOUSES = "name,address,city,zip,lat,lon\nLark,12 Oak Street,Quay,41011,,\nWren,99 Nowhere Lane,Quay,41011,,\n"


@pytest.fixture
def census_asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the streets that the census is asked for, which it places all at one point; `Broken Lane` breaks it."""
    streets: list[str] = []

    def census(addresses: list[PublicAddress], _policy: Policy, _endpoint: str) -> Iterator[PointsByAddress]:
        streets.extend(address.street for address in addresses)
        if any("Broken" in address.street for address in addresses):
            raise SourceError("The census doesn't answer.")
        yield dict.fromkeys(addresses, (-84.509, 39.081))

    monkeypatch.setitem(geocode_inputs.SERVICES, "census", census)
    return streets


def build_quay(folder: Path, houses: str) -> BuildReport:
    (folder / "houses.csv").write_text(houses, "utf-8")
    inputs = RegionInputs(osm=folder / "town.osm", resources=(f"recovery_residence={folder / 'houses.csv'}",))
    return build_located("quay", inputs, "census", POLICY, folder / "cache", lambda _share, _text: None)


def test_a_region_is_built_at_once_by_its_own_map_as_it_will_be(tmp_path: Path, census_asked: list[str]) -> None:
    (tmp_path / "town.osm").write_text(osm_xml().replace("Oak Street", "Yew Street"), "utf-8")
    build_quay(tmp_path, HOUSES)
    assert last_changes("quay") is None  # no half build is kept as the one before
    assert census_asked == ["12 Oak Street", "99 Nowhere Lane"]
    assert {"Lark", "Wren"} <= set(open_region("quay").resources["name"])
    census_asked.clear()
    whole = '<tag k="addr:postcode" v="41011"/><tag k="addr:city" v="Quay"/></node>'
    (tmp_path / "town.osm").write_text(
        osm_xml().replace("</node>", whole, 1), "utf-8"
    )  # the new map knows 12 Oak Street
    (tmp_path / "cache" / "geocoded-census" / "known.json").unlink()
    report = build_quay(tmp_path, HOUSES)
    assert census_asked == ["99 Nowhere Lane"]
    assert report.redone is not None
    assert "streets" in report.redone
    changed = last_changes("quay")
    assert changed is not None
    assert set(changed.places["name"]) <= {"Lark", "Quay Library"}  # compared with the build before, not the half one
    assert not (tmp_path / "cache" / "unlocated-quay").exists()


def test_a_service_that_can_not_be_asked_leaves_the_region_as_it_was(tmp_path: Path, census_asked: list[str]) -> None:
    (tmp_path / "town.osm").write_text(osm_xml(), "utf-8")
    broken = HOUSES.replace("Nowhere", "Broken").replace("Oak", "Broken")
    with pytest.raises(SourceError, match="doesn't answer"):
        build_quay(tmp_path, broken)
    assert list_regions() == []
    before = build_quay(tmp_path, HOUSES).region_hash
    with pytest.raises(SourceError, match="doesn't answer"):
        build_quay(tmp_path, broken)
    assert open_region("quay").facts.region_hash == before


def test_a_service_that_there_is_none_of_is_refused_before_anything_is_asked(
    demo_region: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (("locate", demo_region, "--service", "bing"), ("build", "x", "Quay", "--geocode", "bing")):
        monkeypatch.setattr(sys, "argv", ["recovery-reach", "region", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 2
        assert "'bing' is no geocoding service; known are census, nominatim" in capsys.readouterr().err


def test_only_files_of_resources_lead_to_a_geocoding_service() -> None:
    """By imports: only `geocode_inputs` knows the services, and only the building of regions knows `geocode_inputs`."""
    may = {
        "sources.places.geocoders": {"sources/region/geocode_inputs.py"},
        "sources.region.geocode_inputs": {
            "commands/regions.py",
            "sources/region/fetch_and_build.py",
            "sources/region/update.py",
        },
    }
    may["sources.places.geocoders"] |= {"sources/resources/located.py"}  # the form of an answer, no service
    may["sources.places.geocoders"] |= {
        "sources/places/place_lookup.py"
    }  # the public name of a region's place, no address of anyone
    for path in [
        *ROOT.glob("*.py"),
        *(
            p
            for room in ("geo", "sources", "people", "layers", "screens", "commands")
            for p in (ROOT / room).rglob("*.py")
        ),
    ]:
        name = path.relative_to(ROOT).as_posix()
        if name.startswith("sources/places/geocoders/"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            modules += [f"{node.module}.{a.name}" for a in node.names] if isinstance(node, ast.ImportFrom) else []
            modules += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for room, allowed in may.items():
                if any(module == room or module.startswith(f"{room}.") for module in modules):
                    assert name in allowed, f"{name} imports {room}"
    located_imports = (ROOT / "sources/resources/located.py").read_text("utf-8")
    assert "geocoders.census" not in located_imports
    assert "geocoders.nominatim" not in located_imports
    assert set(geocode_inputs.SERVICES) == {"census", "nominatim"}


def test_an_address_that_a_person_types_asks_nobody(
    demo_region: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("An address was sent.")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(
        sys, "argv", ["recovery-reach", "score", demo_region, "--at", "99999 Nowhere Street, Elsewhere"]
    )
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "No place in the region is called" in capsys.readouterr().err


def test_what_the_regions_own_map_knows_is_sent_to_nobody(replay: Replay, tmp_path: Path) -> None:
    file = clinic_file(tmp_path, "41011", "41014")

    def at_home(_street: str, _town: str, code: str) -> tuple[float, float] | None:
        return (-84.5, 39.1) if code == "41011" else None

    assert [address.postal_code for address in public_addresses([file], at_home)] == ["41014"]
    replay.on("/address", json_reply('{"result": {"addressMatches": []}}'))
    locate_public_places([file], "census", POLICY, tmp_path / "cache", replay.address, at_home)
    assert "41014" in str(replay.asked)
    assert "41011" not in str(replay.asked)
