"""Every figure that a report prints, by its name: how it reads on paper, and the command that works it out again."""

import shlex
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.equity.curves import BAND_COLUMNS, BANDS, PERCENTS, share_at
from screens.funder import questions
from screens.funder import text as gap_words
from screens.funder.questions import OWN, Answer, GapReport
from screens.funder.text import KINDS, count, percent
from screens.shared.words import Say

Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Figure:
    """A number, or the rows of a table, as they are printed; `label` says what it is."""

    label: str
    value: str | Rows


def figures(asked: GapReport, say: Say) -> dict[str, Figure]:
    """Return all figures of a report by name, in the order in which they are printed; only those that are known."""
    answer = asked.answer
    told = {} if not answer.whole else _of_all(asked, say) | _evenness(answer, say)
    tables = {
        "areas": (say("gap_areas"), area_rows(asked, say)),
        "groups": (say("gap_who"), tuple(row for kind in KINDS for row in group_rows(answer, kind, say))),
        "bands": (say("gap_bands"), tuple(row for kind in KINDS for row in band_rows(answer, kind, say))),
        "spread": (say("gap_spread"), spread_rows(answer, say)),
        "lorenz": (say("gap_lorenz"), curve_rows(answer.lorenz, say)),
        "concentration": (say("gap_curve"), curve_rows(answer.concentration, say)),
    }
    numbers = {name: Figure(label, value) for name, (label, value) in told.items() if value}
    return numbers | {name: Figure(label, rows) for name, (label, rows) in tables.items() if rows}


def command(asked: GapReport, name: str, say: Say) -> str:
    """Return the command that works a figure out again, as it is typed in a shell, in the folder of a file of areas."""
    return shlex.join([*_words(asked, say), "--figure", name])


def map_command(asked: GapReport, say: Say) -> str:
    """Return the command that draws the map again."""
    return shlex.join([*_words(asked, say), "--out", "map.png"])


def _words(asked: GapReport, say: Say) -> list[str]:
    question = asked.question
    areas = asked.own.file if asked.own is not None else question.level
    words = ["recovery-reach", "report", asked.region.facts.name, "--profile", question.profile]
    words += ["--medication", question.medication] if question.medication != "none" else []
    words += ["--date", str(question.date), "--measure", question.measure.removeprefix("class_")]
    words += ["--threshold", str(question.threshold), "--areas", areas]
    return words + (["--language", say.language] if say.language != "en" else [])


def _of_all(asked: GapReport, say: Say) -> dict[str, tuple[str, str]]:
    whole, answer = asked.answer.whole, asked.answer
    below = asked.question.threshold
    left = answer.share_not_counted
    known = whole["people"] > 0
    return {
        "people": (say("gap_figure_people"), count(whole["people"], say)),
        "people_below": (say("gap_figure_below", below=below), count(whole["people_below"], say) if known else ""),
        "percent_below": (
            say("gap_figure_percent", below=below),
            percent(whole["percent_below"], say) if known else "",
        ),
        "mean": (say("gap_average"), str(round(whole["mean"])) if known else ""),
        "people_none": (say("gap_figure_none"), count(whole["people_none"], say) if whole["people_none"] else ""),
        "people_unscored": (
            say("gap_figure_unscored"),
            count(whole["people_unscored"], say) if whole["people_unscored"] else "",
        ),
        "in_no_area": (
            say("gap_figure_in_no_area"),
            count(answer.in_no_area, say) if asked.question.level == OWN else "",
        ),
        "percent_not_counted": (say("gap_figure_not_counted"), percent(100 * left, say) if left else ""),
    }


def _evenness(answer: Answer, say: Say) -> dict[str, tuple[str, str]]:
    even = answer.evenness
    if even is None:
        return {}
    told = {
        "gini": (say("gap_figure_gini"), say.habits.decimal(even.gini, 2)),
        "apart": (say("gap_figure_apart"), say.habits.number(round(even.apart))),
        "theil": (say("gap_figure_theil"), say.habits.decimal(even.theil, 3)),
        "theil_between": (say("gap_figure_between"), str(round(100 * even.between))),
        "palma": (
            say("gap_figure_palma"),
            say.habits.decimal(even.palma, 2) if even.palma is not None and np.isfinite(even.palma) else "",
        ),
        "concentration_index": (
            say("gap_figure_concentration"),
            "" if even.concentration is None else f"{even.concentration:+.3f}",
        ),
    }
    for name, curve in (("lorenz_half", answer.lorenz), ("concentration_half", answer.concentration)):
        told[name] = (say(f"gap_figure_{name}"), "" if curve is None else gap_words.half_of(curve))
    return told


def area_rows(asked: GapReport, say: Say) -> Rows:
    """Return the areas as they are printed: number on the map, name, people below, share, mean, what holds back."""
    answer, question = asked.answer, asked.question
    number = dict(zip(answer.numbered["area_id"], answer.numbered["label"], strict=True))
    rows = []
    for row in answer.areas.to_dict("records"):
        name = questions.area_name(str(row["area_id"]), question.level, say)
        near = f"\n{say('gap_near', place=row['near'])}" if row["near"] else ""
        told = (say("gap_not_scored"), "", "")
        if row["people"] > 0:
            told = (
                f"{count(row['people_below'], say)} {say('gap_of_people', people=count(row['people'], say))}",
                f"{percent(row['percent_below'], say)} %",
                str(round(row["mean"])),
            )
        holds = gap_words.holds_back(row, question, say)
        rows.append((number.get(row["area_id"], ""), f"{name}{near}", *told, holds))
    return tuple(rows)


def group_rows(answer: Answer, kind: str, say: Say) -> Rows:
    """Return the groups of a kind as they are printed: name and size, percent below, mean."""
    return tuple(
        (
            "\n".join((say(f"gap_group_{row['group']}"), gap_words.size(row, say))),
            "" if np.isnan(row["percent_below"]) else f"{percent(row['percent_below'], say)} %",
            "" if np.isnan(row["mean"]) else str(round(row["mean"])),
        )
        for row in answer.groups[answer.groups["kind"] == kind].to_dict("records")
    )


def band_rows(answer: Answer, kind: str, say: Say) -> Rows:
    """Return how many of a hundred of each group of a kind live in each band; groups that are too small have none."""
    if answer.bands.empty:
        return ()
    rows = answer.bands[(answer.bands["kind"] == kind) & answer.bands[BAND_COLUMNS[0]].notna()]
    return tuple(
        (say(f"gap_group_{row['group']}"), *(str(round(row[band])) for band in BAND_COLUMNS))
        for row in rows.to_dict("records")
    )


def band_titles(say: Say) -> tuple[str, ...]:
    """Return what the bands are called: `0 to 20` and so on."""
    return tuple(say("gap_step", low=low, high=low + BANDS[1]) for low in BANDS[:-1])


def spread_rows(answer: Answer, say: Say) -> Rows:
    """Return how many people have how much, in steps of ten points."""
    return tuple(
        (say("gap_step", low=row.low, high=row.high), count(row.people, say))
        for row in answer.spread.itertuples(index=False)
    )


def curve_rows(curve: pd.DataFrame | None, say: Say) -> Rows:
    """Return a curve as it is drawn: percent of people, percent of what all have; at each twentieth of people."""
    if curve is None:
        return ()
    shares = share_at(curve, np.array(PERCENTS) / 100.0)
    texts = [say.habits.number(round(100 * share, 1)) for share in shares.tolist()]
    return tuple((str(at), text) for at, text in zip(PERCENTS, texts, strict=True))
