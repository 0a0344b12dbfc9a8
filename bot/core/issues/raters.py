"""Who may see what an enterprise thinks of one matter: its rating never harms whoever gave it."""

from collections.abc import Iterable

from bot.core.issues.issue import LOW_STARS
from bot.core.issues.lifecycle import Move
from bot.core.people import Role

FEWEST = 5
"""From so many ratings on others than the office see their sum: fewer point at who gave them."""
SEES_STARS = frozenset({Role.CONTACT, Role.OFFICE})
"""The enterprise its own, the office all. To everybody else one rating is as good as its author."""
_BEGINS_ANEW = frozenset({Move.REOPEN, Move.NOT_SOLVED})
_LOW = frozenset(str(stars) for stars in range(1, LOW_STARS + 1))


def find_hidden(steps: Iterable[tuple[Move, str]], role: Role) -> list[bool]:
    """Of each step of a matter, a move and its words, whether somebody of this role does not read
    its words: the stars, and what the enterprise wrote after few of them."""
    hidden: list[bool] = []
    low = False
    for move, text in steps:
        if move is Move.RATE:
            low = text in _LOW
        elif move in _BEGINS_ANEW:
            low = False
        hides = move is Move.RATE or (low and move is Move.SUPPLEMENT)
        hidden.append(hides and role not in SEES_STARS)
    return hidden
