"""Somebody whom nobody has bound says which enterprise they speak for; the staff confirm it.

What a stranger says of themselves is a claim: it brings the issue to that firm's liaison and shows
on the card, but until somebody of the staff confirms it neither side sees the other's words.
"""

from bot.actions.issues.assign import pick_owner
from bot.actions.issues.cards import facts, shorten_text, to_owner, to_reporter, undo_option
from bot.actions.issues.record import record
from bot.core.issues.issue import WORKED_ON, Issue, build_action
from bot.core.issues.lifecycle import Move, Who
from bot.core.issues.moves import Act
from bot.core.messages import Line, Option, Refused, Say, ToPerson
from bot.core.names.outcome import NOBODY, NameMatch, Verdict
from bot.core.people import Enterprise, Role
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import the_issue
from handlers.dispatch.turn import Reply, Turn
from handlers.issues.moves import do
from storage.issues import issues
from storage.people import people

OFFERED = 2
"""Firms that the holder may confirm with a digit, where one is not sure."""


def match_enterprise(turn: Turn, text: str) -> NameMatch:
    """Which firm a stranger's words name; nobody is looked for where the sender is bound."""
    if turn.person is not None or not text.strip():
        return NOBODY
    return turn.naming.index(turn.db).find_in(text)


def pick_sure_enterprise(turn: Turn, match: NameMatch) -> Enterprise | None:
    """The firm that leaves no doubt, None where there is any."""
    sure = match.best if match.verdict is Verdict.SURE else None
    return people.enterprise(turn.db, sure.id) if sure else None


def guess(match: NameMatch) -> Line | None:
    """The holder's line about a firm that nobody is sure of."""
    if match.verdict not in (Verdict.GUESS, Verdict.SEVERAL):
        return None
    return Line(
        "claim.maybe", {"names": "、".join(candidate.name for candidate in match.candidates)}
    )


def confirmations(issue: Issue, match: NameMatch) -> list[Option]:
    """One line for each firm that the holder may take the stranger for."""
    most = 1 if match.verdict is Verdict.SURE else OFFERED
    return [_option(issue, candidate.name) for candidate in match.candidates[:most]]


def question(turn: Turn, issue: Issue, match: NameMatch) -> list[Say]:
    """Several firms are equally likely: the sender is asked, the issue is filed meanwhile."""
    if match.verdict is not Verdict.SEVERAL:
        return []
    options = [_option(issue, candidate.name) for candidate in match.candidates]
    return [turn.me("claim.which", {"number": issue.number}, options, issue_id=issue.id)]


def note_claim(turn: Turn, issue: Issue, words: str) -> tuple[Issue, NameMatch]:
    """The same in later words: a firm that is sure goes on the card, as a claim."""
    if issue.enterprise_id is not None or issue.claimed_id is not None:
        return issue, NOBODY
    match = match_enterprise(turn, words)
    firm = pick_sure_enterprise(turn, match)
    if firm is None:
        return issue, match
    return do(turn, issue, Move.CLAIM, text=firm.name, firm=firm.id, as_bot=True), match


def identify(turn: Turn, command: Command) -> Reply:
    """`企业 003 恒宇电子有限公司`: said by a stranger it is a claim, by the staff it is known."""
    issue = the_issue(turn, command)
    firm = _firm(turn, command.words)
    if firm is None:
        return _which(turn, issue, command.words)
    if turn.role is Role.CONTACT:
        return _claim_enterprise(turn, issue, firm)
    after = do(turn, issue, Move.IDENTIFY, text=firm.name, firm=firm.id)
    after, offer = _offer_issue(turn, after, firm)
    card = facts(turn, after)
    me = turn.me("claim.identified", card, [undo_option()], issue_id=issue.id)
    told = Say(to_reporter(after), "news.identified", card, issue_id=issue.id)
    return Reply((me, told, *offer), issue.id)


def _claim_enterprise(turn: Turn, issue: Issue, firm: Enterprise) -> Reply:
    after = do(turn, issue, Move.CLAIM, text=firm.name, firm=firm.id)
    after, offer = _offer_issue(turn, after, firm)
    card = facts(turn, after)
    options = [_option(after, firm.name)]
    holder = Say(to_owner(after), "notice.claimed", card, options=tuple(options), issue_id=issue.id)
    me = turn.me("claim.noted", card, [undo_option()], issue_id=issue.id)
    return Reply((me, holder, *offer), issue.id)


def _offer_issue(turn: Turn, issue: Issue, firm: Enterprise) -> tuple[Issue, list[Say]]:
    """The firm's liaison is asked to take what somebody else holds."""
    words = _words(turn, issue)
    to = pick_owner(turn, firm, issue.category if issue.sure else "", words).person_id
    if to in (None, issue.owner_id, issue.offered_to) or issue.status not in WORKED_ON:
        return issue, []
    why = turn.texts.render("claim.why", {"enterprise": firm.name})
    wish = Act(Move.PASS_ON, frozenset({Who.BOT}), turn.now, turn.person_id, why, to=to)
    after = record(turn, issue, wish)
    by = turn.person.name if turn.person else Line("people.stranger")
    card = {**facts(turn, after), "text": shorten_text(words), "by": by}
    options = (turn.option("take", "take", after), turn.option("decline", "decline", after))
    return after, [Say(ToPerson(to or 0), "notice.offered", card, options, issue.id)]


def _firm(turn: Turn, name: str) -> Enterprise | None:
    """The firm of this very name, or that the name leaves no doubt about."""
    if not name:
        return None
    found = people.enterprise_named(turn.db, name)
    return found or pick_sure_enterprise(turn, turn.naming.index(turn.db).find(name))


def _which(turn: Turn, issue: Issue, tried: str) -> Reply:
    """The likeliest firms as digits; any other by its name."""
    index = turn.naming.index(turn.db)
    match = index.find(tried) if tried else index.find_in(_words(turn, issue))
    if tried and not match.candidates:
        raise Refused("refused.no_firm", number=issue.number, name=tried)
    options = [_option(issue, candidate.name) for candidate in match.candidates]
    expect = build_action("identify", issue)
    told = {"number": issue.number}
    return Reply(
        (turn.me("claim.whose", told, options, issue_id=issue.id, expect=expect),), issue.id
    )


def _option(issue: Issue, name: str) -> Option:
    return Option("options.identify", build_action("identify", issue, name), {"enterprise": name})


def _words(turn: Turn, issue: Issue) -> str:
    """What was written at filing."""
    return issues.history(turn.db, issue.id)[0].text
