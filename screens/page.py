"""The frame of every page: stylesheet, header, the crisis line, footer, and what is shown when something breaks."""

from collections.abc import Iterable
from pathlib import Path

import streamlit as st
from markupsafe import Markup

from layers.safe import html, joined, link
from screens.regions import About
from screens.words import LANGUAGES, Say, speaker


def show(content: Markup, language: str) -> None:
    """Put markup on the page, marked with its language for screen readers."""
    st.html(html('<div class="rr" lang="{language}">{content}</div>', language=language, content=content))


def language() -> str:
    """Return the reader's language: chosen on the page, else from the address, else English."""
    chosen = st.session_state.get("language") or st.query_params.get("language")
    return chosen if chosen in LANGUAGES else "en"


def header() -> tuple[Say, str]:
    """Show the top of the page and return what speaks the reader's language, and which language that is."""
    st.html(Path(__file__).parent / "page.css")
    top, choice = st.columns([4, 1], vertical_alignment="center")
    with choice:
        st.segmented_control(
            speaker(language())("language"),
            list(LANGUAGES),
            format_func=LANGUAGES.__getitem__,
            default=language() if "language" not in st.session_state else None,
            required=True,
            key="language",
            label_visibility="collapsed",
        )
    spoken = language()
    say = speaker(spoken)
    with top:
        show(
            html(
                '<div class="rr-brand"><span class="rr-logo" aria-hidden="true"></span>'
                "<div><h1>{title}</h1><p>{tagline}</p></div></div>"
                '<p class="rr-crisis"><a href="tel:988">{crisis}</a></p>',
                title=say("title"),
                tagline=say("tagline"),
                crisis=say("crisis"),
            ),
            spoken,
        )
    return say, spoken


def footer(say: Say, spoken: str, sources: Iterable[tuple[str, str]]) -> None:
    """Show what the numbers are not, what is kept, and where the data come from."""
    rows = joined(html("<li>{title}: {licence}</li>", title=title, licence=licence) for title, licence in sources)
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


def about(region: About, say: Say, spoken: str) -> None:
    """Show how fresh a region's data is, and whether it is invented."""
    facts = [say("fresh", date=region.fetched_on)] if region.fetched_on else []
    if region.service is None:
        facts.append(say("timetable_none"))
    else:
        facts.append(say("timetable", start=region.service[0].isoformat(), end=region.service[1].isoformat()))
    facts.append(say("counts", resources=f"{region.resources:,}", sessions=f"{region.sessions:,}"))
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
    notice(speaker(spoken)("problem"), "", spoken)
    return True


def followed(url: object, text: str) -> Markup:
    """Return a link to a web page of strangers, or nothing where the address is not one."""
    address = link(url)
    if address is None:
        return Markup("")
    return html('<a href="{address}" rel="noopener noreferrer nofollow">{text}</a>', address=address, text=text)
