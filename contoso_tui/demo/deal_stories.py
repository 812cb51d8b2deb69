"""How each deal of the demo came to stand where it stands, through the same functions as the screens."""

from __future__ import annotations

import datetime as dt
from typing import Any

from contoso_tui.demo import assess_stories, order_stories
from contoso_tui.demo.plans import CHECKING, FIRST, LAST, QUOTING, SECOND, Plan
from contoso_tui.demo.script import Script, Story
from models import process
from models.activities import log, next_steps
from models.database import execute
from models.deals import approvals, deals, discounts, lines, quotes, stages, team, tech_checks
from models.deals.records import TechState

_TYPES = {
    "site": "Site security",
    "panels": "Site security",
    "doorbells": "Doorbells",
    "thermostats": "Thermostats",
    "moisture": "Moisture kit",
}
_NEEDS = {
    "site": "Doors, panels and monitoring for the whole site",
    "panels": "Panels for the new wing, monitoring stays as it is",
    "doorbells": "See who rings, from every phone of the front desk",
    "thermostats": "Heating that follows the opening hours",
    "moisture": "Know of leaks before the ceiling does",
}
_CATEGORY = {QUOTING: "best_case", CHECKING: "best_case", LAST: "commit"}
_LOST = (("price", "Found our offer too dear"), ("competitor", "Took the offer of another house"), ("timing", ""))
_TALKS = (
    ("call", "Asked about doors, hours and who decides"),
    ("email", "Sent the brochure and two references"),
    ("call", "Cleared up the questions on monitoring"),
    ("meeting", "Went through the floor plan"),
)


class DealStory(Story):
    """One deal from its first day to now."""

    def __init__(self, script: Script, plan: Plan, customer: tuple[int, str], number: int) -> None:
        super().__init__(script)
        self._plan = plan
        self._customer_id, self._person = customer
        self._number = number
        self._owner = script.actors[plan.owner]
        self._consultant = script.actors["uma.reyes" if number % 3 else "ivo.hart"]
        self._deal_id = 0
        self._quote_id = 0
        self._step_on = script.today
        self._has_sent_quote = False

    def write(self) -> None:
        """Plan all events."""
        plan = self._plan
        passed = [place for place in range(plan.stage + 1) if place != CHECKING or self._is_large]
        # Days since each stage was entered: the present one as planned, each before it some days earlier.
        ages = [plan.age]
        for _ in passed[1:]:
            ages.insert(0, ages[0] + self.script.rng.randrange(3, 9))
        self.then(ages[0], self._open, exact=len(passed) == 1)
        self._talk(ages[0])
        for at, stage in enumerate(passed[1:], 1):
            if stage == QUOTING:
                self.then(ages[at] + 1, self._add_lines)
            if stage in (CHECKING, LAST) and not self._has_sent_quote:
                self.then(ages[at] + 1, self._send_quote)
                self._has_sent_quote = True
            if stage == LAST and self._is_large:
                self.then(ages[at], self._sign_passed)
            self.then(ages[at], self._forward, exact=at == len(passed) - 1)
            self._talk(ages[at])
        if plan.stage == SECOND and (plan.tech or plan.age > 2):
            self.then(plan.age - 1, self._add_lines)
        if plan.step is not None and plan.outcome == "open":
            self._plan_step(plan.step, ages[0])
        self._finish()

    @property
    def _is_large(self) -> bool:
        return self._plan.kind == "site" and self._plan.size > 5 and not self._plan.discount

    def _plan_step(self, step: int, open_days: int) -> None:
        """Set the next step when the stage began, but after the deal was opened and not after the step's day."""
        wanted = self.script.working_day(step)
        set_ago = min(max(self._plan.age, (self.script.today - wanted).days), max(open_days - 1, 0))
        self._step_on = max(wanted, self.script.day(-set_ago))
        while self._step_on < self.script.today and not self.script.is_working(self._step_on):
            self._step_on += dt.timedelta(days=1)
        if open_days == 0:
            self.then(0, self._set_step)
        else:
            self.script.add(self.script.moment(set_ago, exact=True), self._set_step)

    def _talk(self, days_ago: int) -> None:
        if self.script.rng.random() < 0.6:
            channel, text = self.script.rng.choice(_TALKS)
            self.then(days_ago - 1, lambda now: self._log(now, channel, text))

    def _log(self, now: dt.datetime, channel: str, text: str) -> None:
        minutes = self.script.rng.randrange(5, 40) if channel != "email" else None
        log.log(
            self._owner,
            now,
            customer_id=self._customer_id,
            deal_id=self._deal_id,
            channel=channel,
            who=self._person,
            text=text,
            duration_minutes=minutes,
        )

    def _open(self, now: dt.datetime) -> None:
        plan = self._plan
        rng = self.script.rng
        is_asked = plan.stage != FIRST or rng.random() < 0.5
        fields: dict[str, Any] = {"lead_source": rng.choice(("web", "referral", "trade fair", "store", "nurture"))}
        if is_asked:
            fields |= {
                "need": _NEEDS[plan.kind],
                "budget_minor": rng.randrange(8, 60) * 100_000,
                "time_frame": rng.choice(("this quarter", "next quarter", "before winter", "when the budget is free")),
                "decision_maker": self._person or "the owner",
            }
        fields["close_on"] = self.script.working_day(rng.randrange(5, 75))
        fields["category"] = _CATEGORY.get(plan.stage, "pipeline")
        each = {"site": 338_800, "panels": 280_000, "doorbells": 27_600, "thermostats": 23_600, "moisture": 4_400}
        amount = plan.size * each[plan.kind]
        self._deal_id = deals.create(
            self._owner,
            now,
            self._customer_id,
            type=_TYPES[plan.kind],
            amount_minor=amount,
            currency=plan.currency,
            **fields,
        )
        if self._number % 2 == 0:
            assess_stories.meet(self._owner, now, self._deal_id, self._number)
        if plan.team:
            team.add(self._owner, now, self._deal_id, plan.team)

    def _add_lines(self, now: dt.datetime) -> None:
        plan = self._plan
        if lines.list_lines(self._deal_id):
            return
        kits: dict[str, list[tuple[str, int, int | None]]] = {
            "site": [("SECURITY", plan.size, None), ("INSTALLATION", plan.size, None), ("MONITORING", plan.size, 12)],
            "panels": [("SECURITY", plan.size, None), ("INSTALLATION", plan.size, None)],
            "doorbells": [("DOORBELL", plan.size, None), ("INSTALLATION", (plan.size + 3) // 4, None)],
            "thermostats": [("THERMOSTAT", plan.size, None), ("INSTALLATION", (plan.size + 3) // 4, None)],
            "moisture": [("MOISTURE", plan.size, None), ("MONITORING", 1, 12)],
        }
        for product, quantity, months in kits[plan.kind]:
            discount = 500 if plan.size % 5 == 0 and product != "MONITORING" else 0
            lines.add(self._owner, now, self._deal_id, product, quantity, months=months, discount_bp=discount)

    def _forward(self, now: dt.datetime) -> None:
        stage = execute("SELECT stage FROM deal WHERE id = ?", (self._deal_id,)).fetchone()[0]
        if stage == process.current().stages(process.current().default_pipeline)[SECOND].id:
            self._add_lines(now)
        if self._number % 3 == 0 and assess_stories.assess(self._owner, now, self._deal_id, self._number):
            return
        stages.forward(self._owner, now, self._deal_id)

    def _draft_quote(self, now: dt.datetime) -> None:
        self._quote_id = quotes.create(self._owner, now, self._deal_id)
        quotes.change(self._owner, now, self._quote_id, addressee=self._person)
        discount = self._plan.discount
        if discount:
            first = quotes.get(self._quote_id, now).lines[0]
            quotes.change_line(self._owner, now, first.id, discount_bp=discount)
        if discount > discounts.limit_of(self._owner):
            approvals.ask(self._owner, now, self._quote_id, note="They have an offer of another house")

    def _send_quote(self, now: dt.datetime) -> None:
        self._draft_quote(now)
        quotes.send(self._owner, now, self._quote_id)

    def _set_step(self, now: dt.datetime) -> None:
        plan = self._plan
        next_steps.set_step(
            self._owner,
            now,
            self._deal_id,
            plan.text,
            self._step_on,
            minute=plan.minute,
            minutes=60 if plan.minute is not None else None,
            channel=plan.channel,
        )

    def _ask(self, now: dt.datetime) -> None:
        needed = self.script.working_day(1 + self._number % 5)
        note = "Older wiring in the annex, please look at the panels"
        tech_checks.ask(self._owner, now, self._deal_id, self._consultant.login, needed, note)

    def _sign(self, now: dt.datetime, outcome: TechState, details: str) -> None:
        on = now.astimezone(dt.UTC).date() - dt.timedelta(days=1)
        created = dt.date.fromisoformat(
            execute("SELECT created_on FROM deal WHERE id = ?", (self._deal_id,)).fetchone()[0]
        )
        tech_checks.sign(self._consultant, now, self._deal_id, outcome, max(on, created), details)

    def _sign_passed(self, now: dt.datetime) -> None:
        self._sign(now, TechState.PASSED, "")

    def _sign_conditions(self, now: dt.datetime) -> None:
        self._sign(now, TechState.PASSED_WITH_CONDITIONS, "Customer opens outbound 443 before go-live.")

    def _sign_failed(self, now: dt.datetime) -> None:
        self._sign(now, TechState.FAILED, "Two panels without power, sensors 45 m apart: plan a repeater.")

    def _begin_check(self, now: dt.datetime) -> None:
        kept = {"details": "Panels 1 to 9 seen, the rest on the second visit."}
        tech_checks.save_draft(self._consultant, now, self._deal_id, kept)

    def _revise_larger(self, now: dt.datetime) -> None:
        self._draft_quote(now)
        line = quotes.get(self._quote_id, now).lines[0]
        quotes.change_line(self._owner, now, line.id, quantity=line.quantity + 1)

    def _finish(self) -> None:
        plan = self._plan
        if plan.outcome == "disqualified":
            reason = "A home of three rooms; our kits are too large for it"
            self.then(plan.age - 1, lambda now: stages.disqualify(self._owner, now, self._deal_id, reason))
            return
        self._finish_quote(plan.age)
        self._finish_tech(plan.age)
        if plan.outcome == "won":
            self.then(plan.age - 1, self._win)
            self.then(plan.age - 2, lambda now: order_stories.follow(self._owner, now, self._deal_id, plan.sold))
        elif plan.outcome == "lost":
            self.then(plan.age - 1, self._lose)

    def _finish_quote(self, age: int) -> None:
        sends = self._plan.quote in ("sent", "revised", "revised twice", "rejected", "expired", "accepted")
        if self._plan.quote == "draft":
            self.then(age - 1, self._draft_quote)
        elif sends and not self._has_sent_quote:
            self.then(age - (0 if self._plan.quote == "expired" else 1), self._send_quote)
        if self._plan.quote == "revised twice":
            self.then(age - 9, self._revise_larger)
            self.then(age - 8, lambda now: quotes.send(self._owner, now, self._quote_id))
        if self._plan.quote in ("revised", "revised twice"):
            self.then(age - 4, self._revise_larger)
        elif self._plan.quote == "rejected":
            self.then(age - 2, self._reject)
        elif self._plan.quote == "accepted":
            self.then(age - 1, lambda now: order_stories.accept(self._owner, now, self._quote_id, self._plan.sold))

    def _reject(self, now: dt.datetime) -> None:
        quotes.reject(self._owner, now, self._quote_id, "Wants it in two parts")
        self._draft_quote(now)

    def _finish_tech(self, age: int) -> None:
        tech = self._plan.tech
        if not self._is_large or self._plan.outcome != "open":
            return
        if tech and tech != "stale" and self._plan.stage != LAST:
            self.then(age - 1, self._ask)
        done = {"passed": self._sign_passed, "conditions": self._sign_conditions, "failed": self._sign_failed,
                "draft": self._begin_check}.get(tech)  # fmt: skip
        if done and self._plan.stage != LAST:
            self.then(age - 2, done)
        if tech == "stale":
            self.then(age - 1, self._revise_larger)
            self.then(age - 1, lambda now: quotes.send(self._owner, now, self._quote_id))

    def _win(self, now: dt.datetime) -> None:
        walked_on = now.date() - dt.timedelta(days=1)
        stages.win(
            self._owner,
            now,
            self._deal_id,
            walkthrough_on=walked_on,
            walkthrough_with=self._person or "the owner",
            is_ready=True,
        )

    def _lose(self, now: dt.datetime) -> None:
        reason, note = _LOST[self._number % len(_LOST)]
        stages.lose(self._owner, now, self._deal_id, reason, self._person or "the owner", note=note)
