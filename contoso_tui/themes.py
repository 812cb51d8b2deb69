"""Themes, and the named styles that everything drawn by lines uses.

Colours are entries of the 256-colour table, so that a link without true colour shows the same. Red, amber and
green differ in lightness as well as in hue. The signs of cards carry the meaning alone: a theme may drop colour.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from rich.style import Style

if TYPE_CHECKING:
    from textual.theme import Theme

Palette = Mapping[str, Style]
"""Style name -> style. Each fits on `text`: it carries the background itself."""

STYLE_NAMES = (
    "text", "dim", "heading", "amount", "accent", "late", "soon", "good", "draft", "line", "mark",
    "key", "title", "error", "field", "caret", "cursor",
)  # fmt: skip

_COLOURS: dict[str, dict[str, str]] = {
    "contoso-dark": {
        "back": "#121212", "text": "#d0d0d0", "dim": "#949494", "accent": "#5fafff", "late": "#ff5f5f",
        "soon": "#ffaf00", "good": "#afffaf", "draft": "#5fd7d7", "line": "#6c6c6c", "field": "#303030",
    },
    "contoso-light": {
        "back": "#ffffff", "text": "#1c1c1c", "dim": "#585858", "accent": "#005faf", "late": "#d70000",
        "soon": "#af5f00", "good": "#005f00", "draft": "#005f87", "line": "#767676", "field": "#e4e4e4",
    },
    "high-contrast": {
        "back": "#000000", "text": "#ffffff", "dim": "#d0d0d0", "accent": "#5fd7ff", "late": "#ff8787",
        "soon": "#ffff00", "good": "#00ff00", "draft": "#00ffff", "line": "#bcbcbc", "field": "#3a3a3a",
    },
}  # fmt: skip
_DARK = {"contoso-dark", "high-contrast", "terminal", "mono"}

THEME_NAMES = ("contoso-dark", "contoso-light", "terminal", "high-contrast", "mono")


def choose(wanted: str, environ: Mapping[str, str] = os.environ, *, is_low: bool = False) -> str:
    """Return the theme to use for a setting; NO_COLOR always means mono, "auto" looks at TERM.

    With `is_low`, on a slow line, "auto" is the one of 16 colours, whose codes are the shortest.
    """
    if environ.get("NO_COLOR"):
        return "mono"
    if wanted in THEME_NAMES:
        return wanted
    if is_low:
        return "terminal"
    term = environ.get("TERM", "")
    has_256 = "256" in term or "direct" in term or "kitty" in term or bool(environ.get("COLORTERM"))
    return "contoso-dark" if has_256 else "terminal"


def themes() -> list[Theme]:
    """Return the Textual themes to register."""
    return [_theme(name) for name in THEME_NAMES]


@lru_cache(maxsize=8)
def palette(name: str) -> Palette:
    """Return the named styles of a theme; an unknown name gives those of the terminal's own colours."""
    if name in _COLOURS:
        return MappingProxyType(_coloured(_COLOURS[name]))
    return MappingProxyType(_MONO if name == "mono" else _TERMINAL)


def _coloured(colour: Mapping[str, str]) -> dict[str, Style]:
    back = colour["back"]

    def style(name: str, *, bold: bool = False) -> Style:
        return Style(color=colour[name], bgcolor=back, bold=bold or None)

    return {
        "text": style("text"),
        "dim": style("dim"),
        "heading": style("text", bold=True),
        "amount": style("text", bold=True),
        "accent": style("accent", bold=True),
        "late": style("late", bold=True),
        "soon": style("soon"),
        "good": style("good"),
        "draft": style("draft"),
        "line": style("line"),
        "mark": style("accent", bold=True),
        "key": style("accent", bold=True),
        "title": style("accent", bold=True),
        "error": style("late", bold=True),
        "field": Style(color=colour["text"], bgcolor=colour["field"]),
        "caret": Style(color=colour["field"], bgcolor=colour["text"]),
        "cursor": Style(reverse=True),
    }


_TERMINAL: dict[str, Style] = {
    "text": Style(),
    "dim": Style(dim=True),
    "heading": Style(bold=True),
    "amount": Style(bold=True),
    "accent": Style(color="blue", bold=True),
    "late": Style(color="red", bold=True),
    "soon": Style(color="yellow"),
    "good": Style(color="green"),
    "draft": Style(color="cyan"),
    "line": Style(dim=True),
    "mark": Style(color="blue", bold=True),
    "key": Style(color="blue", bold=True),
    "title": Style(bold=True),
    "error": Style(color="red", bold=True),
    "field": Style(underline=True),
    "caret": Style(reverse=True),
    "cursor": Style(reverse=True),
}

_MONO: dict[str, Style] = {
    "text": Style(),
    "dim": Style(),
    "heading": Style(bold=True),
    "amount": Style(bold=True),
    "accent": Style(bold=True),
    "late": Style(bold=True),
    "soon": Style(),
    "good": Style(),
    "draft": Style(),
    "line": Style(),
    "mark": Style(bold=True),
    "key": Style(bold=True),
    "title": Style(bold=True),
    "error": Style(bold=True),
    "field": Style(underline=True),
    "caret": Style(reverse=True),
    "cursor": Style(reverse=True),
}


def _theme(name: str) -> Theme:
    # The first frame is drawn with these styles before Textual is imported.
    from textual.theme import Theme

    if name not in _COLOURS:
        return _terminal_theme(name)
    colour = _COLOURS[name]
    return Theme(
        name=name,
        primary=colour["accent"],
        secondary=colour["draft"],
        warning=colour["soon"],
        error=colour["late"],
        success=colour["good"],
        accent=colour["accent"],
        foreground=colour["text"],
        background=colour["back"],
        surface=colour["back"],
        panel=colour["field"],
        dark=name in _DARK,
        text_alpha=1.0,
        variables={
            "line": colour["line"],
            "field": colour["field"],
            "dim": colour["dim"],
            "late": colour["late"],
            "input-cursor-background": colour["text"],
            "input-cursor-foreground": colour["back"],
            "input-selection-background": colour["accent"],
            "input-selection-foreground": colour["back"],
        },
    )


def _terminal_theme(name: str) -> Theme:
    from textual.theme import Theme

    hue = {"red": "ansi_red", "yellow": "ansi_yellow", "green": "ansi_green", "blue": "ansi_blue"}
    if name == "mono":
        hue = dict.fromkeys(hue, "ansi_default")
    return Theme(
        name=name,
        ansi=True,
        primary=hue["blue"],
        secondary=hue["blue"],
        warning=hue["yellow"],
        error=hue["red"],
        success=hue["green"],
        accent=hue["blue"],
        foreground="ansi_default",
        background="ansi_default",
        surface="ansi_default",
        panel="ansi_default",
        boost="ansi_default",
        dark=True,
        variables={
            "line": "ansi_default",
            "field": "ansi_default",
            "dim": "ansi_default",
            "late": hue["red"],
            "ansi-background": "ansi_default",
            "ansi-foreground": "ansi_default",
            "border": "ansi_default",
            "border-blurred": "ansi_default",
            "input-cursor-background": "ansi_default",
            "input-cursor-foreground": "ansi_default",
            "input-cursor-text-style": "reverse",
            "input-selection-background": "ansi_default",
            "input-selection-foreground": "ansi_default",
            "block-cursor-foreground": "ansi_default",
            "block-cursor-background": "ansi_default",
            "block-cursor-text-style": "reverse",
        },
    )
