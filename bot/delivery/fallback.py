"""What becomes of words that a thread does not take: another phone of the person, waiting, or a
call by whoever can pick up a phone."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from bot.channels.base import Channel, Undeliverable
from bot.core.issues.issue import Issue
from bot.core.messages import Line, Say, ToDuty, ToPerson
from bot.core.notifications import find_notification
from bot.core.people import Role
from storage import once
from storage.delivery import outbox, pending, threads
from storage.delivery.outbox import Parcel
from storage.delivery.threads import Thread
from storage.issues import issues, rooms
from storage.people import people

LEFT = "delivery.left"
"""They have left or blocked us; who comes back finds what was said meanwhile."""
NOTICED = "delivery.noticed"
"""A short notice has arrived instead; the whole words wait. Nobody need make a call."""
GONE_FROM = frozenset({LEFT, "delivery.unknown_person", "delivery.no_channel", "wecom.not_allowed"})
"""Reasons that lie in this phone, not in the words: another one may take them."""


def elsewhere(
    db: Connection,
    parcels: Sequence[Parcel],
    trouble: Undeliverable,
    channels: Mapping[str, Channel],
) -> bool:
    """Whether the words go on to the person's next phone, which then is where they are written to.

    Only ever down the list of their phones: what no phone takes comes to rest at the last one.
    """
    gone = trouble.reason in GONE_FROM
    if not gone and (not trouble.hold or trouble.reason == NOTICED):
        return False
    thread = threads.get(db, parcels[0].thread_id)
    other = _next(db, thread, channels)
    if other is None:
        return False
    outbox.readdress(db, [parcel.id for parcel in parcels], other.id)
    about = {parcel.issue_id for parcel in parcels}
    asked = [question for question in pending.list_questions(thread) if question.issue_id in about]
    if asked:
        # What we wait for them to say they will say there.
        issue_id = asked[-1].issue_id
        questions = pending.store_questions(asked)
        threads.change(db, other.id, expect=questions, issue_id=issue_id)
    return True


def aloud(db: Connection, parcel: Parcel, reason: str, now: datetime) -> list[Say]:
    """未送达, to whoever can pick up a phone: the liaison and the duty desk, with the number."""
    if find_notification(parcel.kind).reports_failure or reason == NOTICED:
        return []  # the news of a failure failed too: the log and `outbox` still show it
    thread = threads.get(db, parcel.thread_id)
    person = people.by_id(db, thread.person_id)
    issue = issues.get(db, parcel.issue_id) if parcel.issue_id else None
    if issue is not None and issue.sealed is not None:
        return _tell_sealed_failure(db, issue, thread, reason)
    if rooms.by_thread(db, thread.id):
        return _shut_out(db, issue, reason, now)
    if person is None and thread.heard_at is None:  # a group: nobody ever wrote to us from it
        lost = {"reason": Line(reason), "text": parcel.text}
        return [Say(ToDuty(), "delivery.group_failed", lost)]
    told = {
        "number": issue.number if issue else None,
        "reason": Line(reason),
        "name": person.name if person else Line("people.stranger"),
        "phone": person.phone if person else None,
        "text": parcel.text,
    }
    to_duty = Say(ToDuty(), "delivery.failed", told, issue_id=parcel.issue_id)
    owner = people.by_id(db, issue.owner_id) if issue and issue.owner_id else None
    if owner is None or owner.role is Role.OFFICE or owner.id == thread.person_id:
        return [to_duty]
    return [Say(ToPerson(owner.id), "delivery.failed", told, issue_id=parcel.issue_id), to_duty]


def _tell_sealed_failure(db: Connection, issue: Issue, thread: Thread, reason: str) -> list[Say]:
    """Of a sealed matter the duty desk hears the number, its reader that the writer was not
    reached: no words, and not whose."""
    told = {"number": issue.number, "reason": Line(reason)}
    says = [Say(ToDuty(), "sealed.duty_failed", told, issue_id=issue.id)]
    if issue.owner_id is not None and issue.owner_id != thread.person_id:
        says.append(Say(ToPerson(issue.owner_id), "sealed.failed", told, issue_id=issue.id))
    return says


def _shut_out(db: Connection, issue: Issue | None, reason: str, now: datetime) -> list[Say]:
    """A room takes no words. Nobody misses them, who is concerned has them too: once a day is
    enough."""
    if not once.claim(db, f"room:failed:{now.date()}", now):
        return []
    told = {"number": issue.number if issue else None, "reason": Line(reason)}
    return [Say(ToDuty(), "room.failed", told)]


def _next(db: Connection, thread: Thread, channels: Collection[str]) -> Thread | None:
    if thread.person_id is None:
        return None
    mine = threads.live(db, thread.person_id)
    places = [candidate.id for candidate in mine]
    after = mine[places.index(thread.id) + 1 :] if thread.id in places else mine
    return next((candidate for candidate in after if candidate.address.channel in channels), None)
