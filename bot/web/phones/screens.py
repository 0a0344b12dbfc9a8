"""Puts a phone's conversation into the form that the page draws: plain values, words included."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection

from bot.channels import window
from bot.channels.local import GROUP, Local, bubbles
from bot.core.days.quiet_hours import QuietHours, quiet
from bot.core.issues.issue import Status
from bot.core.messages import Kind
from bot.demo import Phone
from bot.texts import Texts
from bot.web.phones.roster import address_of
from storage.delivery import pending, threads, timeline
from storage.delivery.outbox import Parcel
from storage.delivery.threads import Thread
from storage.delivery.timeline import Heard, Progress, Told
from storage.media import media

MOST = 120
"""Messages of each kind that a phone shows."""
TONES = {
    Status.FILED: "red",
    Status.ACCEPTED: "blue",
    Status.WAITING: "yellow",
    Status.PLANNED: "yellow",
    Status.RESOLVED: "teal",
    Status.CONFIRMED: "teal",
    Status.CLOSED: "green",
    Status.WITHDRAWN: "grey",
}
SHAPES = {"red": "■", "blue": "●", "yellow": "▲", "teal": "◆", "green": "✔", "grey": "✕"}
"""Colour is never alone: each tone has its shape, and the word stands beside it."""


@dataclass(frozen=True)
class Screens:
    """Draws the screens of one moment."""

    db: Connection
    texts: Texts
    channel: Local
    quiet: QuietHours
    now: datetime

    def of(self, phone: Phone) -> dict[str, Any]:
        """One phone: its conversation up to now, and what has not reached it."""
        thread = threads.by_address(self.db, address_of(phone))
        screen = {
            "handle": phone.handle,
            "failing": phone.handle in self.channel.failing,
            "rules": self._rules(phone, thread),
            "items": [],
            "waiting": [],
            "later": None,
        }
        return screen | self._conversation(phone, thread) if thread else screen

    def _conversation(self, phone: Phone, thread: Thread) -> dict[str, Any]:
        heard = timeline.list_heard(self.db, thread.id, self.now, MOST)
        told = timeline.list_told(self.db, thread, self.now, MOST)
        letters = list(self._letters(phone, told))
        progress = timeline.progress(self.db, _issues(told))
        cards = [self._card(letter, thread, progress) for letter in letters]
        _keep_newest(cards)
        items = [*(self._own(message) for message in heard), *cards]
        # A message stands before the words it caused, also where the clock shows the same instant.
        items.sort(key=lambda item: (item["at"], item["side"] != "me"))
        lost = timeline.under_way(self.db, thread, MOST)
        return {
            "items": items[-MOST:],
            "waiting": [self._describe_undelivered(delivery) for delivery in lost],
            "later": self._later(thread),
        }

    def _letters(self, phone: Phone, told: Sequence[Told]) -> Iterator[list[Parcel]]:
        """What arrived together is one bubble on a WeChat phone."""
        together = self.channel.is_wechat(phone.handle)
        for _, group in groupby(told, key=lambda one: (one.parcel.slot, one.parcel.sent_at)):
            parcels = [delivery.parcel for delivery in group]
            yield from [parcels] if together else ([parcel] for parcel in parcels)

    def _own(self, one: Heard) -> dict[str, Any]:
        return {
            "id": f"m{one.id}",
            "side": "me",
            "texts": [one.text] if one.text else [],
            "media": _media(one.media_id, one.kind, one.mime),
            **self._when(one.received_at),
        }

    def _card(
        self, parcels: list[Parcel], thread: Thread, progress: dict[int, Progress]
    ) -> dict[str, Any]:
        last = next((parcel for parcel in reversed(parcels) if parcel.options), parcels[-1])
        issue = next((progress.get(parcel.issue_id) for parcel in parcels if parcel.issue_id), None)
        wechat = self.channel.is_wechat(thread.address.user)
        sent = last.sent_at
        assert sent is not None
        return {
            "id": f"o{parcels[0].id}",
            "side": "bot",
            "texts": bubbles(parcels) if wechat else [parcels[0].text],
            "media": self._find_media(parcels),
            "buttons": not wechat,
            "options": [self._option(option, thread) for option in last.options],
            "badge": self._badge(issue) if issue else None,
            **self._when(sent),
        }

    def _option(self, option: dict[str, Any], thread: Thread) -> dict[str, str]:
        """What a WeChat user would type: the digit while the menu is in force, else the words."""
        action, digit = pending.read_action(option), option["digit"]
        menu = next(iter(pending.list_menus(thread)), None)
        in_force = menu.choices.get(int(digit)) if menu else None
        live = in_force is not None and in_force.action == action
        words = self.texts.phrase(action)
        shown = {"digit": digit, "label": option["label"], "words": words}
        return {**shown, "type": digit if live else words}

    def _find_media(self, parcels: list[Parcel]) -> dict[str, str] | None:
        found = next((parcel.media_id for parcel in parcels if parcel.media_id), None)
        return _media(found, Kind.IMAGE, media.get(self.db, found).mime) if found else None

    def _badge(self, issue: Progress) -> dict[str, str]:
        tone = TONES[issue.status]
        return {
            "issue": issue.number,
            "tone": tone,
            "shape": SHAPES[tone],
            "word": self.texts.format_value(issue.status),
        }

    def _describe_undelivered(self, one: Told) -> dict[str, Any]:
        return {"id": f"o{one.parcel.id}", "text": one.parcel.text, "note": self._note(one)}

    def _note(self, one: Told) -> str:
        reason = self._reason(one.parcel.error)
        if one.gave_up_at:
            return self.texts.render("phones.given_up", {"reason": reason})
        if one.held_at:
            return self.texts.render("phones.held", {"reason": reason})
        if one.retry_at:
            return self.texts.render("phones.retry", {"reason": reason, "at": one.retry_at})
        if one.not_before > self.now:
            return self.texts.render("phones.quiet", {"at": one.not_before})
        return self.texts.render("phones.under_way")

    def _reason(self, error: str) -> str:
        return self.texts.words.get(error.partition(":")[0], error)

    def _later(self, thread: Thread) -> str | None:
        """The clock was turned back: what lies ahead is not shown, and that is said."""
        count, last = timeline.after(self.db, thread.id, self.now)
        return self.texts.render("phones.later", {"count": count, "last": last}) if count else None

    def _rules(self, phone: Phone, thread: Thread | None) -> str:
        if phone.handle == GROUP:
            return self.texts.render("phones.rules_group")
        if not self.channel.is_wechat(phone.handle):
            key = (
                "phones.rules_staff_quiet" if quiet(self.now, self.quiet) else "phones.rules_staff"
            )
            return self.texts.render(key)
        if thread is None or thread.heard_at is None:
            return self.texts.render("phones.rules_wechat_unheard")
        until = thread.heard_at + window.OPEN_FOR
        if until <= self.now:
            return self.texts.render("phones.rules_wechat_shut")
        left = window.BUDGET - thread.sends
        return self.texts.render("phones.rules_wechat", {"left": left, "until": until})

    def _when(self, at: datetime) -> dict[str, str]:
        return {
            "at": sortable(at),
            "day": self.texts.format_value(at, "day"),
            "clock": self.texts.format_value(at, "clock"),
        }


def sortable(at: datetime) -> str:
    """The moment in a form whose order is that of time."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _issues(told: Sequence[Told]) -> set[int]:
    return {delivery.parcel.issue_id for delivery in told if delivery.parcel.issue_id}


def _keep_newest(cards: list[dict[str, Any]]) -> None:
    """Only the newest card with a menu in force takes digits; an issue's badge stands once."""
    menus, issues = False, set()
    for card in reversed(cards):
        for option in card["options"] if menus else ():
            option["type"] = option["words"]
        card["newest"] = any(choice["type"] == choice["digit"] for choice in card["options"])
        menus = menus or bool(card["options"])
        number = card["badge"] and card["badge"]["issue"]
        if number in issues:
            card["badge"] = None
        issues.add(number)


def _media(media_id: int | None, kind: Kind, mime: str) -> dict[str, str] | None:
    if media_id is None:
        return None
    # What is still being fetched or painted has no type yet; a browser's voice is a WebM.
    first = "audio" if kind is Kind.VOICE else mime.partition("/")[0] or "image"
    shown = first in ("image", "audio", "video") and mime != "image/heic"
    form = first if shown else "file"
    return {"url": f"/phones/media/{media_id}", "form": form}
