"""What hangs on a source record goes with it to another customer: its keys, and through them all rows that name these.

Only where a person moves records; an import writes all of it by itself. Decisions go with the customer that they name.
"""

from __future__ import annotations

_OWNED = ("purchase", "source_event")
_MOVED = "crm_path() <> 'import' AND NEW.customer_id IS NOT OLD.customer_id"


def statements() -> list[str]:
    """Return the triggers of records and keys that change their customer."""
    # Whose keys a source's rows name.
    owner = "(SELECT s.owner_source FROM import_source s WHERE s.code = {}.source)"
    named = owner.format("NEW")
    follow = "".join(
        f" UPDATE {table} SET customer_id = NEW.customer_id"
        f" WHERE customer_id = OLD.customer_id AND owner_key = NEW.key AND {owner.format(table)} = NEW.source;"
        for table in _OWNED
    )
    return [
        # A key that only records of another source name, as cards do contacts, is with the one that named it first.
        f"CREATE TRIGGER record_moves AFTER UPDATE OF customer_id ON source_record WHEN {_MOVED} BEGIN"
        " UPDATE customer_key SET customer_id = NEW.customer_id"
        " WHERE source = NEW.source AND key = NEW.key AND customer_id = OLD.customer_id;"
        " UPDATE customer_key SET customer_id = (SELECT r.customer_id FROM source_record r"
        " WHERE r.customer_id IN (OLD.customer_id, NEW.customer_id) AND r.declared_key = NEW.declared_key"
        " ORDER BY r.id LIMIT 1)"
        f" WHERE NEW.declared_key <> '' AND source = {named} AND key = NEW.declared_key"
        " AND customer_id IN (OLD.customer_id, NEW.customer_id)"
        f" AND NOT EXISTS (SELECT 1 FROM source_record o WHERE o.source = {named} AND o.key = NEW.declared_key);"
        " UPDATE membership SET customer_id = NEW.customer_id WHERE record_id = NEW.id; END;",
        f"CREATE TRIGGER key_moves AFTER UPDATE OF customer_id ON customer_key WHEN {_MOVED} BEGIN{follow} END;",
        # Who gets the number next is somebody else.
        "CREATE TRIGGER customer_undecided AFTER DELETE ON customer BEGIN DELETE FROM match_decision"
        " WHERE (left_source = 'crm' AND left_key = CAST(OLD.id AS TEXT))"
        " OR (right_source = 'crm' AND right_key = CAST(OLD.id AS TEXT)); END;",
    ]
