"""Words for one enterprise in which another one stands are never sent without a question."""

import re
from dataclasses import replace

from sqlalchemy import true

from bot.actions.issues import merged_replies
from bot.actions.issues.cards import shorten_text
from bot.core.issues.issue import Issue, build_action
from bot.core.messages import Option
from bot.core.reading import fold, number
from handlers.dispatch.issue_lookup import Unclear
from handlers.dispatch.turn import Reply, Turn
from handlers.issues import collisions
from storage.issues import issues
from storage.people import people

_WORD = re.compile(r"[0-9A-Za-z#＃-]*[0-9]{3}(?![0-9])")
_PRINTED = re.compile(r"#?0[0-9]{2}")
"""How the serial of an issue is printed; `120` and `500` are more often something else."""
_PHONE = re.compile(r"(?<![0-9])[0-9][0-9 -]{5,15}[0-9](?![0-9])")


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
    anyway = replace(build_action(verb, issue, words), anyway=True)
    options = (
        Option("options.send_anyway", anyway, media_id=turn.media_id),
        turn.option("not_now", "view", issue),
    )
    firm = people.enterprise(turn.db, issue.enterprise_id)
    told = {
        "number": issue.number,
        "enterprise": firm.name if firm else None,
        "found": "、".join(found),
        "text": shorten_text(words),
    }
    said = turn.me("others.ask", told, options, issue_id=issue.id)
    raise Unclear(Reply((said,), issue.id))


def find_others(turn: Turn, issue: Issue, words: str) -> tuple[str, ...]:
    """What of other firms stands in words for the enterprise of an issue: numbers, names, contacts
    and phones, as they are written there. What is taken out on the way does not count."""
    said = merged_replies.fit(turn, issue, words)
    found = (
        *_find_numbers(turn, issue, said),
        *_find_firms(turn, issue, said),
        *_find_contacts(turn, issue, said),
        *_find_phones(turn, issue, said),
    )
    return tuple(dict.fromkeys(found))


def _find_numbers(turn: Turn, issue: Issue, words: str) -> list[str]:
    found = []
    own = issues.visible_to_contact(issue.thread_id, issue.enterprise_id)
    for written in _WORD.findall(fold(words)):
        meant = number(written)
        if meant is None or (meant.day is None and not _PRINTED.fullmatch(written)):
            continue
        if issues.by_number(turn.db, meant, own) is None and issues.by_number(
            turn.db, meant, true()
        ):
            found.append(written)
    return found


def _find_firms(turn: Turn, issue: Issue, words: str) -> list[str]:
    index = turn.naming.index(turn.db)
    own = {issue.enterprise_id, issue.claimed_id}
    return [written for written, firms in index.find_written(words) if not own & firms]


def _find_contacts(turn: Turn, issue: Issue, words: str) -> list[str]:
    """A name that somebody of this firm or of the staff has too says nothing of another firm."""
    named = people.list_named_in(turn.db, words)
    known = {person.name for person in named if not _is_other(issue, person.enterprise_id)}
    return [person.name for person in named if person.name not in known]


def _find_phones(turn: Turn, issue: Issue, words: str) -> list[str]:
    phones = _PHONE.findall(fold(words))
    written = {form: phone for phone in phones for form in (phone, re.sub(r"\D", "", phone))}
    owners = people.list_with_phones(turn.db, written)
    own = {person.phone for person in owners if not _is_other(issue, person.enterprise_id)}
    return [written[person.phone] for person in owners if person.phone not in own]


def _is_other(issue: Issue, enterprise_id: int | None) -> bool:
    return enterprise_id is not None and enterprise_id not in (
        issue.enterprise_id,
        issue.claimed_id,
    )
