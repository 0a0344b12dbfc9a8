"""Parts the place of an agenda's item, and the number of a session, from the words behind it:
3号供电公司下周五前完成增容, 第95期 3号 …"""

import re
import tomllib
from pathlib import Path

from bot.core.days.numerals import NUMERAL, read_number
from bot.core.reading import fold

_WORDS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_THINGS = "|".join(_WORDS["things"])
_PLACE = re.compile(rf"(?P<place>{NUMERAL}) ?{_WORDS['after']} ?(?!{_THINGS}| |$)")


_SESSION = re.compile(_WORDS["session"])


def split_session(text: str) -> tuple[int, str] | None:
    """The number of the session that the words begin with (`第95期`), and the words after it as
    they were written; None where they begin with none."""
    plain = " ".join(text.split())
    folded = fold(plain)
    found = _SESSION.match(folded)
    if found is None:
        return None
    kept = plain if len(plain) == len(folded) else folded
    return int(found["number"]), kept[found.end() :].strip()


def split_place(text: str) -> tuple[int, str] | None:
    """The place that the words begin with, and the words after it as they were written.

    None where they begin with none, or with one that belongs to a name: 3号楼物业.
    """
    folded, plain = fold(text), " ".join(text.split())
    found = _PLACE.match(folded)
    place = read_number(found["place"]) if found else None
    if found is None or not place:
        return None
    kept = plain if len(plain) == len(folded) else folded
    return place, kept[found.end() :]
