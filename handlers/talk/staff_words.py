"""A member of the staff writes words that are no command: to whom do they go?"""

from bot.core.issues.issue import Issue, build_action
from bot.core.messages import Line, Option
from bot.core.people import OWNERS, Role
from bot.core.reading import PRINTED, fold, number, split_exact_number
from bot.core.talk.acts import Act as TalkAct
from bot.core.talk.acts import Showed
from bot.core.talk.decisions import Decision, Step
from handlers.dispatch import questions
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import MOST, answerable
from handlers.dispatch.parse import read_action
from handlers.dispatch.turn import Reply, Turn
from handlers.issues.filing import words_of
from handlers.sessions import evening_words
from handlers.talk import asked_words, candidates, held_words
from handlers.talk.asked_words import INTERNAL
from handlers.talk.staff_state import read_staff_words
from storage.delivery import pending, shown
from storage.delivery.pending import Question
from storage.issues import issues, numbers
from storage.people import people

JUDGED = frozenset({"answer", "instruct"})
"""What is expected after a card; its words are judged, those that a verb was typed for are not."""
TAPPED = frozenset({"needs.answer"})
"""Questions that follow a tap on 反馈: the words that come are for the firm unless they read as
something else."""
REPORTS = frozenset({"called"})
"""Verbs that tell what was done: words after them go on telling it, they give no order."""
_DOUBTFUL = 0.4
"""As probable as this, words are internal until their writer says otherwise."""
_SMALL_TALK = {TalkAct.GREETING: "staff.greeting", TalkAct.THANKS: "staff.thanks"}


def find_expected(turn: Turn) -> Command | Reply | None:
    """The command that this free text completes, because we just asked for it; a question which,
    where words were asked for in several matters: nothing goes out by guess.

    Not when a card about another issue was shown since: then the words might be meant for that
    one. A reply to a card is about that card's issue, whatever else was asked, and so are words
    that begin with an issue's number.
    """
    quoted = _find_quoted(turn)
    named, words = _find_named(turn)
    if named:
        meant = [*named, *([quoted] if quoted and quoted not in named else [])]
        said = turn.with_words(words)
        return to_whom(said, meant) if len(meant) > 1 else speak_to_firm(said, meant[0], asked=True)
    if quoted:
        return speak_to_firm(turn, quoted, asked=True)
    asked = [
        question
        for question in turn.questions
        if question.until >= turn.now and turn.quoted_id in (None, question.issue_id)
    ]
    if asked and _lets_be(turn):
        questions.drop(turn, asked)
        return Reply((turn.me("staff.let_be"),), turn.thread.issue_id)
    fitting = [question for question in asked if asked_words.suit(turn, question)]
    if not fitting or is_misspelt(turn) or _has_moved_on(turn, asked):
        return None
    if len(fitting) > 1:
        led = turn.role is Role.LEADER and candidates.names_somebody(turn)
        return _ask_which_issue(turn) if led else _ask_which_question(turn, fitting)
    if _other_card(turn, fitting[0]):
        return None
    command = read_action(turn, fitting[0].action.complete(words_of(turn)))
    if command is not None and asked_words.are_doubtful(turn, fitting[0], command.verb):
        return asked_words.ask_whether_for_firm(turn, fitting[0])
    if command is None or command.verb not in JUDGED:
        return command
    return _judge_expected(turn, fitting[0], command)


def _lets_be(turn: Turn) -> bool:
    """`算了`: what was asked for is not written after all."""
    plain = "".join(char for char in fold(turn.text) if char.isalnum())
    return turn.role is not Role.CONTACT and plain in turn.texts.list_words("reading.let_be")


def _judge_expected(turn: Turn, question: Question, command: Command) -> Command | Reply:
    """What was asked for is given only by words that are meant for it."""
    if command.verb == "instruct":
        other = candidates.names_another(turn, question.issue_id)
        return command if _is_instruction(turn) and not other else _ask_which_issue(turn)
    issue = issues.visible(turn.db, question.issue_id or 0, answerable(turn, "answer"))
    if issue is None:
        return command  # the rule that refuses it says why
    evening = evening_words.ask_evening(turn) if question.asked not in TAPPED else None
    if evening is not None:
        return evening
    return speak_to_firm(turn, issue, asked=question.asked in TAPPED)


def speak_to_firm(turn: Turn, issue: Issue, *, asked: bool) -> Reply:
    """Free words where the issue is certain: shown and held where they are clearly an answer to its
    enterprise, else a question. `asked`: they were asked for, or it was quoted."""
    if turn.media_id is not None and not turn.text.strip():
        return held_words.hold(turn, issue)
    reading, decision = read_staff_words(turn, showed=Showed.CARD if asked else None)
    if decision.step is not Step.COMMAND and names_own_matter(turn):
        return to_whom(turn, [issue])
    if decision.step is Step.TO_FIRM or (asked and reading.chance(*INTERNAL) < _DOUBTFUL):
        return held_words.hold(turn, issue)
    return _keep_from_firm(turn, decision, [issue])


def _keep_from_firm(turn: Turn, decision: Decision, meant: list[Issue]) -> Reply:
    """Words that are for no firm, or perhaps for none: they stay here until somebody says so."""
    if decision.step is Step.REPLY:
        return answer_staff(turn, decision.act)
    if decision.step is Step.KEEP:
        return ask_to_keep(turn, meant)
    if decision.step is Step.COMMAND:
        return Reply((turn.me("staff.unknown_command", {"text": words_of(turn)}),))
    return to_whom(turn, meant)


def names_own_matter(turn: Turn) -> bool:
    """Whether the words begin with a verb of the bot's or name a colleague: then they may be for
    either, whatever they read like."""
    said = fold(turn.text).lower()
    verbs = (word for word, verb in turn.texts.commands.items() if verb not in REPORTS)
    begins = any(said.startswith(word) for word in verbs if len(word) > 1)
    named = people.list_named_in(turn.db, turn.text)
    others = (person for person in named if person.role is not Role.CONTACT)
    return begins or any(person.id != turn.person_id for person in others)


def _find_quoted(turn: Turn) -> Issue | None:
    """The issue of the card that somebody who holds it replies to."""
    if turn.quoted_id is None or turn.role not in OWNERS:
        return None
    return issues.visible(turn.db, turn.quoted_id, answerable(turn, "answer"))


def _find_named(turn: Turn) -> tuple[list[Issue], str]:
    """The issues whose number the words begin with, where their writer may answer them (of several
    days' the one that the talk is about), and the words without the number; in the room of an
    issue only that one."""
    found = split_exact_number(turn.text) if turn.role in OWNERS else None
    if found is None:
        return [], ""
    meant, words = found
    mine = answerable(turn, "answer")
    opened = numbers.list_open_by_number(turn.db, meant, mine, candidates.OFFERED)
    closed = None if opened else issues.by_number(turn.db, meant, mine)
    named = [closed] if closed else opened
    current = [issue for issue in named if issue.id == turn.thread.issue_id]
    return current or ([] if turn.incoming.sender else named), words


def _ask_which_question(turn: Turn, asked: list[Question]) -> Reply:
    """To which of the matters that wait for words: the newest MOST, in the order of asking."""
    words = words_of(turn)
    options = [_build_answer(turn, question, words) for question in asked[-MOST:]]
    return Reply((turn.me("staff.which_question", {"text": words}, options),))


def _build_answer(turn: Turn, question: Question, words: str) -> Option:
    issue = issues.get(turn.db, question.issue_id) if question.issue_id else None
    said = turn.texts.phrase(question.action)
    told = {"command": said, "title": issue.title if issue else None}
    answer = question.action.complete(words)
    return Option("options.question", answer, told, media_id=turn.media_id)


def free_words(turn: Turn) -> Reply:
    """Words that nothing was asked for: they go to the firm of the only card if they are clearly
    an answer to it, shown first; else what is to be done with them is asked, and they are kept
    until then. Nothing that is for no firm is offered to one first."""
    if turn.role not in OWNERS:
        return _ask_which_issue(turn)
    mine = candidates.list_candidates(turn)
    if not mine:
        return Reply((turn.me("staff.nothing_open"),))
    if is_misspelt(turn) or not turn.text.strip():
        return to_whom(turn, mine)
    _reading, decision = read_staff_words(turn)
    if decision.step is not Step.COMMAND and names_own_matter(turn):
        return to_whom(turn, mine)
    seen = shown.last_of(turn.db, turn.thread.id)
    if decision.step is Step.TO_FIRM and len(mine) == 1 and seen and seen.issue_id == mine[0].id:
        return held_words.hold(turn, mine[0])
    if decision.step is Step.KEEP:
        return ask_to_keep(turn, candidates.put_current_first(turn, mine))
    return _keep_from_firm(turn, decision, mine)


def answer_staff(turn: Turn, act: TalkAct) -> Reply:
    """A kind word, or where to ask: nothing of it is for a firm."""
    return Reply((turn.me(_SMALL_TALK.get(act, "staff.not_sent")),), turn.thread.issue_id)


def ask_to_keep(turn: Turn, meant: list[Issue]) -> Reply:
    """A remark stays among the staff: a note if its writer says so."""
    words = words_of(turn)
    options = [_keep(turn, meant[0], words, "options.keep_note")]
    options += [_send(turn, issue, words) for issue in meant]
    return Reply((turn.me("staff.kept", {"text": words}, options),))


def _ask_which_issue(turn: Turn) -> Reply:
    """A leader goes on long after a card: to which of the matters that came up to them?"""
    mine = candidates.list_for_leader(turn)
    if not mine or turn.role is not Role.LEADER:
        return Reply((turn.me("staff.not_understood"),))
    words = words_of(turn)
    options = [
        Option(
            "options.instruct_on",
            build_action("instruct", issue, words),
            {"number": issue.number, "title": issue.title},
        )
        for issue in mine
    ]
    return Reply((turn.me("staff.which_instruction", {"text": words}, options),))


def to_whom(turn: Turn, meant: list[Issue]) -> Reply:
    """The question to which of these the words go, or whether they stay with the staff."""
    words = words_of(turn)
    options = [_send(turn, issue, words) for issue in meant]
    options.append(_keep(turn, meant[0], words))
    return Reply((turn.me("staff.which", {"text": words}, options),))


def _send(turn: Turn, issue: Issue, words: str) -> Option:
    firm = people.enterprise(turn.db, issue.enterprise_id) if issue.enterprise_id else None
    told = {
        "number": issue.number,
        "title": issue.title,
        "enterprise": firm.name if firm else Line("people.unknown_firm"),
    }
    return Option(
        "options.send_to", build_action("answer", issue, words), told, media_id=turn.media_id
    )


def _keep(turn: Turn, issue: Issue, words: str, label: str = "options.only_note") -> Option:
    told = {"number": issue.number, "title": issue.title}
    return Option(label, build_action("note", issue, words), told, media_id=turn.media_id)


def _is_instruction(turn: Turn) -> bool:
    """Whether a leader's words are clearly meant as one: a remark or thanks is none."""
    if turn.media_id is not None and not turn.text.strip():
        return True
    reading, decision = read_staff_words(turn, showed=Showed.CARD)
    if decision.step in (Step.REPLY, Step.KEEP):
        return False
    return decision.step is Step.INSTRUCT or reading.chance(*INTERNAL) < _DOUBTFUL


def _has_moved_on(turn: Turn, asked: list[Question]) -> bool:
    """The talk has gone to another issue since."""
    return not {question.issue_id for question in asked} & {None, turn.thread.issue_id}


def is_misspelt(turn: Turn) -> bool:
    """`备住 003 …` is no command, but it looks like one: it must not go to an enterprise."""
    if turn.role is Role.CONTACT:
        return False
    _word, *rest = turn.text.split(maxsplit=2)[:2] or [""]
    meant = number(rest[0]) if rest else None
    return meant is not None and (meant.day is not None or len(rest[0]) >= PRINTED)


def _other_card(turn: Turn, question: Question) -> bool:
    """Whether a card about another issue was put before them since."""
    if question.issue_id is None:
        return False
    since = (menu for menu in pending.list_menus(turn.thread) if menu.at > question.at)
    known = (None, question.issue_id)
    return any(menu.issue_id not in known and not menu.answer for menu in since)
