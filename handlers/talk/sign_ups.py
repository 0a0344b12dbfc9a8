"""A firm says freely that it wants to speak at a session: signed up, or one digit away from it."""

from bot.core.issues.issue import Issue
from bot.core.issues.meant import find_meant, share_things
from bot.core.sessions.sign_ups import SignUp, read_sign_up
from handlers.dispatch.command import Command
from handlers.dispatch.turn import Reply, Turn
from handlers.issues.filing import file
from handlers.sessions import attendance
from handlers.talk.said import Said, list_texts


def answer_wish(turn: Turn, said: Said) -> Reply | None:
    """A seat and its topic where the wish is plain; where it may be a request to others, the topic
    is kept as an issue and the seat is offered; None for all other words."""
    wish = read_sign_up(said.words)
    if wish is None or not (wish.sure or wish.topic):
        return None
    issue = _find_topic(turn, said, wish)
    if wish.sure:
        known = Command("sign_up", issue_id=issue.id) if issue else None
        return attendance.sign_up(turn, known or Command("sign_up", words=wish.topic))
    if issue is not None:
        told = {"number": issue.number, "title": issue.title}
        return Reply(
            (
                turn.me(
                    "talk.speak", told, [turn.option("speak", "sign_up", issue)], issue_id=issue.id
                ),
            )
        )
    return file(turn, wish.topic, speak=True)


def _find_topic(turn: Turn, said: Said, wish: SignUp) -> Issue | None:
    """What the firm has open of which the topic speaks: it is raised, not filed anew."""
    texts = list_texts(turn, said.open_issues)
    meant = find_meant(wish.topic, texts)
    known = next((issue for issue in said.open_issues if issue.id == meant), None)
    return known if known and share_things(wish.topic, texts[known.id]) else None
