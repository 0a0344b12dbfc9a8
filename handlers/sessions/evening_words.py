"""Plain words of the leaders and the office while a session is held: a promise, or a correction."""

import re
import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from bot.actions.sessions.views import build_promise_action, format_promise_number
from bot.core.issues.meant import find_meant
from bot.core.messages import Action, Option
from bot.core.sessions.agenda import Item, on_agenda
from bot.core.sessions.promises import Kept
from bot.core.sessions.session import Session
from bot.core.talk.acts import Act
from handlers.dispatch.route import LEADING
from handlers.dispatch.turn import Reply, Turn
from handlers.sessions.amendments import PROMISE
from handlers.sessions.lookup import build_item_action, find_running_session
from handlers.talk.staff_state import read_staff_words
from storage.sessions import agenda, promises

_ITEMS = 2
"""Items that are offered for a promise."""
_SHORTEST = 5
"""Characters; fewer tell nobody's promise."""
_NO_PROMISE = frozenset({Act.GREETING, Act.THANKS, Act.NOISE, Act.SESSIONS, Act.PROCESS})


def ask_evening(turn: Turn) -> Reply | None:
    """What is to be written down, by digits; None where no session is held or the words are no
    statement. Nothing said at a session goes to a firm but by a verb."""
    words = turn.text.strip()
    if turn.role not in LEADING or len(words) < _SHORTEST or turn.quoted_id is not None:
        return None
    session = find_running_session(turn)
    if session is None or read_staff_words(turn)[0].act in _NO_PROMISE:
        return None
    options = _list_corrections(turn, session, words)
    if not options:
        options = _list_items(turn, session, words)
    if not options:
        return None
    options.append(Option("options.not_said", Action("agenda")))
    return Reply((turn.me("session.evening_words", {"text": words}, options),))


def _list_corrections(turn: Turn, session: Session, words: str) -> list[Option]:
    """The promise that was written down last, where the words say that something is wrong."""
    written = [
        promise
        for promise in promises.of_session(turn.db, session.id)
        if promise.kept is Kept.OPEN and re.search(_data()["corrects"], words)
    ]
    if not written:
        return []
    last = max(written, key=lambda promise: promise.id)
    tried = (re.search(pattern, words) for pattern in _data()["meant"])
    meant = next((found["meant"] for found in tried if found), "")
    told = {
        "number": format_promise_number(turn, last),
        "who": last.who,
        "what": last.what,
    }
    amend = replace(build_promise_action(turn, "amend", last, meant), act=PROMISE)
    return [Option("options.evening_amend", amend, told)]


def _list_items(turn: Turn, session: Session, words: str) -> list[Option]:
    """The item whose words come back first, then as the agenda stands."""
    items = on_agenda(agenda.of_session(turn.db, session.id))
    meant = find_meant(words, {item.id: item.title for item in items})
    first = sorted(items, key=lambda item: (item.id != meant, item.place or 0))
    return [_build_item(item, words) for item in first[:_ITEMS]]


def _build_item(item: Item, words: str) -> Option:
    told = {"place": item.place, "title": item.title}
    return Option("options.evening_record", build_item_action("record", item, _cut(words)), told)


def _cut(words: str) -> str:
    """Who, by when and what, as `记 1号 …` reads them."""
    said = re.sub(_data()["lead"], "", words)
    found = re.search(_data()["says"], said)
    return f"{found['who']} {found['what']}" if found else said


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
