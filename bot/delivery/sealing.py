"""The last gate before the outbox: of a sealed issue nobody hears but who may, whoever says it.

Everything above keeps to that by itself; this holds also for what is built tomorrow.
"""

from collections.abc import Iterable

import structlog
from sqlalchemy import Connection

from bot.core.issues.issue import Issue
from bot.core.messages import Say, ToPerson, ToThread
from bot.core.notifications import find_notification
from storage.delivery import threads
from storage.issues import sealing

log = structlog.get_logger()


def keep_sealed(db: Connection, says: Iterable[Say]) -> list[Say]:
    """What may be said; the rest is dropped and logged by its key and number."""
    said = list(says)
    ids = {say.issue_id for say in said if say.issue_id is not None}
    sealed = {issue.id: issue for id_ in ids if (issue := sealing.find_sealed(db, id_))}
    if not sealed:
        return said
    return [say for say in said if _may_leave(db, say, sealed.get(say.issue_id or 0))]


def _may_leave(db: Connection, say: Say, issue: Issue | None) -> bool:
    if issue is None or _may_hear(db, say, issue):
        return True
    log.warning("sealed words kept back", kind=say.key, number=issue.number)
    return False


def _may_hear(db: Connection, say: Say, issue: Issue) -> bool:
    if find_notification(say.key).of_sealed:
        return True
    if isinstance(say.to, ToPerson):
        return say.to.id == issue.reporter_id or _reads(db, issue, say.to.id)
    if not isinstance(say.to, ToThread):
        return False
    thread = threads.get(db, say.to.id)
    if thread.person_id is None:
        return thread.id == issue.thread_id
    if issue.reporter_id is None and thread.id == issue.thread_id:
        return True
    return thread.person_id == issue.reporter_id or _reads(db, issue, thread.person_id)


def _reads(db: Connection, issue: Issue, person_id: int) -> bool:
    return person_id in sealing.list_readers(db, issue.id)
