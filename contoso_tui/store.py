"""The only door from the terminal to the database: reads on up to two threads, writes on one, changes as a callback.

The event loop never waits for SQLite. Each thread keeps its own connection open. A reading thread that has nothing
to do looks for commits, by this session or others; which rows of which tables changed is published.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, ParamSpec, TypeVar

from peewee import OperationalError

from contoso_tui.feed import Feed, Watch
from models import database, journal
from models.errors import ContosoError, from_database

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)

POLL_SECONDS = 0.25
READERS = 2
"""Reading threads at most; the second begins when a read would wait for another."""


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


class _Look:
    """Stands in the queue for a look at the feed."""


_LOOK = _Look()


class _Lane(threading.Thread):
    """A thread with its own connection, opened again after it could not be used; with a `feed` it follows that."""

    def __init__(self, name: str, jobs: SimpleQueue[_Job | _Look | None], feed: Feed | None = None) -> None:
        super().__init__(name=name, daemon=True)
        self._jobs = jobs
        self._feed = feed
        self._watch: Watch | None = None
        self._held = ExitStack()
        self._is_open = False

    def run(self) -> None:
        """Work until told to stop."""
        if self._feed is not None:
            # Before any read: what is committed after it is told.
            self._look()
        while True:
            try:
                job = self._jobs.get(timeout=self._feed.pause() if self._feed is not None else None)
            except Empty:
                if self._feed is not None and self._feed.is_due():
                    self._look()
                continue
            if job is None:
                break
            if isinstance(job, _Look):
                self._look()
            elif not job.future.cancelled():
                self._do(job)
        self._held.close()

    def _do(self, job: _Job) -> None:
        try:
            self._open()
            result = job.work()
        except OperationalError as error:
            # Busy, away, full: the connection may be of no use any more.
            self._drop()
            _deliver(job, _fail, from_database(error))
        # Also what is no Exception: it belongs to whoever awaits the job, not to this thread.
        except BaseException as error:
            _deliver(job, _fail, error)
        else:
            _deliver(job, _succeed, result)

    def _look(self) -> None:
        assert self._feed is not None
        try:
            self._open()
            if self._watch is not None:
                self._watch.look()
        except (ContosoError, OperationalError):
            # Away for now: the next read tells the user; here it is only tried again.
            self._drop()
            self._feed.looked()
            log.info("the database is away; watching again in a moment")

    def _open(self) -> None:
        if not self._is_open:
            self._held.enter_context(database.connection())
            self._is_open = True
            if self._feed is not None:
                self._watch = Watch(self._feed)

    def _drop(self) -> None:
        self._held.close()
        self._is_open = False
        self._watch = None


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


def _log_failure(future: asyncio.Future[Any]) -> None:
    """Log what kind of error ended a change, without its words: they may name a customer."""
    if not future.cancelled() and (error := future.exception()) is not None:
        level = logging.INFO if isinstance(error, ContosoError) else logging.ERROR
        log.log(level, "a change that nobody waited for failed: %s", type(error).__name__)


class Store:
    """Runs functions of `models` against the database file at `path`.

    Call `start` first and `close` at the end; either may be called again. Listeners are called on the loop in
    which `subscribe` was, with commits after journal entry `since`, or after `start`.
    """

    def __init__(self, path: Path, *, since: int | None = None, poll_seconds: float = POLL_SECONDS) -> None:
        self.path = path
        self._reads: SimpleQueue[_Job | _Look | None] = SimpleQueue()
        self._writes: SimpleQueue[_Job | _Look | None] = SimpleQueue()
        self._feed = Feed(since, poll_seconds, self._tell)
        self._lanes: list[_Lane] = []
        self._readers = self._reading = 0
        """Reading threads there are, and reads that are asked for and not done."""
        self._follows: Feed | None = None
        self._listeners: list[Callable[[Changed], None]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_closing = False

    def start(self, *, follow: bool = True) -> None:
        """Start the threads; with `follow` they also watch for changes."""
        if self._lanes:
            return
        database.init(self.path)
        self._follows = self._feed if follow else None
        self._lanes = [_Lane("writer", self._writes)]
        self._lanes[0].start()
        self._add_reader()

    def close(self, seconds: float = 0.8) -> None:
        """Let what is being written finish, for at most `seconds`, and stop the threads."""
        if self._is_closing:
            return
        self._is_closing = True
        self._writes.put(None)
        for _ in range(self._readers):
            self._reads.put(None)
        for lane in self._lanes:
            lane.join(seconds)

    async def read(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query and return what it returns; a cancelled read that has not begun is dropped."""
        if self._reading >= self._readers and self._readers < READERS and not self._is_closing:
            self._add_reader()
        self._reading += 1
        try:
            result: T = await self._submit(self._reads, partial(fn, *args, **kwargs))
        finally:
            self._reading -= 1
        return result

    async def write(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a change and return what it returns; once asked for it is carried out, also if nobody waits."""
        future = self._submit(self._writes, partial(fn, *args, **kwargs))
        try:
            result: T = await asyncio.shield(future)
        finally:
            self._reads.put(_LOOK)
        return result

    def post(self, fn: Callable[P, Any], /, *args: P.args, **kwargs: P.kwargs) -> None:
        """Ask for a change for which nobody waits; what goes wrong with it is logged."""
        if not self._is_closing:
            self._submit(self._writes, partial(fn, *args, **kwargs)).add_done_callback(_log_failure)

    def subscribe(self, listener: Callable[[Changed], None]) -> Callable[[], None]:
        """Call `listener` after commits, on the loop; the returned function ends it."""
        self._loop = asyncio.get_running_loop()
        self._listeners.append(listener)
        return partial(self._listeners.remove, listener)

    def _add_reader(self) -> None:
        """Start one more reading thread; each has a connection, which holds the whole schema: 2 MB."""
        lane = _Lane(f"reader-{self._readers}", self._reads, self._follows)
        self._readers += 1
        self._lanes.append(lane)
        lane.start()

    def _submit(self, jobs: SimpleQueue[_Job | _Look | None], work: Callable[[], Any]) -> asyncio.Future[Any]:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        jobs.put(_Job(work, loop, future))
        return future

    def _tell(self, changes: Sequence[journal.Change]) -> bool:
        """Send entries of the feed to the listeners; called on a reading thread."""
        if not self._listeners or self._loop is None or self._loop.is_closed():
            return False
        self._loop.call_soon_threadsafe(self._publish, Changed.of(changes))
        return True

    def _publish(self, changed: Changed) -> None:
        for listener in tuple(self._listeners):
            listener(changed)
