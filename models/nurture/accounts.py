"""Accounts as nurture sees them, and what keeps their steps back: kind, holds, do-not-contact (rules 3)."""

from __future__ import annotations

import datetime as dt

from models import ids
from models.database import execute
from models.errors import NotFoundError, RefusedError
from models.nurture.records import Account
from models.words import counted

# A join that gives a customer's primary person, or the first where none is primary.
PERSON_JOIN = (
    "LEFT JOIN person p ON p.id = (SELECT id FROM person WHERE account_id = c.id ORDER BY is_primary DESC, id LIMIT 1)"
)


def get(customer_id: int) -> Account:
    """Return an account.

    Raises:
        NotFoundError: there is no such customer.
    """
    row = execute(
        "SELECT c.name, c.kind, c.merged_into_id, c.owner_id, u.login, u.name, c.do_not_contact, c.unpaid_minor,"
        " c.unpaid_since, c.has_high_case, c.open_cases, c.lead_source, p.id, p.name, p.position, p.email, p.phone,"
        f" p.do_not_contact FROM customer c LEFT JOIN app_user u ON u.id = c.owner_id {PERSON_JOIN} WHERE c.id = ?",
        (customer_id,),
    ).fetchone()
    if row is None:
        raise NotFoundError(f"There is no customer {ids.show_customer(customer_id)}")
    return Account(
        id=customer_id,
        name=row[0],
        kind=row[1],
        is_merged=row[2] is not None,
        owner_id=row[3],
        owner=row[4] or "",
        owner_name=row[5] or "",
        do_not_contact=bool(row[6]),
        unpaid_minor=row[7],
        unpaid_since=dt.date.fromisoformat(row[8]) if row[8] else None,
        has_high_case=bool(row[9]),
        open_cases=row[10],
        lead_source=row[11],
        person_id=row[12],
        person=row[13] or "",
        person_position=row[14] or "",
        person_email=row[15] or "",
        person_phone=row[16] or "",
        person_do_not_contact=bool(row[17]),
    )


def require_corporate(account: Account) -> None:
    """Check that the account is corporate.

    Raises:
        RefusedError: it is an individual.
    """
    if account.kind != "corporate":
        raise RefusedError(not_corporate(account.name))


def not_corporate(name: str) -> str:
    """Say that nurture is not for this customer."""
    return f"{name} is an individual; nurture is for corporate accounts"


def hold_reason(unpaid_minor: int, unpaid_since: dt.date | None, today: dt.date, *, has_high_case: bool) -> str:
    """Say why nurture stands still by itself (rules 3.6), empty when it doesn't; amounts are US dollars."""
    if unpaid_minor > 0 and unpaid_since is not None and unpaid_since <= today:
        days = (today - unpaid_since).days
        amount = f"${unpaid_minor // 100:,}.{unpaid_minor % 100:02d}"
        return f"Unpaid {amount}, {counted(days, 'day')}"
    return "Open case of high severity" if has_high_case else ""


def hold_of(account: Account, today: dt.date) -> str:
    """Say why the account's nurture stands still by itself, empty when it doesn't."""
    return hold_reason(account.unpaid_minor, account.unpaid_since, today, has_high_case=account.has_high_case)


def block_reason(account: str, channel: str, *, asked: bool, person: str | None, email: str, person_asked: bool) -> str:
    """Say why a step's channel can't be opened and what to mend, empty when it can.

    `asked` and `person_asked` are the do-not-contact marks; `person` is None where the account has nobody.
    """
    if asked:
        return f"{account} asked not to be contacted: end its nurture, or lift the mark on the customer"
    if person_asked:
        return f"{person} of {account} asked not to be contacted: make somebody else the primary person, or end it"
    if channel == "email" and person is None:
        return f"{account} has no person to write to: add one with an email address"
    if channel == "email" and not email.strip():
        return f"{person} of {account} has no email address: add it to the person"
    return ""


def block_of(account: Account, channel: str) -> str:
    """Say why a channel to the account can't be opened and what to mend, empty when it can."""
    return block_reason(
        account.name,
        channel,
        asked=account.do_not_contact,
        person=account.person if account.person_id is not None else None,
        email=account.person_email,
        person_asked=account.person_do_not_contact,
    )
