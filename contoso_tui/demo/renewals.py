"""The demo's second pipeline: monitoring plans that run out, from the first call to the renewed plan."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from contoso_tui.demo.script import Script, Story
from models import process, process_change
from models.activities import next_steps
from models.deals import deals, lines, quotes, stages
from models.people.records import Actor

PIPELINE = "renewals"
_STAGES = """
[[pipeline]]
id = "renewals"
name = "Renewals"

[[pipeline.stage]]
id = "running_out"
name = "Running out"
probability = 40
age_limit_days = 21
required = ["customer"]

[[pipeline.stage]]
id = "talked"
name = "Talked"
probability = 60
age_limit_days = 14
required = ["lines"]

[[pipeline.stage]]
id = "offered"
name = "Offered"
probability = 80
age_limit_days = 14
required = ["quote_in_force"]

[[pipeline.stage]]
id = "agreed"
name = "Agreed"
probability = 95
age_limit_days = 7
required = ["walkthrough", "quote_accepted", "no_open_quotes"]
"""


@dataclass(frozen=True, slots=True)
class Renewal:
    """A plan that runs out: `stage` counted from 0, days in it, plans, and when the next step is due."""

    stage: int
    age: int
    plans: int
    step: int | None
    text: str = ""


RENEWALS = (
    Renewal(0, 6, 4, 2, "Call before the plan ends"),
    Renewal(0, 1, 2, 5, "Email the new price"),
    Renewal(1, 4, 6, -1, "Ask for the new doors"),
    Renewal(2, 9, 8, 1, "Walk through the offer"),
    Renewal(3, 2, 5, 3, "Have it signed"),
    Renewal(1, 16, 3, None),
)


def put_in_force(actor: Actor, now: dt.datetime) -> None:
    """Add the pipeline to the process that a new database has."""
    process_change.use(actor, now, process.shipped_text() + _STAGES, "renewals.toml")


class RenewalStory(Story):
    """One renewal from its first day to now."""

    def __init__(self, script: Script, renewal: Renewal, customer: tuple[int, str], login: str) -> None:
        super().__init__(script)
        self._renewal = renewal
        self._customer_id, self._person = customer
        self._actor = script.actors[login]
        self._deal_id = 0

    def write(self) -> None:
        """Plan all events."""
        renewal = self._renewal
        ago = renewal.age + 6 * renewal.stage
        self.then(ago, self._open, exact=renewal.stage == 0)
        for place in range(1, renewal.stage + 1):
            ago -= 6
            self.then(ago, self._forward, exact=place == renewal.stage)
        if renewal.step is not None:
            self.then(min(renewal.age, 1), self._set_step)

    def _open(self, now: dt.datetime) -> None:
        self._deal_id = deals.create(
            self._actor,
            now,
            self._customer_id,
            type="Monitoring renewal",
            pipeline=PIPELINE,
            decision_maker=self._person,
            amount_minor=self._renewal.plans * 58_800,
            close_on=self.script.working_day(20 + self._renewal.age),
        )

    def _forward(self, now: dt.datetime) -> None:
        if not lines.list_lines(self._deal_id):
            lines.add(self._actor, now, self._deal_id, "MONITORING", self._renewal.plans, months=12)
        elif not quotes.list_for_deal(self._deal_id, now):
            quotes.send(self._actor, now, quotes.create(self._actor, now, self._deal_id))
        stages.forward(self._actor, now, self._deal_id)

    def _set_step(self, now: dt.datetime) -> None:
        on = self.script.working_day(self._renewal.step or 0)
        next_steps.set_step(self._actor, now, self._deal_id, self._renewal.text, on, channel="call")
