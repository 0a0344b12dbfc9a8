"""What the clock says of projects: at the beginning of a week, only what is red or yellow."""

from collections.abc import Sequence

from bot.actions.projects import exceptions, summary
from bot.core.messages import Line, Recipient, Say, ToDuty, ToPerson
from bot.core.projects.plan import Judgement, Light, Project, is_first_working_day_of_week
from schedules.tick import Tick
from storage import once, projects

SHOWN = 5
"""Lines of the message; the rest is one `项目` away."""


def monday_exceptions(tick: Tick) -> Sequence[Say]:
    """周一调度: the office hears of all exceptions, each leader of their own; a leader with none is
    not disturbed. In a week whose Monday is off, on the first working day."""
    day = tick.park.local(tick.due).date()
    if not is_first_working_day_of_week(day, tick.park.hours.calendar):
        return ()
    unfinished = projects.list_unfinished(tick.db)
    odd = exceptions(tick, unfinished)
    if not odd or not once.claim(tick.db, f"projects:{day}", tick.now):
        return ()
    says = [_say(tick, ToDuty(), odd, len(unfinished))]
    leaders = sorted({project.leader_id for project, _ in odd if project.leader_id is not None})
    for leader in leaders:
        own = [pair for pair in odd if pair[0].leader_id == leader]
        count = sum(project.leader_id == leader for project in unfinished)
        says.append(_say(tick, ToPerson(leader), own, count))
    return says


def _say(tick: Tick, to: Recipient, odd: Sequence[tuple[Project, Judgement]], count: int) -> Say:
    rest = len(odd) - SHOWN
    told = {
        "count": count,
        "red": sum(found.light is Light.RED for _, found in odd),
        "yellow": sum(found.light is Light.YELLOW for _, found in odd),
        "lines": tuple(summary(tick, project) for project, _ in odd[:SHOWN]),
        "more": Line("project.more", {"rest": rest}) if rest > 0 else None,
    }
    return Say(to, "project.monday", told)
