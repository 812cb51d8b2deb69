"""What is done to several lines of the agenda at once: which can be, why not the others, and the changes themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from models import journal, words
from models.activities import next_steps, tasks
from models.nurture import steps
from models.nurture.records import AgendaItem, StepDone
from models.people.records import Actor

_NAMED = 12


@dataclass(frozen=True, slots=True)
class Judged:
    """Marked lines that an action can take, and the others, each with why not."""

    can: tuple[AgendaItem, ...]
    cannot: tuple[tuple[AgendaItem, str], ...]

    def lines(self, verb: str) -> list[str]:
        """Return counts and reasons in words; `verb` is such as "done"."""
        told = [f"{len(self.can)} can be {verb}" + (f", {len(self.cannot)} cannot:" if self.cannot else ":")]
        told += [f"x {item.customer}: {why}" for item, why in self.cannot[:_NAMED]]
        told += [f"and {len(self.cannot) - _NAMED} more"] if len(self.cannot) > _NAMED else []
        told += [f"  {item.customer}: {item.text}" for item in self.can[:_NAMED]]
        told += [f"  and {len(self.can) - _NAMED} more"] if len(self.can) > _NAMED else []
        return [*told, "u takes all of it back."]


def judge_done(items: Sequence[AgendaItem]) -> Judged:
    """Say which lines can be closed together: calls, tasks and deals' steps; not what must be read or asked first."""
    return _judge(items, _why_not_done)


def judge_skip(items: Sequence[AgendaItem]) -> Judged:
    """Say which lines can be left out together."""
    return _judge(items, _why_not_skipped)


def _judge(items: Sequence[AgendaItem], why_not: Any) -> Judged:
    told = [(item, why_not(item)) for item in items]
    return Judged(tuple(item for item, why in told if not why), tuple((item, why) for item, why in told if why))


def _why_not_done(item: AgendaItem) -> str:
    if item.kind != "nurture":
        return ""
    if item.hold or item.blocked:
        return item.hold or item.blocked
    if item.channel == "email":
        return "an email is shown before it leaves"
    return "the last talk is asked for its result" if item.position == item.of else ""


def _why_not_skipped(item: AgendaItem) -> str:
    return item.hold if item.kind == "nurture" else "only steps of nurture are skipped"


def do_all(actor: Actor, now: dt.datetime, items: Sequence[AgendaItem], deal_step: dict[str, Any]) -> None:
    """Close these lines, all or none; `deal_step` is what `next_steps.done` gets for each of the deals among them."""
    acting = actor._replace(path="bulk")
    with journal.action(acting, now, "step.done", f"Done: {len(items)} steps") as made:
        points = 0
        for item in items:
            if item.kind == "nurture":
                points += steps.done(acting, now, item.enrolment_id or 0, position=item.position).points
            elif item.kind == "task":
                points += tasks.done(acting, now, item.activity_id or 0).points
            else:
                points += next_steps.done(acting, now, item.deal_id or 0, **deal_step).points
        if points:
            made.summary += f" · {words.scored(points)}"


def skip_all(actor: Actor, now: dt.datetime, items: Sequence[AgendaItem], reason: str) -> list[StepDone]:
    """Leave these steps of nurture out, all or none, for one reason."""
    acting = actor._replace(path="bulk")
    with journal.action(acting, now, "nurture.skip", f"Skipped {len(items)} steps"):
        return [steps.skip(acting, now, item.enrolment_id or 0, reason, position=item.position) for item in items]
