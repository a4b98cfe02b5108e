"""A week from the home that is looked at: each day's stops and journeys, or what can't be and what would help."""

from typing import Any

import streamlit as st
from markupsafe import Markup

from geo.clock import Moment, weekday_at
from geo.plan.messages import Message
from geo.plan.model import HOME, PlanDay, Stop, Trip
from geo.plan.week_plan import WeekPlan, plan_week
from geo.score.support import RegionSupport
from geo.travel.journeys import Journey
from geo.units import MINUTE
from layers.escaping import html, joined, plain
from screens.case_manager import person
from screens.case_manager.homes import Home
from screens.shared import frame, journey_text
from screens.shared.progress import again, run_with_progress
from screens.shared.weeks import weeks_in_words
from screens.shared.words import Say
from sources.region.ended import seen_on
from sources.region.model import Region

WORK = "work"


def week(region: Region, support: RegionSupport, home: Home, say: Say) -> WeekPlan | None:
    """Show the week plan of the home that is looked at, once it is asked for; return it if there is one."""
    title = html("<h2>{title}</h2><p>{why}</p>", title=say("week_title", home=home.name), why=say("week_why"))
    frame.show(title, say)
    key = key_of(region, home)
    if st.session_state.get(f"{person.PREFIX}week_asked") != key:
        st.button(say("week_make"), type="primary", key="week", on_click=_ask, args=(key,))
        return None
    plan = _planned(region, support, home, key, say)
    if plan is not None:
        frame.show(shown(plan, say), say)
    return plan


def key_of(region: Region, home: Home) -> object:
    """Return what a plan depends on."""
    asked = home.asked
    return (region.facts.region_hash, asked.home_id, asked.lon, asked.lat, asked.needs)


def kept(region: Region, home: Home) -> WeekPlan | None:
    """Return the plan of a home if it was made."""
    last: tuple[object, WeekPlan] | None = st.session_state.get(f"{person.PREFIX}week")
    return last[1] if last is not None and last[0] == key_of(region, home) else None


def _ask(key: object) -> None:
    st.session_state[f"{person.PREFIX}week_asked"] = key
    again("week")


def _planned(region: Region, support: RegionSupport, home: Home, key: object, say: Say) -> WeekPlan | None:
    done = kept(region, home)
    if done is not None:
        return done
    asked, date, today = home.asked, region.facts.service_date, seen_on(region.facts)
    done = run_with_progress(
        "week",
        lambda step: plan_week(support, (asked.lon, asked.lat), asked.needs, date, checkpoint=step, today=today),
        say("week_working"),
        say,
    )
    if done is None:
        return None
    st.session_state[f"{person.PREFIX}week"] = (key, done)
    return done


def shown(plan: WeekPlan, say: Say) -> Markup:
    """Return a plan as a calendar (days one below another on a phone), and what can't be met with what would help."""
    days = joined(_day(day, say) for day in plan.days)
    return html('{verdict}<ol class="rr-calendar">{days}</ol>', verdict=_verdict(plan, say), days=days)


def _verdict(plan: WeekPlan, say: Say) -> Markup:
    notes = [html('<p class="rr-muted">{text}</p>', text=spoken(note, say)) for note in plan.messages]
    if plan.feasible:
        text = say(
            "week_feasible",
            meetings=say("week_meetings_held", count=plan.meetings),
            days=say("week_days_held", count=plan.meeting_days),
            hours=say("week_hours", count=round(plan.travel_minutes / 60, 1)),
        )
        return html('<p class="rr-verdict">{text}</p>', text=text) + joined(notes)
    return html(
        '<div class="rr-note" role="status"><p><strong>{text}</strong></p><h3>{unmet}</h3><ul>{wrong}</ul>'
        "<h3>{help}</h3><ul>{changes}</ul></div>{notes}",
        text=say("week_infeasible"),
        unmet=say("week_unmet"),
        wrong=joined(html("<li>{text}</li>", text=text) for text in unmet_sentences(plan, say)),
        help=say("week_helps"),
        changes=joined(html("<li>{text}</li>", text=text) for text in help_sentences(plan, say)),
        notes=joined(notes),
    )


def unmet_sentences(plan: WeekPlan, say: Say) -> list[str]:
    """Return what can't be met, and why, a sentence each."""
    pairs = [(spoken(demand, say), spoken(why, say)) for demand, why in (one.messages for one in plan.unmet)]
    return [say("week_unmet_row", demand=demand, why=why) for demand, why in pairs]


def help_sentences(plan: WeekPlan, say: Say) -> list[str]:
    """Return what would help, the nearest first, a sentence each."""
    sentences = [
        say("week_helps_left", change=spoken(one.message, say), count=one.still_unmet)
        if one.still_unmet
        else say("week_helps_all", change=spoken(one.message, say))
        for one in plan.relaxations
    ]
    return sentences or [say("week_no_help")]


def spoken(message: Message, say: Say) -> str:
    """Return a sentence of the plan in the reader's language."""
    values: dict[str, Any] = dict(message.values)
    if "day" in values:
        values["day"] = say.habits.weekday(values["day"])
    if "days" in values:
        values["days"] = say.habits.listed([say.habits.weekday(day) for day in values["days"]])
    if "holiday" in values:
        values["holiday"] = say(f"holiday_{values['holiday']}")
    if "ways" in values:
        profile, minutes = values["ways"]
        values["ways"] = say("plan_ways", ways=say(f"plan_ways_{profile}"), minutes=minutes)
    if "name" in values:
        values["name"] = called(values["name"], say)
    moments = {name: say.moment(value) for name, value in values.items() if isinstance(value, Moment)}
    return say(message.key, **values | moments)


def called(name: str, say: Say) -> str:
    """Return the name of a place of the plan: home and work in the reader's language, others as they are."""
    own = {HOME: "week_home", WORK: "to_work"}
    return say(own[name]) if name in own else plain(name)


def _day(day: PlanDay, say: Say) -> Markup:
    stops = joined(_stop(stop, day.weekday, say) for stop in day.stops)
    if not day.stops:
        stops = html('<li class="rr-muted">{text}</li>', text=say("week_at_home"))
    date = say("week_timetable", date=say.day(day.date)) if day.date else ""
    return html(
        '<li class="rr-card rr-day"><h3>{name}</h3><p class="rr-muted rr-small">{date}</p><ul>{stops}</ul></li>',
        name=say.habits.weekday(day.weekday),
        date=date,
        stops=stops,
    )


def how_often(stop: Stop, weekday: int, say: Say) -> str:
    """Return in which weeks a stop's meeting is held, where not in every one; `weekday` is that of the stop's day."""
    return weeks_in_words(stop.weeks, weekday_at(weekday, stop.start), say)


def _stop(stop: Stop, weekday: int, say: Say) -> Markup:
    journey = Markup("") if stop.journey is None else _trip(stop.journey, weekday, say)
    if stop.kind == HOME:
        until = "" if stop.end is None else clock(stop.end, weekday, say)
        text = say("week_home_until", time=until) if until else say("week_home_night")
        return html('{journey}<li class="rr-stop rr-kind-home"><b>{text}</b></li>', journey=journey, text=text)
    return html(
        '{journey}<li class="rr-stop rr-kind-{kind}"><span class="rr-hours">{hours}</span> '
        '<b>{what}</b> {name} <span class="rr-muted">{often}</span></li>',
        journey=journey,
        kind=stop.kind,
        hours=hours(stop, weekday, say),
        what=say(f"week_kind_{stop.kind}"),
        name="" if stop.kind == WORK else plain(stop.name),
        often=how_often(stop, weekday, say),
    )


def hours(stop: Stop, weekday: int, say: Say) -> str:
    """Return from when until when one stays; the day is named where it isn't that of the calendar."""
    return say.hours(Moment(int(stop.start), weekday), stop.end or stop.start)


def _trip(trip: Trip, weekday: int, say: Say) -> Markup:
    return html(
        '<li class="rr-leg"><details><summary>{text}</summary>{steps}</details></li>',
        text=trip_text(trip, weekday, say),
        steps=journey_text.steps(named(trip, say), say, weekday),
    )


def trip_text(trip: Trip, weekday: int, say: Say) -> str:
    """Return a trip in one line; `weekday`: that of the calendar's day."""
    times = {"leave": clock(trip.leave, weekday, say), "arrive": clock(trip.arrive, weekday, say, up=True)}
    return say("week_trip", minutes=max(1, round(trip.minutes)), how=say(f"way_{trip.mode}"), **times)


def named(trip: Trip, say: Say) -> Journey:
    """Return a trip's journey with its end called in the reader's language."""
    return journey_text.ending(trip.way, called(trip.to_name, say))


def clock(minute: float, weekday: int, say: Say, *, up: bool = False) -> str:
    """Return a minute of the calendar's day as a time of day, with its own day where that is a later one."""
    return journey_text.second_text(minute * MINUTE, say, up=up, weekday=weekday)
