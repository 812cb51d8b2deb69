"""From a file's bytes to UTF-8 text and a delimiter; for reading.py only."""

from __future__ import annotations

import codecs
import re

from models.errors import RefusedFile

DELIMITERS = ",;\t"

# What people hand over by mistake, with the first bytes that give it away.
_SIGNATURES = (
    (b"PK\x03\x04", "an Excel workbook or a zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"%PDF", "a PDF"),
    (b"SQLite format 3", "a database"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"Obj\x01", "an Avro file"),
    (b"PAR1", "a Parquet file"),
)
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Of larger pieces the memory would be asked of the system anew for each.
_PIECE = 1 << 16
# Excel writes this line itself to say which delimiter follows; it is no header.
_DIRECTIVE = re.compile(rb"\Asep=(.)\r?\n")


def to_utf8(content: bytes, name: str) -> tuple[bytes, str]:
    """Return the content as UTF-8 without a byte order mark, and the encoding it came in.

    Raises:
        RefusedFile: empty, binary, or in none of UTF-8, UTF-16 with its mark, and cp1252.
    """
    if not content or content.isspace():
        raise RefusedFile(f"{name} is empty: export it again")
    for start, kind in _SIGNATURES:
        if content.startswith(start):
            raise RefusedFile(f"{name} is {kind}, not a CSV: save it as CSV first")
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return _without_mark(content, mark, encoding, name), encoding
    nul = content.find(b"\x00")
    if nul >= 0:
        raise RefusedFile(f"{name} is binary, not a CSV (line {content.count(bytes([10]), 0, nul) + 1})")
    damage = _first_not_utf8(content)
    if damage is not None:
        if not content[:damage].isascii():
            # Windows text hardly ever begins as valid UTF-8: read as such it would garble every name.
            line = content.count(b"\n", 0, damage) + 1
            raise RefusedFile(f"{name} is UTF-8 up to line {line}, which is damaged or cut off: export it again")
        return _from_cp1252(content, name), "cp1252"
    return content, "utf-8"


def _first_not_utf8(content: bytes) -> int | None:
    """Return where the first byte stands that is no UTF-8, None if all is.

    It is decoded in pieces: the text of a whole file would take up to four times as much memory as the file.
    """
    view, at = memoryview(content), 0
    while at < len(view):
        piece = view[at : at + _PIECE]
        try:
            # A letter that the piece cuts through is left for the next one.
            at += codecs.utf_8_decode(piece, "strict", at + len(piece) == len(view))[1]
        except UnicodeDecodeError as error:
            return at + error.start
    return None


def _without_mark(content: bytes, mark: bytes, encoding: str, name: str) -> bytes:
    """Drop the mark and turn UTF-16 into UTF-8."""
    body = content[len(mark) :]
    try:
        if encoding == "utf-16":
            text = body.decode("utf-16-le" if mark == codecs.BOM_UTF16_LE else "utf-16-be")
        else:
            text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise RefusedFile(f"{name} says it is {encoding} but line {line} is not: export it again as UTF-8") from error
    if not text.strip():
        raise RefusedFile(f"{name} is empty: export it again")
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise RefusedFile(f"{name} is binary, not a CSV (line {line})")
    return text.encode("utf-8") if encoding == "utf-16" else body


def _from_cp1252(content: bytes, name: str) -> bytes:
    try:
        return content.decode("cp1252").encode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise RefusedFile(
            f"{name} is neither UTF-8 nor Windows text (line {line}): export it again as UTF-8"
        ) from error


def find_delimiter(content: bytes, name: str) -> tuple[str, int]:
    """Return the delimiter and where the header starts.

    The delimiter is the one most frequent outside quotes in the first line that isn't blank.

    Raises:
        RefusedFile: the header holds none of comma, semicolon and tab.
    """
    directive = _DIRECTIVE.match(content)
    if directive and directive.group(1).decode("latin-1") in DELIMITERS:
        return directive.group(1).decode("latin-1"), directive.end()
    start = len(content) - len(content.lstrip(b"\r\n"))
    end = content.find(b"\n", start)
    header = content[start : end if end >= 0 else len(content)]
    bare = re.sub(rb'"[^"]*"?', b"", header)
    counts = {mark: bare.count(mark.encode()) for mark in DELIMITERS}
    best = max(DELIMITERS, key=lambda mark: counts[mark])
    if not counts[best]:
        line = content.count(b"\n", 0, start) + 1
        raise RefusedFile(f"{name} is not a CSV: its header (line {line}) has no comma, semicolon or tab")
    return best, start
