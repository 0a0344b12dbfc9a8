"""`我的企业`: a liaison looks up the enterprises they answer for, and what is open there."""

from bot.core.messages import Line, Refused
from bot.core.people import Enterprise
from handlers.dispatch.command import Command
from handlers.dispatch.lists import PAGE, build_page
from handlers.dispatch.turn import Reply, Turn
from storage.people import enterprises, people


def mine(turn: Turn, command: Command) -> Reply:
    """One line each: the firm's name and how much is open, the busiest first; a page at a time. One
    that is gone is there as long as something is open."""
    firms = people.enterprises_of(turn.db, turn.person_id or 0)
    counts = enterprises.open_issues(turn.db, [enterprise.id for enterprise in firms])
    firms = [firm for firm in firms if not firm.has_left or counts.get(firm.id)]
    if not firms:
        raise Refused("firms.none")
    busiest = sorted(firms, key=lambda one: (-counts.get(one.id, 0), one.id))
    page = busiest[command.start : command.start + PAGE]
    lines = [_line(enterprise, counts.get(enterprise.id, 0)) for enterprise in page]
    places = {place: firm.id for place, firm in enumerate(page, command.start + 1)}
    told = build_page(turn, command, lines, len(firms), places)
    return Reply((turn.me("firms.list", told),))


def _line(firm: Enterprise, count: int) -> Line:
    key = "firms.line" if count else "firms.line_quiet"
    return Line(key, {"name": firm.name, "count": count})
