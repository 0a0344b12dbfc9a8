"""Puts to each leader the few matters that wait for their word, and writes down what they said."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.actions.context import Context
from bot.actions.issues.cards import facts, undo_option
from bot.actions.issues.escalate import find_acting_person
from bot.core.issues.issue import WORKED_ON, Issue, Rung, build_action
from bot.core.leaders.decisions import (
    QUIET,
    Case,
    Cause,
    Choice,
    Decision,
    digit,
    fill_places,
    late_since,
    rank_cases,
    still_open,
    week_of,
)
from bot.core.leaders.reforms import Standing
from bot.core.messages import Action, Line, Option
from bot.core.sessions.promises import Kept
from bot.core.sessions.promises import number_of as promise_number
from storage.issues import issues
from storage.leaders import decisions, reforms
from storage.people import people
from storage.sessions import agenda, promises

Cases = Mapping[int, Sequence[tuple[Case, Cause]]]


@dataclass(frozen=True)
class Block:
    """What a leader's card prints of their decisions, and the digits under it."""

    lines: tuple[Line, ...] = ()
    options: tuple[Option, ...] = ()


def offer_decisions(context: Context, leader_id: int, known: Cases | None = None) -> list[Decision]:
    """This week's list of a leader, written down: what has no word yet, free places filled.
    `known` is what `cases` found, for a caller who asks for several leaders."""
    people.lock(context.db, leader_id)
    listed = preview_decisions(context, leader_id, known)
    fresh = decisions.add(context.db, [decision for decision in listed if not decision.id])
    return sorted(
        [*(decision for decision in listed if decision.id), *fresh], key=lambda one: one.place
    )


def preview_decisions(
    context: Context, leader_id: int, known: Cases | None = None
) -> list[Decision]:
    """The same, only looked at: what would be new has the id 0."""
    week = week_of(context.park.local(context.now).date())
    rows = decisions.of_week(context.db, leader_id, week)
    kept = still_open(
        rows, agenda.issues_by_id(context.db, (decision.issue_id for decision in rows))
    )
    resting = decisions.list_decided_issues(context.db, context.now - QUIET) | {
        decision.issue_id for decision in rows
    }
    ranked = (cases(context) if known is None else known).get(leader_id, ())
    fresh = [
        Decision(
            id=0,
            leader_id=leader_id,
            week=week,
            place=place,
            issue_id=case.issue.id,
            cause=cause,
            offered_at=context.now,
            detail=_detail(case, cause),
            also=case.also if cause is Cause.RECURRING else (),
        )
        for place, case, cause in fill_places(kept, ranked, resting)
    ]
    return sorted([*kept, *fresh], key=lambda one: one.place)


def block(context: Context, listed: Sequence[Decision]) -> Block:
    """Each matter with its reason, and `批 转 上会` for each as digits that stay the same."""
    found = agenda.issues_by_id(context.db, (decision.issue_id for decision in listed))
    lines = tuple(_line(context, decision, found[decision.issue_id]) for decision in listed)
    options = (option for row in listed for option in _options(context, row, found[row.issue_id]))
    return Block(lines, tuple(options))


def rest(context: Context, leader_id: int) -> Block:
    """What is left after a word was said; the last line takes that word back."""
    week = week_of(context.park.local(context.now).date())
    rows = decisions.of_week(context.db, leader_id, week)
    left = still_open(
        rows, agenda.issues_by_id(context.db, (decision.issue_id for decision in rows))
    )
    found = block(context, left)
    return replace(found, options=(*found.options, replace(undo_option(), digit=0)))


def build_seen_option(context: Context, listed: Sequence[Decision]) -> Option:
    """The digit that only says that the leader has read: 0 under decisions, else 1."""
    return Option("options.seen", Action("seen"), digit=0 if listed else 1)


def record_decision(
    context: Context,
    leader_id: int,
    issue: Issue,
    row: Decision | None,
    choice: Choice,
    text: str,
    session_id: int | None = None,
) -> Decision:
    """Write a leader's word down; without a row it was their own idea."""
    said = replace(
        row or _own(context, leader_id, issue),
        choice=choice,
        decided_at=context.now,
        text=text,
        because=context.because,
        session_id=session_id,
    )
    if said.id:
        decisions.save(context.db, said)
        return said
    return decisions.add(context.db, [said])[0]


def _own(context: Context, leader_id: int, issue: Issue) -> Decision:
    week = week_of(context.park.local(context.now).date())
    return Decision(0, leader_id, week, 0, issue.id, Cause.OWN, context.now)


def cases(context: Context) -> Cases:
    """Everything that waits for a leader's word, the gravest first, by whose word it is."""
    found: dict[int, list[tuple[Case, Cause]]] = {}
    for case, cause in rank_cases(_cases(context), context.park, context.now):
        leader = _whose(context, case.issue)
        if leader is not None:
            found.setdefault(leader, []).append((case, cause))
    return found


def _cases(context: Context) -> Iterator[Case]:
    """Every issue that may need a leader."""
    broken = {
        issue: number
        for number, found in _list_broken_promises(context)
        for issue in reversed(found)
    }
    wider = {issue.id: (number, also) for number, issue, also in _list_recurring(context)}
    for issue in decisions.candidates(context.db, {*broken, *wider}):
        reform, also = wider.get(issue.id, ("", ()))
        yield Case(issue, broken.get(issue.id, ""), reform, also)


def _list_recurring(context: Context) -> Iterator[tuple[str, Issue, tuple[int, ...]]]:
    """Each proposed reform that still has open issues: its number, the newest of them, the
    others. It is put to the leader of the newest, and to nobody else."""
    for reform in reforms.list_by_standing(context.db, Standing.PROPOSED):
        behind = agenda.issues_by_id(context.db, reform.issues)
        found = [issue for _id, issue in sorted(behind.items()) if issue.status in WORKED_ON]
        if found:
            *others, newest = found
            yield str(reform.number), newest, tuple(issue.id for issue in others)


def _detail(case: Case, cause: Cause) -> str:
    return {Cause.BROKEN: case.broken, Cause.RECURRING: case.reform}.get(cause, "")


def _whose(context: Context, issue: Issue) -> int | None:
    """The leader whose word an issue needs: whom the ladder told, else who answers for the firm."""
    if issue.rung is Rung.LEADER and issue.superior_id is not None:
        return issue.leader_id or issue.superior_id
    leader = find_acting_person(context, issue, Rung.LEADER)
    return leader.id if leader else None


def _list_broken_promises(context: Context) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The number and the issues of each promise that is owed past its day."""
    owed = [
        promise
        for promise in promises.open_ones(context.db)
        if promise.kept is Kept.OPEN and (promise.broken or promise.due <= context.now)
    ]
    numbers = promises.numbers(context.db, owed)
    for promise in owed:
        yield promise_number(numbers[promise.session_id], promise.serial), promise.issues


def _line(context: Context, row: Decision, issue: Issue) -> Line:
    card = facts(context, issue)
    late = late_since(issue, context.now)
    why: dict[str, object] = {
        "owner": card["owner"],
        "due": late or issue.accept_due,
        "returned_at": issue.disputed_at,
        "until": issue.plan_until,
        "detail": row.detail or None,
    }
    if row.cause is Cause.RECURRING:
        reform = reforms.by_number(context.db, int(row.detail))
        why |= {"count": reform.before_count, "firms": len(reform.firms)} if reform else {}
    told = {name: card[name] for name in ("number", "enterprise", "title")}
    reason = Line(f"decision.why_{row.cause}", why)
    return Line("decision.line", {**told, "place": row.place, "why": reason})


def _options(context: Context, row: Decision, issue: Issue) -> Iterator[Option]:
    for choice in Choice:
        yield Option(
            f"options.decide_{choice}",
            build_action(choice.value, issue),
            {"place": row.place},
            digit(row.place, choice),
        )


def history(context: Context, issue_id: int) -> list[Decision]:
    """What was put to anybody about an issue, locked: a word belongs to one of them."""
    issues.get(context.db, issue_id)
    return decisions.of_issue(context.db, issue_id)
