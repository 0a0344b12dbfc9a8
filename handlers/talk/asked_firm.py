"""What a firm writes while it was asked for more: the answer, another matter, or perhaps either."""

from dataclasses import replace
from enum import StrEnum

from bot.actions.issues.classify import classify_text
from bot.core.issues.issue import Issue, Status
from bot.core.issues.lifecycle import Move
from bot.core.issues.meant import begins_another, find_meant, share_things
from bot.core.talk.acts import Act, Asked, Reading
from bot.core.talk.decisions import Step, decide
from handlers.dispatch.turn import Reply, Turn
from handlers.talk import matter_questions
from handlers.talk.said import Said, find_issue, list_texts
from storage.issues import issues

_ANOTHER = 0.75
"""As probable as this, words are a matter of their own, were nothing asked."""
_PERHAPS = 0.45
_CONCERNED = frozenset({Step.ANSWER, Step.JOIN, Step.FILE, Step.CONSULT, Step.ASK})
_TOLD = frozenset({Move.FILE, Move.SUPPLEMENT, Move.ASK})


class _About(StrEnum):
    QUESTION = "question"
    EITHER = "either"
    ANOTHER = "another"


def part_from_question(turn: Turn, said: Said) -> Said | Reply:
    """The words as they were read; of another matter as if nothing had been asked; a question
    where they may be either."""
    waiting = [issue for issue in said.open_issues if issue.status is Status.WAITING]
    if said.state.asked is not Asked.MORE or not waiting or said.decision.step not in _CONCERNED:
        return said
    issue = find_issue(turn, said.words, waiting) or waiting[0]
    free = _read_freely(turn, said)
    about = _tell_about(turn, said, free.reading, issue)
    if about is _About.ANOTHER:
        return free
    if about is _About.EITHER:
        return matter_questions.ask(
            turn, said.words, (Step.JOIN, Step.FILE), issue, key="meant.more_or_new"
        )
    decision = replace(said.decision, step=Step.ANSWER)
    return replace(said, mine=[issue], decision=decision)


def _read_freely(turn: Turn, said: Said) -> Said:
    """The same words, had nothing been asked: of what is open only the rest counts."""
    others = [issue for issue in said.mine if issue.status is not Status.WAITING]
    working = [issue for issue in others if issue in said.open_issues]
    state = replace(
        said.state,
        asked=Asked.NOTHING,
        open_issues=len(working),
        since_filed=said.state.since_filed if working else None,
    )
    reading = turn.talk.read_act(turn.text, state)
    return Said(said.words, state, reading, decide(reading, state), others)


def _tell_about(turn: Turn, said: Said, free: Reading, issue: Issue) -> _About:
    """By the act, by what the words share with the issue and with the question, by the category."""
    asked = " ".join(
        event.text for event in issues.history(turn.db, issue.id) if event.move in _TOLD
    )
    alike = share_things(said.words, f"{issue.title} {asked}")
    chance = free.chance(Act.MATTER, Act.POLICY)
    meant = find_meant(said.words, list_texts(turn, said.open_issues))
    if not alike and meant not in (None, issue.id):
        return _About.ANOTHER
    if chance < _PERHAPS:
        return _About.QUESTION
    matter = classify_text(turn, said.words)
    elsewhere = matter.sure and matter.category not in {issue.category, issue.second}
    if begins_another(said.words) and not alike:
        return _About.ANOTHER
    if chance >= _ANOTHER and elsewhere:
        return _About.EITHER if alike else _About.ANOTHER
    return _About.QUESTION if alike else _About.EITHER
