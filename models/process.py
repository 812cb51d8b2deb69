"""The sales process in force: read from the database; a new database gets Contoso's own file."""

from __future__ import annotations

import datetime as dt
import json
from functools import lru_cache
from typing import Any, NamedTuple

from models import clock, money
from models.database import execute, put_setting
from models.deals.records import Stage
from models.errors import NotFoundError
from models.people.records import Actor


class ActivityType(NamedTuple):
    """One row of the points table: `points` are counted once, when done."""

    code: str
    name: str
    points: int
    default_for: tuple[str, ...]


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
    required: dict[tuple[str, str], tuple[str, ...]]
    """(pipeline, stage) to the conditions under which a deal leaves the stage."""

    @property
    def default_pipeline(self) -> str:
        """Return the first pipeline's id."""
        return next(iter(self.pipelines))

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


def current() -> Process:
    """Return the process in force of the open database."""
    row = execute("SELECT id, parsed FROM process_version ORDER BY id DESC LIMIT 1").fetchone()
    if row is None:
        raise NotFoundError("This database has no sales process; contoso init makes one")
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
            code: ActivityType(code, spec["name"], spec["points"], tuple(spec.get("default_for", ())))
            for code, spec in raw["activity_types"].items()
        },
        pipelines=pipelines,
        required=required,
    )


def load_shipped(actor: Actor, now: dt.datetime) -> None:
    """Put Contoso's own process, catalogue and programmes into a new database; call it inside an action."""
    import tomllib
    from importlib import resources

    text = resources.files("models").joinpath("process.toml").read_text("utf-8")
    raw = tomllib.loads(text)
    parsed = json.dumps(raw)
    put_setting("company_timezone", raw["company_timezone"])
    execute(
        "INSERT INTO process_version (text, parsed, loaded_at, loaded_by) VALUES (?, ?, ?, ?)",
        (text, parsed, clock.to_micros(now), actor.login),
    )
    process = parse(parsed)
    execute(
        "INSERT INTO rule (key, value) VALUES ('tech_check_limit_usd_cents', ?)", (process.tech_check_limit_usd_cents,)
    )
    for pipeline, stages in process.pipelines.items():
        for stage in stages:
            _insert_stage(pipeline, stage, process.required[pipeline, stage.id])
    for product in raw["product"]:
        execute(
            "INSERT INTO product (code, name, billing, price_minor) VALUES (?, ?, ?, ?)",
            (product["code"], product["name"], product["billing"], money.parse_minor(product["price"])),
        )
    for programme in raw["programme"]:
        _insert_programme(programme)


def _insert_stage(pipeline: str, stage: Stage, required: tuple[str, ...]) -> None:
    execute(
        "INSERT INTO stage (pipeline, id, position, name, probability_percent, age_limit_days, required,"
        " is_first, is_last, is_tech_check) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            pipeline,
            stage.id,
            stage.position,
            stage.name,
            stage.probability_percent,
            stage.age_limit_days,
            json.dumps(required),
            stage.is_first,
            stage.is_last,
            stage.is_tech_check,
        ),
    )


def _insert_programme(programme: dict[str, Any]) -> None:
    cursor = execute(
        "INSERT INTO programme (code, version, name) VALUES (?, 1, ?)", (programme["code"], programme["name"])
    )
    steps = programme["step"]
    for position, step in enumerate(steps, 1):
        execute(
            "INSERT INTO programme_step (programme_id, position, channel, name, days_after, activity_type,"
            " email_subject, email_body, guide, is_final) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                cursor.lastrowid,
                position,
                step["channel"],
                step["name"],
                step["days_after"],
                step.get("activity_type", ""),
                step.get("email_subject", ""),
                step.get("email_body", "").strip(),
                step.get("guide", ""),
                position == len(steps),
            ),
        )
