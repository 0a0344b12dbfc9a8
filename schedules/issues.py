"""What the clock says about issues whose next moment has come."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby

import structlog

from bot.actions.chain.vouchers import format_code, give_for_issue
from bot.actions.issues.assign import find_stand_in, today
from bot.actions.issues.cards import facts, reporter_options, staff_options, to_owner, to_reporter
from bot.actions.issues.escalate import find_acting_person, find_escalation
from bot.actions.issues.record import record
from bot.actions.issues.reminders import SEVERAL, Owed, condition, values
from bot.core.days.quiet_hours import next_decent, quiet
from bot.core.issues.due import Due, Point, due_now, next_due
from bot.core.issues.issue import Issue, Rung, Status, build_action
from bot.core.issues.lifecycle import Move, Who
from bot.core.issues.moves import Act
from bot.core.messages import Line, Say, ToDuty, ToPerson
from bot.core.people import Role
from schedules.sealed_issues import speak_to_readers
from schedules.tick import Tick
from storage.delivery import threads
from storage.issues import issues
from storage.people import absences, people

MOST = 500
"""Issues in one sweep; the next one takes the rest."""
AGAIN = timedelta(hours=1)
_CLOCK = frozenset({Who.CLOCK})
log = structlog.get_logger()


def sweep(tick: Tick) -> Sequence[Say]:
    """Speak of every point that has come, once; reminders to one person become one message."""
    reminders: list[tuple[Issue, Due]] = []
    says: list[Say] = []
    for issue in issues.due(tick.db, tick.now, MOST):
        says.extend(_alone(tick, issue, reminders))
    return [*says, *_remind_holders(tick, reminders)]


def _alone(tick: Tick, issue: Issue, reminders: list[tuple[Issue, Due]]) -> list[Say]:
    """One issue, in a savepoint of its own: what goes wrong with it must not stop the clock of the
    others. It is tried again in an hour, and the duty desk hears its number."""
    try:
        with tick.db.begin_nested():
            return _sweep_issue(tick, issue, reminders)
    except Exception:
        log.exception("clock failed on an issue", number=issue.number)
        issues.save(tick.db, issue, replace(issue, next_due_at=tick.now + AGAIN))
        return [Say(ToDuty(), "fault.clock", {"number": issue.number}, issue_id=issue.id)]


def _sweep_issue(tick: Tick, issue: Issue, reminders: list[tuple[Issue, Due]]) -> list[Say]:
    """What came at once is one message: of each deadline the last rung, of reminders the last."""
    found = due_now(issue, tick.park, tick.now)
    if _is_for_the_morning(tick, issue, found):
        return _put_off_until(tick, issue, next_decent(tick.now, tick.park.quiet))
    rulings, broken, reminds = (
        [due for due in found if due.point is point]
        for point in (Point.RULING, Point.BREACH, Point.REMIND)
    )
    says = [_report_unruled(tick, issue, due) for due in rulings[-1:]]
    others = [due for due in found if due.point in _SPEAK]
    for due in others[-1:]:
        says.extend(_SPEAK[due.point](tick, issue))
    if issue.sealed is not None and (broken or reminds):
        after, told = speak_to_readers(tick, issue, broken, reminds)
        _mark_spoken(tick, after)
        says.extend(told)
    elif broken and issue.is_in_doubt:
        says.append(_report_doubtful(tick, issue))
    elif broken:
        says.extend(_escalate_breach(tick, issue, broken))
    elif reminds and not says:
        reminders.append((issue, reminds[-1]))
    elif not others:
        _mark_spoken(tick, issue)
    return says


def _is_for_the_morning(tick: Tick, issue: Issue, found: Sequence[Due]) -> bool:
    """Nobody is reminded and nothing climbs at night, also not what comes late: an issue reopened
    after its deadline, a reminder that was put off."""
    rings = any(due.point in (Point.BREACH, Point.REMIND) for due in found)
    return rings and not issue.urgent and quiet(tick.now, tick.park.quiet)


def _remind_holders(tick: Tick, found: list[tuple[Issue, Due]]) -> Iterator[Say]:
    ready = [pair for pair in found if not _put_off(tick, pair[0])]
    for owner_id, group in groupby(sorted(ready, key=_holder), key=_holder):
        pairs = list(group)
        for issue, _due in pairs:
            _mark_spoken(tick, issue)
        threads.change_person(tick.db, owner_id, reminded_at=tick.now)
        if len(pairs) == 1:
            yield _one_reminder(tick, *pairs[0])
        else:
            yield _several(pairs)
            yield from _instead(tick, owner_id, pairs)


def _holder(pair: tuple[Issue, Due]) -> int:
    return pair[0].owner_id or 0


def _put_off(tick: Tick, issue: Issue) -> bool:
    """Whether this reminder waits: for a snooze, for people's peace, or to be merged with others.

    What else falls due meanwhile is not put off with it; what is urgent never waits.
    """
    thread = threads.of_person(tick.db, issue.owner_id) if issue.owner_id else None
    if thread is None or issue.urgent:
        return False
    free = [issue.snoozed_until, thread.undisturbed_until]
    free.append(thread.reminded_at + tick.park.limits.merge if thread.reminded_at else None)
    again = max((moment for moment in free if moment), default=tick.now)
    if again <= tick.now:
        return False
    other = next_due(replace(issue, swept_at=tick.now), tick.park)
    _put_off_until(tick, issue, min(again, other) if other else again)
    return True


def _put_off_until(tick: Tick, issue: Issue, again: datetime) -> list[Say]:
    """Nothing is said now; what has come is looked at again then."""
    issues.save(tick.db, issue, replace(issue, next_due_at=again))
    return []


def _one_reminder(tick: Tick, issue: Issue, due: Due) -> Say:
    card = {**facts(tick, issue), "part": due.part, "due": _deadline(issue, due)}
    options = (*staff_options(tick, issue), tick.option("snooze", "snooze", issue))
    return Say(
        to_owner(issue),
        "notice.remind",
        card,
        options,
        issue.id,
        urgent=issue.urgent,
        only_while=due.part or "",
    )


def _several(pairs: list[tuple[Issue, Due]]) -> Say:
    owed = [Owed(issue, due.part, _deadline(issue, due)) for issue, due in pairs if due.part]
    rings = any(issue.urgent for issue, _ in pairs)
    to = to_owner(pairs[0][0])
    return Say(to, SEVERAL, values(owed), urgent=rings, only_while=condition(owed))


def _instead(tick: Tick, owner_id: int, pairs: list[tuple[Issue, Due]]) -> Iterator[Say]:
    """The same for whoever stands in for an absent holder, each their part."""
    away = absences.away_on(tick.db, today(tick))
    if owner_id not in away:
        return
    parts: dict[int, list[tuple[Issue, Due]]] = {}
    for pair in pairs:
        firm = people.enterprise(tick.db, pair[0].enterprise_id)
        other = find_stand_in(tick.db, away, owner_id, firm)
        if other is not None:
            parts.setdefault(other, []).append(pair)
    name = people.get(tick.db, owner_id).name
    for other, theirs in parts.items():
        said = _several(theirs)
        told = {"name": name, "text": Line(SEVERAL, said.values)}
        yield Say(ToPerson(other), "absence.copy", told, only_while=said.only_while)


def _escalate_breach(tick: Tick, issue: Issue, found: Sequence[Due]) -> list[Say]:
    """A deadline is missed, or two at once: the next rung hears, the holder sees it, the enterprise
    is told."""
    parts = {due.part: due for due in found}
    climb = find_escalation(tick, issue, max((due.rung for due in found), key=_height))
    rung, superior = climb.rung, climb.person
    after = issue
    for part in parts:
        to = superior.id if superior else None
        act = Act(Move.ESCALATE, _CLOCK, tick.now, text=f"{part}", rung=rung, to=to)
        after = record(tick, after, act)
    after = _mark_spoken(tick, after)
    broken = [{"part": due.part, "due": _deadline(after, due)} for due in parts.values()]
    card = {
        **facts(tick, after),
        "late": tuple(Line("notice.late", breach) for breach in broken),
        "rung": rung,
        "superior": superior.name if superior else Line("people.duty_desk"),
        "away": Line("notice.away", {"names": "、".join(climb.away)}) if climb.away else None,
    }
    options = staff_options(tick, after)
    # Only a leader's next words are an instruction; others may be in the middle of other talk.
    leads = superior is not None and superior.role is Role.LEADER
    above = ToPerson(superior.id) if superior else ToDuty()
    instruct = build_action("instruct", after)
    says = [
        Say(
            above,
            "notice.escalated",
            card,
            (tick.option("take", "take", after),),
            after.id,
            expect=instruct if leads else None,
            urgent=after.urgent,
        ),
        Say(to_owner(after), "notice.breached", card, options, after.id, urgent=after.urgent),
    ]
    if rung is not issue.rung:
        says.append(Say(to_reporter(after), "news.escalated", card, issue_id=after.id))
    return says


def _report_doubtful(tick: Tick, issue: Issue) -> Say:
    """A deadline is missed of what nobody has verified: no rung but the duty desk hears."""
    _mark_spoken(tick, issue)
    card = {**facts(tick, issue), "at": issue.filed_at}
    verbs = ("no_matter", "accept", "pass_on")
    options = [tick.option(verb, verb, issue) for verb in verbs]
    return Say(ToDuty(), "notice.doubtful", card, tuple(options), issue.id, urgent=issue.urgent)


def _height(rung: Rung) -> int:
    return rung.height


def _report_unruled(tick: Tick, issue: Issue, due: Due) -> Say:
    """A dispute waits too long for its ruling: the duty desk hears, then a leader."""
    events = issues.history(tick.db, issue.id)
    reason = [event.text for event in events if event.move is Move.RETURN][-1]
    leader = find_acting_person(tick, issue, Rung.LEADER) if due.rung is Rung.LEADER else None
    card = {**facts(tick, issue), "at": issue.disputed_at, "text": reason}
    options = () if leader else (tick.option("rule", "rule", issue),)
    expect = build_action("instruct", issue) if leader else None
    to = ToPerson(leader.id) if leader else ToDuty()
    return Say(to, "notice.unruled", card, options, issue.id, expect=expect, urgent=issue.urgent)


def _milestone(tick: Tick, issue: Issue) -> list[Say]:
    _mark_spoken(tick, issue)
    today = tick.park.local(tick.now).date()
    steps = [step for step in issue.milestones if not step.done and step.day <= today]
    lines = tuple(Line("plan.step", {"day": step.day, "text": step.text}) for step in steps)
    card = {**facts(tick, issue), "lines": lines}
    done = tick.option("milestone", "milestone", issue)
    return [Say(to_owner(issue), "notice.milestone", card, (done,), issue.id)]


def _pause_over(tick: Tick, issue: Issue) -> list[Say]:
    """The enterprise has not answered for long enough: the clock runs again, both hear it. What it
    had not spoken of before it stood still it speaks of now."""
    after = record(tick, issue, Act(Move.RESUME, _CLOCK, tick.now))
    card = facts(tick, after)
    options = staff_options(tick, after)
    return [
        Say(to_owner(after), "notice.pause_over", card, options, after.id),
        Say(to_reporter(after), "news.pause_over", card, issue_id=after.id),
    ]


def _ask_again(tick: Tick, issue: Issue) -> list[Say]:
    _mark_spoken(tick, replace(issue, asked_rating=issue.asked_rating + 1), issue)
    options = reporter_options(tick, issue)
    return [Say(to_reporter(issue), "news.ask_again", facts(tick, issue), options, issue.id)]


def _strike_off(tick: Tick, issue: Issue) -> list[Say]:
    """Silence is not satisfaction: struck off as unconfirmed or unrated, and said so."""
    confirmed = issue.status is Status.CONFIRMED
    after = record(tick, issue, Act(Move.CLOSE, _CLOCK, tick.now))
    card = facts(tick, after)
    key = "notice.unrated" if confirmed else "notice.silent"
    says = [Say(to_owner(after), key, card, issue_id=issue.id)]
    if not confirmed:
        card["voucher"] = format_code(give_for_issue(tick, after))
        says.append(Say(to_reporter(after), "news.struck_off", card, issue_id=issue.id))
    return says


_SPEAK: dict[Point, Callable[[Tick, Issue], list[Say]]] = {
    Point.MILESTONE: _milestone,
    Point.PAUSE_OVER: _pause_over,
    Point.ASK_AGAIN: _ask_again,
    Point.STRIKE_OFF: _strike_off,
}


def _deadline(issue: Issue, due: Due) -> datetime:
    moment: datetime = getattr(issue, f"{due.part}_due")
    return moment


def _mark_spoken(tick: Tick, issue: Issue, before: Issue | None = None) -> Issue:
    """The clock has spoken of everything up to now."""
    spoken = replace(issue, swept_at=tick.now)
    spoken = replace(spoken, next_due_at=next_due(spoken, tick.park))
    issues.save(tick.db, before or issue, spoken)
    return spoken
