"""A digit means a line of a menu that is pending in this thread."""

from bot.core.messages import Option
from bot.core.reading import choice
from handlers.dispatch.issue_lookup import MOST
from handlers.dispatch.turn import Reply, Turn
from storage.delivery import pending, threads
from storage.delivery.pending import CROSSED, Choice, Menu


def read_choice(turn: Turn) -> Choice | Reply | None:
    """What a digit stands for, a question which menu is meant, or None for no digit."""
    digit = choice(turn.text)
    if digit is None:
        return None
    menus = pending.list_menus(turn.thread)
    newest = menus[0] if menus else None
    if newest is None or newest.until < turn.now:
        return Reply((turn.me("menu.none", {"digit": digit}),), turn.thread.issue_id)
    picked = newest.choices.get(digit)
    if picked is None:
        return Reply((turn.me("menu.no_line", {"digit": digit}),), turn.thread.issue_id)
    others = _find_others(turn, newest, menus[1:], digit)
    if others:
        # In the order in which they were shown.
        options = [_build_option(turn, choice) for choice in (*others[::-1], picked)]
        return Reply((turn.me("menu.which", {"digit": digit}, options[-MOST:]),))
    threads.change(turn.db, turn.thread.id, menu=None, menu_before=None)
    return picked


def _find_others(turn: Turn, newest: Menu, earlier: list[Menu], digit: int) -> list[Choice]:
    """What the digit means in menus that were followed so closely by a card that it may not have
    been read yet, the newest first; one for each matter."""
    found: list[Choice] = []
    known, newer = {newest.issue_id}, newest
    for menu in earlier:
        if newer.answer or turn.incoming.sent_at > newer.at + CROSSED or menu.until < turn.now:
            break
        if menu.issue_id is not None and menu.issue_id not in known and digit in menu.choices:
            found.append(menu.choices[digit])
        known.add(menu.issue_id)
        newer = menu
    return found


def _build_option(turn: Turn, picked: Choice) -> Option:
    told = {"command": turn.texts.phrase(picked.action)}
    return Option("options.command", picked.action, told, media_id=picked.media_id)
