"""What others have committed, read from the journal by whichever reading thread has nothing else to do."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Sequence

from models import database, journal

# Sessions must not all ask in the same millisecond, nor all repaint at once.
JITTER = 0.2
LIMIT = 5000
"""Entries read at a time."""


class Feed:
    """The journal from entry `since` on, or from the first look on; shared by connections, each with a `Watch`.

    `deliver` gets new entries, each once and in order, and returns whether somebody took them; if not they are
    offered again at the next look.
    """

    def __init__(self, since: int | None, poll_seconds: float, deliver: Callable[[Sequence[journal.Change]], bool]):
        self.poll_seconds = poll_seconds
        self._deliver = deliver
        self._seen = since
        self._lock = threading.Lock()
        self._looked_at = 0.0
        self._jitter = random.Random()

    def pause(self) -> float:
        """Return seconds until somebody should look."""
        pause = self.poll_seconds * (1 + self._jitter.uniform(-JITTER, JITTER))
        return max(self._looked_at + pause - time.monotonic(), 0.001)

    def is_due(self) -> bool:
        """Return whether nobody has looked lately."""
        return time.monotonic() >= self._looked_at + self.poll_seconds * (1 - JITTER)

    def begin(self) -> None:
        """Start here unless a place to start was given."""
        with self._lock:
            if self._seen is None:
                self._seen = journal.last_id()

    def take(self) -> bool:
        """Deliver all new entries; returns whether nothing is left."""
        with self._lock:
            while self._seen is not None:
                changes = journal.list_changes_since(self._seen, LIMIT)
                if not changes:
                    return True
                if not self._deliver(changes):
                    return False
                self._seen = max(change.journal_id for change in changes)
        return False

    def looked(self) -> None:
        """Note that a connection has just looked."""
        self._looked_at = time.monotonic()


class Watch:
    """One connection's part in following the feed; make it on the connection's thread, as the first thing there."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._version: int | None = None
        feed.begin()

    def look(self) -> None:
        """Take what is new if another connection has committed since the last look."""
        self._feed.looked()
        version = database.data_version()
        if version != self._version and self._feed.take():
            # Read before the entries were: a commit in between is looked for twice rather than never.
            self._version = version
