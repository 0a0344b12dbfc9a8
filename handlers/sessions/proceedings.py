"""At the session: decisions, outcomes, new matters on the spot; afterwards its end and minutes."""

import secrets
from dataclasses import replace
from itertools import takewhile

from bot.actions.issues.record import record
from bot.actions.sessions import minutes as papers
from bot.actions.sessions.minutes_template import BrokenTemplate, examine
from bot.actions.sessions.views import SEES_ALL, session_facts
from bot.core.issues.issue import OPEN
from bot.core.issues.lifecycle import Move, Who
from bot.core.issues.moves import Act
from bot.core.messages import Action, Line, Option, Refused, Say, ToDuty, ToPerson, ToThread
from bot.core.people import Role
from bot.core.sessions.agenda import Ground, Item, Outcome, on_agenda
from bot.core.sessions.session import Coming, Session, Stage
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import MOST, Unclear
from handlers.dispatch.turn import Reply, Turn
from handlers.issues.filing import file
from handlers.sessions.lookup import (
    build_item_action,
    find_held_session,
    find_session,
    note,
    the_firm,
    the_item,
    tonight,
)
from handlers.sessions.outcomes import EFFECTS, issues_of, spell_plan
from handlers.talk import undo as undo_handler
from storage.delivery import threads
from storage.people import people
from storage.sessions import agenda, promises, sessions

SAID = (Outcome.DONE, Outcome.PLANNED, Outcome.INFEASIBLE, Outcome.LATER)
CONCLUDES = frozenset({"decide", "conclude"})
"""Verbs that settle an item of the agenda."""
_OFFICE = frozenset({Who.DUTY})


def decide(turn: Turn, command: Command) -> Reply:
    """`决定 3号 先接临时线`: recorded with the item, sent to whoever holds the issue."""
    item = _item(turn, command)
    if not command.words:
        return _how(turn, command, item)
    news: list[Say] = []
    for issue in issues_of(turn, item):
        if issue.status in OPEN:
            record(
                turn, issue, Act(Move.INSTRUCT, _OFFICE, turn.now, turn.person_id, command.words)
            )
            told = {"number": issue.number, "title": issue.title, "text": command.words}
            to = ToPerson(issue.owner_id) if issue.owner_id else ToDuty()
            news.append(Say(to, "minutes.decision_notice", told, issue_id=issue.id))
    return _save_conclusion(turn, command, item, Outcome.DECIDED, command.words, news)


def conclude(turn: Turn, command: Command) -> Reply:
    """`结论 3号 办结 …`, `… 挂账 12月31日 …`, `… 暂不可行 …`, `… 移到下期`."""
    item = _item(turn, command)
    if item.outcome in EFFECTS and item.outcome is not Outcome.LATER:
        return _refuse_second_conclusion(turn, item)
    word, _, words = command.words.partition(" ")
    outcome = next(
        (candidate for candidate in SAID if turn.texts.words[f"outcome.{candidate}"] == word), None
    )
    if outcome is None or (outcome is not Outcome.LATER and not words.strip()):
        return _how(turn, command, item)
    news = EFFECTS[outcome](turn, item, words.strip())
    said = spell_plan(turn, item, words) if outcome is Outcome.PLANNED else words.strip()
    return _save_conclusion(turn, command, item, outcome, said, news)


def reconsider(turn: Turn, command: Command) -> Reply:
    """`重议 3号`: the item is open again, and its issues are as they were before what was decided
    and concluded on it since it was last reconsidered. Raises Refused when somebody has gone on
    with one of them."""
    item = _item(turn, command)
    session = tonight(turn)
    acts = [act for act in sessions.history(turn.db, session.id) if act.item_id == item.id]
    news = [
        correction
        for act in takewhile(lambda act: act.act != command.verb, reversed(acts))
        if act.act in CONCLUDES
        for correction in undo_handler.retract_moves(turn, item.issues, act.because)
    ]
    promised = promises.of_item(turn.db, item.id)
    outcome = Outcome.PROMISED if promised else Outcome.OPEN
    agenda.save(turn.db, replace(item, outcome=outcome, said=""))
    note(turn, session, command.verb, item=item)
    told = {"place": item.place, "title": item.title}
    return Reply((turn.me("minutes.reopened", told), *news))


def on_the_spot(turn: Turn, command: Command) -> Reply:
    """`现场 恒宇 车间漏雨`: an issue of the enterprise that spoke, and tonight's next item."""
    session = tonight(turn)
    firm, words = the_firm(turn, command)
    if not words:
        raise Refused("minutes.spot_how")
    thread = next(iter(threads.of_enterprise(turn.db, firm.id)), None)
    if thread is None:
        raise Refused("minutes.spot_no_contact", enterprise=firm.name)
    person = people.by_id(turn.db, thread.person_id)
    filed = file(replace(turn, thread=thread, person=person, media_id=None), words)
    issue = agenda.issues_by_id(turn.db, [filed.issue_id or 0])[filed.issue_id or 0]
    place = len(on_agenda(agenda.of_session(turn.db, session.id))) + 1
    fresh = Item(
        matter=f"issue:{issue.id}",
        ground=Ground.SIGNED,
        title=issue.title,
        session_id=session.id,
        place=place,
        issues=(issue.id,),
        firms=(firm.id,),
        owner_id=issue.owner_id,
        minutes=turn.park.sessions.boxes.get("signed", 6),
    )
    item = agenda.add(turn.db, fresh)
    note(turn, session, command.verb, item=item, text=words)
    told = {"number": issue.number, "enterprise": firm.name, "title": issue.title, "place": place}
    return Reply((turn.me("minutes.spot_done", told), *filed.says))


def close(turn: Turn, command: Command) -> Reply:
    """`闭会`: needs attendance and an outcome for every item; asks about what has none."""
    session = find_held_session(turn, command)
    _check_attendance(turn, session)
    items = on_agenda(agenda.of_session(turn.db, session.id))
    left = [item for item in items if item.outcome is Outcome.OPEN and _must_conclude(turn, item)]
    if left:
        lines = tuple(
            Line("minutes.left_line", {"place": item.place, "title": item.title}) for item in left
        )
        rest = Action("close_rest", target_id=session.number, number=str(session.number))
        later = Option("options.close_rest", rest)
        return Reply((turn.me("minutes.left", {"count": len(left), "lines": lines}, [later]),))
    return _close_session(turn, command, session)


def close_rest(turn: Turn, command: Command) -> Reply:
    """`其余移到下期`: what has no outcome goes to the next session, and this one is closed."""
    session = find_held_session(turn, command)
    _check_attendance(turn, session)
    return _close_session(turn, command, session)


def view(turn: Turn, command: Command) -> Reply:
    """`纪要`, `纪要 95`: the whole for the office and leaders, an enterprise its own part."""
    session = find_session(turn, command) if command.serial is not None else _latest(turn)
    if turn.role in SEES_ALL:
        whole = papers.of_session(turn, session)
        return Reply((turn.me("minutes.whole", papers.build_values(turn, whole)),))
    firm = turn.person.enterprise_id if turn.person and turn.role is Role.CONTACT else None
    if firm is None:
        raise Refused("minutes.not_yours")
    return Reply(
        (
            turn.me(
                "minutes.part", papers.build_values(turn, papers.of_session(turn, session, firm))
            ),
        )
    )


def _latest(turn: Turn) -> Session:
    found = sessions.last_held(turn.db)
    if found is None:
        raise Refused("minutes.none")
    return found


def _item(turn: Turn, command: Command) -> Item:
    session = tonight(turn)
    if not command.names_thing and command.words:
        raise _ask_which_item(turn, session, command)
    return the_item(turn, session, command)


def _ask_which_item(turn: Turn, session: Session, command: Command) -> Exception:
    """To which item the words belong, those without an outcome first: a menu has MOST lines."""
    items = on_agenda(agenda.of_session(turn.db, session.id))
    word = turn.texts.command(command.verb)
    if not items:
        return Refused("agenda.which_item", word=word)
    unsettled = sorted(items, key=lambda item: item.outcome is not Outcome.OPEN)
    options = [
        Option(
            "options.item",
            build_item_action(command.verb, item, command.words),
            {"place": item.place, "title": item.title},
        )
        for item in unsettled[:MOST]
    ]
    return Unclear(
        Reply((turn.me("agenda.which", {"word": word, "text": command.words}, options),))
    )


def _how(turn: Turn, command: Command, item: Item) -> Reply:
    expect = build_item_action(command.verb, item)
    told = {"place": item.place, "title": item.title}
    return Reply((turn.me(f"minutes.{command.verb}_how", told, expect=expect),))


def _refuse_second_conclusion(turn: Turn, item: Item) -> Reply:
    """The enterprise has been told one thing: another one only after that is taken back."""
    again = Option("options.reconsider", build_item_action("reconsider", item))
    told = {"place": item.place, "title": item.title, "outcome": item.outcome, "said": item.said}
    return Reply((turn.me("minutes.concluded_already", told, [again]),))


def _save_conclusion(
    turn: Turn, command: Command, item: Item, outcome: Outcome, words: str, news: list[Say]
) -> Reply:
    after = replace(item, outcome=outcome, said=words)
    agenda.save(turn.db, after)
    note(turn, tonight(turn), command.verb, item=after, text=words)
    undo = Option("options.reconsider", build_item_action("reconsider", item))
    told = {"place": item.place, "title": item.title, "outcome": outcome, "said": words or None}
    return Reply((turn.me("minutes.concluded", told, [undo]), *news))


def _must_conclude(turn: Turn, item: Item) -> bool:
    """A promise whose day has not come is read back and runs on by itself."""
    if item.promise_id is None:
        return True
    return promises.get(turn.db, item.promise_id).due <= turn.now


def _check_attendance(turn: Turn, session: Session) -> None:
    seats = [seat for seat in sessions.seats_of(turn.db, session.id) if seat.enterprise_id]
    expected = [seat for seat in seats if seat.coming is Coming.COMING]
    if expected and not any(seat.present_at for seat in expected):
        raise Refused("minutes.no_attendance", number=session.number)


def _close_session(turn: Turn, command: Command, session: Session) -> Reply:
    for item in on_agenda(agenda.of_session(turn.db, session.id)):
        if item.outcome is Outcome.OPEN:
            agenda.save(turn.db, replace(item, outcome=Outcome.LATER))
    done = replace(
        session,
        stage=Stage.CLOSED,
        closed_at=turn.now,
        next_due_at=None,
        paper=secrets.token_hex(16),
    )
    sessions.save(turn.db, done)
    note(turn, done, command.verb)
    return Reply(tuple(_publish_minutes(turn, done)))


def _publish_minutes(turn: Turn, session: Session) -> list[Say]:
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
            "promises": len(whole.promises),
        }
        says.append(Say(ToThread(thread.id), "minutes.group", sums))
    return says


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
