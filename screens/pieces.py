"""Pieces of a page made from an answer: score, week, reasons, table, legend. Markup in, nothing computed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from geo.tables import CATEGORIES, DIMENSIONS
from layers.legend import MARKS, area_steps, sign
from layers.safe import html, joined, telephone
from screens.page import followed
from screens.words import Say


def score_card(score: Mapping[str, Any], where: str, say: Say) -> Markup:
    """Return the total, the four dimensions and how sure they are."""
    total = round(score["total"])
    values = {dimension: score["dimensions"][dimension] for dimension in DIMENSIONS}
    weakest = min(values, key=values.__getitem__)
    bars = joined(_bar(dimension, values[dimension], dimension == weakest, say) for dimension in DIMENSIONS)
    return html(
        '<section class="rr-card" aria-labelledby="rr-score"><h2 id="rr-score">{title}</h2>'
        '<div class="rr-total"><div class="rr-ring" style="--v:{total}"><span><b data-score="total">{total}</b>'
        '<small>{of}</small></span></div><div><p class="rr-where">{where}</p><p class="rr-muted rr-small">{profile}</p>'
        '<p class="rr-muted rr-small">{sure}</p></div></div><ul class="rr-bars">{bars}</ul></section>',
        title=say("score"),
        total=total,
        of=say("of_100"),
        where=where,
        profile=say("profile"),
        sure=_sureness(score, say),
        bars=bars,
    )


def _bar(dimension: str, value: float, weakest: bool, say: Say) -> Markup:
    return html(
        '<li><div class="rr-bar-head">{sign}<span>{name}</span>{tag}<span class="rr-value" data-score="{dimension}">{value}'
        '</span></div><div class="rr-track"><i class="rr-{dimension}" style="--v:{value}"></i></div>'
        '<p class="rr-small">{means}</p></li>',
        sign=sign(dimension),
        name=say(dimension),
        tag=html('<span class="rr-tag">{text}</span>', text=say("weakest")) if weakest else Markup(""),
        dimension=dimension,
        value=round(value),
        means=say(f"{dimension}_means"),
    )


def empty_card(say: Say) -> Markup:
    """Return what stands in the score's place before a home is chosen."""
    return html(
        '<section class="rr-card rr-empty"><div class="rr-logo" aria-hidden="true"></div><h2>{title}</h2>'
        '<p class="rr-muted">{why}</p></section>',
        title=say("start_here"),
        why=say("start_here_why"),
    )


def sentences(items: Sequence[tuple[str, str]]) -> Markup:
    """Return sentences as a list; each comes with its kind: `ok`, `low` or `nodata`."""
    rows = joined(html('<li class="rr-{kind}">{text}</li>', kind=kind, text=text) for kind, text in items)
    return html('<ul class="rr-why">{rows}</ul>', rows=rows)


def places_table(listed: pd.DataFrame, caption: str, say: Say) -> Markup:
    """Return the table beside the map: the same places, with how far they are and how to get in touch."""
    rows = joined(
        html(
            '<tr><th scope="row"><span class="rr-name">{sign}<span>{name}<span class="rr-muted">{kind}</span></span></span>'
            '</th><td class="rr-number">{reach}</td><td>{address}</td><td>{contact}</td></tr>',
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
        '<div class="rr-table-box" tabindex="0" role="region" aria-label="{label}"><table class="rr-stack">'
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


def _contact(phone: str, url: str, say: Say) -> Markup:
    number = telephone(phone)
    call = html('<a href="tel:{number}">{phone}</a>', number=number, phone=phone) if number else Markup("")
    site = followed(url, say("website"))
    return call + Markup("<br>" if call and site else "") + site


def legend(shown: Iterable[str], minutes: Sequence[int] | None, say: Say) -> Markup:
    """Return what the map's signs and areas mean."""
    opacities = _added_up(area_steps(len(minutes or ())))
    areas = joined(
        html(
            '<li><span class="rr-swatch" style="--v:{fill}" aria-hidden="true"></span>{text}</li>',
            fill=round(100 * fill),
            text=say("area", minutes=limit),
        )
        for limit, fill in zip(sorted(minutes or ()), reversed(opacities), strict=True)
    )
    dimensions = joined(html("<li>{sign}{name}</li>", sign=sign(d), name=say(d)) for d in DIMENSIONS)
    wanted = set(shown)
    categories = joined(
        html("<li>{sign}{name}</li>", sign=sign(CATEGORIES[c], c), name=say(c)) for c in MARKS if c in wanted
    )
    faint = html("<li>{text}</li>", text=say("legend_faint")) if minutes else Markup("")
    return html(
        '<ul class="rr-legend">{areas}{dimensions}{faint}</ul><details class="rr-small"><summary>{title}</summary>'
        '<ul class="rr-legend">{categories}</ul></details>',
        areas=areas,
        dimensions=dimensions,
        faint=faint,
        title=say("legend"),
        categories=categories,
    )


def _added_up(opacities: Sequence[float]) -> list[float]:
    """Return what nested areas look like where they overlap, outermost first."""
    through = 1.0
    seen = []
    for opacity in opacities:
        through *= 1 - opacity
        seen.append(1 - through)
    return seen


def week(shares: Sequence[float], say: Say) -> Markup:
    """Return the seven days with how likely a meeting in reach is on each, 0 to 1; days without one are said to be so."""
    days = joined(
        html(
            '<li class="{kind}" style="--v:{percent}"><span aria-hidden="true">{short}</span>'
            '<span class="rr-hidden">{day}</span><b>{text}</b></li>',
            kind="rr-none" if share <= 0 else "rr-some",
            percent=round(100 * share),
            short=say(f"short_{day}"),
            day=say(f"day_{day}"),
            text=f"{round(100 * share)} %" if share > 0 else "–",
        )
        for day, share in enumerate(shares)
    )
    return html('<ul class="rr-week">{days}</ul>', days=days)
