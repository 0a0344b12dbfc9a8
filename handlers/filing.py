"""An entrepreneur says what is wrong: it becomes a numbered issue."""

from dataclasses import replace

from bot.assigning import Assigned, assigned, overloaded
from bot.cards import facts, staff_options, to_owner
from bot.core.due import next_due
from bot.core.issues import Issue, Status, number_of, title_of
from bot.core.lifecycle import Move
from bot.core.messages import Kind, Line, Option, Say
from bot.core.people import Enterprise
from bot.core.sla import deadlines
from handlers import welcome
from handlers.categories import Matter, corrections, understood
from handlers.commands import Command
from handlers.turn import Reply, Turn
from storage import issues, people, threads

SHOWN = 300
"""Characters of an enterprise's words that a card prints; the rest is one `查看` away."""
OFFERED = 2
"""Open issues that a receipt offers to join instead."""


def new_issue(turn: Turn, command: Command) -> Reply:
    """`新诉求 …`: an issue of its own, whatever else is open."""
    if not command.rest:
        return Reply((turn.me("file.how", expect=turn.texts.command("new")),))
    return file(turn, command.rest)


def file(turn: Turn, text: str) -> Reply:
    """Write the issue down, tell the person its number and whoever answers for it."""
    firm = people.enterprise(turn.db, turn.person.enterprise_id) if turn.person else None
    others = issues.open_of_contact(turn.db, turn.thread.id, firm.id if firm else None, OFFERED)
    matter = understood(turn, text if turn.text.strip() else "")
    chosen = assigned(turn, firm, matter.category if matter.sure else "", text)
    issue = _written_down(turn, text, firm, matter, chosen)
    card = facts(turn, issue)
    says = [
        turn.me("receipt.filed", card, [_join(turn, one) for one in others], issue_id=issue.id),
        Say(
            to_owner(issue),
            "notice.filed",
            {**card, "text": shown(text), "why": chosen.why},
            (*staff_options(turn, issue), *corrections(turn, issue, matter.others)),
            issue.id,
            media_id=turn.media_id,
            urgent=issue.urgent,
        ),
        *_hints(turn),
        *overloaded(turn, issue),
    ]
    _remember(turn)
    return Reply(tuple(says), issue.id)


def shown(text: str) -> str:
    """Somebody's words as a card prints them."""
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def words_of(turn: Turn) -> str:
    """The words of the message; a thing without words is named by its kind."""
    named = turn.texts.render(f"kind.{turn.incoming.content.kind}")
    return turn.text if turn.text.strip() else named


def _written_down(
    turn: Turn, text: str, firm: Enterprise | None, matter: Matter, chosen: Assigned
) -> Issue:
    house, now = turn.house, turn.now
    tags = frozenset(firm.tags if firm else ())
    promise = house.promise_for(matter.category, tags, matter.urgent, matter.promise)
    due = deadlines(now, promise, house.hours)
    day = house.local(now).date()
    draft = Issue(
        id=0,
        number=number_of(house.prefix, day, issues.next_serial(turn.db, day)),
        status=Status.FILED,
        thread_id=turn.thread.id,
        filed_at=now,
        accept_due=due.accept,
        answer_due=due.answer,
        solve_due=due.solve,
        title=title_of(text),
        category=matter.category,
        second=matter.second,
        sure=matter.sure,
        urgent=matter.urgent,
        promise=promise.id,
        terms=promise.terms,
        clock_from=now,
        enterprise_id=firm.id if firm else None,
        reporter_id=turn.person_id,
        owner_id=chosen.person_id,
        swept_at=now,
    )
    draft = replace(draft, next_due_at=next_due(draft, house))
    issue = replace(draft, id=issues.add(turn.db, draft))
    issues.record(
        turn.db,
        issue.id,
        Move.FILE,
        now,
        because=turn.incoming.key,
        person_id=turn.person_id,
        thread_id=turn.thread.id,
        text=text,
        media_id=turn.media_id,
    )
    if chosen.why is not None:
        why = turn.texts.shown(chosen.why)
        issues.record(turn.db, issue.id, Move.ASSIGN, now, because=turn.incoming.key, text=why)
    return issue


def _join(turn: Turn, other: Issue) -> Option:
    command = f"{turn.texts.command('join')} {other.number}"
    return Option("options.join", command, {"number": other.number, "title": other.title})


def _hints(turn: Turn) -> list[Say]:
    """What a thing without words still needs, and what a first contact is told."""
    kind = turn.incoming.content.kind
    hints: list[Say] = []
    if kind is not Kind.TEXT and not turn.text.strip():
        hints.append(turn.me("file.say_more", {"kind": Line(f"kind.{kind}")}))
    if turn.thread.welcomed_at is None:
        hints.append(welcome.privacy(turn))
    return hints


def _remember(turn: Turn) -> None:
    fields = {"filed_at": turn.now}
    if turn.thread.welcomed_at is None:
        fields["welcomed_at"] = turn.now
    threads.change(turn.db, turn.thread.id, **fields)
