"""The screens that exist, by the names that goto, palette and `contoso open` use; each is imported when first shown.

A new screen adds one line here. A value is "module:name".
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

SCREENS: dict[str, str] = {
    "board": "contoso_tui.screens.board:BoardScreen",
    "agenda": "contoso_tui.screens.agenda:AgendaScreen",
    "customers": "contoso_tui.screens.customers:CustomersScreen",
    "points": "contoso_tui.screens.points:PointsScreen",
    "match": "contoso_tui.screens.match:MatchScreen",
    "imports": "contoso_tui.screens.imports:ImportsScreen",
    "quotes": "contoso_tui.screens.quotes:QuotesScreen",
    "orders": "contoso_tui.screens.orders:OrdersScreen",
}
"""Screen name -> its class; called without arguments, at the first visit."""

OPENERS: dict[str, str] = {
    "C": "contoso_tui.screens.customer:CustomerScreen",
    "D": "contoso_tui.screens.deal:DealScreen",
    "Q": "contoso_tui.screens.quote:QuoteScreen",
}
"""First letter of a shown id ("D" of "D-1042") -> its screen's class; called with that id."""

ACTIONS: dict[str, str] = {
    "techcheck": "contoso_tui.screens.tech_check:open_tech_check",
    "quote": "contoso_tui.screens.quote:open_current_quote",
    "assess": "contoso_tui.screens.assess:open_assessment",
    "ideas": "contoso_tui.screens.ideas:open_ideas",
    "materials": "contoso_tui.screens.materials:send_for_deal",
    "new_deal": "contoso_tui.screens.new_deal:new_deal",
    "import": "contoso_tui.screens.importing:import_files",
}
"""What more than one screen starts on a deal or customer -> an async function, run in a worker of the screen.

"techcheck", "quote", "assess", "ideas" and "materials" take the screen and a deal's id; "new_deal" takes the screen
and a customer's id or None (then it asks for one) and returns the new deal's id or None; "import" takes the screen and
paths (none: it asks) and returns the import's number or None.
"""


def load(path: str) -> Any:
    """Import what "module:name" stands for."""
    module, _, name = path.partition(":")
    return getattr(import_module(module), name)


def maker(path: str) -> Callable[..., Any]:
    """Return what makes a screen, importing it at its first use."""
    return lambda *args: load(path)(*args)
