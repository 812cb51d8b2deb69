"""What the outside sees of nurture and the agenda: frozen records, made by the modules of this package."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from models.deals.records import TechState

# Why an enrolment ends before its last step, with the words for it.
EXIT_REASONS = {
    "replied": "replied",
    "bounced": "bounced twice",
    "opted_out": "opted out",
    "qualified": "qualified",
    "disqualified": "disqualified",
    "no_longer_corporate": "no longer corporate",
    "merged": "merged",
    "manual": "ended by hand",
}
# How a call of nurture can end.
RESULTS = {
    "not_reached": "not reached",
    "meeting": "meeting booked",
    "qualified": "qualified",
    "disqualified": "disqualified",
}


class ProgrammeStep(NamedTuple):
    """One step of a programme; `days_after` are calendar days after the step before was done."""

    position: int
    channel: str
    name: str
    days_after: int
    activity_type: str = ""
    email_subject: str = ""
    email_body: str = ""
    guide: str = ""

    @property
    def is_talk(self) -> bool:
        """Whether it has a result: somebody was spoken to, or not reached."""
        return self.channel in ("call", "visit", "meeting")


class Programme(NamedTuple):
    """One version of a programme; enrolments stay on the version they began with."""

    id: int
    code: str
    version: int
    name: str
    is_active: bool
    steps: tuple[ProgrammeStep, ...]

    def step(self, position: int) -> ProgrammeStep:
        """Return the step at `position`, counted from 1."""
        return self.steps[position - 1]


class Account(NamedTuple):
    """What nurture needs to know of a customer; `person` is the primary one, or the first."""

    id: int
    name: str
    kind: str
    is_merged: bool
    owner_id: int | None
    owner: str
    """Login; empty for none."""
    owner_name: str
    do_not_contact: bool
    unpaid_minor: int
    unpaid_since: dt.date | None
    has_high_case: bool
    open_cases: int
    lead_source: str
    person_id: int | None
    person: str
    person_position: str
    person_email: str
    person_phone: str
    person_do_not_contact: bool


class StepDate(NamedTuple):
    """When a step would be due: `counted_on` in calendar days, `due_on` rolled to a working day of the owner."""

    position: int
    name: str
    channel: str
    counted_on: dt.date
    due_on: dt.date


class EnrolmentPreview(NamedTuple):
    """What starting nurture would do for one account: its dates if each step is done on its due day."""

    customer_id: int
    customer: str
    owner: str
    dates: tuple[StepDate, ...]
    refusal: str
    """Why it can't start; empty when it can."""
    warnings: tuple[str, ...]

    @property
    def warning(self) -> str:
        """Return all warnings in one line, empty for none."""
        return "; ".join(self.warnings)


class DayLoad(NamedTuple):
    """Steps that one owner would have on a day: `planned` already and `added` by the preview."""

    owner: str
    on: dt.date
    planned: int
    added: int


class StepView(NamedTuple):
    """One step of an enrolment; dates of steps to come are a forecast."""

    position: int
    name: str
    channel: str
    days_after: int
    guide: str
    state: str
    counted_on: dt.date | None
    due_on: dt.date | None
    due_minute: int | None
    is_forecast: bool
    result: str
    reason: str
    notes: str
    finished_at: dt.datetime | None
    finished_by: str


class EnrolmentRow(NamedTuple):
    """One line of the list of enrolments; dates and step of the open step, absent once it has ended."""

    id: int
    customer_id: int
    customer: str
    owner: str
    programme: str
    state: str
    exit_reason: str
    started_on: dt.date
    position: int | None
    of: int
    step: str
    channel: str
    counted_on: dt.date | None
    due_on: dt.date | None
    due_minute: int | None
    late_working_days: int
    hold: str
    """Why it stands still: the reason of a pause, an open case or an unpaid invoice; empty when it goes on."""


class EnrolmentDetail(NamedTuple):
    """An enrolment with its account and steps."""

    id: int
    account: Account
    programme: Programme
    state: str
    exit_reason: str
    exit_note: str
    started_on: dt.date
    started_by: str
    ended_at: dt.datetime | None
    ended_by: str
    deal_id: int | None
    position: int | None
    """The open step; None once it has ended."""
    late_working_days: int
    hold: str
    blocked: str
    """Why the open step's channel can't be opened (do not contact, no email); empty when it can."""
    steps: tuple[StepView, ...]


class StepDone(NamedTuple):
    """What closing or moving a step led to; the dates are of the step that is open now."""

    enrolment_id: int
    customer: str
    position: int
    """The step that was worked on."""
    state: str
    """Of the enrolment now."""
    exit_reason: str
    next_position: int | None
    next_step: str
    counted_on: dt.date | None
    next_due_on: dt.date | None
    points: int = 0
    deal_id: int | None = None
    activity_id: int | None = None
    ask_to_end: bool = False
    """Two steps in a row were skipped: ask whether to end."""


class Attachment(NamedTuple):
    """A document that goes along with an email, under a file name that does no harm."""

    name: str
    media_type: str
    content: bytes


class Email(NamedTuple):
    """A rendered email, shown before it leaves; `sent_before` is when this step's email left already, if it did."""

    to: str
    subject: str
    body: str
    sent_before: dt.datetime | None = None
    attachments: tuple[Attachment, ...] = ()


class AgendaItem(NamedTuple):
    """One line of the agenda: a nurture step, a deal's next step or a task."""

    kind: str
    due_on: dt.date
    minute: int | None
    late_working_days: int
    channel: str
    customer_id: int
    customer: str
    owner: str
    text: str
    counted_on: dt.date | None = None
    """Of nurture: the day before it was rolled to a working day."""
    position: int | None = None
    of: int | None = None
    deal_id: int | None = None
    enrolment_id: int | None = None
    activity_id: int | None = None
    hold: str = ""
    blocked: str = ""
    tech: TechState | None = None
    unpaid_minor: int = 0
    open_cases: int = 0
    has_high_case: bool = False
    reason: str = ""
    """Why a task that nobody typed is there, in sentences."""
    minutes: int | None = None
    """How long it takes, as far as somebody said."""


class DayCount(NamedTuple):
    """How much is due on a later day; `day_off` names the holiday or weekend, empty on working days."""

    on: dt.date
    due: int
    day_off: str


class Agenda(NamedTuple):
    """What is to do; lists hold at most the asked number of lines, the counts count all."""

    late: tuple[AgendaItem, ...]
    nurture_today: tuple[AgendaItem, ...]
    deals_today: tuple[AgendaItem, ...]
    """Next steps of deals, and tasks."""
    tomorrow: tuple[AgendaItem, ...]
    later: tuple[DayCount, ...]
    on_hold: tuple[AgendaItem, ...]
    late_count: int
    nurture_today_count: int
    deals_today_count: int
    tomorrow_count: int
    later_count: int
    on_hold_count: int
    later_items: tuple[AgendaItem, ...] | None = None
    """The lines of `later`; None where they were not asked for."""
