"""Which issues somebody may see: the one rule by which every reader of issues keeps to sealed ones.

Whatever reads issues for more than one person asks for `UNSEALED`, or for a scope made here;
`tests/issues/test_sealed_readers.py` knows every module that reads the table.
"""

from sqlalchemy import ColumnElement, and_, bindparam, or_, select

from storage.tables.issues import assists, issues
from storage.tables.sealing import named, readers

UNSEALED = issues.c.sealed.is_(None)
"""What is not sealed: all that figures, lists, agendas, boards, exports and hints are made of."""
_SEALED = issues.c.sealed.is_not(None)


def is_read_by(person_id: int) -> ColumnElement[bool]:
    """Sealed matters that this person reads: as the first reader, or because a missed deadline
    climbed to them. Never one in which they are meant."""
    meant = select(named.c.issue_id).where(named.c.person_id == person_id)
    theirs = select(readers.c.issue_id).where(readers.c.person_id == person_id)
    return and_(_SEALED, issues.c.id.in_(theirs), issues.c.id.not_in(meant))


def is_written_by(thread_id: int, person_id: int | None) -> ColumnElement[bool]:
    """Sealed matters that this very person wrote, on whichever of their phones; of somebody whom
    nobody knows, in this conversation."""
    unknown = and_(issues.c.reporter_id.is_(None), issues.c.thread_id == thread_id)
    own = unknown if person_id is None else or_(unknown, issues.c.reporter_id == person_id)
    return and_(_SEALED, own)


def is_visible_to_contact(
    thread_id: int, enterprise_id: int | None, person_id: int | None = None
) -> ColumnElement[bool]:
    """What somebody who speaks for an enterprise may see: what they wrote, what their firm did; of
    sealed matters only what they wrote themselves."""
    mine = issues.c.thread_id == thread_id
    firm = mine if enterprise_id is None else or_(mine, issues.c.enterprise_id == enterprise_id)
    return or_(and_(UNSEALED, firm), is_written_by(thread_id, person_id))


def is_held_by(person_id: int) -> ColumnElement[bool]:
    """What a member of the staff holds, was offered, or answers for on a higher rung."""
    columns = (issues.c.owner_id, issues.c.offered_to, issues.c.superior_id, issues.c.leader_id)
    theirs = or_(*(column == person_id for column in columns))
    return or_(and_(UNSEALED, theirs), is_read_by(person_id))


def is_visible_to_staff(person_id: int) -> ColumnElement[bool]:
    """What a member of the staff may see: what they hold or answer for, and what they help with."""
    mine = select(assists.c.issue_id).where(assists.c.person_id == person_id)
    return or_(is_held_by(person_id), and_(UNSEALED, issues.c.id.in_(mine)))


def is_visible_to_leading(person_id: int) -> ColumnElement[bool]:
    """What leaders and the duty desk may see: everything but what is sealed from them."""
    return or_(UNSEALED, is_read_by(person_id))


UNSEALED_OR_WRITTEN = or_(
    UNSEALED,
    and_(issues.c.reporter_id.is_(None), issues.c.thread_id == bindparam("thread")),
    issues.c.reporter_id == bindparam("person"),
)
"""For a statement about a conversation `thread` and its `person` that is prepared once."""
