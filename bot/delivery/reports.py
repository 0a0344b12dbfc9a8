"""What becomes of words of which a platform says later that they have not arrived after all."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from bot.channels.base import Report, Undeliverable
from bot.delivery.retries import AT_ONCE
from storage import once
from storage.delivery import reports, threads
from storage.delivery.outbox import Parcel


def take_back(
    db: Connection, report: Report, now: datetime
) -> Sequence[tuple[Parcel, Undeliverable]] | None:
    """The parcels that are not delivered, each with its trouble: none where the message arrived or
    the report was heard before; None where nothing goes by this name, or something else has carried
    it since."""
    if report.reason is None:
        return ()
    parcels = reports.list_carried(db, report.channel, report.user, report.report_id)
    if not parcels:
        return None
    if not once.claim(db, report.key, now):
        return ()
    reports.unsend(db, [parcel.id for parcel in parcels])
    return [(parcel, _find_trouble(db, parcel, report)) for parcel in parcels]


def _find_trouble(db: Connection, parcel: Parcel, report: Report) -> Undeliverable:
    """Who has written since is within reach: the words go again, not to wait for the next."""
    heard = threads.get(db, parcel.thread_id).heard_at
    if parcel.sent_at and heard and heard > parcel.sent_at:
        return Undeliverable(report.reason or "", report.detail, retry_after=AT_ONCE)
    return Undeliverable(report.reason or "", report.detail, hold=True)
