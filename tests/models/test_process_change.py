"""Putting a process in force (rules 1.4): what it changes is told before, on the deals that are open today."""

from __future__ import annotations

import datetime as dt

import pytest

from models import database, process, process_change
from models.activities import log, points
from models.deals import board, deals, lines, quotes, stages
from models.deals.board import View
from models.deals.records import TechState
from models.errors import GateError, NotAllowedError, RefusedError
from models.nurture import enrolments, programmes
from models.process_file import BadProcessError

SHIPPED = process.shipped_text()


def edited(*pairs: tuple[str, str]) -> str:
    text = SHIPPED
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return text


HIGHER = edited(("20000.00", "25000.00"))


def test_a_higher_limit_frees_deals_and_voids_their_sign_offs_for_good(book):
    freed, signed, above = book.deal("quote", 22_000), book.deal("close", 24_000), book.deal("close", 30_000)
    found = process_change.compare(book.olga, book.now, HIGHER)
    assert found.rules == ("The tech-check limit is raised from $20,000.00 to $25,000.00",)
    assert found.deals == (
        f"Raising the limit to $25,000.00 frees 2 deals (D-{freed}, D-{signed}), voids 1 sign-off (D-{signed})",
    )
    # Nothing was changed by asking.
    assert process.current().tech_check_limit_usd_cents == 2_000_000
    assert book.tech(signed) is TechState.PASSED

    assert process_change.use(book.olga, book.now, HIGHER, "higher.toml") == 2
    assert [book.tech(deal) for deal in (freed, signed, above)] == [
        TechState.NOT_NEEDED,
        TechState.NOT_NEEDED,
        TechState.PASSED,
    ]
    found = process_change.compare(book.olga, book.now, SHIPPED)
    assert found.deals == (
        f"Lowering the limit to $20,000.00 asks a check of 2 deals (D-{freed}, D-{signed}), voids 0 sign-offs",
        f"1 deal would stand in the last stage unsigned (D-{signed}): not won until checked",
    )
    process_change.use(book.olga, book.now, SHIPPED)
    assert book.tech(signed) is TechState.STALE
    with pytest.raises(GateError):
        book.win(signed)
    book.sign(signed)
    book.win(signed)


def test_the_new_limit_holds_in_the_database_too(book):
    deal = book.deal("quote", 22_000)
    quotes.send(book.ana, book.now, quotes.create(book.ana, book.now, deal))
    process_change.use(book.olga, book.now, HIGHER)
    moved = stages.forward(book.ana, book.now, deal)
    assert (moved.to_stage, moved.note) == ("close", "Tech Check not needed: $22,000.00")


def test_only_operations_put_a_process_in_force_and_only_one_that_differs(book):
    with pytest.raises(NotAllowedError):
        process_change.use(book.max, book.now, HIGHER)
    with pytest.raises(RefusedError, match="says the same as the process in force"):
        process_change.use(book.olga, book.now, SHIPPED)
    with pytest.raises(BadProcessError):
        process_change.use(book.olga, book.now, "x = 1")
    assert process.current().version == 1


def test_a_stage_with_deals_stays_and_an_empty_one_may_go(book):
    without = edited(
        ('[[pipeline.stage]]\nid = "develop"', '[[pipeline.stage]]\nid = "explore"'),
        ('"Develop"', '"Explore"'),
        ('stage = "develop"\nrule', 'stage = "explore"\nrule'),
    )
    book.deal("develop")
    for act in (process_change.compare, process_change.use):
        with pytest.raises(RefusedError, match="no stage develop in pipeline sales, where 1 deal stands or ended"):
            act(book.olga, book.now, without)
    assert process.current().version == 1
    assert [stage.id for stage in process.current().stages("sales")][1] == "develop"


def test_stages_are_renamed_added_and_weighed_anew(book):
    deal = book.deal("develop", 10_000)
    text = edited(
        ('name = "Develop"\nprobability = 25', 'name = "Explore"\nprobability = 40'),
        (
            '[[pipeline.stage]]\nid = "quote"',
            '[[pipeline.stage]]\nid = "demo"\nname = "Demo"\nprobability = 45\n\n[[pipeline.stage]]\nid = "quote"',
        ),
    )
    found = process_change.compare(book.olga, book.now, text)
    assert "Stage Develop is called Explore" in found.rules
    assert "Explore: probability 25 % to 40 %" in found.rules
    assert "New stage Demo, number 3" in found.rules
    assert "Quote is stage 4, was 3" in found.rules
    assert found.deals == ("Weighted value: $2,500.00 before, $4,000.00 after",)
    process_change.use(book.olga, book.now, text)
    totals = {total.stage: total.weighted_usd_cents for total in board.list_totals(View(), book.now)}
    assert totals["develop"] == 400_000
    assert database.execute("SELECT sum(weighted_usd_cents_percent) FROM stage_total").fetchone() == (40_000_000,)
    stages.forward(book.ana, book.now, deal)
    assert book.detail(deal).stage.name == "Demo"


def test_what_leaving_a_stage_asks_for_counts_at_once(book):
    deal = deals.create(book.ana, book.now, book.account(), amount_minor=100)
    with pytest.raises(GateError):
        stages.forward(book.ana, book.now, deal)
    process_change.use(
        book.olga,
        book.now,
        edited(
            ('required = ["customer", "need", "budget", "time_frame", "decision_maker"]', 'required = ["customer"]')
        ),
    )
    assert stages.forward(book.ana, book.now, deal).to_stage == "develop"


def test_points_change_from_the_next_month_on(book):
    text = edited(
        ('points = 12, default_for = ["visit", "meeting"]', 'points = 50, default_for = ["visit", "meeting"]'),
        (
            'add_prospect = { name = "add prospect to funnel", points = 3, ',
            'add_prospect = { name = "add prospect to funnel", points = 9, ',
        ),
        ("[activity_types]\n", '[activity_types]\nfair = { name = "fair", points = 30 }\n'),
    )
    account = book.account()
    deals.create(book.ana, book.now, account)
    found = process_change.compare(book.olga, book.now, text)
    assert "discovery meeting: 12 to 50 points, from the next month on" in found.rules
    assert "New activity fair, 30 points, from the next month on" in found.rules
    process_change.use(book.olga, book.now, text)

    def score(now: dt.datetime) -> dict[str, int]:
        log.log(book.ana, now, customer_id=account, channel="meeting")
        log.log(book.ana, now, customer_id=account, channel="meeting", type="fair")
        return {one.code: one.score for one in points.list_month("ana", now.date())}

    assert score(book.now) == {"discovery_meeting": 12, "add_prospect": 3}
    december = book.at("2026-12-02")
    deals.create(book.ana, december, account)
    assert score(december) == {"fair": 30, "discovery_meeting": 50, "add_prospect": 9}
    # What was done last month scores as it did then.
    log.log(book.ana, december, customer_id=account, channel="meeting", on=dt.date(2026, 11, 30))
    assert {one.code: one.score for one in points.list_month("ana", book.today)}["discovery_meeting"] == 24


def test_a_changed_programme_is_a_new_version_and_who_is_enrolled_stays(book):
    account = book.account()
    enrolments.start(book.ana, book.now, [account])
    text = edited(('name = "Check-in email"\ndays_after = 3', 'name = "Check-in email"\ndays_after = 5'))
    assert "Programme introduction: changed" in process_change.compare(book.olga, book.now, text).rules
    process_change.use(book.olga, book.now, text)
    assert programmes.get("introduction").version == 2
    assert [step.days_after for step in programmes.get("introduction").steps] == [0, 1, 5, 2]
    row = database.execute(
        "SELECT p.version FROM enrolment e JOIN programme p ON p.id = e.programme_id WHERE e.customer_id = ?",
        (account,),
    ).fetchone()
    assert row == (1,)


def test_a_products_price_in_force_is_its_own_affair(book):
    text = edited(('price = "189.00"', 'price = "199.00"')) + (
        '\n[[product]]\ncode = "CAMERA"\nname = "Smart Camera"\nbilling = "one_off"\nprice = "99.00"\n'
    )
    process_change.use(book.olga, book.now, text)
    found = dict(database.execute("SELECT code, price_minor FROM product").fetchall())
    assert (found["DOORBELL"], found["CAMERA"]) == (18_900, 9_900)


def test_a_second_pipeline_without_a_tech_check_asks_the_sign_off_before_winning(book):
    funnel = (
        '\n[[pipeline]]\nid = "funnel"\nname = "Funnel"\n'
        + "".join(
            f'[[pipeline.stage]]\nid = "{name.lower()}"\nname = "{name}"\nprobability = {chance}\n'
            for name, chance in (("Prospecting", 10), ("Discovery", 30), ("Demo", 60), ("Negotiation", 80))
        )
        + "\n[lost_reasons]"
    )
    process_change.use(book.olga, book.now, edited(("\n[lost_reasons]", funnel)))
    deal = deals.create(book.ana, book.now, book.account(), pipeline="funnel")
    line = lines.add(book.ana, book.now, deal, "INSTALLATION")
    lines.change(book.ana, book.now, line, price_minor=2_500_000)
    for name in ("discovery", "demo", "negotiation"):
        assert stages.forward(book.ana, book.now, deal).to_stage == name
    with pytest.raises(GateError) as caught:
        book.win(deal)
    assert [blocker.field for blocker in caught.value.blockers] == ["tech_check"]
    book.sign(deal)
    book.win(deal)


def test_each_version_that_was_in_force_is_kept(book):
    process_change.use(book.olga, book.now, HIGHER)
    assert [(one.version, one.by) for one in process.list_versions(5)] == [(2, "olga"), (1, "olga")]
    assert process.text_in_force() == HIGHER


def test_an_assessment_and_suggested_activities_are_told_by_name_in_words(book):
    text = edited(('rule = "> 60"', 'rule = ">= 65"'), ('name = "Walk the site"', 'name = "Walk the whole site"'))
    assert process_change.compare(book.olga, book.now, text).rules == (
        "Develop suggests: no longer Walk the site, new Walk the whole site",
        "Assessment of Qualify: more than 60 becomes at least 65",
    )
    text = edited(('text = "Budget named?"', 'text = "Is a budget named?"'), ("days = 5", "days = 6"))
    assert process_change.compare(book.olga, book.now, text).rules == (
        "Develop suggests: Walk the site changed",
        "Assessment of Qualify: other questions or answers: budget",
    )
