"""Quotes: a number with revisions; only a draft can be edited, what was sent is revised."""

from __future__ import annotations

import datetime as dt
from typing import Any

from models import clock, journal, process
from models.clock import in_words
from models.database import company_zone, execute
from models.deals import discounts, lines, products, rates
from models.deals.detail_records import DealDetail, Line, Quote
from models.deals.details import get_detail
from models.deals.records import Outcome
from models.errors import NotFoundError, RefusedError, UsageError
from models.ids import show_deal, show_quote
from models.people.permissions import require_work_on_deal
from models.people.records import Actor

_FIRST_NUMBER = 301
_SELECT = """
SELECT q.id, q.number, q.revision, q.deal_id, c.name, u.login, q.state, q.currency, q.valid_until, q.addressee,
    q.note, q.reason, q.created_at, q.sent_at, q.answered_on, q.extended_until,
    CASE q.state WHEN 'draft' THEN (SELECT a.login FROM quote_approval_request r JOIN app_user a ON a.id = r.asked_of_id
        WHERE r.quote_id = q.id AND NOT EXISTS (SELECT 1 FROM quote_approval p WHERE p.quote_id = q.id
            AND p.discount_bp >= r.discount_bp) ORDER BY r.id DESC LIMIT 1) END
FROM quote q JOIN deal d ON d.id = q.deal_id JOIN customer c ON c.id = d.customer_id
JOIN app_user u ON u.id = d.owner_id
"""
_COPY = "product_id, description, quantity, is_monthly, months, price_minor, discount_bp"


def get(quote_id: int, now: dt.datetime) -> Quote:
    """Return one revision with its lines.

    Raises:
        NotFoundError: there is none.
    """
    row = execute(f"{_SELECT} WHERE q.id = ?", (quote_id,)).fetchone()
    if row is None:
        raise NotFoundError(f"There is no quote {quote_id}; contoso quote list shows them")
    return _quote(row, now)


def find(number: int, revision: int | None, now: dt.datetime) -> Quote:
    """Return a quote by its number: the given revision, else the newest.

    Raises:
        NotFoundError: there is none.
    """
    row = execute(
        f"{_SELECT} WHERE q.number = ? AND (q.revision = ? OR ? IS NULL) ORDER BY q.revision DESC LIMIT 1",
        (number, revision, revision),
    ).fetchone()
    if row is None:
        raise NotFoundError(f"There is no quote {show_quote(number, revision)}; contoso quote list shows them")
    return _quote(row, now)


def list_for_deal(deal_id: int, now: dt.datetime) -> list[Quote]:
    """Return a deal's quotes, newest first."""
    rows = execute(f"{_SELECT} WHERE q.deal_id = ? ORDER BY q.id DESC", (deal_id,)).fetchall()
    return [_quote(row, now) for row in rows]


def list_quotes(now: dt.datetime, *, owner_id: int | None = None, limit: int = 500) -> list[Quote]:
    """Return quotes of one owner's deals or of all, newest first."""
    rows = execute(
        f"{_SELECT} WHERE d.owner_id = ? OR ? IS NULL ORDER BY q.id DESC LIMIT ?", (owner_id, owner_id, limit)
    ).fetchall()
    return [_quote(row, now) for row in rows]


def find_current(deal_id: int, now: dt.datetime) -> Quote | None:
    """Return the draft, else the quote that makes the amount, else the newest one; None without any."""
    row = execute(
        f"{_SELECT} WHERE q.deal_id = ?"
        " ORDER BY q.state = 'draft' DESC, q.id = d.amount_quote_id DESC, q.id DESC LIMIT 1",
        (deal_id,),
    ).fetchone()
    return _quote(row, now) if row else None


def create(actor: Actor, now: dt.datetime, deal_id: int, *, of: int | None = None) -> int:
    """Make a draft: a new number from the deal's lines, or the next revision.

    That copies the quote with the id `of`, the newest without it. The reason of a rejected one is carried into
    the next revision's note.

    Raises:
        NotAllowedError: neither owner, team nor their manager.
        RefusedError: the deal is closed, or has a draft already.
    """
    deal = _require_open(actor, now, deal_id)
    found = list_for_deal(deal_id, now)
    newest = found[0] if found else None
    if newest is not None and newest.state == "draft":
        raise RefusedError(f"{_name(newest)} is a draft already: edit or cancel that")
    source = next((quote for quote in found if quote.id == of), newest)
    table, parent = ("quote_line", source.id) if source is not None else ("deal_line", deal_id)
    said = next((quote.reason for quote in (newest, source) if quote is not None and quote.state == "rejected"), "")
    valid_until = clock.local_date(now, company_zone()) + dt.timedelta(days=process.current().quote_valid_days)
    with journal.action(actor, now, "quote.create", f"New quote for {deal.customer}") as made:
        if newest is not None and source is not None:
            number, revision, addressee = newest.number, newest.revision + 1, source.addressee
        else:
            top = execute("SELECT coalesce(max(number) + 1, ?) FROM quote", (_FIRST_NUMBER,)).fetchone()[0]
            number, revision, addressee = top, 1, deal.decision_maker
        note = f"Last answer: {said}" if said else ""
        cursor = execute(
            "INSERT INTO quote (number, revision, deal_id, currency, valid_until, addressee, note, created_at,"
            " created_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (number, revision, deal_id, deal.currency, valid_until.isoformat(), addressee, note, clock.to_micros(now),
             actor.login),
        )  # fmt: skip
        quote_id = int(cursor.lastrowid or 0)
        execute(
            f"INSERT INTO quote_line (quote_id, position, {_COPY}) SELECT ?, position, {_COPY} FROM {table}"
            f" WHERE {table.replace('_line', '_id')} = ? ORDER BY position, id",
            (quote_id, parent),
        )
        made.summary = f"Draft {show_quote(number, revision)} for {deal.customer}"
    return quote_id


def add_line(
    actor: Actor,
    now: dt.datetime,
    quote_id: int,
    product: str,
    quantity: int = 1,
    *,
    months: int | None = None,
    discount_bp: int = 0,
) -> int:
    """Add a line to a draft with the catalogue's price; raises what `lines.add` does, and on a sent quote."""
    quote = _require_draft(actor, now, quote_id)
    found = products.find(product)
    lines.check_values(
        {"quantity": quantity, "months": months, "discount_bp": discount_bp}, is_monthly=found.is_monthly
    )
    price = rates.price_of(found, quote.currency, now)
    lines.check_worth(quantity, price, months, is_monthly=found.is_monthly)
    with journal.action(actor, now, "quote.line", f"Added {quantity} x {found.name} to {_name(quote)}"):
        cursor = execute(
            "INSERT INTO quote_line (quote_id, position, product_id, description, quantity, is_monthly, months,"
            " price_minor, discount_bp) SELECT ?, coalesce(max(position), 0) + 1, ?, ?, ?, ?, ?, ?, ?"
            " FROM quote_line WHERE quote_id = ?",
            (
                quote_id,
                found.id,
                found.name,
                quantity,
                found.is_monthly,
                months if found.is_monthly else None,
                price,
                discount_bp,
                quote_id,
            ),
        )
        return int(cursor.lastrowid or 0)


def change_line(actor: Actor, now: dt.datetime, line_id: int, **values: Any) -> None:
    """Change fields of a draft's line; raises what `lines.change` does, and on a sent quote."""
    quote, line = _find_line(actor, now, line_id)
    lines.check_values(values, is_monthly=line.is_monthly)
    with journal.action(actor, now, "quote.line", f"Changed {line.description} in {_name(quote)}"):
        lines.store(line, values, "quote_line")


def remove_line(actor: Actor, now: dt.datetime, line_id: int) -> None:
    """Remove a line of a draft."""
    quote, line = _find_line(actor, now, line_id)
    with journal.action(actor, now, "quote.line", f"Removed {line.description} from {_name(quote)}"):
        execute("DELETE FROM quote_line WHERE id = ?", (line_id,))


def shift_line(actor: Actor, now: dt.datetime, line_id: int, by: int) -> None:
    """Move a draft's line up (-1) or down (+1); at the end it stays where it is."""
    quote, line = _find_line(actor, now, line_id)
    with journal.action(actor, now, "quote.line", f"Moved {line.description} in {_name(quote)}"):
        lines.reorder([other.id for other in quote.lines], line_id, by, "quote_line")


def change(
    actor: Actor,
    now: dt.datetime,
    quote_id: int,
    *,
    valid_until: dt.date | None = None,
    addressee: str | None = None,
    note: str | None = None,
) -> None:
    """Change a draft's date, addressee or text."""
    quote = _require_draft(actor, now, quote_id)
    day = valid_until.isoformat() if valid_until else None
    with journal.action(actor, now, "quote.change", f"Changed {_name(quote)}"):
        for column, value in (("valid_until", day), ("addressee", addressee), ("note", note)):
            if value is not None:
                execute(f"UPDATE quote SET {column} = ? WHERE id = ?", (value, quote_id))


def send(actor: Actor, now: dt.datetime, quote_id: int) -> None:
    """Mark a draft as sent: it is locked, makes the deal's amount, and supersedes the one sent before. Never undone.

    Raises:
        RefusedError: no lines, its date has passed, it is no draft, or a discount is not approved.
    """
    quote = _require_draft(actor, now, quote_id)
    if not quote.lines:
        raise RefusedError(f"{_name(quote)} has no lines: add one before sending it")
    if quote.valid_until < clock.local_date(now, company_zone()):
        raise RefusedError(f"{_name(quote)} is valid only to {in_words(quote.valid_until)}: set a later date first")
    discounts.require_within(actor, quote)
    with journal.action(actor, now, "quote.send", f"Sent {_name(quote)} to {quote.customer}", can_undo=False):
        execute("UPDATE quote SET state = 'sent', sent_at = ? WHERE id = ?", (clock.to_micros(now), quote_id))
        execute(
            "UPDATE quote SET state = 'superseded' WHERE deal_id = ? AND state = 'sent' AND id <> ?",
            (quote.deal_id, quote_id),
        )


def accept(actor: Actor, now: dt.datetime, quote_id: int, *, on: dt.date | None = None) -> None:
    """Record that the customer accepted a sent quote; sent and accepted siblings are superseded. Never undone.

    Raises:
        RefusedError: it isn't sent, or its date has passed.
        UsageError: the day of the answer is in the future.
    """
    quote = _require_sent(actor, now, quote_id, "accepted")
    if quote.state == "expired":
        raise RefusedError(f"{_name(quote)} expired on {in_words(quote.valid_until)}: extend it to a later day first")
    day = _answered_on(on, now)
    with journal.action(actor, now, "quote.accept", f"{_name(quote)} accepted by {quote.customer}", can_undo=False):
        execute(
            "UPDATE quote SET state = 'superseded' WHERE deal_id = ? AND id <> ? AND state IN ('sent', 'accepted')",
            (quote.deal_id, quote_id),
        )
        execute("UPDATE quote SET state = 'accepted', answered_on = ? WHERE id = ?", (day, quote_id))


def reject(actor: Actor, now: dt.datetime, quote_id: int, reason: str, *, on: dt.date | None = None) -> None:
    """Record that the customer rejected a sent quote, with their reason.

    Raises:
        RefusedError: it isn't sent.
        UsageError: the reason is empty, or the day of the answer is in the future.
    """
    quote = _require_sent(actor, now, quote_id, "rejected")
    if not reason.strip():
        raise UsageError("Rejecting a quote needs the customer's reason: the next revision carries it")
    day = _answered_on(on, now)
    with journal.action(actor, now, "quote.reject", f"{_name(quote)} rejected by {quote.customer}"):
        execute(
            "UPDATE quote SET state = 'rejected', answered_on = ?, reason = ? WHERE id = ?",
            (day, reason.strip(), quote_id),
        )


def cancel(actor: Actor, now: dt.datetime, quote_id: int, reason: str = "") -> None:
    """Cancel a draft or a sent quote.

    Raises:
        RefusedError: it is neither.
    """
    quote = get(quote_id, now)
    _require_open(actor, now, quote.deal_id)
    if quote.state not in ("draft", "sent", "expired"):
        raise RefusedError(f"{_name(quote)} is {quote.state}: only a draft or a sent quote can be cancelled")
    with journal.action(actor, now, "quote.cancel", f"Cancelled {_name(quote)}"):
        execute("UPDATE quote SET state = 'cancelled', reason = ? WHERE id = ?", (reason.strip(), quote_id))


def _answered_on(on: dt.date | None, now: dt.datetime) -> str:
    today = clock.local_date(now, company_zone())
    if (on or today) > today:
        raise UsageError(f"The customer can't have answered in the future: {in_words(on or today)} is after today")
    return (on or today).isoformat()


def _name(quote: Quote) -> str:
    return show_quote(quote.number, quote.revision)


def _quote(row: tuple[Any, ...], now: dt.datetime) -> Quote:
    found: tuple[Line, ...] = tuple(
        lines.make_line(line)
        for line in execute(
            f"SELECT {lines.COLUMNS} FROM quote_line WHERE quote_id = ? ORDER BY position, id", (row[0],)
        ).fetchall()
    )
    sent_until = dt.date.fromisoformat(row[8])
    valid_until = dt.date.fromisoformat(row[15]) if row[15] else sent_until
    is_past = row[6] == "sent" and valid_until < clock.local_date(now, company_zone())
    return Quote(
        id=row[0],
        number=row[1],
        revision=row[2],
        deal_id=row[3],
        customer=row[4],
        owner=row[5],
        state="expired" if is_past else row[6],
        currency=row[7],
        valid_until=valid_until,
        addressee=row[9],
        note=row[10],
        reason=row[11],
        created_at=clock.from_micros(row[12]),
        sent_at=clock.from_micros(row[13]) if row[13] else None,
        answered_on=dt.date.fromisoformat(row[14]) if row[14] else None,
        net_minor=sum(line.net_minor for line in found),
        gross_minor=sum(line.gross_minor for line in found),
        lines=found,
        extended_from=sent_until if row[15] else None,
        asked_of=row[16] or "",
    )


def _require_open(actor: Actor, now: dt.datetime, deal_id: int) -> DealDetail:
    deal = get_detail(deal_id, now)
    require_work_on_deal(actor, deal_id, deal.owner_id)
    if deal.outcome is not Outcome.OPEN:
        raise RefusedError(f"{show_deal(deal_id)} {deal.customer} is closed: its quotes are frozen")
    return deal


def _require_draft(actor: Actor, now: dt.datetime, quote_id: int) -> Quote:
    quote = get(quote_id, now)
    _require_open(actor, now, quote.deal_id)
    if quote.state != "draft":
        raise RefusedError(f"{_name(quote)} is {quote.state} and can't be changed: make a new revision")
    return quote


def _require_sent(actor: Actor, now: dt.datetime, quote_id: int, what: str) -> Quote:
    quote = get(quote_id, now)
    _require_open(actor, now, quote.deal_id)
    if quote.state not in ("sent", "expired"):
        raise RefusedError(f"{_name(quote)} is {quote.state}: only a sent quote can be {what}")
    return quote


def _find_line(actor: Actor, now: dt.datetime, line_id: int) -> tuple[Quote, Line]:
    row = execute("SELECT quote_id FROM quote_line WHERE id = ?", (line_id,)).fetchone()
    if row is None:
        raise NotFoundError(f"There is no line {line_id} any more")
    quote = _require_draft(actor, now, row[0])
    return quote, next(line for line in quote.lines if line.id == line_id)
