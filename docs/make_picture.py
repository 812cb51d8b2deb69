"""Draw docs/board.svg from a fresh demo: `python docs/make_picture.py`."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import tempfile
from pathlib import Path

from contoso_tui import launch
from contoso_tui.demo import build
from contoso_tui.demo.cast import DEFAULT_LOGIN
from models import database
from models.people import users

TARGET = Path(__file__).with_name("board.svg")


async def draw(data: Path) -> None:
    """Run the board without a terminal and save what it shows."""
    database.init(data)
    with database.connection():
        actor = users.get_actor(DEFAULT_LOGIN)
    app = launch.make_app(data, actor, lambda: dt.datetime.now(dt.UTC), "board")
    async with app.run_test(size=(140, 36)) as pilot:
        while "NURTURE" not in app.export_screenshot():
            await pilot.pause(0.1)
        await pilot.press("l", "l", "j")
        await pilot.pause(0.5)
        picture = app.export_screenshot(title="contoso")
        # No font from elsewhere: a picture in a README must not phone anybody.
        TARGET.write_text(re.sub(r"@font-face \{.*?\}\n", "", picture, flags=re.DOTALL), encoding="utf-8")


def main() -> None:
    """Build the demo and draw it."""
    with tempfile.TemporaryDirectory() as folder:
        data = build.build(Path(folder), dt.datetime.now(dt.UTC), lambda text: None)
        asyncio.run(draw(data))


if __name__ == "__main__":
    main()
