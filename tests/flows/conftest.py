"""One sshd for all tests that log in; where none can run they skip and say why. And one company of hostile texts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import copy_demo
from tests.flows import hostile, ssh
from tests.flows.ssh import RemoteHome, Server
from tests.terminal.terminal import Home


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    try:
        made = ssh.start(tmp_path_factory.mktemp("ssh") / "sshd")
    except ssh.NoSshError as error:
        pytest.skip(str(error))
    yield made
    made.stop()


@pytest.fixture
def remote_home(tmp_path: Path, server: Server) -> Iterator[RemoteHome]:
    made = RemoteHome(tmp_path / "remote", server)
    yield made
    for terminal in made.opened:
        terminal.kill()


@pytest.fixture(params=["terminal", "ssh"])
def any_home(request: pytest.FixtureRequest) -> Home:
    """A home whose sessions are at this terminal, and one whose sessions are logged in from elsewhere."""
    name = {"terminal": "home", "ssh": "remote_home"}[request.param]
    found: Home = request.getfixturevalue(name)
    return found


@pytest.fixture(scope="session")
def spoiled_template(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo in which all that anybody ever said is hostile."""
    home = Home(tmp_path_factory.mktemp("spoiled"))
    copy_demo(demo_template, home)
    assert hostile.spoil(home.data, (*hostile.TEXTS, *hostile.naughty_strings())) > 10_000
    return home.data


@pytest.fixture
def spoiled(home: Home, spoiled_template: Path) -> Home:
    copy_demo(spoiled_template, home)
    return home
