"""The key row offers what can be done now; the keys it leaves out, and help, say why not."""

from __future__ import annotations

import datetime as dt

from models.deals import quotes, stages
from tests.contoso_tui.screens.deal_story import NOW, act, ask, make_app


def keys(row: str) -> set[str]:
    """Return the keys of a key row, without their words."""
    return {pair.split(" ")[0] for pair in row.split("  ") if pair.strip()}


async def test_a_consultant_is_not_offered_to_move_or_close_others_deals(story, shown, wait_until) -> None:
    app = make_app(story, "uma.reyes", "board")
    async with app.run_test(size=(140, 40)) as pilot:
        await wait_until(pilot, lambda: getattr(app.screen, "card", None) is not None)
        await wait_until(pilot, lambda: ">" not in keys(shown(app)[-1]))
        row = shown(app)[-1]
        assert {"enter", "t", "a", "o"} <= keys(row)
        assert keys(row).isdisjoint({">", "s", "w", "x"})
        await pilot.press(">")
        await wait_until(pilot, lambda: "is ana.wu's: only ana.wu, its team or their manager" in "\n".join(shown(app)))
        await pilot.press("?", *"next stage")
        await wait_until(pilot, lambda: any("ana.wu's" in line and "tage" in line for line in shown(app)))


async def test_the_row_follows_the_cursor_from_ones_own_deal_to_anothers(story, shown, wait_until) -> None:
    from models.customers import customers
    from models.deals import deals

    customer = act(story, "bo.lee", customers.create, name="Aardvark Zoo", kind="corporate")
    act(story, "bo.lee", deals.create, customer, type="Gates", amount_minor=100)
    app = make_app(story, "ana.wu", "board")
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_until(pilot, lambda: getattr(app.screen, "card", None) is not None)
        await pilot.press("v")
        await wait_until(pilot, lambda: "all owners" in shown(app)[0])
        seen: dict[str, bool] = {}
        for key in ("1", "j", "k"):
            await pilot.press(key)
            await pilot.pause()
            seen[app.screen.card.owner] = ">" in keys(shown(app)[-1])
        assert seen == {"ana.wu": True, "bo.lee": False}


async def test_a_closed_deal_offers_what_reads_it(story, opened) -> None:
    act(story, "ana.wu", stages.lose, story.small, "price", "Ada", dt.date(2026, 11, 18))
    async with opened("ana.wu", story.small) as on:
        row = on.text.splitlines()[-1]
        assert keys(row).isdisjoint({">", "s", "a", "w", "x", "e"})
        assert {"o", "esc", "?"} <= keys(row)
        await on.press("e")
        await on.told("is lost: m reopens it")


async def test_a_quote_is_offered_to_those_who_can_read_or_make_one(story, opened) -> None:
    async with opened("uma.reyes", story.small, (140, 40)) as on:
        assert "b" not in keys(on.text.splitlines()[-1])
        await on.press("b")
        await on.told("has no quote yet: ana.wu makes one")
    for login, deal in (("ana.wu", story.small), ("uma.reyes", story.fabrikam)):
        async with opened(login, deal, (140, 40)) as on:
            assert "b" in keys(on.text.splitlines()[-1])


async def test_won_is_offered_in_the_last_stage_alone(story, opened) -> None:
    async with opened("ana.wu", story.small, (140, 40)) as on:
        assert "w" not in keys(on.text.splitlines()[-1])
        await on.press("w")
        await on.told("is in Qualify: > moves it on first")


async def test_a_sent_quote_offers_no_edits_and_an_accepted_one_no_answer(story, shown, wait_until) -> None:
    quote = ask(story, quotes.find_current, story.fabrikam, NOW)
    app = make_app(story, "ana.wu", f"Q-{quote.number:04}")
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_until(pilot, lambda: getattr(app.screen, "page", None) is not None)
        await wait_until(pilot, lambda: "> answer" in shown(app)[-1])
        assert keys(shown(app)[-1]).isdisjoint({"n", "e", "x", "%"})
        assert {"N", "m", "esc"} <= keys(shown(app)[-1])
        await pilot.press("n")
        await wait_until(pilot, lambda: "is sent and locked: N makes a new revision" in shown(app)[-2])
        act(story, "ana.wu", quotes.accept, quote.id, on=dt.date(2026, 11, 18))
        await wait_until(pilot, lambda: ">" not in keys(shown(app)[-1]))
        await pilot.press("N")
        await wait_until(pilot, lambda: "> send" in shown(app)[-1])
        assert "N" not in keys(shown(app)[-1])
        assert {"n", "e"} <= keys(shown(app)[-1])
