"""Other companies' processes by keys: one that shows before it quotes, one of nine stages, one of two pipelines."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.flows import company, steps
from tests.flows.company import Company
from tests.terminal.terminal import ROOT, Home, Terminal

EXAMPLES = ROOT / "docs" / "examples"
NAMES = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth")


def use(home: Home, process: Path) -> Company:
    """Found a company with a process of its own."""
    made = company.found(home)
    home.run("process", "use", str(process), "--yes")
    return made


def run(contoso: Company, *words: str) -> str:
    return contoso.home.run("--as", company.REP, "--at", contoso.at, *words).stdout.strip()


def fill(rep: Terminal, *texts: str) -> None:
    """Fill the fields of a form one after the other, and save it."""
    for place, text in enumerate(texts):
        if place:
            rep.press("enter")
        rep.type(text)
    rep.press("ctrl+s")


def test_a_deal_is_worked_through_a_process_that_shows_before_it_quotes(home: Home) -> None:
    contoso = use(home, EXAMPLES / "demo-first.toml")
    run(contoso, "customer", "new", "Kestrel Yard", "--kind", "corporate")
    rep = contoso.session(company.REP)
    rep.wait_for("No deals yet.")
    steps.new_deal(rep, "Kestrel Yard")
    rep.wait_for("1 Prospecting")
    rep.press("L")
    rep.wait_for("to Discovery · u undo")
    rep.press("L")
    rep.wait_for("not yet to Demo")
    rep.wait_for("2 things are missing")
    fill(rep, "Doors of two houses", "Wren Sands")
    rep.wait_for("to Demo · u undo")
    rep.press("L")
    rep.wait_for("not yet to Negotiation")
    rep.type("30k")
    rep.press("enter")
    rep.type("security")
    rep.wait_for("Security System")
    rep.press("enter")
    fill(rep, "10")
    rep.wait_for("to Negotiation · u undo")
    rep.wait_for("T?")

    rep.press("b")
    rep.wait_for("r1 DRAFT")
    rep.press(">")
    rep.wait_for("Sending is never undone")
    rep.press("right", "enter")
    rep.wait_for("r1 SENT")
    rep.press("esc")
    rep.wait_for("mine·open")
    steps.accept_quote(rep)

    # There is no stage of the tech check: the sign-off is asked before winning.
    rep.press(">")
    rep.wait_for("not yet Won")
    rep.wait_for("is not signed")
    rep.wait_for("Ask for the check")
    rep.press("enter")
    rep.wait_for("You own this deal, so you cannot sign")
    rep.press("tab")
    rep.type("tomorrow")
    rep.press("tab")
    rep.type("Cabling plan is in the mail")
    rep.press("ctrl+s")
    rep.wait_for("Asked uma.reyes")
    steps.sign(contoso.session(company.CONSULTANT), "Kestrel Yard")
    rep.wait_for("TC", seconds=5.0)
    steps.win(rep)
    assert home.query("SELECT outcome, stage, amount_minor FROM deal") == [("won", "negotiation", 2_450_000)]


@pytest.fixture
def nine(home: Home, tmp_path: Path) -> Company:
    """A company whose pipeline has nine stages, with a deal in the first."""
    text = (EXAMPLES / "demo-first.toml").read_text("utf-8")
    stages = "".join(
        f'\n[[pipeline.stage]]\nid = "{name.lower()}"\nname = "{name}"\nprobability = {place}0\nrequired = []\n'
        for place, name in enumerate(NAMES, 1)
    )
    text = re.sub(r"\n\[\[pipeline\.stage\]\].*?(?=\n\[lost_reasons\])", stages, text, count=1, flags=re.DOTALL)
    process = tmp_path / "nine.toml"
    process.write_text(text, "utf-8")
    contoso = use(home, process)
    account = run(contoso, "customer", "new", "Kestrel Yard", "--kind", "corporate")
    run(contoso, "deal", "new", "--customer", account, "--amount", "9000", "--type", "Doors")
    return contoso


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (140, 40)])
def test_a_deal_goes_through_nine_columns(nine: Company, columns: int, rows: int) -> None:
    rep = nine.session(company.REP, columns=columns, rows=rows)
    rep.wait_for("1 First")
    rep.wait_for("Kestrel Y")
    for place, name in enumerate(NAMES[1:], 2):
        rep.press("L")
        rep.wait_for(f"to {name} · u undo")
        rep.wait_for(f"▌{place} {name}")
        # What has no room is folded and counted, never cut in the middle of the window.
        heading = next(row for row in rep.screen.display if f"▌{place} {name}" in row)
        assert "…" not in heading.partition(f"▌{place}")[2].partition("│")[0]
    rep.press("1")
    rep.wait_for("▌1 First")
    rep.press("9")
    rep.wait_for("▌9 Ninth")
    rep.wait_for("$9,000")
    assert nine.home.query("SELECT stage FROM deal") == [("ninth",)]


def test_a_new_deal_goes_into_the_pipeline_of_choice(home: Home) -> None:
    contoso = use(home, EXAMPLES / "two-pipelines.toml")
    run(contoso, "customer", "new", "Kestrel Yard", "--kind", "corporate")
    run(contoso, "deal", "new", "--customer", run(contoso, "customer", "new", "Oak Terrace", "--kind", "corporate"))
    rep = contoso.session(company.REP)
    rep.wait_for("Oak Terra")
    rep.press("n")
    rep.wait_for("New deal · whose?")
    rep.type("Kestrel Yard")
    rep.press("enter")
    rep.wait_for("New deal · Kestrel Yard")
    rep.type("Site security")
    # From the first field back, past the buttons, is the last one.
    rep.press("shift+tab", "shift+tab", "shift+tab")
    rep.wait_for("(*) Sales")
    rep.press("right")
    rep.wait_for("(*) Funnel")
    rep.press("ctrl+s")
    rep.wait_for("New deal D-")
    # The board of that pipeline is shown.
    rep.wait_for("▌1 Prospect")
    rep.wait_for("Kestrel Y")
    assert home.query("SELECT pipeline, stage, type FROM deal WHERE type <> ''") == [
        ("funnel", "prospect", "Site security")
    ]
    rep.press("L")
    rep.wait_for("to 1st Appointment · u undo")
