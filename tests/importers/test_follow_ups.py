"""Following up online purchases: which days, once, for whom, with which products, and taken back with the import."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from importers import revert, run
from models import clock, journal, undo
from models.activities import tasks
from models.customers import customers, owners
from models.database import execute
from models.merging import merges
from models.nurture.agenda import list_agenda
from models.nurture.records import AgendaItem
from models.people import users
from models.people.records import Actor, Role
from tests.importers.small_files import Files, bought, contact, member

WEEK = dt.timedelta(days=7)
# The fixture's `now` is Monday 16 November.
NEXT = "11/18/2026"
HAPPENED = dt.date(2026, 11, 18)


@pytest.fixture
def bo(maker: Actor, now: dt.datetime) -> Actor:
    """The only representative, to whom the customers go."""
    users.change(maker, now, maker.login, roles=[Role.OPERATIONS])
    users.add(maker, now, "bo.lee", [Role.REPRESENTATIVE])
    return users.get_actor("bo.lee")


def online(files: Files, *more: dict[str, str]) -> None:
    """Write the purchases of the first export, and more that came since."""
    past = [
        bought(1, "OP_1", ProductId="Bell"),
        bought(2, "OP_2", ProductId="Bell"),
        bought(2, "OP_3", ProductId="Lock"),
        bought(3, "OP_4", ProductId="Bell", PurchasedOn="11/16/2026"),
        bought(3, "OP_5", ProductId="Lock"),
        bought(3, "OP_6", ProductId="Lamp"),
        bought(4, "OP_7", ProductId="Bell"),
        bought(4, "OP_8", ProductId="Lamp"),
        bought(5, "OP_9", ProductId="Bell"),
        bought(5, "OP_10", ProductId="Lock"),
    ]
    files.online(*past, *more)


def first_import(files: Files, maker: Actor, now: dt.datetime) -> None:
    names = ("Nora Vale", "Ivo Hart", "Uma Reyes", "Gil Ortega", "Bea Stone")
    files.contacts(*(contact(number, *name.split()) for number, name in enumerate(names, 1)))
    online(files)
    run.run([files.folder], maker, now)


def planned() -> list[tuple[int, str, str]]:
    return execute(
        "SELECT customer_id, subject, due_on FROM activity WHERE state = 'planned' ORDER BY customer_id, due_on"
    ).fetchall()


def agenda(actor: Actor, now: dt.datetime) -> list[AgendaItem]:
    found = list_agenda(actor.id, now, days=60, with_later=True)
    return [*found.late, *found.deals_today, *found.tomorrow, *(found.later_items or ())]


def customer(number: int) -> int:
    row = execute("SELECT customer_id FROM customer_key WHERE source = 'con' AND key = ?", (f"CNTID_{number}",))
    return int(row.fetchone()[0])


def test_past_purchases_of_the_first_import_are_not_followed_up(
    files: Files, maker: Actor, bo: Actor, now: dt.datetime
) -> None:
    first_import(files, maker, now)
    assert planned() == []
    assert execute("SELECT count(*) FROM follow_up").fetchone() == (0,)


def test_a_new_day_is_followed_up_once_after_14_days_on_a_working_day_with_what_others_also_bought(
    files: Files, maker: Actor, bo: Actor, now: dt.datetime
) -> None:
    first_import(files, maker, now)
    online(
        files,
        bought(1, "OP_21", ProductId="Bell", PurchasedOn=NEXT),
        bought(1, "OP_22", ProductId="Chime", PurchasedOn=NEXT),
        bought(2, "OP_23", ProductId="Lantern", PurchasedOn="11/19/2026"),
        # Fourteen days later is a Saturday.
        bought(2, "OP_24", ProductId="Lantern", PurchasedOn="11/21/2026"),
    )
    made = run.run([files.folder], maker, now + WEEK)
    assert planned() == [
        (customer(1), "Follow up on Bell and Chime, bought online 18 Nov", "2026-12-02"),
        (customer(2), "Follow up on Lantern, bought online 19 Nov", "2026-12-03"),
        (customer(2), "Follow up on Lantern, bought online 21 Nov", "2026-12-07"),
    ]
    (nora, *_) = agenda(bo, now + WEEK)
    assert (nora.kind, nora.customer, nora.owner, nora.channel) == ("task", "Nora Vale", "bo.lee", "call")
    # Three others bought Lock with Bell, two Lamp; of Chime nothing is known.
    assert nora.reason == ("Others also bought Lock and Lamp. Bought online on Wed 18 Nov 2026: Bell and Chime.")
    summary = execute("SELECT summary FROM action WHERE kind = 'import.run' ORDER BY id DESC").fetchone()[0]
    assert summary == "Imported 2 files: 4 new rows, 0 new customers, 3 to follow up"
    assert made.new == 4


def test_the_same_files_again_plan_nothing_nor_does_another_purchase_of_that_day(
    files: Files, maker: Actor, bo: Actor, now: dt.datetime
) -> None:
    first_import(files, maker, now)
    new = bought(1, "OP_21", ProductId="Bell", PurchasedOn=NEXT)
    online(files, new)
    run.run([files.folder], maker, now + WEEK)
    before = planned()
    run.run([files.folder], maker, now + WEEK)
    online(files, new, bought(1, "OP_22", ProductId="Lock", PurchasedOn=NEXT))
    run.run([files.folder], maker, now + WEEK)
    assert planned() == before
    assert len(before) == 1
    (open_task,) = tasks.list_open(before[0][0])
    assert (open_task.text, open_task.owner, open_task.on.isoformat()) == (before[0][1], "bo.lee", before[0][2])
    assert open_task.reason.startswith("Others also bought Lock and Lamp.")


def test_what_is_dated_up_to_the_day_of_the_first_import_is_past_whenever_it_comes(
    files: Files, maker: Actor, bo: Actor, now: dt.datetime
) -> None:
    first_import(files, maker, now)
    online(files, bought(1, "OP_21", PurchasedOn="11/16/2026"), bought(1, "OP_22", PurchasedOn="11/17/2026"))
    run.run([files.folder], maker, now + WEEK)
    assert [row[1] for row in planned()] == ["Follow up on the purchase, bought online 17 Nov"]


def test_a_customer_who_comes_with_the_purchase_or_after_it_is_followed_up(
    files: Files, maker: Actor, bo: Actor, now: dt.datetime
) -> None:
    first_import(files, maker, now)
    online(
        files,
        bought(8, "OP_21", PurchasedOn=NEXT, ProductId="Bell"),
        bought(9, "OP_22", PurchasedOn=NEXT, ProductId="Lock"),
        bought(9, "OP_23", ProductId="Lamp"),
    )
    files.contacts(contact(1, "Nora", "Vale"), contact(8, "Ada", "Ashe"))
    run.run([files.folder], maker, now + WEEK)
    assert [row[:2] for row in planned()] == [(customer(8), "Follow up on Bell, bought online 18 Nov")]
    files.contacts(contact(1, "Nora", "Vale"), contact(8, "Ada", "Ashe"), contact(9, "Ben", "Bell"))
    run.run([files.folder], maker, now + 2 * WEEK)
    assert planned()[1:] == [(customer(9), "Follow up on Lock, bought online 18 Nov", "2026-12-02")]


def test_one_that_comes_late_is_due_at_once_and_none_is_made_for_refunds_or_who_wants_no_contact(
    files: Files, maker: Actor, bo: Actor, now: dt.datetime
) -> None:
    first_import(files, maker, now)
    customers.edit(maker, now, customer(2), {"do_not_contact": True})
    online(
        files,
        bought(1, "OP_21", ProductId="Bell", PurchasedOn=NEXT),
        bought(2, "OP_22", ProductId="Bell", PurchasedOn=NEXT),
        bought(3, "OP_23", "-20", ProductId="Bell", PurchasedOn=NEXT),
    )
    run.run([files.folder], maker, now + 8 * WEEK)
    assert [(row[0], row[2]) for row in planned()] == [(customer(1), "2027-01-11")]


def test_only_online_purchases_count(files: Files, maker: Actor, bo: Actor, now: dt.datetime) -> None:
    first_import(files, maker, now)
    files.loyalty(member(1, "Nora", "Vale"))
    files.pos({"LoyaltyId": "LOYID_1", "PurchaseId": "P_1", "PurchasedOn": "2026-11-18", "TotalPrice": "5"})
    run.run([files.folder], maker, now + WEEK)
    assert planned() == []


def test_without_an_owner_it_waits_until_there_is_one(files: Files, maker: Actor, now: dt.datetime) -> None:
    users.change(maker, now, maker.login, roles=[Role.OPERATIONS])
    first_import(files, maker, now)
    assert execute("SELECT count(*) FROM customer WHERE owner_id IS NOT NULL").fetchone() == (0,)
    online(
        files,
        bought(1, "OP_21", ProductId="Bell", PurchasedOn=NEXT),
        bought(2, "OP_22", ProductId="Bell", PurchasedOn=NEXT),
    )
    run.run([files.folder], maker, now + WEEK)
    assert planned() == []
    users.add(maker, now, "bo.lee", [Role.REPRESENTATIVE])
    bo = users.get_actor("bo.lee")
    customers.assign(maker, now + WEEK, [customer(1)], "bo.lee")
    assert [(item.customer, item.due_on) for item in agenda(bo, now + WEEK)] == [("Nora Vale", dt.date(2026, 12, 2))]
    undo.undo(maker, now + WEEK)
    assert planned() == []
    undo.redo(maker, now + WEEK)
    assert len(planned()) == 1
    # The others are given out after their day.
    owners.assign_by_rule(maker, now + 3 * WEEK)
    assert [row[2] for row in planned()] == ["2026-12-02", "2026-12-07"]
    undo.undo(maker, now + 3 * WEEK)
    assert len(planned()) == 1


def test_an_open_task_goes_along_with_the_customer_a_done_one_stays(
    files: Files, maker: Actor, bo: Actor, now: dt.datetime
) -> None:
    users.add(maker, now, "el.novak", [Role.REPRESENTATIVE])
    first_import(files, maker, now)
    mine = execute("SELECT customer_id FROM customer_key JOIN customer c ON c.id = customer_id WHERE c.owner_id = ?"
                   " AND source = 'con' ORDER BY key", (bo.id,)).fetchall()[0][0]  # fmt: skip
    key = execute("SELECT key FROM customer_key WHERE customer_id = ? AND source = 'con'", (mine,)).fetchone()[0]
    number = int(key.removeprefix("CNTID_"))
    online(files, bought(number, "OP_21", PurchasedOn=NEXT), bought(number, "OP_22", PurchasedOn="11/19/2026"))
    run.run([files.folder], maker, now + WEEK)
    first, second = (item.activity_id or 0 for item in agenda(bo, now + WEEK))
    tasks.done(bo, now + WEEK, first)
    customers.assign(maker, now + WEEK, [mine], "el.novak")
    el = users.get_actor("el.novak")
    assert [item.activity_id for item in agenda(el, now + WEEK)] == [second]
    assert execute("SELECT owner_id FROM activity WHERE id = ?", (first,)).fetchone() == (bo.id,)
    undo.undo(maker, now + WEEK)
    assert [item.activity_id for item in agenda(bo, now + WEEK)] == [second]


def test_done_and_snoozed_like_any_task_it_scores_and_is_undone(
    files: Files, maker: Actor, bo: Actor, now: dt.datetime
) -> None:
    first_import(files, maker, now)
    online(files, bought(1, "OP_21", ProductId="Bell", PurchasedOn=NEXT))
    run.run([files.folder], maker, now + WEEK)
    (item,) = agenda(bo, now + WEEK)
    later = dt.date(2026, 12, 9)
    tasks.snooze(bo, now + WEEK, item.activity_id or 0, later)
    assert [one.due_on for one in agenda(bo, now + WEEK)] == [later]
    assert tasks.done(bo, now + WEEK, item.activity_id or 0, notes="wants a lock").points == 1
    assert agenda(bo, now + WEEK) == []
    undo.undo(bo, now + WEEK)
    undo.undo(bo, now + WEEK)
    assert [(one.due_on, one.reason) for one in agenda(bo, now + WEEK)] == [(item.due_on, item.reason)]


def test_taking_the_import_back_takes_what_it_planned_and_leaves_what_was_done(
    files: Files, maker: Actor, bo: Actor, now: dt.datetime
) -> None:
    first_import(files, maker, now)
    online(
        files,
        *(bought(number, f"OP_2{number}", ProductId="Bell", PurchasedOn=NEXT) for number in (1, 2, 3)),
        bought(8, "OP_28", PurchasedOn=NEXT),
    )
    files.contacts(*_contacts(), contact(8, "Ada", "Ashe"))
    run.run([files.folder], maker, now + WEEK)
    ada, ivo, nora, _ = agenda(bo, now + WEEK)
    tasks.done(bo, now + WEEK, nora.activity_id or 0)
    tasks.snooze(bo, now + WEEK, ivo.activity_id or 0, dt.date(2026, 12, 20))
    tasks.snooze(bo, now + WEEK, ada.activity_id or 0, dt.date(2026, 12, 20))
    done = revert.revert(2, maker, now + WEEK)
    # A task that was only moved is no work that would keep a customer.
    assert (done.customers, done.kept) == (1, ())
    assert planned() == []
    assert execute("SELECT customer_id, state FROM activity").fetchall() == [(customer(1), "done")]
    assert execute("SELECT customer_id FROM follow_up").fetchall() == [(customer(1),)]
    run.run([files.folder], maker, now + WEEK)
    assert [row[0] for row in planned()] == [customer(2), customer(3), customer(8)]


def test_a_customer_whose_follow_up_was_done_stays_with_it(
    files: Files, maker: Actor, bo: Actor, now: dt.datetime
) -> None:
    first_import(files, maker, now)
    files.contacts(*_contacts(), contact(8, "Ada", "Ashe"))
    online(files, bought(8, "OP_28", PurchasedOn=NEXT))
    run.run([files.folder], maker, now + WEEK)
    (ada,) = agenda(bo, now + WEEK)
    tasks.done(bo, now + WEEK, ada.activity_id or 0)
    assert revert.revert(2, maker, now + WEEK).kept == ((ada.customer_id, "Ada Ashe"),)


def test_when_the_first_import_was_taken_back_the_next_one_is_the_first(
    files: Files, maker: Actor, bo: Actor, now: dt.datetime
) -> None:
    first_import(files, maker, now)
    revert.revert(1, maker, now)
    online(files, bought(1, "OP_21", PurchasedOn=NEXT))
    run.run([files.folder], maker, now + WEEK)
    assert planned() == []


def test_who_asks_not_to_be_contacted_afterwards_is_marked_on_the_agenda(
    files: Files, maker: Actor, bo: Actor, now: dt.datetime
) -> None:
    first_import(files, maker, now)
    online(files, bought(1, "OP_21", PurchasedOn=NEXT))
    run.run([files.folder], maker, now + WEEK)
    customers.edit(maker, now + WEEK, customer(1), {"do_not_contact": True})
    (item,) = agenda(bo, now + WEEK)
    assert item.blocked.startswith("Nora Vale asked not to be contacted")


def test_products_are_called_as_in_the_catalogue_where_the_shop_has_its_codes(
    files: Files, maker: Actor, bo: Actor, now: dt.datetime
) -> None:
    first_import(files, maker, now)
    online(files, bought(1, "OP_21", ProductId="doorbell", PurchasedOn=NEXT))
    run.run([files.folder], maker, now + WEEK)
    name = execute("SELECT name FROM product WHERE code = 'DOORBELL'").fetchone()[0]
    assert planned()[0][1] == f"Follow up on {name}, bought online 18 Nov"


def test_two_customers_who_bought_on_one_day_can_be_merged_with_both_tasks(
    files: Files, maker: Actor, bo: Actor, now: dt.datetime
) -> None:
    first_import(files, maker, now)
    online(files, *(bought(number, f"OP_2{number}", ProductId="Bell", PurchasedOn=NEXT) for number in (1, 2)))
    run.run([files.folder], maker, now + WEEK)
    merges.merge(maker, now + WEEK, customer(1), customer(2))
    assert [row[0] for row in planned()] == [customer(1)] * 2
    undo.undo(maker, now + WEEK)
    assert sorted(row[0] for row in planned()) == sorted([customer(1), customer(2)])


def test_the_owners_leave_moves_the_day(files: Files, maker: Actor, bo: Actor, now: dt.datetime) -> None:
    first_import(files, maker, now)
    with journal.action(maker, now, "leave", "leave"):
        execute("INSERT INTO user_leave VALUES (?, '2026-12-01', '2026-12-08')", (bo.id,))
    online(files, bought(1, "OP_21", PurchasedOn=NEXT))
    run.run([files.folder], maker, now + WEEK)
    assert planned()[0][2] == "2026-12-09"


def _contacts() -> list[dict[str, str]]:
    names = ("Nora Vale", "Ivo Hart", "Uma Reyes", "Gil Ortega", "Bea Stone")
    return [contact(number, *name.split()) for number, name in enumerate(names, 1)]


def test_the_real_files_plan_nothing_and_later_purchases_of_the_same_customers_one_task_a_day(
    real_files: Path, maker: Actor, bo: Actor, now: dt.datetime, tmp_path: Path
) -> None:
    sources = real_files / "ci-ilt" / "sources"
    run.run([sources], maker, now)
    run.run([sources], maker, now + WEEK)
    assert planned() == []
    with (sources / "OnlinePurchases.csv").open(newline="", encoding="utf-8-sig") as source:
        rows = list(csv.reader(source))
    place = {name: at for at, name in enumerate(rows[0])}
    seen: dict[str, list[str]] = {}
    for row in rows[1:]:
        seen.setdefault(row[place["ContactId"]], row)
    again = []
    for number, row in enumerate(list(seen.values())[:200]):
        new = [*row]
        new[place["PurchaseId"]], new[place["PurchasedOn"]] = f"OPID_NEW_{number}", "11/20/2026"
        again += [new, [f"{cell}_B" if cell == new[place["PurchaseId"]] else cell for cell in new]]
    path = tmp_path / "OnlinePurchases.csv"
    with path.open("w", newline="", encoding="utf-8") as target:
        csv.writer(target).writerows([*rows, *again])
    made = run.run([path], maker, now + WEEK)
    found = planned()
    assert made.new == 400
    # One contact of the real files is known to nobody: its purchase waits.
    assert 199 <= len(found) <= 200
    assert {due for *_, due in found} == {"2026-12-04"}
    assert {customer_id for customer_id, *_ in found} == {row[0] for row in execute(
        "SELECT DISTINCT customer_id FROM purchase WHERE run_id = 3 AND customer_id IS NOT NULL")}  # fmt: skip
    with_others = sum("Others also bought" in item.reason for item in agenda(bo, now + WEEK))
    assert with_others > 0
    revert.revert(3, maker, now + WEEK)
    assert planned() == []
    assert clock.local_date(now, "America/Denver") == dt.date(2026, 11, 16)
