"""The table of rules 11: who may do what; the role is judged before any rule."""

from __future__ import annotations

import datetime as dt

import pytest

from models import undo
from models.activities import log, months, next_steps
from models.customers import customers, labels
from models.deals import approvals, deals, lines, products, quotes, stages, tech_checks
from models.deals.records import TechState
from models.errors import ContosoError, NotAllowedError, RefusedError
from models.nurture import enrolments
from models.people import permissions, users
from models.people.records import Role

EVERYONE = ("ana", "bo", "max", "eve", "uma", "ivo", "olga", "sid")


def only(book, allowed, act):
    """Check that `act(actor)` is `not allowed` for all but `allowed`, for whom only rules may refuse it."""
    for login in EVERYONE:
        if login not in allowed:
            with pytest.raises(NotAllowedError):
                act(book.actors[login])
    for login in allowed:
        try:
            act(book.actors[login])
        except NotAllowedError as error:
            pytest.fail(f"{login}: {error}")
        except ContosoError:
            continue


def test_everyone_logs_and_opens_deals(book):
    account = book.account()
    for login in EVERYONE:
        log.log(book.actors[login], book.now, customer_id=account, channel="call", text="hello")
        deal = deals.create(book.actors[login], book.now, account)
        assert book.detail(deal).owner == login


# The first row of a new database.
FIRST_LINE = 1
DEAL_WORK = {
    "edit": lambda actor, now, deal, book: deals.edit(actor, now, deal, {"need": actor.login}),
    "forward": lambda actor, now, deal, book: stages.forward(actor, now, deal),
    "backward": lambda actor, now, deal, book: stages.backward(actor, now, deal, "no"),
    "move": lambda actor, now, deal, book: stages.move(actor, now, [deal], "close"),
    "win": lambda actor, now, deal, book: stages.win(actor, now, deal),
    "lose": lambda actor, now, deal, book: stages.lose(actor, now, deal, "nonsense", ""),
    "disqualify": lambda actor, now, deal, book: stages.disqualify(actor, now, deal, ""),
    "reopen": lambda actor, now, deal, book: stages.reopen(actor, now, deal, ""),
    "add line": lambda actor, now, deal, book: lines.add(actor, now, deal, "DOORBELL"),
    "change line": lambda actor, now, deal, book: lines.change(actor, now, lines.list_lines(deal)[0].id, quantity=2),
    "shift line": lambda actor, now, deal, book: lines.shift(actor, now, lines.list_lines(deal)[0].id, 1),
    "remove line": lambda actor, now, deal, book: lines.remove(actor, now, FIRST_LINE),
    "quote": lambda actor, now, deal, book: quotes.create(actor, now, deal),
    "ask": lambda actor, now, deal, book: tech_checks.ask(actor, now, deal, "uma"),
    "next step": lambda actor, now, deal, book: next_steps.set_step(actor, now, deal, "call", book.today),
}


@pytest.mark.parametrize("action", DEAL_WORK.values(), ids=DEAL_WORK.keys())
@pytest.mark.parametrize("outcome", ["open", "lost"])
def test_a_deal_is_worked_by_its_owner_and_the_owners_manager(book, action, outcome):
    deal = book.deal("develop", 25_000)
    if outcome == "lost":
        stages.lose(book.ana, book.now, deal, "price", "Pat")
    only(book, ("ana", "max"), lambda actor: action(actor, book.now, deal, book))


QUOTE_WORK = {
    "send": quotes.send,
    "accept": quotes.accept,
    "cancel": quotes.cancel,
    "change": lambda actor, now, quote: quotes.change(actor, now, quote, note="x"),
    "reject": lambda actor, now, quote: quotes.reject(actor, now, quote, ""),
    "add line": lambda actor, now, quote: quotes.add_line(actor, now, quote, "DOORBELL"),
    "remove line": lambda actor, now, quote: quotes.remove_line(actor, now, FIRST_LINE),
}


@pytest.mark.parametrize("action", QUOTE_WORK.values(), ids=QUOTE_WORK.keys())
def test_a_quote_is_worked_by_the_owner_and_the_owners_manager(book, action):
    quote = quotes.create(book.ana, book.now, book.deal("quote", 25_000))
    only(book, ("ana", "max"), lambda actor: action(actor, book.now, quote))


def test_winning_is_the_owners_or_their_managers(book):
    for login in ("ana", "max"):
        deal = book.deal("close", 18_000)
        book.win(deal, login)
        assert book.detail(deal).outcome == "won"
    deal = book.deal("close", 18_000)
    for login in ("bo", "eve", "olga", "sid", "uma"):
        with pytest.raises(NotAllowedError):
            book.win(deal, login)


def test_the_owner_a_manager_or_operations_hands_over(book):
    deal = book.deal("develop", 9_000)
    for login in ("bo", "uma", "ivo", "sid"):
        for to in ("bo", "nobody"):
            with pytest.raises(NotAllowedError):
                deals.assign(book.actors[login], book.now, [deal], to)
    for login, to in (("ana", "bo"), ("eve", "ana"), ("max", "bo"), ("olga", "ana")):
        deals.assign(book.actors[login], book.now, [deal], to)
        assert book.detail(deal).owner == to
    deals.assign(book.ana, book.now, [deal], "bo")
    with pytest.raises(NotAllowedError):
        deals.edit(book.ana, book.now, deal, {"need": "mine again"})


def test_a_bulk_hand_over_is_all_or_none(book):
    mine, theirs = book.deal("develop", 9_000), book.deal("develop", 9_000, owner="bo")
    with pytest.raises(NotAllowedError):
        deals.assign(book.ana, book.now, [mine, theirs], "max")
    assert [book.detail(deal).owner for deal in (mine, theirs)] == ["ana", "bo"]


def test_consultants_sign_and_keep_drafts(book):
    deal = book.deal("tech_check", 25_000)

    def sign(actor):
        tech_checks.sign(actor, book.now, deal, TechState.FAILED, book.today, "", seen_check_id=None)

    only(book, ("uma", "ivo"), sign)
    only(book, ("uma", "ivo"), lambda actor: tech_checks.save_draft(actor, book.now, deal, {}))
    # Also where a rule would refuse it anyway.
    small = book.deal("qualify", 5)
    only(book, ("uma", "ivo"), lambda a: tech_checks.sign(a, book.now, small, TechState.PASSED, dt.date(2099, 1, 1)))


def test_the_accounts_owner_or_a_manager_enrols(book):
    only(book, ("ana", "max", "eve"), lambda actor: enrolments.start(actor, book.now, [book.account()]))
    individual = book.account("Abbie Moss", kind="individual")
    only(book, ("ana", "max", "eve"), lambda actor: enrolments.start(actor, book.now, [individual]))
    with pytest.raises(RefusedError, match="corporate"):
        enrolments.start(book.ana, book.now, [individual])


def test_owner_manager_or_operations_labels_corporate(book):
    def label(actor):
        person = book.account(f"Abbie {actor.login}", kind="individual")
        labels.label_corporate(actor, book.now, [person], company=f"Moss {actor.login}")

    only(book, ("ana", "max", "eve", "olga"), label)


def test_customers_are_handed_over_by_owner_manager_or_operations(book):
    account = book.account()
    for login in ("bo", "uma", "sid"):
        with pytest.raises(NotAllowedError):
            customers.assign(book.actors[login], book.now, [account], "bo")
    for login, to in (("ana", "bo"), ("max", "ana"), ("olga", "bo")):
        customers.assign(book.actors[login], book.now, [account], to)


@pytest.mark.parametrize(
    ("login", "sees"),
    [("ana", True), ("bo", False), ("max", True), ("eve", True), ("olga", True), ("sid", True), ("uma", False)],
)
def test_income_and_birth_date_are_seen_by_owner_manager_operations_and_service(book, login, sees):
    person = book.account("Abbie Moss", kind="individual", birth_date="1980-02-03", income_minor=6_000_000)
    assert permissions.may_see_private(book.actors[login], book.ana.id) is sees
    shown = repr(customers.get_profile(person, book.actors[login], book.now))
    assert ("1980" in shown) is sees


def test_operations_keeps_users_and_catalogue(book):
    tries = (
        lambda actor: users.add(actor, book.now, f"new-{actor.login}", [Role.SERVICE]),
        lambda actor: users.change(actor, book.now, "bo", name=f"Bo {actor.login}"),
        lambda actor: products.create(actor, book.now, f"C-{actor.login}", f"Camera {actor.login}", 100),
        lambda actor: products.change(actor, book.now, 1, price_minor=100),
    )
    for attempt in tries:
        only(book, ("olga",), attempt)


def test_somebody_always_stays_in_operations(book):
    for change in ({"roles": [Role.MANAGER]}, {"is_active": False}):
        with pytest.raises(RefusedError, match="last one in operations"):
            users.change(book.olga, book.now, "olga", **change)
    users.change(book.olga, book.now, "max", roles=[Role.MANAGER, Role.OPERATIONS])
    users.change(book.olga, book.now, "olga", roles=[Role.MANAGER])


def test_who_left_is_no_user(book):
    users.change(book.olga, book.now, "bo", is_active=False)
    for login in ("bo", "stranger"):
        with pytest.raises(NotAllowedError):
            users.get_actor(login)


def test_a_manager_manages_one_team_and_only_while_a_manager(book):
    assert permissions.manages(book.max, book.ana.id)
    assert not permissions.manages(book.eve, book.ana.id)
    assert not permissions.manages(book.ana, book.bo.id)
    users.change(book.olga, book.now, "max", roles=[Role.EXECUTIVE])
    assert not permissions.manages(users.get_actor("max"), book.ana.id)


def test_undo_is_of_ones_own(book):
    deal = book.deal("develop", 9_000)
    deals.edit(book.ana, book.now, deal, {"need": "hers"})
    action = undo.list_actions(book.ana)[0].id
    with pytest.raises(ContosoError):
        undo.undo(book.max, book.now, action)
    assert book.detail(deal).need == "hers"


def test_the_identity_is_the_operating_systems(book, monkeypatch):
    before = users.system_login()
    for name in ("LOGNAME", "USER", "USERNAME", "SUDO_USER"):
        monkeypatch.setenv(name, "olga")
    assert users.system_login() == before


BOTH_WRONG = {
    "edit a closed deal": lambda book, closed, quote: deals.edit(book.bo, book.now, closed, {"need": "x"}),
    "move a closed deal": lambda book, closed, quote: stages.move(book.bo, book.now, [closed], "quote"),
    "win from the wrong stage": lambda book, closed, quote: stages.win(book.bo, book.now, closed),
    "sign as the owner without the role": lambda book, closed, quote: tech_checks.sign(
        book.ana, book.now, closed, TechState.PASSED, book.today
    ),
    "send what was sent": lambda book, closed, quote: quotes.send(book.bo, book.now, quote),
    "approve what was sent": lambda book, closed, quote: approvals.approve(book.ana, book.now, quote),
    "close a month that isn't over": lambda book, closed, quote: months.close(book.ana, book.now, book.today),
    "enrol an individual": lambda book, closed, quote: enrolments.start(
        book.bo, book.now, [book.account("Nora Vale", kind="individual")]
    ),
    "label what is corporate already": lambda book, closed, quote: labels.label_corporate(
        book.bo, book.now, [book.detail(closed).customer_id], "Elm"
    ),
}


@pytest.mark.parametrize("act", BOTH_WRONG.values(), ids=BOTH_WRONG.keys())
def test_the_role_is_judged_first_and_the_rule_only_then(book, act):
    closed = book.deal("quote", 9_000)
    quote = quotes.create(book.ana, book.now, closed)
    quotes.send(book.ana, book.now, quote)
    stages.lose(book.ana, book.now, closed, "price", "Pat")
    with pytest.raises(NotAllowedError):
        act(book, closed, quote)
