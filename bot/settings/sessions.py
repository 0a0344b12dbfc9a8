"""The settings' section of the Monday nights."""

from datetime import time
from pathlib import Path

from pydantic import Field

from bot.core.messages import Address
from bot.core.sessions import SessionRules
from bot.settings.promises import Section

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
TEMPLATE = Path(__file__).parent.parent / "monday" / "minutes.docx"


class BoxesRow(Section):
    """Minutes of one item, by why it is on the agenda."""

    promise: int = Field(default=3, ge=1, le=120)
    returning: int = Field(default=8, ge=1, le=120)
    theme: int = Field(default=15, ge=1, le=120)
    sent: int = Field(default=8, ge=1, le=120)
    serious: int = Field(default=8, ge=1, le=120)
    signed: int = Field(default=6, ge=1, le=120)
    added: int = Field(default=6, ge=1, le=120)


class SessionsRow(Section):
    enabled: bool = True
    first_number: int = Field(default=1, ge=1)
    weekday: str = Field(default="mon", pattern=r"^(mon|tue|wed|thu|fri|sat|sun)$")
    at: time = time(19, 30)
    place: str = ""
    theme: str = ""
    capacity: int = Field(default=8, ge=1, le=99)
    minutes: int = Field(default=120, ge=10, le=600)
    boxes: BoxesRow = BoxesRow()
    group: str = Field(default="", pattern=r"^(\w+:.+)?$")
    template: Path = TEMPLATE

    def rules(self, link: str) -> SessionRules:
        """As the core reads them; `link` is where the park's pages are found."""
        channel, _, user = self.group.partition(":")
        return SessionRules(
            enabled=self.enabled,
            first_number=self.first_number,
            weekday=WEEKDAYS.index(self.weekday),
            at=self.at,
            place=self.place,
            theme=self.theme,
            capacity=self.capacity,
            minutes=self.minutes,
            boxes=self.boxes.model_dump(),
            group=Address(channel, user) if user else None,
            link=link.rstrip("/"),
            template=self.template,
        )
