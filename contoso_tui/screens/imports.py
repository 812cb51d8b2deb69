"""Imports: what came from which files, taking one back, closing one, and importing more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from textual import on, work
from textual.app import ComposeResult

from contoso_tui import formats
from contoso_tui.forms.fields import Form, FormField
from contoso_tui.host import ShellValues
from contoso_tui.import_job import ImportJob
from contoso_tui.screens import import_words as words
from contoso_tui.screens.filtering import Filtering
from contoso_tui.screens.importing import import_files
from contoso_tui.store import Changed
from contoso_tui.widgets.list_view import LineList
from contoso_tui.widgets.rows import Row
from importers import report, revert
from importers.report import Left, Run
from importers.revert import Reverted
from models import ids
from models.people.records import Actor, Role


class ImportsScreen(Filtering):
    """All imports, newest first; importing and taking back run in a process of their own."""

    scope: ClassVar[str] = "imports"

    def __init__(self) -> None:
        super().__init__()
        self.runs: list[Run] = []
        self.left: dict[int, Left] = {}
        self.progress = ""
        self.job: ImportJob | None = None
        self._is_read = False
        self.header = Row(id="header")
        self.list = LineList(id="rows", empty="Reading …")

    # ---- frame

    def body(self) -> ComposeResult:
        """Lay out the columns' names and the list."""
        yield self.header
        yield self.list

    def on_mount(self) -> None:
        """Read the imports."""
        self.header.show(words.header(self.app.size.width))
        self.load()

    def on_resize(self) -> None:
        """Fit the new width."""
        self.header.show(words.header(self.app.size.width))
        if self._is_read:
            self.show_runs()

    @property
    def active_list(self) -> LineList:
        """The imports."""
        return self.list

    @property
    def zone(self) -> ZoneInfo:
        """Where the company is."""
        return ZoneInfo(self.host.settings.zone)

    @property
    def current_run(self) -> Run | None:
        """The import under the cursor."""
        return next((run for run in self.runs if run.id == self.list.current), None)

    def facts(self) -> list[str]:
        """Return how far the import is that runs."""
        return [self.progress] if self.progress else []

    # ---- reading

    @work(exclusive=True, group="runs")
    async def load(self) -> None:
        """Read the imports and show them."""
        await self._read_runs()

    async def _read_runs(self) -> None:
        self.runs = await self.read(report.list_runs)
        self.left = await self.read(report.count_left)
        self._is_read = True
        self.show_runs()

    def show_runs(self) -> None:
        """Draw the imports; the cursor stays on its one."""
        width = self.app.size.width
        found = [run for run in self.runs if not self.filter_text or words.matches(run, self.filter_text)]
        self.list.empty = self._empty_text()
        around = (self.zone, self.host.today())
        lines = [words.run_line(run, self.left.get(run.id, Left()), around, width) for run in found]
        self.list.show(lines, self.list.current)
        self.tell_found(f"{len(found)} match" + ("es" if len(found) == 1 else ""))
        name = f"/{self.filter_text}" if self.filter_text else ""
        self.show_place(name, f"{len(self.runs)} import{'' if len(self.runs) == 1 else 's'}  {self.host.actor.login} ")
        if self.is_wide:
            figures = f"{len(self.runs)} import{'' if len(self.runs) == 1 else 's'}  {self.host.actor.login} "
            self.top_row.show([*self.goto_parts(), (f"  {name}", "text")], figures)
        self._show_detail()

    def _empty_text(self) -> str:
        if self.filter_text and self.runs:
            return f"No import matches '{self.filter_text}'. esc clear"
        return f"Nothing has been imported yet. {self.host.keymap.key('import.files')} imports files"

    def _show_detail(self) -> None:
        run = self.current_run
        self.status_row.detail(f" {words.files(run)}" if run is not None else "")

    def filter_changed(self) -> None:
        """Show what the filter matches."""
        self.show_runs()

    @on(LineList.Highlighted)
    def _highlighted(self) -> None:
        self._show_detail()

    @on(LineList.Chosen)
    def _chosen(self) -> None:
        self.action_item_open()

    def database_changed(self, changed: Changed) -> None:
        """Read again when somebody imported, closed or took back."""
        if changed.ids("import_run"):
            self.load()

    def action_app_refresh(self) -> None:
        """Read everything again."""
        super().action_app_refresh()
        self.load()

    def action_app_back(self) -> None:
        """Clear the filter, else go back."""
        if not self.clear_filter():
            super().action_app_back()

    # ---- what can be done

    def why_not(self, command_id: str) -> str | None:
        """Say why a command can't run on this import now."""
        if self.job is not None and command_id == "import.files":
            return f"An import is running: {self.host.keymap.key('import.revert')} stops it"
        if self.job is not None and command_id == "import.revert":
            return None
        run = self.current_run
        if command_id in ("import.close", "import.revert", "item.open") and run is None:
            return f"No import here: {self.host.keymap.key('import.files')} imports files"
        if command_id in ("import.close", "import.revert") and run is not None:
            return why_not(run, self.host.actor)
        return super().why_not(command_id)

    def shell_values(self) -> ShellValues:
        """Fill the places of shell forms."""
        run = self.current_run
        return {"import": str(run.id), "id": str(run.id)} if run is not None else {}

    def copy_texts(self) -> Mapping[str, str]:
        """Return what can be copied of the import under the cursor."""
        run = self.current_run
        if run is None:
            return {}
        return {"i": str(run.id), "n": words.files(run), "l": f"import {run.id}  {run.state}  {words.files(run)}"}

    @work
    async def action_item_open(self) -> None:
        """Show the report: counts, every bad row, the pairs for review."""
        from contoso_tui.dialogs.show_text import ShowText

        found = self.current_run
        if found is None:
            return
        run = await self.read(report.get_run, found.id)
        text = words.report_text(run, self.left.get(run.id, Left()), self.zone)
        self.app.push_screen(ShowText(text, f"Import {run.id}"))

    def action_item_new(self) -> None:
        """Import files."""
        self.action_import_files()

    @work
    async def action_import_files(self) -> None:
        """Choose files, look at them, import them."""
        try:
            run_id = await import_files(self, tell=self._tell_progress, begun=self._begun)
        finally:
            self.job = None
        if run_id is None:
            return
        # Not through the worker: the news of this very import may have replaced it.
        await self._read_runs()
        self.list.move_to_key(run_id)
        run = await self.read(report.get_run, run_id)
        self.status(_sentence(run, self.host.keymap.key("import.revert")))

    def _begun(self, job: ImportJob) -> None:
        self.job = job

    def _tell_progress(self, text: str) -> None:
        self.progress = text
        self.show_facts()

    def on_unmount(self) -> None:
        """Leave an import that is running to its own process, which ends it well."""
        if self.job is not None:
            self.job.close()

    @work
    async def action_import_close(self) -> None:
        """End the time in which the import can be taken back."""
        run = self.current_run
        if run is None:
            return
        lines = [f"Import {run.id}, {words.files(run)}.", "It stays for good: it can't be taken back any more."]
        if await self.confirm(f"Close import {run.id}", lines, {"keep": "Keep it open", "close": "Close"}) == "close":
            await self.change(_close, run.id)
            self.load()

    @work
    async def action_import_revert(self) -> None:
        """Take the whole import back, after its number was typed; stop the one that runs."""
        if self.job is not None:
            lines = ["What it has read so far is not written."]
            answers = {"go": "Let it go on", "stop": "Stop the import"}
            if await self.confirm("Stop the import", lines, answers) == "stop" and self.job is not None:
                self.job.stop()
            return
        run = self.current_run
        if run is not None:
            await self._take_back(run)

    async def _take_back(self, run: Run) -> None:
        reason = await self.read(revert.why_not, run, self.host.actor)
        if reason:
            self.refuse(reason)
            return

        async def submit(_values: dict[str, Any]) -> Reverted:
            self._tell_progress(f"Taking import {run.id} back …")
            try:
                return await self.host.store.write(revert.revert, run.id, self.host.actor, self.host.clock())
            finally:
                self._tell_progress("")

        done = await self.ask(_revert_form(run), submit)
        if done is not None:
            names = ", ".join(f"{ids.show_customer(customer_id)} {name}" for customer_id, name in done.kept[:2])
            self.status(done.summary + (f": {names}" if names else "") + (" …" if len(done.kept) > 2 else ""))
            self.load()


def why_not(run: Run, actor: Actor) -> str | None:
    """Return why the actor can't close an import or take it back, None if they may try."""
    if run.actor != actor.login and not actor.has(Role.OPERATIONS):
        return f"Import {run.id} is {run.actor}'s: only {run.actor} or sales operations can close it or take it back"
    return f"Import {run.id} is {run.state} already" if run.state != "open" else None


def _close(actor: Actor, now: dt.datetime, run_id: int) -> None:
    revert.close(run_id, actor, now)


def _revert_form(run: Run) -> Form:
    def check(values: dict[str, Any]) -> Mapping[str, str]:
        return {} if values["number"] == run.id else {"number": f"Type {run.id}, the import's number"}

    done = run.report
    return Form(
        title=f"Take back import {run.id}",
        intro=(
            f"{words.files(run)}.",
            f"{done.customers_new:,} new customers go, {done.new:,} new rows with them; changed rows are as before.",
            "Customers that somebody has worked on since stay, without what the import brought.",
        ),
        fields=(FormField("number", "Its number", "integer", required=True, help="type it to go on"),),
        save_label="Take back",
        cancel_label="Keep",
        is_guarded=True,
        check=check,
    )


def _sentence(run: Run, key: str) -> str:
    done = run.report
    if not done.has_changes:
        return f"Import {run.id}: {formats.counted(done.rows, 'row')}, nothing changed"
    told = f"Import {run.id}: {formats.counted(done.rows, 'row')} in {done.seconds:.1f} s, "
    told += formats.counted(done.customers_new, "new customer")
    told += f", {formats.counted(done.changed, 'changed row')}" if done.changed else ""
    where = " (g m)" if done.review else ""
    return f"{told}, {done.review:,} to review{where} · {key} takes it back"
