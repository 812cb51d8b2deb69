"""Rules 2: each row of its table, and each sentence before it, through the functions."""

from __future__ import annotations

import datetime as dt

import pytest

from models import undo
from models.deals import deals, gates, lines, quotes, stages, tech_checks
from models.deals.records import AmountFrom, Outcome, TechState
from models.errors import (
    ChangedMeanwhileError,
    GateError,
    NotAllowedError,
    RefusedError,
    UsageError,
)
from models.people import users
from models.people.records import Role


def is_valid(book, deal_id):
    return book.tech(deal_id).is_valid


def test_twenty_thousand_needs_none_and_one_cent_more_does(book):
    at, above = book.deal("quote", 20_000), book.deal("quote", 20_000.01)
    assert book.tech(at) is TechState.NOT_NEEDED
    assert book.tech(above) is TechState.DUE
    for deal in (at, above):
        quotes.send(book.ana, book.now, quotes.create(book.ana, book.now, deal))
    moved = stages.forward(book.ana, book.now, at)
    assert (moved.to_stage, moved.note) == ("close", "Tech Check not needed: $20,000.00")
    assert stages.forward(book.ana, book.now, above).to_stage == "tech_check"
    with pytest.raises(GateError) as caught:
        stages.forward(book.ana, book.now, above)
    assert [b.field for b in caught.value.blockers] == ["tech_check"]


@pytest.mark.parametrize("change", ["amount", "lines"])
def test_raised_or_changed_after_signing_is_stale_keeps_its_stage_and_shows_both_amounts(book, change):
    deal = book.deal("tech_check", 25_000)
    book.sign(deal)
    assert is_valid(book, deal)
    book.requote(deal, 26_000) if change == "amount" else add_product(book, deal)
    assert book.tech(deal) is TechState.STALE
    assert book.detail(deal).stage.id == "tech_check"
    with pytest.raises(GateError):
        stages.forward(book.ana, book.now, deal)
    check = tech_checks.get_view(deal, book.now).last
    if change == "amount":
        assert check.why_not_counting == "signed at $25,000.00, now $26,000.00"
    else:
        assert check.why_not_counting == "the lines changed after it"
    book.sign(deal)
    assert stages.forward(book.ana, book.now, deal).to_stage == "close"


def add_product(book, deal):
    quote = quotes.create(book.ana, book.now, deal)
    quotes.add_line(book.ana, book.now, quote, "MOISTURE")
    quotes.send(book.ana, book.now, quote)


def test_raised_in_close_after_signing_stays_there_and_cant_be_won(book):
    deal = book.deal("close", 25_000)
    book.requote(deal, 26_000)
    book.accept(deal)
    assert (book.detail(deal).stage.id, book.tech(deal)) == ("close", TechState.STALE)
    with pytest.raises(GateError):
        book.win(deal)
    book.sign(deal)
    book.win(deal)
    assert book.detail(deal).outcome is Outcome.WON


def test_lowered_with_the_same_lines_stays_valid_also_back_up_to_the_signed_amount(book):
    deal = book.deal("develop", 25_000)
    book.sign(deal)
    for dollars in (24_000, 25_000, 20_000.01, 24_999.99, 25_000):
        book.price(deal, dollars)
        assert is_valid(book, deal), dollars


def test_a_cent_above_the_signed_amount_and_back_does_not_revive(book):
    deal = book.deal("develop", 25_000)
    book.sign(deal)
    book.price(deal, 25_000.01)
    book.price(deal, 25_000)
    assert book.tech(deal) is TechState.STALE


def test_falls_to_19_000_and_rises_to_22_000_does_not_revive(book):
    deal = book.deal("develop", 25_000)
    book.sign(deal)
    book.price(deal, 19_000)
    assert book.tech(deal) is TechState.NOT_NEEDED
    book.price(deal, 22_000)
    assert book.tech(deal) is TechState.STALE


def test_in_close_at_18_000_raised_to_22_000_is_flagged_not_moved_and_not_won_until_checked(book):
    deal = book.deal("close", 18_000)
    book.requote(deal, 22_000)
    book.accept(deal)
    assert (book.detail(deal).stage.id, book.tech(deal)) == ("close", TechState.DUE)
    with pytest.raises(GateError):
        book.win(deal)
    book.sign(deal)
    book.win(deal)


def test_falls_to_the_limit_in_tech_check_stays_and_goes_on_to_close(book):
    deal = book.deal("tech_check", 25_000)
    book.requote(deal, 20_000)
    assert book.detail(deal).stage.id == "tech_check"
    assert stages.forward(book.ana, book.now, deal).to_stage == "close"


def make_consultant(book, login):
    roles = {*book.actors[login].roles, Role.CONSULTANT}
    users.change(book.olga, book.now, login, roles=roles)
    book.actors[login] = users.get_actor(login)


def test_the_owner_cant_sign(book):
    make_consultant(book, "ana")
    deal = book.deal("develop", 25_000)
    with pytest.raises(RefusedError, match="You own"):
        book.sign(deal, "ana")
    assert tech_checks.why_cannot_sign(book.ana, book.detail(deal)) == "you own this deal"


def test_the_signer_cant_take_the_deal_over_under_the_same_terms(book):
    deal = book.deal("develop", 25_000)
    book.sign(deal, "uma")
    with pytest.raises(RefusedError, match="can't take the deal over"):
        deals.assign(book.ana, book.now, [deal], "uma")
    book.price(deal, 26_000)
    deals.assign(book.ana, book.now, [deal], "uma")
    assert book.detail(deal).owner == "uma"


@pytest.mark.parametrize("meanwhile", ["nothing", "price", "moved back"])
def test_who_has_owned_it_under_these_lines_cant_sign_after_handing_it_over(book, meanwhile):
    make_consultant(book, "bo")
    deal = book.deal("quote", 25_000, owner="bo")
    book.sign(deal, "ivo")
    deals.assign(book.bo, book.now, [deal], "ana")
    if meanwhile == "price":
        book.price(deal, 25_500)
    if meanwhile == "moved back":
        stages.backward(book.ana, book.now, deal, "start over")
        assert book.tech(deal) is TechState.STALE
    with pytest.raises(RefusedError, match="You have owned"):
        book.sign(deal, "bo")
    assert "owned" in tech_checks.why_cannot_sign(book.bo, book.detail(deal))
    lines.add(book.ana, book.now, deal, "MOISTURE")
    assert book.sign(deal, "bo")


def test_asking_who_cant_sign_is_refused(book):
    make_consultant(book, "bo")
    deal = book.deal("develop", 25_000, owner="bo")
    deals.assign(book.bo, book.now, [deal], "ana")
    with pytest.raises(RefusedError, match="ask another"):
        tech_checks.ask(book.ana, book.now, deal, "bo")
    with pytest.raises(RefusedError, match="no technical consultant"):
        tech_checks.ask(book.ana, book.now, deal, "max")
    with pytest.raises(RefusedError, match="has gone: today is"):
        tech_checks.ask(book.ana, book.now, deal, "uma", book.today - dt.timedelta(days=1))
    tech_checks.ask(book.ana, book.now, deal, "uma", dt.date(2026, 11, 20), "before Friday")
    request = tech_checks.get_view(deal, book.now).request
    assert (request.asked_of, request.note, request.needed_by) == ("uma", "before Friday", dt.date(2026, 11, 20))
    assert [view.deal_id for view in tech_checks.list_waiting(book.now, book.uma.id)] == [deal]


@pytest.mark.parametrize("login", ["ana", "bo", "max", "olga", "sid"])
def test_who_is_no_consultant_cant_sign(book, login):
    deal = book.deal("develop", 25_000, owner="bo" if login != "bo" else "ana")
    with pytest.raises(NotAllowedError):
        book.sign(deal, login)
    assert tech_checks.list_checks(deal) == []


def test_a_signer_who_loses_the_role_leaves_a_valid_sign_off_and_signs_no_more(book):
    deal, other = book.deal("tech_check", 25_000), book.deal("develop", 30_000)
    book.sign(deal, "uma")
    uma_of_before = book.uma
    users.change(book.olga, book.now, "uma", roles=[Role.REPRESENTATIVE])
    assert is_valid(book, deal)
    assert stages.forward(book.ana, book.now, deal).to_stage == "close"
    with pytest.raises(RefusedError, match="Only a technical consultant"):
        tech_checks.sign(uma_of_before, book.now, other, TechState.PASSED, book.today)


@pytest.mark.parametrize("outcome", [TechState.FAILED, TechState.PASSED_WITH_CONDITIONS])
def test_failed_or_with_conditions_needs_details(book, outcome):
    deal = book.deal("tech_check", 25_000)
    for details in ("", "  \n"):
        with pytest.raises(RefusedError, match="Details are required"):
            book.sign(deal, outcome=outcome, details=details)
    book.sign(deal, outcome=outcome, details="second router")
    assert book.tech(deal) is outcome
    if outcome is TechState.FAILED:
        with pytest.raises(GateError) as caught:
            stages.forward(book.ana, book.now, deal)
        assert caught.value.blockers[0].reason == "failed"
    else:
        assert stages.forward(book.ana, book.now, deal).to_stage == "close"


def test_a_failed_check_after_a_passed_one_blocks_and_a_passed_one_after_that_opens(book):
    deal = book.deal("tech_check", 25_000)
    book.sign(deal, "uma")
    book.sign(deal, "ivo", TechState.FAILED, "no power at the panel")
    with pytest.raises(GateError):
        stages.forward(book.ana, book.now, deal)
    book.sign(deal, "uma")
    assert stages.forward(book.ana, book.now, deal).to_stage == "close"
    assert [check.why_not_counting for check in tech_checks.list_checks(deal)] == [
        "",
        "a newer one replaced it",
        "a newer one replaced it",
    ]


def test_of_two_at_once_the_first_wins_and_the_second_sees_who_and_when(book):
    deal = book.deal("tech_check", 25_000)
    tech_checks.sign(book.uma, book.now, deal, TechState.PASSED, book.today, seen_check_id=None)
    with pytest.raises(ChangedMeanwhileError, match=r"uma signed D-\d+ first, 2026-11-18 17:00 UTC: passed"):
        tech_checks.sign(book.ivo, book.now, deal, TechState.FAILED, book.today, "no", seen_check_id=None)
    assert len(tech_checks.list_checks(deal)) == 1


def test_dated_in_the_future_or_before_the_deal_existed_is_refused(book):
    deal = book.deal("develop", 25_000)
    for day in (book.today + dt.timedelta(days=1), book.today - dt.timedelta(days=1)):
        with pytest.raises(RefusedError, match="can't be dated"):
            tech_checks.sign(book.uma, book.now, deal, TechState.PASSED, day)
    later = book.now + dt.timedelta(days=3)
    tech_checks.sign(book.uma, later, deal, TechState.PASSED, book.today)
    check = tech_checks.list_checks(deal)[0]
    assert (check.checked_on, check.entered_at) == (book.today, later)


def test_the_date_is_the_companys_not_utc(book):
    deal = book.deal("develop", 25_000)
    # 03:00 UTC on the 19th is still the 18th in Denver.
    late = dt.datetime(2026, 11, 19, 3, tzinfo=dt.UTC)
    with pytest.raises(RefusedError, match="future"):
        tech_checks.sign(book.uma, late, deal, TechState.PASSED, dt.date(2026, 11, 19))
    tech_checks.sign(book.uma, late, deal, TechState.PASSED, dt.date(2026, 11, 18))


def test_signable_from_develop_on_while_open_and_needed(book):
    qualify, small = book.deal("qualify", 25_000), book.deal("develop", 20_000)
    with pytest.raises(RefusedError, match="from the next stage on"):
        book.sign(qualify)
    with pytest.raises(RefusedError, match="needs no tech check"):
        book.sign(small)
    for stage in ("develop", "quote", "tech_check"):
        assert book.sign(book.deal(stage, 25_000))
    lost = book.deal("develop", 25_000)
    stages.lose(book.ana, book.now, lost, "price", "Pat Marsh")
    with pytest.raises(RefusedError, match="only an open deal"):
        book.sign(lost)


def test_an_unknown_outcome_is_no_outcome(book):
    deal = book.deal("develop", 25_000)
    with pytest.raises(UsageError):
        book.sign(deal, outcome=TechState.STALE)


def test_a_sign_off_from_develop_holds_all_the_way_forward(book):
    deal = book.deal("develop", 25_000)
    book.sign(deal)
    stages.forward(book.ana, book.now, deal)
    assert is_valid(book, deal)
    quotes.send(book.ana, book.now, quotes.create(book.ana, book.now, deal))
    for stage in ("tech_check", "close"):
        assert stages.forward(book.ana, book.now, deal).to_stage == stage
        assert is_valid(book, deal)
    book.accept(deal)
    book.win(deal)


@pytest.mark.parametrize("stage", ["quote", "develop", "qualify"])
def test_back_to_a_stage_before_tech_check_makes_stale(book, stage):
    deal = book.deal("close", 25_000)
    stages.move(book.ana, book.now, [deal], stage, "they think again")
    assert book.tech(deal) is TechState.STALE
    with pytest.raises(GateError):
        stages.move(book.ana, book.now, [deal], "close")


def test_back_from_close_to_tech_check_does_not(book):
    deal = book.deal("close", 25_000)
    moved = stages.backward(book.ana, book.now, deal, "look once more")
    assert (moved.to_stage, book.tech(deal)) == ("tech_check", TechState.PASSED)
    assert stages.forward(book.ana, book.now, deal).to_stage == "close"


def test_undo_never_revives(book):
    deal = book.deal("tech_check", 25_000)
    book.sign(deal)
    stages.backward(book.ana, book.now, deal, "they think again")
    assert book.tech(deal) is TechState.STALE
    undo.undo(book.ana, book.now)
    assert (book.detail(deal).stage.id, book.tech(deal)) == ("tech_check", TechState.STALE)
    developed = book.deal("develop", 25_000)
    book.sign(developed)
    book.price(developed, 26_000)
    undo.undo(book.ana, book.now)
    assert book.detail(developed).amount_minor == 2_500_000
    assert book.tech(developed) is TechState.STALE


def test_undo_into_close_is_refused_where_the_sign_off_is_gone(book):
    deal = book.deal("close", 25_000)
    stages.move(book.ana, book.now, [deal], "quote", "they think again")
    with pytest.raises(RefusedError, match="no valid sign-off"):
        undo.undo(book.ana, book.now)
    assert book.detail(deal).stage.id == "quote"


def test_the_terms_are_those_of_one_document(book):
    deal = book.typed(21_000, stage="develop")

    def terms():
        detail = book.detail(deal)
        return detail.amount_from, detail.amount_minor

    assert terms() == (AmountFrom.TYPED, 2_100_000)
    line = lines.add(book.ana, book.now, deal, "SECURITY", 9)
    assert terms() == (AmountFrom.LINES, 2_205_000)
    first = quotes.create(book.ana, book.now, deal)
    lines.change(book.ana, book.now, line, quantity=10)
    assert terms() == (AmountFrom.LINES, 2_450_000)
    quotes.send(book.ana, book.now, first)
    assert terms() == (AmountFrom.QUOTE_SENT, 2_205_000)
    quotes.accept(book.ana, book.now, first)
    second = quotes.create(book.ana, book.now, deal)
    quotes.add_line(book.ana, book.now, second, "DOORBELL")
    quotes.send(book.ana, book.now, second)
    assert terms() == (AmountFrom.QUOTE_ACCEPTED, 2_205_000)
    quotes.accept(book.ana, book.now, second)
    assert terms() == (AmountFrom.QUOTE_ACCEPTED, 2_223_900)


def test_own_lines_dont_count_while_a_quote_does(book):
    deal = book.deal("tech_check", 25_000)
    book.sign(deal)
    book.price(deal, 90_000)
    lines.add(book.ana, book.now, deal, "MOISTURE", 40)
    assert is_valid(book, deal)
    quotes.reject(book.ana, book.now, quotes.list_for_deal(deal, book.now)[0].id, "too dear")
    assert book.tech(deal) is TechState.STALE


def test_lines_are_products_quantities_and_months_not_price_discount_order_or_wording(book):
    deal = book.deal("develop", 25_000)
    plan = lines.add(book.ana, book.now, deal, "MONITORING", 2, months=12)
    one = lines.list_lines(deal)[0].id
    book.sign(deal)
    lines.change(book.ana, book.now, one, description="Fitting, all sites")
    lines.change(book.ana, book.now, one, discount_bp=500)
    lines.change(book.ana, book.now, plan, price_minor=4800)
    lines.shift(book.ana, book.now, plan, -1)
    # Open-ended counts as 12 months.
    lines.change(book.ana, book.now, plan, months=None)
    assert is_valid(book, deal)


@pytest.mark.parametrize("values", [{"quantity": 1}, {"months": 11}, {"months": 13}])
def test_a_quantity_or_months_count_even_where_the_amount_falls(book, values):
    deal = book.deal("develop", 25_000)
    plan = lines.add(book.ana, book.now, deal, "MONITORING", 2, months=12)
    book.sign(deal)
    lines.change(book.ana, book.now, plan, **values)
    assert book.tech(deal) is TechState.STALE
    lines.change(book.ana, book.now, plan, quantity=2, months=12)
    assert book.tech(deal) is TechState.STALE


def test_price_and_discount_changed_together_are_one_change(book):
    deal = book.deal("develop", 25_000)
    book.sign(deal)
    line = lines.list_lines(deal)[0].id
    lines.change(book.ana, book.now, line, price_minor=3_000_000, discount_bp=2000)
    assert (book.detail(deal).amount_minor, book.tech(deal)) == (2_400_000, TechState.PASSED)


def test_accepting_the_quote_that_was_sent_keeps_the_sign_off(book):
    deal = book.deal("tech_check", 25_000)
    book.sign(deal)
    book.requote(deal, 24_000)
    assert is_valid(book, deal)
    book.accept(deal)
    assert is_valid(book, deal)


def test_a_discount_that_brings_it_under_the_limit_is_allowed_and_noted(book):
    deal = book.deal("develop", 21_400)
    lines.change(book.ana, book.now, lines.list_lines(deal)[0].id, discount_bp=700)
    assert (book.detail(deal).amount_minor, book.tech(deal)) == (1_990_200, TechState.NOT_NEEDED)


def test_reopened_a_lost_deal_in_close_stands_in_tech_check_where_the_sign_off_is_gone(book):
    deal = book.deal("close", 18_000)
    book.requote(deal, 22_000)
    stages.lose(book.ana, book.now, deal, "timing", "Pat Marsh")
    # The sent quote is cancelled with the deal, the accepted one stays.
    assert book.detail(deal).amount_minor == 1_800_000
    moved = stages.reopen(book.ana, book.now, deal, "they called")
    assert (moved.to_stage, moved.note) == ("close", "")
    book.requote(deal, 22_000)
    book.accept(deal)
    stages.lose(book.ana, book.now, deal, "timing", "Pat Marsh")
    moved = stages.reopen(book.ana, book.now, deal, "they called again")
    assert moved.to_stage == "tech_check"


def test_a_won_deal_reopened_with_its_sign_off_stands_in_close(book):
    deal = book.deal("close", 25_000)
    book.win(deal)
    assert stages.reopen(book.ana, book.now, deal, "wrong key").to_stage == "close"
    assert is_valid(book, deal)


def test_drafts_are_their_authors_and_go_with_the_signature(book):
    deal = book.deal("tech_check", 25_000)
    tech_checks.save_draft(book.uma, book.now, deal, {"details": "half"})
    assert book.tech(deal) is TechState.DRAFT
    assert tech_checks.find_draft(book.uma, deal) == {"details": "half"}
    assert tech_checks.find_draft(book.ivo, deal) is None
    book.sign(deal)
    assert tech_checks.find_draft(book.uma, deal) is None
    assert book.tech(deal) is TechState.PASSED


def test_the_gate_and_the_database_say_the_same(book):
    deal = book.deal("tech_check", 25_000)
    missing = gates.check(deal, "close", book.now)
    assert [(b.field, b.reason) for b in missing] == [("tech_check", "not_signed")]
    book.sign(deal)
    assert gates.check(deal, "close", book.now) == []
