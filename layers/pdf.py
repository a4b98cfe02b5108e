"""A PDF of a few pages: headings, sentences, tables and a picture, with feed text shown as text.

The fonts are embedded, so that names print as they are written; letters they lack become the replacement character.
The same report gives the same bytes.
"""

import datetime
import io
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from layers.fonts import font_files, is_shaped, printable

if TYPE_CHECKING:
    from fpdf import FPDF
    from fpdf.fonts import CoreFont, TTFFont

    Fonts = dict[str, CoreFont | TTFFont]

INK, MUTED, LINE, SOFT = (31, 45, 49), (77, 93, 99), (200, 200, 192), (240, 238, 231)
BRAND, CRISIS = (21, 94, 102), (156, 47, 31)
FONT = "DejaVu"
MARGIN = 15.0
"""Millimeters around a page."""
_LETTERS_HIGH = 2.8
"""Millimeters of letters of 8 points: what a line is higher, stands below each row of a table too."""
_BELOW_ROW = 0.6
"""Millimeters below the line under a row, at scale 1."""
NARROWEST, CAPTION_HEIGHT = 0.7, 10.0
"""The share of the width that a picture keeps at least, and the millimeters kept free below it."""


@dataclass(frozen=True)
class Heading:
    """A title of a part; it never stands alone at the foot of a page."""

    text: str


@dataclass(frozen=True)
class Text:
    """Sentences in a paragraph of their own."""

    text: str
    muted: bool = False


@dataclass(frozen=True)
class Picture:
    """A PNG as wide as the page, with words for those who don't see it."""

    png: bytes
    caption: str


@dataclass(frozen=True)
class Table:
    """Rows under titles. `widths` are shares of the page, `title` a line above (a day).

    Of the column `strong` (or of several) the first line of a cell is bold; a line feed begins the next. `title_size`
    is in points. Without any titles there is no band for them. `line_height`: millimeters a line, at scale 1.
    """

    titles: tuple[str, ...]
    widths: tuple[float, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""
    strong: int | tuple[int, ...] = 0
    title_size: float = 7.5
    line_height: float = 3.8


@dataclass(frozen=True)
class Page:
    """Parts that begin on a page of their own, with all letters as large as `scale` says; see `fullest_on_one_page`."""

    parts: Sequence["Part"]
    scale: float = 1.0


Part = Heading | Text | Picture | Table | Page


@dataclass(frozen=True)
class Report:
    """A printed report: all in words already.

    `page` is the word before a page's number, empty for pages without one; `crisis` stands on each page, unless it is
    empty. `limit`, if there is one, stands below the title: what holds for every figure. `least_points`: what stands
    outside of a scaled `Page`, at the top and foot of each page, isn't smaller. `margin` is in millimeters.
    `letters_width`: how wide letters below the crisis line are, in percent of their usual width; their height stays.
    """

    title: str
    subtitle: str
    crisis: str
    page: str
    language: str
    date: datetime.date
    parts: Sequence[Part]
    limit: str = ""
    least_points: float = 0.0
    margin: float = MARGIN
    letters_width: int = 100


PageCount = Callable[[Report], int]


def pdf(report: Report) -> bytes:
    """Return the report as a PDF of US letter pages."""
    document = _printed(report)
    content = bytes(document.output())
    _close(document)
    return content


def fullest_on_one_page(report: Report, forms: Sequence[Page], count: PageCount) -> int:
    """Return which of several forms of a page is the fullest that fits on one page behind a report's parts.

    Parameters
    ----------
    forms
        The same page, each form shorter than the one before; the last must fit whatever it holds.
    count
        Of `counting_pages`.
    """
    before = count(report) if report.parts else 0

    def fits(form: Page) -> bool:
        return count(replace(report, parts=[*report.parts, form])) <= before + 1

    return min(bisect_left(forms, True, key=fits), len(forms) - 1)


@contextmanager
def counting_pages() -> Iterator[PageCount]:
    """Give what returns how many pages a report takes; fonts are read once, and rows of tables measured, not drawn."""
    from fpdf import FPDF

    document = FPDF()
    _add_fonts(document)

    def count(report: Report) -> int:
        return int(_printed(report, document.fonts).page_no())

    try:
        yield count
    finally:
        _close(document)


def _close(document: "FPDF") -> None:
    """Close the files of the fonts, which fpdf2 leaves open."""
    from fpdf.fonts import TTFFont

    for font in document.fonts.values():
        if isinstance(font, TTFFont):
            font.close()


def _printed(report: Report, fonts: "Fonts | None" = None) -> "FPDF":
    """Return the report's document; with fonts of another one, it is only as long as it would be."""
    document = _document(report, fonts)
    is_drawn = fonts is None
    document.add_page()
    document.set_text_color(*BRAND)
    _line(document, report.title, max(20, 1.3 * report.least_points), bold=True)
    document.set_text_color(*MUTED)
    _line(document, report.subtitle, max(10, report.least_points))
    document.ln(2)
    if report.limit:
        document.set_text_color(*CRISIS)
        _line(document, report.limit, max(9.5, report.least_points), bold=True)
        document.ln(2)
    for number, part in enumerate(report.parts):
        if isinstance(part, Page) and number:
            document.add_page()
        for one in part.parts if isinstance(part, Page) else (part,):
            _part(document, one, part.scale if isinstance(part, Page) else 1.0, is_drawn)
    return document


def _part(document: "FPDF", part: Part, scale: float, is_drawn: bool) -> None:
    if isinstance(part, Heading):
        _heading(document, part)
    elif isinstance(part, Text):
        document.set_text_color(*(MUTED if part.muted else INK))
        _line(document, part.text, scale * (8 if part.muted else 9.5))
        document.ln(1)
    elif isinstance(part, Picture):
        _picture(document, part)
        document.ln(1)
        document.set_text_color(*MUTED)
        _line(document, part.caption, scale * 8)
    elif isinstance(part, Table):
        _table(document, part, scale, is_drawn)


def _picture(document: "FPDF", part: Picture) -> None:
    """Print a picture as wide as the page, or somewhat narrower where it then fits on what is left of it."""
    from PIL import Image

    across, down = Image.open(io.BytesIO(part.png)).size
    left = document.h - document.b_margin - document.get_y() - CAPTION_HEIGHT
    wide = left * across / down
    wide = wide if NARROWEST * document.epw <= wide < document.epw else document.epw
    x = document.l_margin + (document.epw - wide) / 2
    document.image(io.BytesIO(part.png), x=x, w=wide, alt_text=printable(part.caption))


def _document(report: Report, fonts: "Fonts | None") -> "FPDF":
    from fpdf import FPDF

    class Document(FPDF):
        def header(self) -> None:
            """Print the crisis line on top of every page."""
            self.set_fill_color(*CRISIS)
            self.set_text_color(255, 255, 255)
            size = max(11.0, report.least_points)
            self.set_stretching(100)
            self.set_font(FONT, "B", size)
            if report.crisis:
                text = printable(report.crisis)
                high = size * (9 / 11 if self.get_string_width(text) < self.epw - 2 * self.c_margin else 0.6)
                self.multi_cell(self.epw, high, text, align="C", fill=True, new_x="LMARGIN", new_y="NEXT")
                self.ln(4)
            self.set_stretching(report.letters_width)

        def footer(self) -> None:
            """Print the page's number below, where pages have one."""
            if not report.page:
                return
            self.set_y(-12)
            self.set_font(FONT, "", max(8, report.least_points))
            self.set_text_color(*MUTED)
            self.cell(self.epw, 5, printable(f"{report.page} {self.page_no()}"), align="R")

    document = Document(format="letter")
    document.str_alias_nb_pages = ""  # a feed's "{nb}" is text
    document.set_margin(report.margin)
    document.set_auto_page_break(auto=True, margin=16 if report.page else report.margin)
    if fonts is None:
        _add_fonts(document)
    else:
        document.fonts.update(fonts)
    document.set_title(printable(report.title))
    document.set_lang(report.language)
    document.set_creation_date(datetime.datetime.combine(report.date, datetime.time(), tzinfo=datetime.UTC))
    return document


def _add_fonts(document: "FPDF") -> None:
    for style, path in zip(("", "B"), font_files(), strict=True):
        document.add_font(FONT, style, path)


def _line(document: "FPDF", text: str, size: float, *, bold: bool = False) -> None:
    shown = printable(text)
    document.set_font(FONT, "B" if bold else "", size)
    document.set_text_shaping(is_shaped(shown))
    document.multi_cell(document.epw, size * 0.5, shown, align="L", new_x="LMARGIN", new_y="NEXT")


def _heading(document: "FPDF", part: Heading) -> None:
    if document.will_page_break(30):
        document.add_page()
    document.ln(3)
    document.set_text_color(*BRAND)
    _line(document, part.text, 13, bold=True)
    document.ln(1)


def _table(document: "FPDF", table: Table, scale: float, is_drawn: bool) -> None:
    """Print a table; its titles come again on every page."""
    widths = [document.epw * share / sum(table.widths) for share in table.widths]
    strong = (table.strong,) if isinstance(table.strong, int) else table.strong
    if not table.rows:
        _titles(document, table, widths, scale)
    for number, row in enumerate(table.rows):
        shown = [[printable(line) for line in cell.split("\n")] for cell in row]
        bold = [column in strong for column in range(len(row))]
        height = max(
            _cell(document, lines, w, b, scale, table.line_height)
            for lines, w, b in zip(shown, widths, bold, strict=True)
        )
        height += scale * (table.line_height - _LETTERS_HIGH)
        if number == 0:
            if document.will_page_break(max(22, height + _titles_height(table, scale))):
                document.add_page()
            _titles(document, table, widths, scale)
        elif document.will_page_break(height):
            document.add_page()
            _titles(document, table, widths, scale)
        if is_drawn or document.will_page_break(height):  # one that is higher than a page breaks within
            _row(document, shown, widths, bold, height, scale, table.line_height)
        else:
            document.set_xy(document.get_x(), document.get_y() + height + _BELOW_ROW * scale)
    document.ln(2)


def _titles_height(table: Table, scale: float) -> float:
    """Return about how high a table's title and its columns' are, in millimeters."""
    return (1 + scale * 5) * bool(table.title) + (1.5 + 0.5 * scale * table.title_size) * any(table.titles)


def _titles(document: "FPDF", table: Table, widths: Sequence[float], scale: float) -> None:
    if table.title:
        document.ln(1)
        document.set_text_color(*INK)
        _line(document, table.title, scale * 10, bold=True)
    if not any(table.titles):
        return
    document.set_fill_color(*SOFT)
    document.set_text_color(*MUTED)
    size = scale * table.title_size
    document.set_font(FONT, "B", size)
    texts, lines = [printable(title) for title in table.titles], 0.5 * size
    high = max(_title(document, text, width, lines) for text, width in zip(texts, widths, strict=True))
    left, top = document.get_x(), document.get_y()
    document.rect(left, top, sum(widths), high + 0.5, style="F")
    for number, (text, width) in enumerate(zip(texts, widths, strict=True)):
        document.set_xy(left + sum(widths[:number]), top)
        _title(document, text, width, lines, draw=True)
    document.set_xy(left, top + high + 1)


def _title(document: "FPDF", text: str, width: float, line_height: float, *, draw: bool = False) -> float:
    """Print a column's title, in as many lines as it needs, or (without `draw`) only return how high it is."""
    document.set_text_shaping(is_shaped(text))
    high = document.multi_cell(
        width, line_height, text, align="L", dry_run=not draw, output="HEIGHT", new_x="LEFT", new_y="NEXT"
    )
    return high if isinstance(high, float) else line_height


def _row(
    document: "FPDF",
    cells: Sequence[Sequence[str]],
    widths: Sequence[float],
    bold: Sequence[bool],
    height: float,
    scale: float,
    line_height: float,
) -> None:
    left, top = document.get_x(), document.get_y()
    x = left
    for lines, width, strong in zip(cells, widths, bold, strict=True):
        document.set_xy(x, top)
        _cell(document, lines, width, strong, scale, line_height, draw=True)
        x += width
    document.set_draw_color(*LINE)
    document.line(left, top + height, left + sum(widths), top + height)
    document.set_xy(left, top + height + _BELOW_ROW * scale)


def _cell(
    document: "FPDF",
    lines: Sequence[str],
    width: float,
    strong: bool,
    scale: float,
    line_height: float,
    *,
    draw: bool = False,
) -> float:
    """Print a cell's lines, or (without `draw`) only return how high they are, in millimeters."""
    height = 0.0
    left = document.get_x()
    for number, text in enumerate(lines):
        document.set_font(FONT, "B" if strong and number == 0 else "", scale * 8)
        document.set_text_color(*(INK if number == 0 else MUTED))
        document.set_text_shaping(is_shaped(text))
        lines_high = document.multi_cell(
            width, scale * line_height, text, align="L", dry_run=not draw, output="HEIGHT", new_x="LEFT", new_y="NEXT"
        )
        height += lines_high if isinstance(lines_high, float) else 0.0
    document.set_x(left)
    return height
