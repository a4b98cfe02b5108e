"""Job openings: invented records in the documented shapes of USAJOBS and Adzuna; a layer, never the score."""

import copy
import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from geo.errors import InputError, SourceError
from geo.tables import OPENINGS, validate
from sources.adapter.source import FetchContext, ParseContext
from sources.cleaning.bounds import Bounds
from sources.cleaning.report import Parsed, count
from sources.region import RegionInputs, build_region, open_region
from sources.registry import recognize
from sources.resources import adzuna, usajobs
from sources.web.http import Policy
from tests.sources.region.test_manage import osm_xml
from tests.sources.replay import Asked, Replay, Reply, json_reply

POLICY = Policy(connect_seconds=1, read_seconds=1, deadline_seconds=10, retries=0, loopback=True)
HERE = Bounds(-84.7, 38.9, -84.3, 39.2)
KEYS = {
    usajobs.EMAIL: "asker@example.org",
    usajobs.KEY: "secret-key",
    adzuna.APP_ID: "secret-id",
    adzuna.APP_KEY: "secret-app-key",
}


@pytest.fixture(autouse=True)
def online(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RECOVERY_REACH_OFFLINE", raising=False)


def announcement(number: int, **fields: Any) -> dict[str, Any]:
    described = {
        "PositionID": f"INVENTED-{number}",
        "PositionTitle": "Food Service Worker",
        "PositionURI": f"https://www.usajobs.gov/job/{number}",
        "PositionLocation": [
            {"LocationName": "Covington, Kentucky", "Longitude": -84.51, "Latitude": 39.08},
            {"LocationName": "Far Away, Alaska", "Longitude": -150.0, "Latitude": 61.0},
            {"LocationName": "Newport, Kentucky", "Longitude": -84.49, "Latitude": 39.09},
        ],
        "OrganizationName": "Invented Agency",
        "PositionSchedule": [{"Name": "Part-time", "Code": "2"}],
        "PositionRemuneration": [{"MinimumRange": "17.5", "MaximumRange": "20.1", "RateIntervalCode": "PH"}],
        "PublicationStartDate": "2026-11-01T00:00:00.0000",
        "ApplicationCloseDate": "2026-12-01T23:59:59.9970",
        "UserArea": {"Details": {"AgencyContactEmail": "ann@example.org", "AgencyContactPhone": "555-0100"}},
    } | fields
    return {"MatchedObjectId": str(number), "MatchedObjectDescriptor": described}


def federal(*items: Any, **context: Any) -> Parsed:
    raw = json.dumps({"SearchResult": {"SearchResultItems": items}}).encode()
    parsed = usajobs.parse(raw, ParseContext("usajobs.json", bounds=HERE, **context))
    validate(parsed.tables["openings"], OPENINGS)
    count(parsed)
    return parsed


def test_a_job_is_one_opening_for_each_place_of_the_region() -> None:
    parsed = federal(announcement(1), announcement(1), retrieved_on="2026-11-26")
    openings = parsed.tables["openings"]
    assert openings["opening_id"].tolist() == ["usajobs:1", "usajobs:1#2"]
    assert openings["place"].tolist() == ["Covington, Kentucky", "Newport, Kentucky"]
    row = openings.iloc[0]
    assert (row["pay_from_usd"], row["pay_to_usd"], row["pay_period"], row["hours"]) == (
        17.5,
        20.1,
        "hour",
        "part_time",
    )
    assert (row["posted_on"], row["closes_on"]) == ("2026-11-01", "2026-12-01")
    assert (row["location_precision"], row["retrieved_on"]) == ("approximate", "2026-11-26")
    assert parsed.set_aside["code"].tolist() == ["duplicate"]
    assert parsed.tables["resources"].empty
    assert parsed.tables["sessions"].empty


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"PositionTitle": None}, "no_title"),
        ({"PositionLocation": []}, "no_point"),
        ({"PositionLocation": [{"Longitude": -150.0, "Latitude": 61.0}]}, "outside_region"),
        ({"ApplicationCloseDate": "2026-11-25"}, "closed"),
    ],
)
def test_what_can_not_be_offered_is_set_aside(fields: dict[str, Any], code: str) -> None:
    assert federal(announcement(1, **fields), retrieved_on="2026-11-26").set_aside["code"].tolist() == [code]


def test_pay_is_put_in_order_and_unknown_periods_are_counted() -> None:
    pay = [{"MinimumRange": 30, "MaximumRange": 20, "RateIntervalCode": "PX"}]
    parsed = federal(announcement(1, PositionRemuneration=pay))
    row = parsed.tables["openings"].iloc[0]
    assert (row["pay_from_usd"], row["pay_to_usd"]) == (20, 30)
    assert pd.isna(row["pay_period"])
    assert set(parsed.set_aside["code"]) == {"pay_order", "unknown_code"}
    pieces = federal(announcement(1, PositionRemuneration=[pay[0] | {"MinimumRange": 10, "RateIntervalCode": "PW"}]))
    assert pd.isna(pieces.tables["openings"]["pay_period"].iloc[0])  # piece work, which isn't pay by the week
    assert not len(pieces.set_aside)


def test_federal_openings_are_fetched_without_staff_or_key(replay: Replay) -> None:
    items = [announcement(n) for n in range(300)]

    def answer(asked: Asked) -> Reply:
        size, page = int(asked.query["ResultsPerPage"]), int(asked.query["Page"])
        rows = items[(page - 1) * size : page * size]
        return json_reply(json.dumps({"SearchResult": {"SearchResultItems": rows, "SearchResultCountAll": 300}}))

    replay.on("/api/search", answer)
    asked = FetchContext(POLICY, f"{replay.address}/api/search", HERE, town="Covington, Kentucky", keys=KEYS)
    (document,) = usajobs.fetch(asked).values()
    assert [one.query["Page"] for one in replay.asked] == ["1", "2"]
    assert replay.asked[0].query["LocationName"] == "Covington, Kentucky"
    assert int(replay.asked[0].query["Radius"]) == 15  # 24.0 km are 14.9 miles
    assert replay.asked[0].headers["authorization-key"] == "secret-key"
    assert replay.asked[0].headers["user-agent"] == "asker@example.org"
    assert not [word for word in (b"ann@", b"0100", b"secret", b"asker") if word in document.content]
    assert "secret" not in document.url
    assert usajobs.parse(document.content, ParseContext("f", bounds=HERE)).rows_in == 300
    assert recognize(Path("jobs.json"), "resources", document.content[:65_536]).name == "usajobs"


def job(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "id": str(number),
        "title": "<strong>Cook</strong>",
        "company": {"display_name": "Invented Diner"},
        "location": {"display_name": "Covington, Kenton County", "area": ["US", "Kentucky"]},
        "latitude": 39.08,
        "longitude": -84.51,
        "created": "2026-11-20T10:00:00Z",
        "redirect_url": "https://www.adzuna.com/land/ad/1",
        "contract_time": "full_time",
        "salary_min": 30000,
        "salary_max": 32000.5,
        "salary_is_predicted": "1",
        "description": "Call Ann at 555-0100",
    } | fields


def private(*rows: Any) -> Parsed:
    parsed = adzuna.parse(json.dumps({"results": rows}).encode(), ParseContext("adzuna.json", bounds=HERE))
    validate(parsed.tables["openings"], OPENINGS)
    count(parsed)
    return parsed


def test_an_opening_of_the_search_service() -> None:
    parsed = private(job(1), job(2, contract_time="gig"), job(3, latitude=None), job(4, title=""), 5)
    row = parsed.tables["openings"].iloc[0]
    assert (row["title"], row["employer"], row["hours"]) == ("Cook", "Invented Diner", "full_time")
    assert (row["pay_to_usd"], row["pay_period"], row["pay_is_estimated"]) == (32000.5, "year", True)
    assert parsed.set_aside["code"].tolist() == ["no_point", "no_title", "not_an_object", "unknown_code"]


def test_long_ids_that_begin_alike_are_different_jobs() -> None:
    ids = [f"https://jobs.example.org/{'a' * 200}/{number}" for number in (1, 2, 1)]
    parsed = private(*(job(number, id=one) for number, one in enumerate(ids)))
    kept = parsed.tables["openings"]["opening_id"]
    assert (len(set(kept)), parsed.set_aside["code"].tolist()) == (2, ["duplicate"])
    assert kept.str.startswith("adzuna:https://jobs.example.org/aaa").all()


def test_openings_of_the_search_service_are_fetched_without_words_or_key(replay: Replay) -> None:
    jobs = [job(n) for n in range(60)]

    def answer(asked: Asked) -> Reply:
        page = int(asked.path.rsplit("/", 1)[1].split("?")[0])
        return json_reply(json.dumps({"results": jobs[(page - 1) * 50 : page * 50], "count": 60}))

    for page in ("1", "2", "3"):
        replay.on(f"/search/{page}", answer)
    asked = FetchContext(POLICY, f"{replay.address}/search", HERE, town="Covington", keys=KEYS)
    (document,) = adzuna.fetch(asked).values()
    assert len(replay.asked) == 2
    assert replay.asked[0].query["distance"] == "25"
    assert not [word for word in (b"Ann", b"0100", b"secret") if word in document.content]
    assert "secret" not in document.url
    assert adzuna.parse(document.content, ParseContext("f")).rows_in == 60


@pytest.mark.parametrize("source", [usajobs, adzuna])
def test_openings_need_a_key_and_a_town(source: Any) -> None:
    with pytest.raises(SourceError, match=re.escape("skipped: it needs a free")):
        source.fetch(FetchContext(POLICY, bounds=HERE, town="Covington"))
    with pytest.raises(InputError, match="--town"):
        source.fetch(FetchContext(POLICY, bounds=HERE, keys=KEYS))
    with pytest.raises(SourceError, match=r"f should hold|f answers without"):
        source.parse(b"[]", ParseContext("f"))


def test_a_region_keeps_openings_apart_from_what_the_score_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECOVERY_REACH_HOME", str(tmp_path / "home"))
    (tmp_path / "town.osm").write_text(osm_xml(), "utf-8")
    near = copy.deepcopy(announcement(1))
    near["MatchedObjectDescriptor"]["PositionLocation"] = [{"Longitude": -84.508, "Latitude": 39.082}]
    (tmp_path / "usajobs.json").write_text(json.dumps({"SearchResult": {"SearchResultItems": [near]}}))
    report = build_region("quay", RegionInputs(tmp_path / "town.osm", resources=(tmp_path / "usajobs.json",)))
    assert report.totals["openings"] == 1
    region = open_region("quay")
    assert region.openings["title"].tolist() == ["Food Service Worker"]
    assert "usajobs" not in set(region.resources["source"])
