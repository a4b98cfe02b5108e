"""The paper for the meeting: one page stays one page, whatever names and weeks there are, and says what one acts on."""

import io
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from pypdf import PdfReader

from geo.plan.model import PlanDay, Relaxation, Stop, Unmet, WeekPlan
from screens.case_manager import meeting_paper, pdf
from screens.case_manager.homes import Compared, Home
from screens.shared import regions
from screens.shared.words import Say
from tests.screens.case_manager.invented_homes import TODAY, compared, house

LONG = "Casa de Recuperación Nuestra Señora de la Esperanza y del Buen Camino "
ENDLESS = "Donaudampfschifffahrtsgesellschaft" * 8


@pytest.fixture(autouse=True)
def blank_maps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meeting_paper, "printed_map", lambda *given, **_: meeting_paper._blank(given[-1][1]))
    monkeypatch.setattr(pdf, "printed_map", lambda *_, **__: meeting_paper._blank(2.0))


def plan(stops: int, name: str = "Lantern Step", resource_id: str | None = None, *, feasible: bool = True) -> WeekPlan:
    held = [
        Stop("meeting", name, 40.0, -113.0, 60.0 * k + 540, 60.0 * k + 590, None, resource_id) for k in range(stops)
    ]
    days = tuple(
        PlanDay(day, "", "2026-01-05", (*held, Stop("home", "home", 40.0, -113.0, 1300.0, None, None)))
        for day in range(7)
    )
    wrong = SimpleNamespace(key="week_infeasible", values={})
    unmet = () if feasible else (Unmet("x", "", "", 1, (wrong, wrong)),) * 9  # type: ignore[arg-type]
    helps = () if feasible else (Relaxation("x", "", 0, wrong),) * 9  # type: ignore[arg-type]
    return WeekPlan("2026-01-07", "no-car", None, feasible, 7 * stops, 7, 7, 60.0, days, unmet, helps, (), (), ())


def pages(answer: Compared, week: WeekPlan | None, say: Say) -> list[str]:
    region: Any = regions.opened("demo")
    content = meeting_paper.meeting_paper(region, None, answer, answer.homes, answer.homes[0], week, say)  # type: ignore[arg-type]
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]


def named(answer: Compared, *names: str) -> Compared:
    homes = tuple(replace(home, name=name) for home, name in zip(answer.homes, names, strict=True))
    return replace(answer, homes=homes)


@pytest.mark.usefixtures("demo_region")
@pytest.mark.parametrize("language", ["en", "es"])
def test_two_pages_say_what_one_acts_on(language: str) -> None:
    say = Say(language)
    old = house(
        open_beds=1, bed_age_days=262.0, is_bed_current=False, phone="(859) 555-0177", unknown=("open_beds", "children")
    )
    answer = named(
        compared(house(), old, house(), apart=[house(name="Fir House", reasons=("ages",))]), "Elm", "Oak", "Ash"
    )
    meeting = regions.opened("demo").resources.query("category == 'meeting' and address.notna()").iloc[0]
    first, second = pages(answer, plan(1, "Lantern Step", meeting["resource_id"]), say)
    march, ago = say.habits.day_of_year(TODAY.replace(month=3, day=12), year=False), say.habits.ago(262)
    told = [
        say.day(TODAY), "1. Elm", "2. Oak", "3. Ash", "(859) 555-0101 x2", "(859) 555-0177", "1 Elm Street",
        say("sheet_rent", rent="$150"), say("val_beds_old", beds=say("val_beds", count=1), date=march, ago=ago),
        "Be kind", say("sheet_ask_bed"), say("unknown_children"), say("col_lacks"), say("sheet_why"), "93",
    ]  # fmt: skip
    for text in told:
        assert "".join(text.split()) in "".join(first.split()), text
    assert "Fir House" not in first + second
    assert "Lantern Step" in second
    assert "".join(str(meeting["address"]).split()) in "".join(second.split())
    assert say.habits.weekday(6).capitalize() in second
    assert say("planning_aid") in second


WORST: dict[str, Any] = {
    "house_rules": f"{LONG * 12}{ENDLESS}",
    "address": f"{LONG * 5}{ENDLESS}",
    "phone": "(859) 555-0101 ext. 20202",
    "genders": "women",
    "unknown": ("open_beds", "children", "wheelchair", "weekly_rent_usd", "accepts_moud", "languages", "payment"),
    "call_hours": "Mo 09:00-12:00,13:00-17:00; Tu 10:00-12:00; We 08:00-09:00; Th 11:00-12:00; Fr 12:00-13:00",
    "is_bed_current": False,
    "reasons": ("genders", "weekly_rent_usd", "accepts_moud", "payment"),
    "payment": LONG,
}


@pytest.mark.usefixtures("demo_region")
@pytest.mark.parametrize(
    ("language", "count", "week"),
    [
        ("en", 1, plan(6, ENDLESS)),
        ("es", 3, plan(2, LONG * 4)),
        ("es", 4, plan(6, LONG * 4, feasible=False)),
    ],
    ids=["one", "three", "four"],
)
def test_one_page_stays_one_page(language: str, count: int, week: WeekPlan) -> None:
    answer = named(compared(*(house(**WORST) for _ in range(count))), *(f"{LONG * 4}{ENDLESS}" for _ in range(count)))
    first, second = pages(answer, week, Say(language))
    assert first.count("(859) 555-0101 ext.") == min(count, meeting_paper.MOST_HOMES)
    assert all(Say(language).habits.weekday(day).capitalize() in second for day in range(7))


@pytest.mark.usefixtures("demo_region")
def test_without_a_week_there_is_one_page_and_an_address_has_nobody_to_call() -> None:
    (only,) = pages(named(compared({}), "253 Dovetail Street"), None, Say("en"))
    assert "253 Dovetail Street" in only
    assert Say("en")("sheet_ask") not in only


@pytest.mark.usefixtures("demo_region")
def test_who_was_left_out_stands_in_the_appendix() -> None:
    region, say = regions.opened("demo"), Say("en")
    answer = compared(house(name="Elm House"), apart=[house(name="Fir House", reasons=("open_beds",), open_beds=0)])
    content = pdf.appendix(region, None, answer, looked_at(answer), None, say)  # type: ignore[arg-type]
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    assert "Fir House" in text
    assert "full, said November 20" in " ".join(text.split())


def looked_at(answer: Compared) -> Home:
    home = answer.homes[0]
    return replace(home, asked=replace(home.asked, score=None))
