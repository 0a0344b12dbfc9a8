"""Rings whoever is to call a firm, and asks the next one when nobody takes it."""

from collections.abc import Sequence
from datetime import datetime

from bot.actions.context import Context
from bot.actions.issues.assign import today
from bot.actions.issues.cards import shorten_text
from bot.core.calls import Call, CallRung, choose_callee, find_due
from bot.core.messages import Action, Line, Option, Recipient, Say, ToDuty, ToPerson
from bot.core.people import Enterprise, Person
from storage import calls
from storage.issues import issues
from storage.people import absences, people


def ask_next(
    context: Context, firm: Enterprise | None, asked: Sequence[int]
) -> tuple[CallRung, int | None]:
    """Who is asked to call a firm after those who were asked already; None for the duty desk."""
    away = absences.away_on(context.db, today(context))
    pair = (firm.liaison_id, firm.deputy_id) if firm else (None, None)
    return choose_callee(*pair, away, asked)


def climb(context: Context, call: Call) -> Say:
    """Nobody has taken it in time: the next one is asked and hears who was before; the duty desk
    again and again, as long as the call lasts."""
    rung, person_id = ask_next(
        context, people.enterprise(context.db, call.enterprise_id), call.asked_of
    )
    limits, hours = context.park.limits, context.park.hours
    top = rung is CallRung.DUTY
    within = limits.call_again if top else limits.call
    until = find_due(context.now, within, hours, urgent=call.urgent)
    asked = call.asked_of if person_id is None else (*call.asked_of, person_id)
    over = top and until >= call.lasts_until(limits.menu)
    after = calls.change(
        context.db, call.id, rung=rung, asked_of=asked, next_due_at=None if over else until
    )
    return ring(context, after)


def ring(context: Context, call: Call) -> Say:
    """The card for whoever is asked now."""
    duty = call.rung is CallRung.DUTY
    to = ToDuty() if duty else ToPerson(call.asked_of[-1])
    before = call.asked_of if duty else call.asked_of[:-1]
    names = "、".join(people.get(context.db, person_id).name for person_id in before)
    issue = issues.get(context.db, call.issue_id) if call.issue_id else None
    said = shorten_text(call.text.strip())
    told = {
        **describe_caller(context, call),
        "mark": Line("call.urgent") if call.urgent else None,
        "said": Line("call.said", {"text": said}) if said else None,
        "issue": Line("call.issue", {"number": issue.number, "title": issue.title})
        if issue
        else None,
        "tried": Line("call.tried", {"names": names}) if names else None,
        "waited": _describe_wait(context, call) if context.now > call.asked_at else None,
    }
    options = (offer_taking(context, call), offer_ending(context, call))
    return Say(to, "call.card", told, options, urgent=call.urgent)


def _describe_wait(context: Context, call: Call) -> Line:
    """How long nobody has taken it, in minutes on the clock."""
    return Line("call.waited", {"minutes": count_minutes(call.asked_at, context.now)})


def count_minutes(since: datetime, until: datetime) -> int:
    """Whole minutes between two moments, at least one where there are any seconds."""
    return max(-(-int((until - since).total_seconds()) // 60), 0)


def offer_taking(context: Context, call: Call) -> Option:
    """A menu's line: I am going to call them."""
    return Option("options.call_taken", _build_action(context, "call_taken", call))


def offer_ending(context: Context, call: Call) -> Option:
    """A menu's line: I have called them."""
    return Option("options.called", _build_action(context, "called", call))


def _build_action(context: Context, verb: str, call: Call) -> Action:
    firm = people.enterprise(context.db, call.enterprise_id)
    return Action(verb, target_id=call.id, number=firm.name if firm else "")


def describe_caller(context: Context, call: Call) -> dict[str, object]:
    """Whom to call."""
    firm = people.enterprise(context.db, call.enterprise_id)
    person = people.by_id(context.db, call.person_id)
    return {
        "enterprise": firm.name if firm else Line("people.unknown_firm"),
        "name": person.name if person else Line("people.stranger"),
        "phone": person.phone or None if person else None,
    }


def tell_others(context: Context, call: Call, taker: Person) -> list[Say]:
    """Whoever else was asked need not call any more."""
    told = {**describe_caller(context, call), "taker": taker.name}
    others: list[Recipient] = [
        ToPerson(person_id) for person_id in call.asked_of if person_id != taker.id
    ]
    to = [*others, ToDuty()] if call.rung is CallRung.DUTY else others
    return [Say(recipient, "call.taken_by", told) for recipient in to]
