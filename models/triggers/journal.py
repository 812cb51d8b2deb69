"""The journal: which tables are recorded, by which columns; and that what is recorded stays (rules 11)."""

from __future__ import annotations

from models.triggers.parts import differ, refuse


def _columns(*lines: str) -> tuple[str, ...]:
    return tuple(" ".join(lines).split())


# Columns of deals that people and the program set; what triggers derive from them is not listed.
DEAL_COLUMNS = _columns(
    "customer_id owner_id pipeline stage outcome type lead_source need budget_minor time_frame decision_maker",
    "walkthrough_on walkthrough_with walkthrough_ready typed_amount_minor currency",
    "probability_percent category close_on stage_entered_at stage_reason lost_reason lost_by lost_on lost_note",
    "won_on closed_at",
)
# Set once; journalled so that a deal that undo took away can come back.
DEAL_BORN = ("created_at", "created_on", "created_by", "run_id")
# Columns that triggers derive: journalled so that other sessions see them, left alone by undo.
DEAL_DERIVED = ("amount_minor", "amount_from", "terms_rev", "last_check_id", "next_step_id", "usd_rate_micros")
DERIVED: dict[str, tuple[str, ...]] = {"deal": DEAL_DERIVED, "customer": ("unpaid_minor", "unpaid_since")}
"""Table to the columns that triggers derive."""
_LINE = "position product_id description quantity is_monthly months price_minor discount_bp"

# Tables whose every change is journalled, with the columns that are compared. An import's own customers, people and
# follow-ups carry its run instead.
JOURNALLED: dict[str, tuple[str, ...]] = {
    "deal": DEAL_COLUMNS + DEAL_BORN + DEAL_DERIVED,
    "deal_line": _columns("deal_id", _LINE),
    "deal_member": _columns("deal_id user_id added_at added_by"),
    "quote": _columns(
        "number revision deal_id state currency valid_until addressee note reason created_at created_by sent_at",
        "answered_on extended_until",
    ),
    "quote_line": _columns("quote_id", _LINE),
    "tech_check": _columns("deal_id outcome signed_by_id checked_on details"),
    "tech_check_request": _columns("deal_id asked_of_id asked_by needed_by note asked_at"),
    "tech_check_draft": _columns("deal_id user_id payload saved_at"),
    "customer": _columns(
        "kind name given surname birth_date gender email phone street city state postcode country tier satisfaction",
        "occupation income_minor email_subscriber do_not_contact lead_source owner_id origin run_id first_seen_on",
        "unpaid_minor unpaid_since open_cases has_high_case merged_into_id created_at",
    ),
    "customer_merge": _columns("gone_id kept_id journal_from journal_to merged_at merged_by"),
    "match_decision": _columns("left_source left_key right_source right_key verdict decided_by decided_at"),
    "customer_pin": _columns("customer_id field value record_id pinned_by pinned_at"),
    "person": _columns(
        "account_id name position email phone email_subscriber do_not_contact bounces is_primary individual_id",
        "record_id",
    ),
    "activity": _columns(
        "customer_id deal_id enrolment_step_id owner_id channel type who subject notes state is_next_step due_on",
        "due_minute duration_minutes done_at done_by points created_at created_by",
    ),
    "assessment": _columns(
        "deal_id questionnaire_id submission answers score is_held result waits_for note entered_at entered_by"
    ),
    "deal_person": _columns("deal_id person_id name role influence attitude influences_id"),
    "enrolment": _columns(
        "customer_id programme_id programme_code state pause_reason exit_reason exit_note started_at started_on",
        "started_by ended_at ended_by deal_id",
    ),
    "enrolment_step": _columns(
        "enrolment_id position state counted_on due_on due_minute result reason notes finished_at finished_by"
    ),
    "sent_email": _columns("customer_id deal_id enrolment_step_id recipient subject body handed_to sent_at sent_by"),
    "quote_approval_request": _columns("quote_id asked_of_id asked_by discount_bp note asked_at"),
    "quote_approval": _columns("quote_id discount_bp approved_by_id note approved_at"),
    "exchange_rate": _columns("currency on_date rate usd_rate_micros entered_by entered_at"),
    "sales_contract": _columns(
        "quote_id deal_id customer_id currency starts_on ends_on call_offs state created_at created_by"
    ),
    "contract_line": _columns("contract_id", _LINE, "gross_minor net_minor"),
    "sales_order": _columns(
        "quote_id contract_id deal_id customer_id currency state booked_on deliver_on shipped_on created_at created_by"
    ),
    "order_line": _columns("order_id contract_line_id", _LINE, "gross_minor net_minor"),
    "invoice": _columns(
        "order_id customer_id currency usd_rate_micros amount_minor issued_on due_on created_at created_by"
    ),
    "payment": _columns("invoice_id amount_minor paid_on reference entered_at entered_by"),
    # Open boards follow a new process.
    "process_version": _columns("loaded_at loaded_by"),
    "product": _columns("code name billing price_minor currency active"),
    "material": _columns("name file_name media_type bytes sha256 active added_at added_by"),
    "material_product": _columns("material_id product_id"),
    "follow_up": _columns("customer_id purchased_on due_on bought others run_id activity_id"),
    "closed_month": _columns("month closed_at closed_by"),
    # Their contents are never in the history: a million bytes would be.
    "app_user": _columns("login name team_id territory active created_at"),
    "team": _columns("name manager_id"),
    "import_run": _columns("state finished_at"),
}
KEPT = frozenset({"import_run", "process_version", "tech_check"})
"""Journalled in part, so that others see them: an undo could not bring them back, and they are never deleted."""
# Rows that imports write; of what people do with them only where they hang is journalled.
LINKED: dict[str, tuple[str, ...]] = {
    "source_record": _columns("customer_id link_rule link_evidence link_confirmed_by"),
    "review_pair": _columns("state later_at"),
}
_IMPORTED = frozenset({"customer", "person", "follow_up", "activity"})


def statements() -> list[str]:
    """Return the triggers that write the journal, and those that keep it."""
    made = _kept()
    # A tech check is kept by its own rules.
    for table in sorted(KEPT - {"tech_check"}):
        made.append(refuse(f"{table}_kept", f"BEFORE DELETE ON {table}", "1", "CRM307"))
    for table, columns in JOURNALLED.items():
        made += _journal_of(table, columns)
    for table, columns in LINKED.items():
        made += [_journal_of_updates(table, columns, " WHEN crm_path() <> 'import'")]
    return made


def _kept() -> list[str]:
    fixed = ("at", "actor", "path", "kind", "undoes_id")
    return [
        refuse("journal_fixed", "BEFORE UPDATE ON journal", "1", "CRM301"),
        refuse("journal_kept", "BEFORE DELETE ON journal", "1", "CRM301"),
        # A row that replaced an older one would rewrite the past; one in another's name would invent it.
        refuse(
            "journal_true",
            "BEFORE INSERT ON journal",
            "EXISTS (SELECT 1 FROM journal WHERE id = NEW.id)"
            " OR (NEW.actor, NEW.path, NEW.at) IS NOT (crm_actor(), crm_path(), crm_now())",
            "CRM301",
        ),
        refuse("action_kept", "BEFORE DELETE ON action", "1", "CRM301"),
        refuse(
            "action_fixed",
            f"BEFORE UPDATE OF {', '.join(fixed)}, can_undo ON action",
            f"{differ(fixed)} OR NEW.can_undo > OLD.can_undo",
            "CRM301",
        ),
        refuse(
            "action_true",
            "BEFORE INSERT ON action",
            "(NEW.actor, NEW.path, NEW.at) IS NOT (crm_actor(), crm_path(), crm_now())",
            "CRM301",
        ),
    ]


_HEAD = "INSERT INTO journal (action_id, at, actor, path, table_name, row_id, op, column_name, before, after)"


def _who(table: str) -> str:
    return f"crm_action(), crm_now(), crm_actor(), crm_path(), '{table}'"


def _journal_of(table: str, columns: tuple[str, ...]) -> list[str]:
    quiet = " WHEN crm_path() <> 'import'" if table in _IMPORTED else ""

    def whole(row: str) -> str:
        return "json_object('id', {r}.id, {rest})".format(r=row, rest=", ".join(f"'{c}', {row}.{c}" for c in columns))

    return [
        f"CREATE TRIGGER journal_{table}_i AFTER INSERT ON {table}{quiet} BEGIN {_HEAD}"
        f" VALUES ({_who(table)}, NEW.id, 'i', NULL, NULL, {whole('NEW')}); END;",
        _journal_of_updates(table, columns, quiet),
        f"CREATE TRIGGER journal_{table}_d AFTER DELETE ON {table}{quiet} BEGIN {_HEAD}"
        f" VALUES ({_who(table)}, OLD.id, 'd', NULL, {whole('OLD')}, NULL); END;",
    ]


def _journal_of_updates(table: str, columns: tuple[str, ...], quiet: str) -> str:
    differing = " UNION ALL ".join(
        f"SELECT '{c}' AS c, OLD.{c} AS b, NEW.{c} AS a WHERE OLD.{c} IS NOT NEW.{c}" for c in columns
    )
    return (
        f"CREATE TRIGGER journal_{table}_u AFTER UPDATE OF {', '.join(columns)} ON {table}{quiet} BEGIN {_HEAD}"
        f" SELECT {_who(table)}, NEW.id, 'u', c, b, a FROM ({differing}); END;"
    )
