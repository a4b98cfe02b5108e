"""The frame of every page: stylesheet, header, the crisis line, footer, and what is shown when something breaks."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import streamlit as st
from markupsafe import Markup
from streamlit.navigation.page import StreamlitPage

from layers.escaping import html, joined
from layers.folium_offline import asset_address
from screens.shared import address
from screens.shared.catalogs import ENGLISH, languages, preferred
from screens.shared.credits import credits_of
from screens.shared.crisis import crisis_link
from screens.shared.words import Say
from sources.region.model import RegionFacts

PAGE_SCRIPT = f'<script src="{asset_address("reach", "page.js")}"></script>'
"""Sets the language and direction of the whole page, and announces what is marked `data-news`."""

HABITS = ("24h", "km")
"""Other habits than the American ones: a 24-hour clock, kilometers."""

LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "[::1]", "::1")


def show(content: Markup, say: Say) -> None:
    """Put markup on the page, marked with its language for screen readers."""
    st.html(
        html(
            '<div class="rr" lang="{language}" dir="{dir}">{content}</div>',
            language=say.language,
            dir=direction(say),
            content=content,
        )
    )


def direction(say: Say) -> str:
    """Return the direction in which the reader's language is written, as HTML names it."""
    return "rtl" if say.habits.is_right_to_left else "ltr"


def language() -> str:
    """Return the reader's language: chosen on the page, else from the address, else the browser's, else English."""
    chosen = str(st.session_state.get("language") or st.query_params.get("language"))
    return chosen if chosen in languages() else preferred(st.context.headers.get("Accept-Language", ""))


def habits() -> list[str]:
    """Return which habits the reader has other than the usual ones: chosen on the page, else from the address."""
    chosen = st.session_state.get("habits")
    asked = st.query_params.get("habits", "").split() if chosen is None else chosen
    return [name for name in HABITS if name in asked]


def speaking() -> Say:
    """Return what speaks the reader's language, with the reader's habits."""
    asked = habits()
    return Say(language(), twenty_four_hours="24h" in asked, metric="km" in asked)


def privacy(say: Say, key: str = "privacy") -> str:
    """Return what becomes of what a reader enters: the sentence of that name, or where it goes if that is elsewhere."""
    return kept_where(st.context.headers.get("Host", ""), say, key)


def kept_where(asked_at: str, say: Say, key: str = "privacy") -> str:
    """Return the same of a page that was asked for at a host (`127.0.0.1:8501`)."""
    try:
        host = urlsplit(f"//{asked_at}").hostname
    except ValueError:
        host = asked_at
    return say(key) if host is None or host in LOOPBACK_HOSTS else say("privacy_elsewhere", host=host)


def header(doors: Sequence[StreamlitPage], chosen: StreamlitPage, region: RegionFacts | None) -> None:
    """Show the top of every page: who we are, the crisis line, the way to the other pages, the language.

    On a phone the latter two wait behind a menu (`frame.css`), so that the page begins with what it is for.

    `region`: the one that is looked at, None without any.
    """
    st.html(Path(__file__).parent / "frame.css")
    st.html(PAGE_SCRIPT, unsafe_allow_javascript=True)
    say = speaking()
    show(
        html(
            '<header class="rr-brand"><span class="rr-logo" aria-hidden="true"></span>'
            "<div><h1>{title}</h1><p>{tagline}</p></div>"
            '<details class="rr-menu"><summary>{menu}</summary></details>{crisis}</header>',
            title=say("title"),
            tagline=say("tagline"),
            menu=" · ".join([say("menu"), *(name for code, name in languages().items() if code != say.language)]),
            crisis=crisis_link(region.country if region else None, say),
        ),
        say,
    )
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="doors"):
        with st.container(horizontal=True, gap="small", width="content", key="doors_pages"):
            kept = address.carried(region.name if region else None)
            for door in doors:
                st.page_link(door, label=f"**{door.title}**" if door is chosen else door.title, query_params=kept)
        st.segmented_control(
            say("language"),
            list(languages()),
            format_func=languages().__getitem__,
            default=say.language if "language" not in st.session_state else None,
            required=True,
            key="language",
            on_change=_put_choices_in_again,
            label_visibility="collapsed",
            width="content",
        )
        st.pills(
            say("habits"),
            HABITS,
            selection_mode="multi",
            format_func=lambda name: say(f"habits_{name}"),
            default=habits() if "habits" not in st.session_state else None,
            key="habits",
            on_change=_put_choices_in_again,
            label_visibility="collapsed",
            width="content",
        )
    address.remember("habits", " ".join(habits()))
    if "language" in st.query_params or say.language != ENGLISH:
        address.remember("language", say.language)


def _put_choices_in_again() -> None:
    """Put in once more what was chosen from lists: a browser knows it by its words alone, which now read otherwise.

    Without that a day chosen in one language would be today again in another.
    """
    for key in set(st.session_state) - {"language", "habits"}:
        if _is_choice(st.session_state[key]):
            st.session_state[key] = st.session_state[key]


def _is_choice(value: object) -> bool:
    """Tell whether this may be what was chosen or typed; buttons, files and maps can't be put in."""
    several = value if isinstance(value, list | tuple) else [value]
    return bool(several) and all(
        isinstance(one, str | int | float | datetime.date) and not isinstance(one, bool) for one in several
    )


def answer(question: object, say: Say) -> None:
    """Mark where the answer to a question begins: the page moves there once it is asked (`page.js`).

    A digest of the question could be tried against every address, so what is marked is how many were asked before.
    Who was brought to the page to have the answer (`bring_to_answer`) is moved there, too.
    """
    if st.session_state.get("answered") != question:
        st.session_state["answered"] = question
        st.session_state["answers"] = st.session_state.get("answers", 0) + 1
    number = st.session_state["answers"]
    if st.session_state.pop("brought", False):
        st.session_state["brought_to"] = number
    brought = Markup(" data-brought") if st.session_state.get("brought_to") == number else ""
    show(html('<div class="rr-answer" data-answer="{number}"{brought}></div>', number=number, brought=brought), say)


def bring_to_answer() -> None:
    """Let the next answer be moved to, though it stands on another page than the button that asked for it."""
    st.session_state["brought"] = True


def forget_answer() -> None:
    """Forget what was asked last, which may be about a person."""
    st.session_state.pop("answered", None)


def footer(say: Say, sources: Iterable[Mapping[str, Any]], promise: str = "") -> None:
    """Show what the numbers are not, what is kept (`promise`, else the usual words), and where the data come from."""
    rows = joined(html("<li>{source}</li>", source=source) for source in credits_of(sources, say))
    show(
        html(
            '<footer class="rr-foot"><p><strong>{aid}</strong> {privacy}</p>'
            "<details><summary>{sources}</summary><ul>{rows}</ul></details></footer>",
            aid=say("planning_aid"),
            privacy=promise or privacy(say),
            sources=say("sources"),
            rows=rows,
        ),
        say,
    )


def about(region: RegionFacts, verified: Sequence[str], say: Say, *, named: bool = False) -> None:
    """Show how fresh a region's data is (on a phone, once it is opened), and whether it is invented.

    Parameters
    ----------
    verified
        When each kind of its data was last verified, as `screens.shared.verified.verified_texts` says it.
    named
        Its name already stands above.
    """
    facts = [*([] if named else [region.title]), *verified]
    if region.service_dates is None:
        facts.append(say("timetable_none"))
    else:
        start, end = region.service_dates
        facts.append(say("timetable", start=say.day(start), end=say.day(end)))
    totals = region.totals
    facts.append(say("counts", resources=totals["resources"], sessions=totals["sessions"]))
    listed = html(
        '<details class="rr-data"><summary>{title}</summary><ul class="rr-facts">{rows}</ul></details>',
        title=say("about_data", name=region.title),
        rows=joined(html("<li>{fact}</li>", fact=fact) for fact in facts),
    )
    if region.fictional:
        listed = html('<div class="rr-note" role="note"><p>{text}</p></div>', text=_fictional(region, say)) + listed
    show(listed, say)


def _fictional(region: RegionFacts, say: Say) -> str:
    return f"{say('fictional')} {say('fictional_day', date=say.day(region.service_date))}"


def limits(sentences: Sequence[str], say: Say) -> None:
    """Show what holds for every figure of the page, such as a timetable that has ended."""
    for sentence in filter(None, sentences):
        show(html('<div class="rr-note" role="note"><p><strong>{text}</strong></p></div>', text=sentence), say)


def quick_page(region: RegionFacts, say: Say) -> None:
    """Show the way to the quick page, which narrow screens alone see (`frame.css`)."""
    to = f"/near?{urlencode({'region': region.name, 'language': say.language})}"
    link = '<p class="rr-quick"><a href="{to}" target="_self"><strong>{text}</strong> {why}</a></p>'
    show(html(link, to=to, text=say("pocket_quick"), why=say("pocket_quick_why")), say)


def on_demand(sentences: Sequence[str], say: Say, *, here: bool) -> None:
    """Show who fetches people on demand: `here`, or somewhere in the region; nothing where nobody does."""
    if sentences:
        rows = joined(html("<li>{text}</li>", text=text) for text in sentences)
        title = say("demand_here" if here else "demand_somewhere")
        note = html('<p class="rr-muted rr-small">{text}</p>', text=say("demand_not_counted"))
        show(html("<h3>{title}</h3><ul>{rows}</ul>{note}", title=title, rows=rows, note=note), say)


def field_note(sentence: str, say: Say) -> None:
    """Say at a field what can't be used."""
    show(html('<p class="rr-field-note" role="alert">{sentence}</p>', sentence=sentence), say)


def notice(sentence: str, hint: str, say: Say) -> None:
    """Show that something could not be done, and a way on; read out at once by a screen reader."""
    show(
        html(
            '<div class="rr-note" role="alert"><p><strong>{sentence}</strong> {hint}</p></div>',
            sentence=sentence,
            hint=hint,
        ),
        say,
    )


def show_problem(problem: Exception) -> bool:  # noqa: ARG001  its text may hold what was typed: never shown, never logged
    """Show one plain sentence instead of a traceback; Streamlit calls this for anything that was not foreseen."""
    say = speaking()
    notice(say("problem"), "", say)
    return True
