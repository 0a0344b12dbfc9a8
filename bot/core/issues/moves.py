"""What a move does to an issue: guards that a table cannot say, and the effects on its fields."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from bot.core.issues.issue import Issue, Milestone, Rung, Status
from bot.core.issues.lifecycle import ANSWERS, FIRST_MOVES, Clock, Move, Needs, Rule, Who, rule_for
from bot.core.messages import Refused
from bot.core.park.park import Limits, Park
from bot.core.park.service_levels import Basis, ServiceLevel, pause_limit, shift_deadline


@dataclass(frozen=True)
class Act:
    """One person (or the clock) doing one move. `by` is a person's id, None for bot and clock and
    for people nobody has bound yet; `until` is a day's end in UTC; `to` is a person's id, `firm` an
    enterprise's, `into` an issue's."""

    move: Move
    who: frozenset[Who]
    now: datetime
    by: int | None = None
    text: str = ""
    until: datetime | None = None
    stars: int | None = None
    to: int | None = None
    rung: Rung | None = None
    milestones: tuple[Milestone, ...] = ()
    firm: int | None = None
    into: int | None = None


def decide(issue: Issue, act: Act, park: Park) -> Issue:
    """The issue after the act. Changes nothing else; raises Refused when a rule says no."""
    rule = rule_for(issue, act.move, act.who)
    _check(rule, issue, act, park.limits)
    after = replace(issue, status=rule.to or issue.status, **_EFFECTS[act.move](issue, act))
    if act.move in FIRST_MOVES and after.accepted_at is None:
        after = replace(after, accepted_at=act.now)
    if act.move in ANSWERS and after.answered_at is None:
        after = replace(after, answered_at=act.now)
    return _turn_clock(rule.clock, after, act.now, park)


def _check(rule: Rule, issue: Issue, act: Act, limits: Limits) -> None:
    """The guards that a table of statuses cannot say."""
    if rule.needs is Needs.TEXT and not act.text.strip():
        raise Refused(f"needs.{act.move}", number=issue.number)
    if rule.needs is Needs.DATE and (act.until is None or not act.text.strip()):
        raise Refused(f"needs.{act.move}", number=issue.number)
    if rule.needs is Needs.STARS and act.stars not in range(1, 6):
        raise Refused("needs.rate", number=issue.number)
    if act.until is not None and act.until <= act.now:
        raise Refused("refused.past", number=issue.number, until=act.until)
    guard = _GUARDS.get(act.move)
    if guard:
        guard(issue, act, limits)


def _guard_urge(issue: Issue, act: Act, limits: Limits) -> None:
    if issue.urged_at and act.now < issue.urged_at + limits.urge_every:
        again = issue.urged_at + limits.urge_every
        raise Refused("refused.urged", number=issue.number, urged_at=issue.urged_at, again=again)


def _guard_rate(issue: Issue, act: Act, limits: Limits) -> None:
    if issue.rated_at and act.now > issue.rated_at + limits.rate_within:
        raise Refused("refused.rate_late", number=issue.number, days=limits.rate_within.days)


def _guard_reopen(issue: Issue, act: Act, limits: Limits) -> None:
    if issue.closed_at and act.now > issue.closed_at + limits.reopen_within:
        raise Refused("refused.reopen_late", number=issue.number, days=limits.reopen_within.days)


def _guard_close(issue: Issue, act: Act, _limits: Limits) -> None:
    if issue.status is Status.RESOLVED and Who.CLOCK not in act.who:
        raise Refused("refused.unconfirmed", number=issue.number)


def _guard_plan_pending(issue: Issue, _act: Act, _limits: Limits) -> None:
    if issue.plan_until is None:
        raise Refused("refused.no_plan", number=issue.number)


def _guard_extend(issue: Issue, act: Act, _limits: Limits) -> None:
    if act.now > issue.solve_due:
        raise Refused("refused.extend_late", number=issue.number, due=issue.solve_due)
    if act.until and act.until <= issue.solve_due:
        raise Refused("refused.extend_short", number=issue.number, due=issue.solve_due)


def _guard_extension_pending(issue: Issue, _act: Act, _limits: Limits) -> None:
    if issue.extend_to is None:
        raise Refused("refused.no_extension", number=issue.number)


def _guard_pass_on(issue: Issue, act: Act, _limits: Limits) -> None:
    if act.to is None or act.to == issue.owner_id:
        raise Refused("refused.pass_on", number=issue.number)


def _guard_return(issue: Issue, _act: Act, _limits: Limits) -> None:
    """One ruling for an issue: it is not disputed again, nor twice at once."""
    if issue.ruled_at is not None:
        raise Refused("refused.ruled", number=issue.number, at=issue.ruled_at)
    if issue.disputed_at is not None:
        raise Refused("refused.disputed", number=issue.number, at=issue.disputed_at)


def _guard_rule(issue: Issue, act: Act, _limits: Limits) -> None:
    """Without a dispute nothing changes hands but by the new person's own tap."""
    if issue.disputed_at is None:
        raise Refused("refused.no_dispute", number=issue.number)
    if act.to is None:
        raise Refused("refused.no_issue")


def _guard_claim(issue: Issue, act: Act, _limits: Limits) -> None:
    """What somebody says of themselves never replaces what is known."""
    if issue.enterprise_id is not None:
        raise Refused("refused.identified", number=issue.number)
    if act.firm is None:
        raise Refused("refused.no_issue")


def _guard_identify(issue: Issue, act: Act, _limits: Limits) -> None:
    if issue.reporter_id is not None:
        raise Refused("refused.bound", number=issue.number)
    if act.firm is None or act.firm == issue.enterprise_id:
        raise Refused("refused.identified", number=issue.number)


def _guard_merge(issue: Issue, act: Act, _limits: Limits) -> None:
    """No chains: only the bot moves what is merged on, with the issue it was merged into."""
    if issue.merged_into is not None and Who.BOT not in act.who:
        raise Refused("refused.merged", number=issue.number)
    if act.into is None or act.into == issue.id:
        raise Refused("refused.merge_itself", number=issue.number)


def _guard_split(issue: Issue, _act: Act, _limits: Limits) -> None:
    if issue.merged_into is None:
        raise Refused("refused.not_merged", number=issue.number)


_GUARDS: Mapping[Move, Callable[[Issue, Act, Limits], None]] = MappingProxyType(
    {
        Move.URGE: _guard_urge,
        Move.RATE: _guard_rate,
        Move.REOPEN: _guard_reopen,
        Move.CLOSE: _guard_close,
        Move.AGREE: _guard_plan_pending,
        Move.DISAGREE: _guard_plan_pending,
        Move.EXTEND: _guard_extend,
        Move.GRANT: _guard_extension_pending,
        Move.DENY: _guard_extension_pending,
        Move.PASS_ON: _guard_pass_on,
        Move.RETURN: _guard_return,
        Move.RULE: _guard_rule,
        Move.CLAIM: _guard_claim,
        Move.IDENTIFY: _guard_identify,
        Move.MERGE: _guard_merge,
        Move.SPLIT: _guard_split,
    }
)

Effect = Callable[[Issue, Act], dict[str, Any]]


def _apply_nothing(_issue: Issue, _act: Act) -> dict[str, Any]:
    return {}


def _apply_accept(issue: Issue, act: Act) -> dict[str, Any]:
    # An issue without owner lies at the duty desk: who accepts it there holds it.
    return {"owner_id": act.by} if issue.owner_id is None else {}


def _apply_take(_issue: Issue, act: Act) -> dict[str, Any]:
    return {"owner_id": act.by, "offered_to": None, "disputed_at": None}


def _apply_rule(_issue: Issue, act: Act) -> dict[str, Any]:
    gone = {"offered_to": None, "disputed_at": None}
    return {"owner_id": act.to, "ruled_at": act.now, **gone}


def _apply_resolve(_issue: Issue, act: Act) -> dict[str, Any]:
    gone = dict.fromkeys(("offered_to", "extend_to", "disputed_at"))
    return {**gone, "resolved_at": act.now, "asked_rating": 0}


def _apply_rate(issue: Issue, act: Act) -> dict[str, Any]:
    # Who rates has confirmed: nobody is asked twice. The first rating starts the days for changes.
    first = {"confirmed_at": issue.confirmed_at or act.now, "rated_at": issue.rated_at or act.now}
    return {**first, "stars": act.stars}


def _apply_reopen(issue: Issue, _act: Act) -> dict[str, Any]:
    # What was settled with another issue and comes back comes back on its own: its clock must run.
    gone = ("resolved_at", "confirmed_at", "closed_at", "stars", "rated_at", "merged_into")
    # The original clock goes on: what fell due while the issue lay settled is spoken of now.
    spoken = [at for at in (issue.swept_at, issue.resolved_at) if at]
    return {**dict.fromkeys(gone), "asked_rating": 0, "swept_at": min(spoken, default=None)}


_EFFECTS: Mapping[Move, Effect] = MappingProxyType(
    {
        **dict.fromkeys(Move, _apply_nothing),
        Move.ACCEPT: _apply_accept,
        Move.PASS_ON: lambda issue, act: {"offered_to": act.to},
        Move.TAKE: _apply_take,
        Move.DECLINE: lambda issue, act: {"offered_to": None},
        Move.RETURN: lambda issue, act: {"offered_to": None, "disputed_at": act.now},
        Move.RULE: _apply_rule,
        Move.RESOLVE: _apply_resolve,
        Move.CONFIRM: lambda issue, act: {"confirmed_at": act.now},
        Move.NOT_SOLVED: _apply_reopen,
        Move.RATE: _apply_rate,
        Move.REOPEN: _apply_reopen,
        Move.CLOSE: lambda issue, act: {"closed_at": act.now},
        Move.WITHDRAW: lambda issue, act: {"closed_at": act.now, "offered_to": None},
        Move.URGE: lambda issue, act: {"urged": issue.urged + 1, "urged_at": act.now},
        Move.PLAN: lambda issue, act: {"plan_until": act.until, "milestones": act.milestones},
        Move.AGREE: lambda issue, act: {"solve_due": issue.plan_until},
        Move.DISAGREE: lambda issue, act: {"plan_until": None, "milestones": ()},
        Move.EXTEND: lambda issue, act: {"extend_to": act.until},
        Move.GRANT: lambda issue, act: {"solve_due": issue.extend_to, "extend_to": None},
        Move.DENY: lambda issue, act: {"extend_to": None},
        Move.MILESTONE: lambda issue, act: {"milestones": act.milestones},
        Move.ESCALATE: lambda issue, act: {"rung": act.rung or issue.rung, "superior_id": act.to},
        Move.RECATEGORISE: lambda issue, act: {"category": act.text, "sure": True},
        Move.SPONSOR: lambda issue, act: {"leader_id": act.to},
        Move.CLAIM: lambda issue, act: {"claimed_id": act.firm},
        Move.IDENTIFY: lambda issue, act: {"enterprise_id": act.firm, "claimed_id": None},
        Move.MERGE: lambda issue, act: {"merged_into": act.into},
        Move.SPLIT: lambda issue, act: {"merged_into": None},
    }
)


def _turn_clock(clock: Clock, issue: Issue, now: datetime, park: Park) -> Issue:
    if clock is Clock.PAUSE:
        until = pause_limit(now, park.limits.pause, park.hours)
        return replace(issue, paused_at=now, pause_until=until)
    if clock is Clock.STOP:
        return replace(issue, paused_at=None, pause_until=None)
    if clock is Clock.RESUME and issue.paused_at is not None:
        return _resume_clock(issue, issue.paused_at, now, park)
    return issue


def _resume_clock(issue: Issue, paused_at: datetime, now: datetime, park: Park) -> Issue:
    """Waiting for the enterprise is not counted; a deadline already met stays as it was.

    The start moves with the deadlines, so that a reminder at half time stays at half time.
    """
    level, hours = ServiceLevel.from_terms(issue.service_level, issue.terms), park.hours
    since = issue.clock_from or issue.filed_at
    waited = hours.count_working_time(paused_at, now)
    natural = level.solve.basis is Basis.NATURAL
    answer_due = issue.answer_due
    if issue.answered_at is None:
        answer_due = shift_deadline(answer_due, level.answer.basis, paused_at, now, hours)
    return replace(
        issue,
        paused_at=None,
        pause_until=None,
        resumed_at=now,
        solve_due=shift_deadline(issue.solve_due, level.solve.basis, paused_at, now, hours),
        answer_due=answer_due,
        clock_from=since + (now - paused_at) if natural else hours.add(since, waited),
    )
