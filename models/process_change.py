"""Putting a process in force, and telling beforehand what that would change on today's deals (rules 1.4).

The difference is not foretold but seen: the process is put in force, what counts is read before and after, and the
transaction is rolled back.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any, NamedTuple

from models import clock, journal, money, process, process_file, process_words
from models.assessments import forms
from models.database import execute, put_setting
from models.deals import board
from models.deals.board import View
from models.errors import RefusedError
from models.people.permissions import require_operations
from models.people.records import Actor
from models.process import Process
from models.process_words import Today
from models.triggers.quotes import DISCOUNT_LIMIT_KEY

LIMIT_KEY = "tech_check_limit_usd_cents"


class Difference(NamedTuple):
    """What a file would change, in sentences: of the rules, and of the deals that are open today."""

    rules: tuple[str, ...]
    deals: tuple[str, ...]


def use(actor: Actor, now: dt.datetime, text: str, name: str = "the file") -> int:
    """Put a process file in force and return its version. That is never undone: a newer file replaces it.

    Raises:
        NotAllowedError: the actor isn't operations.
        BadProcessError: something in the file is wrong.
        RefusedError: the file leaves out a stage that deals stand in, or changes nothing.
    """
    require_operations(actor, "change the process")
    raw = process_file.read(text, name)
    if raw == process.in_force():
        raise RefusedError(f"{name} says the same as the process in force; nothing was changed")
    with journal.action(actor, now, "process.use", f"Put the process of {name} in force", can_undo=False) as made:
        version = put_in_force(actor, now, text, raw)
        made.summary = f"Put version {version} of the process in force, from {name}"
    return version


def compare(actor: Actor, now: dt.datetime, text: str, name: str = "the file") -> Difference:
    """Return what a process file would change; nothing is changed by asking.

    Raises:
        BadProcessError: something in the file is wrong.
        RefusedError: the file leaves out a stage that deals stand in.
    """
    raw = process_file.read(text, name)
    old_raw, old = process.in_force(), process.current()
    before = _today(old, now)
    with journal.action(actor, now, "process.diff", f"Compared {name}", can_undo=False) as made:
        made.is_trial = True
        put_in_force(actor, now, text, raw)
        new = process.current()
        after = _today(new, now)
    return Difference(
        tuple(process_words.rules(old_raw, raw, old, new)), tuple(process_words.deals(before, after, old, new))
    )


def put_in_force(actor: Actor, now: dt.datetime, text: str, raw: dict[str, Any]) -> int:
    """Write a process that was checked into the database and return its version; call it inside an action.

    Raises:
        RefusedError: it leaves out a stage that deals stand in.
    """
    parsed = json.dumps(raw)
    rules = process.parse(parsed)
    _require_stages_of_deals(rules)
    put_setting("company_timezone", raw["company_timezone"])
    cursor = execute(
        "INSERT INTO process_version (text, parsed, loaded_at, loaded_by) VALUES (?, ?, ?, ?)",
        (text, parsed, clock.to_micros(now), actor.login),
    )
    _put_stages(rules)
    _put_rules(rules)
    for product in raw.get("product", ()):
        # A price in force is a product's own affair: the file names those that a database starts with.
        execute(
            "INSERT INTO product (code, name, billing, price_minor) SELECT ?, ?, ?, ?"
            " WHERE NOT EXISTS (SELECT 1 FROM product WHERE code = ?)",
            (
                product["code"],
                product["name"],
                product["billing"],
                money.parse_minor(product["price"]),
                product["code"],
            ),
        )
    forms.put(raw)
    for programme in raw.get("programme", ()):
        _put_programme(programme)
    return int(cursor.lastrowid or 0)


def _require_stages_of_deals(rules: Process) -> None:
    for pipeline, stage, name, deals in execute(
        "SELECT d.pipeline, d.stage, coalesce(s.name, d.stage), count(*) FROM deal d"
        " LEFT JOIN stage s ON s.pipeline = d.pipeline AND s.id = d.stage GROUP BY d.pipeline, d.stage"
    ).fetchall():
        if not any(known.id == stage for known in rules.pipelines.get(pipeline, ())):
            count = "1 deal stands" if deals == 1 else f"{deals:,} deals stand"
            raise RefusedError(
                f"The file has no stage {stage} in pipeline {pipeline}, where {count} or ended ({name}): keep its id,"
                " another name and place are free"
            )


def _put_rules(rules: Process) -> None:
    """Write what triggers ask of: the tech-check limit, and what each role may give away."""
    limits = {f"{DISCOUNT_LIMIT_KEY}{role}": limit for role, limit in rules.discount_limits_bp.items()}
    for (key,) in execute("SELECT key FROM rule WHERE key LIKE ?", (f"{DISCOUNT_LIMIT_KEY}%",)).fetchall():
        if key not in limits:
            execute("DELETE FROM rule WHERE key = ?", (key,))
    for key, value in {LIMIT_KEY: rules.tech_check_limit_usd_cents, **limits}.items():
        execute(
            "INSERT INTO rule (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
            " WHERE value <> excluded.value",
            (key, value),
        )


def _put_stages(rules: Process) -> None:
    kept = {(pipeline, stage.id) for pipeline, stages in rules.pipelines.items() for stage in stages}
    for pipeline, stage_id in execute("SELECT pipeline, id FROM stage").fetchall():
        if (pipeline, stage_id) not in kept:
            execute("DELETE FROM stage WHERE pipeline = ? AND id = ?", (pipeline, stage_id))
    for pipeline, stages in rules.pipelines.items():
        for stage in stages:
            execute(
                "INSERT INTO stage (pipeline, id, position, name, probability_percent, age_limit_days, required,"
                " is_first, is_last, is_tech_check) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (pipeline, id) DO UPDATE SET position = excluded.position, name = excluded.name,"
                " probability_percent = excluded.probability_percent, age_limit_days = excluded.age_limit_days,"
                " required = excluded.required, is_first = excluded.is_first, is_last = excluded.is_last,"
                " is_tech_check = excluded.is_tech_check",
                (
                    pipeline,
                    stage.id,
                    stage.position,
                    stage.name,
                    stage.probability_percent,
                    stage.age_limit_days,
                    json.dumps(rules.required[pipeline, stage.id]),
                    stage.is_first,
                    stage.is_last,
                    stage.is_tech_check,
                ),
            )


def _put_programme(programme: dict[str, Any]) -> None:
    """Make a new version of a programme that differs; who is enrolled stays on theirs (rules 3.8)."""
    columns = "channel, name, days_after, activity_type, email_subject, email_body, guide"
    steps = [
        (
            step["channel"],
            step["name"],
            step["days_after"],
            step.get("activity_type", ""),
            step.get("email_subject", ""),
            step.get("email_body", "").strip(),
            step.get("guide", ""),
        )
        for step in programme["step"]
    ]
    row = execute(
        "SELECT id, version, name FROM programme WHERE code = ? ORDER BY version DESC LIMIT 1", (programme["code"],)
    ).fetchone()
    if row is not None:
        known = execute(
            f"SELECT {columns} FROM programme_step WHERE programme_id = ? ORDER BY position", (row[0],)
        ).fetchall()
        if row[2] == programme["name"] and known == steps:
            return
    cursor = execute(
        "INSERT INTO programme (code, version, name) VALUES (?, ?, ?)",
        (programme["code"], (row[1] if row else 0) + 1, programme["name"]),
    )
    for position, step in enumerate(steps, 1):
        execute(
            f"INSERT INTO programme_step (programme_id, position, {columns}, is_final)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (cursor.lastrowid, position, *step, position == len(steps)),
        )


def _today(rules: Process, now: dt.datetime) -> Today:
    """Read what the process in force makes of the open deals."""
    limit = rules.tech_check_limit_usd_cents
    rows = execute(
        "SELECT d.id, d.amount_usd_cents > ?, k.terms_rev = d.terms_rev AND k.outcome <> 'failed', s.is_last"
        " FROM deal d JOIN stage s ON s.pipeline = d.pipeline AND s.id = d.stage"
        " LEFT JOIN tech_check k ON k.id = d.last_check_id WHERE d.outcome = 'open'"
        " AND (d.amount_usd_cents > ? OR d.last_check_id IS NOT NULL)",
        (limit, limit),
    ).fetchall()
    totals = [total for pipeline in rules.pipelines for total in board.list_totals(View(pipeline=pipeline), now)]
    return Today(
        needing=frozenset(deal_id for deal_id, needs, _, _ in rows if needs),
        signed=frozenset(deal_id for deal_id, _, holds, _ in rows if holds),
        unchecked_last=frozenset(deal_id for deal_id, needs, holds, last in rows if needs and last and not holds),
        over_age=sum(total.over_age for total in totals),
        weighted_cents=sum(total.weighted_usd_cents for total in totals),
    )
