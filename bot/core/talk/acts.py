"""The names of things: what a message can be, who wrote it, how matters stood, how it was read."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

_FRESH = timedelta(minutes=10)


class Act(StrEnum):
    """What somebody does by writing a message. The values are the sections of examples/*.toml."""

    MATTER = "matter"
    """Something to file."""
    SUPPLEMENT = "supplement"
    """More about an open matter."""
    ANSWER = "answer"
    """An answer to what was just asked."""
    GREETING = "greeting"
    THANKS = "thanks"
    """Thanks, or 收到."""
    PROGRESS = "progress"
    """How something stands; from leaders and the office also figures."""
    CONTACT = "contact"
    """Who is responsible, how to reach somebody."""
    SESSIONS = "sessions"
    """When, where and how to come to a session, its agenda and minutes."""
    POLICY = "policy"
    """A policy or a procedure of the authorities."""
    PROCESS = "process"
    """How the bot and its service work."""
    HUMAN = "human"
    """A person is wanted, on the phone or in person."""
    WITHDRAW = "withdraw"
    """Taking back a matter: 不用了."""
    MISSENT = "missent"
    """Taking back the last words: 误发, 发错了."""
    CORRECTION = "correction"
    """不是三号楼是五号楼."""
    SOLVED = "solved"
    UNSOLVED = "unsolved"
    """Still not solved, nobody came: urging."""
    RATING = "rating"
    RECORD = "record"
    """The firm's own record changes: another contact, moved away, renamed."""
    COMMAND = "command"
    """A command, in the words of the help page or freely."""
    REMARK = "remark"
    """A word among staff, for no firm's eyes."""
    REPLY = "reply"
    """A clear answer of staff to a firm."""
    INSTRUCTION = "instruction"
    """A leader's word on what is to be done."""
    CHAT = "chat"
    ANGER = "anger"
    """Anger or abuse that names no matter."""
    NOISE = "noise"
    """Emoji, a test, what a platform writes by itself, forwarded notices."""


class Role(StrEnum):
    """Who writes. UNBOUND is a person whose firm is not known yet."""

    CONTACT = "contact"
    UNBOUND = "unbound"
    LIAISON = "liaison"
    DEPARTMENT = "department"
    LEADER = "leader"
    OFFICE = "office"

    @property
    def is_staff(self) -> bool:
        """Whether the person works for the park."""
        return self not in {Role.CONTACT, Role.UNBOUND}


class Asked(StrEnum):
    """The open question that the writer was put last."""

    NOTHING = "nothing"
    CHOICE = "choice"
    """Which of several lines is meant, by a digit."""
    MATTER = "matter"
    """Whether what was written is a matter."""
    MORE = "more"
    """请补充."""
    CONFIRM = "confirm"
    """Whether a resolved issue is solved indeed."""
    RATING = "rating"
    ATTENDANCE = "attendance"
    """Whether they come to a session."""
    TOPIC = "topic"
    """What somebody who signed up wants to talk about."""


class Showed(StrEnum):
    """What the writer saw last and may speak of."""

    NOTHING = "nothing"
    LIST = "list"
    CARD = "card"
    """One issue's card, to somebody of the staff."""
    NOTE = "note"
    """Their own 备注 was just taken down."""


@dataclass(frozen=True, slots=True)
class State:
    """How matters stood with the writer when the message came.

    `open_issues` counts what the writer's firm has open; `since_filed` is the time since the last
    of them was filed or supplemented, None where there is none. `waits` says that a resolved
    issue waits for 已解决 or 没解决, and `invited` that a session is ahead to which the writer is
    invited, even where that was not what was asked last.
    """

    role: Role
    asked: Asked = Asked.NOTHING
    showed: Showed = Showed.NOTHING
    open_issues: int = 0
    since_filed: timedelta | None = None
    waits: bool = False
    invited: bool = False

    @property
    def is_fresh(self) -> bool:
        """Whether the last word about an open issue is only minutes old."""
        return self.since_filed is not None and self.since_filed <= _FRESH


@dataclass(frozen=True, slots=True)
class Likely:
    """An act and how probable it is (0 to 1)."""

    act: Act
    probability: float


class Because(StrEnum):
    """What decided: a whole message of the list, a pattern, shells with nothing inside, the kind
    of characters, or what was learned from examples and corrections."""

    LISTED = "listed"
    PATTERN = "pattern"
    SHELL = "shell"
    SIGNS = "signs"
    NOTICE = "notice"
    """The form of a notice to many, passed on."""
    LEARNED = "learned"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message is, as far as its words and the writer's role tell.

    `ranked` holds the likeliest acts, the likeliest first. `core` is what is left without shells,
    as it was compared. `urgent` are the urgent words in it, to be looked at whatever the act.
    """

    ranked: tuple[Likely, ...]
    because: Because
    core: str
    urgent: tuple[str, ...] = ()

    @property
    def act(self) -> Act:
        """The likeliest act."""
        return self.ranked[0].act

    @property
    def confidence(self) -> float:
        """How probable the likeliest act is (0 to 1)."""
        return self.ranked[0].probability

    def chance(self, *acts: Act) -> float:
        """How probable it is that the message is one of these."""
        return sum(likely.probability for likely in self.ranked if likely.act in acts)
