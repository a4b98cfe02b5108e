"""The report as a web page that needs no server: one file with its pictures inside, which asks nobody for anything."""

import base64
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from markupsafe import Markup

from layers.escaping import html, joined
from layers.export import About
from screens.funder import figures, pictures, report_rows
from screens.funder import text as gap_words
from screens.funder.questions import GapReport
from screens.funder.text import KINDS
from screens.shared import queries
from screens.shared.crisis import crisis_link
from screens.shared.words import Say

_PAGE = (
    '<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{title}: {region}</title>'
    '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">'
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:; '
    "style-src 'unsafe-inline'\"><style>{style}</style></head><body>{crisis}<header>{languages}<h1>{title}</h1>"
    '<p class="muted">{region}: {what}</p>{limit}</header><main>{body}</main><footer>{foot}</footer></body></html>'
)


def page(
    asked: GapReport,
    about: About,
    say: Say,
    languages: Mapping[str, str] | None = None,
    files: Sequence[tuple[str, str]] = (),
) -> str:
    """Return the page's HTML; `languages`: name → file of the same in others; `files`: name and file of each beside."""
    region, answer, question = asked.region, asked.answer, asked.question
    crisis = crisis_link(region.facts.country, say)
    limit = queries.ended(region, say, question.date)
    body = [_headline(asked, say), _map(asked, about, say), _areas(asked, say)]
    if answer.whole and answer.whole["people"] > 0:
        body += [_evenness(asked, say), _groups(asked, say)]
    body += [_files(files, say), _method(about, say), _sources(asked, say), _commands(asked, say)]
    return str(
        html(
            _PAGE,
            language=say.language,
            title=say("gap_title"),
            region=region.facts.title,
            style=Markup(_style()),  # noqa: S704  our own file
            crisis=html('<div class="crisis">{text}</div>', text=crisis) if crisis else Markup(""),
            languages=_links("languages", list((languages or {}).items())),
            what=gap_words.map_of(question, say),
            limit=html('<p class="limit">{limit}</p>', limit=limit) if limit else Markup(""),
            body=joined(body),
            foot=say("gap_method_3"),
        )
    )


@cache
def _style() -> str:
    return (Path(__file__).parent / "web.css").read_text("utf-8")


def _headline(asked: GapReport, say: Say) -> Markup:
    if not asked.answer.whole:
        return Markup("")
    title, sentences, small = gap_words.headline(asked.answer, asked.question, say)
    unknown = gap_words.nothing_known(asked.surface, asked.question, say)
    return html(
        '<p class="lead">{title}</p>{sentences}{small}',
        title=title,
        sentences=_paragraphs([unknown, *sentences] if unknown else sentences),
        small=_paragraphs([small] if small else [], "muted"),
    )


def _map(asked: GapReport, about: About, say: Say) -> Markup:
    drawn = pictures.map_picture(asked, about[:1], say, numbered=True)
    return _figure(drawn, gap_words.map_of(asked.question, say), "", "map")


def _areas(asked: GapReport, say: Say) -> Markup:
    notes = gap_words.own_notes(asked.own, say) if asked.own else []
    rows = figures.area_rows(asked, say)
    return html(
        "<h2>{title}</h2>{notes}{table}",
        title=say("gap_areas"),
        notes=_paragraphs(notes, "muted"),
        table=_table(
            report_rows.area_titles(say), rows, gap_words.areas_caption(asked.answer, asked.question, say), head=1
        ),
    )


def _evenness(asked: GapReport, say: Say) -> Markup:
    answer = asked.answer
    if answer.evenness is None:
        return Markup("")
    told = gap_words.curve_sentences(answer, say)
    drawn = pictures.curves(answer, say)
    return html(
        "<h2>{title}</h2>{even}{told}{curves}",
        title=say("gap_even"),
        even=_paragraphs(gap_words.even(answer.evenness, say)),
        told=_paragraphs(told),
        curves=_figure(drawn, " ".join(told), say("gap_curves_caption")) if drawn else Markup(""),
    )


def _groups(asked: GapReport, say: Say) -> Markup:
    answer, question = asked.answer, asked.question
    drawn = pictures.bands(answer, say)
    sentence = gap_words.bands_sentence(answer, question, say)
    tables = [
        _table(report_rows.group_titles(asked, say), rows, say(f"gap_kind_{kind}"))
        for kind in KINDS
        if (rows := figures.group_rows(answer, kind, say))
    ]
    lacking = gap_words.lacking(answer, say)
    return html(
        "<h2>{title}</h2>{told}{bars}{caption}{tables}{lacking}",
        title=say("gap_who"),
        told=_paragraphs([sentence] if sentence else []),
        bars=_figure(drawn, sentence, say("gap_bands_caption")) if drawn else Markup(""),
        caption=_paragraphs([gap_words.group_caption(answer, question, say)] if len(answer.groups) else [], "muted"),
        tables=joined(tables),
        lacking=_paragraphs([lacking] if lacking else []),
    )


def _files(files: Sequence[tuple[str, str]], say: Say) -> Markup:
    if not files:
        return Markup("")
    links = _links("files", files)
    return html("<h2>{title}</h2><p>{lead}</p>{links}", title=say("gap_downloads"), lead=say("gap_downloads_lead"),
                links=links)  # fmt: skip


def _method(about: About, say: Say) -> Markup:
    return html(
        "<h2>{title}</h2>{rows}",
        title=say("gap_method"),
        rows=_paragraphs(report_rows.method(about, say), "muted"),
    )


def _sources(asked: GapReport, say: Say) -> Markup:
    dates = asked.region.facts.service_dates
    told = [] if dates is None else [say("gap_timetable_dates", first=dates[0], last=dates[1])]
    return html(
        "<h2>{title}</h2>{told}{table}",
        title=say("gap_sources"),
        told=_paragraphs(told, "muted"),
        table=_table(report_rows.source_titles(say), report_rows.source_rows(asked, say)),
    )


def _commands(asked: GapReport, say: Say) -> Markup:
    rows = joined(
        html(
            '<tr><th scope="row">{label}</th><td>{value}</td><td><code>{command}</code></td></tr>',
            label=label,
            value=value,
            command=command,
        )
        for label, value, command in report_rows.command_rows(asked, say)
    )
    lead = [say("gap_commands_lead")] + ([say("gap_commands_own", file=asked.own.file)] if asked.own else [])
    return html(
        '<h2>{title}</h2>{lead}<div class="box" tabindex="0" role="region" aria-label="{title}"><table class="wide">'
        "<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>",
        title=say("gap_commands"),
        lead=_paragraphs(lead, "muted"),
        heads=_heads(report_rows.command_titles(say)),
        rows=rows,
    )


def _table(titles: Sequence[str], rows: figures.Rows, caption: str = "", head: int = 0) -> Markup:
    """Return a table whose column `head` names its rows; what follows a cell's first line is smaller."""
    body = joined(
        html(
            "<tr>{cells}</tr>",
            cells=joined(
                html('<th scope="row">{cell}</th>' if at == head else "<td>{cell}</td>", cell=_cell(cell))
                for at, cell in enumerate(row)
            ),
        )
        for row in rows
    )
    return html(
        '<div class="box" tabindex="0" role="region" aria-label="{label}"><table class="{kind}">{caption}'
        "<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>",
        label=caption or titles[0],
        kind="wide" if len(titles) > 3 else "",
        caption=html("<caption>{text}</caption>", text=caption) if caption else Markup(""),
        heads=_heads(titles),
        body=body,
    )


def _heads(titles: Sequence[str]) -> Markup:
    return joined(html('<th scope="col">{text}</th>' if text else "<td>{text}</td>", text=text) for text in titles)


def _cell(cell: str) -> Markup:
    first, *more = cell.split("\n")
    return joined([html("{text}", text=first), *(html("<small>{text}</small>", text=line) for line in more)])


def _figure(png: bytes, words: str, caption: str, kind: str = "") -> Markup:
    return html(
        '<figure class="{kind}" tabindex="0"><img alt="{words}" src="data:image/png;base64,{picture}">{caption}'
        "</figure>",
        kind=kind,
        words=words,
        picture=Markup(base64.b64encode(png).decode()),  # noqa: S704  letters, digits, + / =
        caption=html("<figcaption>{text}</figcaption>", text=caption) if caption else Markup(""),
    )


def _paragraphs(texts: Sequence[str], kind: str = "") -> Markup:
    return joined(html('<p class="{kind}">{text}</p>', kind=kind, text=text) for text in texts)


def _links(kind: str, links: Sequence[tuple[str, str]]) -> Markup:
    rows = joined(html('<li><a href="{file}">{name}</a></li>', name=name, file=file) for name, file in links)
    return html('<ul class="{kind}">{rows}</ul>', kind=kind, rows=rows) if links else Markup("")
