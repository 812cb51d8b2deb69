"""Sending materials: what is offered, to whom, the email, and what is kept of it."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default

import pytest

from contoso_tui import mailer
from models import history, process, process_change, undo
from models.activities import points
from models.customers.timeline import list_timeline
from models.database import execute
from models.deals import lines, timeline
from models.errors import NotFoundError, RefusedError, UsageError
from models.materials import catalogue, sending
from models.materials.records import Recipient, Sendable, Sent
from tests.models.conftest import Book


def add(book: Book, name: str, *products: str, content: bytes = b"") -> int:
    return catalogue.add(book.olga, book.now, f"{name}.pdf", content or name.encode(), product_names=products)


def names(about: Sendable) -> list[str]:
    return [one.material.name for one in about.offers]


def send(book: Book, about: Sendable, *ids: int, login: str = "ana") -> Sent:
    actor, to = book.actors[login], about.recipients[0]
    email = sending.compose(actor, about, ids, to)
    return sending.handed_over(actor, book.now, about, ids, to, email, handed_to="mutt")


def test_what_fits_the_deals_products_comes_first_and_is_chosen(book: Book) -> None:
    for name, product in (("A lock", "DOORBELL"), ("B heat", "THERMOSTAT"), ("C sensor", "MOISTURE")):
        add(book, name, product)
    add(book, "D company")
    deal = book.deal("develop")
    assert names(sending.offer(0, deal)) == ["D company", "A lock", "B heat", "C sensor"]
    lines.add(book.ana, book.now, deal, "MOISTURE")
    lines.add(book.ana, book.now, deal, "THERMOSTAT")
    about = sending.offer(0, deal)
    assert names(about) == ["B heat", "C sensor", "D company", "A lock"]
    assert [one.is_chosen for one in about.offers] == [True, True, False, False]
    # The customer's own list goes by the products of all open deals.
    whole = sending.offer(about.customer_id)
    assert whole.offers == about.offers
    assert (whole.deal_id, whole.customer, whole.recipients[0].name) == (None, "Oak Terrace", "Pat Marsh")


def test_what_the_customer_has_got_says_when_and_is_not_chosen_again(book: Book) -> None:
    made = add(book, "A lock", "INSTALLATION")
    deal = book.deal("develop")
    send(book, sending.offer(0, deal), made)
    (offer,) = sending.offer(0, deal).offers
    assert (offer.fits, offer.sent_on, offer.is_chosen) == (True, book.today, False)
    assert sending.offer(0, book.deal("develop", customer_id=book.account("Other"))).offers[0].is_chosen


def test_the_email_has_text_and_files_and_nobodys_name_adds_a_header(book: Book) -> None:
    first, second = add(book, "Sheet", content=b"%PDF one"), add(book, "Müller 東京", content=b"%PDF two")
    customer = book.account("Oak\r\nBcc: all@x.example", person="Pat\r\nSubject: no", email="pat@oak.example")
    about = sending.offer(customer)
    email = sending.compose(book.ana, about, [first, second, first], about.recipients[0])
    sent = message_from_bytes(mailer.message(email), policy=default)
    assert sent["To"] == "pat@oak.example"
    assert sent["Bcc"] is None
    assert sent["Subject"] == "For Oak Bcc: all@x.example: 2 documents"
    assert "- Sheet\r\n- Müller 東京\r\n" in sent.get_body().get_content()
    attached = [(one.get_filename(), one.get_content_type(), one.get_content()) for one in sent.iter_attachments()]
    assert attached == [
        ("Sheet.pdf", "application/pdf", b"%PDF one"),
        ("Müller 東京.pdf", "application/pdf", b"%PDF two"),
    ]


def test_a_text_file_goes_along_byte_for_byte(book: Book) -> None:
    made = catalogue.add(book.olga, book.now, "notes.txt", "Grüße\r\n".encode("latin-1"))
    about = sending.offer(book.account())
    email = sending.compose(book.ana, about, [made], about.recipients[0])
    (attached,) = message_from_bytes(mailer.message(email), policy=default).iter_attachments()
    assert attached.get_payload(decode=True) == "Grüße\r\n".encode("latin-1")


def test_two_files_of_one_name_both_arrive(book: Book) -> None:
    ids = [
        catalogue.add(book.olga, book.now, "sheet.pdf", name.encode(), name=name) for name in ("Doorbell", "Thermostat")
    ]
    about = sending.offer(book.account())
    email = sending.compose(book.ana, about, ids, about.recipients[0])
    assert [one.name for one in email.attachments] == ["sheet.pdf", "sheet (2).pdf"]


def test_nothing_or_too_much_is_refused_before_it_leaves(book: Book) -> None:
    ids = [add(book, name, content=name.encode() + b"\0" * (8 * 1024 * 1024)) for name in "ab"]
    about = sending.offer(book.account())
    with pytest.raises(UsageError, match="Choose what to send"):
        sending.compose(book.ana, about, [], about.recipients[0])
    with pytest.raises(UsageError, match="Together that is 16 MB, and an email takes 15 MB: send it in two"):
        sending.compose(book.ana, about, ids, about.recipients[0])


def test_what_was_sent_stands_in_both_timelines_with_its_points_and_stays(book: Book) -> None:
    made = add(book, "Sheet", "INSTALLATION")
    deal = book.deal("develop", 9_000)
    before = points.month_points("ana", book.today)
    sent = send(book, sending.offer(0, deal), made)
    assert sent.points == points.month_points("ana", book.today) - before == 2
    assert execute("SELECT type, channel, who FROM activity WHERE id = ?", (sent.activity_id,)).fetchone() == (
        "value_email",
        "email",
        "Pat Marsh",
    )
    assert execute("SELECT recipient, handed_to, deal_id FROM sent_email").fetchall() == [
        ("pat.marsh@oakterrace.example", "mutt", deal)
    ]
    entry = timeline.list_timeline(deal, book.now)[0]
    assert (entry.kind, entry.text, entry.points) == ("email", "Pat Marsh, Sent Sheet", 2)
    assert "Sent Sheet" in [one.text for one in list_timeline(book.detail(deal).customer_id, book.now)]
    said = [told.text for told in history.of_deal(deal)]
    assert "sent an email to pat.marsh@oakterrace.example: For Oak Terrace: Sheet" in said
    with pytest.raises(RefusedError, match="it has left and can't be taken back"):
        undo.undo(book.ana, book.now)


def test_it_scores_what_the_process_says_of_materials(book: Book) -> None:
    text = process.shipped_text().replace('default_for = ["materials"], ', "")
    process_change.use(book.olga, book.now, text)
    made = add(book, "Sheet")
    sent = send(book, sending.offer(book.account()), made)
    assert execute("SELECT type FROM activity WHERE id = ?", (sent.activity_id,)).fetchone() == ("follow_up",)


def test_everyone_may_send_as_everyone_may_log(book: Book) -> None:
    made = add(book, "Sheet")
    about = sending.offer(book.account())
    for login in ("uma", "sid", "eve", "bo"):
        send(book, about, made, login=login)
    assert execute("SELECT count(*) FROM sent_material").fetchone() == (4,)


def test_do_not_contact_and_no_address_block_it_before_anything_opens(book: Book) -> None:
    add(book, "Sheet")
    account = book.account()
    book.set_person(account, do_not_contact=1)
    with pytest.raises(RefusedError, match="everybody with an address there asked not to be contacted"):
        sending.offer(account)
    book.set_person(account, do_not_contact=0, email=" ")
    with pytest.raises(RefusedError, match="nobody there has an email address"):
        sending.offer(account)
    book.set_customer(account, do_not_contact=1)
    with pytest.raises(RefusedError, match="Oak Terrace asked not to be contacted"):
        sending.offer(account)
    alone = book.account("Nora Vale", kind="individual")
    with pytest.raises(RefusedError, match="Nora Vale has no email address"):
        sending.offer(alone)
    with pytest.raises(NotFoundError):
        sending.offer(0, 99)
    with pytest.raises(NotFoundError):
        sending.offer(99_999)


def test_without_materials_it_says_who_adds_them(book: Book) -> None:
    with pytest.raises(RefusedError, match="sales operations add them"):
        sending.offer(book.account())


def test_who_gets_it_is_the_first_person_or_the_one_named(book: Book) -> None:
    add(book, "Sheet")
    people = [Recipient("Pat Marsh", "pat@a.example", True), Recipient("Sam Pine", "sam@a.example", False)]
    assert sending.find_recipient(people, "") == people[0]
    assert sending.find_recipient(people, "sam") == sending.find_recipient(people, "SAM@a.example") == people[1]
    with pytest.raises(NotFoundError, match="Nobody who can be written to"):
        sending.find_recipient(people, "zoe")
    with pytest.raises(NotFoundError, match="Several"):
        sending.find_recipient(people, "a.example")
