"""What lies behind a comparison, and one home's week, on paper: for the file, and for the person's pocket."""

import math
from collections.abc import Mapping, Sequence

import geopandas as gpd

from geo.needs.stay_away import outlines
from geo.plan.model import HOME, Stop
from geo.plan.week_plan import WeekPlan
from geo.tables import DIMENSIONS
from layers.basemap import Basemap
from layers.escaping import plain
from layers.pdf import Heading, Part, Picture, Report, Table, Text, pdf
from layers.printed_map import Spot, any_in_sight, printed_map
from screens.case_manager import homes, needs_text, week
from screens.case_manager.homes import Compared, Home
from screens.shared import journey_text, queries, reasons
from screens.shared.credits import credits_of
from screens.shared.crisis import crisis_in_words
from screens.shared.verified import verified_texts
from screens.shared.words import Say
from sources.region.ended import seen_on
from sources.region.model import Region

MOST_HOMES = 40


def appendix(
    region: Region, land: Basemap, compared: Compared, looked_at: Home, areas: gpd.GeoDataFrame | None, say: Say
) -> bytes:
    """Return what lies behind a comparison: map, every home, why the one looked at has its score, who was left out.

    Parameters
    ----------
    land
        What can be drawn of the region.
    areas
        Within reach of the home that is looked at, as the map on the screen shows them; None shows none.
    """
    asked = looked_at.asked
    shown = areas if areas is not None else gpd.GeoDataFrame({"minutes": []}, geometry=[], crs="EPSG:4326")
    spots = [Spot(home.number, home.asked.lon, home.asked.lat, "home") for home in compared.homes[:MOST_HOMES]]
    title = say("home_title", number=looked_at.number, name=looked_at.name)
    away = outlines(compared.needs.stay_away, region.network.crs)
    drawn = printed_map(land, (asked.lon, asked.lat), shown, spots, away=away)
    is_hatched = any_in_sight(away, (asked.lon, asked.lat), spots)
    hatched = [say("sheet_map_hatched")] if is_hatched else []
    parts: list[Part] = [Picture(drawn, " ".join([say("sheet_map", home=title), *hatched]))]
    parts += [Text(text) for text in homes.notes(compared, say)]
    told = f"{say('homes_ranked')} {say('minutes_told')}"
    parts += [Heading(say("homes_all")), _ranked(compared, say), Text(told, muted=True)]
    if looked_at.score:
        parts += [Heading(title), *_why(looked_at, say)]
    if len(compared.apart):
        rows = tuple(
            (
                "\n".join(text for text in (plain(row["name"]), plain(row["address"]), plain(row["phone"])) if text),
                " ".join(homes.misfits(row, compared.today, say)),
            )
            for row in compared.apart.to_dict("records")
        )
        parts += [Heading(say("homes_apart", count=len(rows))), Table((say("col_home"), ""), (80, 106), rows)]
    return pdf(report(region, say("sheet_appendix"), needs_text.describe(compared.needs, say), parts, say))


def weekly(region: Region, home: Home, plan: WeekPlan, say: Say) -> bytes:
    """Return a week plan as a PDF for the person's pocket: each day's stops, and every journey in words."""
    parts: list[Part] = []
    where = places_of(region, plan)
    if not plan.feasible:
        parts += [Heading(say("week_infeasible"))]
        parts += [Text(sentence) for sentence in week.unmet_sentences(plan, say)]
        parts += [Text(sentence, muted=True) for sentence in week.help_sentences(plan, say)]
    for day in plan.days:
        rows = tuple(row for stop in day.stops for row in _stop(stop, day.weekday, where, say))
        date = f", {say('week_timetable', date=say.day(day.date))}" if day.date else ""
        title = f"{say.habits.weekday(day.weekday).capitalize()}{date}"
        titles = (say("sheet_when"), say("sheet_what"), say("sheet_way"))
        parts.append(Table(titles, (24, 62, 100), rows or (("", say("week_at_home"), ""),), title=title, strong=1))
    return pdf(report(region, say("sheet_week"), say("sheet_from", home=home.name), parts, say))


def _ranked(compared: Compared, say: Say) -> Table:
    titles = (
        "",
        say("col_home"),
        say("col_total"),
        say("col_sure"),
        *(say(name) for name in DIMENSIONS),
        say("sheet_days"),
    )
    titles += (say("col_minutes"), say("col_lacks"))
    rows = []
    for home in compared.homes:
        facts, score = homes.facts_texts(home, compared, say), home.score
        names = ("rent", "beds", "curfew", "phone", "address") if home.facts else ("curfew",)
        details = ", ".join(text for name in names if (text := facts[name]))
        band = score["sensitivity"] if score and score["total"] is not None else None
        rows.append(
            (
                str(home.number),
                "\n".join([home.name, details, *homes.flags(home, compared, say)]),
                homes.total_text(home, say) + (f"\n{round(band['p5'])}–{round(band['p95'])}" if band else ""),
                _rounded(100 * score["confidence"]["value"]) if score else "",
                *(_rounded(score["dimensions"][name]) if score else "" for name in DIMENSIONS),
                homes.days_text(home, say),
                "\n".join(f"{to} {text}" for to, text in homes.minutes_texts(home, compared, say)) if score else "",
                "\n".join(homes.lacks(home, say)),
            )
        )
    return Table(titles, (6, 42, 12, 20, 14, 13, 17, 20, 16, 24, 28), tuple(rows), strong=1, title_size=6.5)


def _rounded(value: float | None) -> str:
    return "–" if value is None else str(round(value))


def _why(home: Home, say: Say) -> Sequence[Part]:
    score = home.score
    groups = (
        ("helps", reasons.what_helps(score, say)),
        ("limits", reasons.what_limits(score, say)),
        ("raises", reasons.what_raises(score, say)),
        ("unknown", reasons.what_is_unknown(score, say)),
    )
    rows = tuple((say(title), "\n".join(text for _, text in sentences)) for title, sentences in groups if sentences)
    sure = say("confidence", percent=round(100 * score["confidence"]["value"]))
    return [Table(("", ""), (40, 146), rows), Text(f"{reasons.how_firm(score, say)} {sure}", muted=True)]


def places_of(region: Region, plan: WeekPlan) -> dict[str, str]:
    """Return where each resource of a plan is, by its id: the venue and the address."""
    wanted = {stop.resource_id for day in plan.days for stop in day.stops if stop.resource_id}
    rows = region.resources[region.resources["resource_id"].isin(wanted)]
    parts = zip(rows["venue"].map(plain), rows["address"].map(plain), strict=True)
    texts = [", ".join(text for text in two if text) for two in parts]
    return dict(zip(rows["resource_id"], texts, strict=True))


def _stop(stop: Stop, weekday: int, where: Mapping[str, str], say: Say) -> list[tuple[str, str, str]]:
    """Return a stop as rows: the way there, and the stay."""
    way = ""
    if stop.journey is not None:
        way = "\n".join(journey_text.sentences(week.named(stop.journey, say), say, weekday))
    if stop.kind == HOME:
        return [(week.clock(math.ceil(stop.start), weekday, say), say("week_kind_home"), way)]
    times = week.hours(stop, weekday, say)
    name = "" if stop.kind == "work" else f"\n{plain(stop.name)}"
    often = week.how_often(stop, weekday, say)
    what = f"{say(f'week_kind_{stop.kind}')}{name}"
    return [(times, "\n".join(text for text in (what, where.get(stop.resource_id or "", ""), often) if text), way)]


def report(region: Region, title: str, subtitle: str, parts: Sequence[Part], say: Say) -> Report:
    """Return a paper with what every paper ends with: what it is not, how fresh the data is, whose it is."""
    facts = region.facts
    return Report(
        title=title,
        subtitle=subtitle,
        crisis=crisis_in_words(facts.country, say),
        page=say("paper_page"),
        language=say.language,
        date=facts.service_date,
        parts=[*parts, *ending(region, say)],
        limit=queries.ended(region, say),
    )


def ending(region: Region, say: Say) -> tuple[Text, Text]:
    """Return what every paper ends with."""
    facts = region.facts
    lines = [say("planning_aid")]
    if facts.fictional:
        lines += [say("fictional"), say("fictional_day", date=say.day(facts.service_date))]
    sources = "; ".join(credits_of(facts.sources, say))
    fresh = ". ".join(verified_texts(region.resources, say, seen_on(region.facts)))
    return Text(" ".join(lines)), Text(f"{facts.title}. {fresh}. {say('sources')}: {sources}.", muted=True)
