"""Changes of deals that join several functions of models in one action, so that one undo takes all of it back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from contoso_tui.dialogs.closing import NOT_A_FIT
from contoso_tui.dialogs.gate import GateAnswers
from models import journal, process
from models.activities import next_steps, tasks
from models.clock import in_words
from models.deals import deals, gates, lines, products, stages, tech_checks
from models.deals.detail_records import DealDetail, Moved, Product, TechCheckRequest
from models.deals.details import get_detail
from models.errors import Blocker
from models.nurture import steps
from models.nurture.records import AgendaItem
from models.people.records import Actor


@dataclass(frozen=True, slots=True)
class GateView:
    """What the gate dialog shows: the deal, where it should go, and what is missing."""

    deal: DealDetail
    goal: str
    """Id of the stage, or `gates.WON`."""
    goal_name: str
    missing: list[Blocker]
    products: list[Product]
    request: TechCheckRequest | None
    """Who was asked for the tech check, where that is missing."""


def read_gate(deal_id: int, goal: str | None, now: dt.datetime) -> GateView:
    """Return what keeps a deal from a stage (None: its next one)."""
    rules = process.current()
    deal = get_detail(deal_id, now)
    stage = rules.stage(deal.pipeline, goal) if goal and goal != gates.WON else None
    if goal is None:
        stage = gates.next_stage(deal, rules)
    target = stage.id if stage is not None else gates.WON
    missing = gates.blockers(deal, target, rules)
    is_asked = any(blocker.field == "tech_check" for blocker in missing)
    request = tech_checks.get_view(deal_id, now).request if is_asked else None
    return GateView(deal, target, stage.name if stage else "Won", missing, products.list_products(), request)


def fill_and_move(
    actor: Actor,
    now: dt.datetime,
    deal_id: int,
    goal: str,
    answers: GateAnswers,
    *,
    version: int | None = None,
    seen: dict[str, Any] | None = None,
) -> Moved | None:
    """Store what the gate asked for, and move the deal if nothing is missing any more; None where it stays.

    A deal that somebody else has moved to `goal` or beyond meanwhile stays there.

    Raises:
        NotAllowedError: neither owner nor their manager.
        ChangedMeanwhileError: somebody else changed fields of the deal since `version`, where `seen` stood in them.
    """
    deal = get_detail(deal_id, now)
    is_there = deal.stage.position >= process.current().stage(deal.pipeline, goal).position
    there = Moved(deal_id, deal.stage.id, deal.stage.id, "")
    if is_there and not answers.changes and not answers.product:
        return there
    with journal.action(actor, now, "deal.edit", f"Filled in {deal.customer}") as made:
        if answers.changes:
            deals.edit(actor, now, deal_id, answers.changes, version=version, seen=seen)
        if answers.product:
            lines.add(actor, now, deal_id, answers.product, answers.quantity)
        if is_there:
            return there
        if read_gate(deal_id, goal, now).missing:
            return None
        moved = stages.move(actor, now, [deal_id], goal)[0]
        made.summary = f"Moved {deal.customer} to {process.current().stage(deal.pipeline, goal).name}"
        return moved


def close_lost(actor: Actor, now: dt.datetime, deal_ids: Sequence[int], values: dict[str, Any]) -> None:
    """Close deals as lost, or as no fit, all or none."""
    note = values["note"] or ""
    with _bulk(actor, now, "deal.lose", f"Lost {len(deal_ids)} deals", deal_ids) as acting:
        for deal_id in deal_ids:
            if values["reason"] == NOT_A_FIT:
                stages.disqualify(acting.actor, now, deal_id, note)
            else:
                stages.lose(acting.actor, now, deal_id, values["reason"], values["by"] or "", values["on"], note)


def move_back(
    actor: Actor, now: dt.datetime, deal_ids: Sequence[int], reason: str, *, target: str | None = None
) -> None:
    """Move each deal back by one stage, all or none; one deal to the stage `target` that its user was shown."""
    if target is not None:
        stages.move(actor, now, deal_ids, target, reason)
        return
    with _bulk(actor, now, "deal.move", f"Moved {len(deal_ids)} deals back", deal_ids) as acting:
        for deal_id in deal_ids:
            stages.backward(acting.actor, now, deal_id, reason)


def set_steps(
    actor: Actor,
    now: dt.datetime,
    deal_ids: Sequence[int],
    values: dict[str, Any],
    *,
    seen: dict[str, Any] | None = None,
) -> None:
    """Set the same next step on deals, all or none; of one, `seen` is what the user saw of it."""
    with _bulk(actor, now, "step.set", f"Set the next step of {len(deal_ids)} deals", deal_ids) as acting:
        for deal_id in deal_ids:
            next_steps.set_step(acting.actor, now, deal_id, **values, seen=seen)


def snooze_steps(
    actor: Actor,
    now: dt.datetime,
    deal_ids: Sequence[int],
    until: dt.date,
    *,
    seen: dict[str, Any] | None = None,
) -> None:
    """Move the next steps of deals to a later day, all or none; of one, `seen` is what the user saw of it."""
    with _bulk(actor, now, "step.snooze", f"Snoozed {len(deal_ids)} deals to {in_words(until)}", deal_ids) as acting:
        for deal_id in deal_ids:
            next_steps.snooze(acting.actor, now, deal_id, until, seen=seen)


def snooze_items(actor: Actor, now: dt.datetime, items: Sequence[AgendaItem], until: dt.date) -> None:
    """Move lines of the agenda to a later day, all or none."""
    acting = actor._replace(path="bulk")
    with journal.action(acting, now, "step.snooze", f"Snoozed {len(items)} steps to {in_words(until)}"):
        for item in items:
            if item.kind == "nurture":
                steps.snooze(acting, now, item.enrolment_id or 0, until, position=item.position)
            elif item.kind == "task":
                tasks.snooze(acting, now, item.activity_id or 0, until)
            else:
                next_steps.snooze(acting, now, item.deal_id or 0, until)


class _bulk:
    """Joins what is done to several deals in one action by the path "bulk"; one deal keeps its own action."""

    def __init__(self, actor: Actor, now: dt.datetime, kind: str, summary: str, deal_ids: Sequence[int]) -> None:
        is_bulk = len(deal_ids) > 1
        self.actor = actor._replace(path="bulk") if is_bulk else actor
        self._action = journal.action(self.actor, now, kind, summary) if is_bulk else None

    def __enter__(self) -> _bulk:
        if self._action is not None:
            self._action.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        if self._action is not None:
            self._action.__exit__(*error)
