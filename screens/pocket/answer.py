"""What the pocket page tells: asked of the functions that the participant's page asks, as plain values for templates.

Nothing is worked out here. Every text of a feed is plain already (`near_me.in_words`); the templates escape it.
"""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.clock import DAY
from geo.errors import OutsideRegionError
from geo.nearby.places import Nearby, Wishes, nearby
from geo.tables import CATEGORIES
from geo.timetables.calendar import MORNING_MINUTES
from geo.travel.journeys import Journey
from layers.escaping import link, plain, telephone
from layers.printed_map import Spot, printed_map
from screens.pocket.fields import Fields, Refused, Target, at_text, target_text
from screens.shared import crisis, journey_text, near_lists, near_me, on_demand, place_search, queries, regions
from screens.shared.hours import date_in_words, hours_in_words, opening
from screens.shared.near_lists import Section
from screens.shared.near_me import FORMATS, Question
from screens.shared.near_text import (
    directions,
    how_far,
    is_tight,
    late_start,
    minute_text,
    moment_in_words,
    sentence,
    way_home,
)
from screens.shared.priority import in_turn
from screens.shared.queries import ChosenPlace
from screens.shared.words import Say
from sources.region import list_regions, unreadable_regions
from sources.region.model import Region, RegionFacts

AT_ONCE, A_DAY_AT_ONCE, ONLINE_AT_ONCE, OF_A_DAY = 8, 5, 5, 40
"""Cards of a list, of each day of a week, of online meetings, and of one day of a week: so that all stays small."""

ON_MAP = 12
MAP_INCHES, MAP_DOTS_PER_INCH, MAP_COLORS = (4.2, 4.4), 170, 160
"""As wide as a telephone, so that its numbers can be read there."""
LEGS = {"there": "near_way_to", "back": "near_way_back", "last": "near_way_last"}

Values = dict[str, Any]


class Suggestions(Exception):  # noqa: N818  an answer too: which of these did you mean?
    """A text means no place for certain; `near` are those that it may mean."""

    def __init__(self, typed: str, near: list[ChosenPlace]) -> None:
        super().__init__(typed)
        self.typed, self.near = typed, near


def facts_of(name: str) -> RegionFacts | None:
    """Return the region that was chosen, or the first one; None where there is none at all.

    Raises
    ------
    Refused
        There is no region of this name, or it is damaged.
    """
    every = {facts.name: facts for facts in list_regions()}
    damaged = unreadable_regions()
    if name in damaged or (damaged and not every):
        raise Refused("pocket_unreadable", "pocket_unreadable_hint", 503)
    if name and name not in every:
        raise Refused("pocket_no_such_region", "pocket_no_such_region_hint", 404)
    return every[name] if name else next(iter(every.values()), None)


def form(facts: RegionFacts, fields: Fields, say: Say) -> Values:
    """Return what the form offers, and what of it is chosen."""
    region, known = regions.opened(facts.name), regions.places_nearby(facts.name)
    modes, wishes = queries.modes(region), fields.wishes
    present = set(known.resources["category"]) | set(known.online["category"])
    kinds = [category for category in CATEGORIES if category in present]
    fellowships = near_me.present(known.resources, "fellowship", bool)
    formats = near_me.present(known.resources, "formats", FORMATS.__contains__)
    spoken = near_me.present(known.resources, "languages", lambda code: code not in {"", "en"}, 6)
    return {
        "views": [(view, say(f"when_{view}")) for view in near_lists.VIEWS],
        "view": fields.view,
        "modes": [(mode, say(f"mode_{mode}")) for mode in modes],
        "mode": fields.mode if fields.mode in modes else modes[0],
        "regions": [(one.name, plain(one.title)) for one in list_regions()],
        "region": facts.name,
        "choices": [
            ("kind", say("near_kinds"), {one: say(one) for one in kinds}, wishes.kinds),
            ("fellowship", say("near_fellowships"), {one: plain(one) for one in fellowships}, wishes.fellowships),
            ("format", say("near_formats"), _in_words(formats, near_me.format_in_words, say), wishes.formats),
            ("spoken", say("near_languages"), _in_words(spoken, near_me.language_in_words, say), wishes.languages),
        ],
        "step_free": wishes.step_free,
        "typed": fields.place.name if fields.place else fields.typed,
        "date": fields.date,
        "time": fields.time,
    }


def question(region: Region, fields: Fields) -> Question:
    """Return from where, how and when is asked.

    Raises
    ------
    Refused, Suggestions
        There is no place, or none for certain; what was chosen isn't offered.
    """
    modes = queries.modes(region)
    mode = fields.mode or modes[0]
    known = regions.places_nearby(region.facts.name)
    _check_wishes(known, fields.wishes)
    if mode not in modes:
        raise Refused("pocket_bad_field", "pocket_bad_field_hint")
    place = fields.place
    if place is None:
        if not fields.typed:
            raise Refused("pocket_no_place")
        place, near = place_search.looked_up(region, fields.typed)
        if place is None:
            raise Suggestions(fields.typed, near)
    asked = Question(place, mode, moment(region, fields), fields.wishes.step_free)
    try:
        near_me.check_place(region, asked)
    except OutsideRegionError:
        raise Refused("outside", "outside_hint") from None
    return asked


def moment(region: Region, fields: Fields) -> near_me.When:
    """Return the moment that is asked about: now, but for the day or time that was chosen."""
    day, time = fields.when
    if day is None and time is None:
        return near_me.moment(region)
    minute = near_me.moment(region).minute % DAY
    if day is not None:  # who asks in the small hours for a day means that one, and not the night before it
        minute = max(minute, MORNING_MINUTES)
    return near_me.moment(region, (day or near_me.today(region), time or datetime.time(*divmod(minute, 60))))


def lists(region: Region, fields: Fields, say: Say) -> Values:
    """Return an answer: its sections of cards, the next meeting where there is none, and what holds for all of it."""
    known = regions.places_nearby(region.facts.name)
    with in_turn():
        asked = question(region, fields)
        found = near_lists.ask(region, known, asked, fields.view)
        day = datetime.date.fromisoformat(fields.day) if fields.day else None

        def shown(of: datetime.date | None) -> near_lists.Shown:
            return near_lists.shown(found, known, asked, fields.view, fields.wishes, say, day=of)

        week = near_lists.week_from(asked.when.day)
        days = [asked.when.day]
        if fields.view != "week":
            told = shown(None)
            left_out = list(told.left_out)
            parts = [_part(section, asked, say) for section in told.sections if section.kind != "online"]
        else:
            days = [day] if day in week else week
            each = [shown(of) for of in days]
            told = each[0]
            left_out = _left_out_of_days(told if len(days) == 1 else shown(None), asked, say)
            parts = [_day(one, of, asked, say, alone=len(days) == 1) for one, of in zip(each, days, strict=True)]
        meetings = next((part for part in parts if part["name"] == "meetings"), None)
        if meetings is not None and not meetings["cards"] and fields.view != "week":
            following = near_lists.next_meetings(region, known, asked, found, fields.wishes, say)
            if following is not None:
                parts.insert(1, _part(following, asked, say))
    online = next((section for section in told.sections if section.kind == "online"), None)
    if online is not None and online.rows.empty:
        online = near_lists.next_online(region, known, asked.when, fields.wishes, say) or online
    return {
        "asked": asked,
        "when": _when(asked, say),
        "place": asked.place.name or say("pocket_here"),
        "how": say(f"mode_{asked.mode}"),
        "view": say(f"when_{fields.view}"),
        "parts": parts,
        "nothing": not any(part["cards"] for part in parts),
        "online": None if online is None else _part(online, asked, say, ONLINE_AT_ONCE),
        "left_out": left_out,
        "limits": limits(region, asked, days, say),
        "rides": on_demand.sentences(region, asked.place, say),
    }


def way(region: Region, fields: Fields, say: Say) -> Values:
    """Return the trip to a place or session of a list, and home again, step by step."""
    with in_turn():
        asked, row = chosen(region, fields, say)
        ways = near_me.ways(region, asked, row, say)
    section = Section("way", "session" if hasattr(row, "start_minute") else "place", "", pd.DataFrame())
    return {
        "asked": asked,
        "card": _card(section, row, asked, say) | {"hours": hours_in_words(row.hours, say, asked.when.day)},
        "when": date_in_words(asked.when.day, say),
        "ways": [_way(say(LEGS[leg]), journey, asked, say) for leg, journey in ways.items()],
        "limits": limits(region, asked, [asked.when.day], say),
    }


def chosen(region: Region, fields: Fields, say: Say) -> tuple[Question, Any]:
    """Return the row of a list that was chosen, found again, and the question that it answers.

    Raises
    ------
    Refused, Suggestions
        As `question`; or it isn't there, or can't be reached then.
    """
    target = fields.target
    if target is None:
        raise Refused("pocket_bad_field", "pocket_bad_field_hint")
    asked = question(region, replace(fields, wishes=Wishes(step_free=fields.wishes.step_free)))
    tables = (region.resources, region.sessions)
    known = nearby(*(table[table["resource_id"] == target.resource_id] for table in tables))
    if target.day is not None:
        minute = asked.when.minute if target.day == asked.when.day else MORNING_MINUTES
        asked = replace(asked, when=near_me.on_day(region, target.day, minute))
    if not len(known.resources):
        raise Refused("pocket_gone", "pocket_gone_hint", 404)
    between = near_me.day_near(region, known, asked)
    if target.day is None:
        found = near_me.places_near(known, between, asked, region.facts.country)
    else:
        found = near_me.sessions_near(known, between, asked)
        found = found[found["start_minute"] == target.start_minute].reset_index(drop=True)
    rows = near_me.with_next_way_home(region, known, asked, found)
    rows = near_me.in_words(known.resources, rows, Wishes(), say)
    if rows.empty:
        raise Refused("pocket_gone", "pocket_gone_hint", 404)
    return asked, next(rows.itertuples(index=False))


def picture(region: Region, fields: Fields, say: Say) -> Values:
    """Return a map of where one starts and of the first places of the lists, as a PNG, and what its numbers mean."""
    known = regions.places_nearby(region.facts.name)
    with in_turn():
        asked = question(region, fields)
        found = near_lists.ask(region, known, asked, fields.view)
        day = asked.when.day if fields.view == "week" else None
        told = near_lists.shown(found, known, asked, fields.view, fields.wishes, say, day=day)
        marks = near_lists.marks(told, asked, say).head(ON_MAP)
        spots = [Spot(number, row.lon, row.lat, row.dimension) for number, row in enumerate(marks.itertuples(), 1)]
        nothing = gpd.GeoDataFrame({"minutes": []}, geometry=[], crs="EPSG:4326")
        land = regions.land(region.facts.name)
        where = (asked.place.lon, asked.place.lat)
        image = printed_map(land, where, nothing, spots, MAP_INCHES, MAP_DOTS_PER_INCH, MAP_COLORS)
    names = [f"{row.name}: {row.reach}" for row in marks.itertuples(index=False)]
    return {"asked": asked, "image": image, "names": names, "place": asked.place.name or say("pocket_here")}


def suggestions(problem: Suggestions) -> list[tuple[str, str]]:
    """Return the places that a text may mean, each as its button sends it and as it is called."""
    return [(at_text(place), place.name) for place in problem.near]


def always(facts: RegionFacts | None, say: Say) -> list[crisis.Way]:
    """Return whom one can call at any hour."""
    country = None if facts is None else facts.country
    told = [] if country is None else [crisis.helpline(country, say)]
    return [*crisis.crisis_ways(country, say), *(one for one in told if one is not None)]


def _in_words(options: list[str], words: Callable[[str, Say], str], say: Say) -> dict[str, str]:
    return {one: words(one, say) for one in options}


def _check_wishes(known: Nearby, wishes: Wishes) -> None:
    told = {"category": wishes.kinds, "fellowship": wishes.fellowships, "formats": wishes.formats}
    for column, words in (told | {"languages": wishes.languages}).items():
        texts = {*known.resources[column].dropna(), *known.online[column].dropna()}
        if not {*words} <= {word.strip() for text in texts for word in str(text).split(";")}:
            raise Refused("pocket_bad_field", "pocket_bad_field_hint")


def limits(region: Region, asked: Question, days: Sequence[datetime.date], say: Say) -> list[str]:
    """Return what holds for the times of an answer, which are those of these days."""
    told = [place_search.street_in_words(region, asked.place, asked.mode, say)]
    if asked.mode == "transit":
        told.append(queries.ended(region, say, asked.when.service))
        told += near_lists.timetable_limits(region, days, say)
    return [text for text in told if text]


def _when(asked: Question, say: Say) -> str:
    return moment_in_words(asked.when.day, asked.when.minute, say)


def _part(section: Section, asked: Question, say: Say, at_once: int = AT_ONCE) -> Values:
    rows = section.rows.head(at_once)
    return {
        "name": section.name,
        "kind": section.kind,
        "title": section.title,
        "none": section.none,
        "cards": [_card(section, row, asked, say) for row in rows.itertuples(index=False)],
        "left": len(section.rows) - len(rows),
        "day": "",
    }


def _day(told: near_lists.Shown, day: datetime.date, asked: Question, say: Say, *, alone: bool) -> Values:
    """Return the meetings of one day of a week: the first few, or, where it is `alone`, as many as fit."""
    section = next((one for one in told.sections if one.kind == "session"), None)
    if section is None:
        empty = Section("meetings", "session", "", pd.DataFrame(), say("near_no_meetings"))
        return _part(empty, asked, say) | {"title": date_in_words(day, say)}
    part = _part(section, asked, say, OF_A_DAY if alone else A_DAY_AT_ONCE)
    title = say("pocket_day_count", day=date_in_words(day, say), count=len(section.rows))
    return part | {"title": title, "day": "" if alone else day.isoformat(), "count": len(section.rows)}


def _left_out_of_days(told: near_lists.Shown, asked: Question, say: Say) -> list[str]:
    """Return what days of a week leave out: they list no meeting that one doesn't get home from in time."""
    stranding = sum(len(section.rows) for section in told.sections if section.name == "stranded_meetings")
    texts = [say("near_stranded", count=stranding, how=say(f"how_{asked.mode}"))] if stranding else []
    return [*texts, *told.left_out]


def _card(section: Section, row: Any, asked: Question, say: Say) -> Values:
    """Return what a card tells."""
    made: Callable[..., Values] = {"session": _session, "place": _open_place, "online": _online}[section.kind]
    notes = late_start(row, say)
    notes += [say("near_also_online")] if row.hybrid and section.kind != "online" else []
    notes += [row.how_often] if row.how_often else []
    notes += [say("near_not_stated")] if row.unsure else []
    notes += [] if getattr(row, "zone_known", True) else [say("near_zone_unknown")]
    here = section.kind != "online"
    return {
        "name": row.name,
        "kind": row.kind,
        "tags": notes,
        "where": row.where if here else "",
        "notes": row.notes,
        "dimension": row.dimension,
        "phone": telephone(row.phone) or "",
        "phone_text": row.phone,
        "url": link(row.url) or "",
        "join_url": link(row.join_url) or "",
        "join_phone": telephone(row.join_phone) or "",
        "join_phone_text": row.join_phone,
        "target": "",
        "directions": directions(row.lon, row.lat) if here else "",
        **made(row, asked, say),
    }


def _session(row: Any, asked: Question, say: Say) -> Values:
    there = say("near_there", time=minute_text(row.there % DAY, say, up=True))
    soonest = "" if np.isnan(row.home) else minute_text(row.home, say, up=True, day=row.date)
    home = sentence(say("near_home", time=soonest)) if soonest else ""
    when = moment_in_words(row.date, row.start_minute, say)  # a friend counts days from midnight
    return {
        "start": say.habits.clock(row.start_minute),
        "end": say.habits.clock(row.end_minute),
        "lead": say("near_leave", time=minute_text(row.leave, say, day=row.date)),
        "how": f"{how_far(row.there - row.leave, row.on_foot, asked.mode, say)}, {there}",
        "home": f"{home} {sentence(way_home(row, asked.mode, say))}".strip(),
        "tight": is_tight(row.free, row.last_home),
        "target": target_text(Target(row.resource_id, row.date, int(row.start_minute))),
        "is_session": True,
        "message": crisis.text_message(say("pocket_message", name=row.name, when=when, where=row.where)),
    }


def _open_place(row: Any, asked: Question, say: Say) -> Values:
    there = say("near_there", time=minute_text((asked.when.minute + row.minutes) % DAY, say, up=True))
    unknown = row.status == "unknown"
    hours = hours_in_words(row.hours, say, row.date) if unknown else opening(row, asked.when.minute, say)
    return {
        "start": str(max(1, round(row.minutes))),
        "end": "min",
        "lead": how_far(row.minutes, row.on_foot, asked.mode, say),
        "how": ", ".join(text for text in (there, hours) if text),
        "home": sentence(way_home(row, asked.mode, say)),
        "tight": is_tight(row.free, row.last_home),
        "target": target_text(Target(row.resource_id)),
        "is_session": False,
        "message": crisis.text_message(say("pocket_message_place", name=row.name, where=row.where)),
    }


def _online(row: Any, asked: Question, say: Say) -> Values:  # noqa: ARG001  as the others
    always_on = row.end_minute - row.start_minute >= DAY
    return {
        "start": say("near_all_day") if always_on else say.habits.clock(row.start_minute),
        "end": "" if always_on else say.habits.clock(row.end_minute),
        "lead": "",
        "how": "",
        "home": "",
        "tight": False,
        "is_session": False,
        "message": "",
    }


def _way(title: str, journey: Journey | None, asked: Question, say: Say) -> Values:
    none, weekday = say("near_no_way", how=say(f"how_{asked.mode}")), asked.when.day.weekday()
    told: Values = {"title": title, "steps": [], "none": none, "also": "", "quicker": []}
    if journey is None:
        return told
    told["steps"] = journey_text.sentences(journey, say, weekday)
    if journey.quicker is not None:
        told["also"] = journey_text.quicker_text(journey, journey.quicker, say)
        told["quicker"] = journey_text.sentences(journey.quicker, say, weekday)
    return told
