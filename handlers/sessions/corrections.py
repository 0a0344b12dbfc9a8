"""A correction of minutes is written down, told to everybody concerned, taken back by `撤销`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.actions.sessions import corrections as actions
from bot.actions.sessions import minutes as papers
from bot.actions.sessions.corrections import Attached
from bot.actions.sessions.promisers import find_responsible
from bot.actions.sessions.promises import promise_facts
from bot.core.messages import Action, Option, Refused, Say, ToPerson, ToThread
from bot.core.sessions.corrections import Change, Correction, reword_promise, word_promise
from bot.core.sessions.promises import Kept, Promise, next_bell
from bot.core.sessions.session import Session, Stage
from handlers.dispatch.turn import Reply, Turn
from handlers.issues.retraction import retract_moves
from storage.delivery import outbox, threads
from storage.sessions import agenda, promises, sessions
from storage.sessions.sessions import SessionEvent

CORRECTED, REWORDED = "correct", "reword"
"""What is done to minutes that people have, and what is done before they have them."""
STEPS = frozenset({CORRECTED, REWORDED})
"""What `撤销` takes back as one step."""


def check_correctable(turn: Turn, session: Session) -> Session:
    """The session, while it is held or may still be corrected by this person. Raises Refused."""
    rules = turn.park.sessions
    if session.stage is Stage.HELD:
        return session
    if session.stage is not Stage.CLOSED or session.closed_at is None:
        raise Refused("session.not_held")
    if turn.role not in rules.correctors:
        raise Refused("correction.not_you", number=session.number)
    until = session.closed_at + rules.correct_within
    if turn.now > until:
        raise Refused("correction.too_late", number=session.number, until=until)
    return session


def publish(
    turn: Turn,
    session: Session,
    changes: Sequence[Change],
    attached: Mapping[int, Attached] | None = None,
    act: str = CORRECTED,
) -> Reply:
    """Written down with its number, and told; the person sees to how many."""
    first = changes[0]
    sessions.record(
        turn.db,
        session.id,
        act,
        turn.own_origin,
        item_id=first.item_id,
        promise_id=first.promise_id,
        text=turn.text,
        changes=tuple(changes),
    )
    correction = papers.list_corrections(turn, session)[-1]
    news = actions.announce(turn, session, correction, turn.person_id, attached)
    card = {
        **actions.build_card(turn, session, correction, changes),
        "firms": len(actions.list_firms_told(turn, session, changes)),
        "staff": sum(isinstance(say.to, ToPerson) for say in news),
    }
    undo = [Option("options.undo", Action("undo"))] if act == CORRECTED else []
    return Reply((turn.me("minutes.corrected_done", card, undo), *news))


def take_back(turn: Turn, event: SessionEvent) -> Reply:
    """Everything is as it was before the correction; who has read of it reads of this."""
    session = sessions.get(turn.db, event.session_id)
    says = list[Say]()
    for change in reversed(event.changes):
        says += _put_back(turn, change, event.because)
    gone = outbox.take_back(turn.db, event.because, turn.now, turn.thread.id)
    sessions.record(
        turn.db,
        session.id,
        papers.UNDONE,
        turn.own_origin,
        item_id=event.item_id,
        promise_id=event.promise_id,
        undoes=event.id,
    )
    changes = tuple(change.reverse for change in event.changes)
    told = {parcel.thread_id for parcel in gone}
    news = [
        say for say in _list_news(turn, session, event, changes) if _find_thread(turn, say) in told
    ]
    covered = {_find_thread(turn, say) for say in news}
    others = [say for say in says if _find_thread(turn, say) not in covered]
    card = {"changes": tuple(papers.format_change(turn, change) for change in changes)}
    return Reply((turn.me("correction.taken_back", card), *news, *others))


def _list_news(
    turn: Turn, session: Session, event: SessionEvent, changes: tuple[Change, ...]
) -> list[Say]:
    known = papers.list_corrections(turn, session)
    number = next((entry.number for entry in known if entry.event_id == event.id), 0)
    if not number:
        return [say for change in changes for say in tell_of_rewording(turn, change)]
    undone = Correction(number, event.id, event.at, event.person_id, changes, undone=True)
    return actions.announce(turn, session, undone, turn.person_id)


def tell_of_rewording(turn: Turn, change: Change) -> list[Say]:
    """What is changed before the minutes are out is told to those who were asked about it, and to
    who has promised it: they are asked anew."""
    promise = promises.get(turn.db, change.promise_id or 0)
    vouchers = tuple(actions.give_vouchers(turn, [change]).values())
    options = actions.ask_again(turn, [change])
    says = [
        Say(
            ToThread(thread.id),
            "promise.amended_news",
            {"change": papers.format_change(turn, change, firm), "vouchers": vouchers},
            options,
        )
        for firm in promise.firms
        for thread in threads.of_enterprise(turn.db, firm)
    ]
    if promise.person_id not in (None, turn.person_id):
        assert promise.person_id is not None, "just looked"
        told = {"change": papers.format_change(turn, change), "vouchers": vouchers}
        says.append(Say(ToPerson(promise.person_id), "promise.amended_notice", told))
    return says


def reassign(turn: Turn, promise: Promise) -> Promise:
    """The promise with whoever its name stands for now, and its bell."""
    person, department = find_responsible(turn, promise.who)
    item = agenda.get(turn.db, promise.item_id)
    after = replace(promise, person_id=person or item.owner_id, department_id=department)
    return replace(after, next_due_at=next_bell(after, turn.park))


def _put_back(turn: Turn, change: Change, because: str) -> list[Say]:

    item = agenda.get(turn.db, change.item_id)
    if change.promise_id is None:
        assert change.before is not None, "items do not come and go"
        outcome = change.before.outcome or item.outcome
        agenda.save(turn.db, replace(item, outcome=outcome, said=change.before.said))
        return retract_moves(turn, item.issues, because)
    promise = promises.get(turn.db, change.promise_id)
    if promise.kept not in (Kept.OPEN, Kept.STRUCK) or word_promise(promise) != change.after:
        raise Refused("correction.gone_on", number=promise_facts(turn, promise)["number"])
    if change.before is None:
        promises.save(turn.db, replace(promise, kept=Kept.STRUCK, next_due_at=None))
        sessions.record(
            turn.db, promise.session_id, "strike", turn.own_origin, promise_id=promise.id
        )
        return retract_moves(turn, item.issues, because)
    before = reword_promise(replace(promise, kept=Kept.OPEN), change.before)
    promises.save(turn.db, reassign(turn, before))
    return retract_moves(turn, promise.issues, because)


def _find_thread(turn: Turn, say: Say) -> int | None:
    if isinstance(say.to, ToThread):
        return say.to.id
    if isinstance(say.to, ToPerson):
        thread = threads.of_person(turn.db, say.to.id)
        return thread.id if thread else None
    return None
