"""Reads every text that an enterprise or the group ever received in a rehearsal, and finds what was
not theirs: another firm's matter or name, a word between colleagues."""

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, text

MARK = re.compile(r"门牌(\d+)")
"""Stands in all that a firm says, and in what is promised to it: its own house number."""
NAME = re.compile(r"排练企业(\d+)有限公司")
INSIDE = ("note", "return", "instruct")
"""Moves whose words are for colleagues only."""


def strays(db: Connection) -> Iterator[str]:
    """What reached whom it should not have reached, in words."""
    inside = _inside(db)
    for row in _list_contact_texts(db):
        mine = {NAME.findall(row.firm)[0]} if row.firm else set()
        others = {*MARK.findall(row.text), *NAME.findall(row.text)} - mine
        if others:
            yield f"{row.kind} to {row.firm or 'the group'} tells of {sorted(others)}: {row.text}"
        if told := [words for words in inside if words in row.text]:
            yield f"{row.kind} to {row.firm or 'the group'} tells {told[0]!r}: {row.text}"


def count_marked(db: Connection) -> int:
    """How many texts with a house number in them were looked at."""
    return sum(bool(MARK.search(row.text)) for row in _list_contact_texts(db))


def _list_contact_texts(db: Connection) -> list[Row[Any]]:
    rows = (
        "SELECT o.kind, o.text, e.name AS firm FROM outbox o JOIN threads t ON t.id = o.thread_id"
        " LEFT JOIN people p ON p.id = t.person_id"
        " LEFT JOIN enterprises e ON e.id = p.enterprise_id"
        " WHERE p.role = 'contact' OR p.id IS NULL"
    )
    return list(db.execute(text(rows)))


def _inside(db: Connection) -> list[str]:
    """What colleagues wrote to each other; a decision of an evening is in its minutes, too."""
    said = set(db.execute(text("SELECT said FROM agenda_items")).scalars())
    moves = ", ".join(f"'{move}'" for move in INSIDE)
    rows = f"SELECT DISTINCT text FROM issue_events WHERE move IN ({moves}) AND text <> ''"
    return sorted(set(db.execute(text(rows)).scalars()) - said)
