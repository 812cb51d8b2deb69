"""What `c` does on every screen with a deal: the questionnaire of its stage, and what the score came to."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from contoso_tui.screens.acting import ActingScreen
from models import clock, process
from models.assessments import assessments, forms, reading
from models.assessments.records import Assessment, Outcome, Questionnaire
from models.deals import details, gates, stages
from models.deals.detail_records import DealDetail
from models.ids import show_deal

if TYPE_CHECKING:
    import datetime as dt

    from contoso_tui.screens.deal_actions import DealActions


@dataclass(frozen=True, slots=True)
class AssessPage:
    """What the dialog shows of a deal."""

    deal: DealDetail
    form: Questionnaire | None
    target: str
    waits_for: tuple[str, ...]
    last: Assessment | None


def read(deal_id: int, now: dt.datetime) -> AssessPage:
    """Read the questionnaire of a deal's stage, and where a score could lead.

    Raises:
        NotFoundError: there is no such deal.
    """
    deal = details.get_detail(deal_id, now)
    rules = process.current()
    target = gates.next_stage(deal, rules)
    form = forms.find(deal.pipeline, deal.stage.id)
    met = deal._replace(assessed=deal.assessed | {deal.stage.id})
    missing = gates.blockers(met, target.id if target is not None else gates.WON, rules)
    return AssessPage(
        deal,
        form,
        target.name if target is not None else "",
        assessments.short(missing),
        reading.find_last(deal_id, deal.stage.id),
    )


async def open_assessment(screen: DealActions, deal_id: int) -> None:
    """Ask the questionnaire of a deal's stage; call it from a worker."""
    from contoso_tui.dialogs.assess import AssessDialog, Assessing, choices_of

    host = screen.host
    page = await screen.read(read, deal_id, host.clock())
    form, deal = page.form, page.deal
    if form is None:
        screen.refuse(f"The process has no assessment for {deal.stage.name}")
        return
    zone = ZoneInfo(host.settings.zone)
    about = Assessing(deal, form, page.target, page.waits_for, page.last, host.today(), zone)
    key = screen.draft_key("deal.assess", show_deal(deal_id))
    submission = str(uuid.uuid4())

    async def submit(values: dict[str, Any]) -> Outcome:
        return await screen.change(
            assessments.complete,
            deal_id,
            form.id,
            choices_of(form, values),
            note=values["note"] or "",
            submission=submission,
            entered_stage=clock.to_micros(deal.stage_entered_at),
        )

    done: Outcome | None = await screen.app.push_screen_wait(AssessDialog(about, submit, key))
    if done is None:
        if host.drafts.open(key) is not None:
            screen.tell_kept(key)
    elif done.assessment.result == "proposed" and page.target:
        await _propose(screen, deal, page.target, done)
    elif done.assessment.result == "waits":
        from contoso_tui.screens.gating import pass_gate

        found = done.assessment
        await screen.deals_changed([deal_id])
        await pass_gate(screen, deal_id, None, f"Scored {found.score}: {found.rule}. What the promotion waits for:")


async def _propose(screen: ActingScreen, deal: DealDetail, target: str, done: Outcome) -> None:
    answers = {"move": f"Move to {target}", "leave": f"Leave in {deal.stage.name}"}
    chosen = await screen.confirm(
        f"{show_deal(deal.id)} {deal.customer}", [f"Scored {done.assessment.score}: {done.assessment.rule}."], answers
    )
    if chosen == "move":
        await screen.change(stages.forward, deal.id)
