"""A PDF of a few pages: headings, sentences, tables and a picture, with feed text shown as text.

The fonts are embedded, so that names print as they are written; letters they lack become the replacement character.
The same report gives the same bytes.
"""

import datetime
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from layers.fonts import font_files, is_shaped, printable

if TYPE_CHECKING:
    from fpdf import FPDF

INK, MUTED, LINE, SOFT = (31, 45, 49), (77, 93, 99), (200, 200, 192), (240, 238, 231)
BRAND, CRISIS = (21, 94, 102), (156, 47, 31)
FONT = "DejaVu"
MARGIN, LETTER_WIDTH = 15.0, 215.9
WIDTH = LETTER_WIDTH - 2 * MARGIN
"""Millimeters between the margins of a US letter page."""
NARROWEST, CAPTION_HEIGHT = 0.7, 10.0
"""The share of `WIDTH` that a picture keeps at least, and the millimeters kept free below it."""


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

    Of the column `strong` the first line of a cell is bold; a line feed begins the next.
    """

    titles: tuple[str, ...]
    widths: tuple[float, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""
    strong: int = 0


Part = Heading | Text | Picture | Table


@dataclass(frozen=True)
class Report:
    """A printed report: all in words already. `page` is the word before a page's number, `crisis` stands on each."""

    title: str
    subtitle: str
    crisis: str
    page: str
    language: str
    date: datetime.date
    parts: Sequence[Part]


def pdf(report: Report) -> bytes:
    """Return the report as a PDF of US letter pages."""
    from fpdf.fonts import TTFFont

    document = _document(report)
    document.add_page()
    document.set_text_color(*BRAND)
    _line(document, report.title, 20, bold=True)
    document.set_text_color(*MUTED)
    _line(document, report.subtitle, 10)
    document.ln(2)
    for part in report.parts:
        if isinstance(part, Heading):
            _heading(document, part)
        elif isinstance(part, Text):
            document.set_text_color(*(MUTED if part.muted else INK))
            _line(document, part.text, 8 if part.muted else 9.5)
            document.ln(1)
        elif isinstance(part, Picture):
            _picture(document, part)
            document.ln(1)
            document.set_text_color(*MUTED)
            _line(document, part.caption, 8)
        else:
            _table(document, part)
    content = bytes(document.output())
    for font in document.fonts.values():
        if isinstance(font, TTFFont):
            font.close()  # fpdf2 leaves the file open
    return content


def _picture(document: "FPDF", part: Picture) -> None:
    """Print a picture as wide as the page, or somewhat narrower where it then fits on what is left of it."""
    from PIL import Image

    across, down = Image.open(io.BytesIO(part.png)).size
    left = document.h - document.b_margin - document.get_y() - CAPTION_HEIGHT
    wide = WIDTH * left / (WIDTH * down / across)
    wide = wide if NARROWEST * WIDTH <= wide < WIDTH else WIDTH
    x = document.l_margin + (WIDTH - wide) / 2
    document.image(io.BytesIO(part.png), x=x, w=wide, alt_text=printable(part.caption))


def _document(report: Report) -> "FPDF":
    from fpdf import FPDF

    class Document(FPDF):
        def header(self) -> None:
            """Print the crisis line on top of every page."""
            self.set_fill_color(*CRISIS)
            self.set_text_color(255, 255, 255)
            self.set_font(FONT, "B", 11)
            self.cell(WIDTH, 9, printable(report.crisis), align="C", fill=True, new_x="LMARGIN", new_y="NEXT")
            self.ln(4)

        def footer(self) -> None:
            """Print the page's number below."""
            self.set_y(-12)
            self.set_font(FONT, "", 8)
            self.set_text_color(*MUTED)
            self.cell(WIDTH, 5, printable(f"{report.page} {self.page_no()}"), align="R")

    document = Document(format="letter")
    document.str_alias_nb_pages = ""  # a feed's "{nb}" is text
    document.set_margin(MARGIN)
    document.set_auto_page_break(auto=True, margin=16)
    for style, path in zip(("", "B"), font_files(), strict=True):
        document.add_font(FONT, style, path)
    document.set_title(printable(report.title))
    document.set_lang(report.language)
    document.set_creation_date(datetime.datetime.combine(report.date, datetime.time(), tzinfo=datetime.UTC))
    return document


def _line(document: "FPDF", text: str, size: float, *, bold: bool = False) -> None:
    shown = printable(text)
    document.set_font(FONT, "B" if bold else "", size)
    document.set_text_shaping(is_shaped(shown))
    document.multi_cell(WIDTH, size * 0.5, shown, align="L", new_x="LMARGIN", new_y="NEXT")


def _heading(document: "FPDF", part: Heading) -> None:
    if document.will_page_break(30):
        document.add_page()
    document.ln(3)
    document.set_text_color(*BRAND)
    _line(document, part.text, 13, bold=True)
    document.ln(1)


def _table(document: "FPDF", table: Table) -> None:
    """Print a table; its titles come again on every page."""
    widths = [WIDTH * share / sum(table.widths) for share in table.widths]
    if document.will_page_break(22):
        document.add_page()
    _titles(document, table, widths)
    for row in table.rows:
        shown = [[printable(line) for line in cell.split("\n")] for cell in row]
        bold = [number == table.strong for number in range(len(row))]
        height = max(_cell(document, lines, w, b) for lines, w, b in zip(shown, widths, bold, strict=True)) + 1
        if document.will_page_break(height):
            document.add_page()
            _titles(document, table, widths)
        _row(document, shown, widths, bold, height)
    document.ln(2)


def _titles(document: "FPDF", table: Table, widths: Sequence[float]) -> None:
    if table.title:
        document.ln(1)
        document.set_text_color(*INK)
        _line(document, table.title, 10, bold=True)
    document.set_fill_color(*SOFT)
    document.set_text_color(*MUTED)
    document.set_font(FONT, "B", 7.5)
    for title, width in zip(table.titles, widths, strict=True):
        document.cell(width, 5, printable(title), fill=True)
    document.ln(5.5)


def _row(
    document: "FPDF", cells: Sequence[Sequence[str]], widths: Sequence[float], bold: Sequence[bool], height: float
) -> None:
    left, top = document.get_x(), document.get_y()
    x = left
    for lines, width, strong in zip(cells, widths, bold, strict=True):
        document.set_xy(x, top)
        _cell(document, lines, width, strong, draw=True)
        x += width
    document.set_draw_color(*LINE)
    document.line(left, top + height, left + sum(widths), top + height)
    document.set_xy(left, top + height + 0.6)


def _cell(document: "FPDF", lines: Sequence[str], width: float, strong: bool, *, draw: bool = False) -> float:
    """Print a cell's lines, or (without `draw`) only return how high they are, in millimeters."""
    height = 0.0
    left = document.get_x()
    for number, text in enumerate(lines):
        document.set_font(FONT, "B" if strong and number == 0 else "", 8)
        document.set_text_color(*(INK if number == 0 else MUTED))
        document.set_text_shaping(is_shaped(text))
        lines_high = document.multi_cell(
            width, 3.8, text, align="L", dry_run=not draw, output="HEIGHT", new_x="LEFT", new_y="NEXT"
        )
        height += lines_high if isinstance(lines_high, float) else 0.0
    document.set_x(left)
    return height
