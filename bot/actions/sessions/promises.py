"""Reads promises back: what was kept, what is still owed, what became of one, who must hear it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.actions.chain.vouchers import format_code, give_for_promise
from bot.actions.context import Context
from bot.actions.issues import merged_replies
from bot.actions.issues.cards import to_owner
from bot.actions.issues.record import record
from bot.actions.sessions.views import build_promise_action, format_promise_number
from bot.core.issues.issue import WORKED_ON, Issue, Status
from bot.core.issues.lifecycle import Move, Who
from bot.core.issues.moves import Act
from bot.core.messages import Action, Line, Option, Say, ToThread
from bot.core.sessions.promises import Kept, Promise, Response, days_taken, next_bell
from bot.core.sessions.session import TOOK_PLACE, Session
from storage.delivery import threads
from storage.sessions import agenda, promises, sessions

OPEN_TO_PLANS = frozenset({Status.FILED, Status.ACCEPTED})
_OFFICE = frozenset({Who.DUTY})
_FIRM = frozenset({Who.REPORTER})


def promise_facts(context: Context, promise: Promise) -> dict[str, object]:
    """What any card may print of a promise."""
    return {
        "number": format_promise_number(context, promise),
        "who": promise.who,
        "what": promise.what,
        "due": promise.due,
        "made_at": promise.made_at,
        "reason": promise.reason or None,
        "dispute": Line("promise.disputed", {"text": promise.dispute}) if promise.dispute else None,
        "state": Line(f"promise.state_{state(promise, context.now)}", _counts(promise)),
    }


def build_voucher_line(context: Context, promise: Promise) -> Line:
    """A new voucher for the promise as it is now."""
    number = format_promise_number(context, promise)
    return format_code(give_for_promise(context, promise, number))


def state(promise: Promise, now: datetime) -> str:
    """How a promise stands: kept, dropped, broken, re-dated, overdue or running."""
    if promise.kept is not Kept.OPEN:
        return promise.kept.value
    if promise.broken:
        return "broken"
    if promise.due <= now:
        return "late"
    return "redated" if promise.redated else "open"


def build_settled_lines(context: Context, session: Session) -> tuple[Line, ...]:
    """The promises settled between the session before and this one: they open the evening."""
    since = _find_previous_close(context, session)
    found = [
        promise
        for promise in promises.everything(context.db)
        if promise.settled_at is not None
        and promise.session_id != session.id
        and (since is None or promise.settled_at > since)
        and (session.opened_at is None or promise.settled_at <= session.opened_at)
    ]
    return tuple(Line("promise.settled_line", promise_facts(context, promise)) for promise in found)


def keep_promise(
    context: Context, promise: Promise, text: str, by: int | None
) -> tuple[Promise, list[Say]]:
    """The promise is kept: its issues are resolved and everybody who asked is told, with the days
    it took."""
    done = replace(promise, kept=Kept.KEPT, settled_at=context.now, reason=text, next_due_at=None)
    promises.save(context.db, done)
    says = []
    days = days_taken(done, context.now, context.park)
    words = text or done.what
    told = {**promise_facts(context, done), "days": days}
    for issue in agenda.issues_by_id(context.db, done.issues).values():
        after = _resolve_issue(context, issue, words, by)
        said = merged_replies.fit(context, issue, words)
        news = {**told, "text": said, "issue": issue.number, "title": issue.title}
        options = _build_confirm_options(context, after) if after is not issue else ()
        says.append(Say(ToThread(issue.thread_id), "promise.kept_news", news, options, issue.id))
        if after is not issue:
            says += merged_replies.share_result(context, after, words)
        if issue.owner_id not in (None, by):
            says.append(Say(to_owner(issue), "promise.kept_notice", news, issue_id=issue.id))
    return done, says


def break_promise(context: Context, promise: Promise, reason: str) -> tuple[Promise, list[Say]]:
    """Not kept, and why: still owed, told to whoever asked."""
    after = replace(promise, broken=promise.broken + 1, reason=reason)
    after = replace(after, next_due_at=next_bell(after, context.park))
    promises.save(context.db, after)
    return after, to_firms(context, after, "promise.broken_news")


def redate_promise(
    context: Context, promise: Promise, due: datetime, reason: str
) -> tuple[Promise, list[Say]]:
    """Another day, and why; the enterprise is asked anew."""
    after = replace(
        promise,
        due=due,
        redated=promise.redated + 1,
        reason=reason,
        answer=Response.NONE,
        told_at=context.now,
        spoken_at=context.now,
    )
    after = replace(after, next_due_at=next_bell(after, context.park))
    promises.save(context.db, after)
    more = {"voucher": build_voucher_line(context, after)}
    options = answer_options(context, [after])
    return after, to_firms(context, after, "promise.redated_news", options, more)


def to_firms(
    context: Context,
    promise: Promise,
    key: str,
    options: Sequence[Option] = (),
    more: Mapping[str, object] | None = None,
) -> list[Say]:
    """The same words to everybody who asked; a promise without issues goes to its firms."""
    told = {**promise_facts(context, promise), **(more or {})}
    found = [issue.thread_id for issue in agenda.issues_by_id(context.db, promise.issues).values()]
    if not found:
        found = [
            thread.id
            for firm in promise.firms
            for thread in threads.of_enterprise(context.db, firm)
        ]
    return [
        Say(ToThread(thread_id), key, told, tuple(options)) for thread_id in dict.fromkeys(found)
    ]


def answer_options(context: Context, promises: Sequence[Promise]) -> tuple[Option, ...]:
    """The enterprise says whether it was promised so."""
    return (
        Option("options.accept_promise", _build_answer(context, "accept_promise", promises)),
        Option("options.dispute", _build_answer(context, "dispute", promises)),
    )


def _build_answer(context: Context, verb: str, promises: Sequence[Promise]) -> Action:
    """The answer to one promise, or to several by their numbers."""
    if len(promises) == 1:
        return build_promise_action(context, verb, promises[0])
    return Action(verb, words=" ".join(format_promise_number(context, each) for each in promises))


def answer_issues(context: Context, promise: Promise) -> list[Say]:
    """The enterprise is told what was promised: that answers its issues. Returns what is said to
    those whose issues are dealt with together with them."""
    words, says = f"{promise.who} {promise.what}", list[Say]()
    for issue in agenda.issues_by_id(context.db, promise.issues).values():
        if issue.status in OPEN_TO_PLANS and issue.answered_at is None:
            said = merged_replies.fit(context, issue, words)
            act = Act(Move.ANSWER, _OFFICE, context.now, promise.by_id, said)
            after = record(context, issue, act)
            says += merged_replies.share_answer(context, after, words)
    return says


def accept_promise(context: Context, promise: Promise, firm: int) -> list[Say]:
    """The enterprise takes the promised day: from now on it is its issue's deadline. Returns
    what is said to those who wait for the same day."""
    says: list[Say] = []
    promises.save(context.db, replace(promise, answer=Response.AGREED, dispute=""))
    for issue in agenda.issues_by_id(context.db, promise.issues).values():
        early = issue.status in OPEN_TO_PLANS
        if issue.enterprise_id == firm and early and promise.due > context.now:
            after = _plan_issue(context, issue, promise)
            says += merged_replies.share_deadline(context, after)
    return says


def dispute_promise(context: Context, promise: Promise, text: str) -> Promise:
    """What the enterprise says stands beside what was written, and replaces nothing."""
    words = f"{promise.dispute}；{text}" if promise.dispute else text
    return promises.save(context.db, replace(promise, answer=Response.DISPUTED, dispute=words))


def _plan_issue(context: Context, issue: Issue, promise: Promise) -> Issue:
    day = context.texts.format_value(context.park.local(promise.due), "day")
    words = merged_replies.fit(context, issue, f"{day} {promise.who} {promise.what}")
    plan = Act(Move.PLAN, _OFFICE, context.now, promise.by_id, words, until=promise.due)
    after = record(context, issue, plan)
    return record(context, after, Act(Move.AGREE, _FIRM, context.now, issue.reporter_id))


def _resolve_issue(context: Context, issue: Issue, words: str, by: int | None) -> Issue:
    """Resolved, unless somebody else still owes something on it."""
    owed = [promise for promise in promises.open_ones(context.db) if issue.id in promise.issues]
    if issue.status not in WORKED_ON or owed:
        return issue
    said = merged_replies.fit(context, issue, words)
    return record(context, issue, Act(Move.RESOLVE, _OFFICE, context.now, by, said))


def _build_confirm_options(context: Context, issue: Issue) -> tuple[Option, ...]:
    return (
        context.option("confirm", "confirm", issue),
        context.option("not_solved", "not_solved", issue),
    )


def _find_previous_close(context: Context, session: Session) -> datetime | None:
    before = [
        other
        for other in sessions.everything(context.db)
        if other.stage in TOOK_PLACE
        and other.starts_at < session.starts_at
        and other.id != session.id
    ]
    return (before[-1].closed_at or before[-1].starts_at) if before else None


def _counts(promise: Promise) -> dict[str, object]:
    return {"broken": promise.broken, "redated": promise.redated, "settled_at": promise.settled_at}
