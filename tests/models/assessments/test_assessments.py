"""Assessments by rule (rules 7): scoring, promotion by one stage through the gate, what never happens by a score."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import clock, journal, process, process_change, undo
from models.assessments import assessments, forms, reading, scoring
from models.assessments.records import Answer, Question, Questionnaire
from models.database import execute
from models.deals import board, deals, gates, quotes, stages
from models.errors import GateError, NotAllowedError, RefusedError, UsageError
from tests.models.raw_sql import Raw

SHIPPED = process.shipped_text()


def form_of(stage: str = "qualify") -> Questionnaire:
    form = forms.find("sales", stage)
    assert form is not None
    return form


def best(form: Questionnaire, **other: int) -> dict[str, int]:
    """Return the best answers; `other` gives places of the answers that are not."""
    return {question.id: 0 for question in form.questions} | other


def complete(book, deal_id: int, stage: str = "qualify", login: str = "ana", **other: int):
    form = form_of(stage)
    return assessments.complete(getattr(book, login), book.now, deal_id, form.id, best(form, **other))


def stage_of(book, deal_id: int) -> str:
    return book.detail(deal_id).stage.id


# ---- scoring


@pytest.mark.parametrize(
    ("op", "threshold", "points", "holds"),
    [
        (">", 60, 60, False),
        (">", 60, 61, True),
        (">=", 60, 60, True),
        (">=", 60, 59, False),
        ("=", 100, 100, True),
        ("=", 100, 99, False),
    ],
)
def test_a_rule_compares_as_it_says(op: str, threshold: int, points: int, holds: bool) -> None:
    form = Questionnaire(1, "sales", "qualify", 1, op, threshold, (), False)
    assert form.holds(points) is holds


def test_the_rules_that_ship_are_those_of_the_company(book) -> None:
    shipped = {
        stage: (form_of(stage).op, form_of(stage).threshold) for stage in ("qualify", "develop", "quote", "close")
    }
    assert shipped == {"qualify": (">", 60), "develop": (">", 75), "quote": (">", 80), "close": ("=", 100)}
    assert {form_of(stage).most for stage in shipped} == {100}


def _form(points: list[list[int]], threshold: int) -> Questionnaire:
    questions = tuple(
        Question(f"q{at}", f"Question {at}?", "", tuple(Answer(str(n), n, False, str(n)) for n in row))
        for at, row in enumerate(points)
    )
    return Questionnaire(1, "sales", "qualify", 1, ">", threshold, questions, False)


@given(
    st.lists(st.lists(st.integers(0, 100), min_size=1, max_size=4), min_size=1, max_size=6),
    st.integers(0, 300),
    st.data(),
)
def test_an_open_question_is_nothing_and_never_complete(points: list[list[int]], threshold: int, data) -> None:
    form = _form(points, threshold)
    answered = data.draw(st.sets(st.sampled_from([question.id for question in form.questions])))
    choices = {name: data.draw(st.integers(0, len(points[int(name[1:])]) - 1)) for name in answered}
    found = scoring.score(form, choices)
    assert found.points == sum(points[int(name[1:])][place] for name, place in choices.items())
    assert set(found.open) == {question.id for question in form.questions} - answered
    assert found.points <= found.best <= form.most
    assert found.is_held == (not found.open and found.points > threshold)


def test_an_answer_that_there_is_not_is_named(book) -> None:
    with pytest.raises(UsageError, match="no question 'price'; there are need, budget"):
        scoring.score(form_of(), {"price": 0})
    with pytest.raises(UsageError, match=r"'Budget named\?' has no answer 9"):
        scoring.score(form_of(), {"budget": 8})


# ---- promotion


def test_a_score_above_the_rule_moves_the_deal_by_one_stage(book) -> None:
    deal = book.deal("qualify")
    done = complete(book, deal)
    assert (done.assessment.score, done.assessment.result) == (100, "moved")
    assert done.sentence == "Oak Terrace: scored 100, moved to Develop"
    assert stage_of(book, deal) == "develop"
    # All the gates ahead are open too, and still it goes on by one stage alone.
    assert not gates.check(deal, "quote", book.now)


def test_the_way_is_called_assessment_in_the_history(book) -> None:
    deal = book.deal("qualify")
    complete(book, deal)
    moved = next(entry for entry in journal.list_entries("deal", deal) if entry.column == "stage")
    assert (moved.actor, moved.path, moved.after) == ("ana", "assessment", "develop")


def test_a_score_at_the_rule_is_not_above_it(book) -> None:
    deal = book.deal("qualify")
    # 10 + 15 + 10 + 20 + 5: exactly 60.
    done = complete(book, deal, need=1, budget=1, time=1, fit=1)
    assert (done.assessment.score, done.assessment.result) == (60, "below")
    assert done.sentence == "Oak Terrace: scored 60, stays in Qualify: the rule is more than 60"
    assert stage_of(book, deal) == "qualify"


def test_promotion_waits_where_the_gate_blocks(book) -> None:
    deal = book.typed(25_000, stage="develop")
    done = complete(book, deal, "develop", budget=1)
    assert done.sentence == "Oak Terrace: scored 85, promotion waits for: lines"
    assert (done.assessment.result, done.assessment.waits_for) == ("waits", "lines")
    assert stage_of(book, deal) == "develop"


def test_promotion_out_of_quote_waits_for_the_tech_check(book) -> None:
    # Without a stage of its own the sign-off is asked where the last stage is entered.
    deal = book.deal("tech_check", 25_000)
    text = SHIPPED.replace('stage = "quote"\nrule = "> 80"', 'stage = "tech_check"\nrule = "> 80"')
    process_change.use(book.olga, book.now, text)
    done = complete(book, deal, "tech_check", price=0, rival=1)
    assert done.sentence == "Oak Terrace: scored 90, promotion waits for: tech check"
    assert stage_of(book, deal) == "tech_check"


def test_a_knock_out_answer_blocks_whatever_the_score(book) -> None:
    deal = book.deal("develop")
    done = complete(book, deal, "develop", signer=1)
    assert (done.assessment.score, done.assessment.result) == (80, "knocked_out")
    assert done.sentence == "Oak Terrace: scored 80, stays in Develop: Who signs is known?"
    assert stage_of(book, deal) == "develop"


def test_an_open_question_records_nothing(book) -> None:
    deal, form = book.deal("qualify"), form_of()
    choices = best(form)
    del choices["budget"], choices["fit"]
    with pytest.raises(UsageError, match="answer 2 and 5 too; nothing was recorded"):
        assessments.complete(book.ana, book.now, deal, form.id, choices)
    assert reading.list_for_deal(deal) == []


def test_winning_is_only_proposed(book) -> None:
    deal = book.deal("close", 10_000)
    book.accept(deal) if not book.detail(deal).quotes.is_accepted else None
    deals.edit(
        book.ana,
        book.now,
        deal,
        {"walkthrough_on": book.today, "walkthrough_with": "Pat Marsh", "walkthrough_ready": True},
    )
    assert not gates.check(deal, gates.WON, book.now)
    done = complete(book, deal, "close")
    assert done.assessment.result == "proposed"
    assert book.detail(deal).outcome == "open"
    assert complete(book, deal, "close", day=1).assessment.result == "below"


def test_a_questionnaire_may_only_propose(book) -> None:
    process_change.use(book.olga, book.now, SHIPPED.replace('rule = "> 60"', 'rule = "> 60"\nresult = "propose"'))
    deal = book.deal("qualify")
    done = complete(book, deal)
    assert (done.assessment.result, stage_of(book, deal)) == ("proposed", "qualify")
    assert done.sentence == "Oak Terrace: scored 100, it can move to Develop (>)"


def test_a_lower_score_flags_and_never_demotes(book) -> None:
    deal = book.deal("qualify")
    complete(book, deal)
    again = complete(book, deal, need=1, budget=2)
    assert (again.assessment.result, again.assessment.flag) == ("elsewhere", "lower than before (100)")
    assert stage_of(book, deal) == "develop"
    assert [found.score for found in reading.list_for_deal(deal)] == [60, 100]


def test_a_card_shows_by_how_much_the_last_score_is_lower_until_one_is_not(book) -> None:
    deal_id = book.deal("qualify", 9_000)

    def drop() -> int:
        return board.list_cards([deal_id], book.now)[0].score_drop

    assert drop() == 0
    high = complete(book, deal_id)
    assert drop() == 0
    stages.backward(book.ana, book.now, deal_id, "wrong guess")
    low = complete(book, deal_id, **{form_of().questions[0].id: 1})
    assert drop() == high.assessment.score - low.assessment.score > 0
    if stage_of(book, deal_id) != "qualify":
        stages.backward(book.ana, book.now, deal_id, "again")
    complete(book, deal_id)
    assert drop() == 0


def test_who_may_not_work_on_the_deal_may_not_assess_it(book) -> None:
    deal = book.deal("qualify")
    with pytest.raises(NotAllowedError):
        complete(book, deal, login="bo")
    with pytest.raises(NotAllowedError):
        complete(book, deal, login="sid")
    assert complete(book, deal, login="max").assessment.entered_by == "max"


def test_a_closed_deal_is_not_assessed(book) -> None:
    deal = book.deal("qualify")
    stages.disqualify(book.ana, book.now, deal, "too small")
    with pytest.raises(RefusedError, match="is disqualified: reopen it before assessing it"):
        complete(book, deal)


# ---- blank fields


def test_an_answer_fills_a_blank_field_and_never_overwrites(book) -> None:
    deal = book.deal("qualify")
    deals.edit(book.ana, book.now, deal, {"time_frame": ""})
    complete(book, deal)
    assert book.detail(deal).time_frame == "within 90 days"
    other = book.deal("qualify")
    complete(book, other)
    assert book.detail(other).time_frame == "this quarter"


def test_an_answer_may_fill_the_budget(book) -> None:
    filled = '{ text = "figure", points = 25, value = "12500.00" }'
    text = SHIPPED.replace('text = "Budget named?"', 'text = "Budget named?"\nfield = "budget"', 1)
    process_change.use(book.olga, book.now, text.replace('{ text = "figure", points = 25 }', filled, 1))
    deal = book.deal("qualify")
    deals.edit(book.ana, book.now, deal, {"budget_minor": None})
    assert complete(book, deal).assessment.result == "moved"
    assert book.detail(deal).budget_minor == 1_250_000


# ---- versions, twice, moved meanwhile


def test_answers_stay_with_their_version(book) -> None:
    deal = book.deal("qualify")
    old = form_of()
    done = complete(book, deal, need=1)
    changed = SHIPPED.replace("Do we meet their need?", "Is there a need?").replace('rule = "> 60"', 'rule = "> 90"')
    process_change.use(book.olga, book.now, changed)
    assert (form_of().version, form_of().rule) == (2, "more than 90")
    kept = reading.get(done.assessment.id)
    assert (kept.version, kept.rule, kept.given[0].question) == (1, "more than 60", "Do we meet their need?")
    assert forms.find_version("sales", "qualify", 1) == old
    # The others did not change: no new version of theirs.
    assert form_of("develop").version == 1


def test_the_same_submission_counts_once(book) -> None:
    deal, form = book.deal("qualify"), form_of()
    first = assessments.complete(book.ana, book.now, deal, form.id, best(form), submission="a-1")
    again = assessments.complete(book.ana, book.now, deal, form.id, best(form), submission="a-1")
    assert (first.is_new, again.is_new) == (True, False)
    assert again.assessment == first.assessment
    assert stage_of(book, deal) == "develop"
    with pytest.raises(RefusedError, match="counted before as others"):
        assessments.complete(book.ana, book.now, deal, form.id, best(form, need=1), submission="a-1")


def test_a_deal_that_moved_meanwhile_is_only_scored(book) -> None:
    deal, form = book.deal("qualify"), form_of()
    entered = clock.to_micros(book.detail(deal).stage_entered_at)
    stages.forward(book.ana, book.now, deal)
    # Back in the same stage, it moved all the same.
    later = book.at("2026-11-19")
    stages.backward(book.ana, later, deal, "asked again")
    done = assessments.complete(book.ana, later, deal, form.id, best(form), entered_stage=entered)
    assert (done.assessment.result, stage_of(book, deal)) == ("elsewhere", "qualify")


def test_one_undo_takes_score_field_and_move_back_and_redo_brings_them(book) -> None:
    deal = book.deal("qualify")
    deals.edit(book.ana, book.now, deal, {"time_frame": ""})
    complete(book, deal)
    undo.undo(book.ana, book.now)
    assert (stage_of(book, deal), book.detail(deal).time_frame, reading.list_for_deal(deal)) == ("qualify", "", [])
    undo.redo(book.ana, book.now)
    assert (stage_of(book, deal), book.detail(deal).time_frame) == ("develop", "within 90 days")
    assert [found.score for found in reading.list_for_deal(deal)] == [100]


# ---- required


def required(book, stage: str) -> None:
    before, head, rest = SHIPPED.partition(f'id = "{stage}"\n')
    rest = rest.replace('assessment = "optional"', 'assessment = "required"', 1)
    process_change.use(book.olga, book.now, before + head + rest)


def test_an_assessment_is_a_condition_only_where_the_stage_says_so(book) -> None:
    deal = book.deal("qualify")
    assert not gates.check(deal, "develop", book.now)
    required(book, "qualify")
    assert [found.field for found in gates.check(deal, "develop", book.now)] == ["assessment"]
    with pytest.raises(GateError):
        stages.forward(book.ana, book.now, deal)
    with pytest.raises(GateError):
        stages.move(book.ana, book.now, [deal], "quote")
    complete(book, deal, need=2, budget=2)
    assert gates.check(deal, "develop", book.now)
    complete(book, deal)
    assert stage_of(book, deal) == "develop"
    assert not gates.check(deal, "quote", book.now)


def test_of_a_required_assessment_the_newest_counts_while_the_deal_stands_there(book) -> None:
    required(book, "develop")
    deal = book.typed(10_000, stage="develop")
    assert complete(book, deal, "develop").assessment.result == "waits"
    complete(book, deal, "develop", signer=1)
    assert "assessment" in [found.field for found in gates.check(deal, "quote", book.now)]


def test_a_lower_score_for_a_stage_that_was_left_does_not_bar_the_way_on(book) -> None:
    required(book, "qualify")
    deal = book.deal("qualify")
    complete(book, deal)
    complete(book, deal, need=2, budget=2)
    assert not gates.check(deal, "quote", book.now)
    quotes.send(book.ana, book.now, quotes.create(book.ana, book.now, deal))
    stages.forward(book.ana, book.now, deal)
    assert stage_of(book, deal) == "quote"


# ---- what the database refuses whoever writes


@pytest.fixture
def raw(book) -> Raw:
    return Raw(book.path, clock.to_micros(book.now), book.today.isoformat())


def row_of(form: Questionnaire, deal_id: int, **columns: object) -> dict[str, object]:
    row: dict[str, object] = {
        "deal_id": deal_id,
        "questionnaire_id": form.id,
        "submission": "raw",
        "answers": json.dumps(best(form)),
        "score": 100,
        "is_held": 1,
        "result": "moved",
        "entered_at": 1,
        "entered_by": "ana",
    }
    return row | columns


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"score": 99}, "CRM603"),
        ({"is_held": 0}, "CRM603"),
        ({"answers": "{}", "score": 0, "is_held": 0, "result": "below"}, "CRM603"),
        ({"answers": '{"need": 0, "budget": 0, "time": 0, "decider": 0, "fitt": 0}', "score": 90}, "CRM603"),
        ({"entered_by": "bo"}, "CRM604"),
    ],
)
def test_a_score_is_that_of_its_answers(book, raw: Raw, columns: dict[str, object], code: str) -> None:
    deal = book.deal("qualify")
    statement, values = raw.insert("assessment", row_of(form_of(), deal, **columns))
    raw.refused(code, statement, *values)


def test_a_knock_out_never_holds(book, raw: Raw) -> None:
    deal, form = book.deal("develop"), form_of("develop")
    answers = json.dumps(best(form, signer=1))
    statement, values = raw.insert("assessment", row_of(form, deal, answers=answers, score=80, result="waits"))
    raw.refused("CRM603", statement, *values)


def test_answers_and_questionnaires_stay(book, raw: Raw) -> None:
    deal = book.deal("qualify")
    complete(book, deal)
    raw.refused("CRM602", "UPDATE assessment SET score = 1")
    raw.refused("CRM602", "DELETE FROM assessment")
    raw.refused("CRM601", "UPDATE questionnaire SET threshold = 0")
    raw.refused("CRM601", "DELETE FROM questionnaire")
    assert execute("SELECT score FROM assessment").fetchall() == [(100,)]
