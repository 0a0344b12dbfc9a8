"""A reader opens a sealed matter or lifts its seal; a writer seals, and asks who has seen it."""

from dataclasses import replace

from bot.actions.issues.assign import pick_owner
from bot.actions.issues.cards import (
    facts,
    name_enterprise,
    shorten_text,
    staff_options,
    to_owner,
    to_reporter,
)
from bot.actions.issues.record import record
from bot.actions.issues.sealing import (
    announce_filing,
    build_sealed_card,
    close_up_issue,
    find_meant,
    find_seal,
    list_words,
    seat_reader,
)
from bot.actions.sessions import agenda
from bot.core.issues.due import next_due
from bot.core.issues.issue import Issue, Rung, Seal, build_action, title_of
from bot.core.issues.lifecycle import Move, Who, rule_for
from bot.core.issues.moves import Act
from bot.core.messages import Line, Option, Refused, Say, ToPerson
from bot.core.people import Role
from bot.core.talk.shells import strip_shells
from bot.core.view_log import Seen, View
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import READING, Unclear, the_issue
from handlers.dispatch.turn import Reply, Turn
from handlers.issues import merging, other_firms
from handlers.issues.moves import who
from handlers.issues.sealing import add_sealed_words, is_writer, tell_duty_lifted
from storage import view_log
from storage.delivery import threads
from storage.issues import helpers, issues
from storage.issues import sealing as sealed_rows
from storage.people import people
from storage.sessions import sessions

SHOWN = 1500
"""Characters of one step that the reader is shown; what is longer goes on in the next message."""
STEPS = 12
PICTURES = 5
_BOT = frozenset({Who.BOT})


def open_sealed(turn: Turn, issue: Issue, words: str) -> Reply:
    """`查看 003 …` by its reader: asks for a reason the first time, writes down who, when and why,
    and shows the words, the firm and the writer."""
    assert turn.person_id is not None, "only colleagues are routed here"
    reason = words.strip() or view_log.first_reason(turn.db, issue.id, turn.person_id)
    if not reason:
        return _ask_reason(turn, issue)
    seen = View(0, turn.now, Seen.SEALED, turn.person_id, issue.id, why=reason)
    view_log.add(turn.db, seen)
    reporter = people.by_id(turn.db, issue.reporter_id)
    told = {
        **build_sealed_card(turn, issue),
        "status": issue.status,
        "enterprise": name_enterprise(turn, issue),
        "reporter": reporter.name if reporter else Line("people.stranger"),
        "reporter_phone": reporter.phone if reporter else None,
        "history": _list_steps(turn, issue),
    }
    card = turn.me("sealed.card", told, staff_options(turn, issue), issue_id=issue.id)
    return Reply((*_show_pictures(turn, issue), card), issue.id)


def may_say(turn: Turn, command: Command) -> bool:
    """Whether somebody says of a sealed matter that they read what is otherwise said by whoever
    holds issues: a leader may be its reader."""
    if turn.role is Role.CONTACT or command.verb not in READING:
        return False
    try:
        return the_issue(turn, command).sealed is not None
    except (Refused, Unclear):
        return False


def seal(turn: Turn, command: Command) -> Reply:
    """`保密 003`: its writer wants it kept; what others have seen already is said honestly."""
    issue = the_issue(turn, command)
    if not is_writer(turn, issue):
        raise Refused("sealed.not_writer", number=issue.number)
    if issue.sealed is not None:
        told = {**build_sealed_card(turn, issue), "word": turn.texts.command("viewers")}
        return Reply((turn.me("sealed.already", told, issue_id=issue.id),), issue.id)
    return seal_issue(turn, issue)


def seal_issue(turn: Turn, issue: Issue, words: str = "") -> Reply:
    """The issue is sealed from now on, `words` of its writer added to it."""
    rule_for(issue, Move.SEAL, who(turn, issue))
    said = "\n".join([*list_words(turn, issue), words])
    firm = people.enterprise(turn.db, issue.enterprise_id or issue.claimed_id)
    kind = find_seal(turn, said, firm, issue=issue) or Seal.COMPLAINT
    meant = find_meant(turn, said, firm, issue)
    heard = sealed_rows.list_who_heard(turn.db, issue.id)
    parted = _part(turn, issue)
    reader_id = seat_reader(turn, kind, meant)
    current = issues.get(turn.db, issue.id)
    after = close_up_issue(turn, current, kind, reader_id)
    before = issues.save(turn.db, current, after)
    issues.record(turn.db, issue.id, Move.SEAL, turn.own_origin, before=before)
    sealed_rows.name_people(turn.db, issue.id, meant)
    sealed_rows.add_reader(turn.db, issue.id, reader_id)
    _clear_up(turn, after)
    if words:
        after, _notices = add_sealed_words(turn, after, words)
    names = "、".join(person.name for person in heard if person.id != reader_id)
    told = {
        **build_sealed_card(turn, after),
        "heard": Line("sealed.heard", {"names": names}) if names else None,
        "word": turn.texts.command("viewers"),
    }
    me = turn.me("sealed.done" if reader_id else "sealed.nobody_left", told, issue_id=issue.id)
    gone = [
        # No issue: it is theirs no more, and a number is all that they hear.
        Say(ToPerson(person_id), "sealed.taken_away", {"number": issue.number})
        for person_id in {issue.owner_id, issue.offered_to} - {None, reader_id}
        if person_id is not None
    ]
    return Reply((me, *announce_filing(turn, after), *gone, *parted), issue.id)


def unseal(turn: Turn, command: Command) -> Reply:
    """`解封 003 理由`: a wrong seal is lifted by its reader; the issue goes to whoever answers for
    such matters, never to somebody who is meant in it."""
    issue = the_issue(turn, command)
    if issue.sealed is None:
        raise Refused("sealed.not_sealed", number=issue.number)
    rule_for(issue, Move.UNSEAL, who(turn, issue))
    if not command.words.strip():
        expect = build_action("unseal", issue)
        asked = turn.me(
            "sealed.why_lift", {"number": issue.number}, issue_id=issue.id, expect=expect
        )
        return Reply((asked,), issue.id)
    other_firms.ask_about_others(turn, issue, "unseal", command.words)
    words = issues.history(turn.db, issue.id)[0].text
    firm = people.enterprise(turn.db, issue.enterprise_id or issue.claimed_id)
    named = sealed_rows.list_named(turn.db, issue.id)
    chosen = pick_owner(turn, firm, issue.category if issue.sure else "", words, named)
    after = replace(
        issue,
        sealed=None,
        title=title_of(strip_shells(words).core or words),
        owner_id=chosen.person_id,
        superior_id=None,
        rung=Rung.LIAISON,
    )
    after = replace(after, next_due_at=next_due(after, turn.park))
    before = issues.save(turn.db, issue, after)
    issues.record(
        turn.db, issue.id, Move.UNSEAL, turn.own_origin, text=command.words, before=before
    )
    sealed_rows.drop_readers(turn.db, issue.id)
    card = {**facts(turn, after), "text": shorten_text(words), "reason": command.words}
    card |= {"claim": None, "why": chosen.why}
    options = staff_options(turn, after)
    return Reply(
        (
            turn.me("sealed.lifted", card, issue_id=issue.id),
            Say(to_owner(after), "notice.filed", card, options, issue.id, urgent=after.urgent),
            Say(to_reporter(after), "sealed.lifted_news", card, issue_id=issue.id),
            tell_duty_lifted(turn, after),
        ),
        issue.id,
    )


def show_viewers(turn: Turn, command: Command) -> Reply:
    """`谁看过 003`: who opened it, when and why; for its writer and those who read it."""
    issue = the_issue(turn, command)
    if turn.role is Role.CONTACT and not is_writer(turn, issue):
        raise Refused("sealed.not_writer", number=issue.number)
    views = view_log.of_issue(turn.db, issue.id)
    if issue.sealed is None and not views:
        raise Refused("sealed.not_sealed", number=issue.number)
    lines = tuple(
        Line("sealed.view", {"at": view.at, "name": _name(turn, view), "why": view.why})
        for view in views[-STEPS:]
    )
    told = {**build_sealed_card(turn, issue), "lines": lines or (Line("sealed.no_views"),)}
    return Reply((turn.me("sealed.viewers", told, issue_id=issue.id),), issue.id)


def _ask_reason(turn: Turn, issue: Issue) -> Reply:
    expect = build_action("view", issue)
    options = [
        Option(label, expect.complete(turn.texts.render(label)))
        for label in ("options.open_to_work", "options.open_to_check")
    ]
    told = {"number": issue.number}
    asked = turn.me("sealed.why_open", told, options, issue_id=issue.id, expect=expect)
    return Reply((asked,), issue.id)


def _list_steps(turn: Turn, issue: Issue) -> tuple[Line, ...]:
    steps = issues.history(turn.db, issue.id)
    first, later = steps[:1], steps[1:][-STEPS:]
    return tuple(
        Line(
            "progress.step",
            {
                "at": step.at,
                "move": step.move,
                "text": Line(f"part.{step.text}")
                if step.move is Move.ESCALATE
                else step.text[:SHOWN],
                "arrived": None,
            },
        )
        for step in (*first, *later)
    )


def _show_pictures(turn: Turn, issue: Issue) -> list[Say]:
    """What was sent with the words; the latest of many."""
    found = [step.media_id for step in issues.history(turn.db, issue.id) if step.media_id]
    told = {"number": issue.number}
    return [
        replace(turn.me("sealed.picture", told, issue_id=issue.id), media_id=media_id)
        for media_id in dict.fromkeys(found[-PICTURES:])
    ]


def _part(turn: Turn, issue: Issue) -> list[Say]:
    """A sealed matter is dealt with as part of no other, and no other as part of it."""
    if issue.merged_into is not None:
        record(turn, issue, Act(Move.SPLIT, _BOT, turn.now))
    return merging.release_members(turn, issue)


def _clear_up(turn: Turn, issue: Issue) -> None:
    """Nothing of it is left with others: no help, no follower, no message that has not left, no
    line of an agenda to come."""
    helpers.remove_all(turn.db, issue.id)
    sealed_rows.forget_elsewhere(turn.db, issue.id)
    people_ids = (issue.owner_id, issue.reporter_id)
    mine = [thread for id_ in people_ids if id_ for thread in threads.live(turn.db, id_)]
    keep = {issue.thread_id, turn.thread.id, *(thread.id for thread in mine)}
    sealed_rows.withhold(turn.db, issue.id, keep, turn.now)
    for session in sessions.to_come(turn.db):
        agenda.compose_agenda(turn, session)


def _name(turn: Turn, view: View) -> str | Line:
    person = people.by_id(turn.db, view.person_id)
    return person.name if person else Line("people.stranger")
