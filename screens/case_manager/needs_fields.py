"""One field of the needs form at a time: label, help and bounds come from the declaration of needs."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import streamlit as st

from geo.clock import DAYS, read_clock
from geo.needs.fields import BY_NAME
from layers.escaping import html, plain
from screens.case_manager import person
from screens.shared import frame
from screens.shared.place_search import in_label, looked_up, tell_of_street
from screens.shared.queries import ChosenPlace
from screens.shared.words import Say
from sources.region.model import Region

Value = TypeVar("Value")
EXAMPLE = 21 * 60
"""A clock time to show how one is typed."""
ANY = "any"


@dataclass(frozen=True)
class Form:
    """The form that is being drawn, and what was entered into it so far."""

    region: Region
    say: Say

    def label(self, name: str) -> str:
        """Return a field's label; our own words, without a sign that Markdown would take."""
        return self.say(f"need_{name}")

    def help(self, name: str) -> str:
        """Return what a field means."""
        return self.say(f"need_{name}_help")


def keep_across_pages(path: str, draw: Callable[[str], Value]) -> Value:
    """Draw a widget so that its value outlives the page: what was entered is put in when the widget is made anew."""
    key, entered = f"{person.PREFIX}{person.version()}_{path}", person.entered()
    if key not in st.session_state and entered.get(path) is not None:
        st.session_state[key] = entered[path]
    entered[path] = draw(key)
    value: Value = entered[path]
    return value


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
            format_func=lambda option: in_label(form.say.or_else(f"{help_text or name}_{option}", plain(option))),
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


def draw_clock(form: Form, path: str, label: str, help_text: str | None = None) -> tuple[str, int | None]:
    """Return a clock time as it was typed, and its minutes after midnight; say what was understood.

    The text is empty where nothing was typed; the minutes are None there, and where the text is no clock time.
    """
    say = form.say
    typed = keep_across_pages(
        path,
        lambda key: st.text_input(
            label, placeholder=say.habits.clock(EXAMPLE), max_chars=40, autocomplete="off", help=help_text, key=key
        ),
    )
    wanted = plain(typed or "")
    minute = read_clock(wanted)
    if minute is not None:
        frame.show(html('<p class="rr-muted rr-small">{time}</p>', time=say.habits.clock(minute)), say)
    elif wanted:
        note(say("bad_clock", text=wanted, example=say.habits.clock(EXAMPLE)), say)
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
    meant, near = _meant(form, wanted)
    if meant is None:
        note(say("not_found", text=wanted), say)
        _offer(path, near, say)
        return None
    frame.show(html('<p class="rr-muted rr-small">{found}</p>', found=say("found_at", name=meant.name)), say)
    if visited:
        tell_of_street(form.region, meant, "walk", say)
    return meant


def parse_place_lines(form: Form, path: str, label: str, help_text: str) -> tuple[list[ChosenPlace], bool]:
    """Return the places typed as addresses, one a line, and whether each line was found; say what was found."""
    say = form.say
    typed = keep_across_pages(
        path, lambda key: st.text_area(label, max_chars=4000, help=help_text, key=key, height=140)
    )
    lines = [line for line in map(plain, (typed or "").splitlines()) if line]
    lines_found = [_meant(form, line)[0] for line in lines]
    for line, meant in zip(lines, lines_found, strict=True):
        if meant is None:
            note(say("not_found", text=line), say)
    places = [meant for meant in lines_found if meant is not None]
    if places:
        names = "; ".join(one.name for one in places)
        frame.show(html('<p class="rr-muted rr-small">{found}</p>', found=say("found_at", name=names)), say)
    return places, len(places) == len(lines)


def _meant(form: Form, wanted: str) -> tuple[ChosenPlace | None, list[ChosenPlace]]:
    """Return the place that a text means, looked up once, and near spellings where none surely is."""
    known = person.places()
    if wanted in known:
        return known[wanted], []
    meant, near = looked_up(form.region, wanted)
    if meant is not None:
        known[wanted] = meant
    return meant, near


def note(sentence: str, say: Say) -> None:
    """Say at a field what can't be used."""
    frame.show(html('<p class="rr-field-note" role="alert">{sentence}</p>', sentence=sentence), say)


def _offer(path: str, near: Sequence[ChosenPlace], say: Say) -> None:
    if not near:
        return
    with st.container(horizontal=True, gap="small"):
        frame.show(html("<p>{ask}</p>", ask=say("found_many")), say)
        for number_of, spot in enumerate(near):
            key = f"{person.PREFIX}{person.version()}_{path}_near_{number_of}"
            st.button(in_label(spot.name), key=key, on_click=_take, args=(path, spot))


def _take(path: str, spot: ChosenPlace) -> None:
    person.places()[spot.name] = spot
    st.session_state[f"{person.PREFIX}{person.version()}_{path}"] = spot.name


def as_row(spot: ChosenPlace) -> dict[str, Any]:
    """Return a place as a needs file has it."""
    return {"lat": spot.lat, "lon": spot.lon}
