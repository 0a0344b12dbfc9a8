"""An entrepreneur says what is wrong: it becomes a numbered issue."""

from dataclasses import replace

from bot.actions.issues.assign import Assigned, pick_owner, suggest_pass_on
from bot.actions.issues.cards import facts, shorten_text, staff_options, to_firm, to_owner
from bot.actions.issues.classify import classify_text
from bot.actions.issues.file import Filing, write_issue
from bot.actions.issues.sealing import find_seal
from bot.core.issues.issue import CONSULT, Issue, build_action
from bot.core.messages import Action, Kind, Line, Option, Say
from bot.core.reading import number
from bot.core.talk.acts import Role, State
from bot.core.talk.shells import strip_shells
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import MOST
from handlers.dispatch.turn import Reply, Turn
from handlers.issues import claims, duplicates, sealing
from handlers.issues.categories import corrections
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


def file(
    turn: Turn, text: str, *, consult: bool = False, unverified: bool = False, speak: bool = False
) -> Reply:
    """Write the issue down, tell the person its number and whoever answers for it."""
    firm = people.enterprise(turn.db, turn.person.enterprise_id) if turn.person else None
    others = issues.open_of_contact(turn.db, turn.thread.id, firm.id if firm else None, OFFERED)
    said = "" if text in kind_names(turn) else text
    matter = classify_text(turn, strip_shells(said).core or said)
    match = claims.match_enterprise(turn, said)
    claimed = claims.pick_sure_enterprise(turn, match)
    sealed = find_seal(turn, said, firm or claimed, matter)
    if sealed is not None:
        nobody = (turn.thread.id, turn.person_id, firm, claimed, matter, Assigned(None))
        made = Filing(text, *nobody, media_id=turn.media_id, consult=consult, sealed=sealed)
        reply = sealing.file_sealed(turn, made)
        hints = _hints(turn, asks=True)
        _remember(turn)
        return replace(reply, says=(*reply.says, *hints))
    chosen = pick_owner(turn, firm or claimed, matter.category if matter.sure else "", text)
    made = Filing(text, turn.thread.id, turn.person_id, firm, claimed, matter, chosen)
    issue = write_issue(
        turn,
        replace(made, media_id=turn.media_id, consult=consult, unverified=unverified),
    )
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
    asked = claims.question(turn, issue, match)
    card["consult"] = Line("issue.consult") if issue.service_level == CONSULT else None
    offered = [_join(other) for other in others if not other.unverified]
    offered += _offer_parts(turn, issue, said)
    if unverified:
        card["consult"] = Line("issue.unverified")
        offered.insert(0, turn.option("no_matter", "no_matter", issue))
    if speak:
        offered.append(turn.option("speak", "sign_up", issue))
    # The digits of the last message are those that count.
    hints = _hints(turn, asks=not offered)
    if same.firms >= duplicates.FEWEST and not hints:
        offered.append(turn.option("follow", "follow", issue))
    receipt = turn.me("receipt.filed", {**card, **to_firm(turn, issue)}, offered, issue_id=issue.id)
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


def _offer_parts(turn: Turn, issue: Issue, said: str) -> list[Option]:
    """Several matters in one message: kept as one until somebody wants them apart."""
    count = len(turn.talk.split_matters(said, State(Role.CONTACT))) if said.strip() else 1
    if count < 2:
        return []
    return [Option("options.part", build_action("part", issue), {"count": count})]


def _join(other: Issue) -> Option:
    return Option(
        "options.join", build_action("join", other), {"number": other.number, "title": other.title}
    )


def _hints(turn: Turn, *, asks: bool) -> list[Say]:
    """What a thing without words still needs, and what a first contact is told."""
    content = turn.incoming.content
    hints: list[Say] = []
    if content.kind is Kind.FILE and content.media is None:
        hints.append(turn.me("file.unopened"))
    elif content.kind is not Kind.TEXT and not content.words.strip():
        hints.append(turn.me("file.say_more", {"kind": Line(f"kind.{content.kind}")}))
    if turn.thread.welcomed_at is None:
        hints.append(welcome.privacy(turn, asks=asks))
    return hints


def _remember(turn: Turn) -> None:
    fields = {"filed_at": turn.now}
    if turn.thread.welcomed_at is None:
        fields["welcomed_at"] = turn.now
    threads.change(turn.db, turn.thread.id, **fields)
