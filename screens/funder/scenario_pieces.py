"""Pieces of the part on scenarios made from an answer: headline, legend, tables of areas, groups and classes."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from geo.scenarios.effects import Effect
from layers.escaping import html, joined, plain
from layers.legend import DARK_CHANGE, DARK_SURFACE, LIGHT_CHANGE, LIGHT_SURFACE, NO_NUMBER, NONE_IN_REACH, SHADES
from layers.surface import Ints
from screens.funder import questions, scenario_text
from screens.funder.components import table
from screens.funder.scenario_work import ScenarioAnswer
from screens.funder.text import count
from screens.shared.components import sentences
from screens.shared.reasons import class_name
from screens.shared.words import Say

LISTED_AT_MOST = 40
UNKNOWNS = 4


def headline(found: ScenarioAnswer, say: Say) -> Markup:
    """Return who gains and who loses, with what that rests on."""
    measure = questions.measure_name(found.answer.effect.measure, say)
    what = class_name(found.asked.what.class_name or "", say)
    lines = scenario_text.sentences(found, measure, what, say)
    return html(
        '<section class="rr-card" aria-labelledby="rr-if"><h2 id="rr-if" data-if="headline" data-news>{title}</h2>'
        '{words}<p class="rr-muted rr-small">{small}</p></section>',
        title=scenario_text.headline(found.answer.effect, found.asked.what.minutes, say),
        words=joined(html("<p>{text}</p>", text=line) for line in lines),
        small=say("if_small"),
    )


def legend(shade: Ints, view: str, say: Say) -> Markup:
    """Return what the shades of the map mean."""
    there = set(np.unique(shade).tolist())
    light, dark = (LIGHT_CHANGE, DARK_CHANGE) if view == "difference" else (LIGHT_SURFACE, DARK_SURFACE)
    texts = [
        say(f"if_step_{step}") if view == "difference" else say("gap_step", low=20 * step, high=20 * (step + 1))
        for step in range(SHADES)
    ]
    steps = [
        html(
            '<li><span class="rr-shade" style="background:light-dark({light},{dark})"></span>{words}</li>',
            light=light.steps[step],
            dark=dark.steps[step],
            words=text,
        )
        for step, text in enumerate(texts)
    ]
    special = [
        html('<li><span class="rr-shade {kind}"></span>{words}</li>', kind=kind, words=say(key))
        for number, kind, key in (
            (NONE_IN_REACH, "rr-dots", "gap_step_none"),
            (NO_NUMBER, "rr-hatch", "if_step_unknown"),
        )
        if number in there
    ]
    return html(
        '<ul class="rr-legend" aria-label="{title}">{rows}</ul>',
        title=say("gap_legend"),
        rows=joined([*steps, *special]),
    )


def areas_table(effect: Effect, level: str, say: Say, name: str = "areas") -> Markup:
    """Return the areas in which anyone gains or loses, most people gaining first."""
    if effect.areas.empty:
        return html('<p class="rr-muted">{text}.</p>', text=say("if_no_number"))
    rows = _changed(effect.areas)
    shown = [(questions.area_name(str(row["area_id"]), level, say), row) for row in rows[:LISTED_AT_MOST]]
    caption = say("if_areas", count=len(rows), all=len(effect.areas))
    if len(rows) > LISTED_AT_MOST:
        caption = f"{caption}. {say('gap_areas_more', count=LISTED_AT_MOST)}"
    return _table(name, "gap_area", caption, shown, say)


def classes_table(effect: Effect, say: Say) -> Markup:
    """Return the classes of which anyone has more or less in reach."""
    rows = [(class_name(str(row["class_name"]), say), row) for row in _changed(effect.classes)]
    return _table("classes", "if_class", say("if_classes"), rows, say)


def _changed(table: pd.DataFrame) -> list[dict[Any, Any]]:
    rows: list[dict[Any, Any]] = table[(table["gaining"] > 0) | (table["losing"] > 0)].to_dict("records")
    return rows


def _table(name: str, head: str, caption: str, rows: Sequence[tuple[str, Mapping[Any, Any]]], say: Say) -> Markup:
    body = joined(
        html(
            '<tr><th scope="row">{name}</th><td class="rr-number" data-head="{gain}">{gaining}</td>'
            '<td class="rr-number" data-head="{lose}">{losing}</td><td class="rr-number" data-head="{mean}">'
            "{before} → {after}</td></tr>",
            name=text,
            gain=say("if_gaining"),
            lose=say("if_losing"),
            mean=say("gap_average"),
            gaining=count(row["gaining"], say),
            losing=count(row["losing"], say),
            before=say.habits.decimal(row["mean_before"], 1),
            after=say.habits.decimal(row["mean_after"], 1),
        )
        for text, row in rows
    )
    if not rows:
        return html('<p class="rr-muted">{caption}</p>', caption=f"{caption} {say('if_none_changed')}")
    return table(name, (head, "if_gaining", "if_losing", "gap_average"), caption, body, say)


def groups_table(effect: Effect, say: Say) -> Markup:
    """Return which groups gain and lose, in steps of five percent; of small groups nothing."""
    people, rows = effect.people, effect.groups.to_dict("records")
    lines, hidden = [], 0
    for row in rows:
        gaining, losing = row["percent_gaining"], row["percent_losing"]
        hidden += bool(np.isnan(gaining) or np.isnan(losing))
        if (gaining > 0 or losing > 0) and (people["gaining"] or people["losing"]):
            lines.append((row, _share(gaining, people["gaining"], say), _share(losing, people["losing"], say)))
    body = joined(
        html(
            '<tr><th scope="row">{name} <span class="rr-muted rr-small">{kind}</span></th>'
            '<td class="rr-number" data-head="{gain}">{gaining}</td>'
            '<td class="rr-number" data-head="{lose}">{losing}</td></tr>',
            name=say(f"gap_group_{row['group']}"),
            kind=say(f"gap_kind_{row['kind']}"),
            gain=say("if_gaining"),
            lose=say("if_losing"),
            gaining=gaining,
            losing=losing,
        )
        for row, gaining, losing in lines
    )
    heads = joined(
        html('<th scope="col">{text}</th>', text=say(one)) for one in ("gap_group", "if_gaining", "if_losing")
    )
    table = html(
        '<div class="rr-table-box"><table class="rr-stack" data-if="groups"><caption>{caption}</caption>'
        "<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>",
        caption=say("if_groups"),
        heads=heads,
        body=body,
    )
    few = sentences([("nodata", say("if_groups_hidden", count=hidden, all=len(rows)))]) if hidden else Markup("")
    none = html('<p class="rr-muted">{text}</p>', text=say("if_groups_none"))
    return (table if lines else none) + few


def _share(percent: float, people: float, say: Say) -> str:
    if np.isnan(percent) or not people:
        return "–"
    return say("if_percent_more", percent=say.habits.percent(percent / 100)) if percent else say("if_percent_under")


def unknown(say: Say) -> Markup:
    """Return what a scenario doesn't know."""
    rows = sentences([("nodata", say(f"if_unknown_{number}")) for number in range(1, UNKNOWNS + 1)])
    return html("<h3>{title}</h3>{rows}", title=say("site_unknown"), rows=rows)


def told(found: ScenarioAnswer, say: Say) -> Markup:
    """Return what each change does to places and trips; the engine's own words, which are English."""
    answer = found.answer
    texts = (*answer.sentences, *answer.against_sentences, *answer.limits)
    rows = joined(html("<li>{text}</li>", text=plain(text)) for text in texts)
    return html(
        '<details class="rr-all rr-small"><summary>{title}</summary><ul lang="en">{rows}</ul></details>',
        title=say("if_told"),
        rows=rows,
    )
