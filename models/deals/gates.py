"""The gate: what still keeps a deal from a stage, as a pure function that every path asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from models import clock, process
from models.deals.detail_records import DealDetail
from models.deals.details import get_detail
from models.deals.records import Outcome, Stage, TechState
from models.errors import Blocker
from models.ids import show_deal
from models.money import us_dollars
from models.process import Process

WON = "won"
"""The target of a deal that is to be won."""
_IS_EMPTY, _ASKS = " is empty; ", " asks for it"


def next_stage(deal: DealDetail, rules: Process) -> Stage | None:
    """Return the stage that `>` leads to, None where that is winning.

    Tech Check is passed over at or below the limit (rules 1.2).
    """
    for stage in rules.stages(deal.pipeline):
        if stage.position > deal.stage.position and not (stage.is_tech_check and not needs_check(deal, rules)):
            return stage
    return None


def previous_stage(deal: DealDetail, rules: Process) -> Stage | None:
    """Return the stage that `<` leads to, None in the first."""
    for stage in reversed(rules.stages(deal.pipeline)):
        if stage.position < deal.stage.position and not (stage.is_tech_check and not needs_check(deal, rules)):
            return stage
    return None


def needs_check(deal: DealDetail, rules: Process) -> bool:
    """Return whether the deal is worth strictly more than the limit."""
    return deal.amount_usd_cents > rules.tech_check_limit_usd_cents


def blockers(deal: DealDetail, target: str, rules: Process) -> list[Blocker]:
    """Return what keeps `deal` from the stage `target` (an id, or `WON`): empty where nothing does.

    Asked are the conditions of all stages before the target, and the sign-off where the way leads into the
    last stage (of a pipeline that has a tech check) or to winning.
    """
    stages = rules.stages(deal.pipeline)
    goal = len(stages) + 1 if target == WON else rules.stage(deal.pipeline, target).position
    found: list[Blocker] = []
    for stage in stages:
        if stage.position >= goal:
            break
        for name in rules.required[deal.pipeline, stage.id]:
            blocker = CONDITIONS[name](deal, stage)
            if blocker is not None:
                found.append(blocker)
        if (deal.pipeline, stage.id) in rules.required_assessments and stage.id not in deal.assessed:
            found.append(_assessment(deal, stage))
    has_check_stage = any(stage.is_tech_check for stage in stages)
    if (target == WON or (goal == len(stages) and has_check_stage)) and needs_check(deal, rules):
        blocker = _sign_off(deal, rules)
        if blocker is not None:
            found.append(blocker)
    return found


def in_words(found: Sequence[Blocker]) -> str:
    """Say conditions in one line; fields that are empty for the same stage are named together."""
    empty: dict[str, list[str]] = {}
    words: list[str] = []
    for blocker in found:
        label, is_empty, stage = blocker.text.removesuffix(_ASKS).partition(_IS_EMPTY)
        if is_empty:
            empty.setdefault(stage, []).append(label)
        else:
            words.append(blocker.text)
    for stage, labels in empty.items():
        are = f"{', '.join(labels[:-1])} and {labels[-1]} are" if len(labels) > 1 else f"{labels[0]} is"
        words.append(f"{are} empty; {stage} asks for {'them' if len(labels) > 1 else 'it'}")
    return "; ".join(words)


def check(deal_id: int, target: str, now: dt.datetime) -> list[Blocker]:
    """Return the blockers of a stored deal on its way to `target`; a closed deal has one, its outcome."""
    deal = get_detail(deal_id, now)
    if deal.outcome is not Outcome.OPEN:
        return [_closed(deal)]
    return blockers(deal, target, process.current())


def _closed(deal: DealDetail) -> Blocker:
    ref = show_deal(deal.id)
    word = deal.outcome.replace("_", " ")
    return Blocker("outcome", "closed", f"{ref} is {word}", word, f"contoso deal reopen {ref}", deal.stage.id, False)


def _sign_off(deal: DealDetail, rules: Process) -> Blocker | None:
    if deal.tech.is_valid:
        return None
    ref = show_deal(deal.id)
    reason, text = {
        TechState.STALE: ("stale", "the sign-off is stale: the terms changed after it"),
        TechState.FAILED: ("failed", "the tech check failed"),
        TechState.DRAFT: ("not_signed", "the tech check is begun, not signed"),
    }.get(deal.tech, ("not_signed", "the tech check is not signed"))
    amount, limit = us_dollars(deal.amount_usd_cents), us_dollars(rules.tech_check_limit_usd_cents)
    return Blocker(
        "tech_check",
        reason,
        f"{text}; {amount} is over {limit}, a technical consultant signs it",
        reason.replace("_", " "),
        f"contoso techcheck ask {ref} --of USER",
        deal.stage.id,
        False,
    )


def _filled(field: str, label: str) -> Callable[[DealDetail, Stage], Blocker | None]:
    def condition(deal: DealDetail, stage: Stage) -> Blocker | None:
        value = getattr(deal, field)
        if value not in (None, ""):
            return None
        name = field.removesuffix("_minor")
        return Blocker(
            field,
            "missing",
            f"{label}{_IS_EMPTY}{stage.name}{_ASKS}",
            "",
            f"contoso deal set {show_deal(deal.id)} {name}=...",
            stage.id,
            True,
        )

    return condition


def _decision_maker(deal: DealDetail, stage: Stage) -> Blocker | None:
    return None if deal.decider else _filled("decision_maker", "Decision maker")(deal, stage)


def _assessment(deal: DealDetail, stage: Stage) -> Blocker:
    return Blocker(
        "assessment",
        "not_met",
        f"the assessment of {stage.name} is not done, or its rule is not met",
        "",
        f"contoso assess do {show_deal(deal.id)} --stage {stage.id}",
        stage.id,
        False,
    )


def _lines(deal: DealDetail, stage: Stage) -> Blocker | None:
    if deal.line_count:
        return None
    ref = show_deal(deal.id)
    return Blocker(
        "lines",
        "missing",
        f"no product line yet; {stage.name} asks for at least one",
        "none",
        f"contoso deal line {ref} add PRODUCT",
        stage.id,
        True,
    )


def _quote_in_force(deal: DealDetail, stage: Stage) -> Blocker | None:
    if deal.quotes.in_force:
        return None
    present = deal.quotes.latest or "none"
    day = deal.quotes.expired_on
    if day is not None:
        name = deal.quotes.expired
        return Blocker(
            "quote",
            "expired",
            f"{name} expired on {clock.in_words(day)}; revise it",
            present,
            f"contoso quote revise {name.partition(' ')[0]}, then contoso quote send",
            stage.id,
            False,
        )
    return Blocker(
        "quote",
        "missing",
        "no quote in force (sent and not expired, or accepted)",
        present,
        f"contoso quote new {show_deal(deal.id)}, then contoso quote send",
        stage.id,
        False,
    )


def _quote_accepted(deal: DealDetail, stage: Stage) -> Blocker | None:
    if deal.quotes.is_accepted:
        return None
    return Blocker(
        "quote",
        "not_accepted",
        "no quote is accepted",
        deal.quotes.latest or "none",
        f"contoso quote accept {deal.quotes.in_force or 'Q'}",
        stage.id,
        False,
    )


def _no_open_quotes(deal: DealDetail, stage: Stage) -> Blocker | None:
    if not deal.quotes.has_draft and not deal.quotes.other_sent:
        return None
    what = "a draft" if deal.quotes.has_draft else "another sent quote"
    return Blocker(
        "quotes",
        "open_quotes",
        f"{what} is still open: send, cancel or settle it first",
        deal.quotes.latest,
        "contoso quote cancel Q",
        stage.id,
        False,
    )


def _walkthrough(deal: DealDetail, stage: Stage) -> Blocker | None:
    if deal.walkthrough_on and deal.walkthrough_with and deal.walkthrough_ready:
        return None
    missing = [
        word
        for word, value in (
            ("when", deal.walkthrough_on),
            ("with whom", deal.walkthrough_with),
            ("customer ready", deal.walkthrough_ready),
        )
        if not value
    ]
    return Blocker(
        "walkthrough",
        "missing",
        f"the final walk-through is not noted ({', '.join(missing)})",
        deal.walkthrough_on.isoformat() if deal.walkthrough_on else "",
        f"contoso deal won {show_deal(deal.id)} --walkthrough DATE --with WHO --ready",
        stage.id,
        True,
    )


CONDITIONS: dict[str, Callable[[DealDetail, Stage], Blocker | None]] = {
    "customer": _filled("customer_id", "Customer"),
    "need": _filled("need", "Need"),
    "budget": _filled("budget_minor", "Budget"),
    "time_frame": _filled("time_frame", "Time frame"),
    "decision_maker": _decision_maker,
    "lines": _lines,
    "quote_in_force": _quote_in_force,
    "quote_accepted": _quote_accepted,
    "no_open_quotes": _no_open_quotes,
    "walkthrough": _walkthrough,
}
