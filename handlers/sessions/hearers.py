"""Which enterprises will read what is said at an evening; a question before it names another."""

from dataclasses import replace

from bot.actions.sessions.views import build_promise_action
from bot.core.issues.issue import Issue
from bot.core.sessions.agenda import Item
from bot.core.sessions.promises import Promise
from handlers.dispatch.command import Command
from handlers.dispatch.turn import Turn
from handlers.issues import other_firms
from handlers.issues.other_firms import EVERYBODY, Hearer, build_hearer
from handlers.sessions.lookup import build_action_for, build_item_action
from storage.sessions import agenda


def ask_about_item(turn: Turn, command: Command, item: Item) -> None:
    """What is recorded with an item stands in the minutes of its firms. Raises Unclear."""
    action = replace(build_item_action(command.verb, item, command.words), act=command.act)
    other_firms.ask_before_saying(turn, action, _list_hearers(turn, item.issues, item.firms))


def ask_about_promise(turn: Turn, verb: str, promise: Promise, words: str, act: str = "") -> None:
    """What became of a promise is told to everybody who asked. Raises Unclear."""
    action = replace(build_promise_action(turn, verb, promise, words), act=act)
    hearers = _list_hearers(turn, promise.issues, promise.firms)
    other_firms.ask_before_saying(turn, action, hearers)


def ask_about_firm(turn: Turn, command: Command, firm_id: int, words: str) -> None:
    """The words go to one enterprise. Raises Unclear."""
    action = build_action_for(command, command.words)
    other_firms.ask_before_saying(turn, action, [build_hearer(firm_id)], words)


def ask_about_all(turn: Turn, command: Command) -> None:
    """Every enterprise that comes reads the same words. Raises Unclear."""
    other_firms.ask_before_saying(turn, build_action_for(command, command.words), [EVERYBODY])


def _list_hearers(
    turn: Turn, issue_ids: tuple[int, ...], firm_ids: tuple[int, ...]
) -> list[Hearer | Issue]:
    """The firms of the issues; where there are none, those that are named."""
    found = list(agenda.issues_by_id(turn.db, issue_ids).values())
    return [*found] or [build_hearer(firm_id) for firm_id in firm_ids]
