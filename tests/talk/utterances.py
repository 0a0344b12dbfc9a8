"""The utterances by which reading is judged, and how a decision compares with what is right."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

from bot import taxonomy
from bot.core.classifier.cold_start import lexicon
from bot.core.talk.acts import Act, Asked, Role, Showed, State
from bot.core.talk.decisions import Decision, Effect, Step, decide, effect_of
from bot.core.talk.example_files import load_shipped
from bot.core.talk.reader import Reader, build_reader
from tests.conftest import ROOT

OWN = Path(__file__).with_name("utterances.csv")
UNSEEN = Path(__file__).with_name("unseen.csv")
PUBLIC = ROOT.parent / "shared" / "cases" / "talk.csv"
_LETTERS = {
    Effect.NEW: "N",
    Effect.OPEN: "J",
    Effect.ANSWERED: "A",
    Effect.NOTHING: "X",
    Effect.ORDERED: "C",
    Effect.SENT: "F",
}
_OPEN = {"open_issues": 1, "since_filed": timedelta(days=2)}
_STATES: dict[str, dict[str, object]] = {
    "idle": {},
    "fresh": {"open_issues": 1, "since_filed": timedelta(seconds=30)},
    "open": _OPEN,
    "confirm": {**_OPEN, "asked": Asked.CONFIRM, "waits": True},
    "rating": {"asked": Asked.RATING},
    "invited": {"asked": Asked.ATTENDANCE, "invited": True},
    "topic": {"asked": Asked.TOPIC, "invited": True},
    "more": {**_OPEN, "asked": Asked.MORE},
    "asked": {"asked": Asked.MATTER},
    "list": {**_OPEN, "asked": Asked.CHOICE, "showed": Showed.LIST},
    "card": {"showed": Showed.CARD},
    "note": {"showed": Showed.NOTE},
}
_PUBLIC_STATES = {
    "no_open_issue": "idle",
    "filed_30_s_ago": "fresh",
    "in_progress_2_days": "open",
}


@dataclass(frozen=True)
class Utterance:
    """Words in a state, and the letters of what is right: N a new issue, J joins the open one,
    A answers what was asked, X touches nothing, C a command or instruction, F goes to the firm,
    Q a question is as good. `act` is "" where only the outcome is known."""

    text: str
    state: State
    named: str
    act: str
    right: str

    @property
    def is_matter(self) -> bool:
        """Whether somebody would be let down if nothing came of it."""
        return not self.state.role.is_staff and "N" in self.right and "X" not in self.right


@dataclass(frozen=True)
class Outcome:
    """What came of an utterance: `letter` is what was done, Q a question with `offered` letters."""

    utterance: Utterance
    decision: Decision
    letter: str
    offered: str

    @property
    def is_right(self) -> bool:
        return self.letter in self.utterance.right

    @property
    def is_asked(self) -> bool:
        """Asked, with what is right among the lines of the question."""
        return not self.is_right and bool(set(self.offered) & set(self.utterance.right))

    @property
    def is_wrong(self) -> bool:
        return not self.is_right and not self.is_asked


def read_own_set() -> list[Utterance]:
    """The set by which the examples were improved, kind by kind."""
    return _read_set(OWN)


def read_unseen_set() -> list[Utterance]:
    """The batch that was written last, after the examples."""
    return _read_set(UNSEEN)


def _read_set(path: Path) -> list[Utterance]:
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Utterance(
                row["text"],
                make_state(row["role"], row["state"]),
                f"{row['role']} {row['state']}",
                row["act"],
                row["outcome"],
            )
            for row in csv.DictReader(file)
        ]


def read_public_set() -> list[Utterance]:
    """The set that others wrote, where it is there."""
    if not PUBLIC.exists():
        return []
    with PUBLIC.open(encoding="utf-8", newline="") as file:
        return [
            Utterance(row["text"], make_state("contact", state), f"contact {state}", "", row[name])
            for row in csv.DictReader(file)
            for name, state in _PUBLIC_STATES.items()
        ]


def make_state(role: str, name: str) -> State:
    """The state that a row names."""
    return State(Role(role), **_STATES[name])  # type: ignore[arg-type]


@cache
def first_reader() -> Reader:
    """The reader that nobody has corrected yet."""
    park = taxonomy.park()
    matters = [text for category in park.categories for text in category.examples]
    return build_reader(load_shipped(), matters, lexicon(park).words, park.urgent)


def judge(reader: Reader, utterance: Utterance) -> Outcome:
    """What comes of an utterance."""
    state = utterance.state
    decision = decide(reader.read_act(utterance.text, state), state)
    offered = "".join(_letter(step, state) for step in decision.options)
    letter = "Q" if decision.step is Step.ASK else _letter(decision.step, state)
    return Outcome(utterance, decision, letter, offered)


def judge_all(reader: Reader, utterances: list[Utterance]) -> Iterator[Outcome]:
    """What comes of each."""
    return (judge(reader, utterance) for utterance in utterances)


def _letter(step: Step, state: State) -> str:
    """STATUS is told of the open issue, so it joins it where there is one."""
    if step is Step.STATUS and state.open_issues:
        return "J"
    return _LETTERS[effect_of(step)]


ACTS = frozenset(act.value for act in Act)
