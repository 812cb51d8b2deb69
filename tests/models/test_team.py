"""The team of a deal (rules 5.5, 11): who joins and leaves, what it may do, and where it sees the deal."""

from __future__ import annotations

import pytest

from models import database, history, journal, undo
from models.activities import next_steps
from models.deals import board, deals, lines, quotes, stages, team, tech_checks
from models.errors import NotAllowedError, NotFoundError, RefusedError
from models.nurture import agenda
from models.people import users


def on_team(deal: int) -> list[str]:
    return [member.login for member in team.list_members(deal)]


def test_members_join_and_leave_and_both_can_be_undone(book):
    deal = book.deal()
    team.add(book.ana, book.now, deal, ["bo", "sid"])
    assert on_team(deal) == ["bo", "sid"]
    assert book.detail(deal).team == ("bo", "sid")
    undo.undo(book.ana, book.now)
    assert on_team(deal) == []
    undo.redo(book.ana, book.now)
    team.remove(book.max, book.now, deal, ["sid"])
    assert on_team(deal) == ["bo"]
    undo.undo(book.max, book.now)
    assert on_team(deal) == ["bo", "sid"]


def test_the_owner_and_the_owners_manager_choose_the_team_and_everybody_may_leave(book):
    deal = book.deal()
    for login in ("bo", "eve", "uma", "sid", "olga"):
        with pytest.raises(NotAllowedError):
            team.add(book.actors[login], book.now, deal, ["bo"])
    team.add(book.max, book.now, deal, ["bo", "sid"])
    with pytest.raises(NotAllowedError):
        team.add(book.bo, book.now, deal, ["uma"])
    with pytest.raises(NotAllowedError):
        team.remove(book.bo, book.now, deal, ["sid"])
    team.remove(book.bo, book.now, deal, ["bo"])
    assert on_team(deal) == ["sid"]


def test_who_cannot_join(book):
    deal = book.deal()
    team.add(book.ana, book.now, deal, ["bo"])
    for login, error in (("ana", RefusedError), ("bo", RefusedError), ("nobody", NotFoundError)):
        with pytest.raises(error):
            team.add(book.ana, book.now, deal, ["sid", login])
    assert on_team(deal) == ["bo"], "all or none"
    with pytest.raises(NotFoundError, match="on it: bo"):
        team.remove(book.ana, book.now, deal, ["sid"])


def test_a_member_works_on_the_deal_and_loses_that_with_the_membership(book):
    deal = book.deal("develop", 15_000)
    team.add(book.ana, book.now, deal, ["sid"])
    deals.edit(book.sid, book.now, deal, {"need": "more doors"})
    lines.add(book.sid, book.now, deal, "MOISTURE")
    next_steps.set_step(book.sid, book.now, deal, "Call Pat", book.today)
    quotes.send(book.sid, book.now, quotes.create(book.sid, book.now, deal))
    stages.move(book.sid, book.now, [deal], "close")
    book.accept(deal)
    with pytest.raises(NotAllowedError, match="only ana or their manager"):
        book.win(deal, "sid")
    book.win(deal)
    with pytest.raises(NotAllowedError):
        stages.reopen(book.sid, book.now, deal, "no")
    stages.reopen(book.ana, book.now, deal, "once more")
    stages.lose(book.sid, book.now, deal, "price", "Pat")
    stages.reopen(book.sid, book.now, deal, "they called")
    team.remove(book.ana, book.now, deal, ["sid"])
    with pytest.raises(NotAllowedError):
        deals.edit(book.sid, book.now, deal, {"need": "x"})


def test_a_consultant_on_the_team_may_sign_as_long_as_the_deal_is_not_theirs(book):
    deal = book.deal("develop", 25_000)
    team.add(book.ana, book.now, deal, ["uma"])
    tech_checks.ask(book.uma, book.now, deal, "ivo")
    book.sign(deal, "uma")
    assert book.tech(deal).is_valid


def test_an_owner_is_no_member_and_is_one_again_when_the_deal_goes_on(book):
    deal = book.deal("develop", 9_000)
    team.add(book.ana, book.now, deal, ["bo", "sid"])
    deals.assign(book.ana, book.now, [deal], "bo")
    assert on_team(deal) == ["sid"]
    assert board.list_cards([deal], book.now)[0].team == ("sid",)
    deals.assign(book.bo, book.now, [deal], "ana")
    assert on_team(deal) == ["bo", "sid"]


def test_a_member_sees_the_deal_in_agenda_and_team_view_not_among_their_own(book):
    deal = book.deal("develop", 9_000)
    other = book.deal("develop", 8_000)
    for each in (deal, other):
        next_steps.set_step(book.ana, book.now, each, "Call Pat", book.today)
    team.add(book.ana, book.now, deal, ["bo"])
    found = agenda.list_agenda(book.bo.id, book.now)
    assert [item.deal_id for item in found.deals_today] == [deal]
    assert found.deals_today_count == 1
    own = agenda.list_agenda(book.ana.id, book.now)
    assert sorted(item.deal_id or 0 for item in own.deals_today) == [deal, other]
    mine, of_team = board.View(owner_id=book.bo.id), board.View(member_id=book.bo.id)
    assert list(board.list_column(mine, "develop", book.now)) == []
    for sort in ("attention", "amount", "name"):
        assert list(board.list_column(of_team._replace(sort=sort), "develop", book.now)) == [deal]
    assert [total.deals for total in board.list_totals(of_team, book.now)] == [0, 1, 0, 0, 0]
    assert board.keep_matching(of_team, [deal, other]) == {deal}


def test_the_history_says_who_joined_and_left(book):
    deal = book.deal()
    team.add(book.ana, book.now, deal, ["bo"])
    team.remove(book.bo, book.now, deal, ["bo"])
    said = [(actor, text) for _, actor, _, text in history.of_deal(deal)]
    assert ("ana", "put bo on the team") in said
    assert ("bo", "took bo off the team") in said


def test_the_database_keeps_members_active_unchanged_and_named(book):
    deal = book.deal()
    team.add(book.ana, book.now, deal, ["bo"])
    users.change(book.olga, book.now, "sid", is_active=False)
    with journal.action(book.ana, book.now, "team.add", "by hand"):
        for sql, params in (
            (
                "INSERT INTO deal_member (deal_id, user_id, added_at, added_by) VALUES (?, ?, 1, 'x')",
                (deal, book.sid.id),
            ),
            ("UPDATE deal_member SET user_id = ? WHERE deal_id = ?", (book.uma.id, deal)),
        ):
            with pytest.raises(Exception, match="CRM12"):
                database.execute(sql, params)
    assert on_team(deal) == ["bo"]
