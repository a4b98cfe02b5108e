"""Block groups of the American Community Survey: what is asked, what is read, and how it joins zones of other files."""

import json
from typing import Any

import pytest

from geo.equity.gaps import left_out
from geo.errors import InputError, SourceError
from geo.tables import ZONES, validate
from sources.adapter.source import FetchContext, ParseContext
from sources.cleaning.report import count
from sources.web.http import Policy
from sources.zones import acs, vulnerability
from sources.zones.combine import combine
from tests.sources.replay import Replay, Reply, json_reply
from tests.sources.zones.test_zones import outlines, square

POLICY = Policy(connect_seconds=1, read_seconds=2, deadline_seconds=10, retries=0, loopback=True)
KEYS = {acs.KEY: "our key"}
JAM = "-666666666"


@pytest.fixture(autouse=True)
def online(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RECOVERY_REACH_OFFLINE", raising=False)


def answer(*groups: dict[str, str]) -> list[list[str]]:
    """Return an answer of the API: `place` is a block group's GEOID, other cells hold 10 where nothing is said."""
    rows = []
    for group in groups:
        place = group["place"]
        cells = [group.get(name, "1000" if name.endswith("_001E") else "10") for name in acs.VARIABLES]
        rows.append([*cells, place[:2], place[2:5], place[5:11], place[11:]])
    return [[*acs.VARIABLES, "state", "county", "tract", "block group"], *rows]


def parsed(*groups: dict[str, str]) -> Any:
    return acs.parse(json.dumps(answer(*groups)).encode(), ParseContext("acs.json", source="acs"))


def test_shares_are_of_the_cells_that_the_bureau_names() -> None:
    assert len(acs.VARIABLES) <= 50
    table = parsed(
        {
            "place": "010010001001", "B19013_001E": "41000", "B25044_001E": "400", "B25044_003E": "20",
            "B25044_010E": "80", "C17002_001E": "900", "C17002_002E": "45", "C17002_003E": "90", "B27010_001E": "500",
            "B27010_033E": "70", "B02001_003E": "250", "B03002_012E": "125",
        }
    )  # fmt: skip
    (row,) = table.tables["block_groups"].to_dict("records")
    assert row["zone_id"] == "010010001001"
    assert row["income_usd"] == 41000
    assert (row["no_car_percent"], row["poverty_percent"], row["uninsured_percent"]) == (25.0, 15.0, 20.0)
    assert (row["under_18_percent"], row["over_64_percent"]) == (8.0, 12.0)  # of eight and of twelve cells
    assert (row["black_percent"], row["hispanic_percent"], row["white_percent"]) == (25.0, 12.5, 1.0)


def test_codes_for_no_data_are_none_and_no_row_is_lost() -> None:
    groups = [
        {"place": "010010001001", "B19013_001E": JAM, "B25044_010E": JAM},
        {"place": "010010001002", "C17002_001E": "0"},
        {"place": "010010001001"},
        {"place": "0100100010"},
    ]
    raw = json.dumps([*answer(*groups), ["1"], "x", None])
    table = acs.parse(raw.encode(), ParseContext("acs.json"))
    counts = count(table)
    assert (counts.rows_in, counts.kept, counts.repaired, counts.set_aside) == (7, 1, 1, 5)
    first, second = table.tables["block_groups"].to_dict("records")
    assert first["income_usd"] != first["income_usd"]
    assert first["no_car_percent"] != first["no_car_percent"]
    assert first["poverty_percent"] == 2.0
    assert second["poverty_percent"] != second["poverty_percent"]  # of nobody
    for other in ("{}", "[]", '[["B19013_001E"]]', '["x"]', "[[[]]]"):
        with pytest.raises(SourceError, match="block groups"):
            acs.parse(other.encode(), ParseContext("x.json"))


def test_the_closest_that_is_told_of_a_zone_holds() -> None:
    shapes = outlines(
        square("010010001001000", -84.5, POP20=400),
        square("010010001002000", -84.4, POP20=200),
        square("010010002001000", -84.3, POP20=100),
    )
    svi = b"FIPS,RPL_THEMES,EP_UNINSUR,EP_NOVEH\n01001000100,0.5,9,12.5\n01001000200,0.6,8,11\n"
    tracts = vulnerability.parse(svi, ParseContext("Alabama.csv", source="svi"))
    groups = parsed(
        {"place": "010010001001", "B02001_003E": "250"},
        {"place": "010010001002", "B25044_010E": JAM},
        {"place": "010990001002"},
    )
    for order in ([shapes, groups, tracts], [tracts, shapes, groups]):
        both = combine(["a", "b", "c"], order, None)
        for part in both.parts:
            count(part)
        zones = validate(both.zones, ZONES)
        assert zones["no_car_percent"].tolist() == [2.0, 12.5, 11.0]
        assert zones["uninsured_percent"].tolist() == [4.0, 4.0, 8.0]
        assert zones["poverty_percent"].isna().tolist() == [False, False, True]
        assert zones["people_black"].tolist()[:2] == [100, 2]
    own = outlines(square("010010001001000", -84.5, POP20=400, no_car_percent=7.0, p1_004n=33))
    zones = combine(["a", "b", "c"], [own, groups, tracts], None).zones
    assert zones[["no_car_percent", "people_black", "poverty_percent"]].to_numpy().tolist() == [[7.0, 33.0, 2.0]]


def test_who_is_left_out_is_told_of_each_share() -> None:
    import pandas as pd

    places = [f"01001000100{n}" for n in range(4)]
    shapes = outlines(*(square(f"{place}000", -84.5 + k / 10, POP20=9000) for k, place in enumerate(places)))
    poor = [{"place": place, "C17002_002E": "600" if k < 2 else "100"} for k, place in enumerate(places)]
    zones = combine(["a", "b"], [shapes, parsed(*poor)], None).zones
    surface = pd.DataFrame({"total": [10.0, 10.0, 90.0, 90.0]})
    shares = left_out(surface, zones, "total", 40).set_index(["kind", "group"])
    assert set(shares.index.get_level_values("kind")) >= {"income", "poverty", "car", "insurance", "age", "race"}
    assert shares.loc[("poverty", "below_poverty_line"), "percent_below"] == round(100 * 610 / (610 + 110))
    assert shares.loc[("poverty", "above_poverty_line"), "percent_below"] == round(100 * 390 / (390 + 890))
    ages = shares.loc["age", "size"]
    assert ages.sum() == 36_000
    assert ages["under_18"] < ages["over_64"] < ages["from_18_to_64"]


def test_what_is_asked_of_the_service(replay: Replay) -> None:
    good = json_reply(json.dumps(answer({"place": "211170603001"})))
    replay.on("/2023/acs/acs5", good)
    replay.on("/2021/acs/acs5", good)
    asking = FetchContext(POLICY, replay.address, counties=("21117",), keys=KEYS)
    ((name, document),) = acs.fetch(asking).items()
    assert name == "acs_21117.json"
    assert "key" not in document.url
    assert [one.path for one in replay.asked] == ["/2024/acs/acs5", "/2023/acs/acs5"]
    query = replay.asked[-1].query
    assert (query["for"], query["in"], query["key"]) == ("block group:*", "state:21 county:117 tract:*", "our key")
    assert query["get"].split(",") == list(acs.VARIABLES)
    assert count(acs.parse(document.content, ParseContext(name))).kept == 1
    replay.asked.clear()
    acs.fetch(FetchContext(POLICY, replay.address, counties=("09001",), keys=KEYS))
    assert [one.path for one in replay.asked] == ["/2021/acs/acs5"]  # the last by the counties of its blocks


def test_without_a_key_or_with_a_wrong_one_it_is_said(replay: Replay) -> None:
    with pytest.raises(InputError, match="RECOVERY_REACH_CENSUS_KEY"):
        acs.fetch(FetchContext(POLICY, replay.address, counties=("21117",)))
    with pytest.raises(InputError, match="--county"):
        acs.fetch(FetchContext(POLICY, replay.address, keys=KEYS))
    assert replay.asked == []
    for reply in (Reply(b"<html><h1>Invalid Key</h1></html>"), json_reply('{"error": 1}')):
        replay.on("/2024/acs/acs5", reply)
        with pytest.raises(SourceError, match="key in RECOVERY_REACH_CENSUS_KEY") as problem:
            acs.fetch(FetchContext(POLICY, replay.address, counties=("21117",), keys=KEYS))
        assert "our key" not in str(problem.value)
    for status in (204, 400):  # no block groups there; unknown variables
        replay.on("/2024/acs/acs5", Reply(b"" if status == 204 else b"error: unknown variable", status))
        with pytest.raises(SourceError, match=str(status)) as problem:
            acs.fetch(FetchContext(POLICY, replay.address, counties=("21117",), keys=KEYS))
        assert "our key" not in str(problem.value)
