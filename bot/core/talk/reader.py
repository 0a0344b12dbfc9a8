"""Reads what a message is: listed words first, then what was learned from examples."""

import hashlib
import math
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from bot.core.classifier.features import plain
from bot.core.classifier.lexicon import Lexicon
from bot.core.classifier.model import Model
from bot.core.talk.acts import Act, Asked, Because, Likely, Reading, Role, Showed, State
from bot.core.talk.example_files import EVERYONE, FIRM, STAFF, Section
from bot.core.talk.learned import correct_side, fit_side, read_data_files, write_features
from bot.core.talk.parts import find_parts
from bot.core.talk.patterns import compile_lines
from bot.core.talk.shells import Kind, strip_shells

_PATTERN = 0.95
_FORWARDED = 0.6
_PARTED = frozenset({Act.MATTER, Act.POLICY, Act.SUPPLEMENT})
_PART = 0.3  # a part is short, and form already says that it is one of several
_RANKED = 6
_BARE = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Reader:
    """What has been learned about acts. A value: a correction makes another.

    `firm` and `staff` are the models of what either side says; `words` the park's own words for
    matters; `urgent` those that are looked for in every message.
    """

    sections: tuple[Section, ...]
    words: Lexicon
    urgent: tuple[str, ...]
    firm: Model
    staff: Model
    _listed: Mapping[tuple[str, str], Act] = field(init=False, repr=False, compare=False)
    _patterns: Mapping[str, tuple[Section, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_listed", _index_exact(self.sections))
        object.__setattr__(self, "_patterns", _index_patterns(self.sections))

    def read_act(self, words: str, state: State) -> Reading:
        """What a message is, for anybody who writes anything; never raises."""
        text = plain(words)
        urgent = tuple(word for word in self.urgent if word in text)
        found = self._read_signs(text, state) or self._read_listed(text, state)
        if found:
            act, chance, because = found
            return Reading(_split_chance(act, chance), because, text, urgent)
        stripped = strip_shells(words)
        core = plain(stripped.core)
        if not any(char.isalnum() for char in core):
            act = Act.THANKS if Kind.THANKS in stripped.kinds else Act.GREETING
            return Reading((Likely(act, 1.0),), Because.SHELL, core, urgent)
        found = self._read_listed(core, state) if stripped.shells else None
        if found:
            act, chance, because = found
            return Reading(_split_chance(act, chance), because, core, urgent)
        return Reading(self._rank(core, state), Because.LEARNED, core, urgent)

    def split_matters(self, words: str, state: State) -> tuple[str, ...]:
        """The matters of a message, as written: several only where each part reads as one."""
        parts = find_parts(words)
        if len(parts) > 1 and all(self._is_matter(part, state) for part in parts):
            return parts
        return (words.strip(),)

    def learn_correction(self, words: str, act: Act, role: Role) -> "Reader":
        """The reader after a person said what this message of that role was."""
        if role.is_staff:
            return replace(self, staff=correct_side(self.staff, words, act, self.words))
        return replace(self, firm=correct_side(self.firm, words, act, self.words))

    def _is_matter(self, part: str, state: State) -> bool:
        reading = self.read_act(part, State(state.role))
        return reading.act in _PARTED or reading.chance(*_PARTED) >= _PART

    def _read_signs(self, text: str, state: State) -> tuple[Act, float, Because] | None:
        if not any(char.isalnum() for char in text):
            thanks = any(char in text for char in _signs()["thankful"])
            return (Act.THANKS if thanks else Act.NOISE), 1.0, Because.SIGNS
        if _sign("written").match(text):
            return Act.NOISE, 1.0, Because.SIGNS
        if not state.role.is_staff and _is_notice(text):
            return Act.NOISE, 1.0, Because.NOTICE
        if _sign("forwarded").match(text) and not state.role.is_staff:
            return Act.NOISE, _FORWARDED, Because.SIGNS
        if state.asked is not Asked.NOTHING and _bare(text).isdecimal():
            return Act.ANSWER, 1.0, Because.SIGNS
        return None

    def _read_listed(self, text: str, state: State) -> tuple[Act, float, Because] | None:
        bare = _bare(text)
        for side in _sides(state):
            act = self._listed.get((side, bare))
            if act:
                return act, 1.0, Because.LISTED
        for side in _sides(state):
            for section in self._patterns.get(side, ()):
                if section.pattern and section.pattern.fullmatch(bare):
                    return section.act, _PATTERN, Because.PATTERN
        return None

    def _rank(self, core: str, state: State) -> tuple[Likely, ...]:
        model = self.staff if state.role.is_staff else self.firm
        line = model.probabilities([write_features(core, self.words)])[0].tolist()
        moved = _find_moves(_name_conditions(state), state.role.is_staff)
        raised = [
            chance * math.exp(moved.get(label, 0.0))
            for label, chance in zip(model.labels, line, strict=True)
        ]
        whole = sum(raised)
        ranked = sorted(zip(raised, model.labels, strict=True), reverse=True)[:_RANKED]
        return tuple(Likely(Act(label), chance / whole) for chance, label in ranked)


def build_reader(
    sections: Sequence[Section],
    matters: Sequence[str] = (),
    words: Iterable[str] = (),
    urgent: Iterable[str] = (),
    models: tuple[Model, Model] | None = None,
) -> Reader:
    """A reader trained on these examples; takes seconds, so it is for start-up.

    `matters` are sentences known to be matters (the categories' examples), `words` the categories'
    keywords, `urgent` the words that are urgent anywhere. The same arguments give the same reader.
    `models`, of firms and of staff, are those that were trained and kept under the same
    `fingerprint`: nothing is trained then.
    """
    known = tuple(words)
    lexicon = Lexicon(known, (0,) * len(known))
    firm, staff = models or (
        fit_side(FIRM, sections, matters, lexicon),
        fit_side(STAFF, sections, (), lexicon),
    )
    return Reader(tuple(sections), lexicon, tuple(urgent), firm, staff)


def fingerprint(
    sections: Sequence[Section], matters: Sequence[str] = (), words: Iterable[str] = ()
) -> str:
    """Sixteen characters that differ whenever what the models learn from differs."""
    told = [
        (section.side, section.act.value, section.exact, section.examples) for section in sections
    ]
    data = read_data_files()
    whole = repr((told, tuple(matters), tuple(words), data)).encode()
    return hashlib.sha256(whole).hexdigest()[:16]


def _index_exact(sections: Iterable[Section]) -> dict[tuple[str, str], Act]:
    return {
        (section.side, _bare(plain(entry))): section.act
        for section in sections
        for entry in section.exact
    }


def _index_patterns(sections: Iterable[Section]) -> dict[str, tuple[Section, ...]]:
    found: dict[str, tuple[Section, ...]] = {}
    for section in sections:
        if section.pattern:
            found[section.side] = (*found.get(section.side, ()), section)
    return found


def _sides(state: State) -> tuple[str, ...]:
    """Whose listed words count, the closest first."""
    side = STAFF if state.role.is_staff else FIRM
    return (f"asked_{state.asked}", side, EVERYONE)


def _is_notice(text: str) -> bool:
    return bool(_sign("notice").match(text)) and not _sign("wishing").search(text)


def _bare(text: str) -> str:
    return _BARE.sub("", text)


def _split_chance(act: Act, chance: float) -> tuple[Likely, ...]:
    """What is not certain may be a matter: that is the mistake to be afraid of."""
    first = Likely(act, chance)
    return (first,) if chance == 1 or act is Act.MATTER else (first, Likely(Act.MATTER, 1 - chance))


@cache
def _find_moves(conditions: tuple[str, ...], staff: bool) -> dict[str, float]:
    """What the state adds to the log odds of each act, all things that hold together."""
    table = _states()[STAFF if staff else FIRM]
    moved: dict[str, float] = {}
    for name in conditions:
        for act, step in table.get(name, {}).items():
            moved[act] = moved.get(act, 0.0) + step
    return moved


def _name_conditions(state: State) -> tuple[str, ...]:
    held = {
        state.role.value: True,
        f"asked_{state.asked}": True,
        state.showed.value: state.showed is not Showed.NOTHING,
        "idle": state.asked is Asked.NOTHING and not state.waits and not state.invited,
        "open": state.open_issues > 0,
        "none": state.open_issues == 0,
        "fresh": state.is_fresh,
        "waits": state.waits,
        "invited": state.invited,
    }
    return tuple(name for name, holds in held.items() if holds)


@cache
def _sign(name: str) -> re.Pattern[str]:
    pattern = compile_lines(_signs()[name])
    return pattern or re.compile("(?!)")


@cache
def _signs() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("signs.toml").read_text(encoding="utf-8"))


@cache
def _states() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("states.toml").read_text(encoding="utf-8"))
