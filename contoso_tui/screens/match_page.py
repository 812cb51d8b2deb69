"""One record to review with all that its screen shows, read in one go on a reader thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from models.merging import plans
from models.merging.records import MergePlan
from models.people.records import Actor
from models.review import deciding, origins, queue
from models.review.origins import Origin
from models.review.records import Case, CaseRow


class Page(NamedTuple):
    """One incoming record with what each answer would do; `refusals` by pair say why this user can't decide it."""

    case: Case
    plans: Mapping[int, MergePlan]
    refusals: Mapping[int, str]
    origins: Mapping[int, Origin]
    """By pair, how the candidate's customer began."""


def read_queue(answered: Sequence[int]) -> tuple[list[CaseRow], set[int]]:
    """Read the queue, and which of the pairs that were answered still are."""
    return queue.list_cases(), queue.list_decided(answered)


def read_page(actor: Actor, record_id: int) -> Page:
    """Read an incoming record's candidates."""
    case = queue.get_case(actor, record_id)
    made = {one.pair_id: plans.plan(actor, case.incoming.customer_id, one.side.customer_id) for one in case.candidates}
    refusals = {one.pair_id: deciding.why_not(actor, one.pair_id) for one in case.candidates}
    return Page(case, made, refusals, origins.of_candidates(case))
