from pathlib import Path

import pytest

from contoso_tui.commands import BY_ID, COMMANDS, EVERYWHERE, GOTO, SCOPES, ids_of
from contoso_tui.keymap import KeyMap, key_name, key_row, keys_markdown
from contoso_tui.sign_list import SIGNS, signs_of
from contoso_tui.signs import TECH
from contoso_tui.text import cells


def test_no_key_clashes_needs_altgr_or_acts_unguarded() -> None:
    assert [clash.message for clash in KeyMap().check()] == []


def test_every_command_has_keys_words_and_a_place() -> None:
    assert len(BY_ID) == len(COMMANDS)
    placed = set(EVERYWHERE).union(*(scope.ids for scope in SCOPES.values()))
    for command in COMMANDS:
        assert command.keys, command.id
        assert command.label, command.id
        assert command.title, command.id
        assert command.help, command.id
        assert command.id in placed


@pytest.mark.parametrize("scope", SCOPES)
def test_key_row_offers_only_what_exists_there_and_fits(scope: str) -> None:
    keymap = KeyMap()
    # Lines are a list inside a deal: from there its keys and those of everywhere hold.
    reachable = {*ids_of(scope), *EVERYWHERE}
    assert set(SCOPES[scope].row) <= reachable
    for width in (60, 80, 140):
        pairs = key_row(keymap, scope, width)
        assert cells("  ".join(f"{key} {label}" for key, label in pairs)) <= width
        assert pairs[-1][1] == "help"


def test_key_row_of_the_board_at_80_cells() -> None:
    row = "  ".join(f"{key} {label}" for key, label in key_row(KeyMap(), "board", 80))
    assert row == "enter open  > move  s step  t tech  a log  space mark  / filter  u undo  ? help"


def test_commands_that_take_a_digit_name_all_of_theirs() -> None:
    def first(keymap: KeyMap, count: int) -> str:
        return key_row(keymap, "orders", 80, spans={"screen.tab": count})[0][0]

    assert (first(KeyMap(), 3), first(KeyMap(), 1)) == ("1-3", "1")
    assert first(KeyMap({"screen.tab": ["f3", "f4", "f5"]}), 3) == "f3-f5"
    # Fewer keys than tabs: the first is all that can be said.
    assert first(KeyMap({"screen.tab": "f3"}), 3) == "f3"


def test_same_key_means_what_the_first_scope_says() -> None:
    keymap = KeyMap()
    on_board = keymap.find("x", ("board", "everywhere"))
    in_pane = keymap.find("x", ("pane", "everywhere"))
    assert on_board is not None
    assert in_pane is not None
    assert (on_board.id, in_pane.id) == ("deal.lost", "step.skip")
    assert keymap.find("j", ("board", "everywhere")) is BY_ID["list.down"]
    assert keymap.find("Z", ("board", "everywhere")) is None


def test_keys_are_named_as_typed() -> None:
    assert key_name("greater_than_sign", ">") == ">"
    assert key_name("space", " ") == "space"
    assert key_name("escape", "\x1b") == "escape"
    assert key_name("G", "G") == "G"
    assert key_name("ctrl+s", "\x13") == "ctrl+s"


def test_overrides_replace_all_keys_of_an_action() -> None:
    keymap = KeyMap({"deal.forward": ">,f9", "app.undo": ["u", "ctrl+z"]})
    assert keymap.warnings == []
    assert keymap.keys("deal.forward") == (">", "f9")
    assert keymap.find("L", ("board",)) is None
    assert keymap.check() == []


def test_two_actions_may_swap_keys() -> None:
    keymap = KeyMap({"deal.quote": "o", "customer.open": "b"})
    assert keymap.warnings == []
    assert keymap.key("deal.quote") == "o"


@pytest.mark.parametrize(
    ("command_id", "key", "named"),
    [
        ("deal.lost", "t", "deal.techcheck"),
        ("list.up", "@", "AltGr"),
        ("list.up", "alt+k", "slow links"),
        ("list.up", "ctrl+w", "every terminal"),
        ("list.up", "x", "asks first"),
        ("app.qiut", "f9", "did you mean app.quit"),
    ],
)
def test_a_refused_override_keeps_the_default_and_says_why(command_id: str, key: str, named: str) -> None:
    keymap = KeyMap({command_id: key})
    assert len(keymap.warnings) == 1
    assert named in keymap.warnings[0]
    assert KeyMap().find(key, ("board", "everywhere")) == keymap.find(key, ("board", "everywhere"))
    assert keymap.check() == []


def test_key_reference_lists_exactly_the_registry() -> None:
    text = keys_markdown()
    for command in COMMANDS:
        assert text.count(f"| `{command.id}` |") == 1
    for sign in SIGNS:
        assert f"| `{sign.text}` | {sign.means} |" in text
    assert text.count("\n| `") == len(COMMANDS) + len(GOTO) + len(SIGNS)


def test_every_sign_of_a_card_is_explained_where_it_stands() -> None:
    for text, _ in TECH.values():
        assert text in {sign.text for sign in signs_of("board")}
    for sign in SIGNS:
        assert sign.means
        assert set(sign.scopes) <= set(SCOPES), sign.text


def test_the_key_reference_in_docs_is_fresh() -> None:
    kept = (Path(__file__).parents[2] / "docs" / "keys.md").read_text("utf-8")
    assert kept == keys_markdown(), "contoso keys --md > docs/keys.md"
