"""The settings' section of the Monday nights."""

from datetime import time, timedelta
from pathlib import Path
from typing import Literal

from pydantic import Field

from bot.core.messages import Address
from bot.core.people import Role
from bot.core.sessions.session import PROPOSAL, SessionRules
from bot.settings.service_levels import EntryRow, Section

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
GROUPS = r"^(local:group|telegram:-[0-9]{1,19}|wecom:[0-9A-Za-z_-]{1,64})?$"
"""What `sessions.group` can be; of WeCom: `group` (webhook), `chat` (made by us), a chat's id."""
TEMPLATE = Path(__file__).parents[1] / "actions" / "sessions" / "minutes.docx"


class BoxesRow(Section):
    """Minutes of one item, by why it is on the agenda."""

    promise: int = Field(default=3, ge=1, le=120)
    returning: int = Field(default=8, ge=1, le=120)
    theme: int = Field(default=15, ge=1, le=120)
    sent: int = Field(default=8, ge=1, le=120)
    serious: int = Field(default=8, ge=1, le=120)
    signed: int = Field(default=6, ge=1, le=120)
    added: int = Field(default=6, ge=1, le=120)


class BeforeRow(Section):
    """What the sessions came to before the bot: the ledger goes on from there."""

    sessions: int = Field(default=0, ge=0)
    collected: int = Field(default=0, ge=0)
    done: int = Field(default=0, ge=0)
    planned: int = Field(default=0, ge=0)
    infeasible: int = Field(default=0, ge=0)


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
    before: BeforeRow = BeforeRow()
    group: str = Field(default="", pattern=GROUPS)
    template: Path = TEMPLATE
    correct_by: list[Literal["office", "leader"]] = Field(default=["office"], min_length=1)
    correct_days: int = Field(default=7, ge=0, le=365)

    @property
    def address(self) -> Address | None:
        """The group that hears the agenda, None for none."""
        channel, _, user = self.group.partition(":")
        # A group of WeCom is told from its members by a mark that no member's id may have.
        return Address(channel, f"@{user}" if channel == "wecom" else user) if user else None

    def rules(self, link: str, proposal: EntryRow) -> SessionRules:
        """As the core reads them; `link` is where the park's pages are found, `proposal` when
        agendas are proposed."""
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
            group=self.address,
            link=link.rstrip("/"),
            template=self.template,
            before=self.before.model_dump(),
            proposal=(proposal.cron or PROPOSAL) if proposal.enabled else None,
            correctors=frozenset(map(Role, self.correct_by)),
            correct_within=timedelta(days=self.correct_days),
        )
