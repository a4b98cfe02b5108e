"""Pieces of a page made from an answer: score, week, reasons, table, legend. Markup in, nothing computed."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from geo.tables import CATEGORIES, DIMENSIONS
from layers.escaping import followed, html, joined, telephone
from layers.legend import MARKS, area_steps, sign
from screens.shared.reasons import no_total
from screens.shared.words import Say


def score_card(score: Mapping[str, Any], where: str, say: Say, for_whom: str = "") -> Markup:
    """Return the total, the four dimensions and how sure they are.

    `for_whom` says for which person it holds; without it, for one without a car.
    """
    weakest, sure = score["limits"]["dimension"], say("confidence", percent=round(100 * score["confidence"]["value"]))
    bars = joined(_bar(name, score["dimensions"][name], name == weakest, say) for name in DIMENSIONS)
    return html(
        '<section class="rr-card" aria-labelledby="rr-score"><h2 id="rr-score">{title}</h2>'
        '<div class="rr-total" data-news>{ring}<div><p class="rr-where">{where}</p>'
        '<p class="rr-muted rr-small">{profile} {band}</p><p class="rr-muted rr-small">{sure}</p></div></div>'
        '{none}<ul class="rr-bars">{bars}</ul>{means}</section>',
        title=say("score"),
        ring=_ring(score["total"], say),
        where=where,
        profile=for_whom or say("profile"),
        band=_band(score, say),
        sure=sure,
        none=sentences([("nodata", no_total(score, say))]) if score["total"] is None else Markup(""),
        bars=bars,
        means=meaning(("total", "dimension", "band", "confidence"), say),
    )


def meaning(numbers: Sequence[str], say: Say) -> Markup:
    """Return "What does this mean?", to be opened: for each number (`total`: the message `means_total`) a few words."""
    rows = joined(
        html("<dt>{name}</dt><dd>{text}</dd>", name=say(f"means_name_{number}"), text=say(f"means_{number}"))
        for number in numbers
    )
    return html(
        '<details class="rr-means"><summary>{ask}</summary><dl>{rows}</dl></details>', ask=say("means"), rows=rows
    )


def _ring(total: float | None, say: Say) -> Markup:
    if total is None:
        return Markup("")
    return html(
        '<div class="rr-ring" style="--v:{total}"><span><b data-score="total">{total}</b>'
        "<small>{of}</small></span></div>",
        total=round(total),
        of=say("of_100"),
    )


def _band(score: Mapping[str, Any], say: Say) -> str:
    band = score["sensitivity"]
    return "" if score["total"] is None else say("band", low=round(band["p5"]), high=round(band["p95"]))


def _bar(dimension: str, value: float | None, weakest: bool, say: Say) -> Markup:
    tag = html('<span class="rr-tag">{text}</span>', text=say("weakest")) if weakest else Markup("")
    return html(
        '<li><div class="rr-bar-head">{sign}<span>{name}</span>{tag}'
        '<span class="rr-value" data-score="{dimension}">{shown}</span></div>'
        '<div class="rr-track"><i class="rr-{dimension}" style="--v:{value}"></i></div>'
        '<p class="rr-small">{means}</p></li>',
        sign=sign(dimension),
        name=say(dimension),
        tag=tag,
        dimension=dimension,
        shown=say("dimension_nodata") if value is None else round(value),
        value=round(value or 0),
        means=say(f"{dimension}_means"),
    )


def empty_card(say: Say, title: str = "start_here", why: str = "start_here_why") -> Markup:
    """Return what stands in the score's place before a home is chosen."""
    return html(
        '<section class="rr-card rr-empty"><div class="rr-logo" aria-hidden="true"></div><h2>{title}</h2>'
        '<p class="rr-muted">{why}</p></section>',
        title=say(title),
        why=say(why),
    )


def sentences(items: Sequence[tuple[str, str]]) -> Markup:
    """Return sentences as a list; each comes with its kind: `ok`, `low` or `nodata`."""
    rows = joined(html('<li class="rr-{kind}">{text}</li>', kind=kind, text=text) for kind, text in items)
    return html('<ul class="rr-why">{rows}</ul>', rows=rows)


def places_table(listed: pd.DataFrame, caption: str, say: Say) -> Markup:
    """Return the table beside the map: the same places, with how far they are and how to get in touch."""
    rows = joined(
        html(
            '<tr><th scope="row"><span class="rr-name">{sign}<span>{name}'
            '<span class="rr-muted">{kind}</span></span></span></th>'
            '<td class="rr-number">{reach}</td><td>{address}</td><td>{contact}</td></tr>',
            sign=sign(row.dimension, row.category),
            name=row.name,
            kind=row.kind,
            reach=row.reach,
            address=row.address,
            contact=_contact(row.phone, row.url, say),
        )
        for row in listed.itertuples(index=False)
    )
    return html(
        '<div class="rr-table-box rr-scroll" tabindex="0" role="region" aria-label="{label}"><table class="rr-stack">'
        '<caption>{caption}</caption><thead><tr><th scope="col">{place}</th><th scope="col">{time}</th>'
        '<th scope="col">{address}</th><th scope="col">{contact}</th></tr></thead><tbody>{rows}</tbody></table></div>',
        label=say("places"),
        caption=caption,
        place=say("place"),
        time=say("time"),
        address=say("address"),
        contact=say("contact"),
        rows=rows,
    )


def travelled(mode: str, date: datetime.date, say: Say) -> Markup:
    """Return for when the travel times hold."""
    text = say("departing", date=say.habits.date(date, year=True)) if mode == "transit" else say("any_time")
    return html('<p class="rr-muted rr-small">{text}</p>', text=text)


def category_table(listed: pd.DataFrame, caption: str, say: Say) -> Markup:
    """Return how many places of each category the map shows, before a home is chosen."""
    counts = listed["category"].value_counts()
    rows = joined(
        html(
            '<tr><th scope="row"><span class="rr-name">{sign}<span>{name}</span></span></th><td>{dimension}</td>'
            '<td class="rr-number">{count}</td></tr>',
            sign=sign(CATEGORIES[category], category),
            name=say(category),
            dimension=say(CATEGORIES[category]),
            count=int(counts[category]),
        )
        for category in CATEGORIES
        if category in counts
    )
    return html(
        '<div class="rr-table-box"><table><caption>{caption}</caption><thead><tr><th scope="col">{place}</th>'
        '<th scope="col">{dimension}</th><th scope="col">{count}</th></tr></thead><tbody>{rows}</tbody></table></div>',
        caption=caption,
        place=say("place"),
        dimension=say("dimension"),
        count=say("number"),
        rows=rows,
    )


def _contact(phone: str, url: str, say: Say) -> Markup:
    number = telephone(phone)
    call = html('<a href="tel:{number}">{phone}</a>', number=number, phone=phone) if number else Markup("")
    site = followed(url, say("website"))
    return call + html("<br>" if call and site else "") + site


def legend(shown: Iterable[str], minutes: Sequence[int] | None, say: Say, *, faint: bool = True) -> Markup:
    """Return what the map's signs and areas mean; `faint`: the map shows what is out of reach too."""
    dimensions = joined(html("<li>{sign}{name}</li>", sign=sign(d), name=say(d)) for d in DIMENSIONS)
    wanted = set(shown)
    categories = joined(
        html("<li>{sign}{name}</li>", sign=sign(CATEGORIES[c], c), name=say(c)) for c in MARKS if c in wanted
    )
    pale = html("<li>{text}</li>", text=say("legend_faint")) if minutes and faint else Markup("")
    return html(
        '<ul class="rr-legend">{areas}{dimensions}{faint}</ul><details class="rr-small"><summary>{title}</summary>'
        '<ul class="rr-legend">{categories}</ul></details>',
        areas=_areas(minutes or (), say),
        dimensions=dimensions,
        faint=pale,
        title=say("legend"),
        categories=categories,
    )


def area_legend(minutes: Sequence[int], say: Say) -> Markup:
    """Return what the map's areas mean."""
    return html('<ul class="rr-legend">{areas}</ul>', areas=_areas(minutes, say))


def _areas(minutes: Sequence[int], say: Say) -> Markup:
    opacities = _added_up(area_steps(len(minutes)))
    return joined(
        html(
            '<li><span class="rr-swatch" style="--v:{fill}" aria-hidden="true"></span>{text}</li>',
            fill=round(100 * fill),
            text=say("area", minutes=limit),
        )
        for limit, fill in zip(sorted(minutes), reversed(opacities), strict=True)
    )


def _added_up(opacities: Sequence[float]) -> list[float]:
    """Return what nested areas look like where they overlap, outermost first."""
    through = 1.0
    seen = []
    for opacity in opacities:
        through *= 1 - opacity
        seen.append(1 - through)
    return seen


def week_card(meetings: Mapping[str, Any], known: bool, say: Say) -> Markup:
    """Return how much of the week has a meeting in reach, how many each day, and the days without one."""
    if not known:
        body = html("<p>{text}</p>", text=say("week_nodata"))
    else:
        counts = [sum(session["day"] == day for session in meetings["sessions"]) for day in meetings["coverage"]]
        shares = list(meetings["coverage"].values())
        empty = [say.habits.weekday(day) for day, count in enumerate(counts) if not count]
        body = html(
            '<p>{covered}</p><ul class="rr-week">{days}</ul><p class="rr-muted rr-small">{told}</p>',
            covered=say("week_covered", count=round(meetings["days_covered"], 1)),
            days=joined(_day(day, count, shares[day], say) for day, count in enumerate(counts)),
            told=say("week_empty", days=say.habits.listed(empty)) if empty else say("week_full"),
        )
    return html(
        '<section class="rr-card" aria-labelledby="rr-week"><h2 id="rr-week">{title}</h2>{body}{means}</section>',
        title=say("week"),
        body=body,
        means=meaning(("days",), say),
    )


def _day(day: int, count: int, share: float, say: Say) -> Markup:
    return html(
        '<li class="{kind}" style="--v:{percent}"><span aria-hidden="true">{short}</span>'
        '<b aria-hidden="true">{count}</b><span class="rr-hidden">{day}: {words}</span></li>',
        kind="rr-some" if count else "rr-none",
        percent=round(100 * share),
        short=say.habits.weekday(day, short=True),
        day=say.habits.weekday(day),
        count=count,
        words=say("week_meetings", count=count),
    )


def why(parts: Sequence[tuple[str, Sequence[tuple[str, str]]]], say: Say) -> Markup:
    """Return groups of sentences side by side, each under its title."""
    groups = joined(
        html(
            '<section class="rr-card"><h3>{title}</h3>{rows}</section>',
            title=title,
            rows=sentences(sentences_of or [("ok", say("nothing"))]),
        )
        for title, sentences_of in parts
    )
    return html('<div class="rr-grid">{groups}</div>', groups=groups)
