"""Every form keeps what was typed, and the list of drafts at the next start opens that very form."""

from __future__ import annotations

import datetime as dt

import pytest

from contoso_tui.dialogs import nurture
from contoso_tui.dialogs.drafts import DraftsDialog
from contoso_tui.dialogs.form import FormDialog
from contoso_tui.drafts import DraftKey, DraftStore, default_folder
from contoso_tui.forms.state import FormState
from models.customers import people
from models.deals import deals, lines, quotes, stages
from models.ids import enrolment_id
from models.nurture import enrolments, steps, views
from models.orders import contracts, invoices, orders
from tests.contoso_tui.screens.deal_driver import Driver, detail
from tests.contoso_tui.screens.deal_story import NOW, Story, act, ask, make_app


def keep(story: Story, kind: str, subject: str, **values: str) -> DraftKey:
    """Leave a form half filled in, as a lost link does."""
    key = DraftKey("ana.wu", str(story.path), kind, subject)
    drafts = DraftStore(default_folder())
    drafts.save(key, values, "Kept", NOW)
    drafts.flush()
    return key


async def go_on(story: Story, app, pilot, wait_until, shown) -> FormDialog:
    """Open the first draft of the list at the start."""
    await wait_until(pilot, lambda: isinstance(app.screen, DraftsDialog) and app.screen.box.text)
    await pilot.press("enter")
    await wait_until(pilot, lambda: isinstance(app.screen, FormDialog) and app.screen.box.text)
    return app.screen


def line(story: Story) -> int:
    return act(story, "ana.wu", lines.add, story.small, "S24", 2)


def sent(story: Story) -> str:
    (quote,) = ask(story, quotes.list_for_deal, story.fabrikam, NOW)
    return f"Q-{quote.number:04d} r{quote.revision}"


def draft(story: Story) -> str:
    act(story, "ana.wu", quotes.create, story.fabrikam)
    return sent_name(story, 2)


def sent_name(story: Story, revision: int) -> str:
    found = ask(story, quotes.list_for_deal, story.fabrikam, NOW)
    return next(f"Q-{q.number:04d} r{q.revision}" for q in found if q.revision == revision)


def invoiced(story: Story) -> str:
    act(story, "ana.wu", quotes.accept, ask(story, quotes.list_for_deal, story.fabrikam, NOW)[0].id)
    act(story, "ana.wu", orders.ship, 230)
    return f"INV-{act(story, 'ana.wu', invoices.issue, 230)}"


def contracted(story: Story) -> str:
    quote = ask(story, quotes.list_for_deal, story.fabrikam, NOW)[0].id
    span = NOW.date(), NOW.date() + dt.timedelta(days=90)
    return f"K-{act(story, 'ana.wu', contracts.accept, quote, *span):04d}"


def customer(story: Story) -> str:
    return f"C-{detail(story, story.fabrikam).customer_id:05d}"


def lost(story: Story) -> str:
    act(story, "ana.wu", stages.lose, story.small, "price", "Lee", dt.date(2026, 11, 17))
    return f"D-{story.small}"


def in_nurture(story: Story, done: int = 0) -> str:
    customer_id = detail(story, story.small).customer_id
    (enrolment,) = act(story, "ana.wu", enrolments.start, [customer_id])
    for _ in range(done):
        act(story, "ana.wu", steps.skip, enrolment, "known")
    return f"L-{enrolment:04d}"


def person(story: Story) -> int:
    return ask(story, people.list_people, detail(story, story.fabrikam).customer_id)[0].id


CASES = {
    "step": (lambda s: ("step.set", f"D-{s.small}"), "next_text", "Call Lee"),
    "log": (lambda s: ("activity.log", f"D-{s.small}"), "text", "Asked about doors"),
    "lost": (lambda s: ("deal.lost", f"D-{s.small}"), "by", "Lee"),
    "back": (lambda s: ("deal.backward", f"D-{s.fabrikam}"), "reason", "needs more doors"),
    "back to": (lambda s: ("deal.move:qualify", f"D-{s.fabrikam}"), "reason", "needs more doors"),
    "reopen": (lambda s: ("deal.move:reopen", lost(s)), "reason", "they called"),
    "gate": (lambda s: ("deal.forward", f"D-{s.small}"), "need", "doorbells"),
    "tech check": (lambda s: ("deal.techcheck", f"D-{s.fabrikam}"), "note", "roof access"),
    "fields": (lambda s: ("item.edit", f"D-{s.small}"), "need", "doorbells"),
    "field": (lambda s: ("item.edit:need", f"D-{s.small}"), "need", "doorbells"),
    "new line": (lambda s: ("line.add", f"D-{s.small}"), "product", "S24"),
    "line": (lambda s: (f"line.edit:{line(s)}", f"D-{s.small}"), "description", "Panels"),
    "discount": (lambda s: (f"line.discount:{line(s)}", f"D-{s.small}"), "discount_bp", "7"),
    "answer": (lambda s: ("quote.forward", sent(s)), "reason", "too dear"),
    "cancel": (lambda s: ("quote.state:cancel", sent(s)), "reason", "a mistake"),
    "quote": (lambda s: ("item.edit:note", draft(s)), "note", "Dear Mira"),
    "quote line": (lambda s: ("line.add", draft(s)), "product", "S24"),
    "person": (lambda s: ("person.add", customer(s)), "name", "Pat Marsh"),
    "that person": (lambda s: (f"person.edit:{person(s)}", customer(s)), "position", "Head buyer"),
    "value": (lambda s: ("item.edit:phone", customer(s)), "phone", "555 0100"),
    "new deal": (lambda s: ("item.new", customer(s)), "need", "cameras"),
    "payment": (lambda s: ("record.forward", invoiced(s)), "reference", "B1"),
    "call-off": (lambda s: ("order.calloff", contracted(s)), "deliver", "2026-12-01"),
    "new customer": (lambda s: ("item.new", "customer"), "name", "Adatum"),
    "skip": (lambda s: ("step.skip", in_nurture(s)), "reason", "spoke at the fair"),
    "leave": (lambda s: ("step.move", in_nurture(s)), "note", "asked us to stop"),
    "result": (lambda s: ("step.done", in_nurture(s, 3)), "notes", "three houses"),
}


@pytest.mark.parametrize("case", CASES)
async def test_a_draft_opens_its_very_form_with_what_was_typed(case, story, wait_until, shown) -> None:
    make, field, text = CASES[case]
    kind, subject = make(story)
    key = keep(story, kind, subject, **{field: text})
    app = make_app(story, "ana.wu", "")
    async with app.run_test(size=(80, 24)) as pilot:
        form = await go_on(story, app, pilot, wait_until, shown)
        assert form.form.draft == key
        assert form.state.text(field) == text
        assert text in form.box.text


async def test_reasons_and_discounts_keep_what_was_typed(story, opened) -> None:
    async with opened("ana.wu", story.fabrikam) as on:
        for keys, field in ((("<",), "reason"), (("3", "%"), "discount_bp")):
            form = await on.form(*keys)
            form.state.go_to(field)
            await on.press("ctrl+u", "1", "2", "escape", "escape")
            await on.told("Kept your draft of")
            assert on.app.drafts.open(form.form.draft).values[field] == "12"


async def test_going_on_with_a_form_keeps_what_others_changed_meanwhile(story, opened) -> None:
    async with opened("ana.wu", story.small) as on:
        form = await on.form("e")
        form.state.go_to("budget_minor")
        await on.press("ctrl+u", *"1200", "escape", "escape")
        await on.told("Kept your draft of")
        act(story, "gil.ortega", deals.edit, story.small, {"need": "Doorbells for all houses"})
        await on.press("e")
        await on.until(lambda: "Continue with it" in on.text)
        await on.press("enter", "ctrl+s")
        await on.until(lambda: detail(story, story.small).budget_minor == 120_000)
    assert detail(story, story.small).need == "Doorbells for all houses"


async def test_a_gate_that_nothing_keeps_any_more_moves_nothing_by_itself(story, wait_until, shown) -> None:
    keep(story, "deal.forward", f"D-{story.fabrikam}", need="x")
    app = make_app(story, "ana.wu", "")
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_until(pilot, lambda: isinstance(app.screen, DraftsDialog) and app.screen.box.text)
        await pilot.press("enter")
        on = Driver(app, pilot, wait_until, shown)
        await on.told("Nothing keeps")
        assert detail(story, story.fabrikam).stage.id == "quote"


def test_only_what_a_result_of_nurture_needs_is_asked(story) -> None:
    number = enrolment_id(in_nurture(story, 3))
    form = nurture.result_form(ask(story, views.get, number, NOW), DraftKey("ana.wu", "", "step.done", ""))
    state = FormState(form, dt.date(2026, 11, 18))

    def asked(result: str) -> set[str]:
        state.set_text("result", result)
        return {item.name for item in form.fields if item.is_shown(state.raw)} - {"result", "notes"}

    assert asked("") == set()
    assert asked("not_reached") == {"again_on"}
    assert asked("disqualified") == {"reason", "who"}
    assert asked("meeting") == {"meeting_on", "meeting_time", "who"}
    assert asked("qualified") == {"deal_type", "amount", "meeting_on", "meeting_time", "who"}
    state.set_text("meeting_on", "tue")
    state.set_text("result", "disqualified")
    state.set_text("reason", "too small")
    # What was typed for another result is neither asked nor read.
    assert state.values()["meeting_on"] is None
