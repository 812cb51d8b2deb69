"""The tabs of a customer's screen as rows of a list. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from contoso_tui import formats
from contoso_tui.screens.customer_page import CustomerPage
from contoso_tui.screens.customer_words import other_words, source_word
from contoso_tui.screens.orders_words import text_of
from contoso_tui.text import cells, clean, pad, wrap
from contoso_tui.widgets.list_view import Line, heading, line
from contoso_tui.widgets.rows import Part
from models.activities.tasks import OpenTask
from models.customers.profiles import HIDDEN
from models.customers.records import CustomerProfile, Relation, SourceRow, TimelineEntry, ValueSource
from models.customers.survivorship import policy_of
from models.deals.records import DealCard, Outcome
from models.deals.suggestions import Suggestion
from models.ids import show_customer, show_deal
from models.merging.merges import Merged
from models.words import scored

WIDE_FROM = 84
_KIND, _KIND_WIDE = 8, 9
_LABEL, _FROM = 15, 6
_MONEY = 11


@dataclass(frozen=True, slots=True)
class Around:
    """What rows depend on besides the customer."""

    width: int
    today: dt.date
    zone: ZoneInfo
    is_ascii: bool = False

    @property
    def is_wide(self) -> bool:
        """Whether years have headings of their own, and details a line."""
        return self.width >= WIDE_FROM


def timeline(
    entries: Sequence[TimelineEntry],
    around: Around,
    tasks: Sequence[OpenTask] = (),
    suggestions: Sequence[Suggestion] = (),
) -> list[Line]:
    """Return what is to do, then what happened, newest first; each row names its source.

    What to offer stands before what happened where there is room, else behind it.
    """
    offers = _suggested(suggestions)
    rows = [heading(f" TO DO ({len(tasks)})")] if tasks else []
    for task in tasks:
        rows += _task(task, around)
    # Where years have headings, a blank comes with them.
    rows += [heading("")] if tasks and not around.is_wide else []
    rows += [heading(""), *offers] if rows and offers and around.is_wide else offers if around.is_wide else []
    year = 0
    for place, entry in enumerate(entries):
        if around.is_wide and entry.on.year != year:
            year = entry.on.year
            rows += [heading("")] if rows else []
            rows.append(heading([(f" {year} ", "heading"), ("─" * (around.width - 6), "line")]))
        rows.append(_entry(entry, place, around))
        if around.is_wide and entry.detail:
            lead = " " * (15 + _KIND_WIDE)
            rows.append(heading([(f"{lead}{clean(entry.detail)}", "dim")]))
    return rows if around.is_wide or not offers else [*rows, heading(""), *offers]


def _suggested(suggestions: Sequence[Suggestion]) -> list[Line]:
    rows = [heading(" SUGGESTED")] if suggestions else []
    for one in suggestions:
        parts: list[Part] = [(f"  {clean(one.product)}", "text"), (f": {clean(one.why)}", "dim")]
        rows.append(line(parts, ("offer", one.product), right=[("  n new deal", "dim")]))
    return rows


def _task(task: OpenTask, around: Around) -> list[Line]:
    style = "late" if task.on < around.today else "accent"
    parts: list[Part] = [
        (f"{task.on:%d %b %y}  ", style),
        (pad(task.channel, _KIND), "text"),
        (clean(task.text), "text"),
    ]
    rows = [line(parts, ("task", task.activity_id), right=[(f"  {task.owner}", "dim")])]
    lead = 11 + _KIND
    reason = wrap(clean(task.reason), around.width - lead - 2) if task.reason else []
    return [*rows, *(heading([(f"{' ' * (lead + 1)}{row}", "dim")]) for row in reason)]


def task_text(task: OpenTask) -> str:
    """Return a task in full, to read or copy."""
    clock = f" {formats.clock(task.minute)}" if task.minute is not None else ""
    first = f"{formats.day_full(task.on)}{clock}   {task.channel}   to do by {task.owner}"
    return "\n".join([first, "", task.text, task.reason]).rstrip()


def _entry(entry: TimelineEntry, place: int, around: Around) -> Line:
    if around.is_wide:
        clock = f"{entry.at.astimezone(around.zone):%H:%M}" if entry.at is not None else "     "
        when, kind = f"{entry.on:%d %b} {clock}  ", pad(entry.kind, _KIND_WIDE)
    else:
        when, kind = f"{entry.on:%d %b %y}  ", pad(entry.kind, _KIND)
    text = clean(entry.text)
    if not around.is_wide and entry.detail and entry.kind not in ("deal", "quote"):
        text += f" · {clean(entry.detail)}"
    right: list[Part] = []
    if entry.points is not None and entry.kind == "store":
        right.append((scored(entry.points), "good" if entry.points else "dim"))
    if entry.amount_minor is not None:
        right.append((pad(formats.money(entry.amount_minor, entry.currency), _MONEY, "right"), "amount"))
    elif entry.deal_id is not None:
        right.append((show_deal(entry.deal_id), "text"))
    right.append((f"  {entry.source}", "dim"))
    return line([(when, "dim"), (kind, "text"), (text, "text")], ("entry", place), right=right)


def entry_text(entry: TimelineEntry, zone: ZoneInfo) -> str:
    """Return an entry in full, to read or copy."""
    clock = f" {entry.at.astimezone(zone):%H:%M}" if entry.at is not None else ""
    amount = f"   {formats.money(entry.amount_minor, entry.currency)}" if entry.amount_minor is not None else ""
    points = f"   +{entry.points} points" if entry.points is not None else ""
    by = f"   by {entry.who}" if entry.who else ""
    first = f"{formats.day_full(entry.on)}{clock}   {entry.kind}   {entry.source}{by}{amount}{points}"
    return "\n".join([first, "", entry.text, entry.detail]).rstrip()


def who(profile: CustomerProfile, width: int) -> list[Line]:
    """Return each field: value, the source it came from, and what the others say."""
    room = width - _LABEL - _FROM - 3
    value_room = min(34, room // 2)
    rows = [heading(f" {pad('field', _LABEL)}{pad('value', value_room)} {pad('from', _FROM)}others", "dim")]
    for field in profile.fields:
        rows.append(line(field_parts(field, _LABEL, value_room), ("field", field.field)))
    rows += [
        heading(""),
        heading(" = same  ~ alike  ! differs  - missing  (pin) set by hand", "dim"),
        heading(f" Rule: {profile.rule}", "dim"),
    ]
    return rows


def field_parts(field: ValueSource, label_room: int, value_room: int) -> list[Part]:
    """Return one field's parts; a list's cursor takes the cell at its left."""
    label: Part = (pad(field.label, label_room), "dim")
    if field.is_hidden:
        return [label, (HIDDEN, "dim")]
    value: Part = (
        (pad(clean(field.value), value_room) + " ", "text") if field.value else (" " * (value_room + 1), "dim")
    )
    differs = any(other.relation is Relation.DIFFERS for other in field.others)
    return [
        label,
        value,
        (pad(source_word(field), _FROM), "accent" if field.source == "pin" else "text"),
        (clean(other_words(field)), "soon" if differs else "dim"),
    ]


def deals(page: CustomerPage, around: Around) -> list[Line]:
    """Return open deals, then closed ones."""
    if not page.deals:
        return [heading(f" No deals with {clean(page.profile.name)} yet. n makes one", "dim")]
    return [_deal(deal, page, around) for deal in page.deals]


def _deal(deal: DealCard, page: CustomerPage, around: Around) -> Line:
    is_open = deal.outcome is Outcome.OPEN
    stage = page.stage_names.get(deal.stage, deal.stage) if is_open else deal.outcome.replace("_", " ")
    style = "text" if is_open else {"won": "good", "won_imported": "good"}.get(deal.outcome, "dim")
    parts: list[Part] = [(pad(show_deal(deal.id), 9), "text"), (pad(stage, 13), style)]
    parts += [(pad(clean(deal.what), max(around.width - 66, 12)) + " ", "text"), (pad(deal.owner, 11), "dim")]
    if deal.late_working_days:
        parts.append((f"! {deal.late_working_days}d late ", "late"))
    parts.append((clean(deal.next_step) if is_open else "", "dim"))
    return line(parts, ("deal", deal.id), right=[(formats.money(deal.amount_minor, deal.currency), "amount")])


def people(page: CustomerPage, around: Around) -> list[Line]:
    """Return the people of an account, the first one marked; of an individual, who else lives there."""
    profile = page.profile
    if not profile.is_corporate:
        return _household(page, around)
    if not profile.people:
        return [heading(f" Nobody is known at {clean(profile.name)} yet. n adds somebody", "dim")]
    rows: list[Line] = []
    position = max(cells(clean(person.position)) for person in profile.people)
    position = min(position + 2, 18) if position else 0
    for person in profile.people:
        parts: list[Part] = [
            (pad(clean(person.name), 22) + " ", "text"),
            (pad(clean(person.position), position), "dim"),
        ]
        parts += [(pad(clean(person.phone), 16) + " ", "text"), (clean(person.email), "text")]
        parts.append(("   first" if person.is_primary else "", "accent"))
        parts.append(("   do not contact" if person.do_not_contact else "", "soon"))
        rows.append(line(parts, ("person", person.id)))
    return rows


def _household(page: CustomerPage, around: Around) -> list[Line]:
    name = clean(page.profile.name)
    if not page.household:
        return [heading(f" {name} is an individual; nobody else is known in the household", "dim")]
    rows = [heading(f" HOUSEHOLD of {name}: each a customer of their own")]
    for mate in page.household:
        parts: list[Part] = [(pad(show_customer(mate.id), 9), "text"), (pad(clean(mate.name), 26) + " ", "text")]
        rows.append(line([*parts, (", ".join(mate.why), "dim")], ("housemate", mate.id), right=[(mate.owner, "dim")]))
    return rows


def sources(page: CustomerPage, around: Around) -> list[Line]:
    """Return the source rows as they came, how purchases belong here, and who was merged into this customer."""
    profile = page.profile
    rows: list[Line] = [_merged(found, around) for found in page.merged]
    rows += [heading("")] if rows else []
    if not profile.sources and not profile.owned:
        rows.append(heading(f" {clean(profile.name)} was entered here; no source has a row of them", "dim"))
    for row in profile.sources:
        rows.append(
            line(
                [(f"{row.source}  {clean(row.key)}", "heading"), (f"  {source_facts(row)}", "dim")], ("source", row.id)
            )
        )
        label = min(24, max((cells(clean(name)) for name, _ in row.cells), default=0))
        for place, (name, cell) in enumerate(row.cells):
            parts: list[Part] = [
                (f"     {pad(clean(name), label)}  ", "dim"),
                (clean(cell) or "-", "text" if cell else "dim"),
            ]
            rows.append(line(parts, ("cell", (row.id, place))))
        rows.append(heading(""))
    for found in profile.owned:
        told = f"{found.source}  {formats.counted(found.rows, 'row')}"
        by = f"  by {clean(found.owner)} id {clean(found.owner_key)}"
        rows.append(line([(told, "heading"), (by, "dim")], ("owned", (found.source, found.owner_key))))
    return rows


def _merged(found: Merged, around: Around) -> Line:
    day = formats.on_day(found.merged_at.astimezone(around.zone).date(), around.today)
    parts: list[Part] = [
        (f"{show_customer(found.gone_id)}  {clean(found.name)}", "heading"),
        (f"  merged into this one {day} by {clean(found.merged_by)}", "dim"),
    ]
    return line(parts, ("merged", found.gone_id))


def detail(page: CustomerPage, entries: Sequence[TimelineEntry], kind: str, value: object) -> str:
    """Return what a row says in full where the row itself may be cut; "" for most."""
    if kind == "entry" and isinstance(value, int) and value < len(entries):
        entry = entries[value]
        return f" {entry.text}" + (f" · {entry.detail}" if entry.detail else "")
    if (item := page.orders.find(kind, value)) is not None:
        return " " + " · ".join(" ".join(row.split()) for row in text_of(item).splitlines()[1:] if row.strip())
    field = next((one for one in page.profile.fields if kind == "field" and one.field == value), None)
    if field is None:
        return ""
    told = f"   {other_words(field)}" if field.others else ""
    rule = "pinned by hand" if field.source == "pin" else policy_of(field.field) if field.others else ""
    shown = f" {field.label}: {HIDDEN if field.is_hidden else field.value or 'empty'}{told}"
    return f"{shown}   rule: {rule}" if rule and not field.is_hidden else shown


def source_facts(row: SourceRow) -> str:
    """Return why a row belongs to the customer and where it came from."""
    why = f"{row.rule}: {clean(row.evidence)}" if row.evidence and row.evidence != row.rule else row.rule
    gone = "  missing in the newest file" if row.is_absent else ""
    return f"{clean(row.file)} line {row.line}  {why}  import {row.run_id}{gone}"


def source_text(row: SourceRow) -> str:
    """Return a source row as text, to read or copy."""
    cells_ = [f"{name}: {cell}" for name, cell in row.cells]
    return "\n".join([f"{row.source}:{row.key}  {source_facts(row)}", "", *cells_])
