"""What a merge of two customers does and asks, the same on the command line and on both screens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models import ids

if TYPE_CHECKING:
    from contoso_tui.forms.fields import Form
    from models.merging.records import MergePlan


def sentences(plan: MergePlan) -> list[str]:
    """Return in words what a merge does."""
    if plan.refusal:
        return [plan.refusal]
    kept = f"{plan.kept} ({ids.show_customer(plan.kept_id)})"
    gone = f"{plan.gone} ({ids.show_customer(plan.gone_id)})"
    moved = ", ".join(one.text for one in plan.moves)
    lines = [f"{gone} goes into {kept}", f"{moved} join it" if moved else "Nothing hangs on it"]
    lines += [f"{one.label}: {one.before or 'blank'} becomes {one.after}" for one in plan.changes]
    lines += [] if plan.changes else ["No value changes"]
    lines += [f"{one.label} stays {one.kept}, not {one.other}" for one in plan.conflicts]
    for question in plan.questions:
        lines.append(f"Asks: {question.text} {' or '.join(answer for answer, _ in question.choices)}")
    return lines


def form(plan: MergePlan, title: str, save_label: str) -> Form:
    """Return the form that asks what only a person can say."""
    from contoso_tui.forms.fields import Choice, Form, FormField

    fields = tuple(
        FormField(
            one.name, one.label, "choice", required=True,
            choices=tuple(Choice(answer, label) for answer, label in one.choices),
        )
        for one in plan.questions
    )  # fmt: skip
    return Form(title, fields, tuple(one.text for one in plan.questions), save_label=save_label)
