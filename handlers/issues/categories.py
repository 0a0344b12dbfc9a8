"""What a message is about: understood at filing, corrected by the staff, explained on request."""

from collections.abc import Sequence

from bot.actions.issues.cards import facts, undo_option
from bot.actions.issues.classify import list_others, name_category
from bot.core.issues.issue import Issue, build_action
from bot.core.issues.lifecycle import Move
from bot.core.messages import Line, Option, Refused, Say
from bot.core.reading import fold
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import MOST, the_issue
from handlers.dispatch.turn import Reply, Turn
from handlers.issues.moves import do
from storage.issues import issues, lessons

SHOWN_WORDS = 6


def corrections(issue: Issue, others: Sequence[str]) -> list[Option]:
    """One line for each next guess under an unsure one: a tap corrects and teaches."""
    return [
        Option(
            "options.recategorise", build_action("recategorise", issue, name), {"category": name}
        )
        for name in others
    ]


def recategorise(turn: Turn, command: Command) -> Reply:
    """`转类别 003 用水`: the number stays, and the next message like it is understood that way."""
    issue = the_issue(turn, command)
    category = turn.router.taxonomy.by_name(fold(command.words)) if command.words else None
    if category is None:
        return _which(turn, issue, command.words)
    if category.name == issue.category and issue.sure:
        raise Refused("refused.same_category", number=issue.number, category=category.name)
    after = do(turn, issue, Move.RECATEGORISE, text=category.name)
    lessons.teach(turn.db, issue.id, _words(turn, issue), category.id, turn.incoming.key, turn.now)
    card = {**facts(turn, after), "before": issue.category or Line("category.none")}
    me = turn.me("recategorise.done", card, [undo_option()], issue_id=issue.id)
    return Reply((me,), issue.id)


def why(turn: Turn, command: Command) -> Reply:
    """`为什么 003`: the words that decided, the chances of the next, and what people corrected."""
    issue = the_issue(turn, command)
    route = turn.router.route(_words(turn, issue))
    words = tuple(
        Line(f"why_category.{word.rule}", {"word": word.text}) for word in route.words[:SHOWN_WORDS]
    )
    ranked = tuple(
        Line(
            "why_category.guess",
            {"category": name_category(turn, guess.category), "chance": guess.probability},
        )
        for guess in route.ranked[:3]
    )
    told = {
        "number": issue.number,
        "category": issue.category or Line("category.none"),
        "words": words or (Line("why_category.no_words"),),
        "ranked": ranked,
        "corrected": _find_correction(turn, issue),
    }
    options = corrections(issue, list_others(turn, route))
    return Reply((turn.me("why_category.card", told, options, issue_id=issue.id),), issue.id)


def _find_correction(turn: Turn, issue: Issue) -> Line | None:
    moved = [
        event for event in issues.history(turn.db, issue.id) if event.move is Move.RECATEGORISE
    ]
    if not moved:
        return None
    return Line("why_category.corrected", {"at": moved[-1].at, "category": moved[-1].text})


def _which(turn: Turn, issue: Issue, tried: str) -> Reply:
    """The likeliest categories as digits; any other by its name."""
    route = turn.router.route(_words(turn, issue), why=False)
    names = [name_category(turn, guess.category) for guess in route.ranked]
    options = corrections(issue, [name for name in names if name != issue.category][:MOST])
    everything = " ".join(category.name for category in turn.router.taxonomy.categories)
    told = {"number": issue.number, "tried": tried or None, "all": everything}
    expect = build_action("recategorise", issue)
    said: Say = turn.me("recategorise.which", told, options, issue_id=issue.id, expect=expect)
    return Reply((said,), issue.id)


def _words(turn: Turn, issue: Issue) -> str:
    """What the enterprise wrote at filing."""
    return issues.history(turn.db, issue.id)[0].text
