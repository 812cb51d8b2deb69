from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from models import database, setup
from models.people import users
from models.people.records import Actor

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
    """The folder of the four real files."""
    root = os.environ.get("CONTOSO_TEST_DATA", "")
    if not root:
        pytest.skip("CONTOSO_TEST_DATA names no folder with the real files")
    return Path(root) / "ci-ilt" / "sources"
