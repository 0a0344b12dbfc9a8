"""The Telegram channel: private chats and the staff group, by webhook or by asking for news."""

import asyncio
import hmac
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog

from bot.channels.base import Hear, Letter, Undeliverable
from bot.channels.telegram.api import Api, Keyboard, Patience, Spot
from bot.channels.telegram.buttons import Place
from bot.channels.telegram.callbacks import Taps
from bot.channels.telegram.errors import Moved, TooFast
from bot.channels.telegram.incoming import NAME, Grown, Overheard, Tap, UpdateError, parse_update
from bot.channels.telegram.outgoing import LARGEST_PHOTO, Sheet, sheets
from bot.channels.telegram.pace import Pace
from bot.channels.telegram.rooms import Rooms
from bot.clock import Clock, monotonic
from bot.settings import TelegramChannel
from bot.texts import Texts
from storage.media.files import MediaFolder
from storage.media.media import KeptMedia
from storage.writers import Writer

LAST_START, GO_ON = 15.0, timedelta(seconds=1)
"""Seconds after which no further message of a letter is begun, and when the rest follows: with a
full park the next one waits for its turn for 13 and for its answer for 10, the postman for 45."""
FOR_PICTURES, LOOK_AGAIN = timedelta(minutes=1), timedelta(seconds=3)
"""How long a letter waits for a picture that is still being fetched; then the words go alone."""
TRIES = 60
"""How often an update that cannot be written down is tried before the next one is taken."""
SLOWEST = 12
"""How many times longer than at first it waits at most before it tries again."""
PATIENCE = 13.0
"""Seconds a message waits for its turn; after that it is put off, and others go first."""
GROUP = "-"
"""How the id of a group begins; a person's does not."""
LABEL = 60
"""Characters of a button; the platform shows less on a narrow phone."""
log = structlog.get_logger()


class Telegram:
    """Every update is settled with the platform only after it is written down, so that a power cut
    loses none: a webhook answers after the commit, asking goes on from the last committed one."""

    name = NAME
    merges = False

    def __init__(
        self,
        settings: TelegramChannel,
        folder: MediaFolder,
        writer: Writer,
        clock: Clock,
        texts: Texts,
        *,
        address: str,
        good_for: timedelta,
        pace: Pace | None = None,
        patience: Patience | None = None,
        again: float = 5.0,
    ) -> None:
        """`address` is the bot's own on the internet, `good_for` how long a card's buttons count;
        `again`: seconds until what failed is tried once more."""
        token = settings.token.get_secret_value()
        self._bot_id = token.partition(":")[0]
        self._secret = settings.webhook_secret.get_secret_value()
        self._webhook = f"{address.rstrip('/')}/telegram" if settings.mode == "webhook" else ""
        self._folder = folder
        self._clock = clock
        self._again = again
        self._commands = {
            verb: texts.command(verb) for verb in dict.fromkeys(texts.commands.values())
        }
        self._texts = texts
        self._api = Api(token, settings.api_base, patience)
        self._pace = pace or Pace()
        self._taps = Taps(token, self._bot_id, writer, texts, good_for)
        self._rooms = Rooms(settings.staff_group, writer, texts)
        self._offset = 0
        self._background: set[asyncio.Task[bool]] = set()

    async def start(self) -> None:
        """Nothing to open: the platform may be out of reach, and the bot works on."""

    async def stop(self) -> None:
        """Let go of connections; a card that is not rewritten yet keeps its buttons, which are
        refused when tapped again."""
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        await self._api.close()

    async def listen(self, hear: Hear) -> None:
        """Tell the platform how it can reach us; where it cannot, ask it for news for ever."""
        await self._until_done(lambda: self._api.announce(self._webhook, self._secret))
        while not self._webhook:
            await self._until_done(lambda: self._poll(hear))

    def is_telegram(self, secret: str | None) -> bool:
        """Whether a request to the webhook carries the secret that was agreed with the platform."""
        given = (secret or "").encode("utf-8", "replace")
        return bool(self._secret) and hmac.compare_digest(self._secret.encode(), given)

    async def take(self, update: Mapping[str, Any], hear: Hear) -> None:
        """Act on one update. Raises UpdateError, and what `hear` raises when nothing was kept."""
        found = parse_update(update, self._api.bot, self._bot_id, self._commands)
        if isinstance(found, Grown):
            await self._rooms.update_group_id(found)
            return
        if isinstance(found, Overheard):
            found = await self._rooms.route_message(found)
        if isinstance(found, Tap):
            await self._handle_tap(found, hear)
        elif found is not None:
            await hear(found)

    async def send(self, letter: Letter, now: datetime) -> int:
        """Send the letter, at the platform's pace; it costs no budget.

        Raises Undeliverable, which says how much of the letter has left nonetheless.
        """
        if any(now - parcel.created_at < FOR_PICTURES for parcel in letter.list_unfetched()):
            raise Undeliverable("delivery.picture_waits", retry_after=LOOK_AGAIN, counts=False)
        started, gone = monotonic(), 0
        for sheet in sheets(letter):
            try:
                if monotonic() - started > LAST_START:
                    raise Undeliverable("delivery.slow", "too long for one go", retry_after=GO_ON)
                await self._send_one(letter, sheet)
            except Undeliverable as trouble:
                trouble.carried = gone
                raise
            gone = sheet.done
        return 0

    async def fetch(self, item: KeptMedia) -> bytes:
        """What a person sent. Raises Undeliverable."""
        return await self._api.content(item.ref)

    async def _send_one(self, letter: Letter, sheet: Sheet) -> None:
        user = letter.parcels[0].address.user
        known = user.partition("/")[0]
        chat = await self._rooms.whereabouts(known) if known.startswith(GROUP) else known
        await self._pace.turn(chat, PATIENCE)
        try:
            await self._put_into(chat, letter, sheet)
        except Moved as moved:
            await self._rooms.update_group_id(Grown(chat, moved.chat))
            await self._put_into(moved.chat, letter, sheet)
        except TooFast as pause:
            # All topics of a group share its silence; a storm would only make it longer.
            self._pace.hold(chat, pause.wait.total_seconds())
            raise

    async def _put_into(self, chat: str, letter: Letter, sheet: Sheet) -> None:
        user = letter.parcels[0].address.user
        if letter.topic is None:
            await self._put(Spot(chat), user, sheet)
            return
        put = partial(self._put, user=user, sheet=sheet)
        await self._rooms.put(user, chat, letter.topic, self._api, self._pace, put)

    async def _put(self, to: Spot, user: str, sheet: Sheet) -> None:
        buttons = self._buttons(user.partition("/")[0], sheet)
        if sheet.media is None:
            if sheet.text.strip():
                await self._api.text(to, sheet.text, buttons)
            return
        try:
            content = await asyncio.to_thread(self._folder.path(sheet.media.path).read_bytes)
        except OSError as error:
            raise Undeliverable("delivery.gone", type(error).__name__, permanent=True) from None
        large = sheet.form == "photo" and len(content) > LARGEST_PHOTO
        form = "document" if large else sheet.form
        await self._api.thing(to, form, sheet.media.path, content, sheet.text, buttons)

    def _buttons(self, chat: str, sheet: Sheet) -> Keyboard:
        signet, parcel = self._taps.signet, sheet.parcel
        return [
            (option["label"][:LABEL], signet.data(chat, Place(parcel.id, option["digit"])))
            for option in (parcel.options if sheet.buttons else ())
        ]

    async def _handle_tap(self, tap: Tap, hear: Hear) -> None:
        known = await self._rooms.find_first_id(tap.group) if tap.group else ""
        meant = await self._taps.interpret_tap(replace(tap, group=known), self._clock.now())
        if meant.incoming is None:
            self._later(self._api.answer(tap.query, meant.told))
            return
        done = await hear(meant.incoming)
        if done.overtaken:
            self._later(self._api.answer(tap.query, done.overtaken))
            self._later(self._rewrite(tap, self._taps.rewritten(tap, done.overtaken)))
            return
        if done.is_refused or done.fault:
            self._later(self._api.answer(tap.query, self._texts.render("telegram.refused")))
            return
        told = meant.told if done.fresh else self._texts.render("telegram.twice")
        words = self._taps.rewritten(tap, meant.line) if done.fresh else ""
        self._later(self._api.answer(tap.query, told))
        self._later(self._rewrite(tap, words))

    async def _rewrite(self, tap: Tap, words: str) -> None:
        await self._pace.turn(tap.chat)
        await self._api.rewrite(tap, words)

    async def _poll(self, hear: Hear) -> None:
        for update in await self._api.news(self._offset):
            number = update.get("update_id")
            if isinstance(number, int):
                await self._insist(update, hear)
                self._offset = number + 1

    async def _insist(self, update: Mapping[str, Any], hear: Hear) -> None:
        for _ in range(TRIES):
            try:
                return await self.take(update, hear)
            except UpdateError:
                log.warning("update not understood", update=update.get("update_id"))
                return None
            except Exception:
                log.exception("update not taken yet", update=update.get("update_id"))
            await asyncio.sleep(self._again)
        return None

    async def _until_done(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        wait = self._again
        while not await self._try_work(work()):
            await asyncio.sleep(wait)
            wait = min(wait * 2, self._again * SLOWEST)

    async def _try_work(self, work: Coroutine[Any, Any, None]) -> bool:
        try:
            await work
        except Undeliverable as trouble:
            log.warning("telegram", reason=trouble.reason, detail=trouble.detail)
            return False
        except Exception:
            log.exception("telegram failed")
            return False
        return True

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        """What only pleases the eye does not hold up what people say next."""
        task = asyncio.create_task(self._try_work(work))
        self._background.add(task)
        task.add_done_callback(self._background.discard)
