"""Answers what nobody can read: stickers, unknown kinds, what a platform writes by itself."""

from bot.core.messages import Kind
from bot.core.talk.placeholders import is_placeholder
from handlers.dispatch.turn import Reply, Turn


def is_unreadable(turn: Turn) -> bool:
    """Whether the message holds nothing for us, neither words nor a thing that can be kept."""
    kind = turn.incoming.content.kind
    return kind in (Kind.STICKER, Kind.OTHER) or is_placeholder(turn.text)


def answer_thing(turn: Turn) -> Reply | None:
    """What can be sent instead; None for what can be read. No issue is touched, and what was asked
    stays asked."""
    if not is_unreadable(turn):
        return None
    if turn.incoming.content.kind is Kind.STICKER:
        return Reply((turn.me("thing.sticker"),))
    return Reply((turn.me("thing.not_taken", {"phone": turn.park.phone}),))
