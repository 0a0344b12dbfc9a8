"""The numbered corrections of a session's minutes: which there are, how they read, who hears one.

Whoever had the minutes or the promise hears of it once: the office and leaders, whoever holds what
was changed, of the enterprises each its own part; the group where its sums have changed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.actions.context import Context
from bot.actions.sessions import minutes as papers
from bot.actions.sessions.promisers import find_responsible
from bot.actions.sessions.promises import answer_options, build_voucher_line
from bot.actions.sessions.views import session_facts
from bot.core.messages import Line, Option, Say, ToPerson, ToThread
from bot.core.people import Role
from bot.core.sessions.corrections import Change, Correction, concerns
from bot.core.sessions.session import Session
from storage.delivery import threads
from storage.people import people
from storage.sessions import agenda, promises


@dataclass(frozen=True)
class Attached:
    """What goes with a correction to one thread: a question, and the issue that it is about."""

    options: tuple[Option, ...]
    issue_id: int | None


def build_card(
    context: Context,
    session: Session,
    correction: Correction,
    changes: Sequence[Change],
    firm: int | None = None,
) -> dict[str, object]:
    """What a card about a correction prints, for an enterprise or for colleagues."""
    return {
        **session_facts(context, session),
        "correction": correction.number,
        "changes": tuple(papers.format_change(context, change, firm) for change in changes),
        "undone": Line("minutes.correction_undone") if correction.undone else None,
    }


def announce(
    context: Context,
    session: Session,
    correction: Correction,
    by_id: int | None,
    attached: Mapping[int, Attached] | None = None,
) -> list[Say]:
    """What everybody concerned hears, each once; `by_id` is who has done it, and is answered."""
    return [
        *_tell_staff(context, session, correction, by_id),
        *_tell_firms(context, session, correction, attached or {}),
        *tell_group(context, session, correction),
    ]


def _tell_staff(
    context: Context, session: Session, correction: Correction, by_id: int | None
) -> Iterator[Say]:
    whole = {
        reader.id: correction.changes
        for role in (Role.OFFICE, Role.LEADER)
        for reader in people.of_role(context.db, role)
    }
    for person_id, mine in {**_list_holders(context, correction.changes), **whole}.items():
        if person_id != by_id:
            card = build_card(context, session, correction, mine)
            yield Say(ToPerson(person_id), "minutes.corrected", card)


def _list_holders(context: Context, changes: Iterable[Change]) -> dict[int, tuple[Change, ...]]:
    """Who has promised it, before or now, and who holds what it is about, with their changes."""
    found: dict[int, tuple[Change, ...]] = {}
    for change in changes:
        item = agenda.get(context.db, change.item_id)
        issues = agenda.issues_by_id(context.db, item.issues).values()
        holders = {issue.owner_id for issue in issues}
        for wording in (change.before, change.after):
            if wording is not None and wording.who:
                holders.add(find_responsible(context, wording.who)[0])
        for holder in holders - {None}:
            assert holder is not None, "just looked"
            found[holder] = (*found.get(holder, ()), change)
    return found


def _tell_firms(
    context: Context,
    session: Session,
    correction: Correction,
    attached: Mapping[int, Attached],
) -> Iterator[Say]:
    told = list_firms_told(context, session, correction.changes)
    codes = give_vouchers(context, correction.changes) if told else {}
    for firm, mine in told.items():
        card = build_card(context, session, correction, mine, firm)
        given = (codes.get(change.promise_id or 0) for change in mine)
        card["vouchers"] = tuple(code for code in given if code is not None)
        asked = ask_again(context, mine) if not correction.undone else ()
        for thread in threads.of_enterprise(context.db, firm):
            more = attached.get(thread.id, Attached(asked, None))
            yield Say(
                ToThread(thread.id), "minutes.corrected_part", card, more.options, more.issue_id
            )


def list_firms_told(
    context: Context, session: Session, changes: Iterable[Change]
) -> dict[int, tuple[Change, ...]]:
    """The enterprises that had minutes with something of this in them, each with its own part."""
    whole = tuple(changes)
    concerned = papers.firms_concerned(papers.of_session(context, session))
    found = {firm: _select_own(context, whole, firm) for firm in concerned}
    return {firm: mine for firm, mine in found.items() if mine}


def _select_own(context: Context, changes: Iterable[Change], firm: int) -> tuple[Change, ...]:
    """Those that an enterprise may hear of: its own and everybody's."""
    items = {change.item_id: agenda.get(context.db, change.item_id) for change in changes}
    return tuple(
        change
        for change in changes
        if concerns(items[change.item_id].firms, items[change.item_id].issues, firm)
    )


def give_vouchers(context: Context, changes: Iterable[Change]) -> dict[int, Line]:
    """A new voucher for each promise that says something else now, by the promise's id."""
    found = [
        promises.get(context.db, change.promise_id)
        for change in changes
        if change.promise_id is not None and change.after is not None
    ]
    return {promise.id: build_voucher_line(context, promise) for promise in found}


def ask_again(context: Context, changes: Iterable[Change]) -> tuple[Option, ...]:
    """Whether it was said so, of the promises that are there now."""
    found = [
        promises.get(context.db, change.promise_id)
        for change in changes
        if change.promise_id is not None and change.after is not None
    ]
    return answer_options(context, [promise for promise in found if promise.firms]) if found else ()


def tell_group(context: Context, session: Session, correction: Correction) -> list[Say]:
    """The group has sums only: it hears of a correction that changes one."""
    group = context.park.sessions.group
    more = sum(change.before is None for change in correction.changes if change.promise_id)
    less = sum(change.after is None for change in correction.changes if change.promise_id)
    concluded = any(change.replaces_outcome for change in correction.changes)
    if group is None or not (more or less or concluded):
        return []
    thread = threads.open_thread(context.db, group, None)
    now = len(promises.of_session(context.db, session.id))
    before = now - more + less
    card = {
        **build_card(context, session, correction, ()),
        "before": Line("minutes.count_before", {"count": before}) if before != now else None,
        "promises": now,
        "tally": papers.build_tally(context, session),
    }
    return [Say(ToThread(thread.id), "minutes.corrected_group", card)]
