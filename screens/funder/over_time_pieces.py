"""Pieces of the part on what changed: lists that answered or not, places, facts, buses, and causes."""

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from geo.clock import DAY
from geo.dates import moment_there
from layers.escaping import html, joined, plain
from screens.funder import questions, scenario_text
from screens.funder.components import table
from screens.funder.over_time_work import OverTimeAnswer
from screens.funder.text import count
from screens.shared.changes_text import named, place_sentences
from screens.shared.components import sentences
from screens.shared.reasons import class_name
from screens.shared.words import Say

LISTED_AT_MOST = 20
_FEEDS = (
    ("failed", "changed_feeds_failed", "nodata"),
    ("empty", "over_feeds_empty", "nodata"),
    ("not_fetched", "over_feeds_not_fetched", "nodata"),
    ("less_readable", "over_feeds_less_readable", "nodata"),
    ("new", "changed_feeds_new", "ok"),
)


def headline(found: OverTimeAnswer, say: Say) -> Markup:
    """Return who gained and who lost by what is known to have changed, and between which builds."""
    effect, minutes = found.result.known, found.asked.what.minutes
    days, zone = found.compared.dates, found.earlier.region.facts.time_zone
    before, after = built_texts(found.earlier.built_on, found.made_on, zone, say)
    lines = [
        say("over_built", before=before, after=after),
        *([say("over_dates", before=say.day(days[0]), after=say.day(days[1]))] if days[0] != days[1] else []),
        *scenario_text.effect_sentences(effect, _measure(found, say), _class(found, say), say),
    ]
    return html(
        '<section class="rr-card" aria-labelledby="rr-over"><p class="rr-muted">{known}</p>'
        '<h2 id="rr-over" data-over="headline" data-news>{title}</h2>'
        '{words}<p class="rr-muted rr-small">{small}</p></section>',
        known=say("over_known"),
        title=scenario_text.headline(effect, minutes, say),
        words=joined(html("<p>{text}</p>", text=line) for line in lines),
        small=say("if_small"),
    )


def built_texts(before: str, after: str, time_zone: str, say: Say) -> tuple[str, str]:
    """Return when two builds were made (as a region tells it) as days, with times of day where both are of one day."""
    moments = [moment_there(built, time_zone) for built in (before, after)]
    first, second = (say.day(one.date()) for one in moments)
    if first != second:
        return first, second
    clocks = [say.habits.clock(60 * one.hour + one.minute) for one in moments]
    return f"{first}, {clocks[0]}", f"{second}, {clocks[1]}"


def unknown(found: OverTimeAnswer, say: Say) -> Markup:
    """Return what would be different beside that if all that isn't known were real; nothing where all is known."""
    effect = found.result.unknown
    if effect is None:
        return Markup("")
    lines = scenario_text.effect_sentences(effect, _measure(found, say), _class(found, say), say)
    return html(
        '<section class="rr-card" aria-labelledby="rr-over-unknown" data-over="unknown">'
        '<h2 id="rr-over-unknown">{title}</h2><p class="rr-muted">{lead}</p><p><strong>{headline}</strong></p>{words}'
        "</section>",
        title=say("over_unknown_title"),
        lead=say("over_unknown_lead"),
        headline=scenario_text.headline(effect, found.asked.what.minutes, say),
        words=joined(html("<p>{text}</p>", text=line) for line in lines),
    )


def _measure(found: OverTimeAnswer, say: Say) -> str:
    return questions.measure_name(found.result.known.measure, say)


def _class(found: OverTimeAnswer, say: Say) -> str:
    return class_name(found.asked.what.class_name or "", say)


def lists(found: OverTimeAnswer, say: Say) -> Markup:
    """Return which lists and timetables didn't answer as before: what only these had isn't known to be gone."""
    rows = list(_feeds(found.compared.feeds, say)) or [("ok", say("over_feeds_all"))]
    return html('<h2>{title}</h2><div data-over="lists">{rows}</div>', title=say("over_lists"), rows=sentences(rows))


def _feeds(feeds: pd.DataFrame, say: Say) -> Iterator[tuple[str, str]]:
    for state, key, tone in _FEEDS:
        names = [plain(feed) for feed in feeds.loc[feeds["state"] == state, "feed"]]
        if names:
            yield tone, say(key, names=say.habits.listed(names))


def places(found: OverTimeAnswer, say: Say) -> Markup:
    """Return what opened, closed or moved, and what isn't known any more."""
    rows = list(place_sentences(found.compared.places, say)) or [("ok", say("over_places_none"))]
    return html('<h2>{title}</h2><div data-over="places">{rows}</div>', title=say("over_places"), rows=sentences(rows))


def values_table(found: OverTimeAnswer, say: Say) -> Markup:
    """Return what places tell otherwise; of what only lists' absence hides, the number."""
    values = found.compared.changed_values
    certain = values[values["change"] != "unconfirmed"]
    unsure = len(values) - len(certain)
    none = html('<span class="rr-muted">{text}</span>', text=say("over_not_told"))
    body = joined(
        html(
            '<tr><th scope="row">{name}</th><td>{what}</td><td data-head="{before}">{was}</td>'
            '<td data-head="{after}">{now}</td></tr>',
            name=named(row, say),
            what=say(f"over_what_{row['what']}"),
            before=say("over_before"),
            after=say("over_after"),
            was=_told(row["before"]) or none,
            now=_told(row["after"]) or none,
        )
        for row in certain.head(LISTED_AT_MOST).to_dict("records")
    )
    heads = ("over_place", "over_what", "over_before", "over_after")
    parts = [table("values", heads, say("over_values", count=len(certain)), body, say)] if len(certain) else []
    parts += _and_more(len(certain), say)
    if unsure:
        parts.append(sentences([("nodata", say("over_values_unsure", count=unsure))]))
    return joined(parts)


def _told(text: object) -> Markup:
    """Return what a list tells, in its own words."""
    return html("<span translate='no'>{text}</span>", text=plain(str(text))) if text else Markup("")


def _and_more(length: int, say: Say) -> list[Markup]:
    more = length - LISTED_AT_MOST
    return [html('<p class="rr-muted">{text}</p>', text=say("over_more", count=more))] if more > 0 else []


def routes_table(found: OverTimeAnswer, say: Say) -> Markup:
    """Return which routes run otherwise: trips, and the last one, by kind of day."""
    routes = found.compared.routes
    if routes.empty:
        return Markup("")
    body = joined(
        html(
            '<tr><th scope="row">{name} <span class="rr-muted rr-small">{change}</span></th><td>{day}</td>'
            '<td class="rr-number" data-head="{trips}">{number}</td>'
            '<td class="rr-number" data-head="{last}">{times}</td></tr>',
            name=plain(row["route"]),
            change=say(f"over_route_{row['change']}"),
            day=say(f"over_day_{row['day']}"),
            trips=say("over_trips"),
            number=f"{row['trips_before']} → {row['trips_after']}",
            last=say("over_last"),
            times=_last_times(row, say),
        )
        for row in routes.head(LISTED_AT_MOST).to_dict("records")
    )
    number = len(routes.drop_duplicates(["change", "feed", "route"]))
    heads = ("over_route", "over_day", "over_trips", "over_last")
    parts = [table("routes", heads, say("over_routes", count=number), body, say), *_and_more(len(routes), say)]
    return joined(parts)


def _last_times(row: dict[Any, Any], say: Say) -> str:
    times = [
        "–" if pd.isna(row[name]) else say.habits.clock(int(row[name]) % DAY)
        for name in ("last_minute_before", "last_minute_after")
    ]
    return times[0] if times[0] == times[1] else " → ".join(times)


def causes_table(found: OverTimeAnswer, say: Say) -> Markup:
    """Return what each cause did, where several did anything that has a number; they don't add up."""
    causes = found.result.causes
    if len(causes) < 2 or not (found.result.known.people["people"] or found.result.known.reach):
        return Markup("")
    heads = ["if_gaining", "if_losing"]
    columns = ["gaining", "losing"]
    if found.result.known.reach is not None:
        heads, columns = [*heads, "over_newly", "over_no_more"], [*columns, "reach_newly", "reach_no_more"]
    body = joined(
        html(
            '<tr><th scope="row">{name}</th>{cells}</tr>',
            name=say(f"over_cause_{row['cause']}"),
            cells=joined(_number(row[column], say(head), say) for column, head in zip(columns, heads, strict=True)),
        )
        for row in causes.to_dict("records")
    )
    return table("causes", ("over_cause", *heads), say("over_causes"), body, say)


def _number(value: float, head: str, say: Say) -> Markup:
    return html('<td class="rr-number" data-head="{head}">{text}</td>', head=head, text=count(value, say))


def told(limits: Sequence[str], say: Say) -> Markup:
    """Return what bounds the answer; the engine's own words, which are English."""
    if not limits:
        return Markup("")
    return html(
        '<details class="rr-all rr-small"><summary>{title}</summary><ul lang="en">{rows}</ul></details>',
        title=say("over_told"),
        rows=joined(html("<li>{text}</li>", text=plain(text)) for text in limits),
    )
