"""Pieces of the part on siting made from an answer: headline, how sure it is, curve, sites, the own choice."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from geo.siting.question import EQUITY, SCORE, WITHIN
from geo.siting.sites import Answer
from layers.escaping import html, joined, plain
from screens.funder.components import table
from screens.funder.site_work import SiteAnswer
from screens.funder.text import count, percent
from screens.shared.components import sentences
from screens.shared.reasons import class_name
from screens.shared.words import Say

LIMITS = 5
"""So many sentences say what siting doesn't know."""


def headline(found: SiteAnswer, say: Say) -> Markup:
    """Return what the best choice comes to, how sure that is, and who isn't counted."""
    told = found.answer.as_dict()
    best = told["curve"][-1]
    lines = [before(found, told, say)] if found.answer.best.sites else []
    lines += [sure(best, say)] if found.answer.best.sites else [say("site_nothing")]
    lines += [cost(best, say)] if best.get("cost") is not None else []
    small = say("site_small", percent=percent(100 * found.answer.share_small, say))
    return html(
        '<section class="rr-card" aria-labelledby="rr-site">'
        '<h2 id="rr-site" data-site="headline" data-news>{title}</h2>'
        '{words}<p class="rr-muted rr-small">{small}</p></section>',
        title=outcome(found, best, say),
        words=joined(html("<p>{text}</p>", text=line) for line in lines),
        small=small,
    )


def outcome(found: SiteAnswer, row: Mapping[str, Any], say: Say) -> str:
    """Return what a choice of sites comes to."""
    asked, what = found.answer.question, class_name(found.answer.rule.name, say)
    if asked.objective == WITHIN:
        people = count(row["people_newly"], say)
        return say("site_people", people=people, count=row["sites"], minutes=round(asked.minutes), what=what)
    first = found.answer.outcomes[0]
    if asked.objective == SCORE:
        was, now = first["mean_score"], row["mean_score"]
        return say("site_mean", before=_points(was, say), after=_points(now, say), count=row["sites"], what=what)
    if asked.objective == EQUITY:
        return say(
            "site_palma", before=_points(first["palma"], say), after=_points(row["palma"], say), count=row["sites"]
        )
    was, now = first["lowest_tenth_score"], row["lowest_tenth_score"]
    return say("site_lowest", before=_points(was, say), after=_points(now, say), count=row["sites"], what=what)


def before(found: SiteAnswer, told: Mapping[str, Any], say: Say) -> str:
    """Return how it is now."""
    if found.answer.question.objective == WITHIN:
        have, people = count(told["people_before"], say), count(told["people"], say)
        return say("site_now", have=have, people=people, count=told["existing"])
    return say("site_there", people=count(told["people"], say), count=told["existing"])


def sure(row: Mapping[str, Any], say: Say) -> str:
    """Return how sure a choice is the best."""
    if row["exact"]:
        return say("site_exact")
    return say("site_no_bound") if row["gap"] is None else say("site_gap", percent=say.habits.percent(row["gap"], 1))


def cost(row: Mapping[str, Any], say: Say) -> str:
    """Return what a choice costs, and what that is for each person newly in reach."""
    total = say.habits.money(row["cost"])
    if row.get("cost_per_person") is None:
        return say("site_costs", cost=total)
    return say("site_costs_each", cost=total, each=say.habits.money(row["cost_per_person"]))


def sites_table(found: SiteAnswer, say: Say) -> Markup:
    """Return the sites in the order in which they add most, numbered as on the map."""
    answer = found.answer
    names = names_of(answer.candidates)
    rows = joined(
        html(
            '<tr><th scope="row"><span class="rr-name"><span class="rr-badge">{rank}</span><span>{name}</span></span>'
            '</th><td>{good}</td><td class="rr-number">{at}</td></tr>',
            rank=number,
            name=names.iloc[site],
            good=_as_good(len(ties) - 1, len(answer.candidates) - len(answer.best.sites), say),
            at=f"{answer.candidates['lat'].iloc[site]:.5f}, {answer.candidates['lon'].iloc[site]:.5f}",
        )
        for number, (site, ties) in enumerate(zip(answer.best.sites, answer.ties, strict=True), 1)
    )
    return table("sites", ("site_place", "site_as_good", "site_at"), say("site_sites"), rows, say)


def curve_table(found: SiteAnswer, say: Say) -> Markup:
    """Return the gain curve: what one site more comes to, as bars with their numbers."""
    curve = found.answer.curve
    most = max([1e-12, *(choice.value - choice.before for choice in curve)])
    told = found.answer.as_dict()["curve"]
    rows = joined(
        html(
            '<tr><th scope="row">{sites}</th><td class="rr-number"><span class="rr-share"><i style="--v:{share}" '
            'aria-hidden="true"></i>{gain}</span></td><td>{sure}</td></tr>',
            sites=say("site_count", count=row["sites"]),
            share=round(100 * (choice.value - choice.before) / most, 1),
            gain=_short(found.answer, row, say),
            sure=sure(row, say),
        )
        for choice, row in zip(curve, told, strict=True)
    )
    return table("curve", ("site_how_many", "site_gain", "site_how_sure"), say("site_curve"), rows, say)


def own_card(found: SiteAnswer, say: Say) -> Markup:
    """Return the reader's own choice beside the best."""
    told = found.answer.as_dict()["own"]
    assert told is not None  # noqa: S101  asked only where there is one
    share = told["share_of_best"]
    lines = [say("site_own_share", percent=say.habits.percent(share))] if share is not None else []
    lines += [say(f"site_beyond_{told['beyond'].replace(' ', '_')}")] if told["beyond"] else []
    lines += [cost(told, say)] if told.get("cost") is not None else []
    return html(
        '<section class="rr-card" aria-labelledby="rr-own"><h3 id="rr-own" data-site="own">{title}</h3>'
        "<p>{text}</p>{words}</section>",
        title=say("site_own_beside"),
        text=outcome(found, told, say),
        words=joined(html("<p>{text}</p>", text=line) for line in lines),
    )


def left_out(found: SiteAnswer, say: Say) -> Markup:
    """Return which candidates were set aside and why, and who is not counted."""
    told, lines = found.answer.as_dict(), [say.why(one) for one in found.aside]
    lines += [say(f"site_aside_{reason}", count=number) for reason, number in told["set_aside"].items()]
    if told["people_left_out"]:
        lines.append(say("site_people_out", people=count(told["people_left_out"], say)))
    lines = [say("site_candidates", count=told["candidates"]), *lines]
    return html(
        "<h3>{title}</h3>{rows}", title=say("site_aside"), rows=sentences([("nodata", plain(line)) for line in lines])
    )


def unknown(say: Say) -> Markup:
    """Return what siting doesn't know."""
    rows = sentences([("nodata", say(f"site_unknown_{number}")) for number in range(1, LIMITS + 1)])
    return html("<h3>{title}</h3>{rows}", title=say("site_unknown"), rows=rows)


def names_of(places: pd.DataFrame) -> pd.Series:
    """Return what candidates are called: their names where they have any, else their ids."""
    ids = places["id"].astype(str)
    names = places["name"].astype("string") if "name" in places else pd.Series(pd.NA, places.index, dtype="string")
    return names.where(names.fillna("").str.strip() != "", ids).map(plain)


def _short(answer: Answer, row: Mapping[str, Any], say: Say) -> str:
    if answer.question.objective == WITHIN:
        return say("site_short_people", people=count(row["people_newly"], say))
    name = {SCORE: "mean_score", EQUITY: "palma"}.get(answer.question.objective, "lowest_tenth_score")
    return _points(row[name], say)


def _points(value: float, say: Say) -> str:
    return "–" if np.isnan(value) else say.habits.decimal(value, 2)


def _as_good(others: int, every: int, say: Say) -> str:
    if others and others >= every:
        return say("site_good_all")
    return say("site_good", count=others) if others else say("site_good_none")
