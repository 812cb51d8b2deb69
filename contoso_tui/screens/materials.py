"""What `D` does on deals and customers: documents chosen, handed to the mail program as an email, and kept."""

from __future__ import annotations

from contoso_tui import mailer
from contoso_tui.screens.acting import ActingScreen
from models.errors import RefusedError
from models.ids import show_customer, show_deal
from models.materials import sending
from models.materials.records import Sendable


async def send_for_deal(screen: ActingScreen, deal_id: int) -> None:
    """Send materials to a deal's customer; call it from a worker."""
    await _send(screen, await screen.read(sending.offer, 0, deal_id), show_deal(deal_id))


async def send_for_customer(screen: ActingScreen, customer_id: int) -> None:
    """Send materials to a customer; call it from a worker."""
    await _send(screen, await screen.read(sending.offer, customer_id), show_customer(customer_id))


async def _send(screen: ActingScreen, about: Sendable, shown: str) -> None:
    from contoso_tui.dialogs.materials import Materials

    title = f"Materials · {about.customer} · {shown}"
    chosen = await screen.app.push_screen_wait(Materials(title, about))
    if chosen is None:
        return
    ids, to = list(chosen.material_ids), chosen.to
    email = await screen.read(sending.compose, screen.host.actor, about, ids, to)
    name = sending.file_stem(about)
    by: str | None = None
    trouble = ""
    if mailer.find_program():
        try:
            by = mailer.hand_over(screen.app, email, name)
        except RefusedError as error:
            trouble = error.message
    if by is None:
        from contoso_tui.dialogs.email import EmailPreview

        preview = EmailPreview(
            title,
            email,
            program="",
            trouble=trouble,
            hand_over=lambda: mailer.hand_over(screen.app, email, name),
            write_file=lambda: mailer.write_file(email, name),
        )
        by = await screen.app.push_screen_wait(preview)
    if by is not None:
        await screen.change(sending.handed_over, about, ids, to, email, handed_to=by)
