"""The minutes (纪要): one value for the chat, the Word file and the command line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace

from bot.actions.chain.roots import build_root_line
from bot.actions.context import Context
from bot.actions.issues import merged_replies
from bot.actions.sessions import tally
from bot.actions.sessions.promises import build_settled_lines, promise_facts, state
from bot.actions.sessions.views import (
    attendance,
    firm_names,
    format_promise_number,
    pad_name,
    session_facts,
)
from bot.core.messages import Line
from bot.core.people import Role
from bot.core.sessions.agenda import COMES_BACK, Item, of_firm, on_agenda
from bot.core.sessions.corrections import Change, Correction, Wording, concerns
from bot.core.sessions.promises import Promise
from bot.core.sessions.session import Coming, Seat, Session, Way
from storage.people import people
from storage.sessions import agenda, promises, sessions

CLOSINGS = frozenset({"close_session", "close_rest"})
"""What ends a session; after one that was opened again it corrects its minutes."""
CORRECTING = CLOSINGS | {"correct"}
UNDONE = "take_back"


@dataclass(frozen=True)
class Minutes:
    """What the record of a session holds; `firm` is whose part it is, None for the whole. `owed`
    are the earlier promises that were read back, by id."""

    session: Session
    seats: tuple[Seat, ...]
    items: tuple[Item, ...]
    promises: tuple[Promise, ...]
    firm: int | None = None
    owed: Mapping[int, Promise] = field(default_factory=dict)
    corrections: tuple[Correction, ...] = ()


def of_session(context: Context, session: Session, firm: int | None = None) -> Minutes:
    """The whole record, or one enterprise's part of it: no other firm's own matter, no other
    firm's name."""
    items = on_agenda(agenda.of_session(context.db, session.id))
    seats = sessions.seats_of(context.db, session.id)
    made = promises.of_session(context.db, session.id)
    if firm is not None:
        items = of_firm(items, firm)
        seats = [seat for seat in seats if seat.enterprise_id == firm]
        made = [promise for promise in made if concerns(promise.firms, promise.issues, firm)]
        # What one firm disagrees with is no other firm's business.
        made = [
            promise if promise.firms == (firm,) else replace(promise, dispute="")
            for promise in made
        ]
    read = [item.promise_id for item in items if item.promise_id is not None]
    owed = {found: promises.get(context.db, found) for found in read}
    corrections = tuple(list_corrections(context, session))
    return Minutes(session, tuple(seats), tuple(items), tuple(made), firm, owed, corrections)


def list_corrections(context: Context, session: Session) -> list[Correction]:
    """What was corrected after the session was closed, numbered from the first."""
    history = sessions.history(context.db, session.id)
    undone = {event.undoes for event in history if event.act == UNDONE}
    found = [event for event in history if event.act in CORRECTING and event.changes]
    return [
        Correction(number, event.id, event.at, event.person_id, event.changes, event.id in undone)
        for number, event in enumerate(found, start=1)
    ]


def build_values(context: Context, minutes: Minutes) -> dict[str, object]:
    """The minutes as a card prints them."""
    here = [seat for seat in minutes.seats if seat.present_at or seat.way is Way.WRITTEN]
    absent = sum(seat.coming is Coming.COMING and not seat.present_at for seat in minutes.seats)
    whole = minutes.firm is None
    return {
        **session_facts(context, minutes.session),
        "seats": attendance(context, here) or (Line("minutes.nobody"),),
        "absent": Line("minutes.absent", {"absent": absent}) if whole and absent else None,
        "settled": build_settled_lines(context, minutes.session) if whole else (),
        "lines": tuple(_item(context, item, minutes) for item in minutes.items)
        or (_say_nothing(context, minutes),),
        "corrections": build_correction_lines(context, minutes),
        "tally": build_tally(context, minutes.session) if whole else None,
        "root": build_root_line(context, minutes.session.closed_at),
        "paper": _paper(context, minutes.session) if whole else None,
    }


def _say_nothing(context: Context, minutes: Minutes) -> Line:
    """There were no items; who was there all the same reads what they had come to speak of."""
    seats = [seat for seat in minutes.seats if seat.present_at or seat.way is Way.WRITTEN]
    if minutes.firm is None or not seats:
        return Line("agenda.nothing")
    issues = agenda.issues_by_id(context.db, (issue for seat in seats for issue in seat.issues))
    said = [seat.topic for seat in seats if seat.topic] + [issue.title for issue in issues.values()]
    topics = context.texts.words["agenda.between"].join(said)
    return Line(
        "minutes.not_recorded",
        {"topics": Line("minutes.topics", {"topics": topics}) if topics else None},
    )


def _paper(context: Context, session: Session) -> Line | None:
    """Where the whole minutes are found as a file: nothing for an enterprise's eyes."""
    link = context.park.sessions.link
    closed = session.closed_at
    over = closed is not None and context.now > closed + context.park.limits.minutes_link
    if not link or not session.paper or over:
        return None
    return Line("minutes.paper", {"url": f"{link}/minutes/{session.paper}.docx"})


def _item(context: Context, item: Item, minutes: Minutes) -> Line:
    mine = [promise for promise in minutes.promises if promise.item_id == item.id]
    shown = item.firms if minutes.firm is None else ()
    said = hide_others(context, item, minutes.firm, item.said)
    return Line(
        "minutes.item",
        {
            "place": item.place,
            "title": item.title,
            "enterprise": pad_name(firm_names(context, shown)),
            "outcome": outcome_of(minutes, item),
            "said": Line("minutes.said", {"said": said}) if said else None,
            "promises": tuple(
                _promise(
                    context,
                    replace(promise, what=hide_others(context, item, minutes.firm, promise.what)),
                )
                for promise in mine
            ),
        },
    )


def hide_others(context: Context, item: Item, firm: int | None, words: str) -> str:
    """Words of the evening without the names of the firms whose matter is dealt with together with
    that of the firm whose part it is."""
    if firm is None:
        return words
    for issue in agenda.issues_by_id(context.db, item.issues).values():
        words = merged_replies.fit(context, issue, words)
    return words


def _promise(context: Context, promise: Promise) -> Line:
    """How it stands is said once there is something to say."""
    facts = promise_facts(context, promise)
    running = state(promise, context.now) == "open"
    stands = None if running else Line("minutes.stands", {"state": facts["state"]})
    return Line("minutes.promise", {**facts, "state": stands})


def outcome_of(minutes: Minutes, item: Item) -> object:
    """What became of an item. A promise that nobody settled has not been put off: it runs on."""
    owed = minutes.owed.get(item.promise_id or 0)
    if owed is None or item.outcome not in COMES_BACK:
        return item.outcome
    return Line("minutes.runs_on", {"due": owed.due})


def build_correction_lines(context: Context, minutes: Minutes) -> tuple[Line, ...]:
    """Each correction with who made it and when; in an enterprise's part only what is its own."""
    lines = []
    for correction in minutes.corrections:
        changes = correction.changes
        if minutes.firm is not None:
            changes = tuple(
                change for change in changes if _concerns(context, change, minutes.firm)
            )
        if changes:
            joint = context.texts.words["minutes.joint"]
            said = [
                context.texts.format_value(format_change(context, change, minutes.firm))
                for change in changes
            ]
            by = people.by_id(context.db, correction.by_id)
            office = by is None or by.role is Role.OFFICE
            told = {
                "number": correction.number,
                "at": correction.at,
                "by": Line("people.duty_desk") if office else by and by.name,
                "undone": Line("minutes.correction_undone") if correction.undone else None,
                "changes": joint.join(said),
            }
            lines.append(Line("minutes.correction", told))
    return tuple(lines)


def _concerns(context: Context, change: Change, firm: int) -> bool:
    item = agenda.get(context.db, change.item_id)
    return concerns(item.firms, item.issues, firm)


def format_change(context: Context, change: Change, firm: int | None = None) -> Line:
    """One change in words: what stood there → what stands there now; for an enterprise without the
    names of those whose matter is dealt with together with its own."""
    item = agenda.get(context.db, change.item_id)

    def word(wording: Wording | None) -> Line | None:
        if wording is None or firm is None:
            return _word(wording)
        what, said = (
            hide_others(context, item, firm, text) for text in (wording.what, wording.said)
        )
        return _word(replace(wording, what=what, said=said))

    name: object = Line("minutes.of_item", {"place": item.place, "title": item.title})
    if change.promise_id is not None:
        name = format_promise_number(context, promises.get(context.db, change.promise_id))
    told: dict[str, object] = {
        "name": name,
        "before": word(change.before),
        "after": word(change.after),
    }
    if change.before is None:
        return Line("minutes.change_added", told)
    return Line("minutes.change_dropped" if change.after is None else "minutes.change", told)


def _word(wording: Wording | None) -> Line | None:
    if wording is None:
        return None
    if wording.outcome is not None:
        told: dict[str, object] = {
            "outcome": wording.outcome,
            "said": Line("minutes.said", {"said": wording.said}) if wording.said else None,
        }
        return Line("minutes.wording_item", told)
    said: dict[str, object] = {"who": wording.who, "what": wording.what, "due": wording.due}
    return Line("minutes.wording_promise", said)


def build_tally(context: Context, session: Session) -> Line:
    counts = tally.by_session(context.db)
    mine = next(
        (count for past_session, count in counts if past_session.id == session.id), tally.Count()
    )
    held, whole = tally.altogether(counts, context.park.sessions)
    values = {count_field.name: getattr(mine, count_field.name) for count_field in fields(mine)}
    return Line(
        "minutes.tally",
        {**values, "sessions": held, "all": whole.collected, "all_done": whole.done},
    )


def firms_concerned(minutes: Minutes) -> Sequence[int]:
    """Every enterprise that was there or whose matter came up."""
    here = {seat.enterprise_id for seat in minutes.seats if seat.present_at and seat.enterprise_id}
    named = {firm for item in minutes.items for firm in item.firms}
    return sorted(named | here)
