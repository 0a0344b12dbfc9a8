"""A member of the staff wants peace for a while, or to be reminded of one issue later."""

from dataclasses import replace
from datetime import timedelta

from bot.core.days.dates import read_span
from bot.core.days.quiet_hours import next_decent
from bot.core.messages import Refused
from bot.core.reading import fold
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import the_issue
from handlers.dispatch.turn import Reply, Turn
from storage.delivery import threads
from storage.issues import issues

LONGEST = timedelta(hours=24)
SNOOZE = timedelta(hours=1)


def do_not_disturb(turn: Turn, command: Command) -> Reply:
    """`免打扰`, `免打扰 3小时`, `免打扰 关`: nothing but urgent matters rings until then."""
    if fold(command.words) in turn.texts.list_words("reading.off"):
        threads.change_person(turn.db, turn.person_id or 0, undisturbed_until=None)
        return Reply((turn.me("undisturbed.off"),))
    span = read_span(command.words) if command.words else turn.park.limits.do_not_disturb
    if span is None or not timedelta(0) < span <= LONGEST:
        raise Refused("undisturbed.how")
    until = turn.now + span
    threads.change_person(turn.db, turn.person_id or 0, undisturbed_until=until)
    return Reply((turn.me("undisturbed.done", {"until": next_decent(until, turn.park.quiet)}),))


def snooze(turn: Turn, command: Command) -> Reply:
    """`稍后提醒 003 30分钟`: no reminder of this issue before then; deadlines stay."""
    issue = the_issue(turn, command)
    span = read_span(command.words) if command.words else SNOOZE
    if span is None or not timedelta(0) < span <= LONGEST:
        raise Refused("snooze.how", number=issue.number)
    after = replace(issue, snoozed_until=turn.now + span)
    issues.save(turn.db, issue, after)
    told = {"number": issue.number, "until": after.snoozed_until, "solve_due": issue.solve_due}
    return Reply((turn.me("snooze.done", told, issue_id=issue.id),), issue.id)
