"""States that the rules forbid, whatever was done in whatever order; a watch remembers what must never change again."""

from __future__ import annotations

from typing import Any

from models.activities import points
from models.database import execute
from models.deals import board, discounts, tech_checks
from models.deals.details import get_detail
from models.people.records import Actor
from tests.models.conftest import NOW
from tests.models.random_work import FUNNEL, LIMIT, OCTOBER, ROLES, STAGES

_LAST = {"sales": "close", "funnel": "commitment"}


def standing() -> dict[int, tuple[str, str]]:
    """Return stage and outcome of every deal."""
    return {row[0]: (row[1], row[2]) for row in execute("SELECT id, stage, outcome FROM deal").fetchall()}


class Watch:
    """Looks at a database after each piece of work."""

    def __init__(self) -> None:
        self._before = standing()
        self._lost: set[int] = set()
        self._sent: dict[int, Any] = {}
        self._drafts = self._given()
        self._closed: dict[str, int] = {}

    def look(self, actor: Actor | None) -> None:
        """Check everything; `actor` did the last piece of work."""
        self._check_gate_and_checks()
        self._check_terms_and_totals()
        self._check_quotes(actor)
        check_orders()
        check_nurture()
        self._check_points()
        self._before = standing()

    def _check_gate_and_checks(self) -> None:
        for deal, (stage, outcome) in standing().items():
            detail = get_detail(deal, NOW)
            is_over = detail.amount_usd_cents > LIMIT
            entered = self._before.get(deal) != (stage, outcome)
            assert not (outcome == "won" and is_over and not detail.tech.is_valid)
            # A pipeline without a stage for the check asks it before winning alone.
            assert not (entered and (stage, outcome) == ("close", "open") and is_over and not detail.tech.is_valid)
            if outcome == "won" and entered:
                assert stage == _LAST[detail.pipeline]
                assert detail.quotes.is_accepted
                assert detail.walkthrough_ready
            for check in tech_checks.list_checks(deal):
                counts = not check.why_not_counting
                assert not (counts and check.id in self._lost), "a lost sign-off came back"
                if not counts:
                    self._lost.add(check.id)
                if counts and detail.tech.is_valid:
                    assert check.signed_usd_cents >= detail.amount_usd_cents
                    assert detail.owner != check.signed_by

    def _check_terms_and_totals(self) -> None:
        untrue = execute(
            "SELECT d.id FROM deal d JOIN deal_terms t ON t.deal_id = d.id WHERE (d.amount_usd_cents, d.terms_lines,"
            " d.amount_quote_id) IS NOT (t.amount_usd_cents, t.lines, t.quote_id)"
        ).fetchall()
        assert untrue == []
        for pipeline, names in (("sales", STAGES), ("funnel", FUNNEL)):
            kept = {
                t.stage: (t.deals, t.amount_usd_cents) for t in board.list_totals(board.View(pipeline=pipeline), NOW)
            }
            counted = dict.fromkeys(names, (0, 0)) | {
                row[0]: row[1:]
                for row in execute(
                    "SELECT stage, count(*), sum(amount_usd_cents) FROM deal WHERE outcome = 'open' AND pipeline = ?"
                    " GROUP BY stage",
                    (pipeline,),
                ).fetchall()
            }
            assert kept == counted

    def _given(self) -> dict[int, tuple[int, int]]:
        """Return what each draft gives away, and what of it is approved."""
        return {
            row[0]: (row[1] or 0, row[2] or 0)
            for row in execute(
                "SELECT q.id, (SELECT max(given_bp) FROM quote_line_given g WHERE g.quote_id = q.id),"
                " (SELECT max(discount_bp) FROM quote_approval p WHERE p.quote_id = q.id) FROM quote q"
                " WHERE q.state = 'draft'"
            ).fetchall()
        }

    def _check_quotes(self, actor: Actor | None) -> None:
        two = "SELECT deal_id FROM quote WHERE state = ? GROUP BY deal_id HAVING count(*) > 1"
        assert execute(two, ("draft",)).fetchall() == execute(two, ("accepted",)).fetchall() == []
        for row in execute("SELECT id, sent_at, valid_until, addressee, note, currency FROM quote").fetchall():
            if row[1] is None:
                continue
            held = execute(
                "SELECT product_id, quantity, months, price_minor, discount_bp, net_minor FROM quote_line"
                " WHERE quote_id = ? ORDER BY position, id",
                (row[0],),
            ).fetchall()
            if row[0] not in self._sent and row[0] in self._drafts and actor is not None:
                given, approved = self._drafts[row[0]]
                assert given <= max(approved, discounts.limit_of(actor)), "sent without approval"
            assert self._sent.setdefault(row[0], (row[1:], held)) == (row[1:], held), "a sent quote was changed"
        assert all(
            execute("SELECT sent_at FROM quote WHERE id = ?", (quote,)).fetchone()[0] is not None
            for quote in self._sent
        )
        self._drafts = self._given()

    def _check_points(self) -> None:
        if points.is_closed(OCTOBER):
            now = {login: points.month_points(login, OCTOBER) for login in ROLES}
            self._closed = self._closed or now
            assert now == self._closed, "a closed month's score changed"
        scored = execute("SELECT count(*) FROM activity WHERE state <> 'done' AND points <> 0").fetchone()[0]
        assert scored == 0, "points for what isn't done"


def check_orders() -> None:
    """Check that what is sold, delivered, invoiced and paid is never more than what was accepted."""
    without = (
        "SELECT q.id FROM quote q WHERE q.state = 'accepted' AND (SELECT count(*) FROM sales_order o WHERE"
        " o.quote_id = q.id AND o.contract_id IS NULL AND o.state <> 'cancelled') + (SELECT count(*)"
        " FROM sales_contract k WHERE k.quote_id = q.id AND k.state <> 'cancelled') <> 1"
        " AND (SELECT outcome FROM deal WHERE id = q.deal_id) NOT IN ('lost', 'disqualified')"
    )
    assert execute(without).fetchall() == [], "an acceptance without its one order or contract"
    of_none = (
        "SELECT o.id FROM sales_order o JOIN quote q ON q.id = o.quote_id"
        " WHERE o.state <> 'cancelled' AND q.state <> 'accepted'"
    )
    assert execute(of_none).fetchall() == [], "an order of what isn't accepted"
    released = (
        "SELECT k.id FROM contract_line k WHERE k.quantity < (SELECT coalesce(sum(l.quantity), 0) FROM order_line l"
        " JOIN sales_order o ON o.id = l.order_id WHERE l.contract_line_id = k.id AND o.state <> 'cancelled')"
    )
    assert execute(released).fetchall() == [], "more called off than agreed"
    invoiced = (
        "SELECT o.id FROM sales_order o WHERE (SELECT coalesce(sum(amount_minor), 0) FROM invoice i"
        " WHERE i.order_id = o.id) > (SELECT coalesce(sum(net_minor), 0) FROM order_line WHERE order_id = o.id)"
        " OR (o.state <> 'shipped' AND EXISTS (SELECT 1 FROM invoice WHERE order_id = o.id))"
    )
    assert execute(invoiced).fetchall() == [], "more invoiced than ordered, or before it was shipped"
    paid = (
        "SELECT i.id FROM invoice i WHERE i.paid_minor > i.amount_minor OR i.paid_minor IS NOT"
        " (SELECT coalesce(sum(amount_minor), 0) FROM payment WHERE invoice_id = i.id)"
    )
    assert execute(paid).fetchall() == [], "more paid than invoiced"
    lost = (
        "SELECT d.id FROM deal d JOIN sales_order o ON o.deal_id = d.id WHERE d.outcome IN ('lost', 'disqualified')"
        " AND o.state = 'shipped'"
    )
    assert execute(lost).fetchall() == [], "lost with goods delivered"


def check_nurture() -> None:
    """Check that nurture is for accounts alone, once for each, and that people belong to accounts."""
    individuals = (
        "SELECT e.id FROM enrolment e JOIN customer c ON c.id = e.customer_id"
        " WHERE e.state IN ('active', 'paused') AND c.kind <> 'corporate'"
    )
    assert execute(individuals).fetchall() == []
    twice = (
        "SELECT customer_id FROM enrolment WHERE state IN ('active', 'paused') GROUP BY customer_id, programme_code"
        " HAVING count(*) > 1"
    )
    assert execute(twice).fetchall() == []
    firsts = (
        "SELECT c.id FROM customer c WHERE c.kind = 'corporate' AND c.merged_into_id IS NULL AND EXISTS (SELECT 1"
        " FROM person p WHERE p.account_id = c.id) AND (SELECT count(*) FROM person p WHERE p.account_id = c.id"
        " AND p.is_primary = 1) <> 1"
    )
    assert execute(firsts).fetchall() == [], "an account with people has one first person"
    gone = "SELECT d.id FROM deal d JOIN customer c ON c.id = d.customer_id WHERE c.merged_into_id IS NOT NULL"
    assert execute(gone).fetchall() == [], "a deal stayed with a customer that went into another"
