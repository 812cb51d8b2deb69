"""The only door from the terminal to the database: reads on two threads, writes on one, changes as a callback.

The event loop never waits for SQLite. Each thread keeps its own connection open. A fourth thread watches for
commits, by this session or others, and publishes which rows of which tables changed.
"""

from __future__ import annotations

import asyncio
import logging
import random
import threading
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Any, ParamSpec, TypeVar

from peewee import OperationalError

from models import database, journal
from models.errors import ContosoError, from_database

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)

POLL_SECONDS = 0.25
# Sessions must not all ask in the same millisecond, nor all repaint at once.
JITTER = 0.2
READERS = 2
FEED_LIMIT = 5000
# A commit after the first read and before the watch begins would never be told: reads wait for the watch.
FOLLOW_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Changed:
    """Rows that commits have touched since the last such message, by table and by who did it."""

    rows: dict[str, frozenset[int]]
    actors: frozenset[str]
    newest: tuple[journal.Change, ...] = ()

    @classmethod
    def of(cls, changes: Iterable[journal.Change]) -> Changed:
        """Sum up entries of the feed."""
        held = tuple(changes)
        rows: dict[str, set[int]] = {}
        for change in held:
            rows.setdefault(change.table, set()).add(change.row_id)
        return cls(
            {table: frozenset(ids) for table, ids in rows.items()},
            frozenset(change.actor for change in held),
            held,
        )

    def ids(self, table: str) -> frozenset[int]:
        """Return the ids of changed rows of a table."""
        return self.rows.get(table, frozenset())

    def by_others(self, login: str, table: str) -> frozenset[int]:
        """Return the ids of rows of a table that somebody else changed."""
        return frozenset(change.row_id for change in self.newest if change.table == table and change.actor != login)

    def __add__(self, other: Changed) -> Changed:
        """Join with a later message."""
        return Changed.of((*self.newest, *other.newest))


@dataclass(slots=True)
class _Job:
    work: Callable[[], Any]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]


class _Lane(threading.Thread):
    """A thread with its own connection, opened at the first job and again after it could not be opened."""

    def __init__(self, name: str, jobs: SimpleQueue[_Job | None], may_begin: threading.Event) -> None:
        super().__init__(name=name, daemon=True)
        self._jobs = jobs
        self._may_begin = may_begin

    def run(self) -> None:
        """Work until told to stop."""
        self._may_begin.wait(FOLLOW_SECONDS)
        with ExitStack() as held:
            is_open = False
            while (job := self._jobs.get()) is not None:
                if job.future.cancelled():
                    continue
                try:
                    if not is_open:
                        held.enter_context(database.connection())
                        is_open = True
                    result = job.work()
                except OperationalError as error:
                    # Busy, away, full: the connection may be of no use any more.
                    held.close()
                    is_open = False
                    _deliver(job, _fail, from_database(error))
                # Also what is no Exception: it belongs to whoever awaits the job, not to this thread.
                except BaseException as error:
                    _deliver(job, _fail, error)
                else:
                    _deliver(job, _succeed, result)


def _deliver(job: _Job, end: Callable[[asyncio.Future[Any], Any], None], outcome: Any) -> None:
    # The loop may have closed while the job ran; then nobody waits.
    if not job.loop.is_closed():
        job.loop.call_soon_threadsafe(end, job.future, outcome)


def _succeed(future: asyncio.Future[Any], result: Any) -> None:
    if not future.done():
        future.set_result(result)


def _fail(future: asyncio.Future[Any], error: Any) -> None:
    if not future.done():
        future.set_exception(error)


class Store:
    """Runs functions of `models` against the database file at `path`.

    Call `start` first and `close` at the end; either may be called again. Listeners are called on the loop in
    which `subscribe` was.
    """

    def __init__(self, path: Path, *, poll_seconds: float = POLL_SECONDS) -> None:
        self.path = path
        self._poll_seconds = poll_seconds
        self._reads: SimpleQueue[_Job | None] = SimpleQueue()
        self._writes: SimpleQueue[_Job | None] = SimpleQueue()
        self._lanes: list[_Lane] = []
        self._listeners: list[Callable[[Changed], None]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wake = threading.Event()
        self._follows = threading.Event()
        self._is_closing = False
        self._watcher: threading.Thread | None = None

    def start(self, *, follow: bool = True) -> None:
        """Start the threads; with `follow` also the watch for changes."""
        if self._lanes:
            return
        database.init(self.path)
        self._lanes = [_Lane(f"reader-{number}", self._reads, self._follows) for number in range(READERS)]
        self._lanes.append(_Lane("writer", self._writes, self._follows))
        for lane in self._lanes:
            lane.start()
        if follow:
            self._watcher = threading.Thread(target=self._watch, name="watcher", daemon=True)
            self._watcher.start()
        else:
            self._follows.set()

    def close(self, seconds: float = 0.8) -> None:
        """Let what is being written finish, for at most `seconds`, and stop the threads."""
        if self._is_closing:
            return
        self._is_closing = True
        self._wake.set()
        self._writes.put(None)
        for _ in range(READERS):
            self._reads.put(None)
        for lane in self._lanes:
            lane.join(seconds)
        if self._watcher is not None:
            self._watcher.join(seconds)

    async def read(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query and return what it returns; a cancelled read that has not begun is dropped."""
        result: T = await self._submit(self._reads, partial(fn, *args, **kwargs))
        return result

    async def write(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a change and return what it returns; once asked for it is carried out, also if nobody waits."""
        future = self._submit(self._writes, partial(fn, *args, **kwargs))
        try:
            result: T = await asyncio.shield(future)
        finally:
            self._wake.set()
        return result

    def subscribe(self, listener: Callable[[Changed], None]) -> Callable[[], None]:
        """Call `listener` after commits, on the loop; the returned function ends it."""
        self._loop = asyncio.get_running_loop()
        self._listeners.append(listener)
        return partial(self._listeners.remove, listener)

    def _submit(self, jobs: SimpleQueue[_Job | None], work: Callable[[], Any]) -> asyncio.Future[Any]:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        jobs.put(_Job(work, loop, future))
        return future

    def _publish(self, changed: Changed) -> None:
        for listener in tuple(self._listeners):
            listener(changed)

    # ---- the watcher's thread

    def _watch(self) -> None:
        jitter = random.Random()
        while not self._is_closing:
            try:
                with database.connection():
                    self._follow(jitter)
            except (ContosoError, OperationalError):
                self._follows.set()
                # Away for now: the next read tells the user; here it is only tried again.
                log.info("the database is away; watching again in a moment")
                self._wake.wait(self._poll_seconds * 4)

    def _follow(self, jitter: random.Random) -> None:
        # In this order: a commit in between is seen twice rather than never.
        version = database.data_version()
        seen = journal.last_id()
        self._follows.set()
        while not self._is_closing:
            self._wake.wait(self._poll_seconds * (1 + jitter.uniform(-JITTER, JITTER)))
            self._wake.clear()
            found = database.data_version()
            if found == version or self._is_closing:
                continue
            version = found
            changes = journal.list_changes_since(seen, FEED_LIMIT)
            if not changes or self._loop is None or self._loop.is_closed():
                continue
            seen = max(change.journal_id for change in changes)
            if len(changes) == FEED_LIMIT:
                # More is waiting: do not sleep, and look again although the version stays the same.
                version = -1
                self._wake.set()
            self._loop.call_soon_threadsafe(self._publish, Changed.of(changes))
