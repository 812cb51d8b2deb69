"""Objects go from process to process in memory that changes hands: whole, in order, without waiting."""

from __future__ import annotations

import json
import os
import pickle
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers import handover, recognise, sheets
from tests.importers.small_files import Files, contact

TEXTS = st.text(st.characters(codec="utf-8") | st.sampled_from("\n\r\u2028\u0085\x1e"))


@pytest.fixture
def channel() -> Iterator[tuple[socket.socket, socket.socket]]:
    one, other = socket.socketpair()
    with one, other:
        yield one, other


def test_many_large_ones_are_sent_before_one_is_received(channel: tuple[socket.socket, socket.socket]) -> None:
    mine, theirs = channel
    sent = [(number, "x" * 5_000_000) for number in range(5)]
    for each in sent:
        handover.send(mine, each)
    assert [handover.receive(theirs) for _ in sent] == sent


def test_nothing_of_it_stays_open(channel: tuple[socket.socket, socket.socket]) -> None:
    mine, theirs = channel
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(20):
        handover.send(mine, b"x" * 100_000)
        handover.receive(theirs)
    assert len(os.listdir("/proc/self/fd")) == before


def test_where_memory_has_no_files_one_without_a_name_does(
    channel: tuple[socket.socket, socket.socket], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "memfd_create", raising=False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    handover.send(channel[0], {"a": 1})
    assert not list(tmp_path.iterdir())
    assert handover.receive(channel[1]) == {"a": 1}


def test_the_end_of_the_other_is_told(channel: tuple[socket.socket, socket.socket]) -> None:
    mine, theirs = channel
    handover.send(mine, "not received")
    theirs.close()
    with pytest.raises(EOFError):
        handover.receive(mine)
    with pytest.raises(BrokenPipeError):
        handover.send(mine, "x")


@given(st.lists(st.dictionaries(TEXTS, TEXTS)))
def test_joined_texts_are_parted_as_they_were(rows: list[dict[str, str]]) -> None:
    texts = [json.dumps(row, ensure_ascii=False) for row in rows]
    assert [text.decode() for text in handover.parted(handover.joined(texts))] == texts


def test_the_copy_of_a_sheet_says_the_same(files: Files) -> None:
    files.contacts(
        contact(1, "Zoë", "O'Neil\u2028Vale"),
        contact(2, "", "", StreetAddress='1 "Elm"\n2nd floor'),
        contact(3, "Nora", "Vale", City="\\"),
    )
    found = dict(enumerate(recognise.open_files([files.folder]).found))
    (sheet,) = sheets.read(found).values()
    copy = pickle.loads(pickle.dumps(sheet))
    assert len(sheet.keys) == 3
    assert copy == sheet
    assert copy.file.source is sheet.file.source
