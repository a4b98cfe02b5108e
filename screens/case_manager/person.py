"""The person of this visit: what was entered of their needs, and the homes asked about.

It lives in the visit's session and, for an hour, in the draft of its tab (`drafts.py`), and nowhere else: no file, no
cache, no address, no log. All of it lies under keys that begin with `cm_`, so that forgetting is one sweep. Needs of a
person of the caseload have no draft: they are in the vault, and in this session until it locks.
"""

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import pandas as pd
import streamlit as st

from geo.clock import DAYS
from geo.needs.curfew import DAYS_OFF, EVERY_DAY, EXCEPT, NO_TIME
from geo.needs.needs import Needs, needs_from
from geo.needs.toml_writer import needs_document
from geo.score.compare_homes import ComparedHome
from screens.case_manager import drafts
from screens.case_manager.homes import Compared, Home, home_id
from screens.shared import frame
from screens.shared.file_names import forget_names
from screens.shared.forgetting import also_forget
from screens.shared.queries import ChosenPlace
from screens.shared.words import Say

PREFIX = "cm_"
DRAFT_KEY = f"{PREFIX}draft"
FORGOTTEN = "forgotten"
"""Holds that the person was forgotten as asked, until the page has said so."""
DRAFTED = tuple(f"{PREFIX}{name}" for name in ("entered", "places", "added", "asked", "region"))
ROWS = ("shifts", "saved_places", "appointments", "stay_away")


@dataclass(frozen=True)
class Whose:
    """The person of the caseload whose needs are entered."""

    person_id: str
    name: str


@dataclass(frozen=True)
class Records:
    """What the caseload adds to the comparison of a person's homes, so that this page need not know the vault.

    `check`: refuses where the person is no longer this user's; `houses`: resources as the agency's own calls know them,
    for these needs; `changes`: shows what changed since last time; `choice`: shows how far a home got, to be moved on.
    """

    check: Callable[[], None]
    houses: Callable[[pd.DataFrame, Needs], pd.DataFrame]
    changes: Callable[[Compared, Say], None]
    choice: Callable[[Home, Say], None]


def whose() -> Whose | None:
    """Return whose needs are entered; None where they are for this visit only."""
    one: Whose | None = st.session_state.get(f"{PREFIX}whose")
    return one


def take_over(one: Whose, loaded: Needs, kept: Records) -> None:
    """Let the form and the comparison be a person's of the caseload; what was entered before is forgotten."""
    forget()
    st.session_state.update({f"{PREFIX}whose": one, f"{PREFIX}needs": loaded, f"{PREFIX}records": kept})
    load(loaded)


def records() -> Records | None:
    """Return what the caseload adds; None where the needs are for this visit only."""
    kept: Records | None = st.session_state.get(f"{PREFIX}records")
    return kept


def entered() -> dict[str, Any]:
    """Return the values of the form by path (`curfew`, `shifts.0.start`), as they were entered."""
    values: dict[str, Any] = st.session_state.setdefault(f"{PREFIX}entered", {})
    return values


def version() -> int:
    """Return which form this is; another one has other widgets."""
    number: int = st.session_state.setdefault(f"{PREFIX}version", 0)
    return number


def places() -> dict[str, ChosenPlace]:
    """Return what typed addresses mean, by the text typed."""
    known: dict[str, ChosenPlace] = st.session_state.setdefault(f"{PREFIX}places", {})
    return known


def added(say: Say) -> tuple[ChosenPlace, ...]:
    """Return the homes that were typed or clicked; the latter numbered, in the page's language."""
    clicked = count(1)
    return tuple(
        home if home.name else replace(home, name=f"{say('homes_clicked')} {next(clicked)}") for home in _added()
    )


def _added() -> list[ChosenPlace]:
    homes: list[ChosenPlace] = st.session_state.setdefault(f"{PREFIX}added", [])
    return homes


def add(place: ChosenPlace) -> None:
    """Add a home to compare, once; it is then the one that is looked at."""
    if home_id(place) not in map(home_id, _added()):
        st.session_state[f"{PREFIX}added"] = [*_added(), place]
    look_at(home_id(place))
    if asked() is None:
        ask(st.session_state.get(f"{PREFIX}needs") or Needs())


def drop(place: ChosenPlace) -> None:
    """Take back a home that was added."""
    st.session_state[f"{PREFIX}added"] = [one for one in _added() if home_id(one) != home_id(place)]


def asked() -> Needs | None:
    """Return the needs that homes were last compared for."""
    last: Needs | None = st.session_state.get(f"{PREFIX}asked")
    return last


def ask(wanted: Needs) -> None:
    """Let homes be compared for these needs."""
    st.session_state[f"{PREFIX}asked"] = wanted


def want_to_compare() -> None:
    """Note that homes are to be compared, whichever part of the page is run next."""
    st.session_state[f"{PREFIX}wanted"] = True


def wants_to_compare() -> bool:
    """Tell whether homes are to be compared."""
    return f"{PREFIX}wanted" in st.session_state


def take_wish_to_compare() -> bool:
    """Tell whether homes are to be compared, once."""
    wanted: bool = st.session_state.pop(f"{PREFIX}wanted", False)
    return wanted


def editing() -> bool:
    """Return whether the form is open; once homes were compared it makes room for them."""
    is_open: bool = st.session_state.get(f"{PREFIX}editing", False)
    return is_open


def edit(*, open_form: bool) -> None:
    """Open the form, or fold it."""
    st.session_state[f"{PREFIX}editing"] = open_form


def known(question: object) -> dict[tuple[str, float, float], ComparedHome]:
    """Return the homes already scored for a question; those of another are dropped."""
    if st.session_state.get(f"{PREFIX}question") != question:
        st.session_state[f"{PREFIX}question"] = question
        st.session_state[f"{PREFIX}known"] = {}
    homes: dict[tuple[str, float, float], ComparedHome] = st.session_state[f"{PREFIX}known"]
    return homes


def looked_at() -> str | None:
    """Return the id of the home that is looked at."""
    home: str | None = st.session_state.get(f"{PREFIX}home")
    return home


def look_at(home_id: str) -> None:
    """Look at a home."""
    st.session_state[f"{PREFIX}home"] = home_id


def needs(document: Mapping[str, Any]) -> Needs:
    """Return the needs that a form's document asks for.

    Raises
    ------
    NeedsError
        A value can't be used.
    """
    return needs_from(dict(document), "the form")


def load(loaded: Needs) -> None:
    """Fill the form with other needs."""
    number = version() + 1
    known = places()
    forget_entered()
    st.session_state[f"{PREFIX}version"] = number
    entered().update(_unfolded(needs_document(loaded), known))


def forget_entered() -> None:
    """Empty the form."""
    for key in [key for key in st.session_state if str(key).startswith(f"{PREFIX}{version()}_")]:
        del st.session_state[key]
    st.session_state.pop(f"{PREFIX}entered", None)


def take_draft(key: str) -> None:
    """Go on with what this tab had entered before it was loaded anew, unless something else was begun."""
    st.session_state[DRAFT_KEY] = key
    draft = drafts.kept(key)
    if draft and whose() is None and not is_for_this_visit():
        number = version() + 1
        forget_entered()
        st.session_state.update(draft)
        st.session_state[f"{PREFIX}version"] = number


def is_for_this_visit() -> bool:
    """Return whether homes or needs are entered that belong to nobody of the caseload, and would be lost."""
    return whose() is None and (bool(_added()) or st.session_state.get(f"{PREFIX}needs", Needs()) != Needs())


def has_begun() -> bool:
    """Return whether anything is entered that would be lost by a reload."""
    return is_for_this_visit() or (whose() is None and asked() is not None)


def keep_draft() -> None:
    """Keep what is entered as the draft of this tab, once its key is known."""
    key = st.session_state.get(DRAFT_KEY)
    if key and whose() is None:
        drafts.keep(key, {name: copy(st.session_state[name]) for name in DRAFTED if name in st.session_state})


@also_forget
def forget() -> None:
    """Forget the person: needs, homes, scores, plans, the draft."""
    if key := st.session_state.get(DRAFT_KEY):
        drafts.forget(key)
    frame.forget_answer()
    number = version() + 1
    for key in [key for key in st.session_state if str(key).startswith(PREFIX)]:
        del st.session_state[key]
    st.session_state[f"{PREFIX}version"] = number
    forget_names()


def forget_as_asked() -> None:
    """Forget the person, whose page says so then."""
    forget()
    st.session_state[FORGOTTEN] = True


def keep_to_region(name: str) -> None:
    """Forget what belongs to another region, if there was another."""
    if st.session_state.setdefault(f"{PREFIX}region", name) != name:
        forget_places()
        st.session_state[f"{PREFIX}region"] = name


def forget_places() -> None:
    """Forget what belongs to another region: what addresses mean, homes, scores."""
    for name in ("places", "added", "asked", "compared", "last", "known", "question", "home", "sides", "seen"):
        st.session_state.pop(f"{PREFIX}{name}", None)


def _unfolded(document: Mapping[str, Any], known: dict[str, ChosenPlace]) -> dict[str, Any]:
    """Return a document as the form's values: rows numbered, places as text."""
    values: dict[str, Any] = {}
    for name, value in document.items():
        if name in ROWS:
            values[name] = list(range(len(value)))
            for number, row in enumerate(value):
                values |= {f"{name}.{number}.{key}": part for key, part in _row(row, known).items()}
        elif name == "work_place":
            values[name] = _spot(value, known)
        elif name == "curfew":
            values |= _curfew({EVERY_DAY: value} if isinstance(value, str) else value)
        elif name == "dose_window":
            values |= dict(zip((f"{name}.start", f"{name}.end"), value.split("-"), strict=True))
        else:
            values[name] = value
    return values


def _curfew(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return a curfew as the form's values: the time of most days, those of single ones, and the days without."""
    days = {day: table[day] for day in (EVERY_DAY, *DAYS) if table.get(day, NO_TIME) != NO_TIME}
    values: dict[str, Any] = {"curfew" if day == EVERY_DAY else f"curfew_{day}": at for day, at in days.items()}
    values["curfew_none"] = [day for day in DAYS if table.get(day) == NO_TIME]
    return values | {f"curfew_{key}": table[key] for key in (DAYS_OFF, EXCEPT) if key in table}


def _row(row: Mapping[str, Any], known: dict[str, ChosenPlace]) -> dict[str, Any]:
    spot = {"address": _spot(row, known)} if "lat" in row else {}
    if "polygon" in row:
        corners = [_spot({"lat": lat, "lon": lon}, known) for lat, lon in row["polygon"]]
        spot = {"shape": "between", "corners": "\n".join(corners)}
    return {key: value for key, value in row.items() if key not in {"lat", "lon", "polygon"}} | spot


def _spot(row: Mapping[str, Any], known: dict[str, ChosenPlace]) -> str:
    """Return a place as text that the form finds again."""
    text = f"{row['lat']:.6f}, {row['lon']:.6f}"
    known[text] = ChosenPlace(row["lon"], row["lat"], text)
    return text
