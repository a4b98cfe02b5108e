"""The funder's page on paper: a picture of the map, and a report that holds what the page says, with its account."""

from collections.abc import Sequence

import numpy as np

from layers.basemap import Basemap
from layers.escaping import plain
from layers.legend import NO_NUMBER, NONE_IN_REACH, SHADES
from layers.pdf import Heading, Part, Picture, Report, Table, Text, pdf
from layers.printed_surface import Words, printed_surface
from screens.funder import gaps
from screens.funder import text as gap_words
from screens.funder.gaps import Answer, Question, Surface
from screens.funder.text import KINDS, count, percent
from screens.shared.words import Say
from sources.region.model import Region

PRINTED_AREAS = 38
About = Sequence[tuple[str, str]]


def picture(
    region: Region, land: Basemap, surface: Surface, answer: Answer, question: Question, about: About, say: Say,
    *, numbered: bool = False,
) -> bytes:  # fmt: skip
    """Return the map as a PNG, with the account below it; `numbered`: a table of the areas lies beside it."""
    there = set(np.unique(answer.shade).tolist())
    no_data = bool(surface.table[question.measure].isna().all())
    words = Words(
        title=f"{region.facts.title}: {gap_words.map_of(question, say)}",
        steps=[say("gap_step", low=20 * step, high=20 * (step + 1)) for step in range(SHADES)],
        none_in_reach=say("gap_step_none") if NONE_IN_REACH in there else "",
        no_number=say(gap_words.no_number(no_data=no_data)) if NO_NUMBER in there else "",
    )
    return printed_surface(land, surface.shapes, answer.shade, words, about, answer.numbered if numbered else None)


def report(
    region: Region, land: Basemap, surface: Surface, answer: Answer, question: Question, about: About, say: Say
) -> bytes:
    """Return the page as a PDF."""
    parts: list[Part] = []
    if answer.whole:
        title, sentences, small = gap_words.headline(answer, question, say)
        parts += [Heading(title), *(Text(text) for text in sentences), *([Text(small, muted=True)] if small else [])]
    name, title = about[0]
    drawn = picture(region, land, surface, answer, question, [(name, title)], say, numbered=True)
    parts.append(Picture(drawn, gap_words.map_of(question, say)))
    parts += [Heading(say("gap_areas")), Text(gap_words.areas_caption(answer, question, say), muted=True)]
    parts.append(_areas(answer, question, say))
    if len(answer.areas) > PRINTED_AREAS:
        parts.append(Text(say("gap_areas_more", count=PRINTED_AREAS), muted=True))
    parts += _who(answer, question, say)
    parts += [Heading(say("gap_method")), *(Text(f"{name}: {text}", muted=True) for name, text in about)]
    return pdf(
        Report(
            title=say("gap_title"),
            subtitle=f"{plain(region.facts.title)}: {gap_words.map_of(question, say)}",
            crisis=say("crisis"),
            page=say("paper_page"),
            language=say.language,
            date=question.date,
            parts=parts,
        )
    )


def _areas(answer: Answer, question: Question, say: Say) -> Table:
    heads = ("gap_area", "gap_left_out", "gap_share", "gap_average", "gap_holds_back")
    number = dict(zip(answer.numbered["area_id"], answer.numbered["label"], strict=True))
    rows = []
    for row in answer.areas.head(PRINTED_AREAS).to_dict("records"):
        name = gaps.area_name(str(row["area_id"]), question.level, say)
        near = f"\n{say('gap_near', place=row['near'])}" if row["near"] else ""
        if row["people"] > 0:
            people = say("gap_of_people", people=count(row["people"]))
            table_rows = (
                f"{count(row['people_below'])} {people}",
                f"{percent(row['percent_below'], say)} %",
                str(round(row["mean"])),
            )
        else:
            table_rows = (say("gap_not_scored"), "", "")
        rows.append(
            (number.get(row["area_id"], ""), f"{name}{near}", *table_rows, gap_words.holds_back(row, question, say))
        )
    return Table(("", *(say(head) for head in heads)), (0.6, 5, 4, 1.5, 1.7, 5), tuple(rows), strong=1)


def _who(answer: Answer, question: Question, say: Say) -> list[Part]:
    parts: list[Part] = [Heading(say("gap_who"))]
    if answer.evenness is not None:
        parts += [Text(text) for text in gap_words.even(answer.evenness, say)]
    if len(answer.groups):
        parts.append(Text(gap_words.group_caption(answer, question, say), muted=True))
    heads = (say("gap_group"), say("gap_group_below", below=question.threshold), say("gap_average"))
    for kind in KINDS:
        rows = [
            (
                "\n".join((say(f"gap_group_{row['group']}"), gap_words.size(row, say))),
                "" if np.isnan(row["percent_below"]) else f"{percent(row['percent_below'], say)} %",
                "" if np.isnan(row["mean"]) else str(round(row["mean"])),
            )
            for row in answer.groups[answer.groups["kind"] == kind].to_dict("records")
        ]
        if rows:
            parts.append(Table(heads, (6, 3, 2), tuple(rows), title=say(f"gap_kind_{kind}")))
    lacking = gap_words.lacking(answer, say)
    return [*parts, *([Text(lacking)] if lacking else [])]
