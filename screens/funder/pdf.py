"""The report as a PDF: what the page says and more, with its sources and the command of each figure."""

from layers.escaping import plain
from layers.export import About
from layers.pdf import Heading, Page, Part, Picture, Report, Table, Text, pdf
from screens.funder import figures, pictures, report_rows
from screens.funder import text as gap_words
from screens.funder.questions import GapReport
from screens.funder.text import KINDS
from screens.shared import queries
from screens.shared.crisis import crisis_in_words
from screens.shared.words import Say

PRINTED_AREAS = 38


def report(asked: GapReport, about: About, say: Say) -> bytes:
    """Return the page as a PDF, with its curves, its sources, and the command that works each figure out again."""
    region, answer, question = asked.region, asked.answer, asked.question
    parts: list[Part] = []
    if answer.whole:
        title, sentences, small = gap_words.headline(answer, question, say)
        unknown = gap_words.nothing_known(asked.surface, question, say)
        sentences = [unknown, *sentences] if unknown else sentences
        parts += [Heading(title), *(Text(text) for text in sentences), *([Text(small, muted=True)] if small else [])]
    name, title = about[0]
    drawn = pictures.map_picture(asked, [(name, title)], say, numbered=True)
    parts.append(Picture(drawn, gap_words.map_of(question, say)))
    parts += [Heading(say("gap_areas")), Text(gap_words.areas_caption(answer, question, say), muted=True)]
    parts += [Text(text, muted=True) for text in (gap_words.own_notes(asked.own, say) if asked.own else [])]
    parts.append(_areas(asked, say))
    if len(answer.areas) > PRINTED_AREAS:
        parts.append(Text(say("gap_areas_more", count=PRINTED_AREAS), muted=True))
    parts += _who(asked, say) if answer.whole and answer.whole["people"] > 0 else []
    parts += [Heading(say("gap_method")), *(Text(text, muted=True) for text in report_rows.method(about, say))]
    parts += [*_sources(asked, say), *_commands(asked, say)]
    return pdf(
        Report(
            title=say("gap_title"),
            subtitle=f"{plain(region.facts.title)}: {gap_words.map_of(question, say)}",
            crisis=crisis_in_words(region.facts.country, say),
            page=say("paper_page"),
            language=say.language,
            date=question.date,
            parts=parts,
            limit=queries.ended(region, say, question.date),
        )
    )


def _areas(asked: GapReport, say: Say) -> Table:
    rows = figures.area_rows(asked, say)[:PRINTED_AREAS]
    return Table(report_rows.area_titles(say), (0.6, 5, 4, 1.5, 1.7, 5), rows, strong=1)


def _who(asked: GapReport, say: Say) -> list[Part]:
    answer, question = asked.answer, asked.question
    parts: list[Part] = [Heading(say("gap_even"))] if answer.evenness is not None else []
    if answer.evenness is not None:
        parts += [Text(text) for text in gap_words.even(answer.evenness, say)]
    if (drawn := pictures.curves(answer, say)) is not None:
        told = gap_words.curve_sentences(answer, say)
        parts += [*(Text(text) for text in told), Picture(drawn, say("gap_curves_caption"))]
    if (bars := pictures.bands(answer, say)) is None:
        parts.append(Heading(say("gap_who")))
    else:
        sentence = gap_words.bands_sentence(answer, question, say)
        parts.append(Page([Heading(say("gap_who")), Text(sentence), Picture(bars, say("gap_bands_caption"))]))
    if len(answer.groups):
        parts.append(Text(gap_words.group_caption(answer, question, say), muted=True))
    for kind in KINDS:
        if rows := figures.group_rows(answer, kind, say):
            parts.append(Table(report_rows.group_titles(asked, say), (6, 3, 2), rows, title=say(f"gap_kind_{kind}")))
    lacking = gap_words.lacking(answer, say)
    return [*parts, *([Text(lacking)] if lacking else [])]


def _sources(asked: GapReport, say: Say) -> list[Part]:
    dates = asked.region.facts.service_dates
    told = [] if dates is None else [Text(say("gap_timetable_dates", first=dates[0], last=dates[1]), muted=True)]
    table = Table(report_rows.source_titles(say), (5, 5, 4, 4), report_rows.source_rows(asked, say))
    return [Heading(say("gap_sources")), *told, table]


def _commands(asked: GapReport, say: Say) -> list[Part]:
    lead = [Text(say("gap_commands_lead"), muted=True)]
    if asked.own is not None:
        lead.append(Text(say("gap_commands_own", file=asked.own.file), muted=True))
    return [
        Heading(say("gap_commands")),
        *lead,
        Table(report_rows.command_titles(say), (4, 2, 9), report_rows.command_rows(asked, say)),
    ]
