"""Whatever is changed, taken out or put in after a root was published is found; nothing else is."""

from datetime import UTC, datetime
from random import Random

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from bot.actions.chain.append import append_entries
from bot.actions.chain.verify import Damage, verify
from bot.core.chain.entries import STANDS, Kind
from bot.core.issues.issue import Issue
from storage.chain import entries, roots
from storage.chain.sources import SOURCES
from storage.database import Database
from storage.tables import chain
from storage.tables.issues import events, issues
from storage.tables.sessions import promises
from tests.chain.tampering import tamper

EDITS = 250
FREE = {
    *("id", "thread_id", "title", "category", "second", "sure", "urgent", "unverified"),
    *("service_level", "terms", "clock_from", "enterprise_id", "reporter_id", "owner_id"),
    *("offered_to", "paused_at", "pause_until", "resumed_at", "extend_to", "milestones"),
    *("claimed_id", "rung", "superior_id", "leader_id", "disputed_at", "ruled_at"),
    *("snoozed_until", "asked_rating", "urged", "urged_at", "swept_at", "next_due_at", "sealed"),
}
"""Fields of an issue that are not promised to anybody, or that its events tell."""


def test_a_park_that_lived_honestly_is_whole(park: Database, printed: list[str]) -> None:
    with park.read() as db:
        assert list(verify(db, printed)) == []
        assert entries.count(db) > 500
        kinds = set(db.execute(select(chain.entries.c.kind).distinct()).scalars())
    assert kinds == set(Kind)
    assert len(printed) >= 3


def test_every_change_is_found(park: Database, printed: list[str]) -> None:
    unseen, tried = [], 0
    for seed in range(EDITS):
        with park.engine.connect() as db:
            try:
                what = tamper(db, Random(seed))
            except IntegrityError:  # the database itself does not take it
                continue
            tried += 1
            if not list(verify(db, printed)):
                unseen.append(f"{seed}: {what}")
            db.rollback()
    assert unseen == []
    assert tried > EDITS * 0.9


@pytest.mark.parametrize("kind", STANDS)
def test_what_stands_is_found_by_every_column(
    park: Database, printed: list[str], kind: Kind
) -> None:
    """Also one that nobody would think of: set to nothing, or to the same of another row."""
    source = SOURCES[kind]
    for name in source.facts:
        with park.engine.connect() as db:
            rows = db.execute(select(source.table.c.id, source.table.c[name])).all()
            values = {row[1] for row in rows}
            one = rows[0]
            other = next((value for value in values if value != one[1]), None)
            if other is None:  # the same in all rows: nothing to take from another
                continue
            changed = update(source.table).where(source.table.c.id == one[0])
            try:
                db.execute(changed.values({name: other}))
            except Exception:  # noqa: BLE001 - a number that another row has already
                continue
            assert list(verify(db, printed)), name
            db.rollback()


def test_a_chain_written_anew_is_found_by_the_printed_root(
    park: Database, printed: list[str]
) -> None:
    """Who can write everything can make all agree, but for what stands on paper."""
    with park.engine.connect() as db:
        before = roots.everything(db)
        changed = select(promises.c.id).limit(1).scalar_subquery()
        db.execute(update(promises).where(promises.c.id == changed).values(broken=9))
        db.execute(delete(chain.entries))
        db.execute(delete(chain.roots))
        while append_entries(db):
            pass
        assert list(verify(db)) == []
        found = list(verify(db, printed))
        assert {finding.damage for finding in found} == {Damage.OTHER_ROOT}
        assert len(found) == len(before)
        db.rollback()


def test_an_event_that_was_put_in_is_found(park: Database, printed: list[str]) -> None:
    with park.engine.connect() as db:
        row = db.execute(select(events).order_by(events.c.id.desc())).mappings().first()
        assert row is not None
        free = db.execute(select(events.c.id).order_by(events.c.id)).scalars().all()
        db.execute(update(events).where(events.c.id == free[10]).values(id=10**6))
        db.execute(events.insert().values({**row, "id": free[10], "text": "从来没说过"}))
        faults = {finding.damage for finding in verify(db, printed)}
        assert Damage.CHANGED in faults
        db.rollback()


def test_what_happens_after_the_root_is_no_fault(park: Database, printed: list[str]) -> None:
    with park.engine.connect() as db:
        row = db.execute(select(events).order_by(events.c.id.desc())).mappings().first()
        assert row is not None
        later = {**row, "id": row["id"] + 1, "at": datetime(2025, 4, 1, tzinfo=UTC)}
        db.execute(events.insert().values(later))
        # The issue moved on, and the chain has not heard of it yet.
        moved = update(issues).where(issues.c.id == row["issue_id"])
        db.execute(moved.values(solve_due=datetime(2025, 4, 2, tzinfo=UTC)))
        assert list(verify(db, printed)) == []
        append_entries(db)
        assert list(verify(db, printed)) == []
        db.rollback()


def test_every_field_of_an_issue_is_chained_or_named_here() -> None:
    assert set(Issue.__dataclass_fields__) == FREE | set(SOURCES[Kind.ISSUE].facts)
