"""The life of an issue as one table: who may do what, from where to where, and what the clock does.

The order and the words follow the practice of 12345 offices (受理 转办 退单 反馈 办结 回访 销号);
the rating scale is GB/T 39735-2020.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from bot.core.issues.issue import OPEN, WORKED_ON, Issue, Status
from bot.core.messages import Refused


class Move(StrEnum):
    """One verb of the glossary; every event of an issue is one of these."""

    FILE = "file"
    ACCEPT = "accept"
    ASK = "ask"
    SUPPLEMENT = "supplement"
    ANSWER = "answer"
    NOTE = "note"
    PASS_ON = "pass_on"  # noqa: S105 - a verb, no secret
    TAKE = "take"
    DECLINE = "decline"
    RETURN = "return"
    RULE = "rule"
    ASSIGN = "assign"
    ASSIST = "assist"
    RESOLVE = "resolve"
    CONFIRM = "confirm"
    NOT_SOLVED = "not_solved"
    RATE = "rate"
    REOPEN = "reopen"
    CLOSE = "close"
    WITHDRAW = "withdraw"
    URGE = "urge"
    PLAN = "plan"
    AGREE = "agree"
    DISAGREE = "disagree"
    EXTEND = "extend"
    GRANT = "grant"
    DENY = "deny"
    MILESTONE = "milestone"
    ESCALATE = "escalate"
    HASTEN = "hasten"
    RESUME = "resume"
    INSTRUCT = "instruct"
    RECATEGORISE = "recategorise"
    SPONSOR = "sponsor"
    TABLE = "table"
    CLAIM = "claim"
    IDENTIFY = "identify"
    MERGE = "merge"
    SPLIT = "split"
    SEAL = "seal"
    UNSEAL = "unseal"
    UNDO = "undo"


class Who(StrEnum):
    """What the acting person is to this very issue."""

    REPORTER = "reporter"  # the contact who filed it, or a colleague of the same enterprise
    OWNER = "owner"  # who holds it now
    OFFERED = "offered"  # who was asked to take it over
    HELPER = "helper"  # who was asked to help whoever holds it
    SUPERIOR = "superior"  # who answers for it on its rung, or the leader who keeps it to the end
    LEADER = "leader"  # any leader of the park
    DUTY = "duty"  # the office at the duty desk
    BOT = "bot"  # a consequence of another move
    CLOCK = "clock"  # a tick


class Clock(StrEnum):
    """What a move does to the service level's clock."""

    KEEP = "keep"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    MOVE = "move"  # to a date that was agreed
    STOP = "stop"


class Needs(StrEnum):
    """What must come with a move."""

    NOTHING = "nothing"
    TEXT = "text"
    DATE = "date"
    STARS = "stars"


@dataclass(frozen=True)
class Rule:
    """One row of the table. `to` None means the status stays."""

    move: Move
    start: frozenset[Status]
    to: Status | None
    who: frozenset[Who]
    clock: Clock = Clock.KEEP
    needs: Needs = Needs.NOTHING
    undoable: bool = False


def _set(*names: Status) -> frozenset[Status]:
    return frozenset(names)


F, A, W, P = Status.FILED, Status.ACCEPTED, Status.WAITING, Status.PLANNED
R, C, X, Q = Status.RESOLVED, Status.CONFIRMED, Status.CLOSED, Status.WITHDRAWN

_REPORTER = frozenset({Who.REPORTER})
_OWNER = frozenset({Who.OWNER, Who.DUTY})
_HOLDER = frozenset({Who.OWNER})
_READING = frozenset({Who.OWNER, Who.SUPERIOR})
_ASKED = frozenset({Who.OFFERED, Who.BOT})
_LEADING = frozenset({Who.LEADER, Who.DUTY})
_LEADER = frozenset({Who.LEADER})
_OFFERED = frozenset({Who.OFFERED, Who.SUPERIOR})
_DUTY = frozenset({Who.DUTY})
_STAFF = frozenset({Who.OWNER, Who.OFFERED, Who.SUPERIOR, Who.LEADER, Who.DUTY})
_NOTING = _STAFF | {Who.HELPER}
_HANDING = frozenset({Who.OWNER, Who.DUTY, Who.BOT})
_PASSING = _HANDING | {Who.LEADER}
_SAYING = frozenset({Who.REPORTER, Who.BOT})
_BOT = frozenset({Who.BOT})
_CLOCK = frozenset({Who.CLOCK})
_ABOVE = frozenset({Who.SUPERIOR, Who.LEADER, Who.DUTY})
_ITSELF = frozenset({Who.BOT, Who.CLOCK, Who.DUTY})

# fmt: off
RULES: tuple[Rule, ...] = (
    #    move             from         to    who        clock         needs         undo
    Rule(Move.FILE,       _set(),      F,    _REPORTER, Clock.START,  Needs.TEXT),
    Rule(Move.ACCEPT,     _set(F),     A,    _OWNER,    Clock.KEEP,   Needs.NOTHING, True),
    Rule(Move.ASK,        _set(F, A),  W,    _OWNER,    Clock.PAUSE,  Needs.TEXT,    True),
    Rule(Move.SUPPLEMENT, _set(W),     A,    _REPORTER, Clock.RESUME, Needs.TEXT),
    Rule(Move.SUPPLEMENT, OPEN - {W},  None, _REPORTER, Clock.KEEP,   Needs.TEXT),
    Rule(Move.ANSWER,     _set(F),     A,    _OWNER,    Clock.KEEP,   Needs.TEXT,    True),
    Rule(Move.ANSWER,     _set(A, W, P), None, _HANDING, Clock.KEEP,   Needs.TEXT,    True),
    Rule(Move.NOTE,       frozenset(Status), None, _NOTING, Clock.KEEP, Needs.TEXT,  True),
    Rule(Move.ASSIGN,     WORKED_ON,   None, _BOT,      Clock.KEEP,   Needs.TEXT),
    Rule(Move.ASSIST,     OPEN,        None, _OWNER,    Clock.KEEP,   Needs.TEXT),
    Rule(Move.PASS_ON,    WORKED_ON,   None, _PASSING,   Clock.KEEP,   Needs.NOTHING, True),
    Rule(Move.TAKE,       _set(F),     A,    _OFFERED,  Clock.KEEP,   Needs.NOTHING, True),
    Rule(Move.TAKE,       _set(A, W, P), None, _OFFERED, Clock.KEEP,  Needs.NOTHING, True),
    Rule(Move.DECLINE,    WORKED_ON,   None, _ASKED,    Clock.KEEP,   Needs.TEXT,    True),
    Rule(Move.RETURN,     WORKED_ON,   None, _HOLDER,   Clock.KEEP,   Needs.TEXT,    True),
    Rule(Move.RULE,       WORKED_ON,   None, _DUTY,     Clock.KEEP,   Needs.NOTHING, True),
    Rule(Move.RESOLVE,    WORKED_ON,   R,    _HANDING,  Clock.STOP,   Needs.TEXT,    True),
    Rule(Move.CONFIRM,    _set(R),     C,    _REPORTER, Clock.KEEP,   Needs.NOTHING, True),
    Rule(Move.NOT_SOLVED, _set(R),     A,    _REPORTER, Clock.RESUME, Needs.NOTHING, True),
    Rule(Move.RATE,       _set(R, C),  C,    _REPORTER, Clock.KEEP,   Needs.STARS,   True),
    Rule(Move.RATE,       _set(X),     None, _REPORTER, Clock.KEEP,   Needs.STARS,   True),
    Rule(Move.REOPEN,     _set(C, X),  A,    _REPORTER, Clock.RESUME, Needs.NOTHING, True),
    Rule(Move.CLOSE,      _set(R, C),  X,    _ITSELF,   Clock.STOP),
    Rule(Move.WITHDRAW,   WORKED_ON,   Q,    _SAYING,   Clock.STOP,   Needs.NOTHING, True),
    Rule(Move.URGE,       WORKED_ON,   None, _REPORTER),
    Rule(Move.PLAN,       _set(F, A),  None, _OWNER,    Clock.KEEP,   Needs.DATE,    True),
    Rule(Move.AGREE,      _set(F, A),  P,    _REPORTER, Clock.MOVE,   Needs.NOTHING, True),
    Rule(Move.DISAGREE,   _set(F, A),  None, _REPORTER, Clock.KEEP,   Needs.NOTHING, True),
    Rule(Move.EXTEND,     _set(F, A),  None, _HOLDER,   Clock.KEEP,   Needs.DATE,    True),
    Rule(Move.GRANT,      _set(F, A),  None, _DUTY,     Clock.MOVE,   Needs.NOTHING, True),
    Rule(Move.DENY,       _set(F, A),  None, _DUTY,     Clock.KEEP,   Needs.TEXT,    True),
    Rule(Move.MILESTONE,  _set(P),     None, _OWNER,    Clock.KEEP,   Needs.NOTHING, True),
    Rule(Move.ESCALATE,   WORKED_ON,   None, _CLOCK),
    Rule(Move.HASTEN,     WORKED_ON,   None, _ITSELF),
    Rule(Move.RESUME,     _set(W),     A,    _CLOCK,    Clock.RESUME),
    Rule(Move.RECATEGORISE, OPEN,      None, _STAFF,    Clock.KEEP,   Needs.TEXT,    True),
    Rule(Move.INSTRUCT,   OPEN,        None, _ABOVE,    Clock.KEEP,   Needs.TEXT,    True),
    Rule(Move.SPONSOR,    WORKED_ON,   None, _LEADING,  Clock.KEEP,   Needs.NOTHING, True),
    Rule(Move.TABLE,      WORKED_ON,   None, _LEADER,   Clock.KEEP,   Needs.NOTHING, True),
    Rule(Move.CLAIM,      OPEN,        None, _SAYING,   Clock.KEEP,   Needs.NOTHING, True),
    Rule(Move.IDENTIFY,   frozenset(Status), None, _STAFF, Clock.KEEP, Needs.NOTHING, True),
    Rule(Move.MERGE,      _set(F),     A,    _HANDING,  Clock.KEEP,   Needs.NOTHING, True),
    Rule(Move.MERGE,      _set(A, W, P), None, _HANDING, Clock.KEEP,  Needs.NOTHING, True),
    Rule(Move.SPLIT,      OPEN,        None, _HANDING,  Clock.KEEP,   Needs.NOTHING, True),
    Rule(Move.SEAL,       frozenset(Status), None, _REPORTER),
    Rule(Move.UNSEAL,     OPEN,        None, _READING,  Clock.KEEP,   Needs.TEXT),
)
# fmt: on

_BY_MOVE: Mapping[Move, tuple[Rule, ...]] = MappingProxyType(
    {move: tuple(rule for rule in RULES if rule.move is move) for move in Move}
)
FIRST_MOVES = frozenset({Move.ACCEPT, Move.ASK, Move.ANSWER, Move.TAKE, Move.RESOLVE, Move.MERGE})
"""Any of these by the owner meets the first deadline (accepted within 1 hour)."""
ANSWERS = frozenset({Move.ANSWER, Move.RESOLVE})
"""Either of these meets the second deadline (answered within 1 day)."""


def rule_for(issue: Issue, move: Move, who: frozenset[Who]) -> Rule:
    """The row that allows this move to somebody who is all of `who` to the issue.

    Raises Refused: `refused.who` when the person may not, `refused.status` when the issue is not
    at a stage where anybody may.
    """
    rows = [rule for rule in _BY_MOVE[move] if issue.status in rule.start]
    if not rows:
        raise Refused("refused.status", number=issue.number, status=issue.status, move=move)
    for rule in rows:
        if rule.who & who:
            return rule
    raise Refused("refused.who", number=issue.number, move=move)


def undoable(move: Move) -> bool:
    """Whether a move may be taken back within the undo limit."""
    return any(rule.undoable for rule in _BY_MOVE[move])
