"""What the words of one of the staff are, as matters stand with them."""

from dataclasses import replace

from bot.core.talk.acts import Asked, Reading, Showed
from bot.core.talk.decisions import Decision, decide
from handlers.dispatch.turn import Turn
from handlers.talk.state import build_state


def read_staff_words(turn: Turn, *, showed: Showed | None = None) -> tuple[Reading, Decision]:
    """What the words are and what to do about them; `showed` where that is known better. Whatever
    was asked has been tried before: these words are read for themselves."""
    state = replace(build_state(turn), asked=Asked.NOTHING)
    if showed is not None:
        state = replace(state, showed=showed)
    reading = turn.talk.read_act(turn.text, state)
    return reading, decide(reading, state)
