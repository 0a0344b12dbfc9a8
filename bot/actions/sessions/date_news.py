"""Tells that a session's date has changed: of a chain of moves, to each only what is still unsaid.

Words that name a date carry it as their condition (`bind_to_date`): what has not left when the
session is moved or cancelled never does, and what follows it tells the difference to what the
person knows.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.actions.context import Context
from bot.actions.sessions.views import session_facts, session_options
from bot.core.messages import Line, Say, ToThread
from bot.core.sessions.notice_dates import NoticeDate, build_prefix, read_notice_date
from bot.core.sessions.session import Coming, Session, Way
from storage.delivery import outbox, threads
from storage.people import people
from storage.sessions import sessions

INVITATION = "session.invitation"
MOVED = "session.moved"
ANNOUNCED = "session.extra"


@dataclass(frozen=True)
class Unsaid:
    """What was stopped before it left, by thread: the date that somebody still believes in, who has
    not read that they are invited, and where nobody has read that there is one more session."""

    believed: Mapping[int, datetime]
    uninvited: frozenset[int]
    unannounced: frozenset[int]


def bind_to_date(session: Session, says: Iterable[Say]) -> list[Say]:
    """The same words, which are dropped once the session is on another date."""
    condition = NoticeDate(session.id, session.starts_at).text
    return [replace(say, only_while=condition) for say in says]


def withdraw_words(context: Context, session: Session) -> Unsaid:
    """Stop what names the session's date and has not left yet."""
    stopped = outbox.withdraw(context.db, build_prefix(session.id), context.now)
    believed: dict[int, datetime] = {}
    for parcel in stopped:
        date = read_notice_date(parcel.only_while)
        if parcel.kind == MOVED and date is not None and date.before is not None:
            believed.setdefault(parcel.thread_id, date.before)
    asked, announced = (
        frozenset(parcel.thread_id for parcel in stopped if parcel.kind == kind)
        for kind in (INVITATION, ANNOUNCED)
    )
    return Unsaid(believed, asked, announced)


def tell_move(context: Context, old: Session, new: Session, concerned: Iterable[int]) -> list[Say]:
    """Everybody in these threads hears the new date and the one that they know; who knows the new
    one already hears nothing, who was never asked is asked for the new one."""
    unsaid = withdraw_words(context, old)
    facts = session_facts(context, new, "update")
    says = []
    for thread_id in concerned:
        home = _find_home(context, thread_id)
        if home in unsaid.uninvited:
            says += _invite_thread(context, new, thread_id)
            continue
        if home in unsaid.unannounced:
            told = Say(ToThread(thread_id), ANNOUNCED, session_facts(context, new))
            says += bind_to_date(new, [told])
            continue
        before = unsaid.believed.get(home, old.starts_at)
        if before != new.starts_at:
            only_while = NoticeDate(new.id, new.starts_at, before).text
            card = {**facts, "before": before}
            says.append(Say(ToThread(thread_id), MOVED, card, only_while=only_while))
    return says


def tell_cancellation(
    context: Context,
    gone: Session,
    following: Session | None,
    card: Mapping[str, object],
    concerned: Iterable[int],
) -> list[Say]:
    """Everybody in these threads hears that the date they know is off; who was never asked to it is
    asked to the following one."""
    unsaid = withdraw_words(context, gone)
    says = []
    for thread_id in concerned:
        home = _find_home(context, thread_id)
        if home in unsaid.uninvited:
            says += _invite_thread(context, following, thread_id) if following else []
        if home in unsaid.uninvited | unsaid.unannounced:
            continue
        known = unsaid.believed.get(home, gone.starts_at)
        says.append(Say(ToThread(thread_id), "session.cancelled", {**card, "starts_at": known}))
    return says


def _invite_thread(context: Context, session: Session, thread_id: int) -> list[Say]:
    """The firm behind a thread is asked to a session, in the name of whoever asked it."""
    person = people.by_id(context.db, threads.get(context.db, thread_id).person_id)
    firm = person.enterprise_id if person else None
    seat = sessions.seat_of(context.db, session.id, enterprise_id=firm) if firm else None
    if seat is None or seat.coming is not Coming.INVITED or seat.way is not Way.NAMED:
        return []
    enterprise = people.enterprise(context.db, seat.enterprise_id)
    assert enterprise is not None, "only firms are asked by name"
    by = people.by_id(context.db, _find_inviter(context, enterprise.name))
    card = {
        **session_facts(context, session),
        "enterprise": enterprise.name,
        "by": by.name if by else None,
        "topic": Line("session.topic", {"topic": seat.topic}) if seat.topic else None,
        "agenda_place": None,
    }
    options = session_options(context, session, "sign_up", "stay_away")
    return bind_to_date(session, [Say(ToThread(thread_id), INVITATION, card, options)])


def _find_inviter(context: Context, firm: str) -> int | None:
    acts = sessions.history(context.db)
    return next(
        (act.person_id for act in reversed(acts) if act.act == "invite" and act.text == firm), None
    )


def _find_home(context: Context, thread_id: int) -> int:
    """Where what is said to a thread goes."""
    return threads.home(context.db, threads.get(context.db, thread_id)).id
