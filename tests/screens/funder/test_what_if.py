"""What if, on the page without a browser: changes by clicking, files, and the same as the command that it prints."""

import datetime
import io
import json
import shlex
import shutil
import zipfile
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from geo.clock import DAY
from geo.needs.needs import read_needs
from geo.scenarios.changes import (
    LineAdded,
    PathAdded,
    PlaceAdded,
    PlaceChanged,
    PlaceClosed,
    PlaceMoved,
    RouteCut,
    RouteHeadway,
    RouteLater,
    RouteSpeed,
    StopAdded,
)
from geo.scenarios.effects import Effect
from geo.scenarios.toml_reader import scenario_from_toml
from geo.score.surface import populated_cells
from screens.funder import parts, questions, scenario_draft, scenario_pieces, scenario_text, scenario_work
from screens.funder.change_fields import Point
from screens.funder.place_fields import place_names
from screens.funder.scenario_work import ScenarioAnswer
from screens.shared.uploads import Upload
from screens.shared.words import Say
from sources.region import Region, open_region
from tests.screens.funder.conftest import Open, opener, text_of
from tests.test_cli import Run, run

__all__ = ["run"]

SAY, ES = Say("en"), Say("es")
DOWNTOWN = (-113.42635, 40.35930)
EVERY = 60
CHANGES = (
    PlaceClosed("gone"),
    PlaceMoved("moved", *DOWNTOWN),
    PlaceChanged("house", {"beds": 9}),
    PlaceChanged("group", {}, ({"weekday": 2, "start_minute": 1380, "end_minute": 1470},)),
    PlaceAdded("new-1", *DOWNTOWN, {"category": "meeting", "name": "Dawn"}),
    RouteCut("8", (5, 6), 1080, 1320),
    RouteLater("1", DAY + 30, minutes=20.0),
    RouteHeadway("8"),
    RouteHeadway("8", 15.0),
    RouteSpeed("1", 20.0),
    RouteSpeed("1", -20.0),
    StopAdded("1", DOWNTOWN, ("A", "B")),
    PathAdded((DOWNTOWN, (-113.42, 40.36)), "Foot bridge"),
    LineAdded("Loop", (DOWNTOWN, "x"), 25.0, 20.0, 360, 1320),
)


def found_on(page: AppTest) -> ScenarioAnswer:
    found = page.session_state["if_found"][1]
    assert isinstance(found, ScenarioAnswer)
    return found


@pytest.fixture(scope="module")
def own_home(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder of these tests alone: others would take its surface, of few areas, for the whole."""
    return Path(shutil.copytree(home, tmp_path_factory.mktemp("few") / "home"))


@pytest.fixture
def region(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Return a region of every sixtieth area of the demo, of which a surface is made in a moment."""
    monkeypatch.setenv("RECOVERY_REACH_HOME", str(own_home))
    read = vars(Region)["zones"].func

    def thinned(one: Region) -> pd.DataFrame:
        table: pd.DataFrame = read(one)
        kept = set(populated_cells(table)["id"].iloc[::EVERY])
        return table[table["zone_id"].isin(kept)].reset_index(drop=True)

    few: Any = cached_property(thinned)
    few.__set_name__(Region, "zones")
    monkeypatch.setattr(Region, "zones", few)
    st.cache_resource.clear()
    yield "demo"
    st.cache_resource.clear()


@pytest.fixture
def opened(region: str) -> Open:
    assert region == "demo"
    return opener("what_if")


def test_an_answer_is_that_of_the_command_that_is_printed(
    opened: Open, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(if_kind="place_close", if_class="pharmacy", if_within=15)
    places = open_region("demo").resources
    pharmacy = str(places.loc[places["category"] == "pharmacy", "resource_id"].iloc[0])
    page.selectbox(key="if_place").set_value(pharmacy).run()
    page.button(key="do_add").click().run()
    page.text_input(key="if_title").set_value("One pharmacy less").run()
    page.number_input(key="if_cost").set_value(1000.0).run()
    page.button(key="do_if").click().run()
    assert not page.exception
    found, shown = found_on(page), text_of(page)
    assert scenario_text.headline(found.answer.effect, found.asked.what.minutes, SAY) in shown
    assert SAY("if_cost_nobody_newly", cost="$1,000") in shown
    monkeypatch.chdir(tmp_path)
    (tmp_path / "one-pharmacy-less.toml").write_bytes(scenario_draft.as_file(found.asked.scenarios[0]))
    printed = shlex.split(scenario_work.command("demo", found))
    code, output, errors = run(*printed[1:], "--json")
    assert code == 0, errors
    told = json.loads(output)
    assert told["people"] == found.answer.effect.people
    assert told["reach"] == found.answer.effect.reach
    assert [row["gaining"] for row in told["areas"]] == found.answer.effect.areas["gaining"].tolist()
    packed = zipfile.ZipFile(io.BytesIO(scenario_work.tables(open_region("demo"), found)))
    for name in ("cells", "areas", "groups", "classes"):
        assert packed.read(f"{name}.csv") == (tmp_path / "tables" / f"{name}.csv").read_bytes()
    assert found.asked.scenarios[0].title in packed.read("README.txt").decode()
    account = dict(scenario_work.about(open_region("demo"), found))
    assert account.pop("command") == scenario_work.command("demo", found)
    written = pd.read_csv(tmp_path / "tables" / "about.csv", dtype=str, keep_default_na=False)
    assert account == dict(written.to_numpy())
    (timetable,) = (tmp_path / "gtfs").iterdir()
    assert scenario_work.timetables(found) == timetable.read_bytes()
    page.button(key="do_remove_0").click().run()
    assert SAY("site_changed") in text_of(page)
    assert page.button(key="do_if").disabled


def test_a_new_place_needs_a_point_and_is_refused_off_the_streets(opened: Open) -> None:
    page = opened(if_kind="place_add", if_category="pharmacy")
    page.button(key="do_add").click().run()
    assert SAY("if_lacks_point") in text_of(page)
    page.session_state["if_points"] = (Point(-110.0, 40.0),)
    page.run()
    page.button(key="do_add").click().run()
    assert "over 1 km from any street" in text_of(page)
    page.text_input(key="typed_if").set_value("Finch")
    page.button("FormSubmitter:if_point_form-Take it").click().run()
    assert page.session_state["if_points"] == (Point(-110.0, 40.0),), "which Finch isn't certain"
    assert SAY("not_found", text="Finch") in text_of(page)
    page.button(key="if_near_1").click().run()
    assert page.session_state["if_points"][0].name == "Finch Court"
    page.text_input(key="typed_if").set_value("5th & Finch")
    page.button("FormSubmitter:if_point_form-Take it").click().run()
    page.button(key="do_add").click().run()
    (change,) = scenario_draft_of(page)
    assert isinstance(change, PlaceAdded)
    assert dict(change.values) == {"category": "pharmacy"}
    assert "opens (Pharmacy)" in text_of(page)


def scenario_draft_of(page: AppTest) -> tuple[Any, ...]:
    kept = page.session_state[scenario_draft.CHANGES][1]
    assert isinstance(kept, tuple)
    return kept


def test_why_a_change_is_refused_is_said_in_spanish(region: str) -> None:
    assert region == "demo"
    page = opener("what_if", "es")(if_kind="place_add", if_category="pharmacy", if_points=(Point(-110.0, 40.0),))
    page.button(key="do_add").click().run()
    shown = text_of(page)
    assert "new-1 en 40.00000, -110.00000 está a más de 1 km de cualquier calle de la región; revise" in shown
    assert "Escenario ''" not in shown


@pytest.mark.parametrize(
    ("kind", "fields", "expected"),
    [
        ("later", {"if_minutes": 30.0}, RouteLater("1", 1380, minutes=30.0)),
        ("headway", {}, RouteHeadway("1")),
        ("cut", {"if_days": [5, 6], "if_hours": True}, RouteCut("1", (5, 6), 1080, 1380)),
        (
            "headway",
            {"if_hours": True, "if_from": datetime.time(1), "if_to": datetime.time(3)},
            RouteHeadway("1", start=DAY + 60, end=DAY + 180),
        ),
        ("speed", {}, RouteSpeed("1", 20.0)),
    ],
)
def test_routes_are_changed_by_their_names(opened: Open, kind: str, fields: dict[str, Any], expected: object) -> None:
    page = opened(if_kind=kind, if_route="1", **fields)
    page.button(key="do_add").click().run()
    assert not page.exception
    assert scenario_draft_of(page) == (expected,)


def changed_place(opened: Open, category: str, number: int = 0, **fields: Any) -> tuple[AppTest, pd.Series]:
    """Return the page at the form of a place that is there, which is chosen, and its row."""
    places = open_region("demo").resources
    row = places[(places["category"] == category) & places["lon"].notna()].iloc[number]
    page = opened(if_kind="place_change", if_changed_category=category, if_place=row["resource_id"], **fields)
    assert page.selectbox(key="if_place").value == row["resource_id"]
    return page, row


def added(page: AppTest) -> tuple[Any, ...]:
    page.button(key="do_add").click().run()
    assert not page.exception
    return scenario_draft_of(page)


def test_a_house_has_other_beds_and_takes_others(opened: Open) -> None:
    page, house = changed_place(opened, "recovery_residence")
    name = house["resource_id"]
    page.button(key="do_add").click().run()
    assert SAY("if_lacks_change") in text_of(page)
    beds = page.number_input(key=f"if_new_beds:{name}")
    assert beds.value == house["beds"]
    beds.set_value(int(house["beds"]) + 4)
    now = house["genders"].split(";")
    genders = page.multiselect(key=f"if_new_genders:{name}")
    assert genders.value == now
    genders.set_value([])
    page.run()
    page.button(key="do_add").click().run()
    assert SAY("if_lacks_some") in text_of(page)
    page.multiselect(key=f"if_new_genders:{name}").set_value(["women", "nonbinary"])
    flag = page.selectbox(key=f"if_new_children:{name}")
    flag.set_value("no" if flag.value == "yes" else "yes")
    page.run()
    (change,) = added(page)
    assert isinstance(change, PlaceChanged)
    expected = {"beds": house["beds"] + 4, "genders": ["nonbinary", "women"], "children": flag.value == "yes"}
    assert (change.place, dict(change.values), change.sessions) == (name, expected, None)
    told = f"{SAY('if_beds')}: {house['beds'] + 4}; Whom it takes: Non-binary people, Women; People with children:"
    assert told in text_of(page)
    file = scenario_draft.as_file(scenario_draft.Scenario("x", (change,)))
    assert scenario_from_toml(file).changes == (change,)


def test_a_meeting_has_other_hours_and_the_answer_counts_them(opened: Open) -> None:
    page, meeting = changed_place(opened, "meeting", if_measure="community")
    name, sessions = meeting["resource_id"], open_region("demo").sessions
    own = sessions[sessions["resource_id"] == name]
    assert "Now: " in text_of(page)
    page.checkbox(key=f"if_other_hours:{name}").check().run()
    days = page.get("button_group")[-1]
    assert sorted(days.value) == sorted(own["weekday"].unique())
    page.time_input(key=f"if_new_from:{name}").set_value(datetime.time(23))
    page.time_input(key=f"if_new_until:{name}").set_value(datetime.time(0, 30))
    page.run()
    (change,) = added(page)
    late = [{"weekday": day, "start_minute": 1380, "end_minute": 1470} for day in sorted(own["weekday"].unique())]
    assert (change.place, dict(change.values), list(change.sessions)) == (name, {}, late)
    assert "held " in text_of(page)
    page.button(key="do_if").click().run()
    assert not page.exception
    (sentence,) = found_on(page).answer.sentences
    assert "sessions " in sentence
    assert "23:00-00:30" in sentence


@pytest.mark.parametrize("category", ["opioid_treatment_program", "pharmacy", "recovery_residence", "meeting"])
def test_a_place_is_changed_in_spanish(region: str, category: str) -> None:
    assert region == "demo"
    page, place = changed_place(opener("what_if", "es"), category)
    labels = {one.label for kind in ("selectbox", "multiselect", "number_input") for one in page.get(kind)}
    assert {ES("if_changed_category"), ES("if_place"), ES("if_takes_genders"), ES("if_takes_payment")} <= labels
    assert (ES("if_takes_medications") in labels) == (category == "opioid_treatment_program")
    assert (ES("if_beds") in labels) == (category == "recovery_residence")
    assert ("Ahora: " in text_of(page)) == (category == "meeting")
    assert ES("if_change_counts") in text_of(page)
    payment = page.multiselect(key=f"if_new_payment:{place['resource_id']}")
    payment.set_value(["free"] if payment.value != ["free"] else ["medicaid"]).run()
    (change,) = added(page)
    assert list(change.values) == ["payment"]
    assert f"{ES('if_takes_payment')}: " in text_of(page)


def test_a_line_is_drawn_by_its_stops_and_a_stop_put_between_two(opened: Open) -> None:
    stops = scenario_draft.timetable(open_region("demo")).stops
    ends = [Point(row.lon, row.lat, row.name, row.stop_id) for row in stops.iloc[[0, 5]].itertuples(index=False)]
    night = {"if_line_from": datetime.time(0, 30), "if_line_until": datetime.time(2)}
    page = opened(if_kind="line", if_points=(ends[0],), **night)
    page.text_input(key="if_line_name").set_value("Loop").run()
    page.button(key="do_add").click().run()
    assert SAY("if_lacks_stops") in text_of(page)
    page.session_state["if_points"] = tuple(ends)
    page.run()
    page.button(key="do_add").click().run()
    assert not page.exception
    (line,) = scenario_draft_of(page)
    assert line.stops == (stops["stop_id"].iloc[0], stops["stop_id"].iloc[5])
    assert (line.start, line.end) == (DAY + 30, DAY + 120), "both of the night after the day, as in a file"
    pair = scenario_draft.timetable(open_region("demo")).pairs["1"][0]
    page = opened(if_kind="stop", if_route="1", if_between=pair, if_points=(Point(*DOWNTOWN),))
    page.button(key="do_add").click().run()
    assert scenario_draft_of(page) == (StopAdded("1", DOWNTOWN, pair),)


def test_the_page_and_the_file_hold_the_same(opened: Open) -> None:
    page = opened(if_changes=("demo", CHANGES), if_title="All", if_cost=5.0)
    shown = text_of(page)
    assert shown.count('data-if="change"') == len(CHANGES)
    region = open_region("demo")
    made = scenario_draft.Scenario("All", CHANGES, "", 5.0)
    assert scenario_from_toml(scenario_draft.as_file(made)) == made
    for change in CHANGES:
        assert scenario_text.change_text(change, region, SAY) in shown
        assert scenario_text.change_text(change, region, SAY) != scenario_text.change_text(change, region, ES)


def test_minutes_are_written_as_other_numbers_are(region: str) -> None:
    here = open_region(region)
    told = [scenario_text.change_text(RouteHeadway("8", minutes), here, SAY) for minutes in (7.5, 20.0, 1440.0)]
    assert [text.split("every ")[1] for text in told] == ["7.5 minutes", "20 minutes", "1,440 minutes"]
    assert "1,440" in scenario_text.change_text(RouteLater("8", 1380, minutes=1440.0), here, ES)


def test_what_a_command_s_needs_file_holds_is_read_as_these_needs(tmp_path: Path) -> None:
    for medication in questions.MEDICATIONS:
        needs, file = questions.needs_of("car", medication), tmp_path / parts.NEEDS_FILE
        file.write_text(parts.needs_toml(needs), encoding="utf-8")
        assert read_needs(file).medications == needs.medications
        printed = parts.for_a_person(["site", "demo"], needs, datetime.date(2026, 1, 7))
        assert ("--needs needs.toml" in printed) == bool(needs.medications)


def test_a_file_takes_the_place_of_the_list_or_is_refused_in_a_sentence(
    region: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: dict[str, Any] = {scenario_draft.CHANGES: (region, (RouteSpeed("1", 20.0),))}
    monkeypatch.setattr(scenario_draft.st, "session_state", kept)
    here = open_region(region)
    scenario_draft.take(here, Upload("bad.toml", b'title = "x"\n[[route.cutt]]\nroute = "1"\n'), SAY)
    assert "did you mean cut?" in kept[scenario_draft.REFUSED]
    assert scenario_draft.changes(region) == (RouteSpeed("1", 20.0),)
    scenario_draft.take(here, Upload("cut.toml", b'title = "Cut"\ncost_usd = 7\n[[route.cut]]\nroute = "1"\n'), SAY)
    assert scenario_draft.changes(region) == (RouteCut("1"),)
    assert (kept["if_title"], kept["if_cost"]) == ("Cut", 7.0)


@pytest.mark.parametrize(
    ("title", "others", "name"),
    [
        ("Más autobuses / ruta 8", (), "mas-autobuses-ruta-8.toml"),
        ("../../etc/passwd", (), "etc-passwd.toml"),
        ("--then", (), "then.toml"),
        ("CON", (), "scenario-con.toml"),
        ("com1", (), "scenario-com1.toml"),
        ("更多公车", (), "scenario.toml"),
        ("x" * 39 + " y", (), "x" * 39 + ".toml"),
        ("Mine", ("MINE.toml", "mine-2.toml"), "mine-3.toml"),
    ],
)
def test_a_scenario_s_file_has_a_name_for_any_system(title: str, others: tuple[str, ...], name: str) -> None:
    made = scenario_draft.Scenario(title, ())
    assert scenario_draft.file_name(made, others) == name


def test_files_of_the_command_are_told_apart() -> None:
    made = scenario_draft.Scenario("Cut", ())
    one, same, other = Upload("cut.toml", b"a"), Upload("cut.toml", b"a"), Upload("cut.toml", b"b")
    assert scenario_draft.file_names(made, []) == ("cut.toml",)
    assert scenario_draft.file_names(made, [one, same]) == ("cut-2.toml", "cut.toml", "cut.toml")
    assert scenario_draft.file_names(made, [one, other]) == ("cut-3.toml", "cut.toml", "cut-2.toml")


def test_a_note_goes_with_its_scenario(opened: Open) -> None:
    page = opened(if_changes=("demo", (RouteSpeed("8", 20.0),)), if_note="Council, May", if_title="Mine", if_cost=7.0)
    assert page.text_input(key="if_note").value == "Council, May"
    page.button(key="do_clear").click().run()
    assert page.text_input(key="if_note").value == ""
    page.session_state["if_fields_of"] = "elsewhere"
    page.run()
    assert (page.text_input(key="if_title").value, page.number_input(key="if_cost").value) == ("", None)


def test_a_place_known_only_roughly_is_said_to_be(region: str) -> None:
    here = open_region(region)
    rough = here.resources[here.resources["location_precision"].eq("approximate")].iloc[0]
    sure = here.resources[here.resources["location_precision"].eq("rooftop")].iloc[0]
    for say in (SAY, ES):
        names = place_names(here, say)
        assert names[rough["resource_id"]].endswith(say("if_roughly"))
        assert say("if_roughly") not in names[sure["resource_id"]]
        assert say("if_roughly") in scenario_text.change_text(PlaceClosed(rough["resource_id"]), here, say)
        assert say("if_roughly") not in scenario_text.change_text(PlaceClosed(sure["resource_id"]), here, say)


def test_scenarios_stack_and_are_held_against_each_other_in_the_command(opened: Open) -> None:
    then = Upload("more.toml", b'title = "More"\n[[route.headway]]\nroute = "8"\nhalved = true\n')
    against = Upload("cut it.toml", b'title = "Cut"\n[[route.cut]]\nroute = "1"\n')
    page = opened(if_changes=("demo", (RouteSpeed("8", 20.0),)), if_then=then, if_against=against, if_title="Mine")
    page.button(key="do_if").click().run()
    assert not page.exception
    found = found_on(page)
    assert [one.title for one in found.asked.scenarios] == ["Mine", "More"]
    assert len(found.answer.sentences) == 2
    assert len(found.answer.against_sentences) == 1
    command = scenario_work.command("demo", found)
    assert "scenario demo mine.toml --then more.toml --compare 'cut it.toml' --measure total" in command


def test_fields_keep_what_was_typed_while_others_are_shown_and_none_is_written_while_it_is_filled_in(
    opened: Open,
) -> None:
    page = opened(if_kind="place_add")
    page.text_input(key="if_place_name").set_value("Dawn").run()
    page.number_input(key="if_cost").set_value(1000.0).run()
    for widget in (
        page.text_input(key="if_place_name"),
        page.number_input(key="if_cost"),
        page.selectbox(key="if_kind"),
    ):
        assert not widget.proto.set_value, "a value from the server takes the place of what is being typed"
    page.selectbox(key="if_kind").set_value("place_close").run()
    page.button_group(key="part").set_value("sites").run()
    page.button_group(key="part").set_value("what_if").run()
    page.selectbox(key="if_kind").set_value("place_add").run()
    assert page.text_input(key="if_place_name").value == "Dawn"
    assert page.number_input(key="if_cost").value == 1000.0


def test_a_table_of_areas_that_is_cut_short_says_so() -> None:
    rows = [(f"B{n}", 50.0, 1.0, 3.0, 50.0, 0.0) for n in range(41)]
    areas = pd.DataFrame(rows, columns=["area_id", "people", "mean_before", "mean_after", "gaining", "losing"])
    none = pd.DataFrame()
    shown = [
        str(scenario_pieces.areas_table(Effect("total", {}, None, none, areas.head(n), none, none), "grid", SAY))
        for n in (41, 40)
    ]
    assert [table.count("<tr>") for table in shown] == [41, 41], "of 41 areas 40, and the titles"
    assert "41 of 41 areas change. The first 40 are listed" in shown[0]
    assert "are listed" not in shown[1]
