"""What screens of one list share: the list, its filter, the views that `v` goes through, and reading it again."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on, work
from textual.app import ComposeResult

from contoso_tui.screens.filtering import Filtering
from contoso_tui.widgets.list_view import LineList


class ListScreen(Filtering):
    """Subclasses name the views, read one in `reload` and draw it in `show_rows`."""

    def __init__(self) -> None:
        super().__init__()
        self.list = LineList(id="rows", empty="Reading …")
        self.view_index = 0

    def body(self) -> ComposeResult:
        """Lay out the list."""
        yield self.list

    def on_mount(self) -> None:
        """Read the first view."""
        self.load()

    def on_resize(self) -> None:
        """Fit the new width."""
        self.show_rows()

    @property
    def active_list(self) -> LineList:
        """The list."""
        return self.list

    # ---- what subclasses say

    @property
    def view_names(self) -> Sequence[str]:
        """The views in the order of `v`."""
        raise NotImplementedError

    async def reload(self) -> None:
        """Read the view and show it."""
        raise NotImplementedError

    def show_rows(self) -> None:
        """Draw what was read as far as the filter keeps it; the cursor stays on its row."""
        raise NotImplementedError

    def show_detail(self) -> None:
        """Tell about the row under the cursor."""
        raise NotImplementedError

    # ---- showing

    @property
    def view_name(self) -> str:
        """The name of the view."""
        return self.view_names[self.view_index]

    @work(exclusive=True, group="list")
    async def load(self) -> None:
        """Read the view and show it."""
        await self.reload()

    def tell_shown(self, count: int, figures: str) -> None:
        """Say in the first row which view this is, beside the filter how much it keeps, and draw row and keys."""
        self.show_place(self.view_name + (f"  /{self.filter_text}" if self.filter_text else ""), figures)
        self.tell_found(f"{count} match" if count != 1 else "1 matches")
        self.show_detail()
        self.show_keys()

    def filter_changed(self) -> None:
        """Show what the filter matches."""
        self.show_rows()

    @on(LineList.Highlighted)
    def _highlighted(self) -> None:
        self.show_detail()
        self.show_keys()

    @on(LineList.Chosen)
    def _chosen(self) -> None:
        self.action_item_open()

    # ---- keys

    def action_item_open(self) -> None:
        """Open the row under the cursor."""
        raise NotImplementedError

    def action_screen_view(self) -> None:
        """Go on to the next view."""
        self.view_index = (self.view_index + 1) % len(self.view_names)
        self.load()

    def action_app_back(self) -> None:
        """Clear the filter."""
        self.clear_filter()

    def action_app_refresh(self) -> None:
        """Read everything again."""
        super().action_app_refresh()
        self.load()
