"""Rules 2 as raw SQL on the file: what no client, script or forgotten code path can do to deals, checks and quotes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from models import clock
from models.deals import deals, lines, quotes, stages
from models.deals.records import TechState
from tests.models.raw_sql import Raw

PRAGMAS = {
    "as the program": ("foreign_keys = 1", "recursive_triggers = 0"),
    "foreign keys off": ("foreign_keys = 0", "recursive_triggers = 0"),
    "foreign keys off, recursive triggers": ("foreign_keys = 0", "recursive_triggers = 1"),
}


@pytest.fixture(params=PRAGMAS.values(), ids=PRAGMAS.keys())
def raw(book, request) -> Iterator[Raw]:
    made = Raw(book.path, clock.to_micros(book.now), book.today.isoformat())
    for pragma in request.param:
        made(f"PRAGMA {pragma}")
    yield made
    made.connection.close()


def new_deal(book, **columns):
    return {
        "customer_id": book.account(),
        "owner_id": book.ana.id,
        "pipeline": "sales",
        "stage": "qualify",
        "typed_amount_minor": 2_500_000,
        "stage_entered_at": clock.to_micros(book.now),
        "created_at": clock.to_micros(book.now),
        "created_on": "2026-11-18",
        "created_by": "ana",
        **columns,
    }


def new_check(book, raw, deal, **columns):
    rev, cents, line, source, quote = raw(
        "SELECT terms_rev, amount_usd_cents, terms_lines, amount_from, amount_quote_id FROM deal WHERE id = ?", deal
    )[0]
    return {
        "deal_id": deal,
        "terms_rev": rev,
        "signed_by_id": book.uma.id,
        "checked_on": "2026-11-18",
        "outcome": "passed",
        "signed_usd_cents": cents,
        "signed_lines": line,
        "signed_from": source,
        "signed_quote_id": quote,
        "entered_at": clock.to_micros(book.now),
        **columns,
    }


def put(raw, table, row, verb="INSERT"):
    sql, values = raw.insert(table, row, verb)
    raw(sql, *values)
    return raw.value("SELECT last_insert_rowid()")


def refuse_row(raw, code, table, row, verb="INSERT"):
    sql, values = raw.insert(table, row, verb)
    raw.refused(code, sql, *values)


# Entering Close and Won


@pytest.mark.parametrize(
    ("columns", "is_refused"),
    [
        ({"stage": "close"}, True),
        ({"stage": "close", "typed_amount_minor": 2_000_001}, True),
        ({"stage": "close", "typed_amount_minor": 2_000_000}, False),
        ({"outcome": "won"}, True),
        ({"stage": "close", "outcome": "won"}, True),
        ({"stage": "close", "outcome": "won", "typed_amount_minor": 2_000_000}, False),
        ({"stage": "close", "outcome": "lost"}, False),
        ({"stage": "tech_check"}, False),
        # The derived columns are forged, the typed amount is what counts.
        ({"stage": "close", "amount_usd_cents": 1, "amount_minor": 1}, True),
        # In euros at 1.10 dollars.
        ({"stage": "close", "currency": "EUR", "usd_rate_micros": 1_100_000, "typed_amount_minor": 1_818_183}, True),
        ({"stage": "close", "currency": "EUR", "usd_rate_micros": 1_100_000, "typed_amount_minor": 1_818_182}, False),
    ],
)
def test_insert_straight_into_close_or_won(book, raw, columns, is_refused):
    row = new_deal(book, **columns)
    if is_refused:
        refuse_row(raw, "CRM101", "deal", row)
    else:
        put(raw, "deal", row)


def test_insert_over_lines_that_wait_for_it(book, raw):
    deal = book.deal("develop", 25_000)
    raw("PRAGMA foreign_keys = 0")
    put(
        raw,
        "deal_line",
        {
            "deal_id": deal + 1,
            "position": 1,
            "product_id": 1,
            "description": "x",
            "quantity": 1,
            "price_minor": 3_000_000,
        },
    )
    refuse_row(raw, "CRM101", "deal", new_deal(book, id=deal + 1, stage="close", typed_amount_minor=1))


@pytest.mark.parametrize("target", ["stage = 'close'", "outcome = 'won'", "stage = 'close', outcome = 'won'"])
def test_update_into_close_or_won(book, raw, target):
    deal = book.typed(25_000)
    raw.refused("CRM101", f"UPDATE deal SET {target} WHERE id = ?", deal)
    raw.refused("CRM101", f"UPDATE OR IGNORE deal SET {target} WHERE id = ?", deal)


def test_stage_and_amount_in_one_update(book, raw):
    deal = book.typed(18_000)
    raw.refused("CRM101", "UPDATE deal SET stage = 'close', typed_amount_minor = 2000001 WHERE id = ?", deal)
    signed = book.typed(25_000, stage="develop")
    book.sign(signed)
    raw.refused("CRM101", "UPDATE deal SET stage = 'close', typed_amount_minor = 2500001 WHERE id = ?", signed)
    raw.refused("CRM101", "UPDATE deal SET outcome = 'won', typed_amount_minor = 2500001 WHERE id = ?", signed)
    raw("UPDATE deal SET stage = 'close', typed_amount_minor = 2400000 WHERE id = ?", signed)
    assert raw.value("SELECT amount_usd_cents FROM deal WHERE id = ?", signed) == 2_400_000


@pytest.mark.parametrize(
    "columns",
    ["amount_usd_cents = 1", "amount_minor = 1", "terms_lines = 'x'", "amount_from = 'lines'", "amount_quote_id = 9"],
)
def test_derived_columns_cant_be_written(book, raw, columns):
    deal = book.typed(25_000)
    raw.refused("CRM116", f"UPDATE deal SET {columns} WHERE id = ?", deal)
    for stage in ("", ", stage = 'close'"):
        with pytest.raises(sqlite3.IntegrityError, match=r"CRM1(01|16)"):
            raw(f"UPDATE deal SET {columns}{stage} WHERE id = ?", deal)


@pytest.mark.parametrize(
    "columns", ["usd_rate_micros = 1", "currency = 'JPY', usd_rate_micros = 1", "currency = 'JPY'"]
)
def test_a_made_up_rate_carries_nothing_below_the_limit(book, raw, columns):
    deal = book.typed(25_000)
    raw.refused("CRM120", f"UPDATE deal SET {columns} WHERE id = ?", deal)
    refuse_row(raw, "CRM120", "deal", new_deal(book, usd_rate_micros=1, stage="close"))


def test_standing_in_close_after_a_rise_is_legal_winning_is_not(book, raw):
    deal = book.deal("close", 18_000)
    quote = quotes.create(book.ana, book.now, deal)
    raw("UPDATE quote_line SET price_minor = 2200000 WHERE quote_id = ?", quote)
    raw("UPDATE quote SET state = 'superseded' WHERE deal_id = ? AND state = 'accepted'", deal)
    raw("UPDATE quote SET state = 'accepted', sent_at = 1 WHERE id = ?", quote)
    assert raw("SELECT stage, amount_usd_cents FROM deal WHERE id = ?", deal) == [("close", 2_200_000)]
    raw("UPDATE deal SET need = 'more' WHERE id = ?", deal)
    raw.refused("CRM101", "UPDATE deal SET outcome = 'won' WHERE id = ?", deal)
    # Out and in again is entering.
    raw("UPDATE deal SET stage = 'tech_check' WHERE id = ?", deal)
    raw.refused("CRM101", "UPDATE deal SET stage = 'close' WHERE id = ?", deal)


@pytest.mark.parametrize("way", ["lost", "disqualified", "won"])
def test_reopening_in_close_or_winning_a_closed_deal_asks_for_the_check(book, raw, way):
    deal = book.deal("close", 18_000)
    if way == "won":
        book.win(deal)
        raw.refused("CRM115", "UPDATE deal SET outcome = 'open', typed_amount_minor = 9 WHERE id = ?", deal)
    else:
        raw("UPDATE deal SET outcome = ? WHERE id = ?", way, deal)
        book_price = quotes.list_for_deal(deal, book.now)[0].id
        raw("UPDATE quote SET state = 'cancelled' WHERE id = ?", book_price)
        raw("UPDATE deal_line SET price_minor = 2200000 WHERE deal_id = ?", deal)
        raw.refused("CRM101", "UPDATE deal SET outcome = 'open' WHERE id = ?", deal)
        raw.refused("CRM101", "UPDATE deal SET outcome = 'won' WHERE id = ?", deal)
    assert raw.value("SELECT outcome FROM deal WHERE id = ?", deal) == way


def test_a_pipeline_without_a_tech_check_still_refuses_won(book, raw):
    raw.actor = "olga"
    for position, (stage, is_first, is_last) in enumerate((("new", 1, 0), ("deal", 0, 1)), 1):
        raw(
            "INSERT INTO stage (pipeline, id, position, name, probability_percent, is_first, is_last)"
            " VALUES ('short', ?, ?, ?, 50, ?, ?)",
            stage, position, stage, is_first, is_last,
        )  # fmt: skip
    deal = put(raw, "deal", new_deal(book, pipeline="short", stage="new"))
    raw("UPDATE deal SET stage = 'deal' WHERE id = ?", deal)
    raw.refused("CRM101", "UPDATE deal SET outcome = 'won' WHERE id = ?", deal)
    # From there into Close of the other pipeline is entering.
    raw.refused("CRM101", "UPDATE deal SET pipeline = 'sales', stage = 'close' WHERE id = ?", deal)


def test_a_limit_that_is_gone_opens_nothing(book, raw):
    deal = book.typed(5)
    raw("DELETE FROM rule WHERE key = 'tech_check_limit_usd_cents'")
    raw.refused("CRM101", "UPDATE deal SET stage = 'close' WHERE id = ?", deal)


# Replacing, renumbering, deleting deals


@pytest.mark.parametrize("verb", ["REPLACE", "INSERT OR REPLACE", "INSERT"])
def test_a_deal_is_never_replaced(book, raw, verb):
    deal = book.typed(25_000)
    refuse_row(raw, "CRM112", "deal", new_deal(book, id=deal, typed_amount_minor=1), verb)
    sql, values = raw.insert("deal", new_deal(book, id=deal))
    raw.refused("CRM112", f"{sql} ON CONFLICT (id) DO UPDATE SET stage = 'close'", *values)


@pytest.mark.parametrize("column", ["id", "rowid", "_rowid_", "oid"])
def test_a_deal_keeps_its_number(book, raw, column):
    signed, other = book.deal("tech_check", 25_000), book.typed(30_000)
    book.sign(signed)
    raw.refused("CRM112", f"UPDATE deal SET {column} = 999 WHERE id = ?", signed)
    raw.refused("CRM112", f"UPDATE OR REPLACE deal SET {column} = ? WHERE id = ?", signed, other)


def test_a_deal_with_history_is_never_deleted(book, raw):
    checked, quoted, won = book.deal("develop", 25_000), book.deal("close", 9_000), book.deal("close", 9_000)
    book.sign(checked)
    book.win(won)
    for deal in (checked, quoted, won):
        raw.refused("CRM112", "DELETE FROM deal WHERE id = ?", deal)


def test_when_a_deal_was_made_stays(book, raw):
    deal = book.deal("develop", 25_000)
    for columns in ("created_on = '2020-01-01'", "created_at = 1", "created_by = 'bo'"):
        raw.refused("CRM112", f"UPDATE deal SET {columns} WHERE id = ?", deal)


# Deals won elsewhere


def test_won_imported_comes_only_by_insert_of_an_import_run(book, raw):
    raw.actor = "olga"
    run = put(raw, "import_run", {"actor": "olga", "started_at": 1})
    row = new_deal(book, outcome="won_imported", stage="close", run_id=run)
    refuse_row(raw, "CRM113", "deal", row)
    raw.path = "import"
    refuse_row(raw, "CRM113", "deal", row | {"run_id": None})
    imported = put(raw, "deal", row)
    deal = book.typed(25_000)
    for path in ("key", "import"):
        raw.path = path
        raw.refused("CRM113", "UPDATE deal SET outcome = 'won_imported' WHERE id = ?", deal)
        for target in ("outcome = 'won'", "outcome = 'open'", "stage = 'quote'", "outcome = 'lost'"):
            raw.refused("CRM114", f"UPDATE deal SET {target} WHERE id = ?", imported)
        raw.refused("CRM115", "UPDATE deal SET typed_amount_minor = 1 WHERE id = ?", imported)
    raw("UPDATE deal SET outcome = 'open', stage = 'qualify' WHERE id = ?", imported)
    raw.refused("CRM101", "UPDATE deal SET stage = 'close' WHERE id = ?", imported)


# Signing


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"signed_by_id": "ivo"}, "CRM104"),
        ({"entered_at": 1}, "CRM104"),
        ({"signed_by_id": "bo"}, "CRM103"),
        ({"checked_on": "2026-11-19"}, "CRM106"),
        ({"checked_on": "2026-11-17"}, "CRM106"),
        ({"checked_on": "yesterday"}, "CRM106"),
        ({"checked_on": "2026-11-18 "}, "CRM106"),
        ({"terms_rev": 2}, "CRM107"),
        ({"terms_rev": 0}, "CRM107"),
        ({"signed_usd_cents": 9_000_000}, "CRM107"),
        ({"signed_lines": "1x1"}, "CRM107"),
        ({"signed_from": "quote_accepted"}, "CRM107"),
        ({"signed_quote_id": 1}, "CRM107"),
        ({"deal_id": 99_999}, "CRM1"),
        ({"outcome": "failed"}, "CRM108"),
        ({"outcome": "passed_with_conditions", "details": "  "}, "CRM108"),
        ({"id": 9_223_372_036_854_775_807}, "CRM102"),
        ({"id": 50}, "CRM102"),
    ],
)
def test_a_forged_check(book, raw, columns, code):
    deal = book.deal("develop", 25_000)
    raw.actor = "uma"
    signer = columns.get("signed_by_id")
    if signer:
        columns = columns | {"signed_by_id": book.actors[signer].id}
        raw.actor = "bo" if signer == "bo" else "uma"
    refuse_row(raw, code, "tech_check", new_check(book, raw, deal) | columns)


def test_an_honest_check_by_raw_sql_holds(book, raw):
    deal = book.deal("tech_check", 25_000)
    raw.actor = "uma"
    put(raw, "tech_check", new_check(book, raw, deal))
    raw("UPDATE deal SET stage = 'close' WHERE id = ?", deal)
    assert book.tech(deal) is TechState.PASSED


@pytest.mark.parametrize(
    ("stage", "dollars", "code"),
    [("qualify", 25_000, "CRM109"), ("develop", 20_000, "CRM117"), ("lost", 25_000, "CRM109")],
)
def test_signed_too_early_too_late_or_without_need(book, raw, stage, dollars, code):
    deal = book.deal("develop" if stage == "lost" else stage, dollars)
    if stage == "lost":
        stages.lose(book.ana, book.now, deal, "price", "Pat")
    raw.actor = "uma"
    refuse_row(raw, code, "tech_check", new_check(book, raw, deal))


def test_a_check_is_never_changed_deleted_or_replaced(book, raw):
    deal = book.deal("develop", 25_000)
    check = book.sign(deal, outcome=TechState.FAILED)
    raw.actor = "uma"
    raw.refused("CRM102", "UPDATE tech_check SET outcome = 'passed' WHERE id = ?", check)
    raw.refused("CRM102", "UPDATE tech_check SET rowid = 7 WHERE id = ?", check)
    raw.refused("CRM102", "DELETE FROM tech_check WHERE id = ?", check)
    row = new_check(book, raw, deal, id=check)
    refuse_row(raw, "CRM102", "tech_check", row, "REPLACE")
    sql, values = raw.insert("tech_check", row)
    raw.refused("CRM102", f"{sql} ON CONFLICT (id) DO UPDATE SET outcome = 'passed'", *values)
    assert raw("SELECT outcome FROM tech_check") == [("failed",)]


def test_failed_after_passed_closes_the_way(book, raw):
    deal = book.deal("tech_check", 25_000)
    raw.actor = "uma"
    passed = put(raw, "tech_check", new_check(book, raw, deal))
    put(raw, "tech_check", new_check(book, raw, deal, outcome="failed", details="no power"))
    raw.refused("CRM101", "UPDATE deal SET stage = 'close' WHERE id = ?", deal)
    raw.refused("CRM102", "UPDATE deal SET last_check_id = ? WHERE id = ?", passed, deal)
    raw.refused("CRM102", "UPDATE deal SET last_check_id = NULL WHERE id = ?", deal)
    raw.refused("CRM102", "UPDATE deal SET last_check_id = ?, stage = 'close' WHERE id = ?", passed, deal)


def test_terms_never_go_back(book, raw):
    deal = book.deal("develop", 25_000)
    book.sign(deal)
    book.price(deal, 25_500)
    book.price(deal, 25_000)
    for rev in (1, 0, -5, 4, 9_223_372_036_854_775_807):
        raw.refused("CRM111", "UPDATE deal SET terms_rev = ? WHERE id = ?", rev, deal)
    raw.refused("CRM111", "UPDATE deal SET terms_rev = 1, stage = 'close' WHERE id = ?", deal)
    refuse_row(raw, "CRM111", "deal", new_deal(book, terms_rev=2))
    refuse_row(raw, "CRM111", "deal", new_deal(book, last_check_id=1))


def test_signing_then_taking_over_and_owning_then_signing(book, raw):
    signed = book.deal("develop", 25_000)
    book.sign(signed, "uma")
    raw.refused("CRM110", "UPDATE deal SET owner_id = ? WHERE id = ?", book.uma.id, signed)
    owned = book.deal("develop", 25_000)
    raw("UPDATE deal SET owner_id = ? WHERE id = ?", book.uma.id, owned)
    raw.actor = "uma"
    refuse_row(raw, "CRM105", "tech_check", new_check(book, raw, owned))
    raw("UPDATE deal SET owner_id = ? WHERE id = ?", book.ana.id, owned)
    refuse_row(raw, "CRM105", "tech_check", new_check(book, raw, owned))
    raw("UPDATE deal SET terms_rev = terms_rev + 1 WHERE id = ?", owned)
    refuse_row(raw, "CRM105", "tech_check", new_check(book, raw, owned))


def test_the_record_of_owners_and_moves_stays(book, raw):
    deal = book.deal("develop", 25_000)
    raw.refused("CRM304", "DELETE FROM deal_ownership WHERE deal_id = ?", deal)
    raw.refused("CRM304", "UPDATE deal_ownership SET user_id = ? WHERE deal_id = ?", book.bo.id, deal)
    raw.refused("CRM304", "UPDATE OR IGNORE deal_ownership SET terms_lines = 'x' WHERE deal_id = ?", deal)
    raw.refused("CRM304", "DELETE FROM stage_change WHERE deal_id = ?", deal)
    raw.refused("CRM304", "UPDATE stage_change SET actor = 'bo' WHERE deal_id = ?", deal)
    change = raw("SELECT * FROM stage_change WHERE deal_id = ? ORDER BY id DESC", deal)[0]
    marks = ", ".join("?" * len(change))
    raw.refused("CRM304", f"REPLACE INTO stage_change VALUES ({marks})", *change)
    raw.actor = "bo"
    raw.refused("CRM304", f"INSERT INTO stage_change VALUES ({marks})", None, *change[1:])


def test_nobody_becomes_somebody_else(book, raw):
    raw.refused("CRM305", "UPDATE app_user SET login = 'x' WHERE id = ?", book.uma.id)
    raw.refused("CRM302", "UPDATE app_user SET id = 77 WHERE id = ?", book.uma.id)
    raw.refused("CRM305", "DELETE FROM app_user WHERE id = ?", book.uma.id)
    for row in ({"id": book.uma.id, "login": "x"}, {"login": "uma"}):
        sql, values = raw.insert("app_user", {**row, "name": "X", "created_at": 1}, "REPLACE")
        raw.refused("CRM30", sql, *values)


# Lines and quotes


def test_a_closed_deal_is_not_moved(book, raw):
    won, lost = book.deal("close", 18_000), book.deal("develop", 9_000)
    book.win(won)
    stages.lose(book.ana, book.now, lost, "price", "Pat")
    for deal in (won, lost):
        raw.refused("CRM124", "UPDATE deal SET stage = 'qualify' WHERE id = ?", deal)
        raw.refused("CRM124", "UPDATE deal SET stage = 'quote', outcome = 'disqualified' WHERE id = ?", deal)
    raw("UPDATE deal SET stage = 'qualify', outcome = 'open' WHERE id = ?", lost)


def test_lines_of_a_won_deal_are_frozen(book, raw):
    won, other = book.deal("close", 18_000), book.deal("develop", 9_000)
    book.win(won)
    line = lines.list_lines(won)[0].id
    for sql in (
        "UPDATE deal_line SET price_minor = 1 WHERE id = ?",
        "UPDATE deal_line SET quantity = 9 WHERE id = ?",
        "DELETE FROM deal_line WHERE id = ?",
    ):
        raw.refused("CRM115", sql, line)
    with pytest.raises(sqlite3.IntegrityError, match=r"CRM1(15|21)"):
        raw("UPDATE deal_line SET deal_id = ? WHERE id = ?", other, line)
    with pytest.raises(sqlite3.IntegrityError, match=r"CRM1(15|21)"):
        raw("UPDATE deal_line SET deal_id = ? WHERE deal_id = ?", won, other)
    row = {"deal_id": won, "position": 2, "product_id": 1, "description": "x", "quantity": 1, "price_minor": 1}
    refuse_row(raw, "CRM115", "deal_line", row)
    refuse_row(raw, "CRM302", "deal_line", row | {"deal_id": other, "id": line}, "REPLACE")
    raw.refused("CRM115", "UPDATE deal SET typed_amount_minor = 5 WHERE id = ?", won)
    quote = quotes.list_for_deal(won, book.now)[0].id
    raw.refused("CRM115", "UPDATE quote SET state = 'cancelled' WHERE id = ?", quote)
    refuse_row(
        raw,
        "CRM115",
        "quote",
        {"number": 9, "revision": 1, "deal_id": won, "valid_until": "2027-01-01", "created_at": 1, "created_by": "ana"},
    )


def test_a_line_moved_between_deals_is_refused(book, raw):
    one, other = book.deal("develop", 25_000), book.deal("develop", 9_000)
    raw.refused("CRM121", "UPDATE deal_line SET deal_id = ? WHERE deal_id = ?", other, one)


@pytest.mark.parametrize("state", ["sent", "accepted"])
def test_what_was_sent_stays_as_it_was_sent(book, raw, state):
    deal, other = book.deal("tech_check", 25_000), book.deal("quote", 9_000)
    quote = quotes.list_for_deal(deal, book.now)[0]
    if state == "accepted":
        book.accept(deal)
    line = quote.lines[0].id
    draft = quotes.create(book.ana, book.now, other)
    for sql, *params in (
        ("UPDATE quote_line SET price_minor = 1 WHERE id = ?", line),
        ("UPDATE quote_line SET position = 5 WHERE id = ?", line),
        ("DELETE FROM quote_line WHERE id = ?", line),
        ("UPDATE quote SET state = 'draft' WHERE id = ?", quote.id),
        ("UPDATE quote SET deal_id = ? WHERE id = ?", other, quote.id),
        ("UPDATE quote SET number = 77 WHERE id = ?", quote.id),
        ("UPDATE quote SET valid_until = '2030-01-01' WHERE id = ?", quote.id),
        ("UPDATE quote SET sent_at = 1 WHERE id = ?", quote.id),
        ("UPDATE quote SET sent_at = NULL, state = 'cancelled' WHERE id = ?", quote.id),
        ("UPDATE quote SET rowid = 77 WHERE id = ?", quote.id),
        ("DELETE FROM quote WHERE id = ?", quote.id),
    ):
        raw.refused("CRM118", sql, *params)
    with pytest.raises(sqlite3.IntegrityError, match=r"CRM1(18|21)"):
        raw("UPDATE quote_line SET quote_id = ? WHERE id = ?", draft, line)
    row = {"quote_id": draft, "position": 2, "product_id": 1, "description": "x", "quantity": 1, "price_minor": 1}
    refuse_row(raw, "CRM118", "quote_line", row | {"id": line}, "REPLACE")
    refuse_row(raw, "CRM118", "quote_line", row | {"quote_id": quote.id})
    raw.refused("CRM118", "UPDATE OR REPLACE quote_line SET id = ? WHERE quote_id = ?", line, draft)
    assert raw.value("SELECT amount_usd_cents FROM deal WHERE id = ?", deal) == 2_500_000


def test_quotes_are_never_replaced_and_start_as_drafts(book, raw):
    deal = book.deal("tech_check", 25_000)
    quote = quotes.list_for_deal(deal, book.now)[0]
    row = {
        "number": 900,
        "revision": 1,
        "deal_id": deal,
        "valid_until": "2027-01-01",
        "created_at": 1,
        "created_by": "x",
    }
    refuse_row(raw, "CRM118", "quote", row | {"id": quote.id}, "REPLACE")
    refuse_row(raw, "CRM118", "quote", row | {"number": quote.number, "revision": quote.revision}, "REPLACE")
    # An empty quote that claims to be sent would make the deal worth nothing.
    for state in ("sent", "accepted", "expired", "superseded"):
        refuse_row(raw, "CRM118", "quote", row | {"state": state, "sent_at": 5})
    draft = quotes.create(book.ana, book.now, deal)
    refuse_row(raw, "CRM119", "quote", row, "REPLACE")
    raw.refused("CRM118", "UPDATE quote SET state = 'accepted' WHERE id = ?", draft)
    raw("UPDATE quote SET state = 'accepted' WHERE id = ?", quote.id)
    raw.refused("CRM119", "UPDATE OR REPLACE quote SET state = 'accepted', sent_at = 6 WHERE id = ?", draft)
    assert raw.value("SELECT count(*) FROM quote WHERE deal_id = ?", deal) == 2


def test_a_quote_that_changes_the_terms_costs_the_sign_off(book, raw):
    deal = book.deal("tech_check", 25_000)
    book.sign(deal)
    draft = quotes.create(book.ana, book.now, deal)
    raw("UPDATE quote_line SET price_minor = 2600000 WHERE quote_id = ?", draft)
    raw("UPDATE quote SET state = 'sent', sent_at = ? WHERE id = ?", raw.now + 1, draft)
    raw.refused("CRM101", "UPDATE deal SET stage = 'close' WHERE id = ?", deal)
    raw("UPDATE quote SET state = 'cancelled' WHERE id = ?", draft)
    assert raw.value("SELECT amount_usd_cents FROM deal WHERE id = ?", deal) == 2_500_000
    raw.refused("CRM101", "UPDATE deal SET stage = 'close' WHERE id = ?", deal)


def test_all_in_one_transaction_changes_nothing_about_it(book, raw):
    deal = book.typed(25_000)
    raw("BEGIN")
    raw("UPDATE deal SET typed_amount_minor = 1800000 WHERE id = ?", deal)
    raw("UPDATE deal SET stage = 'close' WHERE id = ?", deal)
    raw("UPDATE deal SET typed_amount_minor = 2500000 WHERE id = ?", deal)
    with pytest.raises(sqlite3.IntegrityError, match="CRM101"):
        raw("UPDATE deal SET outcome = 'won' WHERE id = ?", deal)
    raw("COMMIT")
    assert raw("SELECT stage, outcome FROM deal WHERE id = ?", deal) == [("close", "open")]
    assert book.tech(deal) is TechState.DUE


def test_the_rules_say_themselves_in_a_sentence(book, raw):
    from models import errors

    deal = book.typed(25_000)
    with pytest.raises(sqlite3.IntegrityError) as caught:
        raw("UPDATE deal SET stage = 'close' WHERE id = ?", deal)
    said = errors.from_database(caught.value)
    assert (said.exit_code, said.rule) == (4, "CRM101")
    assert "ask a technical consultant" in said.message


def test_assigning_back_and_forth_by_raw_sql_is_recorded(book, raw):
    deal = book.typed(25_000)
    raw("UPDATE deal SET owner_id = ? WHERE id = ?", book.bo.id, deal)
    deals.assign(book.max, book.now, [deal], "ana")
    owners = raw("SELECT DISTINCT user_id FROM deal_ownership WHERE deal_id = ? ORDER BY user_id", deal)
    assert owners == sorted([(book.ana.id,), (book.bo.id,)])
