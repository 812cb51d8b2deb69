"""`contoso undo`, `redo` and `history`: the user's own last changes, and what happened to a thing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contoso_tui.cli import local, values
from contoso_tui.cli.output import Column
from contoso_tui.cli.parser import Group
from models.errors import RefusedError

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call


def register(noun: str, group: Group) -> None:
    """Add the command of one of the three nouns."""
    if noun == "undo":
        made = group.command("", undo_last, "take back your last change", writes=True)
        made.add_argument("number", nargs="?", metavar="N", help="the change with this number, from --list")
        made.add_argument("--list", action="store_true", help="list your last changes, newest first")
    elif noun == "redo":
        group.command("", redo_last, "do again what you took back last", writes=True)
    else:
        made = group.command("", show_history, "what happened to a deal or customer")
        made.add_argument("id", metavar="ID", help="D-1042 or C-00731")


def undo_last(call: Call) -> None:
    """Take back one of the user's own changes; an import is reverted whole."""
    from contoso_tui import undoing

    if call.args.list:
        _list_actions(call)
        return
    wanted = values.number(call.args.number, "the number of a change") if call.args.number else None
    try:
        done = undoing.undo_last(call.actor, call.now, wanted)
    except undoing.StaysError as error:
        if error.before is None:
            raise
        further = f"contoso undo {error.before.id} takes back what was before it: {error.before.summary}"
        raise RefusedError(f"{error.message}; {further}") from error
    if done.reverted is not None:
        from contoso_tui.cli import import_

        import_.tell_reverted(call, done.reverted)
    else:
        call.out.message(f"Undone: {done.summary} · contoso redo")


def redo_last(call: Call) -> None:
    """Do again what the user took back last."""
    from models import undo

    call.out.message(f"Done again: {undo.redo(call.actor, call.now)} · contoso undo")


def _list_actions(call: Call) -> None:
    from models import undo

    records: list[dict[str, Any]] = [
        {
            "id": action.id,
            "at": local.moment(action.at, call.zone),
            "kind": action.kind,
            "summary": action.summary,
            "undone": action.is_undone,
            "can_undo": action.can_undo,
        }
        for action in undo.list_actions(call.actor)
    ]
    call.out.listing(
        "contoso.action/1",
        records,
        [
            Column("n", lambda r: str(r["id"]), "right"),
            Column("when", lambda r: r["at"][:16].replace("T", " ")),
            Column("what", lambda r: r["summary"], gives_way=True),
            Column("", lambda r: "undone" if r["undone"] else "" if r["can_undo"] else "stays"),
        ],
        empty="You have changed nothing yet",
    )


def show_history(call: Call) -> None:
    """Show the history of a deal or customer."""
    from contoso_tui.cli import sentences

    records = sentences.of(call.args.id, call.actor, call.now, call.zone)
    call.out.listing(
        "contoso.history/1",
        records,
        [
            Column("when", lambda r: r["at"][:16].replace("T", " ")),
            Column("who", lambda r: r["actor"]),
            Column("what", lambda r: r["text"], gives_way=True),
            Column("by", lambda r: r["path"]),
        ],
        empty="Nothing has happened to it yet",
    )
