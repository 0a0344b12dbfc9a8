"""Recognises which firm is meant by what somebody called it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from threading import RLock
from typing import Self

from bot.core.names.exact_forms import Form, NameRegister
from bot.core.names.index import GramIndex
from bot.core.names.outcome import NOBODY, Candidate, Evidence, NameMatch, Verdict
from bot.core.names.parts import NameParts, is_no_name
from bot.core.names.scores import Spelling, score, why_alike
from bot.core.names.sentences import Piece, exact_names, pieces

_SHORTLIST = 150
_LONGEST = 120  # characters of a name that are looked at
_FLOOR = 0.5  # below this a guess is more often wrong than right
_HEARD_FLOOR = 0.6  # words cut out of a sentence must be more alike …
_OPENING_FLOOR = 0.68  # … and those that nothing introduces even more
_LEVEL = 0.02  # candidates no further apart than this are equal
_FAR = 0.3  # who is further behind the first is not worth asking about
_TELLING = 5  # characters of place and core from which being equal leaves no doubt


@dataclass(frozen=True, slots=True)
class NameEntry:
    """A firm to be recognised: its registered name and the short names the office registered."""

    id: int
    name: str
    aliases: tuple[str, ...] = ()


class NameIndex:
    """The firms that can be recognised; it grows and shrinks one firm at a time.

    Threads may share it: the office edits firms while messages come in.
    """

    def __init__(self) -> None:
        self._lock = RLock()
        self._names: dict[int, str] = {}
        self._slots: dict[int, list[int]] = {}
        self._spellings: list[tuple[int, Spelling]] = []
        self._grams = GramIndex()
        self._register = NameRegister()

    @classmethod
    def build(cls, entries: Iterable[NameEntry]) -> Self:
        """An index of all `entries`; of two with the same id the later one counts."""
        index = cls()
        for entry in entries:
            index.add(entry)
        return index

    def __len__(self) -> int:
        return len(self._names)

    def add(self, entry: NameEntry) -> None:
        """Let the firm be recognised from now on, in place of what had its id before."""
        name, *aliases = (Spelling.of(text) for text in (entry.name, *entry.aliases))
        with self._lock:
            self.remove(entry.id)
            self._register.add(entry.id, name.parts, [alias.parts for alias in aliases])
            self._slots[entry.id] = [
                self._place(entry.id, spelling) for spelling in (name, *aliases)
            ]
            self._names[entry.id] = entry.name

    def remove(self, firm: int) -> None:
        """Let the firm with this id be recognised no more; an unknown id changes nothing."""
        with self._lock:
            slots = self._slots.pop(firm, [])
            if not slots:
                return
            name, *aliases = (self._spellings[slot][1].parts for slot in slots)
            self._register.remove(firm, name, aliases)
            for slot in slots:
                self._grams.drop(slot)
            del self._names[firm]

    def find(self, text: str, limit: int = 3) -> NameMatch:
        """The firm that the whole of `text` names, or at most `limit` that it may name."""
        return self._recognise(text, limit, _FLOOR)

    def find_in(self, text: str, limit: int = 3) -> NameMatch:
        """The firm that a sentence says it comes from or, failing that, mentions.

        Exact names are found wherever they stand; others where words introduce them (我是…) or
        they open a clause (…门口). Two firms named equally clearly are both candidates.
        """
        heard = [(piece, self._match_piece(piece, limit)) for piece in pieces(text, self._register)]
        own = [match for piece, match in heard if match.candidates and piece.introduced]
        return _clearest(own or [match for _, match in heard if match.candidates], limit)

    def find_written(self, text: str) -> list[tuple[str, frozenset[int]]]:
        """Every exact name in a text, in folded form, with the firms that are called so; what is
        an ordinary word too is left out."""
        with self._lock:
            return [
                (piece, frozenset(self._register.owners_of(piece)))
                for piece in exact_names(text, self._register)
            ]

    def _match_piece(self, piece: Piece, limit: int) -> NameMatch:
        floor = _FLOOR if piece.exact else _HEARD_FLOOR if piece.introduced else _OPENING_FLOOR
        match = self._recognise(piece.text, limit, floor)
        # In the middle of a sentence even a registered name may be an ordinary word (老百姓).
        if match.verdict is Verdict.SURE and not piece.introduced:
            return replace(match, verdict=Verdict.GUESS)
        return match

    def _place(self, firm: int, spelling: Spelling) -> int:
        self._spellings.append((firm, spelling))
        return self._grams.add(spelling.grams())

    def _recognise(self, text: str, limit: int, floor: float) -> NameMatch:
        said = Spelling.of(text[:_LONGEST])
        with self._lock:
            found = self._candidates(said, limit)
            if not found or found[0].score < floor:
                return NOBODY
            near = tuple(
                candidate for candidate in found[:limit] if candidate.score >= found[0].score - _FAR
            )
            return NameMatch(self._verdict(said.parts, found), near)

    def _candidates(self, said: Spelling, limit: int) -> list[Candidate]:
        owners, why = self._owners(said.parts)
        certain = [Candidate(firm, self._names[firm], 1.0, why) for firm in owners]
        # One more than asked for: an equal one just behind the limit makes it SEVERAL all the same.
        ranked = self._rank_candidates(said, limit + len(owners) + 1)
        return certain + [candidate for candidate in ranked if candidate.id not in owners]

    def _owners(self, said: NameParts) -> tuple[tuple[int, ...], Evidence]:
        exact = (
            (Form.ALIAS, said.key, Evidence.ALIAS),
            (Form.NAME, said.key, Evidence.NAME),
            # 恒宇公司 for a firm known as 恒宇.
            (Form.ALIAS, "" if said.loose else said.stem, Evidence.ALIAS),
        )
        found = ((self._register.owners(form, text), why) for form, text, why in exact)
        return next((hit for hit in found if hit[0]), ((), Evidence.LIKE))

    def _rank_candidates(self, said: Spelling, limit: int) -> list[Candidate]:
        if is_no_name(said.parts.core):
            return []
        slots, rarity = self._grams.shortlist(said.grams(), _SHORTLIST)
        near = [self._spellings[slot] for slot in slots]
        scores = score(said, [spelling for _, spelling in near], rarity).tolist()
        best: dict[int, tuple[float, Spelling]] = {}
        for (firm, spelling), points in zip(near, scores, strict=True):
            if points > best.get(firm, (-1.0, spelling))[0]:
                best[firm] = (points, spelling)
        ranked = sorted(best.items(), key=lambda item: (-item[1][0], item[0]))[:limit]
        return [
            Candidate(firm, self._names[firm], min(points, 1.0), why_alike(said, spelling))
            for firm, (points, spelling) in ranked
        ]

    def _verdict(self, said: NameParts, found: list[Candidate]) -> Verdict:
        first, *others = found
        if any(_equal(first, other) for other in others):
            return Verdict.SEVERAL
        return Verdict.SURE if self._leaves_no_doubt(said, first) else Verdict.GUESS

    def _leaves_no_doubt(self, said: NameParts, first: Candidate) -> bool:
        if first.why is Evidence.ALIAS:
            return True
        # A bare name is often another firm's short form (measured): only a complete one is sure.
        if first.why is Evidence.NAME and said.complete:
            return True
        if self._register.owners(Form.CORE, said.core) != (first.id,):
            return False
        name = self._spellings[self._slots[first.id][0]][1].parts
        return (
            name.complete
            and _fits(said, name)
            and len(said.core) + sum(map(len, said.places)) >= _TELLING
        )


def _fits(said: NameParts, name: NameParts) -> bool:
    """Whether `said` adds nothing to the name and, where it is complete, leaves nothing out."""
    if said.complete:
        return said.places == name.places and said.loose == name.loose
    return said.places <= name.places and said.loose <= name.loose


def _equal(first: Candidate, other: Candidate) -> bool:
    exact = first.why in (Evidence.ALIAS, Evidence.NAME)
    return other.why is first.why if exact else other.score >= first.score - _LEVEL


def _clearest(matches: list[NameMatch], limit: int) -> NameMatch:
    sure = {match.candidates[0].id: match for match in matches if match.verdict is Verdict.SURE}
    if len(sure) > 1:
        firms = [match.candidates[0] for match in sure.values()]
        return NameMatch(Verdict.SEVERAL, tuple(firms[:limit]))
    return max(
        sure.values() or matches, key=lambda match: match.candidates[0].score, default=NOBODY
    )
