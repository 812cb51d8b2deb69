"""The tech check by key: who signs, who asks, who reads, what it costs in keys, and that nothing is lost."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from pathlib import Path

import pytest

from contoso_tui.dialogs.base import Dialog
from contoso_tui.dialogs.drafts import DraftsDialog
from contoso_tui.dialogs.form import FormDialog
from contoso_tui.dialogs.tech_read import TechRead
from contoso_tui.dialogs.tech_sign import TechSignDialog
from models import database, journal
from models.deals import lines, quotes, tech_checks
from models.deals.records import TechState
from models.people import users
from tests.contoso_tui.screens.deal_story import NOW, Story, act, ask, build, make_app


@pytest.fixture
def story(tmp_path, monkeypatch) -> Story:
    for name in ("STATE", "CONFIG", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    return build(tmp_path / "story.db")


def view(story: Story, deal_id: int):
    return ask(story, tech_checks.get_view, deal_id, NOW)


async def ready(pilot, app, wait_until):
    await wait_until(pilot, lambda: getattr(app.screen, "page", None) is not None)


async def sign_opened(pilot, app, wait_until):
    await ready(pilot, app, wait_until)
    await pilot.press("t")
    await wait_until(pilot, lambda: isinstance(app.screen, TechSignDialog) and app.screen.box.text)


async def test_a_consultant_signs_without_answers_in_at_most_14_keys(story, wait_until, shown) -> None:
    app = make_app(story, "uma.reyes", f"D-{story.power}")
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, app, wait_until)
        before = ["t", *["tab"] * 5]
        date = [*"17 nov"]
        middle = ["tab", "right", "right", "tab"]
        details = [*"443 opens before go-live"]
        await pilot.press("t")
        await wait_until(pilot, lambda: isinstance(app.screen, TechSignDialog))
        await pilot.press(*before[1:])
        assert app.screen.state.field.name == "checked_on"
        await pilot.press(*date, *middle, *details, "ctrl+s")
        await wait_until(pilot, lambda: not isinstance(app.screen, FormDialog))
        assert len(before) + len(middle) + 1 <= 14
        last = view(story, story.power).last
        assert (last.outcome, last.checked_on) == (TechState.PASSED_WITH_CONDITIONS, dt.date(2026, 11, 17))
        assert (last.signed_by, last.details) == ("uma.reyes", "443 opens before go-live")
        assert [answer for _, answer, _ in last.answers] == [""] * 5
        await wait_until(pilot, lambda: "Signed City Power & Light" in shown(app)[-2])
        assert "undo" not in shown(app)[-2]
        await wait_until(pilot, lambda: any("TC passed with conditions" in row for row in shown(app)))


async def test_six_answers_take_at_most_16_keys(story, wait_until, shown) -> None:
    text = (Path(__file__).parents[3] / "models" / "process.toml").read_text("utf-8")
    text = text.replace('"Monitoring line tested?",', '"Monitoring line tested?",\n    "Roof access agreed?",')
    columns = "INSERT INTO process_version (text, parsed, loaded_at, loaded_by) VALUES (?, ?, 1, 'olga')"

    def use(actor, now) -> None:
        with journal.action(actor, now, "process.use", "New questions"):
            database.execute(columns, (text, json.dumps(tomllib.loads(text))))

    act(story, "olga", use)
    app = make_app(story, "uma.reyes", f"D-{story.power}")
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, app, wait_until)
        keys = ["t", "y", "y", "n", "y", "y", "y"]
        await sign_opened(pilot, app, wait_until)
        await pilot.press(*keys[1:])
        assert app.screen.state.field.name == "checked_on"
        await pilot.press(*"today", "tab", "right", "ctrl+s")
        # One answer is no: signing it as passed is asked once.
        await wait_until(pilot, lambda: "1 answer is no" in "".join(shown(app)))
        await pilot.press("right", "right", "enter")
        await wait_until(pilot, lambda: not isinstance(app.screen, Dialog))
        assert len(keys) + 3 + 3 <= 16
        last = view(story, story.power).last
        assert [answer for _, answer, _ in last.answers] == ["yes", "yes", "no", "yes", "yes", "yes"]
        assert last.outcome is TechState.PASSED


async def test_a_check_whose_answers_say_no_passes_only_when_asked_again(story, wait_until, shown) -> None:
    app = make_app(story, "uma.reyes", f"D-{story.power}")
    async with app.run_test(size=(80, 24)) as pilot:
        await sign_opened(pilot, app, wait_until)
        form = app.screen
        form.state.set_text("checked_on", "today")
        form.state.set_text("outcome", "passed")
        await pilot.press("ctrl+s")
        await wait_until(pilot, lambda: "None of the questions is answered" in "".join(shown(app)))
        await pilot.press("enter")
        await wait_until(pilot, lambda: app.screen is form)
        assert view(story, story.power).last is None
        await pilot.press("n", "n", "n", "n", "ctrl+s")
        await wait_until(pilot, lambda: "4 answers are no, 1 question has no answer" in "".join(shown(app)))
        await pilot.press("right", "enter")
        await wait_until(pilot, lambda: app.screen is form)
        assert form.state.text("outcome") == "passed_with_conditions"
        assert form.state.field.name == "details"
        await pilot.press(*"all again in May", "ctrl+s")
        await wait_until(pilot, lambda: not isinstance(app.screen, Dialog))
        assert view(story, story.power).last.outcome is TechState.PASSED_WITH_CONDITIONS


async def test_a_check_whose_answers_are_all_yes_passes_without_a_question(story, wait_until) -> None:
    app = make_app(story, "uma.reyes", f"D-{story.power}")
    async with app.run_test(size=(80, 24)) as pilot:
        await sign_opened(pilot, app, wait_until)
        await pilot.press(*["y"] * 5, *"today", "tab", "right", "ctrl+s")
        await wait_until(pilot, lambda: not isinstance(app.screen, Dialog))
        assert view(story, story.power).last.outcome is TechState.PASSED


async def test_evidence_is_one_step_back_from_an_answer(story, wait_until) -> None:
    app = make_app(story, "uma.reyes", f"D-{story.power}")
    async with app.run_test(size=(80, 24)) as pilot:
        await sign_opened(pilot, app, wait_until)
        await pilot.press("y", "n", "shift+tab", *"proxy only")
        assert app.screen.state.text("e1") == "proxy only"
        await pilot.press("tab")
        assert app.screen.state.field.name == "q2"
        assert "(*) no  proxy only" in app.screen.box.text


async def test_the_box_is_no_higher_than_its_questions(story, wait_until, shown) -> None:
    app = make_app(story, "uma.reyes", f"D-{story.power}")
    async with app.run_test(size=(120, 40)) as pilot:
        await sign_opened(pilot, app, wait_until)
        rows = shown(app)
        foot = next(number for number, row in enumerate(rows) if "└" in row and "[ Sign ]" in row)
        assert "still needed" in rows[foot - 1]


async def test_nothing_is_preselected_and_last_time_is_only_shown(story, wait_until) -> None:
    app = make_app(story, "uma.reyes", f"D-{story.power}")
    async with app.run_test(size=(80, 24)) as pilot:
        await sign_opened(pilot, app, wait_until)
        assert app.screen.kept == {}
        text = app.screen.box.text
        assert "last: yes" in text
        assert "Last time" in text
        assert "(*)" not in text
        await pilot.press("ctrl+s")
        assert app.screen.state.errors.keys() == {"checked_on", "outcome"}
        assert view(story, story.power).last is None


async def test_details_are_needed_unless_it_passed_and_dates_are_checked(story, wait_until) -> None:
    app = make_app(story, "uma.reyes", f"D-{story.power}")
    async with app.run_test(size=(80, 24)) as pilot:
        await sign_opened(pilot, app, wait_until)
        await pilot.press(*["tab"] * 5, *"tomorrow", "tab", *["right"] * 3)
        assert "still needed: Details" in app.screen.box.text
        await pilot.press("tab", *"no power", "ctrl+s")
        assert "future" in app.screen.state.errors["checked_on"]
        app.screen.state.set_text("checked_on", "2026-09-30")
        await pilot.press("ctrl+s")
        assert "did not exist" in app.screen.state.errors["checked_on"]
        app.screen.state.set_text("checked_on", "today")
        await pilot.press("ctrl+s")
        await wait_until(pilot, lambda: not isinstance(app.screen, FormDialog))
        assert view(story, story.power).last.outcome is TechState.FAILED


async def test_escape_keeps_a_draft_in_the_database_for_its_author(story, wait_until, shown) -> None:
    app = make_app(story, "uma.reyes", f"D-{story.power}")
    async with app.run_test(size=(80, 24)) as pilot:
        await sign_opened(pilot, app, wait_until)
        await pilot.press("y", "n", "shift+tab", *"proxy", "escape", "escape")
        await wait_until(pilot, lambda: "T*" in shown(app)[-2])
        assert ask(story, tech_checks.find_draft, ask(story, users.get_actor, "uma.reyes"), story.power) == {
            "q0": "yes",
            "q1": "no",
            "e1": "proxy",
        }
        await wait_until(pilot, lambda: app.screen.page.deal.tech is TechState.DRAFT)
        assert app.drafts.of_this_session == set()
        await pilot.press("t")
        await wait_until(pilot, lambda: isinstance(app.screen, TechSignDialog))
        assert app.screen.kept == {"q0": "yes", "q1": "no", "e1": "proxy"}
    other = make_app(story, "ivo.berg", f"D-{story.power}")
    async with other.run_test(size=(80, 24)) as pilot:
        await sign_opened(pilot, other, wait_until)
        assert other.screen.kept == {}


async def test_what_was_typed_survives_a_lost_link(story, wait_until) -> None:
    app = make_app(story, "uma.reyes", f"D-{story.power}")
    async with app.run_test(size=(80, 24)) as pilot:
        await sign_opened(pilot, app, wait_until)
        await pilot.press("y", *["tab"] * 4, *"17 nov")
        app.leave_now = lambda code: None
        app.drafts.flush()
    again = make_app(story, "uma.reyes", f"D-{story.power}")
    async with again.run_test(size=(80, 24)) as pilot:
        await wait_until(pilot, lambda: isinstance(again.screen, DraftsDialog))
        assert "Tech check · City Power & Light" in again.screen.box.text
        await pilot.press("escape")
        await sign_opened(pilot, again, wait_until)
        assert again.screen.kept == {"q0": "yes", "checked_on": "17 nov"}


async def test_the_second_of_two_consultants_sees_who_was_first(story, wait_until, shown) -> None:
    app = make_app(story, "uma.reyes", f"D-{story.power}")
    async with app.run_test(size=(80, 24)) as pilot:
        await sign_opened(pilot, app, wait_until)
        await pilot.press(*["y"] * 5, *"today", "tab", "right")
        act(story, "ivo.berg", tech_checks.sign, story.power, TechState.PASSED, dt.date(2026, 11, 18))
        await pilot.press("ctrl+s")
        await wait_until(pilot, lambda: "ivo.berg signed" in "\n".join(shown(app)))
        assert isinstance(app.screen, TechSignDialog)
        assert app.screen.state.text("checked_on") == "today"
        assert len(ask(story, tech_checks.list_checks, story.power)) == 1


async def test_terms_that_changed_while_it_was_filled_in_are_not_signed(story, wait_until, shown) -> None:
    app = make_app(story, "uma.reyes", f"D-{story.power}")
    async with app.run_test(size=(80, 24)) as pilot:
        await sign_opened(pilot, app, wait_until)
        await pilot.press(*["y"] * 5, *"today", "tab", "right")
        draft = act(story, "ana.wu", quotes.create, story.power)
        act(story, "ana.wu", quotes.add_line, draft, "S24", 4)
        act(story, "ana.wu", quotes.send, draft)
        await pilot.press("ctrl+s")
        await wait_until(pilot, lambda: "terms" in "\n".join(shown(app)))
        assert view(story, story.power).last is None


async def test_the_owner_asks(story, wait_until, shown) -> None:
    app = make_app(story, "ana.wu", f"D-{story.fabrikam}")
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, app, wait_until)
        await pilot.press("t")
        await wait_until(pilot, lambda: isinstance(app.screen, FormDialog))
        assert "You own this deal, so you cannot sign its tech check." in app.screen.box.text
        assert "ivo.berg" in app.screen.box.text
        await pilot.press(*"uma", "tab", *"fri", "tab", *"ask for Ira", "ctrl+s")
        await wait_until(pilot, lambda: not isinstance(app.screen, FormDialog))
        request = view(story, story.fabrikam).request
        assert (request.asked_of, request.needed_by, request.note) == (
            "uma.reyes",
            dt.date(2026, 11, 20),
            "ask for Ira",
        )
        await wait_until(pilot, lambda: "u undo" in shown(app)[-2])
        await pilot.press("u")
        await wait_until(pilot, lambda: view(story, story.fabrikam).request is None)


async def test_others_read(story, wait_until) -> None:
    app = make_app(story, "bo.lee", f"D-{story.power}")
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, app, wait_until)
        await pilot.press("t")
        await wait_until(pilot, lambda: isinstance(app.screen, TechRead))
        text = app.screen.box.text
        assert "only a technical consultant signs" in text
        assert "roof access from 9" in text
        await pilot.press("escape")
        await wait_until(pilot, lambda: not isinstance(app.screen, TechRead))


async def test_a_small_deal_needs_none_and_says_so(story, wait_until, shown) -> None:
    app = make_app(story, "ana.wu", f"D-{story.small}")
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, app, wait_until)
        await pilot.press("t")
        assert "needs no tech check: $4,200.00" in shown(app)[-2]


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (140, 40)])
async def test_it_fits_and_survives_a_resize_and_hostile_names(story, wait_until, shown, size) -> None:
    from rich.cells import cell_len

    act(story, "ana.wu", tech_checks.ask, story.power, "ivo.berg", None, "\x1b[2J[b]日本\u202e" * 30)
    act(story, "ana.wu", lines.add, story.power, "S24", 1)
    app = make_app(story, "uma.reyes", f"D-{story.power}")
    async with app.run_test(size=size) as pilot:
        await sign_opened(pilot, app, wait_until)
        await pilot.press("y", *["tab"] * 4, *"17 nov")
        await pilot.resize_terminal(100, 30)
        await pilot.resize_terminal(*size)
        await pilot.pause()
        assert app.screen.state.text("checked_on") == "17 nov"
        rows = shown(app)
        assert {cell_len(row) for row in rows} == {size[0]}
        assert not any("\x1b" in row or "\u202e" in row for row in rows)


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_every_way_out_of_the_tech_check_says_what_happened(story, wait_until, shown, size) -> None:
    def told(app, words: str):
        def is_told() -> bool:
            return not isinstance(app.screen, Dialog) and any(row.startswith(f" {words}") for row in shown(app)[-3:])

        return is_told

    owner = make_app(story, "ana.wu", f"D-{story.fabrikam}")
    async with owner.run_test(size=size) as pilot:
        await ready(pilot, owner, wait_until)
        await pilot.press("t")
        await wait_until(
            pilot, lambda: "Ask" in owner.screen.box.text if isinstance(owner.screen, FormDialog) else False
        )
        await pilot.press(*"uma.reyes", "ctrl+s")
        await wait_until(pilot, told(owner, "Asked uma.reyes to check Fabrikam Clinics · u undo"))
        await pilot.press("u")
        await wait_until(pilot, told(owner, "Undone: Asked uma.reyes to check Fabrikam Clinics"))
    consultant = make_app(story, "uma.reyes", f"D-{story.fabrikam}")
    async with consultant.run_test(size=size) as pilot:
        await sign_opened(pilot, consultant, wait_until)
        await pilot.press("y", "escape")
        await wait_until(pilot, told(consultant, f"Kept your draft of D-{story.fabrikam} (T*) · t goes on"))
        await sign_opened(pilot, consultant, wait_until)
        consultant.screen.state.set_text("q0", "")
        await pilot.press("escape")
        await wait_until(pilot, told(consultant, f"Dropped your draft of D-{story.fabrikam}"))
        for outcome, keys in (("failed", ("left",)), ("passed with conditions", ("right", "right"))):
            await sign_opened(pilot, consultant, wait_until)
            consultant.screen.state.go_to("checked_on")
            await pilot.press(*"today", "tab", *keys, "tab", *"Wiring", "ctrl+s")
            await wait_until(pilot, told(consultant, f"Signed Fabrikam Clinics: {outcome}"))
    board = make_app(story, "uma.reyes", "board")
    async with board.run_test(size=size) as pilot:
        await wait_until(pilot, lambda: getattr(board.screen, "card", None) is not None)
        board.screen.board.cursor_to(story.power)
        await pilot.press("t")
        await wait_until(pilot, lambda: isinstance(board.screen, TechSignDialog) and board.screen.box.text)
        await pilot.press(*["y"] * 5, *"today", "tab", "right", "ctrl+s")
        await wait_until(pilot, told(board, "Signed City Power & Light: passed"))
