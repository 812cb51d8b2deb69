"""Private folders for tests that run the real program, and a small company at work to run it on."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import settings

from contoso_tui.demo import build
from tests import folders
from tests.terminal.terminal import Home

# How long an example takes says something of the machine, nothing of the program.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# The fewest people whose files hold accounts and customers enough for all that the demo's staff has done.
DEMO_PEOPLE, DEMO_ACCOUNTS = 700, 150


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: tests with a terminal wait more than they work."""
    return (os.cpu_count() or 1) + 1


def pytest_unconfigure() -> None:
    """Each process of pytest, also a worker of xdist, takes away what it made."""
    folders.remove_all()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = Home(tmp_path / "home")
    yield made
    for terminal in made.opened:
        terminal.kill()


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo database with work in every state, made once; nobody opens it but to copy it."""
    folder = tmp_path_factory.mktemp("demo")
    before = os.umask(0o077)
    try:
        path = build.build(
            folder, dt.datetime.now(dt.UTC), lambda _text: None, people=DEMO_PEOPLE, accounts=DEMO_ACCOUNTS
        )
    finally:
        os.umask(before)
    return path


def copy_demo(template: Path, home: Home) -> None:
    """Put a demo database where `contoso` finds it in this home, so that `--as` works."""
    home.environ()
    home.data.parent.mkdir(mode=0o700)
    home.data.touch(mode=0o600)
    with closing(sqlite3.connect(template)) as source, closing(sqlite3.connect(home.data)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = WAL")
    # A demo keeps drafts and log to itself.
    home.state = home.data.parent / "state" / "contoso"


@pytest.fixture
def demo_home(home: Home, demo_template: Path) -> Home:
    copy_demo(demo_template, home)
    return home
