"""Orders, contracts and invoices: made by accepting a quote, and never more than was agreed (rules 5.4)."""

from __future__ import annotations

from models.triggers.parts import differ, in_us_cents, refuse

_COPY = (
    "position, product_id, description, quantity, is_monthly, months, price_minor, discount_bp, gross_minor, net_minor"
)
_STEPS = "('booked shipped', 'shipped booked', 'booked cancelled', 'cancelled booked')"
_OWED = "i.paid_minor < i.amount_minor AND i.due_on < crm_today()"
_UNPAID = (
    f"(SELECT coalesce(sum({in_us_cents('i.amount_minor - i.paid_minor', 'i.usd_rate_micros')}), 0), min(i.due_on)"
    f" FROM invoice i WHERE i.customer_id = customer.id AND {_OWED})"
)


def statements() -> list[str]:
    """Return the triggers of orders, contracts, invoices and payments."""
    return [*_made(), *_orders(), *_contracts(), *_invoices(), *_payments(), *_unpaid()]


def _net(order: str) -> str:
    return f"(SELECT coalesce(sum(net_minor), 0) FROM order_line WHERE order_id = {order})"


def _invoiced(order: str) -> str:
    return f"(SELECT coalesce(sum(amount_minor), 0) FROM invoice WHERE order_id = {order})"


def _settled(order: str) -> str:
    """Return how far an order is invoiced and paid."""
    is_invoiced = f"EXISTS (SELECT 1 FROM invoice WHERE order_id = {order}) AND {_invoiced(order)} >= {_net(order)}"
    owes = f"EXISTS (SELECT 1 FROM invoice WHERE order_id = {order} AND paid_minor < amount_minor)"
    return f"(CASE WHEN NOT ({is_invoiced}) THEN '' WHEN {owes} THEN 'invoiced' ELSE 'paid' END)"


def _made() -> list[str]:
    """Accepting a quote makes its order, unless a contract was made for it; another acceptance takes its place."""
    delivered = "EXISTS (SELECT 1 FROM sales_order WHERE {} AND state NOT IN ('booked', 'cancelled'))"
    again = (
        "deal_id = NEW.id AND state = 'cancelled' AND quote_id IN"
        " (SELECT id FROM quote WHERE deal_id = NEW.id AND state = 'accepted')"
    )
    cancel = (
        "UPDATE sales_order SET state = 'cancelled' WHERE {0} AND state = 'booked';"
        " UPDATE sales_contract SET state = 'cancelled' WHERE {0} AND state = 'running';"
    )
    return [
        "CREATE TRIGGER quote_makes_order AFTER UPDATE OF state ON quote"
        " WHEN NEW.state = 'accepted' AND OLD.state <> 'accepted'"
        " AND NOT EXISTS (SELECT 1 FROM sales_contract WHERE quote_id = NEW.id AND state = 'running') BEGIN"
        " INSERT INTO sales_order (quote_id, deal_id, customer_id, currency, booked_on, created_at, created_by)"
        " SELECT NEW.id, d.id, d.customer_id, NEW.currency, crm_today(), crm_now(), crm_actor() FROM deal d"
        " WHERE d.id = NEW.deal_id;"
        f" INSERT INTO order_line (order_id, {_COPY}) SELECT o.id, {_COPY.replace('position', 'l.position', 1)}"
        " FROM quote_line l, sales_order o WHERE l.quote_id = NEW.id AND o.quote_id = NEW.id AND o.contract_id IS NULL"
        " ORDER BY l.position, l.id; END;",
        refuse(
            "quote_delivered",
            "BEFORE UPDATE OF state ON quote",
            f"OLD.state = 'accepted' AND NEW.state <> 'accepted' AND {delivered.format('quote_id = OLD.id')}",
            "CRM506",
        ),
        "CREATE TRIGGER quote_replaced_order AFTER UPDATE OF state ON quote"
        f" WHEN OLD.state = 'accepted' AND NEW.state <> 'accepted' BEGIN {cancel.format('quote_id = NEW.id')} END;",
        refuse(
            "deal_delivered",
            "BEFORE UPDATE OF outcome ON deal",
            f"NEW.outcome IN ('lost', 'disqualified') AND {delivered.format('deal_id = NEW.id')}",
            "CRM506",
        ),
        "CREATE TRIGGER deal_ends_orders AFTER UPDATE OF outcome ON deal"
        f" WHEN NEW.outcome IN ('lost', 'disqualified') BEGIN {cancel.format('deal_id = NEW.id')} END;",
        # What was accepted is accepted still: reopening brings back what closing has ended.
        "CREATE TRIGGER deal_reopens_orders AFTER UPDATE OF outcome ON deal"
        " WHEN NEW.outcome = 'open' AND OLD.outcome IN ('lost', 'disqualified') BEGIN"
        f" UPDATE sales_contract SET state = 'running' WHERE {again};"
        f" UPDATE sales_order SET state = 'booked' WHERE {again}; END;",
    ]


def _orders() -> list[str]:
    fixed = ("quote_id", "contract_id", "deal_id", "currency", "booked_on", "created_at", "created_by")
    is_call_off = "(SELECT contract_id FROM sales_order WHERE id = {0}.order_id) IS NOT NULL"
    is_booked = "(SELECT state FROM sales_order WHERE id = {0}.order_id) IS 'booked'"
    return [
        refuse(
            "sales_order_true",
            "BEFORE INSERT ON sales_order",
            "NEW.state <> 'booked' OR NOT EXISTS (SELECT 1 FROM quote q JOIN deal d ON d.id = q.deal_id"
            " WHERE q.id = NEW.quote_id AND q.state = 'accepted' AND d.id = NEW.deal_id AND q.currency = NEW.currency)"
            " OR (NEW.contract_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM sales_contract k"
            " WHERE k.id = NEW.contract_id AND k.quote_id = NEW.quote_id AND k.state = 'running'))"
            " OR (NEW.contract_id IS NULL AND EXISTS (SELECT 1 FROM sales_order o WHERE o.quote_id = NEW.quote_id))",
            "CRM501",
        ),
        refuse("sales_order_fixed", f"BEFORE UPDATE OF {', '.join(fixed)} ON sales_order", differ(fixed), "CRM502"),
        refuse(
            "sales_order_kept",
            "BEFORE DELETE ON sales_order",
            "OLD.contract_id IS NULL OR OLD.state <> 'booked'",
            "CRM502",
        ),
        refuse(
            "sales_order_state",
            "BEFORE UPDATE OF state ON sales_order",
            f"NEW.state <> OLD.state AND (OLD.state || ' ' || NEW.state NOT IN {_STEPS}"
            " OR (NEW.state = 'booked' AND (EXISTS (SELECT 1 FROM invoice WHERE order_id = NEW.id)"
            " OR (SELECT state FROM quote WHERE id = NEW.quote_id) <> 'accepted')))",
            "CRM503",
        ),
        refuse(
            "sales_order_settled",
            "AFTER UPDATE OF settled ON sales_order",
            f"NEW.settled IS NOT {_settled('NEW.id')}",
            "CRM503",
        ),
        refuse("order_line_new", "BEFORE INSERT ON order_line", f"NOT {is_booked.format('NEW')}", "CRM502"),
        refuse("order_line_fixed", "BEFORE UPDATE ON order_line", "1", "CRM502"),
        refuse(
            "order_line_kept",
            "BEFORE DELETE ON order_line",
            f"NOT {is_call_off.format('OLD')} OR NOT {is_booked.format('OLD')}",
            "CRM502",
        ),
        refuse(
            "order_line_quoted",
            "AFTER INSERT ON order_line",
            "NEW.contract_line_id IS NULL AND ("
            + is_call_off.format("NEW")
            + f" OR {_net('NEW.order_id')} > (SELECT sum(q.net_minor) FROM quote_line q JOIN sales_order o"
            " ON o.quote_id = q.quote_id WHERE o.id = NEW.order_id))",
            "CRM501",
        ),
    ]


def _contracts() -> list[str]:
    fixed = ("quote_id", "deal_id", "currency", "starts_on", "ends_on", "created_at", "created_by")
    released = (
        "(SELECT coalesce(sum(l.{0}), 0) FROM order_line l JOIN sales_order o ON o.id = l.order_id"
        " WHERE l.contract_line_id = NEW.contract_line_id AND o.state <> 'cancelled')"
    )
    return [
        refuse(
            "sales_contract_true",
            "BEFORE INSERT ON sales_contract",
            "NEW.state <> 'running' OR NOT EXISTS (SELECT 1 FROM quote q JOIN deal d ON d.id = q.deal_id"
            " WHERE q.id = NEW.quote_id AND q.state = 'sent' AND d.id = NEW.deal_id AND q.currency = NEW.currency)",
            "CRM501",
        ),
        refuse(
            "sales_contract_fixed", f"BEFORE UPDATE OF {', '.join(fixed)} ON sales_contract", differ(fixed), "CRM502"
        ),
        refuse("sales_contract_kept", "BEFORE DELETE ON sales_contract", "1", "CRM502"),
        refuse(
            "contract_line_true",
            "BEFORE INSERT ON contract_line",
            "NOT EXISTS (SELECT 1 FROM sales_contract k JOIN quote q ON q.id = k.quote_id JOIN quote_line l"
            " ON l.quote_id = q.id WHERE k.id = NEW.contract_id AND q.state = 'sent' AND l.product_id = NEW.product_id"
            " AND l.quantity = NEW.quantity AND l.net_minor = NEW.net_minor)",
            "CRM501",
        ),
        refuse("contract_line_fixed", "BEFORE UPDATE ON contract_line", "1", "CRM502"),
        refuse("contract_line_kept", "BEFORE DELETE ON contract_line", "1", "CRM502"),
        refuse(
            "contract_never_more",
            "AFTER INSERT ON order_line",
            "NEW.contract_line_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM contract_line k JOIN sales_order o"
            " ON o.contract_id = k.contract_id WHERE k.id = NEW.contract_line_id AND o.id = NEW.order_id"
            f" AND k.product_id = NEW.product_id AND {released.format('quantity')} <= k.quantity"
            f" AND {released.format('net_minor')} <= k.net_minor)",
            "CRM504",
        ),
        # An order that was cancelled set its quantities free: it comes back only where they still are.
        refuse(
            "contract_never_more_again",
            "AFTER UPDATE OF state ON sales_order",
            "NEW.contract_id IS NOT NULL AND OLD.state = 'cancelled' AND EXISTS (SELECT 1 FROM contract_line k"
            " WHERE k.contract_id = NEW.contract_id AND k.quantity < (SELECT coalesce(sum(l.quantity), 0)"
            " FROM order_line l JOIN sales_order o ON o.id = l.order_id WHERE l.contract_line_id = k.id"
            " AND o.state <> 'cancelled'))",
            "CRM504",
        ),
    ]


def _invoices() -> list[str]:
    fixed = ("order_id", "currency", "usd_rate_micros", "amount_minor", "issued_on", "due_on", "created_at")
    settle = (
        f"UPDATE sales_order SET settled = {_settled('sales_order.id')} WHERE id = {{0}}"
        f" AND settled IS NOT {_settled('sales_order.id')};"
    )
    return [
        refuse(
            "invoice_true",
            "BEFORE INSERT ON invoice",
            "NEW.paid_minor <> 0 OR NEW.paid_on IS NOT NULL OR date(NEW.due_on) IS NOT NEW.due_on"
            " OR NOT EXISTS (SELECT 1 FROM sales_order o WHERE o.id = NEW.order_id AND o.state = 'shipped'"
            " AND o.currency = NEW.currency AND o.customer_id = NEW.customer_id"
            f" AND {_invoiced('NEW.order_id')} + NEW.amount_minor <= {_net('NEW.order_id')})",
            "CRM505",
        ),
        refuse("invoice_fixed", f"BEFORE UPDATE OF {', '.join(fixed)} ON invoice", differ(fixed), "CRM507"),
        refuse(
            "invoice_kept",
            "BEFORE DELETE ON invoice",
            "EXISTS (SELECT 1 FROM payment WHERE invoice_id = OLD.id)",
            "CRM507",
        ),
        f"CREATE TRIGGER invoice_settles AFTER INSERT ON invoice BEGIN {settle.format('NEW.order_id')} END;",
        f"CREATE TRIGGER invoice_gone AFTER DELETE ON invoice BEGIN {settle.format('OLD.order_id')} END;",
        f"CREATE TRIGGER invoice_paid AFTER UPDATE OF paid_minor ON invoice BEGIN {settle.format('NEW.order_id')} END;",
        refuse(
            "invoice_paid_true",
            "AFTER UPDATE OF paid_minor, paid_on ON invoice",
            "(NEW.paid_minor, NEW.paid_on) IS NOT (SELECT coalesce(sum(p.amount_minor), 0),"
            " CASE WHEN coalesce(sum(p.amount_minor), 0) >= NEW.amount_minor THEN max(p.paid_on) END"
            " FROM payment p WHERE p.invoice_id = NEW.id)",
            "CRM507",
        ),
    ]


def _payments() -> list[str]:
    count = (
        "UPDATE invoice SET (paid_minor, paid_on) = (SELECT coalesce(sum(p.amount_minor), 0),"
        " CASE WHEN coalesce(sum(p.amount_minor), 0) >= invoice.amount_minor THEN max(p.paid_on) END"
        " FROM payment p WHERE p.invoice_id = invoice.id) WHERE id = {0};"
    )
    return [
        refuse(
            "payment_true",
            "BEFORE INSERT ON payment",
            "date(NEW.paid_on) IS NOT NEW.paid_on OR NEW.paid_on > crm_today() OR NEW.amount_minor >"
            " (SELECT i.amount_minor - i.paid_minor FROM invoice i WHERE i.id = NEW.invoice_id)",
            "CRM508",
        ),
        refuse("payment_fixed", "BEFORE UPDATE ON payment", "1", "CRM507"),
        refuse(
            "payment_once",
            "BEFORE INSERT ON payment",
            "NEW.reference IS NOT NULL AND EXISTS (SELECT 1 FROM payment WHERE reference = NEW.reference)",
            "CRM509",
        ),
        f"CREATE TRIGGER payment_counts AFTER INSERT ON payment BEGIN {count.format('NEW.invoice_id')} END;",
        f"CREATE TRIGGER payment_gone AFTER DELETE ON payment BEGIN {count.format('OLD.invoice_id')} END;",
    ]


def _unpaid() -> list[str]:
    """What customers owe past due, in US cents: kept at each write of an invoice, and by the first write of a day."""
    keep = (
        f"UPDATE customer SET (unpaid_minor, unpaid_since) = {_UNPAID}"
        f" WHERE id IN ({{0}}) AND (unpaid_minor, unpaid_since) IS NOT {_UNPAID};"
    )
    as_of = "(SELECT value FROM setting WHERE key = 'unpaid_as_of')"
    # An invoice that is due today is past due tomorrow.
    fell_due = f"SELECT i.customer_id FROM invoice i WHERE {_OWED} AND i.due_on >= {as_of}"
    return [
        f"CREATE TRIGGER invoice_owed AFTER INSERT ON invoice BEGIN {keep.format('NEW.customer_id')}"
        " INSERT INTO setting (key, value) SELECT 'unpaid_as_of', crm_today()"
        " WHERE NOT EXISTS (SELECT 1 FROM setting WHERE key = 'unpaid_as_of'); END;",
        "CREATE TRIGGER invoice_owed_less AFTER UPDATE OF paid_minor, customer_id ON invoice"
        f" BEGIN {keep.format('OLD.customer_id, NEW.customer_id')} END;",
        f"CREATE TRIGGER invoice_owed_no_more AFTER DELETE ON invoice BEGIN {keep.format('OLD.customer_id')} END;",
        f"CREATE TRIGGER day_begins AFTER INSERT ON action WHEN {as_of} < crm_today() BEGIN {keep.format(fell_due)}"
        " UPDATE setting SET value = crm_today() WHERE key = 'unpaid_as_of'; END;",
    ]
