"""The tables of what people corrected and of the models learned from it."""

from datetime import datetime

from sqlalchemy import Column, Text
from sqlmodel import Field, SQLModel

from storage.columns import BIG, Moment, key, link, table_of


class LessonRow(SQLModel, table=True):
    """Somebody corrected a category; `void` when the correction was undone."""

    __tablename__ = "lessons"
    id: int | None = Field(default=None, sa_column=key())
    issue_id: int = Field(sa_column=link("issues.id"))
    text: str = Field(sa_column=Column(Text, nullable=False))
    category: str = Field(max_length=40)
    because: str = Field(max_length=255, index=True)
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    void: bool = Field(default=False, index=True)


class ModelRow(SQLModel, table=True):
    """A model learned from lessons, as an npz file; at most one of a taxonomy is in use."""

    __tablename__ = "models"
    id: int | None = Field(default=None, sa_column=key())
    taxonomy: str = Field(max_length=16)
    version: str = Field(max_length=16)
    made_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    upto: int = Field(sa_column=Column(BIG, nullable=False))
    right: int
    checked: int
    active: bool
    data: bytes


lessons, models = table_of(LessonRow), table_of(ModelRow)
