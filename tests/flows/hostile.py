"""Texts that people paste, files hold and attackers type; and a company full of them."""

from __future__ import annotations

import json
import os
import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

MARKUP = (
    "Acme [/b]",
    "[@click=app.quit]x[/]",
    "[bold red on blue]loud",
    "[/",
    "]",
    "[link=http://a.example]x",
    "$accent",
)
# Parameters that the program never uses, so that they are found in the stream although it sends such sequences.
ESCAPES = (
    "\x1b[38;5;199mpink\x1b[0m",
    "\x1b[61;7Helsewhere",
    "\x1b]0;owned title\x07",
    "\x1b]52;c;b3duZWQ=\x07owned clipboard",
    "\x9b38;5;199mpink",
    "\x9d0;owned\x9c",
    "\x1bP1$r owned\x1b\\",
    "\x1b[?1049l left",
    "\x1bc reset",
    "bell\x07 back\x08\x08\x08 delete\x7f shift\x0e out\x0f",
    "null\x00byte",
    "\x1b[6n\x1b[>q asks",
)
BREAKS = ("one\ntwo\r\nthree", "tab\tstop\vand\fform", "line\u2028paragraph\u2029next\x85end", "\r overwritten")
DIRECTIONS = (
    "\u202egnp.exe\u202c",
    "\u2066isolated\u2069 \u200fmarked",
    "שלום עולם",
    "مرحبا بالعالم",
    "\u061carabic mark",
    "\u200emarked \u202donly\u202c \u2067more\u2069",
    "\u0605۱۲ \u06dd",
    "نامه\u200cها",
)
WIDE = (
    "東京庵 株式会社",
    "ＷＩＤＥ　ＮＡＭＥ",
    "👩\u200d👩\u200d👧\u200d👦 family",
    "🇺🇸🏳\ufe0f\u200d🌈",
    "한국어 이름",
    "हिन्दी नाम",
    "👍🏽 ❤️ ☎",
)
COMBINING = (
    "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324",
    "a" + "\u0301" * 60,
    "\u0301starts",
    "e\u0301",
    "ิ starts",
    "ก" + "็" * 40,
    "ש" + "\u05b8" * 30,
)
ODD = (
    "",
    " ",
    "\u200b\u200b",
    "\ufeffmarked",
    "soft\u00adhyphen",
    "\U000e0041tag",
    "\ufffe\uffff",
    "=1+1",
    "-",
    "'; DROP TABLE deal; --",
)
LONG = ("L" * 5000, "東" * 3000, "word " * 900, "a\u0301" * 1500)
# What a terminal sends as a paste; in brackets it can hold any of them.
TYPED = (*MARKUP, *ESCAPES, *BREAKS, *DIRECTIONS, *WIDE, *COMBINING)
TEXTS = (*MARKUP, *ESCAPES, *BREAKS, *DIRECTIONS, *WIDE, *COMBINING, *ODD, *LONG)

# Columns that hold what a person or a file says, by table. `unique` ones get a number.
USER_TEXT: dict[str, tuple[str, ...]] = {
    "team": ("name",),
    "app_user": ("name", "territory"),
    "holiday": ("name",),
    "customer": (
        "name", "given", "surname", "email", "phone", "street", "city", "state", "postcode", "country", "gender",
        "tier", "satisfaction", "occupation", "lead_source",
    ),
    "person": ("name", "position", "email", "phone"),
    "customer_pin": ("value",),
    "import_file": ("name",),
    "source_record": ("link_evidence",),
    "purchase": ("subject", "store", "product_key"),
    "source_event": ("text",),
    "review_pair": ("reason",),
    "import_bad_row": ("column_name", "value", "reason"),
    "product": ("code", "name"),
    "deal": (
        "type", "lead_source", "need", "time_frame", "decision_maker", "walkthrough_with", "stage_reason", "lost_by",
        "lost_note", "next_step",
    ),
    "deal_line": ("description",),
    "quote": ("addressee", "note", "reason"),
    "quote_line": ("description",),
    "stage_change": ("reason",),
    "tech_check": ("details",),
    "tech_check_request": ("note",),
    "activity": ("who", "subject", "notes"),
    "programme": ("name",),
    "programme_step": ("name", "email_subject", "email_body", "guide"),
    "enrolment": ("pause_reason", "exit_note"),
    "enrolment_step": ("result", "reason", "notes"),
    "sent_email": ("recipient", "subject", "body", "handed_to"),
    "action": ("summary",),
    "quote_approval_request": ("note",),
    "quote_approval": ("note",),
    "contract_line": ("description",),
    "order_line": ("description",),
    "payment": ("reference",),
    "assessment": ("waits_for", "note"),
    "deal_person": ("name",),
    "material": ("name", "file_name"),
}  # fmt: skip

# What the program or the operating system makes: ids, dates, codes, states, logins, and JSON made of them.
TECHNICAL: dict[str, str] = {
    "setting": "key value",
    "app_user": "login",
    "user_role": "role",
    "user_leave": "from_on to_on",
    "holiday": "on_date",
    "process_version": "text parsed loaded_by",
    "rule": "key",
    "stage": "pipeline id name required",
    "customer": "kind birth_date origin first_seen_on unpaid_since",
    "customer_pin": "field pinned_by",
    "import_run": "state actor report",
    "import_file": "source encoding delimiter header sha256",
    "source_record": "source key declared_key cells fields link_rule link_confirmed_by",
    "customer_key": "source key",
    "purchase": "source key owner_key purchased_on currency cells",
    "import_source": "code title kind word plural owner_source",
    "source_event": "source key owner_key happened_on cells",
    "membership": "key joined_on",
    "match_decision": "left_source left_key right_source right_key verdict decided_by",
    "match_model": "actor model shared",
    "match_run": "counts shared",
    "match_key": "rule",
    "review_pair": "state evidence splits",
    "import_change": "table_name before",
    "product": "billing currency",
    "deal": "pipeline stage outcome walkthrough_on currency category close_on lost_reason lost_on won_on created_on"
    " created_by amount_from terms_lines next_step_on",
    "quote": "state currency valid_until created_by answered_on extended_until",
    "deal_member": "added_by",
    "quote_approval_request": "asked_by",
    "discount_note": "actor path",
    "exchange_rate": "currency on_date rate entered_by",
    "sales_contract": "currency starts_on ends_on state created_by",
    "sales_order": "currency state settled booked_on deliver_on shipped_on created_by",
    "invoice": "currency issued_on due_on created_by paid_on",
    "payment": "paid_on entered_by",
    "questionnaire": "pipeline stage op content",
    "assessment": "submission answers result entered_by",
    "deal_person": "role",
    "material": "media_type sha256 added_by",
    "material_content": "sha256",
    "follow_up": "purchased_on due_on bought others",
    "customer_merge": "merged_by",
    "closed_month": "month closed_by",
    "closed_score": "thing month login type",
    "stage_change": "from_stage to_stage from_outcome to_outcome actor path",
    "deal_ownership": "terms_lines",
    "tech_check": "checked_on outcome answers signed_lines signed_from",
    "tech_check_request": "asked_by needed_by",
    "tech_check_draft": "payload",
    "stage_total": "pipeline stage",
    "activity": "channel type state due_on done_by created_by",
    "programme": "code",
    "programme_step": "channel activity_type",
    "enrolment": "programme_code state exit_reason started_on started_by ended_by",
    "enrolment_step": "state counted_on due_on finished_by",
    "sent_email": "sent_by",
    "action": "actor path kind",
    "journal": "actor path table_name op column_name",
    "presence": "subject",
    "search_word": "word sound",
    "search_slip": "left_over",
}


def naughty_strings() -> list[str]:
    """Return of the published list, if the test data is there, what isn't plain ASCII: the rest is for browsers."""
    data = os.environ.get("CONTOSO_TEST_DATA")
    if not data:
        return []
    found: list[str] = json.loads((Path(data) / "blns" / "blns.json").read_text("utf-8"))
    return [text for text in found if not (text.isascii() and text.isprintable())]


def spoil(path: Path, texts: tuple[str, ...]) -> int:
    """Put hostile texts into every text of a database, past all of its rules; return how many."""
    count = 0
    with closing(sqlite3.connect(path)) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute("PRAGMA ignore_check_constraints = ON")
        take = _taker(texts)
        for table, columns in USER_TEXT.items():
            key = "rowid" if _has_rowid(connection, table) else columns[0]
            rows = connection.execute(f"SELECT {key} FROM {table}").fetchall()
            for (row,) in rows:
                values = [take() for _ in columns]
                if table in ("team", "product", "material"):
                    values = [f"{value}{count + at}" for at, value in enumerate(values)]
                sets = ", ".join(f"{column} = ?" for column in columns)
                connection.execute(f"UPDATE {table} SET {sets} WHERE {key} = ?", (*values, row))
                count += len(columns)
        _spoil_json(connection, "source_record", "cells", take)
        _spoil_json(connection, "import_file", "header", take)
        _spoil_json(connection, "purchase", "cells", take)
        _spoil_json(connection, "source_event", "cells", take)
        _spoil_json(connection, "tech_check", "answers", take)
        _spoil_json(connection, "follow_up", "bought", take)
        _spoil_json(connection, "follow_up", "others", take)
        for _, made in triggers:
            connection.execute(made)
        connection.commit()
    return count


def _taker(texts: tuple[str, ...]) -> Callable[[], str]:
    def endless() -> Iterator[str]:
        # Shuffled anew each time, so that no two columns go together row by row; always in the same way.
        chance = random.Random(1)
        while True:
            yield from chance.sample(texts, len(texts))

    source = endless()
    return lambda: next(source)


def _has_rowid(connection: sqlite3.Connection, table: str) -> bool:
    (sql,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    return "WITHOUT ROWID" not in sql


def _spoil_json(connection: sqlite3.Connection, table: str, column: str, take: Callable[[], str]) -> None:
    def spoiled(value: Any) -> Any:
        if isinstance(value, str):
            return take()
        if isinstance(value, list):
            return [spoiled(one) for one in value]
        if isinstance(value, dict):
            return {name: spoiled(one) for name, one in value.items()}
        return value

    for row, text in connection.execute(f"SELECT rowid, {column} FROM {table}").fetchall():
        if text:
            connection.execute(
                f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (json.dumps(spoiled(json.loads(text))), row)
            )


def undecided_columns(path: Path) -> list[str]:
    """Return text columns that are neither in `USER_TEXT` nor in `TECHNICAL`: a new one needs the decision."""
    found = []
    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%STRICT%'")
        for (table,) in tables.fetchall():
            known = (*USER_TEXT.get(table, ()), *TECHNICAL.get(table, "").split())
            for _, name, kind, *_ in connection.execute(f"PRAGMA table_info({table})").fetchall():
                if kind == "TEXT" and name not in known:
                    found.append(f"{table}.{name}")
    return found
