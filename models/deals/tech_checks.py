"""Tech checks: asking a consultant, drafting, signing, reading (rules 2). The database keeps the rules as well."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

from models import clock, journal, process
from models.clock import in_words
from models.database import company_zone, execute
from models.deals.detail_records import DealDetail, TechCheck, TechCheckRequest, TechCheckView
from models.deals.details import get_detail
from models.deals.records import AmountFrom, Outcome, TechState
from models.errors import ChangedMeanwhileError, RefusedError, UsageError
from models.ids import show_deal, show_quote
from models.money import us_dollars
from models.people import users
from models.people.permissions import require_sign, require_work_on_deal
from models.people.records import Actor, Role

OUTCOMES = (TechState.PASSED, TechState.PASSED_WITH_CONDITIONS, TechState.FAILED)
Answer = tuple[str, str, str]


def ask(
    actor: Actor, now: dt.datetime, deal_id: int, of_login: str, needed_by: dt.date | None = None, note: str = ""
) -> None:
    """Ask a technical consultant to sign; asking again replaces the date and note.

    Raises:
        NotAllowedError: neither owner, team nor their manager.
        NotFoundError: no such user.
        RefusedError: no check is needed, the one who is asked can't sign it, or the day has gone.
    """
    today = clock.local_date(now, company_zone())
    if needed_by is not None and needed_by < today:
        raise RefusedError(f"Needed by {in_words(needed_by)} has gone: today is {in_words(today)}")
    deal = get_detail(deal_id, now)
    require_work_on_deal(actor, deal_id, deal.owner_id)
    consultant = users.get_actor(of_login)
    if not consultant.has(Role.CONSULTANT):
        names = ", ".join(users.list_logins(Role.CONSULTANT)) or "nobody yet"
        raise RefusedError(f"{of_login} is no technical consultant; there are {names}")
    _require_needed(deal)
    if has_owned(deal_id, consultant.id):
        raise RefusedError(
            f"{of_login} has owned {show_deal(deal_id)} under these terms and can't sign it: ask another"
        )
    with journal.action(actor, now, "techcheck.ask", f"Asked {of_login} to check {deal.customer}"):
        execute(
            "INSERT INTO tech_check_request (deal_id, asked_of_id, asked_by, needed_by, note, asked_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                deal_id,
                consultant.id,
                actor.login,
                needed_by.isoformat() if needed_by else None,
                note.strip(),
                clock.to_micros(now),
            ),
        )


def sign(
    actor: Actor,
    now: dt.datetime,
    deal_id: int,
    outcome: TechState,
    checked_on: dt.date,
    details: str = "",
    answers: Sequence[Answer] = (),
    *,
    seen_check_id: int | None = None,
    seen: TechCheckView | None = None,
) -> int:
    """Sign a deal's tech check under its present terms; append-only, never undone.

    `seen_check_id` is the newest check that the signer saw when the form opened (None: there was none): if
    another came in between, the first counts. `seen` is the view of then: where the lines
    have changed since, or the amount is above the one that was read, nothing is signed.

    Raises:
        NotAllowedError: the actor is no technical consultant.
        RefusedError: no check is needed, the deal is closed or in its first stage, the actor has owned it under
            these terms, the date is in the future or before the deal, or details are missing.
        ChangedMeanwhileError: somebody else signed first.
    """
    require_sign(actor)
    if outcome not in OUTCOMES:
        raise UsageError(f"{outcome!r} is no outcome; there are {', '.join(OUTCOMES)}")
    deal = get_detail(deal_id, now)
    ref = f"{show_deal(deal_id)} {deal.customer}"
    if deal.outcome is not Outcome.OPEN:
        raise RefusedError(f"{ref} is {deal.outcome}: only an open deal's tech check can be signed")
    if deal.stage.is_first:
        raise RefusedError(f"{ref} is in {deal.stage.name}: a tech check can be signed from the next stage on")
    _require_needed(deal)
    if deal.owner_id == actor.id:
        raise RefusedError(f"You own {ref}: ask another consultant to sign it")
    if has_owned(deal_id, actor.id):
        raise RefusedError(f"You have owned {ref} under these terms: ask another consultant to sign it")
    today = clock.local_date(now, company_zone())
    day = in_words(checked_on)
    if checked_on > today:
        raise RefusedError(f"The check can't be dated in the future ({day}; today is {in_words(today)})")
    if checked_on < deal.created_on:
        raise RefusedError(
            f"The check can't be dated before the deal existed ({day}; made {in_words(deal.created_on)})"
        )
    if outcome is not TechState.PASSED and not details.strip():
        raise RefusedError("Details are required for 'failed' and 'passed with conditions'")
    with journal.action(
        actor, now, "techcheck.sign", f"Signed {deal.customer}: {outcome.replace('_', ' ')}", can_undo=False
    ):
        _require_first(deal_id, seen_check_id)
        terms_lines = execute("SELECT terms_lines FROM deal WHERE id = ?", (deal_id,)).fetchone()[0]
        if seen and (seen.terms_lines != terms_lines or seen.amount_usd_cents < deal.amount_usd_cents):
            raise ChangedMeanwhileError(
                f"The terms of {ref} changed while the check was filled in, now {us_dollars(deal.amount_usd_cents)}:"
                " nothing was signed; read them again"
            )
        cursor = execute(
            "INSERT INTO tech_check (deal_id, terms_rev, signed_by_id, checked_on, outcome, details, answers,"
            " signed_usd_cents, signed_lines, signed_from, signed_quote_id, entered_at)"
            " SELECT id, terms_rev, ?, ?, ?, ?, ?, amount_usd_cents, terms_lines, amount_from, amount_quote_id, ?"
            " FROM deal WHERE id = ? AND amount_usd_cents = ? AND version = ?",
            (
                actor.id,
                checked_on.isoformat(),
                outcome,
                details.strip(),
                json.dumps(list(answers)),
                clock.to_micros(now),
                deal_id,
                deal.amount_usd_cents,
                deal.version,
            ),
        )
        if cursor.rowcount != 1:
            raise ChangedMeanwhileError(f"{ref} was changed meanwhile: read its terms again, then sign")
        return int(cursor.lastrowid or 0)


def get_view(deal_id: int, now: dt.datetime) -> TechCheckView:
    """Return where a deal's tech check stands."""
    deal = get_detail(deal_id, now)
    checks = list_checks(deal_id)
    request = execute(
        "SELECT u.login, r.asked_by, r.needed_by, r.note, r.asked_at FROM tech_check_request r"
        " JOIN app_user u ON u.id = r.asked_of_id WHERE r.deal_id = ? AND NOT EXISTS"
        " (SELECT 1 FROM tech_check k WHERE k.deal_id = r.deal_id AND k.entered_at > r.asked_at)"
        " ORDER BY r.id DESC LIMIT 1",
        (deal_id,),
    ).fetchone()
    previous = execute(
        "SELECT k.deal_id FROM tech_check k JOIN deal d ON d.id = k.deal_id WHERE d.customer_id = ? AND d.id <> ?"
        " ORDER BY k.id DESC LIMIT 1",
        (deal.customer_id, deal_id),
    ).fetchone()
    return TechCheckView(
        deal_id=deal_id,
        customer=deal.customer,
        owner=deal.owner,
        state=deal.tech,
        limit_usd_cents=process.current().tech_check_limit_usd_cents,
        amount_usd_cents=deal.amount_usd_cents,
        amount_from=deal.amount_from,
        quote=deal.amount_quote,
        line_count=deal.line_count,
        last=checks[0] if checks else None,
        request=TechCheckRequest(request[0], request[1], _date(request[2]), request[3], clock.from_micros(request[4]))
        if request
        else None,
        created_on=deal.created_on,
        terms_lines=execute("SELECT terms_lines FROM deal WHERE id = ?", (deal_id,)).fetchone()[0],
        previous_at_customer=list_checks(previous[0])[0] if previous else None,
    )


def list_checks(deal_id: int) -> list[TechCheck]:
    """Return every check of a deal, newest first, also those that no longer count, with why not."""
    rows = execute(
        "SELECT k.id, k.outcome, u.login, k.checked_on, k.entered_at, k.details, k.answers, k.signed_usd_cents,"
        " k.signed_from, q.number, q.revision, k.terms_rev, k.signed_lines, d.terms_rev, d.amount_usd_cents,"
        " d.terms_lines, (SELECT value FROM rule WHERE key = 'tech_check_limit_usd_cents')"
        " FROM tech_check k JOIN app_user u ON u.id = k.signed_by_id JOIN deal d ON d.id = k.deal_id"
        " LEFT JOIN quote q ON q.id = k.signed_quote_id WHERE k.deal_id = ? ORDER BY k.id DESC",
        (deal_id,),
    ).fetchall()
    return [
        TechCheck(
            id=row[0],
            deal_id=deal_id,
            outcome=TechState(row[1]),
            signed_by=row[2],
            checked_on=dt.date.fromisoformat(row[3]),
            entered_at=clock.from_micros(row[4]),
            details=row[5],
            answers=tuple((a[0], a[1], a[2]) for a in json.loads(row[6])),
            signed_usd_cents=row[7],
            signed_from=AmountFrom(row[8]),
            signed_quote=show_quote(row[9], row[10]) if row[9] else "",
            why_not_counting=_why_not(row, is_newest=place == 0),
        )
        for place, row in enumerate(rows)
    ]


def list_waiting(now: dt.datetime, consultant_id: int | None = None) -> list[TechCheckView]:
    """Return open deals that need a sign-off and lack a valid one, soonest needed first.

    With `consultant_id`, only those that this consultant was asked for.
    """
    rows = execute(
        "SELECT d.id FROM deal d JOIN stage s ON s.pipeline = d.pipeline AND s.id = d.stage"
        " LEFT JOIN tech_check k ON k.id = d.last_check_id"
        " LEFT JOIN tech_check_request r ON r.id = (SELECT max(id) FROM tech_check_request WHERE deal_id = d.id)"
        " WHERE d.outcome = 'open' AND NOT s.is_first"
        " AND d.amount_usd_cents > (SELECT value FROM rule WHERE key = 'tech_check_limit_usd_cents')"
        " AND (k.id IS NULL OR k.terms_rev <> d.terms_rev OR k.outcome = 'failed')"
        " AND (? IS NULL OR r.asked_of_id = ?) ORDER BY r.needed_by IS NULL, r.needed_by, d.id LIMIT 500",
        (consultant_id, consultant_id),
    ).fetchall()
    return [get_view(row[0], now) for row in rows]


def save_draft(actor: Actor, now: dt.datetime, deal_id: int, payload: dict[str, Any]) -> None:
    """Keep a consultant's unfinished check; the card shows `T*`. Not an entry of the undo list."""
    require_sign(actor)
    with journal.action(actor, now, "techcheck.draft", "Kept a draft", can_undo=True):
        execute(
            "INSERT INTO tech_check_draft (deal_id, user_id, payload, saved_at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (deal_id, user_id) DO UPDATE SET payload = excluded.payload, saved_at = excluded.saved_at",
            (deal_id, actor.id, json.dumps(payload), clock.to_micros(now)),
        )


def find_draft(actor: Actor, deal_id: int) -> dict[str, Any] | None:
    """Return the actor's own draft of a deal's check, None without one."""
    row = execute(
        "SELECT payload FROM tech_check_draft WHERE deal_id = ? AND user_id = ?", (deal_id, actor.id)
    ).fetchone()
    found: dict[str, Any] | None = json.loads(row[0]) if row else None
    return found


def drop_draft(actor: Actor, now: dt.datetime, deal_id: int) -> None:
    """Throw the actor's draft away."""
    with journal.action(actor, now, "techcheck.draft", "Dropped a draft"):
        execute("DELETE FROM tech_check_draft WHERE deal_id = ? AND user_id = ?", (deal_id, actor.id))


def why_cannot_sign(actor: Actor, deal: DealDetail) -> str:
    """Return why the actor can't sign this deal's check, empty where they can."""
    if not actor.has(Role.CONSULTANT):
        return "only a technical consultant signs"
    if deal.owner_id == actor.id:
        return "you own this deal"
    if has_owned(deal.id, actor.id):
        return "you have owned this deal under these terms"
    if deal.outcome is not Outcome.OPEN:
        return f"the deal is {deal.outcome.replace('_', ' ')}"
    if deal.tech is TechState.NOT_NEEDED:
        return f"not needed: {us_dollars(deal.amount_usd_cents)}"
    return "it can be signed from the next stage on" if deal.stage.is_first else ""


def _why_not(row: tuple[Any, ...], *, is_newest: bool) -> str:
    amount, limit = row[14], row[16]
    if not is_newest:
        return "a newer one replaced it"
    if row[11] != row[13]:
        if row[12] != row[15]:
            return "the lines changed after it"
        if amount > row[7]:
            return f"signed at {us_dollars(row[7])}, now {us_dollars(amount)}"
        return "the amount or the stage changed after it"
    return f"not needed at {us_dollars(amount)}" if amount <= limit else ""


def _require_needed(deal: DealDetail) -> None:
    limit = process.current().tech_check_limit_usd_cents
    if deal.amount_usd_cents <= limit:
        raise RefusedError(
            f"{show_deal(deal.id)} {deal.customer} needs no tech check:"
            f" {us_dollars(deal.amount_usd_cents)} is not over {us_dollars(limit)}"
        )


def _require_first(deal_id: int, seen_check_id: int | None) -> None:
    row = execute(
        "SELECT k.id, u.login, k.entered_at, k.outcome FROM tech_check k JOIN app_user u ON u.id = k.signed_by_id"
        " WHERE k.deal_id = ? ORDER BY k.id DESC LIMIT 1",
        (deal_id,),
    ).fetchone()
    if row is not None and row[0] != seen_check_id:
        at = clock.from_micros(row[2]).strftime("%Y-%m-%d %H:%M UTC")
        raise ChangedMeanwhileError(
            f"{row[1]} signed {show_deal(deal_id)} first, {at}: {row[3].replace('_', ' ')}. Yours was not entered"
        )


def has_owned(deal_id: int, user_id: int) -> bool:
    """Return whether a user has owned a deal under its present terms, and so can't sign its check."""
    return (
        execute(
            "SELECT 1 FROM deal_ownership o JOIN deal d ON d.id = o.deal_id WHERE o.deal_id = ? AND o.user_id = ?"
            " AND o.terms_lines = d.terms_lines",
            (deal_id, user_id),
        ).fetchone()
        is not None
    )


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
