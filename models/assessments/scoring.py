"""Scoring a questionnaire: pure."""

from __future__ import annotations

from collections.abc import Mapping

from models.assessments.records import Questionnaire, Score
from models.errors import UsageError


def score(form: Questionnaire, choices: Mapping[str, int]) -> Score:
    """Return what answers are worth; `choices` maps question ids to the place of the answer.

    Raises:
        UsageError: a question that the form hasn't, or an answer that the question hasn't.
    """
    known = {question.id: question for question in form.questions}
    for question_id, place in choices.items():
        if question_id not in known:
            raise UsageError(f"The questionnaire has no question {question_id!r}; there are {', '.join(known)}")
        if not 0 <= place < len(known[question_id].answers):
            raise UsageError(f"{known[question_id].text!r} has no answer {place + 1}")
    points, best = 0, 0
    open_, knock_outs = [], []
    for question in form.questions:
        if question.id not in choices:
            open_.append(question.id)
            best += question.most
            continue
        answer = question.answers[choices[question.id]]
        points += answer.points
        if answer.is_knock_out:
            knock_outs.append(question.id)
    is_held = not open_ and not knock_outs and form.holds(points)
    return Score(points, tuple(open_), tuple(knock_outs), points + best, is_held)


def numbers(form: Questionnaire, question_ids: tuple[str, ...]) -> str:
    """Name questions by their number as shown: "3 and 5"."""
    places = [str(at) for at, question in enumerate(form.questions, 1) if question.id in question_ids]
    return " and ".join([", ".join(places[:-1]), places[-1]]) if len(places) > 1 else "".join(places)
