"""Takes from the outbox what is due and lays it together, a letter for each thread."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter

from sqlalchemy import Connection

from bot.actions.issues.reminders import SEVERAL, still_owed, values
from bot.channels.base import Channel, Letter, Reach
from bot.core.park.park import Park
from bot.core.sessions.notice_dates import read_notice_date
from bot.delivery.attachments import Linking
from bot.delivery.compose import show_menu
from bot.texts import Texts
from storage.delivery import outbox, queues, subjects, threads
from storage.delivery.outbox import Parcel
from storage.delivery.subjects import Topic
from storage.media import media
from storage.sessions import sessions

LEASE = timedelta(seconds=60)
"""A claim that nobody settled (the process died) is free again after this."""


@dataclass(frozen=True)
class Claimed:
    """Letters to be carried now, and whether there is more than this claim took."""

    letters: tuple[Letter, ...]
    more: bool


@dataclass(frozen=True)
class Clerk:
    """Knows what a letter needs besides the words: who hears it, files, the person's window."""

    park: Park
    texts: Texts

    def claim(
        self, db: Connection, channels: Mapping[str, Channel], now: datetime, most: int
    ) -> Claimed:
        """Up to `most` due messages as letters; they are leased to whoever asks."""
        behind = queues.admit(db, now)
        claimed = queues.claim(db, now, LEASE, most)
        parcels = self._still_true(db, claimed, now)
        about = subjects.by_issues(db, {parcel.issue_id for parcel in parcels if parcel.issue_id})
        topics = self._find_topics(db, parcels)
        letters: list[Letter] = []
        for thread_id, group in groupby(parcels, key=attrgetter("thread_id")):
            waiting = tuple(group)
            thread = threads.get(db, thread_id)
            show_menu(db, thread, waiting, self.park, now)
            files = {
                parcel.media_id: media.get(db, parcel.media_id)
                for parcel in waiting
                if parcel.media_id
            }
            reach = Reach(thread.heard_at, thread.sends, thread.left_at is not None)
            linking = Linking(db, channels.get(thread.address.channel), self.park, self.texts, now)
            fitted = [linking.fit_parcel(parcel, files) for parcel in waiting]
            letters.append(Letter(fitted, reach, files, about, topics.get(thread_id)))
        return Claimed(tuple(letters), behind or len(claimed) >= most)

    def _find_topics(self, db: Connection, parcels: Sequence[Parcel]) -> Mapping[int, Topic]:
        if self.park.staff_group is None:
            return {}
        return subjects.by_threads(db, {parcel.thread_id for parcel in parcels})

    def _still_true(self, db: Connection, parcels: Sequence[Parcel], now: datetime) -> list[Parcel]:
        """Reminders whose issue has moved since they were written are dropped, not sent; of one
        about several issues, the lines that still hold are. So is the old date of a session."""
        found = [
            self._recheck_parcel(db, parcel) if parcel.only_while else parcel for parcel in parcels
        ]
        gone = {parcel.id for parcel in parcels} - {parcel.id for parcel in found if parcel}
        if gone:
            outbox.give_up(db, gone, now, outbox.STALE)
            queues.free(db, gone, now)
        return [parcel for parcel in found if parcel]

    def _recheck_parcel(self, db: Connection, parcel: Parcel) -> Parcel | None:
        date = read_notice_date(parcel.only_while)
        if date is not None:
            return parcel if sessions.is_on(db, date.session_id, date.starts_at) else None
        owed, of = still_owed(db, parcel)
        if not owed or len(owed) == of or parcel.kind != SEVERAL:
            return parcel if owed else None
        text = self.texts.render(SEVERAL, values(owed))
        outbox.rewrite(db, parcel.id, text)
        return replace(parcel, text=text)
