"""The date that words about a session speak of: they leave only while the session is on it."""

from dataclasses import dataclass
from datetime import UTC, datetime

PREFIX = "session:"


@dataclass(frozen=True)
class NoticeDate:
    """Which session words are about, and when it began as they say; `before` is the date that news
    of a move calls the old one."""

    session_id: int
    starts_at: datetime
    before: datetime | None = None

    @property
    def text(self) -> str:
        """As the outbox keeps it: `session:7@2024-10-14T11:30:00+00:00`, then `<` and the old
        date."""
        old = f"<{_write(self.before)}" if self.before else ""
        return f"{build_prefix(self.session_id)}{_write(self.starts_at)}{old}"


def build_prefix(session_id: int) -> str:
    """With what the conditions of all words about a session begin."""
    return f"{PREFIX}{session_id}@"


def read_notice_date(text: str) -> NoticeDate | None:
    """The date that a condition of the outbox names, None for every other condition."""
    if not text.startswith(PREFIX):
        return None
    session_id, _, moments = text.removeprefix(PREFIX).partition("@")
    starts_at, _, before = moments.partition("<")
    old = datetime.fromisoformat(before) if before else None
    return NoticeDate(int(session_id), datetime.fromisoformat(starts_at), old)


def _write(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
