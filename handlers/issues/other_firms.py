"""Words for one enterprise in which another one stands are never sent without a question."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, false

from bot.actions.issues import merged_replies
from bot.actions.issues.cards import shorten_text
from bot.core.issues.issue import Issue, build_action
from bot.core.messages import Action, Line, Option
from bot.core.reading import fold, number
from handlers.dispatch.issue_lookup import Unclear
from handlers.dispatch.turn import Reply, Turn
from handlers.issues import collisions
from storage.issues import access, issues
from storage.people import people

_WORD = re.compile(r"[0-9A-Za-z#＃-]*[0-9]{3}(?![0-9])")
_PRINTED = re.compile(r"#?0[0-9]{2}")
"""How the serial of an issue is printed; `120` and `500` are more often something else."""
_PHONE = re.compile(r"(?<![0-9])[0-9][0-9 -]{5,15}[0-9](?![0-9])")


@dataclass(frozen=True)
class Hearer:
    """Somebody of an enterprise who is to read words: `firms` are their own (none where several
    enterprises read the same, so that every name is another's), `sees` the issues they know of."""

    firms: frozenset[int]
    sees: ColumnElement[bool]


EVERYBODY = Hearer(frozenset(), false())
"""Contacts of several enterprises who read the same words."""


def build_hearer(firm_id: int) -> Hearer:
    """Whoever speaks for an enterprise."""
    return Hearer(frozenset({firm_id}), access.is_visible_to_contact(0, firm_id))


def ask_first(turn: Turn, issue: Issue, verb: str, words: str) -> None:
    """Raises Unclear where the words name another firm, or a colleague is writing too: what has
    reached an enterprise cannot be unsaid, so they wait for one more digit."""
    ask_about_others(turn, issue, verb, words)
    collisions.ask_first(turn, issue, verb, words)


def ask_about_others(turn: Turn, issue: Issue, verb: str, words: str) -> None:
    """Raises Unclear where the words name another firm, unless their writer has heard so."""
    found = () if turn.anyway else find_others(turn, issue, words)
    if not found:
        return
    firm = people.enterprise(turn.db, issue.enterprise_id)
    said = {"number": issue.number, "enterprise": firm.name if firm else None}
    action = build_action(verb, issue, words)
    raise _build_question(turn, action, said, found, turn.option("not_now", "view", issue))


def ask_before_saying(
    turn: Turn,
    action: Action,
    hearers: Iterable[Hearer | Issue],
    words: str | None = None,
) -> None:
    """The same for what is about no single issue: raises Unclear where the words (those of the
    action unless given) name a firm that some of the hearers do not belong to; of an issue, its
    enterprise hears them. Choosing to say it all the same does the action."""
    text = action.words if words is None else words
    if turn.anyway or not text:
        return
    found = [
        other
        for hearer in hearers
        for other in (
            find_others(turn, hearer, text)
            if isinstance(hearer, Issue)
            else _find_for(turn, hearer, text)
        )
    ]
    if found:
        said = {"number": None, "enterprise": Line("others.enterprises")}
        decline = Option("options.not_said", Action("agenda"))
        raise _build_question(turn, action, said, tuple(dict.fromkeys(found)), decline)


def find_others(turn: Turn, issue: Issue, words: str) -> tuple[str, ...]:
    """What of other firms stands in words for the enterprise of an issue: numbers, names, contacts
    and phones, as they are written there. What is taken out on the way does not count."""
    own = {issue.enterprise_id, issue.claimed_id} - {None}
    sees = access.is_visible_to_contact(issue.thread_id, issue.enterprise_id)
    hearer = Hearer(frozenset(firm for firm in own if firm is not None), sees)
    return _find_for(turn, hearer, merged_replies.fit(turn, issue, words))


def _build_question(
    turn: Turn, action: Action, said: Mapping[str, object], found: Sequence[str], decline: Option
) -> Unclear:
    anyway = Option("options.send_anyway", replace(action, anyway=True), media_id=turn.media_id)
    told = {**said, "found": "、".join(found), "text": shorten_text(action.words)}
    asked = turn.me("others.ask", told, (anyway, decline), issue_id=action.issue_id)
    return Unclear(Reply((asked,), action.issue_id))


def _find_for(turn: Turn, hearer: Hearer, words: str) -> tuple[str, ...]:
    found = (
        *_find_numbers(turn, hearer, words),
        *_find_firms(turn, hearer, words),
        *_find_contacts(turn, hearer, words),
        *_find_phones(turn, hearer, words),
    )
    return tuple(dict.fromkeys(found))


def _find_numbers(turn: Turn, hearer: Hearer, words: str) -> list[str]:
    found = []
    for written in _WORD.findall(fold(words)):
        meant = number(written)
        if meant is None or (meant.day is None and not _PRINTED.fullmatch(written)):
            continue
        if issues.by_number(turn.db, meant, hearer.sees) is None and issues.by_number(
            turn.db, meant, access.UNSEALED
        ):
            found.append(written)
    return found


def _find_firms(turn: Turn, hearer: Hearer, words: str) -> list[str]:
    index = turn.naming.index(turn.db)
    return [written for written, firms in index.find_written(words) if not hearer.firms & firms]


def _find_contacts(turn: Turn, hearer: Hearer, words: str) -> list[str]:
    """A name that somebody of this firm or of the staff has too says nothing of another firm."""
    named = people.list_named_in(turn.db, words)
    known = {person.name for person in named if not _is_other(hearer, person.enterprise_id)}
    return [person.name for person in named if person.name not in known]


def _find_phones(turn: Turn, hearer: Hearer, words: str) -> list[str]:
    phones = _PHONE.findall(fold(words))
    written = {form: phone for phone in phones for form in (phone, re.sub(r"\D", "", phone))}
    owners = people.list_with_phones(turn.db, written)
    own = {person.phone for person in owners if not _is_other(hearer, person.enterprise_id)}
    return [written[person.phone] for person in owners if person.phone not in own]


def _is_other(hearer: Hearer, enterprise_id: int | None) -> bool:
    return enterprise_id is not None and enterprise_id not in hearer.firms
