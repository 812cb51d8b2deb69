import datetime as dt
from email import message_from_bytes
from pathlib import Path

import pytest

from contoso_tui.commands import BY_ID, SCOPES
from models.activities import tasks
from models.customers import customers
from models.nurture import steps, views
from models.nurture.records import EnrolmentDetail
from tests.contoso_tui.screens.board_story import NOW, Session, Story, make_app, make_story, running


@pytest.fixture
def story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Story:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in ("CONTOSO_MAILER", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    return make_story(tmp_path)


def enrolment(story: Story, name: str) -> EnrolmentDetail:
    return story.read(views.get, story.nurture[name], NOW)


async def choose(session: Session, name: str) -> None:
    """Put the cursor on the line of a customer."""
    agenda = session.agenda
    key = next(key for key, item in agenda.items.items() if item.customer == name)
    agenda.list.move_to_key(key)
    await session.until(lambda: agenda.selected is not None and agenda.selected.item.customer == name)


async def test_sections_and_figures_at_80(story: Story) -> None:
    async with running(make_app(story, screen="agenda")) as session:
        await session.sees("1 LATE (2)")
        rows = session.rows()
        assert rows[0].startswith(" CONTOSO  TEST  Agenda  mine")
        assert "2 late   3 today" in rows[0]
        # With the word TEST there is no room for the year; what is shown is whole.
        assert "mine · nurture and deals" in rows[0]
        assert rows[1] == "─" * 80
        text = session.text()
        for part in ("2 NURTURE TODAY (2)", "3 DEAL STEPS TODAY (1)", "5 LATER (", "ON HOLD (1)"):
            assert part in text
        late = next(row for row in rows if "Fabrikam" in row)
        assert late[1:].startswith("! 3d    call    Fabrikam Clinics")
        assert "09:30  call    Alpine Ski House" in text
        assert rows[-1].startswith("d done  z snooze  x skip  a log  enter open")


async def test_side_and_dates_at_140(story: Story) -> None:
    async with running(make_app(story, screen="agenda"), (140, 40)) as session:
        await choose(session, "Oak Terrace")
        await session.sees("DATES IF DONE TODAY   Oak Terrace")
        text = session.text()
        for words in ("─ This step ─", "─ Why now ─", "─ Who ─", "─ Warnings ─", "─ November ─", "2 working days late"):
            assert words in text
        assert "[18]" in text
        assert "2 information email   +1 day    Thu 19 Nov" in text
        assert session.rows()[1].startswith(" View: mine · nurture and deals · 14 days")


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (100, 30), (120, 36), (140, 40)])
async def test_every_size_shows_lines_and_keys(story: Story, size: tuple[int, int]) -> None:
    async with running(make_app(story, screen="agenda"), size) as session:
        await session.sees("Fabrikam")
        assert len(session.rows()) == size[1]
        assert "? help" in session.rows()[-1]


async def test_a_call_is_done_by_one_key_and_shows_the_next_date(story: Story) -> None:
    async with running(make_app(story, screen="agenda")) as session:
        await choose(session, "Oak Terrace")
        await session.press("d")
        await session.sees("Oak Terrace: done, +1 pt · next: Information email tomorrow · u undo")
        assert session.agenda.item is not None
        assert session.agenda.item.customer == "Hazel School"
        assert enrolment(story, "Oak Terrace").position == 2
        await session.press("u")
        await session.sees("Undone")
        assert enrolment(story, "Oak Terrace").position == 1


async def test_without_a_mail_program_the_step_is_open_until_the_user_says_it_was_sent(
    story: Story, tmp_path: Path
) -> None:
    async with running(make_app(story, screen="agenda")) as session:
        await choose(session, "Hazel School")
        await session.press("d")
        await session.sees("No mail program starts here: send it yourself, then press ctrl+s.")
        text = session.text()
        assert "pat@example.com" in text
        assert "To my mail program" not in text
        assert "ctrl+s I sent it" in session.rows()[-1]
        await session.press("enter")
        await session.sees("Sent to your terminal's clipboard")
        assert "Subject: " in session.app.clipboard
        await session.press("right", "enter")
        await session.until(lambda: session.rows()[1].startswith(" To: pat@example.com"))
        await session.press("escape", "Y")
        await session.until(lambda: session.rows()[1].startswith(" To: pat@example.com"))
        await session.press("escape", "right", "enter")
        await session.sees("Written to ")
        path = tmp_path / "state" / "contoso" / "outbox" / f"L-{story.nurture['Hazel School']:04d}-2.eml"
        assert path.stat().st_mode & 0o777 == 0o600
        sent = message_from_bytes(path.read_bytes())
        assert sent["To"] == "pat@example.com"
        assert sent["X-Unsent"] == "1"
        assert enrolment(story, "Hazel School").position == 2
        await session.press("ctrl+s")
        await session.until(lambda: enrolment(story, "Hazel School").position == 3)
        await session.sees("Hazel School: sent")


async def test_the_mailer_gets_the_text_on_standard_input_only(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    got, words = tmp_path / "got", tmp_path / "words"
    program = tmp_path / "mailer"
    program.write_text(f'#!/bin/sh\necho "$@" > {words}\ncat > {got}\n')
    program.chmod(0o700)
    monkeypatch.setenv("CONTOSO_MAILER", f"{program} -t")
    async with running(make_app(story, screen="agenda")) as session:
        await choose(session, "Hazel School")
        await session.press("d")
        await session.sees("To my mail program")
        await session.press("ctrl+s")
        await session.until(lambda: enrolment(story, "Hazel School").position == 3)
    assert words.read_text() == "-t\n"
    assert b"pat@example.com" in got.read_bytes()


@pytest.mark.parametrize(
    ("mailer", "words"),
    [("false", "ended with 1"), ("/nowhere/mutt", "can't be started"), ("mutt '", "a quote in it is not closed")],
)
async def test_a_mailer_that_fails_leaves_the_step_open_and_the_text_at_hand(
    story: Story, monkeypatch: pytest.MonkeyPatch, mailer: str, words: str
) -> None:
    monkeypatch.setenv("CONTOSO_MAILER", mailer)
    async with running(make_app(story, screen="agenda")) as session:
        await choose(session, "Hazel School")
        await session.press("d")
        await session.sees("[ Copy ]")
        if words not in session.text():
            await session.press("enter")
        await session.sees(words)
        assert enrolment(story, "Hazel School").position == 2
        await session.press("y")
        await session.sees("Sent to your terminal's clipboard")
        await session.press("escape")
        await session.until(lambda: "[ Copy ]" not in session.text())
        assert enrolment(story, "Hazel School").position == 2


async def test_an_email_not_sent_now_changes_nothing(story: Story) -> None:
    async with running(make_app(story, screen="agenda")) as session:
        await choose(session, "Hazel School")
        await session.press("d")
        await session.sees("Not now")
        await session.press("escape")
        await session.until(lambda: "Not now" not in session.text())
        assert enrolment(story, "Hazel School").position == 2


async def test_the_last_talk_ends_qualified_with_a_deal(story: Story) -> None:
    async with running(make_app(story, screen="agenda")) as session:
        await choose(session, "Maple Hotel")
        await session.press("d")
        await session.sees("How did it end?")
        assert "(4/4)" in session.text()
        await session.press("right")
        await session.sees("Opens a deal in Qualify for ana.wu")
        await session.press("ctrl+s")
        await session.sees("opened D-")
        found = enrolment(story, "Maple Hotel")
        assert found.exit_reason == "qualified"
        assert found.deal_id is not None


async def test_a_booked_meeting_is_a_private_calendar_file(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    async with running(make_app(story, screen="agenda"), (120, 36)) as session:
        await choose(session, "Maple Hotel")
        await session.press("d")
        await session.sees("How did it end?")
        await session.press("right", "right", "right", "right")
        await session.sees("The appointment is scheduled")
        await session.press("ctrl+s")
        await session.sees("Meeting on is needed")
        await session.type("2026-11-24")
        await session.press("ctrl+s")
        await session.sees("Maple Hotel: booked · u undo · ")
        path = tmp_path / "state" / "contoso" / "calendar" / f"nurture-{story.nurture['Maple Hotel']}-4.ics"
        assert f"~/{path.relative_to(tmp_path)}" in session.text()
        assert path.stat().st_mode & 0o777 == 0o600
        text = path.read_bytes().decode()
        assert "DTSTART;VALUE=DATE:20261124\r\n" in text
        assert "SUMMARY:Maple Hotel: Appointment with Maple Hotel\r\n" in text
        await session.press("u")
        await session.sees("Undone")


async def test_disqualified_needs_a_reason_and_keeps_what_was_typed(story: Story) -> None:
    async with running(make_app(story, screen="agenda")) as session:
        await choose(session, "Maple Hotel")
        await session.press("d")
        await session.sees("How did it end?")
        await session.press("right", "right", "ctrl+s")
        await session.sees("Reason is needed")
        await session.type("too small")
        await session.press("ctrl+s")
        await session.until(lambda: enrolment(story, "Maple Hotel").exit_reason == "disqualified")


async def test_on_hold_says_why_instead_of_doing_it(story: Story) -> None:
    async with running(make_app(story, screen="agenda")) as session:
        await choose(session, "Willow Foods")
        await session.press("d")
        await session.sees("Willow Foods: Unpaid $1,980.00")
        assert enrolment(story, "Willow Foods").position == 1


async def test_skip_needs_a_reason_and_twice_asks_to_end(story: Story) -> None:
    async with running(make_app(story, screen="agenda")) as session:
        for position in (2, 3):
            await choose(session, "Oak Terrace")
            await session.press("x")
            await session.sees("Skip · Oak Terrace")
            await session.press("ctrl+s")
            await session.sees("Reason is needed")
            await session.type("on leave")
            await session.press("ctrl+s")
            await session.until(lambda position=position: enrolment(story, "Oak Terrace").position == position)
            if position == 2:
                await session.press("4")
                await session.until(lambda: any(i.customer == "Oak Terrace" for i in session.agenda.items.values()))
        await session.sees("Two steps in a row were skipped")
        await session.press("right", "enter")
        await session.sees("Leave nurture · Oak Terrace")
        await session.press("right", "tab", "tab")
        await session.press("ctrl+s")
        await session.until(lambda: enrolment(story, "Oak Terrace").exit_reason == "replied")


async def test_snooze_moves_this_step_alone(story: Story) -> None:
    async with running(make_app(story, screen="agenda")) as session:
        await choose(session, "Oak Terrace")
        await session.press("z")
        await session.sees("Snooze · Oak Terrace")
        await session.type("fri")
        await session.sees("Fri 20 Nov 2026")
        await session.press("enter")
        await session.sees("Snoozed Oak Terrace to Fri 20 Nov 2026")
        assert enrolment(story, "Oak Terrace").steps[0].due_on == dt.date(2026, 11, 20)


async def test_marked_lines_are_snoozed_together_as_one_undo(story: Story) -> None:
    async with running(make_app(story, screen="agenda")) as session:
        await session.sees("1 LATE")
        await session.press("space", "space")
        await session.sees("2 marked")
        await session.press("a")
        await session.sees("line by line")
        await session.press("z")
        await session.sees("Snooze · 2 marked steps")
        await session.press("w")
        await session.sees("Snoozed 2 steps to Wed 25 Nov 2026")
        assert story.deal("Fabrikam Clinics").next_step_on == dt.date(2026, 11, 25)
        await session.press("u")
        await session.until(lambda: story.deal("Fabrikam Clinics").next_step_on == dt.date(2026, 11, 13))
        await session.press("*")
        await session.sees("marked")
        await session.press("escape")
        await session.until(lambda: not session.agenda.marked)


def keys_of(session: Session, *names: str) -> set[object]:
    return {key for key, item in session.agenda.items.items() if item.customer in names}


async def test_marked_lines_are_done_together_but_for_what_must_be_read_or_asked_first(story: Story) -> None:
    story.act("ana.wu", tasks.plan, customer_id=story.customers["Oak Terrace"], text="Mend the address", on=NOW.date())
    async with running(make_app(story, screen="agenda"), (100, 30)) as session:
        agenda = session.agenda
        await session.sees("Mend the address")
        marked = keys_of(session, "Oak Terrace", "Fabrikam Clinics", "Hazel School", "Maple Hotel", "Willow Foods")
        agenda.list.marked = marked
        await session.press("d")
        await session.sees("3 can be done, 3 cannot:")
        text = session.text()
        for words in (
            "Hazel School: an email is shown before it leaves",
            "Maple Hotel: the last talk is asked for its result",
            "Willow Foods: Unpaid $1,980.00",
        ):
            assert words in text
        await session.press("right", "enter")
        await session.sees("Done: 3 steps; what comes next is for Fabrikam Clinics")
        await session.type("Call again")
        await session.press("tab")
        await session.type("fri")
        await session.press("ctrl+s")
        await session.sees("Done: 3 steps · +3 pts · u undo")
        assert story.deal("Fabrikam Clinics").next_step == "Call again"
        assert enrolment(story, "Oak Terrace").position == 2
        assert enrolment(story, "Hazel School").position == 2
        await session.until(
            lambda: {i.customer for i in agenda.marked} == {"Hazel School", "Maple Hotel", "Willow Foods"}
        )
        assert "Mend the address" not in [item.text for item in agenda.items.values()]
        await session.press("u")
        await session.sees("Undone: Done: 3 steps")
        assert story.deal("Fabrikam Clinics").next_step == "Send quote r3"
        assert enrolment(story, "Oak Terrace").position == 1


async def test_marked_steps_of_nurture_are_skipped_for_one_reason(story: Story) -> None:
    async with running(make_app(story, screen="agenda")) as session:
        await session.sees("Oak Terrace")
        session.agenda.list.marked = keys_of(session, "Oak Terrace", "Hazel School")
        await session.press("x")
        await session.sees("Skip · 2 marked steps")
        await session.type("holidays")
        await session.press("ctrl+s")
        await session.sees("Skipped 2 steps · u undo")
        assert (enrolment(story, "Oak Terrace").position, enrolment(story, "Hazel School").position) == (2, 3)
        await session.until(lambda: not session.agenda.marked)
        await session.press("u")
        await session.sees("Undone: Skipped 2 steps")
        assert (enrolment(story, "Oak Terrace").position, enrolment(story, "Hazel School").position) == (1, 2)
        session.agenda.list.marked = keys_of(session, "Fabrikam Clinics")
        await session.press("x")
        await session.sees("Fabrikam Clinics: only steps of nurture are skipped")
        assert "[ Cancel ]" in session.text()
        assert "[ Skip" not in session.text()


async def test_the_next_step_of_marked_deals_is_set_for_all(story: Story) -> None:
    async with running(make_app(story, screen="agenda")) as session:
        await session.sees("Oak Terrace")
        session.agenda.list.marked = keys_of(session, "Fabrikam Clinics", "Alpine Ski House")
        await session.press("s")
        await session.sees("Next step · 2 deals")
        await session.type("Send the new prices")
        await session.press("tab")
        await session.type("fri")
        await session.press("ctrl+s")
        await session.until(lambda: story.deal("Alpine Ski House").next_step == "Send the new prices")
        assert story.deal("Fabrikam Clinics").next_step == "Send the new prices"


async def test_later_days_open_and_what_is_there_can_be_left_on_screen(story: Story) -> None:
    story.act("ana.wu", steps.snooze, story.nurture["Oak Terrace"], dt.date(2026, 11, 25))
    async with running(make_app(story, screen="agenda")) as session:
        agenda = session.agenda
        await session.sees("5 LATER (")
        assert "Oak Terrace" not in session.text()
        while not agenda.on_fold:
            await session.press("j")
        await session.press("t")
        await session.sees("This is the head of a section")
        await session.press("l")
        await session.sees("   Wed 25 Nov")
        await choose(session, "Oak Terrace")
        await session.press("m")
        await session.sees("Nurture · Oak Terrace")
        await session.press("escape")
        await session.press("h")
        await session.until(lambda: "Oak Terrace" not in session.text() and agenda.on_fold)
        await session.press("enter")
        await session.sees("Oak Terrace")
        await session.press("enter")
        await session.until(lambda: "Oak Terrace" not in session.text())
        await session.press("5")
        await session.until(lambda: agenda.item is not None and agenda.item.due_on > dt.date(2026, 11, 19))
        await session.press("5")
        await session.until(lambda: agenda.on_fold)


async def test_the_filter_finds_what_is_due_later(story: Story) -> None:
    story.act("ana.wu", steps.snooze, story.nurture["Oak Terrace"], dt.date(2026, 11, 25))
    async with running(make_app(story, screen="agenda")) as session:
        await session.sees("5 LATER (")
        await session.press("/")
        await session.type("oak")
        await session.sees("5 LATER (1)")
        await session.sees("   Wed 25 Nov")
        assert "1 matches" in session.text()
        await session.press("enter")
        await session.until(lambda: session.agenda.item is not None and session.agenda.item.customer == "Oak Terrace")


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_columns_and_list_stay_where_they_are_while_one_moves(story: Story, size: tuple[int, int]) -> None:
    async with running(make_app(story, screen="agenda"), size) as session:
        agenda = session.agenda
        await session.sees("Oak Terrace")
        width = agenda.list.size.width
        ids = {row.index(show) for row in session.rows()[:-3] for show in ("L-02", "D-10") if f" {show}" in row[:width]}
        assert len(ids) == 1
        await choose(session, "Fabrikam Clinics")
        await session.until(lambda: agenda.dates.size.height == (5 if size[1] >= 30 else 0))
        height = agenda.list.size.height
        await choose(session, "Oak Terrace")
        assert agenda.list.size.height == height
        agenda.action_list_filter()
        await session.type("oak")
        await session.sees("1 matches")
        assert {row.index("L-02") for row in session.rows()[:-3] if " L-02" in row[:width]} == ids


async def test_pause_hand_over_and_resume(story: Story) -> None:
    async with running(make_app(story, screen="agenda")) as session:
        await choose(session, "Oak Terrace")
        await session.press("m")
        await session.sees("Nurture · Oak Terrace")
        await session.press("enter")
        await session.sees("Paused nurture: Oak Terrace")
        await choose(session, "Oak Terrace")
        await session.press("m")
        await session.sees("Resume")
        await session.press("enter")
        await session.sees("Resumed nurture")
        await choose(session, "Oak Terrace")
        await session.press("m")
        await session.type("bo.lee")
        await session.press("enter")
        await session.until(lambda: story.read(customers.get_row, story.customers["Oak Terrace"]).owner == "bo.lee")


async def test_deal_step_set_done_and_log(story: Story) -> None:
    async with running(make_app(story, screen="agenda")) as session:
        await choose(session, "Fabrikam Clinics")
        await session.press("s")
        await session.sees("Next step · Fabrikam")
        await session.press("ctrl+u")
        await session.type("Send quote r4")
        await session.press("tab", "ctrl+u")
        await session.type("fri")
        await session.press("ctrl+s")
        await session.until(lambda: story.deal("Fabrikam Clinics").next_step == "Send quote r4")
        await choose(session, "Alpine Ski House")
        await session.press("d")
        await session.sees("Done: Call")
        await session.press("ctrl+s")
        await session.until(lambda: not story.deal("Alpine Ski House").next_step)
        await choose(session, "Oak Terrace")
        await session.press("a")
        await session.sees("The next step becomes a task of yours")
        await session.type("They called")
        await session.press("ctrl+s")
        await session.sees("Logged call: Oak Terrace")


async def test_a_task_is_done_by_one_key(story: Story) -> None:
    story.act("ana.wu", tasks.plan, customer_id=story.customers["Oak Terrace"], text="Mend the address", on=NOW.date())
    async with running(make_app(story, screen="agenda")) as session:
        await session.sees("Mend the address")
        key = next(key for key, item in session.agenda.items.items() if item.kind == "task")
        session.agenda.list.move_to_key(key)
        await session.press("s")
        await session.sees("is a task: d closes it")
        await session.press("d")
        await session.until(lambda: "Mend the address" not in [i.text for i in session.agenda.items.values()])


async def test_views_sections_filter_and_back(story: Story) -> None:
    async with running(make_app(story, screen="agenda")) as session:
        await session.sees("1 LATE")
        for name in ("mine · nurture only", "mine · deals only", "my week", "mine · nurture and deals"):
            await session.press("v")
            await session.sees(name[:18])
        await session.until(lambda: len(session.agenda.items) >= 5)
        await session.press("3")
        await session.until(lambda: session.agenda.item is not None and session.agenda.item.kind == "deal")
        await session.press("/")
        await session.type("oak")
        await session.sees("1 matches")
        await session.press("enter", "escape")
        await session.until(lambda: session.agenda.filter_text == "")


async def test_manager_sees_the_team(story: Story) -> None:
    async with running(make_app(story, "gil.ortega", screen="agenda")) as session:
        await session.press("v", "v", "v")
        await session.sees("Fabrikam")


async def test_nothing_late_names_what_comes_first(story: Story) -> None:
    async with running(make_app(story, "bo.lee", screen="agenda")) as session:
        await session.sees("Nothing late.")


async def test_what_another_did_goes_from_the_list(story: Story) -> None:
    async with running(make_app(story, screen="agenda")) as session:
        await session.sees("Oak Terrace")

        story.act("gil.ortega", steps.done, story.nurture["Oak Terrace"])
        await session.until(
            lambda: not any(i.customer == "Oak Terrace" and i.position == 1 for i in session.agenda.items.values())
        )


async def test_every_key_of_the_agenda_has_a_method(story: Story) -> None:
    async with running(make_app(story, screen="agenda")) as session:
        for command_id in SCOPES["agenda"].ids:
            assert callable(getattr(session.agenda, BY_ID[command_id].method)), command_id
        await choose(session, "Oak Terrace")
        await session.press("t")
        await session.sees("has no deal on this line")
        await choose(session, "Fabrikam Clinics")
        await session.press("x")
        await session.sees("Only steps of nurture can be skipped")


async def test_undo_looks_before_an_email_that_has_left_when_asked_again(story: Story) -> None:
    async with running(make_app(story, screen="agenda")) as session:
        await choose(session, "Oak Terrace")
        await session.press("d")
        await session.until(lambda: enrolment(story, "Oak Terrace").position == 2)
        await choose(session, "Hazel School")
        await session.press("d")
        await session.sees("I sent it")
        await session.press("ctrl+s")
        await session.until(lambda: enrolment(story, "Hazel School").position == 3)
        await session.press("u")
        await session.sees("Undone: Information email of Hazel School")
        await session.press("u")
        await session.sees("Sent Information email to Hazel School: it has left")
        assert enrolment(story, "Oak Terrace").position == 2
        await choose(session, "Hazel School")
        await session.press("d")
        await session.sees("! It left already today: send it only if it came back.")
        await session.press("escape", "u")
        await session.sees("Undone: Introduction call of Oak Terrace")
        assert enrolment(story, "Oak Terrace").position == 1
        assert enrolment(story, "Hazel School").position == 2
        await session.press("U")
        await session.sees("Redone: Introduction call of Oak Terrace")
