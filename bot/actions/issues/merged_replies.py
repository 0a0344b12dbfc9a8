"""What is said about one issue reaches everyone whose issue was merged into it, each under their
own number and without a word of who the others are."""

from collections.abc import Callable, Iterator

from bot.actions.context import Context
from bot.actions.issues.cards import facts, reporter_options, to_reporter
from bot.actions.issues.record import record
from bot.core.issues.issue import OPEN, Issue
from bot.core.issues.lifecycle import Move, Who
from bot.core.issues.moves import Act
from bot.core.messages import Option, Say, ToThread
from bot.core.names.masking import mask_names, names_of_firm
from storage.issues import duplicates, follows, issues
from storage.people import people

_BOT = frozenset({Who.BOT})


def fit(context: Context, issue: Issue, words: str) -> str:
    """Words for an issue's enterprise, without the names of those it is dealt with together."""
    names = {name for other in _others(context, issue) for name in _names(context, other)}
    if not names:
        return words
    return mask_names(words, names - _names(context, issue), context.texts.render("merge.hidden"))


def share_answer(context: Context, issue: Issue, words: str) -> list[Say]:
    """The answer, for everyone else whom it concerns."""
    return [
        Say(to_reporter(member), "news.answered", card, issue_id=member.id)
        for member, card in _all_do(context, issue, Move.ANSWER, words)
    ]


def share_result(
    context: Context,
    issue: Issue,
    words: str,
    key: str = "result.resolved",
    ask: Callable[[Context, Issue], tuple[Option, ...]] = reporter_options,
) -> list[Say]:
    """The result, for everyone else whom it concerns: each confirms and rates their own. `key` and
    `ask` where it was said in other words, and asked in others whether they agree."""
    done = list(_all_do(context, issue, Move.RESOLVE, words))
    says = [
        Say(to_reporter(member), key, card, ask(context, member), member.id)
        for member, card in done
    ]
    return [*says, *_followers(context, [issue, *(member for member, _card in done)])]


def share_deadline(context: Context, issue: Issue) -> list[Say]:
    """The new day of the issue, for everyone who waits for it."""
    return [
        Say(
            to_reporter(member),
            "news.dated",
            {"number": member.number, "due": issue.solve_due},
            issue_id=member.id,
        )
        for member in duplicates.list_open_merged(context.db, issue.id)
    ]


def _all_do(
    context: Context, issue: Issue, move: Move, words: str
) -> Iterator[tuple[Issue, dict[str, object]]]:
    """The bot does the same to each merged issue; whoever did it is named, the others are not."""
    card = facts(context, issue)
    by = {name: card[name] for name in ("owner", "owner_phone")}
    for member in duplicates.list_open_merged(context.db, issue.id):
        said = fit(context, member, words)
        after = record(context, member, Act(move, _BOT, context.now, text=said))
        yield after, {**facts(context, after), **by, "text": said}


def _followers(context: Context, settled: list[Issue]) -> Iterator[Say]:
    """Who follows what was settled hears that it was, and not a word of it."""
    told = {issue.thread_id for issue in settled}
    following = follows.of(context.db, [issue.id for issue in settled])
    own = {
        issue.id: issue
        for issue in duplicates.titles(context.db, [follow.own_id for follow in following])
    }
    for follow in following:
        mine = own[follow.own_id]
        if follow.thread_id not in told and mine.status in OPEN:
            number = {"number": mine.number}
            yield Say(ToThread(follow.thread_id), "follow.resolved", number, issue_id=mine.id)


def _others(context: Context, issue: Issue) -> list[Issue]:
    """Every other issue that this one is, or was until it was settled, dealt with as one."""
    if issue.merged_into is None:
        return duplicates.ever_merged_into(context.db, issue.id)
    root = issues.get(context.db, issue.merged_into)
    siblings = duplicates.ever_merged_into(context.db, root.id)
    return [root, *(sibling for sibling in siblings if sibling.id != issue.id)]


def _names(context: Context, issue: Issue) -> frozenset[str]:
    """What tells whose an issue is."""
    firm = people.enterprise(context.db, issue.enterprise_id or issue.claimed_id)
    reporter = people.by_id(context.db, issue.reporter_id)
    called = names_of_firm(firm.name, firm.aliases) if firm else frozenset()
    person = {reporter.name, reporter.phone} if reporter else set()
    return called | person | {issue.number}
