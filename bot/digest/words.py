"""What a digest's text prints: the values of its words, made from the facts."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TypeVar

from bot.core.days.weeks import Week
from bot.core.messages import Line
from bot.core.reports.digest import SHOWN, Facts
from bot.core.reports.figures import Broken, CategoryCount, Figures, Late, Recurring, Share
from bot.core.sessions.promises import number_of
from bot.texts import Texts

T = TypeVar("T")
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def build_values(facts: Facts, texts: Texts, root: Line | None = None) -> dict[str, object]:
    """The values of `digest.text`; `texts` serves to put several words into one line, `root` is
    the chain's as it was published that Monday."""
    own, settled = facts.own, facts.own.settled
    return {
        "week": week(own.week),
        "since": own.week.monday,
        "until": own.week.sunday,
        "scope": scope(facts),
        "park": _park(facts.park) if facts.park else None,
        "standing": Line("digest.standing", build_standing(own)) if any_standing(own) else None,
        "line_filed": " ".join(str(point.filed) for point in own.line),
        "line_resolved": " ".join(str(point.resolved) for point in own.line),
        "categories": _categories(own.categories, texts),
        "worst": _worst(own),
        "recurring": _list_recurring(own, texts),
        "promises": _promises(own) if own.promises.of else None,
        "decisions": _list("digest.decisions", facts.decisions),
        "reforms": _list("digest.reforms", facts.reforms),
        "tonight": tonight(facts),
        "counted_at": own.counted_at,
        "root": root,
        "how": Line("digest.how"),
        "confirmed": settled.confirmed,
        "unhappy": settled.unhappy if own.settled.shows_ratings else Line("digest.few"),
        "silent": settled.silent if own.settled.shows_ratings else Line("digest.few"),
        "unrated": settled.without_rating,
        **_shares(own),
        **_counts(own),
    }


def week(one: Week) -> Line:
    """`2026 年第 47 周`."""
    return Line("digest.week", {"year": one.year, "number": one.number})


def scope(facts: Facts) -> Line:
    """Whose figures come first."""
    if facts.leader is None:
        return Line("digest.scope_park")
    return Line("digest.scope_leader", {"name": facts.leader, "firms": facts.firms})


def share(one: Share) -> Line:
    """`7/10（70%）`: a rate is never printed without what it is a rate of."""
    if one.percent is None:
        return Line("digest.no_share")
    return Line("digest.share", {"n": one.n, "of": one.of, "percent": one.percent})


def how_late(late: timedelta) -> Line:
    """`3 天 4 小时`, cut to whole hours; below one hour in minutes."""
    days, rest = late // _DAY, late % _DAY
    if days:
        return Line("digest.days", {"days": days, "hours": rest // _HOUR})
    if rest >= _HOUR:
        return Line("digest.hours", {"hours": rest // _HOUR})
    return Line("digest.minutes", {"minutes": rest // timedelta(minutes=1)})


def category(name: str) -> object:
    """A category as it is shown; some issues have none."""
    return name or Line("digest.no_category")


def person(late: Late) -> object:
    """Who holds it."""
    return late.person or Line("digest.nobody")


def enterprise(late: Late) -> object:
    """Whose it is."""
    return late.enterprise or Line("digest.unknown_firm")


def more(key: str, whole: int, shown: int) -> Line | None:
    """`另有 N 件，见台账`, None when all are shown."""
    return Line(key, {"rest": whole - shown}) if whole > shown else None


def build_standing(own: Figures) -> dict[str, object]:
    """The parts of what is open."""
    seen = own.open
    parts = {"waiting": seen.waiting, "merged": seen.merged, "planned": seen.planned}
    return {"open": seen.all, "overdue": seen.overdue, **parts}


def any_standing(own: Figures) -> bool:
    """Whether anything open waits for somebody else."""
    return bool(own.open.waiting or own.open.merged or own.open.planned)


def format_broken(one: Broken) -> Line:
    """A promise that was not kept by its day."""
    told = {"number": number_of(one.session, one.serial), "who": one.who, "what": one.what}
    return Line("digest.broken_later" if one.later else "digest.broken", {**told, "due": one.due})


def format_recurring(one: Recurring) -> Line:
    """A matter that several enterprises raised."""
    told = {"category": one.category, "firms": one.firms, "issues": one.issues}
    return Line("digest.recurring_line", told)


def tonight(facts: Facts) -> Line | None:
    """The next session in a line."""
    one = facts.tonight
    if one is None:
        return None
    told = {"number": one.number, "at": one.starts_at, "place": one.place, "count": one.count}
    return Line("digest.tonight", told)


def first(found: Sequence[T]) -> Sequence[T]:
    """As many as a list shows."""
    return found[:SHOWN]


def _counts(own: Figures) -> dict[str, object]:
    return {
        "filed": own.filed,
        "resolved": own.resolution_count,
        "withdrawn": own.withdrawn,
        "open": own.open.all,
        "overdue": own.open.overdue,
    }


def _shares(own: Figures) -> dict[str, object]:
    shares = {
        "accept": own.kept.accept,
        "answer": own.kept.answer,
        "solve": own.kept.solve,
        "response": own.response,
        "solution": own.solution,
        "satisfaction": own.satisfaction,
    }
    printed: dict[str, object] = {name: share(rate) for name, rate in shares.items()}
    return printed if own.settled.shows_ratings else {**printed, "satisfaction": Line("digest.few")}


def _park(figures: Figures) -> Line:
    return Line("digest.park", _counts(figures))


def _categories(found: Sequence[CategoryCount], texts: Texts) -> object:
    if not found:
        return Line("digest.none")
    lines = [
        Line(
            "digest.category",
            {
                "name": category(count.category),
                "filed": count.filed,
                "resolved": count.resolved,
                "open": count.open,
            },
        )
        for count in first(found)
    ]
    rest = more("digest.more_categories", len(found), SHOWN)
    return _join_lines([*lines, rest] if rest else lines, texts)


def _worst(own: Figures) -> Line:
    if not own.worst:
        return Line("digest.no_worst")
    lines = tuple(
        Line(
            "digest.late",
            {
                "number": issue.number,
                "enterprise": enterprise(issue),
                "title": issue.title,
                "person": person(issue),
                "late": how_late(issue.late),
            },
        )
        for issue in first(own.worst)
    )
    return Line(
        "digest.worst",
        {"lines": lines, "more": more("digest.more", own.open.overdue, len(lines))},
    )


def _list_recurring(own: Figures, texts: Texts) -> Line | None:
    if not own.recurring:
        return None
    lines = [format_recurring(matter) for matter in first(own.recurring)]
    return Line("digest.recurring", {"lines": _join_lines(lines, texts)})


def _promises(own: Figures) -> Line:
    lines = tuple(format_broken(promise) for promise in first(own.broken))
    told = {"of": own.promises.of, "n": own.promises.n, "broken": len(own.broken)}
    rest = more("digest.more_promises", len(own.broken), len(lines))
    return Line("digest.promises", {**told, "lines": lines, "more": rest})


def _list(key: str, lines: Sequence[str]) -> Line | None:
    if not lines:
        return None
    return Line(key, {"lines": tuple(Line("digest.plain", {"words": line}) for line in lines)})


def _join_lines(lines: Sequence[Line], texts: Texts) -> str:
    return texts.words["digest.between"].join(texts.format_value(line) for line in lines)
