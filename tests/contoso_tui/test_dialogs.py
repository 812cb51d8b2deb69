import datetime as dt
from typing import Any

import pytest
from textual.events import Paste

from contoso_tui.dialogs.confirm import Confirm
from contoso_tui.dialogs.form import FormDialog
from contoso_tui.dialogs.picker import Picker
from contoso_tui.dialogs.show_text import ShowText
from contoso_tui.drafts import DraftKey
from contoso_tui.forms.fields import Choice, Form, FormField
from contoso_tui.host import Settings
from models.errors import Blocker, GateError, RefusedError

KEY = DraftKey("ana.wu", "db", "lost", "D-1042")
REASONS = tuple(Choice(value, value) for value in ("price", "chose another", "no budget"))
PEOPLE = (Choice("uma.reyes", "Uma Reyes", "4 open"), Choice("ivo.hart", "Ivo Hart", "2 open"))


def lost(**changes: Any) -> Form:
    options: dict[str, Any] = {
        "title": "Lost · Fabrikam Clinics · D-1042",
        "fields": (
            FormField("reason", "Reason", "choice", True, REASONS),
            FormField("by", "Said by", required=True),
            FormField("on", "On", "date", True, value="today", is_past=True),
            FormField("lesson", "What would have won it", "long"),
        ),
        "save_label": "Lost",
        "cancel_label": "Keep open",
        "is_guarded": True,
        **changes,
    }
    return Form(**options)


class Asked:
    """Opens a dialog and holds its result."""

    def __init__(self, app: Any, dialog: Any) -> None:
        self.result: Any = "open"
        app.push_screen(dialog, self.take)

    def take(self, result: Any) -> None:
        self.result = result


async def test_a_form_is_filled_in_by_keys_alone(make_app, shown, wait_until) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        asked = Asked(app, FormDialog(lost()))
        await pilot.pause()
        text = "\n".join(shown(app))
        assert "┌─ Lost · Fabrikam Clinics · D-1042 ─" in text
        assert "still needed: Reason, Said by" in text
        await pilot.press("right", "right", "tab", *"Lee Sands", "enter", "ctrl+u", *"mon", "tab")
        await pilot.pause()
        text = "\n".join(shown(app))
        assert "(*) chose another" in text
        assert "Mon 16 Nov 2026" in text
        assert "still needed" not in text
        await pilot.press(*"lower price", "ctrl+s")
        await wait_until(pilot, lambda: asked.result != "open")
        assert asked.result == {
            "reason": "chose another",
            "by": "Lee Sands",
            "on": dt.date(2026, 11, 16),
            "lesson": "lower price",
        }


async def test_typing_over_a_value_that_stands_there_replaces_it_but_a_sentence_goes_on(make_app, wait_until) -> None:
    fields = (
        FormField("quantity", "Quantity", "integer", value="1"),
        FormField("price", "Price", "money", value="9.9"),
        FormField("note", "Note", value="Call"),
        FormField("of", "Ask", "person", choices=PEOPLE, value="uma.reyes"),
    )
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        asked = Asked(app, FormDialog(Form("Line", fields)))
        await pilot.pause()
        await pilot.press(*"25", "tab", "end", *"5", "tab", *" Wren", "tab", *"ivo", "ctrl+s")
        await wait_until(pilot, lambda: asked.result != "open")
        assert asked.result == {"quantity": 25, "price": 995, "note": "Call Wren", "of": "ivo.hart"}


async def test_enter_on_the_last_field_goes_to_the_button_that_changes_nothing(make_app, shown, wait_until) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        asked = Asked(app, FormDialog(lost()))
        await pilot.pause()
        await pilot.press("right", "enter", *"Lee", "enter", "enter", "enter")
        await pilot.pause()
        assert any("▌[ Keep open ]" in row for row in shown(app))
        await pilot.press("enter")
        await wait_until(pilot, lambda: asked.result != "open")
        assert asked.result is None


async def test_errors_stand_under_the_field_and_nothing_typed_is_lost(make_app, shown) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        Asked(app, FormDialog(lost()))
        await pilot.pause()
        await pilot.press("tab", *"Lee", "tab", "ctrl+u", *"someday", "ctrl+s")
        await pilot.pause()
        rows = shown(app)
        at = next(index for index, row in enumerate(rows) if "[ someday" in row)
        assert "! “someday” is no date" in rows[at + 1]
        assert any("Reason is needed" in row for row in rows)
        assert "Reason is needed" in rows[-2]
        assert "[ Lee" in "\n".join(rows)


async def test_an_error_goes_as_soon_as_its_value_is_changed(make_app, shown) -> None:
    def needs_note(raw: Any) -> bool:
        return raw["reason"] != "price"

    def check(values: dict[str, Any]) -> dict[str, str]:
        return {"on": "Said after it was lost"} if values["reason"] == "price" and values["by"] == "Lee" else {}

    fields = (
        FormField("reason", "Reason", "choice", True, REASONS),
        FormField("by", "Said by", help="who said no"),
        FormField("on", "On", "date", True, value="someday", is_past=True),
        FormField("note", "Note", required=needs_note),
    )
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        Asked(app, FormDialog(lost(fields=fields, check=check)))
        await pilot.pause()
        state = app.screen.state
        assert any("Said by" in row and "who said no" in row for row in shown(app))
        await pilot.press("right", "right", "ctrl+s")
        await pilot.pause()
        assert set(state.errors) == {"on", "note"}
        # A choice that makes the note unneeded takes its error with it, and leaves that of the date.
        await pilot.press("shift+tab", "shift+tab", "left")
        await pilot.pause()
        assert state.raw["reason"] == "price"
        assert set(state.errors) == {"on"}
        await pilot.press("tab", *"Lee", "tab", "left")
        assert set(state.errors) == {"on"}
        assert not any("who said no" in row for row in shown(app)[:-2])
        await pilot.press("end", "ctrl+u")
        assert not state.errors
        await pilot.press(*"mon", "ctrl+s")
        assert state.errors == {"on": "Said after it was lost"}
        # What was wrong of two values together is right when the other one has changed.
        await pilot.press("shift+tab", "!")
        assert not state.errors
        assert not any("Said after" in row for row in shown(app)[:-2])


async def test_a_refusal_while_saving_keeps_the_form_and_marks_the_fields(make_app, shown, wait_until) -> None:
    app = make_app()
    tries: list[dict[str, Any]] = []

    async def submit(values: dict[str, Any]) -> str:
        tries.append(values)
        if len(tries) == 1:
            raise RefusedError("Only the owner can close it; that is bo.lee")
        if len(tries) == 2:
            blocker = Blocker("by", "unknown", "nobody of that name", "", "contoso customer show", "close", True)
            raise GateError("1 thing is missing", [blocker])
        return "moved"

    async with app.run_test(size=(80, 24)) as pilot:
        asked = Asked(app, FormDialog(lost(), submit))
        await pilot.pause()
        await pilot.press("right", "tab", *"Lee", "ctrl+s")
        await wait_until(pilot, lambda: "Only the owner" in shown(app)[-2])
        await pilot.press("ctrl+s")
        await wait_until(pilot, lambda: any("! nobody of that name" in row for row in shown(app)))
        assert asked.result == "open"
        await pilot.press("ctrl+s")
        await wait_until(pilot, lambda: asked.result == "moved")


async def test_escape_leaves_the_text_then_closes_and_the_draft_is_offered_again(make_app, shown, wait_until) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        asked = Asked(app, FormDialog(lost(draft=KEY)))
        await pilot.pause()
        await pilot.press("right", "tab", *"Lee Sands", "escape")
        await pilot.pause()
        assert asked.result == "open"
        await pilot.press("escape")
        await wait_until(pilot, lambda: asked.result is None)

        again = Asked(app, FormDialog(lost(draft=KEY)))
        await wait_until(pilot, lambda: any("Continue with it" in row for row in shown(app)))
        await pilot.press("enter")
        await wait_until(pilot, lambda: any("[ Lee Sands" in row for row in shown(app)))
        await pilot.press("ctrl+s")
        await wait_until(pilot, lambda: again.result not in ("open", None))
        assert again.result["by"] == "Lee Sands"
        assert app.drafts.open(KEY) is None


async def test_what_was_typed_is_written_when_the_link_drops(make_app, wait_until) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        Asked(app, FormDialog(lost(draft=KEY)))
        await pilot.pause()
        await pilot.press("tab", *"Lee")
        app.drafts.flush()
        found = app.drafts.open(KEY)
        assert found is not None
        assert found.values["by"] == "Lee"


async def test_resizing_keeps_what_is_typed_and_the_rows_below_in_view(make_app, shown) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        Asked(app, FormDialog(lost()))
        await pilot.pause()
        await pilot.press("tab", *"Lee 東京")
        for width, height, box in ((60, 16, 58), (140, 40, 104), (80, 24, 74)):
            await pilot.resize_terminal(width, height)
            await pilot.pause()
            rows = shown(app)
            assert any("[ Lee 東京" in row for row in rows)
            top = next(row for row in rows if "┌─ Lost" in row)
            assert top.index("┐") - top.index("┌") + 1 == box
            assert "└" not in rows[-1] + rows[-2]
            assert "ctrl+s lost" in rows[-1]


async def test_the_mark_of_the_cursor_stands_at_every_row_of_its_field(make_app, shown) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        Asked(app, FormDialog(lost()))
        await pilot.pause()
        await pilot.press("shift+tab", "shift+tab", "shift+tab")
        await pilot.pause()
        rows = shown(app)
        at = next(number for number, row in enumerate(rows) if "What would have won it" in row)
        assert all("│▌" in row for row in rows[at : at + 3])
        assert sum("│▌" in row for row in rows) == 3


async def test_a_form_higher_than_the_screen_scrolls_to_the_field(make_app, shown) -> None:
    fields = tuple(FormField(f"f{number}", f"Question {number}", "yes_no") for number in range(40))
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        Asked(app, FormDialog(Form("Tech check", fields)))
        await pilot.pause()
        assert not any("Question 30" in row for row in shown(app))
        await pilot.press(*["y"] * 30)
        await pilot.pause()
        assert any(row.lstrip(" │").find("Question 30") >= 0 for row in shown(app))
        assert app.screen.state.raw["f29"] == "yes"
        assert app.screen.state.raw["f30"] == ""


async def test_letters_are_text_in_a_text_and_answers_in_a_question(make_app) -> None:
    fields = (FormField("seen", "Seen?", "yes_no"), FormField("note", "Note"))
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        Asked(app, FormDialog(Form("Check", fields)))
        await pilot.pause()
        await pilot.press("n", *"yn?:q")
        assert app.screen.state.raw == {"seen": "no", "note": "yn?:q"}


async def test_pasted_text_cannot_command_the_terminal(make_app, shown) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        Asked(app, FormDialog(lost()))
        await pilot.pause()
        await pilot.press("tab")
        app.screen.post_message(Paste("a\x1b[2Jb\r\nc"))
        await pilot.pause()
        assert app.screen.state.raw["by"] == "a?[2Jb c"
        assert not any("\x1b" in row for row in shown(app))


async def test_people_are_chosen_by_part_of_the_name_or_arrows(make_app, shown, wait_until) -> None:
    form = Form("Ask", (FormField("of", "Ask", "person", True, PEOPLE),), save_label="Ask")
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        asked = Asked(app, FormDialog(form))
        await pilot.pause()
        await pilot.pause()
        assert any("Ivo Hart   2 open" in row for row in shown(app))
        await pilot.press("down", "down", "enter")
        assert app.screen.state.raw["of"] == "ivo.hart"
        await pilot.press("shift+tab", *"uma")
        await pilot.pause()
        assert any("Uma Reyes  4 open" in row for row in shown(app))
        await pilot.press("ctrl+s")
        await wait_until(pilot, lambda: asked.result != "open")
        assert asked.result == {"of": "uma.reyes"}


async def test_arrows_move_in_the_matches_enter_takes_and_tab_goes_on(make_app, shown) -> None:
    names = ("Smart Doorbell", "Doorbell Pro", "Door sensor", "Thermostat")
    products = tuple(Choice(f"P{number}", name, "$10.00") for number, name in enumerate(names))
    fields = (FormField("product", "Product", "person", choices=products), FormField("quantity", "Quantity", "integer"))
    app = make_app()
    async with app.run_test(size=(60, 16)) as pilot:
        Asked(app, FormDialog(Form("Line", fields)))
        await pilot.pause()
        state = app.screen.state
        await pilot.press(*"door")
        await pilot.pause()
        assert [choice.label for choice in state.offers] == ["Doorbell Pro", "Door sensor"]
        assert sum("Door" in row for row in shown(app)) == 2
        await pilot.press("down")
        assert (state.text("product"), state.offered_place, state.field.name) == ("door", 1, "product")
        await pilot.press("down", "up", "enter")
        assert (state.text("product"), state.field.name) == ("P2", "quantity")
        # The list of a field that holds a choice opens at it.
        await pilot.press("shift+tab", "down")
        assert (state.offers, state.offered_place) == (products, 3)
        await pilot.press("tab")
        assert (state.text("product"), state.field.name) == ("P3", "quantity")
        # What is only typed stays as it is typed when tab goes on.
        await pilot.press("shift+tab", *"smart", "tab")
        assert (state.text("product"), state.values()) == ("smart", {"product": "P0", "quantity": None})
        await pilot.press("shift+tab", *"xyz")
        await pilot.pause()
        assert any("nothing is called that" in row for row in shown(app))
        await pilot.press("escape")
        assert state.offers == ()


async def test_a_match_is_taken_by_the_mouse(make_app, shown) -> None:
    form = Form("Ask", (FormField("of", "Ask", "person", True, PEOPLE),))
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        Asked(app, FormDialog(form))
        await pilot.pause()
        at = next(number for number, row in enumerate(shown(app)) if "Ivo Hart" in row)
        await pilot.click(offset=(30, at))
        await pilot.pause()
        assert app.screen.state.raw["of"] == "ivo.hart"


async def test_space_chooses_an_answer(make_app) -> None:
    fields = (FormField("reason", "Reason", "choice", True, REASONS), FormField("seen", "Seen", "yes_no"))
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        Asked(app, FormDialog(Form("Lost", fields)))
        await pilot.pause()
        await pilot.press("space", "tab", "space", "space")
        assert app.screen.state.raw == {"reason": "price", "seen": "no"}
        await pilot.press("shift+tab", "space")
        assert app.screen.state.raw["reason"] == "chose another"


async def test_only_what_belongs_to_the_answer_is_asked(make_app, shown) -> None:
    def of(*answers: str) -> Any:
        return lambda raw: raw["reason"] in answers

    fields = (
        FormField("reason", "Reason", "choice", True, REASONS),
        FormField("who", "Chose whom", required=True, is_asked=of("chose another")),
        FormField("note", "Note"),
    )
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        asked = Asked(app, FormDialog(Form("Lost", fields)))
        await pilot.pause()
        state = app.screen.state
        assert not any("Chose whom" in row for row in shown(app))
        await pilot.press("right", "tab")
        assert state.field.name == "note"
        await pilot.press("shift+tab", "right", "tab")
        await pilot.pause()
        assert state.field.name == "who"
        assert any("still needed: Chose whom" in row for row in shown(app))
        await pilot.press(*"Acme", "shift+tab", "left", "ctrl+s")
        await pilot.pause()
        assert asked.result == {"reason": "price", "who": None, "note": None}


async def test_the_key_row_says_what_escape_does(make_app, shown) -> None:
    fields = (FormField("reason", "Reason", "choice", True, REASONS), FormField("note", "Note"))
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        asked = Asked(app, FormDialog(Form("Lost", fields, cancel_label="Keep open")))
        await pilot.pause()
        assert "esc keep open" in shown(app)[-1]
        assert "left/right choose" in shown(app)[-1]
        await pilot.press("tab")
        await pilot.pause()
        assert "esc leave field" in shown(app)[-1]
        await pilot.press("escape")
        await pilot.pause()
        assert "esc keep open" in shown(app)[-1]
        await pilot.press("escape")
        await pilot.pause()
        assert asked.result is None


async def test_a_narrow_form_wraps_what_it_says_and_cuts_none_of_its_keys(make_app, shown) -> None:
    note = "or in the text: Call Lee fri 14:00, or leave it"
    fields = (FormField("on", "On", "date", help=note), FormField("by", "By"), FormField("with", "With"))
    app = make_app()
    async with app.run_test(size=(60, 16)) as pilot:
        Asked(app, FormDialog(Form("Next step", fields, save_label="Set the next step")))
        await pilot.pause()
        rows = shown(app)
        text = " ".join(" ".join(rows).replace("│", " ").split())
        assert note in text
        places = [next(number for number, row in enumerate(rows) if f"│ {name}" in row) for name in ("By", "With")]
        assert places[1] == places[0] + 1
        foot = next(row for row in rows if "└" in row)
        assert "…" not in foot
        assert "[ Set the next step ]" in foot
        assert "esc leave field" in rows[-1]
        assert "f1 help" in rows[-1]


async def test_a_form_that_was_emptied_keeps_no_draft(make_app, wait_until) -> None:
    fields = (FormField("by", "Said by"), FormField("on", "On", "date", value="today"))
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        asked = Asked(app, FormDialog(Form("Lost", fields, draft=KEY)))
        await pilot.pause()
        await pilot.press(*"Lee")
        app.drafts.flush()
        assert app.drafts.open(KEY) is not None
        await pilot.press("ctrl+u", "escape", "escape")
        await wait_until(pilot, lambda: asked.result is None)
        assert app.drafts.open(KEY) is None
        assert app.drafts.of_this_session == set()


async def test_a_draft_that_is_neither_taken_nor_dropped_stays(make_app, shown, wait_until) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        app.drafts.save(KEY, {"by": "Lee"}, "Lost", app.clock())
        asked = Asked(app, FormDialog(lost(draft=KEY)))
        await wait_until(pilot, lambda: any("Continue with it" in row for row in shown(app)))
        await pilot.press("escape")
        await wait_until(pilot, lambda: asked.result is None)
        assert app.drafts.open(KEY).values == {"by": "Lee"}


async def test_the_key_that_opened_a_question_never_answers_it(make_app, wait_until) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        app.last_key = "enter"
        asked = Asked(app, Confirm("Take back import 3", ["42,395 rows go."], {"keep": "Keep", "take": "Take back"}))
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert asked.result == "open"
        await pilot.press("right", "enter")
        await wait_until(pilot, lambda: asked.result == "take")


async def test_the_default_answer_is_the_first_and_escape_is_none(make_app, wait_until) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        asked = Asked(app, Confirm("Quit", ["?"], {"keep": "Keep", "drop": "Discard"}))
        await pilot.pause()
        await pilot.press("enter")
        await wait_until(pilot, lambda: asked.result == "keep")
        asked = Asked(app, Confirm("Quit", ["?"], {"keep": "Keep", "drop": "Discard"}))
        await pilot.pause()
        await pilot.press("escape")
        await wait_until(pilot, lambda: asked.result is None)


async def test_a_picker_narrows_and_refuses_with_the_reason(make_app, shown, wait_until) -> None:
    choices = (Choice("quote", "Quote", "stage"), Choice("close", "Close", "stage"), *PEOPLE)
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        asked = Asked(app, Picker("Move to", choices, {"close": "the tech check is not signed"}))
        await pilot.pause()
        assert any("the tech check is not signed" in row for row in shown(app))
        await pilot.press(*"close", "enter")
        await pilot.pause()
        assert asked.result == "open"
        await pilot.press("ctrl+u", *"hart", "enter")
        await wait_until(pilot, lambda: asked.result == "ivo.hart")


async def test_quitting_with_a_half_filled_form_asks_what_to_do_with_it(make_app, shown, wait_until) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        Asked(app, FormDialog(lost(draft=KEY)))
        await pilot.pause()
        await pilot.press("tab", *"Lee", "escape", "escape", "ctrl+q")
        await wait_until(pilot, lambda: any("1 form is half filled in" in row for row in shown(app)))
        await pilot.press("right", "right", "enter")
        await wait_until(pilot, lambda: len(app.screen_stack) == 1)
        await pilot.press("q")
        await wait_until(pilot, lambda: any("1 form is half filled in" in row for row in shown(app)))
        await pilot.press("right", "enter")
        await wait_until(pilot, lambda: app.return_value == 0)
    assert app.drafts.open(KEY) is None


async def test_f1_says_what_a_form_is_for_and_its_keys(make_app, shown, wait_until) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        Asked(app, FormDialog(lost(help=("A lost deal keeps its history.",))))
        await pilot.pause()
        await pilot.press("f1")
        await wait_until(pilot, lambda: any("A lost deal keeps its history." in row for row in shown(app)))
        assert any("save from anywhere" in row for row in shown(app))
        await pilot.press("escape")
        await pilot.pause()
        assert any("┌─ Lost" in row for row in shown(app))


async def test_text_is_shown_without_borders_and_wraps(make_app, shown) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(ShowText("one " * 60 + "\x1b[2J"))
        await pilot.pause()
        rows = shown(app)
        assert not any("│" in row or "\x1b" in row for row in rows)
        assert rows[1].strip().startswith("one one")
        await pilot.press("escape")
        await pilot.pause()
        assert len(app.screen_stack) == 1


@pytest.mark.parametrize("theme", ["contoso-light", "terminal", "mono", "high-contrast"])
async def test_dialogs_are_drawn_in_every_theme(make_app, shown, theme) -> None:
    app = make_app(Settings(theme=theme, ascii_glyphs=theme == "mono"))
    async with app.run_test(size=(80, 24)) as pilot:
        Asked(app, FormDialog(lost()))
        await pilot.pause()
        assert any("Lost" in row for row in shown(app))


async def test_drafts_are_offered_at_the_next_start_and_can_be_dropped(make_app, shown, wait_until) -> None:
    first = make_app()
    async with first.run_test(size=(80, 24)):
        for kind, title in (("deal.lost", "Lost · D-1042"), ("deal.won", "Won · D-7 [/b]")):
            key = DraftKey("ana.wu", str(first.store.path), kind, "D-1042")
            first.drafts.save(key, {"by": "Lee"}, title, first.clock())
        first.drafts.flush()
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_until(pilot, lambda: any("Drafts (2)" in row for row in shown(app)))
        assert any("Won · D-7 [/b]" in row for row in shown(app))
        of_this = ("ana.wu", str(app.store.path))
        await pilot.press("x")
        await wait_until(pilot, lambda: any("Drafts (1)" in row for row in shown(app)))
        assert len(app.drafts.list(*of_this)) == 1
        await pilot.press("x")
        await wait_until(pilot, lambda: any("No draft is left" in row for row in shown(app)))
        assert app.drafts.list(*of_this) == []
        await pilot.press("u", "u")
        await wait_until(pilot, lambda: any("Drafts (2)" in row for row in shown(app)))
        assert [draft.values for draft in app.drafts.list(*of_this)] == [{"by": "Lee"}] * 2
        assert app.drafts.of_this_session == set()


async def test_j_and_k_move_in_the_drafts(make_app, shown, wait_until) -> None:
    first = make_app()
    async with first.run_test(size=(80, 24)):
        for number in range(3):
            key = DraftKey("ana.wu", str(first.store.path), "deal.lost", f"D-{number}")
            first.drafts.save(key, {"by": "Lee"}, f"Lost · D-{number}", first.clock() + dt.timedelta(minutes=number))
        first.drafts.flush()
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_until(pilot, lambda: any("Drafts (3)" in row for row in shown(app)))
        await pilot.press("j", "j", "k", "x")
        await wait_until(pilot, lambda: any("Drafts (2)" in row for row in shown(app)))
        text = "\n".join(row for row in shown(app)[:-2])
        assert "D-2" in text
        assert "D-0" in text
        assert "Lost · D-1 " not in text


async def test_days_of_drafts_are_the_company_s(make_app, shown, wait_until) -> None:
    """It is 21:00 UTC on Wednesday: Thursday already in Auckland, where the company is."""
    settings = Settings(theme="contoso-dark", zone="Pacific/Auckland")
    first = make_app(settings)
    async with first.run_test(size=(80, 24)) as pilot:
        key = DraftKey("ana.wu", str(first.store.path), "deal.lost", "D-1042")
        first.drafts.save(key, {"by": "Lee"}, "Lost", first.clock())
        first.drafts.flush()
        Asked(first, FormDialog(lost(draft=key)))
        await wait_until(pilot, lambda: any("half filled in: Thu 19 Nov 10:00" in row for row in shown(first)))
    app = make_app(settings)
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_until(pilot, lambda: any("Lost" in row and "Thu 10:00" in row for row in shown(app)))
