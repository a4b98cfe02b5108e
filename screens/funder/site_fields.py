"""What is asked of siting, field by field: class, how many, what they are to raise, where, and within which limits."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from geo.siting.question import EQUITY, OBJECTIVES, SCORE, WITHIN, WORST_OFF, Question
from geo.tables import CATEGORIES
from layers.escaping import html
from screens.funder import questions
from screens.funder.parts import keep_option
from screens.shared import frame
from screens.shared.reasons import class_name
from screens.shared.uploads import Upload, ask_file
from screens.shared.words import Say
from sources.places.site_lists import ADDRESSES
from sources.region.model import Region

MOST_SITES = 20
FILE = "file"
LIST_ENDINGS = ("csv", "parquet", "geojson", "json", "gpkg", "zip")
AREA_ENDINGS = ("geojson", "json", "gpkg", "zip")
NOT_ASKED, SAME = "not", "same"
_COLUMN = "column:"
_PLACED = ("id", "lon", "lat", "name")
WORDS_OF = {WITHIN: "site_within", SCORE: "site_score", WORST_OFF: "site_worst_off", EQUITY: "site_equity"}


@dataclass(frozen=True)
class SiteQuestion:
    """What a reader asks: a question of siting, the candidates, where none may be, and their own choice.

    `source`: `addresses`, a category of places, or `file`, which is `listed` then.
    """

    question: Question
    source: str
    listed: Upload | None = None
    excluded: Upload | None = None
    own: tuple[str, ...] = ()

    @property
    def objective(self) -> str:
        """Return the objective as the command has it."""
        asked = self.question
        return f"{WITHIN}:{asked.minutes:g}" if asked.objective == WITHIN else asked.objective

    @property
    def candidates(self) -> str:
        """Return the candidates as the command has them."""
        return self.listed.name if self.source == FILE and self.listed else self.source


def ask_what(say: Say) -> tuple[str, int, str, float]:
    """Ask which class, how many, and what they are to raise; the last is minutes, for people in reach."""
    classes = [rule.name for rule in questions.parameters().classes if rule.categories]
    keep_option("site_class", classes)
    keep_option("site_objective", OBJECTIVES)
    st.session_state.setdefault("site_k", 1)
    st.session_state.setdefault("site_minutes", 30)
    left, right = st.columns([3, 1], gap="small")
    wanted: str = left.selectbox(
        say("site_class"),
        classes,
        format_func=lambda name: class_name(name, say),
        key="site_class",
        persist_state="session",
    )
    sites = right.number_input(say("site_k"), 1, MOST_SITES, step=1, key="site_k", persist_state="session")
    left, right = st.columns([3, 1], gap="small")
    objective: str = left.selectbox(
        say("site_objective"),
        OBJECTIVES,
        format_func=lambda name: say(WORDS_OF[name]),
        key="site_objective",
        persist_state="session",
    )
    minutes = 30.0
    if objective == WITHIN:
        minutes = float(
            right.number_input(say("site_minutes"), 5, 120, step=5, key="site_minutes", persist_state="session")
        )
    return wanted, int(sites), objective, minutes


def ask_where(region: Region, say: Say) -> tuple[str, Upload | None]:
    """Ask where a new place may be."""
    located = region.resources[region.resources["lon"].notna() & region.resources["lat"].notna()]
    there = set(located["category"])
    options = [ADDRESSES, FILE, *(category for category in CATEGORIES if category in there)]
    keep_option("site_source", options)

    def shown(option: str) -> str:
        if option in (ADDRESSES, FILE):
            return say(f"site_source_{option}")
        return say("site_source_category", name=say(option))

    source: str = st.selectbox(
        say("site_source"), options, format_func=shown, key="site_source", persist_state="session"
    )
    if source != FILE:
        return source, None
    listed = ask_file("site_listed", say("site_file"), LIST_ENDINGS, say)
    frame.show(html('<p class="rr-muted rr-small">{text}</p>', text=say("site_file_help")), say)
    return source, listed


def ask_limits(
    places: pd.DataFrame | None, say: Say
) -> tuple[str | float | None, str | float | None, float | None, Upload | None]:
    """Ask for capacity, cost and budget, and for areas where none may be."""
    with st.expander(say("site_limits")):
        excluded = ask_file("site_excluded", say("site_exclude"), AREA_ENDINGS, say)
        columns = [str(name) for name in ([] if places is None else places.columns) if name not in _PLACED]
        numbered = [name for name in columns if places is not None and _has_numbers(places[name])]
        capacity = _ask_amount("site_capacity", numbered, say)
        cost = _ask_amount("site_cost", numbered, say)
        budget = None
        if cost is not None:
            budget = st.number_input(
                say("site_budget"), 0.0, value=None, step=1000.0, key="site_budget", persist_state="session"
            )
    return capacity, cost, budget, excluded


def _ask_amount(key: str, columns: Sequence[str], say: Say) -> str | float | None:
    """Ask for an amount of each candidate: none, the same for all, or a column of their file."""
    options = [NOT_ASKED, SAME, *(f"{_COLUMN}{name}" for name in columns)]
    keep_option(key, options)

    def shown(option: str) -> str:
        if option.startswith(_COLUMN):
            return say("site_column", name=option.removeprefix(_COLUMN))
        return say(f"{key}_{option}")

    left, right = st.columns([3, 2], gap="small")
    chosen: str = left.selectbox(say(key), options, format_func=shown, key=key, persist_state="session")
    if chosen == SAME:
        st.session_state.setdefault(f"{key}_number", 100.0)
        return float(
            right.number_input(say(f"{key}_each"), 0.0, step=10.0, key=f"{key}_number", persist_state="session")
        )
    return chosen.removeprefix(_COLUMN) if chosen.startswith(_COLUMN) else None


def _has_numbers(column: pd.Series) -> bool:
    return bool(pd.to_numeric(column, errors="coerce").notna().any())
