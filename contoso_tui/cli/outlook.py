"""`contoso report outlook`: what closed deals teach, and what that says of an open one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from contoso_tui.cli import local
from models import ids
from models.errors import UsageError

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call
    from contoso_tui.cli.parser import Group
    from models.outlook.records import DealOutlook, Judged, Report, Threshold

# So many deals are named for each threshold where people read.
_MOST_NAMED = 10
_NO_BETTER = "Of deals left out of the learning the model judged no better than the plain baseline: go by the baseline"


def register(group: Group) -> None:
    """Add the command."""
    outlook = group.command("outlook", show, "how likely a deal is to be won, as closed ones teach; changes nothing")
    outlook.add_argument("id", nargs="?", default="", metavar="DEAL", help="without it: what closed deals teach")
    outlook.add_argument("--pipeline", default="", help="without DEAL: of which pipeline, by default the first")


def show(call: Call) -> None:
    """Show what closed deals teach, of all or of one open deal."""
    from models.outlook import outlook

    if not call.args.id:
        found = outlook.report(call.args.pipeline)
        call.out.single("contoso.outlook-report/1", _report_record(found), _report_lines(found))
        return
    if call.args.pipeline:
        raise UsageError("A deal is judged by the closed deals of its own pipeline: leave out --pipeline")
    judged = outlook.judge(ids.deal_id(call.args.id), call.now)
    call.out.single("contoso.outlook/1", _deal_record(judged), _deal_lines(judged))


def _deal_record(found: DealOutlook) -> dict[str, Any]:
    return {
        "id": ids.show_deal(found.deal_id),
        "customer": found.customer,
        "stage": found.stage,
        "chance": round(found.chance, 4),
        "baseline": round(found.baseline, 4),
        "better": found.is_better,
        "why": [{"feature": one.feature, "odds": round(one.odds, 4), "text": one.sentence} for one in found.why],
        "fits": {
            "stage": found.fits,
            "why": list(found.fit_why),
            "right": round(found.fit.right, 4),
            "baseline": round(found.fit.baseline, 4),
        },
    }


def _deal_lines(found: DealOutlook) -> Iterator[str]:
    yield f"{ids.show_deal(found.deal_id)}  {found.customer}  {found.stage_name}"
    yield (
        f"Likely to be won: {found.chance:.0%}; plain baseline {found.baseline:.0%}"
        f" (won of {found.reached} closed deals that reached {found.stage_name})"
    )
    if not found.is_better:
        yield _NO_BETTER
    yield "Why:" if found.why else "Nothing in its history tells it from the average of its stage"
    for reason in found.why:
        yield f"  {reason.sentence}"
    stands = "" if found.fits == found.stage else f"; it stands in {found.stage_name}"
    yield f"Its history fits {found.fits_name} best{stands}"
    for sentence in found.fit_why:
        yield f"  {sentence}"
    yield _fit_line(found.fit.right, found.fit.baseline, found.fit.baseline_stage)


def _report_record(found: Report) -> dict[str, Any]:
    return {
        "pipeline": found.pipeline,
        "won": found.won,
        "lost": found.lost,
        "since": local.day(found.since),
        "quality": {
            "loss": round(found.quality.loss, 4),
            "baseline_loss": round(found.quality.baseline_loss, 4),
            "margin": round(found.quality.margin, 4),
            "better": found.quality.is_better,
            "deals": found.quality.deals,
            "folds": found.quality.folds,
        },
        "weights": [
            {"feature": one.feature, "odds": round(one.odds, 4), "text": one.sentence} for one in found.weights
        ],
        "baseline": [
            {"stage": one.stage, "reached": one.reached, "won": one.won, "share": round(one.won / one.reached, 4)}
            for one in found.baseline
        ],
        "stage_fit": {
            "right": round(found.fit.right, 4),
            "baseline": round(found.fit.baseline, 4),
            "baseline_stage": found.fit.baseline_stage,
        },
        "thresholds": [_threshold_record(one) for one in found.thresholds],
    }


def _threshold_record(found: Threshold) -> dict[str, Any]:
    is_said = not found.refusal
    return {
        "stage": found.stage,
        "rule": found.rule,
        "won": found.won,
        "lost": found.lost,
        "refused": found.refusal or None,
        "accuracy": round(found.accuracy, 4) if is_said else None,
        "best_rule": found.best_rule or None,
        "best_accuracy": round(found.best_accuracy, 4) if is_said else None,
        "left_out_accuracy": round(found.left_out_accuracy, 4) if is_said else None,
        "margin": round(found.margin, 4) if is_said else None,
        "better": found.is_better,
        "moved": [_judged_record(one) for one in found.moved],
        "held": [_judged_record(one) for one in found.held],
    }


def _judged_record(found: Judged) -> dict[str, Any]:
    return {
        "id": ids.show_deal(found.deal_id),
        "customer": found.customer,
        "outcome": found.outcome,
        "score": found.score,
    }


def _report_lines(found: Report) -> Iterator[str]:
    yield f"{found.pipeline_name}: learned from {found.won} won and {found.lost} lost deals, closed since {found.since}"
    quality = found.quality
    yield (
        f"Log loss of deals left out of the learning: {quality.loss:.3f}, of the plain baseline"
        f" {quality.baseline_loss:.3f}; less is better, a difference above {quality.margin:.3f} is more than chance"
    )
    if not quality.is_better:
        yield _NO_BETTER
    yield "Plain baseline, won of the deals that reached a stage:"
    for share in found.baseline:
        yield f"  {share.name}: {share.won} of {share.reached}, {share.won / share.reached:.0%}"
    yield "What weighs most, for one standard deviation:" if found.weights else "Nothing weighs for or against winning"
    for weight in found.weights:
        yield f"  {weight.sentence}"
    yield _fit_line(found.fit.right, found.fit.baseline, found.fit.baseline_stage)
    if found.thresholds:
        yield "Thresholds; right is the mean of won deals let on and lost deals held, 50% for always the same answer:"
    for threshold in found.thresholds:
        yield from _threshold_lines(threshold)


def _fit_line(right: float, baseline: float, stage: str) -> str:
    return f"Stages told from the history of won deals left out: {right:.0%} right, always {stage} {baseline:.0%}"


def _threshold_lines(found: Threshold) -> Iterator[str]:
    if found.refusal:
        yield f"  {found.name}, {found.rule}: {found.refusal}"
        return
    if not found.is_better:
        yield f"  {found.name}, {found.rule}: {found.accuracy:.0%} right; no other threshold was surely better"
        return
    yield (
        f"  {found.name}, {found.rule}: {found.accuracy:.0%} right; {found.best_rule} would have been right in"
        f" {found.best_accuracy:.0%}, chosen without the deals it judges in {found.left_out_accuracy:.0%}"
    )
    yield from _named("would have held", found.held)
    yield from _named("would have moved", found.moved)


def _named(verb: str, deals: Sequence[Judged]) -> Iterator[str]:
    for one in deals[:_MOST_NAMED]:
        yield f"    {verb} {ids.show_deal(one.deal_id)} {one.customer} ({one.outcome}, scored {one.score})"
    if len(deals) > _MOST_NAMED:
        yield f"    {verb} {len(deals) - _MOST_NAMED} more; --json names all"
