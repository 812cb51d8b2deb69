"""Sending materials to a customer: what is offered, the email with attachments, and what is kept.

Do-not-contact blocks it as it does every email of nurture. Consent to marketing mail isn't asked: one rep sends
what one customer can use, no list gets it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from models import clock, ids, journal, process, words
from models.activities import planning
from models.activities.records import MATERIALS
from models.database import company_zone, execute
from models.errors import NotFoundError, RefusedError, UsageError
from models.materials import catalogue, files
from models.materials.records import Material, Offer, Recipient, Sendable, Sent
from models.nurture.emails import one_line
from models.nurture.records import Attachment, Email
from models.people.records import Actor

_OF_DEAL = (
    "SELECT product_id FROM deal_line WHERE deal_id = {deal} UNION SELECT l.product_id FROM quote_line l"
    " JOIN quote q ON q.id = l.quote_id WHERE q.deal_id = {deal} AND q.state IN ('draft', 'sent', 'accepted')"
)


def offer(customer_id: int, deal_id: int | None = None) -> Sendable:
    """Return the materials for a customer, or for one of their deals: those that fit first, then those of no product.

    Raises:
        NotFoundError: there is no such customer or deal.
        RefusedError: the customer asked not to be contacted, nobody has an email address, or there are no materials.
    """
    if deal_id is not None:
        row = execute("SELECT customer_id FROM deal WHERE id = ?", (deal_id,)).fetchone()
        if row is None:
            raise NotFoundError(f"There is no deal {ids.show_deal(deal_id)}")
        customer_id = row[0]
    name, recipients = _recipients(customer_id)
    known = catalogue.list_materials()
    if not known:
        raise RefusedError("There are no materials yet: sales operations add them, contoso material add FILE")
    if deal_id is None:
        rows = execute(
            "SELECT l.material_id FROM material_product l JOIN deal d ON d.customer_id = ? AND d.outcome = 'open'"
            f" WHERE l.product_id IN ({_OF_DEAL.format(deal='d.id')})",
            (customer_id,),
        )
    else:
        of_deal = _OF_DEAL.format(deal="?")
        rows = execute(f"SELECT material_id FROM material_product WHERE product_id IN ({of_deal})", (deal_id, deal_id))
    fitting = {row[0] for row in rows.fetchall()}
    sent = _sent_on(customer_id)
    offers = [Offer(one, one.id in fitting, sent.get(one.sha256)) for one in known]
    # The list is by name; of those that don't fit, a material of no product is nearer than one of another.
    offers.sort(key=lambda one: (not one.fits, bool(one.material.products)))
    return Sendable(customer_id, name, deal_id, tuple(offers), recipients)


def _sent_on(customer_id: int) -> dict[str, dt.date]:
    """Return when the customer last got each content: under a new name it is the same document."""
    zone = company_zone()
    rows = execute(
        "SELECT m.sha256, max(e.sent_at) FROM sent_email e JOIN sent_material s ON s.email_id = e.id"
        " JOIN material m ON m.id = s.material_id WHERE e.customer_id = ? GROUP BY m.sha256",
        (customer_id,),
    ).fetchall()
    return {sha256: clock.local_date(clock.from_micros(at), zone) for sha256, at in rows}


def _recipients(customer_id: int) -> tuple[str, tuple[Recipient, ...]]:
    row = execute(
        "SELECT name, kind, email, email_subscriber, do_not_contact FROM customer"
        " WHERE id = ? AND merged_into_id IS NULL",
        (customer_id,),
    ).fetchone()
    if row is None:
        raise NotFoundError(f"There is no customer {ids.show_customer(customer_id)}")
    name, kind, email, subscriber, asked = row
    if asked:
        raise RefusedError(f"{name} asked not to be contacted: lift the mark on the customer first")
    if kind == "individual":
        if not email.strip():
            raise RefusedError(f"{name} has no email address: e on the customer adds it")
        return name, (Recipient(name, email.strip(), bool(subscriber)),)
    people = execute(
        "SELECT name, email, email_subscriber, do_not_contact FROM person WHERE account_id = ?"
        " ORDER BY is_primary DESC, id",
        (customer_id,),
    ).fetchall()
    found = [
        Recipient(one, address.strip(), bool(takes)) for one, address, takes, no in people if address.strip() and not no
    ]
    if not found:
        why = "asked not to be contacted" if any(no for *_, no in people) else "has an email address"
        who = "everybody with an address" if any(no for *_, no in people) else "nobody"
        raise RefusedError(f"{name} can't be written to: {who} there {why}")
    return name, tuple(found)


def find_recipient(known: Sequence[Recipient], text: str) -> Recipient:
    """Return who is meant by a name or an address, the first one by an empty text.

    Raises:
        NotFoundError: nobody, or several.
    """
    wanted = text.strip().casefold()
    if not wanted:
        return known[0]
    exact = [one for one in known if wanted in (one.name.casefold(), one.email.casefold())]
    found = exact or [one for one in known if wanted in f"{one.name} {one.email}".casefold()]
    if len(found) == 1:
        return found[0]
    names = ", ".join(f"{one.name} <{one.email}>" for one in known)
    raise NotFoundError(f"{'Several' if found else 'Nobody'} who can be written to fit {text!r}: there are {names}")


def compose(actor: Actor, about: Sendable, material_ids: Sequence[int], to: Recipient) -> Email:
    """Return the email as it would leave, with what is attached to it.

    Raises:
        UsageError: nothing is chosen, or together it is too large for an email.
        NotFoundError: a material is gone.
    """
    chosen = [catalogue.get(material_id) for material_id in dict.fromkeys(material_ids)]
    if not chosen:
        raise UsageError("Choose what to send")
    size = sum(one.bytes for one in chosen)
    if size > files.MAX_BYTES_SENT:
        raise UsageError(
            f"Together that is {files.size_words(size)}, and an email takes {files.size_words(files.MAX_BYTES_SENT)}:"
            " send it in two"
        )
    names = [one.name for one in chosen]
    what = names[0] if len(names) == 1 else f"{len(names)} documents"
    listed = "\n".join(f"- {name}" for name in names)
    return Email(
        to=one_line(to.email),
        subject=one_line(f"For {about.customer}: {what}"),
        body=f"Hello {one_line(to.name)},\n\nattached you find:\n\n{listed}\n\nKind regards\n{actor.name}\n",
        attachments=_attachments(chosen),
    )


def _attachments(chosen: Sequence[Material]) -> tuple[Attachment, ...]:
    """Return what goes along, no two under one file name: a mail program would keep one of them."""
    found: list[Attachment] = []
    for one in chosen:
        name = one.file_name
        if name.casefold() in {other.name.casefold() for other in found}:
            stem, _, ending = name.rpartition(".")
            name = f"{stem} ({len(found) + 1}).{ending}"
        found.append(Attachment(name, one.media_type, catalogue.read_content(one.id)))
    return tuple(found)


def file_stem(about: Sendable) -> str:
    """Return how the email's file is called in the outbox, without its ending."""
    shown = ids.show_deal(about.deal_id) if about.deal_id is not None else ids.show_customer(about.customer_id)
    return f"{shown}-materials"


def handed_over(
    actor: Actor,
    now: dt.datetime,
    about: Sendable,
    material_ids: Sequence[int],
    to: Recipient,
    email: Email,
    *,
    handed_to: str,
) -> Sent:
    """Keep an email that has left with what was attached, and log it; it scores as the process says of materials.

    Everyone may, as everyone may log. It is never undone.
    """
    chosen = [catalogue.get(material_id) for material_id in dict.fromkeys(material_ids)]
    names = ", ".join(one.name for one in chosen)
    code, points = planning.choose_type("email", process.current().default_type(MATERIALS), now)
    scored = 0 if actor.path == "import" else points
    summary = f"Sent {names} to {to.name}" + (f" · {words.scored(scored)}" if scored else "")
    with journal.action(actor, now, "email.send", summary, can_undo=False):
        cursor = execute(
            "INSERT INTO sent_email (customer_id, deal_id, recipient, subject, body, handed_to, sent_at, sent_by)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                about.customer_id,
                about.deal_id,
                email.to,
                email.subject,
                email.body,
                handed_to,
                clock.to_micros(now),
                actor.login,
            ),
        )
        email_id = int(cursor.lastrowid or 0)
        for one in chosen:
            execute("INSERT INTO sent_material (email_id, material_id) VALUES (?, ?)", (email_id, one.id))
        activity_id = planning.insert(
            customer_id=about.customer_id,
            deal_id=about.deal_id,
            owner_id=actor.id,
            channel="email",
            type=code,
            who=to.name,
            subject=f"Sent {names}",
            state="done",
            done_at=clock.to_micros(now),
            points=scored,
            created_by=actor.login,
            now=now,
        )
    return Sent(email_id, activity_id, scored)
