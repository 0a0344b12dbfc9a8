"""What somebody of an enterprise wrote, how it was read, and which of their issues it is about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.core.issues.issue import WORKED_ON, Issue
from bot.core.issues.meant import find_meant
from bot.core.talk.acts import Reading, State
from bot.core.talk.decisions import Decision, decide
from handlers.dispatch.issue_lookup import current_issue
from handlers.dispatch.turn import Turn
from handlers.issues.filing import words_of
from handlers.talk.state import build_state, list_open
from storage.issues import issues


@dataclass(frozen=True)
class Said:
    """What somebody of an enterprise wrote and what it was read as; `mine` is what their firm has
    open, what is owed first."""

    words: str
    state: State
    reading: Reading
    decision: Decision
    mine: Sequence[Issue]

    @property
    def open_issues(self) -> list[Issue]:
        """What somebody still owes the firm something for."""
        return [issue for issue in self.mine if issue.status in WORKED_ON]


def read_words(turn: Turn) -> Said:
    """The message of this turn, read in the state that it came in."""
    mine = list_open(turn)
    state = build_state(turn, mine)
    reading = turn.talk.read_act(turn.text, state)
    return Said(words_of(turn), state, reading, decide(reading, state), mine)


def find_issue(turn: Turn, words: str, candidates: Sequence[Issue]) -> Issue | None:
    """The only one, the one whose words come back, the one talked of last; None where unclear."""
    if len(candidates) == 1:
        return candidates[0]
    known = {issue.id: issue for issue in candidates}
    meant = find_meant(words, list_texts(turn, candidates))
    if meant is not None:
        return known[meant]
    current = current_issue(turn)
    return current if current and current.id in known else None


def list_texts(turn: Turn, candidates: Sequence[Issue]) -> Mapping[int, str]:
    """What is known of each in words: title, category, what was first written."""
    return {
        issue.id: f"{issue.title} {issue.category} {issues.history(turn.db, issue.id)[0].text}"
        for issue in candidates
    }
