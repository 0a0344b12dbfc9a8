"""An entrepreneur says what is wrong: it becomes a numbered issue."""

from dataclasses import replace

from bot.actions.issues.assign import Assigned, pick_owner, suggest_pass_on
from bot.actions.issues.cards import facts, shorten_text, staff_options, to_owner
from bot.core.issues.due import next_due
from bot.core.issues.issue import Issue, Status, build_action, number_of, title_of
from bot.core.issues.lifecycle import Move
from bot.core.messages import Action, Kind, Line, Option, Say
from bot.core.park.service_levels import deadlines
from bot.core.people import Enterprise
from bot.core.reading import number
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import MOST
from handlers.dispatch.turn import Reply, Turn
from handlers.issues import claims, duplicates
from handlers.issues.categories import Matter, classify_text, corrections
from handlers.people import welcome
from storage.delivery import threads
from storage.issues import issues
from storage.people import people

OFFERED = 2
"""Open issues that a receipt offers to join instead."""


def new_issue(turn: Turn, command: Command) -> Reply:
    """`新诉求 …`: an issue of its own, whatever else is open."""
    if not command.words or number(command.words):
        return Reply((turn.me("file.how", expect=Action("new")),))
    return file(turn, command.words)


def file(turn: Turn, text: str) -> Reply:
    """Write the issue down, tell the person its number and whoever answers for it."""
    firm = people.enterprise(turn.db, turn.person.enterprise_id) if turn.person else None
    others = issues.open_of_contact(turn.db, turn.thread.id, firm.id if firm else None, OFFERED)
    said = "" if text in kind_names(turn) else text
    matter = classify_text(turn, said)
    match = claims.match_enterprise(turn, said)
    claimed = claims.pick_sure_enterprise(turn, match)
    chosen = pick_owner(turn, firm or claimed, matter.category if matter.sure else "", text)
    issue = _file_issue(turn, text, firm, claimed, matter, chosen)
    same = duplicates.others(turn, issue, said)
    card = {**facts(turn, issue), "text": shorten_text(text), "why": chosen.why}
    card["claim"] = claims.guess(match)
    card["others"] = duplicates.format_count(same)
    options = (
        *staff_options(turn, issue),
        *corrections(issue, matter.others),
        *claims.confirmations(issue, match),
        *duplicates.merges(issue, same),
    )
    notice = Say(
        to_owner(issue),
        "notice.filed",
        card,
        options[:MOST],
        issue.id,
        media_id=turn.media_id,
        urgent=issue.urgent,
    )
    hints, asked = _hints(turn), claims.question(turn, issue, match)
    offered = [_join(other) for other in others]
    if same.firms and not hints:  # the digits of the last message are those that count
        offered.append(turn.option("follow", "follow", issue))
    receipt = turn.me("receipt.filed", card, offered, issue_id=issue.id)
    _remember(turn)
    return Reply((receipt, notice, *hints, *asked, *suggest_pass_on(turn, issue)), issue.id)


def words_of(turn: Turn) -> str:
    """The words of the message, else how the thing is called; a thing without a name is named by
    its kind."""
    content = turn.incoming.content
    return content.words if content.words.strip() else turn.texts.render(f"kind.{content.kind}")


def kind_names(turn: Turn) -> set[str]:
    """What stands for the words of a thing without words."""
    return {turn.texts.render(f"kind.{kind}") for kind in Kind}


def _file_issue(
    turn: Turn,
    text: str,
    firm: Enterprise | None,
    claimed: Enterprise | None,
    matter: Matter,
    chosen: Assigned,
) -> Issue:
    park, now = turn.park, turn.now
    tags = frozenset(firm.tags if firm else ())
    level = park.choose_service_level(matter.category, tags, matter.urgent, matter.service_level)
    due = deadlines(now, level, park.hours)
    day = park.local(now).date()
    draft = Issue(
        id=0,
        number=number_of(park.prefix, day, issues.next_serial(turn.db, day)),
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
        service_level=level.id,
        terms=level.terms,
        clock_from=now,
        enterprise_id=firm.id if firm else None,
        claimed_id=claimed.id if claimed else None,
        reporter_id=turn.person_id,
        owner_id=chosen.person_id,
        swept_at=now,
    )
    draft = replace(draft, next_due_at=next_due(draft, park))
    issue = replace(draft, id=issues.add(turn.db, draft))
    issues.record(
        turn.db,
        issue.id,
        Move.FILE,
        turn.own_origin,
        text=text,
        media_id=turn.media_id,
    )
    if chosen.why is not None:
        why = turn.texts.format_value(chosen.why)
        issues.record(turn.db, issue.id, Move.ASSIGN, turn.origin, text=why)
    return issue


def _join(other: Issue) -> Option:
    return Option(
        "options.join", build_action("join", other), {"number": other.number, "title": other.title}
    )


def _hints(turn: Turn) -> list[Say]:
    """What a thing without words still needs, and what a first contact is told."""
    content = turn.incoming.content
    hints: list[Say] = []
    if content.kind is Kind.FILE and content.media is None:
        hints.append(turn.me("file.unopened"))
    elif content.kind is not Kind.TEXT and not content.words.strip():
        hints.append(turn.me("file.say_more", {"kind": Line(f"kind.{content.kind}")}))
    if turn.thread.welcomed_at is None:
        hints.append(welcome.privacy(turn))
    return hints


def _remember(turn: Turn) -> None:
    fields = {"filed_at": turn.now}
    if turn.thread.welcomed_at is None:
        fields["welcomed_at"] = turn.now
    threads.change(turn.db, turn.thread.id, **fields)
