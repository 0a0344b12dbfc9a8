"""Whether words are a matter was not sure: it is asked, and what the answer taught is kept."""

from collections.abc import Sequence
from dataclasses import replace

from bot.actions.sessions.agenda import tell_of_withdrawal
from bot.core.issues.issue import Issue, Status
from bot.core.issues.lifecycle import Move
from bot.core.messages import Action, Option, Refused, Say, ToThread
from bot.core.people import OWNERS
from bot.core.talk.acts import Act, Because, Reading, State
from bot.core.talk.acts import Role as TalkRole
from bot.core.talk.decisions import Step, could_be_matter
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import the_issue
from handlers.dispatch.turn import Reply, Turn
from handlers.issues import status
from handlers.issues.filing import file
from handlers.issues.moves import do
from handlers.talk.state import build_state
from storage.delivery import messages
from storage.issues import issues
from storage.talk import act_lessons, matter_questions

_TEACHES = {
    Step.FILE: Act.MATTER,
    Step.CONSULT: Act.POLICY,
    Step.JOIN: Act.SUPPLEMENT,
    Step.STATUS: Act.PROGRESS,
    Step.WITHDRAW: Act.WITHDRAW,
    Step.RESOLVE: Act.SOLVED,
    Step.CALL: Act.HUMAN,
}
WHETHER = (Step.FILE, Step.REPLY)
"""Whether it is a matter at all."""
_WHETHER_MATTER = "meant.ask"
_OF_OPEN = frozenset({Step.JOIN, Step.URGE, Step.STATUS, Step.RESOLVE, Step.WITHDRAW})
_MATTERS = frozenset({Act.MATTER, Act.POLICY, Act.SUPPLEMENT, Act.ANSWER})
_KEYS = {
    Step.FILE: "options.meant_file",
    Step.CONSULT: "options.meant_consult",
    Step.JOIN: "options.meant_join",
    Step.URGE: "options.meant_urge",
    Step.STATUS: "options.meant_status",
    Step.RESOLVE: "options.meant_withdraw",
    Step.WITHDRAW: "options.meant_withdraw",
    Step.ANSWER: "options.meant_answer",
    Step.CALL: "options.meant_call",
    Step.REPLY: "options.meant_reply",
}


def ask(
    turn: Turn,
    words: str,
    steps: Sequence[Step],
    issue: Issue | None,
    *,
    key: str = _WHETHER_MATTER,
) -> Reply:
    """What the words are, by two or three digits; they are filed by themselves without an answer.

    Each such question stands on its own: what is written meanwhile may be about something else.
    """
    due_at = turn.now + turn.park.talk.question
    question_id = matter_questions.ask(
        turn.db, turn.thread.id, turn.person_id, words, turn.media_id, turn.now, due_at
    )
    options = [
        _build_option(step, words, question_id, issue if step in _OF_OPEN else None, turn.media_id)
        for step in steps
        if step in _KEYS and (issue is not None or step not in _OF_OPEN)
    ]
    told = {"text": words[:_SHOWN], "until": due_at}
    alone = turn.talk.read_act(words, State(TalkRole.CONTACT))
    if key == _WHETHER_MATTER and turn.media_id is None and not could_be_matter(alone):
        key, told = "meant.ask_idle", {"text": told["text"]}
    return Reply((turn.me(key, told, options),))


_SHOWN = 40


def answer_in_words(turn: Turn, words: str) -> Reply | None:
    """`要的`, `不用` instead of a digit: settles the last question; None where nothing is asked or
    the words are neither."""
    question = matter_questions.last_of_thread(turn.db, turn.thread.id)
    plain = "".join(char for char in words if char.isalnum()).lower()
    if question is None:
        return None
    if plain in turn.texts.list_words("reading.declined"):
        matter_questions.settle(turn.db, question.id, turn.now, None)
        return Reply((turn.me("talk.nothing_done"),))
    if plain not in turn.texts.list_words("reading.agreed"):
        return None
    reply = file(replace(turn.with_words(question.text), media_id=question.media_id), question.text)
    matter_questions.settle(turn.db, question.id, turn.now, reply.issue_id)
    return reply


def answer_late(turn: Turn, command: Command) -> Reply | None:
    """A digit after the words were filed or answered for: what came of them. None in time."""
    question = matter_questions.by_id(turn.db, command.target_id or 0)
    if question is None or question.settled_at is None:
        return None
    if question.issue_id is None:
        # The clock let it drop, nobody answered: the digit is still the answer.
        dropped = question.settled_at >= question.due_at
        return None if dropped else Reply((turn.me("meant.answered"),))
    issue = issues.get(turn.db, question.issue_id)
    if command.act == Step.REPLY and issue.status is Status.FILED:
        return status.withdraw(turn, Command("withdraw", issue_id=issue.id))
    told = {"number": issue.number, "status": issue.status, "title": issue.title}
    return Reply((turn.me("meant.filed", told, issue_id=issue.id),), issue.id)


def settle(turn: Turn, command: Command, reply: Reply) -> None:
    """The question is answered; the words no longer file themselves."""
    if command.target_id is not None:
        matter_questions.settle(turn.db, command.target_id, turn.now, reply.issue_id)


def learn(turn: Turn, state: State, reading: Reading, step: Step) -> None:
    """What a digit said about words that nobody could be sure of is known from now on."""
    act = _TEACHES.get(step) or (_find_other(reading) if step is Step.REPLY else None)
    if act is not None and reading.because is Because.LEARNED:
        act_lessons.teach(turn.db, turn.text, act, state.role, turn.because, turn.now)


def is_matter(turn: Turn, command: Command) -> Reply:
    """`这是新诉求`: what was just answered as no matter is one."""
    words = command.words
    if not words:
        last = messages.last_of(turn.db, turn.thread.id)
        words = last.text if last and last.issue_id is None else ""
    if not words:
        return Reply((turn.me("file.how", expect=Action("new")),))
    meant = turn.with_words(words)
    state = build_state(meant)
    learn(meant, state, turn.talk.read_act(words, state), Step.FILE)
    held = matter_questions.last_of_thread(turn.db, turn.thread.id)
    reply = file(meant, words)
    if held is not None and held.text == words:
        matter_questions.settle(turn.db, held.id, turn.now, reply.issue_id)
    return reply


def is_no_matter(turn: Turn, command: Command) -> Reply:
    """`这不是诉求`: said by whoever wrote it, it is taken back; said by the duty desk of what
    nobody had verified, it is dropped."""
    issue = the_issue(turn, command)
    words = issues.history(turn.db, issue.id)[0].text
    writer = TalkRole.CONTACT if issue.enterprise_id else TalkRole.UNBOUND
    if turn.role in OWNERS:
        return _drop(turn, issue, words, writer)
    _teach_other(turn, words, writer)
    return status.withdraw(turn, Command("withdraw", issue_id=issue.id))


def _drop(turn: Turn, issue: Issue, words: str, role: TalkRole) -> Reply:
    if not issue.unverified or issue.status is not Status.FILED:
        raise Refused("refused.verified", number=issue.number)
    by = turn.person.name if turn.person else ""
    why = turn.texts.render("meant.dropped_by", {"name": by})
    gone = do(turn, issue, Move.WITHDRAW, text=why, as_bot=True)
    _teach_other(turn, words, role)
    told = {"number": gone.number, "title": gone.title}
    again = Option("options.is_matter", Action("is_matter", words=words))
    heard = Say(ToThread(gone.thread_id), "meant.looked_at", told, (again,))
    more = tell_of_withdrawal(turn, gone)
    return Reply((turn.me("meant.dropped", told, issue_id=gone.id), heard, *more), gone.id)


def _teach_other(turn: Turn, words: str, role: TalkRole) -> None:
    act = _find_other(turn.talk.read_act(words, State(role)))
    act_lessons.teach(turn.db, words, act, role, turn.because, turn.now)


def _find_other(reading: Reading) -> Act:
    """The likeliest act that is no matter."""
    others = (likely.act for likely in reading.ranked if likely.act not in _MATTERS)
    return next(others, Act.CHAT)


def _build_option(
    step: Step, words: str, question_id: int, issue: Issue | None, media_id: int | None
) -> Option:
    action = Action(
        "meant",
        issue_id=issue.id if issue else None,
        target_id=question_id,
        words=words,
        act=step,
        number=issue.number if issue else "",
    )
    told = {"number": issue.number, "title": issue.title} if issue else {}
    return Option(_KEYS[step], action, told, media_id=media_id)
