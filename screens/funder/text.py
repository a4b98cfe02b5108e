"""The gaps of a surface as sentences and texts: the same on the page, in the picture and in the report."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from geo.equity.evenness import Evenness
from geo.tables import DIMENSIONS
from screens.funder import gaps
from screens.funder.gaps import Answer, Question, Surface
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
    return say("gap_map_of", what=gaps.measure_name(question.measure, say), who=who, date=question.date)


def headline(answer: Answer, question: Question, say: Say) -> tuple[str, list[str], str]:
    """Return the title, the sentences below it, and who isn't counted (empty if everybody is)."""
    whole = answer.whole
    left = answer.share_not_counted
    small = say("gap_small", percent=percent(100 * left, say)) if left else ""
    if not whole["people"]:
        return say("gap_headline_nodata", people=count(whole["people_unscored"])), [], small
    sentences = [
        say("gap_counts", below=count(whole["people_below"]), people=count(whole["people"])),
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
        sentences.append(say("gap_none", people=count(whole["people_none"])))
    if whole["people_unscored"] > 0:
        sentences.append(say("gap_unscored", people=count(whole["people_unscored"])))
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
        return say("gap_nodata", what=gaps.measure_name(question.measure, say))
    lacking = [measure for measure in gaps.measures(surface) if measure != "total" and table[measure].isna().all()]
    without = [measure for measure in lacking if measure in DIMENSIONS]
    classes = [m for m in lacking if m not in without and gaps.dimension_of(m) not in without]
    return say("gap_no_total", what="; ".join(gaps.measure_name(measure, say) for measure in (*without, *classes)))


def areas_caption(answer: Answer, question: Question, say: Say) -> str:
    """Return what stands above the table of areas."""
    return say("gap_areas_caption", count=count(len(answer.areas)), below=question.threshold)


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
        say("gap_gini", apart=f"{evenness.apart:.0f}", gini=f"{evenness.gini:.2f}"),
        say("gap_theil", percent=round(100 * evenness.between), theil=f"{evenness.theil:.3f}"),
    ]
    if evenness.ranked_by is None:
        return [*sentences, say("gap_ranked_none")]
    if evenness.palma is not None and np.isfinite(evenness.palma):
        sentences.append(say("gap_palma", ratio=f"{evenness.palma:.2f}"))
    if evenness.concentration is not None:
        leaning = "even" if abs(evenness.concentration) < EVEN else "poor" if evenness.concentration < 0 else "rich"
        sentences.append(say(f"gap_concentration_{leaning}", index=f"{evenness.concentration:+.3f}"))
    return [*sentences, say(f"gap_ranked_{evenness.ranked_by}")]


def group_caption(answer: Answer, question: Question, say: Say) -> str:
    """Return what the table of groups tells, with the same number for everybody."""
    everybody = percent(answer.whole["percent_below"], say) if answer.whole else "–"
    return say("gap_group_caption", below=question.threshold, percent=everybody)


def size(row: Mapping[str, Any], say: Say) -> str:
    """Return how large a group is, or that it is too small to tell."""
    is_shown = not np.isnan(row["percent_below"])
    return say(f"gap_size_{row['of']}", size=count(row["size"])) if is_shown else say("gap_group_few")


def lacking(answer: Answer, say: Say) -> str:
    """Return of which kinds of groups the region publishes nothing; empty if of none."""
    missing = [say(f"gap_lack_{kind}") for kind in KINDS if not (answer.groups["kind"] == kind).any()]
    return say("gap_lacks", kinds=", ".join(missing)) if missing else ""


def no_number(*, no_data: bool) -> str:
    """Return the word for cells without a number: of the whole measure, or of these cells."""
    return "gap_step_nodata" if no_data else "gap_step_far"


def count(number: float) -> str:
    """Return a whole number with thousands set apart."""
    return f"{round(number):,}"


def percent(share: float, say: Say) -> str:
    """Return a percentage as a whole number; a small one that isn't nothing as `under 1`."""
    if np.isnan(share):
        return "–"
    return say("gap_under_one") if 0 < share < 1 else str(round(share))
