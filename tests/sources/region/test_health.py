"""The data-health report: what it says is what the region holds and lost."""

import datetime
import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from geo.tables import CATEGORIES
from sources.region import RegionInputs, build_region, open_region
from sources.region.health import RegionHealth, last_results, region_health
from sources.web.cache import Copy, copy_folder, write_copy
from sources.web.http import Fetched
from tests.sources.region.test_manage import osm_xml


@pytest.fixture
def demo(demo_region: str) -> RegionHealth:
    return region_health(open_region(demo_region), datetime.date(2027, 1, 1))


def test_rows_add_up_and_every_loss_has_a_reason(demo: RegionHealth) -> None:
    counted = demo.sources.dropna(subset=["rows_in"]).set_index("label")
    assert (counted["kept"] + counted["repaired"] + counted["set_aside"] == counted["rows_in"]).all()
    aside = demo.reasons[demo.reasons["outcome"] == "set_aside"].groupby("label")["count"].sum()
    assert aside.reindex(counted.index, fill_value=0).tolist() == counted["set_aside"].tolist()
    assert set(demo.reasons["label"]) <= set(demo.sources["label"])
    assert demo.reasons["example"].str.len().min() > 0
    assert {"osm", "osm streets", "gtfs", "bmlt", "blocks"} <= set(demo.sources["label"])


def test_resources_and_places_are_those_of_the_region(demo: RegionHealth, demo_region: str) -> None:
    resources = open_region(demo_region).resources
    assert demo.sources["resources"].sum() == len(resources)
    assert demo.sources["imprecise"].sum() == len(demo.imprecise) > 0
    assert demo.imprecise["lon"].notna().all()
    assert demo.online == (resources["attendance"] == "online").sum() > 0
    assert (
        demo.sources.set_index("label").loc["hsds", "verified_to"]
        == resources.loc[resources["source"] == "hsds", "verified_on"].max()
    )


def test_a_hidden_place_has_no_coordinates_in_the_report(demo_region: str) -> None:
    region = open_region(demo_region)
    resources = region.resources.copy()
    one = resources.index[(resources["attendance"] != "online") & resources["lon"].notna()][0]
    resources.loc[one, "location_precision"] = "hidden"
    vars(region)["resources"] = resources
    row = region_health(region).imprecise.set_index("resource_id").loc[resources.loc[one, "resource_id"]]
    assert row[["lon", "lat"]].isna().all()


def test_a_timetable_runs_out(demo_region: str) -> None:
    region = open_region(demo_region)
    assert region.facts.service_dates is not None
    first, last = region.facts.service_dates
    day = datetime.timedelta(1)
    states = [region_health(region, on).timetable.state for on in (first - day, first, last, last + day)]
    assert states == ["not_yet", "valid", "valid", "ended"]
    assert region_health(region, last).timetable.days_left == 0


def test_it_is_plain_for_machines_and_people(demo: RegionHealth) -> None:
    document = json.loads(json.dumps(demo.as_dict(), allow_nan=False))
    assert document["timetable"]["state"] == "valid"
    assert len(document["sources"]) == len(demo.sources)
    text = "\n".join(demo.lines())
    assert "10 set aside, closed for now, for example: " in text
    assert "lacks: Nothing tells how many people need recovery housing where." in text


def test_what_a_bare_region_lacks_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECOVERY_REACH_HOME", str(tmp_path / "home"))
    (tmp_path / "town.osm").write_text(osm_xml(), "utf-8")
    houses = tmp_path / "houses.csv"
    houses.write_text("name,address,lat,lon,location_precision,curfew,open_beds,house_rules,verified_on\n"
                      "Lark House,,39.081,-84.509,approximate,,,,2026-05-01\nFar House,,1,1,,,,,\n")  # fmt: skip
    build_region("bare", RegionInputs(tmp_path / "town.osm", resources=(houses,), retrieved_on="2026-06-01"))
    health = region_health(open_region("bare"), datetime.date(2026, 7, 2))
    lacks = set(zip(health.lacks["code"], health.lacks["what"], strict=True))
    assert {("timetable", ""), ("outlines", ""), ("measure", "population"), ("measure", "jobs")} <= lacks
    assert {what for code, what in lacks if code == "category"} == set(CATEGORIES) - {
        "recovery_residence", "gathering_place",
    }  # fmt: skip
    assert ("source", "recovery_residences") not in lacks
    assert ("source", "bmlt") in lacks
    house = health.sources.set_index("label").loc["houses"]
    assert (house["age_days"], house["is_old"], house["imprecise"], house["set_aside"]) == (31, True, 1, 1)
    assert house["verified_from"] == house["verified_to"] == "2026-05-01"
    assert pd.isna(house["stale"])
    assert health.imprecise["name"].tolist() == ["Lark House"]
    assert health.timetable.state == "none"
    assert region_health(open_region("bare"), datetime.date(2026, 7, 1)).sources["is_old"].fillna(False).sum() == 0


def test_last_results_of_each_source(tmp_path: Path) -> None:
    assert set(last_results(tmp_path)["retrieved_on"]) == {"never"}
    request = {"source": "hrsa", "endpoint": "https://example.org/a"}
    document = Fetched(b"x", "2026-05-04", "https://example.org/a")
    write_copy(copy_folder(tmp_path, "hrsa", request), "hrsa", request, Copy({"hrsa.csv": document}, 7, "It broke."))
    row = last_results(tmp_path).set_index("name").loc["hrsa"]
    assert (row["retrieved_on"], row["rows"], row["stale"]) == ("2026-05-04", 7, "It broke.")


def test_today_is_the_region_s_own_date(demo_region: str) -> None:
    """Between these two zones there are 25 hours, so they never have the same date."""
    region = open_region(demo_region)
    east, west = (
        replace(region, facts=replace(region.facts, chosen_date=None, time_zone=zone))
        for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago")
    )
    assert region_health(east).today > region_health(west).today
    assert east.facts.service_date > west.facts.service_date


def test_what_was_fetched_on_the_next_day_of_utc_is_fresh(demo_region: str) -> None:
    region = open_region(demo_region)
    sources = tuple(dict(one) | {"retrieved_on": "2027-01-02"} for one in region.facts.sources)
    health = region_health(replace(region, facts=replace(region.facts, sources=sources)), datetime.date(2027, 1, 1))
    assert set(health.sources["age_days"]) == {0}
