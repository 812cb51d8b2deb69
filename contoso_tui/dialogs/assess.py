"""The questionnaire of a deal's stage: one line a question, the score so far, and what finishing it would do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from textual import events

from contoso_tui import formats
from contoso_tui.dialogs.form import FormDialog, Submit
from contoso_tui.drafts import DraftKey
from contoso_tui.forms.fields import Choice, Form, FormField
from contoso_tui.forms.layout import FormLine, lay_out
from contoso_tui.keymap import KeyLabel
from contoso_tui.text import cells, clean, cut, pad, wrap
from contoso_tui.widgets.box import BoxLine
from contoso_tui.widgets.rows import Part
from models.assessments import scoring
from models.assessments.records import Assessment, Question, Questionnaire, Score
from models.deals.detail_records import DealDetail
from models.ids import show_deal

_NOTE = "note"
_WIDE_FROM = 96
_NUMBER_CELLS = 5


@dataclass(frozen=True, slots=True)
class Assessing:
    """What the form shows besides its answers."""

    deal: DealDetail
    form: Questionnaire
    target: str
    """Name of the stage that `>` leads to, "" where the deal can only be won."""
    waits_for: tuple[str, ...]
    """What the gate to it still asks for."""
    last: Assessment | None
    today: dt.date
    zone: ZoneInfo


def field_name(form: Questionnaire, question: Question) -> str:
    """Return the name of a question's field: an answer kept in a draft counts for its version alone."""
    return f"q{form.id}_{question.id}"


def choices_of(form: Questionnaire, raw: Mapping[str, Any]) -> dict[str, int]:
    """Return question id to the place of its answer, without open ones."""
    found = {}
    for question in form.questions:
        value = str(raw.get(field_name(form, question)) or "")
        if value.isdigit() and int(value) < len(question.answers):
            found[question.id] = int(value)
    return found


def assess_form(assessing: Assessing, draft: DraftKey) -> Form:
    """Return the form: a choice for each question, and a note."""
    deal, form = assessing.deal, assessing.form
    fields = [
        FormField(
            field_name(form, question),
            question.text,
            "choice",
            required=True,
            choices=tuple(Choice(str(place), answer.text) for place, answer in enumerate(question.answers)),
        )
        for question in form.questions
    ]
    amount = formats.money(deal.amount_minor, deal.currency)
    return Form(
        title=f"Assessment · {deal.stage.name} · {deal.customer} · {show_deal(deal.id)} · {amount}",
        fields=(*fields, FormField(_NOTE, "Note", "text")),
        save_label="Finish",
        cancel_label="Keep draft",
        draft=draft,
        help=("The number of an answer chooses it and goes on; y and n where it is yes or no.",),
    )


class AssessDialog(FormDialog):
    """Ends with what `submit` returned once the questionnaire is finished."""

    def __init__(self, assessing: Assessing, submit: Submit, draft: DraftKey) -> None:
        super().__init__(assess_form(assessing, draft), submit)
        self._about = assessing

    def form_lines(self) -> list[BoxLine]:
        """Return the lines of the box."""
        about, width = self._about, self.inner_width
        scored = scoring.score(about.form, choices_of(about.form, self.state.raw))
        rows: list[FormLine] = [FormLine(((f" {row}", "text"),)) for row in wrap(self._head(scored), width - 2)]
        rows += [FormLine(bar(about.form, scored, width - 4)), FormLine(())]
        for at, question in enumerate(about.form.questions, 1):
            rows += self._question(at, question)
        rows.append(FormLine(()))
        rows += [line for line in lay_out(self.state, width) if line.owner == _NOTE]
        rows.append(FormLine(()))
        for text, style in self._results(scored):
            rows += [FormLine(((f" {row}", style),)) for row in wrap(clean(text), width - 2)]
        self._laid = rows
        return [BoxLine(row.parts, owner=row.owner) for row in rows]

    def _head(self, scored: Score) -> str:
        form, about = self._about.form, self._about
        goal = f"moves to {about.target}" if about.target else "proposes to win"
        return f"Version {form.version}   {form.rule} {clean(goal)}   so far {scored.points} of {form.most}"

    def _question(self, at: int, question: Question) -> list[FormLine]:
        name = field_name(self._about.form, question)
        state, width = self.state, self.inner_width
        is_here = state.field is not None and state.field.name == name
        chosen = state.text(name)
        answers: list[Part] = []
        between = "   " if width >= _WIDE_FROM else "  "
        for place, answer in enumerate(question.answers):
            is_chosen = chosen == str(place)
            style = "accent" if is_chosen and is_here else "amount" if is_chosen else "text"
            answers += [
                (f"({'*' if is_chosen else ' '}) {clean(answer.text)} {answer.points}", style),
                (between, "text"),
            ]
        edge: Part = ("▌" if is_here else " ", "accent")
        label = clean(question.text) + ("" if chosen else " *")
        used = sum(cells(text) for text, _ in answers)
        room = self._label_cells()
        if room <= cells(label) and _NUMBER_CELLS + cells(label) + 1 + used <= width:
            room = cells(label) + 1
        if _NUMBER_CELLS + room + used > width:
            # A row of many answers begins further left than the others, before it takes a second line.
            room = max(width - _NUMBER_CELLS - used, cells(label) + 1)
        head: list[Part] = [
            edge,
            (f" {at:>2} ", "dim"),
            (pad(cut(label, room), room), "heading" if is_here else "text"),
        ]
        tail = self._tail(question, chosen)
        if _NUMBER_CELLS + room + used + len(tail) <= width:
            gap = " " * (width - _NUMBER_CELLS - room - used - len(tail))
            lines = [FormLine((*head, *answers, (gap + tail, "dim")), name)]
        else:
            first = (edge, (f" {at:>2} ", "dim"), (cut(label, width - _NUMBER_CELLS), "heading" if is_here else "text"))
            lines = [FormLine(first, name), FormLine((edge, (" " * (_NUMBER_CELLS + 1), "text"), *answers), name)]
        if name in state.errors:
            lines.append(FormLine(((f"      ! {clean(state.errors[name])}", "error"),), name))
        return lines

    def _label_cells(self) -> int:
        longest = max(cells(clean(question.text)) for question in self._about.form.questions) + 3
        return min(longest, self.inner_width // 2)

    def _tail(self, question: Question, chosen: str) -> str:
        """Return the points of a question, and those of the last time, where there is room for them."""
        if self.inner_width < _WIDE_FROM:
            return ""
        points = question.answers[int(chosen)].points if chosen.isdigit() else 0
        words = f"{points:>3} / {question.most:<3}"
        last = self._about.last
        if last is not None and last.version == self._about.form.version and question.id in last.choices:
            words += f"  last {question.answers[last.choices[question.id]].points:>3}"
        return words + " "

    def _results(self, scored: Score) -> list[tuple[str, str]]:
        about, form = self._about, self._about.form
        stage = about.deal.stage.name
        found: list[tuple[str, str]] = []
        if scored.open:
            worst = scored.points + sum(
                min(answer.points for answer in question.answers)
                for question in form.questions
                if question.id in scored.open
            )
            numbers = scoring.numbers(form, scored.open)
            found.append((f"Open: {numbers}.  Best still possible {scored.best}, worst {worst}.", "text"))
        knocking = tuple(question.id for question in form.questions if question.is_knock_out)
        if scored.knock_outs:
            numbers = scoring.numbers(form, scored.knock_outs)
            found.append((f"Knock-out: the answer to {numbers} keeps the deal in {stage}.", "late"))
        elif knocking:
            found.append(
                (f"Knock-out: a wrong answer to {scoring.numbers(form, knocking)} keeps it in {stage}.", "dim")
            )
        found.append(self._goal(scored))
        last = about.last
        if last is not None:
            when = formats.day_short(last.entered_at.astimezone(about.zone).date(), about.today)
            words = f"Last time: {last.score} on {when} by {last.entered_by} (version {last.version})."
            found.append((words + " A lower score never moves a deal back; it shows a flag.", "dim"))
        return found

    def _goal(self, scored: Score) -> tuple[str, str]:
        about = self._about
        if not scored.open and not scored.is_held:
            return f"Finished now it stays in {about.deal.stage.name}: the rule is {about.form.rule}.", "soon"
        verb = "can move" if about.form.is_proposing else "moves"
        goal = f"it {verb} to {about.target}" if about.target else "it can be won; the won dialog does that"
        gate = f"waits for: {', '.join(about.waits_for)}" if about.waits_for else "ok"
        lead = "Finished now" if scored.is_held else f"With {about.form.rule}"
        return f"{lead} {goal}.  Gate: {gate}.", "soon" if about.waits_for else "good" if scored.is_held else "text"

    # ---- keys

    def typed(self, event: events.Key) -> bool:
        """Take the number of an answer, which goes on to the next question."""
        item = self.state.field
        if item is not None and item.kind == "choice" and event.character and event.character in "123456789":
            place = int(event.character) - 1
            if place < len(item.choices):
                self._take(str(place))
            else:
                self.status(f"There are {len(item.choices)} answers", "error")
            return True
        return super().typed(event)

    def _answer(self, value: str) -> None:
        item = self.state.field
        if item is not None and item.kind == "choice":
            place = next((choice.value for choice in item.choices if choice.label.casefold() == value), None)
            if place is not None:
                self._take(place)
            return
        super()._answer(value)

    def _take(self, value: str) -> None:
        self.state.answer(value)
        self.state.next()
        self._changed()

    def _first_keys(self) -> list[KeyLabel]:
        first = super()._first_keys()
        return [("1-9", "answer"), *first] if first else first


def bar(form: Questionnaire, scored: Score, width: int) -> tuple[Part, ...]:
    """Return points so far, what is still possible, and a mark where the rule stands."""
    size = max(width, 10)
    full = max(form.most, 1)
    done, possible = (size * points // full for points in (scored.points, scored.best))
    mark = min(size * form.threshold // full, size - 1)
    drawn = ["█"] * done + ["░"] * (possible - done) + [" "] * (size - possible)
    drawn[mark] = "|"
    return ((" ", "text"), ("".join(drawn), "good" if form.holds(scored.points) else "draft"))
