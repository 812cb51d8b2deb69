"""A running app on a deal's screen, and what tests wait for."""

from __future__ import annotations

from contoso_tui.dialogs.form import FormDialog
from models.deals.detail_records import DealDetail
from models.deals.details import get_detail
from tests.contoso_tui.screens.deal_story import NOW, Story, ask


def detail(story: Story, deal_id: int) -> DealDetail:
    """Read a deal as it stands."""
    return ask(story, get_detail, deal_id, NOW)


class Driver:
    """A running app on a deal's screen, and what the tests wait for."""

    def __init__(self, app, pilot, wait_until, shown) -> None:
        self.app, self.pilot = app, pilot
        self._wait, self._shown = wait_until, shown

    async def until(self, condition) -> None:
        await self._wait(self.pilot, condition)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    @property
    def text(self) -> str:
        return "\n".join(self._shown(self.app))

    @property
    def status(self) -> str:
        return self._shown(self.app)[-2]

    async def form(self, *keys: str) -> FormDialog:
        await self.press(*keys)
        await self.until(lambda: isinstance(self.app.screen, FormDialog) and self.app.screen.box.text)
        return self.app.screen

    async def fill(self, **texts: str) -> None:
        """Put texts into the fields of the form and save it."""
        form = self.app.screen
        for name, text in texts.items():
            form.state.set_text(name, text)
        await self.press("ctrl+s")
        await self.until(lambda: self.app.screen is not form)

    async def told(self, words: str) -> None:
        await self.until(lambda: words in self.status)
