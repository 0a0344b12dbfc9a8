"""Words that the staff were asked for: whether what they write answers the question."""

from bot.core.issues.issue import build_action
from bot.core.messages import Option
from bot.core.people import Role
from bot.core.talk.acts import Act, Showed
from handlers.dispatch.issue_lookup import answerable
from handlers.dispatch.objects import NAMED, names_colleague
from handlers.dispatch.parse import DATED, read_action, tells_days
from handlers.dispatch.turn import Reply, Turn
from handlers.issues.filing import words_of
from handlers.talk.staff_state import read_staff_words
from storage.delivery.pending import Question
from storage.issues import issues

INTERNAL = (Act.REMARK, Act.COMMAND, Act.HUMAN)
"""What is said among the staff, or to the bot."""
_FOR_FIRMS = frozenset({"ask", "resolve"})
"""Verbs whose words go to the firm unless they plainly are no such."""
_PLAINLY = 0.8
"""As probable as this, not even words that were asked for are taken to be for a firm."""


def suit(turn: Turn, question: Question) -> bool:
    """Where days were asked for, only days are the answer; where a colleague, only a name; and
    nobody answers a firm whose issue was passed on since."""
    if not _may_say(turn, question):
        return False
    command = read_action(turn, question.action)
    if command is not None and command.verb in NAMED and not command.words:
        return names_colleague(turn, turn.text.strip())
    return command is not None and (command.verb not in DATED or tells_days(turn, turn.text))


def are_doubtful(turn: Turn, question: Question, verb: str) -> bool:
    """Whether words that a verb is to send are plainly a remark, an order or a question to the bot
    (怎么转给别人)."""
    if verb not in _FOR_FIRMS or question.issue_id is None or not turn.text.strip():
        return False
    if turn.role is Role.CONTACT:
        return False
    reading, _decision = read_staff_words(turn, showed=Showed.CARD)
    return reading.chance(*INTERNAL, Act.PROCESS) >= _PLAINLY


def ask_whether_for_firm(turn: Turn, question: Question) -> Reply:
    """The words that came are not what was asked for: still, their writer may mean them so."""
    words, issue = words_of(turn), issues.get(turn.db, question.issue_id or 0)
    told = {"word": turn.texts.command(question.action.verb), "text": words}
    options = (
        Option("options.send_anyway", question.action.complete(words), media_id=turn.media_id),
        Option(
            "options.only_note",
            build_action("note", issue, words),
            {"number": issue.number},
            media_id=turn.media_id,
        ),
    )
    return Reply((turn.me("staff.doubtful", told, options, issue_id=issue.id),), issue.id)


def _may_say(turn: Turn, question: Question) -> bool:
    """Whether words for a firm still come from its writer: not once the issue was passed on."""
    if question.action.verb != "answer" or question.issue_id is None:
        return True
    mine = answerable(turn, "answer")
    return issues.visible(turn.db, question.issue_id, mine) is not None
