"""`contoso techcheck`: what waits for a sign-off, asking for one, signing, reading."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from contoso_tui.cli import local, values
from contoso_tui.cli.deal_answers import check_rev
from contoso_tui.cli.output import Column
from contoso_tui.cli.parser import Group
from models import ids, money
from models.errors import UsageError

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call
    from models.deals.detail_records import TechCheck, TechCheckView

SCHEMA = "contoso.techcheck/1"
_OUTCOMES = {"passed": "passed", "conditions": "passed_with_conditions", "failed": "failed"}
_ANSWER = re.compile(r"\s*(?:(\d+)[.):]?\s+)?(yes|no)\b[:,]?\s*(.*)", re.IGNORECASE)


def register(_noun: str, group: Group) -> None:
    """Add the commands."""
    listed = group.command("list", list_waiting, "open deals that wait for a sign-off, soonest needed first")
    listed.add_argument("--due", action="store_true", help="never signed")
    listed.add_argument("--stale", action="store_true", help="signed, but changed since")
    listed.add_argument("--failed", action="store_true", help="the last check failed")
    listed.add_argument("--mine", action="store_true", help="only those you were asked for")
    shown = group.command("show", show, "every check of a deal, newest first")
    shown.add_argument("id", metavar="ID")
    ask = group.command("ask", ask_for, "ask a technical consultant to sign", writes=True)
    ask.add_argument("id", metavar="ID")
    ask.add_argument("--of", dest="of_login", metavar="USER", help="the consultant")
    ask.add_argument("--by", metavar="D", help="needed by this day")
    ask.add_argument("--note", metavar="TEXT", help="- reads standard input")
    sign = group.command("sign", sign_check, "sign a deal's tech check (technical consultants)", writes=True)
    sign.add_argument("id", metavar="ID")
    sign.add_argument("--outcome", choices=tuple(_OUTCOMES), required=True)
    sign.add_argument("--on", metavar="D", help="the day of the check, today unless said")
    sign.add_argument("--details", metavar="TEXT", help="- reads standard input; needed unless passed")
    sign.add_argument("--answers", metavar="FILE", help="a line for each question: yes or no, then what shows it")


def to_record(check: TechCheck, zone: str, state: str | None = None) -> dict[str, Any]:
    """Return the form contoso.techcheck/1 of a signed check; `state` is the deal's where it is the newest."""
    quote, revision = ids.quote_ref(check.signed_quote) if check.signed_quote else (None, None)
    return {
        "deal": ids.show_deal(check.deal_id),
        "state": state or str(check.outcome),
        "signed_by": check.signed_by,
        "checked_on": local.day(check.checked_on),
        "entered_at": local.moment(check.entered_at, zone),
        "details": check.details,
        "bound_to": {
            "quote": ids.show_quote(quote) if quote else None,
            "revision": revision,
            "amount": money.to_text(check.signed_usd_cents),
        },
        "stale": bool(check.why_not_counting),
    }


def of_view(view: TechCheckView, zone: str) -> dict[str, Any]:
    """Return where a deal's check stands, in the same form."""
    if view.last is not None:
        return to_record(view.last, zone, str(view.state))
    return {
        "deal": ids.show_deal(view.deal_id),
        "state": str(view.state),
        "signed_by": None,
        "checked_on": None,
        "entered_at": None,
        "details": "",
        "bound_to": None,
        "stale": False,
    }


def list_waiting(call: Call) -> None:
    """List what waits for a sign-off."""
    from models.deals import tech_checks

    args = call.args
    wanted = {state for state in ("due", "stale", "failed") if getattr(args, state)}
    if "due" in wanted:
        wanted.add("draft")
    found = tech_checks.list_waiting(call.now, call.actor.id if args.mine else None)
    views = [view for view in found if not wanted or str(view.state) in wanted]
    by_deal = {ids.show_deal(view.deal_id): view for view in views}
    call.out.listing(
        SCHEMA,
        [of_view(view, call.zone) for view in views],
        [
            Column("deal", lambda r: r["deal"]),
            Column("customer", lambda r: by_deal[r["deal"]].customer, gives_way=True),
            Column("amount", lambda r: f"{money.to_text(by_deal[r['deal']].amount_usd_cents)} USD", "right"),
            Column("state", lambda r: r["state"]),
            Column("asked", lambda r: _asked(by_deal[r["deal"]])),
            Column("owner", lambda r: by_deal[r["deal"]].owner),
        ],
        empty="Nothing to sign",
    )


def _asked(view: TechCheckView) -> str:
    if view.request is None:
        return ""
    return f"{view.request.asked_of}{f' by {view.request.needed_by}' if view.request.needed_by else ''}"


def show(call: Call) -> None:
    """Show every check of a deal."""
    from models.deals import tech_checks

    deal_id = ids.deal_id(call.args.id)
    view = tech_checks.get_view(deal_id, call.now)
    checks = tech_checks.list_checks(deal_id)
    records = [to_record(check, call.zone, None if at else str(view.state)) for at, check in enumerate(checks)]
    if not call.out.is_plain:
        call.out.listing(SCHEMA, records or [of_view(view, call.zone)], [])
        return
    limit = money.to_text(view.limit_usd_cents)
    call.out.lines(
        [
            f"{ids.show_deal(deal_id)}  {view.customer}  tech check {str(view.state).replace('_', ' ')}",
            f"  worth {money.to_text(view.amount_usd_cents)} USD, needed above {limit}",
        ]
    )
    if view.request is not None:
        call.out.lines([f"  asked of {_asked(view)} (by {view.request.asked_by})  {view.request.note}"])
    for check in checks:
        why = f": does not count, {check.why_not_counting}" if check.why_not_counting else ""
        outcome = str(check.outcome).replace("_", " ")
        call.out.lines(
            [f"  {check.checked_on}  {outcome} by {check.signed_by} at {money.to_text(check.signed_usd_cents)}{why}"]
        )
        for line in check.details.splitlines():
            call.out.lines([f"    {line}"])
        for question, answer, evidence in check.answers:
            call.out.lines([f"    {answer or '-':<4}{question}  {evidence}"])


def ask_for(call: Call) -> None:
    """Ask a consultant."""
    from models.deals import tech_checks
    from models.people import users
    from models.people.records import Role

    args = call.args
    deal_id = ids.deal_id(args.id)
    check_rev(call, deal_id)
    of_login = args.of_login or call.ask(f"Ask whom? {' '.join(users.list_logins(Role.CONSULTANT))}: ", "--of")
    note = values.long_text(call, args.note, "What to look at", "--note") if args.note == "-" else args.note or ""
    tech_checks.ask(call.actor, call.now, deal_id, of_login, values.optional_date(args.by, call.today), note)
    _say(call, deal_id, f"Asked {of_login} to sign {ids.show_deal(deal_id)} · contoso undo takes it back")


def _say(call: Call, deal_id: int, sentence: str) -> None:
    from models.deals import tech_checks

    if call.out.is_plain:
        call.out.message(sentence)
    else:
        call.out.listing(SCHEMA, [of_view(tech_checks.get_view(deal_id, call.now), call.zone)], [])


def sign_check(call: Call) -> None:
    """Sign."""
    from models.deals import tech_checks
    from models.deals.records import TechState
    from models.people.permissions import require_sign

    args = call.args
    deal_id = ids.deal_id(args.id)
    require_sign(call.actor)
    check_rev(call, deal_id)
    if args.details == "-" and args.answers == "-":
        raise UsageError("Standard input is read once: give --details or --answers another way")
    seen = tech_checks.get_view(deal_id, call.now)
    outcome = TechState(_OUTCOMES[args.outcome])
    answers = _read_answers(args.answers) if args.answers else ()
    details = args.details or ""
    if args.details == "-" or (args.details is None and outcome is not TechState.PASSED and args.answers != "-"):
        details = values.long_text(call, args.details, "Details of the tech check", "--details")
    tech_checks.sign(
        call.actor,
        call.now,
        deal_id,
        outcome,
        values.optional_date(args.on, call.today, is_past=True) or call.today,
        details,
        answers=answers,
        seen_check_id=seen.last.id if seen.last else None,
        seen=seen,
    )
    _say(call, deal_id, f"Signed {ids.show_deal(deal_id)}: {str(outcome).replace('_', ' ')}")


def _read_answers(source: str) -> tuple[tuple[str, str, str], ...]:
    """Read a line for each question of the process: `yes`, `no` or nothing, then what shows it.

    Raises:
        UsageError: the file can't be read, or a line is no answer.
    """
    from models import process

    questions = process.current().tech_check_questions
    text = values.read_input(source)
    given: dict[int, tuple[str, str]] = {}
    for line in text.splitlines():
        if not line.strip():
            continue
        found = _ANSWER.fullmatch(line)
        number = int(found[1]) if found and found[1] else len(given) + 1
        if not found or not 1 <= number <= len(questions):
            raise UsageError(f"{line.strip()!r} answers no question: write yes or no, for {len(questions)} questions")
        given[number] = (found[2].lower(), found[3].strip())
    return tuple((question, *given.get(at, ("", ""))) for at, question in enumerate(questions, 1))
