"""The approval of a quote's discount by key: a manager gives it, others ask for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contoso_tui.forms.fields import Choice, Form, FormField
from contoso_tui.screens import quote_words
from contoso_tui.screens.quote_page import QuotePage
from models.deals import approvals
from models.deals.discounts import percent
from models.people import users
from models.people.records import Role, User

if TYPE_CHECKING:
    from contoso_tui.screens.acting import ActingScreen


async def approve_or_ask(screen: ActingScreen, page: QuotePage) -> bool:
    """Open the form that fits the user; True if something was written. Call it from a worker."""
    quote = page.quote
    name = quote_words.name_of(quote)
    standing = page.discount
    draft = screen.draft_key("quote.approve", name)
    if standing.can_approve:
        intro = (f"{page.deal.owner} gives up to {percent(standing.highest_bp)} on a line.",)

        async def approve(values: dict[str, Any]) -> bool:
            await screen.change(approvals.approve, quote.id, values["note"] or "")
            return True

        form = Form(
            f"Approve the discount of {name} · {quote.customer}",
            (FormField("note", "Note"),),
            intro,
            save_label="Approve",
            is_guarded=True,
            draft=draft,
        )
        return bool(await screen.ask(form, approve))
    managers = tuple(Choice(user.login, user.name, user.team) for user in await screen.read(_managers))
    usual = await screen.read(_usual, page.deal.owner_id)

    async def ask(values: dict[str, Any]) -> bool:
        await screen.change(approvals.ask, quote.id, values["of"], values["note"] or "")
        return True

    fields = (
        FormField("of", "Ask", "person", required=True, choices=managers, value=usual),
        FormField("note", "Why", help="what the manager should know"),
    )
    intro = (f"{percent(standing.highest_bp)} is above your limit of {percent(standing.limit_bp)}.",)
    title = f"Ask for approval · {name} · {quote.customer}"
    return bool(await screen.ask(Form(title, fields, intro, save_label="Ask", draft=draft), ask))


def _managers() -> list[User]:
    return [user for user in users.list_users() if Role.MANAGER in user.roles and user.is_active]


def _usual(owner_id: int) -> str:
    return approvals.find_manager(owner_id)
