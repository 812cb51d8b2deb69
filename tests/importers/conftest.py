"""Where the real files are, files made on the spot, and a new database."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from models import database, setup
from models.people import users
from models.people.records import Actor
from tests.importers.small_files import Files

NOW = dt.datetime(2026, 11, 16, 17, 0, tzinfo=dt.UTC)


@pytest.fixture
def now() -> dt.datetime:
    return NOW


@pytest.fixture
def maker(tmp_path: Path, now: dt.datetime) -> Iterator[Actor]:
    """The operations user of a new database, whose connection is open."""
    path = tmp_path / "contoso.db"
    setup.create(path, "ana.wu", now)
    database.init(path)
    with database.connection():
        yield users.get_actor("ana.wu")


@pytest.fixture
def real_files() -> Path:
    """The folder of real data; without it the test skips."""
    place = os.environ.get("CONTOSO_TEST_DATA", "")
    if not place:
        pytest.skip("CONTOSO_TEST_DATA does not name the folder of real data")
    return Path(place)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """Write a file and return its path; text goes in as UTF-8 with the line ends as given."""

    def to(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return to


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "files")
