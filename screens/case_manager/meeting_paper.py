"""The paper for the meeting: up to three homes side by side on one page, and the week from one of them on a second."""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import geopandas as gpd
from PIL import Image

from geo.needs.stay_away import outlines
from geo.plan.model import HOME, PlanDay, Stop
from geo.plan.week_plan import WeekPlan
from layers.basemap import Basemap
from layers.escaping import plain
from layers.pdf import Heading, Page, Part, Picture, Table, Text, counting_pages, fullest_on_one_page, pdf
from layers.printed_map import Spot, any_in_sight, printed_map
from screens.case_manager import homes, needs_text, week
from screens.case_manager.homes import Compared, Home
from screens.case_manager.house_facts import rent_called_on
from screens.case_manager.pdf import ending, places_of, report
from screens.shared import reasons
from screens.shared.curfew_text import conflict_texts
from screens.shared.words import Say
from sources.region.model import Region

MOST_HOMES = 3
OF_ITSELF = ("own_home", "recovery_beds")
"""Classes that a house has by being one: no reason to choose it over another."""
MAP_INCHES = 7.3
LONGEST_NEEDS, LONGEST_NOTE = 420, 260
LABELS, COLUMNS = 26.0, 160.0
"""Shares of the page's width: of the names of the rows, and of all homes together."""


@dataclass(frozen=True)
class Form:
    """How full a page is: the scale of its letters, inches of map, and how much is told.

    `reasons`: how many sentences say why; `letters`: how long a text may be; `lines`: free lines to write on;
    `sources`: whose the data is stands there too, as it does in the appendix.
    """

    scale: float
    map_inches: float
    reasons: int
    letters: int
    lines: int = 0
    sources: bool = True


HOME_FORMS = (
    Form(1.05, 3.6, 3, 400, 3),
    Form(1.0, 3.3, 3, 400, 2),
    Form(0.95, 3.0, 3, 300, 1),
    Form(0.9, 2.7, 2, 220),
    Form(0.85, 2.3, 2, 160),
    Form(0.8, 2.0, 1, 110),
    Form(0.8, 1.8, 1, 60),
)
WEEK_FORMS = (
    Form(1.05, 0, 3, 300),
    Form(0.95, 0, 3, 160),
    Form(0.9, 0, 2, 110),
    Form(0.8, 0, 2, 80),
    Form(0.7, 0, 1, 50),
    Form(0.55, 0, 1, 40, sources=False),
)
"""From the fullest form of a page to the one that fits whatever it holds."""


def meeting_paper(
    region: Region,
    land: Basemap,
    compared: Compared,
    chosen: Sequence[Home],
    home: Home,
    plan: WeekPlan | None,
    say: Say,
) -> bytes:
    """Return the paper as a PDF of two pages, or of one without a plan.

    Parameters
    ----------
    land
        What can be drawn of the region.
    chosen
        Homes, best first; the first `MOST_HOMES` are shown.
    home, plan
        One of the chosen, and the week from it, for the second page.
    """
    shown = list(chosen[:MOST_HOMES])
    subtitle = f"{say.day(compared.today)}. {_clip(needs_text.describe(compared.needs, say), LONGEST_NEEDS)}"
    paper = replace(report(region, say("sheet_meeting"), subtitle, (), say), parts=())
    drafts = [_homes_page(compared, shown, form, _blank(form.map_inches), say, is_hatched=True) for form in HOME_FORMS]
    weeks = [] if plan is None else [_week_page(region, plan, home, form, say) for form in WEEK_FORMS]
    with counting_pages() as count:
        form = HOME_FORMS[fullest_on_one_page(paper, drafts, count)]
        week_pages = [weeks[fullest_on_one_page(replace(paper, parts=(Page(()),)), weeks, count)]] if weeks else []
    away = outlines(compared.needs.stay_away, region.network.crs)
    spots, size = (
        [Spot(one.number, one.asked.lon, one.asked.lat, "home") for one in shown],
        (MAP_INCHES, form.map_inches),
    )
    nothing = gpd.GeoDataFrame({"minutes": []}, geometry=[], crs="EPSG:4326")
    drawn = printed_map(land, None, nothing, spots, size, away=away)
    first = _homes_page(compared, shown, form, drawn, say, is_hatched=any_in_sight(away, None, spots, size))
    return pdf(replace(paper, parts=[first, *week_pages]))


def _clip(text: str, letters: int) -> str:
    return text if len(text) <= letters else f"{text[: letters - 1].rstrip()}…"


def _blank(inches: float) -> bytes:
    """Return a picture as high and wide as the map, to see how much room it takes."""
    content = io.BytesIO()
    Image.new("1", (round(100 * MAP_INCHES), round(100 * inches))).save(content, "png")
    return content.getvalue()


def _homes_page(
    compared: Compared, shown: Sequence[Home], form: Form, picture: bytes, say: Say, *, is_hatched: bool
) -> Page:
    cut = partial(_clip, letters=form.letters)
    columns = [_column(home, compared, form, say) for home in shown]
    labels = list(dict.fromkeys(label for column in columns for label in column))
    rows = [
        (label, *("\n".join(map(cut, column.get(label, ()))) for column in columns))
        for label in labels
        if any(column.get(label) for column in columns)
    ]
    rows += [(say("sheet_notes"), *("\n" * form.lines for _ in shown))] if form.lines else []
    titles = ["", *(_clip(say("home_title", number=one.number, name=one.name), 90) for one in shown)]
    widths = (LABELS, *(COLUMNS / len(shown) for _ in shown))
    notes = [Text(_clip(text, LONGEST_NOTE)) for text in conflict_texts(compared.needs, say)[: form.reasons]]
    table = Table(tuple(titles), widths, tuple(rows), strong=0, title_size=10)
    hatched = [say("sheet_map_hatched")] if is_hatched else []
    return Page((*notes, table, Picture(picture, " ".join([say("sheet_map_homes"), *hatched]))), form.scale)


def _column(home: Home, compared: Compared, form: Form, say: Say) -> dict[str, Sequence[str]]:
    """Return what is told of a home: lines by the name of their row."""
    facts = homes.facts_texts(home, compared, say)
    minutes = [f"{to}: {text}" for to, text in homes.minutes_texts(home, compared, say)] if home.score else []
    why = reasons.what_helps(home.score, say, OF_ITSELF)[: form.reasons] if home.score else []
    call = [facts["phone"], facts["call_hours"]] if home.facts else []
    column: dict[str, Sequence[str]] = {
        say("sheet_call"): [text for text in call if text and text != say("val_unknown")] or call[:1],
        say("col_address"): [facts["address"]],
        say("col_beds"): [facts["beds"]],
        say("sheet_cost"): [_cost(home, facts["rent"], say)],
        say("col_curfew"): [facts["curfew"]],
        say("col_rules"): [text for text in (facts["level"], facts["model"], facts["rules"]) if text],
        say("sheet_why"): [*_score(home, say), *(text for _, text in why)],
        say("col_minutes"): minutes,
        say("col_lacks"): homes.lacks(home, say)[: form.reasons],
        say("col_flags"): homes.warnings(home, compared, say),
        say("sheet_ask"): _to_ask(home, say),
    }
    return {label: [text for text in lines if text] for label, lines in column.items()}


def _cost(home: Home, rent: str, say: Say) -> str:
    known = bool(home.facts) and rent != say("val_unknown") and not rent_called_on(home.facts)
    return say("sheet_rent", rent=rent) if known else rent


def _score(home: Home, say: Say) -> list[str]:
    if not home.score:
        return []
    if home.score["total"] is None:
        return [homes.total_text(home, say)]
    return [say("sheet_score", total=homes.total_text(home, say), sure=round(100 * home.score["confidence"]["value"]))]


def _to_ask(home: Home, say: Say) -> list[str]:
    """Return what to ask on the call; nothing of an address that is no listed house."""
    if not home.facts:
        return []
    unknown = homes.questions(home, say)
    asked = [say("sheet_ask_bed"), say("sheet_ask_money")]
    return [*asked, *([say("sheet_ask_unknown", what=", ".join(unknown))] if unknown else [])]


def _week_page(region: Region, plan: WeekPlan, home: Home, form: Form, say: Say) -> Page:
    cut = partial(_clip, letters=form.letters)
    where = places_of(region, plan)
    name = _clip(say("home_title", number=home.number, name=home.name), 90)
    parts: list[Part] = [Heading(say("week_title", home=name))]
    if not plan.feasible:
        unmet, helps = week.unmet_sentences(plan, say), week.help_sentences(plan, say)
        parts += [Text(say("week_infeasible"))]
        parts += [Text(cut(text)) for text in unmet[: form.reasons]]
        parts += [Text(cut(text), muted=True) for text in helps[: form.reasons]]
    rows = [row for day in plan.days for row in _day(day, where, cut, say)]
    titles = (say("sheet_day"), say("sheet_when"), say("sheet_where"), say("sheet_way"))
    parts.append(Table(titles, (24, 34, 74, 54), tuple(rows), strong=0))
    return Page((*parts, *ending(region, say)[: 2 if form.sources else 1]), form.scale)


def _day(
    day: PlanDay, where: Mapping[str, str], cut: Callable[[str], str], say: Say
) -> Iterator[tuple[str, str, str, str]]:
    name = say.habits.weekday(day.weekday).capitalize()
    if not day.stops:
        yield name, "", say("week_at_home"), ""
    for number, stop in enumerate(day.stops):
        trip = "" if stop.journey is None else week.trip_text(stop.journey, day.weekday, say)
        yield (name if number == 0 else ""), _when(stop, day.weekday, say), _what(stop, day, where, cut, say), cut(trip)


def _when(stop: Stop, weekday: int, say: Say) -> str:
    return week.clock(stop.start, weekday, say, up=True) if stop.kind == HOME else week.hours(stop, weekday, say)


def _what(stop: Stop, day: PlanDay, where: Mapping[str, str], cut: Callable[[str], str], say: Say) -> str:
    kind = say(f"week_kind_{stop.kind}")
    if stop.kind in (HOME, week.WORK):
        return kind
    lines = (
        f"{kind}: {plain(stop.name)}",
        where.get(stop.resource_id or "", ""),
        week.how_often(stop, day.weekday, say),
    )
    return "\n".join(cut(text) for text in lines if text)
