"""The minutes in chat: who reads the whole, who their part, and what goes out at the end."""

from bot.actions.sessions import minutes as papers
from bot.actions.sessions.minutes_template import BrokenTemplate, examine
from bot.actions.sessions.views import SEES_ALL, session_facts
from bot.core.messages import Refused, Say, ToDuty, ToPerson, ToThread
from bot.core.people import Role
from bot.core.sessions.session import TOOK_PLACE, Session, Stage
from handlers.dispatch.command import Command
from handlers.dispatch.turn import Reply, Turn
from handlers.sessions.lookup import find_session
from storage.delivery import threads
from storage.people import people
from storage.sessions import sessions


def view(turn: Turn, command: Command) -> Reply:
    """`纪要`, `纪要 95`: the whole for the office and leaders, an enterprise its own part."""
    session = find_session(turn, command) if command.serial is not None else _latest(turn)
    if session.stage not in TOOK_PLACE:
        raise Refused("minutes.not_held", number=session.number, at=session.starts_at)
    held = session.stage is Stage.HELD
    if turn.role in SEES_ALL:
        whole = papers.of_session(turn, session)
        key = "minutes.draft" if held else "minutes.whole"
        return Reply((turn.me(key, papers.build_values(turn, whole)),))
    firm = turn.person.enterprise_id if turn.person and turn.role is Role.CONTACT else None
    if firm is None:
        raise Refused("minutes.not_yours")
    if held:
        raise Refused("minutes.not_closed", number=session.number)
    return Reply(
        (
            turn.me(
                "minutes.part", papers.build_values(turn, papers.of_session(turn, session, firm))
            ),
        )
    )


def publish(turn: Turn, session: Session) -> list[Say]:
    """The whole to the office and leaders, to each enterprise its part, to the group the sums."""
    whole = papers.of_session(turn, session)
    card = papers.build_values(turn, whole)
    readers = [
        reader for role in (Role.OFFICE, Role.LEADER) for reader in people.of_role(turn.db, role)
    ]
    says = [turn.me("minutes.whole", card), *_template_news(turn)]
    says += [
        Say(ToPerson(reader.id), "minutes.whole", card)
        for reader in readers
        if reader.id != turn.person_id
    ]
    for firm in papers.firms_concerned(whole):
        part = papers.build_values(turn, papers.of_session(turn, session, firm))
        firms_threads = threads.of_enterprise(turn.db, firm)
        says += [
            Say(ToThread(enterprise_thread.id), "minutes.part", part)
            for enterprise_thread in firms_threads
        ]
    group = turn.park.sessions.group
    if group is not None:
        thread = threads.open_thread(turn.db, group, None)
        sums = {
            **session_facts(turn, session),
            "tally": card["tally"],
            "root": card["root"],
            "promises": len(whole.promises),
        }
        says.append(Say(ToThread(thread.id), "minutes.group", sums))
    return says


def _latest(turn: Turn) -> Session:
    found = sessions.last_held(turn.db)
    if found is None:
        raise Refused("minutes.none")
    return found


def _template_news(turn: Turn) -> list[Say]:
    """A broken template stops nobody: the file is made from ours, and the office hears what to
    mend."""
    template = turn.park.sessions.template
    if template is None or not turn.park.sessions.link:
        return []
    try:
        examine(template)
    except BrokenTemplate as broken:
        return [Say(ToDuty(), "minutes.template_broken", {"file": template, "why": broken.why})]
    return []
