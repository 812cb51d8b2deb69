"""The whole demo: what must be on the board and in the agenda on whichever day it is made."""

from __future__ import annotations

import datetime as dt
import stat
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from contoso_tui.demo import build
from contoso_tui.demo.cast import CAST, DEFAULT_LOGIN
from models import database
from models.deals import board
from models.deals.records import DealCard
from models.nurture import agenda
from models.people import users
from models.working_days import is_working_day

DENVER = ZoneInfo("America/Denver")
STAGES = ("qualify", "develop", "quote", "tech_check", "close")


@pytest.fixture(
    scope="module",
    params=[
        dt.datetime(2026, 11, 18, 17, 0, tzinfo=dt.UTC),
        dt.datetime(2026, 11, 22, 5, 30, tzinfo=dt.UTC),  # a Saturday evening in Denver
    ],
    ids=["working day", "weekend"],
)
def demo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dt.datetime]:
    now: dt.datetime = request.param
    path = build.build(tmp_path_factory.mktemp("demo"), now, lambda _text: None, people=3000, accounts=300)
    with database.connection():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        yield now


def _cards(now: dt.datetime, owner: str | None = None) -> list[DealCard]:
    owner_id = users.get_id(owner) if owner else None
    view = board.View(owner_id=owner_id)
    return [card for stage in STAGES for card in board.list_cards(list(board.list_column(view, stage, now)), now)]


def test_default_user_has_a_full_board(demo: dt.datetime) -> None:
    cards = _cards(demo, DEFAULT_LOGIN)
    # One more than planned in Qualify: nurture found it.
    assert Counter(card.stage for card in cards) == dict(zip(STAGES, (10, 12, 8, 5, 4), strict=True))
    assert any(not card.next_step for card in cards)
    assert any(card.late_working_days for card in cards)
    assert any(card.stage_age_days > (card.stage_limit_days or 999) for card in cards)
    assert any(card.unpaid_minor and card.open_cases for card in cards)
    assert any(card.has_high_case for card in cards)
    assert {card.is_corporate for card in cards} == {True, False}


def test_tech_checks_are_in_every_state(demo: dt.datetime) -> None:
    assert {str(card.tech) for card in _cards(demo, DEFAULT_LOGIN)} == {
        "not_needed", "due", "draft", "passed", "passed_with_conditions", "failed", "stale",
    }  # fmt: skip
    asked = database.execute("SELECT count(*) FROM tech_check_request").fetchone()[0]
    assert asked >= 4


def test_everyone_who_sells_has_deals_of_their_own_age(demo: dt.datetime) -> None:
    cards = _cards(demo)
    assert 90 <= len(cards) <= 130
    sellers = {member.login for member in CAST if set(member.roles) & {"representative", "executive"}}
    assert {card.owner for card in cards} == sellers
    assert len({card.stage_age_days for card in cards}) > 10
    outcomes = dict(database.execute("SELECT outcome, count(*) FROM deal GROUP BY outcome").fetchall())
    assert outcomes["won"] == outcomes["lost"] == 10
    assert outcomes["disqualified"] == 5


def test_quotes_are_in_every_state(demo: dt.datetime) -> None:
    states = {state for (state,) in database.execute("SELECT DISTINCT state FROM quote")}
    assert states == {"draft", "sent", "accepted", "rejected", "superseded", "cancelled"}
    expired = "SELECT count(*) FROM quote WHERE state = 'sent' AND valid_until < ?"
    assert database.execute(expired, (demo.date().isoformat(),)).fetchone()[0] >= 1


def test_agenda_has_something_in_every_section(demo: dt.datetime) -> None:
    found = agenda.list_agenda(users.get_id(DEFAULT_LOGIN), demo)
    kinds = Counter(item.kind for item in found.late)
    assert kinds["nurture"] >= 2
    assert kinds["deal"] >= 4
    assert found.nurture_today_count >= 4
    assert {item.position for item in found.nurture_today} == {1, 2, 3, 4}
    assert found.deals_today_count >= 4
    off = database.days_off()
    # Nobody plans anything for a weekend.
    is_day_before_work = is_working_day(demo.astimezone(DENVER).date() + dt.timedelta(days=1), off)
    assert (found.tomorrow_count >= 3) is is_day_before_work
    assert found.later_count >= 15
    assert found.on_hold_count == 2
    ended = {why for (why,) in database.execute("SELECT exit_reason FROM enrolment WHERE state = 'exited'")}
    assert ended == {"qualified", "disqualified", "replied"}


def test_steps_lie_on_working_days_or_today(demo: dt.datetime) -> None:
    today, off = demo.astimezone(DENVER).date(), database.days_off()
    days = {
        dt.date.fromisoformat(day)
        for query in (
            "SELECT next_step_on FROM deal WHERE outcome = 'open' AND next_step_on IS NOT NULL",
            "SELECT due_on FROM enrolment_step WHERE state IN ('due', 'snoozed')",
            "SELECT close_on FROM deal WHERE close_on IS NOT NULL",
            "SELECT needed_by FROM tech_check_request",
        )
        for (day,) in database.execute(query)
    }
    assert len(days) > 10
    assert [day for day in sorted(days - {today}) if not is_working_day(day, off)] == []


def test_a_step_that_names_a_quote_names_its_draft(demo: dt.datetime) -> None:
    rows = database.execute(
        "SELECT d.next_step, q.revision, q.state FROM deal d JOIN quote q ON q.deal_id = d.id"
        " WHERE d.next_step LIKE 'Send quote r%' AND q.state IN ('draft', 'sent') ORDER BY q.revision"
    ).fetchall()
    assert rows == [("Send quote r3", 2, "sent"), ("Send quote r3", 3, "draft")]


def test_nothing_lies_in_the_future_and_the_history_is_in_order(demo: dt.datetime) -> None:
    micros = int(demo.timestamp() * 1_000_000)
    late = database.execute("SELECT count(*) FROM action WHERE at > ?", (micros,)).fetchone()[0]
    assert late == 0
    times = [at for (at,) in database.execute("SELECT at FROM action WHERE path = 'key' ORDER BY id")]
    assert times == sorted(times)
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []


def test_same_seed_and_time_give_the_same_deals(demo: dt.datetime, tmp_path: Path) -> None:
    if demo.weekday() < 5:
        pytest.skip("told once, on the weekend's demo")
    query = "SELECT id, customer_id, owner_id, stage, outcome, amount_minor, stage_entered_at FROM deal ORDER BY id"
    first = database.execute(query).fetchall()
    database.database.close()
    path = Path(database.database.database)
    build.build(tmp_path, demo, lambda _text: None, people=3000, accounts=300)
    with database.connection():
        assert database.execute(query).fetchall() == first
    database.init(path)
    database.database.connect()
