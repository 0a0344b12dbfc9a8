"""Forged callbacks on every channel: refused, logged without a secret, and nothing is changed."""

import asyncio
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
import structlog

from bot.clock import SystemClock
from bot.web.app import build
from tests.channels import telegram_site
from tests.channels.telegram_site import CONTACT, LIAISON, TelegramSite
from tests.channels.wechat_site import MONDAY, WEWORK, WeChatSite
from tests.channels.wecom_site import WORK, WeComSite, start_site
from tests.peers.envelopes import AES_KEY, TOKEN, Letter, seal_letter, work_letter
from tests.peers.fake_wechat import SECRET, FakeWeChat
from tests.peers.fake_wecom import SECRET as WORK_SECRET
from tests.peers.fake_wecom import FakeWeCom
from tests.peers.telegram_emulator import TOKEN as BOT_TOKEN
from tests.peers.telegram_emulator import run_emulator
from tests.peers.wechat_messages import text

AT = int(MONDAY.timestamp())
GOOD = text("o-wang", "车间停电了", AT)
SECRETS = (TOKEN, AES_KEY, SECRET, WORK_SECRET, BOT_TOKEN, telegram_site.SECRET)
Make = Callable[[str], Letter]
Apps = tuple[asyncio.Runner, WeComSite]


def _at(minutes: float) -> str:
    """A stamp so many minutes ago, as the platform signs it."""
    return str(int((SystemClock().now() - timedelta(minutes=minutes)).timestamp()))


def _with(**query: str) -> Callable[[Letter], Letter]:
    return lambda letter: Letter({**letter.query, **query}, letter.body)


def _swap_body(letter: Letter) -> Letter:
    """The signature of one delivery under the body of another."""
    other = seal_letter(WEWORK, text("o-other", "改了的话", AT), _at(0), "n2")
    return Letter(letter.query, other.body)


FORGED: dict[str, tuple[float, Callable[[Letter], Letter], int]] = {
    # name: minutes ago, what is done to a good delivery, the answer
    "wrong signature": (0, _with(msg_signature="0" * 40), 403),
    "no signature": (0, _with(msg_signature=""), 400),
    "another's nonce": (0, _with(nonce="other"), 403),
    "the time made young again": (9, _with(timestamp=_at(0)), 403),
    "another's body": (0, _swap_body, 403),
    "replayed after the window": (6, lambda letter: letter, 403),
    "from the future": (-6, lambda letter: letter, 403),
}


@pytest.fixture(scope="module")
def apps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Apps]:
    """One app with both platforms for all of it: it must go on whatever it is fed."""
    with (
        asyncio.Runner() as loop,
        FakeWeChat(strict=False) as wechat,
        FakeWeCom(members={"ZhaoMin", "QianLi"}) as work,
    ):
        context = start_site(tmp_path_factory.mktemp("forged"), work, wechat.base)
        site = loop.run(context.__aenter__())
        site.whole.bind("o-wang", "hengyu")
        for member, handle in (("ZhaoMin", "zhao"), ("QianLi", "qian")):
            site.whole.bind(member, handle, "wecom")
            loop.run(site.type(member, "帮助"))
        yield loop, site
        loop.run(context.__aexit__(None, None, None))


def _check_rejected(
    apps: Apps, ask: Callable[[], Any], status: int, event: str = "webhook rejected"
) -> None:
    """The request is refused and logged; no row is written and no secret told."""
    loop, site = apps
    before = site.whole.counts()
    with structlog.testing.capture_logs() as log:
        answer: httpx.Response = loop.run(ask())
    assert answer.status_code == status
    assert site.whole.counts() == before
    assert [entry["log_level"] for entry in log if entry["event"] == event] == ["warning"]
    told = answer.text + repr(log)
    assert not [secret for secret in SECRETS if secret in told]


@pytest.mark.parametrize("case", FORGED)
def test_wechat_turns_it_away(apps: Apps, case: str) -> None:
    minutes, forge, status = FORGED[case]
    letter = forge(seal_letter(WEWORK, GOOD, _at(minutes), "n1"))
    _check_rejected(apps, lambda: apps[1].whole.post(letter), status)


@pytest.mark.parametrize("case", FORGED)
def test_wecom_turns_it_away(apps: Apps, case: str) -> None:
    minutes, forge, status = FORGED[case]
    _, site = apps
    xml = site.xml("ZhaoMin", "text", Content="待办", MsgId="1")
    letter = forge(work_letter(WORK, xml, _at(minutes), "n1"))
    _check_rejected(apps, lambda: site.post(letter), status)


def test_a_key_that_is_not_ours_opens_nothing(apps: Apps) -> None:
    """Sealed for another account and signed with our token: somebody who knows one secret only."""
    stranger = type(WEWORK)("wx-another-account")
    letter = seal_letter(stranger, GOOD, _at(0), "n3")
    _check_rejected(apps, lambda: apps[1].whole.post(letter), 400)


def test_a_good_delivery_replayed_within_the_window_acts_once(apps: Apps) -> None:
    loop, site = apps
    letter = seal_letter(WEWORK, text("o-wang", "帮助", AT), _at(0), "n4")
    first = loop.run(site.whole.post(letter))
    counts = site.whole.counts()
    assert loop.run(site.whole.post(letter)).status_code == first.status_code == 200
    assert site.whole.counts() == counts


FOREIGN = [("QianLi", "1"), ("ZhaoMin", "9"), ("o-wang", "1"), ("nobody", "1")]


@pytest.mark.parametrize(("user", "digit"), FOREIGN)
def test_a_card_of_another_person_does_nothing_on_wecom(apps: Apps, user: str, digit: str) -> None:
    loop, site = apps
    task = _card(loop, site)["task_id"]
    given = {"Event": "template_card_event", "EventKey": digit, "TaskId": task}
    xml = site.xml(user, "event", **given, ResponseCode="c")
    letter = work_letter(WORK, xml, _at(0), "n5")
    _check_rejected(apps, lambda: site.post(letter), 200, "card refused")


def test_a_card_of_an_issue_that_is_another_s_by_now_does_nothing(apps: Apps) -> None:
    loop, site = apps
    card = _card(loop, site)
    number = card["main_title"]["title"].partition("】")[2]
    loop.run(site.type("ZhaoMin", f"转办 {number} 钱书远"))
    loop.run(site.type("QianLi", f"接 {number}"))
    before = _issues(site.whole)
    loop.run(site.tap("ZhaoMin", card, "受理"))
    assert _issues(site.whole) == before


def _card(loop: asyncio.Runner, site: WeComSite) -> dict[str, Any]:
    """赵's card of an issue that 王 has just filed."""
    site.whole.clock.set(site.whole.clock.now() + timedelta(minutes=3))
    loop.run(site.whole.say(text("o-wang", "车间停电了", AT)))
    loop.run(site.whole.app.postman.drain())
    return site.fake.newest_card("ZhaoMin")


def _issues(site: WeChatSite) -> list[Any]:
    with site.app.database.read() as db:
        return list(db.exec_driver_sql("SELECT id, status, owner_id FROM issues ORDER BY id"))


async def _on_telegram(site: TelegramSite, update: dict[str, Any], secret: str) -> httpx.Response:
    transport = httpx.ASGITransport(build(site.app, None), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        return await client.post("/telegram", content=json.dumps(update), headers=headers)


@pytest.mark.parametrize("secret", ["", "guessed", telegram_site.SECRET[:-1]])
def test_telegram_turns_away_who_has_no_secret(tmp_path: Any, secret: str) -> None:
    async def ask() -> None:
        async with (
            run_emulator() as emulator,
            telegram_site.start_site(tmp_path, emulator, "webhook") as site,
        ):
            site.settle(CONTACT, "hengyu")
            site.settle(LIAISON, "zhao")
            update = {"update_id": 9, "message": site.message(CONTACT, text="车间停电了")}
            with structlog.testing.capture_logs() as log:
                answer = await _on_telegram(site, update, secret)
            assert answer.status_code == 403
            assert site.counts()["messages"] == 0
            assert [entry["event"] for entry in log] == ["webhook rejected"]
            assert not [
                known_secret for known_secret in SECRETS if known_secret in answer.text + repr(log)
            ]
            # The same update with the secret is taken, and once only.
            for _ in range(2):
                assert (await _on_telegram(site, update, telegram_site.SECRET)).status_code == 200
            assert site.counts()["issues"] == 1
            await site.carry()
            card = site.card(LIAISON, "受理")
            with structlog.testing.capture_logs() as log:
                await site.press(CONTACT, card, card.buttons["受理"])
            assert "button refused" in [entry["event"] for entry in log]
            assert site.issue().accepted_at is None

    asyncio.run(ask())
