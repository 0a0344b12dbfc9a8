"""What people of a rehearsal say besides their matters: how often which kind, and who is asked
what they meant."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.rehearsal.characters import Character
from bot.texts import Texts
from storage.delivery.outbox import Parcel
from storage.delivery.pending import read_action

FIRM_TALK: Mapping[str, int] = MappingProxyType(
    {
        "greeting": 16,
        "thanks": 12,
        "who": 8,
        "meeting": 8,
        "progress": 14,
        "process": 6,
        "anger": 8,
        "human": 6,
        "noise": 10,
        "small": 8,
    }
)
"""What firms say out of the blue, beside each other. None of it is a matter."""
AFTER_FILING: Mapping[str, float] = MappingProxyType(
    {"thanks": 0.06, "correction": 0.04, "taking_back": 0.03, "anger": 0.02}
)
"""What they say soon after they have filed something, and how probably."""
STAFF_TALK: Mapping[str, int] = MappingProxyType(
    {"remark": 5, "aside": 4, "inquiry": 3, "order": 2}
)
"""What the staff say to the bot or past it, beside each other. None of it is for a firm."""
STAFF_SHARE, REMARKS = 0.3, 0.04
"""How much of what is said out of the blue is theirs, and how probably a card is remarked on."""


def pick_line(who: Character, kinds: Mapping[str, int]) -> str:
    """Something to say."""
    kind = who.chance.choices(tuple(kinds), tuple(kinds.values()))[0]
    return say_kind(who, kind)


def say_kind(who: Character, kind: str) -> str:
    """Something of this kind."""
    return who.line(f"rehearsal.chat.{kind}")


def find_option(parcel: Parcel, *, verb: str, act: str = "", issue_id: int | None = None) -> int:
    """Where in a card's menu the line stands that means this; -1 where none does."""
    for place, option in enumerate(parcel.options):
        action = read_action(option)
        means = action.verb == verb and (not act or action.act == act)
        if means and issue_id in (None, action.issue_id):
            return place
    return -1


def has_chatter(texts: Texts, said: str) -> bool:
    """Whether something that is no matter stands in a text."""
    kinds = {*FIRM_TALK, *AFTER_FILING}
    return any(line in said for kind in kinds for line in _split(texts, kind))


def _split(texts: Texts, kind: str) -> list[str]:
    return texts.words[f"rehearsal.chat.{kind}"].strip().splitlines()
