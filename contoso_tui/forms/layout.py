"""How a form looks: its lines for a width, with the caret and the place of every field; pure."""

from __future__ import annotations

from dataclasses import dataclass

from contoso_tui.forms.fields import FormField, exact, note
from contoso_tui.forms.state import FormState
from contoso_tui.text import cells, clean, cut, pad, wrap

Part = tuple[str, str]
_WIDTHS = {"date": 14, "time": 7, "money": 14, "integer": 8, "percent": 8, "duration": 8, "person": 20}
_LONG_LINES = 3
_MIN_TEXT_CELLS = 16
_LABEL_CELLS = 22
_YES_NO_CELLS = len("( ) yes  ( ) no")
_OFFERS_SHOWN = 6
_OFFER_LABEL_CELLS = 40


@dataclass(frozen=True, slots=True)
class FormLine:
    """One line; `owner` is the field it belongs to, `offer` the place of the choice it shows in the field's list."""

    parts: tuple[Part, ...]
    owner: str = ""
    offer: int = -1


def lay_out(state: FormState, width: int) -> list[FormLine]:
    """Return all lines of a form for `width` cells."""
    form = state.form
    lines = [FormLine(((f" {row}", "text"),)) for text in form.intro for row in wrap(clean(text), width - 2)]
    if form.intro:
        lines.append(FormLine(()))
    raw = state.raw
    asked = [item for item in form.fields if item.is_shown(raw)]
    has_marks = any(item.mark for item in asked)
    columns = _label_columns(state, width)
    for item in asked:
        lines += _field(state, item, width, columns, has_marks=has_marks)
        indent = " " * _indent(columns[0], has_marks=has_marks)
        if state.field is item:
            lines += _offers(state, item, width, indent)
        if item.name in state.errors:
            room = width - cells(indent)
            error_rows = wrap(clean(state.errors[item.name]), room - 2)
            signs = ("! ", *["  "] * (len(error_rows) - 1))
            lines += [
                FormLine(((f"{indent}{sign}{row}", "error"),), item.name)
                for sign, row in zip(signs, error_rows, strict=True)
            ]
    if "" in state.errors:
        lines += [FormLine(((f" ! {row}", "error"),)) for row in wrap(clean(state.errors[""]), width - 4)]
    live = form.live(raw) if form.live is not None else ()
    below = [row for text in (*live, *form.foot) for row in wrap(clean(text), width - 2)]
    if below:
        lines.append(FormLine(()))
        lines += [FormLine(((f" {row}", "dim"),)) for row in below]
    missing = state.missing()
    lines.append(FormLine(((cut(f" * still needed: {', '.join(missing)}", width), "soon"),) if missing else ()))
    return lines


def buttons(state: FormState) -> tuple[Part, ...]:
    """Return the buttons of the foot, the one with the cursor marked and reversed."""
    names = {"save": state.form.save_label, "cancel": state.form.cancel_label}
    order = ("cancel", "save") if state.form.is_guarded else ("save", "cancel")
    parts: list[Part] = []
    for name in order:
        chosen = state.button == name
        parts.append((f"{'▌' if chosen else ''}[ {clean(names[name])} ]", "caret" if chosen else "text"))
        parts.append(("  ", "line"))
    return tuple(parts[:-1])


def _label_columns(state: FormState, width: int) -> tuple[int, int]:
    """Return the width of labels, and of those that are questions to be answered with yes or no."""
    sizes = [(cells(_label(state, item)), item.kind) for item in state.form.fields]
    short = max((size for size, _ in sizes if size <= _LABEL_CELLS), default=8)
    question = max((size for size, kind in sizes if kind == "yes_no"), default=0)
    return short, min(max(short, question), width - _YES_NO_CELLS - 4)


def _label(state: FormState, item: FormField) -> str:
    return clean(item.label) + (" *" if item.is_required(state.raw) else "")


def _indent(label_width: int, *, has_marks: bool) -> int:
    return 1 + (2 if has_marks else 0) + label_width + 1


def _field(
    state: FormState, item: FormField, width: int, columns: tuple[int, int], *, has_marks: bool
) -> list[FormLine]:
    active = state.field is item
    label = _label(state, item)
    column = columns[1] if item.kind == "yes_no" else columns[0]
    edge: Part = ("▌" if active else " ", "accent")
    head: list[Part] = [edge]
    if has_marks:
        head.append((f"{item.mark or ' '} ", {"x": "late", "=": "good"}.get(item.mark, "text")))
    style = "heading" if active else "text"
    indent = _indent(column, has_marks=has_marks)
    drawn = _body(state, item, width - indent - 1, active=active)
    body = [FormLine((edge, (" " * (indent - 1), "text"), *parts), item.name) for parts in drawn]
    if cells(label) > column:
        # A long label has a line of its own; a question that is still too long is cut there.
        return [FormLine((*head, (cut(label, width - 4), style)), item.name), *body]
    first = (*head, (pad(label, column), style), (" ", "text"), *drawn[0])
    return [FormLine(first, item.name), *body[1:]]


def _body(state: FormState, item: FormField, room: int, *, active: bool) -> list[tuple[Part, ...]]:
    typed = state.text(item.name)
    if item.kind == "readonly":
        rows = wrap(clean(typed), room) or [""]
        first: tuple[Part, ...] = ((rows[0], "text"),)
        if item.help:
            first = (*first, (f"  {clean(item.help)}", "dim"))
        return [first, *(((row, "text"),) for row in rows[1:])]
    if item.kind in ("choice", "yes_no"):
        return _choices(item, typed, room, active=active)
    caret = state.buffer.cursor if active and state.is_typing and state.buffer is not None else None
    if item.kind == "long":
        return _long(typed, item, room, caret)
    # What a list below the field shows needs no note beside it.
    beside = "" if active and state.offers else clean(note(item, typed, state.today))
    # A text keeps its width when its help goes.
    free = room - 4 - (cells(clean(item.help)) + 2 if item.help and item.kind == "text" else 0)
    wanted = item.width or _WIDTHS.get(item.kind, max(_MIN_TEXT_CELLS, free))
    size = max(4, min(wanted, room - 4))
    is_selected = caret is not None and state.is_selected
    shown = _filled(clean(typed), size, "caret") if is_selected else _text(typed, size, caret)
    drawn: tuple[Part, ...] = (("[ ", "line"), *shown, (" ]", "line"))
    if not beside:
        return [drawn]
    if cells(beside) <= room - size - 6:
        return [(*drawn, (f"  {beside}", "dim"))]
    return [drawn, *(((f"  {row}", "dim"),) for row in wrap(beside, room - 2))]


def _offers(state: FormState, item: FormField, width: int, indent: str) -> list[FormLine]:
    """Return what matches a person or product being typed, the marked one reversed."""
    found, place = state.offers, state.offered_place
    room = width - cells(indent) - 1
    edge: Part = ("▌", "accent")
    if not found:
        if item.kind != "person" or not state.is_typing or exact(item, state.text(item.name)) is not None:
            return []
        return [FormLine((edge, (f"{indent[1:]}nothing is called that; down shows all", "dim")), item.name)]
    first = max(0, min(place - _OFFERS_SHOWN + 1, len(found) - _OFFERS_SHOWN))
    shown = found[first : first + _OFFERS_SHOWN]
    widest = min(max(cells(clean(choice.label)) for choice in shown), _OFFER_LABEL_CELLS, room)
    lines: list[FormLine] = []
    for at, choice in enumerate(shown, first):
        label, note_ = pad(clean(choice.label), widest), cut(clean(choice.note), room - widest - 3)
        parts: tuple[Part, ...] = ((f" {label}", "text"), (f"  {note_}", "dim"))
        if at == place:
            parts = ((f" {label}  {note_}", "caret"),)
        lines.append(FormLine((edge, (indent[1:-1], "text"), *parts), item.name, at))
    hidden = len(found) - len(shown)
    if hidden:
        lines.append(FormLine((edge, (f"{indent[1:]}and {hidden} more: type part of the name", "dim")), item.name))
    return lines


def _text(typed: str, size: int, caret: int | None) -> list[Part]:
    """Return one line of exactly `size` cells that shows the caret; a long text is shown around it."""
    if caret is None:
        return _filled(clean(typed), size)
    start = 0
    # One cell stays free for a caret behind the last letter.
    while start < caret and cells(typed[start:caret]) > size - 1:
        start += 1
    before = typed[start:caret]
    under = typed[caret : caret + 1] or "_"
    rest = size - cells(before) - cells(under)
    after = cut(typed[caret + 1 :], max(0, rest))
    fill = "_" * max(0, rest - cells(after))
    parts: list[Part] = [(before, "field"), (under, "caret"), (after, "field"), (fill, "line")]
    return [part for part in parts if part[0]]


def _filled(text: str, size: int, style: str = "field") -> list[Part]:
    shown = cut(text, size)
    return [(shown, style), ("_" * (size - cells(shown)), "line")]


def _long(typed: str, item: FormField, room: int, caret: int | None) -> list[tuple[Part, ...]]:
    size = room - 4
    spans = wrapped_spans(typed, size)
    shown = max(_LONG_LINES if item.lines == 1 else item.lines, 1)
    at = len(spans) - 1
    if caret is not None:
        at = next((i for i, (start, end) in enumerate(spans) if start <= caret <= end), at)
    first = max(0, min(at - shown + 1, len(spans) - shown)) if caret is not None else 0
    rows: list[tuple[Part, ...]] = []
    for index in range(first, first + shown):
        if index >= len(spans):
            rows.append((("  ", "line"), ("_" * size, "line")))
            continue
        start, end = spans[index]
        here = caret - start if caret is not None and index == at else None
        more = index == first + shown - 1 and index < len(spans) - 1
        opening = "[ " if index == 0 else "  "
        rows.append(((opening, "line"), *_text(typed[start:end], size, here), (" …" if more else "", "line")))
    if not rows[-1][-1][0].endswith("…"):
        rows[-1] = (*rows[-1], (" ]", "line"))
    return rows


def wrapped_spans(text: str, width: int) -> list[tuple[int, int]]:
    """Return start and end of the lines that a longer text takes; line breaks belong to none."""
    spans: list[tuple[int, int]] = []
    start = 0
    for line in text.split("\n"):
        place = 0
        while cells(line[place:]) > width - 1:
            end = place + _fitting(line[place:], width - 1)
            space = line.rfind(" ", place, end)
            end = space + 1 if space > place else end
            spans.append((start + place, start + end))
            place = end
        spans.append((start + place, start + len(line)))
        start += len(line) + 1
    return spans


def _fitting(text: str, width: int) -> int:
    used = 0
    for index, character in enumerate(text):
        used += cells(character)
        if used > width:
            return max(1, index)
    return len(text)


def _choices(item: FormField, chosen: str, room: int, *, active: bool) -> list[tuple[Part, ...]]:
    options = (
        [("yes", "yes"), ("no", "no")]
        if item.kind == "yes_no"
        else [(choice.value, clean(choice.label)) for choice in item.choices]
    )
    texts = [(f"({'*' if value == chosen else ' '}) {label}", value == chosen) for value, label in options]
    widest = max((cells(text) for text, _ in texts), default=0)
    in_columns = sum(cells(text) + 2 for text, _ in texts) - 2 > room
    rows: list[list[Part]] = [[]]
    used = 0
    if item.kind == "choice" and any(choice.note for choice in item.choices):
        return [
            (
                (pad(text, min(widest, room)), "accent" if is_chosen and active else "amount" if is_chosen else "text"),
                (f"  {cut(clean(choice.note), room - widest - 2)}", "dim"),
            )
            for choice, (text, is_chosen) in zip(item.choices, texts, strict=True)
        ]
    for text, is_chosen in texts:
        size = widest if in_columns else cells(text)
        if used and used + size > room:
            rows.append([])
            used = 0
        style = "accent" if is_chosen and active else "amount" if is_chosen else "text"
        rows[-1] += [(pad(text, min(size, room)), style), ("  ", "text")]
        used += size + 2
    if item.help and used + cells(item.help) <= room:
        rows[-1].append((clean(item.help), "dim"))
    return [tuple(row) for row in rows]
