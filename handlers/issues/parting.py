"""Several matters in one message: each becomes an issue of its own when the writer wants it so."""

from dataclasses import replace

from bot.actions.issues.classify import classify_text
from bot.core.issues.issue import WORKED_ON, Issue, title_of
from bot.core.issues.lifecycle import Move
from bot.core.messages import Line, Refused, Say, ToThread
from bot.core.talk.acts import Role, State
from bot.core.talk.shells import strip_shells
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import the_issue
from handlers.dispatch.turn import Reply, Turn
from handlers.issues.filing import file
from storage.issues import issues


def part(turn: Turn, command: Command) -> Reply:
    """The first matter keeps the number and all that was written; each other one gets its own."""
    issue = the_issue(turn, command)
    words = issues.history(turn.db, issue.id)[0].text
    matters = turn.talk.split_matters(words, State(Role.CONTACT))
    if len(matters) < 2 or issue.status not in WORKED_ON:
        raise Refused("refused.status", number=issue.number, status=issue.status, move=Move.SPLIT)
    kept = _narrow(turn, issue, matters[0])
    replies = [file(turn, matter) for matter in matters[1:]]
    made = [issues.get(turn.db, reply.issue_id or 0) for reply in replies]
    told = {"count": len(matters), "lines": tuple(_line(each) for each in (kept, *made))}
    notices = [say for reply in replies for say in reply.says if not _is_mine(turn, say)]
    return Reply((turn.me("parting.done", told, issue_id=kept.id), *notices), kept.id)


def _narrow(turn: Turn, issue: Issue, words: str) -> Issue:
    """The issue with the title and category of this matter alone; urgent stays urgent."""
    matter = classify_text(turn, words)
    narrowed = replace(
        issue,
        title=title_of(strip_shells(words).core or words),
        category=matter.category or issue.category,
        second=matter.second,
        sure=matter.sure,
    )
    issues.save(turn.db, issue, narrowed)
    return narrowed


def _line(issue: Issue) -> Line:
    return Line("parting.line", {"number": issue.number, "title": issue.title})


def _is_mine(turn: Turn, say: Say) -> bool:
    return isinstance(say.to, ToThread) and say.to.id == turn.thread.id
