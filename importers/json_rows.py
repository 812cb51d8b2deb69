"""Many flat rows as JSON texts, one each: many are encoded at once and cut apart, as a call for each takes longer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_MANY, _SOME = 10_000, 1_000
# Raw, JSON has neither of them: inside texts they are escaped.
_COMMA, _END = "\x1f", "\x1e"
# What JSON escapes but for these two.
_ESCAPED = re.compile(r'["\\\x00-\x1d]')


def encode(rows: Sequence[Mapping[str, Any]] | Sequence[Sequence[Any]]) -> Iterator[str]:
    """Yield each row as compact JSON; a row is a mapping or a sequence of texts, numbers, truths and None."""
    for start in range(0, len(rows), _MANY):
        whole = json.dumps(rows[start : start + _MANY], ensure_ascii=False, separators=(_COMMA, ":"))[1:-1]
        for left, right in ("][", "}{"):
            whole = whole.replace(f"{left}{_COMMA}{right}", f"{left}{_END}{right}")
        yield from whole.replace(_COMMA, ",").split(_END)


def encode_texts(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield each row of texts, as many in each, as a JSON array; what needs no escaping is only joined."""
    for start in range(0, len(rows), _SOME):
        some = rows[start : start + _SOME]
        whole = _END.join(map(_COMMA.join, some))
        commas, ends = whole.count(_COMMA), whole.count(_END)
        if commas == len(some) * (len(some[0]) - 1) and ends == len(some) - 1 and not _ESCAPED.search(whole):
            inside = whole.replace(_COMMA, '","').replace(_END, f'"]{_END}["')
            yield from f'["{inside}"]'.split(_END)
        else:
            yield from encode(some)
