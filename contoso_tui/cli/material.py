"""`contoso material`: documents and data sheets by product, and sending them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from contoso_tui.cli import local, values
from contoso_tui.cli.output import Column
from contoso_tui.cli.parser import Group
from models import ids
from models.errors import ContosoError, RefusedError, UsageError

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call
    from models.materials.records import Material
    from models.nurture.records import Email

SCHEMA = "contoso.material/1"


def register(_noun: str, group: Group) -> None:
    """Add the commands."""
    listed = group.command("list", list_materials, "list materials with their products")
    listed.add_argument("--product", default="", metavar="P", help="only those of this product")
    listed.add_argument("--retired", action="store_true", help="retired ones too")
    shown = group.command("show", show, "show a material, or write its file")
    shown.add_argument("name", metavar="NAME", help="name, part of it, or number")
    shown.add_argument("-o", "--output", metavar="FILE", help="write what is in it to this file")
    add = group.command("add", add_file, "add a document (sales operations)", writes=True)
    add.add_argument("file", metavar="FILE")
    add.add_argument("--product", action="append", default=[], metavar="P", help="of this product; again for more")
    add.add_argument("--name", default="", metavar="NAME", help="unless its file's")
    add.add_argument("--replace", action="store_true", help="retire the one of the same name")
    retire = group.command("retire", retire_material, "offer a material no more (sales operations)", writes=True)
    retire.add_argument("name", metavar="NAME")
    send = group.command("send", send_materials, "send materials by email to a deal's customer", writes=True)
    send.add_argument("id", metavar="ID", help="a deal (D-1042) or customer (C-00731)")
    send.add_argument("names", nargs="*", metavar="NAME", help="without any, those that fit and were not sent yet")
    send.add_argument("--to", default="", metavar="WHO", help="a person of the account, by name or address")
    send.add_argument("-m", "--message", metavar="TEXT", help="your own text; - reads standard input")
    how = send.add_mutually_exclusive_group()
    how.add_argument("--dry-run", action="store_true", help="only show the email")
    how.add_argument("--eml", metavar="FILE", help="write it to this file, to be sent by hand; notes nothing")
    how.add_argument("--sent", action="store_true", help="note that you have sent it by hand")


def to_record(material: Material, zone: str) -> dict[str, Any]:
    """Return the form contoso.material/1."""
    return {
        "id": material.id,
        "name": material.name,
        "file": material.file_name,
        "media_type": material.media_type,
        "bytes": material.bytes,
        "sha256": material.sha256,
        "products": list(material.products),
        "active": material.is_active,
        "added_at": local.moment(material.added_at, zone),
        "added_by": material.added_by,
    }


def _columns() -> list[Column]:
    from models.materials.files import size_words

    return [
        Column("no.", lambda r: str(r["id"]), "right"),
        Column("name", lambda r: r["name"], gives_way=True),
        Column("products", lambda r: ", ".join(r["products"]) or "all", gives_way=True),
        Column("file", lambda r: r["file"], gives_way=True),
        Column("size", lambda r: size_words(r["bytes"]), "right"),
        Column("", lambda r: "" if r["active"] else "retired"),
    ]


def list_materials(call: Call) -> None:
    """List the catalogue."""
    from models.materials import catalogue

    found = catalogue.list_materials(retired=call.args.retired, product=call.args.product)
    records = [to_record(one, call.zone) for one in found]
    call.out.listing(SCHEMA, records, _columns(), empty="No materials here: contoso material add FILE --product P")


def show(call: Call) -> None:
    """Show a material, and write its file where one is named."""
    from models.materials import catalogue

    found = catalogue.find(call.args.name, retired=True)
    if call.args.output:
        path = _write(call.args.output, catalogue.read_content(found.id))
        call.out.message(f"Wrote {found.name} to {path}")
        return
    record = to_record(found, call.zone)
    call.out.single(SCHEMA, record, _lines(record))


def _lines(record: dict[str, Any]) -> list[str]:
    from models.materials.files import size_words

    return [
        f"{record['name']}" + ("" if record["active"] else "   retired"),
        f"  products  {', '.join(record['products']) or 'all'}",
        f"  file      {record['file']}, {size_words(record['bytes'])}, {record['media_type']}",
        f"  sha256    {record['sha256']}",
        f"  added     {record['added_at']} by {record['added_by']}",
    ]


def _write(target: str, content: bytes) -> Path:
    """Write a private file.

    Raises:
        ContosoError: it can't be written.
    """
    from contoso_tui import private_file

    path = Path(target).expanduser()
    try:
        private_file.write(path, content)
    except OSError as error:
        raise ContosoError(f"{path} can't be written: {error.strerror}") from None
    return path


def add_file(call: Call) -> None:
    """Add a document."""
    from models.materials import catalogue, files
    from models.people.permissions import require_operations

    args = call.args
    # Whoever may not add one is told so, not what is wrong with the file.
    require_operations(call.actor, "keep the materials")
    file_name, content = files.read(Path(args.file).expanduser())
    made = catalogue.add(
        call.actor, call.now, file_name, content, name=args.name, product_names=args.product, replace=args.replace
    )
    found = catalogue.get(made)
    if call.out.is_plain:
        what = ", ".join(found.products) or "all products"
        call.out.message(f"Added {found.name} for {what} · contoso undo takes it back")
    else:
        call.out.listing(SCHEMA, [to_record(found, call.zone)], _columns())


def retire_material(call: Call) -> None:
    """Retire a material."""
    from models.materials import catalogue

    found = catalogue.find(call.args.name)
    catalogue.retire(call.actor, call.now, found.id)
    call.out.message(f"Retired {found.name} · contoso undo takes it back")


def send_materials(call: Call) -> None:
    """Hand an email with materials to the mail program, or write or note it."""
    from contoso_tui import mailer
    from models.materials import catalogue, sending

    args = call.args
    about = _about(args.id)
    to = sending.find_recipient(about.recipients, args.to)
    chosen = [catalogue.find(name).id for name in args.names]
    chosen = chosen or [one.material.id for one in about.offers if one.is_chosen]
    if not chosen:
        raise UsageError("Nothing fits that was not sent yet: name what to send; contoso material list shows it")
    email = sending.compose(call.actor, about, chosen, to)
    if args.message is not None:
        text = values.long_text(call, "-", "The text", "-m") if args.message == "-" else args.message
        email = email._replace(body=text)
    if args.dry_run:
        _show_email(call, email)
        return
    if args.eml:
        path = _write(args.eml, mailer.message(email))
        call.out.message(f"Wrote it to {path}; once it is sent: contoso material send {args.id} ... --sent")
        return
    if args.sent:
        by = mailer.BY_HAND
    elif mailer.find_program():
        by = mailer.hand_over(None, email, sending.file_stem(about))
    else:
        raise RefusedError(
            f"No mail program starts here ({mailer.VARIABLE} names one): --eml FILE writes the email, --sent notes that"
            " you sent it"
        )
    sent = sending.handed_over(call.actor, call.now, about, chosen, to, email, handed_to=by)
    if call.out.is_plain:
        names = ", ".join(catalogue.get(one).name for one in chosen)
        points = f" · +{sent.points} points" if sent.points else ""
        call.out.message(f"Sent {names} to {email.to}, {by}{points}")
    else:
        record = _email_record(email) | {"handed_to": by, "points": sent.points}
        call.out.single("contoso.sent-material/1", record, [])


def _about(word: str) -> Any:
    from models.materials import sending

    if word.strip()[:1].upper() == "C":
        return sending.offer(ids.customer_id(word))
    return sending.offer(0, ids.deal_id(word))


def _email_record(email: Email) -> dict[str, Any]:
    return {
        "to": email.to,
        "subject": email.subject,
        "body": email.body,
        "attached": [{"file": one.name, "bytes": len(one.content)} for one in email.attachments],
    }


def _show_email(call: Call, email: Email) -> None:
    from contoso_tui.text import clean_lines

    attached = [f"Attached: {one.name}" for one in email.attachments]
    lines = [f"To: {email.to}", f"Subject: {email.subject}", *attached, "", *clean_lines(email.body)]
    call.out.single("contoso.email/1", _email_record(email), lines)
