"""Choose documents to send and who gets them; those that fit are ticked already, so that enter sends them."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from textual import events

from contoso_tui import formats
from contoso_tui.dialogs.base import Dialog
from contoso_tui.text import clean, cut, pad
from contoso_tui.widgets.box import RULE, Box, BoxLine
from contoso_tui.widgets.rows import Part
from models.materials.files import MAX_BYTES_SENT, size_words
from models.materials.records import Offer, Recipient, Sendable

_FIXED_ROWS = 2
_SIZE, _NOTE = 8, 15


class Chosen(NamedTuple):
    """What is to be sent, and to whom."""

    material_ids: tuple[int, ...]
    to: Recipient


class Materials(Dialog[Chosen]):
    """Ends with what is ticked, else with the material under the cursor.

    Space ticks, `*` ticks all or none, left and right go through the customer's people, letters narrow the list.
    """

    fixed_rows = _FIXED_ROWS

    def __init__(self, title: str, about: Sendable) -> None:
        super().__init__()
        self._title = clean(title)
        self._offers = about.offers
        self._recipients = about.recipients
        self._ticked = {one.material.id for one in about.offers if one.is_chosen}
        self._to = 0
        self._row = 0
        self._wanted = ""

    @property
    def _shown(self) -> list[Offer]:
        low = self._wanted.casefold()
        return [
            one for one in self._offers if low in f"{one.material.name} {' '.join(one.material.products)}".casefold()
        ]

    @property
    def _chosen(self) -> list[Offer]:
        """What enter sends: also what is ticked and not in sight, as the foot says."""
        ticked = [one for one in self._offers if one.material.id in self._ticked]
        shown = self._shown
        return ticked or shown[self._row : self._row + 1]

    def draw(self) -> None:
        """Show who gets it, and the materials with their boxes."""
        shown = self._shown
        self._row = max(0, min(self._row, len(shown) - 1))
        rows = [self._recipient(), RULE]
        rows += [self._line(one, at) for at, one in enumerate(shown)]
        if not shown:
            rows.append(BoxLine(((f" Nothing is called '{clean(self._wanted)}'", "dim"),)))
        place = _FIXED_ROWS + self._row
        self.box.show(self._title, rows, self._foot(), (_FIXED_ROWS if self._row == 0 else place, place))
        first = [(self.enter_key, "send"), ("space", "tick"), ("*", "all or none")]
        more = ["dialog.right", "dialog.close"] if len(self._recipients) > 1 else ["dialog.close"]
        self.show_keys(more, {"dialog.right": "to whom"}, first=first)

    def _recipient(self) -> BoxLine:
        to = self._recipients[self._to]
        place = f"  {self._to + 1} of {len(self._recipients)}" if len(self._recipients) > 1 else ""
        consent = "" if to.takes_marketing else "  takes no marketing mail"
        room = self.inner_width - 6 - len(place) - len(consent)
        who = cut(f"{clean(to.name)} <{clean(to.email)}>", max(room, 12))
        return BoxLine(((" To  ", "dim"), (who, "text"), (place, "dim"), (consent, "soon")))

    def _line(self, one: Offer, at: int) -> BoxLine:
        material = one.material
        has_cursor = at == self._row
        box = f"[{'x' if material.id in self._ticked else ' '}] "
        products = clean(", ".join(material.products)) or "all products"
        room = self.inner_width - 2 - len(box) - _SIZE - _NOTE - 1
        name_room = room * 13 // 20
        parts: list[Part] = [
            (f" {box}", "text"),
            (pad(cut(clean(material.name), name_room - 1), name_room), "text"),
            (pad(cut(products, room - name_room - 1), room - name_room), "accent" if one.fits else "dim"),
            (pad(size_words(material.bytes), _SIZE, "right"), "dim"),
            (f"  {pad(_note(one, self.host.today()), _NOTE - 2)}", "soon" if one.sent_on else "dim"),
        ]
        return BoxLine(tuple(parts), is_current=has_cursor, owner=str(at))

    def _foot(self) -> list[Part]:
        chosen = self._chosen
        size = sum(one.material.bytes for one in chosen)
        narrowed = f" {clean(self._wanted)}:" if self._wanted else ""
        told = f"{narrowed} {formats.counted(len(chosen), 'document')}, {size_words(size)}"
        if size > MAX_BYTES_SENT:
            return [(f"{told}: an email takes {size_words(MAX_BYTES_SENT)}", "late")]
        return [(f"{told}   {self.enter_key} sends", "dim")]

    def typed(self, event: events.Key) -> bool:
        """Tick with space, all or none with `*`; letters narrow the list."""
        if event.character == " ":
            shown = self._shown
            if shown:
                self._ticked ^= {shown[self._row].material.id}
                self._row += 1
        elif event.character == "*":
            shown_ids = {one.material.id for one in self._shown}
            self._ticked = self._ticked - shown_ids if shown_ids <= self._ticked else self._ticked | shown_ids
        elif event.key == "backspace" and self._wanted:
            self._wanted = self._wanted[:-1]
        elif event.is_printable and event.character is not None:
            self._wanted, self._row = self._wanted + event.character, 0
        else:
            return False
        self.draw()
        return True

    def on_box_line_clicked(self, message: Box.LineClicked) -> None:
        """Tick what is clicked."""
        shown = self._shown
        if message.owner and int(message.owner) < len(shown):
            self._row = int(message.owner)
            self._ticked ^= {shown[self._row].material.id}
            self.draw()

    def on_box_wheel(self, message: Box.Wheel) -> None:
        """Go through the list with the wheel."""
        self._step(3 * message.by)

    def action_dialog_next(self, key: str = "tab") -> None:
        """Send with enter; tab goes to the next person."""
        if key == "enter":
            self.action_dialog_save()
        else:
            self._turn(1)

    def action_dialog_save(self) -> None:
        """End with what is chosen."""
        chosen = self._chosen
        if not chosen:
            self.status("Choose what to send", "soon")
        elif sum(one.material.bytes for one in chosen) > MAX_BYTES_SENT:
            self.status(f"An email takes {size_words(MAX_BYTES_SENT)} together: send it in two", "error")
        else:
            self.dismiss(Chosen(tuple(one.material.id for one in chosen), self._recipients[self._to]))

    def action_dialog_close(self) -> None:
        """Clear what narrows the list, else close."""
        if self._wanted:
            self._wanted = ""
            self.draw()
        else:
            super().action_dialog_close()

    def action_dialog_previous(self) -> None:
        """Go to the person before."""
        self._turn(-1)

    def action_dialog_right(self) -> None:
        """Go to the next person."""
        self._turn(1)

    def action_dialog_left(self) -> None:
        """Go to the person before."""
        self._turn(-1)

    def action_dialog_down(self) -> None:
        """Go down."""
        self._step(1)

    def action_dialog_up(self) -> None:
        """Go up."""
        self._step(-1)

    def _step(self, by: int) -> None:
        self._row = max(0, self._row + by)
        self.draw()

    def _turn(self, by: int) -> None:
        self._to = (self._to + by) % len(self._recipients)
        self.draw()


def _note(one: Offer, today: dt.date) -> str:
    if one.sent_on is not None:
        return f"sent {formats.day_short(one.sent_on, today)}"
    return "fits" if one.fits else ""
