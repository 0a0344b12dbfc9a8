"""What the clock says on Monday morning: each leader's week, and what waits for their word."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.actions.chain.roots import build_root_line
from bot.actions.leaders.decisions import block, build_seen_option, cases, offer_decisions
from bot.core.days.weeks import week_before
from bot.core.leaders.decisions import Decision
from bot.core.messages import Say, ToPerson
from bot.core.people import Person, Role
from bot.core.reports.digest import Facts
from bot.digest.facts import dump_facts, of_leader, of_park
from bot.digest.words import build_values
from schedules.tick import Tick
from storage.leaders import digests
from storage.people import people


def weekly_digest(tick: Tick) -> Sequence[Say]:
    """To each leader the week before the one in which this was due: their own enterprises first,
    with a picture that is painted after the commit. A tick that comes late tells of its own week.
    """
    return list(_tell_leaders(tick))


def _tell_leaders(tick: Tick) -> Iterator[Say]:
    leaders = people.of_role(tick.db, Role.LEADER)
    if not leaders:
        return
    week = week_before(tick.due, tick.park.hours.zone)
    park = of_park(tick, week)
    known = cases(tick)
    told = {digest.leader_id for digest in digests.of_week(tick.db, week)}
    for leader in leaders:
        if leader.id in told:  # the timetable was changed to later on the same day
            continue
        listed = offer_decisions(tick, leader.id, known)
        yield _letter(tick, leader, of_leader(tick, week, leader, park) or park, listed)


def _letter(tick: Tick, leader: Person, facts: Facts, listed: Sequence[Decision]) -> Say:
    waiting = block(tick, listed)
    lines = tuple(tick.texts.format_value(line) for line in waiting.lines)
    whole = replace(facts, decisions=lines)
    kept = digests.keep(tick.db, whole.own.week, leader.id, dump_facts(whole), tick.now)
    options = (*waiting.options, build_seen_option(tick, listed))
    words = build_values(whole, tick.texts, build_root_line(tick))
    return Say(ToPerson(leader.id), "digest.text", words, options, media_id=kept.media_id)
