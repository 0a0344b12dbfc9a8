"""What became of a promise: 兑现, 未兑现 with a reason, 改期 with a day and a reason."""

from dataclasses import replace

from bot.actions.sessions import promises
from bot.actions.sessions.promises import promise_facts
from bot.actions.sessions.views import build_promise_action, format_promise_number
from bot.core.messages import Line, Refused
from bot.core.sessions.agenda import Outcome
from bot.core.sessions.promises import Kept, Promise, Unreadable, get_due_time, read_deadline_ahead
from handlers.dispatch.command import Command
from handlers.dispatch.turn import Reply, Turn
from handlers.sessions import hearers, promise_answers
from handlers.sessions.lookup import note, settles, the_promise
from storage.sessions import agenda, sessions


def keep_promise(turn: Turn, command: Command) -> Reply:
    """`兑现 95-03 变压器已投运`: everybody who asked hears it."""
    promise, words = _mine(turn, command)
    hearers.ask_about_promise(turn, command.verb, promise, words)
    done, news = promises.keep_promise(turn, promise, words, turn.person_id)
    _settle_item(turn, command, done, Outcome.KEPT, words)
    return Reply(
        (
            turn.me("promise.kept_done", {**promise_facts(turn, done), "count": len(done.issues)}),
            *news,
        )
    )


def break_promise(turn: Turn, command: Command) -> Reply:
    """`未兑现 95-03 设备未到货`: a reason is needed; it stays owed."""
    promise, words = _mine(turn, command)
    if not words:
        return _ask(turn, command, promise)
    hearers.ask_about_promise(turn, command.verb, promise, words)
    after, news = promises.break_promise(turn, promise, words)
    _settle_item(turn, command, after, Outcome.BROKEN, words)
    return Reply((turn.me("promise.broken_done", promise_facts(turn, after)), *news))


def redate(turn: Turn, command: Command) -> Reply:
    """`改期 95-03 11月15日 等停电窗口`: a day and a reason are needed."""
    promise, words = _mine(turn, command)
    if not words:
        return _ask(turn, command, promise)
    try:
        today, calendar = turn.park.local(turn.now).date(), turn.park.hours.calendar
        found = read_deadline_ahead(words, today, calendar)
        due = get_due_time(found, turn.park, turn.now)
    except Unreadable as error:
        return _which_day(turn, promise, error)
    if not found.after:
        number = format_promise_number(turn, promise)
        expect = build_promise_action(turn, "redate", promise, words)
        return Reply(
            (turn.me("promise.redate_why", {"number": number, "due": due}, expect=expect),)
        )
    hearers.ask_about_promise(turn, command.verb, promise, words)
    freed = promise_answers.take_back_acceptance(turn, promise)
    after, news = promises.redate_promise(turn, promise, due, found.after)
    told = {say.to for say in news}
    news += [say for say in freed if say.to not in told]
    _settle_item(turn, command, after, Outcome.REDATED, words)
    return Reply((turn.me("promise.redated_done", promise_facts(turn, after)), *news))


def _which_day(turn: Turn, promise: Promise, error: Unreadable) -> Reply:
    number = format_promise_number(turn, promise)
    told = {"place": number, "text": error.part or None, "how": Line("promise.how_redate")}
    expect = build_promise_action(turn, "redate", promise)
    return Reply((turn.me(f"promise.flaw_{error.flaw}", told, expect=expect),))


def _mine(turn: Turn, command: Command) -> tuple[Promise, str]:
    """A promise that this person may settle: the office, leaders, whoever made it."""
    promise, words = the_promise(turn, command)
    if not settles(turn, promise):
        raise Refused("promise.not_yours", number=format_promise_number(turn, promise))
    if promise.kept is not Kept.OPEN:
        raise Refused("promise.settled", number=format_promise_number(turn, promise))
    return promise, words


def _ask(turn: Turn, command: Command, promise: Promise) -> Reply:
    expect = build_promise_action(turn, command.verb, promise)
    key = "promise.redate_how" if command.verb == "redate" else "promise.why"
    return Reply((turn.me(key, {"number": format_promise_number(turn, promise)}, expect=expect),))


def _settle_item(
    turn: Turn, command: Command, promise: Promise, outcome: Outcome, words: str
) -> None:
    """Tonight's item about the promise has its outcome."""
    session = sessions.find_current_session(turn.db)
    if session is not None:
        for item in agenda.of_session(turn.db, session.id):
            if item.promise_id == promise.id:
                agenda.save(turn.db, replace(item, outcome=outcome, said=words))
    where = session or sessions.get(turn.db, promise.session_id)
    note(turn, where, command.verb, promise=promise, text=words)
