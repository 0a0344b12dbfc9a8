"""A conversation is read back as its phone shows it, on both databases."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.core.messages import Address, Content, Incoming, Kind, Media
from storage.database import Database
from storage.delivery import messages, outbox, threads, timeline
from storage.delivery.threads import Thread
from storage.media import media
from tests.delivery import outbox_rows

NOON = datetime(2024, 10, 14, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
FIRM, STAFF = Address("local", "hengyu"), Address("local", "zhao")


def _hear(db: Connection, key: str, at: datetime, item: Media | None = None) -> Thread:
    thread = threads.mark_heard(db, FIRM, at)
    kept = media.keep(db, "local", item, at) if item else None
    content = Content(Kind.IMAGE if item else Kind.TEXT, "" if item else key, item)
    incoming = Incoming(key=key, address=FIRM, content=content, sent_at=at)
    messages.keep(db, incoming, thread.id, at, media_id=kept)
    return thread


def _tell(db: Connection, thread: Thread, text: str, at: datetime, **more: Any) -> None:
    values = {"text": text, "kind": "test", "because": "k", "created_at": at, "not_before": at}
    outbox.add(db, [{"thread_id": thread.id, "options": None, **values, **more}])


def test_what_was_said_by_a_moment(database: Database) -> None:
    with database.write() as db:
        thread = _hear(db, "first", NOON)
        _hear(db, "second", LATER, Media(path="a.png", mime="image/png"))
        _tell(db, thread, "early", NOON, sent_at=NOON)
        _tell(db, thread, "late", NOON, sent_at=LATER)
        _tell(db, thread, "on its way", NOON)
        for why in ("undone", "stale", "bundled"):
            _tell(db, thread, "withheld", NOON, gave_up_at=NOON, error=why)
        other = threads.open_thread(db, STAFF, None)
        _tell(db, other, "for somebody else", NOON, sent_at=NOON)
    with database.read() as db:
        assert [message.key for message in timeline.list_heard(db, thread.id, NOON, 9)] == ["first"]
        assert [message.mime for message in timeline.list_heard(db, thread.id, LATER, 9)] == [
            "",
            "image/png",
        ]
        assert [message.key for message in timeline.list_heard(db, thread.id, LATER, 1)] == [
            "second"
        ]
        assert [entry.parcel.text for entry in timeline.list_told(db, thread, NOON, 9)] == ["early"]
        assert [entry.parcel.text for entry in timeline.list_told(db, thread, LATER, 1)] == ["late"]
        assert [entry.parcel.text for entry in timeline.under_way(db, thread, 9)] == ["on its way"]
        assert timeline.after(db, thread.id, NOON) == (2, LATER)
        assert timeline.after(db, thread.id, LATER) == (0, None)
        assert timeline.latest(db) is None
        assert timeline.progress(db, []) == {}


def test_the_mark_changes_with_every_change(database: Database) -> None:
    marks = []

    def note(db: Connection) -> None:
        marks.append(timeline.mark(db))

    with database.write() as db:
        note(db)
        thread = _hear(db, "first", NOON)
        note(db)
        _tell(db, thread, "words", NOON)
        note(db)
        [parcel] = outbox_rows.claim(db, NOON, timedelta(minutes=1), 9)
        outbox.put_off(db, [parcel.id], LATER, "slow")
        note(db)
        outbox.hold(db, [parcel.id], NOON, "shut")
        note(db)
        outbox.mark_sent(db, [parcel.id], LATER)
        note(db)
        assert timeline.mark(db) == marks[-1]
    assert len(set(marks)) == len(marks)
