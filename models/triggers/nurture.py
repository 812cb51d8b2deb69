"""Nurture is for corporate accounts, checked at enrolment and before each step (rules 3)."""

from __future__ import annotations

from models.triggers.parts import refuse

_KIND = "(SELECT kind FROM customer WHERE id = NEW.customer_id)"
_KIND_OF_STEP = "(SELECT c.kind FROM enrolment e JOIN customer c ON c.id = e.customer_id WHERE e.id = NEW.enrolment_id)"
_RUNNING = "state IN ('active', 'paused')"


def statements() -> list[str]:
    """Return the triggers of enrolments, their steps, and the kind of a customer."""
    return [
        refuse("enrolment_corporate", "BEFORE INSERT ON enrolment", f"{_KIND} IS NOT 'corporate'", "CRM201"),
        refuse(
            "enrolment_goes_on",
            "BEFORE UPDATE ON enrolment",
            f"NEW.{_RUNNING} AND {_KIND} IS NOT 'corporate'",
            "CRM201",
        ),
        refuse(
            "enrolment_twice",
            "BEFORE INSERT ON enrolment",
            "EXISTS (SELECT 1 FROM enrolment WHERE customer_id = NEW.customer_id"
            f" AND programme_code = NEW.programme_code AND {_RUNNING})",
            "CRM202",
        ),
        refuse(
            "enrolment_twice_again",
            "BEFORE UPDATE OF state, customer_id, programme_code ON enrolment",
            f"NEW.{_RUNNING} AND EXISTS (SELECT 1 FROM enrolment WHERE customer_id = NEW.customer_id"
            f" AND programme_code = NEW.programme_code AND {_RUNNING} AND id <> OLD.id)",
            "CRM202",
        ),
        refuse(
            "enrolment_step_corporate",
            "BEFORE UPDATE OF state, enrolment_id ON enrolment_step",
            f"NEW.state = 'done' AND (OLD.state <> 'done' OR NEW.enrolment_id <> OLD.enrolment_id)"
            f" AND {_KIND_OF_STEP} IS NOT 'corporate'",
            "CRM201",
        ),
        refuse(
            "enrolment_step_corporate_new",
            "BEFORE INSERT ON enrolment_step",
            f"NEW.state = 'done' AND {_KIND_OF_STEP} IS NOT 'corporate'",
            "CRM201",
        ),
        refuse(
            "customer_in_nurture",
            "BEFORE UPDATE OF kind ON customer",
            f"NEW.kind <> 'corporate' AND EXISTS (SELECT 1 FROM enrolment WHERE customer_id = OLD.id AND {_RUNNING})",
            "CRM203",
        ),
    ]
