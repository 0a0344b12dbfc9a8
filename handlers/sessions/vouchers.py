"""`凭据 95-01`, `凭据 003`: an enterprise's proof of a promise or a closed issue."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.actions.chain import vouchers as voucher_actions
from bot.core.chain.entries import Kind
from bot.core.chain.vouchers import ORDER, encode, group, read_code
from bot.core.issues.raters import SEES_STARS
from bot.core.messages import Line, Refused
from bot.core.people import Role
from bot.core.sessions.promises import Promise, read_order
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import scope, the_issue
from handlers.dispatch.turn import Reply, Turn
from storage.chain import vouchers
from storage.chain.vouchers import Voucher
from storage.issues import issues
from storage.sessions import agenda, promises

WEEK = timedelta(weeks=1)


def show(turn: Turn, command: Command) -> Reply:
    """The voucher of a promise or an issue, or the one with a code, to whoever may see what it is
    about; to all others there is none. Raises Refused."""
    code = read_code(command.words)
    if command.names_thing:
        voucher = _of_issue(turn, command)
    elif order := read_order(command.words.strip()):
        voucher = _of_promise(turn, order, command.words)
    elif code:
        voucher = _of_code(turn, code)
    else:
        raise Refused("voucher.how")
    return Reply((turn.me("voucher.shown", _build_values(turn, voucher)),))


def _check_may_see_stars(turn: Turn) -> None:
    """The voucher of a closed issue tells how it was rated."""
    if turn.role not in SEES_STARS:
        raise Refused("voucher.of_firm")


def _of_issue(turn: Turn, command: Command) -> Voucher:
    _check_may_see_stars(turn)
    issue = the_issue(turn, command)
    found = vouchers.latest_of(turn.db, Kind.ISSUE, [issue.id]).get(issue.id)
    if found is None:
        raise Refused("voucher.none", text=issue.number)
    return found


def _of_promise(turn: Turn, order: tuple[int, int], words: str) -> Voucher:
    promise = promises.by_number(turn.db, *order)
    found = None
    if promise is not None and _may_see(turn, promise):
        found = vouchers.latest_of(turn.db, Kind.PROMISE, [promise.id]).get(promise.id)
    if found is None:
        raise Refused("voucher.none", text=words)
    return found


def _of_code(turn: Turn, code: str) -> Voucher:
    found = vouchers.by_code(turn.db, code)
    if found is None:
        raise Refused("voucher.unknown")
    if found.kind is Kind.ISSUE:
        _check_may_see_stars(turn)
    seen = (
        _may_see(turn, promises.get(turn.db, found.of_id))
        if found.kind is Kind.PROMISE
        else issues.visible(turn.db, found.of_id, scope(turn)) is not None
    )
    if not seen:
        raise Refused("voucher.unknown")
    return found


def _may_see(turn: Turn, promise: Promise) -> bool:
    """The firm it was made to, whoever raised its issue, and the staff."""
    if turn.role is not Role.CONTACT:
        return turn.person is not None
    firm = turn.person.enterprise_id if turn.person else None
    if firm is not None and firm in promise.firms:
        return True
    raised = agenda.issues_by_id(turn.db, promise.issues).values()
    return any(issue.thread_id == turn.thread.id for issue in raised)


def _build_values(turn: Turn, voucher: Voucher) -> dict[str, object]:
    root = voucher_actions.find_root(turn.db, voucher)
    zone = turn.park.hours.zone
    link = turn.park.sessions.link
    data = voucher_actions.dump(turn.db, voucher)
    if root is not None:
        account = Line("voucher.in_root", {"day": root.day, "root": group(encode(root.root))})
    else:
        today = turn.now.astimezone(zone).date()
        monday = today + timedelta(days=7 - today.weekday())
        account = Line("voucher.not_yet", {"day": monday})
    return {
        "subject": voucher.subject,
        "lines": tuple(_list_facts(voucher)),
        "code": group(voucher.code),
        "root": account,
        "check": Line("voucher.check_link", {"url": f"{link}/voucher#{data}"})
        if link
        else Line("voucher.check_data", {"data": data}),
    }


def _list_facts(voucher: Voucher) -> Iterator[Line]:
    facts = json.loads(voucher.facts)
    for name in ORDER:
        value = facts.get(name)
        if name in ("number", "first_due") or value is None:
            continue
        said = datetime.fromisoformat(value) if name.endswith(("_at", "due")) else value
        yield Line("voucher.fact", {"label": Line(f"voucherfact.{name}"), "value": said})
