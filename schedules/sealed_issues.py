"""What the clock says of a sealed issue: to its reader, to who reads it next, to the duty desk a
number. It climbs from the first reader to the stand-in and to the last one, and nowhere else."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.actions.issues.record import record
from bot.actions.issues.sealing import (
    announce_filing,
    build_sealed_card,
    list_above,
    reseat,
    tell_duty,
    tell_reader,
)
from bot.core.issues.due import Due
from bot.core.issues.issue import Issue, build_action
from bot.core.issues.lifecycle import Move, Who
from bot.core.issues.moves import Act
from bot.core.issues.sealing import find_next
from bot.core.messages import Line, Option, Say, ToPerson, ToThread
from bot.core.people import Person
from schedules.tick import Tick
from storage.issues import sealing
from storage.people import people

_CLOCK = frozenset({Who.CLOCK})


def speak_to_readers(
    tick: Tick, issue: Issue, broken: Sequence[Due], reminds: Sequence[Due]
) -> tuple[Issue, list[Say]]:
    """Of a sealed issue its readers hear, each for themselves, and the duty desk the number."""
    if broken:
        return climb_readers(tick, issue, broken)
    return remind_reader(tick, issue, reminds[-1])


def remind_reader(tick: Tick, issue: Issue, due: Due) -> tuple[Issue, list[Say]]:
    """So much of the time is used up: whoever reads it hears, nobody who stands in for them. Where
    nobody does, whoever the office has named meanwhile reads it from now on."""
    reader = people.by_id(tick.db, issue.owner_id)
    if reader is None or due.part is None:
        seated = reseat(tick, issue)
        return seated, announce_filing(tick, seated)
    options = (Option("options.open", build_action("view", issue)),)
    told = {"number": issue.number, "part": due.part, "due": _deadline(issue, due)}
    say = Say(ToPerson(reader.id), "sealed.remind", told, options, issue.id, urgent=issue.urgent)
    return issue, [replace(say, only_while=due.part)]


def climb_readers(tick: Tick, issue: Issue, found: Sequence[Due]) -> tuple[Issue, list[Say]]:
    """A deadline is missed: the reader, the next one, the writer and the duty desk hear it."""
    seated = reseat(tick, issue)
    says = announce_filing(tick, seated) if seated.owner_id != issue.owner_id else []
    rung = max((due.rung for due in found), key=lambda each: each.height)
    above = find_next(list_above(tick, seated), seated.owner_id, rung)
    next_id = seated.superior_id if above is None else above
    sealing.add_reader(tick.db, issue.id, above)
    parts = {due.part: due for due in found}
    after = seated
    for part in parts:
        act = Act(Move.ESCALATE, _CLOCK, tick.now, text=f"{part}", rung=rung, to=next_id)
        after = record(tick, after, act)
    superior = people.by_id(tick.db, next_id)
    late = tuple(
        Line("notice.late", {"part": due.part, "due": _deadline(after, due)})
        for due in parts.values()
    )
    fresh = superior if above is not None and next_id != issue.superior_id else None
    return after, [*says, *_tell_breach(tick, after, late, superior, fresh)]


def _tell_breach(
    tick: Tick, issue: Issue, late: tuple[Line, ...], superior: Person | None, fresh: Person | None
) -> list[Say]:
    up = Line("sealed.above", {"name": superior.name}) if superior else None
    nobody = Line("sealed.duty_nobody_above")
    card = {**build_sealed_card(tick, issue), "late": late}
    reader = people.by_id(tick.db, issue.owner_id)
    says = [tell_duty(issue, "sealed.duty_late", {**card, "above": up or nobody})]
    if reader is not None:
        told = tell_reader(tick, issue, "sealed.late", reader)
        says.append(Say(told.to, told.key, {**card, "above": up}, told.options, issue.id))
    if fresh is not None:
        options = (
            Option("options.open", build_action("view", issue)),
            tick.option("take", "take", issue),
        )
        says.append(
            Say(ToPerson(fresh.id), "sealed.climbed", card, options, issue.id, urgent=issue.urgent)
        )
        news = {**card, "superior": fresh.name}
        says.append(Say(ToThread(issue.thread_id), "sealed.climbed_news", news, issue_id=issue.id))
    return says


def _deadline(issue: Issue, due: Due) -> datetime:
    moment: datetime = getattr(issue, f"{due.part}_due")
    return moment
