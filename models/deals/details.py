"""Reading one deal whole."""

from __future__ import annotations

import datetime as dt
from typing import Any

from models import clock, process, working_days
from models.database import company_zone, days_off, execute
from models.deals import tech_state
from models.deals.detail_records import DealDetail, QuoteState
from models.deals.records import AmountFrom, Outcome
from models.errors import NotFoundError
from models.ids import show_deal, show_quote

_DETAIL = """
SELECT d.version, d.customer_id, c.name, c.kind, d.owner_id, u.login, d.pipeline, d.stage, d.outcome, d.type,
    d.lead_source, d.need, d.budget_minor, d.time_frame, d.decision_maker, d.walkthrough_on, d.walkthrough_with,
    d.walkthrough_ready, d.amount_minor, d.currency, d.amount_usd_cents, d.amount_from, d.amount_quote_id,
    d.typed_amount_minor, d.probability_percent, d.category, d.close_on, d.stage_entered_at, d.created_at,
    d.terms_rev, d.last_check_id, d.next_step, d.next_step_on, d.next_step_minute, c.unpaid_minor, c.unpaid_since,
    c.open_cases, c.has_high_case, d.lost_reason, d.lost_by, d.lost_on, d.lost_note, d.won_on, d.created_on,
    d.created_by, k.outcome AS check_outcome, k.terms_rev AS check_rev,
    EXISTS (SELECT 1 FROM tech_check_draft t WHERE t.deal_id = d.id) AS has_draft,
    (SELECT group_concat(m.login, ' ') FROM (SELECT t.login FROM deal_member x JOIN app_user t ON t.id = x.user_id
        WHERE x.deal_id = d.id AND x.user_id <> d.owner_id ORDER BY x.id) m) AS team,
    coalesce((SELECT b.name FROM deal_person b WHERE b.deal_id = d.id AND b.role = 'decision_maker' ORDER BY b.id
        LIMIT 1), '') AS decider,
    CASE WHEN d.amount_quote_id IS NULL THEN (SELECT count(*) FROM deal_line l WHERE l.deal_id = d.id)
         ELSE (SELECT count(*) FROM quote_line l WHERE l.quote_id = d.amount_quote_id) END AS line_count
FROM deal d JOIN customer c ON c.id = d.customer_id JOIN app_user u ON u.id = d.owner_id
LEFT JOIN tech_check k ON k.id = d.last_check_id
WHERE d.id = ?
"""


def get_detail(deal_id: int, now: dt.datetime) -> DealDetail:
    """Return everything about one deal.

    Raises:
        NotFoundError: there is no such deal.
    """
    cursor = execute(_DETAIL, (deal_id,))
    row = cursor.fetchone()
    if row is None:
        raise NotFoundError(f"There is no deal {show_deal(deal_id)}; contoso deal list shows them")
    got: dict[str, Any] = dict(zip((column[0] for column in cursor.description), row, strict=True))
    got["customer"], got["kind"] = row[2], row[3]
    rules = process.current()
    zone = company_zone()
    today = clock.local_date(now, zone)
    stage = rules.stage(got["pipeline"], got["stage"])
    own = got["probability_percent"]
    next_on = _date(got["next_step_on"])
    outcome = Outcome(got["outcome"])
    return DealDetail(
        id=deal_id,
        version=got["version"],
        customer_id=got["customer_id"],
        customer=got["customer"],
        is_corporate=got["kind"] == "corporate",
        owner_id=got["owner_id"],
        owner=got["login"],
        pipeline=got["pipeline"],
        stage=stage,
        outcome=outcome,
        type=got["type"],
        lead_source=got["lead_source"],
        need=got["need"],
        budget_minor=got["budget_minor"],
        time_frame=got["time_frame"],
        decision_maker=got["decision_maker"],
        walkthrough_on=_date(got["walkthrough_on"]),
        walkthrough_with=got["walkthrough_with"],
        walkthrough_ready=bool(got["walkthrough_ready"]),
        amount_minor=got["amount_minor"],
        currency=got["currency"],
        amount_usd_cents=got["amount_usd_cents"],
        amount_from=AmountFrom(got["amount_from"]),
        amount_quote=_quote_name(got["amount_quote_id"]),
        typed_amount_minor=got["typed_amount_minor"],
        line_count=got["line_count"],
        probability_percent=stage.probability_percent if own is None else own,
        has_own_probability=own is not None,
        category=got["category"],
        close_on=_date(got["close_on"]),
        stage_entered_at=clock.from_micros(got["stage_entered_at"]),
        stage_age_days=clock.age_days(got["stage_entered_at"], now, zone),
        open_days=clock.age_days(got["created_at"], now, zone),
        tech=tech_state.derive(
            outcome,
            got["amount_usd_cents"],
            rules.tech_check_limit_usd_cents,
            got["check_outcome"],
            check_rev=got["check_rev"],
            terms_rev=got["terms_rev"],
            has_draft=bool(got["has_draft"]),
        ),
        quotes=_quote_state(deal_id, today),
        next_step=got["next_step"],
        next_step_on=next_on,
        next_step_minute=got["next_step_minute"],
        late_working_days=working_days.days_late(next_on, today, days_off()) if outcome is Outcome.OPEN else 0,
        unpaid_minor=got["unpaid_minor"],
        unpaid_since=_date(got["unpaid_since"]),
        open_cases=got["open_cases"],
        has_high_case=bool(got["has_high_case"]),
        lost_reason=got["lost_reason"],
        lost_by=got["lost_by"],
        lost_on=_date(got["lost_on"]),
        lost_note=got["lost_note"],
        won_on=_date(got["won_on"]),
        created_on=dt.date.fromisoformat(got["created_on"]),
        created_by=got["created_by"],
        decider=got["decider"],
        assessed=_assessed(deal_id, stage.id) if rules.required_assessments else frozenset(),
        team=tuple((got["team"] or "").split()),
    )


def _assessed(deal_id: int, stage: str) -> frozenset[str]:
    met: dict[str, bool] = {}
    for of_stage, is_held in execute(
        "SELECT q.stage, a.is_held FROM assessment a JOIN questionnaire q ON q.id = a.questionnaire_id"
        " WHERE a.deal_id = ? ORDER BY a.id",
        (deal_id,),
    ).fetchall():
        # A lower score later flags a stage that was left; it doesn't bar the way on.
        met[of_stage] = bool(is_held) or (of_stage != stage and met.get(of_stage, False))
    return frozenset(of_stage for of_stage, is_met in met.items() if is_met)


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _quote_name(quote_id: int | None) -> str:
    if quote_id is None:
        return ""
    return show_quote(*execute("SELECT number, revision FROM quote WHERE id = ?", (quote_id,)).fetchone())


def _quote_state(deal_id: int, today: dt.date) -> QuoteState:
    rows = execute(
        "SELECT number, revision, state, coalesce(extended_until, valid_until) FROM quote WHERE deal_id = ?"
        " ORDER BY id",
        (deal_id,),
    ).fetchall()
    accepted = [row for row in rows if row[2] == "accepted"]
    sent = [row for row in rows if row[2] == "sent"]
    valid = accepted or [row for row in sent if row[3] >= today.isoformat()]
    latest = rows[-1] if rows else None
    counting = (accepted or sent)[-1] if accepted or sent else None
    expired = sent[-1] if sent and not valid else None
    return QuoteState(
        in_force=show_quote(valid[-1][0], valid[-1][1]) if valid else "",
        is_accepted=bool(accepted),
        has_draft=any(row[2] == "draft" for row in rows),
        # Without an accepted one, the newest sent quote is the one that the customer may still accept.
        other_sent=len(sent) if accepted else max(len(sent) - 1, 0),
        latest=f"{show_quote(latest[0], latest[1])} {latest[2]}" if latest else "",
        counting=f"{show_quote(counting[0], counting[1])} {counting[2]}" if counting else "",
        expired=show_quote(expired[0], expired[1]) if expired else "",
        expired_on=dt.date.fromisoformat(expired[3]) if expired else None,
    )
