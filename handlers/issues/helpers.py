"""Whoever holds an issue asks colleagues to help (协办): they hear its news and may note."""

from bot.actions.issues.cards import facts
from bot.core.issues.issue import Issue, build_action
from bot.core.issues.lifecycle import Move
from bot.core.messages import Refused, Say, ToPerson
from bot.core.people import Person
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import the_issue
from handlers.dispatch.turn import Reply, Turn
from handlers.issues.moves import do
from handlers.people.lookup import target, whom
from storage.issues import helpers

_AWAY_WITH = "-－—–"
"""Before a name: this person is to help no more."""


def assist(turn: Turn, command: Command) -> Reply:
    """`协办 003 周电工` adds a helper, `协办 003 -周电工` takes one off."""
    issue = the_issue(turn, command)
    name = command.words.lstrip(f"{_AWAY_WITH} ")
    if not name:
        return whom(turn, issue, "assist")
    person, _words = target(turn, issue, "assist", name)
    if command.words[0] in _AWAY_WITH:
        return _release_helper(turn, issue, person)
    if person.id == issue.owner_id:
        raise Refused("refused.assist_owner", number=issue.number, name=person.name)
    do(turn, issue, Move.ASSIST, text=person.name)
    helpers.add(turn.db, issue.id, person.id)
    card = {**facts(turn, issue), "name": person.name}
    expect = build_action("note", issue)
    view = (turn.option("view", "view", issue),)
    asked = Say(ToPerson(person.id), "assist.asked", card, view, issue.id, expect=expect)
    return Reply((turn.me("assist.done", card, issue_id=issue.id), asked), issue.id)


def _release_helper(turn: Turn, issue: Issue, person: Person) -> Reply:
    do(turn, issue, Move.ASSIST, text=f"-{person.name}")
    if not helpers.remove(turn.db, issue.id, person.id):
        raise Refused("refused.not_helping", number=issue.number, name=person.name)
    card = {**facts(turn, issue), "name": person.name}
    gone = Say(ToPerson(person.id), "assist.released", card, issue_id=issue.id)
    return Reply((turn.me("assist.removed", card, issue_id=issue.id), gone), issue.id)
