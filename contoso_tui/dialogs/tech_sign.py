"""A technical consultant signs a deal's tech check: answers, date, outcome, details; nothing is filled in for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from textual import work

from contoso_tui import formats
from contoso_tui.dialogs.confirm import Confirm
from contoso_tui.dialogs.form import FormDialog, Submit
from contoso_tui.drafts import DraftKey
from contoso_tui.forms.fields import Choice, Form, FormField, Raw
from contoso_tui.forms.layout import FormLine, lay_out
from contoso_tui.forms.state import FormState
from contoso_tui.text import cells, clean, cut
from contoso_tui.widgets.box import BoxLine
from contoso_tui.widgets.rows import Part
from models.deals.detail_records import TechCheck, TechCheckView
from models.deals.records import TechState
from models.ids import show_deal

OUTCOMES = (TechState.PASSED, TechState.PASSED_WITH_CONDITIONS, TechState.FAILED)
_EVIDENCE_CELLS, _EVIDENCE_CELLS_WIDE = 16, 38
_FIELD_START: Part = ("[ ", "line")


@dataclass(frozen=True, slots=True)
class Signing:
    """What the form shows besides its fields: the deal's terms, the process's questions, who signs."""

    view: TechCheckView
    questions: tuple[str, ...]
    signer: str
    entered: str
    """The time now where the company is, as shown."""
    today: dt.date
    last_stage: str
    is_wide: bool = False


def sign_form(signing: Signing, draft: DraftKey | None) -> Form:
    """Return the form: `q0`, `e0` (evidence) ... for each question, `checked_on`, `outcome`, `details`."""
    view = signing.view
    before = _last_answers(view.previous_at_customer)
    fields: list[FormField] = []
    for at, question in enumerate(signing.questions):
        last = f"last: {before[question]}" if question in before else ""
        width = _EVIDENCE_CELLS_WIDE if signing.is_wide else _EVIDENCE_CELLS
        fields.append(FormField(f"q{at}", f"{at + 1} {question}", "yes_no", help=last))
        fields.append(FormField(f"e{at}", "shown by", "text", width=width))
    who = f"{signing.signer}  (technical consultant)"
    fields += [
        FormField("signer", "Signed by", "readonly", value=who, help=f"entered {signing.entered}"),
        FormField("checked_on", "Checked on", "date", required=True, is_past=True, help="the day of the check"),
        FormField("outcome", "Outcome", "choice", required=True, choices=_choices()),
        FormField("details", "Details", "long", required=_needs_details, lines=2),
    ]
    amount = formats.money(view.amount_usd_cents)
    return Form(
        title=f"Tech check · {view.customer} · {show_deal(view.deal_id)} · {amount}",
        fields=tuple(fields),
        intro=_intro(view, signing.last_stage),
        foot=_last_time(view),
        save_label="Sign",
        cancel_label="Keep draft",
        draft=draft,
        check=lambda values: _check(values, signing),
        help=("y and n answer a question and go on; shift+tab goes back to what shows it.",),
    )


def _choices() -> tuple[Choice, ...]:
    return tuple(Choice(outcome.value, outcome.value.replace("_", " ")) for outcome in OUTCOMES)


def _needs_details(raw: Raw) -> bool:
    return raw.get("outcome", "") not in ("", TechState.PASSED.value)


def _intro(view: TechCheckView, last_stage: str) -> tuple[str, ...]:
    amount, limit = formats.money(view.amount_usd_cents), formats.money(view.limit_usd_cents)
    lines = formats.counted(view.line_count, "line")
    bound = f"Bound to {view.quote}: {lines}, {amount}." if view.quote else f"Bound to the deal: {lines}, {amount}."
    found = [
        f"Over {limit}: needed before {last_stage}. Its owner, {view.owner}, cannot sign.",
        f"{bound} A rise or new line: stale T~.",
    ]
    if view.last is not None:
        words = view.last.outcome.replace("_", " ")
        why = f"; {view.last.why_not_counting}" if view.last.why_not_counting else ""
        found.append(f"Signed before: {view.last.signed_by}, {formats.day_full(view.last.checked_on)}, {words}{why}.")
    if view.request is not None:
        by = f", needed by {formats.day_full(view.request.needed_by)}" if view.request.needed_by else ""
        note = f": {view.request.note}" if view.request.note else ""
        found.append(f"{view.request.asked_by} asked {view.request.asked_of}{by}{note}")
    return tuple(found)


def _last_time(view: TechCheckView) -> tuple[str, ...]:
    last = view.previous_at_customer
    if last is None:
        return ()
    details = f": {last.details}" if last.details else ""
    when = formats.day_full(last.checked_on)
    return (f"Last time  {show_deal(last.deal_id)}  {when}  {last.outcome.replace('_', ' ')}{details}",)


def _last_answers(last: TechCheck | None) -> dict[str, str]:
    return {question: answer for question, answer, _ in last.answers if answer} if last is not None else {}


def _check(values: dict[str, Any], signing: Signing) -> Mapping[str, str]:
    day = values["checked_on"]
    if day is not None and day > signing.today:
        return {"checked_on": "The check can't be dated in the future"}
    if day is not None and day < signing.view.created_on:
        return {"checked_on": f"The deal did not exist before {formats.day_full(signing.view.created_on)}"}
    return {}


def doubts(answers: Sequence[tuple[str, str, str]]) -> str:
    """Say what of the answers speaks against a check that simply passed; empty for nothing."""
    against = sum(answer == "no" for _, answer, _ in answers)
    open_ = sum(not answer for _, answer, _ in answers)
    told = []
    if against:
        told.append("1 answer is no" if against == 1 else f"{against} answers are no")
    if open_:
        of = "none of the questions is answered" if open_ == len(answers) else ""
        told.append(of or ("1 question has no answer" if open_ == 1 else f"{open_} questions have no answer"))
    words = ", ".join(told)
    return words[:1].upper() + words[1:]


def answers_of(values: Mapping[str, Any], questions: Sequence[str]) -> tuple[tuple[str, str, str], ...]:
    """Return question, answer (`yes`, `no` or empty) and evidence, as a signed check keeps them."""
    words = {True: "yes", False: "no", None: ""}
    return tuple((question, words[values[f"q{at}"]], values[f"e{at}"] or "") for at, question in enumerate(questions))


class SignState(FormState):
    """Leaves out the evidence of questions that have no answer, so that tab goes from question to question."""

    def _move(self, by: int) -> None:
        super()._move(by)
        while self._is_hidden():
            super()._move(by)

    def _is_hidden(self) -> bool:
        name = self.field.name if self.field is not None else ""
        return name.startswith("e") and name[1:].isdigit() and not self.text(f"q{name[1:]}")

    def next_question(self) -> None:
        """Go on after an answer; its evidence is one step back."""
        self.next()
        while self.field is not None and self.field.name.startswith("e") and self.field.name[1:].isdigit():
            self.next()


class TechSignDialog(FormDialog):
    """Ends with what `submit` returns once it is signed; None if left, `kept` then holds what was filled in."""

    def __init__(self, signing: Signing, submit: Submit, draft: DraftKey, values: Mapping[str, Any]) -> None:
        self._start = {name: str(value) for name, value in values.items()}
        self._questions = signing.questions
        self._passed_anyway: tuple[tuple[str, str, str], ...] | None = None
        super().__init__(sign_form(signing, draft), submit, self._start)

    @property
    def kept(self) -> dict[str, str]:
        """What its author filled in; empty where nothing was."""
        return {name: text for name, text in self.state.raw.items() if text.strip() and name != "signer"}

    @property
    def state(self) -> FormState:
        """What the form holds now."""
        if self._state is None:
            values = {name: text for name, text in self._start.items() if name != "signer"}
            self._state = SignState(self.form, self.host.today(), values)
        return self._state

    def form_lines(self) -> list[BoxLine]:
        """Return the lines of the box: each question with its answer and evidence in one row."""
        laid = lay_out(self.state, self.inner_width)
        evidence = {row.owner: row for row in laid if row.owner.startswith("e") and row.owner[1:].isdigit()}
        rows: list[BoxLine] = []
        for row in laid:
            if row.owner in evidence:
                continue
            if row.owner.startswith("q") and row.owner[1:].isdigit():
                rows += self._question(row, evidence[f"e{row.owner[1:]}"])
                continue
            if row.owner == "signer" and rows and rows[-1].owner.startswith(("q", "e")):
                rows.append(BoxLine())
            rows.append(BoxLine(row.parts, owner=row.owner))
        return rows

    def _question(self, row: FormLine, evidence: FormLine) -> list[BoxLine]:
        """Return a question with its answer, and what shows it in place of how it was answered last time."""
        name = evidence.owner
        is_here = self.state.field is not None and self.state.field.name == name
        shown = self.state.text(name)
        if not self.state.text(row.owner) or not (is_here or shown):
            return [BoxLine(row.parts, owner=row.owner)]
        parts = row.parts[:-1] if row.parts[-1][0].startswith("last: ") else row.parts
        room = self.inner_width - sum(cells(text) for text, _ in parts) - 1
        if not is_here:
            return [BoxLine((*parts, (cut(clean(shown), room), "text")), owner=row.owner)]
        field = evidence.parts[evidence.parts.index(_FIELD_START) :]
        if sum(cells(text) for text, _ in field) > room + 1:
            return [BoxLine(parts, owner=row.owner), BoxLine(evidence.parts, owner=name)]
        return [BoxLine((("▌", "accent"), *parts[1:], *field), owner=name)]

    async def action_dialog_save(self) -> None:
        """Sign; asks once before a check passes whose answers say otherwise."""
        values = None if self._is_submitting else self.state.values()
        if values is not None and values["outcome"] == TechState.PASSED.value:
            answers = answers_of(values, self._questions)
            against = doubts(answers)
            if against and answers != self._passed_anyway:
                self._ask_again(against, answers)
                return
        await super().action_dialog_save()

    @work(group="ask")
    async def _ask_again(self, against: str, answers: tuple[tuple[str, str, str], ...]) -> None:
        chosen = await self.app.push_screen_wait(
            Confirm(
                clean(self.form.title),
                [f"{against}. Sign as passed all the same?"],
                {"back": "Go back", "conditions": "With conditions…", "pass": "Sign as passed"},
            )
        )
        if chosen == "conditions":
            self.state.set_text("outcome", TechState.PASSED_WITH_CONDITIONS.value)
            self.state.go_to("details")
            self._changed()
        elif chosen == "pass":
            self._passed_anyway = answers
            await super().action_dialog_save()

    def _answer(self, value: str) -> None:
        state = self.state
        if state.field is not None and state.field.kind == "yes_no" and isinstance(state, SignState):
            state.answer(value)
            state.next_question()
            self._changed()
