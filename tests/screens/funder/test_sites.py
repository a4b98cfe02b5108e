"""Where the next one helps most, on the page without a browser: the same as the command that it prints."""

import datetime
import json
import shlex
from pathlib import Path
from typing import Any, cast

import pytest
from streamlit.testing.v1 import AppTest

from geo.needs.needs import Needs
from geo.siting.question import Question
from screens.funder import site_work
from screens.funder.site_fields import SiteQuestion
from screens.funder.site_work import SiteAnswer
from screens.shared.uploads import Upload
from screens.shared.words import Say
from sources.region import open_region
from tests.screens.funder.conftest import Open, opener, text_of
from tests.test_cli import Run, run

__all__ = ["run"]

SAY = Say("en")
OTP = "opioid_treatment_program"


def found_on(page: AppTest) -> SiteAnswer:
    found = page.session_state["site_found"][1]
    assert isinstance(found, SiteAnswer)
    return found


@pytest.fixture
def opened(demo_region: str) -> Open:
    assert demo_region == "demo"
    return opener("sites")


def test_an_answer_is_that_of_the_command_that_is_printed(opened: Open, run: Run, tmp_path: Path) -> None:
    page = opened(site_source="primary_care", site_k=2)
    page.text_input(key="typed_site").set_value("Finch")
    page.button("FormSubmitter:site_own_form-Add it to my choice").click().run()
    assert page.session_state["site_own"][1] == (), "which Finch isn't certain"
    page.button(key="site_near_0").click().run()
    assert len(page.session_state["site_own"][1]) == 1
    page.button(key="do_own_0").click().run()
    page.text_input(key="typed_site").set_value("5th & Finch")
    page.button("FormSubmitter:site_own_form-Add it to my choice").click().run()
    page.button(key="do_site").click().run()
    assert not page.exception
    found, shown = found_on(page), text_of(page)
    assert len(found.answer.curve) == 2
    assert found.answer.own is not None
    assert SAY("site_exact") in shown
    assert SAY("site_own_beside") in shown
    assert SAY("site_small", percent=SAY("gap_under_one")) in shown, "whole percents give no count back"
    printed = shlex.split(site_work.command("demo", found))
    assert printed[:3] == ["recovery-reach", "site", "demo"]
    code, output, errors = run(*printed[1 : printed.index("--out")], "--json", "--out", str(tmp_path / "sites.csv"))
    assert code == 0, errors
    told = json.loads(output)
    mine = json.loads(json.dumps(found.answer.as_dict()))
    assert {name: told[name] for name in mine} == mine
    assert (tmp_path / "sites.csv").read_bytes() == site_work.file(open_region("demo"), found, "csv")
    people = found.answer.outcomes[2]["people_newly"]
    assert f"{people:,.0f}" in shown
    page.number_input(key="site_k").set_value(1).run()
    assert SAY("site_changed") in text_of(page)


def test_a_list_that_cannot_be_read_is_told_by_its_own_name(opened: Open) -> None:
    page = opened(site_source="file", site_listed=Upload("lots of <b>.csv", b"color,size\nred,3\n"))
    shown = text_of(page)
    assert "tells no place" in shown
    assert "/given" not in shown
    assert "lots of <b>.csv tells no place" in shown
    assert page.button(key="do_site").disabled


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"color,size\nred,3\n", "lotes.csv no dice ningún lugar; sus columnas son color, size."),
        (
            b"address\nno such street at all\n",
            "no conoce con certeza ninguna dirección de lotes.csv (la primera: fila 1:",
        ),
        (b"id,lat,lon\na,40.36,-113.43\na,40.37,-113.43\n", "lotes.csv da el identificador 'a' a dos filas"),
        (b"id,lat,lon\na,940.36,-113.43\n", "lotes.csv, fila 1: 940.36,-113.43 no es un lugar de la Tierra"),
    ],
)
def test_why_a_list_is_refused_is_said_in_spanish(demo_region: str, content: bytes, told: str) -> None:
    assert demo_region == "demo"
    page = opener("sites", "es")(site_source="file", site_listed=Upload("lotes.csv", content))
    assert told in text_of(page)
    assert page.button(key="do_site").disabled


def test_what_a_list_left_out_is_said_in_spanish(demo_region: str) -> None:
    assert demo_region == "demo"
    rows = b"id,lat,lon\na,40.3603,-113.4264\nb,,\n"
    page = opener("sites", "es")(site_source="file", site_listed=Upload("lotes.csv", rows))
    page.button(key="do_site").click().run()
    assert "1 de 2 filas de lotes.csv se apartan: sin lat o lon (la primera: fila 2)." in text_of(page)


def test_a_list_with_costs_and_a_budget(opened: Open) -> None:
    rows = b"id,lat,lon,usd\na,40.3603,-113.4264,900\nb,40.3650,-113.4400,100\nc,40.3600,-113.4300,\nd,0,0,5\n"
    chosen = {"site_source": "file", "site_cost": "column:usd", "site_budget": 500.0, "site_objective": "score"}
    page = opened(site_listed=Upload("lots.csv", rows), **chosen)
    page.button(key="do_site").click().run()
    found, shown = found_on(page), text_of(page)
    assert found.answer.sites()["id"].tolist() == ["b"]
    assert SAY("site_aside_no_cost", count=1) in shown
    assert SAY("site_aside_off_streets", count=1) in shown
    assert "$100" in shown
    assert "--candidates lots.csv --cost usd --budget 500" in site_work.command("demo", found)


def test_more_sites_than_candidates_is_a_sentence(opened: Open) -> None:
    rows = b"id,lat,lon\na,40.3603,-113.4264\n"
    page = opened(site_source="file", site_listed=Upload("one.csv", rows), site_k=3)
    page.button(key="do_site").click().run()
    assert "among 1 candidates" in text_of(page)
    page.run()
    assert "site_found" not in page.session_state


def test_what_the_reader_chose_is_found_by_name_and_taken_away(opened: Open) -> None:
    rows = b"id,name,lat,lon\na,Old Mill,40.3603,-113.4264\nb,Depot,40.3650,-113.4400\n"
    page = opened(site_source="file", site_listed=Upload("two.csv", rows))
    page.text_input(key="typed_site").set_value("depot")
    page.button("FormSubmitter:site_own_form-Add it to my choice").click().run()
    assert page.session_state["site_own"][1] == ("b",)
    page.button(key="do_own_0").click().run()
    assert page.session_state["site_own"][1] == ()


def test_the_command_writes_numbers_whole_and_names_quoted() -> None:
    question = Question(OTP, 2, "score", capacity="beds", cost=1234567.0, budget=9876543.5)
    asked = SiteQuestion(question, "addresses", own=("12 Elm St",))
    found = SiteAnswer("", asked, Needs(medications=("methadone",)), datetime.date(2026, 1, 7), cast("Any", None), ())
    assert site_work.command("demo", found) == (
        "recovery-reach site demo --class opioid_treatment_program --k 2 --objective score --candidates addresses "
        "--own '12 Elm St' --capacity beds --cost 1234567 --budget 9876543.5 --profile no-car --date 2026-01-07 "
        "--needs needs.toml --out sites.gpkg"
    )
