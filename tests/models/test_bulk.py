"""One change of many deals: the preview says what the change does, and one undo takes it back."""

from __future__ import annotations

import datetime as dt

import pytest

from models import undo
from models.database import execute
from models.deals import bulk, deals, stages
from models.errors import NotAllowedError, NotFoundError, RefusedError


def test_a_preview_says_which_deals_can_be_changed_and_changes_nothing(book):
    free, lost, other = book.typed(5_000), book.typed(6_000), book.typed(7_000, owner="bo")
    stages.lose(book.ana, book.now, lost, "price", "Pat", dt.date(2026, 11, 18), "")
    before = book.visible()
    actions = execute("SELECT count(*) FROM action").fetchone()[0]
    found = bulk.preview_edit(book.ana, book.now, [free, lost, other], {"close_on": dt.date(2026, 12, 18)})
    assert [bool(one.blocked) for one in found] == [False, True, True]
    assert "is lost" in found[1].blocked
    assert "is bo's" in found[2].blocked
    assert book.visible() == before
    assert execute("SELECT count(*) FROM action").fetchone()[0] == actions


def test_fields_of_many_change_in_one_action_with_one_undo(book):
    ids = [book.typed(5_000 + n) for n in range(14)]
    before = book.visible()
    bulk.edit(book.ana, book.now, ids, {"category": "commit"})
    assert {book.detail(one).category for one in ids} == {"commit"}
    assert undo.undo(book.ana, book.now) == "Changed category of 14 deals"
    assert book.visible() == before


def test_all_change_or_none(book):
    mine, other = book.typed(5_000), book.typed(7_000, owner="bo")
    with pytest.raises(NotAllowedError):
        bulk.edit(book.ana, book.now, [mine, other], {"category": "commit"})
    assert book.detail(mine).category == "pipeline"


def test_a_hand_over_is_previewed_with_what_the_database_refuses(book):
    signed, plain = book.deal("close", 25_000), book.typed(5_000)
    found = bulk.preview_assign(book.max, book.now, [signed, plain], "uma")
    assert [bool(one.blocked) for one in found] == [True, False]
    assert "signed the tech check" in found[0].blocked
    with pytest.raises(RefusedError):
        deals.assign(book.max, book.now, [signed, plain], "uma")
    assert book.detail(plain).owner == "ana"
    deals.assign(book.max, book.now, [plain], "uma")
    assert book.detail(plain).owner == "uma"
    with pytest.raises(NotFoundError):
        bulk.preview_assign(book.max, book.now, [plain], "nobody")
