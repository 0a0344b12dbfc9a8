"""`更正`, `补记`, `重开`: what the minutes should have said, tonight and for some days after."""

from dataclasses import replace
from datetime import date, timedelta

from bot.actions.sessions import minutes as papers
from bot.actions.sessions.promisers import is_promiser, list_alike
from bot.actions.sessions.promises import answer_issues
from bot.actions.sessions.views import build_promise_action, format_promise_number
from bot.core.messages import Action, Line, Option, Refused, Say
from bot.core.reading import split_number, split_word
from bot.core.sessions.agenda import on_agenda
from bot.core.sessions.amendments import Amendment, read_amendment
from bot.core.sessions.corrections import Change, Wording, reword_promise, take_stock, word_promise
from bot.core.sessions.places import split_place
from bot.core.sessions.promises import (
    Kept,
    Promise,
    Unreadable,
    get_due_time,
    read_order,
)
from bot.core.sessions.session import Session, Stage
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import Unclear
from handlers.dispatch.turn import Reply, Turn
from handlers.sessions import conclusions, corrections, hearers, promise_answers, promises
from handlers.sessions.lookup import find_correctable_session, the_item
from storage.sessions import agenda, sessions
from storage.sessions import promises as promises_of

OFFERED = 6
WHO, WHAT, PROMISE = "who", "what", "promise"
"""What an action says of the words that it brings."""
CONCLUDING = frozenset({"decide", "conclude"})
ASK_AGAIN = timedelta(days=1)
"""A session that was opened again and forgotten is asked about after so long."""


def amend(turn: Turn, command: Command) -> Reply:
    """`更正 95-01 供电公司 12月20日前 完成增容`, any part of it alone; `更正 3号 办结 …`."""
    promise, words = _find_promise(turn, command)
    if promise is not None:
        return _amend_promise(turn, promise, words, command.act)
    session, command = _find_session(turn, command)
    if not command.names_thing:
        raise _ask_which(turn, session)
    return conclusions.amend_item(turn, session, the_item(turn, session, command), command)


def add_late(turn: Turn, command: Command) -> Reply:
    """`补记 3号 供电公司 下周五前 完成增容`, `补记 3号 决定 …`: what was said and not written."""
    session, command = _find_session(turn, command)
    item = the_item(turn, session, command)
    first, rest = split_word(command.words)
    verb = turn.texts.commands.get(first)
    if verb in CONCLUDING:
        said = replace(command, words=rest if verb == "conclude" else command.words)
        return conclusions.amend_item(turn, session, item, said)
    return promises.record_on(turn, session, item, command)


def reopen(turn: Turn, command: Command) -> Reply:
    """`重开 第95期`: the evening goes on; the next `闭会` tells what has changed, and no more."""
    session = find_correctable_session(turn, command.serial)
    if session.stage is Stage.HELD:
        raise Refused("session.still_held", number=session.number)
    held = sessions.find_current_session(turn.db)
    if held is not None:
        raise Refused("session.still_held", number=held.number)
    items = agenda.of_session(turn.db, session.id)
    stock = take_stock(on_agenda(items), promises_of.of_session(turn.db, session.id))
    again = replace(session, stage=Stage.HELD, closed_at=None, next_due_at=turn.now + ASK_AGAIN)
    sessions.save(turn.db, again)
    sessions.record(
        turn.db, session.id, "reopen_session", turn.own_origin, text=turn.text, changes=stock
    )
    close = Option(
        "options.session_close_session",
        Action("close_session", target_id=session.number, number=str(session.number)),
    )
    told = {"number": session.number, "closed_at": session.closed_at}
    return Reply((turn.me("correction.reopened", told, [close]),))


def _find_promise(turn: Turn, command: Command) -> tuple[Promise | None, str]:
    """The promise that was chosen or is named by its number, and the words after it."""
    if command.act in (WHO, WHAT, PROMISE) and command.target_id is not None:
        return promises_of.get(turn.db, command.target_id), command.words
    first, rest = split_word(command.words)
    order = read_order(first) if command.number is None and first else None
    if order is None:
        return None, command.words
    found = promises_of.by_number(turn.db, *order)
    if found is None:
        raise Refused("promise.none_such", text=first)
    return found, rest


def _find_session(turn: Turn, command: Command) -> tuple[Session, Command]:
    """The session whose number stands before the item's (`第95期 3号 …`), else tonight's, else the
    one closed last; and the command without that number."""
    if command.target_id is not None:
        item = agenda.get(turn.db, command.target_id)
        session = sessions.get(turn.db, item.session_id)
        return corrections.check_correctable(turn, session), command
    if command.number is not None:
        place = split_place(command.words)
        if place is None and (split := split_number(command.words, free=False)):
            place = (split[0].serial, split[1])
        named = sessions.by_number(turn.db, command.number.serial)
        if named is not None and place is not None:
            serial, rest = place
            meant = replace(command, number=replace(command.number, serial=serial), words=rest)
            return find_correctable_session(turn, named.number), meant
    return find_correctable_session(turn, None), command


def _ask_which(turn: Turn, session: Session) -> Exception:
    found = promises_of.of_session(turn.db, session.id)[:OFFERED]
    word = turn.texts.command("amend")
    if not found:
        return Refused("agenda.which_item", word=word)
    options = [
        Option(
            "options.named",
            replace(build_promise_action(turn, "amend", promise), act=PROMISE),
            {"name": f"{format_promise_number(turn, promise)} {promise.who}：{promise.what}"},
        )
        for promise in found
    ]
    return Unclear(Reply((turn.me("correction.which", {"number": session.number}, options),)))


def _amend_promise(turn: Turn, promise: Promise, words: str, act: str) -> Reply:
    session = sessions.get(turn.db, promise.session_id)
    corrections.check_correctable(turn, session)
    number = format_promise_number(turn, promise)
    if promise.kept is not Kept.OPEN:
        raise Refused("promise.settled", number=number)
    if not words:
        expect = replace(build_promise_action(turn, "amend", promise), act=PROMISE)
        told = {"number": number, "who": promise.who, "what": promise.what, "due": promise.due}
        return Reply((turn.me("correction.how", told, expect=expect),))
    try:
        said = _read(turn, promise, words, act)
        if said.unclear:
            return _ask_part(turn, promise, words, said)
        due = get_due_time(said.deadline, turn.park, turn.now) if said.deadline else promise.due
    except Unreadable as error:
        told = {"place": number, "text": error.part or None, "how": Line("promise.how_amend")}
        expect = replace(build_promise_action(turn, "amend", promise), act=PROMISE)
        return Reply((turn.me(f"promise.flaw_{error.flaw}", told, expect=expect),))
    if said.who and not turn.anyway and not is_promiser(turn, said.who):
        return _ask_who(turn, promise, words, said.who)
    after = Wording(said.who or promise.who, said.what or promise.what, due)
    change = Change(promise.item_id, promise.id, word_promise(promise), after)
    if change.before == after:
        return Reply((turn.me("correction.same", {"number": number}),))
    hearers.ask_about_promise(turn, "amend", promise, words, act or PROMISE)
    return _save_amendment(turn, session, promise, change)


def _read(turn: Turn, promise: Promise, words: str, act: str) -> Amendment:
    day, calendar = _today(turn), turn.park.hours.calendar
    if act not in (WHO, WHAT):
        return read_amendment(words, day, calendar, lambda name: is_promiser(turn, name))
    said = read_amendment(words, day, calendar, lambda name: False)
    text = said.unclear or words
    return replace(said, unclear="", who=text if act == WHO else "", what=text * (act == WHAT))


def _save_amendment(turn: Turn, session: Session, promise: Promise, change: Change) -> Reply:
    assert change.after is not None, "it is there"
    known = promise.told_at is not None
    freed = []
    if change.before is not None and change.before.due != change.after.due:
        freed = promise_answers.take_back_acceptance(turn, promise)
    after = reword_promise(promise, change.after)
    if known or session.stage is Stage.CLOSED:
        after = replace(after, told_at=turn.now, spoken_at=turn.now)
    after = promises_of.save(turn.db, corrections.reassign(turn, after))
    if session.stage is Stage.CLOSED:
        says = tell_first(turn, after) if not known else []
        reply = corrections.publish(turn, session, (change,))
        return _add_news(reply, [*says, *freed])
    sessions.record(
        turn.db,
        session.id,
        corrections.REWORDED,
        turn.own_origin,
        item_id=promise.item_id,
        promise_id=promise.id,
        text=turn.text,
        changes=(change,),
    )
    news = corrections.tell_of_rewording(turn, change) if known else []
    told = {"change": papers.format_change(turn, change)}
    undo = [Option("options.undo", Action("undo"))]
    return _add_news(Reply((turn.me("promise.amended", told, undo), *news)), freed)


def _add_news(reply: Reply, more: list[Say]) -> Reply:
    """For those only who hear nothing else of it."""
    told = {say.to for say in reply.says}
    return replace(reply, says=(*reply.says, *(say for say in more if say.to not in told)))


def tell_first(turn: Turn, promise: Promise) -> list[Say]:
    """The enterprise reads of the promise in the correction: that is when it is told."""
    sessions.record(turn.db, promise.session_id, "told", turn.own_origin, promise_id=promise.id)
    return answer_issues(turn, promise)


def _ask_part(turn: Turn, promise: Promise, words: str, said: Amendment) -> Reply:
    """Words that may say who as well as what."""
    options = [
        Option(
            f"options.amend_{part}",
            replace(build_promise_action(turn, "amend", promise, words), act=part),
            {"text": said.unclear},
        )
        for part in (WHO, WHAT)
    ]
    told = {"number": format_promise_number(turn, promise), "text": said.unclear}
    return Reply((turn.me("correction.which_part", told, options),))


def _ask_who(turn: Turn, promise: Promise, words: str, who: str) -> Reply:
    number = format_promise_number(turn, promise)
    action = replace(build_promise_action(turn, "amend", promise), act=PROMISE)
    options = [
        Option(
            "options.named",
            replace(action, words=words.replace(who, name, 1), anyway=True),
            {"name": name},
        )
        for name in list_alike(turn, who)
    ]
    written = replace(action, words=words, anyway=True)
    options.append(Option("options.record_anyway", written, {"name": who}))
    return Reply((turn.me("promise.who_amends", {"name": who, "number": number}, options),))


def _today(turn: Turn) -> date:
    return turn.park.local(turn.now).date()
