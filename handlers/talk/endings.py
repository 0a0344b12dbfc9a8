"""An entrepreneur says that it is over: it is done, the fire is out, nothing is wanted."""

import re
from collections.abc import Sequence

from bot.core.issues.issue import Issue, Status
from bot.core.issues.meant import find_meant
from bot.core.messages import Action, Option, Refused
from bot.core.talk.acts import Act, Role, State
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import MOST
from handlers.dispatch.turn import Reply, Turn
from handlers.issues import ratings, status, supplements
from handlers.talk import matter_questions
from storage.issues import issues

_EDGES = re.compile(r"^\W+|\W+$")
_LONG = 4
"""Characters of what follows a 但是 that may name another thing."""


def find_alarm(turn: Turn, mine: Sequence[Issue]) -> Issue | None:
    """The open issue that `火灭了，虚惊一场` ends; None for all other words."""
    ended = any(word in turn.text for word in turn.texts.list_words("reading.alarm_over"))
    urgent = [issue for issue in mine if issue.urgent]
    return max(urgent, key=lambda issue: issue.filed_at) if ended and urgent else None


def confirm(turn: Turn, resolved: Issue, mine: Sequence[Issue]) -> Reply | None:
    """`解决了，但是减速带还没弄`: the one is confirmed, what else is named is urged or asked about;
    None where the words confirm nothing, or say that the very issue is not solved."""
    head, rest = _part(turn)
    if not rest or turn.talk.read_act(head, State(Role.CONTACT)).act is not Act.SOLVED:
        return None
    texts = {issue.id: _tell(turn, issue) for issue in mine}
    if rest.startswith(tuple(turn.texts.list_words("reading.still"))) or len(rest) < _LONG:
        return None
    meant = find_meant(rest, texts)
    if meant == resolved.id or find_meant(rest, {resolved.id: texts[resolved.id]}):
        return None
    settled = ratings.confirm(turn, Command("confirm", issue_id=resolved.id))
    also = _go_on(turn.with_words(rest), meant, mine)
    # The digits of the last message are those that count: the rating's.
    return Reply((*also.says, *settled.says), settled.issue_id)


def withdraw_every(turn: Turn, owed: Sequence[Issue]) -> Reply | None:
    """`都不用了`: the only one goes at once; of several, each and all of them are a digit. None for
    words that do not speak of all."""
    if not owed or not any(word in turn.text for word in turn.texts.list_words("reading.every")):
        return None
    if len(owed) == 1:
        return status.withdraw(turn, Command("withdraw", issue_id=owed[0].id))
    options = [
        Option(
            "options.issue",
            Action("withdraw", issue_id=issue.id, number=issue.number),
            {"number": issue.number, "title": issue.title},
        )
        for issue in owed[: MOST - 1]
    ]
    every = Action("withdraw", act=status.ALL)
    options.append(Option("options.withdraw_all", every, {"count": len(owed)}))
    word = turn.texts.command("withdraw")
    return Reply((turn.me("ask.which", {"word": word}, options),))


def _part(turn: Turn) -> tuple[str, str]:
    """The words before and after the first 但是, without what stands between."""
    text = turn.text
    found = [(text.find(word), word) for word in turn.texts.list_words("reading.but")]
    places = [(at, -len(word), word) for at, word in found if at > 0]
    if not places:
        return text, ""
    at, _, word = min(places)
    return _EDGES.sub("", text[:at]), _EDGES.sub("", text[at + len(word) :])


def _go_on(turn: Turn, meant: int | None, mine: Sequence[Issue]) -> Reply:
    """What was named beside the solved one."""
    known = {issue.id: issue for issue in mine}
    issue = known.get(meant) if meant is not None else None
    if issue is None or issue.status is Status.RESOLVED:
        return matter_questions.ask(turn, turn.text, matter_questions.WHETHER, None)
    try:
        command = Command("urge", issue_id=issue.id, words=turn.text)
        return status.urge(turn, command)
    except Refused:
        return supplements.go_on(turn, issue, ())


def _tell(turn: Turn, issue: Issue) -> str:
    return f"{issue.title} {issue.category} {issues.history(turn.db, issue.id)[0].text}"
