"""Who else hears what is said of an issue: its helpers, and who stands in for an absent person."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sqlalchemy import Connection

from bot.actions.issues.assign import find_stand_in
from bot.core.issues.issue import build_action
from bot.core.messages import Line, Option, Say, ToPerson
from bot.core.park.park import Park
from bot.texts import Texts
from storage.issues import helpers, issues
from storage.people import absences, people

NEWS = ("news.", "result.")
"""What an enterprise hears of its issue: its helpers hear the same."""
FOR_HELPERS = frozenset(
    {
        *("notice.supplement", "notice.withdrawn", "notice.confirmed", "notice.rated"),
        *("notice.not_solved", "notice.reopened", "notice.instructed"),
    }
)
"""What the holder hears of an enterprise or a leader, where the enterprise hears nothing."""
FOR_HOLDER = "notice."
NOT_COPIED = frozenset({"notice.filed", "notice.offered", "notice.taken", "notice.ruled_away"})
"""Notices that never go to somebody absent, or no longer concern them."""


def copies(
    db: Connection, says: Sequence[Say], texts: Texts, park: Park, now: datetime
) -> Iterator[Say]:
    """The same words for others whom they concern, each issue once for each person."""
    day = park.local(now).date()
    told = {
        (original.to.id, original.issue_id)
        for original in says
        if isinstance(original.to, ToPerson)
    }
    for say in says:
        if say.issue_id is None:
            continue
        for copy in (*_to_helpers(db, say), *_to_stand_in(db, say, texts, day)):
            assert isinstance(copy.to, ToPerson)
            if (copy.to.id, say.issue_id) not in told:
                told.add((copy.to.id, say.issue_id))
                yield copy


def _to_helpers(db: Connection, say: Say) -> Iterator[Say]:
    if not say.key.startswith(NEWS) and say.key not in FOR_HELPERS:
        return
    for helper in helpers.helpers(db, say.issue_id or 0):
        words = {"text": Line(say.key, say.values)}
        yield Say(ToPerson(helper.id), "assist.copy", words, issue_id=say.issue_id)


def _to_stand_in(db: Connection, say: Say, texts: Texts, day: date) -> Iterator[Say]:
    if not isinstance(say.to, ToPerson) or not say.key.startswith(FOR_HOLDER):
        return
    away = absences.away_on(db, day) if say.key not in NOT_COPIED else {}
    if say.to.id not in away:
        return
    issue = issues.get(db, say.issue_id or 0)
    to = find_stand_in(db, away, say.to.id, people.enterprise(db, issue.enterprise_id))
    if to is None:
        return
    take = Option("options.take", build_action("take", issue))
    words = {"name": people.get(db, say.to.id).name, "text": Line(say.key, say.values)}
    yield Say(
        ToPerson(to),
        "absence.copy",
        words,
        (take,) if issue.offered_to == to else (),
        say.issue_id,
        urgent=say.urgent,
        only_while=say.only_while,
    )
