"""What is said about an issue is said in its room too, where all colleagues follow it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlalchemy import Connection

from bot.actions.issues.cards import staff_verbs
from bot.core.issues.issue import OVER, Issue, build_action
from bot.core.messages import Address, Line, Option, Say, ToThread
from bot.core.park.park import Park
from bot.texts import Texts
from storage.delivery.threads import Thread
from storage.issues import issues, rooms
from storage.issues.rooms import Room

OF_STAFF, OF_FIRM = ("notice.",), ("news.", "result.")
"""What holders hear of an issue, and what its enterprise hears."""
PERSONAL = frozenset({"notice.remind"})
"""What concerns nobody but the one who is told."""


def echoes(
    db: Connection, says: Sequence[Say], texts: Texts, park: Park, writer: Thread | None
) -> Iterator[Say]:
    """The same words for the rooms of the issues concerned, one message each; none for the room
    in which they were set off. Then whether the room is closed or open again.

    A room is made when there is first something to say in it.
    """
    if park.staff_group is None:
        return
    for issue_id, told in _by_issue(says).items():
        issue = issues.get(db, issue_id)
        room = _room(db, park.staff_group, issue)
        if room is None:
            continue
        if told and (writer is None or writer.id != room.thread_id):
            yield _echo(told, room, issue, texts)
        yield from _door(db, room, issue)


def _by_issue(says: Sequence[Say]) -> dict[int, Say | None]:
    """Of each issue the words that say most to colleagues, if any."""
    found: dict[int, Say | None] = {}
    for say in says:
        if say.issue_id is not None:
            best = found.get(say.issue_id)
            found[say.issue_id] = say if _worth(say) > _worth(best) else best
    return found


def _worth(say: Say | None) -> int:
    if say is None or say.key in PERSONAL:
        return 0
    return 2 if say.key.startswith(OF_STAFF) else int(say.key.startswith(OF_FIRM))


def _room(db: Connection, group: Address, issue: Issue) -> Room | None:
    known = rooms.by_issue(db, issue.id)
    if known is not None or issue.status in OVER:
        return known
    return rooms.add(db, Address(group.channel, f"{group.user}/{issue.number}"), issue.id)


def _echo(say: Say, room: Room, issue: Issue, texts: Texts) -> Say:
    to = ToThread(room.thread_id)
    if say.key.startswith(OF_STAFF):
        return replace(say, to=to, expect=None)
    options = tuple(
        Option(f"options.{verb}", build_action(verb, issue)) for verb in staff_verbs(issue)
    )
    words = {"text": Line(say.key, say.values)}
    return Say(to, "room.copy", words, options, issue.id, media_id=say.media_id)


def _door(db: Connection, room: Room, issue: Issue) -> Iterator[Say]:
    over = issue.status in OVER
    if over == room.closed:
        return
    rooms.close(db, room, closed=over)
    told = {"number": issue.number, "status": issue.status}
    key = "room.closed" if over else "room.open_again"
    yield Say(ToThread(room.thread_id), key, told, issue_id=issue.id)
