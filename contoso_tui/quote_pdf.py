"""A quote as a PDF file that only its owner can read."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from contoso_tui import private_file
from contoso_tui.quote_print import Sheet, sheet
from contoso_tui.text import clean
from models.deals.detail_records import Quote
from models.errors import ContosoError

if TYPE_CHECKING:
    from fpdf import FPDF

_WIDTHS = (78, 18, 30, 22, 32)
_ALIGN = ("L", "R", "R", "R", "R")
# Fonts that hold most of what names are written with, where the machine has one; each is tried in turn.
_FONTS = (
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
    "/usr/share/fonts/TTF/DejaVuSans.ttf",
    "/Library/Fonts/Arial Unicode.ttf",
    "/System/Library/Fonts/Supplemental/Arial Unicode.ttf",
)


def write(quote: Quote, path: Path) -> None:
    """Write a quote's PDF, replacing the file; 0600 from the first byte on.

    Raises:
        ContosoError: it can't be written.
    """
    content = render(quote)
    try:
        private_file.write(path, content)
    except OSError as error:
        raise ContosoError(f"{path} can't be written: {error.strerror}") from error


def render(quote: Quote) -> bytes:
    """Return a quote's PDF."""
    from fpdf import FPDF

    page = sheet(quote)
    pdf = FPDF(format="letter")
    pdf.set_title(page.facts[0][1])
    family, has_glyphs = _font(pdf)
    pdf.set_margins(18, 18)
    pdf.add_page()

    def put(text: str, size: float = 10) -> str:
        pdf.set_font(family, size=size)
        return text if has_glyphs else _latin(text)

    pdf.cell(0, 10, put(page.title, 15), new_x="LMARGIN", new_y="NEXT")
    for name, value in page.facts:
        pdf.cell(28, 6, put(name))
        pdf.multi_cell(0, 6, put(value), new_x="LMARGIN", new_y="NEXT")
    pdf.ln(4)
    for text in page.text:
        pdf.multi_cell(0, 6, put(text) or " ", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(4)
    _table(pdf, page, put)
    return bytes(pdf.output())


def _table(pdf: FPDF, page: Sheet, put: object) -> None:
    say = put
    assert callable(say)
    with pdf.table(col_widths=_WIDTHS, text_align=_ALIGN, line_height=6, borders_layout="HORIZONTAL_LINES") as table:
        head = table.row()
        for name in ("Product", "Quantity", "Price", "Discount", "Net"):
            head.cell(say(name))
        for line in page.lines:
            row = table.row()
            for text in line:
                row.cell(say(text))
    pdf.ln(2)
    for name, value in page.totals:
        pdf.cell(148, 6, say(name), align="R")
        pdf.cell(0, 6, say(value), align="R", new_x="LMARGIN", new_y="NEXT")


def _font(pdf: FPDF) -> tuple[str, bool]:
    """Choose a font with the letters of the world, else one of Latin letters; tell which."""
    for name in _FONTS:
        if Path(name).is_file():
            for style in ("", "B"):
                pdf.add_font("quote", style, name)
            return "quote", True
    return "helvetica", False


def _latin(text: str) -> str:
    """Write a text in Latin letters: accents that the font lacks go, other letters become ?."""
    plain = unicodedata.normalize("NFKD", clean(text).replace("–", "-").replace("·", "-"))
    kept = "".join(letter for letter in unicodedata.normalize("NFC", plain))
    return "".join(
        letter if letter.encode("latin-1", "ignore") else unicodedata.normalize("NFD", letter)[0] for letter in kept
    ).encode("latin-1", "replace").decode("latin-1")  # fmt: skip
