"""`contoso process`: the rules of the sales process: show, check, compare and put in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contoso_tui.cli.output import Column
from contoso_tui.cli.parser import Group
from models.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call

LARGEST_BYTES = 1_000_000
"""No process is longer: a bigger file is another one, named by mistake."""


def register(_noun: str, group: Group) -> None:
    """Add the commands."""
    group.command("show", show, "write the process in force as a file")
    listed = group.command("list", list_versions, "which processes have been in force")
    listed.add_argument("--limit", type=int, default=20, metavar="N")
    check = group.command("check", check_file, "tell every line of a file that is wrong", needs_database=False)
    check.add_argument("file", metavar="FILE")
    diff = group.command("diff", show_difference, "tell what a file would change, also on today's deals")
    diff.add_argument("file", metavar="FILE")
    use = group.command("use", put_in_force, "put a file in force (sales operations)", writes=True)
    use.add_argument("file", metavar="FILE")


def show(call: Call) -> None:
    """Write the file of the process in force."""
    from models import process

    call.out.single("contoso.process/1", process.in_force(), process.text_in_force().splitlines())


def list_versions(call: Call) -> None:
    """List which processes have been in force, the newest first."""
    from models import process

    records: list[dict[str, Any]] = [
        {"version": one.version, "from": one.since.isoformat(), "by": one.by}
        for one in process.list_versions(call.args.limit)
    ]
    columns = [
        Column("version", lambda r: str(r["version"]), "right"),
        Column("in force from", lambda r: r["from"][:16].replace("T", " ")),
        Column("by", lambda r: r["by"]),
    ]
    call.out.listing("contoso.process-version/1", records, columns)


def check_file(call: Call) -> int | None:
    """Tell everything that is wrong with a file."""
    from models import process_file

    faults = process_file.list_faults(_read(call.args.file))
    records: list[dict[str, Any]] = [{"line": fault.line, "error": fault.text} for fault in faults]
    if call.out.is_plain:
        call.out.lines(f"{call.args.file}:{fault.line}: {fault.text}" for fault in faults)
    else:
        columns = [Column("line", lambda r: str(r["line"]), "right"), Column("error", lambda r: r["error"])]
        call.out.listing("contoso.process-fault/1", records, columns)
    if faults:
        count = "1 error" if len(faults) == 1 else f"{len(faults)} errors"
        call.out.message(f"{call.args.file} has {count}")
        return UsageError.exit_code
    call.out.message(f"{call.args.file} is a process that can be put in force")
    return None


def show_difference(call: Call) -> None:
    """Tell what a file would change."""
    from models import process_change

    found = process_change.compare(call.actor, call.now, _read(call.args.file), call.args.file)
    text = [
        *(found.rules or ("The rules stay as they are",)),
        "",
        "Today's deals:",
        *(f"  {sentence}" for sentence in found.deals or ("nothing changes",)),
    ]
    call.out.single("contoso.process-diff/1", {"rules": list(found.rules), "deals": list(found.deals)}, text)


def put_in_force(call: Call) -> None:
    """Put a file in force."""
    from models import process_change

    version = process_change.use(call.actor, call.now, _read(call.args.file), call.args.file)
    call.out.message(f"Version {version} of the process is in force; open boards follow by themselves")


def _read(name: str) -> str:
    """Return a file's text.

    Raises:
        NotFoundError: there is no such file.
        UsageError: it can't be read as text.
    """
    try:
        with open(name, "rb") as file:
            found = file.read(LARGEST_BYTES + 1)
    except FileNotFoundError:
        raise NotFoundError(f"There is no file {name}") from None
    except OSError as error:
        raise UsageError(f"{name} can't be read: {error.strerror}") from error
    if len(found) > LARGEST_BYTES:
        raise UsageError(f"{name} is longer than a process file ever is (1 MB)")
    try:
        return found.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise UsageError(f"{name} is no UTF-8 text (byte {error.start})") from error
