"""Questions of leaders and the office: how a firm stands, how many there are, which one it was."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement

from bot.actions.calls import count_minutes
from bot.core.issues.due import open_parts
from bot.core.issues.issue import Issue
from bot.core.messages import Action, Line, Option, Refused
from bot.core.names.outcome import Verdict
from bot.core.people import Enterprise
from bot.core.reading import fold
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import SEES_ALL, Unclear, scope
from handlers.dispatch.lists import PAGE, build_page
from handlers.dispatch.turn import Reply, Turn
from storage import calls
from storage.issues import issues, numbers
from storage.people import people
from storage.reports import counts, open_issues
from storage.tables.issues import issues as table

OFFERED = 3
FEW = 5
PERIODS = ("year", "last_year", "month", "last_month", "week", "last_week", "day", "yesterday")


def about_firm(turn: Turn, command: Command) -> Reply:
    """`企业情况 恒宇`: what is open, what came and was resolved this year, whose it is."""
    firm = find_firm(turn, command)
    theirs = scope(turn) & (table.c.enterprise_id == firm.id)
    liaison = people.by_id(turn.db, firm.liaison_id) if firm.liaison_id else None
    told: dict[str, object] = {
        "name": firm.name,
        "liaison": Line("figures.liaison", {"name": liaison.name, "phone": liaison.phone})
        if liaison
        else None,
    }
    page = Command(command.verb, words=firm.name, start=command.start)
    return _show_open(turn, page, "figures.firm", theirs, told)


def figures(turn: Turn, command: Command) -> Reply:
    """`统计`, `统计 今年`, `统计 用电`: filed, resolved, open and overdue."""
    word = fold(command.words)
    category = turn.learning.taxonomy.by_name(word)
    if category is not None:
        within = scope(turn) & (table.c.category == category.name)
        told: dict[str, object] = {"name": category.name}
        return _show_open(turn, command, "figures.category", within, told)
    named = {turn.texts.words[f"figures.{name}"]: name for name in PERIODS}
    period = _find_period(turn, word) if word else "year"
    if period is None:
        raise Refused("figures.how", text=command.words, words=" ".join(named))
    name = turn.texts.words[f"figures.{period}"].split()[0]
    span = _span(turn, period)
    counted = _count(turn, scope(turn), *span)
    heard = _count_calls(turn, *span) if turn.role in SEES_ALL else None
    told = {"name": name, **counted, "calls": heard, "sealed": _count_sealed(turn, *span)}
    return Reply((turn.me("figures.period", told),))


def overdue(turn: Turn, command: Command) -> Reply:
    """`超时`: what is overdue of all that the person may see, what is owed first, and which part
    of it."""
    late = scope(turn) & open_issues.is_late(turn.now)
    found = issues.open_among(turn.db, late, PAGE, command.start)
    if not found:
        return Reply((turn.me("figures.none_late"),))
    places = {place: issue.id for place, issue in enumerate(found, command.start + 1)}
    count = numbers.count_open(turn.db, late)
    page = build_page(turn, command, [_late_line(turn, issue) for issue in found], count, places)
    now, _by_category = open_issues.count_open(turn.db, scope(turn), turn.now)
    return Reply((turn.me("figures.late", {**page, "overdue": now.overdue}),))


def search(turn: Turn, command: Command) -> Reply:
    """`搜 食堂`: every issue that says so, open ones first; the person's own scope."""
    if not command.words:
        raise Refused("figures.search_how", word=turn.texts.command("search"))
    count, found = counts.find_issues(
        turn.db, scope(turn), command.words.strip(), PAGE, command.start
    )
    if not found:
        raise Refused("figures.not_found", text=command.words)
    places = {place: issue.id for place, issue in enumerate(found, command.start + 1)}
    told = build_page(turn, command, [_line(turn, issue) for issue in found], count, places)
    return Reply((turn.me("figures.found", {**told, "text": command.words}),))


def find_firm(turn: Turn, command: Command) -> Enterprise:
    """The firm that the words name. Raises Refused when none is called so, Unclear when several
    may be meant."""
    if not command.words:
        raise Refused("figures.which_firm", word=turn.texts.command(command.verb))
    match = turn.naming.index(turn.db).find(command.words)
    if match.verdict is Verdict.NONE or match.best is None:
        raise Refused("figures.no_firm", name=command.words)
    if match.verdict is not Verdict.SURE:
        options = [
            Option(
                "options.named",
                Action(command.verb, words=candidate.name),
                {"name": candidate.name},
            )
            for candidate in match.candidates[:OFFERED]
        ]
        raise Unclear(Reply((turn.me("figures.firm_unsure", {"name": command.words}, options),)))
    firm = people.enterprise(turn.db, match.best.id)
    assert firm is not None, "the index was built from what is there"
    return firm


def _show_open(
    turn: Turn, command: Command, key: str, within: ColumnElement[bool], told: dict[str, object]
) -> Reply:
    """This year's figures of a part, and what of it is open, a page at a time."""
    found = issues.open_among(turn.db, within, PAGE, command.start)
    places = {place: issue.id for place, issue in enumerate(found, command.start + 1)}
    count = numbers.count_open(turn.db, within)
    page = build_page(turn, command, [_line(turn, issue) for issue in found], count, places)
    told |= _count(turn, within, *_span(turn, "year"))
    return Reply((turn.me(key, {**page, **told}),))


def _count(
    turn: Turn, within: ColumnElement[bool], since: datetime, until: datetime
) -> dict[str, object]:
    counted = counts.count_between(turn.db, within, since, until)
    now, _by_category = open_issues.count_open(turn.db, within, turn.now)
    return {
        "filed": counted.filed,
        "resolved": counted.resolved,
        "open": now.all,
        "overdue": now.overdue,
    }


def _count_sealed(turn: Turn, since: datetime, until: datetime) -> Line | None:
    """Sealed matters stand in no figure; from FEW on leaders and the office hear how many, fewer
    would tell of each."""
    count = counts.count_sealed(turn.db, since, until) if turn.role in SEES_ALL else 0
    return Line("figures.sealed", {"count": count}) if count >= FEW else None


def _line(turn: Turn, issue: Issue) -> Line:
    firm = people.enterprise(turn.db, issue.enterprise_id)
    told = {
        "number": issue.number,
        "status": issue.status,
        "enterprise": firm.name if firm and issue.sealed is None else None,
        "title": issue.title,
    }
    return Line("figures.line", told)


def _count_calls(turn: Turn, since: datetime, until: datetime) -> Line | None:
    """How many calls were asked for and taken, and how long somebody waited at most; what nobody
    has taken waits still. None where there were none."""
    asked = calls.list_asked(turn.db, since, until)
    waits = [count_minutes(call.asked_at, call.taken_at or turn.now) for call in asked]
    taken = sum(call.taken_at is not None for call in asked)
    told = {"asked": len(asked), "taken": taken, "minutes": max(waits, default=0)}
    return Line("figures.calls", told) if asked else None


def _late_line(turn: Turn, issue: Issue) -> Line:
    missed = [(due, part) for part, due in open_parts(issue) if due <= turn.now]
    due, part = min(missed)
    owner = people.by_id(turn.db, issue.owner_id)
    told = {**_line(turn, issue).values, "due": due, "part": part}
    return Line("figures.late_line", {**told, "owner": owner.name if owner else None})


def _find_period(turn: Turn, word: str) -> str | None:
    return next(
        (name for name in PERIODS if word in turn.texts.list_words(f"figures.{name}")), None
    )


def _span(turn: Turn, period: str) -> tuple[datetime, datetime]:
    """[since, until) of a period on the park's clock."""
    today = turn.park.local(turn.now).date()
    month, monday = today.replace(day=1), today - timedelta(days=today.weekday())
    before = (month - timedelta(days=1)).replace(day=1)
    after = (month + timedelta(days=31)).replace(day=1)
    year = today.replace(month=1, day=1)
    week, day = timedelta(days=7), timedelta(days=1)
    days: dict[str, tuple[date, date]] = {
        "year": (year, year.replace(year=year.year + 1)),
        "last_year": (year.replace(year=year.year - 1), year),
        "month": (month, after),
        "last_month": (before, month),
        "week": (monday, monday + week),
        "last_week": (monday - week, monday),
        "day": (today, today + day),
        "yesterday": (today - day, today),
    }
    first, last = (datetime.combine(at, time(), turn.park.hours.zone) for at in days[period])
    return first, last
