"""Data on stdout: plain tables for people, JSON, JSON lines and CSV for programs; messages go to stderr."""

from __future__ import annotations

import argparse
import io
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from contoso_tui.bidi import isolate
from contoso_tui.cli.errors import say
from contoso_tui.text import Align, cells, clean, clean_lines, cut, pad, wrap
from models.errors import ContosoError, UsageError

Record = dict[str, Any]
# A spreadsheet takes a cell that starts with one of these for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

# How a line goes on that is broken, and with less room than what none is.
_FURTHER_IN, _LEAST_ROOM = "  ", 20


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a plain table: heading, what it shows of a record, and whether it gives way first."""

    title: str
    show: Callable[[Record], str]
    align: Align = "left"
    gives_way: bool = False


@dataclass(slots=True)
class Output:
    """How this command line wants its data."""

    form: str = "plain"
    fields: tuple[str, ...] = ()
    width: int | None = None
    is_quiet: bool = False
    verbosity: int = 0
    is_linear: bool = False
    made: list[Record] = field(default_factory=list)

    @classmethod
    def from_args(cls, args: argparse.Namespace) -> Output:
        """Read the flags that all commands have."""
        form = next((name for name in ("json", "jsonl", "csv") if getattr(args, name)), "plain")
        is_terminal = sys.stdout.isatty()
        width = args.width
        if width is None and is_terminal and not args.plain:
            width = shutil.get_terminal_size().columns
        return cls(
            form=form,
            fields=tuple(name.strip() for name in args.fields.split(",") if name.strip()) if args.fields else (),
            width=width,
            is_quiet=args.quiet,
            verbosity=args.verbose,
            is_linear=args.plain or not is_terminal or os.environ.get("TERM") == "dumb",
        )

    @property
    def is_plain(self) -> bool:
        """Whether people read this."""
        return self.form == "plain"

    def message(self, sentence: str) -> None:
        """Tell what was done, on stderr; not with -q."""
        if not self.is_quiet:
            say(sentence)

    def note(self, sentence: str) -> None:
        """Tell a detail, on stderr, only with -v."""
        if self.verbosity:
            say(sentence)

    def lines(self, text: Iterable[str]) -> None:
        """Write lines for people, each cleaned; on a terminal what is too long is broken at spaces."""
        for line in text:
            for part in self._broken(clean(line)):
                self._print(part)

    def _broken(self, line: str) -> list[str]:
        if self.is_linear or self.width is None or cells(line) <= self.width:
            return [line]
        lead = line[: len(line) - len(line.lstrip(" "))]
        room = self.width - len(lead) - len(_FURTHER_IN)
        if room < _LEAST_ROOM:
            return [line]
        first, *rest = wrap(line.removeprefix(lead), room)
        return [lead + first, *(f"{lead}{_FURTHER_IN}{part}" for part in rest)]

    def text(self, text: str) -> None:
        """Write a longer text for people, line by line."""
        self.lines(clean_lines(text))

    def raw(self, text: str) -> None:
        """Write text of another format byte for byte; for a terminal, which would obey what is in it, cleaned."""
        if sys.stdout.isatty():
            self.lines(text.splitlines())
        else:
            sys.stdout.write(text)

    @contextmanager
    def into(self, path: Path) -> Iterator[None]:
        """Let what is written meanwhile go to a file that only its owner can read, in place of what was there.

        Raises:
            ContosoError: it can't be written.
        """
        from contoso_tui import private_file

        with redirect_stdout(io.StringIO()) as written:
            yield
        try:
            private_file.write(path, written.getvalue().encode("utf-8", "replace"))
        except OSError as error:
            raise ContosoError(f"{path} can't be written: {error.strerror}") from error

    def listing(
        self,
        schema: str,
        records: Sequence[Record],
        columns: Sequence[Column],
        *,
        line: Callable[[Record], str] | None = None,
        empty: str = "",
        next_page: str | None = None,
    ) -> None:
        """Write a list in the wanted form.

        `line` is the one-line form that pipes and screen readers get instead of the table; `empty` is told on
        stderr where people read and there is nothing.
        """
        if self.form == "json":
            self._json({"schema": schema, "data": [self._chosen(record) for record in records], "next": next_page})
        elif self.form == "jsonl":
            for record in records:
                self._json(self._chosen(record))
        elif self.form == "csv":
            self._csv(records)
        elif not records and empty:
            self.message(empty)
        elif self.fields:
            self._table(records, [Column(name, _shows(name)) for name in self.fields])
        elif line is not None and self.is_linear:
            self.lines(line(record) for record in records)
        else:
            self._table(records, columns)

    def single(self, schema: str, record: Record, text: Iterable[str]) -> None:
        """Write one thing that is no list: `text` for people, else an envelope whose data is the record."""
        if self.form == "json":
            self._json({"schema": schema, "data": self._chosen(record)})
        elif self.form == "jsonl":
            self._json(self._chosen(record))
        elif self.form == "csv":
            self._csv([record])
        else:
            self.lines(text)

    def _chosen(self, record: Record) -> Record:
        if not self.fields:
            return record
        return {name: find(record, name) for name in self.fields}

    def _json(self, content: Record) -> None:
        # A terminal might obey control characters that JSON leaves as they are: escape all but ASCII there.
        print(json.dumps(content, ensure_ascii=sys.stdout.isatty(), separators=(",", ":")))

    def _csv(self, records: Sequence[Record]) -> None:
        import csv

        # Cells are written as they are to files and pipes; a terminal would obey what is in them.
        show = clean if sys.stdout.isatty() else str
        flat = [flatten(record) for record in records]
        names = self.fields or tuple(dict.fromkeys(name for record in flat for name in record))
        writer = csv.writer(sys.stdout, lineterminator="\n")
        if names:
            writer.writerow(names)
        for record, whole in zip(flat, records, strict=True):
            cells_of = (record[name] if name in record else _cell(find(whole, name, "")) for name in names)
            writer.writerow([show(guard(value)) for value in cells_of])

    def _table(self, records: Sequence[Record], columns: Sequence[Column]) -> None:
        rows = [[clean(column.show(record)) for column in columns] for record in records]
        widths = [max([cells(column.title), *(cells(row[at]) for row in rows)]) for at, column in enumerate(columns)]
        if self.width:
            _narrow(widths, columns, self.width - 2 * (len(columns) - 1))
        for row in ([column.title for column in columns], *rows):
            shown = [pad(cell, width, column.align) for cell, width, column in zip(row, widths, columns, strict=True)]
            self._print("  ".join(shown).rstrip())

    def _print(self, cleaned: str) -> None:
        line = cut(cleaned, self.width) if self.width else cleaned
        # What goes to a file or a pipe is searched and compared: nothing is added to it.
        print(isolate(line) if sys.stdout.isatty() else line)


def guard(value: object) -> str:
    """Return a CSV cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) and not _is_number(text) else text


def flatten(record: Record, prefix: str = "") -> Record:
    """Return a record with inner records as dotted names, and lists as their values joined by spaces."""
    flat: Record = {}
    for name, value in record.items():
        if isinstance(value, dict):
            flat.update(flatten(value, f"{prefix}{name}."))
        else:
            flat[prefix + name] = _cell(value)
    return flat


def find(record: Record, name: str, *default: Any) -> Any:
    """Return the value under a dotted name.

    Raises:
        UsageError: there is no such field and no default was given.
    """
    value: Any = record
    for part in name.split("."):
        if isinstance(value, dict) and part in value:
            value = value[part]
        elif value is None or default:
            return default[0] if default else None
        else:
            raise UsageError(f"There is no field {name}; there are {', '.join(record)}")
    return value


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return " ".join(json.dumps(one) if isinstance(one, dict) else str(one) for one in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


def _shows(name: str) -> Callable[[Record], str]:
    def show(record: Record) -> str:
        value = find(record, name)
        return "" if value is None else str(_cell(json.dumps(value) if isinstance(value, dict) else value))

    return show


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdigit()


def _narrow(widths: list[int], columns: Sequence[Column], room: int) -> None:
    """Take from the columns that give way, the widest first, until the table fits or none can give more."""
    while sum(widths) > room:
        wide = [at for at, column in enumerate(columns) if column.gives_way and widths[at] > 8]
        if not wide:
            return
        widest = max(wide, key=lambda at: widths[at])
        widths[widest] -= 1
