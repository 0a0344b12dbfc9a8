"""A leader's word on what the digest puts to them: 批, 转, 上会; and 已阅."""

from dataclasses import replace

from bot.actions.issues.cards import facts, staff_options, to_owner
from bot.actions.issues.record import record
from bot.actions.leaders.decisions import (
    Block,
    block,
    history,
    offer_decisions,
    record_decision,
    rest,
)
from bot.actions.leaders.reforms import next_options
from bot.actions.sessions import agenda as agenda_actions
from bot.actions.sessions import series
from bot.actions.sessions.views import session_facts, why
from bot.core.issues.issue import WORKED_ON, Issue, build_action
from bot.core.issues.lifecycle import Move, Who
from bot.core.issues.moves import Act
from bot.core.leaders.decisions import Cause, Choice, Decision, mine, week_of
from bot.core.messages import Refused, Say, ToDuty, ToPerson
from bot.core.people import Role
from bot.core.sessions.agenda import Item, on_agenda
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import the_issue
from handlers.dispatch.lists import remember_places
from handlers.dispatch.turn import Reply, Turn
from handlers.issues import passing
from handlers.issues.moves import do
from handlers.leaders import instructions
from handlers.people.lookup import present, target, whom
from storage.leaders import decisions, reforms
from storage.people import people
from storage.sessions import agenda


def list_decisions(turn: Turn, command: Command) -> Reply:
    """`待批`: what waits for this leader's word, now."""
    listed = offer_decisions(turn, _me(turn))
    if not listed:
        return Reply((turn.me("decision.nothing"),))
    found = block(turn, listed)
    remember_places(turn, command, {row.place: row.issue_id for row in listed})
    told = {"count": len(listed), "lines": found.lines}
    return Reply((turn.me("decision.asked", told, found.options),))


def acknowledge_digest(turn: Turn, _command: Command) -> Reply:
    """`已阅`: nothing else is wanted of them."""
    return Reply((turn.me("decision.noted"),))


def direct(turn: Turn, command: Command) -> Reply:
    """`批 003 …`: an instruction, sent down to whoever holds the issue. Of the staff who are no
    leaders it is the word for 批示."""
    if turn.role is not Role.LEADER:
        return instructions.instruct(turn, replace(command, verb="instruct"))
    issue, row = _find_issue_and_decision(turn, command)
    if not command.words:
        expect = build_action(command.verb, issue)
        said = turn.me("needs.instruct", facts(turn, issue), issue_id=issue.id, expect=expect)
        return Reply((said,), issue.id)
    after = do(turn, issue, Move.INSTRUCT, text=command.words)
    record_decision(turn, _me(turn), after, row, Choice.DIRECT, command.words)
    card = {**facts(turn, after), "text": command.words, "by": _name(turn), "at": turn.now}
    down = Say(to_owner(after), "notice.instructed", card, staff_options(turn, after), issue.id)
    wider = _direct_related(turn, row, command.words) if row else []
    return _confirm_decision(turn, after, "decision.directed", card, [down, *wider])


def redirect(turn: Turn, command: Command) -> Reply:
    """`转 003 供电服务部`: offered to whom the leader picks; without a name, they are digits. Of
    whoever holds issues it is the word for 转办."""
    if turn.role is not Role.LEADER:
        return passing.pass_on(turn, replace(command, verb="pass_on"))
    issue, row = _find_issue_and_decision(turn, command)
    if not command.words:
        return whom(turn, issue, "redirect")
    person, words = target(turn, issue, "redirect", command.words)
    present(turn, issue, "redirect", person)
    after = do(turn, issue, Move.PASS_ON, text=words, to=person.id)
    record_decision(turn, _me(turn), after, row, Choice.REDIRECT, f"{person.name} {words}".strip())
    card = {**facts(turn, after), "to": person.name, "by": _name(turn)}
    offer = {**card, "text": words or issue.title}
    options = (turn.option("take", "take", after), turn.option("decline", "decline", after))
    says = [
        Say(ToPerson(person.id), "notice.offered", offer, options, issue.id),
        Say(to_owner(after), "notice.redirected", card, issue_id=issue.id),
    ]
    return _confirm_decision(turn, after, "decision.redirected", card, says)


def table(turn: Turn, command: Command) -> Reply:
    """`上会 003`: on the next session's agenda, under the leader's name."""
    issue, row = _find_issue_and_decision(turn, command)
    session = series.find_next_session(turn)
    if session is None:
        raise Refused("session.none")
    after = do(turn, issue, Move.TABLE, text=str(session.number))
    record_decision(turn, _me(turn), after, row, Choice.TABLE, command.words, session.id)
    item = _item(agenda_actions.compose_agenda(turn, session), issue)
    reason = why(turn, item) if item else None
    card = {**session_facts(turn, session), "issue": issue.number, "title": issue.title}
    card["enterprise"] = facts(turn, issue)["enterprise"]
    card |= {"at_place": item.place if item else None, "why": reason}
    told = {**facts(turn, after), "by": _name(turn), "session": session.number}
    told["starts_at"] = session.starts_at
    down = Say(to_owner(after), "notice.tabled", told, issue_id=issue.id)
    return _confirm_decision(turn, after, "decision.tabled", card, [down])


def _find_issue_and_decision(turn: Turn, command: Command) -> tuple[Issue, Decision | None]:
    """The issue of a leader's word and the row it answers. Raises Refused."""
    issue = the_issue(turn, command)
    rows = history(turn, issue.id)
    names = {decision.leader_id: people.get(turn.db, decision.leader_id).name for decision in rows}
    return issue, mine(rows, issue, _me(turn), names, turn.now)


def _direct_related(turn: Turn, row: Decision, words: str) -> list[Say]:
    """The same instruction for the other open issues of a recurring matter, and for the office
    that proposed it."""
    says = []
    for _id, issue in sorted(agenda.issues_by_id(turn.db, row.also).items()):
        if issue.status in WORKED_ON:
            # No thread: an undo takes them back in the wake of the one that was answered.
            act = Act(Move.INSTRUCT, frozenset({Who.LEADER}), turn.now, _me(turn), words)
            after = record(turn, issue, act)
            card = {**facts(turn, after), "text": words, "by": _name(turn), "at": turn.now}
            options = staff_options(turn, after)
            says.append(Say(to_owner(after), "notice.instructed", card, options, issue.id))
    found = reforms.by_number(turn.db, int(row.detail)) if row.cause is Cause.RECURRING else None
    if found is not None:
        told = {"detail": row.detail, "by": _name(turn), "text": words}
        says.append(Say(ToDuty(), "reform.directed", told, next_options(turn, found)))
    return says


def _confirm_decision(
    turn: Turn, issue: Issue, key: str, card: dict[str, object], down: list[Say]
) -> Reply:
    """The word is confirmed, sent down, and what is left stands under it."""
    left: Block = rest(turn, _me(turn))
    _remember_places(turn)
    told = {**card, "rest": left.lines}
    return Reply((turn.me(key, told, left.options, issue_id=issue.id), *down), issue.id)


def _remember_places(turn: Turn) -> None:
    """What is left stands where it stood: `批 2` goes on meaning the second line."""
    week = week_of(turn.park.local(turn.now).date())
    rows = decisions.of_week(turn.db, _me(turn), week)
    places = {row.place: row.issue_id for row in rows if row.place}
    if places:
        remember_places(turn, Command("waiting"), places)


def _item(items: list[Item], issue: Issue) -> Item | None:
    return next((item for item in on_agenda(items) if issue.id in item.issues), None)


def _me(turn: Turn) -> int:
    assert turn.person_id is not None, "only leaders are routed here"
    return turn.person_id


def _name(turn: Turn) -> str | None:
    return turn.person.name if turn.person else None
