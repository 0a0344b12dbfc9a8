"""What the clock says when quiet hours end: what came for somebody at night is one message."""

from collections.abc import Sequence

from bot.core.messages import Line, Say, ToThread
from schedules.tick import Tick
from storage.delivery import outbox


def quiet_end(tick: Tick) -> Sequence[Say]:
    """One bundle for each thread with more than one message held back until now."""
    return [
        Say(ToThread(thread_id), "morning.bundle", {"count": len(held), "lines": _texts(held)})
        for thread_id, held in outbox.bundle(tick.db, tick.due, tick.now).items()
    ]


def _texts(held: Sequence[outbox.Parcel]) -> tuple[Line, ...]:
    return tuple(Line("morning.bundled", {"text": parcel.text}) for parcel in held)
