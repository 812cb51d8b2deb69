"""Random permitted work of several people: a database on its way, what they may do, and lists of it."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from models import database, journal, process, process_change, setup, undo
from models.activities import ideas, log, months, next_steps, tasks
from models.assessments import assessments, forms
from models.customers import customers, owners, people
from models.database import execute
from models.deals import (
    approvals,
    bulk,
    buying_centre,
    deals,
    lines,
    quote_changes,
    quotes,
    stages,
    team,
    tech_checks,
)
from models.deals.details import get_detail
from models.deals.records import TechState
from models.errors import ContosoError
from models.merging import merges
from models.nurture import enrolments, steps
from models.orders import contracts, invoices, orders
from models.people import users
from models.people.records import Actor, Role
from tests.models.conftest import NOW, QUALIFIED, TODAY

ROLES = {
    "ana": [Role.EXECUTIVE],
    "bo": [Role.REPRESENTATIVE, Role.CONSULTANT],
    "max": [Role.MANAGER],
    "uma": [Role.CONSULTANT],
    "olga": [Role.OPERATIONS],
}
LIMIT = 2_000_000
STAGES = ("qualify", "develop", "quote", "tech_check", "close")
FUNNEL = ("prospect", "first_appointment", "discovery", "presentation", "follow_up", "commitment")
# Around the limit: signed amounts that rise, fall to it and come back.
PRICES = (1_800_000, 2_000_000, 2_000_001, 2_200_000, 2_500_000, 2_600_000)
OCTOBER = dt.date(2026, 10, 1)
PEOPLE = ("Pat Marsh", "Sam Pine", "Ira Stone")
EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "two-pipelines.toml"

Work = Callable[[Actor, int, int], Any]


def make(path: Path) -> None:
    """Make a database of three customers, deals on their way in two pipelines, one of them delivered by a contract."""
    setup.create(path, "olga", NOW, is_test=True)
    with database.connection():
        olga = users.get_actor("olga")
        for login, roles in ROLES.items():
            if login != "olga":
                users.add(olga, NOW, login, roles, team="West")
        users.change(olga, NOW, "olga", roles=[Role.OPERATIONS])
        funnel = EXAMPLE.read_text("utf-8").partition('[[pipeline]]\nid = "funnel"')[2].partition("[lost_reasons]")[0]
        both = process.shipped_text().replace("[lost_reasons]", f'[[pipeline]]\nid = "funnel"{funnel}[lost_reasons]', 1)
        process_change.use(users.get_actor("olga"), NOW, both)
        ana = users.get_actor("ana")
        customers.create(ana, NOW, name="Oak", kind="corporate")
        for name in PEOPLE:
            people.add(ana, NOW, 1, name, email=f"{name.split()[0].lower()}@oak.example")
        customers.create(ana, NOW, name="Oak Terrace", kind="corporate")
        customers.create(users.get_actor("bo"), NOW, name="Nora Vale")
        with journal.action(olga, NOW, "customer.create", "New customer"):
            execute("INSERT INTO customer (kind, name, created_at) VALUES ('corporate', 'Elm', 1)")
        for login, price, stage in (
            *(("ana", 2_500_000, "close"), ("ana", 2_200_000, "quote")),
            *(("bo", 1_800_000, "close"), ("ana", 1_500_000, "quote")),
        ):
            _work_up(users.get_actor(login), price, stage)
        funnelled = deals.create(ana, NOW, 2, pipeline="funnel", **QUALIFIED)
        lines.change(ana, NOW, lines.add(ana, NOW, funnelled, "INSTALLATION"), price_minor=1_900_000)
        quotes.send(ana, NOW, quotes.create(ana, NOW, funnelled))
        contracts.accept(ana, NOW, newest_quote(funnelled), TODAY, TODAY + dt.timedelta(days=300), call_offs=3)
        october = {"customer_id": 1, "channel": "visit", "on": OCTOBER}
        log.log(ana, NOW, **october)
        execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _work_up(actor: Actor, price: int, stage: str) -> None:
    deal = deals.create(actor, NOW, 1, **QUALIFIED)
    line = lines.add(actor, NOW, deal, "INSTALLATION")
    lines.change(actor, NOW, line, price_minor=price)
    quotes.send(actor, NOW, quotes.create(actor, NOW, deal))
    if stage == "close":
        quotes.accept(actor, NOW, newest_quote(deal))
    if price > LIMIT:
        stages.move(actor, NOW, [deal], "develop")
        tech_checks.sign(users.get_actor("uma"), NOW, deal, TechState.PASSED, TODAY)
    stages.move(actor, NOW, [deal], stage)


@contextmanager
def opened(template: Path, folder: Path) -> Iterator[dict[str, Actor]]:
    """Open a fresh copy of the database; gives everybody in it."""
    path = folder / "contoso.db"
    for old in folder.glob("contoso.db*"):
        old.unlink()
    shutil.copy(template, path)
    database.init(path)
    with database.connection():
        yield {login: users.get_actor(login) for login in ROLES}


# ---- what can be done; `n` is any number, which chooses


def first_line(deal: int) -> int:
    return lines.list_lines(deal)[0].id


def newest_quote(deal: int) -> int:
    return quotes.list_for_deal(deal, NOW)[0].id


def seen_check(deal: int) -> int | None:
    checks = tech_checks.list_checks(deal)
    return checks[0].id if checks else None


def pick(found: Any, n: int) -> Any:
    """Return one of what there is; IndexError where there is nothing."""
    items = list(found)
    return items[n % len(items)] if items else items[0]


def customer_of(deal: int) -> int:
    return get_detail(deal, NOW).customer_id


def stage_of(deal: int, n: int) -> str:
    return pick(STAGES if get_detail(deal, NOW).pipeline == "sales" else FUNNEL, n)


def draft_line(deal: int) -> int:
    return quotes.get(newest_quote(deal), NOW).lines[0].id


def requote(actor: Actor, deal: int, n: int) -> None:
    quotes.create(actor, NOW, deal)
    quotes.change_line(actor, NOW, draft_line(deal), price_minor=PRICES[n % 6])
    quotes.send(actor, NOW, newest_quote(deal))
    if n % 2:
        quotes.accept(actor, NOW, newest_quote(deal))


def assess(actor: Actor, deal: int, n: int) -> None:
    """Answer the questionnaire of the deal's stage: mostly with the best answers, so that it moves."""
    detail = get_detail(deal, NOW)
    form = forms.find(detail.pipeline, detail.stage.id)
    if form is None:
        raise IndexError
    choices = {question.id: (n if n % 3 == 0 else 0) % len(question.answers) for question in form.questions}
    assessments.complete(actor, NOW, deal, form.id, choices)


def order_of(deal: int, n: int) -> int:
    return pick(orders.list_orders(deal_id=deal), n).id


def invoice_of(deal: int, n: int) -> int:
    return pick([one.id for one in invoices.list_invoices(TODAY) if one.deal_id == deal], n)


def running(deal: int) -> int:
    found = enrolments.find_active(customer_of(deal))
    if found is None:
        raise IndexError
    return found


def later(n: int) -> dt.date:
    return TODAY + dt.timedelta(days=1 + n)


UNDOABLE: dict[str, Work] = {
    # deals
    "forward": lambda a, d, n: stages.forward(a, NOW, d),
    "move": lambda a, d, n: stages.move(a, NOW, [d], stage_of(d, n), "because"),
    "bulk": lambda a, d, n: stages.move_forward(a, NOW, [1004, 1005]),
    "back": lambda a, d, n: stages.backward(a, NOW, d, "because"),
    "price": lambda a, d, n: lines.change(a, NOW, first_line(d), price_minor=PRICES[n % 6]),
    "quantity": lambda a, d, n: lines.change(a, NOW, first_line(d), quantity=1 + n % 2),
    "discount": lambda a, d, n: lines.change(a, NOW, first_line(d), discount_bp=n * 300),
    "add line": lambda a, d, n: lines.add(a, NOW, d, ("MOISTURE", "MONITORING")[n % 2]),
    "remove line": lambda a, d, n: lines.remove(a, NOW, lines.list_lines(d)[-1].id),
    "shift line": lambda a, d, n: lines.shift(a, NOW, first_line(d), 1),
    "edit": lambda a, d, n: deals.edit(a, NOW, d, {"need": ("", "doors", "cameras")[n % 3]}),
    "edit several": lambda a, d, n: bulk.edit(a, NOW, [d, 1004], {"category": pick(deals.CATEGORIES, n)}),
    "assign": lambda a, d, n: deals.assign(a, NOW, [d], pick(ROLES, n)),
    "assign several": lambda a, d, n: deals.assign(a, NOW, [d, 1004], pick(ROLES, n)),
    "join": lambda a, d, n: team.add(a, NOW, d, [pick(ROLES, n)]),
    "leave": lambda a, d, n: team.remove(a, NOW, d, [pick(get_detail(d, NOW).team, n)]),
    "lose": lambda a, d, n: stages.lose(a, NOW, d, "price", "Pat"),
    "reopen": lambda a, d, n: stages.reopen(a, NOW, d, "because"),
    "create": lambda a, d, n: deals.create(a, NOW, 1, amount_minor=PRICES[n % 6]),
    "create elsewhere": lambda a, d, n: deals.create(a, NOW, 3, pipeline="funnel", amount_minor=PRICES[n % 6]),
    "assess": assess,
    # people on deals
    "put on": lambda a, d, n: buying_centre.add(a, NOW, d, pick(PEOPLE, n), pick(buying_centre.ROLES, n)),
    "role": lambda a, d, n: buying_centre.change(
        a, NOW, pick(buying_centre.list_people(d), n).id, {"attitude": n % 3 - 1, "influences": pick(("", *PEOPLE), n)}
    ),
    "take off": lambda a, d, n: buying_centre.remove(a, NOW, pick(buying_centre.list_people(d), n).id),
    # quotes
    "draft": lambda a, d, n: quotes.create(a, NOW, d),
    "reprice draft": lambda a, d, n: quotes.change_line(a, NOW, draft_line(d), price_minor=PRICES[n % 6]),
    "discount draft": lambda a, d, n: quotes.change_line(a, NOW, draft_line(d), discount_bp=n * 300),
    "note": lambda a, d, n: quotes.change(a, NOW, newest_quote(d), note=f"note {n}"),
    "ask approval": lambda a, d, n: approvals.ask(a, NOW, newest_quote(d)),
    "approve": lambda a, d, n: approvals.approve(a, NOW, newest_quote(d)),
    "cancel": lambda a, d, n: quotes.cancel(a, NOW, newest_quote(d)),
    # orders
    "ship": lambda a, d, n: orders.ship(a, NOW, order_of(d, n)),
    "delivery": lambda a, d, n: orders.set_delivery(a, NOW, order_of(d, n), later(n)),
    "call off": lambda a, d, n: contracts.call_off(a, NOW, contracts.list_contracts(TODAY)[0].id),
    "invoice": lambda a, d, n: invoices.issue(a, NOW, order_of(d, n)),
    "pay": lambda a, d, n: invoices.pay(a, NOW, invoice_of(d, n), amount_minor=(None, 100_00)[n % 2]),
    # activities
    "step": lambda a, d, n: next_steps.set_step(a, NOW, d, "call", later(n)),
    "step done": lambda a, d, n: next_steps.done(a, NOW, d, next_text=("", "then")[n % 2], next_on=later(n)),
    "snooze": lambda a, d, n: next_steps.snooze(a, NOW, d, later(n)),
    "idea": lambda a, d, n: ideas.take(a, NOW, d, pick(ideas.list_ideas(d, NOW), n).name),
    "log": lambda a, d, n: log.log(
        a, NOW, customer_id=customer_of(d), deal_id=d, channel=("call", "visit")[n % 2], on=(None, OCTOBER)[n % 2]
    ),
    "task": lambda a, d, n: tasks.plan(a, NOW, customer_id=customer_of(d), text="ask", on=later(n)),
    # customers and nurture
    "edit customer": lambda a, d, n: customers.edit(a, NOW, customer_of(d), {"phone": f"303 555 01{n:02d}"}),
    "give customer": lambda a, d, n: customers.assign(a, NOW, [customer_of(d)], pick(ROLES, n)),
    "by rule": lambda a, d, n: owners.assign_by_rule(a, NOW),
    "new customer": lambda a, d, n: customers.create(a, NOW, name=f"Ash {n}", kind=("corporate", "individual")[n % 2]),
    "label": lambda a, d, n: customers.label_corporate(a, NOW, [3], "Vale & Co"),
    "unlabel": lambda a, d, n: customers.label_individual(a, NOW, [3]),
    "new person": lambda a, d, n: people.add(a, NOW, customer_of(d), f"Ash {n}"),
    "first person": lambda a, d, n: people.make_primary(a, NOW, pick(people.list_people(customer_of(d)), n).id),
    "drop person": lambda a, d, n: people.remove(a, NOW, pick(people.list_people(customer_of(d)), n).id),
    "merge": lambda a, d, n: merges.merge(a, NOW, 1, 2, going_on=()),
    "unmerge": lambda a, d, n: merges.unmerge(a, NOW, 2),
    "enrol": lambda a, d, n: enrolments.start(a, NOW, [customer_of(d)]),
    "nurture": lambda a, d, n: steps.done(a, NOW, running(d)),
    "skip": lambda a, d, n: steps.skip(a, NOW, running(d), "because"),
    "later": lambda a, d, n: steps.snooze(a, NOW, running(d), later(n)),
    "pause": lambda a, d, n: enrolments.pause(a, NOW, running(d)),
    "resume": lambda a, d, n: enrolments.resume(a, NOW, running(d)),
    "leave nurture": lambda a, d, n: enrolments.end(a, NOW, running(d), "manual", "enough"),
}
FINAL: dict[str, Work] = {
    "send": lambda a, d, n: quotes.send(a, NOW, newest_quote(d)),
    "accept": lambda a, d, n: quotes.accept(a, NOW, newest_quote(d)),
    "accept as contract": lambda a, d, n: contracts.accept(a, NOW, newest_quote(d), TODAY, later(n)),
    "requote": lambda a, d, n: requote(a, d, n),
    "extend": lambda a, d, n: quote_changes.extend(a, NOW, newest_quote(d), TODAY + dt.timedelta(days=60 + n)),
    "reject": lambda a, d, n: quotes.reject(a, NOW, newest_quote(d), "too dear"),
    "pass": lambda a, d, n: tech_checks.sign(a, NOW, d, TechState.PASSED, TODAY, seen_check_id=seen_check(d)),
    "fail": lambda a, d, n: tech_checks.sign(a, NOW, d, TechState.FAILED, TODAY, "no", seen_check_id=seen_check(d)),
    "win": lambda a, d, n: stages.win(a, NOW, d, walkthrough_on=TODAY, walkthrough_with="Pat", is_ready=True),
    "close month": lambda a, d, n: months.close(a, NOW, OCTOBER),
    "undo": lambda a, d, n: undo.undo(a, NOW),
    "redo": lambda a, d, n: undo.redo(a, NOW),
}
# What takes a deal forward is tried more often, or few would get as far as Close.
ALL = [*UNDOABLE, *FINAL, *("forward", "requote", "accept", "pass", "win", "discount draft", "ship", "invoice") * 4]
# Mostly who may.
WHO = ["owner", "owner", "owner", "owner", "max", "max", "uma", "uma", "bo", "ana", "olga"]
EVERY = (1001, 1002, 1003, 1004, 1005)
SMALL = (1003, 1004, 1005)


def plans(names: list[str], chosen: tuple[int, ...], longest: int = 30) -> st.SearchStrategy[Any]:
    """Give lists of work on some deals; on the small ones with prices within the limit."""
    numbers = st.integers(0, 29)
    if chosen == SMALL:
        numbers = numbers.map(lambda n: n - n % 6 + n % 2)
    one = st.tuples(st.sampled_from(names), st.sampled_from(WHO), st.sampled_from(chosen), numbers)
    return st.lists(one, min_size=longest // 2, max_size=longest)


def attempt(name: str, actors: dict[str, Actor], login: str, deal: int, n: int) -> Actor | None:
    """Do one piece of work; return who did it, None where it was not permitted or there was nothing to do."""
    actor = actors[get_detail(deal, NOW).owner if login == "owner" else login]
    before = _last_action()
    try:
        (UNDOABLE | FINAL)[name](actor, deal, n)
    except (ContosoError, IndexError):
        return None
    return actor if _last_action() != before else None


def _last_action() -> int:
    return int(execute("SELECT max(id) FROM action").fetchone()[0])
