"""Pictures and papers that a channel cannot show: a one-time link takes their place."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import Connection

from bot.channels.base import Channel, Choosy
from bot.core.messages import Line
from bot.core.park.park import Park
from bot.settings import is_loopback
from bot.texts import Texts
from storage.delivery import links
from storage.delivery.outbox import Parcel
from storage.media.media import KeptMedia


@dataclass(frozen=True)
class Linking:
    """What links are made with: for one channel (None: it is switched off), at one moment."""

    db: Connection
    channel: Channel | None
    park: Park
    texts: Texts
    now: datetime

    def fit_parcel(self, parcel: Parcel, files: Mapping[int, KeptMedia]) -> Parcel:
        """The parcel as it leaves. A link is made anew each time that it tries to and stands in no
        row of the outbox: the database holds no secret that opens anything."""
        item = files[parcel.media_id] if parcel.media_id is not None else None
        if item is None or not item.path or self._can_take(item):
            return parcel
        text = "\n".join(part for part in (parcel.text, self._words(parcel, item)) if part)
        return replace(parcel, text=text, media_id=None)

    def _can_take(self, item: KeptMedia) -> bool:
        channel: object = self.channel
        return channel.takes(item) if isinstance(channel, Choosy) else True

    def _words(self, parcel: Parcel, item: KeptMedia) -> str:
        kind = Line(f"enclosure.{_kind(item)}")
        site = self.park.sessions.link
        if not site or is_loopback(urlsplit(site).hostname or ""):
            return self.texts.render("enclosure.no_link", {"kind": kind})
        until = self.now + self.park.limits.link
        secret = links.give(self.db, item.id, parcel.thread_id, until)
        told = {"kind": kind, "link": f"{site}/media/{secret}", "until": until}
        return self.texts.render("enclosure.link", told)


def _kind(item: KeptMedia) -> str:
    first = item.mime.partition("/")[0]
    return first if first in ("image", "audio", "video") else "paper"
