"""The sources an import knows; a new one is a file here and a line below."""

from __future__ import annotations

from importers.sources.base import Notice, Parsed, Source, SourceColumn, plain_values
from importers.sources.contacts import CONTACTS
from importers.sources.loyalty import LOYALTY
from importers.sources.online import ONLINE
from importers.sources.pos import POS
from importers.sources.reviews import REVIEWS
from models.errors import UsageError

# Earlier sources are loaded first: later ones name their keys.
SOURCES: list[Source] = [
    CONTACTS,
    LOYALTY,
    POS,
    ONLINE,
    REVIEWS,
]

__all__ = ["SOURCES", "Notice", "Parsed", "Source", "SourceColumn", "get_source", "plain_values"]


def get_source(code: str) -> Source:
    """Return the source with this code.

    Raises:
        UsageError: there is none.
    """
    for source in SOURCES:
        if source.code == code:
            return source
    raise UsageError(f"There is no source {code}; there are {', '.join(source.code for source in SOURCES)}")
