"""Reads promises back: what was kept, what is still owed, what became of one, who must hear it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.actions.context import Scene
from bot.actions.issues.record import record
from bot.actions.sessions.views import format_promise_number
from bot.core.issues.issue import WORKED_ON, Issue, Status
from bot.core.issues.lifecycle import Move, Who
from bot.core.issues.moves import Act
from bot.core.messages import Line, Option, Say, ToThread
from bot.core.sessions.promises import Kept, Pledge, Response, days_taken, next_bell
from bot.core.sessions.session import TOOK_PLACE, Session
from storage.delivery import threads
from storage.sessions import agenda, promises, sessions

OPEN_TO_PLANS = frozenset({Status.FILED, Status.ACCEPTED})
_OFFICE = frozenset({Who.DUTY})
_FIRM = frozenset({Who.REPORTER})


def pledge_facts(scene: Scene, pledge: Pledge) -> dict[str, object]:
    """What any card may print of a promise."""
    return {
        "number": format_promise_number(scene, pledge),
        "who": pledge.who,
        "what": pledge.what,
        "due": pledge.due,
        "made_at": pledge.made_at,
        "reason": pledge.reason or None,
        "dispute": Line("promise.disputed", {"text": pledge.dispute}) if pledge.dispute else None,
        "state": Line(f"promise.state_{state(pledge, scene.now)}", _counts(pledge)),
    }


def state(pledge: Pledge, now: datetime) -> str:
    """How a promise stands: kept, dropped, broken, re-dated, overdue or running."""
    if pledge.kept is not Kept.OPEN:
        return pledge.kept.value
    if pledge.broken:
        return "broken"
    if pledge.due <= now:
        return "late"
    return "redated" if pledge.redated else "open"


def build_settled_lines(scene: Scene, session: Session) -> tuple[Line, ...]:
    """The promises settled between the session before and this one: they open the evening."""
    since = _find_previous_close(scene, session)
    found = [
        promise
        for promise in promises.everything(scene.db)
        if promise.settled_at is not None
        and promise.session_id != session.id
        and (since is None or promise.settled_at > since)
        and (session.opened_at is None or promise.settled_at <= session.opened_at)
    ]
    return tuple(Line("promise.settled_line", pledge_facts(scene, promise)) for promise in found)


def keep_promise(
    scene: Scene, pledge: Pledge, text: str, by: int | None
) -> tuple[Pledge, list[Say]]:
    """The promise is kept: its issues are resolved and everybody who asked is told, with the days
    it took."""
    done = replace(pledge, kept=Kept.KEPT, settled_at=scene.now, reason=text, next_due_at=None)
    promises.save(scene.db, done)
    says = []
    days = days_taken(done, scene.now, scene.house)
    told = {**pledge_facts(scene, done), "days": days, "text": text or done.what}
    for issue in agenda.issues_by_id(scene.db, done.issues).values():
        after = _resolve_issue(scene, issue, told["text"], by)
        news = {**told, "issue": issue.number, "title": issue.title}
        options = _build_confirm_options(scene, after) if after is not issue else ()
        says.append(Say(ToThread(issue.thread_id), "promise.kept_news", news, options, issue.id))
    return done, says


def break_promise(scene: Scene, pledge: Pledge, reason: str) -> tuple[Pledge, list[Say]]:
    """Not kept, and why: still owed, told to whoever asked."""
    after = replace(pledge, broken=pledge.broken + 1, reason=reason)
    after = replace(after, next_due_at=next_bell(after, scene.house))
    promises.save(scene.db, after)
    return after, to_firms(scene, after, "promise.broken_news")


def redate_promise(
    scene: Scene, pledge: Pledge, due: datetime, reason: str
) -> tuple[Pledge, list[Say]]:
    """Another day, and why; the enterprise is asked anew."""
    after = replace(
        pledge,
        due=due,
        redated=pledge.redated + 1,
        reason=reason,
        answer=Response.NONE,
        told_at=scene.now,
        spoken_at=scene.now,
    )
    after = replace(after, next_due_at=next_bell(after, scene.house))
    promises.save(scene.db, after)
    return after, to_firms(scene, after, "promise.redated_news", answer_options(scene, [after]))


def to_firms(scene: Scene, pledge: Pledge, key: str, options: Sequence[Option] = ()) -> list[Say]:
    """The same words to everybody who asked; a promise without issues goes to its firms."""
    told = pledge_facts(scene, pledge)
    found = [issue.thread_id for issue in agenda.issues_by_id(scene.db, pledge.issues).values()]
    if not found:
        found = [
            thread.id for firm in pledge.firms for thread in threads.of_enterprise(scene.db, firm)
        ]
    return [
        Say(ToThread(thread_id), key, told, tuple(options)) for thread_id in dict.fromkeys(found)
    ]


def answer_options(scene: Scene, pledges: Sequence[Pledge]) -> tuple[Option, ...]:
    """The enterprise says whether it was promised so."""
    numbers = " ".join(format_promise_number(scene, promise) for promise in pledges)
    yes, no = scene.texts.command("accept_promise"), scene.texts.command("dispute")
    return (
        Option("options.accept_promise", f"{yes} {numbers}"),
        Option("options.dispute", f"{no} {numbers}"),
    )


def answer_issues(scene: Scene, pledge: Pledge) -> None:
    """The enterprise is told what was promised: that answers its issues."""
    words = f"{pledge.who} {pledge.what}"
    for issue in agenda.issues_by_id(scene.db, pledge.issues).values():
        if issue.status in OPEN_TO_PLANS and issue.answered_at is None:
            record(scene, issue, Act(Move.ANSWER, _OFFICE, scene.now, pledge.by_id, words))


def accept_promise(scene: Scene, pledge: Pledge, firm: int) -> None:
    """The enterprise takes the promised day: from now on it is its issue's deadline."""
    promises.save(scene.db, replace(pledge, answer=Response.AGREED, dispute=""))
    for issue in agenda.issues_by_id(scene.db, pledge.issues).values():
        early = issue.status in OPEN_TO_PLANS
        if issue.enterprise_id == firm and early and pledge.due > scene.now:
            _plan_issue(scene, issue, pledge)


def dispute_promise(scene: Scene, pledge: Pledge, text: str) -> Pledge:
    """What the enterprise says stands beside what was written, and replaces nothing."""
    words = f"{pledge.dispute}；{text}" if pledge.dispute else text
    return promises.save(scene.db, replace(pledge, answer=Response.DISPUTED, dispute=words))


def _plan_issue(scene: Scene, issue: Issue, pledge: Pledge) -> None:
    day = scene.texts.format_value(scene.house.local(pledge.due), "day")
    words = f"{day} {pledge.who} {pledge.what}"
    plan = Act(Move.PLAN, _OFFICE, scene.now, pledge.by_id, words, until=pledge.due)
    after = record(scene, issue, plan)
    record(scene, after, Act(Move.AGREE, _FIRM, scene.now, issue.reporter_id))


def _resolve_issue(scene: Scene, issue: Issue, text: object, by: int | None) -> Issue:
    """Resolved, unless somebody else still owes something on it."""
    owed = [promise for promise in promises.open_ones(scene.db) if issue.id in promise.issues]
    if issue.status not in WORKED_ON or owed:
        return issue
    return record(scene, issue, Act(Move.RESOLVE, _OFFICE, scene.now, by, str(text)))


def _build_confirm_options(scene: Scene, issue: Issue) -> tuple[Option, ...]:
    return (
        scene.option("confirm", "confirm", issue),
        scene.option("not_solved", "not_solved", issue),
    )


def _find_previous_close(scene: Scene, session: Session) -> datetime | None:
    before = [
        other
        for other in sessions.everything(scene.db)
        if other.stage in TOOK_PLACE
        and other.starts_at < session.starts_at
        and other.id != session.id
    ]
    return (before[-1].closed_at or before[-1].starts_at) if before else None


def _counts(pledge: Pledge) -> dict[str, object]:
    return {"broken": pledge.broken, "redated": pledge.redated, "settled_at": pledge.settled_at}
