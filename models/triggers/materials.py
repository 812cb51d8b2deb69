"""Materials: what is in them stays as it was added, sales operations keep them, what was sent stays (rules 5.7)."""

from __future__ import annotations

from models.triggers.parts import differ, refuse

_IS_OPERATIONS = (
    "EXISTS (SELECT 1 FROM app_user u JOIN user_role r ON r.user_id = u.id"
    " WHERE u.login = crm_actor() AND r.role = 'operations')"
)
_FIXED = ("file_name", "media_type", "bytes", "sha256", "added_at", "added_by")


def statements() -> list[str]:
    """Return the triggers of materials."""
    kept = [
        refuse(f"{table}_role_{event.lower()}", f"BEFORE {event} ON {table}", f"NOT {_IS_OPERATIONS}", "CRM701")
        for table in ("material", "material_product")
        for event in ("INSERT", "UPDATE", "DELETE")
    ]
    return [
        *kept,
        refuse("material_content_role", "BEFORE INSERT ON material_content", f"NOT {_IS_OPERATIONS}", "CRM701"),
        refuse("material_content_fixed", "BEFORE UPDATE ON material_content", "1", "CRM702"),
        refuse("material_content_kept", "BEFORE DELETE ON material_content", "1", "CRM702"),
        # REPLACE deletes without a delete trigger.
        refuse(
            "material_content_once",
            "BEFORE INSERT ON material_content",
            "EXISTS (SELECT 1 FROM material_content WHERE sha256 = NEW.sha256)",
            "CRM702",
        ),
        refuse(
            "material_true",
            "BEFORE INSERT ON material",
            "NEW.bytes IS NOT (SELECT length(content) FROM material_content WHERE sha256 = NEW.sha256)",
            "CRM702",
        ),
        *[
            refuse(
                f"material_named_{event.lower()}",
                f"BEFORE {event} ON material",
                "NEW.active = 1 AND EXISTS (SELECT 1 FROM material m"
                " WHERE m.name = NEW.name AND m.active = 1 AND m.id IS NOT NEW.id)",
                "CRM704",
            )
            for event in ("INSERT", "UPDATE")
        ],
        refuse("material_fixed", f"BEFORE UPDATE OF {', '.join(_FIXED)} ON material", differ(_FIXED), "CRM702"),
        refuse(
            "sent_material_once",
            "BEFORE INSERT ON sent_material",
            "EXISTS (SELECT 1 FROM sent_material WHERE id = NEW.id"
            " OR (email_id, material_id) = (NEW.email_id, NEW.material_id))",
            "CRM703",
        ),
        refuse("sent_material_fixed", "BEFORE UPDATE ON sent_material", "1", "CRM703"),
        refuse("sent_material_kept", "BEFORE DELETE ON sent_material", "1", "CRM703"),
    ]
