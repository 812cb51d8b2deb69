from __future__ import annotations

import pytest

from models.errors import NotAllowedError, NotFoundError, UsageError
from models.nurture import enrolments, programmes, steps
from models.nurture.records import ProgrammeStep

SHORT = [
    ProgrammeStep(1, "call", "First call", 0, "lead_call"),
    ProgrammeStep(2, "visit", "Visit", 10, "first_appointment"),
]


def test_shipped_programme_has_four_steps_with_their_days(book):
    steps_of = programmes.get("introduction").steps
    assert [(s.position, s.channel, s.days_after) for s in steps_of] == [
        (1, "call", 0),
        (2, "email", 1),
        (3, "email", 3),
        (4, "call", 2),
    ]


def test_changing_a_programme_makes_a_new_version_and_the_enrolled_stay_on_theirs(book):
    old, new = book.account(), book.account("Pine Court")
    (before,) = enrolments.start(book.ana, book.now, [old])
    made = programmes.new_version(book.olga, book.now, "introduction", SHORT)
    assert (made.version, made.name) == (2, "Introduction to Contoso")
    (after,) = enrolments.start(book.ana, book.now, [new])
    assert steps.done(book.ana, book.now, before).next_step == "Information email"
    assert steps.done(book.ana, book.now, after).counted_on.isoformat() == "2026-11-28"
    assert {row.customer: row.of for row in enrolments.list_enrolments(book.now)} == {"Oak Terrace": 4, "Pine Court": 2}
    assert [p.version for p in programmes.list_programmes()] == [2]


def test_programme_out_of_use_starts_nobody(book):
    programmes.new_version(book.olga, book.now, "introduction", SHORT, is_active=False)
    (preview,) = enrolments.preview(book.ana, book.now, [book.account()])
    assert preview.refusal == "Introduction to Contoso is no longer in use"


@pytest.mark.parametrize("login", ["ana", "bo", "max", "uma", "sid"])
def test_programmes_are_for_operations(book, login):
    with pytest.raises(NotAllowedError):
        programmes.new_version(book.actors[login], book.now, "introduction", SHORT)


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ([], "at least one step"),
        ([ProgrammeStep(1, "fax", "Fax", 0)], "channel 'fax'"),
        ([ProgrammeStep(1, "call", "  ", 0)], "needs a name"),
        ([ProgrammeStep(1, "call", "Call", -1)], "negative"),
        ([ProgrammeStep(1, "call", "Call", 0, "dance")], "type 'dance'"),
        ([ProgrammeStep(1, "email", "Mail", 0, "", "Hello")], "subject and a body"),
    ],
)
def test_broken_programme_is_refused_in_words(book, broken, words):
    with pytest.raises(UsageError, match=words):
        programmes.new_version(book.olga, book.now, "introduction", broken)
    assert programmes.get("introduction").version == 1


def test_unknown_programme_names_those_there_are(book):
    with pytest.raises(NotFoundError, match="introduction"):
        programmes.get("winback")
