"""Which program finds the pairs to compare is chosen by name, and what isn't there is said before any file is read."""

from __future__ import annotations

import importlib.util

import pytest

from importers import linking, matching
from models.errors import UsageError


def test_our_own_keys_are_the_default() -> None:
    assert linking.proposer("own") is matching.candidate_pairs


def test_an_unknown_engine_is_named_with_those_there_are() -> None:
    with pytest.raises(UsageError, match="splink-duckdb, splink-spark"):
        linking.proposer("splink-oracle")


@pytest.mark.skipif(importlib.util.find_spec("splink") is not None, reason="Splink is installed")
def test_an_engine_that_is_not_installed_says_how_to_install_it() -> None:
    with pytest.raises(UsageError, match="contoso-tui\\[scale\\]"):
        linking.proposer("splink-spark")
