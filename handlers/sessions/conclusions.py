"""What is decided and concluded on an item of tonight's agenda, and what is taken back of it."""

from dataclasses import replace
from itertools import takewhile

from bot.actions.issues.record import record
from bot.core.issues.issue import OPEN
from bot.core.issues.lifecycle import Move, Who
from bot.core.issues.moves import Act
from bot.core.messages import Option, Refused, Say, ToDuty, ToPerson
from bot.core.sessions.agenda import Item, Outcome, on_agenda
from bot.core.sessions.session import Session
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import MOST, Unclear
from handlers.dispatch.turn import Reply, Turn
from handlers.sessions import hearers
from handlers.sessions.lookup import (
    build_item_action,
    note,
    the_item,
    tonight,
)
from handlers.sessions.outcomes import EFFECTS, issues_of, spell_plan
from handlers.talk import undo as undo_handler
from storage.sessions import agenda, promises, sessions

SAID = (Outcome.DONE, Outcome.PLANNED, Outcome.INFEASIBLE, Outcome.LATER)
CONCLUDES = frozenset({"decide", "conclude"})
"""Verbs that settle an item of the agenda."""
_OFFICE = frozenset({Who.DUTY})


def decide(turn: Turn, command: Command) -> Reply:
    """`决定 3号 先接临时线`: recorded with the item, sent to whoever holds the issue."""
    item = _item(turn, command)
    if not command.words:
        return _how(turn, command, item)
    hearers.ask_about_item(turn, command, item)
    news: list[Say] = []
    for issue in issues_of(turn, item):
        if issue.status in OPEN:
            record(
                turn, issue, Act(Move.INSTRUCT, _OFFICE, turn.now, turn.person_id, command.words)
            )
            told = {"number": issue.number, "title": issue.title, "text": command.words}
            to = ToPerson(issue.owner_id) if issue.owner_id else ToDuty()
            news.append(Say(to, "minutes.decision_notice", told, issue_id=issue.id))
    return _save_conclusion(turn, command, item, Outcome.DECIDED, command.words, news)


def conclude(turn: Turn, command: Command) -> Reply:
    """`结论 3号 办结 …`, `… 挂账 12月31日 …`, `… 暂不可行 …`, `… 移到下期`."""
    item = _item(turn, command)
    if item.outcome in EFFECTS and item.outcome is not Outcome.LATER:
        return _refuse_second_conclusion(turn, item)
    word, _, words = command.words.partition(" ")
    outcome = next(
        (candidate for candidate in SAID if turn.texts.words[f"outcome.{candidate}"] == word), None
    )
    if outcome is None or (outcome is not Outcome.LATER and not words.strip()):
        return _how(turn, command, item)
    hearers.ask_about_item(turn, command, item)
    news = EFFECTS[outcome](turn, item, words.strip())
    said = spell_plan(turn, item, words) if outcome is Outcome.PLANNED else words.strip()
    return _save_conclusion(turn, command, item, outcome, said, news)


def reconsider(turn: Turn, command: Command) -> Reply:
    """`重议 3号`: the item is open again, and its issues are as they were before what was decided
    and concluded on it since it was last reconsidered. Raises Refused when somebody has gone on
    with one of them."""
    item = _item(turn, command)
    session = tonight(turn)
    acts = [act for act in sessions.history(turn.db, session.id) if act.item_id == item.id]
    news = [
        correction
        for act in takewhile(lambda act: act.act != command.verb, reversed(acts))
        if act.act in CONCLUDES
        for correction in undo_handler.retract_moves(turn, item.issues, act.because)
    ]
    promised = promises.of_item(turn.db, item.id)
    outcome = Outcome.PROMISED if promised else Outcome.OPEN
    agenda.save(turn.db, replace(item, outcome=outcome, said=""))
    note(turn, session, command.verb, item=item)
    told = {"place": item.place, "title": item.title}
    return Reply((turn.me("minutes.reopened", told), *news))


def _item(turn: Turn, command: Command) -> Item:
    session = tonight(turn)
    if not command.names_thing and command.words:
        raise _ask_which_item(turn, session, command)
    return the_item(turn, session, command)


def _ask_which_item(turn: Turn, session: Session, command: Command) -> Exception:
    """To which item the words belong, those without an outcome first: a menu has MOST lines."""
    items = on_agenda(agenda.of_session(turn.db, session.id))
    word = turn.texts.command(command.verb)
    if not items:
        return Refused("agenda.which_item", word=word)
    unsettled = sorted(items, key=lambda item: item.outcome is not Outcome.OPEN)
    options = [
        Option(
            "options.item",
            build_item_action(command.verb, item, command.words),
            {"place": item.place, "title": item.title},
        )
        for item in unsettled[:MOST]
    ]
    return Unclear(
        Reply((turn.me("agenda.which", {"word": word, "text": command.words}, options),))
    )


def _how(turn: Turn, command: Command, item: Item) -> Reply:
    expect = build_item_action(command.verb, item)
    told = {"place": item.place, "title": item.title}
    return Reply((turn.me(f"minutes.{command.verb}_how", told, expect=expect),))


def _refuse_second_conclusion(turn: Turn, item: Item) -> Reply:
    """The enterprise has been told one thing: another one only after that is taken back."""
    again = Option("options.reconsider", build_item_action("reconsider", item))
    told = {"place": item.place, "title": item.title, "outcome": item.outcome, "said": item.said}
    return Reply((turn.me("minutes.concluded_already", told, [again]),))


def _save_conclusion(
    turn: Turn, command: Command, item: Item, outcome: Outcome, words: str, news: list[Say]
) -> Reply:
    after = replace(item, outcome=outcome, said=words)
    agenda.save(turn.db, after)
    note(turn, tonight(turn), command.verb, item=after, text=words)
    undo = Option("options.reconsider", build_item_action("reconsider", item))
    told = {"place": item.place, "title": item.title, "outcome": outcome, "said": words or None}
    return Reply((turn.me("minutes.concluded", told, [undo]), *news))
