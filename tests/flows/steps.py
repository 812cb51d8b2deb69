"""What a rep and a consultant do, each step by keys alone; every step waits for what the screen then says."""

from __future__ import annotations

from tests.terminal.terminal import Terminal

NEED = "Doors and windows of two houses"
LIMIT = "$20,000.00"


def import_files(rep: Terminal) -> None:
    """Import the files that the empty board has found."""
    rep.wait_for("No deals yet.")
    rep.wait_for("Look at these files")
    rep.press("enter")
    rep.wait_for("Not now")
    rep.press("right", "enter")
    rep.wait_for("is done", seconds=120)


def new_deal(rep: Terminal, customer: str) -> None:
    """Open a deal for a customer that the import made."""
    rep.press("n")
    rep.wait_for("New deal · whose?")
    rep.type(customer)
    rep.press("enter")
    rep.wait_for(f"New deal · {customer}")
    rep.type("Site security")
    rep.press("ctrl+s")
    rep.wait_for("1 deal  $0")
    rep.wait_for("- no next step")


def fill_the_gate(rep: Terminal) -> None:
    """Leave Qualify: what is missing is asked, and saving it completes the move."""
    rep.press("L")
    rep.wait_for("not yet to Develop")
    rep.wait_for("4 things are missing")
    rep.type(NEED)
    rep.press("enter")
    rep.type("30k")
    rep.press("enter")
    rep.type("this quarter")
    rep.press("enter")
    rep.type("Wren Sands")
    rep.press("ctrl+s")
    rep.wait_for("to Develop · u undo")


def add_lines(rep: Terminal) -> None:
    """Leave Develop with a first line that takes the deal over the limit."""
    rep.press("L")
    rep.wait_for("not yet to Quote")
    rep.type("security")
    rep.wait_for("Security System")
    rep.press("enter")
    rep.type("10")
    rep.press("ctrl+s")
    rep.wait_for("to Quote · u undo")
    rep.wait_for("$24,500")
    rep.wait_for("T?")


def send_quote(rep: Terminal) -> None:
    """Quote the lines and send it; leaves Quote."""
    rep.press("b")
    rep.wait_for("r1 DRAFT")
    rep.wait_for("24,500.00")
    rep.press(">")
    rep.wait_for("Sending is never undone")
    rep.press("right", "enter")
    rep.wait_for("r1 SENT")
    rep.press("esc")
    rep.wait_for("mine·open")
    rep.press("L")
    rep.wait_for("to Tech Check · u undo")


def be_stopped(rep: Terminal) -> None:
    """Try to leave Tech Check: the reason is on the screen, and a consultant is asked."""
    rep.press("L")
    rep.wait_for("not yet to Close")
    rep.wait_for("is not signed")
    rep.wait_for(LIMIT)
    rep.wait_for("Ask for the check")
    rep.press("enter")
    rep.wait_for("You own this deal, so you cannot sign")
    rep.press("tab")
    rep.type("tomorrow")
    rep.press("tab")
    rep.type("Cabling plan is in the mail")
    rep.press("ctrl+s")
    rep.wait_for("Asked uma.reyes")


def sign(consultant: Terminal, customer: str) -> None:
    """Answer, date and sign the check."""
    consultant.wait_for("tech checks·all owners")
    consultant.wait_for(customer[:6])
    consultant.press("t")
    consultant.wait_for("Power at every panel?")
    consultant.wait_for("ana.wu asked uma.reyes")
    consultant.wait_for("Cabling plan")
    consultant.press("y", "y", "n", "y", "y")
    consultant.type("today")
    consultant.press("tab", "right", "right", "tab")
    consultant.type("Customer opens 443")
    consultant.press("ctrl+s")
    consultant.wait_for("passed with conditions")
    consultant.wait_for("Signed ")


def accept_quote(rep: Terminal) -> None:
    """Record the customer's yes."""
    rep.press("b")
    rep.wait_for("r1 SENT")
    rep.press(">")
    rep.wait_for("Answer to Q-")
    rep.press("right", "ctrl+s")
    rep.wait_for("accepted by")
    rep.press("esc")
    rep.wait_for("mine·open")


def win(rep: Terminal) -> None:
    """Note the walk-through, and win."""
    rep.press(">")
    rep.wait_for("┌─ Won · ")
    rep.type("today")
    rep.press("tab", "tab", "y", "ctrl+s")
    rep.wait_for("Won ")
    rep.wait_for("· u undo")


def label_corporate(rep: Terminal, person: str, company: str) -> None:
    """Make an individual an account, in the list of customers."""
    rep.press("g", "c")
    rep.wait_for("Customers")
    rep.press("/")
    rep.type(person)
    rep.press("enter")
    rep.wait_for("1 customer")
    rep.press("N")
    rep.wait_for("individual")
    rep.press("m")
    rep.wait_for("Label corporate…")
    rep.press("enter")
    rep.wait_for("What is the company called?")
    rep.type(company)
    rep.press("ctrl+s")
    rep.wait_gone("What is the company called?")
    rep.wait_for("u undo")
    # The list was filtered by the person's name.
    rep.press("/")
    rep.press("ctrl+u")
    rep.type(company)
    rep.press("enter")
    rep.wait_for("1 customer")
    rep.wait_for("corp.")


def start_nurture(rep: Terminal, company: str) -> None:
    """Enrol the account under the cursor: the dates are shown first."""
    rep.press("N")
    rep.wait_for("Start nurture · ")
    rep.wait_for("4 Appointment call")
    rep.press("right", "enter")
    rep.wait_for("Started nurture: ")
