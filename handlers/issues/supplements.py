"""An entrepreneur goes on about an issue: a burst, an answer to our question, a supplement."""

from collections.abc import Sequence
from dataclasses import replace

from bot.actions.issues.cards import (
    describe_urgency,
    facts,
    shorten_text,
    staff_options,
    to_firm,
    to_owner,
)
from bot.actions.issues.classify import classify_text, is_urgent
from bot.actions.issues.urgency import is_sooner, raise_urgency
from bot.actions.sessions.agenda import tell_of_withdrawal
from bot.core.issues.issue import OPEN, WORKED_ON, Issue, Status, build_action, title_of
from bot.core.issues.lifecycle import Move
from bot.core.messages import Action, Line, Option, Refused, Say, ToDuty
from bot.core.talk.corrections import correct_text
from bot.core.talk.danger import find_danger
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import scope, the_issue
from handlers.dispatch.turn import Reply, Turn
from handlers.issues import claims, merging, sealing
from handlers.issues.filing import file, kind_names, words_of
from handlers.issues.moves import do
from handlers.issues.status import describe_lateness
from storage.issues import issues


def take_thing(turn: Turn, quoted: Issue | None = None) -> Reply:
    """A picture or another thing without words: with the open issue whose card it replies to, with
    what was just filed, else with what we asked for, else after 办结 a question; on its own a new
    issue."""
    if quoted:
        return add_to(turn, quoted)
    fresh = find_just_filed(turn)
    if fresh:
        return join_burst(turn, fresh)
    asked = _latest(turn, Status.WAITING)
    if asked:
        return answer_question(turn, asked)
    resolved = _latest(turn, Status.RESOLVED)
    if resolved:
        return ask_after_resolution(turn, resolved)
    return file(turn, words_of(turn))


def supplement(turn: Turn, command: Command) -> Reply:
    """`补充 003 …`: words for an issue; without words, the next message is taken."""
    issue = the_issue(turn, command)
    if not command.words and turn.media_id is None:
        expect = build_action("supplement", issue)
        told = {"number": issue.number}
        return Reply((turn.me("supplement.how", told, issue_id=issue.id, expect=expect),), issue.id)
    words = command.words or words_of(turn)
    after, notices = add_words(turn, issue, words)
    said = turn.me(
        "supplement.done", _describe_joined(turn, issue, after, words), issue_id=issue.id
    )
    return Reply((said, *notices), issue.id)


def join(turn: Turn, command: Command) -> Reply:
    """`并入 003`: what was just filed was meant as a supplement to another issue."""
    target = the_issue(turn, command)
    fresh = _latest(turn, Status.FILED)
    if fresh is None or fresh.id == target.id or fresh.sealed is not None:
        raise Refused("refused.nothing_to_join", number=target.number)
    said = [event.text for event in issues.history(turn.db, fresh.id) if event.move in _SAID]
    gone = do(turn, fresh, Move.WITHDRAW)
    after, notices = add_words(turn, target, "\n".join(said))
    told = {**facts(turn, after), "gone": gone.number}
    withdrawn = Say(to_owner(gone), "notice.withdrawn", facts(turn, gone), issue_id=gone.id)
    says = [
        turn.me("join.done", told, issue_id=target.id),
        withdrawn,
        *merging.release_members(turn, gone),
        *tell_of_withdrawal(turn, gone),
    ]
    return Reply((*says, *notices), target.id)


def only_reply(turn: Turn, command: Command) -> Reply:
    """`只是回复 003`: the words after 办结 asked for nothing; the question stays open."""
    issue = the_issue(turn, command)
    return Reply((turn.me("thanks.noted", issue_id=issue.id),), issue.id)


OFFERED = 2
"""Other open issues that words may have been meant for."""
_SAID = frozenset({Move.FILE, Move.SUPPLEMENT})


def find_just_filed(turn: Turn) -> Issue | None:
    """What this thread filed so shortly ago that words go on about it without a word from us."""
    thread = turn.thread
    if thread.filed_at is None or turn.now > thread.filed_at + turn.park.limits.burst:
        return None
    issue = issues.visible(turn.db, thread.issue_id or 0, scope(turn))
    just = issue is not None and issue.filed_at == thread.filed_at
    return issue if issue and just and issue.status in WORKED_ON else None


def _latest(turn: Turn, status: Status) -> Issue | None:
    """The newest issue at a stage that this very person raised, on whichever of their phones."""
    return issues.latest_of_contact(turn.db, turn.thread.id, turn.person_id, status)


def join_burst(turn: Turn, issue: Issue) -> Reply:
    """The first words after a picture are what the issue is about; what goes on is said to be with
    the issue once, and is no new receipt each time."""
    says: list[Say] = []
    first = all(event.move is not Move.SUPPLEMENT for event in issues.history(turn.db, issue.id))
    if turn.text.strip() and issue.title in kind_names(turn):
        issue = _title_issue(turn, issue)
        says.append(turn.me("receipt.titled", to_firm(turn, issue), issue_id=issue.id))
    after, notices = add_words(turn, issue, words_of(turn))
    if is_urgent(turn, turn.text):
        card = _describe_joined(turn, issue, after, turn.text)
        says.append(turn.me("supplement.urgent", card, issue_id=issue.id))
    elif first and not says:
        says.append(turn.me("supplement.burst", facts(turn, after), issue_id=issue.id))
    return Reply((*says, *notices), issue.id)


def _title_issue(turn: Turn, issue: Issue) -> Issue:
    matter = classify_text(turn, turn.text)
    told = replace(
        issue,
        title=title_of(turn.text),
        category=issue.category or matter.category,
        second=issue.second or matter.second,
        sure=matter.sure,
        urgent=issue.urgent or matter.urgent,
    )
    issues.save(turn.db, issue, told)
    return told


def answer_question(turn: Turn, issue: Issue) -> Reply:
    """What we asked for has come; what was meant otherwise is filed by one digit."""
    words = words_of(turn)
    after, notices = add_words(turn, issue, words)
    options = [_file_instead(turn, "options.new_instead", words)]
    card = _describe_joined(turn, issue, after, words)
    said = turn.me("supplement.answered", card, options, issue_id=issue.id)
    return Reply((said, *notices), issue.id)


def ask_after_resolution(turn: Turn, issue: Issue) -> Reply:
    """Kept with the issue at once, so that nothing hangs on the answer to our question."""
    words = words_of(turn)
    after, notices = add_words(turn, issue, words)
    options = (
        turn.option("not_solved", "not_solved", issue, words),
        _file_instead(turn, "options.new", words),
        turn.option("only_reply", "only_reply", issue),
    )
    card = facts(turn, after)
    said = turn.me("supplement.which", card, options, issue_id=issue.id)
    return Reply((said, *notices), issue.id)


def _file_instead(turn: Turn, label: str, words: str) -> Option:
    """The words were no supplement: they become an issue as if they had just been written."""
    return Option(label, Action("new", words=words), media_id=turn.media_id)


def go_on(turn: Turn, issue: Issue, others: Sequence[Issue], *, correction: bool = False) -> Reply:
    """More about an issue, or a correction of it: said which, with the others one digit away."""
    words = words_of(turn)
    kept = turn.texts.render("revision.words", {"text": words}) if correction else words
    right = correct_text(issue.title, words) if correction else None
    if right is not None:
        wrong, issue = issue, replace(issue, title=right.text)
        issues.save(turn.db, wrong, issue)
    after, notices = add_words(turn, issue, kept)
    options = [_file_instead(turn, "options.new_instead", words)]
    options += [
        Option(
            "options.join",
            build_action("supplement", other, words),
            {"number": other.number, "title": other.title},
        )
        for other in others[:OFFERED]
    ]
    told = _describe_joined(turn, issue, after, words)
    told["changed"] = Line("revision.changed", {"word": right.word}) if right else None
    key = "supplement.corrected" if correction else "supplement.joined"
    return Reply((turn.me(key, told, options, issue_id=issue.id), *notices), issue.id)


def add_to(turn: Turn, issue: Issue, *, correction: bool = False) -> Reply:
    """Words or a thing that reply to an issue's own card: there is no doubt where they belong."""
    if issue.status is Status.WAITING:
        return answer_question(turn, issue)
    if issue.status is Status.RESOLVED:
        return ask_after_resolution(turn, issue)
    return go_on(turn, issue, (), correction=correction)


def pass_on_words(turn: Turn, issue: Issue) -> Reply:
    """Urged again too soon to count: whoever holds it reads the words all the same."""
    if issue.status is Status.WAITING:
        raise Refused("refused.waits_for_you", number=issue.number)
    after, notices = add_words(turn, issue, words_of(turn))
    card = _describe_joined(turn, issue, after, words_of(turn))
    card["sorry"] = describe_lateness(turn, after)
    said = turn.me("supplement.pressed", card, issue_id=issue.id)
    return Reply((said, *notices), issue.id)


def ask_whether_over(turn: Turn, issue: Issue, *, solved: bool = False) -> Reply:
    """`不用了，刚才有人来了`, or `solved`: `解决了`. The holder reads it; one digit takes the issue
    back, or settles it."""
    words = words_of(turn)
    kept = turn.texts.render("revision.solved", {"text": words}) if solved else words
    after, notices = add_words(turn, issue, kept)
    label, verb = ("options.is_over", "confirm") if solved else ("options.settled", "withdraw")
    options = (
        Option(label, build_action(verb, issue)),
        Option("options.goes_on", build_action("only_reply", issue)),
    )
    key = "supplement.solved" if solved else "supplement.over"
    said = turn.me(key, facts(turn, after), options, issue_id=issue.id)
    return Reply((said, *notices), issue.id)


def _describe_joined(turn: Turn, before: Issue, after: Issue, words: str) -> dict[str, object]:
    """The facts of an issue that somebody went on about: what the words have made of it."""
    urgent = is_urgent(turn, words) and find_danger(words) is None
    return {
        **facts(turn, after),
        "urgent": Line("issue.urgent") if urgent else None,
        "sooner": _describe_sooner(before, after),
    }


def _describe_sooner(before: Issue, after: Issue) -> Line | None:
    if not is_sooner(before, after):
        return None
    accepted = after.accepted_at is not None
    key = "issue.sooner_solved" if accepted else "issue.sooner"
    return Line(key, {"accept_due": after.accept_due, "solve_due": after.solve_due})


def add_words(turn: Turn, issue: Issue, words: str) -> tuple[Issue, list[Say]]:
    """The issue with more words of its contact, and what its holders hear. Raises Refused."""
    if issue.sealed is not None:
        return sealing.add_sealed_words(turn, issue, words)
    if issue.status not in OPEN:
        raise Refused(
            "refused.status", number=issue.number, status=issue.status, move=Move.SUPPLEMENT
        )
    after, match = claims.note_claim(turn, do(turn, issue, Move.SUPPLEMENT, text=words), words)
    rings = is_urgent(turn, words)
    if rings:
        after = raise_urgency(turn, after, danger=find_danger(words) is not None)
    card = {**facts(turn, after), "text": shorten_text(words), "claim": claims.guess(match)}
    card["urgent"] = describe_urgency(after) if rings else None
    card["sooner"] = _describe_sooner(issue, after)
    options = (*staff_options(turn, after), *claims.confirmations(after, match))
    notice = Say(
        to_owner(after),
        "notice.supplement",
        card,
        options,
        issue.id,
        media_id=turn.media_id,
        urgent=rings,
    )
    # The duty desk was rung for a danger: it hears how that goes on, and that it is over.
    follows = after.is_dangerous and not rings and notice.to != ToDuty()
    desk = [replace(notice, to=ToDuty())] if follows else []
    return after, [notice, *desk, *merging.holder_too(turn, after, "notice.supplement", card)]
