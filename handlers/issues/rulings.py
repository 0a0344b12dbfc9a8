"""The duty desk rules in a dispute (退单): one ruling, and it holds without a tap on 接."""

from bot.actions.issues.cards import facts, staff_options, to_owner, to_reporter, undo_option
from bot.core.issues.lifecycle import Move
from bot.core.messages import Say, ToPerson
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import the_issue
from handlers.dispatch.turn import Reply, Turn
from handlers.issues.moves import do
from handlers.people.lookup import present, target, whom
from storage.issues import helpers


def rule(turn: Turn, command: Command) -> Reply:
    """`裁定 003 郑筑平`: theirs from now on, the clock untouched; both of them are told."""
    before = the_issue(turn, command)
    if not command.words:
        return whom(turn, before, "rule", keep=True)
    person, words = target(turn, before, "rule", command.words)
    present(turn, before, "rule", person)
    issue = do(turn, before, Move.RULE, text=words, to=person.id)
    helpers.remove(turn.db, issue.id, person.id)
    card = {**facts(turn, issue), "text": words or None}
    new = Say(
        ToPerson(person.id),
        "notice.ruled",
        card,
        staff_options(turn, issue),
        issue.id,
        urgent=issue.urgent,
    )
    says = [turn.me("ruling.done", card, [undo_option()], issue_id=issue.id), new]
    if before.owner_id != person.id:
        says.append(Say(to_owner(before), "notice.ruled_away", card, issue_id=issue.id))
        says.append(Say(to_reporter(issue), "news.taken", card, issue_id=issue.id))
    return Reply(tuple(says), issue.id)
