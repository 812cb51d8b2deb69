from __future__ import annotations

import datetime as dt

import pytest

from models import ids, journal, undo
from models.activities import next_steps
from models.database import execute
from models.deals import deals
from models.errors import ContosoError, NotAllowedError, NotFoundError, RefusedError, UsageError
from models.nurture import enrolments, steps


def step_rows(enrolment):
    return execute(
        "SELECT position, state, counted_on, due_on FROM enrolment_step WHERE enrolment_id = ? ORDER BY position",
        (enrolment,),
    ).fetchall()


def test_start_opens_the_first_step_today_and_is_one_undo(book):
    account = book.account()
    before = book.visible()
    (enrolment,) = enrolments.start(book.ana, book.now, [account])
    assert step_rows(enrolment) == [
        (1, "due", "2026-11-18", "2026-11-18"),
        (2, "pending", None, None),
        (3, "pending", None, None),
        (4, "pending", None, None),
    ]
    undo.undo(book.ana, book.now)
    assert book.visible() == before


def test_individuals_cannot_be_nurtured(book):
    nora = book.account("Nora Vale", kind="individual")
    with pytest.raises(RefusedError, match="Nora Vale is an individual; nurture is for corporate accounts"):
        enrolments.start(book.ana, book.now, [nora])
    (preview,) = enrolments.preview(book.ana, book.now, [nora])
    assert preview.refusal == "Nora Vale is an individual; nurture is for corporate accounts"
    assert execute("SELECT count(*) FROM enrolment").fetchone()[0] == 0


def test_database_itself_refuses_nurture_of_an_individual(book):
    nora = book.account("Nora Vale", kind="individual")
    with pytest.raises(RefusedError) as refused, journal.action(book.ana, book.now, "raw", "Raw"):
        execute(
            "INSERT INTO enrolment (customer_id, programme_id, programme_code, started_at, started_on, started_by)"
            " VALUES (?, 1, 'introduction', 0, '2026-11-18', 'ana')",
            (nora,),
        )
    assert refused.value.rule == "CRM201"


def test_corporate_is_checked_before_each_step(book):
    account = book.account()
    (enrolment,) = enrolments.start(book.ana, book.now, [account])
    # Only without its trigger does the database let an account in nurture become an individual.
    execute("DROP TRIGGER customer_in_nurture")
    book.set_customer(account, kind="individual")
    for work in (
        lambda: steps.check(book.ana, book.now, enrolment),
        lambda: steps.done(book.ana, book.now, enrolment),
        lambda: steps.skip(book.ana, book.now, enrolment, "no"),
        lambda: steps.snooze(book.ana, book.now, enrolment, dt.date(2026, 11, 24)),
    ):
        with pytest.raises(RefusedError, match="is an individual"):
            work()
    enrolments.end(book.ana, book.now, enrolment, "no_longer_corporate")
    assert enrolments.get(enrolment, book.now).exit_reason == "no_longer_corporate"


def test_one_active_enrolment_for_account_and_programme(book):
    account = book.account()
    (enrolment,) = enrolments.start(book.ana, book.now, [account])
    steps.done(book.ana, book.now, enrolment)
    with pytest.raises(RefusedError) as refused:
        enrolments.start(book.ana, book.now, [account])
    shown = ids.show_enrolment(enrolment)
    assert refused.value.message == (
        f"Oak Terrace is in Introduction to Contoso already: {shown}, step 2 of 4, since Wed 18 Nov 2026"
    )
    enrolments.end(book.ana, book.now, enrolment, "moved away")
    assert enrolments.start(book.ana, book.now, [account]) == [enrolment + 1]


@pytest.mark.parametrize(("days", "warns"), [(30, True), (31, False)])
def test_enrolling_again_within_30_days_warns(book, days, warns):
    account = book.account()
    (enrolment,) = enrolments.start(book.ana, book.now, [account])
    enrolments.end(book.ana, book.now, enrolment, "no answer")
    (preview,) = enrolments.preview(book.ana, book.now + dt.timedelta(days=days), [account])
    assert ("only 30 days ago (ended by hand, Wed 18 Nov 2026)" in preview.warning) is warns
    assert preview.refusal == ""


@pytest.mark.parametrize(
    ("login", "allowed"),
    [("ana", True), ("max", True), ("bo", False), ("olga", False), ("uma", False), ("sid", False)],
)
def test_enrolling_and_steps_are_for_the_accounts_owner_or_a_manager(book, login, allowed):
    actor = book.actors[login]
    account, other = book.account(), book.account("Pine Court")
    (running,) = enrolments.start(book.ana, book.now, [other])
    work = (
        lambda: enrolments.start(actor, book.now, [account]),
        lambda: steps.snooze(actor, book.now, running, dt.date(2026, 11, 24)),
        lambda: enrolments.pause(actor, book.now, running),
        lambda: enrolments.resume(actor, book.now, running),
        lambda: steps.done(actor, book.now, running),
        lambda: steps.skip(actor, book.now, running, "not now"),
        lambda: enrolments.end(actor, book.now, running, "over"),
    )
    for one in work:
        if allowed:
            one()
        else:
            with pytest.raises(NotAllowedError):
                one()


def test_role_is_judged_before_the_rules(book):
    nora = book.account("Nora Vale", kind="individual")
    with pytest.raises(NotAllowedError):
        enrolments.start(book.bo, book.now, [nora])


def test_many_start_together_or_not_at_all(book):
    accounts = [book.account("Oak Terrace"), book.account("Pine Court"), book.account("Nora Vale", kind="individual")]
    with pytest.raises(RefusedError):
        enrolments.start(book.ana, book.now, accounts)
    assert enrolments.list_enrolments(book.now) == []
    assert len(enrolments.start(book.ana, book.now, accounts[:2])) == 2
    assert undo.list_actions(book.ana)[0].summary == "Started nurture of 2 accounts"
    undo.undo(book.ana, book.now)
    assert enrolments.list_enrolments(book.now) == []


def test_preview_shows_four_dates_each_done_on_its_due_day_and_the_load(book):
    accounts = [book.account("Oak Terrace"), book.account("Pine Court"), book.account("Rowan Hotel", owner="bo")]
    deal = deals.create(book.ana, book.now, accounts[0])
    next_steps.set_step(book.ana, book.now, deal, "Call", dt.date(2026, 11, 19))
    found = enrolments.preview(book.max, book.now, accounts)
    # Wed 18; +1 Thu 19; +3 Sun 22 -> Mon 23; +2 Wed 25.
    assert [(d.counted_on.isoformat(), d.due_on.isoformat()) for d in found[0].dates] == [
        ("2026-11-18", "2026-11-18"),
        ("2026-11-19", "2026-11-19"),
        ("2026-11-22", "2026-11-23"),
        ("2026-11-25", "2026-11-25"),
    ]
    load = {(day.owner, day.on.isoformat()): (day.planned, day.added) for day in enrolments.load(found)}
    assert load["ana", "2026-11-19"] == (1, 2)
    assert load["bo", "2026-11-19"] == (0, 1)
    assert len(load) == 8


def test_paused_stands_still_and_resumes_not_before_today(book):
    (enrolment,) = enrolments.start(book.ana, book.now, [book.account()])
    before = book.visible()
    enrolments.pause(book.ana, book.now, enrolment, "on holiday")
    with pytest.raises(RefusedError, match=r"paused \(on holiday\); resume it first"):
        steps.done(book.ana, book.now, enrolment)
    assert enrolments.list_enrolments(book.now, which="hold")[0].hold == "Paused: on holiday"
    undo.undo(book.ana, book.now)
    assert book.visible() == before
    enrolments.pause(book.ana, book.now, enrolment)
    # Saturday 28 November: the next working day is Monday the 30th.
    assert enrolments.resume(book.ana, book.at("2026-11-28"), enrolment) == dt.date(2026, 11, 30)
    with pytest.raises(RefusedError, match="not paused"):
        enrolments.resume(book.ana, book.now, enrolment)


@pytest.mark.parametrize(
    ("reason", "note", "code", "kept"),
    [
        ("replied", "", "replied", ""),
        ("no longer corporate", "", "no_longer_corporate", ""),
        ("they closed the hotel", "", "manual", "they closed the hotel"),
        ("disqualified", "no buildings", "disqualified", "no buildings"),
    ],
)
def test_end_keeps_why_who_and_when_and_can_be_undone(book, reason, note, code, kept):
    (enrolment,) = enrolments.start(book.ana, book.now, [book.account()])
    before = book.visible()
    enrolments.end(book.ana, book.now, enrolment, reason, note)
    found = enrolments.get(enrolment, book.now)
    assert (found.state, found.exit_reason, found.exit_note) == ("exited", code, kept)
    assert (found.ended_by, found.ended_at) == ("ana", book.now)
    assert {step.state for step in found.steps} == {"cancelled"}
    with pytest.raises(RefusedError, match="has ended"):
        steps.done(book.ana, book.now, enrolment)
    undo.undo(book.ana, book.now)
    assert book.visible() == before


@pytest.mark.parametrize("reason", ["", "  ", "disqualified"])
def test_end_needs_a_reason(book, reason):
    (enrolment,) = enrolments.start(book.ana, book.now, [book.account()])
    with pytest.raises(UsageError):
        enrolments.end(book.ana, book.now, enrolment, reason)


def test_unknown_enrolment_is_not_found(book):
    for work in (
        lambda: enrolments.get(77, book.now),
        lambda: enrolments.pause(book.ana, book.now, 77),
        lambda: steps.done(book.ana, book.now, 77),
    ):
        with pytest.raises(NotFoundError, match="L-0077"):
            work()


def test_merged_customers_nurture_goes_on_with_the_kept_one(book):
    gone, kept = book.account("Oak Terrace LLC"), book.account()
    (enrolment,) = enrolments.start(book.ana, book.now, [gone])
    enrolments.follow_merge(book.ana, book.now, gone, kept)
    assert enrolments.find_active(kept) == enrolment
    assert enrolments.find_active(gone) is None


def test_two_running_nurtures_of_merged_customers_leave_one(book):
    gone, kept = book.account("Oak Terrace LLC"), book.account()
    first, second = enrolments.start(book.ana, book.now, [gone, kept])
    before = book.visible()
    enrolments.follow_merge(book.ana, book.now, gone, kept)
    assert enrolments.get(first, book.now).exit_reason == "merged"
    assert enrolments.find_active(kept) == second
    undo.undo(book.ana, book.now)
    assert book.visible() == before


def test_account_in_nurture_stays_corporate_until_it_ends(book):
    account = book.account()
    (enrolment,) = enrolments.start(book.ana, book.now, [account])
    with pytest.raises(ContosoError, match="End the account's nurture"):
        book.set_customer(account, kind="individual")
    enrolments.end(book.ana, book.now, enrolment, "no_longer_corporate")
    book.set_customer(account, kind="individual")
    assert enrolments.find_active(account) is None


def test_account_named_twice_is_enrolled_once(book):
    account = book.account()
    first, second = enrolments.start(book.ana, book.now, [account, account])
    assert first == second


def test_list_of_enrolments_by_view(book):
    late, today, held = (book.account(name) for name in ("Late Inc", "Oak Terrace", "Willow Foods"))
    enrolments.start(book.ana, book.at("2026-11-13"), [late])
    enrolments.start(book.ana, book.now, [today, held])
    (ended,) = enrolments.start(book.ana, book.now, [book.account("Gone")])
    enrolments.end(book.ana, book.now, ended, "replied")
    book.set_customer(held, has_high_case=1)

    def names(which, owner_id=None):
        return [row.customer for row in enrolments.list_enrolments(book.now, which=which, owner_id=owner_id)]

    assert names("running") == ["Late Inc", "Willow Foods", "Oak Terrace"]
    assert names("due") == ["Late Inc", "Oak Terrace"]
    assert names("late") == ["Late Inc"]
    assert names("hold") == ["Willow Foods"]
    assert names("ended") == ["Gone"]
    assert names("running", book.bo.id) == []
    assert enrolments.list_enrolments(book.now, which="late")[0].late_working_days == 3
    with pytest.raises(UsageError):
        enrolments.list_enrolments(book.now, which="nonsense")
