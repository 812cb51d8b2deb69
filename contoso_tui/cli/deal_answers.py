"""What commands about deals answer, and the check of --if-rev they share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from contoso_tui.cli import deal_forms
from contoso_tui.cli.output import Record

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call


def to_records(call: Call, deal_ids: Sequence[int]) -> list[Record]:
    """Return deals in the form contoso.deal/1."""
    from models import process
    from models.deals import details

    limit = process.current().tech_check_limit_usd_cents
    return [deal_forms.from_detail(details.get_detail(i, call.now), limit, call.today) for i in deal_ids]


def say_changed(call: Call, deal_ids: Sequence[int], sentence: str) -> None:
    """Tell what was done; programs get the deals as they are now."""
    if call.out.is_plain:
        call.out.message(sentence)
        return
    call.out.listing(deal_forms.SCHEMA, to_records(call, deal_ids), deal_forms.COLUMNS)


def check_rev(call: Call, deal_id: int) -> None:
    """Check --if-rev against the deal as it is now.

    Raises:
        ChangedMeanwhileError: the deal has another revision.
    """
    if call.args.if_rev is None:
        return
    from models.deals import deals, details

    deals.require_version(details.get_detail(deal_id, call.now), call.args.if_rev)
