"""Which records are the same customer, how sure that is, and why.

`resolve` is the only entry; everything behind it can be replaced.
"""

from __future__ import annotations

from importers.matching.engine import Line, Resolution, resolve
from importers.matching.kinds import Band, Field, Kind

__all__ = ["Band", "Field", "Kind", "Line", "Resolution", "resolve"]
