"""What the clock says of reforms: what recurs is proposed once; 90 days after one is done, the
enterprises are asked and its effect is measured."""

from collections.abc import Sequence

from bot.actions.leaders.reforms import (
    answer_options,
    card,
    effect,
    for_firm,
    key_of,
    next_options,
    reform_facts,
    warn_category_gone,
    words_of,
)
from bot.core.leaders.recurring import WINDOW, Recurrence, find_recurrences, median_days, same
from bot.core.leaders.reforms import Asked, Reform, ReformAct, Standing, mark_asked, record_effect
from bot.core.messages import Line, Recipient, Say, ToDuty, ToPerson, ToThread
from bot.core.people import Role
from schedules.tick import Tick
from storage.leaders import reforms
from storage.leaders.reforms import complaints, issues_behind
from storage.people import people
from storage.sessions import agenda


def propose_reforms(tick: Tick) -> Sequence[Say]:
    """Sunday night, so that the week that ends has it: each recurring matter that is on no list yet
    goes to the office, which reads it in the morning."""
    known = reforms.everything(tick.db)
    behind = issues_behind(known)
    filed = complaints(tick.db, tick.now - WINDOW, tick.now)
    fresh = [complaint for complaint in filed if complaint.issue_id not in behind]
    taken = {key_of(reform) for reform in reforms.live(tick.db)}
    found = find_recurrences(fresh, words_of(tick), taken)
    return [_propose_reform(tick, recurrence) for recurrence in found]


def follow_reforms(tick: Tick) -> Sequence[Say]:
    """Every morning: what was done 90 days ago is asked about; what was asked is measured."""
    says: list[Say] = []
    for reform in reforms.due(tick.db, tick.now):
        says += _asks(tick, reform) if reform.asked_at is None else _measures(tick, reform)
    return says


def _propose_reform(tick: Tick, found: Recurrence) -> Say:
    title = Line("reform.title", {"category": found.category, "mark": found.mark})
    draft = Reform(
        id=0,
        number=0,
        title=tick.texts.format_value(title),
        category=found.category,
        mark=found.mark,
        standing=Standing.PROPOSED,
        since=tick.now - WINDOW,
        proposed_at=tick.now,
        issues=found.issues,
        firms=found.firms,
        before_count=len(found.complaints),
        before_days=median_days(found.complaints),
    )
    made = reforms.add(tick.db, draft)
    _note(tick, made, ReformAct.PROPOSE)
    return Say(ToDuty(), "reform.proposed", card(tick, made), next_options(tick, made))


def _asks(tick: Tick, one: Reform) -> list[Say]:
    """Each enterprise is asked where it had raised the matter, about its own newest issue."""
    behind = agenda.issues_by_id(tick.db, one.issues)
    newest = {issue.enterprise_id: issue for _id, issue in sorted(behind.items())}
    mine = [(firm, newest[firm]) for firm in one.firms if firm in newest]
    rows = [Asked(0, one.id, firm, issue.thread_id, tick.now) for firm, issue in mine]
    reforms.ask(tick.db, rows)
    reforms.save(tick.db, mark_asked(one, tick.now))
    _note(tick, one, ReformAct.ASK)
    says = []
    for firm, issue in mine:
        lines = tuple(
            Line("reform.measure", {"place": n, "text": for_firm(tick, one, firm, text)})
            for n, text in enumerate(one.measures, 1)
        )
        told = {
            "number": issue.number,
            "title": issue.title,
            "filed_at": issue.filed_at,
            "lines": lines,
            "result": for_firm(tick, one, firm, one.result),
        }
        to = ToThread(issue.thread_id)
        says.append(Say(to, "reform.ask", told, answer_options(tick, one), issue.id))
    return says


def _measures(tick: Tick, one: Reform) -> list[Say]:
    """The effect, for the office, for the leaders and for whoever was named for it."""
    assert one.done_at is not None, "only what is done is followed"
    later = complaints(tick.db, one.done_at, one.done_at + WINDOW)
    again = same(later, key_of(one), words_of(tick))
    firms = {found.enterprise_id for found in again}
    after = record_effect(one, tick.now, len(again), len(firms), median_days(again))
    reforms.save(tick.db, after)
    _note(tick, after, ReformAct.EFFECT)
    leaders = {leader.id for leader in people.of_role(tick.db, Role.LEADER)}
    readers = sorted(leaders | ({after.owner_id} if after.owner_id else set()))
    told = {**reform_facts(tick, after), "measures": len(after.measures), "text": after.result}
    told["effect"] = effect(tick, after)
    told["gone"] = warn_category_gone(tick, after)
    to: list[Recipient] = [ToDuty(), *(ToPerson(reader) for reader in readers)]
    return [Say(reader, "reform.settled", told) for reader in to]


def _note(tick: Tick, one: Reform, act: ReformAct) -> None:
    reforms.record(tick.db, one.id, act, tick.origin)
