"""How matters stand with whoever wrote: what was asked, shown, filed and waits for them."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from bot.core.issues.issue import WORKED_ON, Issue, Status
from bot.core.people import Role as PersonRole
from bot.core.sessions.session import Coming
from bot.core.talk.acts import Asked, Role, Showed, State
from handlers.dispatch.turn import Turn
from storage.delivery import pending, shown
from storage.delivery.pending import Menu
from storage.issues import issues, spoken
from storage.sessions import sessions

MOST = 20
"""Open issues of a firm that are looked at."""
_ROLES = {
    PersonRole.LIAISON: Role.LIAISON,
    PersonRole.DEPARTMENT: Role.DEPARTMENT,
    PersonRole.TASK_FORCE: Role.DEPARTMENT,
    PersonRole.LEADER: Role.LEADER,
    PersonRole.OFFICE: Role.OFFICE,
}
ASKED_BY_VERB: Mapping[str, Asked] = MappingProxyType(
    {
        "meant": Asked.MATTER,
        "confirm": Asked.CONFIRM,
        "not_solved": Asked.CONFIRM,
        "only_reply": Asked.CONFIRM,
        "rate": Asked.RATING,
        "why": Asked.RATING,
        "sign_up": Asked.TOPIC,
        "in_writing": Asked.TOPIC,
        "stay_away": Asked.ATTENDANCE,
        "attend": Asked.ATTENDANCE,
        "supplement": Asked.MORE,
    }
)
"""What words or digits that are waited for are the answer to, by the verb they complete."""
_OFFERS = frozenset({"sign_up", "in_writing", "supplement"})
"""Verbs that menus merely offer; only where words are waited for they are a question."""
_LISTS = frozenset({"mine.list", "firms.list", "agenda.whole", "decision.asked"})
_NOTES = frozenset({"note.done"})


def build_state(turn: Turn, open_issues: Sequence[Issue] | None = None) -> State:
    """The state in which this message is read. `open_issues` are those of `list_open`, where the
    caller has them already."""
    if turn.role is not PersonRole.CONTACT:
        return State(
            _ROLES[turn.role],
            asked=find_asked(turn),
            showed=find_showed(turn),
            invited=_is_invited(turn),
        )
    mine = list_open(turn) if open_issues is None else open_issues
    working = [issue for issue in mine if issue.status in WORKED_ON]
    last = spoken.last_at(turn.db, [issue.id for issue in working])
    asked = find_asked(turn)
    if asked is Asked.NOTHING and any(issue.status is Status.WAITING for issue in working):
        asked = Asked.MORE
    return State(
        Role.CONTACT if turn.person and turn.person.enterprise_id else Role.UNBOUND,
        asked=asked,
        open_issues=len(working),
        since_filed=turn.now - last if last else None,
        waits=any(issue.status is Status.RESOLVED for issue in mine),
        invited=_is_invited(turn),
    )


def list_open(turn: Turn) -> list[Issue]:
    """What the writer's firm has open, what is owed first."""
    firm = turn.person.enterprise_id if turn.person else None
    return issues.open_of_contact(turn.db, turn.thread.id, firm, MOST)


def find_asked(turn: Turn) -> Asked:
    """The open question that the writer was put last, by digits or for words."""
    questions = [question for question in turn.questions if question.until >= turn.now]
    menu = next(iter(pending.list_menus(turn.thread)), None)
    if questions and (menu is None or questions[-1].at >= menu.at):
        return ASKED_BY_VERB.get(questions[-1].action.verb, Asked.CHOICE)
    if menu is None or menu.until < turn.now:
        return Asked.NOTHING
    return _find_asked_by(menu)


def find_showed(turn: Turn) -> Showed:
    """What the writer saw last and may speak of."""
    last = shown.last_of(turn.db, turn.thread.id)
    if last is None:
        return Showed.NOTHING
    if last.kind in _NOTES:
        return Showed.NOTE
    if last.kind in _LISTS:
        return Showed.LIST
    return Showed.CARD if last.issue_id is not None else Showed.NOTHING


def _find_asked_by(menu: Menu) -> Asked:
    verbs = {choice.action.verb for choice in menu.choices.values()}
    for verb in ASKED_BY_VERB:
        if verb in verbs - _OFFERS:
            return ASKED_BY_VERB[verb]
    issue_ids = {choice.action.issue_id for choice in menu.choices.values()}
    several = len(verbs) == 1 and len(issue_ids) > 1
    return Asked.CHOICE if several else Asked.NOTHING


def _is_invited(turn: Turn) -> bool:
    """Whether a session is ahead to which the writer is invited or has said that they come."""
    ahead = sessions.to_come(turn.db)[:1]
    if not ahead or turn.person is None:
        return False
    whose = {
        "enterprise_id": turn.person.enterprise_id,
        "department_id": turn.person.department_id,
    }
    mine = sessions.seat_of(turn.db, ahead[0].id, **whose) if any(whose.values()) else None
    return mine is not None and mine.coming in {Coming.INVITED, Coming.COMING}
