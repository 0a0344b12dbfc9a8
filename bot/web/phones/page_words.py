"""Gathers the words of the phones page: those of its frame and those its script shows."""

from typing import Any

from bot.core.people import Role
from bot.demo import Phone
from bot.texts import Texts
from bot.web.phones.roster import Roster, Seat

SECTION = "phones."
EMPTY = {Seat.ENTREPRENEUR: "empty_entrepreneur", Seat.GROUP: "group_empty"}


def page_words(texts: Texts, roster: Roster) -> dict[str, Any]:
    """What the template is given: the `words` of the section, which the script gets too, and the
    `seats`. Placeholders such as {reason} in what the script shows are filled in by the script."""
    section = {key: words for key, words in texts.words.items() if key.startswith(SECTION)}
    return {
        "words": {key.removeprefix(SECTION): words for key, words in section.items()},
        "seats": [_seat(texts, roster, seat) for seat in Seat if roster.at(seat)],
    }


def _seat(texts: Texts, roster: Roster, seat: Seat) -> dict[str, Any]:
    name = texts.render(f"phones.seat_{seat}")
    return {
        "id": seat.value,
        "name": name,
        "switch": texts.render("phones.switch", {"seat": name}),
        "log": texts.render("phones.log", {"seat": name}),
        "input": texts.render("phones.input", {"seat": name}),
        "empty": texts.render(f"phones.{EMPTY.get(seat, 'empty_staff')}"),
        "writes": seat is not Seat.GROUP,
        "phones": [
            {"handle": phone.handle, "label": _label(texts, phone, seat)}
            for phone in roster.at(seat)
        ],
    }


def _label(texts: Texts, phone: Phone, seat: Seat) -> str:
    """A name and what it stands for: 王芳 · 恒宇电子有限公司."""
    if seat in (Seat.GROUP, Seat.LEADER):
        return phone.name
    if phone.role is None:
        return f"{phone.name} · {texts.render('phones.stranger')}"
    if phone.role is Role.CONTACT:
        return f"{phone.name} · {phone.enterprise}"
    return f"{phone.name} · {texts.render(f'role.{phone.role}')}"
