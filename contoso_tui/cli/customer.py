"""`contoso customer`: finding, reading, labelling and handing over customers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contoso_tui.cli import customer_forms, customer_merge, customer_new, local, values
from contoso_tui.cli.output import Column
from contoso_tui.cli.parser import Group
from models import ids
from models.errors import UsageError

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call

# Labels and hand-overs of more customers than this ask first, like the screens.
ASK_ABOVE = 10
_LABELS = ("corporate", "individual")


def register(_noun: str, group: Group) -> None:
    """Add the commands."""
    listed = group.command("list", list_customers, "list customers by name")
    listed.add_argument("text", nargs="*", help="words of the name; or an email, a phone, an id with --find")
    listed.add_argument(
        "--find", action="store_true", help="search ids, emails, phones, keys of sources, similar names too"
    )
    listed.add_argument("--owner", default="all", metavar="U", help="me, all or a login")
    listed.add_argument("--kind", choices=_LABELS)
    listed.add_argument("--limit", type=int, default=50, metavar="N")
    listed.add_argument("--after", metavar="C", help="those behind this customer: the `next` of the page before")
    shown = group.command("show", show, "every value of a customer and where it comes from")
    shown.add_argument("id", metavar="ID")
    customer_new.register(group)
    timeline = group.command("timeline", show_timeline, "what happened, newest first")
    timeline.add_argument("id", metavar="ID")
    timeline.add_argument(
        "--kinds", metavar="A,B", help="call email visit meeting note online store review deal order ..."
    )
    timeline.add_argument("--source", metavar="A,B", help="con loy onl pos rev crm")
    timeline.add_argument("--since", metavar="D")
    timeline.add_argument("--limit", type=int, default=100, metavar="N")
    sources = group.command("sources", list_sources, "the rows of files that make a customer, as they came")
    sources.add_argument("id", metavar="ID")
    pin = group.command("pin", pin_field, "take a field from one source, whatever the others say", writes=True)
    pin.add_argument("id", metavar="ID")
    pin.add_argument("field", metavar="FIELD", help="name email phone birth_date address tier ...")
    pin.add_argument("source", metavar="SOURCE", help="con, loy, con:KEY, or auto: follow the sources again")
    label = group.command("label", set_label, "label customers corporate or individual", writes=True)
    label.add_argument("ids", nargs="+", metavar="ID")
    label.add_argument("label", choices=_LABELS)
    label.add_argument("--company", metavar="NAME", help="the company's name; - reads standard input")
    label.add_argument("--dry-run", action="store_true", help="only say what would change")
    assign = group.command("assign", hand_over, "hand customers over to another owner", writes=True)
    assign.add_argument("ids", nargs="*", metavar="ID")
    assign.add_argument("user", nargs="?", metavar="USER", help="the last word, unless --by-rule")
    assign.add_argument(
        "--by-rule", action="store_true", help="those without an owner, as the process says: territory, fewest"
    )
    customer_merge.register(group)


def list_customers(call: Call) -> None:
    """List or search customers."""
    from models.customers import customers
    from models.people import users

    args = call.args
    text = " ".join(args.text)
    if args.find:
        _search(call, text)
        return
    owner_id = None if args.owner == "all" else call.actor.id if args.owner == "me" else users.get_id(args.owner)
    after = customers.get_row(ids.customer_id(args.after)) if args.after else None
    found = customers.list_customers(text, owner_id, args.kind, after, args.limit)
    following = ids.show_customer(found[-1].id) if found and len(found) == args.limit else None
    call.out.listing(
        customer_forms.ROW_SCHEMA,
        [customer_forms.from_row(row) for row in found],
        customer_forms.ROW_COLUMNS,
        empty="No customer matches",
        next_page=following,
    )
    if following and call.out.is_plain:
        call.out.message(f"More: --after {following}")


def _search(call: Call, text: str) -> None:
    from importers import lookup

    hits = lookup.find(text, call.args.limit)
    shown = {"customer": ids.show_customer, "deal": ids.show_deal, "person": ids.show_customer}
    records = [
        {"id": shown[hit.kind](hit.id), "kind": hit.kind, "name": hit.name, "detail": hit.detail, "why": hit.why}
        for hit in hits
    ]
    call.out.listing(
        "contoso.hit/1",
        records,
        [
            Column("id", lambda r: r["id"]),
            Column("name", lambda r: r["name"], gives_way=True),
            Column("", lambda r: r["detail"], gives_way=True),
            Column("found by", lambda r: r["why"]),
        ],
        empty=f"Nothing matches {text!r}",
    )


def show(call: Call) -> None:
    """Show one customer."""
    from models.customers import households, profiles

    profile = profiles.get_profile(ids.customer_id(call.args.id), call.actor, call.now)
    household = households.list_household(profile.id)
    if not call.out.is_plain or call.out.fields:
        call.out.listing(customer_forms.SCHEMA, [customer_forms.from_profile(profile, household)], [])
        return
    call.out.lines(customer_forms.facts(profile, household))


def list_sources(call: Call) -> None:
    """List the source records of a customer with their cells."""
    from models.customers import profiles

    profile = profiles.get_profile(ids.customer_id(call.args.id), call.actor, call.now)
    records: list[dict[str, Any]] = [
        {
            "key": f"{row.source}:{row.key}",
            "rule": row.rule,
            "evidence": row.evidence or None,
            "file": row.file,
            "line": row.line,
            "absent": row.is_absent,
            "cells": dict(row.cells),
        }
        for row in profile.sources
    ]
    columns = [
        Column("key", lambda r: r["key"]),
        Column("linked by", lambda r: r["evidence"] or r["rule"]),
        Column("cells", lambda r: "  ".join(f"{name}: {cell}" for name, cell in r["cells"].items() if cell)),
    ]
    call.out.listing("contoso.source/1", records, columns, empty="Entered by hand: no file tells of it")


def pin_field(call: Call) -> None:
    """Take a field from one record, or let the sources decide it again."""
    from models.customers import choosing, profiles

    args = call.args
    customer_id = ids.customer_id(args.id)
    if args.field not in profiles.LABELS:
        raise UsageError(f"There is no field {args.field}; there are {', '.join(profiles.LABELS)}")
    if args.source == "auto":
        choosing.follow(call.actor, call.now, customer_id, args.field)
        call.out.message(f"{args.field} of {args.id} follows the sources again · contoso undo takes it back")
        return
    source, _, key = args.source.partition(":")
    if not key:
        profile = profiles.get_profile(customer_id, call.actor, call.now)
        key = next((row.key for row in profile.sources if row.source == source), "")
    choosing.take(call.actor, call.now, customer_id, args.field, source, key)
    call.out.message(f"{args.field} of {args.id} is pinned to {source}:{key} · contoso undo takes it back")


def show_timeline(call: Call) -> None:
    """Show what happened with a customer."""
    from models.customers import timeline

    args = call.args
    customer_id = ids.customer_id(args.id)
    found = timeline.list_timeline(
        customer_id,
        call.now,
        kinds=_split(args.kinds),
        sources=_split(args.source),
        since=values.optional_date(args.since, call.today, is_past=True),
        limit=args.limit,
    )
    records: list[dict[str, Any]] = [
        {
            "on": local.day(entry.on),
            "at": local.moment(entry.at, call.zone) if entry.at else None,
            "kind": entry.kind,
            "source": entry.source,
            "text": entry.text,
            "detail": entry.detail or None,
            "amount": customer_forms.amount(entry.amount_minor, entry.currency),
            "points": entry.points,
            "deal": ids.show_deal(entry.deal_id) if entry.deal_id else None,
            "who": entry.who or None,
        }
        for entry in found
    ]
    call.out.listing(
        "contoso.timeline/1",
        records,
        [
            Column("day", lambda r: r["on"]),
            Column("src", lambda r: r["source"]),
            Column("kind", lambda r: r["kind"]),
            Column("what", lambda r: " ".join(part for part in (r["text"], r["detail"]) if part), gives_way=True),
            Column("amount", lambda r: r["amount"]["value"] if r["amount"] else "", "right"),
            Column("who", lambda r: r["who"] or ""),
        ],
        empty="Nothing has happened yet",
    )


def _split(text: str | None) -> tuple[str, ...] | None:
    return tuple(part.strip() for part in text.split(",") if part.strip()) if text else None


def set_label(call: Call) -> None:
    """Label customers."""
    from models.customers import customers, labels

    args = call.args
    customer_ids = [ids.customer_id(word) for word in args.ids]
    rows = [customers.get_row(customer_id) for customer_id in customer_ids]
    changing = [row for row in rows if row.kind != args.label]
    if args.dry_run:
        call.out.listing(
            customer_forms.ROW_SCHEMA,
            [customer_forms.from_row(row) for row in changing],
            customer_forms.ROW_COLUMNS,
            empty=f"All of them are {args.label} already",
        )
        return
    if len(changing) > ASK_ABOVE and not call.confirm(f"Label {len(changing)} customers {args.label}?"):
        return
    if args.label == "corporate":
        company = args.company if args.company != "-" else values.long_text(call, "-", "The company", "--company")
        if not company and changing:
            if len(changing) > 1:
                raise UsageError("Several customers, one company? Give --company, or label them one by one")
            company = call.ask(f"The company of {changing[0].name}? ", "--company")
        changed = labels.label_corporate(call.actor, call.now, customer_ids, company or "")
    else:
        changed = labels.label_individual(call.actor, call.now, customer_ids)
    _say(call, changed, f"Labelled {len(changed)} {args.label} · contoso undo takes it back")


def hand_over(call: Call) -> None:
    """Hand customers over."""
    from models.customers import customers

    args = call.args
    named = [*args.ids, *([args.user] if args.user else [])]
    if args.by_rule:
        _give_out(call, [ids.customer_id(word) for word in named])
        return
    if len(named) < 2:
        raise UsageError("Name the customers and the user: contoso customer assign ID... USER")
    args.user = named.pop()
    customer_ids = [ids.customer_id(word) for word in named]
    if len(customer_ids) > ASK_ABOVE and not call.confirm(f"Hand {len(customer_ids)} customers to {args.user}?"):
        return
    customers.assign(call.actor, call.now, customer_ids, args.user)
    _say(call, customer_ids, f"Handed {len(customer_ids)} to {args.user} · contoso undo takes it back")


def _give_out(call: Call, customer_ids: list[int]) -> None:
    from models.customers import owners

    if not customer_ids and not call.confirm("Give every customer without an owner one by rule?"):
        return
    given = owners.assign_by_rule(call.actor, call.now, customer_ids)
    call.out.message(f"{given:,} got an owner by rule · contoso undo takes it back")


def _say(call: Call, customer_ids: list[int], sentence: str) -> None:
    from models.customers import customers

    if call.out.is_plain:
        call.out.message(sentence)
        return
    records = [customer_forms.from_row(customers.get_row(customer_id)) for customer_id in customer_ids]
    call.out.listing(customer_forms.ROW_SCHEMA, records, customer_forms.ROW_COLUMNS)
