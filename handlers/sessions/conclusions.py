"""What is decided and concluded on an item of tonight's agenda, and what is taken back of it."""

from dataclasses import replace

from bot.actions.issues.record import record
from bot.actions.sessions import minutes as papers
from bot.actions.sessions.corrections import Attached
from bot.core.issues.issue import OPEN
from bot.core.issues.lifecycle import Move, Who
from bot.core.issues.moves import Act
from bot.core.messages import Option, Refused, Say, ToDuty, ToPerson, ToThread
from bot.core.sessions.agenda import Item, Outcome, on_agenda
from bot.core.sessions.corrections import Change, word_item
from bot.core.sessions.session import Session, Stage
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import MOST, Unclear
from handlers.dispatch.turn import Reply, Turn
from handlers.issues.retraction import retract_moves
from handlers.sessions import corrections, hearers
from handlers.sessions.lookup import (
    build_item_action,
    note,
    the_item,
    tonight,
)
from handlers.sessions.outcomes import EFFECTS, issues_of, spell_plan
from storage.sessions import agenda, promises, sessions

SAID = (Outcome.DONE, Outcome.PLANNED, Outcome.INFEASIBLE, Outcome.LATER)
CONCLUDES = frozenset({"decide", "conclude"})
"""Verbs that settle an item of the agenda."""
KEEPS_WORDS = frozenset({Outcome.DECIDED, Outcome.DONE, Outcome.PLANNED, Outcome.INFEASIBLE})
"""Outcomes of which the words alone may be corrected."""
_OFFICE = frozenset({Who.DUTY})


def decide(turn: Turn, command: Command) -> Reply:
    """`决定 3号 先接临时线`: recorded with the item, sent to whoever holds the issue."""
    item = _item(turn, command)
    if not command.words:
        return _how(turn, command, item)
    hearers.ask_about_item(turn, command, item)
    news = _instruct(turn, item, command.words)
    return _save_conclusion(turn, command, item, Outcome.DECIDED, command.words, news)


def _instruct(turn: Turn, item: Item, words: str) -> list[Say]:
    news: list[Say] = []
    for issue in issues_of(turn, item):
        if issue.status in OPEN:
            record(turn, issue, Act(Move.INSTRUCT, _OFFICE, turn.now, turn.person_id, words))
            told = {"number": issue.number, "title": issue.title, "text": words}
            to = ToPerson(issue.owner_id) if issue.owner_id else ToDuty()
            news.append(Say(to, "minutes.decision_notice", told, issue_id=issue.id))
    return news


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
    news = _retract_conclusion(turn, item)
    promised = promises.of_item(turn.db, item.id)
    outcome = Outcome.PROMISED if promised else Outcome.OPEN
    agenda.save(turn.db, replace(item, outcome=outcome, said=""))
    note(turn, session, command.verb, item=item)
    told = {"place": item.place, "title": item.title}
    return Reply((turn.me("minutes.reopened", told), *news))


def amend_item(turn: Turn, session: Session, item: Item, command: Command) -> Reply:
    """`更正 3号 办结 …`, `更正 3号 决定 …`, or only other words: the conclusion that was there is
    taken back with all it did, where another one takes its place. Raises Refused when somebody has
    gone on with an issue of it."""
    outcome, words = _read_outcome(turn, item, command.words)
    if outcome is None or (outcome is not Outcome.LATER and not words):
        expect = replace(build_item_action("amend", item), act="item")
        told = {"place": item.place, "title": item.title}
        return Reply((turn.me("correction.how_item", told, expect=expect),))
    hearers.ask_about_item(turn, replace(command, act="item"), item)
    news = _retract_conclusion(turn, item) if outcome is not item.outcome else []
    news += _apply(turn, item, outcome, words, afresh=outcome is not item.outcome)
    said = spell_plan(turn, item, words) if outcome is Outcome.PLANNED else words
    after = replace(item, outcome=outcome, said=said)
    agenda.save(turn.db, after)
    change = Change(item.id, None, word_item(item), word_item(after))
    if change.before == change.after:
        return Reply((turn.me("correction.same", {"number": command.words}),))
    closed = session.stage is Stage.CLOSED
    if not closed:
        note(turn, session, corrections.REWORDED, item=after, text=turn.text, changes=(change,))
        told = {"change": papers.format_change(turn, change)}
        return Reply((turn.me("correction.amended_item", told), *news))
    return _publish(turn, session, change, news)


def _publish(turn: Turn, session: Session, change: Change, news: list[Say]) -> Reply:
    """What is asked with the new conclusion goes with the correction: nobody reads of it twice."""
    asked = {
        say.to.id: Attached(say.options, say.issue_id)
        for say in news
        if isinstance(say.to, ToThread) and say.options
    }
    reply = corrections.publish(turn, session, (change,), asked)
    told = {say.to for say in reply.says}
    others = [say for say in news if say.to not in told and not isinstance(say.to, ToDuty)]
    return replace(reply, says=(*reply.says, *others))


def _read_outcome(turn: Turn, item: Item, text: str) -> tuple[Outcome | None, str]:
    """The outcome that the words begin with, else the one that is there already, and the words."""
    word, _, words = text.strip().partition(" ")
    if turn.texts.commands.get(word) == "decide":
        return Outcome.DECIDED, words.strip()
    for outcome in SAID:
        if turn.texts.words[f"outcome.{outcome}"] == word:
            return outcome, words.strip()
    return (item.outcome if item.outcome in KEEPS_WORDS else None), text.strip()


def _apply(turn: Turn, item: Item, outcome: Outcome, words: str, *, afresh: bool) -> list[Say]:
    """What the new conclusion does to the item's issues, and what is said of it."""
    if outcome is Outcome.DECIDED:
        return _instruct(turn, item, words)
    return EFFECTS[outcome](turn, item, words) if afresh else []


def _retract_conclusion(turn: Turn, item: Item) -> list[Say]:
    """All that was decided and concluded on an item since it was last open is taken back."""
    history = sessions.history(turn.db, item.session_id)
    undone = {act.undoes for act in history if act.undoes is not None}
    acts = [act for act in history if act.item_id == item.id and act.id not in undone]
    news: list[Say] = []
    for act in reversed(acts):
        anew = any(change.promise_id is None for change in act.changes)
        if act.act == "reconsider":
            break
        if act.act in CONCLUDES or (act.act in corrections.STEPS and anew):
            news += retract_moves(turn, item.issues, act.because)
        if anew and any(change.replaces_outcome for change in act.changes):
            break
    return news


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
