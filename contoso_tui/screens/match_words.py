"""Match review in words: the incoming record beside its candidates, for and against, and what joining does. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from contoso_tui.text import cells, clean, pad, wrap
from contoso_tui.widgets.list_view import Line, heading, line
from contoso_tui.widgets.rows import Part
from contoso_tui.widgets.text_block import RULE
from models import ids
from models.customers.records import Relation
from models.merging.records import MergePlan
from models.review.records import Candidate, Case, CaseRow, Compared, Side, chance_of

TITLES = {"con": "Contacts", "loy": "Loyalty"}
_LABEL = 8
_SIGNS = {Relation.SAME: "=", Relation.ALIKE: "~", Relation.DIFFERS: "x", Relation.MISSING: "-"}
_STYLES = {"=": "good", "~": "text", "x": "late", "-": "dim"}
_HEAD, _BAR = 11, 12
_INCOMING, _WITH_NOTES = 29, 110
# Below this a chance is weak, above it strong; between them it takes a look.
_STRONG, _WEAK = 0.95, 0.5


def queue_row(case: CaseRow) -> Line:
    """Return one incoming record of the queue."""
    more = " later" if case.is_later else f" {case.pairs}" if case.pairs > 1 else ""
    parts: list[Part] = [(f"{chance_of(case.bits):.2f} ", "dim"), (clean(case.name), "text")]
    return line(parts, case.record_id, right=more)


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
    return [edge, (name, "heading"), (f" {candidate.chance:.2f} ", "amount")]


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


def effect(plan: MergePlan) -> str:
    """Return what joining does, before anybody decides."""
    if plan.refusal:
        return plan.refusal
    kept = f"{ids.show_customer(plan.kept_id)} {plan.kept}"
    moved = ", ".join(one.text for one in plan.moves)
    made = [f"{moved or 'nothing else'} of {ids.show_customer(plan.gone_id)} join {kept}"]
    made += [f"fills {', '.join(f'{fill.label} {fill.after}' for fill in plan.fills)}"] if plan.fills else []
    made += [f"{one.label} {one.before} becomes {one.after}" for one in plan.changes if one.before]
    made += [f"{one.label} stays {one.kept}, not {one.other}" for one in plan.conflicts]
    made += [question.text for question in plan.questions]
    return "; ".join(made).rstrip("?.") + ("?" if plan.questions else ".") + " The rows are kept as they came."


def below(case: Case, place: int, plan: MergePlan, alike: str, width: int) -> list[Line]:
    """Return for and against, the gap, what joining does, and what is alike."""
    chosen = case.candidates[place]
    pro, con = reasons(chosen)
    rest = [one.chance for one in case.candidates if one is not chosen]
    gap = f"{chosen.chance - max(rest):+.2f} to the next candidate" if rest else "no other candidate"
    strength = "strong" if chosen.chance >= _STRONG else "weak" if chosen.chance < _WEAK else "doubtful"
    told = [
        (f"For {place + 1}", pro),
        (f"Against {place + 1}", con),
        ("Gap", f"{gap}; {strength}, {chosen.bits:+.1f} bits"),
        ("If linked", effect(plan)),
    ]
    rows: list[Line] = []
    for label, text in told:
        for at, piece in enumerate(wrap(clean(text), max(20, width - _HEAD - 2))):
            rows.append(heading([(f" {pad(label if not at else '', _HEAD)}", "dim"), (piece, "text")]))
    if alike:
        rows.append(heading([(f" {pad('Alike', _HEAD)}", "dim"), (alike, "soon")]))
    return rows


def alike_words(count: int, key: str) -> str:
    """Return how many more pairs relate in the same way and which key answers all, "" for none."""
    return f"{count} more relate{'s' if count == 1 else ''} in the same way; {key} takes all" if count else ""


def progress(done: Mapping[str, int], left: int, width: int) -> str:
    """Return how far one is: answers by kind, and on a wide terminal a bar; what is for later is left, not done."""
    count = sum(number for word, number in done.items() if word != "later")
    said = "  ".join(f"{number} {word}" for word, number in done.items() if number)
    bar = "█" * (_BAR * count // max(1, count + left))
    return f"{said}  {pad(bar, _BAR, 'left') if width >= _WITH_NOTES else ''} {count}/{count + left}" if said else ""
