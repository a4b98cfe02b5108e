"""The rows of the needs form that one may add and remove: shifts, places to get to, appointments, areas to avoid."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from geo.clock import DAY, DAYS, minutes_text
from geo.units import FOOT
from layers.escaping import html
from screens.case_manager import person
from screens.case_manager.needs_fields import (
    BEGIN,
    END,
    FEET,
    METERS,
    Form,
    as_row,
    days,
    draw_clock,
    keep_across_pages,
    parse_place_lines,
    place,
    quantity,
    text,
)
from screens.shared import frame

Row = dict[str, Any] | None
MOST = 20
USUAL_METERS, USUAL_FEET = 300.0, 1000.0
LEAST_AND_MOST_METERS = 10.0, 50_000.0
AREAS = ("around", "between")
FEWEST_CORNERS = 3


def rows(form: Form, name: str, draw: Callable[[Form, str], Row]) -> list[dict[str, Any]]:
    """Draw the rows of one kind, with a button to add another; return those that can be used."""
    numbers: list[int] = person.entered().setdefault(name, [])
    say = form.say
    heading = html('<h3 class="rr-field-head">{title}</h3>', title=say(f"need_{name}"))
    frame.show(heading + html('<p class="rr-muted rr-small">{means}</p>', means=say(f"need_{name}_help")), say)
    complete = []
    for number in list(numbers):
        path = f"{name}.{number}"
        with st.container(border=True, key=f"{person.PREFIX}row_{person.version()}_{name}_{number}"):
            row = draw(form, path)
            st.button(
                say("row_remove"),
                key=f"{person.PREFIX}{person.version()}_{path}_remove",
                on_click=_remove,
                args=(name, number),
                type="tertiary",
            )
        if row is None:
            form.refused.append(say(f"need_{name}"))
        else:
            complete.append(row)
    if len(numbers) < MOST:
        key = f"{person.PREFIX}{person.version()}_{name}_add"
        st.button(say(f"add_{name}"), key=key, on_click=_add, args=(name,))
    return complete


def shift(form: Form, path: str) -> Row:
    """Draw a shift: its days and its hours; one that ends before it starts passes midnight, and the form says so."""
    say = form.say
    chosen = days(f"{path}.days", say("row_days"), say)
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        _, start = draw_clock(form, f"{path}.start", say("row_start"), example=BEGIN)
    with right:
        _, end = draw_clock(form, f"{path}.end", say("row_end"), example=END)
    if start is None or end is None or not chosen:
        _open(form, days=chosen, start=start, end=end)
        return None
    if start == end:
        frame.field_note(say("bad_shift"), say)
        return None
    row = {"days": chosen, "start": minutes_text(start), "end": minutes_text(end)}
    if end > start:
        return row
    hours = say.habits.number((end + DAY - start) / 60)
    frame.show(html('<p class="rr-small">{text}</p>', text=say("row_overnight", hours=hours)), say)
    return row | {"overnight": True}


def saved_place(form: Form, path: str) -> Row:
    """Draw a place that has a name."""
    left, right = st.columns([2, 4])
    with left:
        name = text(f"{path}.name", form.say("row_name"))
    with right:
        spot = place(form, f"{path}.address", form.say("row_address"))
    if not name or spot is None:
        _open(form, name=name, address=spot)
        return None
    return {"name": name, **as_row(spot)}


def appointment(form: Form, path: str) -> Row:
    """Draw a weekly appointment at a place of its own."""
    say = form.say
    left, right = st.columns([2, 4])
    with left:
        name = text(f"{path}.name", say("row_name"))
    with right:
        spot = place(form, f"{path}.address", say("row_address"))
    first, second, third = st.columns(3)
    with first:
        day = keep_across_pages(
            f"{path}.day",
            lambda key: st.selectbox(
                say("row_day"),
                DAYS,
                index=None,  # a day that nobody chose would be kept as one that somebody did
                format_func=lambda one: say.habits.weekday(DAYS.index(one)),
                placeholder=say("row_day"),
                key=key,
            ),
        )
    with second:
        _, start = draw_clock(form, f"{path}.start", say("row_start"), example=BEGIN)
    with third:
        _, end = draw_clock(form, f"{path}.end", say("row_end"), example=END)
    if not name or spot is None or day is None or start is None or end is None:
        _open(form, name=name, address=spot, day=day, start=start, end=end)
        return None
    if end <= start:
        frame.field_note(say("bad_appointment"), say)
        return None
    return {"day": day, "start": minutes_text(start), "end": minutes_text(end), "name": name, **as_row(spot)}


def area(form: Form, path: str) -> Row:
    """Draw an area to stay away from: around a place, or between corners."""
    person.entered().setdefault(f"{path}.shape", AREAS[0])
    shape = keep_across_pages(
        f"{path}.shape",
        lambda key: st.segmented_control(
            form.say("row_shape"), AREAS, format_func=lambda one: form.say(f"row_{one}"), required=True, key=key
        ),
    )
    return _between(form, path) if shape == AREAS[1] else _around(form, path)


def _around(form: Form, path: str) -> Row:
    left, right = st.columns([4, 2])
    with left:
        spot = place(form, f"{path}.address", form.say("row_address"), visited=False)
    with right:
        metric = form.say.habits.metric
        usual = USUAL_METERS if metric else USUAL_FEET * FOOT
        person.entered().setdefault(f"{path}.meters", usual)
        unit = METERS if metric else FEET
        meters = quantity(form, f"{path}.meters", form.say("row_meters"), unit, LEAST_AND_MOST_METERS)
    if spot is None:
        _open(form, address=spot)
        return None
    return {**as_row(spot), "meters": meters or usual}


def _between(form: Form, path: str) -> Row:
    """Draw the corners of an area, one a line, in their order around it."""
    corners, every = parse_place_lines(form, f"{path}.corners", form.say("row_corners"), form.say("row_corners_help"))
    if not every or len({(one.lon, one.lat) for one in corners}) < FEWEST_CORNERS:
        frame.show(html('<p class="rr-muted rr-small">{text}</p>', text=form.say("bad_corners")), form.say)
        return None
    return {"polygon": [[one.lat, one.lon] for one in corners]}


def _open(form: Form, **parts: object) -> None:
    """Say quietly which parts of a row are still to be filled in."""
    labels = [f"“{form.say(f'row_{name}')}”" for name, value in parts.items() if not value and value != 0]
    text_open = form.say("bad_row_open", what=form.say.habits.listed(labels))
    frame.show(html('<p class="rr-muted rr-small">{text}</p>', text=text_open), form.say)


def _add(name: str) -> None:
    numbers: list[int] = person.entered().setdefault(name, [])
    person.entered()[name] = [*numbers, max(numbers, default=-1) + 1]


def _remove(name: str, number: int) -> None:
    entered = person.entered()
    entered[name] = [one for one in entered[name] if one != number]
    for path in [path for path in entered if path.startswith(f"{name}.{number}.")]:
        del entered[path]
        st.session_state.pop(f"{person.PREFIX}{person.version()}_{path}", None)
