"""What became of a promise: 兑现, 未兑现 with a reason, 改期 with a day and a reason."""

from dataclasses import replace

from bot.actions.sessions import promises
from bot.actions.sessions.promises import pledge_facts
from bot.actions.sessions.views import format_promise_number
from bot.core.messages import Line, Refused
from bot.core.sessions.agenda import Outcome
from bot.core.sessions.promises import Kept, Pledge, Unreadable, get_closing_time, read_day_ahead
from handlers.dispatch.parse import Command
from handlers.dispatch.turn import Reply, Turn
from handlers.sessions.lookup import note, settles, the_promise
from storage.sessions import agenda, sessions


def keep_promise(turn: Turn, command: Command) -> Reply:
    """`兑现 95-03 变压器已投运`: everybody who asked hears it."""
    pledge, words = _mine(turn, command)
    done, news = promises.keep_promise(turn, pledge, words, turn.person_id)
    _settle_item(turn, command, done, Outcome.KEPT, words)
    return Reply(
        (turn.me("promise.kept_done", {**pledge_facts(turn, done), "count": len(news)}), *news)
    )


def break_promise(turn: Turn, command: Command) -> Reply:
    """`未兑现 95-03 设备未到货`: a reason is needed; it stays owed."""
    pledge, words = _mine(turn, command)
    if not words:
        return _ask(turn, command, pledge)
    after, news = promises.break_promise(turn, pledge, words)
    _settle_item(turn, command, after, Outcome.BROKEN, words)
    return Reply((turn.me("promise.broken_done", pledge_facts(turn, after)), *news))


def redate(turn: Turn, command: Command) -> Reply:
    """`改期 95-03 11月15日 等停电窗口`: a day and a reason are needed."""
    pledge, words = _mine(turn, command)
    day, _, reason = words.partition(" ")
    if not day:
        return _ask(turn, command, pledge)
    try:
        today, calendar = turn.house.local(turn.now).date(), turn.house.hours.calendar
        due = get_closing_time(read_day_ahead(day, today, calendar), turn.house)
    except Unreadable as error:
        return _which_day(turn, pledge, error)
    if not reason.strip():
        number = format_promise_number(turn, pledge)
        expect = f"{turn.texts.command('redate')} {number} {day}"
        return Reply(
            (turn.me("promise.redate_why", {"number": number, "due": due}, expect=expect),)
        )
    after, news = promises.redate_promise(turn, pledge, due, reason.strip())
    _settle_item(turn, command, after, Outcome.REDATED, words)
    return Reply((turn.me("promise.redated_done", pledge_facts(turn, after)), *news))


def _which_day(turn: Turn, pledge: Pledge, error: Unreadable) -> Reply:
    number = format_promise_number(turn, pledge)
    told = {"place": number, "text": error.part or None, "how": Line("promise.how_redate")}
    expect = f"{turn.texts.command('redate')} {number}"
    return Reply((turn.me(f"promise.flaw_{error.flaw}", told, expect=expect),))


def _mine(turn: Turn, command: Command) -> tuple[Pledge, str]:
    """A promise that this person may settle: the office, leaders, whoever made it."""
    pledge, words = the_promise(turn, command)
    if not settles(turn, pledge):
        raise Refused("promise.not_yours", number=format_promise_number(turn, pledge))
    if pledge.kept is not Kept.OPEN:
        raise Refused("promise.settled", number=format_promise_number(turn, pledge))
    return pledge, words


def _ask(turn: Turn, command: Command, pledge: Pledge) -> Reply:
    expect = f"{turn.texts.command(command.verb)} {format_promise_number(turn, pledge)}"
    key = "promise.redate_how" if command.verb == "redate" else "promise.why"
    return Reply((turn.me(key, {"number": format_promise_number(turn, pledge)}, expect=expect),))


def _settle_item(
    turn: Turn, command: Command, pledge: Pledge, outcome: Outcome, words: str
) -> None:
    """Tonight's item about the promise has its outcome."""
    session = sessions.find_current_session(turn.db)
    if session is not None:
        for item in agenda.of_session(turn.db, session.id):
            if item.promise_id == pledge.id:
                agenda.save(turn.db, replace(item, outcome=outcome, said=words))
    where = session or sessions.get(turn.db, pledge.session_id)
    note(turn, where, command.verb, pledge=pledge, text=words)
