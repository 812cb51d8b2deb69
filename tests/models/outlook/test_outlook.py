"""What closed deals teach (rules 7): a planted signal is found, noise teaches nothing, and nothing is ever written."""

from __future__ import annotations

import random

import pytest

from models import journal
from models.database import execute, raw_connection
from models.errors import NotFoundError, RefusedError
from models.outlook import outlook
from models.outlook.records import Threshold
from tests.models.planted import DURING_QUOTE, Plan, plant

OUTCOMES = ("won", "lost") * 60


def meetings(count: int) -> tuple[tuple[int, str], ...]:
    """Return meetings of the deal's first days."""
    return tuple((1 + n % 4, "meeting") for n in range(count))


def telling(seed: int = 5) -> list[Plan]:
    """Return deals of which those with more meetings were won more often."""
    chance = random.Random(seed)
    return [
        Plan(outcome, meetings(chance.choice((2, 3, 4) if outcome == "won" else (0, 1, 2))), has_step=bool(n % 3))
        for n, outcome in enumerate(OUTCOMES)
    ]


def told_nothing(seed: int = 5) -> list[Plan]:
    """Return deals whose history has nothing to do with how they ended."""
    chance = random.Random(seed)
    return [
        Plan(
            outcome,
            meetings(chance.randrange(5)) + ((12, "call"),) * chance.randrange(3),
            has_step=chance.random() < 0.5,
        )
        for outcome in OUTCOMES
    ]


# ---- refusal


@pytest.mark.parametrize(("won", "lost"), [(39, 60), (60, 39), (0, 0)])
def test_below_forty_of_each_nothing_is_said(book, won: int, lost: int) -> None:
    (deal,) = plant(book.ana, [*[Plan("won")] * won, *[Plan("lost")] * lost, Plan("")])[-1:]
    for ask in (outlook.report, lambda: outlook.judge(deal, DURING_QUOTE)):
        with pytest.raises(RefusedError, match=f"learn from: {won} won and {lost} lost; 40 of each are needed"):
            ask()


def test_forty_of_each_are_enough(book) -> None:
    plant(book.ana, [Plan("won"), Plan("lost")] * 40)
    found = outlook.report()
    assert (found.won, found.lost, found.since.isoformat()) == (40, 40, "2026-10-01")
    assert [(one.stage, one.reached, one.won) for one in found.baseline] == [
        ("qualify", 80, 40),
        ("develop", 80, 40),
        ("quote", 80, 40),
    ]


def test_a_deal_without_a_history_here_teaches_nothing(book) -> None:
    plant(book.ana, [Plan("won"), Plan("lost")] * 39)
    with journal.action(book.olga, book.now, "test.plant", "Brought in deals"):
        for _ in range(5):
            execute(
                "INSERT INTO deal (customer_id, owner_id, pipeline, stage, outcome, stage_entered_at, closed_at,"
                " created_at, created_on, created_by)"
                " SELECT min(id), ?, 'sales', 'quote', 'lost', 1, 1, 1, '2026-01-01', 'olga' FROM customer",
                (book.olga.id,),
            )
    with pytest.raises(RefusedError, match="39 won and 39 lost"):
        outlook.report()


def test_only_an_open_deal_of_a_pipeline_that_there_is(book) -> None:
    closed = plant(book.ana, [Plan("won"), Plan("lost")] * 40)[0]
    with pytest.raises(RefusedError, match=f"D-{closed} is won: only an open deal"):
        outlook.judge(closed, DURING_QUOTE)
    with pytest.raises(NotFoundError):
        outlook.judge(1, DURING_QUOTE)
    with pytest.raises(NotFoundError, match="no pipeline funnel"):
        outlook.report("funnel")


# ---- how likely it is to be won


def test_a_planted_signal_is_found_and_beats_the_baseline(book) -> None:
    *_, busy, idle = plant(book.ana, [*telling(), Plan("", meetings(4)), Plan("")])
    found = outlook.report()
    assert found.quality.is_better
    assert found.quality.loss < found.quality.baseline_loss - 0.1
    assert found.quality.deals == 120
    assert found.weights[0].feature == "done.meeting"
    assert found.weights[0].odds > 1.5
    assert found.weights[0].sentence.startswith("more meetings: for winning, odds times ")
    likely, doubtful = (outlook.judge(deal, DURING_QUOTE) for deal in (busy, idle))
    assert likely.is_better
    assert (likely.baseline, likely.reached) == (0.5, 120)
    assert likely.chance > 0.75
    assert doubtful.chance < 0.25
    assert (likely.why[0].feature, doubtful.why[0].feature) == ("done.meeting", "done.meeting")
    assert likely.why[0].sentence.startswith("meetings: 4, on average 1.")
    assert "in Quote; for winning, odds times" in likely.why[0].sentence
    assert "meetings: 0, on average 1." in doubtful.why[0].sentence
    assert "; against winning, odds times 0." in doubtful.why[0].sentence


def test_where_nothing_tells_the_model_is_no_better_and_says_so(book) -> None:
    deal = plant(book.ana, [*told_nothing(), Plan("", meetings(4))])[-1]
    found = outlook.report()
    assert not found.quality.is_better
    judged = outlook.judge(deal, DURING_QUOTE)
    assert not judged.is_better
    # The penalty that the deals speak for keeps it near the baseline.
    assert abs(judged.chance - judged.baseline) < 0.1


def test_a_deal_like_the_average_of_its_stage_has_the_chance_of_the_baseline(book) -> None:
    plans = [Plan("won" if n % 3 else "lost", meetings(2)) for n in range(150)]
    deal = plant(book.ana, [*plans, Plan("", meetings(2))])[-1]
    judged = outlook.judge(deal, DURING_QUOTE)
    assert judged.chance == pytest.approx(judged.baseline, abs=0.01)
    assert judged.baseline == pytest.approx(2 / 3, abs=0.01)
    assert judged.why == ()


# ---- which stage it fits


def test_the_stage_that_a_history_fits_is_told_with_what_tells_it(book) -> None:
    usual = ((12, "call"), (22, "visit"))
    closed = [Plan(outcome, usual if outcome == "won" else ()) for outcome in OUTCOMES]
    *_, behind, ready = plant(book.ana, [*closed, Plan("", usual[:1]), Plan("", usual)])
    found = outlook.judge(behind, DURING_QUOTE)
    assert (found.stage, found.fits, found.fits_name) == ("quote", "develop", "Develop")
    assert found.fit_why[0].startswith("visits: 0; like that in 9")
    assert found.fit_why[0].endswith("in 2% in Quote")
    assert outlook.judge(ready, DURING_QUOTE).fits == "quote"
    assert found.fit.right > 0.9
    assert found.fit.baseline == pytest.approx(1 / 3)


def test_where_stages_look_alike_a_deal_fits_the_one_in_which_it_stands(book) -> None:
    deal = plant(book.ana, [*[Plan("won"), Plan("lost")] * 40, Plan("")])[-1]
    found = outlook.judge(deal, DURING_QUOTE)
    # Develop and Quote: both between two weeks and a month old.
    assert (found.fits, found.stage) == ("quote", "quote")


# ---- which thresholds would have judged better

# Of Qualify (more than 60): 100 and 65 points; of Develop (more than 75): 60 and 40.
GOOD = {"qualify": {}, "develop": {"walked": 1, "products": 1}}
POOR = {"qualify": {"budget": 2, "time": 1}, "develop": {"budget": 2, "products": 1, "soon": 1}}


def threshold_of(stage: str) -> Threshold:
    return next(one for one in outlook.report().thresholds if one.stage == stage)


def test_the_threshold_that_parts_won_from_lost_names_the_deals_it_would_have_held_or_moved(book) -> None:
    ids = plant(book.ana, [Plan(outcome, answers=GOOD if outcome == "won" else POOR) for outcome in OUTCOMES])
    qualify = threshold_of("qualify")
    assert (qualify.rule, qualify.won, qualify.lost, qualify.accuracy) == ("more than 60", 60, 60, 0.5)
    assert (qualify.best_rule, qualify.best_accuracy, qualify.left_out_accuracy) == ("more than 65", 1.0, 1.0)
    assert [one.deal_id for one in qualify.held] == ids[1::2]
    assert {(one.outcome, one.score) for one in qualify.held} == {("lost", 65)}
    assert qualify.moved == ()
    develop = threshold_of("develop")
    assert (develop.accuracy, develop.best_rule, develop.best_accuracy) == (0.5, "more than 59", 1.0)
    assert [one.deal_id for one in develop.moved] == ids[::2]
    assert develop.held == ()


def test_a_threshold_that_judged_as_well_as_any_is_left_alone(book) -> None:
    # More than 75 parts 100 from 40 as it is.
    plans = [Plan(outcome, answers={"develop": {} if outcome == "won" else POOR["develop"]}) for outcome in OUTCOMES]
    plant(book.ana, plans)
    found = threshold_of("develop")
    assert (found.accuracy, found.best_rule, found.is_better) == (1.0, "more than 75", False)
    assert found.moved == found.held == ()


def test_scores_that_tell_nothing_suggest_no_threshold(book) -> None:
    chance = random.Random(4)
    either = ({}, {"budget": 2, "time": 1})
    plant(book.ana, [Plan(outcome, answers={"qualify": chance.choice(either)}) for outcome in OUTCOMES])
    found = threshold_of("qualify")
    assert (found.accuracy, found.is_better, found.held) == (0.5, False, ())
    assert found.best_accuracy > 0.5


def test_too_few_scored_deals_are_refused_and_a_knock_out_is_no_score(book) -> None:
    out = {"qualify": {"need": 2}}
    plans = [
        Plan(outcome, answers=out if n < 50 else GOOD if outcome == "won" else POOR)
        for n, outcome in enumerate(OUTCOMES)
    ]
    plant(book.ana, plans)
    found = threshold_of("qualify")
    assert (found.won, found.lost) == (35, 35)
    assert found.refusal == "35 won and 35 lost deals were scored; 40 of each are needed"
    assert not found.is_better
    assert threshold_of("close").refusal.startswith("0 won and 0 lost deals")


# ---- what holds whatever it says


def test_the_same_deals_teach_the_same(book) -> None:
    deal = plant(book.ana, [*telling(), Plan("", meetings(3))])[-1]
    assert outlook.report() == outlook.report()
    assert outlook.judge(deal, DURING_QUOTE) == outlook.judge(deal, DURING_QUOTE)


def test_it_never_writes(book) -> None:
    deal = plant(book.ana, [*telling(), Plan("", meetings(3), GOOD)])[-1]
    before = raw_connection().total_changes
    execute("PRAGMA query_only = ON")
    outlook.report()
    outlook.judge(deal, DURING_QUOTE)
    assert raw_connection().total_changes == before
