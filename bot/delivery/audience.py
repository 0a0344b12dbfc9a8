"""Who else hears what is said of an issue: its helpers, who stands in for an absent person, and the
issue's room. Whom a thing said concerns stands in `bot.core.notifications`."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Connection

from bot.actions.issues.assign import find_stand_in
from bot.actions.issues.cards import staff_verbs
from bot.core.issues.issue import OVER, Issue, build_action
from bot.core.messages import Address, Line, Option, Say, ToPerson, ToThread
from bot.core.notifications import Party, find_notification
from bot.core.park.park import Park
from storage.delivery.threads import Thread
from storage.issues import helpers, issues, rooms
from storage.issues.rooms import Room
from storage.people import absences, people


def list_copies(
    db: Connection,
    says: Sequence[Say],
    park: Park,
    writer: Thread | None,
    now: datetime,
) -> list[Say]:
    """The same words for others whom they concern. `writer` is the thread that set them off."""
    return [
        *_copy_to_people(db, says, park.local(now).date()),
        *_copy_to_rooms(db, says, park, writer),
    ]


def _copy_to_people(db: Connection, says: Sequence[Say], day: date) -> Iterator[Say]:
    """Each issue once for each person."""
    told = {
        (original.to.id, original.issue_id)
        for original in says
        if isinstance(original.to, ToPerson)
    }
    for say in says:
        if say.issue_id is None:
            continue
        for copy in (*_to_helpers(db, say), *_to_stand_in(db, say, day)):
            assert isinstance(copy.to, ToPerson)
            if (copy.to.id, say.issue_id) not in told:
                told.add((copy.to.id, say.issue_id))
                yield copy


def _to_helpers(db: Connection, say: Say) -> Iterator[Say]:
    if Party.HELPERS not in find_notification(say.key).copies:
        return
    for helper in helpers.helpers(db, say.issue_id or 0):
        words = {"text": Line(say.key, say.values)}
        yield Say(ToPerson(helper.id), "assist.copy", words, issue_id=say.issue_id)


def _to_stand_in(db: Connection, say: Say, day: date) -> Iterator[Say]:
    concerns = Party.STAND_IN in find_notification(say.key).copies
    if not isinstance(say.to, ToPerson) or not concerns:
        return
    issue = issues.get(db, say.issue_id or 0)
    if issue.sealed is not None:
        return
    person = people.get(db, say.to.id)
    away = absences.away_on(db, day)
    if person.has_left:
        to = issue.offered_to
    elif say.to.id in away:
        to = find_stand_in(db, away, say.to.id, people.enterprise(db, issue.enterprise_id))
    else:
        return
    if to is None:
        return
    take = Option("options.take", build_action("take", issue))
    words = {"name": person.name, "text": Line(say.key, say.values)}
    yield Say(
        ToPerson(to),
        "departure.copy" if person.has_left else "absence.copy",
        words,
        (take,) if issue.offered_to == to else (),
        say.issue_id,
        urgent=say.urgent,
        only_while=say.only_while,
    )


def _copy_to_rooms(
    db: Connection, says: Sequence[Say], park: Park, writer: Thread | None
) -> Iterator[Say]:
    """One message for the room of each issue concerned; none for the room in which they were set
    off. Then whether the room is closed or open again.

    A room is made when there is first something to say in it.
    """
    if park.staff_group is None:
        return
    for issue_id, told in _group_by_issue(says).items():
        issue = issues.get(db, issue_id)
        if issue.sealed is not None:
            continue
        room = _find_room(db, park.staff_group, issue)
        if room is None:
            continue
        if told and (writer is None or writer.id != room.thread_id):
            yield _to_room(told, room, issue)
        yield from _tell_door(db, room, issue)


def _group_by_issue(says: Sequence[Say]) -> dict[int, Say | None]:
    """Of each issue the words that say most to colleagues, if any."""
    found: dict[int, Say | None] = {}
    for say in says:
        if say.issue_id is not None:
            best = found.get(say.issue_id)
            found[say.issue_id] = say if _weigh(say) > _weigh(best) else best
    return found


def _weigh(say: Say | None) -> int:
    """What a holder hears says more to colleagues than what the enterprise does."""
    notification = find_notification(say.key) if say else None
    if notification is None or Party.ROOM not in notification.copies:
        return 0
    return 1 if notification.to_firm else 2


def _find_room(db: Connection, group: Address, issue: Issue) -> Room | None:
    known = rooms.by_issue(db, issue.id)
    if known is not None or issue.status in OVER:
        return known
    return rooms.add(db, Address(group.channel, f"{group.user}/{issue.number}"), issue.id)


def _to_room(say: Say, room: Room, issue: Issue) -> Say:
    to = ToThread(room.thread_id)
    if not find_notification(say.key).to_firm:
        return replace(say, to=to, expect=None)
    options = tuple(
        Option(f"options.{verb}", build_action(verb, issue)) for verb in staff_verbs(issue)
    )
    words = {"text": Line(say.key, say.values)}
    return Say(to, "room.copy", words, options, issue.id, media_id=say.media_id)


def _tell_door(db: Connection, room: Room, issue: Issue) -> Iterator[Say]:
    over = issue.status in OVER
    if over == room.closed:
        return
    rooms.close(db, room, closed=over)
    told = {"number": issue.number, "status": issue.status}
    key = "room.closed" if over else "room.open_again"
    yield Say(ToThread(room.thread_id), key, told, issue_id=issue.id)
