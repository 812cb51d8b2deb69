"""Two small screens around the frame, and a program that shows them in a real terminal."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Any

from textual.app import ComposeResult

from contoso_tui.app import ContosoApp
from contoso_tui.base_screen import BaseScreen
from contoso_tui.drafts import DraftKey, DraftStore
from contoso_tui.forms.fields import Form, FormField
from contoso_tui.host import Settings
from contoso_tui.store import Store
from contoso_tui.widgets.list_view import Line, LineList, heading, line
from models import database
from models.people import users

NOW = dt.datetime(2026, 11, 18, 21, 0, tzinfo=dt.UTC)
LOGIN = "ana.wu"
KEY = DraftKey(LOGIN, "db", "note", "D-1042")


class SmallScreen(BaseScreen):
    """A list of deals with some of the board's commands; `ran` records them."""

    scope = "board"
    heading = "Board"

    def __init__(self) -> None:
        super().__init__()
        self.list = LineList(empty="No deals yet.")
        self.ran: list[str] = []
        self.news: list[Any] = []
        self.reasons: dict[str, str] = {}

    @property
    def active_list(self) -> LineList:
        return self.list

    def body(self) -> ComposeResult:
        yield self.list

    def on_mount(self) -> None:
        self.show_place("mine·open", "Q4  $629k open")
        self.list.show(rows(40))

    def why_not(self, command_id: str) -> str | None:
        return self.reasons.get(command_id)

    def shell_values(self) -> dict[str, str]:
        return {"deal": "D-1042", "next_stage": "tech_check"}

    def copy_texts(self) -> dict[str, str]:
        return {"i": "D-1042", "n": "Fabrikam Clinics"}

    def database_changed(self, changed: Any) -> None:
        self.news.append(changed)

    def on_line_list_highlighted(self, message: LineList.Highlighted) -> None:
        self.status_row.detail(f"row {message.key}")

    def action_deal_forward(self) -> None:
        self.ran.append("deal.forward")
        self.status("Moved Fabrikam Clinics to Tech Check · u undo")

    def action_deal_won(self) -> None:
        from contoso_tui.dialogs.form import FormDialog

        fields = (FormField("text", "Text"),)
        self.app.push_screen(FormDialog(Form("Note", fields, draft=KEY)))

    def action_deal_quote(self) -> None:
        raise LookupError("Fabrikam Clinics is nobody's business")

    def action_deal_lost(self) -> None:
        self.ran.append("deal.lost")

    def action_board_column(self, key: str) -> None:
        self.ran.append(f"board.column {key}")


class OtherScreen(BaseScreen):
    scope = "agenda"
    heading = "Agenda"

    def body(self) -> ComposeResult:
        yield LineList(empty="Nothing late.")


def rows(count: int) -> list[Line]:
    return [
        heading(f" SECTION {number // 10}") if number % 10 == 0 else line(f"Deal {number} 東京庵", number, right="$1")
        for number in range(count)
    ]


def main(path: Path, state: Path) -> int:
    """Show the small screens on the database at `path`, with drafts under `state`."""
    database.init(path)
    with database.connection():
        actor = users.get_actor(LOGIN)
    app = ContosoApp(
        Store(path),
        actor,
        {"board": SmallScreen, "agenda": OtherScreen},
        settings=Settings(theme="auto"),
        clock=lambda: NOW,
        drafts=DraftStore(state),
        log_path=state / "log",
    )
    return app.run() or 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), Path(sys.argv[2])))
