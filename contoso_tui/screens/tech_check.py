"""What `t` does, on every screen with a deal: the consultant signs, the owner asks, others read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from contoso_tui.dialogs.tech_ask import Consultant
from contoso_tui.drafts import DraftKey
from contoso_tui.screens.acting import ActingScreen
from models import process
from models.deals import details, tech_checks
from models.deals.detail_records import DealDetail, TechCheck, TechCheckView
from models.deals.records import Outcome, TechState
from models.ids import show_deal
from models.people import users
from models.people.permissions import works_on_deal
from models.people.records import Actor, Role

_WANTED = (TechState.DUE, TechState.DRAFT, TechState.FAILED, TechState.STALE)


@dataclass(frozen=True, slots=True)
class TechPage:
    """What the three dialogs show."""

    deal: DealDetail
    view: TechCheckView
    checks: tuple[TechCheck, ...]
    questions: tuple[str, ...]
    last_stage: str
    consultants: tuple[Consultant, ...]
    draft: dict[str, Any]
    """What the reader has filled in and not signed."""
    why_cannot_sign: str
    may_ask: bool


def read(deal_id: int, actor: Actor, now: dt.datetime) -> TechPage:
    """Read a deal's tech check as `actor` may act on it.

    Raises:
        NotFoundError: there is no such deal.
    """
    deal = details.get_detail(deal_id, now)
    rules = process.current()
    why_not = tech_checks.why_cannot_sign(actor, deal)
    may_work = works_on_deal(actor, deal.id, deal.owner_id)
    may_ask = bool(why_not) and may_work and deal.outcome is Outcome.OPEN and deal.tech in _WANTED
    return TechPage(
        deal=deal,
        view=tech_checks.get_view(deal_id, now),
        checks=tuple(tech_checks.list_checks(deal_id)),
        questions=rules.tech_check_questions,
        last_stage=rules.stages(deal.pipeline)[-1].name,
        consultants=_consultants(deal, now) if may_ask else (),
        draft=tech_checks.find_draft(actor, deal_id) or {},
        why_cannot_sign=why_not,
        may_ask=may_ask,
    )


def _consultants(deal: DealDetail, now: dt.datetime) -> tuple[Consultant, ...]:
    return tuple(
        Consultant(user.login, user.name, len(tech_checks.list_waiting(now, user.id)))
        for user in users.list_users()
        if user.is_active and Role.CONSULTANT in user.roles and user.id != deal.owner_id
    )


async def open_tech_check(screen: ActingScreen, deal_id: int) -> None:
    """Open the dialog that fits the user; call it from a worker."""
    host = screen.host
    page = await screen.read(read, deal_id, host.actor, host.clock())
    zone = ZoneInfo(host.settings.zone)
    if not page.why_cannot_sign:
        await _sign(screen, page, zone)
    elif page.may_ask:
        await _ask(screen, page, zone)
    else:
        from contoso_tui.dialogs.tech_read import TechRead

        await screen.app.push_screen_wait(TechRead(page.view, page.checks, page.why_cannot_sign, zone))


async def _ask(screen: ActingScreen, page: TechPage, zone: ZoneInfo) -> None:
    from contoso_tui.dialogs.tech_ask import ask_form

    if not page.consultants:
        screen.refuse("No technical consultant is known yet: contoso user set LOGIN role=consultant")
        return
    deal_id = page.deal.id
    is_owner = page.deal.owner_id == screen.host.actor.id
    why = "You own this deal, so you cannot sign its tech check." if is_owner else f"{page.why_cannot_sign}."
    form = ask_form(
        page.view,
        page.consultants,
        (page.deal.stage.name, page.last_stage),
        zone,
        screen.draft_key("deal.techcheck", show_deal(deal_id)),
        why[:1].upper() + why[1:],
    )

    async def submit(values: dict[str, Any]) -> None:
        await screen.change(tech_checks.ask, deal_id, values["of_login"], values["needed_by"], values["note"] or "")

    await screen.ask(form, submit)


async def _sign(screen: ActingScreen, page: TechPage, zone: ZoneInfo) -> None:
    from contoso_tui.dialogs.tech_sign import Signing, TechSignDialog, answers_of

    host, deal_id, view = screen.host, page.deal.id, page.view
    key = screen.draft_key("deal.techcheck", show_deal(deal_id))
    entered = f"{host.clock().astimezone(zone):%d %b %H:%M}"
    signing = Signing(view, page.questions, host.actor.login, entered, host.today(), page.last_stage, screen.is_wide)

    async def submit(values: dict[str, Any]) -> int:
        return await screen.change(
            partial(tech_checks.sign, seen=view),
            deal_id,
            TechState(values["outcome"]),
            values["checked_on"],
            values["details"] or "",
            answers_of(values, page.questions),
            seen_check_id=view.last.id if view.last else None,
        )

    # A file is there only if the form was never left: a lost link. It is newer than the row of the database.
    left = host.drafts.open(key)
    start = left.values if left is not None else page.draft
    dialog = TechSignDialog(signing, submit, key, start)
    signed = await screen.app.push_screen_wait(dialog)
    if signed is None:
        await _keep(screen, deal_id, dialog.kept, key, had_draft=bool(page.draft))


async def _keep(screen: ActingScreen, deal_id: int, kept: dict[str, str], key: DraftKey, *, had_draft: bool) -> None:
    host = screen.host
    if kept:
        await host.store.write(tech_checks.save_draft, host.actor, host.clock(), deal_id, dict(kept))
        screen.tell_kept(key, " (T*)")
    elif had_draft:
        await host.store.write(tech_checks.drop_draft, host.actor, host.clock(), deal_id)
        screen.status(f"Dropped your draft of {show_deal(deal_id)}: nothing was left in it")
    host.drafts.drop(key)
