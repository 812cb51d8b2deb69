"""Entries of the journal as plain sentences: what came, went or changed, with money, days and people in words."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from models import history_values as values
from models import ids, process
from models.customers.entered import TYPED
from models.database import execute
from models.history_values import Row
from models.journal import Entry

_Sentence = Callable[[Entry, Row], str]

# Columns that only the program cares about, or that change together with one that is told.
_QUIET = frozenset({
    "stage_entered_at", "next_step_id", "last_check_id", "terms_rev", "updated_at", "closed_at", "finished_at",
    "finished_by", "done_at", "done_by", "is_next_step", "saved_at", "usd_rate_micros", "record_id", "position",
    "created_at", "created_by", "created_on", "started_at", "ended_at", "ended_by", "sent_at", "settled", "paid_minor",
    "paid_on", "pinned_at", "pinned_by", "run_id", "enrolment_step_id", "questionnaire_id", "contract_line_id",
    "submission", "answers", "is_held", "is_monthly", "payload", "gross_minor", "net_minor", "counted_on",
    "amount_from", "entered_at", "entered_by", "asked_at", "approved_at", "added_at", "loaded_at", "loaded_by",
    "closed_by", "added_by", "asked_by", "sha256", "activity_id", "link_rule", "link_evidence", "link_confirmed_by",
    "journal_from", "journal_to", "merged_at", "merged_by", "decided_at", "decided_by",
})  # fmt: skip
_QUIET_TABLES = frozenset({"tech_check_draft"})
_NOUNS = {
    "deal_line": "line", "quote_line": "quote line", "order_line": "order line", "contract_line": "contract line",
    "tech_check": "tech check", "sent_email": "email", "enrolment": "nurture", "enrolment_step": "nurture step",
    "customer_pin": "pinned value", "deal_person": "person of the buying centre", "deal_member": "member of the team",
    "sales_order": "order", "sales_contract": "contract", "app_user": "user", "import_run": "import",
    "process_version": "process", "closed_month": "closed month",
}  # fmt: skip
_LABELS = {
    "discount_bp": "discount", "do_not_contact": "do not contact", "email_subscriber": "marketing mail",
    "typed_amount_minor": "typed amount", "amount_minor": "amount", "budget_minor": "budget", "price_minor": "price",
    "income_minor": "income", "unpaid_minor": "unpaid", "unpaid_since": "unpaid since", "close_on": "close date",
    "probability_percent": "probability", "lost_by": "who said no", "lost_on": "day of the no", "won_on": "won on",
    "walkthrough_on": "walk-through", "walkthrough_with": "walk-through with", "walkthrough_ready": "customer ready",
    "due_on": "day", "due_minute": "time", "duration_minutes": "minutes", "is_primary": "first person",
    "birth_date": "born", "owner_id": "owner", "merged_into_id": "merged into", "has_high_case": "high case",
    "first_seen_on": "customer since", "customer_id": "customer", "account_id": "account", "product_id": "product",
    "influences_id": "influences", "individual_id": "individual customer", "extended_until": "extended to",
    "valid_until": "valid to", "answered_on": "answered", "deliver_on": "delivery", "shipped_on": "shipped on",
    "team_id": "team", "manager_id": "manager", "deal_id": "deal", "person_id": "person", "billing": "paid",
    "asked_of_id": "asked of", "signed_by_id": "signed by", "approved_by_id": "approved by",
}  # fmt: skip


def say(entry: Entry) -> str:
    """Say one entry of the journal in words; empty for what only the program cares about."""
    if entry.op in ("i", "d"):
        row: Row = json.loads(entry.after if entry.op == "i" else entry.before)
        special = (_CAME if entry.op == "i" else _WENT).get(entry.table)
        if special is not None:
            return special(entry, row)
        return f"{'added' if entry.op == 'i' else 'removed'} {_noun(entry.table)} {_name(row)}".rstrip()
    if entry.column is None or entry.column in _QUIET or entry.table in _QUIET_TABLES:
        return ""
    told = _TURNED.get((entry.table, entry.column))
    if told is not None:
        return told(entry)
    label = _LABELS.get(entry.column) or entry.column.removesuffix("_minor").removesuffix("_id").replace("_", " ")
    before, after = (values.show(entry, value) for value in (entry.before, entry.after))
    thing = "" if entry.table in ("deal", "customer") else f"{_thing(entry)} "
    return f"{thing}{label}: {before} -> {after}"


def _noun(table: str) -> str:
    return _NOUNS.get(table, table.replace("_", " "))


def _name(row: Row) -> str:
    for key in ("description", "subject", "name", "title", "reference", "field", "outcome", "login", "recipient"):
        if row.get(key):
            return values.plain(row[key]) if key in ("field", "outcome") else str(row[key])
    return ""


def _thing(entry: Entry) -> str:
    """Name the row that changed: a quote, order or invoice by its number, a line or person by name."""
    shown = _NUMBERED.get(entry.table)
    if shown is not None:
        return shown(entry.row_id)
    if entry.table == "quote":
        return values.quote(entry.row_id)
    if entry.table == "quote_line":
        row = execute("SELECT quote_id, description FROM quote_line WHERE id = ?", (entry.row_id,)).fetchone()
        return f"{values.quote(row[0])} line {row[1]}" if row else "quote line"
    column = _NAMED.get(entry.table)
    row = execute(f"SELECT {column} FROM {entry.table} WHERE id = ?", (entry.row_id,)).fetchone() if column else None
    return f"{_noun(entry.table)} {row[0] if row else ''}".rstrip()


_NUMBERED: dict[str, Callable[[int], str]] = {
    "sales_order": ids.show_order,
    "sales_contract": ids.show_contract,
    "invoice": ids.show_invoice,
    "enrolment": ids.show_enrolment,
}
# Names come from here, never from a user.
_NAMED = {
    "activity": "subject", "person": "name", "deal_person": "name", "deal_line": "description",
    "product": "name", "team": "name", "app_user": "login", "import_run": "id",
    "enrolment_step": "position", "customer_pin": "replace(field, '_', ' ')",
}  # fmt: skip


# ---- what came and went


def _activity(_entry: Entry, row: Row) -> str:
    if row.get("state") == "done":
        return f"logged a {row['channel']}: {row.get('subject') or row.get('notes') or ''}".rstrip(": ")
    kind = "the next step" if row.get("is_next_step") else f"a {row['channel']}"
    return f"planned {kind} for {values.day(row.get('due_on'))}: {row.get('subject') or ''}".rstrip(": ")


def _contract(entry: Entry, row: Row) -> str:
    span = f"{values.day(row['starts_on'])} to {values.day(row['ends_on'])}"
    return f"made contract {ids.show_contract(entry.row_id)}: {span}"


def _order(entry: Entry, row: Row) -> str:
    of = f" from {ids.show_contract(row['contract_id'])}" if row.get("contract_id") else ""
    return f"booked {ids.show_order(entry.row_id)}{of}"


def _invoice(entry: Entry, row: Row) -> str:
    worth = values.money(row["amount_minor"], row["currency"])
    name = f"{ids.show_invoice(entry.row_id)} for {ids.show_order(row['order_id'])}"
    return f"invoiced {name}: {worth}, due {values.day(row['due_on'])}"


def _payment(_entry: Entry, row: Row) -> str:
    currency = values.currency_of("invoice", row["invoice_id"])
    reference = f", {row['reference']}" if row.get("reference") else ""
    paid = f"{values.money(row['amount_minor'], currency)} of {ids.show_invoice(row['invoice_id'])}"
    return f"payment of {paid} on {values.day(row['paid_on'])}{reference}"


def _approval(entry: Entry, row: Row) -> str:
    return f"approved a discount of {values.percent(row['discount_bp'])} on {values.quote(row['quote_id'])}"


def _approval_request(entry: Entry, row: Row) -> str:
    of = values.user(row["asked_of_id"])
    return f"asked {of} to approve {values.percent(row['discount_bp'])} on {values.quote(row['quote_id'])}"


def _rate(_entry: Entry, row: Row) -> str:
    return f"entered the rate of {row['currency']}: {row['rate']} US dollars from {values.day(row['on_date'])}"


def _material_of(row: Row) -> str:
    found = execute("SELECT name FROM material WHERE id = ?", (row["material_id"],)).fetchone()
    return f"{found[0] if found else 'a material'} with {values.product(row['product_id'])}"


def _pair(row: Row) -> str:
    sides = (
        ids.show_customer(int(row[f"{side}_key"]))
        if row[f"{side}_source"] == TYPED
        else f"{row[f'{side}_source']}:{row[f'{side}_key']}"
        for side in ("left", "right")
    )
    return " and ".join(sides)


def _pieces(verb: str, joint: str, show: Callable[[Any], str], column: str) -> _Sentence:
    return lambda _entry, row: f"{verb} {row['quantity']} x {row['description']} {joint} {show(row[column])}"


_CAME: dict[str, _Sentence] = {
    "deal": lambda entry, row: f"opened {ids.show_deal(entry.row_id)}",
    "customer": lambda entry, row: f"made {row.get('name', '')}",
    "assessment": lambda entry, row: f"answered the assessment: scored {row['score']}, {values.plain(row['result'])}",
    "deal_member": lambda entry, row: f"put {values.user(row['user_id'])} on the team",
    "deal_person": lambda entry, row: f"put {row['name']} on the deal: {values.plain(row['role'])}",
    "quote": lambda entry, row: f"made {ids.show_quote(row['number'], row['revision'])}",
    "quote_line": lambda entry, row: f"added line {row.get('description', '')} to {values.quote(row['quote_id'])}",
    "quote_approval": _approval,
    "quote_approval_request": _approval_request,
    "tech_check": lambda entry, row: f"signed the tech check: {values.plain(row['outcome'])}",
    "tech_check_request": lambda entry, row: f"asked {values.user(row['asked_of_id'])} for the tech check",
    "tech_check_draft": lambda entry, row: "began a tech check",
    "activity": _activity,
    "sent_email": lambda entry, row: f"sent an email to {row['recipient']}: {row['subject']}",
    "enrolment": lambda entry, row: f"started nurture: {values.plain(row['programme_code'])}",
    "enrolment_step": lambda entry, row: "",
    "customer_pin": lambda entry, row: f"pinned {values.plain(row['field'])}: {values.pinned(row['value'])}",
    "sales_contract": _contract,
    "contract_line": _pieces("agreed on", "in", ids.show_contract, "contract_id"),
    "sales_order": _order,
    "order_line": _pieces("ordered", "with", ids.show_order, "order_id"),
    "invoice": _invoice,
    "payment": _payment,
    "exchange_rate": _rate,
    "process_version": lambda entry, row: f"put version {entry.row_id} of the process in force",
    "closed_month": lambda entry, row: f"closed {values.month(row['month'])}",
    "material": lambda entry, row: f"added the material {row['name']}: {row['file_name']}",
    "material_product": lambda entry, row: f"sends {_material_of(row)}",
    "follow_up": lambda entry, row: (
        f"follow-up of the purchase on {values.day(row['purchased_on'])}, due {values.day(row['due_on'])}"
    ),
    "customer_merge": lambda entry, row: (
        f"joined {values.customer(row['gone_id'])} to {values.customer(row['kept_id'])}"
    ),
    "match_decision": lambda entry, row: f"decided that {_pair(row)} are {row['verdict']} the same",
    "import_run": lambda entry, row: f"began import {entry.row_id}",
}
_WENT: dict[str, _Sentence] = {
    "deal": lambda entry, row: f"took {ids.show_deal(entry.row_id)} back",
    "deal_member": lambda entry, row: f"took {values.user(row['user_id'])} off the team",
    "deal_person": lambda entry, row: f"took {row['name']} off the deal",
    "quote": lambda entry, row: f"removed {ids.show_quote(row['number'], row['revision'])}",
    "quote_line": lambda entry, row: f"removed line {row.get('description', '')} from {values.quote(row['quote_id'])}",
    "quote_approval": lambda entry, row: f"took the approval of {values.quote(row['quote_id'])} back",
    "quote_approval_request": lambda entry, row: f"no longer asks for approval of {values.quote(row['quote_id'])}",
    "assessment": lambda entry, row: f"took back the assessment that scored {row['score']}",
    "activity": lambda entry, row: f"took back the {row['channel']}: {row['subject'] or row['notes']}".rstrip(": "),
    "tech_check_request": lambda entry, row: f"no longer asks {values.user(row['asked_of_id'])} for the tech check",
    "tech_check_draft": lambda entry, row: "",
    "customer_pin": lambda entry, row: f"unpinned {values.plain(row['field'])}",
    "enrolment": lambda entry, row: f"took back the start of nurture: {values.plain(row['programme_code'])}",
    "enrolment_step": lambda entry, row: "",
    "sales_contract": lambda entry, row: f"removed contract {ids.show_contract(entry.row_id)}",
    "contract_line": _pieces("took", "out of", ids.show_contract, "contract_id"),
    "sales_order": lambda entry, row: f"took the call-off {ids.show_order(entry.row_id)} back",
    "order_line": _pieces("took", "out of", ids.show_order, "order_id"),
    "invoice": lambda entry, row: f"took {ids.show_invoice(entry.row_id)} back",
    "payment": lambda entry, row: f"took back the {_payment(entry, row)}",
    "exchange_rate": lambda entry, row: f"removed the rate of {row['currency']} from {values.day(row['on_date'])}",
    "closed_month": lambda entry, row: f"opened {values.month(row['month'])} again",
    "material": lambda entry, row: f"took the material {row['name']} back",
    "material_product": lambda entry, row: f"no longer sends {_material_of(row)}",
    "follow_up": lambda entry, row: f"took back the follow-up of the purchase on {values.day(row['purchased_on'])}",
    "customer_merge": lambda entry, row: (
        f"parted {values.customer(row['gone_id'])} from {values.customer(row['kept_id'])}"
    ),
    "match_decision": lambda entry, row: f"left open whether {_pair(row)} are the same",
}


# ---- what turned into something else


def _closed(entry: Entry) -> str:
    if entry.after == "open":
        return f"reopened; it was {values.plain(entry.before)}"
    return "won" if entry.after == "won" else f"closed as {values.plain(entry.after)}"


def _became(entry: Entry) -> str:
    after = "ended" if entry.after == "exited" else values.plain(entry.after)
    return f"{_thing(entry)} is {after}"


def _activity_became(entry: Entry) -> str:
    verb = {"done": "done", "cancelled": "cancelled"}.get(str(entry.after), "planned again")
    row = execute("SELECT subject, channel FROM activity WHERE id = ?", (entry.row_id,)).fetchone()
    return f"{verb}: {row[0] or row[1]}" if row else verb


def _record_moved(entry: Entry) -> str:
    row = execute("SELECT source || ':' || key FROM source_record WHERE id = ?", (entry.row_id,)).fetchone()
    whose = values.customer(entry.after) if entry.after else "nobody"
    return f"record {row[0] if row else ''} belongs to {whose}"


def _stage(entry: Entry, stage_id: Any) -> str:
    row = execute("SELECT pipeline FROM deal WHERE id = ?", (entry.row_id,)).fetchone()
    stages = process.current().pipelines.get(row[0], ()) if row is not None else ()
    return next((stage.name for stage in stages if stage.id == stage_id), values.plain(stage_id))


_TURNED: dict[tuple[str, str], Callable[[Entry], str]] = {
    ("deal", "stage"): lambda entry: f"moved from {_stage(entry, entry.before)} to {_stage(entry, entry.after)}",
    ("deal", "outcome"): _closed,
    ("deal", "stage_reason"): lambda entry: f"reason: {entry.after}" if entry.after else "",
    ("activity", "state"): _activity_became,
    ("quote", "state"): _became,
    ("sales_order", "state"): _became,
    ("sales_contract", "state"): _became,
    ("enrolment", "state"): _became,
    ("enrolment_step", "state"): _became,
    ("import_run", "state"): _became,
    ("source_record", "customer_id"): _record_moved,
}
