"""One place or session as a card: when, how to get there, until when one gets home, how to call."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from geo.clock import DAY
from geo.travel.journeys import Journey
from layers.escaping import followed, html, joined, telephone
from layers.legend import sign
from screens.shared import journey_text
from screens.shared.hours import hours_in_words, opening
from screens.shared.near_text import how_far, is_tight, late_start, minute_text, sentence, way_home
from screens.shared.words import Say


def session_card(row: Any, mode: str, say: Say) -> Markup:
    """Return a session that one can go to: when, when to leave for it, and the way home."""
    there = say("near_there", time=minute_text(row.there % DAY, say, up=True))
    soonest = "" if np.isnan(row.home) else minute_text(row.home, say, up=True, day=row.date)
    home = sentence(say("near_home", time=soonest)) if soonest else ""
    return _card(
        row,
        _from_until(row, say),
        html(
            '<p><strong>{leave}</strong> <span class="rr-muted">({how}, {there})</span></p>'
            "<p>{home} {last} {tight}</p>",
            leave=say("near_leave", time=minute_text(row.leave, say, day=row.date)),
            how=how_far(row.there - row.leave, row.on_foot, mode, say),
            there=there,
            home=home,
            last=sentence(way_home(row, mode, say)),
            tight=_tight(row, say),
        ),
        say,
    )


def place_card(row: Any, mode: str, minute: int, say: Say) -> Markup:
    """Return a place in reach: how far, until when it is open, and until when one gets home."""
    how = how_far(row.minutes, row.on_foot, mode, say)
    there = say("near_there", time=minute_text((minute + row.minutes) % DAY, say, up=True))
    details = hours_in_words(row.hours, say, row.date) if row.status == "unknown" else opening(row, minute, say)
    return _card(
        row,
        html("<b>{minutes}</b><span>min</span>", minutes=max(1, round(row.minutes))),
        html(
            '<p><strong>{how}</strong> <span class="rr-muted">({there}){open}</span></p><p>{last} {tight}</p>',
            how=how,
            there=there,
            open=f", {details}" if details else "",
            last=sentence(way_home(row, mode, say)),
            tight=_tight(row, say),
        ),
        say,
    )


def _tight(row: Any, say: Say) -> Markup:
    """Return a warning where little time is left until the last way home."""
    tight = is_tight(row.free, row.last_home)
    return html('<span class="rr-tag">{text}</span>', text=say("near_tight")) if tight else Markup("")


def online_card(row: Any, say: Say) -> Markup:
    """Return a session that one joins from anywhere."""
    if row.end_minute - row.start_minute >= DAY:
        time = html("<b>{text}</b>", text=say("near_all_day"))
    else:
        time = _from_until(row, say)
    return _card(row, time, Markup(""), say, address=False)


def _from_until(row: Any, say: Say) -> Markup:
    """Return when a session begins and ends."""
    return html(
        "<b>{start}</b><span>{end}</span>",
        start=say.habits.clock(row.start_minute),
        end=say.habits.clock(row.end_minute),
    )


def way(title: str, journey: Journey | None, mode: str, weekday: int, say: Say) -> Markup:
    """Return a journey in words under its title; `weekday`: that of the midnight that its seconds count from."""
    body = (
        journey_text.steps(journey, say, weekday)
        if journey is not None
        else html("<p>{text}</p>", text=say("near_no_way", how=say(f"how_{mode}")))
    )
    return html("<section><h4>{title}</h4>{body}</section>", title=title, body=body)


def ways(parts: Sequence[Markup]) -> Markup:
    """Return journeys side by side."""
    return html('<div class="rr-ways">{parts}</div>', parts=joined(parts))


def table(rows: pd.DataFrame, caption: str, columns: tuple[str, str], say: Say) -> Markup:
    """Return rows (`when`, `name`, `kind`, `home`, `address`, `phone`) as a table.

    Parameters
    ----------
    columns
        The titles of when and home.
    """
    body = joined(
        html(
            '<tr><td class="rr-number">{when}</td><th scope="row">{name} <span class="rr-muted">{kind}</span></th>'
            "<td>{home}</td><td>{address}</td><td>{phone}</td></tr>",
            when=row.when,
            name=row.name,
            kind=row.kind,
            home=row.home,
            address=row.address,
            phone=_call(row.phone, row.phone),
        )
        for row in rows.itertuples(index=False)
    )
    return html(
        '<details class="rr-all"><summary>{caption}</summary><div class="rr-table-box rr-scroll" tabindex="0" '
        'role="region" aria-label="{caption}"><table class="rr-stack"><thead><tr><th scope="col">{when}</th>'
        '<th scope="col">{place}</th><th scope="col">{home}</th><th scope="col">{address}</th>'
        '<th scope="col">{contact}</th></tr></thead><tbody>{body}</tbody></table></div></details>',
        caption=caption,
        when=columns[0],
        place=say("place"),
        home=columns[1],
        address=say("address"),
        contact=say("contact"),
        body=body,
    )


def _card(row: Any, when: Markup, how: Markup, say: Say, *, address: bool = True) -> Markup:
    notes = late_start(row, say)
    notes += [say("near_also_online")] if row.hybrid and address else []
    notes += [row.how_often] if row.how_often else []
    notes += [say("near_not_stated")] if row.unsure else []
    notes += [] if getattr(row, "zone_known", True) else [say("near_zone_unknown")]
    return html(
        '<article class="rr-near"><p class="rr-when">{when}</p><div><h4>{sign}<span>{name}</span></h4>'
        '<p class="rr-muted">{kind}{notes}</p>{how}<p class="rr-muted">{address}</p><p>{told}</p>'
        '<p class="rr-links">{join}{dial}{call}{site}</p></div></article>',
        when=when,
        sign=sign(row.dimension, row.category),
        name=row.name,
        kind=row.kind,
        notes=joined(html(' <span class="rr-tag">{text}</span>', text=note) for note in notes),
        how=how,
        address=row.where if address else "",
        told=row.notes,
        join=followed(row.join_url, say("near_join_online")),
        dial=_call(row.join_phone, say("near_join_phone", number=row.join_phone)),
        call=_call(row.phone, say("near_call", number=row.phone)),
        site=followed(row.url, say("near_join")),
    )


def _call(phone: str, text: str) -> Markup:
    number = telephone(phone)
    return html('<a href="tel:{number}">{text}</a>', number=number, text=text) if number else Markup("")
