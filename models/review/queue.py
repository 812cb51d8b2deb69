"""The pairs that wait for a person, the most informative first, and one of them with what speaks for and against."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from models import ids, money
from models.customers import entered, profiles, survivorship
from models.customers.entered import TYPED
from models.customers.records import Relation
from models.customers.relations import relate
from models.customers.survivorship import Record
from models.database import execute
from models.errors import NotFoundError
from models.ids import show_customer, show_match
from models.people import permissions
from models.people.records import Actor
from models.review import notes
from models.review.records import Candidate, Case, CaseRow, Compared, Side, chance_of

# In the order in which they are shown. Income, tiers and the like say nothing about who somebody is.
COMPARED = ("name", "email", "phone", "birth_date", "address", "gender")
# The importers' words for what they compare.
_BITS = {"dob": "birth_date", "addr": "address", "cat": "gender", "category": "gender"}
# So many pairs with the same reason are compared to find those that are alike in every field.
_ALIKE_READ = 500
# The right record is the incoming one; the left side may be a customer entered by hand.
_LEFT = f"coalesce(l.customer_id, {entered.now_with('p.typed_id')})"
_SIDES = (
    " FROM review_pair p LEFT JOIN source_record l ON l.id = p.left_record_id"
    " JOIN source_record r ON r.id = p.right_record_id"
)
_PAIRS = (
    f"SELECT p.id, p.right_record_id, {_LEFT}, r.customer_id, p.score, p.later_at IS NOT NULL, p.left_record_id,"
    f" p.typed_id{_SIDES}"
)
_KEYS = f"(coalesce(l.source, '{TYPED}'), coalesce(l.key, CAST(p.typed_id AS TEXT))), (r.source, r.key)"
# A pair asks whether two customers are one, or whether one customer is two; when that is so already, nothing is open.
_ASKS = f"({_LEFT} <> r.customer_id) <> (p.splits IS NOT NULL)"
_IS_OPEN = f"p.state = 'open' AND {_ASKS}"


def information_of(bits: float, settles: int) -> float:
    """Return how much an answer tells, in bits: the doubt about one pair times the open pairs that it settles.

    The doubt is the entropy of the pair's chance: 1 at even odds, near 0 where the score leaves none.
    """
    chance = chance_of(bits)
    doubt = -sum(part * math.log2(part) for part in (chance, 1 - chance) if part > 0)
    return doubt * settles


def list_cases(state: str = "open") -> list[CaseRow]:
    """Return incoming records with pairs in this state (open, linked, never); of open ones the most informative first.

    What was put off comes last. Of equal ones, those at stake with more money go first, then the likelier.
    """
    rows = execute(f"{_PAIRS} WHERE p.state = ?1 AND (?1 <> 'open' OR {_ASKS})", (state,)).fetchall()
    # Both answers settle what else is open between the same two customers.
    between: dict[tuple[int, int], int] = defaultdict(int)
    grouped: dict[int, list[tuple[int, float, int, bool, int]]] = defaultdict(list)
    for pair_id, record_id, one, other, score, is_later, *_ in rows:
        pair = (min(one, other), max(one, other))
        between[pair] += 1
        grouped[record_id].append((pair_id, score, *pair, bool(is_later)))
    made = []
    for record_id, pairs in grouped.items():
        best = max(pairs, key=lambda one: (one[1], -one[0]))
        told = sum(information_of(score, between[low, high]) for _, score, low, high, _ in pairs)
        made.append((record_id, best[0], best[1], len(pairs), told, all(one[4] for one in pairs)))
    names = _names([row[0] for row in made])
    cases = [CaseRow(row[0], row[1], names[row[0]], *row[2:], state) for row in made]
    if state != "open":
        return sorted(cases, key=lambda case: -case.pair_id)
    worth = _worth([case.record_id for case in cases])
    return sorted(
        cases,
        key=lambda case: (
            case.is_later,
            -round(case.information, 6),
            -worth[case.record_id],
            -case.bits,
            case.record_id,
        ),
    )


def count_open() -> int:
    """Return how many incoming records wait."""
    row = execute(f"SELECT count(DISTINCT p.right_record_id){_SIDES} WHERE {_IS_OPEN}").fetchone()
    return int(row[0])


def find_record(pair_id: int) -> int:
    """Return the incoming record of a pair.

    Raises:
        NotFoundError: there is no such pair.
    """
    row = execute("SELECT right_record_id FROM review_pair WHERE id = ?", (pair_id,)).fetchone()
    if row is None:
        raise NotFoundError(f"There is no pair {show_match(pair_id)}; contoso match list shows them")
    return int(row[0])


def state_of(pair_id: int) -> str:
    """Return whether a pair is open, linked or never."""
    return str(execute("SELECT state FROM review_pair WHERE id = ?", (pair_id,)).fetchone()[0])


def list_decided(pair_ids: Sequence[int]) -> set[int]:
    """Return which of these pairs are decided."""
    rows = execute(
        "SELECT id FROM review_pair WHERE state <> 'open' AND id IN (SELECT value FROM json_each(?))",
        (json.dumps(pair_ids),),
    )
    return {row[0] for row in rows.fetchall()}


def get_case(actor: Actor, record_id: int, state: str = "open") -> Case:
    """Return an incoming record with its candidates; birth dates only to who may see those of both.

    Raises:
        NotFoundError: it has no pairs in this state.
    """
    rows = execute(
        "SELECT p.id, p.left_record_id, p.typed_id, p.score, p.reason, p.evidence, p.run_id,"
        " p.splits IS NOT NULL,"
        f" coalesce((SELECT d.decided_by FROM match_decision d WHERE (d.left_source, d.left_key) IN ({_KEYS})"
        f"  AND (d.right_source, d.right_key) IN ({_KEYS})), '')"
        f"{_SIDES} WHERE p.right_record_id = ? AND p.state = ? ORDER BY p.score DESC, p.id",
        (record_id, state),
    ).fetchall()
    if not rows:
        raise NotFoundError(f"Nothing of that is {state} any more")
    incoming, record, owner = _read(record_id)
    candidates = []
    for pair_id, other_id, typed_id, score, reason, evidence, _, splits, decided_by in rows:
        side, other, other_owner = _read(other_id) if typed_id is None else _read_typed(typed_id)
        if state == "open" and (side.customer_id == incoming.customer_id) != bool(splits):
            continue
        may_see = all(permissions.may_see_private(actor, one) for one in (owner, other_owner))
        fields = _compare(record, other, json.loads(evidence), may_see=may_see)
        candidates.append(Candidate(pair_id, state, side, score, reason, fields, decided_by))
    if not candidates:
        raise NotFoundError("All that it was compared with is with its own customer by now")
    may_see = permissions.may_see_private(actor, owner)
    return Case(rows[0][6], incoming, tuple(_brings(record, may_see=may_see)), tuple(candidates))


def rows_as_text(actor: Actor, sides: Sequence[Side]) -> str:
    """Return source rows whole, as they came, one below the other; private cells only to who may see them.

    Of a customer entered by hand, what it shows.
    """
    made = []
    for side in sides:
        head = f"{side.source}:{side.key}  {show_customer(side.customer_id)} {side.customer}"
        if side.source == TYPED:
            _, record, owner_id = _read_typed(ids.customer_id(side.key))
            hidden = () if permissions.may_see_private(actor, owner_id) else profiles.PRIVATE
            cells = [(name, "hidden for your role" if name in hidden else value)
                     for name, value in record.fields.items() if name != "full_name"]  # fmt: skip
            head += "  entered by hand"
        else:
            _, _, owner_id = _read(side.record_id)
            may_see = permissions.may_see_private(actor, owner_id)
            rows = profiles.list_sources(side.customer_id, may_see_private=may_see)
            row = next(one for one in rows if one.id == side.record_id)
            head += f"  {row.file} line {row.line}"
            cells = list(row.cells)
        made += [head, *(f"  {name}: {cell}" for name, cell in cells if cell), ""]
    return "\n".join(made)


def list_alike(pair_id: int) -> list[tuple[int, str, str]]:
    """Return open pairs whose fields relate in the very same way as this one's: number and both names; without it."""
    row = execute(f"{_PAIRS} WHERE p.id = ?", (pair_id,)).fetchone()
    if row is None:
        return []
    wanted = _signature(*_both(row))
    rows = execute(
        f"{_PAIRS} WHERE {_IS_OPEN} AND p.reason = (SELECT reason FROM review_pair WHERE id = ?1) AND p.id <> ?1"
        " ORDER BY p.id LIMIT ?2",
        (pair_id, _ALIKE_READ),
    ).fetchall()
    found = []
    for other in rows:
        left, right = _both(other)
        if _signature(left, right) == wanted:
            found.append((int(other[0]), left[0].name, right[0].name))
    return found


_Read = tuple[Side, Record, int | None]
"""A side of a pair, what is said there, and who owns the customer."""


def _both(row: tuple[Any, ...]) -> tuple[_Read, _Read]:
    *_, left_id, typed_id = row
    return _read(left_id) if typed_id is None else _read_typed(typed_id), _read(row[1])


def _signature(left: _Read, right: _Read) -> tuple[tuple[Relation, str], ...]:
    fields = _compare(left[1], right[1], [], may_see=True)
    return tuple((field.relation, field.note) for field in fields)


def _compare(incoming: Record, other: Record, evidence: Sequence[Any], *, may_see: bool) -> tuple[Compared, ...]:
    bits: dict[str, float] = {}
    for name, worth in evidence:
        field = _BITS.get(name, name)
        bits[field] = bits.get(field, 0.0) + worth
    fields = []
    for field in COMPARED:
        mine, theirs = (survivorship.value_of(field, one) for one in (incoming, other))
        if mine in (None, "") and theirs in (None, ""):
            continue
        relation = Relation.MISSING if mine in (None, "") or theirs in (None, "") else relate(field, mine, theirs)
        hidden = field in profiles.PRIVATE and not may_see
        shown = ("", "") if hidden else (profiles.as_text(field, mine), profiles.as_text(field, theirs))
        worth = bits.get(field)
        if relation is Relation.DIFFERS and worth is not None and worth > 0:
            # The matching measures finer than these words do.
            relation = Relation.ALIKE
        said = notes.note(field, relation, mine, theirs)
        fields.append(Compared(field, profiles.LABELS[field], relation, *shown, said, worth, hidden))
    rest = sum(worth for name, worth in bits.items() if name not in COMPARED)
    if abs(rest) >= 0.05:
        fields.append(
            Compared("context", "context", Relation.MISSING, "", "", "how rare the values are, and chance", rest)
        )
    return tuple(fields)


def _read(record_id: int) -> _Read:
    row = execute("SELECT source, key, fields, customer_id FROM source_record WHERE id = ?", (record_id,)).fetchone()
    return _side(Record(record_id, row[0], row[1], json.loads(row[2])), row[3])


def _read_typed(customer_id: int) -> _Read:
    found = execute(f"SELECT {entered.now_with('?')}", (customer_id,)).fetchone()
    return _side(entered.as_record(customer_id), found[0])


def _side(record: Record, customer_id: int) -> _Read:
    row = execute(
        "SELECT c.name, c.kind, c.owner_id, coalesce(u.login, '') FROM customer c"
        " LEFT JOIN app_user u ON u.id = c.owner_id WHERE c.id = ?",
        (customer_id,),
    ).fetchone()
    customer, kind, owner_id, owner = row
    known = {one[0] for one in execute("SELECT source FROM source_record WHERE customer_id = ?", (customer_id,))}
    known |= {one[0] for one in execute("SELECT DISTINCT source FROM purchase WHERE customer_id = ?", (customer_id,))}
    known |= {record.source}
    sources = tuple(code for code in ("con", "loy", "onl", "pos", TYPED) if code in known)
    name = survivorship.person_name(record.fields) or customer
    # As people read it, and reports name it.
    key = show_customer(int(record.key)) if record.source == TYPED else record.key
    side = Side(record.id, record.source, key, name, customer_id, customer, kind, owner, sources)
    return side, record, owner_id


def _brings(record: Record, *, may_see: bool) -> list[tuple[str, str]]:
    made = []
    points = record.fields.get("points")
    if points is not None:
        made.append(("points", f"{points:,}"))
    if record.fields.get("created_on"):
        made.append(("since", str(record.fields["created_on"])))
    if record.fields.get("tier"):
        made.append(("tier", str(record.fields["tier"])))
    if record.fields.get("income_minor") and may_see:
        made.append(("income", money.to_text(record.fields["income_minor"])))
    return made


def _names(record_ids: Sequence[int]) -> dict[int, str]:
    found = {}
    for start in range(0, len(record_ids), 500):
        some = record_ids[start : start + 500]
        marks = ", ".join("?" * len(some))
        for row in execute(f"SELECT id, source, key, fields FROM source_record WHERE id IN ({marks})", tuple(some)):
            found[row[0]] = survivorship.person_name(json.loads(row[3])) or f"{row[1]}:{row[2]}"
    return found


def _worth(record_ids: Sequence[int]) -> dict[int, int]:
    """Return what the customers of records have spent and have in open Deals, in US cents."""
    found = dict.fromkeys(record_ids, 0)
    for start in range(0, len(record_ids), 500):
        some = record_ids[start : start + 500]
        marks = ", ".join("?" * len(some))
        rows = execute(
            "SELECT r.id, (SELECT coalesce(sum(amount_minor), 0) FROM purchase WHERE customer_id = r.customer_id)"
            " + (SELECT coalesce(sum(amount_usd_cents), 0) FROM deal WHERE customer_id = r.customer_id"
            f" AND outcome = 'open') FROM source_record r WHERE r.id IN ({marks})",
            tuple(some),
        )
        found.update({row[0]: row[1] for row in rows.fetchall()})
    return found
