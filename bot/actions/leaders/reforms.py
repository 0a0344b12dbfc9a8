"""What is printed of reforms: their cards, the list, their effect, a week's lines, a workbook."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.actions.context import Context
from bot.core.leaders.recurring import Key, Words, pick_telling_words
from bot.core.leaders.reforms import Effect, Reform, ReformAct, Standing, tally
from bot.core.messages import Action, Line, Option
from bot.core.names.masking import mask_names, names_of_firm
from storage.issues import categories
from storage.leaders import reforms
from storage.people import people
from storage.sessions import agenda

SHOWN = 5
"""Lines of a list inside a card."""
Cell = str | int | float | datetime | None


def words_of(context: Context) -> Words:
    """For each category that is there now, the words that tell its matters apart: the taxonomy's
    and the office's own."""
    own = {category.name: category.words for category in categories.all_categories(context.db)}
    return {
        category.name: pick_telling_words(category, own.get(category.name, ()))
        for category in context.learning.taxonomy.categories
    }


def key_of(reform: Reform) -> Key:
    """What makes another recurrence the same matter."""
    return (reform.category, reform.mark)


def reform_facts(context: Context, reform: Reform) -> dict[str, object]:
    """What any card of the staff may print of a reform."""
    owner = people.by_id(context.db, reform.owner_id)
    return {
        "number": reform.number,
        "title": reform.title,
        "standing": reform.standing,
        "count": reform.before_count,
        "firms": len(reform.firms),
        "days": _days(reform.before_days),
        "owner": owner.name if owner else None,
        "done_at": reform.done_at,
        "ask_at": reform.next_due_at if reform.asked_at is None else None,
    }


def card(context: Context, reform: Reform) -> dict[str, object]:
    """The whole of a reform for the staff: the issues behind it, its measures, its effect."""
    told = reform_facts(context, reform)
    told["gone"] = warn_category_gone(context, reform)
    told["lines"] = _issues(context, reform)
    told["who"] = Line("reform.owner", {"owner": told["owner"]}) if told["owner"] else None
    told["measures"] = tuple(
        Line("reform.measure", {"place": n, "text": text})
        for n, text in enumerate(reform.measures, 1)
    )
    told["result"] = Line("reform.result", _build_result_values(reform)) if reform.result else None
    told["effect"] = effect(context, reform) if reform.standing is Standing.MEASURED else None
    return told


def warn_category_gone(context: Context, reform: Reform) -> Line | None:
    """A word of warning where its category was taken out of the park's file since."""
    if context.learning.taxonomy.by_name(reform.category) is not None:
        return None
    return Line("reform.gone", {"category": reform.category})


def options(context: Context, reform: Reform, *acts: ReformAct) -> tuple[Option, ...]:
    """Lines of a menu that mean an act on a reform."""
    number = reform.number
    return tuple(
        Option(
            f"options.reform_{act}",
            Action("reform", target_id=number, act=act.value, number=str(number)),
        )
        for act in acts
    )


def next_options(context: Context, reform: Reform) -> tuple[Option, ...]:
    """What may be said of a reform next, where a digit is enough."""
    acts = {
        Standing.PROPOSED: (ReformAct.APPROVE, ReformAct.DROP),
        Standing.DROPPED: (ReformAct.APPROVE,),
        Standing.DONE: (ReformAct.UNDONE,) if reform.asked_at is None else (),
    }
    return options(context, reform, *acts.get(reform.standing, ()))


def effect(context: Context, reform: Reform) -> Line:
    """成效: what the enterprises said, how often it was complained of before and after, how long
    it took. Each count stands with what it is out of."""
    said = tally(reforms.list_asked(context.db, reform.id))
    told = {
        "asked": said.total,
        "better": said.better,
        "same": said.same,
        "worse": said.worse,
        "silent": said.silent,
        "count": reform.before_count,
        "firms": len(reform.firms),
        "after_count": reform.after_count,
        "after_firms": reform.after_firms,
        "days": _days(reform.before_days),
        "after_days": _days(reform.after_days),
    }
    return Line("reform.effect", told)


def list_reforms(context: Context, found: Iterable[Reform]) -> tuple[Line, ...]:
    """One line for each reform; a measured one says in short what came of it."""
    return tuple(_line(context, reform) for reform in found)


def week_lines(context: Context, since: datetime, until: datetime) -> tuple[Line, ...]:
    """For the digest: how many were proposed, approved, done and measured in [since, until), and
    each one that was measured with its effect. Empty where nothing happened."""
    found = reforms.acts(context.db, since, until)
    counts = Counter(act for act, _id in found)
    told = {act.value: counts[act] for act in _COUNTED}
    if not any(told.values()):
        return ()
    ids = {id_ for act, id_ in found if act is ReformAct.EFFECT}
    settled = [reform for reform in reforms.everything(context.db) if reform.id in ids]
    return (Line("reform.week", told), *list_reforms(context, settled))


def for_firm(context: Context, reform: Reform, firm: int, words: str) -> str:
    """Words of the staff for one of the enterprises behind a reform, without the others' names."""
    others = (
        people.enterprise(context.db, enterprise_id)
        for enterprise_id in reform.firms
        if enterprise_id != firm
    )
    names = {name for other in others if other for name in names_of_firm(other.name, other.aliases)}
    mine = people.enterprise(context.db, firm)
    own = names_of_firm(mine.name, mine.aliases) if mine else frozenset()
    return mask_names(words, names - own, context.texts.render("merge.hidden"))


def rows(context: Context) -> list[Sequence[Cell]]:
    """A workbook's rows, in the order of its headings."""
    found: list[Sequence[Cell]] = []
    for reform in reforms.everything(context.db):
        said = tally(reforms.list_asked(context.db, reform.id))
        owner = people.by_id(context.db, reform.owner_id)
        behind = agenda.issues_by_id(context.db, reform.issues).values()
        firms = (people.enterprise(context.db, firm) for firm in reform.firms)
        between = context.texts.words["agenda.between"]
        found.append(
            (
                reform.number,
                reform.title,
                context.texts.format_value(reform.standing),
                _wall(context, reform.proposed_at),
                reform.before_count,
                len(reform.firms),
                reform.before_days,
                between.join(firm.name for firm in firms if firm),
                " ".join(issue.number for issue in behind),
                owner.name if owner else None,
                "\n".join(reform.measures),
                _wall(context, reform.approved_at),
                _wall(context, reform.done_at),
                reform.result,
                *(said.better, said.same, said.worse, said.silent),
                *(
                    _after(reform, reform.after_count),
                    _after(reform, reform.after_firms),
                    reform.after_days,
                ),
                _wall(context, reform.measured_at),
            )
        )
    return found


_COUNTED = (ReformAct.PROPOSE, ReformAct.APPROVE, ReformAct.DONE, ReformAct.EFFECT)


def answer_options(context: Context, reform: Reform) -> tuple[Option, ...]:
    """How it is now, one digit each."""
    number = reform.number
    return tuple(
        Option(
            f"options.effect_{answer}", Action("revisit", None, number, str(n), number=str(number))
        )
        for n, answer in enumerate(Effect, 1)
    )


def _line(context: Context, reform: Reform) -> Line:
    told = {**reform_facts(context, reform), "measures": len(reform.measures)}
    owner = told["owner"]
    told["by"] = Line("reform.by", {"owner": owner}) if owner else None
    if reform.standing is not Standing.MEASURED:
        return Line("reform.line", told)
    said = tally(reforms.list_asked(context.db, reform.id))
    counts = {"better": said.better, "asked": said.total, "after_count": reform.after_count}
    return Line("reform.line_effect", {**told, **counts})


def _issues(context: Context, reform: Reform) -> tuple[Line, ...]:
    """The newest issues behind it, and how many more there are."""
    behind = agenda.issues_by_id(context.db, reform.issues)
    newest = sorted(behind, reverse=True)[:SHOWN]
    lines = [_issue(context, reform, issue_id) for issue_id in newest]
    more = len(behind) - len(newest)
    return (*lines, Line("reform.more", {"rest": more})) if more else tuple(lines)


def _issue(context: Context, _reform: Reform, issue_id: int) -> Line:
    issue = agenda.issues_by_id(context.db, [issue_id])[issue_id]
    firm = people.enterprise(context.db, issue.enterprise_id)
    name = firm.name if firm else None
    return Line("reform.issue", {"number": issue.number, "enterprise": name, "title": issue.title})


def _build_result_values(reform: Reform) -> dict[str, object]:
    return {"text": reform.result}


def _days(days: float | None) -> object:
    return Line("reform.days", {"days": days}) if days is not None else Line("reform.no_days")


def _after(reform: Reform, count: int) -> int | None:
    return count if reform.standing is Standing.MEASURED else None


def _wall(context: Context, at: datetime | None) -> datetime | None:
    """The park's wall time; a workbook knows no zones."""
    return context.park.local(at).replace(tzinfo=None) if at else None
