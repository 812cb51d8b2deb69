from itertools import combinations

import pytest
from rich.color import Color
from rich.style import Style

from contoso_tui import themes

COLOURED = ["contoso-dark", "contoso-light", "high-contrast"]


def luminance(color: Color | None) -> float:
    assert color is not None
    triplet = color.triplet
    assert triplet is not None
    parts = [value / 255 for value in triplet]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ratio(one: Color | None, other: Color | None) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", COLOURED)
@pytest.mark.parametrize("style", [name for name in themes.STYLE_NAMES if name != "cursor"])
def test_contrast(name: str, style: str) -> None:
    found = themes.palette(name)[style]
    assert ratio(found.color, found.bgcolor) >= (3.0 if style == "line" else 4.5)


@pytest.mark.parametrize("name", COLOURED)
def test_red_amber_and_green_differ_in_lightness(name: str) -> None:
    palette = themes.palette(name)
    for one, other in combinations(("late", "soon", "good"), 2):
        assert ratio(palette[one].color, palette[other].color) >= 1.14


@pytest.mark.parametrize("name", COLOURED)
def test_colours_are_of_the_256_that_a_link_without_true_colour_has(name: str) -> None:
    steps = {0, 0x5F, 0x87, 0xAF, 0xD7, 0xFF}
    for style in themes.palette(name).values():
        for color in (style.color, style.bgcolor):
            if color is not None:
                red, green, blue = color.triplet
                is_grey = red == green == blue and (red - 8) % 10 == 0
                assert is_grey or {red, green, blue} <= steps, color.name


@pytest.mark.parametrize("name", themes.THEME_NAMES)
def test_every_theme_has_every_style_and_a_cursor_that_needs_no_colour(name: str) -> None:
    palette = themes.palette(name)
    assert set(palette) == set(themes.STYLE_NAMES)
    assert palette["cursor"] == Style(reverse=True)
    assert {theme.name for theme in themes.themes()} == set(themes.THEME_NAMES)


def test_terminal_and_mono_leave_the_background_alone_and_mono_all_colours() -> None:
    assert all(style.bgcolor is None for style in themes.palette("terminal").values())
    assert all(style.color is None and style.bgcolor is None for style in themes.palette("mono").values())


@pytest.mark.parametrize(
    ("wanted", "environ", "chosen"),
    [
        ("auto", {"TERM": "xterm-256color"}, "contoso-dark"),
        ("auto", {"TERM": "linux"}, "terminal"),
        ("auto", {"TERM": "xterm", "COLORTERM": "truecolor"}, "contoso-dark"),
        ("contoso-light", {"TERM": "linux"}, "contoso-light"),
        ("contoso-light", {"NO_COLOR": "1"}, "mono"),
        ("no-such", {"TERM": "xterm-256color"}, "contoso-dark"),
    ],
)
def test_choice_of_theme(wanted: str, environ: dict[str, str], chosen: str) -> None:
    assert themes.choose(wanted, environ) == chosen
