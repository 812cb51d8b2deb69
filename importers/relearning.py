"""Having matching learn again from all records: what that would change, and doing it (`contoso match learn`)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from importers import existing, grouping, match_memory, review_pairs
from importers.existing import Known
from importers.grouping import Groups
from importers.incoming import Incoming
from importers.match_memory import Memory
from importers.review_pairs import ReviewPair
from models import journal
from models.customers.decisions import Key
from models.database import execute
from models.errors import ChangedMeanwhileError, RefusedError
from models.merging import plans
from models.people import permissions
from models.people.records import Actor
from models.words import counted


@dataclass(frozen=True)
class Status:
    """What matching goes by now: the model, None where none is kept, and why it should be another."""

    memory: Memory | None
    records: int
    why_learn_again: str


@dataclass(frozen=True)
class Foreseen:
    """What learning again would change.

    Attributes:
        records: How many records there are to learn from.
        joins: Customers that would be one without a person, group by group.
        pairs: What a person would be asked, and hasn't been.
        splits: Customers whose records look like several people to the new model; they stay one.
        groups: What came out.
        known: What there was.
    """

    records: int
    joins: tuple[tuple[int, ...], ...]
    pairs: tuple[ReviewPair, ...]
    splits: tuple[int, ...]
    groups: Groups
    known: Known

    @property
    def joined(self) -> int:
        """Return how many customers would go into another."""
        return sum(len(group) - 1 for group in self.joins)

    @cached_property
    def members(self) -> dict[int, Key]:
        """A record of each customer, or who was entered by hand."""
        return {customer_id: grouping.key_of(ident) for ident, customer_id in grouping.customers_of(self.known).items()}


@dataclass(frozen=True, slots=True)
class Learned:
    """What learning again did: customers that went into another, and pairs left to a person."""

    joined: int
    review: int


def status() -> Status:
    """Return what matching goes by now."""
    memory = match_memory.read()
    records = execute("SELECT count(*) FROM source_record").fetchone()[0]
    return Status(memory, records, why_learn_again(memory))


def why_learn_again(memory: Memory | None) -> str:
    """Return why learning again is advisable, "" if it isn't."""
    if memory is None:
        return ""
    counts = dict(execute("SELECT source, count(*) FROM source_record GROUP BY source").fetchall())
    return memory.why_learn_again(sum(counts.values()), counts)


def foresee() -> Foreseen:
    """Learn from all records and compare what comes out with the customers there are; nothing is written.

    Raises:
        RefusedError: there are no records.
    """
    known = existing.read()
    if not known.records:
        raise RefusedError("There is nothing to learn from yet: contoso import DIR")
    groups = grouping.group(Incoming(), known, None)
    customer_of = grouping.customers_of(known)
    accounts = {account.customer_id for account in known.accounts}
    of_group: dict[int, set[int]] = defaultdict(set)
    of_customer: dict[int, set[int]] = defaultdict(set)
    for ident, customer_id in customer_of.items():
        if customer_id not in accounts:
            of_customer[customer_id].add(groups.group_of[ident])
        of_group[groups.group_of[ident]].add(customer_id)
    joins = tuple(
        tuple(sorted(customers))
        for customers in of_group.values()
        # What would be parted, or is an account, is joined by nobody but a person.
        if len(customers) > 1 and all(len(of_customer.get(one, ())) == 1 for one in customers)
    )
    together = {customer_id: number for number, group in enumerate(joins) for customer_id in group}
    splits = tuple(sorted(customer_id for customer_id, found in of_customer.items() if len(found) > 1))
    pairs = _pairs(groups, known, customer_of, together)
    return Foreseen(len(known.records), joins, pairs, splits, groups, known)


def _pairs(
    groups: Groups, known: Known, customer_of: dict[str, int], together: dict[int, int]
) -> tuple[ReviewPair, ...]:
    found = []
    for why in review_pairs.reasons(groups.pairs[groups.pairs["band"] != "apart"]):
        sides = grouping.key_of(why.left), grouping.key_of(why.right)
        customers = customer_of.get(why.left, 0), customer_of.get(why.right, 0)
        is_joined = customers[0] in together and together[customers[0]] == together.get(customers[1])
        if customers[0] != customers[1] and not is_joined and frozenset(sides) not in known.reviewed:
            found.append(ReviewPair(*sides, round(why.bits, 1), why.text, why.evidence))
    return tuple(found)


def apply(foreseen: Foreseen, actor: Actor, now: dt.datetime) -> Learned:
    """Put the new model in force, join what it joins, and leave to a person what it doubts; as one action.

    No customer is split. Customers of whom somebody must choose an owner, a nurture or a consultant are left to a
    person as well.

    Raises:
        NotAllowedError: the actor isn't sales operations.
        ChangedMeanwhileError: something was imported or decided since it was foreseen.
    """
    require(actor)
    title = f"Matching learned again from {counted(foreseen.records, 'record')}"
    with journal.action(actor, now, "match.learn", title) as made:
        if existing.stamp() != foreseen.known.stamp:
            raise ChangedMeanwhileError("Something was imported or decided meanwhile: look again")
        pairs = list(foreseen.pairs)
        joined = 0
        for group in foreseen.joins:
            done, left = _join(foreseen, group, actor, now)
            joined += done
            pairs += left
        run_id = execute("SELECT max(id) FROM import_run").fetchone()[0]
        review_pairs.keep(run_id, pairs)
        lesson = foreseen.groups.learn()
        assert lesson.model is not None
        match_memory.keep_model(lesson.model, lesson.shared, lesson.links, actor.login, now)
        made.summary = f"{title}: {counted(joined, 'customer')} joined, {counted(len(pairs), 'pair')} to review"
    return Learned(joined, len(pairs))


def require(actor: Actor) -> None:
    """Check that the actor may put a new model in force.

    Raises:
        NotAllowedError: the actor isn't sales operations.
    """
    permissions.require_operations(actor, "have matching learn again")


def _join(foreseen: Foreseen, group: tuple[int, ...], actor: Actor, now: dt.datetime) -> tuple[int, list[ReviewPair]]:
    """Join the customers of a group; return how many went into another, and the pairs that somebody must look at."""
    kept_id, joined, left = group[0], 0, []
    for other_id in group[1:]:
        plan = plans.plan(actor, kept_id, other_id)
        if plan.refusal or plan.questions:
            why = plan.refusal or plan.questions[0].text
            sides = (foreseen.members[kept_id], foreseen.members[other_id])
            if frozenset(sides) not in foreseen.known.reviewed:
                left.append(ReviewPair(*sides, 0.0, f"one person in two customers; {why}"))
        else:
            plans.carry_out(actor, now, plan, {})
            kept_id = plan.kept_id
            joined += 1
    return joined, left
