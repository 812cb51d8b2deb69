"""Entries of a customer's timeline that come from the sources; for the timeline only."""

from __future__ import annotations

from collections.abc import Iterator

from models.customers import sources
from models.customers.records import TimelineEntry
from models.customers.sources import EVENTS, PURCHASES
from models.customers.timeline_window import Window
from models.database import execute


def contacts(window: Window, rank: int, wanted: set[str]) -> Iterator[TimelineEntry]:
    """Yield when a contact was first seen."""
    created = "json_extract(fields, '$.created_on')"
    condition, params = window.days(created, rank, "id")
    rows = execute(
        f"SELECT id, key, {created} FROM source_record WHERE customer_id = ? AND source = 'con' AND {condition}"
        " ORDER BY 3 DESC, 1 DESC LIMIT ?",
        (window.customer_id, *params, window.limit),
    )
    for row_id, key, on in rows.fetchall():
        yield window.dated(rank, on, row_id, "contact", f"First seen in eCommerce, {key}", "con")


def memberships(window: Window, rank: int, wanted: set[str]) -> Iterator[TimelineEntry]:
    """Yield when a card was handed out."""
    condition, params = window.days("joined_on", rank, "id")
    rows = execute(
        f"SELECT id, key, joined_on FROM membership WHERE customer_id = ? AND {condition}"
        " ORDER BY joined_on DESC, id DESC LIMIT ?",
        (window.customer_id, *params, window.limit),
    )
    for row_id, key, on in rows.fetchall():
        yield window.dated(rank, on, row_id, "loyalty", f"Joined the loyalty scheme, {key}", "loy")


def purchases(window: Window, rank: int, wanted: set[str]) -> Iterator[TimelineEntry]:
    """Yield what was bought, with the points it gained."""
    words = _words(PURCHASES, wanted)
    condition, params = window.days("purchased_on", rank, "id")
    rows = execute(
        "SELECT id, source, key, product_key, purchased_on, amount_minor, currency, points, store FROM purchase"
        f" WHERE customer_id = ? AND source IN ({', '.join('?' for _ in words)}) AND {condition}"
        " ORDER BY purchased_on DESC, id DESC LIMIT ?",
        (window.customer_id, *words, *params, window.limit),
    )
    for row_id, source, key, product, on, amount, currency, points, store in rows.fetchall():
        text = ", ".join(part for part in (product or "Purchase", key, store) if part)
        yield window.dated(
            rank, on, row_id, words[source], text, source, amount_minor=amount, currency=currency, points=points
        )


def events(window: Window, rank: int, wanted: set[str]) -> Iterator[TimelineEntry]:
    """Yield what else sources tell, such as reviews, with the rating that was given."""
    words = _words(EVENTS, wanted)
    condition, params = window.days("happened_on", rank, "id")
    rows = execute(
        "SELECT id, source, key, happened_on, text, rating_hundredths FROM source_event"
        f" WHERE customer_id = ? AND source IN ({', '.join('?' for _ in words)}) AND {condition}"
        " ORDER BY happened_on DESC, id DESC LIMIT ?",
        (window.customer_id, *words, *params, window.limit),
    )
    for row_id, source, key, on, text, rating in rows.fetchall():
        rated = f"{rating / 100:g} of 5" if rating is not None else ""
        told = ": ".join(part for part in (rated, text) if part)
        shown = ", ".join(part for part in (told, key) if part)
        yield window.dated(rank, on, row_id, words[source], shown, source)


def _words(kind: str, wanted: set[str]) -> dict[str, str]:
    """Return the sources of a kind whose entries are wanted, with their word for one."""
    return {source.code: source.word for source in sources.list_sources(kind) if source.word in wanted}
