"""The buying centre, ideas and assessments of a deal as lines: for the deal's tabs, its panel, the preview. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from contoso_tui import formats
from contoso_tui.text import cells, clean, cut, pad
from contoso_tui.widgets.list_view import Line, heading, line
from contoso_tui.widgets.rows import Part
from contoso_tui.widgets.text_block import text_line
from models.activities.ideas import Idea
from models.assessments.records import Assessment
from models.customers.records import Person
from models.deals.buying_centre import ATTITUDES, ROLES, DealPerson, picture

_STYLES = {1: "good", 0: "dim", -1: "late"}
_MOST_PREFIX = 15


def _tree_cells(width: int) -> int:
    return 34 if width >= 100 else 26


def tab(
    centre: Sequence[DealPerson], others: Sequence[Person], customer: str, width: int, today: dt.date, *, is_late: bool
) -> list[Line]:
    """Return tab 2: who influences whom as a tree, then those of the account who are not on the deal."""
    rows: list[Line] = []
    for branch in picture(centre):
        one = branch.person
        size = _tree_cells(width)
        prefix = cut(branch.prefix, _MOST_PREFIX)
        name = pad(prefix + clean(one.name), size - 1) + " "
        if branch.is_again:
            rows.append(heading([(f" {name}", "dim"), ("stands above: they influence each other", "dim")]))
            continue
        parts: list[Part] = [(name, "text"), (pad(ROLES[one.role], 11), "heading")]
        parts.append((f"influence {one.influence}  ", "text"))
        parts.append((pad(ATTITUDES[one.attitude], 3), _STYLES[one.attitude]))
        if one.last_touch is not None:
            parts.append((f"last {formats.day_short(one.last_touch.date(), today)}  ", "dim"))
        parts.append((clean(one.position), "dim"))
        rows.append(line(parts, ("centre", one.id)))
    if not centre:
        rows.append(heading(" Nobody is on this deal yet. n says who decides, pays, evaluates ...", "dim"))
    elif is_late and not any(one.role == "decision_maker" for one in centre):
        rows.append(heading(" No one decides: e on a person, or n, says who does", "soon"))
    there = {one.person_id for one in centre}
    left = [person for person in others if person.id not in there]
    if left:
        rows += [heading(""), heading(f" ALSO AT {clean(customer)}", "dim")]
    most = [
        min(max((cells(clean(getattr(person, name))) for person in left), default=0), limit)
        for name, limit in (("name", 21), ("position", 17), ("phone", 21))
    ]
    for person in left:
        texts = (person.name, person.position, person.phone)
        parts = [
            (pad(clean(text), size) + "  ", style)
            for text, size, style in zip(texts, most, ("text", "dim", "text"), strict=True)
            if size
        ]
        parts.append((clean(person.email), "text"))
        parts.append(("   do not contact" if person.do_not_contact else "", "soon"))
        rows.append(line(parts, ("person", person.id)))
    return rows


def people_lines(centre: Sequence[DealPerson], width: int, most: int) -> list[Line]:
    """Return the buying centre in short: name, position, what they do, attitude."""
    # Where nobody has a position, names take its room.
    name_cells, position_cells = max(12, width - 19), 0
    if any(one.position for one in centre[:most]):
        name_cells = max(12, min(20, (width - 18) // 2))
        position_cells = max(6, width - name_cells - 19)
    lines = []
    for one in centre[:most]:
        head = f" {pad(cut(clean(one.name), name_cells), name_cells)} {pad(clean(one.position), position_cells)} "
        parts: list[Part] = [(head, "text"), (pad(ROLES[one.role], 11), "text")]
        lines.append(text_line(parts, [(f"{ATTITUDES[one.attitude]} ", _STYLES[one.attitude])]))
    if len(centre) > most:
        lines.append(text_line(f" +{len(centre) - most} more", style="dim"))
    return lines


def idea_lines(ideas: Sequence[Idea], width: int, key: str) -> list[Line]:
    """Return what the stage suggests: what is done is ticked, the first open one has the key beside it."""
    first = next((idea for idea in ideas if not idea.is_done), None)
    lines = []
    for idea in ideas:
        lead = "x" if idea.is_done else key if idea is first else ""
        words = f" {pad(lead, 2)} {cut(clean(idea.name), width - 14)}"
        state = "planned" if idea.is_planned else idea.channel
        lines.append(text_line([(words, "dim" if idea.is_done else "text")], f"{state} "))
    return lines


def assessment_line(found: Sequence[Assessment], stage: str, stage_name: str, rule: str) -> str:
    """Say in one line what the assessment of the present stage, and of the one before, came to."""
    here = next((one for one in found if one.stage == stage), None)
    before = next((one for one in found if one.stage != stage), None)
    if here is not None:
        words = f"{stage_name}: {here.score} ({here.rule})"
        if here.result == "waits":
            words += f", waits for: {here.waits_for}"
        words += f", {here.flag}" if here.flag else ""
    else:
        words = f"{stage_name} stage: not done ({rule})" if rule else f"{stage_name} stage: none"
    return words + (f". {before.stage_name}: {before.score} ({before.rule})" if before is not None else "")


def assessment_rows(found: Sequence[Assessment], today: dt.date, zone: ZoneInfo) -> list[Line]:
    """Return every assessment for tab 4, newest first, with why it did or didn't move the deal."""
    rows = []
    for place, one in enumerate(found):
        when = formats.day_short(one.entered_at.astimezone(zone).date(), today)
        head = f"{one.stage_name} v{one.version}  {one.score} of {one.most}, {one.rule}"
        style = "good" if one.is_held else "soon"
        parts: list[Part] = [(f"{pad(head, 36)} ", style), (f"{result_words(one)}  ", "text"), (f"{when} ", "dim")]
        rows.append(line([*parts, (f"by {one.entered_by}", "dim")], ("assessment", place)))
        if one.flag:
            rows.append(heading([(f"   {one.flag}", "soon")]))
        if one.note:
            rows.append(heading([(f"   {clean(one.note)}", "dim")]))
    return rows


def result_words(one: Assessment) -> str:
    """Say what an assessment did."""
    return {
        "moved": "moved on",
        "waits": f"waits for: {one.waits_for}",
        "proposed": "proposed",
        "below": "stays",
        "knocked_out": "knocked out",
        "elsewhere": "scored only, the deal had moved",
    }[one.result]


def assessment_text(one: Assessment, zone: ZoneInfo) -> str:
    """Return one assessment whole, as plain text."""
    at = one.entered_at.astimezone(zone)
    lines = [f"{one.stage_name}, version {one.version}: {one.score} of {one.most} ({one.rule}), {result_words(one)}"]
    lines.append(f"{at:%a %d %b %Y %H:%M} by {one.entered_by}")
    lines += ["", *(f"{given.points:>3} / {given.most:<3} {given.question}  {given.answer}" for given in one.given)]
    return "\n".join([*lines, *(["", one.note] if one.note else [])])
