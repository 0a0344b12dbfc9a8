"""What a thread waits for: lines that a digit may mean, and words that were asked for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.core.messages import Action
from storage.delivery.outbox import Parcel
from storage.delivery.threads import Thread

CROSSED = timedelta(seconds=20)
"""A card pushed so shortly before a digit may not have been read: the digit may be for the one
before it."""


ASKED_FOR = timedelta(days=3)
"""So long a question is open at least: whoever reads it in the evening answers next day."""
ASKING = frozenset(
    {
        *("attend", "confirm", "not_solved", "rate", "agree", "disagree"),
        *("accept_promise", "dispute"),
    }
)
"""A menu with one of these waits for an answer, whatever card is pushed after it: …"""
INVITING = frozenset({"sign_up", "stay_away"})
"""… and one with both of these."""
TO_FIRM = frozenset({"answer", "ask", "resolve", "resolve_anyway"})
"""Verbs whose words an enterprise reads."""
MOST = 5
"""Menus that a digit may be meant for beside the newest."""


@dataclass(frozen=True)
class Choice:
    """What a digit stands for: an action, as it was called, and the picture that goes with it."""

    action: Action
    label: str = ""
    media_id: int | None = None


@dataclass(frozen=True)
class Menu:
    """The lines under one message, by their digits. `issue_id` is what the message was about,
    `answer` says that it went with the reply to the person's own words; both moments are UTC."""

    choices: Mapping[int, Choice]
    issue_id: int | None
    at: datetime
    until: datetime
    answer: bool

    @property
    def asks(self) -> bool:
        """Whether it is a question that stays open, not merely what can be done."""
        verbs = {choice.action.verb for choice in self.choices.values()}
        return bool(verbs & ASKING) or verbs >= INVITING

    @property
    def sends_words(self) -> bool:
        """Whether a digit sends somebody's words to an enterprise."""
        actions = (choice.action for choice in self.choices.values())
        return any(action.verb in TO_FIRM and action.words for action in actions)

    def to_json(self) -> dict[str, Any]:
        """As it is stored with the thread."""
        return {
            "options": {str(digit): _store(choice) for digit, choice in self.choices.items()},
            "issue": self.issue_id,
            "at": self.at.isoformat(),
            "until": self.until.isoformat(),
            "answer": self.answer,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Menu":
        """What was stored, also by a version that knew commands only."""
        pictures = stored.get("media", {})
        return cls(
            {
                int(digit): _read_choice(option, pictures.get(digit))
                for digit, option in stored["options"].items()
            },
            stored["issue"],
            datetime.fromisoformat(stored["at"]),
            datetime.fromisoformat(stored["until"]),
            stored["answer"],
        )


@dataclass(frozen=True)
class Question:
    """Words that were asked for: what they complete, and until when. `asked` is the key of what
    was said, `by` whom it was said to where several share the thread; both moments are UTC."""

    action: Action
    issue_id: int | None
    asked: str
    at: datetime
    until: datetime
    by: int | None = None

    def to_json(self) -> dict[str, Any]:
        """As it is stored with the thread."""
        return {
            "action": self.action.to_json(),
            "issue": self.issue_id,
            "asked": self.asked,
            "at": self.at.isoformat(),
            "until": self.until.isoformat(),
            "by": self.by,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any], by: int | None = None) -> "Question":
        """What was stored, also by a version that knew commands only."""
        return cls(
            Action.from_json(stored["action"] if "action" in stored else stored["command"]),
            stored["issue"],
            stored["asked"],
            datetime.fromisoformat(stored["at"]),
            datetime.fromisoformat(stored["until"]),
            stored.get("by", by),
        )


def read_action(option: Mapping[str, Any]) -> Action:
    """What a line of a message in the outbox means."""
    return Action.from_json(option["action"] if "action" in option else option["command"])


def read_media(option: Mapping[str, Any]) -> int | None:
    """The picture that goes with a line of a message in the outbox."""
    return int(option["media"]) if "media" in option else None


def build_menu(parcel: Parcel, at: datetime, until: datetime) -> Menu:
    """The lines of a message that is being shown."""
    choices = {
        int(option["digit"]): Choice(read_action(option), option["label"], read_media(option))
        for option in parcel.options
    }
    answer = parcel.slot is not None or any("answer" in option for option in parcel.options)
    menu = Menu(choices, parcel.issue_id, at, until, answer)
    return replace(menu, until=max(until, at + ASKED_FOR)) if menu.asks else menu


def list_menus(thread: Thread) -> list[Menu]:
    """What a digit of this thread may mean: the newest menu, then those that it followed so
    closely that they may be meant instead, and questions that are still open."""
    before = thread.menu_before or {}
    stored = before.get("menus", [before] if before else [])
    return [Menu.from_json(menu) for menu in ([thread.menu] if thread.menu else []) + list(stored)]


def store_earlier(shown: Menu, menus: Sequence[Menu]) -> dict[str, Any]:
    """Of the menus that a new one follows, those that a digit may still be meant for."""
    meant: list[Menu] = []
    newer, answered = shown, False
    for menu in menus:
        answered = answered or newer.answer
        open_ = menu.asks and menu.until > shown.at
        if open_ or (not answered and newer.at + CROSSED >= shown.at):
            meant.append(menu)
        newer = menu
    return store_menus(meant[:MOST])


def store_menus(menus: Iterable[Menu]) -> dict[str, Any]:
    """Earlier menus as they are stored with the thread, the newest first."""
    return {"menus": [menu.to_json() for menu in menus]}


def list_questions(thread: Thread) -> list[Question]:
    """The words that were asked for in this thread, the earliest first, also those too late."""
    stored = thread.expect or {}
    if "questions" in stored:
        return [Question.from_json(question) for question in stored["questions"]]
    if "command" in stored:
        return [Question.from_json(stored)]
    return [Question.from_json(question, int(by)) for by, question in stored.items()]


def store_questions(questions: Iterable[Question]) -> dict[str, Any] | None:
    """As they are stored with the thread; None where nothing is asked any more."""
    stored = [question.to_json() for question in questions]
    return {"questions": stored} if stored else None


def _store(choice: Choice) -> dict[str, Any]:
    kept = {} if choice.media_id is None else {"media": choice.media_id}
    return {"action": choice.action.to_json(), "label": choice.label, **kept}


def _read_choice(stored: Mapping[str, Any] | str, media: int | None) -> Choice:
    if isinstance(stored, str):
        return Choice(Action.from_json(stored), media_id=media)
    return Choice(Action.from_json(stored["action"]), stored["label"], stored.get("media"))
