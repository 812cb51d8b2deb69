"""Lines by key, of a deal on its tab 3 and of a draft quote: add, edit, remove, discount, order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from textual import work

from contoso_tui.dialogs import line_form
from contoso_tui.drafts import LINE_ADD, LINE_DISCOUNT, LINE_EDIT, DraftKey
from contoso_tui.screens import conflicts
from contoso_tui.screens.acting import ActingScreen
from contoso_tui.screens.conflicts import Conflict
from models import journal
from models.deals import lines, products, quotes
from models.deals.detail_records import Line
from models.errors import ChangedMeanwhileError
from models.ids import show_deal
from models.people.records import Actor
from models.words import counted


@dataclass(frozen=True, slots=True)
class LineBook:
    """Where lines are: the functions of `models` that change those of a deal, or of a draft quote."""

    holder_id: int
    subject: str
    """The shown id of what the lines belong to."""
    title: str
    """The same with a name, as titles show it."""
    currency: str
    add: Callable[..., int]
    change: Callable[..., None]
    remove: Callable[..., None]
    shift: Callable[..., None]
    table: str
    """`deal_line` or `quote_line`."""

    @classmethod
    def of_deal(cls, deal_id: int, title: str, currency: str) -> LineBook:
        """Return the lines of a deal."""
        changes = lines.add, lines.change, lines.remove, lines.shift
        return cls(deal_id, show_deal(deal_id), title, currency, *changes, "deal_line")

    @classmethod
    def of_quote(cls, quote_id: int, name: str, currency: str) -> LineBook:
        """Return the lines of a draft quote, which has its id for a name."""
        changes = quotes.add_line, quotes.change_line, quotes.remove_line, quotes.shift_line
        return cls(quote_id, name, name, currency, *changes, "quote_line")

    def save(
        self, actor: Actor, now: dt.datetime, line: Line, values: Mapping[str, Any], seen: Mapping[str, Any]
    ) -> None:
        """Change fields of a line, unless somebody else has changed the same ones since the actor saw them.

        Raises:
            ChangedMeanwhileError: somebody has.
        """
        with journal.action(actor, now, "line.change", f"Changed {line.description} of {self.title}"):
            lines.require_seen(self.table, line.id, {name: seen[name] for name in values})
            self.change(actor, now, line.id, **values)

    def discount(self, actor: Actor, now: dt.datetime, wanted: Mapping[str, int], seen: Mapping[str, int]) -> None:
        """Give lines discounts in basis points, by the line's id, as one undo.

        Raises:
            ChangedMeanwhileError: somebody else has changed one since the actor saw it; `theirs` is by the line's id.
        """
        given = {f"{bp / 100:.2f}".rstrip("0").rstrip(".") for bp in wanted.values()}
        what = f"{counted(len(wanted), 'line')} to {', '.join(sorted(given))}%"
        with journal.action(actor, now, "line.change", f"Set discount of {what}"):
            theirs: dict[str, int] = {}
            told = ""
            for line_id in wanted:
                try:
                    lines.require_seen(self.table, int(line_id), {"discount_bp": seen[line_id]})
                except ChangedMeanwhileError as error:
                    theirs[line_id], told = error.theirs["discount_bp"], error.message
            if theirs:
                raise ChangedMeanwhileError(told, theirs)
            for line_id, discount_bp in wanted.items():
                self.change(actor, now, int(line_id), discount_bp=discount_bp)


class LineActions(ActingScreen):
    """Keys of the scope `lines`; the screen says which lines there are and which is under the cursor."""

    def line_book(self) -> LineBook:
        """Return where the lines are."""
        raise NotImplementedError

    def current_line(self) -> Line | None:
        """Return the line under the cursor."""
        raise NotImplementedError

    def marked_lines(self) -> list[int]:
        """Return the ids of marked lines."""
        raise NotImplementedError

    async def lines_changed(self, keep: int | None = None) -> None:
        """Show the lines as they stand; the cursor goes to the line `keep`."""
        raise NotImplementedError

    async def go_on_with(self, key: DraftKey) -> None:
        """Open the form of a draft again, that of a line with the cursor on it."""
        if key.form not in (LINE_ADD, LINE_EDIT, LINE_DISCOUNT):
            await super().go_on_with(key)
            return
        reason = self.why_not(LINE_ADD)
        if reason is not None:
            self.refuse(reason)
            return
        ids = [int(word) for word in key.detail.split(",") if word.isdigit()]
        await self.lines_changed(ids[0] if ids else None)
        if key.form == LINE_ADD:
            self.add_line()
        elif key.form == LINE_EDIT:
            self.edit_line()
        else:
            self._discount(ids)

    @work
    async def add_line(self) -> None:
        """Ask for a product and the rest of a line."""
        book = self.line_book()
        catalogue = await self.read(products.list_products)
        form = line_form.add_form(catalogue, f"New line · {book.title}", self.draft_key(LINE_ADD, book.subject))

        async def submit(values: dict[str, Any]) -> int:
            return await self.change(
                book.add,
                book.holder_id,
                values["product"],
                values["quantity"] or 1,
                months=values["months"],
                discount_bp=values["discount_bp"] or 0,
            )

        made = await self.ask(form, submit)
        if made is not None:
            await self.lines_changed(made)

    @work
    async def edit_line(self) -> None:
        """Change the line under the cursor."""
        line, book = self.current_line(), self.line_book()
        if line is None:
            return
        about = Conflict(
            f"{line.description} was changed meanwhile",
            line_form.LABELS,
            lambda name, value: line_form.in_words(name, value, book.currency),
        )

        async def submit(values: dict[str, Any]) -> bool:
            async def write(mine: dict[str, Any], seen: dict[str, Any]) -> None:
                await self.change(book.save, line, mine, seen)

            wanted = line_form.edited(values, line)
            await conflicts.save(self, about, wanted, {name: getattr(line, name) for name in wanted}, write)
            return True

        draft = self.draft_key(f"{LINE_EDIT}:{line.id}", book.subject)
        form = line_form.edit_form(line, book.currency, f"{line.description} · {book.title}", draft)
        if await self.ask(form, submit):
            await self.lines_changed(line.id)

    def action_line_remove(self) -> None:
        """Remove the line; undo brings it back."""
        self._change_line("remove")

    def action_line_down(self) -> None:
        """Move the line down."""
        self._change_line("shift", 1)

    def action_line_up(self) -> None:
        """Move the line up."""
        self._change_line("shift", -1)

    @work
    async def _change_line(self, verb: str, *values: int) -> None:
        line, book = self.current_line(), self.line_book()
        if line is not None:
            await self.change(book.remove if verb == "remove" else book.shift, line.id, *values)
            await self.lines_changed(line.id)

    def action_line_discount(self) -> None:
        """Set the discount of the line, or of the marked ones."""
        line = self.current_line()
        ids = self.marked_lines() or ([line.id] if line is not None else [])
        if ids:
            self._discount(ids)

    @work
    async def _discount(self, ids: Sequence[int]) -> None:
        book = self.line_book()
        found = await self.read(lines.find_lines, book.table, ids)
        if not found:
            return
        what = f"{len(found)} lines" if len(found) > 1 else found[0].description
        present = found[0].discount_bp if len(found) == 1 else 0
        draft = self.draft_key(f"{LINE_DISCOUNT}:{','.join(map(str, ids))}", book.subject)
        labels = {str(line.id): line.description for line in found}
        about = Conflict("Discounts were changed meanwhile", labels, lambda _name, value: f"{value / 100:g} %")

        async def submit(values: dict[str, Any]) -> bool:
            async def write(mine: dict[str, Any], seen: dict[str, Any]) -> None:
                await self.change(book.discount, mine, seen)

            wanted = dict.fromkeys(labels, values["discount_bp"])
            await conflicts.save(self, about, wanted, {str(line.id): line.discount_bp for line in found}, write)
            return True

        if await self.ask(line_form.discount_form(f"Discount · {what} · {book.title}", present, draft), submit):
            await self.lines_changed(ids[0])
