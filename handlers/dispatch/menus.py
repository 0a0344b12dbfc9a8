"""A digit means a line of a menu that is pending in this thread."""

from bot.core.issues.issue import Status
from bot.core.messages import Action, Option
from bot.core.reading import choice
from handlers.dispatch.issue_lookup import MOST, suits
from handlers.dispatch.lists import find_list
from handlers.dispatch.turn import Reply, Turn
from storage import calls
from storage.delivery import cards, pending, threads
from storage.delivery.pending import CROSSED, Choice, Menu
from storage.issues import issues

OFFERED = frozenset({"consent", "seen"})
"""What is offered and not asked: such a line yields to any card that comes after it."""

OF_CALLS = frozenset({"call_taken", "called"})
"""What is said of a call that a firm asked for, not of an issue."""


def read_choice(turn: Turn) -> Choice | Reply | None:
    """What a digit stands for, a question which menu is meant, or None for no digit."""
    digit = choice(turn.text)
    if digit is None:
        _forget_words(turn)
        return None
    menus = _list_menus(turn)
    newest = menus[0] if menus else None
    if _means_line(turn, newest):
        return None
    meant = _find_meant(turn, newest, menus[1:], digit) if newest else []
    if not meant and (newest is None or newest.until < turn.now):
        return Reply((turn.me("menu.none", {"digit": digit}),), turn.thread.issue_id)
    if not meant:
        return Reply((turn.me("menu.no_line", {"digit": digit}),), turn.thread.issue_id)
    if len(meant) > 1:
        options = [_build_option(turn, picked) for picked in meant[-MOST:]]
        return Reply((turn.me("menu.which", {"digit": digit}, options),))
    _keep_others(turn, meant[0])
    return meant[0]


def _keep_others(turn: Turn, picked: Choice) -> None:
    """A digit answers only what it belongs to: other open questions keep waiting."""
    left = [
        menu
        for menu in pending.list_menus(turn.thread)
        if menu.asks and menu.until >= turn.now and not _belongs(menu, picked)
    ]
    threads.change(turn.db, turn.thread.id, menu=None, menu_before=pending.store_menus(left))


def _belongs(menu: Menu, picked: Choice) -> bool:
    same = menu.issue_id is not None and menu.issue_id == picked.action.issue_id
    return same or picked in menu.choices.values()


def _forget_words(turn: Turn) -> None:
    """Whoever was asked where words go and writes something else has gone on: a digit later must
    not send the earlier words to an enterprise."""
    menus = pending.list_menus(turn.thread)
    if any(menu.sends_words for menu in menus):
        left = pending.store_menus(menu for menu in menus if menu.asks and not menu.sends_words)
        threads.change(turn.db, turn.thread.id, menu=None, menu_before=left)


def _list_menus(turn: Turn) -> list[Menu]:
    """What a digit may be for: the menu of the card that it replies to, else those in force."""
    menus = pending.list_menus(turn.thread)
    if turn.quoted_id is None:
        return menus
    quoted = [menu for menu in menus if menu.issue_id == turn.quoted_id]
    if quoted:
        return quoted[:1]
    shown = cards.list_cards(turn.db, turn.thread.id, turn.quoted_id)
    card = next((card for card in shown if card.text == turn.incoming.quoted), None)
    if card is None:
        return []
    return [pending.build_menu(card, card.created_at, card.created_at + turn.park.limits.menu)]


def _means_line(turn: Turn, newest: Menu | None) -> bool:
    """Whether a list was shown after the last menu: then a digit is a place on it, read later."""
    shown = find_list(turn.thread, turn.now) if turn.quoted_id is None else None
    return shown is not None and (newest is None or newest.at < shown.at)


def _find_meant(turn: Turn, newest: Menu, earlier: list[Menu], digit: int) -> list[Choice]:
    """What the digit may mean, in the order in which it was shown: in the newest menu, in those
    that were followed so closely by a card that it may not have been read yet, and in questions
    that are still open; one for each matter. Where own words were answered since, questions from
    before count only for digits that nothing later has."""
    found: dict[int | Action, Choice] = {}
    newer, answered = newest, False
    for menu in (newest, *earlier):
        if menu is not newest and newer.answer and not answered:
            answered = True
            if found:
                break
        crossed = menu is newest or (not answered and turn.incoming.sent_at <= newer.at + CROSSED)
        may_mean = menu.until >= turn.now and (crossed or menu.asks)
        line = menu.choices.get(digit) if may_mean else None
        if line and (menu is newest or _is_open(turn, line.action)):
            matter = line.action if menu.issue_id is None else menu.issue_id
            if line.action not in {picked.action for picked in found.values()}:
                found.setdefault(matter, line)
        newer = menu
    return list(found.values())[::-1]


def _is_open(turn: Turn, action: Action) -> bool:
    """Whether an earlier line still waits: it was asked, and nothing has settled it meanwhile."""
    if action.verb in OFFERED:
        return False
    if action.verb in OF_CALLS:
        call = calls.by_id(turn.db, action.target_id or 0)
        return call is not None and call.done_at is None
    if action.issue_id is None:
        return True
    issue = issues.get(turn.db, action.issue_id)
    rated = action.verb == "rate" and issue.status is Status.CLOSED
    return not rated and suits(issue, action.verb)


def _build_option(turn: Turn, picked: Choice) -> Option:
    told = {"command": turn.texts.phrase(picked.action)}
    return Option("options.command", picked.action, told, media_id=picked.media_id)
