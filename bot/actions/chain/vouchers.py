"""Gives vouchers (凭据) for promises and closed issues, and proves that they are in the chain."""

import json
import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from bot.actions.context import Context
from bot.core.chain.entries import SALT, Kind, canonical
from bot.core.chain.tree import START, build_path
from bot.core.chain.vouchers import Proof, build_code, dump_voucher, group
from bot.core.issues.issue import Issue
from bot.core.messages import Line
from bot.core.sessions.promises import Promise
from storage.chain import entries, roots, vouchers
from storage.chain.roots import Root
from storage.chain.vouchers import Voucher


def give_for_promise(context: Context, promise: Promise, number: str) -> str:
    """The code of a new voucher for a promise as it is now; `number` is 95-03."""
    facts = {
        "number": number,
        "who": promise.who,
        "what": promise.what,
        "due": promise.due,
        "first_due": promise.first_due,
        "made_at": promise.made_at,
    }
    return _give(context, Kind.PROMISE, promise.id, number, facts)


def give_for_issue(context: Context, issue: Issue) -> str:
    """The code of a new voucher for an issue that has just been closed."""
    facts = {
        "number": issue.number,
        "title": issue.title,
        "filed_at": issue.filed_at,
        "solve_due": issue.solve_due,
        "resolved_at": issue.resolved_at,
        "closed_at": issue.closed_at,
        "stars": issue.stars,
    }
    return _give(context, Kind.ISSUE, issue.id, issue.number, facts)


def format_code(code: str) -> Line:
    """A code as it stands on a card."""
    return Line("voucher.line", {"code": group(code)})


def dump(db: Connection, voucher: Voucher) -> str:
    """The whole voucher for a page to check, with its proof where its root is published."""
    return dump_voucher(voucher.salt or b"", json.loads(voucher.facts), find_proof(db, voucher))


def find_root(db: Connection, voucher: Voucher) -> Root | None:
    """The published root in which a voucher is, None while it is in none."""
    entry = entries.of_event(db, Kind.VOUCHER, voucher.id)
    return roots.find_covering(db, entry.seq) if entry else None


def find_proof(db: Connection, voucher: Voucher) -> Proof | None:
    """How it leads to the root that was published next, None before that."""
    entry = entries.of_event(db, Kind.VOUCHER, voucher.id)
    root = roots.find_covering(db, entry.seq) if entry else None
    if entry is None or root is None:
        return None
    before = roots.before(db, root)
    first = before.size if before else 0
    path = build_path(entries.leaves(db, first, root.size), entry.seq - first - 1)
    start = before.root if before else START
    return Proof(voucher.id, voucher.subject, voucher.at, entry.words, path, start, root.size)


def _give(context: Context, kind: Kind, of_id: int, subject: str, facts: Mapping[str, Any]) -> str:
    salt = secrets.token_bytes(SALT)
    code = build_code(salt, facts)
    said = canonical(facts).decode("ascii")
    vouchers.add(context.db, Voucher(0, code, kind, of_id, subject, salt, said, context.now))
    return code
