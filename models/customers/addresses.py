"""What an email address and a phone number look like, for forms, commands and imports; pure and lenient."""

from __future__ import annotations

import re

from models.errors import UsageError

_NEVER = r"@\s,;<>\x00-\x1f\x7f-\x9f"
# Mail servers know what is an address; this keeps out what can't be one: a name, two addresses, half of one.
_EMAIL = re.compile(rf"[^{_NEVER}]+@(?:localhost|[^{_NEVER}.]+(?:\.[^{_NEVER}.]+)+)")
_PHONE = re.compile(r"[+(\d][\d\s().+/-]*(?:(?:x|ext\.?|#|;ext=)\s*\d{1,8})?", re.IGNORECASE)
_FEWEST_DIGITS = 5


def why_no_email(text: str) -> str:
    """Return why a text is no email address, "" if it is one or blank."""
    trimmed = text.strip()
    if not trimmed or _EMAIL.fullmatch(trimmed):
        return ""
    if trimmed.count("@") > 1:
        return "more than one email address"
    return "not an email address; wanted one like pat@example.com"


def why_no_phone(text: str) -> str:
    """Return why a text is no phone number, "" if it is one or blank."""
    trimmed = text.strip()
    if not trimmed or (_PHONE.fullmatch(trimmed) and sum(map(str.isdigit, trimmed)) >= _FEWEST_DIGITS):
        return ""
    return "not a phone number; wanted one like +1 303 555 0142 or 303-555-0142 x12"


def require(field: str, text: str) -> None:
    """Check a field of `CHECKS`.

    Raises:
        UsageError: it can't be that.
    """
    reason = CHECKS[field](text)
    if reason:
        raise UsageError(f"The {field} is {reason}")


CHECKS = {"email": why_no_email, "phone": why_no_phone}
"""Field -> its check."""
