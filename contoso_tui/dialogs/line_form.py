"""One line of a deal or a draft quote: a product by part of its name, quantity, months, price, discount."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from contoso_tui import formats
from contoso_tui.drafts import DraftKey
from contoso_tui.forms.fields import Choice, Form, FormField, Raw, matching
from contoso_tui.forms.parse import parse_basis_points, parse_integer, parse_money
from models.deals.detail_records import Line, Product
from models.errors import UsageError
from models.money import line_net_minor, to_text

LABELS = {
    "quantity": "Quantity",
    "months": "Months",
    "price_minor": "Price",
    "discount_bp": "Discount %",
    "description": "Wording",
}
"""Fields of a line that `edit_form` asks."""


def add_form(products: Sequence[Product], title: str, draft: DraftKey) -> Form:
    """Return the form of a new line: `product` (code), `quantity`, `months`, `discount_bp`."""
    by_code = {product.code: product for product in products}
    field = FormField("product", "Product", "person", required=True, choices=_choices(products), width=30)

    def chosen(raw: Raw) -> Product | None:
        found = matching(field, raw["product"]) if raw["product"].strip() else []
        return by_code[found[0].value] if len(found) == 1 else None

    def live(raw: Raw) -> tuple[str, ...]:
        product = chosen(raw)
        if product is None:
            return ()
        return _net(product.price_minor, product.currency, raw, is_monthly=product.is_monthly)

    def check(values: dict[str, Any]) -> Mapping[str, str]:
        product = by_code.get(values["product"] or "")
        if values["months"] is not None and product is not None and not product.is_monthly:
            return {"months": f"{product.name} is paid once: only a monthly plan has months"}
        return {}

    return Form(
        title=title,
        fields=(
            field,
            FormField("quantity", "Quantity", "integer", low=1, high=1_000_000, help="empty: 1"),
            FormField("months", "Months", "integer", low=1, high=600, help="of a plan; empty: open-ended"),
            FormField("discount_bp", "Discount %", "percent"),
        ),
        save_label="Add",
        draft=draft,
        check=check,
        live=live,
    )


def edit_form(line: Line, currency: str, title: str, draft: DraftKey) -> Form:
    """Return the form of a line: `description`, `quantity`, `months` of a plan, `price_minor`, `discount_bp`."""
    fields = [
        FormField("quantity", "Quantity", "integer", required=True, value=str(line.quantity), low=1, high=1_000_000),
        FormField(
            "price_minor",
            "Price",
            "money",
            required=True,
            value=to_text(line.price_minor, currency),
            currency=currency,
        ),
        FormField("discount_bp", "Discount %", "percent", value=_percent(line.discount_bp)),
        FormField("description", "Wording", "text", required=True, value=line.description),
    ]
    if line.is_monthly:
        months = str(line.months) if line.months else ""
        ask = FormField("months", "Months", "integer", value=months, low=1, high=600, help="empty: open-ended")
        fields.insert(1, ask)

    def live(raw: Raw) -> tuple[str, ...]:
        try:
            price = parse_money(raw["price_minor"], currency)
        except UsageError:
            return ()
        return _net(price, currency, raw, is_monthly=line.is_monthly)

    return Form(title=title, fields=tuple(fields), draft=draft, live=live)


def discount_form(title: str, present_bp: int, draft: DraftKey) -> Form:
    """Return the form of a discount alone."""
    return Form(
        title=title,
        fields=(FormField("discount_bp", "Discount %", "percent", required=True, value=_percent(present_bp)),),
        draft=draft,
    )


def edited(values: Mapping[str, Any], line: Line) -> dict[str, Any]:
    """Return the fields of a line that the form holds otherwise."""
    wanted = {**values, "discount_bp": values.get("discount_bp") or 0}
    return {name: value for name, value in wanted.items() if value != getattr(line, name)}


def _choices(products: Sequence[Product]) -> tuple[Choice, ...]:
    return tuple(
        Choice(product.code, product.name, f"{formats.money(product.price_minor, product.currency)}{_per(product)}")
        for product in products
    )


def _per(product: Product) -> str:
    return " a month" if product.is_monthly else ""


def _net(price_minor: int, currency: str, raw: Raw, *, is_monthly: bool) -> tuple[str, ...]:
    """Return what the line comes to, as soon as what is typed can be read."""
    try:
        quantity = parse_integer(raw["quantity"]) if raw["quantity"].strip() else 1
        months = parse_integer(raw["months"]) if raw.get("months", "").strip() else None
        discount = parse_basis_points(raw["discount_bp"]) if raw["discount_bp"].strip() else 0
    except UsageError:
        return ()
    net = line_net_minor(quantity, price_minor, discount, months, is_monthly=is_monthly)
    counted = " with 12 months counted" if is_monthly and not months else ""
    return (f"{formats.money(price_minor, currency)} each, net {formats.money(net, currency)}{counted}",)


def _percent(basis_points: int) -> str:
    return f"{basis_points / 100:.2f}".rstrip("0").rstrip(".") if basis_points else ""


def in_words(name: str, value: Any, currency: str) -> str:
    """Return a field's value as it is shown beside another's."""
    if value is None:
        return ""
    if name == "price_minor":
        return formats.money(value, currency)
    return f"{value / 100:g} %" if name == "discount_bp" else str(value)
