"""`议程`: each sees what they may; `会前`: the leader's one screen."""

from bot.actions.sessions import agenda as agenda_actions
from bot.actions.sessions.agenda_card import build_values, list_lines
from bot.actions.sessions.views import (
    SEES_ALL,
    of_enterprise,
    of_person,
    session_facts,
    sheet,
)
from bot.core.messages import Line, Option
from bot.core.people import Role
from bot.core.sessions.agenda import Item, on_agenda
from bot.core.sessions.session import TO_COME, Session
from handlers.dispatch.command import Command
from handlers.dispatch.lists import PAGE, build_page
from handlers.dispatch.turn import Reply, Turn
from handlers.sessions.lookup import find_session
from storage.sessions import agenda


def view(turn: Turn, command: Command) -> Reply:
    """`议程`, `议程 95`: the whole for the office and leaders, else one's own part."""
    session = find_session(turn, command)
    items = bring_up_to_date(turn, session)
    if turn.role in SEES_ALL:
        return show_page(turn, command, session, items)
    lines = _own(turn, session, items)
    rest = len(on_agenda(items)) - len(lines)
    card = {
        **session_facts(turn, session),
        "lines": lines or (Line("agenda.nothing"),),
        "rest": Line("agenda.rest", {"rest": rest}) if rest > 0 else None,
    }
    return Reply((turn.me("agenda.mine", card),))


def show_page(
    turn: Turn, command: Command, session: Session, items: list[Item], *options: Option
) -> Reply:
    """A page of the whole agenda; its numbers stand for its lines from now on."""
    lines = list_lines(turn, session, items)
    shown = lines[command.start : command.start + PAGE]
    there = on_agenda(items)
    known = there[command.start : command.start + PAGE]
    places = {item.place: item.issues[0] for item in known if item.issues}
    by_number = {item.place: item.id for item in known}
    page = build_page(turn, command, shown, len(lines), places, numbered=False, items=by_number)
    card = {**build_values(turn, session, items, shown), "more": page["more"]}
    return Reply((turn.me("agenda.whole", card, options),))


def prepare(turn: Turn, command: Command) -> Reply:
    """`会前`: one screen for the leader, by enterprise."""
    session = find_session(turn, command)
    lines = sheet(turn, session, bring_up_to_date(turn, session))
    shown = lines[command.start : command.start + PAGE]
    page = build_page(turn, command, shown, len(lines), numbered=False)
    told = {"lines": shown or (Line("agenda.nothing"),), "more": page["more"]}
    return Reply((turn.me("agenda.sheet", {**session_facts(turn, session), **told}),))


def bring_up_to_date(turn: Turn, session: Session) -> list[Item]:
    """The agenda as it stands; one that is still ahead is composed anew first."""
    if session.stage in TO_COME:
        return agenda_actions.compose_agenda(turn, session)
    return agenda.of_session(turn.db, session.id)


def _own(turn: Turn, session: Session, items: list[Item]) -> tuple[Line, ...]:
    person = turn.person
    if person is None:
        return ()
    if person.role is Role.CONTACT:
        return of_enterprise(items, session, person.enterprise_id or 0)
    return of_person(turn, items, session, person)
