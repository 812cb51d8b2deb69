"""How one process differs from another, in sentences for those who decide about it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from models import money
from models.assessments.records import COMPARISONS
from models.deals.records import Stage
from models.ids import show_deal
from models.process import Process
from models.process_fields import ASSESSMENT_RULE

_NAMED_AT_MOST = 5
"""Deals that are named one by one; of more only the first."""


class Today(NamedTuple):
    """What a process makes of the open deals."""

    needing: frozenset[int]
    """Deals above the tech-check limit."""
    signed: frozenset[int]
    """Deals whose sign-off holds."""
    unchecked_last: frozenset[int]
    """Deals in a last stage that need a sign-off and have none."""
    over_age: int
    """Deals over their stage's age limit."""
    weighted_cents: int
    """US cents times probability, of all open deals."""


def rules(old_raw: Mapping[str, Any], new_raw: Mapping[str, Any], old: Process, new: Process) -> Iterator[str]:
    """Yield what differs between the rules themselves."""
    before, after = old.tech_check_limit_usd_cents, new.tech_check_limit_usd_cents
    if before != after:
        word = "raised" if after > before else "lowered"
        yield f"The tech-check limit is {word} from {money.us_dollars(before)} to {money.us_dollars(after)}"
    for key, title in (
        ("company_timezone", "The company's time zone"),
        ("quote_valid_days", "Days that a quote is valid"),
        ("points_quota", "The quota of points a month"),
    ):
        if old_raw.get(key) != new_raw.get(key):
            yield f"{title}: {_shown(old_raw.get(key))} to {_shown(new_raw.get(key))}"
    for pipeline in dict.fromkeys((*old.pipelines, *new.pipelines)):
        yield from _pipeline(pipeline, old, new)
    yield from _of_stages(old_raw, new_raw)
    yield from _named("Reason for lost deals", old.lost_reasons, new.lost_reasons)
    yield from _types(old, new)
    yield from _assessments(old_raw, new_raw)
    for key, title, name in (
        ("programme", "Programme", "code"),
        ("product", "Product", "code"),
    ):
        yield from _listed(title, name, old_raw.get(key, ()), new_raw.get(key, ()))
    for key, title in (
        ("tech_check", "The questions of the tech check"),
        ("discount_limits", "Discount limits"),
        ("owner_assignment", "How owners are found"),
    ):
        if old_raw.get(key) != new_raw.get(key):
            yield f"{title}: changed"


def deals(before: Today, after: Today, old: Process, new: Process) -> Iterator[str]:
    """Yield what differs for the deals that are open today."""
    freed, caught = before.needing - after.needing, after.needing - before.needing
    voided = before.signed - after.signed
    if old.tech_check_limit_usd_cents != new.tech_check_limit_usd_cents:
        raised = new.tech_check_limit_usd_cents > old.tech_check_limit_usd_cents
        verb = "Raising" if raised else "Lowering"
        counted = f"frees {_count(freed)}" if raised else f"asks a check of {_count(caught)}"
        limit = money.us_dollars(new.tech_check_limit_usd_cents)
        voids = f"voids {_sign_offs(voided)}{_names(voided)}"
        yield f"{verb} the limit to {limit} {counted}{_names(freed or caught)}, {voids}"
    stuck = after.unchecked_last - before.unchecked_last
    if stuck:
        yield f"{_count(stuck)} would stand in the last stage unsigned{_names(stuck)}: not won until checked"
    if before.over_age != after.over_age:
        yield f"Over their stage's age limit: {before.over_age:,} before, {after.over_age:,} after"
    if before.weighted_cents != after.weighted_cents:
        yield (
            f"Weighted value: {money.us_dollars(before.weighted_cents)} before,"
            f" {money.us_dollars(after.weighted_cents)} after"
        )


def _pipeline(pipeline: str, old: Process, new: Process) -> Iterator[str]:
    if pipeline not in old.pipelines:
        names = ", ".join(stage.name for stage in new.pipelines[pipeline])
        yield f"New pipeline {pipeline}: {names}"
        return
    if pipeline not in new.pipelines:
        yield f"Pipeline {pipeline} is gone"
        return
    was = {stage.id: stage for stage in old.pipelines[pipeline]}
    now = {stage.id: stage for stage in new.pipelines[pipeline]}
    for stage_id in was.keys() - now.keys():
        yield f"Stage {was[stage_id].name} is gone"
    for stage_id, stage in now.items():
        if stage_id not in was:
            yield f"New stage {stage.name}, number {stage.position}"
            continue
        yield from _stage(was[stage_id], stage)
        asked_before, asked = old.required[pipeline, stage_id], new.required[pipeline, stage_id]
        if set(asked_before) != set(asked):
            was_asked = ", ".join(asked_before) or "nothing"
            yield f"{stage.name} is left with: {', '.join(asked) or 'nothing'} (was {was_asked})"


def _of_stages(old_raw: Mapping[str, Any], new_raw: Mapping[str, Any]) -> Iterator[str]:
    """Yield what differs in suggested activities and required assessments of stages that both files have."""
    was = {(one["id"], stage["id"]): stage for one in old_raw.get("pipeline", ()) for stage in one["stage"]}
    for pipeline in new_raw.get("pipeline", ()):
        for stage in pipeline["stage"]:
            before = was.get((pipeline["id"], stage["id"]))
            if before is None:
                continue
            if before.get("activity", []) != stage.get("activity", []):
                yield from _suggested(stage["name"], before.get("activity", []), stage.get("activity", []))
            if before.get("assessment", "optional") != stage.get("assessment", "optional"):
                is_required = stage.get("assessment") == "required"
                yield f"{stage['name']}: an assessment is {'required' if is_required else 'optional'}"


def _suggested(
    stage: str, before: Collection[Mapping[str, Any]], after: Collection[Mapping[str, Any]]
) -> Iterator[str]:
    """Yield which suggested activities of a stage come, go and differ."""
    was, now = ({one["name"]: one for one in found} for found in (before, after))
    told = [f"no longer {name}" for name in was if name not in now]
    told += [f"new {name}" for name in now if name not in was]
    told += [f"{name} changed" for name in now if name in was and was[name] != now[name]]
    yield f"{stage} suggests: {', '.join(told) or 'the same in another order'}"


def _assessments(old_raw: Mapping[str, Any], new_raw: Mapping[str, Any]) -> Iterator[str]:
    """Yield the rule and the questions of each stage's assessment that differ."""
    names = {
        (pipeline["id"], stage["id"]): stage["name"]
        for raw in (old_raw, new_raw)
        for pipeline in raw["pipeline"]
        for stage in pipeline["stage"]
    }
    was, now = (
        {(one.get("pipeline", raw["pipeline"][0]["id"]), one["stage"]): one for one in raw.get("assessment", ())}
        for raw in (old_raw, new_raw)
    )
    for key in dict.fromkeys((*was, *now)):
        title = f"Assessment of {names[key]}"
        if key not in was:
            yield f"{title}: new, moves on with {_rule(now[key])}"
        elif key not in now:
            yield f"{title}: no longer named; what there is of it stays"
        elif was[key] != now[key]:
            yield f"{title}: {', '.join(_of_assessment(was[key], now[key]))}"


def _of_assessment(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    if was["rule"] != now["rule"]:
        yield f"{_rule(was)} becomes {_rule(now)}"
    before, after = ({one["id"]: one for one in form["question"]} for form in (was, now))
    differing = [name for name in dict.fromkeys((*before, *after)) if before.get(name) != after.get(name)]
    if differing:
        yield f"other questions or answers: {', '.join(differing)}"
    elif was["rule"] == now["rule"]:
        yield "changed"


def _rule(form: Mapping[str, Any]) -> str:
    """Say the rule of an assessment in words: `more than 60`."""
    found = ASSESSMENT_RULE.fullmatch(form["rule"].strip())
    return f"{COMPARISONS[found[1]]} {found[2]}" if found is not None else str(form["rule"])


def _stage(was: Stage, now: Stage) -> Iterator[str]:
    if was.name != now.name:
        yield f"Stage {was.name} is called {now.name}"
    if was.position != now.position:
        yield f"{now.name} is stage {now.position}, was {was.position}"
    if was.probability_percent != now.probability_percent:
        yield f"{now.name}: probability {was.probability_percent} % to {now.probability_percent} %"
    if was.age_limit_days != now.age_limit_days:
        yield f"{now.name}: age limit {_shown(was.age_limit_days)} to {_shown(now.age_limit_days)} days"
    if was.is_tech_check != now.is_tech_check:
        yield f"{now.name} is {'the tech check' if now.is_tech_check else 'no tech check any more'}"


def _types(old: Process, new: Process) -> Iterator[str]:
    was, now = old.activity_types, new.activity_types
    for code in dict.fromkeys((*was, *now)):
        if code not in now:
            yield f"Activity {was[code].name} is gone"
        elif code not in was:
            yield f"New activity {now[code].name}, {now[code].points} points, from the next month on"
        elif was[code].points != now[code].points:
            yield f"{now[code].name}: {was[code].points} to {now[code].points} points, from the next month on"
        elif was[code] != now[code]:
            yield f"{now[code].name}: changed"


def _named(title: str, was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for code in dict.fromkeys((*was, *now)):
        if code not in now:
            yield f"{title} gone: {was[code]}"
        elif code not in was:
            yield f"{title} new: {now[code]}"
        elif was[code] != now[code]:
            yield f"{title}: {was[code]} is called {now[code]}"


def _listed(
    title: str, key: str, was: Collection[Mapping[str, Any]], now: Collection[Mapping[str, Any]]
) -> Iterator[str]:
    before, after = ({one[key]: one for one in found} for found in (was, now))
    for name in dict.fromkeys((*before, *after)):
        if name not in before:
            yield f"{title} {name}: new"
        elif name not in after:
            yield f"{title} {name}: no longer named; what there is of it stays"
        elif before[name] != after[name]:
            yield f"{title} {name}: changed"


def _shown(value: object) -> str:
    return "none" if value is None else str(value)


def _count(found: Collection[int]) -> str:
    return "1 deal" if len(found) == 1 else f"{len(found):,} deals"


def _sign_offs(found: Collection[int]) -> str:
    return "1 sign-off" if len(found) == 1 else f"{len(found):,} sign-offs"


def _names(found: Collection[int]) -> str:
    """Name some deals in brackets; nothing for none."""
    if not found:
        return ""
    named = [show_deal(deal_id) for deal_id in sorted(found)[:_NAMED_AT_MOST]]
    more = [f"{len(found) - len(named):,} more"] if len(found) > len(named) else []
    return f" ({', '.join([*named, *more])})"
