"""The settings' sections as frozen models, and the park's rules made from them."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, Field, SecretStr
from pydantic_core import PydanticCustomError
from sqlalchemy import make_url

from bot.core.days.quiet_hours import QuietHours
from bot.core.days.working_calendar import Calendar
from bot.core.days.working_hours import WorkingHours
from bot.core.messages import Address
from bot.core.park.park import Park, TalkRules
from bot.core.projects.plan import ProjectRules
from bot.settings.assignment import AssignmentRuleRow
from bot.settings.categories import use_category_names
from bot.settings.channels import Channels
from bot.settings.faults import Reason
from bot.settings.limits import LimitsRow
from bot.settings.sealing import SealedSection
from bot.settings.service_levels import (
    Fraction,
    Section,
    ServiceLevelRow,
    ServiceLevelRuleRow,
    StepRow,
    Timetable,
    usual_ladder,
)
from bot.settings.sessions import SessionsRow
from bot.taxonomy import PARK


def _wall_time(at: time) -> time:
    if at.tzinfo is not None:
        raise PydanticCustomError(Reason.ZONED_TIME.value, "a time of the park's day has no zone")
    return at


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise PydanticCustomError(Reason.ZONE.value, "no such time zone") from None
    return name


WallTime = Annotated[time, AfterValidator(_wall_time)]
Zone = Annotated[str, AfterValidator(_zone)]


class ParkSection(Section):
    name: str = Field(min_length=1)
    prefix: str = Field(default="YZ", pattern=r"^[A-Z]{1,8}$")
    phone: str = ""
    zone: Zone = "Asia/Shanghai"


class Storage(Section):
    url: str = "sqlite:///var/exchange.db"
    media: Path = Path("var/media")
    models: Path = Path("var/models")


class Server(Section):
    host: str = Field(default="127.0.0.1", min_length=1)
    port: int = Field(default=8080, ge=1, le=65535)
    base_url: str = ""


class Board(Section):
    masked: bool = True
    token: SecretStr = SecretStr("")


class ProjectsRow(Section):
    soon_days: int = Field(default=3, ge=0, le=60)
    red_days: int = Field(default=5, ge=0, le=250)

    def rules(self) -> ProjectRules:
        """As the core reads them."""
        return ProjectRules(soon=self.soon_days, red=self.red_days)


class TalkRow(Section):
    examples: Path | None = None
    question_minutes: int = Field(default=30, ge=1, le=1440)

    def rules(self) -> TalkRules:
        """As the core reads them."""
        return TalkRules(question=timedelta(minutes=self.question_minutes))


class CalendarRow(Section):
    off: frozenset[date] = frozenset()
    work: frozenset[date] = frozenset()


class QuietRow(Section):
    start: WallTime = time(22)
    end: WallTime = time(8)


class Hours(Section):
    spans: tuple[tuple[WallTime, WallTime], ...] = (
        (time(9), time(12)),
        (time(13, 30), time(17, 30)),
    )
    quiet: QuietRow = QuietRow()
    calendar: CalendarRow = CalendarRow()


class Settings(Section):
    """Everything that can be set."""

    park: ParkSection
    storage: Storage = Storage()
    server: Server = Server()
    channels: Channels = Channels()
    hours: Hours = Hours()
    limits: LimitsRow = LimitsRow()
    service_levels: dict[str, ServiceLevelRow] = Field(default_factory=dict)
    service_level_rules: tuple[ServiceLevelRuleRow, ...] = ()
    assignment_rules: tuple[AssignmentRuleRow, ...] = ()
    reminders: tuple[Fraction, ...] = (0.5, 0.8)
    ladder: tuple[StepRow, ...] = Field(default_factory=usual_ladder)
    sessions: SessionsRow = SessionsRow()
    board: Board = Board()
    projects: ProjectsRow = ProjectsRow()
    talk: TalkRow = TalkRow()
    sealed: SealedSection = SealedSection()
    timetable: Timetable = Timetable()
    taxonomy: Path = PARK
    texts: Path | None = None
    log: Literal["text", "json"] = "text"

    @property
    def zone(self) -> ZoneInfo:
        """The park's time zone."""
        return ZoneInfo(self.park.zone)

    @property
    def link(self) -> str:
        """Where people reach the pages, empty where nobody can: the phones page shows this
        machine's own address."""
        here = f"http://{self.server.host}:{self.server.port}"
        return self.server.base_url or (here if self.channels.local.enabled else "")

    @property
    def staff_group(self) -> Address | None:
        """Where each issue has a room in which colleagues talk about it."""
        telegram = self.channels.telegram
        group = telegram.staff_group if telegram.enabled else ""
        return Address("telegram", group) if group else None

    def secrets(self) -> tuple[str, ...]:
        """Every secret that is set, the database's password too, for the log to blank."""
        password = make_url(self.storage.url).password
        return tuple(secret for secret in (*_reveal_secrets(self), password) if secret)

    def build_park(self) -> Park:
        """The park's rules as the core reads them."""
        calendar = Calendar(self.hours.calendar.off, self.hours.calendar.work)
        return Park(
            name=self.park.name,
            prefix=self.park.prefix,
            phone=self.park.phone,
            hours=WorkingHours(spans=self.hours.spans, calendar=calendar, zone=self.zone),
            quiet=QuietHours(self.hours.quiet.start, self.hours.quiet.end, self.zone),
            limits=self.limits.limits(),
            service_levels={
                name: row.service_level(name) for name, row in self.service_levels.items()
            },
            service_level_rules=use_category_names(
                (row.rule() for row in self.service_level_rules), self.taxonomy
            ),
            assignment_rules=use_category_names(
                (row.rule() for row in self.assignment_rules), self.taxonomy
            ),
            reminders=tuple(sorted(self.reminders)),
            ladder=tuple(row.step() for row in self.ladder),
            sessions=self.sessions.rules(self.link, self.timetable.proposal),
            staff_group=self.staff_group,
            projects=self.projects.rules(),
            talk=self.talk.rules(),
            sealed=self.sealed.readers(),
        )


def secret_keys(model: type[BaseModel] = Settings, before: str = "") -> frozenset[str]:
    """The dotted keys of all secrets: they are taken from the environment only."""
    found: set[str] = set()
    for name, field in model.model_fields.items():
        kind: Any = field.annotation
        if kind is SecretStr:
            found.add(before + name)
        elif isinstance(kind, type) and issubclass(kind, BaseModel):
            found |= secret_keys(kind, f"{before}{name}.")
    return frozenset(found)


def _reveal_secrets(section: BaseModel) -> Iterator[str]:
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, SecretStr):
            yield value.get_secret_value()
        elif isinstance(value, BaseModel):
            yield from _reveal_secrets(value)
