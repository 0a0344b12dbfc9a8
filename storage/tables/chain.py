"""The tables of the chain: its entries, the roots that were published, and vouchers."""

from datetime import date, datetime

from sqlalchemy import Column, Index, LargeBinary, String, Text
from sqlmodel import Field, SQLModel

from bot.core.chain.entries import Kind
from storage.columns import BIG, Moment, Word, key, table_of


class ChainEntryRow(SQLModel, table=True):
    """One entry; `seq` counts from 1 without a gap. `facts` is the hash of what is open, `words`
    the commitment to what people wrote, whose `salt` goes when the words are erased."""

    __tablename__ = "chain_entries"
    __table_args__ = (Index("chain_entries_ref", "kind", "ref", "seq"),)
    seq: int = Field(sa_column=Column(BIG, primary_key=True, autoincrement=False))
    kind: Kind = Field(sa_column=Column(Word(Kind), nullable=False))
    ref: int = Field(sa_column=Column(BIG, nullable=False))
    salt: bytes | None = Field(sa_column=Column(LargeBinary(16)))
    facts: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))
    words: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))
    leaf: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))


class ChainRootRow(SQLModel, table=True):
    """One published root, one a week. It stands for all entries up to `size`; `left_out` is how
    many events were there and not chained yet."""

    __tablename__ = "chain_roots"
    number: int = Field(sa_column=Column(BIG, primary_key=True, autoincrement=False))
    day: date = Field(unique=True)
    size: int = Field(sa_column=Column(BIG, nullable=False))
    tree: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))
    root: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))
    left_out: int
    published_at: datetime = Field(sa_column=Column(Moment, nullable=False))


class VoucherRow(SQLModel, table=True):
    """One voucher; only ever added. `facts` is JSON of what it says, `subject` the number that
    people use (95-03, YZ-…-003)."""

    __tablename__ = "vouchers"
    __table_args__ = (Index("vouchers_of", "kind", "of_id", "id"),)
    id: int | None = Field(default=None, sa_column=key())
    code: str = Field(sa_column=Column(String(16), nullable=False, unique=True))
    kind: Kind = Field(sa_column=Column(Word(Kind), nullable=False))
    of_id: int = Field(sa_column=Column(BIG, nullable=False))
    subject: str = Field(sa_column=Column(String(40), nullable=False))
    salt: bytes | None = Field(sa_column=Column(LargeBinary(16)))
    facts: str = Field(sa_column=Column(Text, nullable=False))
    at: datetime = Field(sa_column=Column(Moment, nullable=False))


entries, roots = table_of(ChainEntryRow), table_of(ChainRootRow)
vouchers = table_of(VoucherRow)
