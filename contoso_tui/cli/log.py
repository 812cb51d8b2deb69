"""`contoso log`: what was done with a customer; everyone may, and nothing blocks it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contoso_tui.cli import values
from contoso_tui.cli.parser import Group
from models import ids

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call


def register(_noun: str, group: Group) -> None:
    """Add the command."""
    made = group.command("", log_activity, "log an activity on a deal, customer or nurture", writes=True)
    made.add_argument("id", metavar="ID", help="D-1042, C-00731 or L-0210")
    made.add_argument("channel", choices=("call", "email", "letter", "visit", "meeting", "note"))
    made.add_argument("--type", default="", metavar="T", help="activity type; the channel's default unless said")
    made.add_argument(
        "-m", "--message", metavar="TEXT", help="the notes; - reads standard input, else your editor opens"
    )
    made.add_argument("text", nargs="?", metavar="-", help="- reads the notes from standard input")
    made.add_argument("--who", default="", help="with whom")
    made.add_argument("--minutes", type=int, metavar="N", help="how long it took")
    made.add_argument("--on", metavar="D", help="a past day; today unless said")
    made.add_argument("--next", dest="next_text", default="", metavar="TEXT", help="the next step")
    made.add_argument(
        "--next-on", metavar="D", help="its day, else at the end of --next; with --next a lone --on is this"
    )
    made.add_argument("--time", metavar="14:30", help="its time")


def log_activity(call: Call) -> None:
    """Log an activity."""
    from models import process
    from models.activities import log, planning

    args = call.args
    customer_id, deal_id = _subject(call)
    on, next_on = args.on, args.next_on
    if args.next_text and next_on is None:
        on, next_on = None, args.on
    given = args.message if args.message is not None else args.text
    text = values.long_text(call, given, "What was done", "-m TEXT")
    next_text, next_day, next_minute = values.next_step(args.next_text, next_on, args.time, call.today)
    activity_id = log.log(
        call.actor,
        call.now,
        customer_id=customer_id,
        deal_id=deal_id,
        channel=args.channel,
        type=args.type,
        who=args.who,
        text=text,
        duration_minutes=args.minutes,
        next_text=next_text,
        next_on=next_day,
        next_minute=next_minute,
        on=values.optional_date(on, call.today, is_past=True),
    )
    made = planning.get_activity(activity_id)
    kind = process.current().activity_types.get(made.type)
    scored = f", {kind.name} +{made.points} points" if kind and made.points else ""
    if call.out.is_plain:
        call.out.message(f"Logged {args.channel} on {args.id}{scored} · contoso undo takes it back")
        return
    record = {
        "customer": ids.show_customer(customer_id),
        "deal": ids.show_deal(deal_id) if deal_id else None,
        "channel": made.channel,
        "type": made.type or None,
        "points": made.points,
    }
    call.out.listing("contoso.activity/1", [record], [])


def _subject(call: Call) -> tuple[int, int | None]:
    """Return customer and deal that the id means."""
    word = call.args.id.strip().upper()
    if word.startswith("C"):
        return ids.customer_id(word), None
    if word.startswith("L"):
        from models.nurture import views

        return views.get(ids.enrolment_id(word), call.now).account.id, None
    from models.deals import details

    deal_id = ids.deal_id(word)
    return details.get_detail(deal_id, call.now).customer_id, deal_id
