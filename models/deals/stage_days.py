"""How long a deal has stood in each stage, from the record of its moves."""

from __future__ import annotations

import datetime as dt

from models import clock
from models.database import company_zone, execute
from models.deals.records import Outcome


def list_days(deal_id: int, now: dt.datetime) -> dict[str, int]:
    """Return stage id -> calendar days spent there in all; stages never entered are left out.

    Time during which the deal was closed counts for no stage.
    """
    rows = execute(
        "SELECT at, to_stage, to_outcome FROM stage_change WHERE deal_id = ? ORDER BY id", (deal_id,)
    ).fetchall()
    zone = company_zone()
    spent: dict[str, int] = {}
    for place, (at, stage, outcome) in enumerate(rows):
        if outcome != Outcome.OPEN:
            continue
        end = clock.from_micros(rows[place + 1][0]) if place + 1 < len(rows) else now
        spent[stage] = spent.get(stage, 0) + clock.age_days(at, end, zone)
    return spent
