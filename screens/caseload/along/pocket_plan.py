"""The plan for the pocket: one sheet with the home, phone numbers, each journey of the week and each day's last bus."""

import datetime
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from geo.needs.curfew import TREATMENT, WORK, Curfew
from geo.plan.last_home import LastRide
from geo.plan.model import HOME, Stop
from geo.timetables.calendar import NIGHT_MINUTES
from geo.travel.journeys import Journey
from geo.units import MINUTE
from layers.escaping import plain
from layers.pdf import Page, Part, Report, Table, Text, counting_pages, pdf
from people.consent import Disclosure
from screens.case_manager import week as week_text
from screens.caseload.along.manager import Manager
from screens.caseload.along.neutral import neutral
from screens.caseload.along.notes import move_notes, paper_notes, without_way_notes
from screens.caseload.along.notice import notice_texts
from screens.caseload.along.stops import label, phones, stop_address, stop_kind, stop_name
from screens.caseload.along.ways import Stops, short_streets, short_way_text, way_text
from screens.caseload.along.week import DatedDay, Move, WeekAlong
from screens.shared.credits import map_credit
from screens.shared.crisis import crisis_ways
from screens.shared.curfew_text import exceptions, times_text
from screens.shared.journey_text import second_text
from screens.shared.near_text import capitalized, sentence
from screens.shared.words import Say
from sources.region.model import Region

LEAST_POINTS, LARGE_POINTS = 12.0, 18.0
"""The smallest letters of the usual and of the large print."""
MOST_PAGES = 2
_TABLE_POINTS = 8.0
"""Letters of a table at scale 1."""
_TIME_MILLIMETERS, _WIDTH = 28.0, 196.0
"""Of the column of times in letters of 12 points, and of all columns."""
_LINE_HEIGHT, _MARGIN = 3.25, 10.0
_NARROW_PERCENT = 85
"""How wide letters are where a week fits in no other way: DejaVu Sans is wider than most by about as much."""

Row = tuple[str, str]
Way = Callable[[Journey, str], str]


@dataclass(frozen=True)
class Form:
    """How full a plan is: points of its letters, and how each journey is told.

    `short`: without the walks between, streets abbreviated. `once`: the stops of a journey that comes again are told on
    its first day alone. `bare`: not where a line goes, beyond the stop where one gets off. `letters_width`: in percent.
    """

    points: float
    short: bool = False
    once: bool = False
    bare: bool = False
    letters_width: int = 100


FORMS = (
    Form(14.0),
    Form(LEAST_POINTS),
    Form(14.0, short=True),
    Form(LEAST_POINTS, short=True),
    Form(LEAST_POINTS, short=True, once=True),
    Form(LEAST_POINTS, short=True, once=True, bare=True),
    Form(LEAST_POINTS, short=True, once=True, bare=True, letters_width=_NARROW_PERCENT),
)
"""From the fullest on."""
LARGE = Form(LARGE_POINTS, short=True)


def pocket_plan(
    region: Region,
    week: WeekAlong,
    manager: Manager,
    made: datetime.date,
    say: Say,
    *,
    large: bool = False,
    disclosure: Disclosure | None = None,
) -> tuple[bytes, int]:
    """Return the plan as a PDF, and how many pages it takes: two, but for large print and a week that fits in no form.

    It is in the fullest of `FORMS` that fits on two pages. Nothing is ever left out.

    Parameters
    ----------
    disclosure
        What goes along where it is for somebody else than the person.
    """

    def paper(form: Form) -> Report:
        return _paper(region, week, manager, made, say, form, disclosure)

    with counting_pages() as count:
        number = 0 if large else bisect_left(FORMS, True, key=lambda form: count(paper(form)) <= MOST_PAGES)
        chosen = paper(LARGE if large else FORMS[min(number, len(FORMS) - 1)])
        return pdf(chosen), count(chosen)


def _paper(
    region: Region,
    week: WeekAlong,
    manager: Manager,
    made: datetime.date,
    say: Say,
    form: Form,
    disclosure: Disclosure | None,
) -> Report:
    first, last = say.habits.day_of_year(week.days[0].date, year=False), say.day(week.days[-1].date)
    numbers = "\n".join([say("along_numbers"), *_numbers(week, manager, say)])
    top = Table((), (93, 93), ((_home(week, say), numbers),), strong=(0, 1), line_height=_LINE_HEIGHT)
    parts: list[Part] = [top]
    parts += [Text(text) for text in paper_notes(week, say, manager.name)]
    times = _TIME_MILLIMETERS * form.points / LEAST_POINTS
    heads = say("along_col_leave"), say("along_col_what")
    parts += [
        Table(heads if number == 0 else (), (times, _WIDTH - times), rows, title, (0, 1), _TABLE_POINTS, _LINE_HEIGHT)
        for number, (title, rows) in enumerate(_days(week, manager, form, say))
    ]
    notes = [sentence(say("fictional_map"))] if region.facts.fictional else []
    parts.append(Text(" ".join([*notes, map_credit(region.facts.sources, say)]), muted=True))
    parts += [Text(text) for text in (notice_texts(disclosure, say) if disclosure else ())]
    return Report(
        title=say("along_title", first=first, last=last),
        subtitle=say("along_made", day=say.day(made)),
        crisis=_crisis(region, say),
        page=say("paper_page") if form is LARGE else "",
        language=say.language,
        date=made,
        parts=(Page(parts, form.points / _TABLE_POINTS),),
        least_points=form.points,
        margin=_MARGIN,
        letters_width=form.letters_width,
    )


def _crisis(region: Region, say: Say) -> str:
    ways = crisis_ways(region.facts.country, say)[:2]
    return say("along_crisis", ways=" · ".join(way.text for way in ways)) if ways else ""


def _home(week: WeekAlong, say: Say) -> str:
    name = neutral(week.house["name"])
    curfew = week.needs.curfew
    lines = [
        say("along_home"),
        name,
        week.house["address"],
        "" if curfew is None else say("along_be_home", time=_home_by(curfew, say)),
    ]
    return "\n".join(line for line in lines if line)


def _home_by(curfew: Curfew, say: Say) -> str:
    """Return by when one is home, and what that doesn't hold for; treatment and telling names as appointments."""
    regular = say("along_regular")
    own = {WORK: say("curfew_except_work").lower(), TREATMENT: regular}

    def called(word: str) -> str:
        return own.get(word) or neutral(plain(word), regular)

    return ", ".join([times_text(curfew, say), *exceptions(curfew, called, say)])


def _numbers(week: WeekAlong, manager: Manager, say: Say) -> list[str]:
    phone = week.house["phone"]
    lines = [say("along_house", phone=phone) if phone else say("along_no_phone")]
    lines += [say("along_stop_phone", what=what, phone=number) for what, number in phones(week, say)]
    return [*lines, say("along_manager", name=manager.name, phone=manager.phone)] if manager.phone else lines


def _days(week: WeekAlong, manager: Manager, form: Form, say: Say) -> list[tuple[str, tuple[Row, ...]]]:
    """Return each day's title and rows."""
    first_days: dict[Stops, str] = {}
    days = []
    for number, one in enumerate(week.days):
        title, way = say.habits.date(one.date), _way(one, form, first_days, say)
        first = [] if number or week.move is None else _move_rows(week.move, one.day.weekday, manager, way, say)
        days.append((capitalized(title), (*first, *_rows(one, week, way, form, say))))
    return days


def _way(one: DatedDay, form: Form, first_days: dict[Stops, str], say: Say) -> Way:
    """Return how a journey of a day is told, up to what its end is called."""

    def way(journey: Journey, end: str) -> str:
        if not form.short:
            return way_text(journey, end, one.day.weekday, say)
        known = first_days if form.once else {}
        return short_way_text(
            journey, one.day.weekday, say.habits.weekday(one.date.weekday()), known, say, toward=not form.bare
        )

    return way


def _rows(one: DatedDay, week: WeekAlong, way: Way, form: Form, say: Say) -> Iterator[Row]:
    is_walked = _is_walked(one)
    for number, stop in enumerate(one.day.stops, 1):
        time, text = _row(stop, one, week, way, form, say)
        if is_walked and number == len(one.day.stops):
            text += (" " if form.short else "\n") + say("along_any_hour", where="")
        yield time, text
    if not one.day.stops and one.last is None:
        yield "", say("week_at_home" if one.is_at_home else "along_nothing_more")
    if one.last is not None and not is_walked:
        yield _last_row(one.last, one, week, way, form, say)


def _is_walked(one: DatedDay) -> bool:
    """Return whether the day's own way home is a walk, beside which it is told that one can walk at any hour."""
    back = one.day.stops[-1].journey if one.day.stops else None
    return one.last is not None and one.last.walkable and back is not None and back.mode == "walk"


def _move_rows(move: Move, weekday: int, manager: Manager, way: Way, say: Say) -> Iterator[Row]:
    """Return the way to the house, or that it isn't on the plan, and what of the day has no way on it."""
    if move.journey is not None:
        time = second_text(move.journey.leaves, say, weekday=weekday)
        yield time, f"{say('along_move')}\n{way(move.journey, say('along_the_house'))}"
    for note in (*move_notes(move, weekday, manager.name, say), *without_way_notes(move, weekday, say)):
        yield "", note


def _row(stop: Stop, one: DatedDay, week: WeekAlong, way: Way, form: Form, say: Say) -> Row:
    weekday = one.day.weekday
    if stop.kind == HOME:
        what, place = stop_kind(stop, say), ""
    else:
        what = f"{stop_kind(stop, say)}, {week_text.hours(stop, weekday, say)}"
        place = sentence(_place(stop, week, form)) if _place(stop, week, form) else ""
    often = week_text.how_often(stop, weekday, say)
    often = sentence(often) if often else ""
    journey = None if stop.journey is None else stop.journey.way
    told = [text for text in (place, often, "" if journey is None else way(journey, label(stop, week, say))) if text]
    told = [" ".join(told)] if form.short and told else told
    return "" if journey is None else second_text(journey.leaves, say, weekday=weekday), "\n".join([what, *told])


def _place(stop: Stop, week: WeekAlong, form: Form) -> str:
    """Return what a stop is called and where it is; in short, the street alone."""
    address = stop_address(stop, week)
    address = short_streets(address.partition(",")[0]) if form.short else address
    return ", ".join(text for text in (stop_name(stop, week), address) if text)


def _last_row(last: LastRide, one: DatedDay, week: WeekAlong, way: Way, form: Form, say: Say) -> Row:
    """Return until when one gets home; on a day at home, from where one mostly is on other days."""
    place = "" if one.day.stops else _place(last.stop, week, form) or label(last.stop, week, say)
    where = say("along_from", place=place) if place else ""
    at_home = f"{say('week_at_home')}. " if one.is_at_home else ""
    if last.walkable:
        return "", at_home + say("along_any_hour", where=where)
    if one.last_has_left:
        return "", at_home + say("along_last_left", where=where)
    if last.journey is None:
        return "", at_home + say("along_none", where=where)
    weekday = one.day.weekday
    title = at_home + say("along_last", where=where)
    if last.home_by < NIGHT_MINUTES:
        time = second_text(last.home_by * MINUTE, say, weekday=weekday)
        title = at_home + say("along_last_by", where=where, time=time)
    text = f"{title}\n{way(last.journey, say('week_home'))}"
    return second_text(last.journey.leaves, say, weekday=weekday), text
