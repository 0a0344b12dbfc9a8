"""Sets a list in WeCom's markdown: its heading, the issues' numbers and the deadlines stand out.

Source: the platform's guide to app messages, supported markdown syntax.
"""

import re

from bot.channels.wording import deadline, utf8_bytes

LISTS = frozenset({"mine.list", "firms.list", "morning.list"})
"""Kinds of messages that are lists and ask for no choice."""
MOST = 2048
"""Bytes of a markdown message; more would be cut silently."""
_PLAIN = str.maketrans("<>[]*`#", "＜＞［］＊｀＃")
_NUMBER = re.compile(r"[A-Z]{1,8}-[0-9]{8}-[0-9]{3,}", re.ASCII)


def render_markdown(text: str) -> str | None:
    """The list in markdown; None where it would be too long.

    Anybody's words in it are shown as they are: the characters that would set them bold, make a
    link of them or call somebody (`<@…>`) are put into their wide forms.
    """
    heading, _, rest = text.translate(_PLAIN).partition("\n")
    lines = [f"**{heading}**", *(f"> {_lit(line)}" for line in rest.split("\n") if line)]
    made = "\n".join(lines)
    return made if utf8_bytes(made) <= MOST else None


def _lit(line: str) -> str:
    numbered = _NUMBER.sub(lambda found: f"**{found[0]}**", line)
    return deadline().sub(lambda found: f'<font color="warning">{found[0]}</font>', numbered)
