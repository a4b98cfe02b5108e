"""The plan and the calendar of a week: made from one plan, each as it is from now on."""

import streamlit as st

from geo.score.support import RegionSupport
from layers.escaping import html, joined
from people.consent import Disclosure, disclose, hand_to_person
from people.vault import Vault, today
from screens.caseload import session
from screens.caseload.along.asked import THE_PERSON, Asked, key_of
from screens.caseload.along.calendar import calendar
from screens.caseload.along.move import with_move
from screens.caseload.along.notes import page_notes
from screens.caseload.along.pocket_plan import MOST_PAGES, pocket_plan
from screens.caseload.along.title import title
from screens.caseload.along.week import WeekAlong, clock, from_now_on, week_along
from screens.caseload.papers.keep import File, keep
from screens.shared import frame, regions
from screens.shared.progress import again, run_with_progress
from screens.shared.words import Say
from sources.region.model import Region

POCKET = File("week", "pdf", "application/pdf", "along_make_pocket", "along_get_pocket")
CALENDAR = File("calendar", "ics", "text/calendar", "along_make_calendar", "along_get_calendar")
_ON_RECORD = {POCKET: "week plan", CALENDAR: "calendar of a week"}


def week_part(vault: Vault, region: Region, asked: Asked, say: Say) -> None:
    """Show the buttons of the plan and of the calendar, and what must be known of the week."""
    made_on = today(vault)

    def pocket() -> bytes | None:
        week = _week(region, asked, say)
        if week is None:
            return None
        goes_with = _on_record(vault, asked, POCKET)
        content, pages = pocket_plan(
            region, week, asked.manager, made_on, asked.speaking, large=asked.large, disclosure=goes_with
        )
        st.session_state[key_of("pages")] = (asked, pages)
        return content

    def events(places: bool) -> bytes | None:
        week = _week(region, asked, say)
        if week is None:
            return None
        goes_with = _on_record(vault, asked, CALENDAR)
        zone, now = region.facts.time_zone, vault.settings.now()
        return calendar(week, asked.person_id, zone, now, asked.speaking, places=places, disclosure=goes_with)

    left, right = st.columns(2, gap="medium")
    with left, st.container(border=True):
        title("pocket", say)
        keep(POCKET, made_on, asked, pocket, say)
        of, pages = st.session_state.get(key_of("pages"), (None, 0))
        if of == asked and pages > MOST_PAGES:
            frame.show(html('<p class="rr-note" role="status">{text}</p>', text=say("along_pages", count=pages)), say)
    with right, st.container(border=True):
        title("calendar", say)
        places = st.checkbox(say("along_places"), key=session.keep_typed(key_of("places"), usual=False))
        question = (_told(asked), asked.hour, asked.person_id, asked.speaking, asked.recipient, places)
        keep(CALENDAR, made_on, question, lambda: events(places), say)
    week = _told_last(region, asked)
    if week is not None and (notes := page_notes(week, say, asked.manager.name)):
        rows = joined(html("<li>{text}</li>", text=note) for note in notes)
        frame.show(html('<div class="rr-note" role="status" data-week-notes><ul>{rows}</ul></div>', rows=rows), say)


def _on_record(vault: Vault, asked: Asked, file: File) -> Disclosure | None:
    """Record that something is made, for the person or by a consent, and return what must go along with it."""
    what = _ON_RECORD[file]
    if asked.recipient != THE_PERSON:
        return disclose(vault, asked.person_id, asked.recipient, what)
    hand_to_person(vault, asked.person_id, what)
    return None


def _week(region: Region, asked: Asked, say: Say) -> WeekAlong | None:
    """Return the week as it is from now on; None where it was stopped or can't be planned, which the page says."""
    support = regions.support(region.facts.name)
    week = _planned(region, support, asked, say)
    if week is None:
        return None
    if asked.leaving is not None:
        place = asked.leaving.place
        start = None if place is None else (place.lon, place.lat)
        week = with_move(week, support, start, asked.leaving.minute)
    week = from_now_on(week, clock(region))
    st.session_state[key_of("told")] = (_told(asked), asked.hour, week)
    return week


def _told_last(region: Region, asked: Asked) -> WeekAlong | None:
    """Return the week that a paper told last; once its hour has passed, as another one would tell it."""
    told: tuple[object, int | None, WeekAlong] | None = st.session_state.get(key_of("told"))
    if told is None or told[0] != _told(asked):
        return None
    _, hour, week = told
    return week if hour == asked.hour else from_now_on(week, clock(region))


def _planned(region: Region, support: RegionSupport, asked: Asked, say: Say) -> WeekAlong | None:
    """Return the whole week, planned once for both papers."""
    key, name = _question(asked), key_of("week")
    kept: tuple[object, WeekAlong] | None = st.session_state.get(name)
    if kept is not None and kept[0] == key:
        return kept[1]
    again("along")
    week = run_with_progress(
        "along",
        lambda step: week_along(region, support, asked.house_id, asked.needs, asked.start, step),
        say("along_working"),
        say,
    )
    if week is not None:
        st.session_state[name] = (key, week)
    return week


def _question(asked: Asked) -> object:
    """Return what a plan depends on; on another day the timetable may have ended."""
    return asked.region_hash, asked.house_id, asked.needs, asked.start, asked.day


def _told(asked: Asked) -> object:
    """Return what that depends on, beside the hour, which both papers tell of a week."""
    return _question(asked), asked.leaving
