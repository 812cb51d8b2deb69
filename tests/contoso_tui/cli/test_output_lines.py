"""Lines for people are broken between words; without room, or where each line stands for one thing, they are cut."""

from __future__ import annotations

import pytest

from contoso_tui.cli.output import Output

LONG = "  raising the limit of the tech check frees seven deals of five customers"


@pytest.mark.parametrize(
    ("width", "is_linear", "expected"),
    [
        (40, False, ["  raising the limit of the tech check", "    frees seven deals of five customers"]),
        (40, True, ["  raising the limit of the tech check f…"]),
        (None, False, [LONG]),
        (20, False, ["  raising the limit…"]),
        (200, False, [LONG]),
    ],
)
def test_long_lines_go_on_further_in(capsys, width, is_linear, expected):
    Output(width=width, is_linear=is_linear).lines([LONG, "short"])
    assert capsys.readouterr().out.splitlines() == [*expected, "short"]
