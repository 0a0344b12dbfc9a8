"""Parts a message that names several matters: numbered items, or clauses with 另外 and 还有."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from bot.core.talk.patterns import compile_lines, fold_in_place, join_alternatives

_LONGEST = 120  # characters; in a long letter 另外 goes on with the same story
_SHORTEST = 4
_ITEM = 3
_BEGINS = r"(?:^|(?<=[\s,，。;；:：!！?？、]))"
_STOPS = " \t\r\n,，.。;；、:：!！?？"


def find_parts(words: str) -> tuple[str, ...]:
    """The parts of a message that may each be a matter, as written; one where there is no more.

    By form alone: whether each part says something of its own is for `Reader.split_matters`.
    """
    text = fold_in_place(words)
    return _find_items(words, text) or _find_clauses(words, text) or (words.strip(),)


def _find_items(words: str, text: str) -> tuple[str, ...]:
    for marks, read in ((_find_circled(), words), *((marks, text) for marks in _find_countings())):
        starts = list(_find_marks(read, marks))
        if len(starts) < 2:
            continue
        ends = [*(start for start, _ in starts[1:]), len(text)]
        parts = [words[at:end].strip(_STOPS) for (_, at), end in zip(starts, ends, strict=True)]
        if all(len(part) >= _ITEM for part in parts):
            return tuple(parts)
    return ()


def _find_marks(text: str, marks: tuple[re.Pattern[str], ...]) -> Iterator[tuple[int, int]]:
    """Where each number stands and where its item begins, as long as they count on from one."""
    at = 0
    for mark in marks:
        found = mark.search(text, at)
        if not found:
            return
        at = found.end()
        yield found.start(), at


def _find_clauses(words: str, text: str) -> tuple[str, ...]:
    if len(text) > _LONGEST:
        return ()
    cuts = [(found.start(), found.end()) for found in _find_joints().finditer(text)]
    bounds = [(0, 0), *cuts, (len(text), len(text))]
    spans = [(end, start) for (_, end), (start, _) in pairwise(bounds)]
    parts = [words[first:last].strip(_STOPS) for first, last in spans]
    parts = [part for part in parts if part]
    whole = len(parts) > 1 and all(len(part) >= _SHORTEST for part in parts)
    return tuple(parts) if whole else ()


@cache
def _find_joints() -> re.Pattern[str]:
    """At the beginning of a clause; the longer ones also in the midst of what was spoken, where
    nothing parts the clauses."""
    lines, spoken = (compile_lines(_words()[key]) for key in ("joints", "spoken"))
    begun = f"{_BEGINS}{lines.pattern if lines else '(?!)'}"
    return re.compile(f"{begun}|{spoken.pattern if spoken else '(?!)'}")


@cache
def _find_circled() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(mark) for mark in _words()["circled"])


@cache
def _find_countings() -> tuple[tuple[re.Pattern[str], ...], ...]:
    return tuple(
        tuple(re.compile(_mark(mark)) for mark in counting) for counting in _words()["counted"]
    )


def _mark(mark: str) -> str:
    """A number alone needs a stop behind it; `一是` and `①` do not."""
    alone = len(mark) == 1 and (mark.isdecimal() or mark.isalpha())
    stop = str(_words()["stops"]) + r"(?!\d)" if alone else str(_words()["loose"])
    return _BEGINS + join_alternatives([re.escape(fold_in_place(mark))]) + r"\s*" + stop


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
