"""Whoever holds an issue accepts it, answers, asks, keeps a note, resolves it."""

from bot.actions.issues import merged_replies
from bot.actions.issues.cards import facts, reporter_options, to_reporter, undo_option
from bot.core.issues.issue import Issue, build_action
from bot.core.issues.lifecycle import Move, Who
from bot.core.messages import Option, Refused, Say
from bot.core.reading import fold
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import the_issue
from handlers.dispatch.turn import Reply, Turn
from handlers.issues import collisions, other_firms
from handlers.issues.filing import words_of
from handlers.issues.moves import do
from handlers.issues.trailing_words import offer_words

ANSWERING = frozenset({Who.OWNER, Who.DUTY})
"""Whose words an enterprise hears."""
HOLLOW = 4
"""A result shorter than this many characters is questioned once."""


def accept(turn: Turn, command: Command) -> Reply:
    """`受理 003`: the first deadline is met; the next words go to the enterprise, those that were
    typed with it where a digit says so."""
    issue = do(turn, the_issue(turn, command), Move.ACCEPT)
    card = facts(turn, issue)
    expect = build_action("answer", issue)
    verbs = ("resolve", "ask", "pass_on")
    options = [*(turn.option(verb, verb, issue) for verb in verbs), undo_option()]
    key = "accept.done"
    if command.words:
        key, card = "accept.with_words", {**card, "text": command.words}
        options = [*offer_words(turn, issue, command.words), undo_option()]
    me = turn.me(key, card, options, issue_id=issue.id, expect=expect)
    return Reply((me, Say(to_reporter(issue), "news.accepted", card, issue_id=issue.id)), issue.id)


def answer(turn: Turn, command: Command) -> Reply:
    """`反馈 003 …`: these words go to the enterprise."""
    issue = the_issue(turn, command)
    words = _words(turn, command)
    if not words:
        return _ask_for_words(turn, issue, "answer")
    other_firms.ask_first(turn, issue, "answer", words)
    said = merged_replies.fit(turn, issue, words)
    after = do(turn, issue, Move.ANSWER, text=said)
    card = {**facts(turn, after), "text": said}
    expect = build_action("answer", issue)
    options = [turn.option("resolve", "resolve", after), undo_option()]
    me = turn.me("answer.done", card, options, issue_id=issue.id, expect=expect)
    news = Say(to_reporter(after), "news.answered", card, issue_id=issue.id, media_id=turn.media_id)
    told = (
        *merged_replies.share_answer(turn, after, words),
        *collisions.announce_words(turn, after, words),
    )
    return Reply((me, news, *told), issue.id)


def ask(turn: Turn, command: Command) -> Reply:
    """`请补充 003 …`: one missing fact is asked for; the clock stands still meanwhile."""
    issue = the_issue(turn, command)
    words = _words(turn, command)
    if not words:
        return _ask_for_words(turn, issue, "ask")
    other_firms.ask_first(turn, issue, "ask", words)
    words = merged_replies.fit(turn, issue, words)
    after = do(turn, issue, Move.ASK, text=words)
    card = {**facts(turn, after), "text": words}
    me = turn.me("ask.done", card, [undo_option()], issue_id=issue.id)
    news = Say(to_reporter(after), "news.asked", card, issue_id=issue.id, media_id=turn.media_id)
    return Reply((me, news, *collisions.announce_words(turn, after, words)), issue.id)


def note(turn: Turn, command: Command) -> Reply:
    """`备注 003 …` or `# …`: for colleagues only; it never leaves the staff."""
    issue = the_issue(turn, command)
    words = _words(turn, command)
    if not words:
        return _ask_for_words(turn, issue, "note")
    do(turn, issue, Move.NOTE, text=words)
    me = turn.me("note.done", facts(turn, issue), [undo_option()], issue_id=issue.id)
    return Reply((me,), issue.id)


def resolve(turn: Turn, command: Command) -> Reply:
    """`办结 003 …`: says what was achieved; a hollow result is questioned once."""
    issue = the_issue(turn, command)
    words = _words(turn, command)
    if not words:
        return _ask_for_words(turn, issue, "resolve")
    other_firms.ask_first(turn, issue, "resolve", words)
    if _is_hollow(turn, words):
        return _question(turn, issue, words)
    return _resolve_issue(turn, issue, words)


def resolve_anyway(turn: Turn, command: Command) -> Reply:
    """`照此办结 003 …`: the questioned result stands."""
    if not command.words:
        raise Refused("needs.resolve", number="")
    issue = the_issue(turn, command)
    other_firms.ask_about_others(turn, issue, "resolve_anyway", command.words)
    return _resolve_issue(turn, issue, command.words)


def _resolve_issue(turn: Turn, issue: Issue, words: str) -> Reply:
    said = merged_replies.fit(turn, issue, words)
    after = do(turn, issue, Move.RESOLVE, text=said)
    card = {**facts(turn, after), "text": said}
    options = reporter_options(turn, after)
    news = Say(
        to_reporter(after), "result.resolved", card, options, issue.id, media_id=turn.media_id
    )
    me = turn.me("resolve.done", card, [undo_option()], issue_id=issue.id)
    told = (
        *merged_replies.share_result(turn, after, words),
        *collisions.announce_words(turn, after, words),
    )
    return Reply((me, news, *told), issue.id)


def _question(turn: Turn, issue: Issue, words: str) -> Reply:
    anyway = Option(
        "options.resolve_anyway",
        build_action("resolve_anyway", issue, words),
        media_id=turn.media_id,
    )
    expect = build_action("resolve", issue)
    told = {"number": issue.number, "text": words}
    said = turn.me("resolve.hollow", told, [anyway], issue_id=issue.id, expect=expect)
    return Reply((said,), issue.id)


def _is_hollow(turn: Turn, words: str) -> bool:
    folded = fold(words).replace(" ", "")
    phrases = turn.texts.list_words("reading.hollow")
    return len(folded) < HOLLOW or any(phrase in folded for phrase in phrases)


def _words(turn: Turn, command: Command) -> str:
    """What came with the verb; a picture sent where words were expected counts by its kind."""
    if command.words:
        return command.words
    return words_of(turn) if turn.media_id is not None else ""


def _ask_for_words(turn: Turn, issue: Issue, verb: str) -> Reply:
    expect = build_action(verb, issue)
    card = facts(turn, issue)
    asked = turn.me(f"needs.{verb}", card, issue_id=issue.id, expect=expect)
    met = collisions.announce_writing(turn, issue) if verb in collisions.VERBS else ()
    return Reply((*met, asked), issue.id)
