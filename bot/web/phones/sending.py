"""Carries what is typed on a phone of the page to the bot, as the phone's platform would."""

from bot.channels.local import NAME, Local
from bot.channels.window import TEXT_BYTES
from bot.channels.wording import count_fitting, merge_parcels, utf8_bytes
from bot.core.messages import Content, Incoming
from bot.demo import Phone
from bot.runtime.runner import Done
from bot.web.phones.roster import address_of
from bot.web.services import Site


async def deliver(site: Site, local: Local, phone: Phone, content: Content, key: str) -> Done:
    """One delivery; `key` is the phone's own number of the message. A WeChat phone waits for a
    passive reply, the others are written to."""
    incoming = Incoming(
        key=f"{NAME}:{phone.handle}:{key}",
        address=address_of(phone),
        content=content,
        sent_at=site.clock.now(),
        slot=local.is_wechat(phone.handle),
    )
    done = await site.runner.hear(incoming)
    if incoming.slot:
        await _answer(site, done, lost=phone.handle in local.failing)
    local.wake_pages()
    return done


async def _answer(site: Site, done: Done, *, lost: bool) -> None:
    """The passive reply: one message of at most 2048 bytes; what has no room goes by push."""
    waiting = [parcel for parcel in done.replies if parcel.sent_at is None]
    if not waiting:
        return
    count = 0 if lost else count_fitting(waiting, TEXT_BYTES, utf8_bytes)
    if utf8_bytes(merge_parcels(waiting[:count])) > TEXT_BYTES:
        count = 0
    site.postman.mark_arrived(waiting[:count])
    if waiting[count:]:
        await site.postman.no_room(waiting[count:])
