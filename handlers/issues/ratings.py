"""After 办结: an entrepreneur confirms, rates, says it is not solved, or has it reopened.

Five levels as in GB/T 39735-2020, one digit in the chat; a low one asks why and offers to reopen.
"""

from dataclasses import replace

from bot.actions.chain.vouchers import format_code, give_for_issue
from bot.actions.issues.cards import facts, staff_options, to_owner, undo_option
from bot.core.issues.issue import LOW_STARS, WORKED_ON, Issue, Status, build_action
from bot.core.issues.lifecycle import Move
from bot.core.issues.raters import SEES_STARS
from bot.core.messages import Action, Line, Option, Refused, Say, ToDuty
from bot.core.reading import choice
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import the_issue
from handlers.dispatch.turn import Reply, Turn
from handlers.issues import merging
from handlers.issues.moves import do
from handlers.issues.supplements import add_words
from storage.people import people

REASONS = 4
TELL, KEEP = "tell", "keep"
"""Acts of 原因: whoever holds the matter is to hear it, or the duty desk alone."""


def confirm(turn: Turn, command: Command) -> Reply:
    """`已解决`: the enterprise says so itself; the rating is asked next. Chosen by a digit of what
    is still worked on, it is settled by the enterprise's own word."""
    issue = the_issue(turn, command)
    parted: list[Say] = []
    if command.chosen and issue.status in WORKED_ON:
        words = turn.texts.render("revision.by_firm")
        issue = do(turn, issue, Move.RESOLVE, text=words, as_bot=True)
        parted = merging.release_members(turn, issue)
    issue = do(turn, issue, Move.CONFIRM)
    card = facts(turn, issue)
    asked = turn.me("rate.ask", card, _levels(turn, issue), issue_id=issue.id)
    told = Say(to_owner(issue), "notice.confirmed", card, issue_id=issue.id)
    # The duty desk was rung for a danger: it hears that it is over.
    desk = [replace(told, to=ToDuty())] if issue.is_dangerous and told.to != ToDuty() else []
    return Reply((asked, told, *desk, *parted), issue.id)


def rate(turn: Turn, command: Command) -> Reply:
    """`评价 003 5`, or `评价` for the question."""
    stars, issue = _stars(turn, command)
    if stars is None and (issue.status is Status.CONFIRMED or issue.stars is not None):
        levels = _levels(turn, issue)
        said = turn.me("rate.ask", facts(turn, issue), levels, issue_id=issue.id)
        return Reply((said,), issue.id)
    issue = do(turn, issue, Move.RATE, stars=stars)
    if (stars or 0) <= LOW_STARS:
        return _low(turn, issue)
    if issue.status is Status.CONFIRMED:
        issue = do(turn, issue, Move.CLOSE, as_bot=True)
    card = {**facts(turn, issue), "stars": Line(f"stars.{stars}")}
    card["voucher"] = format_code(give_for_issue(turn, issue))
    me = turn.me("rate.thanks", card, issue_id=issue.id)
    if _is_held_by_office(turn, issue):
        return Reply((me, Say(to_owner(issue), "notice.rated", card, issue_id=issue.id)), issue.id)
    closed = Say(to_owner(issue), "notice.rated_closed", facts(turn, issue), issue_id=issue.id)
    return Reply((me, closed), issue.id)


def ask_again(turn: Turn, issue: Issue, words: str) -> Reply:
    """Words instead of a digit, after we asked for a rating: kept, and the digits shown again."""
    after, notices = add_words(turn, issue, words)
    said = turn.me("rate.ask", facts(turn, after), _levels(turn, after), issue_id=after.id)
    return Reply((said, *notices), after.id)


def why(turn: Turn, command: Command) -> Reply:
    """`原因 003 1`: why the rating was low; kept with the issue, seen by the duty desk. Whoever
    holds it hears it only where the enterprise says so."""
    issue = the_issue(turn, command)
    if command.act:
        return _answer_tell(turn, issue, command)
    if issue.stars is None or issue.stars > LOW_STARS:
        raise Refused("refused.not_rated_low", number=issue.number)
    digit = choice(command.words)
    known = digit is not None and 1 <= digit <= REASONS
    said = turn.texts.render(f"why.{digit}") if known else command.words
    if not said:
        return _low(turn, issue)
    after = do(turn, issue, Move.SUPPLEMENT, text=said)
    card = {**facts(turn, after), "text": said}
    new = Option("options.new_instead", Action("new", words=said))
    tell = [] if _is_held_by_office(turn, after) else _tell_options(after, said)
    options = [*tell, turn.option("reopen", "reopen", after), *([] if known else [new])]
    key = "why.thanks_ask" if tell else "why.thanks"
    says = [
        turn.me(key, card, options, issue_id=issue.id),
        Say(ToDuty(), "notice.low_reason", card, issue_id=issue.id),
    ]
    return Reply(tuple(says), issue.id)


def _tell_options(issue: Issue, said: str) -> list[Option]:
    return [
        Option(f"options.why_{act}", replace(build_action("why", issue, said), act=act))
        for act in (TELL, KEEP)
    ]


def _answer_tell(turn: Turn, issue: Issue, command: Command) -> Reply:
    """Whether the holder is to hear the reason: the enterprise has said."""
    card = {**facts(turn, issue), "text": command.words}
    if command.act != TELL:
        return Reply((turn.me("why.kept", card, issue_id=issue.id),), issue.id)
    told = Say(to_owner(issue), "notice.unrecognised", card, issue_id=issue.id)
    return Reply((turn.me("why.told", card, issue_id=issue.id), told), issue.id)


def not_solved(turn: Turn, command: Command) -> Reply:
    """`没解决`: back to the holder; the original clock goes on."""
    issue = do(turn, the_issue(turn, command), Move.NOT_SOLVED, text=command.words)
    return _again(turn, issue, "not_solved.done", "notice.not_solved", command.words)


def reopen(turn: Turn, command: Command) -> Reply:
    """`重办 003`: a settled issue comes back; the original clock goes on."""
    issue = do(turn, the_issue(turn, command), Move.REOPEN, text=command.words)
    return _again(turn, issue, "reopen.done", "notice.reopened", command.words)


def _again(turn: Turn, issue: Issue, said: str, notice: str, words: str) -> Reply:
    card = {**facts(turn, issue), "text": words or None}
    options = staff_options(turn, issue)
    me = turn.me(said, card, [undo_option()], issue_id=issue.id)
    return Reply((me, Say(to_owner(issue), notice, card, options, issue.id)), issue.id)


def _low(turn: Turn, issue: Issue) -> Reply:
    """Asks why, offers to reopen, and lets the duty desk and whoever holds the issue know. Whoever
    gave two stars by mistake goes on with a 5: that must not reopen."""
    reasons = [
        turn.option(f"why_{digit}", "why", issue, str(digit)) for digit in range(1, REASONS + 1)
    ]
    again = turn.option("rate_again", "rate", issue, digit=REASONS + 1)
    reopen_ = turn.option("reopen", "reopen", issue, digit=REASONS + 2)
    options: list[Option] = [*reasons, again, reopen_]
    card = {**facts(turn, issue), "stars": Line(f"stars.{issue.stars}")}
    expect = build_action("why", issue)
    says = [
        turn.me("rate.low", card, options, issue_id=issue.id, expect=expect),
        Say(ToDuty(), "notice.low", card, issue_id=issue.id),
    ]
    if not _is_held_by_office(turn, issue):
        told = facts(turn, issue)
        says.append(Say(to_owner(issue), "notice.unsatisfied", told, issue_id=issue.id))
    return Reply(tuple(says), issue.id)


def _is_held_by_office(turn: Turn, issue: Issue) -> bool:
    """Whether its holder sees single ratings, as the office does."""
    owner = people.by_id(turn.db, issue.owner_id) if issue.owner_id else None
    return owner is None or owner.role in SEES_STARS


def _levels(turn: Turn, issue: Issue) -> list[Option]:
    return [
        turn.option(f"stars_{stars}", "rate", issue, str(stars), digit=stars)
        for stars in range(5, 0, -1)
    ]


def _stars(turn: Turn, command: Command) -> tuple[int | None, Issue]:
    """`评价 5`: a lone digit after the verb is the rating, not an issue's number."""
    if command.number is not None and not (command.chosen or command.words):
        lone = command.number
        if lone.day is None and 1 <= lone.serial <= 5:
            return lone.serial, the_issue(turn, Command(command.verb))
    return choice(command.words), the_issue(turn, command)
