"""Rows keep their ids, and nobody writes without a name.

`REPLACE` and `UPDATE OR REPLACE` delete rows without firing delete triggers: a row that is replaced would take its
history and its rules with it. So an id that is there is never inserted again, and no row changes its id.
"""

from __future__ import annotations

from models.triggers.journal import JOURNALLED
from models.triggers.parts import refuse

_NOBODY = "crm_actor() IS NULL"
_CODES = {"deal": "CRM112", "quote": "CRM118", "quote_line": "CRM118"}
# Tables without a journal of their own: a connection that has no user must not write them either. Those that
# imports fill by the million are guarded against changes only, and hang on a run, which is journalled.
_UNNAMED = (
    *(
        "setting",
        "user_role",
        "user_leave",
        "holiday",
        "rule",
        "stage",
        "programme",
        "programme_step",
        "questionnaire",
    ),
    *("deal_ownership", "stage_total", "tech_check", "stage_change", "discount_note"),
    "closed_score",
    "presence",
    *("material_content", "sent_material"),
    "import_source",
    *("match_model", "match_run", "match_key"),
)
_BULK = (
    *("import_file", "source_record", "customer_key", "purchase", "source_event", "membership"),
    *("review_pair", "import_change", "import_bad_row"),
    *("search_word", "search_slip"),
)


def statements() -> list[str]:
    """Return the guards of every table."""
    made: list[str] = []
    for table in sorted({*JOURNALLED, "action"} - {"tech_check"}):
        code = _CODES.get(table, "CRM302")
        is_there = f"EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"
        made += [
            refuse(f"{table}_replaced", f"BEFORE INSERT ON {table}", is_there, code),
            # No column list: `UPDATE t SET rowid = ...` doesn't name the column `id`.
            refuse(f"{table}_same_id", f"BEFORE UPDATE ON {table}", f"NEW.id <> OLD.id OR {_NOBODY}", code),
        ]
    for table in (*_UNNAMED, *_BULK):
        for event in ("INSERT", "UPDATE", "DELETE"):
            if event != "INSERT" or table not in _BULK:
                made.append(refuse(f"{table}_named_{event.lower()}", f"BEFORE {event} ON {table}", _NOBODY, "CRM303"))
    return [*made, *_people()]


def _people() -> list[str]:
    """A sign-off names a user: who that is must not change afterwards."""
    return [
        refuse(
            "app_user_again",
            "BEFORE INSERT ON app_user",
            "EXISTS (SELECT 1 FROM app_user WHERE login = NEW.login)",
            "CRM305",
        ),
        refuse("app_user_login", "BEFORE UPDATE OF login ON app_user", "NEW.login <> OLD.login", "CRM305"),
        refuse("app_user_kept", "BEFORE DELETE ON app_user", "1", "CRM305"),
        refuse(
            "customer_kept",
            "BEFORE DELETE ON customer",
            "EXISTS (SELECT 1 FROM deal WHERE customer_id = OLD.id)"
            " OR EXISTS (SELECT 1 FROM enrolment WHERE customer_id = OLD.id)",
            "CRM306",
        ),
    ]
