"""The form of a line reads and shows its price in the currency of the deal or quote."""

from __future__ import annotations

import pytest

from contoso_tui.dialogs import line_form
from contoso_tui.drafts import DraftKey
from models.deals.detail_records import Line

DOORBELLS = Line(7, 1, 1, "Smart Doorbell", 3, False, None, 18_900, 0, 56_700, 56_700)


@pytest.mark.parametrize(
    ("currency", "price", "net"),
    [
        ("USD", "189.00", "$189.00 each, net $567.00"),
        ("JPY", "18900", "JPY 18,900 each, net JPY 56,700"),
        ("KWD", "18.900", "KWD 18.900 each, net KWD 56.700"),
    ],
)
def test_a_price_stands_in_the_currency_of_its_deal(currency: str, price: str, net: str) -> None:
    form = line_form.edit_form(DOORBELLS, currency, "Line", DraftKey("ana.wu", "contoso.db", "line.edit", "D-1001"))
    field = next(field for field in form.fields if field.name == "price_minor")
    assert (field.value, field.currency) == (price, currency)
    assert form.live is not None
    assert form.live({field.name: field.value for field in form.fields}) == (net,)
