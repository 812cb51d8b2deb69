"""Moving deals through the stages; every path asks the gate here, and the database once more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from models import clock, journal, meanwhile, process
from models.clock import in_words
from models.database import company_zone, execute
from models.deals import gates
from models.deals.deals import require_version
from models.deals.detail_records import DealDetail, Moved, MovePreview
from models.deals.details import get_detail
from models.deals.records import Outcome, Stage
from models.errors import Blocker, ChangedMeanwhileError, ContosoError, GateError, RefusedError, UsageError
from models.ids import show_deal
from models.money import us_dollars
from models.people.permissions import require_owner_of_deal, require_work_on_deal
from models.people.records import Actor
from models.process import Process

_WALK = ("walkthrough_on", "walkthrough_with", "walkthrough_ready")


def forward(actor: Actor, now: dt.datetime, deal_id: int, *, version: int | None = None) -> Moved:
    """Move a deal to the next stage.

    Raises:
        NotAllowedError: neither owner, team nor their manager.
        GateError: something is missing; from the last stage: winning has its own function.
        ChangedMeanwhileError: `version` is given and no longer the deal's.
    """
    rules = process.current()
    deal = _workable(actor, now, deal_id)
    require_version(deal, version)
    target = gates.next_stage(deal, rules)
    if target is None:
        raise GateError(
            f"{show_deal(deal_id)} {deal.customer} is in {deal.stage.name}: win it with w",
            gates.blockers(deal, gates.WON, rules),
        )
    return _move_one(actor, now, deal, target, "", rules)


def backward(actor: Actor, now: dt.datetime, deal_id: int, reason: str, *, version: int | None = None) -> Moved:
    """Move a deal back by one stage, with a reason; all data stays.

    Raises:
        NotAllowedError: neither owner, team nor their manager.
        RefusedError: it stands in the first stage.
        UsageError: the reason is empty.
    """
    rules = process.current()
    deal = _workable(actor, now, deal_id)
    require_version(deal, version)
    target = gates.previous_stage(deal, rules)
    if target is None:
        raise RefusedError(f"{show_deal(deal_id)} {deal.customer} is in {deal.stage.name}, the first stage")
    return _move_one(actor, now, deal, target, reason, rules)


def move(actor: Actor, now: dt.datetime, deal_ids: Sequence[int], stage_id: str, reason: str = "") -> list[Moved]:
    """Move deals to a stage, checking every gate on the way: all or none, and one undo.

    Raises:
        NotAllowedError: one is neither the actor's nor their team's.
        GateError: one can't leave a stage on its way.
        RefusedError: one is closed, stands there already, or needs no tech check.
        UsageError: one would go back and `reason` is empty.
    """
    if not deal_ids:
        return []
    rules = process.current()
    moved: list[Moved] = []
    with journal.action(actor, now, "deal.move", f"Moved {len(deal_ids)} deals to {stage_id}") as made:
        for deal_id in deal_ids:
            deal = _workable(actor, now, deal_id)
            moved.append(_move_one(actor, now, deal, rules.stage(deal.pipeline, stage_id), reason, rules))
        if len(moved) == 1:
            made.summary = _summary(deal, moved[0], rules)
        else:
            made.summary = f"Moved {len(moved)} deals to {rules.stage(deal.pipeline, stage_id).name}"
    return moved


def preview(actor: Actor, now: dt.datetime, deal_ids: Sequence[int], stage_id: str | None) -> list[MovePreview]:
    """Tell for each deal whether it could move to the stage (None: its next one), and why not."""
    rules = process.current()
    found: list[MovePreview] = []
    for deal_id in deal_ids:
        deal = get_detail(deal_id, now)
        stage = rules.stage(deal.pipeline, stage_id) if stage_id else gates.next_stage(deal, rules)
        blocked = ""
        try:
            _require_workable(actor, deal)
            if stage is None:
                raise RefusedError("winning has its own dialog, one deal at a time")
            _require_way(deal, stage, "preview", rules)
        except GateError as error:
            blocked = gates.in_words(error.blockers)
        except ContosoError as error:
            blocked = error.message
        found.append(MovePreview(deal_id, deal.customer, stage.id if stage else gates.WON, blocked))
    return found


def move_forward(actor: Actor, now: dt.datetime, deal_ids: Sequence[int]) -> list[Moved]:
    """Move each deal to its own next stage, all or none, as one undo; raises what `forward` does."""
    if not deal_ids:
        return []
    with journal.action(actor, now, "deal.move", f"Moved {len(deal_ids)} deals to the next stage"):
        return [forward(actor, now, deal_id) for deal_id in deal_ids]


def win(
    actor: Actor,
    now: dt.datetime,
    deal_id: int,
    *,
    walkthrough_on: dt.date | None = None,
    walkthrough_with: str = "",
    is_ready: bool = False,
    on: dt.date | None = None,
    seen: Mapping[str, Any] | None = None,
) -> Moved:
    """Win a deal from its last stage; the walk-through may be noted in the same step.

    `seen` is what the actor saw in the walk-through's fields.

    Raises:
        ChangedMeanwhileError: `seen` is given and no longer stands.
        NotAllowedError: the actor is neither the owner nor their manager: a team doesn't win.
        GateError: something is missing.
        RefusedError: it isn't in the last stage, or the day is in the future.
    """
    rules = process.current()
    deal = get_detail(deal_id, now)
    require_owner_of_deal(actor, deal_id, deal.owner_id)
    _require_workable(actor, deal)
    today = clock.local_date(now, company_zone())
    won_on = on or today
    if won_on > today or (walkthrough_on or today) > today:
        raise RefusedError("A deal can't be won, or walked through, in the future")
    if not deal.stage.is_last:
        raise RefusedError(
            f"{show_deal(deal_id)} {deal.customer} is in {deal.stage.name}: it is won from the last stage"
        )
    with journal.action(actor, now, "deal.win", f"Won {deal.customer}"):
        there = get_detail(deal_id, now)
        stands = {name: getattr(there, name) for name in _WALK}
        meanwhile.require_seen("deal", deal_id, f"{show_deal(deal_id)} {deal.customer}", stands, seen)
        noted = {
            "walkthrough_on": walkthrough_on.isoformat() if walkthrough_on else None,
            "walkthrough_with": walkthrough_with.strip() or None,
            "walkthrough_ready": 1 if is_ready else None,
        }
        for column, value in noted.items():
            if value is not None:
                execute(f"UPDATE deal SET {column} = ? WHERE id = ?", (value, deal_id))
        deal = get_detail(deal_id, now)
        missing = gates.blockers(deal, gates.WON, rules)
        if missing:
            raise _gate_error(deal, "be won", missing)
        _store(deal, outcome="won", won_on=won_on.isoformat(), closed_at=clock.to_micros(now), stage_reason="")
    return Moved(deal_id, deal.stage.id, gates.WON, "")


def lose(
    actor: Actor,
    now: dt.datetime,
    deal_id: int,
    reason: str,
    by: str,
    on: dt.date | None = None,
    note: str = "",
) -> None:
    """Close a deal as lost: the customer said no. Its sent quotes are cancelled, a draft is kept.

    Raises:
        NotAllowedError: the actor is neither the owner, the team nor their manager.
        UsageError: no reason of the process, nobody who said it, or a day in the future.
    """
    rules = process.current()
    deal = _workable(actor, now, deal_id)
    today = clock.local_date(now, company_zone())
    if reason not in rules.lost_reasons:
        raise UsageError(f"{reason!r} is no reason for a lost deal; there are {', '.join(rules.lost_reasons)}")
    if not by.strip():
        raise UsageError("Who said no? No answer is not a reason: the deal stays open with a next step")
    if reason == "other" and not note.strip():
        raise UsageError("The reason 'other' needs a text")
    if (on or today) > today:
        raise UsageError(f"The customer can't have said no in the future ({in_words(on or today)})")
    with journal.action(actor, now, "deal.lose", f"Lost {deal.customer}: {rules.lost_reasons[reason]}"):
        execute(
            "UPDATE quote SET state = 'cancelled', reason = 'deal lost' WHERE deal_id = ? AND state = 'sent'",
            (deal_id,),
        )
        _store(
            get_detail(deal_id, now),
            outcome="lost",
            lost_reason=reason,
            lost_by=by.strip(),
            lost_on=(on or today).isoformat(),
            lost_note=note.strip(),
            closed_at=clock.to_micros(now),
            stage_reason=rules.lost_reasons[reason],
        )


def disqualify(actor: Actor, now: dt.datetime, deal_id: int, reason: str) -> None:
    """Close a deal in its pipeline's first or second stage: we found no fit.

    Raises:
        NotAllowedError: the actor is neither the owner, the team nor their manager.
        RefusedError: it is past the second stage.
        UsageError: the reason is empty.
    """
    deal = _workable(actor, now, deal_id)
    if deal.stage.position > 2:
        raise RefusedError(
            f"{show_deal(deal_id)} {deal.customer} is in {deal.stage.name}: only a deal in the first two stages"
            " can be disqualified; lose it instead"
        )
    if not reason.strip():
        raise UsageError("Disqualifying a deal needs a reason")
    with journal.action(actor, now, "deal.disqualify", f"Disqualified {deal.customer}"):
        _store(deal, outcome="disqualified", stage_reason=reason.strip(), closed_at=clock.to_micros(now))


def reopen(actor: Actor, now: dt.datetime, deal_id: int, reason: str) -> Moved:
    """Open a closed deal again, where it was closed; a deal won elsewhere starts in the first stage.

    Where a needed sign-off doesn't hold it stands in Tech Check instead of the last stage (rules 1.8).

    Raises:
        NotAllowedError: the actor is neither the owner, the team nor their manager.
        RefusedError: it is open.
        UsageError: the reason is empty.
    """
    rules = process.current()
    deal = get_detail(deal_id, now)
    # Who may not win a deal may not take its winning back either.
    judge = require_owner_of_deal if deal.outcome is Outcome.WON else require_work_on_deal
    judge(actor, deal_id, deal.owner_id)
    if deal.outcome is Outcome.OPEN:
        raise RefusedError(f"{show_deal(deal_id)} {deal.customer} is open already")
    if not reason.strip():
        raise UsageError("Reopening a deal needs a reason")
    stages = rules.stages(deal.pipeline)
    target, note = deal.stage, ""
    if deal.outcome is Outcome.WON_IMPORTED:
        target = stages[0]
    elif target.is_last and gates.needs_check(deal, rules) and not deal.tech.is_valid:
        check_stage = next((stage for stage in stages if stage.is_tech_check), None)
        if check_stage is not None:
            target, note = check_stage, "its sign-off doesn't hold: it stands in Tech Check"
    with journal.action(actor, now, "deal.reopen", f"Reopened {deal.customer} in {target.name}"):
        _store(
            deal,
            outcome="open",
            stage=target.id,
            stage_entered_at=clock.to_micros(now),
            stage_reason=reason.strip(),
            closed_at=None,
            won_on=None,
        )
    return Moved(deal_id, deal.outcome, target.id, note)


def _workable(actor: Actor, now: dt.datetime, deal_id: int) -> DealDetail:
    deal = get_detail(deal_id, now)
    _require_workable(actor, deal)
    return deal


def _require_workable(actor: Actor, deal: DealDetail) -> None:
    require_work_on_deal(actor, deal.id, deal.owner_id)
    if deal.outcome is not Outcome.OPEN:
        raise RefusedError(f"{show_deal(deal.id)} {deal.customer} is {deal.outcome.replace('_', ' ')}: reopen it first")


def _require_way(deal: DealDetail, target: Stage, reason: str, rules: Process) -> None:
    ref = f"{show_deal(deal.id)} {deal.customer}"
    if target.id == deal.stage.id:
        raise RefusedError(f"{ref} is in {target.name} already")
    if target.is_tech_check and not gates.needs_check(deal, rules):
        raise RefusedError(f"{ref}: Tech Check not needed, {us_dollars(deal.amount_usd_cents)}")
    if target.position < deal.stage.position:
        if not reason.strip():
            raise UsageError(f"{ref} would go back to {target.name}: that needs a reason")
        return
    missing = gates.blockers(deal, target.id, rules)
    if missing:
        raise _gate_error(deal, f"go to {target.name}", missing)


def _gate_error(deal: DealDetail, what: str, missing: list[Blocker]) -> GateError:
    first = missing[0].text
    more = f" (and {len(missing) - 1} more)" if len(missing) > 1 else ""
    return GateError(f"{show_deal(deal.id)} {deal.customer} cannot {what}: {first}{more}", missing)


def _move_one(actor: Actor, now: dt.datetime, deal: DealDetail, target: Stage, reason: str, rules: Process) -> Moved:
    _require_way(deal, target, reason, rules)
    skipped = any(
        stage.is_tech_check and deal.stage.position < stage.position < target.position
        for stage in rules.stages(deal.pipeline)
    ) and not gates.needs_check(deal, rules)
    note = f"Tech Check not needed: {us_dollars(deal.amount_usd_cents)}" if skipped else ""
    moved = Moved(deal.id, deal.stage.id, target.id, note)
    with journal.action(actor, now, "deal.move", _summary(deal, moved, rules)):
        _store(deal, stage=target.id, stage_entered_at=clock.to_micros(now), stage_reason=reason.strip())
    return moved


def _store(deal: DealDetail, **values: str | int | None) -> None:
    """Write columns of the deal as it was judged; refused if it changed between judging and writing."""
    columns = ", ".join(f"{name} = ?" for name in values)
    written = execute(
        f"UPDATE deal SET {columns} WHERE id = ? AND version = ?", (*values.values(), deal.id, deal.version)
    )
    if written.rowcount != 1:
        raise ChangedMeanwhileError(
            f"{show_deal(deal.id)} {deal.customer} was changed meanwhile: look again and repeat"
        )


def _summary(deal: DealDetail, moved: Moved, rules: Process) -> str:
    name = rules.stage(deal.pipeline, moved.to_stage).name
    return f"Moved {deal.customer} to {name}" + (f"; {moved.note}" if moved.note else "")
