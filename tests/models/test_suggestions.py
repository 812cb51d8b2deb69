"""What a customer may want next: plans for what was bought without one, and what others bought besides."""

from __future__ import annotations

import json

from models import journal
from models.database import execute
from models.deals import lines, quotes, stages, suggestions
from tests.models.conftest import Book


def _offers(customer_id: int) -> list[tuple[str, str]]:
    return [(one.product, one.why) for one in suggestions.list_suggestions(customer_id)]


def test_a_plan_is_offered_to_who_bought_something_without_one(book: Book) -> None:
    account = book.account()
    deal = book.deal("close", 9_000, customer_id=account)
    assert _offers(account) == []
    book.win(deal)
    assert _offers(account) == [("Monitoring Plan", "has Installation without a plan")]
    # Once an open Deal offers it nothing is left to say.
    following = book.deal("develop", 100, customer_id=account)
    lines.add(book.ana, book.now, following, "MONITORING")
    assert _offers(account) == []


def test_who_bought_a_plan_already_is_offered_none(book: Book) -> None:
    account = book.account()
    deal = book.deal("develop", 9_000, customer_id=account)
    lines.add(book.ana, book.now, deal, "MONITORING")
    stages.move(book.ana, book.now, [deal], "quote")
    quotes.send(book.ana, book.now, quotes.create(book.ana, book.now, deal))
    book.accept(deal)
    stages.move(book.ana, book.now, [deal], "close")
    book.win(deal)
    assert _offers(account) == []


def test_what_others_bought_is_offered_where_no_task_says_so(book: Book) -> None:
    account = book.account()
    bought, others = json.dumps(["Bell"]), json.dumps(["Lock", "Lamp"])
    with journal.action(book.olga._replace(path="import"), book.now, "import.run", "Imported"):
        execute("INSERT INTO import_run (id, actor, started_at) VALUES (1, 'olga', 1)")
        execute(
            "INSERT INTO follow_up (customer_id, purchased_on, due_on, bought, others, run_id, activity_id)"
            " VALUES (?, '2026-11-02', '2026-11-16', ?, ?, 1, NULL)",
            (account, bought, others),
        )
    assert _offers(account) == [
        ("Lock", "bought by others who bought Bell"),
        ("Lamp", "bought by others who bought Bell"),
    ]
