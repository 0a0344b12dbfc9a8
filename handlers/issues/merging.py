"""Issues on one matter are dealt with as one (并案), and taken apart again (拆案).

A merged issue keeps its number, its thread and its holder. What is done for the one it was merged
into is told to its reporter under its own number; nobody learns who the others are.
"""

from datetime import datetime

from bot.actions.issues.cards import facts, shorten_text, to_owner, to_reporter, undo_option
from bot.actions.issues.record import record
from bot.actions.sessions.agenda import tell_of_withdrawal
from bot.core.issues.issue import WORKED_ON, Issue, build_action
from bot.core.issues.lifecycle import Move, Who
from bot.core.issues.moves import Act
from bot.core.messages import Line, Refused, Say
from bot.core.people import Role
from bot.core.reading import number
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import format_number, scope, the_issue
from handlers.dispatch.turn import Reply, Turn
from handlers.issues import duplicates
from handlers.issues.moves import do, who
from storage.issues import duplicates as duplicate_rows
from storage.issues import issues
from storage.issues.issues import is_one_of

_BOT = frozenset({Who.BOT})


def merge(turn: Turn, command: Command) -> Reply:
    """`并案 004 003`: 004 is settled with 003; merging into a merged one means the one above."""
    issue = the_issue(turn, command)
    if not command.words:
        return _which(turn, issue)
    root = _root(turn, issue, command)
    after = do(turn, issue, Move.MERGE, text=root.number, into=root.id)
    for member in duplicate_rows.list_open_merged(turn.db, issue.id):
        record(turn, member, Act(Move.MERGE, _BOT, turn.now, text=root.number, into=root.id))
    told = {"number": issue.number, "root": root.number, "title": root.title}
    me = turn.me("merge.done", told, [undo_option()], issue_id=issue.id)
    more = tell_of_withdrawal(turn, after)
    return Reply((me, *_announce_merge(turn, after, root), *more), issue.id)


def split(turn: Turn, command: Command) -> Reply:
    """`拆案 004`: on its own again, with its deadlines of old; whoever holds either may say it."""
    issue = _member(turn, command)
    root = issues.get(turn.db, issue.merged_into) if issue.merged_into else None
    roles = who(turn, issue)
    if root is not None and _holds(turn, root):
        roles |= {Who.OWNER}
    text = root.number if root else ""
    wish = Act(Move.SPLIT, roles, turn.now, turn.person_id, text)
    after = record(turn, issue, wish, thread_id=turn.thread.id)
    card = facts(turn, after)
    says = [
        turn.me("merge.split", card, [undo_option()], issue_id=issue.id),
        Say(to_reporter(after), "news.split", card, issue_id=issue.id),
    ]
    says += [
        Say(to_owner(other), "notice.split", card, issue_id=issue.id)
        for other in (after, root)
        if other is not None and not _holds(turn, other)
    ]
    return Reply(tuple(says), issue.id)


def line(turn: Turn, issue: Issue) -> Line | None:
    """What the card of an issue says of its being merged; an enterprise learns only how many."""
    if issue.merged_into is not None and issue.status in WORKED_ON:
        root = duplicate_rows.titles(turn.db, [issue.merged_into])[0]
        if turn.role is Role.CONTACT:
            return Line("merge.with_others")
        return Line("merge.into", {"number": root.number, "title": root.title})
    members = duplicate_rows.list_open_merged(turn.db, issue.id)
    if not members:
        return None
    if turn.role is Role.CONTACT:
        return Line("merge.joined_by", {"count": len(members)})
    return Line("merge.members", {"numbers": "、".join(member.number for member in members)})


def find_solve_due(turn: Turn, issue: Issue) -> datetime:
    """Until when an enterprise may expect the matter to be settled, its own or the common one."""
    if issue.merged_into is None or issue.status not in WORKED_ON:
        return issue.solve_due
    return duplicate_rows.titles(turn.db, [issue.merged_into])[0].solve_due


def holder_too(turn: Turn, issue: Issue, key: str, card: dict[str, object]) -> list[Say]:
    """The same for whoever holds the issue that this one was merged into."""
    if issue.merged_into is None or issue.status not in WORKED_ON:
        return []
    root = issues.get(turn.db, issue.merged_into)
    if root.owner_id == issue.owner_id:
        return []
    return [Say(to_owner(root), key, card, issue_id=issue.id)]


def release_members(turn: Turn, root: Issue) -> list[Say]:
    """The issue was withdrawn: what was merged into it goes on, each on its own."""
    says: list[Say] = []
    for member in duplicate_rows.list_open_merged(turn.db, root.id):
        after = record(turn, member, Act(Move.SPLIT, _BOT, turn.now, text=root.number))
        card = facts(turn, after)
        says.append(Say(to_reporter(after), "news.split", card, issue_id=after.id))
        says.append(Say(to_owner(after), "notice.split", card, issue_id=after.id))
    return says


def _announce_merge(turn: Turn, issue: Issue, root: Issue) -> list[Say]:
    """Both enterprises and both holders hear it; the enterprises not of each other.

    The one that others join hears it of the first: a platform lets few messages through.
    """
    words = issues.history(turn.db, issue.id)[0].text
    card = {**facts(turn, issue), "text": shorten_text(words), "root": root.number}
    says = [Say(to_reporter(issue), "news.merged", card, issue_id=issue.id)]
    if len(duplicate_rows.list_open_merged(turn.db, root.id)) == 1:
        told = {"number": root.number}
        says.append(Say(to_reporter(root), "news.joined", told, issue_id=root.id))
    if not _holds(turn, issue):
        says.append(Say(to_owner(issue), "notice.merged_away", card, issue_id=issue.id))
    if not _holds(turn, root):
        options = (turn.option("split", "split", issue),)
        says.append(Say(to_owner(root), "notice.merged", card, options, root.id))
    return says


def _which(turn: Turn, issue: Issue) -> Reply:
    """The likeliest others as digits; any other by its number."""
    found = duplicates.others(turn, issue, issues.history(turn.db, issue.id)[0].text)
    options = duplicates.merges(issue, found)
    expect = build_action("merge", issue)
    told = {"number": issue.number}
    return Reply(
        (turn.me("merge.which", told, options, issue_id=issue.id, expect=expect),), issue.id
    )


def _root(turn: Turn, issue: Issue, command: Command) -> Issue:
    """The issue that is worked on for the one that is meant, among those that this person may see
    or was shown as alike: of any other number nothing is said, not even whether it exists."""
    meant = number(command.words)
    found = issues.by_number(turn.db, meant, scope(turn)) if meant else None
    if found is None or command.target_id is not None:
        found = _find_alike(turn, issue, command)
    if found is None:
        given = format_number(meant) or command.words
        raise Refused("refused.not_found", number=given)
    root = issues.get(turn.db, found.merged_into) if found.merged_into else found
    if root.status not in WORKED_ON:
        raise Refused("refused.merge_settled", number=root.number, status=root.status)
    return root


def _find_alike(turn: Turn, issue: Issue, command: Command) -> Issue | None:
    """The issue of a digit under the likeliest others, or one of them by its number."""
    if command.target_id is not None:
        return issues.get(turn.db, command.target_id)
    meant, words = number(command.words), issues.history(turn.db, issue.id)[0].text
    alike = duplicates.list_alike(turn, issue, words)
    return issues.by_number(turn.db, meant, is_one_of(alike)) if meant and alike else None


def _member(turn: Turn, command: Command) -> Issue:
    """The issue that is meant: one's own, or one that was merged into one's own."""
    held = duplicate_rows.is_merged_into_held(turn.person_id or 0)
    found: Issue | None = None
    if command.issue_id is not None:
        found = issues.visible(turn.db, command.issue_id, held)
    elif command.number:
        found = issues.by_number(turn.db, command.number, held)
    return found or the_issue(turn, command)


def _holds(turn: Turn, issue: Issue) -> bool:
    mine = issue.owner_id == turn.person_id
    return mine if issue.owner_id is not None else turn.role is Role.OFFICE
