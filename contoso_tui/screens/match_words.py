"""Match review in words: the incoming record beside its candidates, for and against, and what joining does. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from contoso_tui import formats
from contoso_tui.screens.match_page import Page
from contoso_tui.text import cells, clean, pad, wrap
from contoso_tui.widgets.list_view import Line, heading, line
from contoso_tui.widgets.rows import Part
from contoso_tui.widgets.text_block import BLANK, RULE, text_line
from models import ids
from models.customers.records import Relation
from models.merging.records import MergePlan
from models.review.origins import Origin
from models.review.records import Candidate, Case, CaseRow, Compared, Side, chance_of
from models.words import counted

TITLES = {"con": "Contacts", "loy": "Loyalty"}
_LABEL = 8
_SIGNS = {Relation.SAME: "=", Relation.ALIKE: "~", Relation.DIFFERS: "x", Relation.MISSING: "-"}
_STYLES = {"=": "good", "~": "text", "x": "late", "-": "dim"}
_HEAD, _BAR = 11, 12
_INCOMING, _WITH_NOTES = 29, 110
# Below this a chance is weak, above it strong; between them it takes a look.
_STRONG, _WEAK = 0.95, 0.5
# So many of the last answers stand below the queue.
_TOLD = 6


def queue_row(case: CaseRow) -> Line:
    """Return one incoming record of the queue."""
    more = " later" if case.is_later else f" {case.pairs}" if case.pairs > 1 else ""
    parts: list[Part] = [(f"{shown_chance(chance_of(case.bits))} ", "dim"), (clean(case.name), "text")]
    return line(parts, case.record_id, right=more)


def queue_rows(cases: Sequence[CaseRow], text: str) -> list[Line]:
    """Return the incoming records whose name contains a text."""
    wanted = text.casefold()
    return [queue_row(case) for case in cases if wanted in case.name.casefold()]


def shown_candidates(width: int) -> int:
    """Return how many candidates stand beside the incoming record."""
    return 3 if width >= _WITH_NOTES else 2


def table(case: Case, place: int, width: int) -> list[Line]:
    """Return the incoming record and the candidates around the chosen one, a field a row."""
    most = max(1, min(shown_candidates(width), len(case.candidates)))
    first = max(0, min(place - most + 1, len(case.candidates) - most))
    columns = list(enumerate(case.candidates))[first : first + most]
    # Few candidates leave room, of which the record takes its share: what is compared must be read, not guessed.
    room = (width - max(_INCOMING, width // (most + 1))) // most - 1
    left = width - most * (room + 1)

    def row(text: str, cells_: Sequence[Sequence[Part]], style: str = "text") -> Line:
        parts: list[Part] = [(" " + pad(clean(text), left - 2) + " ", style)]
        for cell in cells_:
            parts += [("│", "line"), *_fill(cell, room)]
        return Line(tuple(parts), None, (), is_heading=True)

    incoming = case.incoming
    title = f"{TITLES.get(incoming.source, incoming.source)} row {incoming.key}"
    rows = [
        row(title, [_name(candidate, at, at == place, room) for at, candidate in columns], "heading"),
        row(f"import {case.run_id}", [[(_customer(one.side, room), "dim")] for _, one in columns], "dim"),
        RULE,
    ]
    labels: dict[str, str] = {}
    for _, candidate in columns:
        labels |= {field.field: field.label for field in candidate.fields}
    for name, label in labels.items():
        found = [next((f for f in one.fields if f.field == name), None) for _, one in columns]
        mine = next((_shown(field, field.left) or "none" for field in found if field is not None), "")
        mine = "rare values, chance" if name == "context" else mine
        rows.append(row(f"{pad(label, _LABEL)} {mine}", [_value(field, room) for field in found]))
        notes = [field.note if field is not None else "" for field in found]
        if width >= _WITH_NOTES and any(notes) and name != "context":
            rows.append(row("", [[(pad(f"  {clean(note)}", room), "dim")] for note in notes]))
    brings = ", ".join(f"{text} {label}" if label == "points" else f"{label} {text}" for label, text in case.brings)
    rows += [row(f"{pad('brings', _LABEL)} {brings}", [[] for _ in columns])] if brings else []
    return [*rows, row("sum", [_sum(one, room) for _, one in columns]), RULE]


def _fill(parts: Sequence[Part], room: int) -> list[Part]:
    size = sum(cells(text) for text, _ in parts)
    return [*parts, (" " * max(0, room - size), "text")]


def _name(candidate: Candidate, at: int, is_chosen: bool, room: int) -> list[Part]:
    edge: Part = (f"▌{at + 1} ", "accent") if is_chosen else (f" {at + 1} ", "key")
    name = pad(clean(candidate.side.name), max(4, room - 9))
    return [edge, (name, "heading"), (f" {shown_chance(candidate.chance)} ", "amount")]


def _customer(side: Side, room: int) -> str:
    parts = [ids.show_customer(side.customer_id), " + ".join(side.sources), side.owner or "no rep"]
    return pad(clean(" " + " · ".join(part for part in parts if part)), room)


def _value(field: Compared | None, room: int) -> list[Part]:
    if field is None:
        return [("- none", "dim")]
    sign = _SIGNS[field.relation]
    worth = f"{field.bits:+.0f}" if field.bits is not None else ""
    text = "" if field.field == "context" else _shown(field, field.right) or "none"
    if field.relation is Relation.SAME and not field.is_hidden:
        text = "same"
    return [(f"{sign} ", _STYLES[sign]), (pad(clean(text), max(3, room - 7)), "text"), (f"{worth:>4} ", "amount")]


def _shown(field: Compared, value: str) -> str:
    return "hidden" if field.is_hidden else value


def _sum(candidate: Candidate, room: int) -> list[Part]:
    worth = [field.bits for field in candidate.fields if field.bits is not None]
    told = f"{sum(bits for bits in worth if bits > 0):.0f} for, {-sum(bits for bits in worth if bits < 0):.0f} against"
    return [
        ("  ", "text"),
        (pad(told if worth else "", max(3, room - 7)), "dim"),
        (f"{candidate.bits:>+4.0f} ", "amount"),
    ]


def reasons(candidate: Candidate) -> tuple[str, str]:
    """Return what speaks for one customer and what against, in words; "nothing" where nothing does."""
    pro: list[str] = []
    con: list[str] = []
    for field in candidate.fields:
        if field.field == "context" or field.relation is Relation.MISSING:
            continue
        is_for = field.bits > 0 if field.bits is not None else field.relation is not Relation.DIFFERS
        word = {Relation.SAME: "same", Relation.ALIKE: "alike", Relation.DIFFERS: "other"}[field.relation]
        name = "birth date" if field.field == "birth_date" else field.label
        text = f"{word} {name}" if word != "alike" else f"{name} alike"
        (pro if is_for else con).append(f"{text} ({field.note})" if field.note else text)
    return "; ".join(pro) or "nothing", "; ".join(con) or "nothing"


def answers(page: Page | None, chosen: Candidate | None) -> dict[str, str]:
    """Return the words of the keys that decide: of a changed row is asked whether it stays with its customer."""
    if page is None or chosen is None or not page.case.is_with(chosen):
        return {"item.open": "link"}
    return {"item.open": "stays", "match.never": "take off"}


def effect(plan: MergePlan) -> str:
    """Return what joining does, before anybody decides."""
    if plan.refusal:
        return plan.refusal
    kept = f"{ids.show_customer(plan.kept_id)} {plan.kept}"
    moved, gone = ", ".join(one.text for one in plan.moves), ids.show_customer(plan.gone_id)
    made = [f"{moved} of {gone} join {kept}" if moved else f"{gone} goes into {kept}"]
    made += [f"fills {', '.join(f'{fill.label} {fill.after}' for fill in plan.fills)}"] if plan.fills else []
    made += [f"{one.label} {one.before} becomes {one.after}" for one in plan.changes if one.before]
    made += [f"{one.label} stays {one.kept}, not {one.other}" for one in plan.conflicts]
    made += [question.text for question in plan.questions]
    return "; ".join(made).rstrip("?.") + ("?" if plan.questions else ".") + " The rows are kept as they came."


def history(side: Side, origin: Origin) -> str:
    """Return what began a customer, and what joined it when and why."""
    told = [f"{side.customer} was entered by hand on {formats.day_full(origin.created_on)}"] if origin.is_typed else []
    shown = ids.show_customer(side.customer_id)
    for at, one in enumerate(origin.records):
        how = {
            "first": "came with a merge" if at else f"began {shown}",
            "declared": f"joined by {one.evidence}",
            "match": f"joined as {one.evidence} agree" if one.evidence else "joined by likeness",
            "company": "joined by company",
            "split": "was split off",
        }.get(one.rule, "joined")
        told.append(f"{one.source} {one.key} {how}" + (f" in import {one.run_id}" if one.run_id else ""))
    told += [f"{origin.more} more rows"] if origin.more else []
    told += [f"{source} {counted(rows, 'row')} by key" for source, rows in origin.owned]
    return "; ".join(told)


LEGEND = "= same   ~ alike   x differs   - missing   numbers are points for or against"


def below(case: Case, place: int, page: Page, alike: str, width: int) -> list[Line]:
    """Return for and against, the gap, what joining does, and what is alike; on a wide terminal history and legend."""
    plan = page.plans[case.candidates[place].pair_id]
    chosen = case.candidates[place]
    pro, con = reasons(chosen)
    rest = [one.chance for one in case.candidates if one is not chosen]
    gap = f"{chosen.chance - max(rest):+.2f} to the next candidate" if rest else "no other candidate"
    strength = "strong" if chosen.chance >= _STRONG else "weak" if chosen.chance < _WEAK else "doubtful"
    told = [
        (f"For {place + 1}", pro),
        (f"Against {place + 1}", con),
        ("Gap", f"{gap}; {strength}, {chosen.bits:+.1f} bits"),
        ("If kept" if case.is_with(chosen) else "If linked", effect(plan)),
    ]
    told += [("History", history(chosen.side, page.origins[chosen.pair_id]))] if width >= _WITH_NOTES else []
    rows: list[Line] = []
    for label, text in told:
        for at, piece in enumerate(wrap(clean(text), max(20, width - _HEAD - 2))):
            rows.append(heading([(f" {pad(label if not at else '', _HEAD)}", "dim"), (piece, "text")]))
    if alike:
        rows.append(heading([(f" {pad('Alike', _HEAD)}", "dim"), (alike, "soon")]))
    if width >= _WITH_NOTES:
        rows += [BLANK, heading([(f" {pad('Legend', _HEAD)}{LEGEND}", "dim")])]
    return rows


class Answer(NamedTuple):
    """What was decided about an incoming record; `word` is linked, new, never or later."""

    pair_ids: tuple[int, ...]
    name: str
    bits: float
    word: str


def answer_of(case: Case, pair_ids: Sequence[int], word: str) -> Answer:
    """Return an answer to a case; the first of the pairs is one of its own."""
    bits = next(one.bits for one in case.candidates if one.pair_id == pair_ids[0])
    return Answer(tuple(pair_ids), case.incoming.name, bits, word)


def count_answers(answers: Sequence[Answer]) -> dict[str, int]:
    """Return how many answers there were of each kind; a new customer is one, whoever it might have been."""
    made = dict.fromkeys(("linked", "new", "later", "never"), 0)
    for one in answers:
        made[one.word] += 1 if one.word == "new" else len(one.pair_ids)
    return made


def decided_rows(answers: Sequence[Answer]) -> list[Line]:
    """Return the last answers that took a record off the queue, below it."""
    rows = []
    for one in [one for one in answers if one.word != "later"][-_TOLD:]:
        more = f" +{len(one.pair_ids) - 1}" if one.word != "new" and len(one.pair_ids) > 1 else ""
        likely = f" {shown_chance(chance_of(one.bits))} "
        rows.append(text_line([(likely, "dim"), (clean(one.name), "dim")], f"  {one.word}{more}"))
    return [RULE, *rows] if rows else []


def shown_chance(chance: float) -> str:
    """Return how likely both are one; what waits for a person is never certain."""
    return f"{min(max(chance, 0.01), 0.99):.2f}"


def alike_words(count: int, key: str) -> str:
    """Return how many more pairs relate in the same way and which key answers all, "" for none."""
    return f"{count} more relate{'s' if count == 1 else ''} in the same way; {key} takes all" if count else ""


def progress(done: Mapping[str, int], left: int, width: int) -> str:
    """Return how far one is: answers by kind, and on a wide terminal a bar; what is for later is left, not done."""
    count = sum(number for word, number in done.items() if word != "later")
    said = "  ".join(f"{number} {word}" for word, number in done.items() if number)
    bar = "█" * (_BAR * count // max(1, count + left))
    return f"{said}  {pad(bar, _BAR, 'left') if width >= _WITH_NOTES else ''} {count}/{count + left}" if said else ""
