"""The frame of every page: stylesheet, header, the crisis line, footer, and what is shown when something breaks."""

import datetime
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st
from markupsafe import Markup
from streamlit.delta_generator import DeltaGenerator

from layers.safe import html, joined, link
from screens.words import LANGUAGES, Say
from sources.region import RegionFacts


def show(content: Markup, language: str) -> None:
    """Put markup on the page, marked with its language for screen readers."""
    st.html(html('<div class="rr" lang="{language}">{content}</div>', language=language, content=content))


def language() -> str:
    """Return the reader's language: chosen on the page, else from the address, else English."""
    chosen = st.session_state.get("language") or st.query_params.get("language")
    return chosen if chosen in LANGUAGES else "en"


def header() -> tuple[Say, str, DeltaGenerator]:
    """Show the top of the page; return what speaks the reader's language, which that is, and where facts go."""
    st.html(Path(__file__).parent / "page.css")
    spoken = language()
    say = Say(spoken)
    show(
        html(
            '<header class="rr-brand"><span class="rr-logo" aria-hidden="true"></span>'
            "<div><h1>{title}</h1><p>{tagline}</p></div>"
            '<p class="rr-crisis"><a href="tel:988">{crisis}</a></p></header>',
            title=say("title"),
            tagline=say("tagline"),
            crisis=say("crisis"),
        ),
        spoken,
    )
    facts, choice = st.columns([4, 1], vertical_alignment="center")
    with choice, st.container(horizontal_alignment="right"):
        st.segmented_control(
            say("language"),
            list(LANGUAGES),
            format_func=LANGUAGES.__getitem__,
            default=spoken if "language" not in st.session_state else None,
            required=True,
            key="language",
            label_visibility="collapsed",
        )
    return say, spoken, facts


def footer(say: Say, spoken: str, sources: Iterable[Mapping[str, Any]]) -> None:
    """Show what the numbers are not, what is kept, and where the data come from."""
    rows = joined(
        html("<li>{title}: {licence}</li>", title=source["title"], licence=source["licence"]) for source in sources
    )
    show(
        html(
            '<footer class="rr-foot"><p><strong>{aid}</strong> {privacy}</p>'
            "<details><summary>{sources}</summary><ul>{rows}</ul></details></footer>",
            aid=say("planning_aid"),
            privacy=say("privacy"),
            sources=say("sources"),
            rows=rows,
        ),
        spoken,
    )


def about(region: RegionFacts, say: Say, spoken: str) -> None:
    """Show how fresh a region's data is, and whether it is invented."""
    today = datetime.datetime.now(tz=datetime.UTC).date()
    facts = [region.title, say("fresh", date=region.built_on[:10])]
    if region.service_dates is None:
        facts.append(say("timetable_none"))
    else:
        start, end = region.service_dates
        facts.append(say("timetable", start=start, end=end))
        if end < today and not region.fictional:
            facts.append(say("timetable_over", end=end))
    totals = region.totals
    facts.append(say("counts", resources=f"{totals['resources']:,}", sessions=f"{totals['sessions']:,}"))
    listed = html('<ul class="rr-facts">{rows}</ul>', rows=joined(html("<li>{fact}</li>", fact=fact) for fact in facts))
    if region.fictional:
        listed = html('<div class="rr-note" role="note"><p>{text}</p></div>', text=say("fictional")) + listed
    show(listed, spoken)


def notice(sentence: str, hint: str, spoken: str) -> None:
    """Show that something could not be done, and a way on; read out at once by a screen reader."""
    show(
        html(
            '<div class="rr-note" role="alert"><p><strong>{sentence}</strong> {hint}</p></div>',
            sentence=sentence,
            hint=hint,
        ),
        spoken,
    )


def show_problem(problem: Exception) -> bool:  # noqa: ARG001  its text may hold what was typed: never shown, never logged
    """Show one plain sentence instead of a traceback; Streamlit calls this for anything that was not foreseen."""
    spoken = language()
    notice(Say(spoken)("problem"), "", spoken)
    return True


def followed(url: object, text: str) -> Markup:
    """Return a link to a web page of strangers, or nothing where the address is not one."""
    address = link(url)
    if address is None:
        return Markup("")
    return html('<a href="{address}" rel="noopener noreferrer nofollow">{text}</a>', address=address, text=text)
