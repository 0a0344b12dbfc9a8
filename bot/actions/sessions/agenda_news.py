"""Tells once whom it concerns what comes up after all, and what does not: 排不下, 换下, 又排上了.

Nothing is said before an agenda is out; from then on each change is said when it is made.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from bot.actions.context import Context
from bot.actions.sessions.agenda import add_late, compose_agenda
from bot.actions.sessions.agenda_card import WAITING, build_until
from bot.actions.sessions.date_news import bind_to_date
from bot.actions.sessions.views import session_facts
from bot.core.messages import Line, Recipient, Say, ToPerson, ToThread
from bot.core.sessions.agenda import NOT_TONIGHT, Item, Outcome, Told, hours_of, on_agenda
from bot.core.sessions.session import TO_COME, Coming, Seat, Session, Way
from storage.delivery import threads
from storage.people import people
from storage.sessions import agenda, sessions


def update_agenda(context: Context, session: Session) -> list[Say]:
    """The agenda as of now, where it is out; whoever heard another one, or none, hears it. Of one
    that has begun, only what somebody came late for is new."""
    if session.published_at is None:
        return []
    begun = session.stage not in TO_COME
    items = (add_late if begun else compose_agenda)(context, session)
    return tell_changes(context, session, items)


def tell_changes(context: Context, session: Session, items: Sequence[Item]) -> list[Say]:
    """What has changed since it was told, one message to each whom it concerns."""
    news = [item for item in items if _is_news(item)]
    lines: dict[Recipient, list[Line]] = defaultdict(list)
    times = {item.matter: at for item, at in hours_of(items, session.starts_at)}
    for item in news:
        until = build_until(context, session, item) if item.outcome in WAITING else None
        told = {"title": item.title, "at": times.get(item.matter), "until": until}
        line = Line(f"agenda.news_{item.outcome}", told)
        for to in _list_concerned(context, session, item):
            lines[to].append(line)
    _write_told(context, items)
    facts = session_facts(context, session)
    firms = {to for to in lines if isinstance(to, ToThread)}
    says = [
        Say(
            to,
            "agenda.changed" if to in firms else "agenda.changed_notice",
            {**facts, "lines": tuple(found)},
        )
        for to, found in lines.items()
    ]
    return [*says, *invite_firms(context, session, items)]


def invite_firms(context: Context, session: Session, items: Sequence[Item]) -> list[Say]:
    """A firm whose matter comes up, and that nobody has asked, is asked once whether it comes."""
    known = {seat.enterprise_id for seat in sessions.seats_of(context.db, session.id)}
    firms = {firm for item in on_agenda(items) for firm in item.firms} - known
    return [say for firm in sorted(firms) for say in _invite(context, session, items, firm)]


def _invite(context: Context, session: Session, items: Sequence[Item], firm: int) -> Iterator[Say]:
    enterprise = people.enterprise(context.db, firm)
    found = threads.of_enterprise(context.db, firm)
    if enterprise is None or enterprise.has_left or not found:
        return
    sessions.add_seat(context.db, Seat(0, session.id, Way.MATTER, Coming.INVITED, firm))
    mine = [
        Line("agenda.own", {"place": item.place, "at": at, "title": item.title})
        for item, at in hours_of(items, session.starts_at)
        if firm in item.firms
    ]
    # Without digits: those are for what this firm is asked about its matters, 已解决 and the like.
    told = {**session_facts(context, session), "lines": tuple(mine)}
    says = (Say(ToThread(thread.id), "agenda.invitation", told) for thread in found)
    yield from bind_to_date(session, says)


def _is_news(item: Item) -> bool:
    if item.outcome in WAITING:
        return item.told is not Told.NOT
    return item.outcome is Outcome.OPEN and item.told is Told.NOT


def _write_told(context: Context, items: Iterable[Item]) -> None:
    for item in items:
        told = Told.NOT if item.outcome in NOT_TONIGHT else Told.ON
        if item.outcome is not Outcome.GONE and item.told is not told:
            agenda.save(context.db, replace(item, told=told))


def _list_concerned(context: Context, session: Session, item: Item) -> list[Recipient]:
    """Whoever holds the matter; the firms that said they come, or were told that it comes up; the
    department that was asked to come for it."""
    found: list[Recipient] = [ToPerson(item.owner_id)] if item.owner_id else []
    heard = item.told is not Told.NOTHING
    for firm in item.firms:
        seat = sessions.seat_of(context.db, session.id, enterprise_id=firm)
        if heard or (seat is not None and seat.coming is not Coming.AWAY):
            found += [ToThread(thread.id) for thread in threads.of_enterprise(context.db, firm)]
    if heard and item.department_id is not None:
        seat = sessions.seat_of(context.db, session.id, department_id=item.department_id)
        if seat is not None and seat.person_id is not None:
            found.append(ToPerson(seat.person_id))
    return list(dict.fromkeys(found))
