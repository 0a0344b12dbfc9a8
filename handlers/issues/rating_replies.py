"""A rating in words, where one was asked for or a result was announced: 5分 很满意, 给个5星."""

from bot.actions.issues.cards import facts
from bot.actions.issues.classify import classify_text
from bot.core.issues.issue import LOW_STARS, Issue, Status
from bot.core.issues.rating_words import Rating, read_rating
from bot.core.messages import Line, Say, ToDuty, ToThread
from bot.core.people import Role
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import scope
from handlers.dispatch.turn import Reply, Turn
from handlers.issues import ratings, supplements
from storage.delivery import cards
from storage.issues import issues


def answer_rating(turn: Turn) -> Reply | None:
    """The rating that the words give, kept with what stands beside it; None for all other words."""
    read = read_rating(turn.text) if turn.role is Role.CONTACT and turn.text.strip() else None
    if read is None or classify_text(turn, turn.text).urgent:
        return None
    issue = _find_rated(turn, read)
    if issue is None:
        return None
    if issue.status is Status.RESOLVED and read.stars <= LOW_STARS:
        return _ask_whether_solved(turn, issue, read)
    stars = Command("rate", words=str(read.stars), issue_id=issue.id, chosen=True)
    if read.rest and read.stars <= LOW_STARS:
        return _rate_with_reason(turn, issue, stars, read.rest)
    earlier = supplements.add_words(turn, issue, read.rest)[1] if read.rest else []
    reply = ratings.rate(turn, stars)
    return Reply((*reply.says, *earlier), reply.issue_id)


def _rate_with_reason(turn: Turn, issue: Issue, stars: Command, reason: str) -> Reply:
    """What stands beside few stars is why: the duty desk hears it, nobody else unasked."""
    rated = ratings.rate(turn, stars)
    said = ratings.why(turn, Command("why", words=reason, issue_id=issue.id, chosen=True))
    me = ToThread(turn.thread.id)
    return Reply((*(say for say in rated.says if say.to != me), *said.says), issue.id)


def _find_rated(turn: Turn, read: Rating) -> Issue | None:
    """The issue that is to be rated, else one whose result is to be confirmed, to which 不满意 may
    mean that it is not solved, else the one just closed. Plain words (可以), and another rating of
    what is closed, count only while nothing came after its card."""
    if turn.quoted_id is not None:
        quoted = issues.visible(turn.db, turn.quoted_id, scope(turn))
        return quoted if quoted and quoted.status in _RATED else None
    for status in _RATED:
        found = issues.latest_of_contact(turn.db, turn.thread.id, turn.person_id, status)
        if found is None:
            continue
        unsure = not read.counted or status is Status.CLOSED
        if status is Status.RESOLVED and read.stars <= LOW_STARS and not read.counted:
            continue
        if not unsure or cards.find_last_issue(turn.db, turn.thread.id) == found.id:
            return found
    return None


def _ask_whether_solved(turn: Turn, issue: Issue, read: Rating) -> Reply:
    """Two stars for what was only announced: done badly, or not done. The duty desk has the words
    now; whoever holds it has them where it is not solved."""
    options = [
        turn.option("not_solved", "not_solved", issue, read.rest),
        turn.option("rate_low", "rate", issue, str(read.stars)),
    ]
    card = {**facts(turn, issue), "stars": Line(f"stars.{read.stars}")}
    said = turn.me("rate.solved_at_all", card, options, issue_id=issue.id)
    desk = {**facts(turn, issue), "text": turn.text}
    return Reply((said, Say(ToDuty(), "notice.low_reason", desk, issue_id=issue.id)), issue.id)


_RATED = (Status.CONFIRMED, Status.RESOLVED, Status.CLOSED)
