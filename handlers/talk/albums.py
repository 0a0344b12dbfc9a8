"""The further pictures of an album go wherever the first one went, without a word to the sender."""

from bot.core.issues.issue import Issue
from bot.core.messages import Say, ToThread
from handlers.dispatch.turn import Reply, Turn
from handlers.issues.sealing import add_sealed_words
from storage.delivery import messages, outbox
from storage.issues import issues


def further(turn: Turn) -> Reply | None:
    """One more picture of an album, None for the first and for one that has words of its own.

    A platform sends an album as several messages: taken one by one, each would be a receipt, or
    for a colleague a question what it is for.
    """
    incoming = turn.incoming
    if not incoming.album or turn.media_id is None or turn.text.strip():
        return None
    first = messages.of_album(turn.db, turn.thread.id, incoming.album)
    if first is None:
        return None
    issue = issues.get(turn.db, first.issue_id) if first.issue_id else None
    if issue is not None and issue.sealed is not None:
        words = turn.texts.render(f"kind.{turn.incoming.content.kind}")
        return Reply(tuple(add_sealed_words(turn, issue, words)[1]), issue.id)
    return Reply(tuple(_forward_picture(turn, first, issue)), first.issue_id)


def _forward_picture(turn: Turn, first: messages.Kept, issue: Issue | None) -> list[Say]:
    told = {"number": issue.number if issue else None}
    seen = outbox.list_with_media(turn.db, first.key, first.media_id) if first.media_id else []
    return [
        Say(
            ToThread(parcel.thread_id),
            "album.more",
            told,
            (),
            parcel.issue_id,
            media_id=turn.media_id,
        )
        for parcel in seen
    ]
