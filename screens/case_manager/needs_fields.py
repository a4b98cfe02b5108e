"""One field of the needs form at a time: label, help and bounds come from the declaration of needs."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import streamlit as st

from geo.clock import DAYS, read_clock
from geo.needs.fields import BY_NAME
from geo.units import FOOT, KILOMETER, MILE
from layers.escaping import html, plain
from screens.case_manager import person
from screens.shared import frame
from screens.shared.near_text import capitalized
from screens.shared.place_search import in_label, meant_by, tell_of_street, tell_place
from screens.shared.queries import ChosenPlace
from screens.shared.words import Say
from sources.region.model import Region

Value = TypeVar("Value")
EXAMPLE, BEGIN, END = 21 * 60, 9 * 60, 17 * 60
"""Times of day that show in empty fields how one is typed: for being home, a beginning, an end."""
ANY = "any"


@dataclass(frozen=True)
class Form:
    """The form that is being drawn, and which of its parts were begun and aren't whole, by what they are called."""

    region: Region
    say: Say
    refused: list[str] = field(default_factory=list)

    def label(self, name: str) -> str:
        """Return a field's label; our own words, without a sign that Markdown would take."""
        return self.say(f"need_{name}")

    def help(self, name: str) -> str:
        """Return what a field means."""
        return self.say(f"need_{name}_help")


def keep_across_pages(path: str, draw: Callable[[str], Value]) -> Value:
    """Draw a widget so that its value outlives the page: what was entered is put in when the widget is made anew."""
    key, entered = _key(path), person.entered()
    if key not in st.session_state and entered.get(path) is not None:
        st.session_state[key] = entered[path]
    entered[path] = draw(key)
    value: Value = entered[path]
    return value


def _key(path: str) -> str:
    return f"{person.PREFIX}{person.version()}_{path}"


def number(form: Form, name: str, usual: float | None = None, step: float = 1) -> float | None:
    """Return a number within its bounds; the usual one, or None, where nothing is entered."""
    need = BY_NAME[name]
    whole = need.kind == "count"
    kind: Callable[[float], float] = int if whole else float
    if usual is not None:
        person.entered().setdefault(name, kind(usual))
    value = keep_across_pages(
        name,
        lambda key: st.number_input(
            form.label(name),
            min_value=kind(need.minimum),
            max_value=kind(need.maximum),
            value=None,
            step=kind(step),
            format="%d" if whole else "%g",
            placeholder=form.say("needs_any_number"),
            help=form.help(name),
            key=key,
        ),
    )
    return usual if value is None else value


@dataclass(frozen=True)
class Unit:
    """What a quantity is entered in: how much of the needs' own unit one of it is, and with how many decimals."""

    name: str
    worth: float
    decimals: int
    step: float


KPH, MPH = Unit("kph", 1.0, 1, 0.2), Unit("mph", MILE / KILOMETER, 1, 0.1)
METERS, FEET = Unit("meters", 1.0, 0, 50.0), Unit("feet", FOOT, 0, 100.0)


def quantity(
    form: Form, path: str, label: str, unit: Unit, bounds: tuple[float, float], help_text: str | None = None
) -> float | None:
    """Return a quantity in the needs' own unit, entered in the reader's; what isn't changed stays exactly as it was."""
    entered, say = person.entered(), form.say
    key, kept = f"{person.PREFIX}{person.version()}_{path}_{unit.name}", entered.get(path)
    shown = None if kept is None else round(kept / unit.worth, unit.decimals)
    if key not in st.session_state and shown is not None:
        st.session_state[key] = shown
    least, most = (round(bound / unit.worth, unit.decimals) for bound in bounds)
    typed = st.number_input(
        f"{label} ({say(f'unit_{unit.name}')})",
        min_value=least,
        max_value=most,
        value=None,
        step=unit.step,
        format="%g",
        placeholder=say("needs_any_number"),
        help=help_text,
        key=key,
    )
    if typed != shown:
        entered[path] = None if typed is None else min(max(round(typed * unit.worth, 3), bounds[0]), bounds[1])
    value: float | None = entered.get(path)
    return value


def one(form: Form, name: str, options: Sequence[str]) -> str | None:
    """Return one of a few; None for `ANY`, which comes first where a need may be left open."""
    person.entered().setdefault(name, options[0])
    chosen = keep_across_pages(
        name,
        lambda key: st.segmented_control(
            form.label(name),
            options,
            format_func=lambda option: in_label(form.say(f"{name}_{option}")),
            required=True,
            help=form.help(name),
            key=key,
            wrap=True,
        ),
    )
    return None if chosen == ANY else chosen


def several(form: Form, name: str, options: Iterable[str], help_text: str | None = None) -> list[str]:
    """Return those chosen of several; an option that has no words is shown as it is in the data."""
    entered = person.entered()
    every = list(dict.fromkeys([*options, *(entered.get(name) or ())]))
    if not every:
        return []
    chosen = keep_across_pages(
        name,
        lambda key: st.pills(
            form.label(name),
            every,
            format_func=lambda option: in_label(
                form.say.or_else(f"{help_text or name}_{option}", capitalized(plain(option)))
            ),
            selection_mode="multi",
            help=form.help(name),
            key=key,
            wrap=True,
        ),
    )
    return list(chosen or [])


def many(form: Form, name: str, options: Sequence[str]) -> list[str]:
    """Return those chosen of a long list."""
    chosen = keep_across_pages(
        name,
        lambda key: st.multiselect(
            form.label(name),
            options,
            format_func=lambda option: form.say(f"{name}_{option}"),
            placeholder=form.say("needs_any_number"),
            help=form.help(name),
            key=key,
        ),
    )
    return list(chosen or [])


def flag(form: Form, name: str) -> bool:
    """Return whether something holds."""
    return bool(keep_across_pages(name, lambda key: st.toggle(form.label(name), help=form.help(name), key=key)))


def draw_clock(
    form: Form, path: str, label: str, help_text: str | None = None, *, example: int = EXAMPLE
) -> tuple[str, int | None]:
    """Return a clock time as it was typed, and its minutes after midnight; say what was understood.

    The text is empty where nothing was typed; the minutes are None there, and where the text is no clock time.
    `example`: what stands in the empty field, in minutes after midnight.
    """
    say = form.say
    typed = keep_across_pages(
        path,
        lambda key: st.text_input(
            label, placeholder=say.habits.clock(example), max_chars=40, autocomplete="off", help=help_text, key=key
        ),
    )
    wanted = plain(typed or "")
    minute = read_clock(wanted)
    if minute is not None:
        frame.show(html('<p class="rr-muted rr-small">{time}</p>', time=say.habits.clock(minute)), say)
    elif wanted:
        frame.field_note(say("bad_clock", text=wanted, example=say.habits.clock(example)), say)
    return wanted, minute


def days(path: str, label: str, say: Say, help_text: str | None = None) -> list[str]:
    """Return names of weekdays (`monday`), in their order."""
    chosen = keep_across_pages(
        path,
        lambda key: st.pills(
            label,
            DAYS,
            format_func=lambda day: say.habits.weekday(DAYS.index(day), short=True),
            selection_mode="multi",
            help=help_text,
            key=key,
            wrap=True,
        ),
    )
    return sorted(chosen or [], key=DAYS.index)


def text(path: str, label: str, placeholder: str = "") -> str:
    """Return a line of text."""
    typed = keep_across_pages(
        path,
        lambda key: st.text_input(label, placeholder=placeholder or None, max_chars=200, autocomplete="off", key=key),
    )
    return plain(typed or "")


def place(
    form: Form, path: str, label: str, help_text: str | None = None, *, visited: bool = True
) -> ChosenPlace | None:
    """Return a place typed as an address; say what was found, or offer near spellings.

    `visited`: the person goes there, so that it is said where the nearest street can't be used.
    """
    say = form.say
    typed = keep_across_pages(
        path,
        lambda key: st.text_input(
            label, placeholder=say("ask_hint"), max_chars=200, autocomplete="off", help=help_text, key=key
        ),
    )
    wanted = plain(typed or "")
    if not wanted:
        return None
    meant = tell_place(form.region, _key(path), wanted, person.places(), say)
    if meant is not None and visited:
        tell_of_street(form.region, meant, "walk", say)
    return meant


def parse_place_lines(form: Form, path: str, label: str, help_text: str) -> tuple[list[ChosenPlace], bool]:
    """Return the places typed as addresses, one a line, and whether each line was found; say what was found."""
    say = form.say
    typed = keep_across_pages(
        path, lambda key: st.text_area(label, max_chars=4000, help=help_text, key=key, height=140)
    )
    lines = [line for line in map(plain, (typed or "").splitlines()) if line]
    lines_found = [meant_by(form.region, line, person.places())[0] for line in lines]
    for line, meant in zip(lines, lines_found, strict=True):
        if meant is None:
            frame.field_note(say("not_found", text=line), say)
    places = [meant for meant in lines_found if meant is not None]
    if places:
        names = "; ".join(one.name for one in places)
        frame.show(html('<p class="rr-muted rr-small">{found}</p>', found=say("found_at", name=names)), say)
    return places, len(places) == len(lines)


def as_row(spot: ChosenPlace) -> dict[str, Any]:
    """Return a place as a needs file has it."""
    return {"lat": spot.lat, "lon": spot.lon}
