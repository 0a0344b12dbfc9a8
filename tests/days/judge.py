"""Judges what is read from a sentence with a day in it, against the days that are right."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from bot.core.sessions.promises import Unreadable, read_promise

OWN = Path(__file__).with_name("expressions.csv")
"""Said on a day: the words, and any days that are right; `ask` where only a question is, `ask?`
where a question is as good."""
WHO = "供电公司"
SENTENCES = {
    "spaced": f"{WHO} {{}} 完成增容",
    "joined": f"{WHO}{{}}完成增容",
    "counted": f"{WHO} {{}} 换2台变压器",
}
ASK, ASK_TOO = "ask", "ask?"


class Verdict(StrEnum):
    """How the reading of a sentence stands against what is right."""

    RIGHT = "right"
    ASKED = "asked rightly"
    NEEDLESS = "asked needlessly"
    WRONG = "silently wrong"


@dataclass(frozen=True)
class Expression:
    """Words that name a day, said on another."""

    said_on: date
    words: str
    days: frozenset[date]
    asks: frozenset[str]

    def judge(self, sentence: str) -> Verdict:
        """What reading the sentence with these words comes to. Who and what must be whole."""
        try:
            draft = read_promise(sentence.format(self.words), self.said_on)
        except Unreadable:
            return Verdict.ASKED if self.asks else Verdict.NEEDLESS
        what = sentence.partition("{}")[2].strip()
        whole = draft.who == WHO and draft.what.endswith(what)
        return Verdict.RIGHT if whole and draft.day in self.days else Verdict.WRONG


def read_expressions(path: Path = OWN) -> Iterator[Expression]:
    """Every row of a file: the day it was said on, the words, what is right."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for said_on, words, right in rows:
            parts = right.split()
            asks = {part for part in parts if part in (ASK, ASK_TOO)}
            days = {date.fromisoformat(part) for part in parts if part not in asks}
            yield Expression(date.fromisoformat(said_on), words, frozenset(days), frozenset(asks))
