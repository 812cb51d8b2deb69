"""Blocking keys as they are kept from one import to the next: half as long, so that a million fit into a few files.

Two keys that are equal only in their kept half cost a comparison, and never join anybody.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from importers.matching import key_index
from importers.matching.blocking import BLOCK_CAP
from importers.matching.encode import Encoded, Positions
from importers.matching.key_index import Hashes

Short = npt.NDArray[np.uint32]

VERSION = 1
"""Rises whenever the same record gets other keys: those kept before are made again then."""

_HALF = np.uint64(32)


def keys_of(encoded: Encoded) -> dict[str, Short]:
    """Return for each rule the key of each record, 0 where it lacks a part."""
    return {name: _shortened(hashes) for name, hashes in key_index.rule_hashes(encoded).items()}


def _shortened(hashes: Hashes) -> Short:
    half = (hashes >> _HALF).astype(np.uint32)
    half[(half == 0) & (hashes != 0)] = 1
    return half


def joined(parts: list[tuple[int, Mapping[str, Short]]]) -> dict[str, Short]:
    """Return the keys of several lots of records as one; a lot without a rule lacks its parts.

    Args:
        parts: The number of records and their keys, for each lot.
    """
    names = dict.fromkeys(name for _, keys in parts for name in keys)
    return {
        name: np.concatenate([keys.get(name, np.zeros(size, dtype=np.uint32)) for size, keys in parts])
        for name in names
    }


def sharing(kept: Mapping[str, Short], new: Mapping[str, Short]) -> Positions:
    """Return the kept records that share a key with a new one, but for keys that more than 60 records would share."""
    found = [_sharing(kept[name], keys) for name, keys in new.items() if name in kept]
    return np.unique(np.concatenate([np.empty(0, dtype=np.int64), *found]))


def _sharing(kept: Short, new: Short) -> Positions:
    wanted, number = np.unique(new[new != 0], return_counts=True)
    if not len(wanted):
        return np.empty(0, dtype=np.int64)
    place = np.minimum(np.searchsorted(wanted, kept), len(wanted) - 1)
    rows = np.flatnonzero(wanted[place] == kept)
    place = place[rows]
    sizes = np.bincount(place, minlength=len(wanted)) + number
    return rows[sizes[place] <= BLOCK_CAP]
