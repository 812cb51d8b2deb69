"""`contoso init`: makes the database and writes a configuration file with comments."""

from __future__ import annotations

import grp
import os
from pathlib import Path
from typing import TYPE_CHECKING

from contoso_tui.cli import config
from contoso_tui.cli.parser import Group
from models.errors import ContosoError, NotFoundError

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call

_CONFIG = """\
# Settings of contoso; a missing one has its default, which stands behind the "#".
[data]
path = {path}

[me]
# home = ""                 # board, agenda, customers ...; empty: by role
# view = "mine-open"

[board]
# sort = "attention"        # attention amount close name
# card_lines = 3            # 1 2 3
# pane = "nurture"          # nurture preview off

[ui]
# theme = "auto"            # auto contoso-dark contoso-light terminal high-contrast mono
# glyphs = "unicode"        # unicode ascii
# mouse = true
# bandwidth = "auto"        # auto low full
# hint_delay_ms = 300
# status_seconds = 8        # 0: until the next key

[clipboard]
# method = "auto"           # auto osc52 tmux none

[editor]
# command = ""              # else $VISUAL, $EDITOR, vi

# [keys.deal]               # [keys.AREA] action = key or keys; contoso keys lists them
# forward = [">", "f9"]
"""


def register(_noun: str, group: Group) -> None:
    """Add the command."""
    init = group.command("", make, "make a database and a configuration file", needs_database=False)
    init.add_argument("--test", action="store_true", help="a test database, where --as and --at may write")
    init.add_argument(
        "--group",
        help="share with this group of the host: setgid folder, file readable and writable by the group",
    )


def make(call: Call) -> None:
    """Make the database; whoever makes it becomes its operations."""
    path = call.data_path
    group_id = _group_id(call.args.group) if call.args.group else None
    make_database(call, is_test=call.args.test)
    if group_id is not None:
        share(path, group_id)
    call.out.message(f"Made {path}; you are its sales operations. contoso user add brings in the others")
    file = config.user_file()
    if not file.exists():
        write_config(file, path if call.args.data else None)
        call.out.message(f"Settings are in {file}")


def make_database(call: Call, *, is_test: bool = False) -> None:
    """Make the database at the command's path, without a word."""
    from models import setup
    from models.people import users

    setup.create(call.data_path, users.system_login(), call.now, is_test=is_test)


def share(path: Path, group_id: int) -> None:
    """Let a group use the database: files made beside it (the write-ahead log) get the group by the setgid bit.

    Raises:
        ContosoError: the file can't be given to the group.
    """
    try:
        os.chown(path.parent, -1, group_id)
        path.parent.chmod(0o2770)
        os.chown(path, -1, group_id)
        path.chmod(0o660)
        for beside in (Path(f"{path}-wal"), Path(f"{path}-shm")):
            if beside.exists():
                os.chown(beside, -1, group_id)
                beside.chmod(0o660)
    except OSError as error:
        raise ContosoError(
            f"{path} can't be given to the group: {error.strerror}; ask whoever runs the host"
        ) from error


def write_config(file: Path, path: Path | None) -> None:
    """Write the configuration file with all settings as comments; `path` stands in it if given."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = _CONFIG.format(path=_quoted(path))
    descriptor = os.open(file, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        opened.write(text if path else text.replace("\npath = ", "\n# path = ", 1))


def _quoted(path: Path | None) -> str:
    import json

    # A JSON string is a TOML basic string.
    return json.dumps(str(path.expanduser().absolute())) if path else '"/srv/contoso/contoso.db"'


def _group_id(name: str) -> int:
    try:
        return grp.getgrnam(name).gr_gid
    except KeyError:
        raise NotFoundError(f"This host has no group {name}") from None
