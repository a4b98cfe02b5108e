"""The needs form: what matters most first, the rest behind "more"; load and keep as a file; forget.

It hands out the document of a needs file, so that the form, the file and the command line are one and the same.
"""

from typing import Any

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from geo.clock import DAYS, minutes_text, read_clock
from geo.errors import NeedsError
from geo.needs.curfew import DAYS_OFF, EVERY_DAY, EXCEPT, NO_TIME, TREATMENT, WORK
from geo.needs.fields import BY_NAME
from geo.needs.needs import MOST_BYTES, Needs, needs_from_toml
from geo.needs.toml_writer import needs_toml
from geo.tables import SECTORS
from layers.escaping import html
from screens.case_manager import needs_fields as field
from screens.case_manager import needs_rows as row
from screens.case_manager import person
from screens.case_manager.needs_fields import ANY, Form
from screens.shared import frame
from screens.shared.curfew_text import conflict_texts
from screens.shared.file_names import file_name
from screens.shared.near_me import present
from screens.shared.uploads import gone, let_go, tell_gone
from screens.shared.words import Say
from sources.region.ended import seen_on
from sources.region.model import Region

_TOO_LARGE = f"{person.PREFIX}file_too_large"
OFFERED = 24
"""So many words of a list are offered at most, such as fellowships."""


def needs_form(form: Form) -> Needs | None:
    """Show the form; return what is needed, None where something can't be used (which is reported).

    What was begun and isn't whole, such as a row without its address, is left out and named in `form.refused`.
    """
    region, say = form.region, form.say
    frame.show(html("<h2>{title}</h2>", title=say("needs")), say)
    document = _short(form)
    with st.expander(say("needs_more"), key=f"{person.PREFIX}more"):
        parts = {
            "work": _work,
            "places": _places,
            "curfew": lambda form: {"curfew": _curfew(form, document)},
            "dose": _dose,
            "meetings": _meetings,
            "home": _house,
            "travel": _travel,
        }
        for tab, draw in zip(st.tabs([say(f"needs_more_{part}") for part in parts]), parts.values(), strict=True):
            with tab:
                document |= draw(form)
    try:
        needs = person.needs({name: value for name, value in document.items() if value not in (None, [], False)})
    except NeedsError as problem:
        frame.notice(say.why(problem), "", say)
        needs = None
    if needs is not None:
        where = say("conflict_where", tab=say("needs_more_curfew"), field=say("need_curfew_except"))
        for sentence in conflict_texts(needs, say):
            frame.field_note(f"{sentence} {where}", say)
    _file(region, needs, say)
    return needs


def _short(form: Form) -> dict[str, Any]:
    allowed = {name: BY_NAME[name].allowed for name in ("profile", "medications", "gender")}
    document: dict[str, Any] = {"profile": field.one(form, "profile", allowed["profile"])}
    left, right = st.columns(2, gap="medium")
    with left:
        document["medications"] = field.several(form, "medications", allowed["medications"])
        document["weekly_budget_usd"] = field.number(form, "weekly_budget_usd", step=10)
    with right:
        document["gender"] = field.one(form, "gender", (ANY, *allowed["gender"]))
        document[EVERY_DAY] = _clock(form, "curfew", form.say("need_curfew"), form.help("curfew"))
    return document


def _house(form: Form) -> dict[str, Any]:
    level = field.one(form, "required_level", (ANY, *BY_NAME["required_level"].allowed))
    left, right = st.columns(2, gap="medium", vertical_alignment="center")
    with left:
        age = field.number(form, "age")
    with right:
        children, childcare = field.flag(form, "with_children"), field.flag(form, "childcare")
    model = field.several(form, "house_model", BY_NAME["house_model"].allowed)
    return {
        "required_level": level,
        "house_model": model,
        "least_stay_days": field.number(form, "least_stay_days", step=30),
        "age": age,
        "with_children": children,
        "childcare": childcare,
        "payment": field.several(form, "payment", present(form.region.resources, "payment", bool, OFFERED)),
    }


def _work(form: Form) -> dict[str, Any]:
    spot = field.place(form, "work_place", form.say("need_work_place"), form.help("work_place"))
    if spot is None and person.entered()["work_place"]:
        form.refused.append(form.say("need_work_place"))
    return {
        "work_place": None if spot is None else field.as_row(spot),
        "shifts": row.rows(form, "shifts", row.shift),
        "wages": field.several(form, "wages", BY_NAME["wages"].allowed),
        "sectors": field.many(form, "sectors", SECTORS),
    }


def _dose(form: Form) -> dict[str, Any]:
    say = form.say
    left, right = st.columns(2, gap="medium")
    with left:
        chosen = field.days("dose_days", say("need_dose_days"), say, form.help("dose_days"))
        doses = field.number(form, "doses_per_week")
        if chosen and doses is not None:
            frame.field_note(say("bad_dose"), say)
    with right:
        frame.show(html('<p class="rr-muted rr-small">{means}</p>', means=say("need_dose_window")), say)
        begun, first = field.draw_clock(form, "dose_window.start", say("row_start"), form.help("dose_window"))
        ended, last = field.draw_clock(form, "dose_window.end", say("row_end"))
        window = None
        if first is not None and last is not None and last > first:
            window = f"{minutes_text(first)}-{minutes_text(last)}"
        elif begun or ended:  # refused, and not as if any hour would do
            window = f"{begun}-{ended}"
            if first is not None and last is not None:
                frame.field_note(say("bad_window"), say)
            elif not (begun and ended):
                frame.field_note(say("bad_window_half"), say)
    return {"dose_days": chosen, "doses_per_week": None if chosen else doses, "dose_window": window}


def _meetings(form: Form) -> dict[str, Any]:
    every = form.region.resources
    meetings = every[every["category"] == "meeting"]
    return {
        "fellowships": field.several(form, "fellowships", present(meetings, "fellowship", bool, OFFERED)),
        "formats": field.several(form, "formats", present(meetings, "formats", bool, OFFERED), "format"),
        "languages": field.several(form, "languages", present(every, "languages", bool, OFFERED), "spoken"),
        "meetings_per_week": field.number(form, "meetings_per_week"),
    }


def _places(form: Form) -> dict[str, Any]:
    saved = row.rows(form, "saved_places", row.saved_place)
    names = [place["name"] for place in saved]
    if len(set(names)) < len(names):
        frame.field_note(form.say("bad_same_name"), form.say)
    return {
        "saved_places": saved,
        "appointments": row.rows(form, "appointments", row.appointment),
        "stay_away": (areas := row.rows(form, "stay_away", row.area)),
        "stay_away_trips": field.one(form, "stay_away_trips", BY_NAME["stay_away_trips"].allowed) if areas else None,
    }


def _curfew(form: Form, document: dict[str, Any]) -> dict[str, Any] | None:
    """Draw what is different on some days and what is excused; return the curfew with the time of all other days.

    `document`: what was drawn before: the time of all days (taken out, for it is no key of needs), and the places that
    may be excused.
    """
    say, usual = form.say, document.pop(EVERY_DAY)
    frame.show(html('<p class="rr-muted rr-small">{means}</p>', means=say("curfew_days_why")), say)
    times, as_usual = {EVERY_DAY: usual}, read_clock(usual or "")
    as_usual = field.EXAMPLE if as_usual is None else as_usual
    for column, day in zip(st.columns(len(DAYS), gap="small"), DAYS, strict=True):
        with column:
            label = say.habits.weekday(DAYS.index(day), short=True)
            times[day] = _clock(form, f"curfew_{day}", label, example=as_usual)
    free = field.days("curfew_none", say("need_curfew_none"), say, form.help("curfew_none"))
    off = field.flag(form, "curfew_days_off")
    places = [row["name"] for name in ("saved_places", "appointments") for row in document[name]]
    excused = field.several(form, "curfew_except", (WORK, TREATMENT, *places))
    table = {key: time for key, time in times.items() if time is not None} | dict.fromkeys(free, NO_TIME)
    if set(table.values()) <= {NO_TIME}:
        if table or off or excused:
            frame.field_note(say("bad_curfew_open"), say)
            form.refused.append(say("need_curfew"))
        return None
    return table | ({DAYS_OFF: True} if off else {}) | ({EXCEPT: excused} if excused else {})


def _clock(
    form: Form, path: str, label: str, help_text: str | None = None, *, example: int = field.EXAMPLE
) -> str | None:
    """Return a clock time for the needs, None where nothing was typed.

    What can't be read is handed on as it is, to be refused: never is it no curfew at all.
    """
    typed, minute = field.draw_clock(form, path, label, help_text, example=example)
    return typed or None if minute is None else minutes_text(minute)


def _travel(form: Form) -> dict[str, Any]:
    usual = Needs()
    left, middle, right = st.columns(3)
    with left:
        walk_kph = _speed(form, "walk_kph", usual.walk_kph)
    with middle:
        max_walk_minutes = field.number(form, "max_walk_minutes", usual.max_walk_minutes, 5)
    with right:
        bike_kph = _speed(form, "bike_kph", usual.bike_kph)
    return {"walk_kph": walk_kph, "max_walk_minutes": max_walk_minutes, "bike_kph": bike_kph}


def _speed(form: Form, name: str, usual: float) -> float:
    """Return a speed in km/h; the usual one where nothing is entered."""
    unit, need = field.KPH if form.say.habits.metric else field.MPH, BY_NAME[name]
    person.entered().setdefault(name, usual)
    speed = field.quantity(form, name, form.label(name), unit, (need.minimum, need.maximum), form.help(name))
    return usual if speed is None else speed


def _file(region: Region, needs: Needs | None, say: Say) -> None:
    with st.expander(say("needs_file")):
        frame.show(html('<p class="rr-muted rr-small">{why}</p>', why=say("needs_file_why")), say)
        key = f"{person.PREFIX}{person.version()}_file"
        given = st.file_uploader(say("needs_upload"), key=key, max_upload_size=1)
        if given is not None:
            _load(given, say)
        elif gone(key) and gone(key) == st.session_state.get(_TOO_LARGE):
            frame.notice(say("needs_refused"), say("needs_too_large"), say)
        else:
            tell_gone(key, say)
        if needs is not None:
            st.download_button(
                say("needs_download"),
                needs_toml(needs).encode(),
                file_name("needs", seen_on(region.facts), needs, "toml"),
                "application/toml",
                key=f"{person.PREFIX}keep",
                on_click="ignore",
            )


def _load(given: UploadedFile, say: Say) -> None:
    if given.size > MOST_BYTES:
        st.session_state[_TOO_LARGE] = given.file_id  # until another one is handed over, the field shows this one
        let_go(given)
        frame.notice(say("needs_refused"), say("needs_too_large"), say)
        return
    try:
        loaded = needs_from_toml(given.getvalue(), "needs.toml")
    except NeedsError as problem:
        frame.notice(say("needs_refused"), say.why(problem), say)
        return
    let_go(given)
    person.load(loaded)
    st.rerun()


def promise(say: Say) -> None:
    """Say that what was entered stays in this visit, beside the button that forgets it."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        frame.show(html('<p class="rr-muted rr-small">{text}</p>', text=say("needs_stay")), say)
        forget_button(say)


def forget_button(say: Say) -> None:
    """Show the button that forgets the person."""
    st.button(say("needs_forget"), key="forget", icon=":material/delete:", on_click=person.forget_as_asked)
