"""The signs of tech checks and assessments, for cards and lines; `sign_list` has every sign with its meaning."""

from __future__ import annotations

from models.deals.records import TechState

TECH: dict[TechState, tuple[str, str]] = {
    TechState.DUE: ("T?", "soon"),
    TechState.DRAFT: ("T*", "draft"),
    TechState.PASSED: ("T+", "good"),
    TechState.PASSED_WITH_CONDITIONS: ("TC", "soon"),
    TechState.FAILED: ("TX", "late"),
    TechState.STALE: ("T~", "soon"),
}
"""The sign of a tech check; a deal that needs none has none."""
LOWER_SCORE = "A-"
"""The sign of an assessment that scored lower than one before it."""
