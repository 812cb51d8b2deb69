"""What stands beside the agenda about the line under the cursor: reading it, and its words."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from contoso_tui import formats
from contoso_tui.screens import agenda_words
from contoso_tui.text import clean, wrap
from contoso_tui.widgets.list_view import Line
from contoso_tui.widgets.rows import Part
from contoso_tui.widgets.text_block import BLANK, text_line
from models.deals.detail_records import DealDetail
from models.deals.details import get_detail
from models.ids import show_deal, show_enrolment
from models.nurture import views
from models.nurture.records import Agenda, AgendaItem, EnrolmentDetail, StepView


@dataclass(frozen=True, slots=True)
class Selected:
    """The line under the cursor with what belongs to it."""

    item: AgendaItem
    enrolment: EnrolmentDetail | None
    deal: DealDetail | None


def read_selected(item: AgendaItem, now: dt.datetime) -> Selected:
    """Read what stands beside a line."""
    enrolment = views.get(item.enrolment_id, now) if item.enrolment_id is not None else None
    deal = get_detail(item.deal_id, now) if item.deal_id is not None else None
    return Selected(item, enrolment, deal)


def copy_texts(item: AgendaItem, selected: Selected | None) -> dict[str, str]:
    """Return what can be copied of a line."""
    account = selected.enrolment.account if selected is not None and selected.enrolment is not None else None
    shown = agenda_words.shown_id(item)
    return {
        "i": shown,
        "n": item.customer,
        "e": account.person_email if account else "",
        "p": account.person_phone if account else "",
        "l": f"{item.due_on.isoformat()}  {item.channel}  {item.customer}  {item.text}  {shown}",
    }


def one_line(selected: Selected, today: dt.date) -> str:
    """Return the detail of a narrow terminal: `Oak Terrace: started Mon 16. Done today -> information email Thu`."""
    item, enrolment, deal = selected.item, selected.enrolment, selected.deal
    if item.hold or item.blocked:
        return f" {clean(item.customer)}: {clean(item.hold or item.blocked)}"
    if enrolment is not None:
        coming = [step for step in enrolment.steps if step.is_forecast and step.due_on is not None]
        done = f" Done today -> {_dated(coming[0], today)}" if coming else " The last step: its result decides."
        return f" {clean(item.customer)}: started {formats.day_dated(enrolment.started_on, today)}.{done}"
    if deal is not None:
        amount = formats.money(deal.amount_minor, deal.currency)
        return f" {clean(deal.customer)} · {show_deal(deal.id)} · {deal.stage.name} · {amount} · {clean(deal.type)}"
    return f" {clean(item.customer)}: {clean(item.reason or item.text)}"


def _dated(step: StepView, today: dt.date) -> str:
    return f"{step.name.lower()} {formats.day_dated(step.due_on, today)}" if step.due_on is not None else step.name


def side_lines(selected: Selected | None, agenda: Agenda, today: dt.date, width: int) -> list[Line]:
    """Return the side block of a wide terminal."""
    if selected is None:
        return [*_coming(agenda, today), BLANK, *_month(agenda, today, width)]
    item = selected.item
    lines: list[Line] = []
    if selected.enrolment is not None:
        lines += _nurture(selected.enrolment, item, today, width)
    elif selected.deal is not None:
        lines += _deal(selected.deal, item, today, width)
    else:
        lines += _task(item, today, width)
    lines += [rule("Warnings", width), *_warnings(item), *_month(agenda, today, width)]
    return lines


def _coming(agenda: Agenda, today: dt.date) -> list[Line]:
    """Return what each later day has; that is what the head of the later days stands for."""
    if not agenda.later:
        return [BLANK, text_line("  Nothing to do.", style="dim")]
    lines = [text_line([(" Later", "heading")])]
    for day in agenda.later:
        told = f"{day.due}" if day.due else day.day_off
        lines.append(text_line(f"  {formats.day_card(day.on, today, is_wide=True):<12}{clean(told)}"))
    return lines


def rule(title: str, width: int) -> Line:
    """Return a line with a title in it."""
    return text_line([(f" ─ {title} " + "─" * max(width - len(title) - 5, 0), "line")])


def _nurture(found: EnrolmentDetail, item: AgendaItem, today: dt.date, width: int) -> list[Line]:
    account = found.account
    step = found.programme.step(found.position) if found.position else None
    lines = [
        text_line([(f" {clean(account.name)}", "heading")], f"{show_enrolment(found.id)} "),
        text_line(f" nurture {item.position} of {item.of}, started {formats.day_dated(found.started_on, today)}"),
        BLANK,
        rule("This step", width),
    ]
    if step is not None:
        guide = f"{step.name}: {step.guide}" if step.guide else step.name
        lines += [text_line(f" {row}") for row in wrap(clean(guide), width - 2)]
    lines += [BLANK, rule("Why now", width), *_why_now(item, today), BLANK, rule("Who", width)]
    who = ", ".join(text for text in (account.person, account.person_position) if text)
    contact = [who or "nobody is named: add a person", account.person_email, account.person_phone]
    lines += [text_line(f" {clean(text)}") for text in contact if text]
    if account.lead_source:
        lines += [BLANK, rule("Source", width), text_line(f" {clean(account.lead_source)}")]
    return [*lines, BLANK]


def _deal(deal: DealDetail, item: AgendaItem, today: dt.date, width: int) -> list[Line]:
    amount = formats.money(deal.amount_minor, deal.currency)
    lines = [
        text_line([(f" {clean(deal.customer)}", "heading")], f"{show_deal(deal.id)} "),
        text_line(f" {clean(deal.type)}", [(f"{amount} ", "amount")]),
        text_line(f" {deal.stage.name} {formats.age(deal.stage_age_days, deal.stage.age_limit_days)}"),
        BLANK,
        rule("This step", width),
        *(text_line(f" {row}") for row in wrap(clean(item.text), width - 2)),
        BLANK,
        rule("Why now", width),
        *_why_now(item, today),
    ]
    if deal.need:
        lines += [BLANK, rule("Need", width), *(text_line(f" {row}") for row in wrap(clean(deal.need), width - 2)[:3])]
    if deal.decision_maker:
        lines += [BLANK, rule("Decides", width), text_line(f" {clean(deal.decision_maker)}")]
    return [*lines, BLANK]


def _task(item: AgendaItem, today: dt.date, width: int) -> list[Line]:
    lines = [
        text_line([(f" {clean(item.customer)}", "heading")]),
        *(text_line(f" {row}") for row in wrap(clean(item.text), width - 2)),
        BLANK,
        rule("Why now", width),
        *_why_now(item, today),
    ]
    lines += [text_line(f" {row}") for row in wrap(clean(item.reason), width - 2)] if item.reason else []
    return [*lines, BLANK]


def _why_now(item: AgendaItem, today: dt.date) -> list[Line]:
    if item.hold:
        return [text_line([(f" On hold: {clean(item.hold)}", "soon")])]
    due = f" Due {formats.day_dated(item.due_on, today)}"
    if item.minute is not None:
        due += f" {formats.clock(item.minute)}"
    if item.late_working_days:
        days = item.late_working_days
        return [text_line([(f"{due}, {formats.counted(days, 'working day')} late.", "late")])]
    lines = [text_line(f"{due}.")]
    if item.counted_on is not None and item.counted_on != item.due_on:
        lines.append(text_line(f" Counted {_day(item.counted_on, today)}, rolled to a working day.", style="dim"))
    return lines


def _warnings(item: AgendaItem) -> list[Line]:
    found: list[Line] = []
    if item.blocked:
        found.append(text_line([(f" {clean(item.blocked)}", "soon")]))
    if item.unpaid_minor:
        found.append(text_line([(f" $! unpaid {formats.money(item.unpaid_minor)}", "late")]))
    if item.open_cases:
        high = ", one is high" if item.has_high_case else ""
        cases = formats.counted(item.open_cases, "open case")
        found.append(text_line([(f" C{item.open_cases} {cases}{high}", "late" if high else "soon")]))
    return found or [text_line(" none: nothing unpaid, no open case", style="dim")]


def _month(agenda: Agenda, today: dt.date, width: int) -> list[Line]:
    """Return the month with today in brackets and `!` on days of late steps."""
    late = Counter(item.due_on for item in agenda.late)
    lines = [BLANK, rule(f"{today:%B}", width), text_line(" Mo Tu We Th Fr Sa Su", style="dim")]
    for week in calendar.Calendar().monthdatescalendar(today.year, today.month):
        parts: list[Part] = []
        for day in week:
            if day.month != today.month:
                parts.append(("   ", "text"))
            elif day == today:
                if parts:
                    parts[-1] = (parts[-1][0][:-1] + ("!" if parts[-1][0].endswith("!") else "["), parts[-1][1])
                parts.append((f"{day.day:2}]", "accent"))
            elif late[day]:
                parts.append((f"{day.day:2}!", "late"))
            else:
                parts.append((f"{day.day:2} ", "text" if day.weekday() < 5 else "dim"))
        lines.append(text_line([(" ", "text"), *parts]))
    return lines


def dates_if_done(selected: Selected | None, today: dt.date, zone: dt.tzinfo) -> list[Line]:
    """Return when each step would be if the open one is done today; nothing for deals."""
    enrolment = selected.enrolment if selected is not None else None
    if enrolment is None or enrolment.hold:
        return []
    lines = [text_line([(" DATES IF DONE TODAY", "heading"), (f"   {clean(enrolment.account.name)}", "text")])]
    for step in enrolment.steps:
        lines.append(
            text_line([(f"   {step.position} {step.name.lower():<20}", "text"), *_step_date(step, today, zone)])
        )
    return lines


def _step_date(step: StepView, today: dt.date, zone: dt.tzinfo) -> Sequence[Part]:
    if step.finished_at is not None:
        return [(f"{step.state:<10}{_day(step.finished_at.astimezone(zone).date(), today)}", "dim")]
    if step.due_on is None:
        return [(step.state, "dim")]
    if not step.is_forecast:
        return [(f"{'now':<10}{formats.day(today, today)}", "accent")]
    after = f"+{formats.counted(step.days_after, 'day')}"
    if step.counted_on is not None and step.counted_on != step.due_on:
        rolled = f"{step.counted_on:%a} {step.counted_on.day} -> {_day(step.due_on, today)}"
        return [(f"{after:<10}{rolled}", "text"), ("   (rolled to a working day)", "dim")]
    return [(f"{after:<10}{_day(step.due_on, today)}", "text")]


def _day(date: dt.date, today: dt.date) -> str:
    """Write a date among others: with weekday and month, also of the next days."""
    return formats.day_card(date, today, is_wide=True)
