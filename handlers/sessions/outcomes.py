"""What the outcome of an agenda's item does to its issues, and what their enterprises hear."""

from dataclasses import replace
from datetime import datetime

from bot.actions.context import Context
from bot.actions.issues import merged_replies
from bot.actions.issues.cards import to_owner
from bot.actions.issues.record import record
from bot.actions.sessions.promises import OPEN_TO_PLANS
from bot.core.issues.issue import WORKED_ON, Issue
from bot.core.issues.lifecycle import Move, Who
from bot.core.issues.moves import Act
from bot.core.messages import Line, Option, Refused, Say, ToThread
from bot.core.sessions.agenda import Item, Outcome
from bot.core.sessions.promises import Unreadable, get_due_time, read_deadline_ahead
from handlers.dispatch.turn import Turn
from storage.sessions import agenda

_OFFICE = frozenset({Who.DUTY})


def issues_of(turn: Turn, item: Item) -> list[Issue]:
    """The issues that an item is about."""
    return list(agenda.issues_by_id(turn.db, item.issues).values())


def _apply_done(turn: Turn, item: Item, words: str) -> list[Say]:
    return _resolve_issues(turn, item, words, Outcome.DONE, "minutes.done_news")


def _infeasible(turn: Turn, item: Item, words: str) -> list[Say]:
    labels = ("options.consent", "options.disagree")
    return _resolve_issues(turn, item, words, Outcome.INFEASIBLE, "minutes.infeasible_news", labels)


def _resolve_issues(
    turn: Turn,
    item: Item,
    words: str,
    outcome: Outcome,
    key: str,
    labels: tuple[str, str] = ("options.confirm", "options.not_solved"),
) -> list[Say]:
    def ask(context: Context, issue: Issue) -> tuple[Option, ...]:
        return (
            replace(context.option("confirm", "confirm", issue), label=labels[0]),
            replace(context.option("not_solved", "not_solved", issue), label=labels[1]),
        )

    says = []
    for issue in issues_of(turn, item):
        if issue.status in WORKED_ON:
            said = merged_replies.fit(turn, issue, words)
            act = Act(Move.RESOLVE, _OFFICE, turn.now, turn.person_id, said)
            after = record(turn, issue, act)
            told = {"number": issue.number, "title": issue.title, "text": said}
            news = Say(ToThread(issue.thread_id), key, told, ask(turn, after), issue.id)
            says += [news, *merged_replies.share_result(turn, after, words, key, ask)]
            says += _tell_holder(turn, after, outcome, words)
    return says


def _tell_holder(turn: Turn, issue: Issue, outcome: Outcome, words: str) -> list[Say]:
    """Whoever holds the issue may sit elsewhere that evening, and must not go on with it."""
    if issue.owner_id in (None, turn.person_id):
        return []
    told = {"number": issue.number, "title": issue.title, "outcome": outcome, "text": words}
    return [Say(to_owner(issue), "minutes.concluded_notice", told, issue_id=issue.id)]


def _propose_plan(turn: Turn, item: Item, words: str) -> list[Say]:
    """A dated plan is proposed to the enterprise, which agrees or does not."""
    until, reason = _read_plan(turn, item, words)
    says = []
    for issue in issues_of(turn, item):
        if issue.status in OPEN_TO_PLANS:
            # The history keeps the day as it was said.
            plan = merged_replies.fit(turn, issue, words)
            act = Act(Move.PLAN, _OFFICE, turn.now, turn.person_id, plan, until=until)
            after = record(turn, issue, act)
            told = {
                "number": issue.number,
                "title": issue.title,
                "until": until,
                "text": merged_replies.fit(turn, issue, reason),
            }
            options = (
                turn.option("agree", "agree", after),
                turn.option("disagree", "disagree", after),
            )
            says.append(
                Say(ToThread(issue.thread_id), "minutes.planned_news", told, options, issue.id)
            )
            says += _tell_holder(turn, after, Outcome.PLANNED, words)
    return says


def spell_plan(turn: Turn, item: Item, words: str) -> str:
    """The plan with its day in full: 下周五 says nothing in minutes that are read later."""
    until, reason = _read_plan(turn, item, words)
    return turn.texts.render("minutes.plan_said", {"until": until, "text": reason}).strip()


def _read_plan(turn: Turn, item: Item, words: str) -> tuple[datetime, str]:
    try:
        today, calendar = turn.park.local(turn.now).date(), turn.park.hours.calendar
        found = read_deadline_ahead(words, today, calendar)
        return get_due_time(found, turn.park, turn.now), found.after
    except Unreadable as error:
        place, how = Line("promise.item", {"place": item.place}), Line("promise.how_plan")
        raise Refused(f"promise.flaw_{error.flaw}", place=place, text=words, how=how) from None


def _later(_turn: Turn, _item: Item, _words: str) -> list[Say]:
    return []


EFFECTS = {
    Outcome.DONE: _apply_done,
    Outcome.INFEASIBLE: _infeasible,
    Outcome.PLANNED: _propose_plan,
    Outcome.LATER: _later,
}
