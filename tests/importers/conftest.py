"""Where the real files are, and files made on the spot."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest


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
