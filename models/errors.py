"""Errors that a user can act on; every message is one sentence that names the thing and what to do."""

from __future__ import annotations

import re
from typing import Any, NamedTuple


class Blocker(NamedTuple):
    """One condition that keeps a deal from leaving its stage.

    `field` names the field of the deal (or `tech_check`, `lines`, `quote`, `walkthrough`), `reason` is a code
    in snake case, `text` says it in words, `present` is the value now, `fix` the command that mends it.
    """

    field: str
    reason: str
    text: str
    present: str
    fix: str
    stage: str
    is_fillable: bool


class ContosoError(Exception):
    """Base of all errors with a sentence for the user; `exit_code` is the command line's."""

    exit_code = 1
    code = "failed"

    @property
    def message(self) -> str:
        """Return the sentence."""
        return str(self)


class UsageError(ContosoError):
    """A value that can't be understood: names the value and the form it should have."""

    exit_code = 2
    code = "usage"


class NotFoundError(ContosoError):
    """The named thing doesn't exist."""

    exit_code = 3
    code = "not_found"


class RefusedError(ContosoError):
    """A rule forbids it although the role fits; `rule` is the code of the database's rule, if it was that."""

    exit_code = 4
    code = "refused"

    def __init__(self, message: str, rule: str = "") -> None:
        super().__init__(message)
        self.rule = rule


class GateError(RefusedError):
    """A deal can't leave its stage; `blockers` tells why, each with its fix."""

    code = "gate"

    def __init__(self, message: str, blockers: list[Blocker]) -> None:
        super().__init__(message)
        self.blockers = blockers


class AlikeError(RefusedError):
    """What is about to be made may be here already; `alike` says of each its id, its name and what is the same."""

    code = "alike"

    def __init__(self, message: str, alike: list[dict[str, str]]) -> None:
        super().__init__(message)
        self.alike = alike


class ChangedMeanwhileError(ContosoError):
    """Somebody else changed the same thing since it was read.

    `theirs` maps the changed fields to the values that stand now.
    """

    exit_code = 5
    code = "changed"

    def __init__(self, message: str, theirs: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.theirs = theirs or {}


class NotAllowedError(ContosoError):
    """The role doesn't allow it (judged before the rules)."""

    exit_code = 7
    code = "not_allowed"


class DatabaseAwayError(ContosoError):
    """The database is busy, away, full or newer than this program."""

    exit_code = 8
    code = "database"


class RefusedFile(ContosoError):
    """A file that is no such source, or can't be read as one; nothing was written."""

    exit_code = 1
    code = "file"


# What the triggers say (models/triggers.py) and what the user reads. One code, one rule.
_RULES: dict[str, str] = {
    "CRM101": "This deal is worth more than the tech-check limit and has no valid sign-off: "
    "it can't enter {last} or be won; ask a technical consultant to sign (t)",
    "CRM102": "A tech check is never changed or deleted: sign a newer one instead",
    "CRM103": "Only a technical consultant can sign a tech check",
    "CRM104": "A tech check is signed by the user who is logged in, not in somebody else's name",
    "CRM105": "Who has owned the deal under these terms can't sign its tech check",
    "CRM106": "A tech check can't be dated in the future or before the deal existed",
    "CRM107": "A tech check binds to the deal's present terms; read the deal again and sign those",
    "CRM108": "A tech check that failed, or passed with conditions, needs details",
    "CRM109": "A tech check can be signed on an open deal, from its second stage on",
    "CRM110": "Who signed the tech check can't take the deal over under the same terms",
    "CRM111": "A sign-off's terms never go back: the counter of terms only rises",
    "CRM112": "A deal is changed, never replaced or deleted with its history",
    "CRM113": "Only an import can bring in a deal that was won elsewhere, as 'won_imported'",
    "CRM114": "A deal won elsewhere can only be reopened into the first stage",
    "CRM115": "A closed deal's amount, lines and quotes are frozen: a change is a new deal",
    "CRM116": "A deal's amount is that of its terms: change the lines, the quote or the typed amount",
    "CRM117": "A tech check is not needed at or below the limit",
    "CRM118": "A sent quote can't be changed: revise it",
    "CRM119": "A deal has one draft and one accepted quote at a time: settle the other first",
    "CRM120": "A deal keeps its currency, and an amount in US dollars is worth itself: its rate is 1",
    "CRM121": "A line stays with its deal or quote: remove it there and add it here",
    "CRM122": "Only an active user can join a deal's team",
    "CRM123": "Who is on a deal's team is taken off and put on again, never changed",
    "CRM124": "A closed deal stands where it was closed: reopen it before moving it",
    "CRM201": "Nurture is for corporate accounts only",
    "CRM202": "This account is in that programme already",
    "CRM203": "End the account's nurture before it stops being corporate",
    "CRM401": "Only sales operations can close a month",
    "CRM402": "A month is closed when it is over",
    "CRM403": "A closed month's score stands: it can't be changed",
    "CRM501": "An order or contract is made by accepting a quote, with what was quoted",
    "CRM502": "An order or contract stays as it was agreed: a change is a new deal",
    "CRM503": "An order goes from booked to shipped, invoiced and paid, one step at a time, as its invoices say",
    "CRM504": "That is more than the contract has left",
    "CRM505": "Only a shipped order is invoiced, and never for more than it is worth",
    "CRM506": "Goods of this deal are shipped already: a change is a new deal",
    "CRM507": "An invoice or payment stays as it was entered",
    "CRM508": "A payment is dated today or before, and never more than the invoice has open",
    "CRM509": "A payment with this reference is entered already",
    "CRM521": "A quote is accepted up to the day to which it is valid: extend a sent one first, to a later day",
    "CRM522": "The discount is above what you may give: a manager must approve it before it is sent",
    "CRM523": "A manager approves a discount in their own name, while the quote is a draft",
    "CRM524": "Deals keep the rate that they were counted with: enter a newer one, with its date",
    "CRM601": "A questionnaire that was put in force stays as it is: a change is a new version",
    "CRM602": "A completed assessment is never changed: do it again",
    "CRM603": "An assessment's score is that of its answers, one to each of its questions",
    "CRM604": "An assessment is done on an open deal of the questionnaire's pipeline, in one's own name",
    "CRM611": "This person does not belong to the deal's customer",
    "CRM612": "Who is influenced is another person on the same deal",
    "CRM701": "Only sales operations keep the materials",
    "CRM702": "A material stays as it was added: add the newer file and retire the older",
    "CRM703": "What was sent is kept as it was sent",
    "CRM704": "There is a material of that name: retire it first",
    "CRM301": "The history can't be changed",
    "CRM302": "What is there is changed, never replaced, and keeps its number",
    "CRM303": "Nobody writes without a name: open the database with contoso",
    "CRM304": "The record of a deal's owners and moves can't be changed",
    "CRM305": "A user keeps their login and is never deleted: make them inactive, or add another",
    "CRM307": "An import and a process that was in force are history, and are kept",
    "CRM306": "A customer with deals or nurture is never deleted: merge or keep it",
}
_CODE = re.compile(r"CRM\d{3}")


def from_database(error: Exception, *, last_stage: str = "Close") -> ContosoError:
    """Turn an error of the database into a sentence; unknown ones keep their own words, shortened."""
    text = str(error)
    found = _CODE.search(text)
    if found and found.group() in _RULES:
        return RefusedError(_RULES[found.group()].format(last=last_stage), rule=found.group())
    low = text.lower()
    if "no such function: crm_" in low:
        return DatabaseAwayError("This connection has no user: open the database with contoso")
    if "locked" in low or "busy" in low:
        return DatabaseAwayError("The database is busy with another write; nothing was saved, try again")
    if "full" in low or "disk i/o" in low:
        return DatabaseAwayError("The disk is full: nothing was saved; make room and try again")
    if "unable to open" in low or "readonly" in low or "not a database" in low or "malformed" in low:
        return DatabaseAwayError(f"Cannot use the database: {text}; contoso doctor says more")
    return ContosoError(f"The database refused it: {text}")
