"""A member of the staff writes words that are no command: to whom do they go?"""

from bot.core.issues.issue import Issue, build_action
from bot.core.messages import Option
from bot.core.people import OWNERS, Role
from bot.core.reading import number
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import MOST, answerable
from handlers.dispatch.objects import NAMED, names_colleague
from handlers.dispatch.parse import DATED, read_action, tells_days
from handlers.dispatch.turn import Reply, Turn
from handlers.issues.filing import words_of
from storage.delivery import pending
from storage.delivery.pending import Question
from storage.issues import issues
from storage.people import people

OFFERED = 3
LONG_ENOUGH = 3
"""A number of fewer digits after a word is more likely a quantity."""


def find_expected(turn: Turn) -> Command | Reply | None:
    """The command that this free text completes, because we just asked for it; a question which,
    where words were asked for in several matters: nothing goes out by guess.

    Not when a card about another issue was shown since: then the words might be meant for that
    one.
    """
    asked = [question for question in turn.questions if question.until >= turn.now]
    fitting = [question for question in asked if _suits(turn, question)]
    if not fitting or is_misspelt(turn) or _has_moved_on(turn, asked):
        return None
    if len(fitting) > 1:
        return _ask_which_question(turn, fitting)
    if _other_card(turn, fitting[0]):
        return None
    return read_action(turn, fitting[0].action.complete(words_of(turn)))


def _suits(turn: Turn, question: Question) -> bool:
    """Where days were asked for, only days are the answer; where a colleague, only a name."""
    command = read_action(turn, question.action)
    if command is not None and command.verb in NAMED and not command.words:
        return names_colleague(turn, turn.text.strip())
    return command is not None and (command.verb not in DATED or tells_days(turn, turn.text))


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
    """Asks what is to be done with the words; they are kept until then."""
    if turn.role not in OWNERS:
        return _ask_which_issue(turn)
    mine = issues.open_among(turn.db, answerable(turn, "answer"), OFFERED)
    return to_whom(turn, mine) if mine else Reply((turn.me("staff.nothing_open"),))


def _ask_which_issue(turn: Turn) -> Reply:
    """A leader goes on long after a card: to which of the matters that came up to them?"""
    mine = issues.open_among(turn.db, issues.is_held_by(turn.person_id or 0), OFFERED)
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


def to_whom(turn: Turn, candidates: list[Issue]) -> Reply:
    """The question to which of these the words go, or whether they stay with the staff."""
    words = words_of(turn)
    options = [_send(turn, issue, words) for issue in candidates]
    options.append(_keep(turn, candidates[0], words))
    return Reply((turn.me("staff.which", {"text": words}, options),))


def _send(turn: Turn, issue: Issue, words: str) -> Option:
    firm = people.enterprise(turn.db, issue.enterprise_id) if issue.enterprise_id else None
    told = {"number": issue.number, "title": issue.title, "enterprise": firm.name if firm else ""}
    return Option(
        "options.send_to", build_action("answer", issue, words), told, media_id=turn.media_id
    )


def _keep(turn: Turn, issue: Issue, words: str) -> Option:
    told = {"number": issue.number}
    return Option(
        "options.only_note", build_action("note", issue, words), told, media_id=turn.media_id
    )


def _has_moved_on(turn: Turn, asked: list[Question]) -> bool:
    """The talk has gone to another issue since."""
    return not {question.issue_id for question in asked} & {None, turn.thread.issue_id}


def is_misspelt(turn: Turn) -> bool:
    """`备住 003 …` is no command, but it looks like one: it must not go to an enterprise."""
    if turn.role is Role.CONTACT:
        return False
    _word, *rest = turn.text.split(maxsplit=2)[:2] or [""]
    meant = number(rest[0]) if rest else None
    return meant is not None and (meant.day is not None or len(rest[0]) >= LONG_ENOUGH)


def _other_card(turn: Turn, question: Question) -> bool:
    """Whether a card about another issue was put before them since."""
    if question.issue_id is None:
        return False
    since = (menu for menu in pending.list_menus(turn.thread) if menu.at > question.at)
    known = (None, question.issue_id)
    return any(menu.issue_id not in known and not menu.answer for menu in since)
