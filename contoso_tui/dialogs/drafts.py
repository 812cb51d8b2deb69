"""Forms that were left half filled in, offered at the next start."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from contoso_tui.dialogs.base import Dialog
from contoso_tui.drafts import Draft, DraftKey, DraftStore
from contoso_tui.text import clean, cut, pad
from contoso_tui.widgets.box import Box, BoxLine, plain


class DraftsDialog(Dialog[DraftKey]):
    """Ends with the key of the draft to go on with; one is dropped at once, and brought back while the list is open."""

    # Nothing is typed here: lists are moved in as everywhere.
    scopes = ("drafts", "dialog", "everywhere")

    def __init__(self, drafts: Sequence[Draft], store: DraftStore) -> None:
        super().__init__()
        self._drafts = list(drafts)
        self._store = store
        self._dropped: list[tuple[int, Draft]] = []
        self._place = 0

    def draw(self) -> None:
        """List the drafts, newest first."""
        rows = [plain("You left these forms half filled in.", "dim"), BoxLine()]
        width, zone = self.inner_width - 14, ZoneInfo(self.host.settings.zone)
        for index, draft in enumerate(self._drafts):
            at = f"{draft.saved_at.astimezone(zone):%a %H:%M}"
            name = pad(cut(clean(draft.title), width), width)
            rows.append(BoxLine(((f" {name}", "text"), (f"  {at}", "dim")), index == self._place, str(index)))
        key = self.host.keymap.key
        drop, close = key("draft.drop"), key("dialog.close")
        if self._drafts:
            foot = f"{self.enter_key} open   {drop} drop   {close} keep for later"
            first = [(self.enter_key, "open"), (drop, "drop"), (f"{key('list.up')}/{key('list.down')}", "choose")]
            label = "keep for later"
        else:
            rows = [plain("No draft is left.", "dim")]
            foot, first, label = f"{close} close", [], "close"
        if self._dropped:
            first.append((key("draft.restore"), "bring back"))
        self.box.show(f"Drafts ({len(self._drafts)})", rows, [(foot, "dim")], (self._place + 1, self._place + 2))
        self.show_keys(["dialog.close"], {"dialog.close": label}, first)

    def on_box_line_clicked(self, message: Box.LineClicked) -> None:
        """Choose the draft that was clicked; a double click opens it."""
        if message.owner:
            self._place = int(message.owner)
            self.draw()
            if message.chain == 2:
                self.dismiss(self._drafts[self._place].key)

    def action_dialog_next(self, key: str = "tab") -> None:
        """Open the chosen draft; tab goes to the next."""
        if key != "enter":
            self.action_list_down()
        elif self._drafts:
            self.dismiss(self._drafts[self._place].key)
        else:
            self.dismiss(None)

    def action_list_down(self) -> None:
        """Go to the next draft."""
        self._place = max(0, min(self._place + 1, len(self._drafts) - 1))
        self.draw()

    def action_list_up(self) -> None:
        """Go to the draft before."""
        self._place = max(self._place - 1, 0)
        self.draw()

    def action_dialog_down(self) -> None:
        """Go to the next draft."""
        self.action_list_down()

    def action_dialog_up(self) -> None:
        """Go to the draft before."""
        self.action_list_up()

    def action_draft_drop(self) -> None:
        """Drop the chosen draft."""
        if not self._drafts:
            return
        draft = self._drafts.pop(self._place)
        self._dropped.append((self._place, draft))
        self._store.drop(draft.key)
        self._place = max(0, min(self._place, len(self._drafts) - 1))
        self.draw()
        self.status(f"Dropped {clean(draft.title)} · {self.host.keymap.key('draft.restore')} brings it back")

    def action_draft_restore(self) -> None:
        """Bring back the draft that was dropped last."""
        if not self._dropped:
            self.status("No draft was dropped here")
            return
        place, draft = self._dropped.pop()
        self._store.put_back(draft)
        self._place = min(place, len(self._drafts))
        self._drafts.insert(self._place, draft)
        self.draw()
