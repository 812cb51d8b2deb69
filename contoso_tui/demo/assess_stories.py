"""Assessments that moved the demo's deals, and who decides on the customers' side."""

from __future__ import annotations

import datetime as dt

from models.assessments import assessments, forms, scoring
from models.deals import buying_centre
from models.deals.details import get_detail
from models.people.records import Actor

# Role, influence, attitude; each influences the one before.
_CENTRE = (("decision_maker", 3, 1), ("economic_buyer", 2, 0), ("technical_evaluator", 2, -1), ("user", 1, 1))


def assess(actor: Actor, now: dt.datetime, deal_id: int, number: int) -> bool:
    """Answer the questionnaire of a deal's stage well enough; return whether that moved the deal."""
    deal = get_detail(deal_id, now)
    form = forms.find(deal.pipeline, deal.stage.id)
    if form is None:
        return False
    choices = {question.id: 0 for question in form.questions}
    # Not everything is at its best, where the rule still holds.
    weaker = {**choices, form.questions[number % len(form.questions)].id: 1}
    if scoring.score(form, weaker).is_held:
        choices = weaker
    return assessments.complete(actor, now, deal_id, form.id, choices).assessment.result == "moved"


def meet(actor: Actor, now: dt.datetime, deal_id: int, number: int) -> None:
    """Put some of the customer's people on a deal."""
    before = ""
    names = buying_centre.list_candidates(deal_id, now)[: 2 + number % 3]
    for name, (role, influence, attitude) in zip(names, _CENTRE, strict=False):
        buying_centre.add(actor, now, deal_id, name, role, influence=influence, attitude=attitude, influences=before)
        before = name
