"""What the outside sees of assessments: frozen records."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

COMPARISONS = {">": "more than", ">=": "at least", "=": "exactly"}
"""A rule's sign in words: it is never shown as a bare number."""


class Answer(NamedTuple):
    """One answer that can be chosen; `value` is what a blank field of the deal gets by it."""

    text: str
    points: int
    is_knock_out: bool
    value: str


class Question(NamedTuple):
    """One question; `field` names the deal's field that an answer may fill, "" for none."""

    id: str
    text: str
    field: str
    answers: tuple[Answer, ...]

    @property
    def most(self) -> int:
        """The points of its best answer."""
        return max(answer.points for answer in self.answers)

    @property
    def is_knock_out(self) -> bool:
        """Whether one of its answers keeps the deal where it is."""
        return any(answer.is_knock_out for answer in self.answers)


class Questionnaire(NamedTuple):
    """One version of a stage's questionnaire."""

    id: int
    pipeline: str
    stage: str
    version: int
    op: str
    threshold: int
    questions: tuple[Question, ...]
    is_proposing: bool
    """Whether a score that holds only proposes the move."""

    @property
    def rule(self) -> str:
        """The rule in words: "more than 75"."""
        return f"{COMPARISONS[self.op]} {self.threshold}"

    @property
    def most(self) -> int:
        """The points of the best answers."""
        return sum(question.most for question in self.questions)

    def holds(self, points: int) -> bool:
        """Return whether the rule holds for a score."""
        if self.op == ">":
            return points > self.threshold
        return points >= self.threshold if self.op == ">=" else points == self.threshold


class Score(NamedTuple):
    """What answers are worth; an open question counts 0."""

    points: int
    open: tuple[str, ...]
    """Ids of the questions without an answer."""
    knock_outs: tuple[str, ...]
    """Ids of the questions whose answer keeps the deal where it is."""
    best: int
    """The points still possible."""
    is_held: bool
    """Whether all is answered, nothing knocks out and the rule holds."""


class Given(NamedTuple):
    """One answer that was given."""

    question: str
    answer: str
    points: int
    most: int
    is_knock_out: bool


class Assessment(NamedTuple):
    """One completed questionnaire, kept with its version."""

    id: int
    deal_id: int
    stage: str
    stage_name: str
    version: int
    rule: str
    score: int
    most: int
    is_held: bool
    result: str
    """moved, waits, proposed, below, knocked_out or elsewhere (the deal stood in another stage)."""
    waits_for: str
    note: str
    entered_at: dt.datetime
    entered_by: str
    given: tuple[Given, ...]
    choices: dict[str, int]
    """Question id to the place of its answer."""
    flag: str = ""
    """That a lower score followed a better one, in words; "" for none."""


class Outcome(NamedTuple):
    """What completing a questionnaire did; `sentence` tells it."""

    assessment: Assessment
    sentence: str
    is_new: bool
    """False where the same submission was counted before."""
