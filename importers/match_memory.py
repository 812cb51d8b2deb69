"""What matching remembers from one import to the next: the model it has learned, and the keys of the records.

All that an import adds stands under its number, so that what takes it back forgets exactly that.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from importers.matching import Kind, Model, Resolution, kept_keys
from importers.matching.kept_keys import Short
from importers.matching.model import VERSION
from models import clock
from models.database import execute, raw_connection

Shared = Mapping[Kind, list[str]]

FEW = 1000
"""A model of fewer records is learned again with each import: all are compared at once in a second."""
_DRIFT_NATS = 1.0
# So many links are needed before their mean says anything.
_LEAST_LINKS = 100
_INT, _HASH = "<u4", "<u4"


@dataclass(frozen=True, slots=True)
class Links:
    """Links that agree on more than the name: their number and their mean score in nats."""

    number: int = 0
    mean: float = 0.0

    @classmethod
    def of(cls, resolution: Resolution, fresh: pd.Index | None = None) -> Links:
        """Count those of a resolution; `fresh`: only those of these records."""
        nats = resolution.corroborated_links(fresh)
        return cls(len(nats), float(nats.mean()) if len(nats) else 0.0)

    def plus(self, others: Links) -> Links:
        """Return both together."""
        number = self.number + others.number
        total = self.mean * self.number + others.mean * others.number
        return Links(number, total / number if number else 0.0)


@dataclass(frozen=True, slots=True)
class Memory:
    """The model in force, with what imports have counted since it was learned.

    `run_id` is the import it was learned with, None where somebody had it learned; `links` are of the records it was
    learned on, `links_since` of what came later.
    """

    model: Model
    shared: dict[Kind, list[str]]
    run_id: int | None
    made_at: dt.datetime
    actor: str
    links: Links
    links_since: Links

    @property
    def is_of_few(self) -> bool:
        """Return whether it was learned on so few records that learning again is better."""
        return self.model.records < FEW

    def why_learn_again(self, records: int, sources: Iterable[str] = ()) -> str:
        """Return why learning again is advisable for so many records of these sources, "" if it isn't."""
        if self.is_of_few:
            # The next import does so by itself.
            return ""
        if new := sorted(set(sources) - set(self.model.sources)):
            return f"it hasn't seen {', '.join(new)}"
        if reason := self.model.why_learn_again(records, self.model.fields):
            return reason
        drift = self.links_since.mean - self.links.mean
        if self.links.number and self.links_since.number >= _LEAST_LINKS and abs(drift) > _DRIFT_NATS:
            return (
                f"links of later imports score {abs(drift):.1f} nats {'more' if drift > 0 else 'less'} than it expects"
            )
        return ""


@dataclass(frozen=True)
class Lesson:
    """What one import adds to the memory.

    `model` is set where one was learned, `counts` where the one there counted more values; `idents` are the records,
    `source:key`, whose keys were made, in the order of `keys`.
    """

    model: Model | None = None
    links: Links = Links()
    counts: Mapping[str, Any] = field(default_factory=dict)
    shared: Shared = field(default_factory=dict)
    idents: Sequence[str] = ()
    keys: Future[dict[str, Short]] | None = None


@dataclass(frozen=True)
class Keys:
    """The keys of records that were kept, by rule; a record that was changed since has its newest."""

    record_ids: Sequence[int]
    by_rule: dict[str, Short]


def stamp() -> int:
    """Return what changes when another model was learned."""
    return int(execute("SELECT coalesce(max(id), 0) FROM match_model").fetchone()[0])


def read() -> Memory | None:
    """Return the model in force, None where none was learned, or by another version of the program."""
    row = execute(
        "SELECT run_id, last_run_id, made_at, actor, version, links, link_nats, model, shared FROM match_model"
        " ORDER BY id DESC LIMIT 1"
    ).fetchone()
    if row is None or row[4] != VERSION:
        return None
    run_id, last_run_id, made_at, actor, _, links, nats, model, shared = row
    return _with_runs(
        Memory(
            Model.from_json(model),
            _kinds(json.loads(shared)),
            run_id,
            clock.from_micros(made_at),
            actor,
            Links(links, nats),
            Links(),
        ),
        last_run_id,
    )


def _with_runs(memory: Memory, last_run_id: int) -> Memory:
    frequencies, shared, links = memory.model.frequencies, dict(memory.shared), Links()
    for counts, more, number, nats in execute(
        "SELECT counts, shared, links, link_nats FROM match_run WHERE run_id > ? ORDER BY run_id", (last_run_id,)
    ):
        frequencies = frequencies.with_change(json.loads(counts))
        for kind, values in _kinds(json.loads(more)).items():
            shared[kind] = sorted({*shared.get(kind, ()), *values})
        links = links.plus(Links(number, nats))
    return replace(memory, model=replace(memory.model, frequencies=frequencies), shared=shared, links_since=links)


def read_keys() -> Keys:
    """Return the keys that were kept; of other rules than today's, none."""
    runs = execute(
        "SELECT run_id, record_ids FROM match_run WHERE version = ? ORDER BY run_id", (kept_keys.VERSION,)
    ).fetchall()
    hashes: dict[int, dict[str, Short]] = {}
    for run_id, rule, blob in execute("SELECT run_id, rule, hashes FROM match_key"):
        hashes.setdefault(run_id, {})[rule] = np.frombuffer(blob, dtype=_HASH)
    ids = [np.frombuffer(blob, dtype=_INT) for _, blob in runs]
    by_rule = kept_keys.joined(
        [(len(mine), hashes.get(run_id, {})) for (run_id, _), mine in zip(runs, ids, strict=True)]
    )
    every = np.concatenate([np.empty(0, dtype=_INT), *ids])
    newest = ~pd.Series(every).duplicated(keep="last").to_numpy()
    return Keys(every[newest].tolist(), {rule: keys[newest] for rule, keys in by_rule.items()})


def keep(run_id: int, lesson: Lesson, ids: Mapping[str, int], actor: str, now: dt.datetime) -> None:
    """Keep what an import taught, inside its action; `ids` are those of records: a customer entered by hand is none."""
    if lesson.model is not None:
        keep_model(lesson.model, lesson.shared, lesson.links, actor, now, run_id=run_id)
    chosen = np.array([ident in ids for ident in lesson.idents], dtype=np.bool_)
    record_ids = np.array([ids[ident] for ident in lesson.idents if ident in ids], dtype=_INT)
    keys = lesson.keys.result() if lesson.keys else {}
    since = Links() if lesson.model is not None else lesson.links
    execute(
        "INSERT INTO match_run (run_id, version, record_ids, counts, shared, links, link_nats)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (run_id, kept_keys.VERSION, record_ids.tobytes(), _json(lesson.counts), _json(lesson.shared), *_row(since)),
    )
    raw_connection().executemany(
        "INSERT INTO match_key (run_id, rule, hashes) VALUES (?, ?, ?)",
        [(run_id, rule, hashes[chosen].astype(_HASH).tobytes()) for rule, hashes in keys.items()],
    )


def keep_model(
    model: Model, shared: Shared, links: Links, actor: str, now: dt.datetime, *, run_id: int | None = None
) -> None:
    """Put a model in force that has counted all records there are."""
    execute(
        "INSERT INTO match_model (run_id, last_run_id, made_at, actor, version, records, links, link_nats, model,"
        " shared) VALUES (?, (SELECT coalesce(max(id), 0) FROM import_run), ?, ?, ?, ?, ?, ?, ?, ?)",
        (run_id, clock.to_micros(now), actor, VERSION, model.records, *_row(links), model.to_json(), _json(shared)),
    )


def _kinds(kept: Mapping[str, list[str]]) -> dict[Kind, list[str]]:
    return {Kind(kind): list(values) for kind, values in kept.items()}


def _row(links: Links) -> tuple[int, float]:
    return links.number, links.mean


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
