"""A card at every width: what it says, what gives way, what never does."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contoso_tui.text import cells
from contoso_tui.widgets.card import CardState, Line, card_lines, plain_line
from models.deals.records import Outcome, TechState
from tests.contoso_tui.widgets.board_deals import TODAY, make_card

LATE = {
    "customer": "Fern & Willow Clinics",
    "what": "Site S24",
    "amount_minor": 2_684_800,
    "stage_age_days": 21,
    "tech": TechState.DUE,
    "next_step": "Send quote r3",
    "next_step_on": TODAY - dt.timedelta(days=5),
    "late_working_days": 3,
    "unpaid_minor": 315_000,
    "open_cases": 1,
}


def texts(lines: list[Line]) -> list[str]:
    return ["".join(text for text, _ in line) for line in lines]


def draw(width: int, state: CardState | None = None, lines: int = 3, **changes: Any) -> list[str]:
    return texts(card_lines(make_card(**changes), width, TODAY, state or CardState(), lines=lines))


def style_of(part: str, width: int = 30, **changes: Any) -> str:
    for line in card_lines(make_card(**changes), width, TODAY):
        for text, style in line:
            if part in text:
                return style
    raise AssertionError(f"no {part!r}")


def test_a_wide_card_reads_who_and_amount_then_product_signs_age_then_next_step() -> None:
    assert draw(30, CardState(is_current=True), **LATE) == [
        "▌Fern & Willow Clini… $26,848 ",
        "▌Site S24  T? $! C1    21d/14!",
        "▌! 3d late  Send quote r3     ",
    ]


def test_at_20_cells_signs_stand_at_the_age_and_the_product_gives_way() -> None:
    assert draw(20, **LATE) == [
        " Fern & Wil… $26,848",
        " Site… T? $! C1 21d!",
        " ! 3d late Send quo…",
    ]
    assert draw(20, **{**LATE, "tech": TechState.NOT_NEEDED, "unpaid_minor": 0, "open_cases": 0})[1] == (
        " Site S24       21d!"
    )


def test_a_narrow_card_runs_together() -> None:
    assert draw(12, **LATE) == ["Fern & Will…", "$27k T?$!C1 ", "!late 3d    "]
    assert draw(11, **{**LATE, "unpaid_minor": 0}) == ["Fern & Wil…", "$27k T? C1 ", "!late 3d   "]


def test_signs_that_have_no_place_beside_a_narrow_amount_take_it_from_the_name() -> None:
    rows = draw(11, **{**LATE, "amount_minor": 12_700_000, "open_cases": 12, "has_high_case": True})
    assert rows[:2] == ["Fern…  C12!", "$127k T?$! "]


def test_steps_say_when_and_what() -> None:
    in_two_days = {"next_step": "Walk through", "next_step_on": TODAY + dt.timedelta(days=2)}
    assert draw(30, **in_two_days)[2] == "   Fri 20 Nov  Walk through   "
    assert draw(20, **in_two_days)[2] == "   Fri 20 Walk thro…"
    assert draw(11, **in_two_days)[2] == " Fri 20    "
    today = {"next_step": "Sign", "next_step_on": TODAY, "next_step_minute": 870}
    assert draw(20, **today)[2] == "   Today 14:30 Sign "
    assert draw(12, **today)[2] == " Today 14:30"
    assert draw(11, **today)[2] == " Today     "
    assert draw(30, **{**in_two_days, "next_step_minute": 870})[2] == "   Fri 20 Nov 14:30  Walk thr…"
    none = {"next_step": "", "next_step_on": None}
    assert draw(20, **none)[2] == " - no next step     "
    assert draw(11, **none)[2] == "-none      "


def test_a_closed_deal_says_how_it_ended_instead_of_missing_a_step() -> None:
    ended = {"next_step": "", "next_step_on": None, "closed_on": TODAY - dt.timedelta(days=6), "tech": TechState.DUE}
    won = {**ended, "outcome": Outcome.WON}
    lost = {**ended, "outcome": Outcome.LOST, "lost_reason": "no budget"}
    assert draw(30, **won)[1:] == [" Site S8                      ", "   won 12 Nov                 "]
    assert draw(30, **lost)[2] == "   lost 12 Nov  no budget     "
    assert draw(11, **lost)[1:] == ["$12k       ", "lost 12 Nov"]
    assert draw(30, lines=1, **won)[0].strip() == "Customer 1           $12,000"
    assert style_of("won", **won) == "good"
    unknown = {**ended, "outcome": Outcome.WON_IMPORTED, "closed_on": None}
    assert draw(30, **unknown)[2].strip() == "won"


@pytest.mark.parametrize(
    ("tech", "sign", "style"),
    [
        (TechState.DUE, "T?", "soon"),
        (TechState.DRAFT, "T*", "draft"),
        (TechState.PASSED, "T+", "good"),
        (TechState.PASSED_WITH_CONDITIONS, "TC", "soon"),
        (TechState.FAILED, "TX", "late"),
        (TechState.STALE, "T~", "soon"),
    ],
)
def test_tech_checks_have_a_sign_and_a_colour(tech: TechState, sign: str, style: str) -> None:
    for width in (11, 20, 30):
        assert style_of(sign, width, tech=tech) == style


def test_small_deals_have_no_tech_sign() -> None:
    assert "T" not in draw(30, tech=TechState.NOT_NEEDED)[1]
    assert "T" not in draw(30, tech=TechState.IMPORTED)[1]


def test_warnings_are_coloured_by_urgency() -> None:
    assert style_of("$!", unpaid_minor=1) == "late"
    assert style_of("C2", open_cases=2) == "soon"
    assert style_of("C2!", open_cases=2, has_high_case=True) == "late"
    assert style_of("15d/14!", stage_age_days=15) == "soon"
    assert style_of("28d/14!", stage_age_days=28) == "late"
    assert style_of("14d/14", stage_age_days=14) == "dim"
    assert style_of("90d", stage_age_days=90, stage_limit_days=None) == "dim"
    assert style_of("! 1d late", late_working_days=1) == "late"
    assert style_of("- no next step", next_step="", next_step_on=None) == "soon"


def test_marks_and_others_changes_show() -> None:
    marked = draw(20, CardState(is_marked=True, is_changed=True), customer="Fern")
    assert marked[0].startswith(" *Fern")
    assert marked[1].endswith("4d^")
    assert draw(20, CardState(is_changed=True), stage_age_days=21)[1].endswith("21d!^")
    assert draw(11, CardState(is_changed=True))[2].endswith("^")
    assert draw(11, CardState(is_marked=True), customer="Fern")[0] == "*Fern      "


def test_an_amount_above_the_limit_never_reads_as_the_limit() -> None:
    assert "$20,001" in draw(20, amount_minor=2_000_001, tech=TechState.DUE)[0]
    assert draw(11, amount_minor=2_000_001, tech=TechState.DUE)[1] == "$20k T?    "


def test_wide_characters_are_cut_by_cells() -> None:
    rows = draw(20, customer="東京庵 Bistro", amount_minor=2_000_000)
    assert rows[0] == " 東京庵 Bis… $20,000"
    assert cells(rows[0]) == 20


def test_hostile_text_is_cleaned() -> None:
    drawn = "".join(draw(60, customer="A\x1b[31mB\u202ec\n", what="x\x07", next_step="y\x9b1m"))
    assert all(character.isprintable() for character in drawn)


def test_fewer_lines_keep_signs_and_amount() -> None:
    assert draw(30, lines=1, **LATE) == [" Fern & Will… !T?$!C1 $26,848 "]
    assert draw(30, lines=2, **LATE) == [" Fern & Willow Clini… $26,848 ", " ! 3d late  Send quote… T?$!C1"]
    assert draw(11, lines=1, **LATE) == ["Fern…  $27k"]


def test_the_cursor_line_is_one_piece_and_keeps_the_sign() -> None:
    line = card_lines(make_card(customer="Fern"), 20, TODAY, CardState(is_current=True, is_marked=True))[0]
    assert [style for _, style in line] == ["accent", "cursor"]


def test_a_plain_line_says_all_in_one_row() -> None:
    line = plain_line(make_card(**LATE), 50, TODAY, 3, CardState(is_current=True))
    drawn = texts([line])[0]
    assert cells(drawn) == 50
    assert drawn.startswith("▌3 Fern & Willow")
    assert "T?$!C1" in drawn
    assert "!late 3d" in drawn


@given(
    width=st.integers(min_value=11, max_value=60),
    lines=st.integers(min_value=1, max_value=3),
    customer=st.text(max_size=40),
    what=st.text(max_size=20),
    step=st.text(max_size=30),
    amount=st.integers(min_value=-(10**6), max_value=10**10),
    tech=st.sampled_from(TechState),
    age=st.integers(min_value=0, max_value=999),
    late=st.integers(min_value=0, max_value=99),
    cases=st.integers(min_value=0, max_value=12),
    high=st.booleans(),
    unpaid=st.integers(min_value=0, max_value=1),
    current=st.booleans(),
    marked=st.booleans(),
    changed=st.booleans(),
)
def test_every_line_is_exactly_as_wide_as_its_column(
    width: int,
    lines: int,
    customer: str,
    what: str,
    step: str,
    amount: int,
    tech: TechState,
    age: int,
    late: int,
    cases: int,
    high: bool,
    unpaid: int,
    current: bool,
    marked: bool,
    changed: bool,
) -> None:
    card = make_card(
        customer=customer,
        what=what,
        next_step=step,
        amount_minor=amount,
        tech=tech,
        stage_age_days=age,
        late_working_days=late,
        open_cases=cases,
        has_high_case=high,
        unpaid_minor=unpaid,
    )
    drawn = card_lines(card, width, TODAY, CardState(current, marked, changed), lines=lines)
    assert [sum(cells(text) for text, _ in line) for line in drawn] == [width] * lines
    if lines == 3:
        shown = "".join("".join(text for text, _ in line) for line in drawn)
        for sign in ("$!" if unpaid else "", f"C{cases}" if cases else "", "!late" if late and width < 16 else ""):
            assert sign in shown
