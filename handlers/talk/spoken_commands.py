"""Finds the command that a colleague says freely: 转给孙晓岚, 我明天请假, 恒宇怎么样了."""

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from bot.core.departures import find_leaving
from bot.core.messages import Action, Option, Refused
from bot.core.names.outcome import Verdict
from bot.core.people import OWNERS, STAFF, Role
from bot.core.reading import fold, number
from bot.core.sessions.session import TO_COME
from bot.core.talk.acts import Reading
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import MOST, answerable, current_issue, which
from handlers.dispatch.objects import names_colleague, tells_absence
from handlers.dispatch.parse import parse
from handlers.dispatch.turn import Reply, Turn
from handlers.people import departures
from storage.issues import issues
from storage.sessions import sessions

_NUMBER_FIRST = re.compile(r"(?P<number>[0-9-]{3,}) ?(?P<verb>[^0-9 -].*)")


@dataclass(frozen=True)
class _Phrase:
    act: str
    says: re.Pattern[str]


def find_action(turn: Turn, reading: Reading | None = None) -> Action | Reply | None:
    """What the words of a colleague ask the bot to do: an action that may be done at once, for it
    can be taken back or only shows something; a reply that asks by digits or says what can be done
    instead; None where the words are no command. `reading` is what they were read as; where that is
    a command, what is said politely around a typed one is left out too.
    """
    if turn.role not in STAFF or not turn.text.strip():
        return None
    text = fold(turn.text).strip()
    leaving = find_leaving(turn.text)
    asked = departures.ask_leaving(turn, leaving) if leaving else None
    if asked is not None:
        return asked
    for said in dict.fromkeys((text, _strip_around(text))):
        for phrase in _phrases():
            found = phrase.says.fullmatch(said)
            answer = _ACTS[phrase.act](turn, found) if found else None
            if answer is not None:
                return answer
    return _find_typed(turn, _strip_around(text), text)


def _find_typed(turn: Turn, core: str, text: str) -> Action | None:
    """`请把003受理了吧`: the typed command inside; it needs a whole number, or it is a sentence."""
    first = _NUMBER_FIRST.fullmatch(core)
    tried = [f"{first['verb']} {first['number']}"] if first else []
    tried += [core] if core != text else []
    for typed in tried:
        command = parse(turn, typed) or parse(turn, typed.replace(_data()["around"]["done"], ""))
        if command and command.number and not command.numbers and not command.words:
            return Action(command.verb, number=_print_number(typed))
    return None


def _print_number(typed: str) -> str:
    digits = re.search(r"[0-9][0-9-]*", typed)
    return digits[0] if digits else ""


def _strip_around(text: str) -> str:
    """The words without what is said politely before and after them."""
    around = _data()["around"]
    for word in around["before"]:
        if text.startswith(word):
            text = text.removeprefix(word).lstrip(" ,，")
            break
    for word in around["after"]:
        text = text.removesuffix(word).rstrip(" ,，")
    return text


def _pass_on(turn: Turn, found: re.Match[str]) -> Action | Reply | None:
    name, meant = found["name"], found["number"] or ""
    if not names_colleague(turn, name) or (meant and number(meant) is None):
        return None
    about = current_issue(turn)
    if turn.role is not Role.LEADER and turn.role not in OWNERS:
        return None
    verb = "redirect" if turn.role is Role.LEADER else "pass_on"
    if not meant and about is None and turn.thread.issue_id is not None:
        return _ask_which(turn, Command(verb, words=name))
    return Action(verb, about.id if about and not meant else None, words=name, number=meant)


def _ask_which(turn: Turn, command: Command) -> Reply:
    """What was last spoken of is somebody else's by now: nothing is done with another by a guess.
    Raises Refused where there is none."""
    mine = issues.open_among(turn.db, answerable(turn, command.verb), MOST)
    if not mine:
        raise Refused("refused.no_issue")
    return Reply((which(turn, command, mine),))


def _be_absent(turn: Turn, found: re.Match[str]) -> Action:
    """Days that cannot be read are asked for, nothing is entered by a guess."""
    days, to = found["days"], found["to"]
    today = turn.park.local(turn.now).date()
    if days in _data()["weeks"]["next"]:
        monday = today + timedelta(days=7 - today.weekday())
        friday = monday + timedelta(days=4)
        days = _data()["absence"]["span"].format(first=monday, last=friday)
    words = _data()["absence"]["instead"].format(days=days, to=to) if to else days
    return Action("absence", words=words if tells_absence(turn, words) else "")


def _cancel_absence(_turn: Turn, _found: re.Match[str]) -> Action:
    return Action("absence", words=_data()["absence"]["cancel"])


def _show(verb: str) -> Callable[[Turn, re.Match[str]], Action | None]:
    return lambda _turn, _found: Action(verb)


def _open_session(turn: Turn, _found: re.Match[str]) -> Action | None:
    return Action("open_session") if turn.role is Role.OFFICE else None


def _add_topic(turn: Turn, found: re.Match[str]) -> Action | None:
    if turn.role is not Role.OFFICE:
        return None
    return Action("add_topic", words=found["words"])


def _move_session(turn: Turn, found: re.Match[str]) -> Action | None:
    return Action("move_session", words=found["at"]) if turn.role is Role.OFFICE else None


def _postpone(turn: Turn, _found: re.Match[str]) -> Reply | None:
    """What was not held cannot be brought back once it is cancelled: asked by a digit."""
    ahead = [session for session in sessions.to_come(turn.db) if session.stage in TO_COME]
    if turn.role is not Role.OFFICE or not ahead:
        return None
    session = min(ahead, key=lambda one: one.starts_at)
    called = {"number": session.number, "starts_at": session.starts_at}
    options = [
        Option(
            f"options.session_{verb}",
            Action(verb, target_id=session.number, number=str(session.number)),
        )
        for verb in ("cancel_session", "open_session")
    ]
    return Reply((turn.me("spoken.postpone", called, options),))


def _delete(turn: Turn, found: re.Match[str]) -> Reply:
    meant = found["number"] or found["again"] or ""
    key = "spoken.no_delete_office" if turn.role is Role.OFFICE else "spoken.no_delete"
    told = {name: turn.texts.command(name) for name in ("return", "resolve", "merge", "split")}
    return Reply((turn.me(key, {**told, "number": meant or "003"}),))


def _about_firm(turn: Turn, found: re.Match[str]) -> Action | None:
    firm = _find_firm(turn, found["firm"])
    return Action("about_firm", words=firm) if firm else None


def _give_binding_code(turn: Turn, found: re.Match[str]) -> Action | None:
    firm = _find_firm(turn, found["firm"]) if turn.role is Role.OFFICE else None
    return Action("binding_code", words=firm) if firm else None


def _add_firm(turn: Turn, found: re.Match[str]) -> Reply | None:
    """A firm comes from the register, with whose it is; one that is there gets a code."""
    if turn.role is not Role.OFFICE:
        return None
    known = _find_firm(turn, found["firm"]) if found["firm"] else None
    told = {"name": known or found["firm"].strip() or None}
    told["word"] = f"{turn.texts.command('binding_code')} {told['name'] or ''}".strip()
    return Reply((turn.me("spoken.firm_known" if known else "spoken.add_firm", told),))


def _print(turn: Turn, _found: re.Match[str]) -> Reply:
    """Paper is made at a desk; what the chat can give of it."""
    key = "spoken.print_office" if turn.role in (Role.OFFICE, Role.LEADER) else "spoken.print"
    words = {name: turn.texts.command(name) for name in ("minutes", "agenda", "todo")}
    return Reply((turn.me(key, {**words, "phone": turn.park.phone}),))


def _find_firm(turn: Turn, words: str) -> str | None:
    """The registered name of the firm that words surely name."""
    match = turn.naming.index(turn.db).find(words)
    sure = match.verdict is Verdict.SURE and match.best is not None
    return match.best.name if sure and match.best else None


def _count(turn: Turn, found: re.Match[str]) -> Action | None:
    said = found.groupdict()
    category = said.get("category")
    if category is not None:
        known = _find_category(turn, category)
        return Action("figures", words=known) if known else None
    period = said.get("period") or ""
    return Action("figures", words=period)


def _find_category(turn: Turn, word: str) -> str | None:
    names = [category.name for category in turn.learning.taxonomy.categories]
    return next((name for name in names if word == name), None)


def _search(_turn: Turn, found: re.Match[str]) -> Action:
    return Action("search", words=found["words"])


_ACTS: dict[str, Callable[[Turn, re.Match[str]], Action | Reply | None]] = {
    "pass_on": _pass_on,
    "absence": _be_absent,
    "cancel_absence": _cancel_absence,
    "agenda": _show("agenda"),
    "open_session": _open_session,
    "add_topic": _add_topic,
    "move_session": _move_session,
    "postpone": _postpone,
    "delete": _delete,
    "binding_code": _give_binding_code,
    "add_firm": _add_firm,
    "print": _print,
    "overdue": _show("overdue"),
    "about_firm": _about_firm,
    "figures": _count,
    "search": _search,
}


@cache
def _phrases() -> tuple[_Phrase, ...]:
    return tuple(_compile())


def _compile() -> Iterator[_Phrase]:
    for phrase in _data()["phrase"]:
        yield _Phrase(phrase["act"], re.compile(phrase["says"]))


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
