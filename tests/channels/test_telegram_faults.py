"""Telegram's troubles: too fast, blocked, gone, silent, moved; and a bot that starts again."""

import asyncio
from datetime import timedelta
from pathlib import Path
from traceback import format_exception

import pytest
from sqlalchemy import select

from bot.channels.base import Undeliverable
from bot.channels.telegram import channel
from bot.channels.telegram.api import Api, Spot
from bot.core.messages import Address
from storage.delivery import outbox, threads
from storage.tables.delivery import outbox as rows
from tests.channels.telegram_site import CONTACT, LIAISON, QUICK, STRANGER, TelegramSite, start_site
from tests.peers.telegram_emulator import (
    TOKEN,
    Emulator,
    refuse_blocked,
    refuse_upgraded,
    run_emulator,
    too_many,
    wrong,
)

pytestmark = pytest.mark.anyio


def _errors(site: TelegramSite) -> list[str]:
    with site.app.database.read() as db:
        return list(db.execute(select(rows.c.error).where(rows.c.error != "")).scalars())


async def test_429_puts_off_one_chat_only(site: TelegramSite) -> None:
    site.emulator.go_wrong(CONTACT, too_many(7))
    await site.say(CONTACT, "车间停电了")
    assert site.texts(CONTACT) == []
    assert "车间停电了" in site.texts(LIAISON)[0]
    site.clock.set(site.clock.now() + timedelta(seconds=6.9))
    await site.carry()
    assert site.texts(CONTACT) == []
    site.clock.set(site.clock.now() + timedelta(seconds=0.2))
    await site.carry()
    assert "YZ-20241014-001" in site.texts(CONTACT)[0]


@pytest.mark.parametrize("trouble", [refuse_blocked, wrong], ids=["403", "400"])
async def test_who_cannot_be_reached_is_called_instead(site: TelegramSite, trouble: type) -> None:
    await site.say(CONTACT, "车间停电了")
    before = site.texts(CONTACT)
    site.emulator.go_wrong(CONTACT, trouble())
    await site.tap(LIAISON, "受理")
    assert site.texts(CONTACT) == before
    (told,) = [words for words in site.texts(LIAISON) if "【未送达】" in words]
    assert "13900000101" in told
    await site.carry()
    assert site.texts(CONTACT) == before  # never tried again


async def test_a_platform_that_hangs_is_tried_again(site: TelegramSite) -> None:
    site.emulator.hanging = asyncio.Event()
    await site.say(CONTACT, "车间停电了")
    assert all(error.startswith("delivery.slow") for error in _errors(site))
    site.emulator.hanging.set()
    site.clock.set(site.clock.now() + timedelta(minutes=1))
    await site.carry()
    assert "YZ-20241014-001" in site.texts(CONTACT)[-1]


@pytest.mark.parametrize("base", ["http://127.0.0.1:1", "nonsense"])
async def test_no_fault_tells_the_token(base: str) -> None:
    api = Api(TOKEN, base, QUICK)
    with pytest.raises(Undeliverable) as told:
        await api.text(Spot("1"), "议程")
    await api.close()
    assert TOKEN.partition(":")[2] not in "".join(format_exception(told.value))
    assert (told.value.reason, told.value.permanent) == ("delivery.slow", False)


async def test_a_letter_too_long_for_one_go_goes_on_where_it_stopped(
    site: TelegramSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = iter(range(0, 1000, 10))  # every look at the clock is ten seconds later
    monkeypatch.setattr(channel, "monotonic", lambda: float(next(ticks)))
    for _ in range(4):
        site.app.writer.submit(lambda db: _put(db, site, STRANGER)).result(5)
    shown = []
    for _ in range(4):
        await site.carry()
        shown.append(len(site.texts(STRANGER)))
        site.clock.set(site.clock.now() + channel.GO_ON)
    assert shown == [1, 2, 3, 4]


async def test_a_group_that_moved_is_followed(site: TelegramSite) -> None:
    site.emulator.go_wrong(-44, refuse_upgraded(-10044))
    site.app.writer.submit(lambda db: _put(db, site, -44)).result(5)
    await site.carry()
    site.app.writer.submit(lambda db: _put(db, site, -44)).result(5)
    await site.carry()
    assert site.texts(-10044) == ["议程", "议程"]
    assert site.texts(-44) == []


async def test_who_blocked_the_bot_is_reached_by_others(site: TelegramSite) -> None:
    await site.say(CONTACT, "车间停电了")
    base = {key: site.message(LIAISON)[key] for key in ("chat", "from", "date")}
    member = {"user": {"id": 7, "is_bot": True, "first_name": "B"}}
    new = {**member, "status": "kicked", "until_date": 0}
    old = {**member, "status": "member"}
    change = {**base, "old_chat_member": old, "new_chat_member": new}
    await site.update({"my_chat_member": change})
    with site.app.database.read() as db:
        thread = threads.by_address(db, Address("telegram", str(LIAISON)))
    assert thread is not None
    assert thread.left_at == site.clock.now()
    before = site.texts(LIAISON)
    await site.say(CONTACT, "催办 001")
    assert site.texts(LIAISON) == before
    await site.say(LIAISON, "/start")
    assert "您好" in "".join(site.texts(LIAISON)[len(before) :])


async def test_a_restart_hears_what_was_missed_and_nothing_twice(tmp_path: Path) -> None:
    async with run_emulator() as emulator:
        async with start_site(tmp_path, emulator) as site:
            await site.say(CONTACT, "车间停电了")
            heard = site.counts()["messages"]
        missed = {"message": site.message(STRANGER, text="门口积水")}
        await emulator.enqueue_update(missed, token=TOKEN)
        emulator._update_queues._state(TOKEN).updates.insert(
            0, {"update_id": 1, "message": {**missed["message"], "text": "门口积水"}}
        )
        async with start_site(tmp_path, emulator) as again:
            await emulator.wait_for_update(2)
            await again.carry()
            assert again.counts()["messages"] == heard + 1
            assert again.counts()["issues"] == 2


async def test_an_update_that_cannot_be_kept_is_asked_for_again(site: TelegramSite) -> None:
    whole, left = site.app.runner.hear, 3
    heard: list[str] = []

    async def hear(incoming: object) -> object:
        nonlocal left
        left -= 1
        if left >= 0:
            raise OSError("disk full")
        heard.append("kept")
        return await whole(incoming)  # type: ignore[arg-type]

    update = {"update_id": 5, "message": site.message(CONTACT, text="停电")}
    await site.channel._insist(update, hear)  # type: ignore[arg-type]
    assert heard == ["kept"]
    assert site.counts()["issues"] == 1


async def test_odd_updates_hide_no_others(site: TelegramSite, emulator: Emulator) -> None:
    await emulator.enqueue_update({"message": {"message_id": "x", "text": 5}}, token=TOKEN)
    await site.say(CONTACT, "车间停电了")
    assert site.counts()["issues"] == 1


def _put(db: object, site: TelegramSite, chat: int) -> None:
    thread = threads.open_thread(db, Address("telegram", str(chat)), None)  # type: ignore[arg-type]
    now = site.clock.now()
    row = {"thread_id": thread.id, "text": "议程", "kind": "agenda", "because": "test"}
    more = {"created_at": now, "not_before": now, "options": None, "media_id": None}
    outbox.add(db, [{**row, **more, "issue_id": None}])  # type: ignore[arg-type]
