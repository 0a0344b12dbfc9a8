"""Reads that somebody wants to speak at a session, and about what: 我要在星期一会上讲讲电费."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.core.reading import fold
from bot.core.talk.patterns import compile_lines


@dataclass(frozen=True)
class SignUp:
    """A wish to speak at a session. `topic` is what about, "" where that was not said; `sure` says
    that they plainly want to come and do so themselves."""

    topic: str
    sure: bool


def read_sign_up(words: str) -> SignUp | None:
    """The wish in somebody's words; None where they are about something else, an evening that was
    among them: 会上说好的怎么没动静."""
    text = fold(words).replace(" ", "")
    if len(text) > int(_words()["longest"]) or _lines("beyond").search(text):
        return None
    for name in ("sure", "unsure"):
        found = _lines(name).match(text)
        if found is not None:
            return SignUp(_read_topic(text[found.end() :]), name == "sure")
    return None


def _read_topic(rest: str) -> str:
    asked = re.sub(str(_words()["asking"]), "", rest)
    return re.sub(str(_words()["about"]), "", asked)


@cache
def _lines(name: str) -> re.Pattern[str]:
    """The expressions of one kind: each wish after what people begin with, with its parts."""
    words = _words()
    block = str(words[name])
    for part in ("when", "place", "say", "want"):
        block = block.replace(f"{{{part}}}", str(words[part]))
    found = compile_lines(block)
    assert found is not None, "the file is not empty"
    head = "" if name == "beyond" else str(words["before"])
    return re.compile(f"{head}(?:{found.pattern})")


@cache
def _words() -> dict[str, str | int]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
