"""What the clock says of promises: asked back within a quarter of an hour, reminded, overdue."""

from collections.abc import Sequence
from dataclasses import replace

from bot.actions.sessions.promises import (
    answer_issues,
    answer_options,
    build_voucher_line,
    promise_facts,
)
from bot.core.messages import Line, Say, ToDuty, ToPerson, ToThread
from bot.core.people import Role
from bot.core.sessions.promises import Bell, Kept, Promise, next_bell, rung
from schedules.tick import Tick
from storage.delivery import threads
from storage.people import people
from storage.sessions import agenda, promises, sessions


def sweep_promises(tick: Tick) -> Sequence[Say]:
    """Everything that has come, each once; one enterprise's new promises are one message."""
    due = promises.due(tick.db, tick.now)
    moot = promises.list_moot(tick.db, due)
    # Of what its enterprise has withdrawn nobody hears; should it be taken up again, it goes on.
    ringing = [
        (promise, [] if promise.id in moot else rung(promise, tick.park, tick.now))
        for promise in due
    ]
    if not ringing:
        return ()
    fresh = _with_siblings(tick, [promise for promise, bells in ringing if Bell.ASK in bells])
    says = _ask_enterprises(tick, fresh)
    ringing += [
        (promise, []) for promise in fresh if all(promise.id != other.id for other, _ in ringing)
    ]
    for promise, bells in ringing:
        later = [bell for bell in bells if bell is not Bell.ASK]
        if later:
            says += _SPEAK[later[-1]](tick, promise)
        says += _mark_spoken(tick, promise, told=promise in fresh)
    return says


def _with_siblings(tick: Tick, asked: Sequence[Promise]) -> list[Promise]:
    """What was promised to the same firms meanwhile goes along, unless it may still be undone."""
    firms = {firm for promise in asked for firm in promise.firms}
    known = {promise.id for promise in asked}
    undone = tick.now - tick.park.limits.undo_within
    more = [
        promise
        for promise in promises.open_ones(tick.db)
        if promise.id not in known and promise.told_at is None and promise.made_at <= undone
        if firms & set(promise.firms)
    ]
    return sorted([*asked, *more], key=lambda one: (one.session_id, one.serial))


def _ask_enterprises(tick: Tick, fresh: Sequence[Promise]) -> list[Say]:
    """Each enterprise gets its own, numbered."""
    says = []
    codes = {promise.id: build_voucher_line(tick, promise) for promise in fresh}
    for firm in sorted({firm for promise in fresh for firm in promise.firms}):
        mine = [promise for promise in fresh if firm in promise.firms]
        lines = tuple(
            Line("promise.line", {**promise_facts(tick, promise), "voucher": codes[promise.id]})
            for promise in mine
        )
        options = answer_options(tick, mine)
        told = {"count": len(mine), "lines": lines}
        found = _threads(tick, mine, firm)
        says += [Say(ToThread(thread_id), "promise.confirm", told, options) for thread_id in found]
    return says


def _threads(tick: Tick, mine: Sequence[Promise], firm: int) -> list[int]:
    """Where the enterprise raised it, else where its contacts are."""
    ids = [issue for promise in mine for issue in promise.issues]
    found = agenda.issues_by_id(tick.db, ids).values()
    raised = [candidate.thread_id for candidate in found if candidate.enterprise_id == firm]
    return list(dict.fromkeys(raised)) or [
        thread.id for thread in threads.of_enterprise(tick.db, firm)
    ]


def _remind(tick: Tick, promise: Promise) -> list[Say]:
    to = ToPerson(promise.person_id) if promise.person_id else ToDuty()
    return [Say(to, "promise.remind", promise_facts(tick, promise))]


def _overdue(tick: Tick, promise: Promise) -> list[Say]:
    told = promise_facts(tick, promise)
    says = [Say(ToDuty(), "promise.overdue", told)]
    if promise.person_id:
        says.append(Say(ToPerson(promise.person_id), "promise.overdue", told))
    sessions.record(tick.db, promise.session_id, "overdue", tick.origin, promise_id=promise.id)
    return says


def _to_leader(tick: Tick, promise: Promise) -> list[Say]:
    """A working day later the leaders hear of it."""
    leaders = people.of_role(tick.db, Role.LEADER)
    return [
        Say(ToPerson(leader.id), "promise.overdue", promise_facts(tick, promise))
        for leader in leaders
    ]


_SPEAK = {Bell.REMIND: _remind, Bell.OVERDUE: _overdue, Bell.LEADER: _to_leader}


def _mark_spoken(tick: Tick, promise: Promise, *, told: bool) -> list[Say]:
    after, says = replace(promise, spoken_at=tick.now), list[Say]()
    if told:
        after = replace(after, told_at=tick.now)
        says = answer_issues(tick, promise)
        sessions.record(tick.db, promise.session_id, "told", tick.origin, promise_id=promise.id)
    assert promise.kept is Kept.OPEN, "a settled promise has no bells"
    promises.save(tick.db, replace(after, next_due_at=next_bell(after, tick.park)))
    return says
