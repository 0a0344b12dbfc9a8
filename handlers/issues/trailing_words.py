"""Words typed after a verb that needs only a number: they are offered, never dropped or guessed."""

from bot.core.issues.issue import Issue, build_action
from bot.core.messages import Option
from handlers.dispatch.turn import Turn
from storage.people import people


def offer_words(turn: Turn, issue: Issue, words: str) -> list[Option]:
    """To send them to the enterprise, or to keep them as a note; nothing where none were typed."""
    if not words:
        return []
    firm = people.enterprise(turn.db, issue.enterprise_id) if issue.enterprise_id else None
    told = {"number": issue.number, "title": issue.title, "enterprise": firm.name if firm else ""}
    return [
        Option(label, build_action(verb, issue, words), told, media_id=turn.media_id)
        for label, verb in (("options.send_to", "answer"), ("options.keep_note", "note"))
    ]
