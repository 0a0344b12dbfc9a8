"""What to do about a message once it is read: act where that is sure, else ask."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.core.talk.acts import Act, Asked, Because, Reading, Role, Showed, State


class Step(StrEnum):
    """What the bot does. Each may be a line of a question."""

    FILE = "file"
    """A new issue."""
    CONSULT = "consult"
    """What is known is answered; else a new issue marked 咨询."""
    JOIN = "join"
    """More about the open issue, or a correction of it."""
    URGE = "urge"
    STATUS = "status"
    """How an issue stands, or figures; changes nothing."""
    RESOLVE = "resolve"
    """The firm says that it is solved."""
    WITHDRAW = "withdraw"
    """Which issue is taken back is asked by digits where there are several."""
    ANSWER = "answer"
    """Goes to whatever was asked."""
    REPLY = "reply"
    """Words of the bot by the act; touches no issue."""
    CALL = "call"
    """Somebody of the park calls the writer."""
    COMMAND = "command"
    INSTRUCT = "instruct"
    """A leader's 批示 on the issue of the card."""
    TO_FIRM = "to_firm"
    """Shown to its writer first, then to the firm of the card."""
    KEEP = "keep"
    """Goes to nobody; at most a note, if the writer says so."""
    ASK = "ask"


class Effect(StrEnum):
    """What a step touches: two steps of one effect are no question."""

    NEW = "new"
    OPEN = "open"
    ANSWERED = "answered"
    NOTHING = "nothing"
    ORDERED = "ordered"
    SENT = "sent"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do about one message.

    `act` is the act behind the step. Where the step is ASK, `options` are the two or three
    likeliest steps, the likeliest first, and `act` is the likeliest act; `at_once` says that an
    unanswered question must not wait, because urgent words stand in the message. `sure` is how
    probable the effect is.
    """

    step: Step
    act: Act
    sure: float
    options: tuple[Step, ...] = ()
    at_once: bool = False


_EFFECTS = {
    Step.FILE: Effect.NEW,
    Step.CONSULT: Effect.NEW,
    Step.JOIN: Effect.OPEN,
    Step.URGE: Effect.OPEN,
    Step.RESOLVE: Effect.OPEN,
    Step.WITHDRAW: Effect.OPEN,
    Step.STATUS: Effect.NOTHING,
    Step.ANSWER: Effect.ANSWERED,
    Step.REPLY: Effect.NOTHING,
    Step.CALL: Effect.NOTHING,
    Step.COMMAND: Effect.ORDERED,
    Step.INSTRUCT: Effect.ORDERED,
    Step.TO_FIRM: Effect.SENT,
    Step.KEEP: Effect.NOTHING,
    Step.ASK: Effect.ASKED,
}
# How probable an effect must be to be taken without asking. Words to a firm are the dearest
# mistake, a kind word too many is the cheapest.
_SURE = {
    Effect.NEW: 0.6,
    Effect.OPEN: 0.65,
    Effect.ANSWERED: 0.6,
    Effect.NOTHING: 0.65,
    Effect.ORDERED: 0.65,
    Effect.SENT: 0.75,
}
_LOST = 0.15
"""As probable as this, a matter is not left without a question."""
_SENT_ASTRAY = 0.12
"""As probable as this, a remark or command keeps words from a firm until somebody was asked."""
_UNORDERED = 0.15
"""As probable as this, a command of staff is not taken for a word among colleagues."""
_UNANSWERED = 0.2
"""As probable as this, an answer to what was asked is not taken for something else."""
_FILES_ITSELF = 0.09
"""As probable as this, words are filed when the question about them stays unanswered."""
_LOST_URGENT = 0.05
"""The same where urgent words stand in the message."""
_FLAT = 0.4
"""Where even the likeliest act is less probable, many guesses add up to little knowledge: …"""
_SUM = 0.85
"""… unless they add up to this."""
_AT_LENGTH = 8
"""Characters."""
_OFFERED = 0.05
_OPTIONS = 3
_MATTERS = (Act.MATTER, Act.POLICY)

_ALWAYS = {
    Act.POLICY: Step.CONSULT,
    Act.HUMAN: Step.CALL,
    Act.COMMAND: Step.COMMAND,
    Act.REMARK: Step.KEEP,
    Act.MATTER: Step.FILE,
}
_OF_OPEN = {
    Act.SUPPLEMENT: Step.JOIN,
    Act.CORRECTION: Step.JOIN,
    Act.UNSOLVED: Step.URGE,
    Act.SOLVED: Step.RESOLVE,
    Act.WITHDRAW: Step.WITHDRAW,
    Act.PROGRESS: Step.STATUS,
    Act.ANGER: Step.URGE,
}
_ANSWERS = {
    Asked.NOTHING: frozenset[Act](),
    Asked.CHOICE: frozenset({Act.ANSWER}),
    Asked.MATTER: frozenset({Act.ANSWER}),
    Asked.MORE: frozenset({Act.ANSWER, Act.SUPPLEMENT, Act.CORRECTION}),
    Asked.CONFIRM: frozenset({Act.ANSWER, Act.SOLVED, Act.UNSOLVED, Act.RATING}),
    Asked.RATING: frozenset({Act.ANSWER, Act.RATING, Act.SOLVED, Act.UNSOLVED}),
    Asked.ATTENDANCE: frozenset({Act.ANSWER}),
    Asked.TOPIC: frozenset({Act.ANSWER, Act.MATTER, Act.POLICY, Act.SUPPLEMENT}),
}


def decide(reading: Reading, state: State) -> Decision:
    """What to do about a message that reads like this, in this state."""
    shares: dict[Effect, float] = {}
    steps: list[tuple[Step, Act, float]] = []
    for likely in reading.ranked:
        step = choose_step(likely.act, state)
        steps.append((step, likely.act, likely.probability))
        shares[_EFFECTS[step]] = shares.get(_EFFECTS[step], 0.0) + likely.probability
    effect = max(shares, key=lambda kind: shares[kind])
    step, act, _ = next(told for told in steps if _EFFECTS[told[0]] is effect)
    if effect is not Effect.ASKED and _is_sure(effect, shares, reading, state):
        return Decision(step, act, shares[effect])
    options = _find_options(steps, state)
    if len(options) < 2 and effect is not Effect.ASKED:
        return Decision(step, act, shares[effect])
    at_once = bool(reading.urgent) and Step.FILE in options
    return Decision(Step.ASK, reading.act, shares[effect], options, at_once)


def could_be_matter(reading: Reading) -> bool:
    """Whether words that nobody answered for are worth an issue: what is most surely talk files
    nothing. `reading` is that of the words alone, in no state."""
    return bool(reading.urgent) or reading.chance(*_MATTERS) >= _FILES_ITSELF


def effect_of(step: Step) -> Effect:
    """What a step touches."""
    return _EFFECTS[step]


def choose_step(act: Act, state: State) -> Step:
    """What an act that is certain leads to in this state."""
    if act in _ANSWERS[state.asked]:
        return Step.ANSWER
    return _choose_for_staff(act, state) if state.role.is_staff else _choose_for_firm(act, state)


def _choose_for_firm(act: Act, state: State) -> Step:
    if state.waits and act in _ANSWERS[Asked.CONFIRM] - {Act.ANSWER}:
        return Step.ANSWER
    if state.invited and act is Act.ANSWER:
        return Step.ANSWER
    if act in _OF_OPEN and state.open_issues:
        return _OF_OPEN[act]
    if act is Act.MISSENT and state.is_fresh:
        return Step.WITHDRAW
    if act is Act.SUPPLEMENT:
        return Step.ASK
    return _ALWAYS.get(act, Step.REPLY)


def _choose_for_staff(act: Act, state: State) -> Step:
    if act is Act.REPLY:
        return Step.TO_FIRM if state.showed is Showed.CARD else Step.ASK
    if act is Act.INSTRUCTION:
        return _choose_for_instruction(state)
    if act in {Act.MATTER, Act.POLICY}:
        return Step.ASK
    if act is Act.PROGRESS:
        return Step.STATUS
    if state.invited and act is Act.ANSWER:
        return Step.ANSWER
    return _ALWAYS.get(act, Step.REPLY)


def _choose_for_instruction(state: State) -> Step:
    if state.role is Role.LEADER and state.showed is Showed.CARD:
        return Step.INSTRUCT
    return Step.ASK


def _is_sure(effect: Effect, shares: dict[Effect, float], reading: Reading, state: State) -> bool:
    if shares[effect] < _SURE[effect]:
        return False
    if effect is not Effect.ANSWERED and shares.get(Effect.ANSWERED, 0.0) >= _UNANSWERED:
        return False
    if effect is Effect.NOTHING and _is_doubtful(reading, shares[effect]):
        return False
    if state.role.is_staff:
        return _is_sure_of_staff(effect, reading)
    most = _LOST_URGENT if reading.urgent else _LOST
    return effect not in {Effect.NOTHING, Effect.OPEN} or reading.chance(*_MATTERS) < most


def _is_sure_of_staff(effect: Effect, reading: Reading) -> bool:
    if effect is Effect.SENT:
        return reading.chance(Act.REMARK, Act.COMMAND) < _SENT_ASTRAY
    return effect is not Effect.NOTHING or reading.chance(Act.COMMAND) < _UNORDERED


def _is_doubtful(reading: Reading, share: float) -> bool:
    """Whether too little is known to leave a message at words: many small guesses, or a grievance
    at length (`反映多次没人管`) of somebody who has nothing open."""
    grievance = reading.act is Act.UNSOLVED and reading.because is Because.LEARNED
    long = grievance and len(reading.core) >= _AT_LENGTH
    return long or (reading.confidence < _FLAT and share < _SUM)


def _find_options(steps: Iterable[tuple[Step, Act, float]], state: State) -> tuple[Step, ...]:
    """The likeliest steps that differ in what they touch, with one that touches nothing among
    them, so that every question can be declined."""
    chosen: dict[Effect, Step] = {}
    for step, act, chance in steps:
        spelt = _spell_out(act, state) if step is Step.ASK else (step,)
        for option in spelt if chance >= _OFFERED else ():
            chosen.setdefault(_EFFECTS[option], option)
    nothing = Step.KEEP if state.role.is_staff else Step.REPLY
    declined = chosen.pop(Effect.NOTHING, nothing)
    new = chosen.setdefault(Effect.NEW, Step.FILE) if _can_file(state) else None
    first = [*chosen.values()][: _OPTIONS - 1]
    if new and new not in first:
        first[-1] = new
    if Effect.OPEN in chosen:  # what is open comes first: another number is the dearer mistake
        first.sort(key=lambda option: _EFFECTS[option] is Effect.NEW)
    return (*first, declined)


def _can_file(state: State) -> bool:
    """Whether every question offers to file: always, but when something else was asked."""
    return not state.role.is_staff and state.asked is Asked.NOTHING


def _spell_out(act: Act, state: State) -> tuple[Step, ...]:
    """What the question about an act offers that is never done unasked."""
    if act in {Act.REPLY, Act.INSTRUCTION}:
        return (Step.TO_FIRM,)
    return (Step.FILE,)
