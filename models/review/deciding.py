"""Deciding pairs: one customer, never the same, later; one pair, or all that are alike, as one undo."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from models import clock, ids, journal
from models.customers import access, decisions, entered
from models.customers.entered import TYPED
from models.database import execute
from models.errors import NotAllowedError, NotFoundError, RefusedError
from models.merging import plans, splits
from models.people import permissions
from models.people.records import Actor
from models.words import counted

_PAIR = (
    f"SELECT p.*, c.name FROM (SELECT p.id, p.state, coalesce(l.source, '{TYPED}'),"
    f" coalesce(l.key, CAST(p.typed_id AS TEXT)), coalesce(l.customer_id, {entered.now_with('p.typed_id')}) AS left_id,"
    " r.source, r.key, r.customer_id, p.splits FROM review_pair p LEFT JOIN source_record l ON l.id = p.left_record_id"
    " JOIN source_record r ON r.id = p.right_record_id) p JOIN customer c ON c.id = p.left_id"
)


class _Pair(NamedTuple):
    id: int
    state: str
    left_source: str
    left_key: str
    left: int
    right_source: str
    right_key: str
    right: int
    splits: str | None
    name: str

    @property
    def keys(self) -> tuple[decisions.Key, decisions.Key]:
        return (self.left_source, self.left_key), (self.right_source, self.right_key)

    @property
    def shown(self) -> str:
        customers = ", ".join(map(ids.show_customer, dict.fromkeys((self.left, self.right))))
        return f"{ids.show_match(self.id)} {self.name} ({customers})"


def join(actor: Actor, now: dt.datetime, pair_ids: Sequence[int], **answers: str) -> list[int]:
    """Decide that the two records of each pair are one customer; return the customers that were kept.

    `answers` are those to what `plans.plan` asks, by the questions' names.

    Raises:
        NotAllowedError: the actor may not decide one of them; nothing changes then.
        NotFoundError: there is no such pair.
        RefusedError: they can't be one customer, or a question is open; it names the answers.
    """
    pairs = [_get(pair_id) for pair_id in pair_ids]
    kept: dict[int, None] = {}
    with journal.action(actor, now, "match.join", f"{_names(pairs)}: one customer"):
        for pair_id in pair_ids:
            # An answer before may have brought them together.
            pair = _get(pair_id)
            if pair.left != pair.right:
                kept[_merge(actor, now, pair, answers)] = None
            else:
                _require(actor, pair)
                kept[pair.left] = None
            decisions.join(actor, now, [pair.keys[0]], [pair.keys[1]])
    return list(kept)


def _merge(actor: Actor, now: dt.datetime, pair: _Pair, answers: Mapping[str, str]) -> int:
    plan = plans.plan(actor, pair.left, pair.right)
    _require(actor, pair)
    plans.carry_out(actor, now, plan, answers)
    return plan.kept_id


def apart(actor: Actor, now: dt.datetime, pair_ids: Sequence[int]) -> None:
    """Decide that the customers of each pair are never one; what else is open between these two is settled with it.

    Raises:
        NotAllowedError: the actor may not decide one of them; nothing changes then.
        NotFoundError: there is no such pair.
        RefusedError: both records are with one customer by now: one of them is split off instead.
    """
    pairs = [_get(pair_id) for pair_id in pair_ids]
    with journal.action(actor, now, "match.apart", f"{_names(pairs)}: never the same"):
        for pair in pairs:
            if pair.left == pair.right and pair.splits is None:
                raise RefusedError(f"{pair.shown}: both are with {ids.show_customer(pair.left)} by now: split one off")
            _require(actor, pair)
            if pair.left == pair.right:
                _split(actor, now, pair)
                continue
            decisions.part(actor, now, decisions.keys_of(pair.left), decisions.keys_of(pair.right))


def _split(actor: Actor, now: dt.datetime, pair: _Pair) -> None:
    """Take the record that has changed off the customer both are with."""
    key = pair.keys[0] if pair.splits == "left" else pair.keys[1]
    (record_id,) = execute("SELECT id FROM source_record WHERE source = ? AND key = ?", key).fetchone()
    splits.split(actor, now, pair.left, [record_id])


def why_not(actor: Actor, pair_id: int) -> str:
    """Return why the actor may not decide a pair, "" if they may."""
    try:
        _require(actor, _get(pair_id))
    except NotAllowedError as error:
        return error.message
    return ""


def later(actor: Actor, now: dt.datetime, pair_ids: Sequence[int]) -> None:
    """Put pairs at the end of the queue.

    Raises:
        NotFoundError: there is no such pair.
        RefusedError: one is decided already.
    """
    pairs = [_get(pair_id) for pair_id in pair_ids]
    for pair in pairs:
        if pair.state != "open":
            raise RefusedError(f"{ids.show_match(pair.id)} is decided already: {pair.state}")
    with journal.action(actor, now, "match.later", f"{_names(pairs)}: later"):
        for pair in pairs:
            execute("UPDATE review_pair SET later_at = ? WHERE id = ?", (clock.to_micros(now), pair.id))


def _get(pair_id: int) -> _Pair:
    row = execute(f"{_PAIR} WHERE p.id = ?", (pair_id,)).fetchone()
    if row is None:
        raise NotFoundError(f"There is no pair {ids.show_match(pair_id)}; contoso match list shows them")
    return _Pair(*row)


def _require(actor: Actor, pair: _Pair) -> None:
    """Check that the actor may decide; who has no owner asks nobody."""
    found = [access.get(customer_id) for customer_id in {pair.left, pair.right}]
    owners: set[int | None] = {one.owner_id for one in found if one.owner_id is not None} or {actor.id}
    permissions.require_unify(actor, owners, " and ".join(dict.fromkeys(one.name for one in found)))


def _names(pairs: Sequence[_Pair]) -> str:
    return pairs[0].shown if len(pairs) == 1 else counted(len(pairs), "pair")
