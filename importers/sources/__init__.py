"""The sources an import knows; a new one is a file here and a line below."""

from __future__ import annotations

from importers.sources.base import Notice, Parsed, Source, SourceColumn, plain_values
from importers.sources.contacts import CONTACTS
from importers.sources.loyalty import LOYALTY
from importers.sources.online import ONLINE
from importers.sources.pos import POS

# Earlier sources are loaded first: later ones name their keys.
SOURCES: tuple[Source, ...] = (
    CONTACTS,
    LOYALTY,
    POS,
    ONLINE,
)

__all__ = ["SOURCES", "Notice", "Parsed", "Source", "SourceColumn", "get_source", "plain_values"]


def get_source(code: str) -> Source:
    """Return the source with this code.

    Raises:
        KeyError: there is none.
    """
    return next(source for source in SOURCES if source.code == code)
