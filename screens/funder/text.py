"""The gaps of a surface as sentences and texts: the same on the page, in the picture and in the report."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from geo.equity.curves import share_at
from geo.equity.evenness import Evenness
from geo.tables import DIMENSIONS
from layers.escaping import plain
from screens.funder import questions
from screens.funder.questions import Answer, OwnAreas, Question, Surface
from screens.shared.reasons import class_name
from screens.shared.words import Say

EVEN = 0.01
"""A concentration index closer to 0 than this counts as leaning nowhere."""
KINDS = ("income", "pay", "poverty", "car", "insurance", "race", "age", "vulnerability")


def map_of(question: Question, say: Say) -> str:
    """Return what a map shows, for whom and when."""
    who = say(f"gap_by_{question.profile}").lower()
    if question.medication != "none":
        who = f"{who}, {say(f'gap_medication_{question.medication}').lower()}"
    return say("gap_map_of", what=questions.measure_name(question.measure, say), who=who, date=question.date)


def headline(answer: Answer, question: Question, say: Say) -> tuple[str, list[str], str]:
    """Return the title, the sentences below it, and who isn't counted (empty if everybody is)."""
    whole = answer.whole
    left = answer.share_not_counted
    small = say("gap_small", percent=percent(100 * left, say)) if left else ""
    if not whole["people"]:
        return say("gap_headline_nodata", people=count(whole["people_unscored"], say)), [], small
    sentences = [
        say("gap_counts", below=count(whole["people_below"], say), people=count(whole["people"], say)),
        say("gap_mean", mean=round(whole["mean"])),
    ]
    is_class = question.measure.startswith("class_")
    if not is_class and whole["dimension"]:
        name = class_name(whole["class_name"], say)
        one = question.measure == "total"
        sentences.append(
            say("gap_holds", dimension=say(whole["dimension"]), name=name)
            if one
            else say("gap_holds_dimension", name=name)
        )
    if is_class and whole["people_none"] > 0:
        sentences.append(say("gap_none", people=count(whole["people_none"], say)))
    if whole["people_unscored"] > 0:
        sentences.append(say("gap_unscored", people=count(whole["people_unscored"], say)))
    share = percent(whole["percent_below"], say)
    some = whole["people_below"] > 0
    title = (
        say("gap_headline", count=round(whole["percent_below"]), percent=share, below=question.threshold)
        if some
        else say("gap_headline_nobody", below=question.threshold)
    )
    return title, sentences, small


def nothing_known(surface: Surface, question: Question, say: Say) -> str:
    """Return why a surface has no number of what was asked; empty if it has any."""
    table = surface.table
    if table[question.measure].notna().any():
        return ""
    if question.measure != "total" or not table[list(DIMENSIONS)].notna().to_numpy().any():
        return say("gap_nodata", what=questions.measure_name(question.measure, say))
    lacking = [measure for measure in questions.measures(surface) if measure != "total" and table[measure].isna().all()]
    without = [measure for measure in lacking if measure in DIMENSIONS]
    classes = [m for m in lacking if m not in without and questions.dimension_of(m) not in without]
    return say("gap_no_total", what="; ".join(questions.measure_name(measure, say) for measure in (*without, *classes)))


def areas_caption(answer: Answer, question: Question, say: Say) -> str:
    """Return what stands above the table of areas."""
    return say("gap_areas_caption", count=count(len(answer.areas), say), below=question.threshold)


def holds_back(row: Mapping[str, Any], question: Question, say: Say) -> str:
    """Return what holds most people of an area back; nothing where nobody is below the threshold."""
    if not row["people_below"]:
        return ""
    parts = [say(row["dimension"])] if question.measure == "total" and row["dimension"] else []
    parts += [class_name(row["class_name"], say)] if row["class_name"] else []
    return ": ".join(parts)


def even(evenness: Evenness, say: Say) -> list[str]:
    """Return how evenly support is shared out, in sentences with their numbers."""
    sentences = [
        say("gap_gini", apart=say.habits.number(round(evenness.apart)), gini=say.habits.decimal(evenness.gini, 2)),
        say("gap_theil", percent=round(100 * evenness.between), theil=say.habits.decimal(evenness.theil, 3)),
    ]
    if evenness.ranked_by is None:
        return [*sentences, say("gap_ranked_none")]
    if evenness.palma is not None and np.isfinite(evenness.palma):
        sentences.append(say("gap_palma", ratio=say.habits.decimal(evenness.palma, 2)))
    if evenness.concentration is not None:
        leaning = "even" if abs(evenness.concentration) < EVEN else "poor" if evenness.concentration < 0 else "rich"
        sentences.append(say(f"gap_concentration_{leaning}", index=f"{evenness.concentration:+.3f}"))
    return [*sentences, say(f"gap_ranked_{evenness.ranked_by}")]


def curve_sentences(answer: Answer, say: Say) -> list[str]:
    """Return what the two curves say, in plain words; nothing of one that can't be drawn."""
    told = (("gap_lorenz_told", answer.lorenz), ("gap_curve_told", answer.concentration))
    return [say(key, share=half_of(curve)) for key, curve in told if curve is not None]


def half_of(curve: pd.DataFrame) -> str:
    """Return how many of a hundred parts the first half of people has."""
    return str(round(100 * float(share_at(curve, 0.5))))


def bands_sentence(answer: Answer, question: Question, say: Say) -> str:
    """Return between which two groups of a kind the share below the threshold differs most; empty without any."""
    told = answer.groups[answer.groups["percent_below"].notna()]
    if told.empty:
        return ""
    first, last = (
        told.loc[told.groupby("kind", sort=False)["percent_below"].agg(w)].set_index("kind")
        for w in ("idxmax", "idxmin")
    )
    apart = first["percent_below"] - last["percent_below"]
    if not apart.max() > 0:
        return say("gap_bands_alike", below=question.threshold)
    kind = apart.idxmax()
    most, least = first.loc[kind], last.loc[kind]
    return say(
        "gap_bands_told",
        kind=say(f"gap_kind_{kind}"),
        below=question.threshold,
        most=say(f"gap_group_{most['group']}"),
        high=percent(most["percent_below"], say),
        least=say(f"gap_group_{least['group']}"),
        low=percent(least["percent_below"], say),
    )


def own_notes(own: OwnAreas, say: Say) -> list[str]:
    """Return what was done with areas of a file that can't be used as they are."""
    return [
        say(f"gap_own_{code}", count=len(names), file=own.file, first=plain(names[0]))
        for code, names in own.notes.items()
    ]


def group_caption(answer: Answer, question: Question, say: Say) -> str:
    """Return what the table of groups tells, with the same number for everybody."""
    everybody = percent(answer.whole["percent_below"], say) if answer.whole else "–"
    return say("gap_group_caption", below=question.threshold, percent=everybody)


def size(row: Mapping[str, Any], say: Say) -> str:
    """Return how large a group is, or that it is too small to tell."""
    is_shown = not np.isnan(row["percent_below"])
    return say(f"gap_size_{row['of']}", size=count(row["size"], say)) if is_shown else say("gap_group_few")


def lacking(answer: Answer, say: Say) -> str:
    """Return of which kinds of groups the region publishes nothing; empty if of none."""
    missing = [say(f"gap_lack_{kind}") for kind in KINDS if not (answer.groups["kind"] == kind).any()]
    return say("gap_lacks", kinds=", ".join(missing)) if missing else ""


def no_number(*, no_data: bool) -> str:
    """Return the word for cells without a number: of the whole measure, or of these cells."""
    return "gap_step_nodata" if no_data else "gap_step_far"


def count(number: float, say: Say) -> str:
    """Return a number of people or areas, whole, as the reader writes it."""
    return say.habits.number(round(number))


def percent(share: float, say: Say) -> str:
    """Return a percentage as a whole number; a small one that isn't nothing as `under 1`."""
    if np.isnan(share):
        return "–"
    return say("gap_under_one") if 0 < share < 1 else str(round(share))
