"""What the daily work costs in keys, counted at a real terminal; texts and numbers that are typed come on top."""

from __future__ import annotations

import pytest

from tests.flows import company
from tests.flows.company import Company
from tests.terminal.terminal import Home, Terminal

QUALIFIED = ("need=doors", "budget=30000", "time_frame=soon", "decision_maker=Wren Sands")


class Counted:
    """A terminal whose keys are counted from `begin` on; what is typed as text isn't."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self.keys = 0

    def begin(self) -> None:
        self._terminal.rest()
        self.keys = 0

    def press(self, *keys: str, then: str = "") -> None:
        """Press keys, and wait for what the screen then shows."""
        self._terminal.press(*keys)
        self.keys += len(keys)
        if then:
            self._terminal.wait_for(then)

    def type(self, text: str, then: str = "") -> None:
        self._terminal.type(text)
        self._terminal.wait_for(then or text)


class Shell:
    """Commands of the rep's, at the story's time."""

    def __init__(self, contoso: Company) -> None:
        self._contoso = contoso

    def __call__(self, *words: str) -> str:
        return self._contoso.home.run("--as", company.REP, "--at", self._contoso.at, *words).stdout.strip()

    def deal(self, customer: str, *lines: tuple[str, str], stage: str = "qualify") -> str:
        """Open a deal with all that the gates on the way to `stage` ask for."""
        account = self("customer", "new", customer, "--kind", "corporate")
        made = self("deal", "new", "--customer", account, *QUALIFIED)
        for product, quantity in lines:
            self("deal", "line", made, "add", product, "--qty", quantity)
        for goal in ("develop", "quote", "tech_check"):
            if stage == "qualify" or (goal == "tech_check" and stage == "quote"):
                break
            self("deal", "move", made, goal)
            if goal == "quote":
                self("quote", "send", self("quote", "new", made))
        return made


@pytest.fixture
def contoso(home: Home) -> Company:
    return company.found(home)


@pytest.fixture
def shell(contoso: Company) -> Shell:
    return Shell(contoso)


def test_revise_and_send_a_quote_log_a_call_and_move_on(contoso: Company, shell: Shell) -> None:
    deal = shell.deal("Kestrel Yard", ("DOORBELL", "30"), ("THERMOSTAT", "24"), stage="quote")
    terminal = contoso.session(company.REP)
    terminal.wait_for("Kestrel Yard")
    terminal.wait_for(deal)
    rep = Counted(terminal)

    rep.begin()
    rep.press("b", then="r1 SENT")
    rep.press("N", then="r2 DRAFT")
    rep.press("%", then="Discount %")
    rep.type("10")
    rep.press("ctrl+s", then="Set discount of 1 line to 10%")
    rep.press("j", "e", then="Quantity")
    rep.type("20")
    rep.press("ctrl+s", then="Changed Smart Thermostat")
    rep.press(">", then="Sending is never undone")
    rep.press("right", "enter", then="r2 SENT")
    assert rep.keys <= 12
    assert contoso.home.query("SELECT amount_minor FROM deal") == [(30 * 18_900 * 9 // 10 + 20 * 14_900,)]

    terminal.press("esc")
    terminal.wait_for("mine·open")
    rep.begin()
    rep.press("a", then="┌─ Log")
    rep.type("Wren agrees to the doorbells")
    rep.press("tab")
    rep.type("Call Wren fri")
    rep.press("ctrl+s", then="Logged call")
    assert rep.keys == 3
    assert contoso.home.query("SELECT next_step FROM deal") == [("Call Wren",)]

    rep.begin()
    rep.press(">", then="to Close")
    assert rep.keys == 1


def test_an_assessment_of_five_questions(contoso: Company, shell: Shell) -> None:
    deal = shell.deal("Kestrel Yard")
    terminal = contoso.session(company.REP)
    terminal.wait_for(deal)
    rep = Counted(terminal)
    rep.begin()
    rep.press("c", then="so far 0 of 100")
    rep.press("1", "1", "1", "2", "1", then="so far 95 of 100")
    rep.press("ctrl+s", then="scored 95, moved to Develop")
    assert rep.keys <= 8


def test_a_tech_check_without_answers(contoso: Company, shell: Shell) -> None:
    deal = shell.deal("Kestrel Yard", ("SECURITY", "10"), stage="tech_check")
    terminal = contoso.session(company.CONSULTANT)
    terminal.wait_for(deal)
    consultant = Counted(terminal)
    consultant.begin()
    consultant.press("t", then="Power at every panel?")
    consultant.press(*["tab"] * 5)
    consultant.type("today")
    consultant.press("tab", "right", "right", "tab")
    consultant.type("443 opens before go-live")
    consultant.press("ctrl+s", then="Signed Kestrel Yard")
    assert consultant.keys <= 14
    assert contoso.home.query("SELECT outcome FROM tech_check") == [("passed_with_conditions",)]
