"""A firm wants to be called; whoever is asked says that they call, and that they have."""

from collections.abc import Sequence

from bot.actions.calls import (
    ask_next,
    climb,
    count_minutes,
    describe_caller,
    offer_ending,
    ring,
    tell_others,
)
from bot.actions.issues.classify import is_urgent
from bot.core.calls import Call, CallRung, find_due
from bot.core.issues.issue import OVER, Issue
from bot.core.messages import Action, Line, Option, Refused, Say, ToThread
from bot.core.people import Person, Role
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import MOST, current_issue
from handlers.dispatch.turn import Reply, Turn
from handlers.issues import passing
from storage import calls
from storage.people import people


def human(turn: Turn, _command: Command) -> Reply:
    """`人工`: whom to call; whoever answers for an enterprise is asked to call it."""
    if turn.role is not Role.CONTACT:
        return Reply((turn.me("help.human", _list_phones(turn)),))
    about = _find_issue(turn)
    urgent = is_urgent(turn, turn.text) or (about is not None and about.urgent)
    known = calls.find_open(turn.db, turn.thread.id, turn.person_id)
    if known and (known.urgent or not urgent) and _lasts(turn, known):
        return Reply((_repeat(turn, known),))
    call = _add_call(turn, about, urgent=urgent)
    closed = not urgent and not turn.park.hours.is_open(turn.now)
    told = {
        **_list_phones(turn),
        "until": Line("call.until", {"due": call.due_at}) if closed else None,
    }
    return Reply((turn.me("call.asked", told), ring(turn, call)))


def take_call(turn: Turn, command: Command) -> Reply:
    """`我来回电`: the firm hears who will call; whoever else was asked need not."""
    call = _find_call(turn, command, _list_for_me(turn))
    return call if isinstance(call, Reply) else _take(turn, call)


def take_issue_or_call(turn: Turn, command: Command) -> Reply:
    """`接`: an issue; where none waits to be taken, the call that does."""
    try:
        return passing.take(turn, command)
    except Refused:
        if command.names_thing or command.words or not _list_for_me(turn):
            raise
    return take_call(turn, Command("call_taken"))


def end_call(turn: Turn, command: Command) -> Reply:
    """`已联系`: the call was made; by whoever had not said that they take it, too."""
    mine = calls.list_taken(turn.db, turn.person_id or 0)
    call = _find_call(turn, command, mine or _list_for_me(turn))
    if isinstance(call, Reply):
        return call
    person = _check_mine(turn, call)
    untaken = call.taken_at is None
    fields = {"taken_by": person.id, "taken_at": turn.now} if untaken else {}
    calls.change(turn.db, call.id, done_at=turn.now, next_due_at=None, **fields)
    others = tell_others(turn, call, person) if untaken else []
    return Reply((turn.me("call.done", describe_caller(turn, call)), *others))


def give_back(turn: Turn, taken: Call) -> Reply:
    """`撤销` after taking a call: the next one is asked at once, and the firm knows."""
    call = calls.change(turn.db, taken.id, taken_by=None, taken_at=None)
    name = turn.person.name if turn.person else ""
    firm = Say(ToThread(call.thread_id), "call.other", {"name": name})
    me = turn.me("call.given_back", describe_caller(turn, call))
    return Reply((me, firm, climb(turn, call)))


def find_just_taken(turn: Turn) -> Call | None:
    """The call that this person took so lately that it may be taken back."""
    taken = calls.list_taken(turn.db, turn.person_id) if turn.person_id else []
    since = turn.now - turn.park.limits.undo_within
    lately = [call for call in taken if call.taken_at and call.taken_at >= since]
    return max(lately, key=lambda call: call.taken_at or since, default=None)


def _take(turn: Turn, call: Call) -> Reply:
    person = _check_mine(turn, call)
    if call.taken_at is None:
        calls.change(turn.db, call.id, taken_by=person.id, taken_at=turn.now, next_due_at=None)
        firm = Say(ToThread(call.thread_id), "call.coming", _describe(person))
        others = [firm, *tell_others(turn, call, person)]
    else:
        others = []
    taken_at = call.taken_at or turn.now
    told = {**describe_caller(turn, call), "minutes": count_minutes(call.asked_at, taken_at)}
    return Reply((turn.me("call.yours", told, [offer_ending(turn, call)]), *others))


def _check_mine(turn: Turn, call: Call) -> Person:
    """Raises Refused for a call of somebody else, or one that was made."""
    assert turn.person is not None
    if turn.role is not Role.OFFICE and turn.person.id not in call.asked_of:
        raise Refused("call.none")
    taker = people.by_id(turn.db, call.taken_by)
    if taker is not None and taker.id != turn.person.id:
        raise Refused("call.overtaken", name=taker.name)
    if call.done_at is not None:
        raise Refused("call.over")
    return turn.person


def _find_call(turn: Turn, command: Command, waiting: Sequence[Call]) -> Call | Reply:
    """The call that is meant: by its id, else the only one; a question which, with several."""
    if command.target_id is not None:
        call = calls.by_id(turn.db, command.target_id)
        if call is not None:
            return call
    if not waiting:
        raise Refused("call.none")
    if len(waiting) == 1:
        return waiting[0]
    options = [
        Option(
            "options.call_of",
            Action(command.verb, target_id=call.id),
            describe_caller(turn, call),
        )
        for call in waiting[:MOST]
    ]
    return Reply((turn.me("call.which", options=options),))


def _list_for_me(turn: Turn) -> list[Call]:
    """What nobody has taken and this person was asked for."""
    found = calls.list_untaken(turn.db, turn.now - turn.park.limits.menu)
    return [
        call
        for call in found
        if turn.person_id in call.asked_of
        or (turn.role is Role.OFFICE and call.rung is CallRung.DUTY)
    ]


def _find_issue(turn: Turn) -> Issue | None:
    """What the call is likely about: the open issue that the talk last spoke of."""
    issue = current_issue(turn)
    return issue if issue and issue.status not in OVER else None


def _add_call(turn: Turn, about: Issue | None, *, urgent: bool) -> Call:
    firm = people.enterprise(turn.db, turn.person.enterprise_id) if turn.person else None
    rung, person_id = ask_next(turn, firm, ())
    due = find_due(turn.now, turn.park.limits.call, turn.park.hours, urgent=urgent)
    return calls.add(
        turn.db,
        thread_id=turn.thread.id,
        person_id=turn.person_id,
        enterprise_id=firm.id if firm else None,
        issue_id=about.id if about else None,
        text=turn.text,
        urgent=urgent,
        asked_at=turn.now,
        due_at=due,
        rung=rung,
        asked_of=(person_id,) if person_id else (),
        next_due_at=due,
        because=turn.because,
    )


def _lasts(turn: Turn, call: Call) -> bool:
    return turn.now < call.lasts_until(turn.park.limits.menu)


def _repeat(turn: Turn, call: Call) -> Say:
    """What became of the call that they asked for before."""
    if taker := people.by_id(turn.db, call.taken_by):
        return turn.me("call.still_coming", _describe(taker))
    asked = people.by_id(turn.db, call.asked_of[-1]) if call.rung is not CallRung.DUTY else None
    told = {
        **_list_phones(turn),
        "at": call.asked_at,
        "asked": asked.name if asked else Line("people.duty_desk"),
    }
    return turn.me("call.asked_before", told)


def _describe(person: Person) -> dict[str, object]:
    return {"name": person.name, "phone": person.phone or None}


def _list_phones(turn: Turn) -> dict[str, object]:
    """Whom somebody may call themselves."""
    firm = people.enterprise(turn.db, turn.person.enterprise_id) if turn.person else None
    liaison = people.by_id(turn.db, firm.liaison_id) if firm else None
    told = _describe(liaison) if liaison else {}
    return {
        "liaison": Line("help.liaison", told) if liaison else None,
        "phone": turn.park.phone,
    }
