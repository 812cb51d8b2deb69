"""What can be done with a quote by key, on its screen and in the list: send, answer, revise, cancel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from textual import work

from contoso_tui.dialogs import quote_forms
from contoso_tui.forms.fields import Choice
from contoso_tui.screens import quote_page, quote_words
from contoso_tui.screens.acting import ActingScreen
from contoso_tui.screens.quote_page import QuotePage
from models import ids
from models.activities import quote_steps
from models.deals import quotes

EXTENDED = "extended"
CANCEL = "cancel"
"""Which of the forms of `quote.state` a draft belongs to."""
_OPEN_STATES = ("draft", "sent", "expired")


@dataclass(frozen=True, slots=True)
class QuoteRef:
    """Which quote an action is for."""

    number: int
    revision: int


class QuoteActions(ActingScreen):
    """Keys of quotes; the screen says which one is under the cursor."""

    def quote_ref(self) -> QuoteRef | None:
        """Return the quote an action is for."""
        raise NotImplementedError

    async def quotes_changed(self, show: QuoteRef | None = None) -> None:
        """Show quotes as they stand after a change; `show` is one that was made."""
        raise NotImplementedError

    async def _page(self) -> QuotePage | None:
        ref = self.quote_ref()
        if ref is None:
            return None
        host = self.host
        return await self.read(quote_page.read, ref.number, ref.revision, host.actor, host.clock())

    # ---- forward

    @work
    async def action_quote_forward(self) -> None:
        """Send a draft; record the answer to what was sent."""
        page = await self._page()
        if page is None:
            return
        if page.is_draft:
            await self._send(page)
        elif page.quote.state in ("sent", "expired"):
            await self._answer(page)
        else:
            key = self.host.keymap.key("quote.revise")
            self.refuse(f"{quote_words.name_of(page.quote)} is {page.quote.state}: {key} makes a new revision")

    async def _send(self, page: QuotePage) -> None:
        quote = page.quote
        name = quote_words.name_of(quote)
        if not quote.lines:
            key = self.host.keymap.key("item.new")
            self.refuse(f"{name} has no lines: {key} adds one before sending it")
            return
        if page.discount.needs_approval:
            asked = page.discount.asked_of
            key = self.host.keymap.key("quote.approve")
            told = f"{asked} was asked to approve it" if asked else f"{key} asks for approval"
            self.refuse(f"{quote_words.over_limit(page)}: {told}")
            return
        answers = {"keep": "Keep as draft", "send": "Send"}
        if page.coming is not None and page.coming.instead_of:
            answers["stay"] = "Send, the step stays"
        title = f"Send {name} · {quote.customer}"
        lines = [
            *quote_words.sending_words(page, self.host.today()),
            "Sending is never undone: a newer revision replaces it.",
        ]
        answer = await self.confirm(title, lines, answers)
        if answer in ("send", "stay"):
            await self.change(quote_steps.send, quote.id, keep_step=answer == "stay", seen=quote, told=page.coming)
            await self.quotes_changed()

    async def _answer(self, page: QuotePage, answer: str = "") -> None:
        quote = page.quote
        foot = ["Accepted makes the deal's amount and is never undone."]
        if any(found.state == "draft" for found in page.revisions):
            foot.append("A draft is still open: a deal is won only when it is settled.")

        async def submit(values: dict[str, Any]) -> bool:
            if values["answer"] == quote_forms.ACCEPTED:
                await self._accept(quote.id, values)
            else:
                await self.change(quotes.reject, quote.id, values["reason"] or "", on=values["on"])
            return True

        draft = self.draft_key("quote.forward", quote_words.name_of(quote))
        if await self.ask(quote_forms.answer_form(quote, tuple(foot), draft, answer), submit):
            await self.quotes_changed()

    async def _accept(self, quote_id: int, values: dict[str, Any]) -> None:
        if values["makes"] != quote_forms.CONTRACT:
            await self.change(quotes.accept, quote_id, on=values["on"])
            return
        from models.orders import contracts

        span = values["from"] or values["on"], values["until"]
        await self.change(contracts.accept, quote_id, *span, call_offs=values["call_offs"] or 1, on=values["on"])

    # ---- state

    @work
    async def action_quote_state(self) -> None:
        """Choose accepted, rejected or cancelled."""
        from contoso_tui.dialogs.picker import Picker

        page = await self._page()
        if page is None:
            return
        state = page.quote.state
        name = quote_words.name_of(page.quote)
        why: dict[str, str] = {}
        if state not in ("sent", "expired"):
            why = dict.fromkeys((quote_forms.ACCEPTED, quote_forms.REJECTED), f"it is {state}, not sent")
        if state not in _OPEN_STATES:
            why["cancelled"] = f"it is {state}"
        if state not in ("sent", "expired"):
            why[EXTENDED] = f"it is {state}, not sent"
        states = (quote_forms.ACCEPTED, quote_forms.REJECTED, EXTENDED, "cancelled")
        choices = [Choice(found, found) for found in states]
        chosen = await self.app.push_screen_wait(Picker(f"{name} becomes", choices, why))
        if chosen == "cancelled":
            await self._cancel(page)
        elif chosen == EXTENDED:
            await self._extend(page)
        elif chosen is not None:
            await self._answer(page, chosen)

    async def _extend(self, page: QuotePage) -> None:
        from models.deals import quote_changes

        name = quote_words.name_of(page.quote)

        async def submit(values: dict[str, Any]) -> bool:
            await self.change(quote_changes.extend, page.quote.id, values["to"])
            return True

        draft = self.draft_key(f"quote.state:{EXTENDED}", name)
        if await self.ask(quote_forms.extend_form(page.quote, draft), submit):
            await self.quotes_changed()

    async def _cancel(self, page: QuotePage) -> None:
        from contoso_tui.dialogs.steps import reason_form

        name = quote_words.name_of(page.quote)

        async def submit(values: dict[str, str]) -> bool:
            await self.change(quotes.cancel, page.quote.id, values["reason"])
            return True

        draft = self.draft_key(f"quote.state:{CANCEL}", name)
        title = f"Cancel {name} · {page.quote.customer}"
        form = reason_form(title, ("u takes it back.",), "Cancel the quote", draft=draft)
        if await self.ask(form, submit):
            await self.quotes_changed()

    # ---- more

    @work
    async def action_quote_approve(self) -> None:
        """Give approval of the discount, or ask for it."""
        from contoso_tui.screens.quote_approval import approve_or_ask

        page = await self._page()
        if page is not None and await approve_or_ask(self, page):
            await self.quotes_changed()

    @work
    async def action_quote_revise(self) -> None:
        """Make the next revision from this one."""
        page = await self._page()
        if page is None:
            return
        made = await self.change(quotes.create, page.deal.id, of=page.quote.id)
        quote = await self.read(quotes.get, made, self.host.clock())
        await self.quotes_changed(QuoteRef(quote.number, quote.revision))

    @work
    async def action_customer_open(self) -> None:
        """Open the customer."""
        page = await self._page()
        if page is not None:
            self.host.open_goal(ids.show_customer(page.deal.customer_id))
