"""Pieces of the funder's page made from an answer: headline, scale, one area, tables. Markup in, nothing computed."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from geo.equity.evenness import Evenness
from layers.escaping import html, joined
from layers.legend import DARK_SURFACE, LIGHT_SURFACE, NO_NUMBER, NONE_IN_REACH, SHADES
from screens.funder import questions
from screens.funder import text as gap_words
from screens.funder.parts import NEEDS_FILE, needs_toml
from screens.funder.questions import Answer, Question
from screens.funder.text import KINDS, count, no_number, percent
from screens.shared.components import sentences
from screens.shared.words import Say

LISTED_AT_MOST = 300


def not_yet(region: str, question: Question, cells: int, say: Say) -> Markup:
    """Return what stands in the map's place before a surface was worked out, with the way to have it beforehand."""
    needs = needs_toml(question.needs)
    with_needs = f" --needs {NEEDS_FILE}" if needs else ""
    return html(
        '<section class="rr-card" aria-labelledby="rr-gap"><h2 id="rr-gap">{title}</h2><p>{why}</p>'
        "<p>{before} <code>{command}</code></p>{needs}</section>",
        title=say("gap_not_yet"),
        why=say("gap_not_yet_why", count=cells),
        before=say("gap_not_yet_before"),
        command=f"recovery-reach surface {region} --all --date {question.date}{with_needs}",
        needs=_needs_line(needs, say),
    )


def map_of(question: Question, say: Say) -> Markup:
    """Return what the map shows, for whom and when, and how to ask it."""
    text, hint = gap_words.map_of(question, say), say("gap_map_hint")
    return html('<p class="rr-muted rr-small">{words}. {hint}</p>', words=text, hint=hint)


def headline(answer: Answer, question: Question, say: Say) -> Markup:
    """Return how many people live below the threshold, what holds them back, and who isn't counted."""
    title, sentences, small = gap_words.headline(answer, question, say)
    return html(
        '<section class="rr-card" aria-labelledby="rr-gap"><h2 id="rr-gap" data-gap="headline" data-news>{title}</h2>'
        '{words}<p class="rr-muted rr-small">{small}</p></section>',
        title=title,
        words=joined(html("<p>{text}</p>", text=text) for text in sentences),
        small=small,
    )


def spread(answer: Answer, threshold: int, say: Say) -> Markup:
    """Return how many people have how much: a bar for each ten points, those below the threshold marked."""
    most = max(float(answer.spread["people"].max()), 1.0)
    bars = joined(
        html(
            '<li class="{kind}" style="--v:{share}"><i aria-hidden="true"></i><span aria-hidden="true">{low}</span>'
            '<span class="rr-hidden">{words}</span></li>',
            kind="rr-below" if row.high <= threshold else "rr-above",
            share=round(100 * row.people / most, 1),
            low=row.low,
            words=say("gap_spread_step", low=row.low, high=row.high, people=count(row.people, say)),
        )
        for row in answer.spread.itertuples(index=False)
    )
    return html(
        '<section class="rr-card" aria-labelledby="rr-spread"><h2 id="rr-spread">{title}</h2>'
        '<ul class="rr-spread">{bars}</ul></section>',
        title=say("gap_spread"),
        bars=bars,
    )


def legend(answer: Answer, *, no_data: bool, say: Say) -> Markup:
    """Return what the shades of the map mean; only those that are on it, but all steps of the scale."""
    there = set(np.unique(answer.shade).tolist())
    steps = [
        html(
            '<li><span class="rr-shade" style="background:light-dark({light},{dark})"></span>{words}</li>',
            light=LIGHT_SURFACE.steps[step],
            dark=DARK_SURFACE.steps[step],
            words=say("gap_step", low=20 * step, high=20 * (step + 1)),
        )
        for step in range(SHADES)
    ]
    patterns = ((NONE_IN_REACH, "rr-dots", "gap_step_none"), (NO_NUMBER, "rr-hatch", no_number(no_data=no_data)))
    special = [
        html('<li><span class="rr-shade {kind}"></span>{words}</li>', kind=kind, words=say(key))
        for shade, kind, key in patterns
        if shade in there
    ]
    return html(
        '<ul class="rr-legend" aria-label="{title}">{rows}</ul>',
        title=say("gap_legend"),
        rows=joined([*steps, *special]),
    )


def cell_card(row: Mapping[str, Any], name: str, measures: Sequence[str], say: Say) -> Markup:
    """Return the numbers of one cell: total and dimensions, and folded away each class with what it lacks."""
    if row["status"] == "outside":
        body = html("<p>{text}</p>", text=say("gap_cell_far"))
    else:
        classes = [measure for measure in measures if measure.startswith("class_")]
        body = html(
            '{main}<p>{week}</p><details class="rr-all"><summary>{every}</summary>{classes}</details>',
            main=_cell_rows(row, [measure for measure in measures if measure not in classes], say),
            week=say("week_nodata") if np.isnan(row["class_meetings"]) else _week(row["days_covered"], say),
            every=say("gap_cell_classes"),
            classes=_cell_rows(row, sorted(classes, key=lambda measure: _first(row[measure])), say),
        )
    return html(
        '<section class="rr-card" aria-labelledby="rr-cell"><h2 id="rr-cell" data-gap="cell">{title}</h2>'
        '<p class="rr-muted rr-small">{name}</p>{body}</section>',
        title=say("gap_cell"),
        name=name,
        body=body,
    )


def _week(days: float, say: Say) -> str:
    return say("gap_cell_weeks", count=round(days, 1))


def _first(value: float) -> float:
    """Return what puts the weakest first and what isn't known last."""
    return np.inf if np.isnan(value) else value


def _cell_rows(row: Mapping[str, Any], measures: Sequence[str], say: Say) -> Markup:
    rows = joined(
        html(
            '<tr><th scope="row">{what}</th><td class="rr-number">{value}</td></tr>',
            what=questions.measure_name(measure, say),
            value=_value(row[measure], measure, say),
        )
        for measure in measures
    )
    return html('<table class="rr-tight"><tbody>{rows}</tbody></table>', rows=rows)


def _value(value: float, measure: str, say: Say) -> str:
    if np.isnan(value):
        return say("dimension_nodata")
    if measure.startswith("class_") and value == 0:
        return say("gap_cell_none")
    return str(round(value))


def areas_table(answer: Answer, question: Question, say: Say) -> Markup:
    """Return the table beside the map: areas, most people left out first."""
    listed = answer.areas.head(LISTED_AT_MOST)
    caption = gap_words.areas_caption(answer, question, say)
    if len(answer.areas) > LISTED_AT_MOST:
        caption = f"{caption} {say('gap_areas_more', count=LISTED_AT_MOST)}"
    numbers = dict(zip(answer.numbered["area_id"], answer.numbered["label"], strict=True))
    rows = joined(_area(row, numbers.get(row["area_id"], ""), question, say) for row in listed.to_dict("records"))
    heads = ("gap_area", "gap_left_out", "gap_share", "gap_average", "gap_holds_back")
    return table("areas", heads, caption, rows, say)


def table(name: str, heads: Sequence[str], caption: str, rows: Markup, say: Say) -> Markup:
    """Return a table of the page; `heads` are the keys of its columns' titles, rows are <tr>."""
    return html(
        '<div class="rr-table-box rr-scroll" tabindex="0" role="region" aria-label="{caption}">'
        '<table class="rr-stack" data-table="{name}"><caption>{caption}</caption><thead><tr>{heads}</tr></thead>'
        "<tbody>{rows}</tbody></table></div>",
        name=name,
        caption=caption,
        heads=joined(html('<th scope="col">{text}</th>', text=say(head)) for head in heads),
        rows=rows,
    )


def _area(row: Mapping[str, Any], number: str, question: Question, say: Say) -> Markup:
    near = html('<span class="rr-muted">{near}</span>', near=say("gap_near", place=row["near"])) if row["near"] else ""
    is_shown = row["people"] > 0
    return html(
        '<tr><th scope="row"><span class="rr-name">{number}<span>{name}{near}</span></span></th>'
        '<td class="rr-number"><strong>{below}</strong> <span class="rr-muted">{people}</span></td>'
        '<td class="rr-number">{share}</td><td class="rr-number" data-head="{average}">{mean}</td>'
        "<td>{holds}</td></tr>",
        average=say("gap_average"),
        number=html('<span class="rr-badge">{number}</span>', number=number) if number else "",
        name=questions.area_name(str(row["area_id"]), question.level, say),
        near=near,
        below=(count(row["people_below"], say) if row["people_below"] else say("gap_nobody")) if is_shown else "",
        people=say("gap_of_people", people=count(row["people"], say)) if is_shown else say("gap_not_scored"),
        share=_bar(row["percent_below"], percent(row["percent_below"], say)) if is_shown else "",
        mean=say("gap_mean_short", mean=round(row["mean"])) if is_shown else "",
        holds=gap_words.holds_back(row, question, say),
    )


def even(evenness: Evenness, say: Say) -> Markup:
    """Return how evenly support is shared out, in sentences with their numbers."""
    return html(
        '<section class="rr-card" aria-labelledby="rr-even"><h3 id="rr-even">{title}</h3>{words}</section>',
        title=say("gap_even"),
        words=sentences([("ok", text) for text in gap_words.even(evenness, say)]),
    )


def groups(answer: Answer, question: Question, say: Say) -> Markup:
    """Return, group by group, how many of a hundred live below the threshold; and which groups aren't published."""
    there = [kind for kind in KINDS if (answer.groups["kind"] == kind).any()]
    rows = joined(_kind(kind, answer.groups[answer.groups["kind"] == kind], say) for kind in there)
    lacking = gap_words.lacking(answer, say)
    lacks = sentences([("nodata", lacking)]) if lacking else Markup("")
    table = html(
        '<div class="rr-table-box" role="region" aria-label="{label}"><table class="rr-stack" data-gap="groups">'
        '<caption>{caption}</caption><thead><tr><th scope="col">{group}</th><th scope="col">{below}</th>'
        '<th scope="col">{average}</th></tr></thead>{rows}</table></div>',
        label=say("gap_who"),
        caption=gap_words.group_caption(answer, question, say),
        group=say("gap_group"),
        below=say("gap_group_below", below=question.threshold),
        average=say("gap_average"),
        rows=rows,
    )
    return html("{table}{lacks}", table=table if there else Markup(""), lacks=lacks)


def _kind(kind: str, rows: pd.DataFrame, say: Say) -> Markup:
    body = joined(_group(row, say) for row in rows.to_dict("records"))
    return html(
        '<tbody><tr class="rr-kind"><th scope="rowgroup" colspan="3">{kind}</th></tr>{body}</tbody>',
        kind=say(f"gap_kind_{kind}"),
        body=body,
    )


def _group(row: Mapping[str, Any], say: Say) -> Markup:
    is_shown = not np.isnan(row["percent_below"])
    return html(
        '<tr><th scope="row">{name} <span class="rr-muted rr-small">{size}</span></th>'
        '<td class="rr-number">{below}</td><td class="rr-number" data-head="{average}">{mean}</td></tr>',
        average=say("gap_average"),
        name=say(f"gap_group_{row['group']}"),
        size=gap_words.size(row, say),
        below=_bar(row["percent_below"], percent(row["percent_below"], say)) if is_shown else "",
        mean=say("gap_mean_short", mean=round(row["mean"])) if is_shown else "",
    )


def _bar(percent: float, text: str) -> Markup:
    return html(
        '<span class="rr-share"><i style="--v:{percent}" aria-hidden="true"></i>{words} %</span>',
        percent=round(percent, 1),
        words=text,
    )


def command(name: str, text: str, needs: str, say: Say, how: str = "") -> Markup:
    """Return the command that recomputes an answer.

    Parameters
    ----------
    name
        Which command it is.
    needs
        The content of its needs file, if it has one.
    how
        What is to be done before, if anything.
    """
    return html(
        '<h3>{title}</h3>{how}<p><code data-command="{name}">{text}</code></p>{needs}',
        title=say("site_command"),
        how=html("<p>{how}</p>", how=how) if how else "",
        name=name,
        text=text,
        needs=_needs_line(needs, say),
    )


def _needs_line(needs: str, say: Say) -> Markup:
    """Return what the file of a command holds, nothing without one."""
    if not needs:
        return Markup("")
    return html("<p>{words} <code>{needs}</code></p>", words=say("gap_not_yet_needs"), needs=needs)


def method(about: Sequence[tuple[str, str]], say: Say) -> Markup:
    """Return how the numbers were made and from what, folded away."""
    rows = joined(html("<dt>{name}</dt><dd>{text}</dd>", name=name, text=text) for name, text in about)
    return html(
        '<details class="rr-all rr-small"><summary>{title}</summary><dl class="rr-about">{rows}</dl></details>',
        title=say("gap_method"),
        rows=rows,
    )
