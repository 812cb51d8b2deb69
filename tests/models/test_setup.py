"""A new database: its first user, Contoso's process, catalogue, programmes and holidays."""

from __future__ import annotations

import datetime as dt

import pytest

from models import database, journal, process, setup
from models.deals import products
from models.errors import NotFoundError, UsageError
from models.people import users
from models.people.records import Role
from tests.models.conftest import NOW


def test_who_makes_a_database_becomes_operations(tmp_path):
    setup.create(tmp_path / "contoso.db", "ana.ruiz", NOW, name="Ana Ruiz", is_demo=True)
    with database.connection():
        (user,) = users.list_users()
        assert (user.login, user.name, user.is_active) == ("ana.ruiz", "Ana Ruiz", True)
        assert Role.OPERATIONS in user.roles
        assert (database.setting("is_demo"), database.setting("is_test")) == ("1", "")


def test_contosos_own_process(book):
    rules = process.current()
    stages = rules.stages(rules.default_pipeline)
    assert [stage.name for stage in stages] == ["Qualify", "Develop", "Quote", "Tech Check", "Close"]
    assert [stage.is_tech_check for stage in stages] == [False, False, False, True, False]
    assert (stages[0].is_first, stages[-1].is_last) == (True, True)
    assert rules.tech_check_limit_usd_cents == 2_000_000
    stored = database.execute("SELECT id, position, is_first, is_last, is_tech_check FROM stage ORDER BY position")
    assert stored.fetchall() == [
        (stage.id, stage.position, stage.is_first, stage.is_last, stage.is_tech_check) for stage in stages
    ]
    assert dict(database.execute("SELECT key, value FROM rule").fetchall()) == {
        "tech_check_limit_usd_cents": 2_000_000,
        "discount_limit_bp:representative": 1_000,
        "discount_limit_bp:executive": 1_500,
    }
    assert set(rules.lost_reasons) == {"price", "competitor", "budget", "timing", "no_need", "other"}
    for channel, code in (("call", "follow_up"), ("visit", "discovery_meeting"), ("note", "")):
        assert rules.default_type(channel) == code


@pytest.mark.parametrize("text", ["tech_check", "Tech Check", "TECH-CHECK", " tech check "])
def test_a_stage_by_id_or_name(book, text):
    assert process.current().stage("sales", text).id == "tech_check"


def test_what_the_process_has_not(book):
    rules = process.current()
    with pytest.raises(NotFoundError, match="there are sales"):
        rules.stages("service")
    with pytest.raises(NotFoundError, match="there are qualify, develop"):
        rules.stage("sales", "won")


def test_the_catalogue(book):
    names = {product.name: (product.is_monthly, product.price_minor) for product in products.list_products()}
    assert names == {
        "Smart Doorbell": (False, 18_900),
        "Smart Thermostat": (False, 14_900),
        "Security System": (False, 245_000),
        "Moisture Sensor": (False, 3_900),
        "Monitoring Plan": (True, 4_900),
        "Installation": (False, 35_000),
    }


def test_company_holidays_and_ones_own_leave(book):
    off = database.days_off()
    assert {dt.date(2026, 11, 26), dt.date(2026, 12, 25), dt.date(2027, 1, 1)} <= off
    with journal.action(book.olga, book.now, "user.change", "Leave"):
        database.execute(
            "INSERT INTO user_leave (user_id, from_on, to_on) VALUES (?, '2026-12-01', '2026-12-03')", (book.ana.id,)
        )
    leave = {dt.date(2026, 12, day) for day in (1, 2, 3)}
    assert database.days_off(book.ana.id) == off | leave
    assert database.days_off(book.bo.id) == off


def test_roles_are_read_as_people_type_them(book):
    assert users.parse_roles([" Manager ", "consultant"]) == {Role.MANAGER, Role.CONSULTANT}
    with pytest.raises(UsageError, match="the roles are representative"):
        users.parse_roles(["boss"])
    assert users.list_logins(Role.CONSULTANT) == ["ivo", "uma"]
    with pytest.raises(NotFoundError, match="contoso user list"):
        users.get_id("nobody")
