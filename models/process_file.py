"""Reading a process file: every line that is wrong is told at once, with what may have been meant."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from models.deals.gates import CONDITIONS
from models.errors import UsageError
from models.process_fields import ASSESSMENT_RULE, FILE, IDENTIFIER, MOST_STAGES, Field, amount
from models.toml_lines import Path, key_lines, line_of

ANSWERABLE = ("need", "budget", "time_frame", "decision_maker")
"""Fields of a deal that an answer of an assessment may fill."""
_SYNTAX = re.compile(r"\s*\(at line (\d+), column (\d+)\)|\s*\(at end of document\)")


class Fault(NamedTuple):
    """One thing that is wrong, on a line from 1."""

    line: int
    text: str


class BadProcessError(UsageError):
    """A process file that can't be put in force; `faults` are all that is wrong, in the order of their lines."""

    def __init__(self, name: str, faults: Sequence[Fault]) -> None:
        self.faults = list(faults)
        count = "1 error" if len(faults) == 1 else f"{len(faults)} errors"
        listed = "\n".join(f"  line {fault.line}: {fault.text}" for fault in faults)
        super().__init__(f"{name} has {count}; the process in force stays as it is\n{listed}")


def read(text: str, name: str = "the file") -> dict[str, Any]:
    """Return what a process file says.

    Raises:
        BadProcessError: something in it is wrong.
    """
    faults = list_faults(text)
    if faults:
        raise BadProcessError(name, faults)
    return tomllib.loads(text)


def list_faults(text: str) -> list[Fault]:
    """Return everything that is wrong with a process file, by line; of a file that is no TOML the first mistake."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return [_syntax_fault(str(error), text)]
    checker = _Checker()
    checker.table((), raw, FILE)
    _Meaning(checker, raw).check()
    lines = key_lines(text)
    return sorted(Fault(line_of(path, lines), words) for path, words in checker.found)


def _syntax_fault(message: str, text: str) -> Fault:
    place = _SYNTAX.search(message)
    line = int(place[1]) if place is not None and place[1] else text.count("\n") + 1
    return Fault(line, f"this is no TOML: {_SYNTAX.sub('', message)}")


def nearest(word: str, known: Iterable[str]) -> str:
    """Return what may have been meant, or what there is, as the rest of a sentence."""
    known = list(known)
    close = difflib.get_close_matches(word, known, n=1)
    return f"did you mean {close[0]}?" if close else f"there are {', '.join(known)}"


class _Checker:
    """Compares a file with the keys it may have."""

    def __init__(self) -> None:
        self.found: list[tuple[Path, str]] = []

    def tell(self, path: Path, words: str) -> None:
        self.found.append((path, words))

    def is_sound(self, *path: str | int) -> bool:
        """Return whether nothing below `path` has been told."""
        return not any(told[: len(path)] == path for told, _ in self.found)

    def table(self, path: Path, table: Mapping[str, Any], fields: Mapping[str, Field]) -> None:
        for key in table:
            if key not in fields:
                self.tell((*path, key), f"{key} is not known here; {nearest(key, fields)}")
        for key, field in fields.items():
            if key in table:
                self.value((*path, key), key, table[key], field)
            elif field.is_required:
                self.tell(path, f"{key} is missing")

    def value(self, path: Path, key: str, value: Any, field: Field) -> None:
        if field.kind is not None:
            complaint = field.kind(value)
            if complaint:
                self.tell(path, f"{key} {complaint}, not {_shown(value)}")
        elif field.each is not None:
            self._chosen(path, key, value, field, field.each)
        elif field.table is not None and field.is_array:
            if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
                self.tell(path, f"{key} must be tables: [[{_header(path)}]]")
            elif not value and field.is_required:
                self.tell(path, f"{key} is empty")
            else:
                for place, one in enumerate(value):
                    self.table((*path, place), one, field.table)
        elif field.table is not None:
            if isinstance(value, dict):
                self.table(path, value, field.table)
            else:
                self.tell(path, f"{key} must be a table")

    def _chosen(self, path: Path, key: str, value: Any, field: Field, each: Field) -> None:
        if not isinstance(value, dict):
            self.tell(path, f"{key} must be a table")
            return
        if field.is_required and not value:
            self.tell(path, f"{key} is empty")
        for name, one in value.items():
            if field.keys and name not in field.keys:
                self.tell((*path, name), f"{name} is not known here; {nearest(name, field.keys)}")
            elif not IDENTIFIER.fullmatch(name):
                self.tell((*path, name), f"{name!r} must be an id of lower-case letters, digits and _")
            else:
                self.value((*path, name), name, one, each)


class _Meaning:
    """What values say of each other, asked of the parts whose form is right."""

    def __init__(self, checker: _Checker, raw: dict[str, Any]) -> None:
        self._checker = checker
        self._tell = checker.tell
        self._raw = raw

    def check(self) -> None:
        checker = self._checker
        types = self._raw.get("activity_types", {}) if checker.is_sound("activity_types") else None
        if types is not None:
            self._channels(types)
        if checker.is_sound("pipeline") and "pipeline" in self._raw:
            self._pipelines(types)
            if checker.is_sound("assessment"):
                self._assessments()
        if checker.is_sound("programme"):
            self._programmes(types)
        if checker.is_sound("product"):
            self._unique(("product",), "code", self._raw.get("product", ()))

    def _unique(self, path: Path, key: str, tables: Iterable[Mapping[str, Any]]) -> None:
        seen: set[str] = set()
        for place, table in enumerate(tables):
            if table[key] in seen:
                self._tell((*path, place, key), f"there are two with the {key} {table[key]!r}")
            seen.add(table[key])

    def _channels(self, types: Mapping[str, Any]) -> None:
        owner: dict[str, str] = {}
        for code, spec in types.items():
            for channel in spec.get("default_for", ()):
                if channel in owner:
                    words = f"{channel} already takes {owner[channel]} by itself; one type a channel"
                    self._tell(("activity_types", code, "default_for"), words)
                owner[channel] = code

    def _pipelines(self, types: Mapping[str, Any] | None) -> None:
        pipelines = self._raw["pipeline"]
        self._unique(("pipeline",), "id", pipelines)
        for number, pipeline in enumerate(pipelines):
            path: Path = ("pipeline", number, "stage")
            stages = pipeline["stage"]
            self._unique(path, "id", stages)
            if not 2 <= len(stages) <= MOST_STAGES:
                words = f"{pipeline['id']} has {len(stages)} stages; a board shows 2 to {MOST_STAGES}"
                self._tell(("pipeline", number), words)
            checks = [place for place, stage in enumerate(stages) if stage.get("tech_check")]
            for place in checks[1:]:
                self._tell((*path, place, "tech_check"), "a pipeline has one tech check at most")
            if checks and checks[0] in (0, len(stages) - 1):
                self._tell((*path, checks[0], "tech_check"), "the tech check can't be the first or the last stage")
            for place, stage in enumerate(stages):
                self._stage((*path, place), stage, types)

    def _stage(self, path: Path, stage: Mapping[str, Any], types: Mapping[str, Any] | None) -> None:
        for name in stage.get("required", ()):
            if name not in CONDITIONS:
                self._tell((*path, "required"), f"there is no condition {name!r}; {nearest(name, CONDITIONS)}")
        for place, activity in enumerate(stage.get("activity", ())):
            self._type((*path, "activity", place, "type"), activity.get("type"), types)

    def _type(self, path: Path, code: str | None, types: Mapping[str, Any] | None) -> None:
        if code and types is not None and code not in types:
            self._tell(path, f"there is no activity type {code!r}; {nearest(code, types)}")

    def _programmes(self, types: Mapping[str, Any] | None) -> None:
        programmes = self._raw.get("programme", ())
        self._unique(("programme",), "code", programmes)
        for number, programme in enumerate(programmes):
            for place, step in enumerate(programme["step"]):
                path: Path = ("programme", number, "step", place)
                self._type((*path, "activity_type"), step.get("activity_type"), types)
                if step["channel"] == "email" and not (
                    step.get("email_subject") and step.get("email_body", "").strip()
                ):
                    self._tell(path, "an email step needs email_subject and email_body")

    def _assessments(self) -> None:
        stages = {one["id"]: {stage["id"] for stage in one["stage"]} for one in self._raw["pipeline"]}
        self._wanted_forms(stages)
        seen: set[tuple[str, str]] = set()
        for number, form in enumerate(self._raw.get("assessment", ())):
            path: Path = ("assessment", number)
            pipeline = form.get("pipeline", next(iter(stages)))
            if pipeline not in stages:
                self._tell((*path, "pipeline"), f"there is no pipeline {pipeline!r}; {nearest(pipeline, stages)}")
                continue
            if form["stage"] not in stages[pipeline]:
                words = f"{pipeline} has no stage {form['stage']!r}; {nearest(form['stage'], stages[pipeline])}"
                self._tell((*path, "stage"), words)
            if (pipeline, form["stage"]) in seen:
                self._tell((*path, "stage"), f"{form['stage']} has an assessment already; one a stage")
            seen.add((pipeline, form["stage"]))
            self._unique((*path, "question"), "id", form["question"])
            for place, question in enumerate(form["question"]):
                field = question.get("field")
                if field and field not in ANSWERABLE:
                    words = f"an answer can't fill {field!r}; {nearest(field, ANSWERABLE)}"
                    self._tell((*path, "question", place, "field"), words)
                elif field == "budget":
                    self._amounts((*path, "question", place, "answer"), question["answer"])
            self._reachable((*path, "rule"), form)

    def _wanted_forms(self, stages: Mapping[str, set[str]]) -> None:
        first = next(iter(stages))
        there = {(form.get("pipeline", first), form["stage"]) for form in self._raw.get("assessment", ())}
        for number, pipeline in enumerate(self._raw["pipeline"]):
            for place, stage in enumerate(pipeline["stage"]):
                if stage.get("assessment") == "required" and (pipeline["id"], stage["id"]) not in there:
                    path: Path = ("pipeline", number, "stage", place, "assessment")
                    self._tell(path, f"{stage['id']} requires an assessment, and no [[assessment]] is for it")

    def _amounts(self, path: Path, answers: Sequence[Mapping[str, Any]]) -> None:
        for place, answer in enumerate(answers):
            if "value" in answer and amount(answer["value"]):
                self._tell((*path, place, "value"), f"value {amount(answer['value'])}: it fills the budget")

    def _reachable(self, path: Path, form: Mapping[str, Any]) -> None:
        most = sum(max(answer["points"] for answer in question["answer"]) for question in form["question"])
        rule = ASSESSMENT_RULE.fullmatch(form["rule"].strip())
        if rule is not None and int(rule[2]) + (rule[1] == ">") > most:
            self._tell(path, f"no answers reach {form['rule']}: the best are worth {most}")


def _header(path: Path) -> str:
    return ".".join(part for part in path if isinstance(part, str))


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    words = repr(value)
    return words if len(words) <= 40 else words[:39] + "…"
