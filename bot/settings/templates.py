"""Template messages of the WeChat account: which of ours fills which fields of which template."""

import re
import string
from collections.abc import Iterator, Mapping

from pydantic import Field

from bot.core.messages import Line
from bot.settings.faults import Reason, because
from bot.settings.service_levels import Section

FORMS = (
    *("thing", "character_string", "phone_number", "letter", "number", "symbol", "phrase"),
    *("time", "date", "name", "const"),
)
"""What the name of a template's field begins with. Source: the platform's document on the
parameters of template messages (类目模板消息)."""
WORDS = frozenset({"number", "title", "status", "owner", "phone", "text"})
MOMENTS = frozenset({"at", "due"})
"""What a field can be filled with: of the issue its number, title, status and deadline, of whoever
holds it name and phone; the words of the message, and when they were said."""
_FIELD = re.compile(rf"({'|'.join(FORMS)})\d{{1,3}}", re.ASCII)


class TemplateRow(Section):
    id: str = Field(min_length=1)
    fields: dict[str, str]


def form(field: str) -> str:
    """What the name of a field begins with; empty for a name that the platform does not use."""
    found = _FIELD.fullmatch(field)
    return found[1] if found else ""


def find_template_faults(rows: Mapping[str, TemplateRow]) -> Iterator[tuple[str, Line]]:
    """Keys and reasons of templates that the platform would refuse."""
    for kind, row in rows.items():
        if not row.fields:
            yield f"channels.wechat.templates.{kind}.fields", because(Reason.MISSING)
        for field, words in row.fields.items():
            key = f"channels.wechat.templates.{kind}.fields.{field}"
            if not form(field):
                yield key, because(Reason.TEMPLATE_FIELD, name=field, known="、".join(FORMS))
            elif (odd := _odd(form(field), words)) is not None:
                known = "、".join(f"{{{placeholder}}}" for placeholder in sorted(WORDS | MOMENTS))
                yield key, because(Reason.TEMPLATE_VALUE, name=odd, known=known)


def _odd(kind: str, words: str) -> str | None:
    """What is wrong with the filling of a field, None where nothing is."""
    try:
        names = [name for _, name, _, _ in string.Formatter().parse(words) if name is not None]
    except ValueError:
        return words
    if kind in ("time", "date"):
        return None if words in {f"{{{placeholder}}}" for placeholder in MOMENTS} else words
    return next(
        (f"{{{placeholder}}}" for placeholder in names if placeholder not in WORDS | MOMENTS), None
    )
