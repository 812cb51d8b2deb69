from __future__ import annotations

import pytest

from models import undo
from models.activities import log
from models.database import execute
from models.errors import RefusedError, UsageError
from models.nurture import enrolments, steps


@pytest.fixture
def enrolment(book):
    """Return an enrolment whose information email is due."""
    (made,) = enrolments.start(book.ana, book.now, [book.account()])
    steps.done(book.ana, book.now, made)
    return made


def test_email_is_rendered_from_the_template(book, enrolment):
    email = steps.render_email(enrolment, book.max, book.now)
    assert email.to == "pat.marsh@oakterrace.example"
    assert email.subject == "Contoso Home Security for Oak Terrace"
    assert email.body.startswith("Dear Pat Marsh,\n\nThank you")
    assert "Kind regards\nAna\n" in email.body
    assert "{" not in email.body


def test_name_in_a_template_adds_no_header_and_is_not_filled_again(book, enrolment):
    book.set_customer(1, name="Oak {rep}\r\nBcc: all@contoso.example")
    email = steps.render_email(enrolment, book.ana, book.now)
    assert email.subject == "Contoso Home Security for Oak {rep} Bcc: all@contoso.example"


def test_email_handed_over_is_kept_and_closes_the_step(book, enrolment):
    email = steps.render_email(enrolment, book.ana, book.now)
    found = steps.email_handed_over(book.ana, book.now, enrolment, email)
    assert (found.next_step, found.counted_on.isoformat()) == ("Check-in email", "2026-11-21")
    kept = execute("SELECT recipient, subject, body, handed_to, sent_by FROM sent_email").fetchall()
    assert kept == [(email.to, email.subject, email.body, "mail program", "ana")]
    assert log.list_for_customer(1)[0].channel == "email"


def test_step_of_a_sent_email_can_be_undone_but_the_email_stays(book, enrolment):
    email = steps.render_email(enrolment, book.ana, book.now)
    before = book.visible()
    steps.email_handed_over(book.ana, book.now, enrolment, email)
    undo.undo(book.ana, book.now)
    assert book.visible() == before
    assert execute("SELECT count(*) FROM sent_email").fetchone()[0] == 1
    assert steps.render_email(enrolment, book.ana, book.now).sent_before == book.now
    sent = next(a for a in undo.list_actions(book.ana) if a.kind == "email.send")
    with pytest.raises(RefusedError, match="can't be taken back"):
        undo.undo(book.ana, book.now, sent.id)


def test_email_step_needs_the_primary_persons_address_and_says_what_to_mend(book, enrolment):
    book.set_person(1, email="")
    with pytest.raises(RefusedError, match="Pat Marsh of Oak Terrace has no email address: add it to the person"):
        steps.render_email(enrolment, book.ana, book.now)
    assert "no email address" in enrolments.get(enrolment, book.now).blocked


def test_email_step_needs_a_person_to_write_to(book):
    (made,) = enrolments.start(book.ana, book.now, [book.account("Pine Court", person="")])
    steps.done(book.ana, book.now, made)
    with pytest.raises(RefusedError, match="Pine Court has no person to write to"):
        steps.done(book.ana, book.now, made)


def test_call_step_has_no_email(book):
    (made,) = enrolments.start(book.ana, book.now, [book.account("Pine Court")])
    with pytest.raises(UsageError, match="is no email"):
        steps.render_email(made, book.ana, book.now)


def test_do_not_contact_blocks_the_email_before_it_is_shown(book, enrolment):
    book.set_person(1, do_not_contact=1)
    with pytest.raises(RefusedError, match="asked not to be contacted"):
        steps.render_email(enrolment, book.ana, book.now)


def test_reply_ends_nurture(book, enrolment):
    steps.replied(book.ana, book.now, enrolment, "asks for prices")
    detail = enrolments.get(enrolment, book.now)
    assert (detail.state, detail.exit_reason, detail.exit_note) == ("exited", "replied", "asks for prices")


def test_first_bounce_pauses_and_raises_a_task_to_mend_the_address(book, enrolment):
    steps.done(book.ana, book.now, enrolment)
    before = book.visible()
    found = steps.bounce(book.max, book.now, enrolment)
    assert found.state == "paused"
    (task,) = [a for a in log.list_for_customer(1) if a.state == "planned"]
    assert (task.subject, task.owner, task.due_on) == (
        "Mend the email address of Pat Marsh",
        "ana",
        book.today,
    )
    assert enrolments.get(enrolment, book.now).hold == "Paused: email bounced"
    undo.undo(book.max, book.now)
    assert book.visible() == before


def test_second_bounce_ends_nurture(book, enrolment):
    steps.done(book.ana, book.now, enrolment)
    steps.bounce(book.ana, book.now, enrolment)
    enrolments.resume(book.ana, book.now, enrolment)
    steps.done(book.ana, book.at("2026-11-23"), enrolment)
    assert steps.bounce(book.ana, book.at("2026-11-23"), enrolment).exit_reason == "bounced"
    assert enrolments.get(enrolment, book.now).state == "exited"
    assert execute("SELECT bounces FROM person").fetchone()[0] == 2


def test_bounce_before_any_email_is_refused(book):
    (made,) = enrolments.start(book.ana, book.now, [book.account("Pine Court")])
    with pytest.raises(RefusedError, match="No email"):
        steps.bounce(book.ana, book.now, made)


@pytest.mark.parametrize(("person", "marks"), [("Pat Marsh", (0, 1)), ("", (1, None))])
def test_opting_out_ends_nurture_and_is_remembered(book, person, marks):
    account = book.account("Pine Court", person=person)
    (made,) = enrolments.start(book.ana, book.now, [account])
    before = book.visible()
    enrolments.end(book.ana, book.now, made, "opted_out")
    assert enrolments.get(made, book.now).exit_reason == "opted_out"
    row = execute(
        "SELECT c.do_not_contact, p.do_not_contact FROM customer c LEFT JOIN person p ON p.account_id = c.id"
        " WHERE c.id = ?",
        (account,),
    ).fetchone()
    assert row == marks
    undo.undo(book.ana, book.now)
    assert book.visible() == before
