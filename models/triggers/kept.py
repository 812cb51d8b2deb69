"""What triggers keep: totals of the board's heads, the next step on the deal, versions, the search index."""

from __future__ import annotations

import json

from models.spelling import LONGEST
from models.triggers.journal import DEAL_COLUMNS
from models.triggers.parts import differ

_COUNTED = ("pipeline", "stage", "owner_id", "amount_usd_cents", "probability_percent", "stage_entered_at", "outcome")
_VERSIONED = (*DEAL_COLUMNS, "amount_minor", "amount_from", "terms_lines", "terms_rev", "last_check_id")


def statements() -> list[str]:
    """Return the triggers that keep what is derived."""
    return [*_totals(), *_deals(), *_search()]


def _count(row: str, sign: str) -> str:
    """Add the row to its stage's totals, or take it away.

    Taking away inserts a negative row where there is none yet: nested updates may come in any order.
    """
    columns = ", ".join(f"{row}.{name} AS {name}" for name in _COUNTED)
    return (
        "INSERT INTO stage_total (pipeline, stage, owner_id, deals, amount_usd_cents, weighted_usd_cents_percent,"
        f" entered_seconds) SELECT d.pipeline, d.stage, d.owner_id, {sign}1, {sign}d.amount_usd_cents,"
        f" {sign}d.amount_usd_cents * coalesce(d.probability_percent, s.probability_percent),"
        f" {sign}(d.stage_entered_at / 1000000)"
        f" FROM (SELECT {columns}) d JOIN stage s ON s.pipeline = d.pipeline AND s.id = d.stage"
        " WHERE d.outcome = 'open'"
        " ON CONFLICT (pipeline, stage, owner_id) DO UPDATE SET deals = deals + excluded.deals,"
        " amount_usd_cents = amount_usd_cents + excluded.amount_usd_cents,"
        " weighted_usd_cents_percent = weighted_usd_cents_percent + excluded.weighted_usd_cents_percent,"
        " entered_seconds = entered_seconds + excluded.entered_seconds;"
    )


def _totals() -> list[str]:
    add, take = _count("NEW", "+"), _count("OLD", "-")
    return [
        f"CREATE TRIGGER deal_total_insert AFTER INSERT ON deal BEGIN {add} END;",
        f"CREATE TRIGGER deal_total_update AFTER UPDATE OF {', '.join(_COUNTED)} ON deal"
        f" WHEN {differ(_COUNTED)} BEGIN {take} {add} END;",
        f"CREATE TRIGGER deal_total_delete AFTER DELETE ON deal BEGIN {take} END;",
        # The stage's probability counts for every deal that has none of its own.
        "CREATE TRIGGER stage_weighs AFTER UPDATE OF probability_percent ON stage"
        " WHEN NEW.probability_percent <> OLD.probability_percent BEGIN"
        " UPDATE stage_total SET weighted_usd_cents_percent = (SELECT"
        " coalesce(sum(d.amount_usd_cents * coalesce(d.probability_percent, NEW.probability_percent)), 0) FROM deal d"
        " WHERE d.outcome = 'open' AND d.pipeline = stage_total.pipeline AND d.stage = stage_total.stage"
        " AND d.owner_id = stage_total.owner_id) WHERE pipeline = NEW.pipeline AND stage = NEW.id; END;",
    ]


def _deals() -> list[str]:
    step = (
        "UPDATE deal SET (next_step_id, next_step, next_step_on, next_step_minute) ="
        " (SELECT max(id), coalesce(max(subject), ''), max(due_on), max(due_minute) FROM activity"
        "  WHERE deal_id = deal.id AND state = 'planned' AND is_next_step = 1) WHERE id IN ({deals});"
    )
    return [
        f"CREATE TRIGGER deal_version AFTER UPDATE OF {', '.join(_VERSIONED)} ON deal WHEN {differ(_VERSIONED)} BEGIN"
        " UPDATE deal SET version = version + 1, updated_at = crm_now() WHERE id = NEW.id; END;",
        "CREATE TRIGGER activity_step_insert AFTER INSERT ON activity WHEN NEW.is_next_step = 1"
        f" BEGIN {step.format(deals='NEW.deal_id')} END;",
        "CREATE TRIGGER activity_step_update AFTER UPDATE ON activity WHEN NEW.is_next_step = 1 OR OLD.is_next_step = 1"
        f" BEGIN {step.format(deals='OLD.deal_id, NEW.deal_id')} END;",
        "CREATE TRIGGER activity_step_delete AFTER DELETE ON activity WHEN OLD.is_next_step = 1"
        f" BEGIN {step.format(deals='OLD.deal_id')} END;",
    ]


def _search() -> list[str]:
    """Names of customers that were not merged, names of people, and the words of both."""
    made = []
    for table, is_found in (("customer", "{0}.merged_into_id IS NULL"), ("person", "1")):
        old, new = is_found.format("OLD"), is_found.format("NEW")
        columns = "name, merged_into_id" if table == "customer" else "name"
        differs = f"(OLD.name, {old}) IS NOT (NEW.name, {new})"
        forget = (
            f"INSERT INTO {table}_search ({table}_search, rowid, name) SELECT 'delete', OLD.id, OLD.name WHERE {old};"
        )
        learn = f"INSERT INTO {table}_search (rowid, name) SELECT NEW.id, NEW.name WHERE {new};"
        spell = (
            "INSERT INTO search_word (word, sound) SELECT w.value, crm_sound(w.value)"
            " FROM json_each(crm_words(NEW.name)) w"
            " WHERE NOT EXISTS (SELECT 1 FROM search_word k WHERE k.word = w.value);"
        )
        # Imports teach the words of all their names at once.
        by_hand = " WHEN crm_path() <> 'import'"
        made += [
            f"CREATE TRIGGER {table}_searched AFTER INSERT ON {table} BEGIN {learn} END;",
            f"CREATE TRIGGER {table}_spelt AFTER INSERT ON {table}{by_hand} BEGIN {spell} END;",
            f"CREATE TRIGGER {table}_renamed AFTER UPDATE OF {columns} ON {table} WHEN {differs} BEGIN"
            f" {forget} {learn} {spell} END;",
            f"CREATE TRIGGER {table}_forgotten AFTER DELETE ON {table} BEGIN {forget} END;",
        ]
    places = json.dumps(list(range(LONGEST)))
    made.append(
        "CREATE TRIGGER search_word_slips AFTER INSERT ON search_word BEGIN"
        " INSERT OR IGNORE INTO search_slip (left_over, word_id)"
        " SELECT substr(NEW.word, 1, n.value) || substr(NEW.word, n.value + 2), NEW.id"
        f" FROM json_each('{places}') n WHERE n.value < length(NEW.word); END;"
    )
    return made
