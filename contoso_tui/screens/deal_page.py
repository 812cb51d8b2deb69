"""Everything that the deal screen shows, read in one go on a reader thread."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from models import process
from models.activities import ideas
from models.activities.ideas import Idea
from models.assessments import forms, reading
from models.assessments.records import Assessment
from models.customers import people
from models.customers.records import Person
from models.deals import board, buying_centre, details, gates, lines, quotes, stage_days, tech_checks, timeline
from models.deals.buying_centre import DealPerson
from models.deals.detail_records import DealDetail, Line, Quote, TechCheck, TechCheckView, TimelineEntry
from models.deals.records import DealCard, Outcome, Stage
from models.errors import Blocker
from models.people.permissions import works_on_deal
from models.people.records import Actor

ACTIVE = (
    "deal",
    "deal_member",
    "deal_person",
    "activity",
    "customer",
    "deal_line",
    "quote",
    "quote_line",
    "person",
    "process_version",
)
"""Journalled tables whose changes may show on a deal's screen; checks and requests touch the deal itself."""


@dataclass(frozen=True, slots=True)
class DealPage:
    """A deal with all that its tabs show but the history, which is read when it is looked at."""

    deal: DealDetail
    card: DealCard
    stages: tuple[Stage, ...]
    days: dict[str, int]
    """Stage id to days spent there."""
    tech: TechCheckView
    why_cannot_sign: str
    may_work: bool
    """Whether the reader owns the deal, is on its team, or manages its owner."""
    next_stage: str
    """Name of the stage that `>` leads to; empty from the last one."""
    missing: tuple[tuple[str, tuple[Blocker, ...]], ...]
    """Goal (a stage's name, or "Won") to what is missing for it beyond what is missing for the goals before."""
    entries: tuple[TimelineEntry, ...]
    lines: tuple[Line, ...]
    quotes: tuple[Quote, ...]
    checks: tuple[TechCheck, ...]
    people: tuple[Person, ...]
    centre: tuple[DealPerson, ...]
    assessments: tuple[Assessment, ...]
    assessment_rule: str
    """The rule of the stage's questionnaire in words, "" where it has none."""
    ideas: tuple[Idea, ...]
    limit_usd_cents: int

    @property
    def is_open(self) -> bool:
        """Whether the deal is still worked on."""
        return self.deal.outcome is Outcome.OPEN


def read(deal_id: int, actor: Actor, now: dt.datetime) -> DealPage:
    """Read a deal's page as `actor` may see it.

    Raises:
        NotFoundError: there is no such deal.
    """
    deal = details.get_detail(deal_id, now)
    rules = process.current()
    following = gates.next_stage(deal, rules)
    form = forms.find(deal.pipeline, deal.stage.id)
    return DealPage(
        deal=deal,
        card=board.list_cards([deal_id], now)[0],
        stages=rules.stages(deal.pipeline),
        days=stage_days.list_days(deal_id, now),
        tech=tech_checks.get_view(deal_id, now),
        why_cannot_sign=tech_checks.why_cannot_sign(actor, deal),
        may_work=works_on_deal(actor, deal.id, deal.owner_id),
        next_stage=following.name if following else "",
        missing=_missing(deal, rules, following) if deal.outcome is Outcome.OPEN else (),
        entries=tuple(timeline.list_timeline(deal_id, now)),
        lines=tuple(lines.list_lines(deal_id)),
        quotes=tuple(quotes.list_for_deal(deal_id, now)),
        checks=tuple(tech_checks.list_checks(deal_id)),
        people=people.list_people(deal.customer_id),
        centre=buying_centre.list_people(deal_id),
        assessments=tuple(reading.list_for_deal(deal_id)),
        assessment_rule=form.rule if form is not None else "",
        ideas=ideas.list_ideas(deal_id, now) if deal.outcome is Outcome.OPEN else (),
        limit_usd_cents=rules.tech_check_limit_usd_cents,
    )


def _missing(
    deal: DealDetail, rules: process.Process, following: Stage | None
) -> tuple[tuple[str, tuple[Blocker, ...]], ...]:
    stages = rules.stages(deal.pipeline)
    goals = [(following.name, following.id)] if following else []
    if following is not None and not following.is_last:
        goals.append((stages[-1].name, stages[-1].id))
    goals.append(("Won", gates.WON))
    known: set[tuple[str, str]] = set()
    found = []
    for name, goal in goals:
        new = [b for b in gates.blockers(deal, goal, rules) if (b.field, b.reason) not in known]
        known |= {(blocker.field, blocker.reason) for blocker in new}
        found.append((name, tuple(new)))
    return tuple(found)


def find_neighbour(deal_id: int, by: int, now: dt.datetime) -> int | None:
    """Return the deal after (1) or before (-1) in its owner's board, column by column; None at the end."""
    deal = details.get_detail(deal_id, now)
    outcome = {Outcome.OPEN: "open", Outcome.WON: "won", Outcome.WON_IMPORTED: "won"}.get(deal.outcome, "lost")
    view = board.View(owner_id=deal.owner_id, pipeline=deal.pipeline, outcome=outcome)
    order = [
        found for stage in process.current().stages(deal.pipeline) for found in board.list_column(view, stage.id, now)
    ]
    if deal_id not in order:
        return None
    place = order.index(deal_id) + by
    return order[place] if 0 <= place < len(order) else None
