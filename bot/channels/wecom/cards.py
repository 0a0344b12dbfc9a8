"""Makes a message with options into a card with buttons, and finds the message of a tapped card.

Source: the platform's guide to app messages, template cards of the kind button_interaction.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.channels.tencent.xml_text import printable
from bot.core.messages import Action, Address
from storage.delivery import outbox, subjects
from storage.delivery.outbox import Parcel
from storage.delivery.pending import read_action, read_media

LONGEST_TITLE, LONGEST_BODY, LONGEST_LABEL, BUTTONS = 36, 160, 10, 6
"""Characters of the parts and number of buttons; more would be cut or refused."""
GOOD_FOR = timedelta(hours=72)
"""How long a card acts: as long as the platform lets it be changed."""
_TASK = re.compile(r"exchange-(\d{1,18})-(\d{1,12})")


@dataclass(frozen=True)
class Button:
    """What tapping a button means: its `action`, None once the card has grown too old; `number` is
    the issue's, empty where there is none; `media_id` is the picture that goes with the action."""

    label: str
    action: Action | None
    number: str
    media_id: int | None = None


def card(parcel: Parcel) -> dict[str, Any] | None:
    """The message as a card; None where a card cannot carry all of it."""
    title, _, body = printable(parcel.text).partition("\n")
    labels = [printable(option["label"]) for option in parcel.options]
    fits = 0 < len(labels) <= BUTTONS and all(0 < len(text) <= LONGEST_LABEL for text in labels)
    if not (fits and 0 < len(title) <= LONGEST_TITLE and len(body) <= LONGEST_BODY):
        return None
    made: dict[str, Any] = {
        "card_type": "button_interaction",
        "main_title": {"title": title},
        "task_id": task_id(parcel),
        "button_list": [
            {"text": label, "key": option["digit"]}
            for label, option in zip(labels, parcel.options, strict=True)
        ],
    }
    return {**made, "sub_title_text": body} if body else made


def task_id(parcel: Parcel) -> str:
    """The card's name at the platform, which must never come twice: a database that starts anew
    counts its messages from one again, but not its seconds."""
    return f"exchange-{parcel.id}-{int(parcel.created_at.timestamp())}"


def button(db: Connection, address: Address, task: str, digit: str, now: datetime) -> Button | None:
    """The button that was tapped; None for a card that this address was never sent."""
    found = _TASK.fullmatch(task)
    parcels = outbox.by_ids(db, [int(found[1])]) if found else []
    for parcel in parcels:
        if task_id(parcel) != task or parcel.address != address:
            continue
        for option in parcel.options:
            if option["digit"] == digit:
                fresh = now - parcel.created_at < GOOD_FOR
                number = subjects.number_of(db, parcel.issue_id)
                action = read_action(option) if fresh else None
                return Button(option["label"], action, number, read_media(option))
    return None
