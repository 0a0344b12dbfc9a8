"""In the middle of the week the office hears once which leaders gave no sign since the digest."""

from datetime import timedelta

import pytest

from bot.app import App
from bot.core.messages import Address
from schedules.unread import KIND, tell_unread
from storage.delivery import threads
from tests.conftest import MONDAY
from tests.schedules.talk import play, says, ticks
from tests.storage.rows import a_parcel

SENT = MONDAY.replace(hour=8)
WEDNESDAY = (SENT + timedelta(days=2)).replace(hour=9)


def digest_for(app: App, user: str, *, arrived: bool = True) -> None:
    with app.database.write() as db:
        thread = threads.by_address(db, Address("local", user))
        assert thread is not None
        fields = {"kind": KIND, "created_at": SENT, "not_before": SENT}
        a_parcel(db, thread.id, "周报", **fields, sent_at=SENT if arrived else None, held_at=SENT)


async def ask_desk(app: App) -> str:
    """What the office was told, by asking for anything."""
    return await says(app, "duty", "主题日")


def test_who_gave_no_sign_is_named_once(app: App) -> None:
    async def story(app: App) -> None:
        digest_for(app, "feng")
        digest_for(app, "chen")
        await says(app, "chen", "已阅")
        await ticks(app, tell_unread, WEDNESDAY)
        heard = await ask_desk(app)
        assert "1 位领导" in heard
        assert "冯主任 13900000008（10月14日（周一）08:00 送到）" in heard
        assert "陈副主任" not in heard

    play(app, story)


def test_a_digest_that_never_arrived_is_told_as_that(app: App) -> None:
    async def story(app: App) -> None:
        digest_for(app, "feng", arrived=False)
        await ticks(app, tell_unread, WEDNESDAY)
        assert "冯主任 13900000008（没有送到）" in await ask_desk(app)

    play(app, story)


@pytest.mark.parametrize("days", [0, 1, 3, 4, 5])
def test_other_days_say_nothing(app: App, days: int) -> None:
    async def story(app: App) -> None:
        digest_for(app, "feng")
        await ticks(app, tell_unread, SENT.replace(hour=9) + timedelta(days=days))
        assert "周报" not in await ask_desk(app)

    play(app, story)


def test_after_a_holiday_the_first_working_day_asks(app: App) -> None:
    """1 to 7 October 2024 were off: no day of that week from Wednesday on was a working one; on
    the make-up Saturday of the week after, Wednesday has asked already."""

    async def story(app: App) -> None:
        monday = SENT - timedelta(days=14)
        with app.database.write() as db:
            thread = threads.by_address(db, Address("local", "feng"))
            assert thread is not None
            a_parcel(db, thread.id, "周报", kind=KIND, created_at=monday, sent_at=monday)
        for days in range(2, 7):
            await ticks(app, tell_unread, monday.replace(hour=9) + timedelta(days=days))
        assert "周报" not in await ask_desk(app)

    play(app, story)


def test_without_a_digest_there_is_nothing_to_read(app: App) -> None:
    async def story(app: App) -> None:
        await ticks(app, tell_unread, WEDNESDAY)
        assert "周报" not in await ask_desk(app)

    play(app, story)
