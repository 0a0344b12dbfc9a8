"""Reads one cell: what people typed, and what their spreadsheet made of it."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta

from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError

from bot.core.letters import is_hidden
from bot.core.messages import Refused
from bot.core.projects.words import read_steps
from bot.registry.xlsx import Unreckoned

Text = str | tuple[str, ...]
ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"})
ORDINARY_DAY = 40
"""Characters in which any day can be written."""
LOST = "\ufffd"
"""What a program writes for a letter that it could not read."""
_QUOTED = 40
_PADDING = re.compile(r"(?<![\x21-\x7e\u00c0-\u024f]) (?![\x21-\x7e\u00c0-\u024f])")
EXACT = 10**15
"""From here on a spreadsheet's numbers have lost their last digits."""
_BETWEEN = re.compile(r"[、，,;；|\n]+")
_ROUNDED = re.compile(r"\d(\.\d+)?E\+\d+", re.IGNORECASE)
_MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})")
_LANDLINE = re.compile(r"(0\d{2,3}-?)?[2-9]\d{6,7}(-\d{1,6})?|400-?\d{3}-?\d{4}")
_PHONE_NOISE = str.maketrans({"（": "", "）": "", "(": "", ")": "", " ": "", "—": "-", "－": "-"})


def text(value: object, longest: int) -> str:
    """What is in a cell, tidied: white space at the ends and invisible characters go.

    Of a formula it is the value beside it. Raises Refused where there is none, for dates, truth
    values and errors, for numbers that were rounded, for letters that were lost and for more than
    `longest` characters.
    """
    written = _read_value(value)
    if len(written) > longest:
        raise Refused("registry.cell.long", length=len(written), longest=longest)
    if LOST in written or any(map(_is_half, written)):
        raise Refused("registry.cell.lost")
    return "".join(_visible(char) for char in written).strip()


def close_gaps(name: str) -> str:
    """A name without the gaps that only pad it: 张　三 is 张三. Between Latin words they stay."""
    return _PADDING.sub("", " ".join(name.split()))


def several(written: str) -> tuple[str, ...]:
    """The parts of a list such as `规上、专精特新`, each once."""
    parts = (" ".join(part.split()) for part in _BETWEEN.split(written))
    return tuple(dict.fromkeys(part for part in parts if part))


def code(written: str) -> str:
    """A 统一社会信用代码 in its usual form (GB 32100-2015). Raises Refused."""
    plain = unicodedata.normalize("NFKC", written)
    if _ROUNDED.fullmatch(plain):
        raise Refused("registry.cell.rounded")
    try:
        return str(uscc.validate(plain))
    except InvalidLength:
        raise Refused("registry.cell.code_length", length=len(uscc.compact(plain))) from None
    except InvalidChecksum:
        raise Refused("registry.cell.code_check") from None
    except ValidationError:
        raise Refused("registry.cell.code_form") from None


def phone(written: str) -> str:
    """A mobile number as eleven digits, a landline as it was typed. Raises Refused."""
    plain = unicodedata.normalize("NFKC", written).translate(_PHONE_NOISE)
    if _ROUNDED.fullmatch(plain):
        raise Refused("registry.cell.rounded")
    if mobile := _MOBILE.fullmatch(plain.replace("-", "")):
        return mobile[1]
    if not _LANDLINE.fullmatch(plain):
        raise Refused("registry.cell.phone")
    return plain


def day(value: object) -> date | None:
    """A day, from a cell that is a date or says one with its year; None for an empty cell. Raises
    Refused."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    written = text(value, ORDINARY_DAY)
    if not written:
        return None
    plain = unicodedata.normalize("NFKC", written)
    found = re.fullmatch(r"(\d{4})\D(\d{1,2})\D(\d{1,2})\D?", plain) or re.fullmatch(
        r"(\d{4})(\d{2})(\d{2})", plain
    )
    try:
        return date(*map(int, found.groups())) if found else _no_day(written)
    except ValueError:
        return _no_day(written)


def steps(written: str) -> tuple[tuple[str, int], ...]:
    """The steps of a project with their working days: 设计10、报批15、施工60. Raises Refused."""
    try:
        found = read_steps(written)
    except Refused:
        raise Refused("registry.cell.steps") from None
    sure = tuple((name, days) for name, days in found if days is not None)
    if len(sure) < len(found) or len({name for name, _ in sure}) < len(sure):
        raise Refused("registry.cell.steps")
    return sure


def _no_day(written: str) -> date:
    raise Refused("registry.cell.day", given=written)


def identity(name: str) -> str:
    """What two spellings of one name share: full or half width, case and spaces are no matter."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def _read_value(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Unreckoned):
        raise Refused("registry.cell.unreckoned", formula=str(value)[:_QUOTED])
    if isinstance(value, bool):
        raise Refused("registry.cell.truth")
    if isinstance(value, date | time | timedelta):
        raise Refused("registry.cell.date")
    if isinstance(value, int | float):
        return _number(value)
    written = str(value)
    if written in ERRORS:
        raise Refused("registry.cell.error", error=written)
    return written


def _number(value: float) -> str:
    if abs(value) >= EXACT:
        raise Refused("registry.cell.rounded")
    return str(int(value)) if value == int(value) else str(value)


def _visible(one: str) -> str:
    if one.isspace():
        return one if one == "\n" else " "
    return "" if is_hidden(one) else one


def _is_half(char: str) -> bool:
    return "\ud800" <= char <= "\udfff"
