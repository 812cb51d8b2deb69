"""Forms that were left half filled in, offered at the next start."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from contoso_tui.dialogs.base import Dialog
from contoso_tui.drafts import Draft, DraftKey
from contoso_tui.text import clean, cut, pad
from contoso_tui.widgets.box import Box, BoxLine, plain


class DraftsDialog(Dialog[DraftKey]):
    """Ends with the key of the draft to go on with; `x` drops one at once through `drop`."""

    scopes = ("drafts", "dialog")

    def __init__(self, drafts: Sequence[Draft], drop: Callable[[DraftKey], None]) -> None:
        super().__init__()
        self._drafts = list(drafts)
        self._drop = drop
        self._place = 0

    def draw(self) -> None:
        """List the drafts, newest first."""
        rows = [plain("You left these forms half filled in.", "dim"), BoxLine()]
        width, zone = self.inner_width - 14, ZoneInfo(self.host.settings.zone)
        for index, draft in enumerate(self._drafts):
            at = f"{draft.saved_at.astimezone(zone):%a %H:%M}"
            name = pad(cut(clean(draft.title), width), width)
            rows.append(BoxLine(((f" {name}", "text"), (f"  {at}", "dim")), index == self._place, str(index)))
        drop = self.host.keymap.key("draft.drop")
        foot = f"{self.enter_key} open   {drop} drop   {self.host.keymap.key('dialog.close')} keep for later"
        self.box.show(f"Drafts ({len(self._drafts)})", rows, [(foot, "dim")], (self._place + 1, self._place + 2))
        first = [(self.enter_key, "open"), (drop, "drop"), ("up/down", "choose")]
        self.show_keys(["dialog.close"], {"dialog.close": "keep for later"}, first)

    def on_box_line_clicked(self, message: Box.LineClicked) -> None:
        """Choose the draft that was clicked; a double click opens it."""
        if message.owner:
            self._place = int(message.owner)
            self.draw()
            if message.chain == 2:
                self.dismiss(self._drafts[self._place].key)

    def action_dialog_next(self, key: str = "tab") -> None:
        """Open the chosen draft; tab goes to the next."""
        if key == "enter":
            self.dismiss(self._drafts[self._place].key)
        else:
            self.action_dialog_down()

    def action_dialog_down(self) -> None:
        """Go to the next draft."""
        self._place = min(self._place + 1, len(self._drafts) - 1)
        self.draw()

    def action_dialog_up(self) -> None:
        """Go to the draft before."""
        self._place = max(self._place - 1, 0)
        self.draw()

    def action_draft_drop(self) -> None:
        """Forget the chosen draft."""
        self._drop(self._drafts.pop(self._place).key)
        self._place = max(0, min(self._place, len(self._drafts) - 1))
        if self._drafts:
            self.draw()
        else:
            self.dismiss(None)
