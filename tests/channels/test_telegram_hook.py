"""Telegram's webhook: forged, broken and unlucky requests."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.web.app import build
from bot.web.webhooks.telegram import LARGEST_BODY
from tests.channels.telegram_site import CONTACT, SECRET, TelegramSite, start_site
from tests.peers.telegram_emulator import Emulator

pytestmark = pytest.mark.anyio
HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
async def site(tmp_path: Path, emulator: Emulator) -> AsyncIterator[TelegramSite]:
    """The app in webhook mode."""
    async with start_site(tmp_path, emulator, "webhook") as made:
        made.settle(CONTACT, "hengyu")
        yield made


async def _post(site: TelegramSite, body: Any, **headers: str) -> httpx.Response:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    transport = httpx.ASGITransport(build(site.app, None), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        return await client.post("/telegram", content=raw, headers=headers)


def _good(site: TelegramSite) -> dict[str, Any]:
    return {"update_id": 9, "message": site.message(CONTACT, text="车间停电了")}


async def test_a_forged_secret_is_turned_away(site: TelegramSite) -> None:
    for headers in ({}, {HEADER: "wrong"}, {HEADER: ""}, {HEADER: f"{SECRET}x"}):
        answer = await _post(site, _good(site), **headers)
        assert (answer.status_code, SECRET in answer.text) == (403, False), headers
    assert site.counts()["messages"] == 0


NO_UPDATES = [
    b"",
    b"\xff\xfe",
    b"[" * 50_000,
    [1],
    {"update_id": 1, "message": 5},
    {"update_id": 1, "message": {"text": "x"}},
    {"update_id": 1, "message": {"message_id": 1, "date": "x", "chat": {}}},
    {"update_id": 1, "callback_query": {"id": 1, "data": []}},
]


async def test_what_is_no_update_is_a_bad_request(site: TelegramSite) -> None:
    for body in NO_UPDATES:
        answer = await _post(site, body, **{HEADER: SECRET})
        assert answer.status_code == 400, body
    assert site.counts()["messages"] == 0


async def test_a_body_beyond_the_cap_is_not_read_on(site: TelegramSite) -> None:
    answer = await _post(site, b" " * (LARGEST_BODY + 1), **{HEADER: SECRET})
    assert answer.status_code == 413


async def test_an_update_is_good_only_when_it_is_kept(site: TelegramSite) -> None:
    update, whole = _good(site), site.app.runner.hear

    async def raise_disk_full(_incoming: object) -> None:
        raise OSError("disk full")

    site.app.runner.hear = raise_disk_full  # type: ignore[assignment, method-assign]
    assert (await _post(site, update, **{HEADER: SECRET})).status_code == 503
    site.app.runner.hear = whole  # type: ignore[method-assign]
    for _ in range(2):  # the platform did not hear the first 200
        assert (await _post(site, update, **{HEADER: SECRET})).status_code == 200
    assert site.counts()["issues"] == 1


async def test_a_polling_bot_s_webhook_takes_nothing(tmp_path: Path, emulator: Emulator) -> None:
    """Without an agreed secret nobody can have it."""
    async with start_site(tmp_path, emulator, "polling") as site:
        site.channel._secret = ""
        answer = await _post(site, _good(site), **{HEADER: ""})
        assert (answer.status_code, site.counts()["messages"]) == (403, 0)
