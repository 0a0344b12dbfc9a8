"""Free words for an enterprise are shown to their writer first, and leave some seconds later."""

from dataclasses import replace
from datetime import timedelta

from bot.actions.issues.cards import facts, shorten_text
from bot.core.issues.issue import Issue, build_action
from bot.core.issues.lifecycle import Move
from bot.core.issues.moves import Act, decide
from bot.core.messages import Action, Line, Option, Refused, Say
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import Unclear, the_issue
from handlers.dispatch.route import Handler
from handlers.dispatch.turn import Reply, Turn
from handlers.issues import other_firms, working
from handlers.issues.filing import words_of
from handlers.issues.moves import who
from storage.delivery import held_words
from storage.delivery.held_words import Fate, HeldWords
from storage.issues import issues

LATE = timedelta(minutes=10)
"""Words that should have left longer ago (nothing ran) may be true no more: the writer decides."""


def hold(turn: Turn, issue: Issue, words: str = "") -> Reply:
    """These words are for the enterprise of an issue: their writer reads to whom they go and may
    keep them back for `limits.hold_seconds`. Raises Refused and Unclear as an answer does."""
    said = words or words_of(turn)
    other_firms.ask_first(turn, issue, "answer", said)
    if not turn.park.limits.hold or turn.person_id is None:
        return working.answer(turn, Command("answer", words=said, issue_id=issue.id))
    decide(issue, Act(Move.ANSWER, who(turn, issue), turn.now, turn.person_id, said), turn.park)
    held_id = held_words.add(
        turn.db,
        thread_id=turn.thread.id,
        person_id=turn.person_id,
        issue_id=issue.id,
        text=said,
        media_id=turn.media_id,
        because=turn.incoming.key,
        held_at=turn.now,
        due_at=turn.now + turn.park.limits.hold,
    )
    seconds = int(turn.park.limits.hold.total_seconds())
    told = {**facts(turn, issue), "text": shorten_text(said), "seconds": seconds}
    back = Option("options.hold_back", Action("hold_back", target_id=held_id), digit=0)
    expect = build_action("answer", issue)
    return Reply((turn.me("held.shown", told, [back], issue_id=issue.id, expect=expect),), issue.id)


def hold_back(turn: Turn, command: Command) -> Reply:
    """`0` under the words, or `不发`: they have never been said. Raises Refused when they have left
    already."""
    if command.target_id is None:
        kept = held_words.last_waiting(turn.db, turn.thread.id, turn.person_id)
    else:
        kept = held_words.by_id(turn.db, command.target_id)
    if kept is None or kept.person_id != turn.person_id:
        raise Refused("held.nothing")
    return take_back(turn, kept)


def take_back(turn: Turn, kept: HeldWords) -> Reply:
    """The words do not leave. Raises Refused when they have left already."""
    issue = issues.get(turn.db, kept.issue_id)
    told = {**facts(turn, issue), "text": shorten_text(kept.text), "at": kept.settled_at}
    if not held_words.settle(turn.db, kept.id, Fate.TAKEN_BACK, turn.now):
        key = "held.gone" if kept.fate == Fate.SENT else "held.nothing"
        raise Refused(key, **told, word=turn.texts.command("undo"))
    return Reply((turn.me("held.back", told, issue_id=issue.id),), issue.id)


def send(turn: Turn, kept: HeldWords) -> Reply:
    """The time has come: the words are an answer from now on. `turn` is that of their writer; what
    a rule refuses meanwhile, and what has waited too long, its writer hears of."""
    issue = issues.get(turn.db, kept.issue_id)
    if turn.now > kept.due_at + LATE:
        return _ask_again(turn, issue, kept)
    try:
        with turn.db.begin_nested():
            told = working.answer(turn, Command("answer", words=kept.text, issue_id=issue.id))
    except Refused as refusal:
        return report_refusal(turn, kept, refusal)
    # Since they were written the talk may have gone on to something else.
    return Reply(tuple(replace(say, expect=None) for say in told.says))


def report_refusal(turn: Turn, kept: HeldWords, refusal: Refused) -> Reply:
    """The words stay here, and why."""
    held_words.change_fate(turn.db, kept.id, Fate.REFUSED)
    why = Line(refusal.key, refusal.values)
    told = {"text": shorten_text(kept.text), "why": why}
    return Reply((turn.me("held.refused", told, issue_id=kept.issue_id),))


def _ask_again(turn: Turn, issue: Issue, kept: HeldWords) -> Reply:
    held_words.change_fate(turn.db, kept.id, Fate.ASKED)
    options = [
        Option(
            "options.send_now", build_action("answer", issue, kept.text), media_id=kept.media_id
        ),
        turn.option("not_now", "view", issue),
    ]
    told = {**facts(turn, issue), "text": shorten_text(kept.text), "at": kept.held_at}
    return Reply((turn.me("held.late", told, options, issue_id=issue.id),))


def send_earlier(turn: Turn, issue: Issue) -> tuple[Say, ...]:
    """What this person still holds about an issue goes before what they say of it now: words reach
    an enterprise in the order in which they were written."""
    says: list[Say] = []
    for kept in held_words.list_waiting(turn.db, issue.id, turn.person_id):
        if held_words.settle(turn.db, kept.id, Fate.SENT, turn.now):
            before = replace(turn, media_id=kept.media_id, anyway=True)
            says += send(before, kept).says
    return tuple(says)


def in_order(handler: Handler) -> Handler:
    """The same handler, before whose words those leave that are still held about the issue."""

    def obey(turn: Turn, command: Command) -> Reply:
        said = bool(command.words) or turn.media_id is not None
        if not said or held_words.last_waiting(turn.db, turn.thread.id, turn.person_id) is None:
            return handler(turn, command)
        issue = the_issue(turn, command)
        earlier = send_earlier(turn, issue)
        try:
            reply = handler(turn, replace(command, issue_id=issue.id))
        except Unclear as question:
            asked = question.reply
            raise Unclear(replace(asked, says=(*earlier, *asked.says))) from None
        return replace(reply, says=(*earlier, *reply.says))

    return obey
