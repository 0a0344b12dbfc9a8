"""Letters to one person, and how to send them, for the tests of pushing."""

import asyncio
from datetime import UTC, datetime

import pytest

from bot.channels.base import Channel, Letter, Reach, Undeliverable
from bot.core.messages import Address
from storage.delivery.outbox import Parcel
from storage.media.media import KeptMedia

SEND = "message/custom/send"
NOW = datetime(2024, 10, 14, 2, tzinfo=UTC)


def parcel(number: int, text: str, kind: str = "notice.new", media_id: int | None = None) -> Parcel:
    """One message to 王."""
    return Parcel(
        id=number,
        thread_id=1,
        address=Address("wechat", "o-wang"),
        text=text,
        options=(),
        media_id=media_id,
        kind=kind,
        issue_id=None,
        because="test",
        slot=None,
        created_at=NOW,
        attempts=1,
        sent_at=None,
        error="",
    )


def letter(*parcels: Parcel, sends: int = 0, files: dict[int, KeptMedia] | None = None) -> Letter:
    """A letter to 王, who wrote just now."""
    return Letter(parcels, Reach(NOW, sends), files or {})


def push(channel: Channel, given: Letter, now: datetime = NOW) -> int:
    """Send it; the cost."""
    return asyncio.run(channel.send(given, now))


def expect_refusal(channel: Channel, given: Letter, now: datetime = NOW) -> Undeliverable:
    """Send it in vain."""
    with pytest.raises(Undeliverable) as outcome:
        push(channel, given, now)
    return outcome.value
