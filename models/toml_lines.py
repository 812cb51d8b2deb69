"""On which line of a TOML file each key stands: `tomllib` reads values and forgets where they were."""

from __future__ import annotations

import re
from collections.abc import Iterator

Path = tuple[str | int, ...]
"""Keys and, in arrays of tables, places from 0: ("pipeline", 0, "stage", 2, "probability")."""

_WORD = r"""[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*'"""
_DOTTED = rf"(?:{_WORD})(?:\s*\.\s*(?:{_WORD}))*"
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_DOTTED})\s*\]\]?")
_KEY = re.compile(rf"\s*({_DOTTED})\s*=")
_PART = re.compile(_WORD)
# What may hide brackets and line ends from whoever counts them: strings of four kinds, and comments.
_TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"""' + r"|'''.*?'''" + r'|"(?:[^"\\\n]|\\.)*"' + r"|'[^'\n]*'" + r"|#[^\n]*" + r"|[\[\]{}\n]",
    re.DOTALL,
)


def key_lines(text: str) -> dict[Path, int]:
    """Return the line, from 1, of every table and of every key that begins a line of a valid TOML file.

    Keys of inline tables are not listed: the key that holds the table is.
    """
    lines: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    for number, statement in _statements(text):
        header = _HEADER.match(statement)
        if header is not None:
            table = _table(_parts(header[2]), header[1] == "[[", counts)
            lines.setdefault(table, number)
            continue
        key = _KEY.match(statement)
        if key is not None:
            parts = _parts(key[1])
            for end in range(1, len(parts) + 1):
                lines.setdefault((*table, *parts[:end]), number)
    return lines


def line_of(path: Path, lines: dict[Path, int]) -> int:
    """Return the line of `path`, else of what holds it; 1 for the file."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def _table(parts: list[str], is_array: bool, counts: dict[Path, int]) -> Path:
    """Return the path of a header; a name that is an array stands for its last table."""
    path: Path = ()
    for part in parts[:-1]:
        path = (*path, part)
        if path in counts:
            path = (*path, counts[path] - 1)
    path = (*path, parts[-1])
    if is_array:
        counts[path] = counts.get(path, 0) + 1
        path = (*path, counts[path] - 1)
    return path


def _parts(dotted: str) -> list[str]:
    return [part.strip("\"'") for part in _PART.findall(dotted)]


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Yield each statement with its first line; a string, array or inline table may go over several lines."""
    start, depth, number = 0, 0, 1
    for token in _TOKEN.finditer(text):
        found = token[0]
        if found in ("[", "{"):
            depth += 1
        elif found in ("]", "}"):
            depth -= 1
        elif found == "\n" and depth <= 0:
            yield number, text[start : token.start()]
            number += text.count("\n", start, token.end())
            start, depth = token.end(), 0
    yield number, text[start:]
