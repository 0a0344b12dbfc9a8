"""Each channel on a bench of its own: send a letter, see what arrived, order trouble."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot import texts
from bot.channels.base import Channel, Letter, Reach
from bot.channels.local import Local, bubbles
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.outgoing import TEXT_UNITS
from bot.channels.telegram.pace import Pace
from bot.channels.wechat.channel import WeChat
from bot.channels.wecom.channel import WeCom
from bot.channels.window import TEXT_BYTES
from bot.channels.wording import Measure, utf8_bytes, utf16_units
from bot.clock import MovableClock
from bot.core.messages import Address
from bot.core.park.park import Limits
from bot.settings import TelegramChannel, WeChatChannel, WeComChannel
from storage.database import Database
from storage.delivery.outbox import Parcel
from storage.media.files import MediaFolder
from storage.migrate import migrate
from storage.writers import GroupWriter
from tests.channels.telegram_site import QUICK, FakeTime
from tests.channels.wechat_push import NOW, parcel
from tests.peers import envelopes, fake_wechat, fake_wecom, telegram_emulator
from tests.peers.fake_wechat import FakeWeChat, Trouble
from tests.peers.fake_wecom import FakeWeCom
from tests.peers.telegram_emulator import run_emulator

ZONE = MovableClock(NOW, frozen=True).now().tzinfo
assert ZONE is not None


@dataclass
class Bench:
    """One channel that speaks to a fake of its platform, and one person on it."""

    channel: Channel
    user: str
    limit: int
    measure: Measure
    arrived: Callable[[], list[str]]
    buttons: Callable[[], list[str]] | None
    """What the buttons on the last message say; None where options are lines."""
    troubles: Mapping[str, Callable[[], object]]
    """How to order trouble, by what must come of it: `permanent`, `again`, `hold`."""
    minutes: int = 0

    def letter(self, *given: Parcel) -> Letter:
        """These parcels for the person, who wrote just now."""
        address = Address(self.channel.name, self.user)
        return Letter(
            [replace(given_parcel, address=address) for given_parcel in given], Reach(NOW, 0), {}
        )

    async def send(self, *given: Parcel) -> list[str]:
        """Send these parcels; the messages that arrived."""
        before = len(self.arrived())
        self.minutes += 1  # no platform hears too much of us in a minute
        await self.channel.send(self.letter(*given), NOW + timedelta(minutes=self.minutes))
        return self.arrived()[before:]


def result(number: int, text: str, *labels: str) -> Parcel:
    """A message worth the last send of a budget, with options of these labels."""
    options = tuple(
        {"digit": str(n), "label": label, "command": label} for n, label in enumerate(labels, 1)
    )
    return replace(parcel(number, text, "result.resolved"), options=options)


@asynccontextmanager
async def local(folder: Path) -> AsyncIterator[Bench]:
    """The phone of a contact on the phones page."""
    shown: list[str] = []

    class Watched(Local):
        async def send(self, letter: Letter, now: object) -> int:
            cost = await super().send(letter, NOW)
            shown.extend(bubbles(letter.parcels))
            return cost

    channel = Watched(MediaFolder(folder), frozenset())
    troubles = {"again": lambda: channel.failing.add("hengyu")}
    yield Bench(channel, "hengyu", TEXT_BYTES, utf8_bytes, lambda: shown, None, troubles)


@asynccontextmanager
async def wechat(folder: Path) -> AsyncIterator[Bench]:
    """A follower of the account, who wrote just now."""
    with FakeWeChat(strict=False) as fake, _Writing(folder) as writer:
        fake.open_window("o-wang")
        settings = WeChatChannel(
            app_id=fake_wechat.APP_ID,
            token=SecretStr(envelopes.TOKEN),
            secret=SecretStr(fake_wechat.SECRET),
            api_base=fake.base,
        )
        channel = WeChat(settings, MediaFolder(folder), writer)
        send = "message/custom/send"
        troubles = {
            "permanent": lambda: fake.go_wrong(send, Trouble(code=43004)),
            "again": lambda: fake.go_wrong(send, Trouble(code=-1)),
            "hold": lambda: fake.go_wrong(send, Trouble(code=45015)),
        }
        arrived = lambda: fake.texts("o-wang")  # noqa: E731
        yield Bench(channel, "o-wang", TEXT_BYTES, utf8_bytes, arrived, None, troubles)
        await channel.stop()


@asynccontextmanager
async def telegram(folder: Path) -> AsyncIterator[Bench]:
    """Somebody in a private chat with the bot."""
    async with run_emulator() as emulator:
        with _Writing(folder) as writer:
            clock, time = MovableClock(NOW, frozen=True), FakeTime()
            channel = Telegram(
                TelegramChannel(token=SecretStr(telegram_emulator.TOKEN), api_base=emulator.base),
                MediaFolder(folder),
                writer,
                clock,
                texts.load(ZONE),  # type: ignore[arg-type]
                address="",
                good_for=Limits().menu,
                pace=Pace(time.now, time.sleep),
                patience=QUICK,
            )
            troubles = {
                "permanent": lambda: emulator.go_wrong(5, telegram_emulator.refuse_blocked()),
                "again": lambda: emulator.go_wrong(5, telegram_emulator.too_many(9)),
            }
            yield Bench(
                channel,
                "5",
                TEXT_UNITS,
                utf16_units,
                lambda: [bubble.text for bubble in emulator.screen(5)],
                lambda: list(emulator.screen(5)[-1].buttons),
                troubles,
            )
            await channel.stop()


@asynccontextmanager
async def wecom(folder: Path) -> AsyncIterator[Bench]:
    """A member of the company who sees the app."""
    seconds = count(0, 3)
    fake = FakeWeCom(lambda: float(next(seconds)), 10**9, members={"ZhaoMin"})
    with fake, _Writing(folder) as writer:
        settings = WeComChannel(
            corp_id=fake_wecom.CORP_ID,
            agent_id=fake_wecom.AGENT_ID,
            token=SecretStr(envelopes.TOKEN),
            aes_key=SecretStr(envelopes.AES_KEY),
            secret=SecretStr(fake_wecom.SECRET),
            api_base=fake.base,
        )
        channel = WeCom(settings, MediaFolder(folder), writer)
        send = "message/send"
        troubles = {
            "permanent": lambda: fake.go_wrong(send, Trouble(code=81013)),
            "again": lambda: fake.go_wrong(send, Trouble(code=-1)),
        }
        bench = Bench(
            channel,
            "ZhaoMin",
            TEXT_BYTES,
            utf8_bytes,
            lambda: [_words(message) for message in fake.sent["ZhaoMin"]],
            lambda: [button["text"] for button in fake.newest_card("ZhaoMin")["button_list"]],
            troubles,
        )
        yield bench
        await channel.stop()
        assert not fake.dropped
        assert fake.shortened == 0


def _words(message: dict[str, Any]) -> str:
    """The words of a message, whatever it is."""
    if message["msgtype"] == "text":
        return str(message["text"]["content"])
    card = message["template_card"]
    return "\n".join(filter(None, (card["main_title"]["title"], card.get("sub_title_text"))))


class _Writing:
    """A writer to a database of its own."""

    def __init__(self, folder: Path) -> None:
        self._database = Database(f"sqlite:///{folder / 'exchange.db'}")

    def __enter__(self) -> GroupWriter:
        migrate(self._database)
        self._made = GroupWriter(self._database)
        return self._made

    def __exit__(self, *_error: object) -> None:
        self._made.close()
        self._database.close()


BENCHES: dict[str, Callable[[Path], AbstractAsyncContextManager[Bench]]] = {
    "local": local,
    "wechat": wechat,
    "telegram": telegram,
    "wecom": wecom,
}
"""One line for each channel; the contract test runs on all of them."""
