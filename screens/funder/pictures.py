"""Pictures of a report, each made without a browser: the map, a slide, the curves, and groups by bands."""

import numpy as np
import pandas as pd

from geo.equity.curves import PERCENTS, share_at
from layers.equity_pictures import Bars, Curve, bars_picture, curves_picture
from layers.escaping import plain
from layers.export import About
from layers.legend import NO_NUMBER, NONE_IN_REACH, SHADES
from layers.printed_surface import Words, printed_surface
from layers.surface_slide import Slide, slide
from screens.funder import figures, questions
from screens.funder import text as gap_words
from screens.funder.questions import Answer, GapReport, Question, Surface
from screens.funder.text import KINDS, count, percent
from screens.shared.credits import named
from screens.shared.near_text import sentence
from screens.shared.words import Say

SLIDE_AREAS = 4


def map_picture(asked: GapReport, about: About, say: Say, *, numbered: bool = False) -> bytes:
    """Return the map as a PNG, with the account below it; `numbered`: a table of the areas lies beside it."""
    region, surface, answer, question = asked.region, asked.surface, asked.answer, asked.question
    there = set(np.unique(answer.shade).tolist())
    no_data = bool(surface.table[question.measure].isna().all())
    words = Words(
        title=f"{region.facts.title}: {gap_words.map_of(question, say)}",
        steps=[say("gap_step", low=20 * step, high=20 * (step + 1)) for step in range(SHADES)],
        none_in_reach=say("gap_step_none") if NONE_IN_REACH in there else "",
        no_number=say(gap_words.no_number(no_data=no_data)) if NO_NUMBER in there else "",
    )
    return printed_surface(
        asked.land, surface.shapes, answer.shade, words, about, answer.numbered if numbered else None
    )


def slide_picture(asked: GapReport, about: About, say: Say) -> bytes:
    """Return the page's answer as a slide, for people who see it once and from afar."""
    region, surface, answer, question = asked.region, asked.surface, asked.answer, asked.question
    there = set(np.unique(answer.shade).tolist())
    no_data = bool(surface.table[question.measure].isna().all())
    whole = answer.whole
    counted = bool(whole) and whole["people"] > 0
    sources = ", ".join(dict.fromkeys(named(source["title"], say) for source in region.facts.sources))
    made = say.day(surface.about["made_on"])
    fictional = f"{say('fictional')} " if region.facts.fictional else ""
    words = Slide(
        title=f"{say('gap_title')}: {plain(region.facts.title)}",
        subtitle=gap_words.map_of(question, say),
        figure=share_of_people(whole["percent_below"], say) if counted and whole["people_below"] > 0 else "",
        caption=slide_caption(surface, answer, question, say),
        legend=say("gap_slide_legend"),
        steps=[say("gap_step", low=20 * step, high=20 * (step + 1)) for step in range(SHADES)],
        none_in_reach=say("gap_step_none") if NONE_IN_REACH in there else "",
        no_number=say(gap_words.no_number(no_data=no_data)) if NO_NUMBER in there else "",
        areas=say("gap_areas"),
        listed=slide_areas(answer, question, say),
        foot=f"{fictional}{say('gap_slide_foot', date=question.date, made=made, sources=sources)}",
    )
    return slide(asked.land, surface.shapes, answer.shade, words, _on_slide(answer), about)


def slide_caption(surface: Surface, answer: Answer, question: Question, say: Say) -> str:
    """Return what stands below the slide's number, or why it has none."""
    whole = answer.whole
    if whole and whole["people"] > 0:
        return say("gap_slide_told", below=question.threshold, people=count(whole["people_below"], say))
    texts = [
        gap_words.headline(answer, question, say)[0] if whole else "",
        gap_words.nothing_known(surface, question, say),
    ]
    return " ".join(sentence(text) for text in texts if text)


def slide_areas(answer: Answer, question: Question, say: Say) -> list[tuple[str, str, str, str]]:
    """Return the areas that are listed on the slide: the number that each has on its map, its name, and two lines."""
    numbers = dict(zip(*(_on_slide(answer)[name] for name in ("area_id", "label")), strict=True))
    rows = answer.areas[answer.areas["area_id"].isin(list(numbers))]
    return [
        (
            numbers[row["area_id"]],
            questions.area_name(str(row["area_id"]), question.level, say),
            say(
                "gap_slide_area",
                people=count(row["people_below"], say),
                percent=share_of_people(row["percent_below"], say),
            ),
            gap_words.holds_back(row, question, say),
        )
        for row in rows.to_dict("records")
    ]


def share_of_people(share: float, say: Say) -> str:
    """Return a percentage as the slide has it, the same whole number as the page; a small one as `under 1%`."""
    if 0 < share < 1:
        return say.habits.percent(0.01).replace("1", percent(share, say), 1)
    return say.habits.percent(round(share) / 100)


def _on_slide(answer: Answer) -> pd.DataFrame:
    """Return the numbered areas that there is room for beside the map, in the order of the table."""
    first = answer.areas.loc[answer.areas["area_id"].isin(answer.numbered["area_id"]), "area_id"].head(SLIDE_AREAS)
    return answer.numbered[answer.numbered["area_id"].isin(first)]


def curves(answer: Answer, say: Say) -> bytes | None:
    """Return a picture of the curves, at the points that are published; None where there is none."""
    ranked = "" if answer.evenness is None else answer.evenness.ranked_by or ""
    across = {"lorenz": say("gap_lorenz_people"), "curve": say(f"gap_curve_people_{ranked}") if ranked else ""}
    drawn = []
    for name, curve in (("lorenz", answer.lorenz), ("curve", answer.concentration)):
        if curve is not None:
            at = np.array(PERCENTS) / 100.0
            points = pd.DataFrame({"people": at, "access": share_at(curve, at)})
            drawn.append(Curve(say(f"gap_{name}"), across[name], say("gap_curve_access"), points))
    return curves_picture(drawn, say("gap_curve_diagonal")) if drawn else None


def bands(answer: Answer, say: Say) -> bytes | None:
    """Return a picture of each group's people by bands of twenty points; None where no group is large enough."""
    kinds = [
        Bars(say(f"gap_kind_{kind}"), [(name, [float(text) for text in texts]) for name, *texts in rows])
        for kind in KINDS
        if (rows := figures.band_rows(answer, kind, say))
    ]
    return bars_picture(kinds, figures.band_titles(say)) if kinds else None
