"""Others may have said the same: the holder is shown which, the enterprise how many and no more."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.core.issues.duplicates import Alike, Band, same_matter
from bot.core.issues.issue import Issue, build_action
from bot.core.messages import Line, Option, Refused
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import the_issue
from handlers.dispatch.turn import Reply, Turn
from storage.issues import duplicates, follows, issues
from storage.issues.duplicates import Titled, Whose

RECENT = timedelta(days=60)
COMPARED = 300
"""Open issues of others that a new one is compared with."""
NEAREST = 30
"""Of these, those that may count as having said the same."""
SHOWN = 3
FEWEST = 3
"""From so many other firms on an enterprise is told that there are some: fewer could be named."""


@dataclass(frozen=True)
class Others:
    """Open issues of others that may be on the same matter, at most SHOWN, the likeliest first;
    each stands for all that were merged with it. `firms` said what is likely the same."""

    found: tuple[Titled, ...] = ()
    likely: tuple[Titled, ...] = ()
    firms: int = 0


def others(turn: Turn, issue: Issue, text: str) -> Others:
    """Who else has an open issue on what `issue` is about, as far as its words tell."""
    near = _find_near(turn, issue, text)
    if not near:
        return Others()
    found = duplicates.whose(turn.db, [candidate.id for candidate in near])
    likely = found[: sum(candidate.band is Band.LIKELY for candidate in near)]
    firms = {other.enterprise_id or -other.thread_id for other in likely}
    return Others(_roots(turn, issue, found), _roots(turn, issue, likely), len(firms))


def list_alike(turn: Turn, issue: Issue, text: str) -> set[int]:
    """The ids of all that a holder may merge this issue with unseen: what is alike, and what that
    is dealt with as."""
    near = _find_near(turn, issue, text)
    found = duplicates.whose(turn.db, [candidate.id for candidate in near])
    return {issue_id for other in found for issue_id in (other.id, other.merged_into) if issue_id}


def merges(issue: Issue, alike: Others) -> list[Option]:
    """One line for the holder for each issue that this one may be merged into."""
    return [
        Option(
            "options.merge",
            replace(build_action("merge", issue, other.number), target_id=other.id),
            {"number": other.number, "title": other.title},
        )
        for other in alike.found
    ]


def format_count(alike: Others) -> Line | None:
    """What the enterprise may be told: how many, never who or what."""
    return Line("merge.counted", {"count": alike.firms}) if alike.firms >= FEWEST else None


def follow(turn: Turn, command: Command) -> Reply:
    """`关注 004`: whoever raised 004 hears when what others raised alike is settled; not where so
    few raised it that one of them would be known by it."""
    issue = the_issue(turn, command)
    alike = others(turn, issue, issues.history(turn.db, issue.id)[0].text)
    if not alike.likely or alike.firms < FEWEST:
        raise Refused("refused.nothing_alike", number=issue.number)
    for other in alike.likely:
        follows.add(turn.db, other.id, turn.thread.id, issue.id)
    told = {"number": issue.number}
    return Reply((turn.me("follow.done", told, issue_id=issue.id),), issue.id)


def _find_near(turn: Turn, issue: Issue, text: str) -> Sequence[Alike]:
    known = (
        duplicates.of_others(turn.db, issue, turn.now - RECENT, COMPARED) if text.strip() else ()
    )
    return same_matter(text, known, NEAREST, category=issue.category or None) if known else ()


def _roots(turn: Turn, issue: Issue, found: Sequence[Whose]) -> tuple[Titled, ...]:
    """The issues that stand for those found, without what is dealt with as `issue` already."""
    ids = dict.fromkeys(other.merged_into or other.id for other in found)
    here = {issue.id, issue.merged_into}
    chosen = [issue_id for issue_id in ids if issue_id not in here][:SHOWN]
    return tuple(duplicates.titles(turn.db, chosen))
