"""Rules 1: what keeps a deal from its next stage, asked by every path."""

from __future__ import annotations

import datetime as dt

import pytest

from models import undo
from models.deals import deals, gates, lines, quotes, stages
from models.errors import GateError, RefusedError, UsageError
from tests.models.conftest import QUALIFIED


def fields(error):
    return [blocker.field for blocker in error.value.blockers]


@pytest.mark.parametrize("missing", sorted(QUALIFIED))
def test_qualify_is_left_with_each_of_its_fields(book, missing):
    values = {key: value for key, value in QUALIFIED.items() if key != missing}
    deal = deals.create(book.ana, book.now, book.account(), **values)
    with pytest.raises(GateError) as caught:
        stages.forward(book.ana, book.now, deal)
    (blocker,) = caught.value.blockers
    assert (blocker.field, blocker.reason, blocker.present, blocker.is_fillable) == (missing, "missing", "", True)
    assert blocker.fix == f"contoso deal set D-{deal} {missing.removesuffix('_minor')}=..."
    deals.edit(book.ana, book.now, deal, {missing: QUALIFIED[missing]})
    assert stages.forward(book.ana, book.now, deal).to_stage == "develop"


def test_fields_that_are_empty_for_one_stage_are_named_together(book):
    deal = deals.create(book.ana, book.now, book.account(), budget_minor=1)
    found = gates.check(deal, "quote", book.now)
    assert gates.in_words(found).split("; ") == [
        "no product line yet",
        "Develop asks for at least one",
        "Need, Time frame and Decision maker are empty",
        "Qualify asks for them",
    ]
    assert gates.in_words(found[:1]) == "Need is empty; Qualify asks for it"
    (row,) = stages.preview(book.ana, book.now, [deal], None)
    assert row.blocked == "Need, Time frame and Decision maker are empty; Qualify asks for them"


def test_white_space_fills_nothing_and_a_budget_of_nothing_is_a_budget(book):
    deal = deals.create(book.ana, book.now, book.account(), **(QUALIFIED | {"need": "  \n", "budget_minor": 0}))
    assert [b.field for b in gates.check(deal, "develop", book.now)] == ["need"]


def test_develop_is_left_with_a_line(book):
    deal = book.typed(9_000, stage="develop")
    with pytest.raises(GateError) as caught:
        stages.forward(book.ana, book.now, deal)
    assert fields(caught) == ["lines"]
    lines.add(book.ana, book.now, deal, "DOORBELL")
    assert stages.forward(book.ana, book.now, deal).to_stage == "quote"


def test_quote_is_left_with_a_quote_in_force(book):
    deal = book.deal("quote", 9_000)

    def blocked():
        return [(b.field, b.present) for b in gates.check(deal, "close", book.now)]

    assert blocked() == [("quote", "none")]
    quote = quotes.create(book.ana, book.now, deal)
    assert blocked() == [("quote", "Q-0301 r1 draft")]
    quotes.send(book.ana, book.now, quote)
    assert blocked() == []
    past = book.now + dt.timedelta(days=40)
    assert [b.field for b in gates.check(deal, "close", past)] == ["quote"]
    quotes.accept(book.ana, book.now, quote)
    # An accepted one doesn't expire.
    assert gates.check(deal, "close", past) == []


def test_a_rejected_quote_is_not_in_force(book):
    deal = book.deal("quote", 9_000)
    quotes.send(book.ana, book.now, quotes.create(book.ana, book.now, deal))
    quotes.reject(book.ana, book.now, quotes.list_for_deal(deal, book.now)[0].id, "too dear")
    with pytest.raises(GateError) as caught:
        stages.forward(book.ana, book.now, deal)
    assert fields(caught) == ["quote"]


def test_close_is_left_with_walk_through_accepted_quote_and_nothing_open(book):
    deal = book.deal("quote", 9_000)
    quotes.send(book.ana, book.now, quotes.create(book.ana, book.now, deal))
    stages.forward(book.ana, book.now, deal)
    with pytest.raises(GateError) as caught:
        stages.win(book.ana, book.now, deal)
    assert fields(caught) == ["walkthrough", "quote"]
    book.accept(deal)
    with pytest.raises(GateError) as caught:
        stages.win(book.ana, book.now, deal, walkthrough_on=book.today)
    assert fields(caught) == ["walkthrough"]
    assert "with whom, customer ready" in caught.value.blockers[0].text
    draft = quotes.create(book.ana, book.now, deal)
    with pytest.raises(GateError) as caught:
        book.win(deal)
    assert (fields(caught), caught.value.blockers[0].reason) == (["quotes"], "open_quotes")
    quotes.send(book.ana, book.now, draft)
    with pytest.raises(GateError) as caught:
        book.win(deal)
    assert fields(caught) == ["quotes"]
    quotes.cancel(book.ana, book.now, draft)
    book.win(deal)
    assert book.detail(deal).walkthrough_with == "Pat Marsh"


def test_a_refused_win_notes_nothing(book):
    deal = book.deal("close", 9_000)
    quotes.create(book.ana, book.now, deal)
    with pytest.raises(GateError):
        book.win(deal)
    assert book.detail(deal).walkthrough_on is None


def test_conditions_of_stages_passed_are_asked_again(book):
    deal = book.deal("close", 9_000)
    deals.edit(book.ana, book.now, deal, {"need": ""})
    with pytest.raises(GateError) as caught:
        book.win(deal)
    assert fields(caught) == ["need"]
    stages.backward(book.ana, book.now, deal, "again")
    with pytest.raises(GateError) as caught:
        stages.forward(book.ana, book.now, deal)
    assert fields(caught) == ["need"]


def test_moving_over_several_stages_asks_each_gate(book):
    deal = deals.create(book.ana, book.now, book.account(), amount_minor=2_500_000)
    with pytest.raises(GateError) as caught:
        stages.move(book.ana, book.now, [deal], "close")
    assert fields(caught) == ["need", "budget_minor", "time_frame", "decision_maker", "lines", "quote", "tech_check"]
    assert book.detail(deal).stage.id == "qualify"
    ready = book.deal("qualify", 25_000)
    quotes.send(book.ana, book.now, quotes.create(book.ana, book.now, ready))
    assert [moved.to_stage for moved in stages.move(book.ana, book.now, [ready], "tech_check")] == ["tech_check"]


def test_skipping_tech_check_is_said_and_going_there_without_need_refused(book):
    deal = book.deal("quote", 18_000)
    quotes.send(book.ana, book.now, quotes.create(book.ana, book.now, deal))
    with pytest.raises(RefusedError, match=r"Tech Check not needed, \$18,000.00"):
        stages.move(book.ana, book.now, [deal], "tech_check")
    moved = stages.forward(book.ana, book.now, deal)
    assert (moved.to_stage, moved.note) == ("close", "Tech Check not needed: $18,000.00")
    assert stages.backward(book.ana, book.now, deal, "look again").to_stage == "quote"


def test_back_by_one_stage_with_a_reason_keeps_everything(book):
    deal = book.deal("tech_check", 25_000)
    before = book.detail(deal)
    for reason in ("", "   "):
        with pytest.raises(UsageError, match="needs a reason"):
            stages.backward(book.ana, book.now, deal, reason)
    assert stages.backward(book.ana, book.now, deal, "new sites").to_stage == "quote"
    after = book.detail(deal)
    assert (after.need, after.amount_minor, after.quotes) == (before.need, before.amount_minor, before.quotes)
    first = book.deal("qualify")
    with pytest.raises(RefusedError, match="the first stage"):
        stages.backward(book.ana, book.now, first, "back")


def test_a_move_to_where_it_stands_is_refused_and_an_unknown_stage_named(book):
    deal = book.deal("develop")
    with pytest.raises(RefusedError, match="in Develop already"):
        stages.move(book.ana, book.now, [deal], "develop")
    with pytest.raises(Exception, match="no stage 'closing'; there are qualify, develop"):
        stages.move(book.ana, book.now, [deal], "closing")


def test_a_bulk_move_shows_who_can_and_is_all_or_none_and_one_undo(book):
    ready = [book.deal("develop", 9_000) for _ in range(3)]
    stuck = book.typed(9_000, stage="develop")
    theirs = book.deal("develop", 9_000, owner="eve")
    closed = book.deal("develop", 9_000)
    stages.lose(book.ana, book.now, closed, "price", "Pat")
    shown = stages.preview(book.ana, book.now, [*ready, stuck, theirs, closed], "quote")
    assert [bool(row.blocked) for row in shown] == [False, False, False, True, True, True]
    assert "no product line" in shown[3].blocked
    assert "eve" in shown[4].blocked
    assert "reopen it first" in shown[5].blocked
    with pytest.raises(GateError):
        stages.move(book.ana, book.now, [*ready, stuck], "quote")
    assert {book.detail(deal).stage.id for deal in ready} == {"develop"}
    stages.move(book.ana, book.now, ready, "quote")
    assert {book.detail(deal).stage.id for deal in ready} == {"quote"}
    assert undo.undo(book.ana, book.now) == "Moved 3 deals to Quote"
    assert {book.detail(deal).stage.id for deal in ready} == {"develop"}


def test_a_bulk_step_forward_takes_each_to_its_own_next_stage(book):
    one, other = book.deal("qualify", 9_000), book.deal("develop", 9_000)
    shown = stages.preview(book.ana, book.now, [one, other], None)
    assert [row.to_stage for row in shown] == ["develop", "quote"]
    stages.move_forward(book.ana, book.now, [one, other])
    assert [book.detail(deal).stage.id for deal in (one, other)] == ["develop", "quote"]
    undo.undo(book.ana, book.now)
    assert [book.detail(deal).stage.id for deal in (one, other)] == ["qualify", "develop"]


def test_previewing_writes_nothing(book):
    deal = book.deal("develop", 9_000)
    before = book.visible()
    stages.preview(book.ana, book.now, [deal], "quote")
    stages.preview(book.ana, book.now, [book.deal("close", 9_000)], None)
    assert before["deal_line"][0] in book.visible()["deal_line"]
    assert book.detail(deal).stage.id == "develop"


def test_a_closed_deal_is_asked_to_be_reopened(book):
    deal = book.deal("close", 9_000)
    book.win(deal)
    (blocker,) = gates.check(deal, "won", book.now)
    assert (blocker.field, blocker.fix) == ("outcome", f"contoso deal reopen D-{deal}")
