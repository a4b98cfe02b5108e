"""One picture of how it went: recovery capital, engagement and the score of the home on one line of time.

A row per measure, a mark per day on which it was asked, moves of home across all of them. It is drawn for the eye: the
sentences above and the table below it say the same to everybody. A line joins two marks and more, never one, and
no sentence speaks of a trend: nobody has published by how much a total varies by chance.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from string import ascii_uppercase

import numpy as np
import pandas as pd
from markupsafe import Markup

from geo.tables import DIMENSIONS
from layers.escaping import html, joined, plain
from people.kinds import BARC10_COLUMNS
from people.progress import BARC10_CUTOFF, DOMAINS, LOW_ANSWER, LOW_DIMENSION
from screens.shared.words import Say

COUNTS = ("meetings_attended", "groups", "role_models", "service_given")
"""Fields of `people.kinds.ENGAGEMENT` that count something, the most asked for first."""
LEAST_TOTAL, MOST_TOTAL = 10, 60
TICKS = 5
CLOSE, CLOSER = 9.0, 3.0
"""Percent of the line's length: marks nearer than that have no number, on a phone or anywhere."""


@dataclass(frozen=True)
class Story:
    """What was kept of a person over time: the tables of `people.progress`, and the houses they moved into."""

    capital: pd.DataFrame
    engagement: pd.DataFrame
    homes: pd.DataFrame
    moves: pd.DataFrame

    @property
    def is_empty(self) -> bool:
        """Return whether nothing was asked or scored yet."""
        return not (len(self.capital) or len(self.engagement) or len(self.homes))


@dataclass(frozen=True)
class Mark:
    """A value on a day, as it is written; `height`: percent of a tall row; `low`: by the rules of `people.progress`."""

    day: str
    text: str
    height: float = 50.0
    low: bool = False


@dataclass(frozen=True)
class Row:
    """A measure: its name, its marks by day, the line that is drawn across it (percent), the marks that are joined."""

    name: str
    marks: tuple[Mark, ...]
    tall: bool = False
    across: float | None = None
    lines: tuple[tuple[int, ...], ...] = ()


def picture(story: Story, say: Say) -> Markup:
    """Return the picture with the sentences and the table that say the same."""
    groups = {title: rows for title, rows in _groups(story, say).items() if any(row.marks for row in rows)}
    return html(
        '<figure class="rr-card rr-time" aria-labelledby="rr-time"><h2 id="rr-time">{title}</h2>'
        '<figcaption><ul class="rr-plain">{words}</ul></figcaption>{drawing}{key}<details class="rr-all"><summary>{ask}'
        "</summary>{tables}</details></figure>",
        title=say("progress_title"),
        words=joined(html("<li>{text}</li>", text=text) for text in in_words(story, say)),
        drawing=_drawing(story, groups, say),
        key=_key(story, say),
        ask=say("progress_table"),
        tables=joined(_table(title, rows, say) for title, rows in groups.items()),
    )


def in_words(story: Story, say: Say) -> list[str]:
    """Return the picture as sentences: what was asked first and last, never a trend."""
    texts = []
    if len(story.capital):
        totals = [int(total) for total in story.capital["total"]]
        texts.append(_span("capital", story.capital["asked_on"], totals, say))
    if len(story.engagement):
        last = story.engagement.iloc[-1]
        parts = [say(f"progress_{name}_said", count=int(last[name])) for name in COUNTS if pd.notna(last[name])]
        if pd.notna(last["sponsor_or_mentor"]):
            parts.append(say("progress_sponsor_yes" if last["sponsor_or_mentor"] else "progress_sponsor_no"))
        told = say.habits.listed(parts) if parts else say("progress_nothing_said")
        texts.append(say("progress_engagement", day=say.day(last["asked_on"]), what=told))
    scored = story.homes[story.homes["total"].notna()]
    if len(scored):
        texts.append(_span("home", scored["scored_on"], [round(total) for total in scored["total"]], say))
    return [*texts, say("progress_no_trend")]


def _span(name: str, days: pd.Series, values: Sequence[int], say: Say) -> str:
    first, last = say.day(days.iloc[0]), say.day(days.iloc[-1])
    if len(values) == 1:
        return say(f"progress_{name}_once", day=last, value=values[-1], cutoff=BARC10_CUTOFF)
    return say(
        f"progress_{name}_span",
        count=len(values), first=first, before=values[0], last=last, value=values[-1], cutoff=BARC10_CUTOFF,
    )  # fmt: skip


def _groups(story: Story, say: Say) -> dict[str, list[Row]]:
    """Return every measure as a row, under the title of its group."""
    return {
        say("progress_capital"): _capital(story.capital, say),
        say("progress_engaged"): _engaged(story.engagement, say),
        say("progress_homes"): _homes(story.homes, say),
    }


def _capital(table: pd.DataFrame, say: Say) -> list[Row]:
    span = MOST_TOTAL - LEAST_TOTAL
    totals = _marks(table, "asked_on", "total", lambda value: 100 * (value - LEAST_TOTAL) / span)
    across = 100 * (BARC10_CUTOFF - LEAST_TOTAL) / span
    rows = [Row(say("progress_total"), totals, tall=True, across=across, lines=(tuple(range(len(totals))),))]
    rows += [
        Row(domain_name(domain, say), _marks(table, "asked_on", domain, low=lambda value: value <= LOW_ANSWER))
        for domain in DOMAINS
    ]
    return rows


def _engaged(table: pd.DataFrame, say: Say) -> list[Row]:
    rows = [Row(say(f"progress_{name}"), _marks(table, "asked_on", name)) for name in COUNTS]
    known = table[table["sponsor_or_mentor"].notna()]
    words = {True: say("progress_yes"), False: say("progress_no")}
    marks = zip(known["asked_on"], known["sponsor_or_mentor"], strict=True)
    return [*rows, Row(say("progress_sponsor"), tuple(Mark(day, words[bool(value)]) for day, value in marks))]


def _homes(table: pd.DataFrame, say: Say) -> list[Row]:
    scored = table[table["total"].notna()].reset_index(drop=True)
    where = list(zip(scored["region"], scored["lives_at"], strict=True))
    lines = tuple(tuple(stay) for _, stay in groupby(scored.index, where.__getitem__))
    totals = Row(say("progress_score"), _marks(scored, "scored_on", "total", lambda value: value), True, None, lines)
    parts = [
        Row(say(name), _marks(table, "scored_on", f"d_{name}", low=lambda value: value < LOW_DIMENSION))
        for name in DIMENSIONS
    ]
    return [totals, *parts]


def _marks(
    table: pd.DataFrame,
    day: str,
    name: str,
    height: Callable[[float], float] = lambda _: 50.0,
    low: Callable[[float], bool] = lambda _: False,
) -> tuple[Mark, ...]:
    known = table[table[name].notna()]
    return tuple(
        Mark(str(on), str(round(value)), height(float(value)), low(float(value)))
        for on, value in zip(known[day], known[name], strict=True)
    )


def domain_name(domain: str, say: Say) -> str:
    """Return a domain of the BARC-10 in words."""
    return say(f"domain_{BARC10_COLUMNS[domain]}")


def _drawing(story: Story, groups: Mapping[str, Sequence[Row]], say: Say) -> Markup:
    """Return the rows on one line of time."""
    days = [mark.day for rows in groups.values() for row in rows for mark in row.marks] + list(story.moves["on"])
    at = _line(days)
    moved = joined(html('<i class="rr-move" style="--x:{x}"></i>', x=at(day)) for day in story.moves["on"])
    letters = joined(
        html('<b class="rr-mark rr-letter" style="--x:{x};--y:50">{letter}</b>', x=at(day), letter=letter)
        for letter, day in zip(_letters(story.moves), story.moves["on"], strict=True)
    )
    pieces = []
    if len(story.moves):
        pieces.append(_lane(say("progress_moves"), letters, moved))
    for title, rows in groups.items():
        pieces.append(html('<p class="rr-time-group">{title}</p>', title=title))
        pieces += [_row(row, at, moved) for row in rows if row.marks]
    ticks = joined(
        html('<span class="rr-tick" style="--x:{x}">{text}</span>', x=at(day.isoformat()), text=text)
        for day, text in _ticks(days, say)
    )
    pieces.append(html('<div class="rr-time-row rr-axis"><span></span><div class="rr-lane">{t}</div></div>', t=ticks))
    return html('<div class="rr-time-plot" aria-hidden="true">{pieces}</div>', pieces=joined(pieces))


def _row(row: Row, at: Callable[[str], str], moved: Markup) -> Markup:
    across = (
        Markup("") if row.across is None else html('<i class="rr-across" style="--y:{y}"></i>', y=round(row.across))
    )
    lines = joined(
        html(
            '<i class="rr-through" style="clip-path:polygon({edge})"></i>', edge=_edge([row.marks[k] for k in line], at)
        )
        for line in row.lines
        if len(line) > 1
    )
    marks = joined(
        html(
            '<b class="rr-mark {low}" style="--x:{x};--y:{y}">{text}</b>',
            low="rr-low" if mark.low else "",
            x=at(mark.day),
            y=f"{mark.height:.1f}",
            text=mark.text,
        )
        for mark in row.marks
    )
    apart = _least_gap({at(mark.day) for mark in row.marks})
    near = "rr-closer" if apart < CLOSER else "rr-close" if apart < CLOSE else ""
    return _lane(row.name, across + lines + marks, moved, f"{'rr-tall' if row.tall else ''} {near}")


def _edge(marks: Sequence[Mark], at: Callable[[str], str]) -> str:
    """Return the outline of a line through marks, for CSS: a page's own markup may hold no SVG."""
    there = [f"{at(mark.day)}% calc({100 - mark.height:.1f}% - 1px)" for mark in marks]
    back = [f"{at(mark.day)}% calc({100 - mark.height:.1f}% + 1px)" for mark in reversed(marks)]
    return ", ".join([*there, *back])


def _lane(name: str, content: Markup, moved: Markup, kind: str = "") -> Markup:
    return html(
        '<div class="rr-time-row {kind}"><span>{name}</span><div class="rr-lane">{moved}{content}</div></div>',
        kind=kind,
        name=name,
        moved=moved,
        content=content,
    )


def _line(days: Sequence[str]) -> Callable[[str], str]:
    """Return what places a day on the line of time, as percent; a single day lies in its middle."""
    numbers = [datetime.date.fromisoformat(day).toordinal() for day in days]
    first, last = min(numbers), max(numbers)

    def at(day: str) -> str:
        if first == last:
            return "50.0"
        return f"{100 * (datetime.date.fromisoformat(day).toordinal() - first) / (last - first):.1f}"

    return at


def _least_gap(places: set[str]) -> float:
    gaps = np.diff(sorted(float(place) for place in places))
    return float(gaps.min()) if len(gaps) else 100.0


def _ticks(days: Sequence[str], say: Say) -> list[tuple[datetime.date, str]]:
    """Return the days that the line names: the only one, else the first of some months, else the first and the last."""
    first, last = (datetime.date.fromisoformat(day) for day in (min(days), max(days)))
    if first == last:
        return [(first, say.day(first))]
    months = [stamp.date() for stamp in pd.date_range(first, last, freq="MS")]
    if len(months) < 2:
        return [(first, say.habits.short_day(first)), (last, say.habits.short_day(last))]
    step = -(-len(months) // TICKS)
    return [(day, say.habits.month_of_year(day)) for day in months[::step]]


def _letters(moves: pd.DataFrame) -> list[str]:
    return [ascii_uppercase[number % len(ascii_uppercase)] for number in range(len(moves))]


def _key(story: Story, say: Say) -> Markup:
    """Return what the marks mean, and which move each letter stands for."""
    texts = []
    if len(story.capital):
        texts.append(("rr-across-key", "", say("progress_key_cutoff", cutoff=BARC10_CUTOFF)))
        texts.append(("rr-mark rr-low", "3", say("progress_key_low", most=LOW_ANSWER)))
    if len(story.homes):
        texts.append(("rr-mark rr-low", "40", say("progress_key_low_home", least=round(LOW_DIMENSION))))
    moves = zip(_letters(story.moves), story.moves["house"], story.moves["on"], strict=True)
    texts += [
        ("rr-mark rr-letter", letter, say("progress_key_move", house=plain(house), day=say.day(day)))
        for letter, house, day in moves
    ]
    rows = joined(
        html('<li><b class="{kind}" aria-hidden="true">{sign}</b>{text}</li>', kind=kind, sign=sign, text=text)
        for kind, sign, text in texts
    )
    return html('<ul class="rr-legend rr-time-key">{rows}</ul>', rows=rows) if texts else Markup("")


def _table(title: str, rows: Sequence[Row], say: Say) -> Markup:
    """Return a group's values: a row per measure, a column per day."""
    days = sorted({mark.day for row in rows for mark in row.marks})
    heads = joined(
        html('<th scope="col">{day}</th>', day=say.habits.short_day(datetime.date.fromisoformat(day))) for day in days
    )
    body = joined(
        html(
            '<tr><th scope="row">{name}</th>{cells}</tr>',
            name=row.name,
            cells=joined(
                html(
                    '<td class="rr-number">{text}</td>',
                    text=", ".join(m.text for m in row.marks if m.day == day) or "–",
                )
                for day in days
            ),
        )
        for row in rows
    )
    return html(
        '<div class="rr-table-box rr-scroll" tabindex="0" role="region" aria-label="{title}"><table>'
        '<caption>{title}</caption><thead><tr><th scope="col">{measure}</th>{heads}</tr></thead>'
        "<tbody>{body}</tbody></table></div>",
        title=title,
        measure=say("progress_measure"),
        heads=heads,
        body=body,
    )
