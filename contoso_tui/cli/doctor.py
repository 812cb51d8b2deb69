"""`contoso doctor`: is everything here as the program needs it: ok, warn or fail, each with its fix."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from contoso_tui.cli import config
from contoso_tui.cli.errors import log_path, state_folder
from contoso_tui.cli.output import Column
from contoso_tui.cli.parser import Group
from models.errors import ContosoError

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call

_HOLIDAYS_AHEAD_DAYS = 366


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `state` is ok, warn or fail."""

    about: str
    state: str
    text: str
    fix: str = ""


def register(_noun: str, group: Group) -> None:
    """Add the command."""
    group.command("", examine, "check terminal, database, permissions and clock", needs_database=False)


def examine(call: Call) -> int:
    """Look at everything; exit code 1 if something fails."""
    found = [*_terminal(), *_clipboard(call), *_configuration(call), *_files(call), *_database(call), *_clock()]
    records = [{"about": f.about, "state": f.state, "text": f.text, "fix": f.fix or None} for f in found]
    call.out.listing(
        "contoso.finding/1",
        records,
        [
            Column("", lambda r: r["state"]),
            Column("about", lambda r: r["about"]),
            Column("found", lambda r: r["text"] + (f"; {r['fix']}" if r["fix"] else "")),
        ],
    )
    return 1 if any(finding.state == "fail" for finding in found) else 0


def _terminal() -> Iterator[Finding]:
    term = os.environ.get("TERM", "")
    if not sys.stdout.isatty():
        yield Finding("terminal", "warn", "this is no terminal: screens need one, lists don't")
    elif term in ("", "dumb"):
        yield Finding("terminal", "warn", f"TERM is {term or 'empty'}: only plain text", "export TERM=xterm-256color")
    else:
        size = shutil.get_terminal_size()
        if size.columns < 60 or size.lines < 16:
            yield Finding("terminal", "warn", f"{size.columns}x{size.lines}", "60x16 shows the board: make it larger")
        else:
            yield Finding("terminal", "ok", f"{term}, {size.columns}x{size.lines}")
    if os.environ.get("NO_COLOR"):
        yield Finding("colours", "ok", "none, as NO_COLOR says")
    elif os.environ.get("COLORTERM") in ("truecolor", "24bit") or "256" in term:
        yield Finding("colours", "ok", "256 or more")
    else:
        yield Finding("colours", "ok", "16, which is enough")
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    if encoding != "utf8":
        yield Finding(
            "letters", "warn", f"{encoding or 'unknown'} encoding", "export LANG=C.UTF-8, or ui.glyphs = ascii"
        )
    else:
        yield Finding("letters", "ok", "UTF-8")


def _clipboard(call: Call) -> Iterator[Finding]:
    if call.config["clipboard.method"] == "none":
        yield Finding("clipboard", "ok", "off, as configured")
    elif os.environ.get("TMUX"):
        has = shutil.which("tmux") is not None
        fix = "" if has else "tmux is not on the PATH"
        yield Finding("clipboard", "ok" if has else "warn", "through tmux", fix)
    else:
        yield Finding("clipboard", "ok", "by OSC 52; some terminals ignore it, Y shows the text to select")


def _configuration(call: Call) -> Iterator[Finding]:
    from contoso_tui.keymap import KeyMap

    for warning in (*call.config.warnings, *KeyMap(call.config.keys).warnings):
        yield Finding("config", "warn", warning)
    files = ", ".join(str(path) for path in call.config.files)
    yield Finding("config", "ok", files or f"no file; {config.user_file()} would be read")


def _files(call: Call) -> Iterator[Finding]:
    path = call.data_path
    shared = False
    if path.exists():
        mode = path.stat().st_mode
        shared = bool(path.parent.stat().st_mode & stat.S_ISGID)
        allowed = 0o660 if shared else 0o600
        if mode & 0o777 & ~allowed:
            yield Finding("permissions", "fail", f"{path} is {mode & 0o777:o}", f"chmod {allowed:o} {path}")
        else:
            yield Finding(
                "permissions", "ok", f"{path} is {mode & 0o777:o}" + (", shared with a group" if shared else "")
            )
    for private in (state_folder(), log_path(), config.user_file().parent):
        if private.exists() and private.stat().st_mode & 0o077:
            yield Finding("permissions", "fail", f"others can read {private}", f"chmod -R go= {private}")
    free = shutil.disk_usage(_existing(path.parent)).free
    if free < 200_000_000:
        yield Finding("disk", "warn", f"{free // 1_000_000} MB free at {path.parent}", "make room")


def _existing(folder: Path) -> Path:
    while not folder.exists():
        folder = folder.parent
    return folder


def _database(call: Call) -> Iterator[Finding]:
    if not call.is_there:
        yield Finding("database", "warn", f"there is none at {call.data_path}", "contoso import DIR or contoso init")
        return
    try:
        with call.opened():
            yield from _inside(call)
    except ContosoError as error:
        yield Finding("database", "fail", error.message)


def _inside(call: Call) -> Iterator[Finding]:
    from models import database, triggers
    from models.people import users

    yield Finding("database", "ok", f"{call.data_path}, schema {database.schema_version()}")
    mode = database.execute("PRAGMA journal_mode").fetchone()[0]
    if mode != "wal":
        yield Finding("database", "fail", f"journal mode {mode}", "move it to a local disk: WAL needs one")
    sound = [row[0] for row in database.execute("PRAGMA integrity_check(5)").fetchall()]
    broken = database.execute("PRAGMA foreign_key_check").fetchall()
    if sound == ["ok"] and not broken:
        yield Finding("integrity", "ok", "every page and reference")
    else:
        fix = "take back the last backup (FILE.before-schema-N or your own)"
        yield Finding(
            "integrity", "fail", "; ".join(sound[:2]) if sound != ["ok"] else f"{len(broken)} lost references", fix
        )
    present = dict(database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall())
    wanted = {statement.split()[2]: statement for statement in triggers.statements()}
    wrong = [name for name, sql in wanted.items() if present.get(name, "").rstrip(";") != sql.rstrip(";")]
    if wrong:
        yield Finding(
            "rules",
            "fail",
            f"{len(wrong)} rules are missing or changed: {', '.join(wrong[:3])}",
            "contoso of the right version opens it",
        )
    else:
        yield Finding("rules", "ok", f"{len(wanted)} rules kept by the database")
    login = users.system_login()
    known = login in users.list_logins()
    if known or call.is_playground:
        yield Finding("user", "ok", login if known else f"{login} plays the users of this database (--as)")
    else:
        yield Finding("user", "fail", f"{login} is no user of this database", f"contoso user add {login} --role ROLE")
    yield from _holidays(call)


def _holidays(call: Call) -> Iterator[Finding]:
    from models import database

    last = max(database.days_off(), default=None)
    if last is None or last < call.today + dt.timedelta(days=_HOLIDAYS_AHEAD_DAYS):
        yield Finding("holidays", "warn", f"known until {last or 'never'}", "upgrade contoso: working days need them")
    else:
        yield Finding("holidays", "ok", f"known until {last.year}")


def _clock() -> Iterator[Finding]:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    now = dt.datetime.now(dt.UTC)
    if now.year < 2025:
        yield Finding("clock", "fail", f"the host says {now:%Y-%m-%d}", "set the host's clock")
        return
    try:
        ZoneInfo("America/Denver")
    except ZoneInfoNotFoundError:
        yield Finding("clock", "fail", "no time zones on this host", "pip install tzdata")
        return
    yield Finding("clock", "ok", f"{now.astimezone():%Y-%m-%d %H:%M %Z}")
