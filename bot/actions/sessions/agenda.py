"""Finds everything that may come up at a session and composes its agenda from it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from bot.actions.context import Context
from bot.actions.issues.escalate import responsible
from bot.core.issues.issue import WORKED_ON, Issue, Rung, Status
from bot.core.messages import Say, ToDuty
from bot.core.sessions.agenda import (
    COMES_BACK,
    NOT_TONIGHT,
    Evening,
    Ground,
    Item,
    Matter,
    Outcome,
    compose,
    number_items,
)
from bot.core.sessions.capacity import build_room, count_minutes, fit_evening, list_said_waits
from bot.core.sessions.order import merge_items
from bot.core.sessions.promises import Promise
from bot.core.sessions.session import TO_COME, TOOK_PLACE, Coming, Session, Way
from storage.leaders import decisions
from storage.people import people
from storage.sessions import agenda, promises, sessions

HEARD = frozenset({Coming.COMING, Coming.INVITED})
URGED = 2
"""An enterprise that has urged so often is not heard by other means."""


@dataclass(frozen=True)
class _Past:
    """What an earlier session says of a matter: its last item, how often it came up, and how many
    sessions it may still wait, None where nothing was said of that."""

    last: Item
    seen: int
    returns: bool
    wait: int | None = None


def compose_agenda(context: Context, session: Session) -> list[Item]:
    """The session's agenda as of now, written down, never longer than the evening; the order that
    the office gave it stays."""
    sessions.get(context.db, session.id)  # one at a time: two who look would both add what is new
    return agenda.write(context.db, session.id, preview_agenda(context, session))


def add_late(context: Context, session: Session) -> list[Item]:
    """The agenda of a session that has begun, behind it what somebody came for since, as far as the
    evening still holds it. Nothing else moves."""
    kept = agenda.of_session(context.db, session.id)
    there = {item.matter for item in kept if item.outcome not in NOT_TONIGHT}
    late = [
        item
        for item in preview_agenda(context, session)
        if item.came and item.outcome is Outcome.OPEN and item.matter not in there
    ]
    left = build_room(context.park.sessions, session).minutes - count_minutes(kept)
    known = {item.matter for item in late if (left := left - item.minutes) >= 0}
    if not known:
        return kept
    behind = [item for item in late if item.matter in known]
    others = [item for item in kept if item.matter not in known]
    return agenda.write(context.db, session.id, number_items([*others, *behind]))


def preview_agenda(context: Context, session: Session) -> tuple[Item, ...]:
    """The same, only looked at."""
    evening = Evening(
        session.starts_at, session.theme, session.category, context.park.sessions.boxes
    )
    found = matters(context, session)
    fresh = compose(evening, found)
    kept = agenda.of_session(context.db, session.id)
    room = build_room(context.park.sessions, session)
    due = [matter.key for matter in found if matter.due and matter.due <= session.starts_at]
    return fit_evening(merge_items(kept, fresh), room, fresh, due, list_said_waits(kept))


def matters(context: Context, session: Session) -> list[Matter]:
    """Everything that may come up: open promises, what returns, open issues, sign-ups, what the
    office added."""
    past = _past(context, session)
    owed = [
        promise for promise in promises.open_ones(context.db) if promise.session_id != session.id
    ]
    covered = {issue for promise in owed for issue in promise.issues}
    open_now = {
        open_issue.id: open_issue
        for open_issue in agenda.open_issues(context.db)
        if open_issue.id not in covered
    }
    found = [*_list_promise_matters(owed, past), *_whole(context, session, past, open_now)]
    found += _list_invited_topics(context, session, {found_matter.key for found_matter in found})
    taken = {issue for found_matter in found for issue in found_matter.issues}
    signed = _collect_signed_issues(context, session)
    sent = decisions.list_sent_issues(context.db, session.id)
    for issue in open_now.values():
        # Nobody has said yet that what waits to be verified is a matter at all.
        if issue.id not in taken and not issue.unverified:
            matter = _of_issue(context, issue, past.get(f"issue:{issue.id}"))
            by = sent.get(issue.id, "")
            found.append(replace(matter, signed=issue.id in signed, sent=by))
    return found


def _past(context: Context, session: Session) -> dict[str, _Past]:
    found: dict[str, _Past] = {}
    over = [gone.id for gone in sessions.everything(context.db) if gone.stage not in TO_COME]
    later = {session_id: len(over) - place for place, session_id in enumerate(over)}
    for item, stage in agenda.before(context.db, session):
        if stage in TO_COME:
            continue
        known = found.get(item.matter)
        came_up = stage in TOOK_PLACE and item.outcome not in NOT_TONIGHT
        seen = (known.seen if known else 0) + came_up
        wait = None
        if item.wait is not None and not came_up and item.outcome is not Outcome.GONE:
            wait = max(item.wait - later[item.session_id], 0)
        found[item.matter] = _Past(item, seen, item.outcome in COMES_BACK, wait)
    return found


def _list_promise_matters(owed: Iterable[Promise], past: dict[str, _Past]) -> Iterator[Matter]:
    for promise in owed:
        key = f"promise:{promise.id}"
        yield Matter(
            key=key,
            title=f"{promise.who} {promise.what}",
            at=promise.made_at,
            issues=promise.issues,
            firms=promise.firms,
            promise_id=promise.id,
            due=promise.due,
            owner_id=promise.person_id,
            department_id=promise.department_id,
            seen=past[key].seen if key in past else 0,
            wait=past[key].wait if key in past else None,
        )


def _whole(
    context: Context, session: Session, past: dict[str, _Past], open_now: dict[int, Issue]
) -> Iterator[Matter]:
    """What is more than one issue or none: a theme that returns, topics of the office."""
    for key, known in past.items():
        if known.returns and key.startswith("theme:"):
            about = key.removeprefix("theme:")
            mine = [
                issue
                for issue in open_now.values()
                if issue.id in known.last.issues or issue.category == about
            ]
            if mine:
                firms = sorted({issue.enterprise_id for issue in mine if issue.enterprise_id})
                yield replace(
                    _again(context, known),
                    issues=tuple(issue.id for issue in mine),
                    firms=tuple(firms),
                )
        elif known.returns and key.startswith("topic:"):
            yield _again(context, known)
    for item in agenda.of_session(context.db, session.id):
        if item.ground is Ground.ADDED and item.outcome is not Outcome.GONE:
            yield Matter(key=item.matter, title=item.title, at=context.now, added=True)


def _list_invited_topics(context: Context, session: Session, known: set[str]) -> Iterator[Matter]:
    """What a firm was asked to speak of, as long as it has brought no issue of its own."""
    for seat in sessions.seats_of(context.db, session.id):
        key = f"topic:{session.number}-firm{seat.enterprise_id}"
        heard = seat.coming in HEARD and seat.enterprise_id is not None
        if heard and seat.topic and not seat.issues and key not in known:
            assert seat.enterprise_id is not None, "just looked"
            firms = (seat.enterprise_id,)
            yield Matter(key=key, title=seat.topic, at=context.now, firms=firms, signed=True)


def _again(context: Context, known: _Past) -> Matter:
    last = known.last
    return Matter(
        key=last.matter,
        title=last.title,
        at=context.now,
        issues=last.issues,
        firms=last.firms,
        owner_id=last.owner_id,
        department_id=last.department_id,
        seen=known.seen,
        returns=True,
        wait=known.wait,
    )


def _of_issue(context: Context, issue: Issue, known: _Past | None) -> Matter:
    return Matter(
        key=f"issue:{issue.id}",
        title=issue.title,
        at=issue.filed_at,
        issues=(issue.id,),
        firms=(issue.enterprise_id,) if issue.enterprise_id else (),
        owner_id=issue.owner_id,
        department_id=department_of(context, issue),
        category=issue.category,
        weight=weight(context, issue),
        seen=known.seen if known else 0,
        returns=bool(known and known.returns),
        wait=known.wait if known else None,
        settled=issue.status not in WORKED_ON,
    )


def weight(context: Context, issue: Issue) -> int:
    """How serious an issue is: urgent, climbed, overdue, urged; 0 is none of these."""
    late = context.now > issue.solve_due and issue.paused_at is None
    return 8 * issue.urgent + 2 * issue.rung.height + late + (issue.urged >= URGED)


def department_of(context: Context, issue: Issue) -> int | None:
    """The registered department that should attend: its owner's, else of the ladder, else of the
    category."""
    owner = people.by_id(context.db, issue.owner_id)
    if owner is not None and owner.department_id is not None:
        return owner.department_id
    person = next(responsible(context, issue, Rung.DEPARTMENT), None)
    if person is not None:
        return person.department_id
    category = context.learning.taxonomy.by_name(issue.category)
    known = people.department_named(context.db, category.department) if category else None
    return known.id if known else None


def _collect_signed_issues(context: Context, session: Session) -> set[int]:
    """Issues of those who come, or who wrote; for what was merged the issue that it went to."""
    signed = {
        issue
        for seat in sessions.seats_of(context.db, session.id)
        if seat.coming in HEARD or seat.way is Way.WRITTEN
        for issue in seat.issues
    }
    found = agenda.issues_by_id(context.db, signed).values()
    return {issue.merged_into or issue.id for issue in found}


def list_withdrawn(context: Context, items: Iterable[Item]) -> set[int]:
    """The ids of items that nobody needs to hear any more: nothing was said of them yet, and all
    their issues were withdrawn, or are dealt with as others."""
    waiting = [item for item in items if item.issues and item.outcome is Outcome.OPEN]
    ids = {issue for item in waiting for issue in item.issues}
    gone = {
        issue.id
        for issue in agenda.issues_by_id(context.db, ids).values()
        if issue.status is Status.WITHDRAWN or issue.merged_into is not None
    }
    return {item.id for item in waiting if gone.issuperset(item.issues)}


def tell_of_withdrawal(context: Context, issue: Issue) -> list[Say]:
    """While a session is held that has it on its agenda, the clerk reads that it is off."""
    held = sessions.find_current_session(context.db)
    if held is None:
        return []
    items = agenda.of_session(context.db, held.id)
    gone = list_withdrawn(context, items)
    return [
        Say(ToDuty(), "agenda.withdrawn", {"place": item.place, "title": item.title})
        for item in items
        if item.id in gone and issue.id in item.issues
    ]
