"""`现场 恒宇 车间漏雨`: a matter that comes up at the session itself; what is known already is not
filed again."""

from dataclasses import replace

from bot.actions.issues.record import record
from bot.core.issues.duplicates import Matter, same_matter
from bot.core.issues.issue import WORKED_ON, Issue
from bot.core.issues.lifecycle import Move, Who
from bot.core.issues.moves import Act
from bot.core.messages import Action, Option, Refused
from bot.core.people import Enterprise
from bot.core.sessions.agenda import Ground, Item, on_agenda
from bot.core.sessions.session import Session
from handlers.dispatch.command import Command
from handlers.dispatch.turn import Reply, Turn
from handlers.issues.filing import file
from handlers.sessions.lookup import build_action_for, note, the_firm, tonight
from storage.delivery import threads
from storage.issues import access, issues
from storage.people import people
from storage.sessions import agenda

OFFERED = 3
ANEW = "anew"
"""Of an action: it is another matter than those that are known."""
_OFFICE = frozenset({Who.DUTY})


def on_the_spot(turn: Turn, command: Command) -> Reply:
    """An issue of the enterprise that spoke, and tonight's next item."""
    session = tonight(turn)
    if command.issue_id is not None:
        return _take_known(turn, session, command)
    firm, words = the_firm(turn, command)
    if not words:
        raise Refused("minutes.spot_how")
    known = [] if command.act == ANEW else _list_known(turn, firm, words)
    if known:
        return _ask(turn, session, command, firm, known)
    thread = next(iter(threads.of_enterprise(turn.db, firm.id)), None)
    if thread is None:
        raise Refused("minutes.spot_no_contact", enterprise=firm.name)
    person = people.by_id(turn.db, thread.person_id)
    filed = file(replace(turn, thread=thread, person=person, media_id=None), words)
    issue = agenda.issues_by_id(turn.db, [filed.issue_id or 0])[filed.issue_id or 0]
    item = put_on_agenda(turn, session, issue)
    note(turn, session, command.verb, item=item, text=words)
    told = {
        "number": issue.number,
        "enterprise": firm.name,
        "title": issue.title,
        "place": item.place,
    }
    return Reply((turn.me("minutes.spot_done", told), *filed.says))


def put_on_agenda(turn: Turn, session: Session, issue: Issue) -> Item:
    """Tonight's item about the issue: the one that is there, else a new one at the end."""
    items = agenda.of_session(turn.db, session.id)
    found = next((item for item in on_agenda(items) if issue.id in item.issues), None)
    if found is not None:
        return found
    firms = (issue.enterprise_id,) if issue.enterprise_id else ()
    return add_item(turn, session, f"issue:{issue.id}", issue.title, firms, issue)


def add_item(
    turn: Turn,
    session: Session,
    matter: str,
    title: str,
    firms: tuple[int, ...],
    issue: Issue | None = None,
) -> Item:
    """A new item at the end of tonight's agenda; what was taken off comes back there."""
    items = agenda.of_session(turn.db, session.id)
    place = len(on_agenda(items)) + 1
    fresh = Item(
        matter=matter,
        ground=Ground.SIGNED,
        title=title,
        session_id=session.id,
        place=place,
        issues=(issue.id,) if issue else (),
        firms=firms,
        owner_id=issue.owner_id if issue else None,
        minutes=turn.park.sessions.boxes.get("signed", 6),
    )
    before = next((item for item in items if item.matter == matter), None)
    if before is None:
        return agenda.add(turn.db, fresh)
    again = replace(fresh, id=before.id)
    agenda.save(turn.db, again)
    return again


def _list_known(turn: Turn, firm: Enterprise, words: str) -> list[Issue]:
    """Open issues of the firm that the words may be about."""
    scope = access.UNSEALED & access.is_visible_to_contact(0, firm.id)
    mine = [issue for issue in issues.open_among(turn.db, scope) if issue.status in WORKED_ON]
    alike = same_matter(words, [Matter(issue.id, issue.title) for issue in mine], OFFERED)
    by_id = {issue.id: issue for issue in mine}
    return [by_id[found.id] for found in alike]


def _ask(
    turn: Turn, session: Session, command: Command, firm: Enterprise, known: list[Issue]
) -> Reply:
    """The same as one of these, or another matter?"""
    places = {
        issue_id: item.place
        for item in on_agenda(agenda.of_session(turn.db, session.id))
        for issue_id in item.issues
    }
    options = [
        Option(
            "options.spot_item" if issue.id in places else "options.spot_issue",
            Action(command.verb, issue.id, words=command.words, number=issue.number),
            {"place": places.get(issue.id), "number": issue.number, "title": issue.title},
        )
        for issue in known
    ]
    anew = replace(build_action_for(command, command.words), act=ANEW)
    options.append(Option("options.spot_anew", anew))
    told = {"enterprise": firm.name, "text": command.words}
    return Reply((turn.me("minutes.spot_known", told, options),))


def _take_known(turn: Turn, session: Session, command: Command) -> Reply:
    """What was said goes with the issue, for colleagues; nothing begins anew."""
    issue = issues.get(turn.db, command.issue_id or 0)
    item = put_on_agenda(turn, session, issue)
    record(turn, issue, Act(Move.NOTE, _OFFICE, turn.now, turn.person_id, command.words))
    note(turn, session, command.verb, item=item, text=command.words)
    told = {"number": issue.number, "title": issue.title, "place": item.place}
    return Reply((turn.me("minutes.spot_same", told, issue_id=issue.id),), issue.id)
