"""The sales process in force: read from the database; a new database gets Contoso's own file."""

from __future__ import annotations

import datetime as dt
import json
from functools import lru_cache
from typing import Any, NamedTuple

from models import clock, money
from models.database import execute
from models.deals.records import Stage
from models.errors import NotFoundError
from models.people.records import Actor, Role

ASSIGNMENT = ("territory", "fewest")
"""How an owner is found where the process doesn't say it."""


class ActivityType(NamedTuple):
    """One row of the points table: `points` are counted once, when done."""

    code: str
    name: str
    points: int
    default_for: tuple[str, ...]
    a_month: int = 0
    """How many the plan recommends each month, 0 for any number."""
    group: str = ""


class Process(NamedTuple):
    """The rules of the process in force; amounts in US cents, ages in calendar days."""

    version: int
    tech_check_limit_usd_cents: int
    quote_valid_days: int
    points_quota: int | None
    """Points a month expected of each who sells, None for none."""
    lost_reasons: dict[str, str]
    tech_check_questions: tuple[str, ...]
    activity_types: dict[str, ActivityType]
    pipelines: dict[str, tuple[Stage, ...]]
    pipeline_names: tuple[tuple[str, str], ...]
    """(id, name) of each pipeline in order."""
    required: dict[tuple[str, str], tuple[str, ...]]
    """(pipeline, stage) to the conditions under which a deal leaves the stage."""
    discount_limits_bp: dict[str, int]
    """Role to what it may give away without a manager, in basis points; empty where nothing is limited."""
    required_assessments: frozenset[tuple[str, str]]
    """(pipeline, stage) of those that a deal leaves only with an assessment whose rule is met."""
    owner_assignment: dict[str, tuple[str, ...]]
    """Kind of customer to the ways in which its owner is found, each narrowing the choice."""

    @property
    def default_pipeline(self) -> str:
        """Return the first pipeline's id."""
        return next(iter(self.pipelines))

    def find_pipeline(self, wanted: str) -> str:
        """Return the id of a pipeline, by its id or its name.

        Raises:
            NotFoundError: there is none.
        """
        for pipeline, name in self.pipeline_names:
            if wanted.strip().lower() in (pipeline, name.lower()):
                return pipeline
        raise NotFoundError(f"There is no pipeline {wanted}; there are {', '.join(self.pipelines)}")

    def has_stage(self, pipeline: str, stage_id: str) -> bool:
        """Return whether a pipeline has a stage of that id or name."""
        try:
            self.stage(pipeline, stage_id)
        except NotFoundError:
            return False
        return True

    def stages(self, pipeline: str) -> tuple[Stage, ...]:
        """Return the stages of a pipeline in order."""
        try:
            return self.pipelines[pipeline]
        except KeyError:
            raise NotFoundError(f"There is no pipeline {pipeline}; there are {', '.join(self.pipelines)}") from None

    def stage(self, pipeline: str, stage_id: str) -> Stage:
        """Return one stage, by its id or its name."""
        wanted = stage_id.strip().lower().replace(" ", "_").replace("-", "_")
        for stage in self.stages(pipeline):
            if wanted in (stage.id, stage.name.lower().replace(" ", "_")):
                return stage
        names = ", ".join(stage.id for stage in self.stages(pipeline))
        raise NotFoundError(f"There is no stage {stage_id!r}; there are {names}")

    def default_type(self, channel: str) -> str:
        """Return the activity type that a channel takes by itself, empty for none."""
        return next((t.code for t in self.activity_types.values() if channel in t.default_for), "")


class Version(NamedTuple):
    """When a process came in force, and who put it there."""

    version: int
    since: dt.datetime
    by: str


def current() -> Process:
    """Return the process in force of the open database."""
    row = execute("SELECT id, parsed FROM process_version ORDER BY id DESC LIMIT 1").fetchone()
    if row is None:
        raise NotFoundError("This database has no sales process; contoso init makes one")
    return parse(row[1], row[0])


def quota_of(actor: Actor, rules: Process) -> int | None:
    """Return the points a month that the process expects of the actor, None for one who doesn't sell."""
    sells = actor.has(Role.REPRESENTATIVE) or actor.has(Role.EXECUTIVE)
    return rules.points_quota if sells else None


def in_month(first_micros: int) -> Process:
    """Return the process in force when a month began; points change from the next month on (rules 6).

    A month older than the database goes by the first process there was.
    """
    row = execute(
        "SELECT id, parsed FROM process_version ORDER BY loaded_at >= ?, CASE WHEN loaded_at < ? THEN -id ELSE id END"
        " LIMIT 1",
        (first_micros, first_micros),
    ).fetchone()
    return parse(row[1], row[0])


@lru_cache(maxsize=4)
def parse(parsed: str, version: int = 0) -> Process:
    """Read a process from the JSON of its file."""
    raw = json.loads(parsed)
    pipelines: dict[str, tuple[Stage, ...]] = {}
    required: dict[tuple[str, str], tuple[str, ...]] = {}
    for pipeline in raw["pipeline"]:
        stages = pipeline["stage"]
        pipelines[pipeline["id"]] = tuple(
            Stage(
                id=stage["id"],
                name=stage["name"],
                position=position,
                probability_percent=stage["probability"],
                age_limit_days=stage.get("age_limit_days"),
                is_first=position == 1,
                is_last=position == len(stages),
                is_tech_check=stage.get("tech_check", False),
            )
            for position, stage in enumerate(stages, 1)
        )
        for stage in stages:
            required[pipeline["id"], stage["id"]] = tuple(stage.get("required", ()))
    return Process(
        version=version,
        tech_check_limit_usd_cents=money.parse_minor(raw["tech_check_limit_usd"]),
        quote_valid_days=raw["quote_valid_days"],
        points_quota=raw.get("points_quota"),
        lost_reasons=dict(raw["lost_reasons"]),
        tech_check_questions=tuple(raw["tech_check"]["questions"]),
        activity_types={
            code: ActivityType(
                code,
                spec["name"],
                spec["points"],
                tuple(spec.get("default_for", ())),
                spec.get("a_month", 0),
                spec.get("group", ""),
            )
            for code, spec in raw["activity_types"].items()
        },
        pipelines=pipelines,
        pipeline_names=tuple((pipeline["id"], pipeline["name"]) for pipeline in raw["pipeline"]),
        required=required,
        discount_limits_bp={
            role: money.parse_percent(str(percent)) for role, percent in raw.get("discount_limits", {}).items()
        },
        required_assessments=frozenset(
            (pipeline["id"], stage["id"])
            for pipeline in raw["pipeline"]
            for stage in pipeline["stage"]
            if stage.get("assessment") == "required"
        ),
        owner_assignment={
            kind: tuple(raw.get("owner_assignment", {}).get(kind, ASSIGNMENT)) for kind in ("individual", "corporate")
        },
    )


def in_force() -> dict[str, Any]:
    """Return what the file of the process in force said."""
    row = execute("SELECT parsed FROM process_version ORDER BY id DESC LIMIT 1").fetchone()
    found: dict[str, Any] = json.loads(row[0]) if row is not None else {}
    return found


def list_versions(limit: int) -> list[Version]:
    """Return which processes have been in force, the newest first."""
    rows = execute("SELECT id, loaded_at, loaded_by FROM process_version ORDER BY id DESC LIMIT ?", (limit,))
    return [Version(row[0], clock.from_micros(row[1]), row[2]) for row in rows.fetchall()]


def text_in_force() -> str:
    """Return the file of the process in force, as it was put there."""
    row = execute("SELECT text FROM process_version ORDER BY id DESC LIMIT 1").fetchone()
    return str(row[0]) if row is not None else ""


def shipped_text() -> str:
    """Return Contoso's own process file, with which a new database starts."""
    from importlib import resources

    return resources.files("models").joinpath("process.toml").read_text("utf-8")
