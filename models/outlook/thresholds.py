"""Which threshold of a stage's questionnaire would have judged closed deals better.

A threshold is judged by balanced accuracy (Brodersen and others, 2010, "The balanced accuracy and its posterior
distribution"): the mean of the shares of won deals let on and of lost deals held, for won and lost are seldom as many.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from collections.abc import Callable, Sequence

from models.assessments import forms
from models.assessments.records import COMPARISONS, Questionnaire
from models.database import execute
from models.deals.records import Outcome
from models.outlook.histories import History
from models.outlook.model import FOLDS
from models.outlook.records import Judged, Threshold

Rule = Callable[[int], bool]


def judge(form: Questionnaire, stage_name: str, histories: Sequence[History], fewest: int) -> Threshold:
    """Return what a questionnaire's threshold made of closed deals, beside the one that parts them best.

    The newest score of a deal counts. Left out are scores that a knock-out answer settled, which no threshold changes,
    and those of versions with other questions.
    """
    cases = _list_cases(form, histories)
    won = [case for case in cases if case.outcome == Outcome.WON]
    lost = [case for case in cases if case.outcome != Outcome.WON]
    plain = Threshold(form.stage, stage_name, form.rule, len(won), len(lost))
    if min(len(won), len(lost)) < fewest:
        return plain._replace(
            refusal=f"{len(won)} won and {len(lost)} lost deals were scored; {fewest} of each are needed"
        )
    op = ">" if form.op == ">" else ">="
    best = _best(form, op, won, lost)
    rule = _rule(op, best)
    left_out, margin = _left_out(form, op, won, lost)
    found = plain._replace(
        accuracy=_accuracy(form.holds, won, lost),
        best_rule=f"{COMPARISONS[op]} {best}",
        best_accuracy=_accuracy(rule, won, lost),
        left_out_accuracy=left_out,
        margin=margin,
    )
    if not found.is_better:
        return found
    return found._replace(
        moved=tuple(case for case in cases if rule(case.score) and not form.holds(case.score)),
        held=tuple(case for case in cases if form.holds(case.score) and not rule(case.score)),
    )


def _list_cases(form: Questionnaire, histories: Sequence[History]) -> list[Judged]:
    known = {history.deal_id: history for history in histories}
    rows = execute(
        "SELECT a.deal_id, a.score, a.result, q.version FROM assessment a JOIN questionnaire q"
        " ON q.id = a.questionnaire_id WHERE q.pipeline = ? AND q.stage = ?"
        " AND a.deal_id IN (SELECT value FROM json_each(?)) ORDER BY a.id",
        (form.pipeline, form.stage, json.dumps(list(known))),
    ).fetchall()
    alike = {version: _asks_the_same(form, version) for version in {row[3] for row in rows}}
    newest = {deal_id: (score, result) for deal_id, score, result, version in rows if alike[version]}
    return [
        Judged(deal_id, known[deal_id].customer, known[deal_id].outcome, score)
        for deal_id, (score, result) in sorted(newest.items())
        if result != "knocked_out"
    ]


def _asks_the_same(form: Questionnaire, version: int) -> bool:
    found = forms.find_version(form.pipeline, form.stage, version)
    return found is not None and found.questions == form.questions


def _rule(op: str, threshold: int) -> Rule:
    return (lambda score: score > threshold) if op == ">" else (lambda score: score >= threshold)


def _accuracy(rule: Rule, won: Sequence[Judged], lost: Sequence[Judged]) -> float:
    """Return the balanced accuracy of letting on what a rule holds for."""
    let_on = sum(rule(case.score) for case in won) / len(won)
    held = sum(not rule(case.score) for case in lost) / len(lost)
    return (let_on + held) / 2


def _best(form: Questionnaire, op: str, won: Sequence[Judged], lost: Sequence[Judged]) -> int:
    """Return the threshold that parts won from lost best; of several the one nearest to that in force."""
    first = 0 if op == ">" else 1
    won_scores, lost_scores = sorted(case.score for case in won), sorted(case.score for case in lost)

    def rank(threshold: int) -> tuple[float, int, int]:
        # Up to this score a deal is held.
        highest = threshold - first
        let_on = 1 - bisect_right(won_scores, highest) / len(won)
        held = bisect_right(lost_scores, highest) / len(lost)
        return -(let_on + held), abs(threshold - form.threshold), threshold

    return min(range(first, max(form.most, 1) + first), key=rank)


def _left_out(form: Questionnaire, op: str, won: Sequence[Judged], lost: Sequence[Judged]) -> tuple[float, float]:
    """Judge each fifth of the deals by the threshold that the other four parts choose.

    Return the accuracy, and two standard errors of what it gains on the rule in force.
    """
    rules = [_rule(op, _best(form, op, _others(won, fold), _others(lost, fold))) for fold in range(FOLDS)]
    accuracy = squared_error = 0.0
    for cases, is_won in ((won, True), (lost, False)):
        count = len(cases)
        right = [rules[n % FOLDS](case.score) is is_won for n, case in enumerate(cases)]
        gains = [now - (form.holds(case.score) is is_won) for now, case in zip(right, cases, strict=True)]
        gain = sum(gains) / count
        accuracy += sum(right) / count / 2
        squared_error += sum((one - gain) ** 2 for one in gains) / count**2 / 4
    return accuracy, 2 * math.sqrt(squared_error)


def _others(cases: Sequence[Judged], fold: int) -> list[Judged]:
    return [case for n, case in enumerate(cases) if n % FOLDS != fold]
