"""What hangs on a source record goes with it to another customer: its keys, and through them the purchases.

Only where a person moves records; an import writes all of it by itself.
"""

from __future__ import annotations

# Whose keys the rows of a source of purchases name.
_OWNERS = {"pos": "loy", "onl": "con"}
_MOVED = "crm_path() <> 'import' AND NEW.customer_id IS NOT OLD.customer_id"


def statements() -> list[str]:
    """Return the triggers of records and keys that change their customer."""
    owner = "CASE source " + " ".join(f"WHEN '{code}' THEN '{of}'" for code, of in _OWNERS.items()) + " END"
    return [
        # A contact's id that only loyalty cards name is with the card that named it first.
        f"CREATE TRIGGER record_moves AFTER UPDATE OF customer_id ON source_record WHEN {_MOVED} BEGIN"
        " UPDATE customer_key SET customer_id = NEW.customer_id"
        " WHERE source = NEW.source AND key = NEW.key AND customer_id = OLD.customer_id;"
        " UPDATE customer_key SET customer_id = (SELECT r.customer_id FROM source_record r"
        " WHERE r.customer_id IN (OLD.customer_id, NEW.customer_id) AND r.declared_key = NEW.declared_key"
        " ORDER BY r.id LIMIT 1)"
        " WHERE NEW.declared_key <> '' AND source = 'con' AND key = NEW.declared_key"
        " AND customer_id IN (OLD.customer_id, NEW.customer_id)"
        " AND NOT EXISTS (SELECT 1 FROM source_record o WHERE o.source = 'con' AND o.key = NEW.declared_key);"
        " UPDATE membership SET customer_id = NEW.customer_id WHERE record_id = NEW.id; END;",
        f"CREATE TRIGGER key_moves AFTER UPDATE OF customer_id ON customer_key WHEN {_MOVED} BEGIN"
        " UPDATE purchase SET customer_id = NEW.customer_id"
        f" WHERE customer_id = OLD.customer_id AND owner_key = NEW.key AND {owner} = NEW.source; END;",
    ]
