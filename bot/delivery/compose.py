"""Turns what handlers and jobs say into outbox rows, and puts menus before people."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection

from bot.core.days.quiet_hours import next_decent
from bot.core.messages import Option, Say, ToPerson, ToThread
from bot.core.notifications import Quiet, find_notification
from bot.core.park.park import Park
from bot.core.people import Person, Role
from bot.delivery.audience import list_copies
from bot.delivery.sealing import keep_sealed
from bot.texts import Texts
from storage.delivery import outbox, pending, threads
from storage.delivery.heirs import find_heirs
from storage.delivery.outbox import Parcel
from storage.delivery.pending import Question
from storage.delivery.threads import Thread
from storage.people import people

TALKING = timedelta(minutes=30)
"""Who wrote within this time is awake: quiet hours do not hold back what is for them."""
log = structlog.get_logger()


def post(
    db: Connection,
    says: Iterable[Say],
    texts: Texts,
    park: Park,
    now: datetime,
    *,
    because: str,
    writer: Thread | None = None,
    by: int | None = None,
) -> None:
    """Render and put into the outbox. `writer` is the thread of the person being answered, `by`
    that person where several share the thread."""
    said = keep_sealed(db, says)
    others = list_copies(db, said, park, writer, now)
    rows = [
        _row(db, say, thread, texts, park, now, because, writer, by)
        for say in (*said, *others)
        for thread in _recipients(db, say, writer)
    ]
    outbox.add(db, _once(rows))


def show_menu(
    db: Connection, thread: Thread, parcels: Sequence[Parcel], park: Park, now: datetime
) -> None:
    """The last options among these parcels, all for this thread, are what a digit means from now
    on; what they follow closely may be meant too."""
    shown = [parcel for parcel in parcels if parcel.options]
    if shown:
        menu = pending.build_menu(shown[-1], now, now + park.limits.menu)
        before = pending.store_earlier(menu, pending.list_menus(thread))
        threads.change(db, thread.id, menu=menu.to_json(), menu_before=before)


def _once(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Two phones of one person are one place: what was meant for both is said there once."""
    names = ("thread_id", "text", "issue_id", "media_id")
    kept: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        kept.setdefault((*(row[name] for name in names), str(row["options"])), row)
    return list(kept.values())


def _recipients(db: Connection, say: Say, writer: Thread | None) -> list[Thread]:
    """The one rule of where somebody is written to: who is being answered, there; everybody else
    where they last answered (`threads.home`)."""
    if isinstance(say.to, ToThread):
        if writer is not None and writer.id == say.to.id:
            return [writer]
        thread = threads.home(db, threads.get(db, say.to.id))
        return find_heirs(db, thread.former_id or 0) if thread.is_parted else [thread]
    if isinstance(say.to, ToPerson):
        # Nobody's words are dropped because they are on no channel yet: the duty desk hears them.
        return find_heirs(db, say.to.id)
    return threads.of_role(db, Role.OFFICE)


def _find_meant(db: Connection, say: Say, thread: Thread) -> Person | None:
    """Whom words are for that somebody else reads in their stead; None where it is they, or where
    it is another contact of the same firm: they are told of the firm's matter themselves."""
    if isinstance(say.to, ToPerson):
        meant = people.get(db, say.to.id) if thread.person_id != say.to.id else None
    elif isinstance(say.to, ToThread) and say.to.id != thread.id:
        former = threads.get(db, say.to.id).former_id
        meant = people.by_id(db, former) if former != thread.person_id else None
    else:
        return None
    reader = people.by_id(db, thread.person_id) if meant else None
    same = reader and reader.role is Role.CONTACT
    return None if same else meant


def _row(
    db: Connection,
    say: Say,
    thread: Thread,
    texts: Texts,
    park: Park,
    now: datetime,
    because: str,
    writer: Thread | None,
    by: int | None,
) -> dict[str, Any]:
    text, kind = texts.render(say.key, say.values), say.key
    options, expect = say.options, say.expect
    meant = _find_meant(db, say, thread)
    if meant is not None:
        told = {"name": meant.name, "phone": meant.phone, "text": text}
        key = "departure.instead" if meant.has_left else "delivery.instead"
        text = texts.render(key, told)
        if find_notification(kind).to_firm:
            # What an enterprise may answer is not for whoever reads it in its stead.
            kind, options, expect = key, (), None
    answers = writer is not None and thread.id == writer.id
    if expect is not None:
        question = Question(expect, say.issue_id, say.key, now, now + TALKING, by)
        asked = pending.store_questions(_add_question(thread, question, alone=answers))
        threads.change(db, thread.id, expect=asked, issue_id=say.issue_id or thread.issue_id)
    rings = say.urgent and find_notification(say.key).quiet is Quiet.URGENT_PASSES
    return {
        "thread_id": thread.id,
        "text": text,
        "options": [
            _option(n, option, texts, answers=answers) for n, option in enumerate(options, 1)
        ]
        or None,
        "media_id": say.media_id,
        "kind": kind,
        "issue_id": say.issue_id,
        "because": because,
        "urgent": say.urgent,
        "only_while": say.only_while,
        "created_at": now,
        "not_before": now if answers or rings else _decent(thread, park, now),
    }


def _add_question(thread: Thread, asked: Question, *, alone: bool) -> list[Question]:
    """What is asked in answer to the person's own words stands `alone`; what comes unasked stands
    beside what is open. Of those who share a thread each is asked for something of their own."""
    known = [question for question in pending.list_questions(thread) if question.until >= asked.at]
    others = [question for question in known if question.by != asked.by]
    if not alone:
        about = asked.issue_id
        others = [question for question in known if about is None or question.issue_id != about]
    return [*others, asked]


def _option(place: int, option: Option, texts: Texts, *, answers: bool) -> dict[str, Any]:
    kept: dict[str, Any] = {} if option.media_id is None else {"media": str(option.media_id)}
    if answers:
        kept["answer"] = True
    return kept | {
        "digit": str(place if option.digit is None else option.digit),
        "label": texts.render(option.label, option.values),
        "action": option.action.to_json(),
    }


def _decent(thread: Thread, park: Park, now: datetime) -> datetime:
    """Not while they asked to be left alone, nor at night unless they are up and talking."""
    undisturbed = thread.undisturbed_until
    if undisturbed and undisturbed > now:
        return next_decent(undisturbed, park.quiet)
    if thread.heard_at and thread.heard_at > now - TALKING:
        return now
    return next_decent(now, park.quiet)
