"""Reads what became of everything that was said in a rehearsal: a case made of chatter, a matter
that is nowhere, words among the staff at a firm, a firm that was met with silence."""

import re
import tomllib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Row, inspect, text

from tests.conftest import ROOT
from tests.rehearsal.chain import moment

WORDS = ROOT / "bot" / "texts" / "zh_CN" / "rehearsal.toml"
STAFF_KINDS = ("remark", "aside", "inquiry", "order")
"""What only colleagues say; the other kinds are the firms', and none of either is a matter."""
IDLE_KINDS = ("greeting", "thanks", "who", "meeting", "process", "noise", "small")
"""What firms say that moves no matter either."""
ELSE = ("more", "facts", "not_yet", "dispute")
"""What firms say of a matter that they have raised before."""
MARKED = re.compile(r"门牌(\d+)，.+", re.DOTALL)
QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)
_CONTACTS = (
    " LEFT JOIN people p ON p.id = t.person_id"
    " WHERE (p.role = 'contact' OR p.id IS NULL) AND t.address <> 'group'"
)


class TalkReader:
    """One database after a rehearsal."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self.chatter, self.inside, self._idle, self._further = _read_sentences()

    def faults(self) -> Iterator[str]:
        """Everything that is wrong, in words."""
        yield from self._find_cases_of_chatter()
        yield from self._find_moves_by_chatter()
        yield from self._find_lost_matters()
        yield from self._find_staff_words()
        yield from self._find_silence()

    def count_chatter(self) -> int:
        """How much of what was said is chatter."""
        rows = self._db.execute(text("SELECT text FROM messages")).scalars()
        return sum(said in self.chatter or said in self.inside for said in rows)

    # No case of chatter

    def _find_cases_of_chatter(self) -> Iterator[str]:
        """Chosen by its writer's digit it is theirs, and so is a question that they let be, which
        the duty desk then looks at."""
        rows = (
            "SELECT i.id, i.number, i.title, e.text, m.text AS said FROM issue_events e"
            " JOIN issues i ON i.id = e.issue_id LEFT JOIN messages m ON m.key = e.because"
            " WHERE e.move = 'file' ORDER BY e.id"
        )
        for row in self._rows(rows):
            first = next(iter(row.text.splitlines()), "")
            made = {first, row.title} & (self.chatter | self.inside)
            chosen = row.said is not None and row.said.strip().isdigit() and first != row.said
            if made and not chosen and row.id not in self._asked:
                yield f"{row.number} is made of {made.pop()!r}"

    @cached_property
    def _asked(self) -> set[int]:
        """Issues that a question made which nobody answered."""
        if not inspect(self._db).has_table("matter_questions"):
            return set()
        rows = "SELECT issue_id FROM matter_questions WHERE issue_id IS NOT NULL"
        return set(self._db.execute(text(rows)).scalars())

    def _find_moves_by_chatter(self) -> Iterator[str]:
        """No matter is urged, reopened, supplemented by a greeting."""
        rows = (
            "SELECT e.issue_id, e.move, m.text FROM issue_events e"
            " JOIN messages m ON m.key = e.because WHERE e.move <> 'file' ORDER BY e.id"
        )
        for row in self._rows(rows):
            if row.text in self._idle:
                yield f"{row.text!r} was taken for {row.move} of issue {row.issue_id}"

    # No matter lost

    def _find_lost_matters(self) -> Iterator[str]:
        """What a firm raised is in some case, or was asked about less than an hour before the
        end."""
        kept = self._group_events()
        messages = self._contact_messages
        last = max((moment(row.received_at) for row in messages), default=None)
        for row in messages:
            matter = MARKED.search(row.text)
            if matter is None or any(words in row.text for words in self._further):
                continue
            if matter[0] in kept[matter[1]] or (last and moment(row.received_at) > last - HOUR):
                continue
            yield f"{row.text!r} of {row.received_at} is nowhere, answered {self._answers(row.key)}"

    def _group_events(self) -> Mapping[str, str]:
        """All that stands in cases, by the firm's house number in it."""
        found: defaultdict[str, str] = defaultdict(str)
        for said in self._db.execute(text("SELECT text FROM issue_events")).scalars():
            for number in set(re.findall(r"门牌(\d+)", said)):
                found[number] += f"{said}\n"
        return found

    # No word of the staff at a firm

    def _find_staff_words(self) -> Iterator[str]:
        rows = (
            f"SELECT o.kind, o.text FROM outbox o JOIN threads t ON t.id = o.thread_id{_CONTACTS}"
        )
        for row in self._rows(rows):
            for words in self._inside_in(row.text):
                yield f"{row.kind} tells a firm {words!r}"
        for row in self._rows("SELECT move, text FROM issue_events WHERE move <> 'note'"):
            for words in self._inside_in(row.text):
                yield f"{words!r} became {row.move}"

    def _inside_in(self, said: str) -> Iterator[str]:
        return (words for words in self.inside if words in said)

    # Nobody is met with silence

    def _find_silence(self) -> Iterator[str]:
        """Everything that a firm writes is answered, at least once a quarter of an hour."""
        answered = self._list_answers()
        for row in self._contact_messages:
            at = moment(row.received_at)
            near = answered[row.thread_id]
            place = bisect_left(near, at - QUARTER)
            if place == len(near) or near[place] > at + QUARTER:
                yield f"{row.text!r} of {row.received_at} in thread {row.thread_id} was unanswered"

    def _list_answers(self) -> Mapping[int, list[datetime]]:
        """When words left to each thread in answer to what it had written."""
        rows = (
            "SELECT o.thread_id, o.sent_at FROM outbox o JOIN messages m ON m.key = o.because"
            " WHERE m.thread_id = o.thread_id AND o.sent_at IS NOT NULL"
        )
        found: defaultdict[int, list[datetime]] = defaultdict(list)
        for row in self._rows(rows):
            found[row.thread_id].append(moment(row.sent_at))
        for moments in found.values():
            moments.sort()
        return found

    def _answers(self, key: str) -> list[str]:
        rows = text("SELECT kind FROM outbox WHERE because = :key ORDER BY id")
        return list(self._db.execute(rows, {"key": key}).scalars())

    @cached_property
    def _contact_messages(self) -> list[Row[Any]]:
        return self._rows(
            "SELECT m.key, m.thread_id, m.text, m.received_at FROM messages m"
            f" JOIN threads t ON t.id = m.thread_id{_CONTACTS} ORDER BY m.id"
        )

    def _rows(self, statement: str) -> list[Row[Any]]:
        return list(self._db.execute(text(statement)))


def find_talk_faults(db: Connection) -> Iterator[str]:
    """What the reader finds in one database."""
    yield from TalkReader(db).faults()


def _read_sentences() -> tuple[frozenset[str], frozenset[str], frozenset[str], tuple[str, ...]]:
    """The firms' chatter, the staff's, the idle of the firms', and what goes on about a matter."""
    words = tomllib.loads(WORDS.read_text(encoding="utf-8"))["rehearsal"]
    chat = words["chat"]
    firms = (lines for kind, lines in chat.items() if kind not in STAFF_KINDS)
    staff = (chat[kind] for kind in STAFF_KINDS)
    return (
        frozenset(_split(firms)),
        frozenset(_split(staff)),
        frozenset(_split(chat[kind] for kind in IDLE_KINDS)),
        tuple(_split(words["said"][kind] for kind in ELSE)),
    )


def _split(blocks: Iterable[str]) -> Iterator[str]:
    for block in blocks:
        yield from block.strip().splitlines()
