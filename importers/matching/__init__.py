"""Which records are the same customer, how sure that is, and why.

`resolve` is the only entry; everything behind it can be replaced.
"""

from __future__ import annotations

from importers.matching.blocking import Propose, candidate_pairs
from importers.matching.engine import resolve
from importers.matching.explain import Line
from importers.matching.kinds import Band, Field, Kind
from importers.matching.model import Model
from importers.matching.resolution import Resolution

__all__ = ["Band", "Field", "Kind", "Line", "Model", "Propose", "Resolution", "candidate_pairs", "resolve"]
