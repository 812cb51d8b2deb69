"""`contoso assess`: questionnaires by stage, answered here or in a file, and what a score did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contoso_tui.cli import local, values
from contoso_tui.cli.deal_answers import check_rev
from contoso_tui.cli.output import Column
from contoso_tui.cli.parser import Group
from models import ids
from models.errors import UsageError

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call
    from models.assessments.records import Assessment, Outcome, Questionnaire

SCHEMA = "contoso.assessment/1"
FORM_SCHEMA = "contoso.questionnaire/1"


def register(_noun: str, group: Group) -> None:
    """Add the commands."""
    group.command("list", list_forms, "the questionnaires in force, by stage")
    shown = group.command("show", show, "every assessment of a deal, newest first, with its answers")
    shown.add_argument("id", metavar="ID")
    export = group.command("export", export_form, "a file to fill in away from here, for assess apply")
    export.add_argument("id", metavar="ID")
    export.add_argument("--stage", default="", help="of this stage; the deal's own unless said")
    do = group.command("do", do_assess, "answer the questionnaire of a deal's stage", writes=True)
    do.add_argument("id", metavar="ID")
    do.add_argument("--answers", metavar="FILE", help="question=NUMBER, or a number, a line each; - is standard input")
    do.add_argument("--stage", default="", help="of this stage; the deal's own unless said")
    do.add_argument("--note", default="", metavar="TEXT")
    apply = group.command(
        "apply", apply_form, "read a file back that assess export wrote; twice counts once", writes=True
    )
    apply.add_argument("file", metavar="FILE", help="- reads standard input")


def to_record(found: Assessment, zone: str) -> dict[str, Any]:
    """Return the form contoso.assessment/1 of a completed questionnaire."""
    return {
        "deal": ids.show_deal(found.deal_id),
        "stage": found.stage,
        "version": found.version,
        "rule": found.rule,
        "score": found.score,
        "most": found.most,
        "held": found.is_held,
        "result": found.result,
        "waits_for": found.waits_for.split(", ") if found.waits_for else [],
        "flag": found.flag or None,
        "note": found.note,
        "entered_by": found.entered_by,
        "entered_at": local.moment(found.entered_at, zone),
        "answers": [
            {"question": one.question, "answer": one.answer, "points": one.points, "knock_out": one.is_knock_out}
            for one in found.given
        ],
    }


def list_forms(call: Call) -> None:
    """List the questionnaires in force."""
    from models import process
    from models.assessments import forms

    rules = process.current()
    records = [
        {
            "pipeline": form.pipeline,
            "stage": form.stage,
            "version": form.version,
            "rule": form.rule,
            "most": form.most,
            "required": (form.pipeline, form.stage) in rules.required_assessments,
            "questions": [
                {
                    "id": question.id,
                    "text": question.text,
                    "field": question.field or None,
                    "answers": [
                        {"text": answer.text, "points": answer.points, "knock_out": answer.is_knock_out}
                        for answer in question.answers
                    ],
                }
                for question in form.questions
            ],
        }
        for form in forms.list_in_force()
    ]
    call.out.listing(
        FORM_SCHEMA,
        records,
        [
            Column("stage", lambda r: r["stage"]),
            Column("version", lambda r: str(r["version"]), "right"),
            Column("rule", lambda r: r["rule"]),
            Column("of", lambda r: str(r["most"]), "right"),
            Column("questions", lambda r: str(len(r["questions"])), "right"),
            Column("", lambda r: "required" if r["required"] else ""),
        ],
        empty="The process has no assessments",
    )


def show(call: Call) -> None:
    """Show what was answered for a deal."""
    from models.assessments import offline, reading
    from models.deals import details
    from models.errors import NotFoundError

    deal = details.get_detail(ids.deal_id(call.args.id), call.now)
    found = reading.list_for_deal(deal.id)
    if not call.out.is_plain:
        call.out.listing(SCHEMA, [to_record(one, call.zone) for one in found], [])
        return
    try:
        form = offline.find_form(deal)
        call.out.lines([f"{ids.show_deal(deal.id)}  {deal.customer}  {deal.stage.name}: {form.rule} moves it on"])
        call.out.lines(_questions(form))
    except NotFoundError as error:
        call.out.lines([error.message])
    for one in found:
        flag = f", {one.flag}" if one.flag else ""
        waits = f" for {one.waits_for}" if one.waits_for else ""
        head = f"{local.day(one.entered_at.date())}  {one.stage_name} v{one.version}  {one.score} of {one.most}"
        call.out.lines([f"{head}  {one.result.replace('_', ' ')}{waits}{flag}  by {one.entered_by}"])
        call.out.lines(f"    {given.points:>3}  {given.question}  {given.answer}" for given in one.given)
        call.out.lines(f"    {line}" for line in one.note.splitlines())


def _questions(form: Questionnaire) -> list[str]:
    lines = []
    for question in form.questions:
        answers = "  ".join(f"{n} {answer.text} ({answer.points})" for n, answer in enumerate(question.answers, 1))
        lines.append(f"  {question.id:<10} {question.text}  {answers}")
    return lines


def export_form(call: Call) -> None:
    """Write the file to fill in."""
    from models.assessments import offline

    call.out.raw(offline.export(ids.deal_id(call.args.id), call.now, call.args.stage))


def do_assess(call: Call) -> None:
    """Answer a questionnaire, from a file, standard input, or question by question."""
    from models.assessments import assessments, offline
    from models.deals import details

    args = call.args
    deal_id = ids.deal_id(args.id)
    check_rev(call, deal_id)
    form = offline.find_form(details.get_detail(deal_id, call.now), args.stage)
    choices = _read_answers(form, values.read_input(args.answers)) if args.answers else _ask_answers(call, form)
    _tell(call, assessments.complete(call.actor, call.now, deal_id, form.id, choices, note=args.note))


def _ask_answers(call: Call, form: Questionnaire) -> dict[str, int]:
    choices = {}
    for question in form.questions:
        offered = "  ".join(f"{n} {answer.text}" for n, answer in enumerate(question.answers, 1))
        typed = call.ask(f"{question.text}  {offered}: ", "--answers")
        choices[question.id] = values.number(typed, "An answer") - 1
    return choices


def _read_answers(form: Questionnaire, text: str) -> dict[str, int]:
    """Read `question=number` lines, or numbers in the order of the questions.

    Raises:
        UsageError: a line is neither.
    """
    choices: dict[str, int] = {}
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, mark, number = line.partition("=")
        if not mark:
            if len(choices) >= len(form.questions):
                raise UsageError(f"{line.strip()!r} is one answer more than the {len(form.questions)} questions")
            name, number = form.questions[len(choices)].id, line
        choices[name.strip()] = values.number(number, f"The answer to {name.strip()}") - 1
    return choices


def apply_form(call: Call) -> None:
    """Read a filled-in file back."""
    from models.assessments import assessments, offline

    sheet = offline.read(values.read_input(call.args.file))
    _tell(
        call,
        assessments.complete(
            call.actor,
            call.now,
            sheet.deal_id,
            sheet.form.id,
            sheet.choices,
            note=sheet.note,
            submission=sheet.submission,
            entered_stage=sheet.entered_stage,
        ),
    )


def _tell(call: Call, done: Outcome) -> None:
    if call.out.is_plain:
        undo = " · contoso undo takes it back" if done.is_new else ""
        call.out.message(f"{done.sentence}{undo}")
    else:
        call.out.listing(SCHEMA, [to_record(done.assessment, call.zone)], [])
