"""What a customer's screen tells besides values and deals: reviews, measures, orders, household."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from contoso_tui.dialogs.kinds import Kinds
from contoso_tui.screens import customer_page
from contoso_tui.screens.customer import CustomerScreen
from contoso_tui.screens.customer_page import Shown
from contoso_tui.screens.deal import DealScreen
from importers import run
from models import database
from models.deals import quotes
from models.orders import orders
from models.people import users
from tests.contoso_tui.screens.customer_story import NOW, Story, build, running
from tests.importers.small_files import REVIEWS, Files, reviewed


@pytest.fixture
def story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Story:
    for name in ("STATE", "CONFIG", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    made = build(tmp_path)
    path = Files(tmp_path / "more").write("Reviews.csv", REVIEWS, [
        reviewed(1, "R1", "5", ReviewDate="10/3/2026", ReviewText="Rings in the cellar too"),
        reviewed(1, "R2", "2.5", ReviewDate="9/2/2026", ReviewText="Battery is flat"),
        reviewed(1, "R3", "", ReviewDate="8/1/2026", ReviewText=""),
    ])  # fmt: skip
    made.act("olga", lambda actor, now: run.run([path], actor, now))
    return made


def opened(story: Story, name: str, size=(80, 24)):
    goal = f"C-{story.ids[name]:05d}"
    return running(story, "bo.lee", goal, lambda screen: getattr(screen, "page", None) is not None, size)


async def test_reviews_stand_in_the_timeline_and_can_be_chosen(story) -> None:
    async with opened(story, "Nora Vale") as on:
        assert "03 Oct 26  review  5 of 5: Rings in the cellar too, R1" in on.text
        assert "02 Sep 26  review  2.5 of 5: Battery is flat, R2" in on.text
        assert "01 Aug 26  review  R3" in on.text
        dialog = await on.dialog(Kinds, "f")
        await on.press("*", "right", *["down"] * 4, "space", "left", *["down"] * 4, "space", "enter")
        await on.until(lambda: on.screen is not dialog and len(on.screen.entries) == 3)
        assert "only review · rev" in on.text


async def test_measures_are_told_on_the_money_tab(story) -> None:
    async with opened(story, "Nora Vale") as on:
        await on.press("4")
        text = " ".join(on.text.split())
        assert "average basket $685.75 4 baskets" in text
        assert "segment loyal: recency 5, frequency 3, value 4, of 5 each" in text
        assert "reviews 3.75 of 5 on average, 3 in all, last Sat 3 Oct 2026" in text


async def test_a_wide_screen_tells_segment_reviews_and_household_beside(story) -> None:
    async with opened(story, "Nora Vale", (140, 40)) as on:
        text = " ".join(on.text.split())
        for words in ("buys loyal R5 F3 V4 basket $685.75", "reviews 3.75 of 5 (3), last Sat 3 Oct 2026"):
            assert words in text
        assert "HOUSEHOLD" in text
        assert "Eva Elm same address" in text


async def test_who_lives_there_is_told_with_why_and_can_be_opened(story) -> None:
    async with opened(story, "Nora Vale") as on:
        assert "household: Eva Elm (same address)" in on.text
        await on.press("6")
        assert f"C-{story.ids['Eva Elm']:05d}  Eva Elm" in on.text
        assert "same address" in on.text
        await on.press("enter")
        await on.until(lambda: isinstance(on.screen, CustomerScreen) and on.screen.page is not None)
        await on.until(lambda: on.screen.page.profile.name == "Eva Elm")
    async with opened(story, "Ada Ashe") as on:
        await on.press("6")
        assert "nobody else is known in the household" in on.text


async def test_orders_stand_on_the_money_tab_and_in_the_timeline(story) -> None:
    deal = story.value("SELECT id FROM deal")
    quote = story.act("bo.lee", quotes.create, deal)
    story.act("bo.lee", quotes.add_line, quote, "DOORBELL", 3)
    story.act("bo.lee", quotes.send, quote)
    story.act("bo.lee", quotes.accept, quote)
    (made,) = story.read(orders.list_orders)
    async with opened(story, "Nora Vale") as on:
        assert f"order   O-{made.id:04d} booked" in on.text
        await on.press("4", "end")
        assert "ORDERS, CONTRACTS, INVOICES" in on.text
        assert f"O-{made.id:04d}" in on.text
        await on.press("enter")
        await on.until(lambda: isinstance(on.screen, DealScreen) and on.screen.page is not None)


# Tables that grow with customers, or with what happens with them.
_GROWING = (
    *(
        "customer",
        "person",
        "source_record",
        "customer_key",
        "purchase",
        "source_event",
        "membership",
        "customer_merge",
    ),
    *("deal", "quote", "stage_change", "tech_check", "assessment", "activity", "follow_up", "enrolment", "sent_email"),
    *("sales_order", "sales_contract", "invoice", "payment", "journal"),
)


def test_opening_a_customer_reads_no_table_whole(story) -> None:
    def plans() -> list[str]:
        asked: list[str] = []
        actor, connection = users.get_actor("bo.lee"), database.raw_connection()
        connection.set_trace_callback(asked.append)
        try:
            customer_page.read(story.ids["Nora Vale"], actor, NOW, NOW.date())
            customer_page.read_timeline(story.ids["Nora Vale"], NOW, Shown(), 200)
        finally:
            connection.set_trace_callback(None)
        queries = [text for text in asked if text.startswith("SELECT")]
        assert len(queries) > 30
        found = []
        for text in queries:
            steps = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {text}")]
            aliases = {name: name for name in _GROWING} | {
                match[2]: match[1] for match in re.finditer(r"(?:FROM|JOIN) (\w+) (\w)\b", text)
            }
            scanned = [re.match(r"SCAN (\w+)", step) for step in steps]
            found += [f"{one[0]}: {text}" for one in scanned if one is not None and aliases.get(one[1]) in _GROWING]
        return found

    assert story.read(plans) == []
