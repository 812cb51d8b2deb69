"""Moves deals to and fro for ever, and tells each move once it is committed; run to be killed."""

from __future__ import annotations

import datetime as dt
import itertools
import sys
from pathlib import Path

from models import database
from models.database import execute
from models.deals import stages
from models.people import users

LOGIN = "ana.wu"
_QUALIFIED = "need <> '' AND budget_minor IS NOT NULL AND time_frame <> '' AND decision_maker <> ''"


def main(path: Path) -> None:
    """Move until killed."""
    database.init(path)
    with database.connection():
        actor = users.get_actor(LOGIN)
        rows = execute(
            f"SELECT id FROM deal WHERE owner_id = ? AND outcome = 'open' AND stage IN ('qualify', 'develop')"
            f" AND {_QUALIFIED} ORDER BY id",
            (actor.id,),
        ).fetchall()
        print("ready", flush=True)
        for (deal_id,) in itertools.cycle(rows):
            (stage,) = execute("SELECT stage FROM deal WHERE id = ?", (deal_id,)).fetchone()
            now = dt.datetime.now(dt.UTC)
            if stage == "qualify":
                stages.forward(actor, now, deal_id)
            else:
                stages.backward(actor, now, deal_id, "to and fro")
            version, stage = execute("SELECT version, stage FROM deal WHERE id = ?", (deal_id,)).fetchone()
            print(deal_id, version, stage, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
