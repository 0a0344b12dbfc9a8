"""A leader's word: an instruction (批示), or one's own name on an issue to the end (包案)."""

from bot.actions.issues.cards import facts, staff_options, to_owner, to_reporter, undo_option
from bot.core.issues.issue import Issue, build_action
from bot.core.issues.lifecycle import Move
from bot.core.messages import Refused, Say, ToPerson
from bot.core.people import Person, Role
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import the_issue
from handlers.dispatch.turn import Reply, Turn
from handlers.issues.moves import do
from storage.people import people


def instruct(turn: Turn, command: Command) -> Reply:
    """`批示 003 …`: dated, recorded, sent down to whoever holds the issue."""
    issue = the_issue(turn, command)
    if not command.words:
        expect = build_action("instruct", issue)
        said = turn.me("needs.instruct", facts(turn, issue), issue_id=issue.id, expect=expect)
        return Reply((said,), issue.id)
    after = do(turn, issue, Move.INSTRUCT, text=command.words)
    by = turn.person.name if turn.person else None
    card = {**facts(turn, after), "text": command.words, "by": by, "at": turn.now}
    down = Say(to_owner(after), "notice.instructed", card, staff_options(turn, after), issue.id)
    says = [turn.me("instruct.done", card, issue_id=issue.id), down]
    if after.superior_id not in (None, turn.person_id, after.owner_id):
        says.append(
            Say(ToPerson(after.superior_id or 0), "notice.instructed", card, issue_id=issue.id)
        )
    return Reply(tuple(says), issue.id)


def sponsor(turn: Turn, command: Command) -> Reply:
    """`包案 003 冯主任`: one named leader keeps the issue to the end; without a name, oneself."""
    issue = the_issue(turn, command)
    leader = _leader(turn, issue, command.words)
    after = do(turn, issue, Move.SPONSOR, text=leader.name, to=leader.id)
    card = {**facts(turn, after), "leader": leader.name}
    says = [
        turn.me("sponsor.done", card, [undo_option()], issue_id=issue.id),
        Say(to_owner(after), "notice.sponsored", card, issue_id=issue.id),
        Say(to_reporter(after), "news.sponsored", card, issue_id=issue.id),
    ]
    if leader.id != turn.person_id:
        says.append(Say(ToPerson(leader.id), "notice.sponsored", card, issue_id=issue.id))
    return Reply(tuple(says), issue.id)


def _leader(turn: Turn, issue: Issue, name: str) -> Person:
    if not name and turn.person and turn.person.role is Role.LEADER:
        return turn.person
    found = [
        person for person in people.list_staff_named(turn.db, name) if person.role is Role.LEADER
    ]
    if not found:
        leaders = people.of_role(turn.db, Role.LEADER)
        names = " ".join(person.name for person in leaders)
        raise Refused("refused.no_leader", number=issue.number, name=name, names=names)
    return found[0]
