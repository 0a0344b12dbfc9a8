"""Writes a new issue down, whether a person filed it or the clock did."""

from dataclasses import dataclass, replace

from bot.actions.context import Context
from bot.actions.issues.assign import Assigned
from bot.actions.issues.classify import Matter
from bot.core.issues.due import next_due
from bot.core.issues.issue import CONSULT, DANGER, Issue, Seal, Status, number_of, title_of
from bot.core.issues.lifecycle import Move
from bot.core.origin import Origin
from bot.core.park.service_levels import deadlines
from bot.core.people import Enterprise
from bot.core.talk.shells import strip_shells
from storage.issues import issues, sealing


@dataclass(frozen=True)
class Filing:
    """What is filed: the words as they were written and all that was understood of them.

    `reporter_id` is the person, None for somebody unbound; `consult` says that it is a question
    about a policy or a procedure, `unverified` that nobody said whether it is a matter. Of what is
    `sealed` the title says nothing; `meant` are those of the staff whom it is about.
    """

    text: str
    thread_id: int
    reporter_id: int | None
    firm: Enterprise | None
    claimed: Enterprise | None
    matter: Matter
    chosen: Assigned
    media_id: int | None = None
    consult: bool = False
    unverified: bool = False
    sealed: Seal | None = None
    meant: frozenset[int] = frozenset()


def write_issue(context: Context, filing: Filing) -> Issue:
    """The issue with its number and deadlines, and the events that made it."""
    park, now, matter = context.park, context.now, filing.matter
    tags = frozenset(filing.firm.tags if filing.firm else ())
    usual = CONSULT if filing.consult else matter.service_level
    level = park.choose_service_level(matter.category, tags, matter.urgent, usual)
    if filing.consult and not matter.urgent:
        level = park.find_service_level(CONSULT)
    if matter.dangerous:
        level = park.find_service_level(DANGER)
    due = deadlines(now, level, park.hours)
    day = park.local(now).date()
    draft = Issue(
        id=0,
        number=number_of(park.prefix, day, issues.next_serial(context.db, day)),
        status=Status.FILED,
        thread_id=filing.thread_id,
        filed_at=now,
        accept_due=due.accept,
        answer_due=due.answer,
        solve_due=due.solve,
        title=_build_title(context, filing),
        category=matter.category,
        second=matter.second,
        sure=matter.sure,
        urgent=matter.urgent,
        unverified=filing.unverified,
        service_level=level.id,
        terms=level.terms,
        clock_from=now,
        enterprise_id=filing.firm.id if filing.firm else None,
        claimed_id=filing.claimed.id if filing.claimed else None,
        reporter_id=filing.reporter_id,
        owner_id=filing.chosen.person_id,
        swept_at=now,
        sealed=filing.sealed,
    )
    draft = replace(draft, next_due_at=next_due(draft, park))
    issue = replace(draft, id=issues.add(context.db, draft))
    if filing.meant:
        sealing.name_people(context.db, issue.id, filing.meant)
    said = Origin(now, context.because, filing.reporter_id, filing.thread_id)
    issues.record(context.db, issue.id, Move.FILE, said, text=filing.text, media_id=filing.media_id)
    if filing.chosen.why is not None:
        why = context.texts.format_value(filing.chosen.why)
        issues.record(context.db, issue.id, Move.ASSIGN, context.origin, text=why)
    return issue


def _build_title(context: Context, filing: Filing) -> str:
    if filing.sealed is not None:
        return context.texts.render("sealed.title")
    return title_of(strip_shells(filing.text).core or filing.text)
