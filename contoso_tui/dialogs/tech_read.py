"""Where a deal's tech check stands, to read: its state, whom it waits for, every sign-off with its answers."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from contoso_tui import formats
from contoso_tui.dialogs.base import Dialog
from contoso_tui.text import clean, clean_lines, wrap
from contoso_tui.widgets.box import BoxLine, plain
from models.deals.detail_records import TechCheck, TechCheckView
from models.deals.records import TechState
from models.ids import show_deal


def check_lines(check: TechCheck, zone: ZoneInfo) -> list[str]:
    """Return a signed check in lines: outcome and who, what it was bound to, details, answers."""
    at = check.entered_at.astimezone(zone)
    bound = formats.money(check.signed_usd_cents)
    lines = [
        f"{formats.day_full(check.checked_on)}  {check.outcome.replace('_', ' ')}  by {check.signed_by},"
        f" entered {at:%d %b %H:%M}, at {bound}" + (f" ({check.signed_quote})" if check.signed_quote else ""),
        f"  does not count: {check.why_not_counting}" if check.why_not_counting else "  counts",
    ]
    lines += [f"  {line}" for line in clean_lines(check.details) if line.strip()]
    lines += [f"  {answer or '-':<4}{question}  {shown}".rstrip() for question, answer, shown in check.answers]
    return lines


class TechRead(Dialog[None]):
    """Shows a tech check; up and down scroll, esc closes. `why` says why the reader can't sign."""

    def __init__(self, view: TechCheckView, checks: Sequence[TechCheck], why: str, zone: ZoneInfo) -> None:
        super().__init__()
        self._view = view
        self._checks = tuple(checks)
        self._why = why
        self._zone = zone
        self._top = 0

    def draw(self) -> None:
        """Show state, request and every check."""
        rows: list[BoxLine] = []
        for text in self._texts():
            rows += [plain(row) for row in wrap(clean(text), self.inner_width - 2)]
        self._top = max(0, min(self._top, len(rows) - self.box.shown_rows))
        title = f"Tech check · {self._view.customer} · {show_deal(self._view.deal_id)}"
        foot = f"up/down scroll  {self.host.keymap.key('dialog.close')} close"
        last = min(self._top + self.box.shown_rows, len(rows)) - 1
        self.box.show(clean(title), rows, [(foot, "dim")], (self._top, last))
        self.show_keys(["dialog.close"], first=[("up/down", "scroll")])

    def _texts(self) -> list[str]:
        view = self._view
        amount, limit = formats.money(view.amount_usd_cents), formats.money(view.limit_usd_cents)
        if view.state is TechState.NOT_NEEDED:
            first = f"Not needed: {amount} is not over {limit}."
        elif view.state is TechState.IMPORTED:
            first = "Imported as won, not checked."
        else:
            first = f"{view.state.replace('_', ' ').capitalize()}: {amount} is over {limit}, bound to "
            first += f"{view.quote or 'the deal'} with {formats.counted(view.line_count, 'line')}."
        lines = [first]
        if self._why:
            lines.append(f"You do not sign it: {self._why}.")
        if view.request is not None:
            asked = view.request
            by = f", needed by {formats.day_full(asked.needed_by)}" if asked.needed_by else ""
            note = f": {asked.note}" if asked.note else ""
            lines.append(f"{asked.asked_by} asked {asked.asked_of}{by}{note}")
        for check in self._checks:
            lines += ["", *check_lines(check, self._zone)]
        if not self._checks:
            lines += ["", "No check has been signed yet."]
        return lines

    def action_dialog_down(self) -> None:
        """Scroll down."""
        self._top += 1
        self.draw()

    def action_dialog_up(self) -> None:
        """Scroll up."""
        self._top = max(0, self._top - 1)
        self.draw()

    def action_dialog_next(self, key: str = "tab") -> None:
        """Close with enter; tab goes a page down."""
        if key == "enter":
            self.dismiss(None)
            return
        self._top += self.box.shown_rows - 1
        self.draw()
