"""`contoso deal`: reading, making and changing deals. Moving and closing them is in `deal_moves`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from contoso_tui.cli import deal_bulk, deal_forms, deal_moves, deal_people, deal_team, local, values
from contoso_tui.cli.deal_answers import check_rev, say_changed, to_records
from contoso_tui.cli.parser import Group
from models import ids
from models.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call
    from models.deals.detail_records import DealDetail, Line
    from models.process import Process

_SORTS = ("attention", "amount", "close", "name")


def register(_noun: str, group: Group) -> None:
    """Add the commands."""
    listed = group.command("list", list_deals, "list deals, open ones unless said")
    listed.add_argument("--pipeline", metavar="P", help="only this pipeline; all of them unless said")
    listed.add_argument("--stage", help="only this stage")
    listed.add_argument("--owner", default="me", help="me, all or a login")
    listed.add_argument("--outcome", default="open", choices=("open", "won", "lost"), help="open, won or lost")
    listed.add_argument("--late", action="store_true", help="next step late")
    listed.add_argument("--no-step", action="store_true", help="without a next step")
    listed.add_argument("--over-age", action="store_true", help="longer in the stage than its limit")
    listed.add_argument("--min", metavar="N", help="worth at least N US dollars")
    listed.add_argument("--text", default="", help="customer or type contains this")
    listed.add_argument("--sort", default="attention", choices=_SORTS)
    listed.add_argument("--limit", type=int, default=500, metavar="N", help="at most N in each stage (500)")

    shown = group.command("show", show, "show a deal with its lines, quotes and checks")
    shown.add_argument("id", metavar="ID")

    new = group.command("new", create, "open a deal", writes=True)
    new.add_argument("--customer", required=True, metavar="C", help="the customer's id, such as C-00217")
    new.add_argument("--type", default="", help="what is sold, for reports")
    new.add_argument("--amount", metavar="N", help="until there are lines")
    new.add_argument("--currency", default="USD", metavar="CUR", help="USD, or one with an exchange rate")
    new.add_argument("--owner", metavar="USER", help="you, unless said")
    new.add_argument("--pipeline", metavar="P", help="the process's first, unless said")
    new.add_argument("fields_set", nargs="*", metavar="field=value", help=", ".join(_readers()))

    change = group.command("set", set_fields, "change fields of a deal, or the same of several", writes=True)
    change.add_argument("id", metavar="ID")
    change.add_argument("fields_set", nargs="+", metavar="ID|field=value", help=", ".join(_readers()))

    line = group.command("line", edit_lines, "list, add, set or remove lines", writes=True)
    line.add_argument("id", metavar="ID")
    line.add_argument("verb", nargs="?", default="list", choices=("list", "add", "set", "rm"))
    line.add_argument("what", nargs="*", metavar="PRODUCT|LINE|field=value")
    line.add_argument("--qty", type=int, default=1, metavar="N")
    line.add_argument("--months", type=int, metavar="N", help="for a plan; open-ended counts as 12")
    line.add_argument("--discount", default="0", metavar="P", help="percent")

    assign = group.command("assign", hand_over, "hand deals over to another owner", writes=True)
    assign.add_argument("ids", nargs="+", metavar="ID")
    assign.add_argument("user", metavar="USER")
    deal_people.register(group)
    deal_moves.register(group)
    deal_team.register(group)


def list_deals(call: Call) -> None:
    """List deals in the board's order."""
    from models import money, process
    from models.deals import board
    from models.people import users

    args = call.args
    owner_id = {"me": call.actor.id, "all": None}.get(args.owner, -1)
    if owner_id == -1:
        owner_id = users.get_id(args.owner)
    rules = process.current()
    view = board.View(owner_id=owner_id, sort=args.sort, outcome=args.outcome, text=args.text)
    least = money.parse_minor(args.min) if args.min else 0
    cards = []
    for pipeline, stage in _columns(rules, args.pipeline, args.stage):
        found = board.list_column(view._replace(pipeline=pipeline), stage, call.now)[: args.limit]
        cards += board.list_cards(list(found), call.now)
    kept = [
        card
        for card in cards
        if (not args.late or card.late_working_days)
        and (not args.no_step or card.next_step_on is None)
        and (not args.over_age or card.stage_age_days > (card.stage_limit_days or 1_000_000))
        and card.amount_usd_cents >= least
    ]
    if call.out.is_plain and not call.out.fields:
        records = [deal_forms.from_card(card, rules.tech_check_limit_usd_cents) for card in kept]
    else:
        records = to_records(call, [card.id for card in kept])
    call.out.listing(deal_forms.SCHEMA, records, deal_forms.COLUMNS, line=deal_forms.line, empty="No deal matches")


def _columns(rules: Process, pipeline: str | None, stage: str | None) -> list[tuple[str, str]]:
    """Return pipeline and stage of each column that is listed.

    Raises:
        NotFoundError: no such pipeline, or a stage that none of them has.
    """
    pipelines = [rules.find_pipeline(pipeline)] if pipeline else list(rules.pipelines)
    if stage is None:
        return [(name, found.id) for name in pipelines for found in rules.stages(name)]
    with_it = [name for name in pipelines if rules.has_stage(name, stage)]
    return [(name, rules.stage(name, stage).id) for name in with_it or pipelines[:1]]


def show(call: Call) -> None:
    """Show one deal."""
    from models import process
    from models.deals import details, lines, quotes, tech_checks

    deal_id = ids.deal_id(call.args.id)
    detail = details.get_detail(deal_id, call.now)
    record = deal_forms.from_detail(detail, process.current().tech_check_limit_usd_cents, call.today)
    if not call.out.is_plain:
        call.out.listing(deal_forms.SCHEMA, [record], deal_forms.COLUMNS)
        return
    call.out.lines(_facts(detail, record))
    found = [deal_forms.from_line(line, detail.currency) for line in lines.list_lines(deal_id)]
    if found:
        call.out.lines(["", "Lines"])
        call.out.listing("contoso.line/1", found, deal_forms.LINE_COLUMNS)
    made = quotes.list_for_deal(deal_id, call.now)
    if made:
        call.out.lines(["", "Quotes"])
        call.out.lines(
            f"  {ids.show_quote(q.number, q.revision)}  {q.state}  {deal_forms.amount(_sum(q.net_minor, q.currency))}"
            f"  valid until {q.valid_until}"
            for q in made
        )
    checks = tech_checks.list_checks(deal_id)
    if checks:
        call.out.lines(["", "Tech checks"])
        for check in checks:
            why = f" ({check.why_not_counting})" if check.why_not_counting else ""
            call.out.lines([f"  {check.checked_on}  {str(check.outcome).replace('_', ' ')} by {check.signed_by}{why}"])
            call.out.text("\n".join(f"    {line}" for line in check.details.splitlines()) if check.details else "")


def _sum(minor: int, currency: str) -> dict[str, Any]:
    from models import money

    return {"amount": {"value": money.to_text(minor, currency), "currency": currency}}


def _facts(deal: DealDetail, record: dict[str, Any]) -> list[str]:
    from models import money
    from models.deals.deals import amount_source

    budget = money.to_text(deal.budget_minor, deal.currency) if deal.budget_minor is not None else ""
    facts = [
        ("Customer", f"{deal.customer}  {record['customer']['id']}"),
        ("Stage", deal_forms.stage(record)),
        ("Amount", f"{deal_forms.amount(record)}, from {amount_source(deal)}"),
        ("Probability", f"{deal.probability_percent} %, {deal.category.replace('_', ' ')}"),
        ("Close date", local.day(deal.close_on) or ""),
        ("Type", deal.type),
        ("Need", deal.need),
        ("Budget", budget),
        ("Time frame", deal.time_frame),
        ("Decision maker", deal.decision_maker),
        ("Lead source", deal.lead_source),
        ("Owner", deal.owner),
        ("Team", ", ".join(deal.team)),
        ("Next step", deal_forms.step(record).removeprefix("step ")),
        ("Tech check", deal_forms.tech(record) or "not needed"),
        ("Lost", f"{deal.lost_on} {deal.lost_reason}, said {deal.lost_by}" if deal.lost_on else ""),
        ("Won", local.day(deal.won_on) or ""),
    ]
    heading = f"{record['id']}  rev {deal.version}"
    return [heading, *(f"  {name:<15}{value}" for name, value in facts if value)]


def _readers(currency: str = "USD") -> dict[str, Any]:
    from contoso_tui.forms import parse
    from models import money

    amount = values.optional(lambda text: money.parse_minor(text, currency))
    return {
        "type": str, "need": str, "budget": amount, "time_frame": str, "decision_maker": str, "lead_source": str,
        "amount": amount, "probability": values.optional(lambda text: parse.parse_integer(text.rstrip("%"), 0, 100)),
        "category": str, "close_date": str, "walkthrough_on": str, "walkthrough_with": str,
        "walkthrough_ready": values.yes_no,
    }  # fmt: skip


def _read_fields(call: Call, currency: str = "USD") -> dict[str, Any]:
    read = values.pairs(call.args.fields_set, _readers(currency))
    for name, is_past in (("close_date", False), ("walkthrough_on", True)):
        if name in read:
            read[name] = values.optional_date(read[name], call.today, is_past=is_past)
    return deal_forms.changes(read)


def create(call: Call) -> None:
    """Open a deal; its id goes to stdout."""
    from models import money
    from models.deals import deals
    from models.people import users

    args = call.args
    currency = args.currency.upper()
    fields = _read_fields(call, currency)
    if args.amount:
        fields["amount_minor"] = money.parse_minor(args.amount, currency)
    owner_id = users.get_id(args.owner) if args.owner else None
    if args.type:
        fields["type"] = args.type
    if args.pipeline:
        from models import process

        fields["pipeline"] = process.current().find_pipeline(args.pipeline)
    customer_id = ids.customer_id(args.customer)
    deal_id = deals.create(call.actor, call.now, customer_id, owner_id=owner_id, currency=currency, **fields)
    if call.out.is_plain:
        call.out.lines([ids.show_deal(deal_id)])
    say_changed(call, [deal_id], f"New deal {ids.show_deal(deal_id)} · contoso undo takes it back")


def set_fields(call: Call) -> int:
    """Change fields; of several deals, those that can be changed, after saying which cannot and why."""
    from models.deals import deals, details

    deal_id = ids.deal_id(call.args.id)
    others = [ids.deal_id(word) for word in call.args.fields_set if "=" not in word]
    if others:
        call.args.fields_set = [word for word in call.args.fields_set if "=" in word]
        names = ", ".join(word.partition("=")[0] for word in call.args.fields_set)
        return deal_bulk.set_fields(call, [deal_id, *others], _read_fields(call), names)
    fields = _read_fields(call, details.get_detail(deal_id, call.now).currency)
    deals.edit(call.actor, call.now, deal_id, fields, version=call.args.if_rev)
    names = ", ".join(word.partition("=")[0] for word in call.args.fields_set)
    say_changed(call, [deal_id], f"Changed {names} of {ids.show_deal(deal_id)} · contoso undo takes it back")
    return 0


def edit_lines(call: Call) -> None:
    """List or change the lines of a deal; lines are named by their position."""
    from models import money
    from models.deals import details, lines

    args = call.args
    deal_id = ids.deal_id(args.id)
    if args.verb == "list":
        _list_lines(call, deal_id)
        return
    check_rev(call, deal_id)
    if args.verb == "add":
        product = " ".join(args.what)
        if not product:
            raise UsageError("Which product? contoso product list shows them")
        discount = money.parse_percent(args.discount)
        lines.add(call.actor, call.now, deal_id, product, args.qty, months=args.months, discount_bp=discount)
        say_changed(call, [deal_id], f"Added {product} to {ids.show_deal(deal_id)}")
        return
    if not args.what:
        raise UsageError(f"Which line? contoso deal line {ids.show_deal(deal_id)} lists them")
    line = find_line(lines.list_lines(deal_id), args.what[0])
    if args.verb == "rm":
        lines.remove(call.actor, call.now, line.id)
        say_changed(call, [deal_id], f"Removed {line.description} from {ids.show_deal(deal_id)}")
    else:
        currency = details.get_detail(deal_id, call.now).currency
        lines.change(call.actor, call.now, line.id, **read_line_fields(args.what[1:], currency))
        say_changed(call, [deal_id], f"Changed {line.description} of {ids.show_deal(deal_id)}")


def read_line_fields(words: Sequence[str], currency: str) -> dict[str, Any]:
    """Read `field=value` arguments of a line of a deal or quote in a currency.

    Raises:
        UsageError: none is given, or one can't be understood.
    """
    from models import money

    if not words:
        raise UsageError("Set what? qty=N months=N discount=P price=N description=TEXT")

    def whole(text: str) -> int:
        return values.number(text, "A quantity or number of months")

    readers: dict[str, Callable[[str], Any]] = {
        "qty": whole,
        "quantity": whole,
        "months": values.optional(whole),
        "discount": money.parse_percent,
        "price": lambda text: money.parse_minor(text, currency),
        "description": str,
    }
    names = {"qty": "quantity", "discount": "discount_bp", "price": "price_minor"}
    return {names.get(name, name): value for name, value in values.pairs(words, readers).items()}


def find_line(found: Sequence[Line], position: str) -> Line:
    """Return the line at a position as shown.

    Raises:
        NotFoundError: there is none.
    """
    wanted = values.number(position, "A line")
    for line in found:
        if line.position == wanted:
            return line
    raise NotFoundError(f"There is no line {wanted}; there are {', '.join(str(x.position) for x in found) or 'none'}")


def _list_lines(call: Call, deal_id: int) -> None:
    from models.deals import details, lines

    currency = details.get_detail(deal_id, call.now).currency
    records = [deal_forms.from_line(line, currency) for line in lines.list_lines(deal_id)]
    call.out.listing("contoso.line/1", records, deal_forms.LINE_COLUMNS, empty="No lines yet")


def hand_over(call: Call) -> int:
    """Hand deals over; of several those that can be, after saying which cannot and why."""
    from models.deals import deals

    deal_ids = [ids.deal_id(word) for word in call.args.ids]
    if len(deal_ids) > 1:
        return deal_bulk.hand_over(call, deal_ids, call.args.user)
    deals.assign(call.actor, call.now, deal_ids, call.args.user)
    shown = ", ".join(ids.show_deal(i) for i in deal_ids)
    say_changed(call, deal_ids, f"Handed {shown} to {call.args.user} · contoso undo takes it back")
    return 0
