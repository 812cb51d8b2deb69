import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from contoso_tui.store import Changed, Store
from models import database, journal
from models.errors import ContosoError, RefusedError
from models.journal import Change
from models.people import users
from models.people.records import Actor, Role
from tests.contoso_tui.small_app import NOW

OPERATIONS = Actor(0, "bo.lee", "Bo Lee", frozenset({Role.OPERATIONS}), None)


@pytest.fixture
async def store(database_path: Path) -> AsyncIterator[Store]:
    made = Store(database_path, poll_seconds=0.02)
    made.start()
    yield made
    made.close()


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - what is waited for happens in other threads
            await asyncio.sleep(0.01)


async def test_reads_and_writes_run_on_their_own_threads(store: Store) -> None:
    names = {await store.read(lambda: threading.current_thread().name) for _ in range(20)}
    assert names <= {"reader-0", "reader-1"}
    assert await store.write(lambda: threading.current_thread().name) == "writer"


async def test_two_reads_run_at_once_and_the_loop_goes_on(store: Store) -> None:
    meeting = threading.Barrier(2, timeout=10)
    reads = [asyncio.ensure_future(store.read(meeting.wait)) for _ in range(2)]
    assert {await read for read in reads} == {0, 1}


async def test_a_write_is_carried_out_although_nobody_waits_any_more(store: Store) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> int:
        begun.set()
        go_on.wait(10)
        return users.add(OPERATIONS, NOW, "gil.ortega", [Role.MANAGER])

    task = asyncio.ensure_future(store.write(slow))
    await asyncio.to_thread(begun.wait, 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    go_on.set()
    assert await store.write(users.get_id, "gil.ortega")


async def test_a_cancelled_read_that_has_not_begun_is_dropped(store: Store) -> None:
    hold = threading.Event()
    ran: list[str] = []
    busy = [asyncio.ensure_future(store.read(hold.wait, 10)) for _ in range(2)]
    await asyncio.sleep(0)
    waiting = asyncio.ensure_future(store.read(ran.append, "ran"))
    await asyncio.sleep(0)
    waiting.cancel()
    hold.set()
    await asyncio.gather(*busy)
    await store.read(lambda: None)
    assert ran == []


async def test_errors_reach_who_asked(store: Store) -> None:
    await store.write(users.add, OPERATIONS, NOW, "gil.ortega", [Role.MANAGER])
    with pytest.raises(RefusedError, match="is a user already"):
        await store.write(users.add, OPERATIONS, NOW, "gil.ortega", [Role.MANAGER])
    with pytest.raises(LookupError):
        await store.read({}.__getitem__, "absent")


async def test_what_the_database_refuses_is_a_sentence_and_the_next_read_works(store: Store) -> None:
    for _ in range(3):
        with pytest.raises(ContosoError, match="no such table"):
            await store.read(database.execute, "SELECT 1 FROM nowhere")
    assert len(await store.read(users.list_users)) == 1


async def test_a_write_is_told_with_its_rows_and_actor(store: Store) -> None:
    told: list[Changed] = []
    end = store.subscribe(told.append)
    added = await store.write(users.add, OPERATIONS, NOW, "gil.ortega", [Role.MANAGER])
    await until(lambda: told)
    assert told[0].ids("app_user") == {added}
    assert told[0].actors == {"bo.lee"}
    end()
    await store.write(users.add, OPERATIONS, NOW, "uma.reyes", [Role.CONSULTANT])
    other: list[Changed] = []
    store.subscribe(other.append)
    await store.write(users.add, OPERATIONS, NOW, "ivo.hart", [Role.CONSULTANT])
    await until(lambda: other)
    assert len(told) == 1


async def test_nothing_is_lost_when_many_write_at_once(store: Store, database_path: Path) -> None:
    told: list[Changed] = []
    store.subscribe(told.append)

    def add(number: int) -> int:
        with database.connection():
            return users.add(OPERATIONS, NOW, f"user{number}", [Role.MANAGER])

    added = await asyncio.gather(*(asyncio.to_thread(add, number) for number in range(30)))
    await until(lambda: set(added) <= {row for changed in told for row in changed.ids("app_user")})


async def test_what_was_committed_between_the_first_read_and_the_start_is_told(database_path: Path) -> None:
    with database.connection():
        since = journal.last_id()
        added = users.add(OPERATIONS, NOW, "gil.ortega", [Role.MANAGER])
    store = Store(database_path, since=since, poll_seconds=0.02)
    store.start()
    assert len(await store.read(users.list_users)) == 2
    told: list[Changed] = []
    # Nobody listens at first: it waits.
    store.subscribe(told.append)
    await until(lambda: told)
    assert told[0].ids("app_user") == {added}
    assert len(told) == 1
    store.close()


async def test_a_store_told_of_no_place_to_start_tells_what_comes_after_its_start(database_path: Path) -> None:
    store = Store(database_path, poll_seconds=0.02)
    told: list[Changed] = []
    store.subscribe(told.append)
    store.start()
    await store.read(users.list_users)
    added = await store.write(users.add, OPERATIONS, NOW, "gil.ortega", [Role.MANAGER])
    await until(lambda: told)
    assert [changed.ids("app_user") for changed in told] == [{added}]
    store.close()


async def test_a_database_that_is_away_is_said_and_works_when_it_is_back(tmp_path: Path, database_path: Path) -> None:
    aside = tmp_path / "aside.db"

    def take_away() -> None:
        database_path.rename(aside)
        database_path.mkdir()

    def bring_back() -> None:
        database_path.rmdir()
        aside.rename(database_path)

    take_away()
    store = Store(database_path, poll_seconds=0.02)
    store.start()
    with pytest.raises(ContosoError):
        await store.read(users.list_users)
    bring_back()
    assert [user.login for user in await store.read(users.list_users)] == ["ana.wu"]
    store.close()


def test_messages_add_up() -> None:
    one = Changed.of([Change(1, "deal", 7, "bo.lee", 1)])
    two = Changed.of([Change(2, "deal", 8, "ana.wu", 2), Change(3, "quote", 1, "bo.lee", 3)])
    both = one + two
    assert both.ids("deal") == {7, 8}
    assert both.by_others("ana.wu", "deal") == {7}
    assert both.actors == {"ana.wu", "bo.lee"}
    assert both.ids("nothing") == frozenset()
