"""What a merge of two customers does, in words; the same on the command line and on screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models import ids
from models.words import counted

if TYPE_CHECKING:
    from models.merging.effects import Effect

_MANY = {"activity": "activities"}


def sentences(effect: Effect) -> list[str]:
    """Return in words what a merge does."""
    kept = f"{effect.kept_name} ({ids.show_customer(effect.kept_id)})"
    gone = f"{effect.gone_name} ({ids.show_customer(effect.gone_id)})"
    moved = ", ".join(counted(count, thing, _MANY.get(thing, "")) for thing, count in effect.moves)
    lines = [f"{gone} goes into {kept}", f"{moved} join it" if moved else "Nothing hangs on it"]
    for field, before, after in effect.changes:
        lines.append(f"{field.replace('_', ' ')}: {before or 'blank'} becomes {after or 'blank'}")
    if not effect.changes:
        lines.append("No value changes")
    if effect.owners:
        lines.append(f"Choose the owner: {' or '.join(effect.owners)}")
    for clash in effect.clashes:
        lines.append(f"Choose the nurture that goes on: {' or '.join(map(ids.show_enrolment, clash))}")
    return lines
