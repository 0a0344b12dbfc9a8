"""Two of the staff write about one issue: each learns of the other before their words cross."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.actions.issues.cards import shorten_text
from bot.core.issues.issue import Issue, build_action
from bot.core.messages import Option, Say, ToPerson
from bot.core.people import Person
from handlers.dispatch.issue_lookup import SEES_ALL, Unclear
from handlers.dispatch.turn import Reply, Turn
from storage.delivery import pending, threads
from storage.delivery.threads import Thread
from storage.issues import access, issues
from storage.people import people

VERBS = frozenset({"answer", "ask", "resolve"})
"""What sends words to the enterprise."""
FOR = timedelta(minutes=5)
"""How long somebody who was asked for words is taken to be writing them."""
_ASKING = frozenset({"accept.done", "take.done", "resolve.hollow", *(f"needs.{v}" for v in VERBS)})
"""What was said to them last: these leave the enterprise waiting for their words."""


@dataclass(frozen=True)
class Writing:
    """A colleague who is writing about the issue, since when."""

    person_id: int
    name: str
    since: datetime


def announce_writing(turn: Turn, issue: Issue) -> tuple[Say, ...]:
    """The person begins to write: they hear who else does, and those hear of them."""
    others = _others(turn, issue)
    if not others or turn.person is None:
        return ()
    mine = turn.me("crossing.met", _build_values(issue, others[0]), issue_id=issue.id)
    told = {"number": issue.number, "name": turn.person.name}
    theirs = (
        Say(ToPerson(writer.person_id), "crossing.joined", told, issue_id=issue.id)
        for writer in others
    )
    return (mine, *theirs)


def ask_first(turn: Turn, issue: Issue, verb: str, words: str) -> None:
    """Raises Unclear while a colleague is writing too: what has reached an enterprise cannot be
    unsaid, so the words wait for one more digit."""
    others = [] if turn.anyway else _others(turn, issue)
    if not others:
        return
    anyway = replace(build_action(verb, issue, words), anyway=True)
    options = (
        Option("options.send_anyway", anyway, media_id=turn.media_id),
        turn.option("not_now", "view", issue),
    )
    told = {**_build_values(issue, others[0]), "text": shorten_text(words)}
    said = turn.me("crossing.ask", told, options, issue_id=issue.id)
    raise Unclear(Reply((said,), issue.id))


def announce_words(turn: Turn, issue: Issue, words: str) -> tuple[Say, ...]:
    """The words have gone: whoever is writing too reads them before sending their own."""
    name = turn.person.name if turn.person else ""
    told = {"number": issue.number, "name": name, "text": shorten_text(words)}
    return tuple(
        Say(ToPerson(writer.person_id), "crossing.sent", told, issue_id=issue.id)
        for writer in _others(turn, issue)
    )


def _build_values(issue: Issue, one: Writing) -> dict[str, object]:
    return {"number": issue.number, "name": one.name, "at": one.since}


def _others(turn: Turn, issue: Issue) -> list[Writing]:
    found: dict[int, Writing] = {}
    for thread in threads.of_staff_about(turn.db, issue.id):
        since = _since(thread, issue)
        if since is None or since < turn.now - FOR or thread.person_id in (None, turn.person_id):
            continue
        person = people.get(turn.db, thread.person_id or 0)
        if _may_write(turn, issue, person):
            found[person.id] = Writing(person.id, person.name, since)
    return list(found.values())


def _may_write(turn: Turn, issue: Issue, person: Person) -> bool:
    """Whoever has passed the issue on since writes about it no more."""
    holds = issues.visible(turn.db, issue.id, access.is_held_by(person.id))
    return person.role in SEES_ALL or holds is not None


def _since(thread: Thread, issue: Issue) -> datetime | None:
    since = [
        question.at
        for question in pending.list_questions(thread)
        if question.issue_id == issue.id and question.asked in _ASKING
    ]
    return max(since, default=None)
