"""From four files to a won deal, by keys alone, at 80x24, by two users in two terminals, also logged in by ssh."""

from __future__ import annotations

from tests.flows import company, steps
from tests.terminal.terminal import Home

# Others' changes are there within a second; a machine under load gets a few more before this is a failure.
SEEN_SECONDS = 5.0
ACCOUNT = "Kestrel Yard Hotels"


def test_a_rep_takes_a_deal_from_four_files_to_won(any_home: Home) -> None:
    home = any_home
    contoso = company.found(home)
    company.lay_out_files(home)
    rep = contoso.session(company.REP)
    steps.import_files(rep)
    buyer, lead = contoso.individuals()[:2]

    steps.new_deal(rep, buyer)
    steps.fill_the_gate(rep)
    steps.add_lines(rep)
    steps.send_quote(rep)
    steps.be_stopped(rep)

    consultant = contoso.session(company.CONSULTANT)
    steps.sign(consultant, buyer)
    rep.wait_for("TC", seconds=SEEN_SECONDS)
    rep.wait_for(f"{company.CONSULTANT} changed D-")

    rep.press("L")
    rep.wait_for("to Close · u undo")
    consultant.wait_for(f"{company.REP} changed D-", seconds=SEEN_SECONDS)
    consultant.wait_for("0 deals  $0")
    steps.accept_quote(rep)

    steps.label_corporate(rep, lead, ACCOUNT)
    steps.start_nurture(rep, ACCOUNT)
    rep.press("g", "a")
    rep.wait_for("0 late   1 today")
    rep.wait_for(ACCOUNT)
    rep.wait_for("1/4")

    rep.press("g", "b")
    rep.wait_for("mine·open")
    # Beside the board, where the window is wide enough.
    rep.resize(140, 40)
    rep.wait_for("NURTURE")
    rep.wait_for(ACCOUNT[:12])
    rep.resize(80, 24)
    steps.win(rep)

    outcome, stage, amount = home.query("SELECT outcome, stage, amount_minor FROM deal")[0]
    assert (outcome, stage, amount) == ("won", "close", 2_450_000)
    rep.press("ctrl+q")
    assert rep.ended()
    assert rep.child.exitstatus == 0
