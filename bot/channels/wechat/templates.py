"""Makes a template message of what the window does not let through, and sends it.

A notice has room for a few characters: unless it holds all that was said, the whole words wait for
the person's next message. Source: the platform's document on template messages (类目模板消息).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from bot.channels.base import Apart, Undeliverable
from bot.channels.tencent.xml_text import printable
from bot.channels.wechat.api import Api
from bot.channels.wechat.reports import TEMPLATE, name_report
from bot.core.notifications import find_notification
from bot.settings.templates import MOMENTS, TemplateRow, form
from bot.texts import Texts
from storage.delivery.outbox import Parcel
from storage.delivery.subjects import Subject

ANY = "any"
"""The template of every kind that has none of its own."""
NOTICED, DECLINED, REFUSED = "delivery.noticed", "delivery.declined", "delivery.refused"
LONGEST = {"thing": 20, "const": 20, "phrase": 5, "phone_number": 17, "symbol": 5}
LONGEST_OTHER, LONGEST_NAME, LONGEST_LATIN_NAME = 32, 10, 20
"""Characters of a field."""
_NOT = {
    "phrase": re.compile(r"[^\u4e00-\u9fff]+"),
    "character_string": re.compile(r"[^\x21-\x7e]+"),
    "number": re.compile(r"[^\d.]+", re.ASCII),
    "letter": re.compile(r"[^A-Za-z]+"),
    "phone_number": re.compile(r"[^\d+()-]+", re.ASCII),
    "symbol": re.compile(r"[\w\s]+"),
}
"""What a field of this form must not hold."""
_EMPTY = {"character_string": "-", "number": "0", "letter": "N", "phone_number": "-", "symbol": "-"}
log = structlog.get_logger()


@dataclass(frozen=True)
class Notice:
    """One template message; `whole`: nothing that was said is missing in it. None of its fields
    where the parcel's notice has left before."""

    parcel: Parcel
    template: str
    fields: Mapping[str, str]
    whole: bool

    @property
    def unique(self) -> str:
        """Its name at the platform, as a card's (`bot.channels.wecom.cards.task_id`)."""
        return f"exchange-{self.parcel.id}-{int(self.parcel.created_at.timestamp())}"


class Notices:
    """The account's templates: for the key of the words (`news.answered`), else the one that their
    row in `bot.core.notifications` names (`news`), else `any`."""

    def __init__(self, rows: Mapping[str, TemplateRow], texts: Texts) -> None:
        self._rows = rows
        self._texts = texts

    def build_notices(
        self, parcels: Sequence[Parcel], subjects: Mapping[int, Subject]
    ) -> list[Notice]:
        """The notices for those of the parcels that have a template; `subjects` are the issues
        they are about, by id."""
        made = []
        for parcel in parcels:
            kinds = (parcel.kind, find_notification(parcel.kind).template, ANY)
            row = next((self._rows[kind] for kind in kinds if kind in self._rows), None)
            if row is not None:
                subject = subjects.get(parcel.issue_id or 0)
                made.append(self._notice(parcel, row, _list_facts(parcel, subject)))
        return made

    def _notice(self, parcel: Parcel, row: TemplateRow, facts: Mapping[str, Any]) -> Notice:
        fields = {
            name: self._fill_field(form(name), words, facts) for name, words in row.fields.items()
        }
        said = str(facts["text"])
        whole = said in fields.values() and not parcel.options and parcel.media_id is None
        return Notice(parcel, row.id, fields, whole)

    def _fill_field(self, kind: str, words: str, facts: Mapping[str, Any]) -> str:
        if kind in ("time", "date"):
            at: datetime = facts[words.strip("{}")]
            return self._texts.render(f"wechat_notice.{kind}", {"at": at})
        shown = {
            name: self._texts.format_value(value, "clock" if name in MOMENTS else "")
            for name, value in facts.items()
        }
        return _fit_words(kind, words.format_map(shown)) or (
            _EMPTY.get(kind) or self._texts.render("wechat_notice.nothing")
        )


def send_notices(api: Api, notices: Sequence[Notice]) -> dict[int, Apart]:
    """Send them; what became of each parcel. What the platform calls wrong is not in it: a template
    that does not fit is the office's mistake, and the words wait as without one."""
    return {
        notice.parcel.id: fate
        for notice in notices
        if (fate := _send_notice(api, notice)).trouble is None or fate.trouble.reason != REFUSED
    }


def _send_notice(api: Api, notice: Notice) -> Apart:
    parcel, msgid = notice.parcel, ""
    if parcel.error.partition(":")[0] != NOTICED:
        try:
            msgid = api.template(parcel.address.user, notice.template, notice.fields, notice.unique)
        except Undeliverable as trouble:
            if trouble.reason == REFUSED:
                log.error("template refused", template=notice.template, detail=trouble.detail)
            if trouble.reason == DECLINED:
                return Apart(Undeliverable(DECLINED, trouble.detail, hold=True))
            return Apart(trouble)
    rest = None if notice.whole else Undeliverable(NOTICED, "template", hold=True)
    return Apart(rest, name_report(TEMPLATE, msgid) if msgid else "")


def _list_facts(parcel: Parcel, issue: Subject | None) -> dict[str, object]:
    """What fields can be filled with: see `bot.settings.templates`."""
    head, _, body = parcel.text.partition("\n")
    return {
        "text": _line(body or head),
        "number": issue.number if issue else "",
        "title": issue.title if issue else _line(head),
        "status": issue.status if issue else None,
        "owner": issue.owner if issue else "",
        "phone": issue.phone if issue else "",
        "at": parcel.created_at,
        "due": issue.solve_due if issue else parcel.created_at,
    }


def _fit_words(kind: str, words: str) -> str:
    """As much of the words as a field of this form may hold."""
    plain = _line(words)
    plain = _NOT[kind].sub("", plain) if kind in _NOT else plain
    if kind == "name":
        most = LONGEST_LATIN_NAME if plain.isascii() else LONGEST_NAME
    else:
        most = LONGEST.get(kind, LONGEST_OTHER)
    if len(plain) <= most:
        return plain
    return plain[: most - 1] + "…" if kind in ("thing", "const") else plain[:most]


def _line(words: str) -> str:
    return " ".join(printable(words).split())
