"""Reading what happened to deals, so that any moment of it can be looked at again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from models.assessments import forms
from models.database import execute
from models.deals.records import Outcome

# Enough to learn from, few enough to read and learn in a few seconds.
MOST_DEALS = 600

# Of other outcomes none was a customer's yes or no; a deal that came in closed has no history here. The first
# condition is the index's own.
_CLOSED = (
    " FROM deal d WHERE d.outcome <> 'open' AND d.outcome IN ('won', 'lost') AND d.pipeline = ?"
    " AND EXISTS (SELECT 1 FROM stage_change s WHERE s.deal_id = d.id AND s.to_outcome = 'open')"
)
_AMONG = "IN (SELECT value FROM json_each(?))"


class Move(NamedTuple):
    """A deal came to a stage, or to its end there; times are UTC microseconds."""

    at: int
    stage: str
    is_open: bool
    usd_cents: int
    """What it was worth then."""


class Stay(NamedTuple):
    """A time in which an open deal stood in a stage; `place` is that of its move."""

    stage: str
    place: int
    begun: int
    ended: int


class History(NamedTuple):
    """All of a deal that is looked at; every list in the order in which it happened."""

    deal_id: int
    customer: str
    outcome: str
    closed_at: int | None
    moves: tuple[Move, ...]
    done: tuple[tuple[int, str], ...]
    """Activities: when, and by which channel."""
    quotes: tuple[int, ...]
    """When each revision was sent."""
    scores: tuple[tuple[int, str, float], ...]
    """Assessments: when, of which stage, and the share of its points."""
    steps: tuple[tuple[int, int | None], ...]
    """Next steps: from when to when each was planned, None for still."""
    makers: tuple[tuple[int, bool], ...]
    """Until when the decision maker was known, or not known."""
    knows_maker: bool

    @property
    def is_won(self) -> bool:
        """Whether the customer said yes."""
        return self.outcome == Outcome.WON

    def list_stays(self) -> list[Stay]:
        """Return the times in which the deal stood open in a stage; one that hasn't ended is left out."""
        return [
            Stay(move.stage, place, move.at, after.at)
            for place, (move, after) in enumerate(zip(self.moves, self.moves[1:], strict=False))
            if move.is_open
        ]


def list_closed(pipeline: str, fewest: int) -> list[History]:
    """Return the newest `MOST_DEALS` deals that were won or lost, and as many more as hold `fewest` of both."""
    since = min(
        _closed_at(pipeline, MOST_DEALS),
        _closed_at(pipeline, fewest, Outcome.WON),
        _closed_at(pipeline, fewest, Outcome.LOST),
    )
    rows = execute(f"SELECT d.id{_CLOSED} AND coalesce(d.closed_at, 0) >= ? ORDER BY d.id", (pipeline, since))
    return read([row[0] for row in rows.fetchall()])


def _closed_at(pipeline: str, place: int, outcome: str = "") -> int:
    """Return when the deal at this place from the newest was closed, 0 where there are fewer."""
    row = execute(
        f"SELECT coalesce(d.closed_at, 0){_CLOSED} AND d.outcome IN (?, ?) ORDER BY d.closed_at DESC LIMIT 1 OFFSET ?",
        (pipeline, outcome or Outcome.WON.value, outcome or Outcome.LOST.value, place - 1),
    ).fetchone()
    return int(row[0]) if row else 0


def read(deal_ids: Sequence[int]) -> list[History]:
    """Return the histories of deals, in the order of their ids."""
    wanted = json.dumps(list(deal_ids))
    heads = _by_deal(
        "SELECT d.id, c.name, d.outcome, d.closed_at, d.decision_maker FROM deal d"
        f" JOIN customer c ON c.id = d.customer_id WHERE d.id {_AMONG} ORDER BY d.id",
        wanted,
    )
    moves = _by_deal(
        "SELECT deal_id, at, to_stage, to_outcome, amount_usd_cents FROM stage_change"
        f" WHERE deal_id {_AMONG} ORDER BY id",
        wanted,
    )
    activities = _by_deal(
        "SELECT deal_id, state, channel, created_at, done_at, is_next_step FROM activity"
        f" WHERE deal_id {_AMONG} AND state IN ('planned', 'done') ORDER BY id",
        wanted,
    )
    quotes = _by_deal(
        f"SELECT deal_id, sent_at FROM quote WHERE deal_id {_AMONG} AND sent_at IS NOT NULL ORDER BY id", wanted
    )
    makers = _by_deal(
        f"SELECT row_id, at, before FROM journal WHERE table_name = 'deal' AND row_id {_AMONG}"
        " AND column_name = 'decision_maker' AND op = 'u' ORDER BY id",
        wanted,
    )
    scores = _scores(wanted)
    found = []
    for deal_id, ((customer, outcome, closed_at, maker),) in heads.items():
        of_deal = activities.get(deal_id, [])
        found.append(
            History(
                deal_id=deal_id,
                customer=customer,
                outcome=outcome,
                closed_at=closed_at,
                moves=tuple(
                    Move(at, stage, to == Outcome.OPEN, cents) for at, stage, to, cents in moves.get(deal_id, ())
                ),
                done=tuple(
                    (done_at, channel) for state, channel, _, done_at, _ in of_deal if state == "done" and done_at
                ),
                quotes=tuple(sent_at for (sent_at,) in quotes.get(deal_id, ())),
                scores=scores.get(deal_id, ()),
                steps=tuple((created_at, done_at) for _, _, created_at, done_at, is_next in of_deal if is_next),
                makers=tuple((at, bool(before)) for at, before in makers.get(deal_id, ())),
                knows_maker=bool(maker),
            )
        )
    return found


def _scores(wanted: str) -> dict[int, tuple[tuple[int, str, float], ...]]:
    """Return the assessments by deal; scores of different versions compare as shares of their points."""
    rows = execute(
        "SELECT a.deal_id, a.entered_at, q.stage, a.score, q.id FROM assessment a"
        f" JOIN questionnaire q ON q.id = a.questionnaire_id WHERE a.deal_id {_AMONG} ORDER BY a.id",
        (wanted,),
    ).fetchall()
    most = {form_id: forms.get(form_id).most for form_id in {row[4] for row in rows}}
    found: dict[int, tuple[tuple[int, str, float], ...]] = {}
    for deal_id, at, stage, score, form_id in rows:
        if most[form_id]:
            found[deal_id] = (*found.get(deal_id, ()), (at, stage, score / most[form_id]))
    return found


def _by_deal(sql: str, wanted: str) -> dict[int, list[tuple[Any, ...]]]:
    """Return the rows of a statement by the deal's id, which is their first column."""
    found: dict[int, list[tuple[Any, ...]]] = {}
    for deal_id, *rest in execute(sql, (wanted,)).fetchall():
        found.setdefault(deal_id, []).append(tuple(rest))
    return found
