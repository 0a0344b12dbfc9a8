"""An issue needs longer: a dated plan the enterprise agrees to (挂账), or an extension (延期)."""

import re
from dataclasses import replace
from datetime import date, datetime

from bot.actions.issues import merged_replies
from bot.actions.issues.cards import facts, to_owner, to_reporter, undo_option
from bot.core.days.dates import NoSuchDay, UnclearDay, find_due_time, is_far, read_deadline
from bot.core.issues.issue import Issue, Milestone, build_action
from bot.core.issues.lifecycle import Move
from bot.core.messages import Line, Refused, Say, ToDuty
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import the_issue
from handlers.dispatch.turn import Reply, Turn
from handlers.issues import other_firms
from handlers.issues.moves import do

_PARTS = re.compile(r"[;；]\s*")


def plan(turn: Turn, command: Command) -> Reply:
    """`挂账 003 11月15日 等省里批；10月25日 报批`: proposed to the enterprise, in force
    when it agrees. What follows the reason, parted by `；`, are the plan's steps."""
    issue = the_issue(turn, command)
    other_firms.ask_about_others(turn, issue, "plan", command.words)
    command = replace(command, words=merged_replies.fit(turn, issue, command.words))
    whole, *steps = _PARTS.split(command.words)
    until, reason = _date_and_reason(turn, issue, replace(command, words=whole), "plan")
    milestones = tuple(_milestone(turn, issue, step, until.date()) for step in steps if step)
    after = do(turn, issue, Move.PLAN, text=command.words, until=until, milestones=milestones)
    lines = tuple(
        Line("plan.step", {"day": milestone.day, "text": milestone.text})
        for milestone in milestones
    )
    card = {**facts(turn, after), "until": until, "text": reason, "lines": lines}
    options = (turn.option("agree", "agree", after), turn.option("disagree", "disagree", after))
    news = Say(to_reporter(after), "news.planned", card, options, issue.id)
    me = turn.me("plan.done", card, [undo_option()], issue_id=issue.id)
    return Reply((me, news), issue.id)


def milestone(turn: Turn, command: Command) -> Reply:
    """`完成 003`: the next step of the agreed plan is done; the enterprise hears it."""
    before = the_issue(turn, command)
    open_steps = [step for step in before.milestones if not step.done]
    if not open_steps:
        raise Refused("refused.no_milestone", number=before.number)
    done = replace(open_steps[0], done=True)
    milestones = tuple(done if step is open_steps[0] else step for step in before.milestones)
    issue = do(turn, before, Move.MILESTONE, text=done.text, milestones=milestones)
    card = {**facts(turn, issue), "text": done.text}
    says = (
        turn.me("milestone.done", card, [undo_option()], issue_id=issue.id),
        Say(to_reporter(issue), "news.milestone", card, issue_id=issue.id),
    )
    return Reply(says, issue.id)


def agree(turn: Turn, command: Command) -> Reply:
    """`同意挂账 003`: the agreed day is the deadline now."""
    return _answer_plan(turn, command, Move.AGREE, "agree.done", "notice.agreed")


def disagree(turn: Turn, command: Command) -> Reply:
    """`不同意挂账 003`: the deadline stays as it was."""
    return _answer_plan(turn, command, Move.DISAGREE, "disagree.done", "notice.disagreed")


def extend(turn: Turn, command: Command) -> Reply:
    """`延期 003 10月20日 配件在途`: asked of the duty desk before the deadline, with a reason."""
    issue = the_issue(turn, command)
    until, reason = _date_and_reason(turn, issue, command, "extend")
    after = do(turn, issue, Move.EXTEND, text=reason, until=until)
    card = {**facts(turn, after), "until": until, "text": reason}
    options = (turn.option("grant", "grant", after), turn.option("deny", "deny", after))
    asked = Say(ToDuty(), "notice.extend", card, options, issue.id)
    return Reply(
        (turn.me("extend.done", card, [undo_option()], issue_id=issue.id), asked), issue.id
    )


def grant(turn: Turn, command: Command) -> Reply:
    """`准延 003`: the new deadline holds; the enterprise is told it and why."""
    before = the_issue(turn, command)
    issue = do(turn, before, Move.GRANT)
    card = {**facts(turn, issue), "until": issue.solve_due}
    says = (
        turn.me("grant.done", card, [undo_option()], issue_id=issue.id),
        Say(to_owner(issue), "notice.granted", card, issue_id=issue.id),
        Say(to_reporter(issue), "news.extended", card, issue_id=issue.id),
        *merged_replies.share_deadline(turn, issue),
    )
    return Reply(says, issue.id)


def deny(turn: Turn, command: Command) -> Reply:
    """`不准延 003 …`: with a reason; the deadline stays."""
    issue = the_issue(turn, command)
    if not command.words:
        expect = build_action("deny", issue)
        told = {"number": issue.number}
        return Reply((turn.me("needs.deny", told, issue_id=issue.id, expect=expect),), issue.id)
    after = do(turn, issue, Move.DENY, text=command.words)
    card = {**facts(turn, after), "text": command.words}
    owner = Say(to_owner(after), "notice.denied", card, issue_id=issue.id)
    return Reply((turn.me("deny.done", card, issue_id=issue.id), owner), issue.id)


def _answer_plan(turn: Turn, command: Command, move: Move, said: str, notice: str) -> Reply:
    issue = do(turn, the_issue(turn, command), move)
    card = facts(turn, issue)
    me = turn.me(said, card, [undo_option()], issue_id=issue.id)
    told = Say(to_owner(issue), notice, card, issue_id=issue.id)
    dated = merged_replies.share_deadline(turn, issue) if move is Move.AGREE else ()
    return Reply((me, told, *dated), issue.id)


def _milestone(turn: Turn, issue: Issue, words: str, last: date) -> Milestone:
    until, text = _date_and_reason(turn, issue, Command("plan", words=words), "plan")
    if until.date() > last:
        raise Refused("refused.milestone_late", number=issue.number, day=until.date(), until=last)
    return Milestone(until.date(), text)


def _date_and_reason(turn: Turn, issue: Issue, command: Command, verb: str) -> tuple[datetime, str]:
    """By when on the named day, and the words after it."""
    today = turn.park.local(turn.now).date()
    try:
        found = read_deadline(command.words, today, turn.park.hours.calendar)
    except NoSuchDay:
        raise Refused("refused.no_such_day", number=issue.number, text=command.words) from None
    except UnclearDay:
        raise Refused("refused.which_day", number=issue.number, text=command.words) from None
    if found is None or not found.after:
        raise Refused(f"needs.{verb}", number=issue.number)
    if is_far(found, today):
        raise Refused("refused.which_day", number=issue.number, text=found.said)
    until = find_due_time(found.day, found.until, turn.park.hours, turn.now)
    return until, found.after
