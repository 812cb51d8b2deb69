"""Right-to-left names among columns: isolated, so that a terminal that reorders text moves nothing beside them.

Without it two Hebrew names in a row pull the amount that stands between them to the other side. Nothing is added to a
text without such letters, nor where the terminal is known to show the two signs instead of obeying them.
"""

from __future__ import annotations

import os
import re
from functools import cache

START, END = "\u2068", "\u2069"
"""First strong isolate and pop directional isolate: zero cells wide."""

# Hebrew to Arabic Extended-A, their presentation forms, and the later scripts; Hebrew points and Arabic vowels
# are among them. Then marks that may stand on any letter, and the joiner Persian writes inside words.
_LETTER = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
_WITHIN = f"[{_LETTER}\u0300-\u036f\u200c]"
# Words with one sign between them are one text. A digit, a Latin letter or a wider gap may be another column.
_RUN = re.compile(f"([{_LETTER}]{_WITHIN}*(?:[ '\".,/&-]{_WITHIN}+)*…?)")
# The Linux console draws a sign for each; screen gives each a cell. Neither reorders anything.
_SHOWN_BY = ("linux", "screen", "vt", "cons", "dumb")


def isolate(text: str) -> str:
    """Return `text` with each right-to-left run isolated; of the same cells."""
    return _RUN.sub(rf"{START}\1{END}", text) if not text.isascii() and _is_obeyed() else text


@cache
def _is_obeyed() -> bool:
    return not os.environ.get("TERM", "dumb").startswith(_SHOWN_BY)
