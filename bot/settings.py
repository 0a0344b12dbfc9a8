"""The settings: `config.toml` and the environment, read once into frozen values."""

import os
import tomllib
from collections.abc import Mapping
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from bot.core.calendar_cn import Calendar
from bot.core.house import Category, House, Limits
from bot.core.quiet_hours import QuietHours
from bot.core.sla import Basis, Promise, Span, Unit
from bot.core.working_hours import WorkingHours

PREFIX = "EXCHANGE_"
CONFIG = "EXCHANGE_CONFIG"
"""The environment's name for another config file."""
SECRETS = ("token", "aes_key", "secret")
"""Keys that are taken from the environment only."""


class SettingsError(ValueError):
    """The settings are wrong; each line names the file or variable, the key and the reason."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Park(_Section):
    name: str = Field(min_length=1)
    prefix: str = Field(default="YZ", pattern=r"^[A-Z]{1,8}$")
    phone: str = ""
    zone: str = "Asia/Shanghai"

    @field_validator("zone")
    @classmethod
    def _known(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"no such time zone: {zone}") from error
        return zone


class Storage(_Section):
    url: str = "sqlite:///var/exchange.db"
    media: Path = Path("var/media")


class Server(_Section):
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=1, le=65535)
    base_url: str = ""


class LocalChannel(_Section):
    enabled: bool = True
    demo: bool = True


class WeChatChannel(_Section):
    enabled: bool = False
    app_id: str = ""
    token: SecretStr = SecretStr("")
    aes_key: SecretStr = SecretStr("")
    secret: SecretStr = SecretStr("")
    api_base: str = "https://api.weixin.qq.com"
    account: str = ""


class Channels(_Section):
    local: LocalChannel = LocalChannel()
    wechat: WeChatChannel = WeChatChannel()


class SpanRow(_Section):
    amount: int
    unit: Unit
    basis: Basis = Basis.WORKING


class PromiseRow(_Section):
    accept: SpanRow
    answer: SpanRow
    solve: SpanRow
    version: int = 1


class CalendarRow(_Section):
    off: frozenset[date] = frozenset()
    work: frozenset[date] = frozenset()


class QuietRow(_Section):
    start: time = time(22)
    end: time = time(8)


class Hours(_Section):
    spans: tuple[tuple[time, time], ...] = (
        (time(9), time(12)),
        (time(13, 30), time(17, 30)),
    )
    quiet: QuietRow = QuietRow()
    calendar: CalendarRow = CalendarRow()


class LimitsRow(_Section):
    undo_minutes: int = Field(default=2, ge=1, le=60)
    urge_hours: int = Field(default=4, ge=1)
    rate_days: int = Field(default=7, ge=1)
    reopen_days: int = Field(default=30, ge=1)
    burst_seconds: int = Field(default=90, ge=0, le=3600)
    menu_hours: int = Field(default=24, ge=1)
    code_days: int = Field(default=7, ge=1)
    close_days: int = Field(default=7, ge=1)
    ask_again_days: int = Field(default=3, ge=1)


class CategoryRow(_Section):
    name: str = Field(min_length=1)
    words: tuple[str, ...]
    promise: str = "default"


class Settings(_Section):
    """Everything that can be set; `path` is the file it came from."""

    path: Path
    park: Park
    storage: Storage = Storage()
    server: Server = Server()
    channels: Channels = Channels()
    hours: Hours = Hours()
    limits: LimitsRow = LimitsRow()
    promises: dict[str, PromiseRow] = Field(default_factory=dict)
    categories: tuple[CategoryRow, ...] = ()
    urgent_words: tuple[str, ...] = ()
    texts: Path | None = None
    log: Literal["text", "json"] = "text"

    @property
    def zone(self) -> ZoneInfo:
        """The park's time zone."""
        return ZoneInfo(self.park.zone)

    def secrets(self) -> tuple[str, ...]:
        """Every secret that is set, for the log to blank."""
        wechat = self.channels.wechat
        given = (wechat.token, wechat.aes_key, wechat.secret)
        return tuple(one.get_secret_value() for one in given if one.get_secret_value())

    def house(self) -> House:
        """The park's rules as the core reads them; ValueError names what is wrong."""
        limits = self.limits
        return House(
            name=self.park.name,
            prefix=self.park.prefix,
            phone=self.park.phone,
            hours=WorkingHours(
                spans=self.hours.spans,
                calendar=Calendar(self.hours.calendar.off, self.hours.calendar.work),
                zone=self.zone,
            ),
            quiet=QuietHours(self.hours.quiet.start, self.hours.quiet.end, self.zone),
            limits=Limits(
                undo_within=timedelta(minutes=limits.undo_minutes),
                urge_every=timedelta(hours=limits.urge_hours),
                rate_within=timedelta(days=limits.rate_days),
                reopen_within=timedelta(days=limits.reopen_days),
                burst=timedelta(seconds=limits.burst_seconds),
                menu=timedelta(hours=limits.menu_hours),
                code=timedelta(days=limits.code_days),
                close_after=timedelta(days=limits.close_days),
                ask_again_after=timedelta(days=limits.ask_again_days),
            ),
            promises={name: _promise(name, row) for name, row in self.promises.items()},
            categories=tuple(Category(c.name, c.words, c.promise) for c in self.categories),
            urgent_words=self.urgent_words,
        )


def load(path: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """The settings from `path` (default: `EXCHANGE_CONFIG`, else `config.toml`) and environment.

    Raises SettingsError with one line for each wrong key: where it stands, its name, the reason.
    """
    given = os.environ if environment is None else environment
    path = path or Path(given.get(CONFIG, "config.toml"))
    tree = _file(path)
    _no_secrets(tree, path)
    names = _overlay(tree, given)
    try:
        settings = Settings.model_validate({**tree, "path": path})
        settings.house()
    except ValidationError as error:
        lines = [_problem(one, path, names) for one in error.errors()]
        raise SettingsError("\n".join(lines)) from None
    except ValueError as error:
        raise SettingsError(f"{path}: {error}") from None
    return settings


def _promise(name: str, row: PromiseRow) -> Promise:
    def span(part: str, given: SpanRow) -> Span:
        try:
            return Span(given.amount, given.unit, given.basis)
        except ValueError as error:
            raise ValueError(f"promises.{name}.{part}.{error}") from None

    return Promise(
        name,
        span("accept", row.accept),
        span("answer", row.answer),
        span("solve", row.solve),
        row.version,
    )


def _file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from None


def _no_secrets(tree: Mapping[str, Any], path: Path, before: str = "") -> None:
    for name, value in tree.items():
        if isinstance(value, Mapping):
            _no_secrets(value, path, f"{before}{name}.")
        elif before.startswith("channels.") and name in SECRETS:
            variable = PREFIX + f"{before}{name}".upper().replace(".", "__")
            raise SettingsError(f"{path}: {before}{name}: a secret; set {variable} instead")


def _overlay(tree: dict[str, Any], environment: Mapping[str, str]) -> dict[str, str]:
    """Put the environment's values into the tree; returns which variable gave which key."""
    names: dict[str, str] = {}
    for variable, value in environment.items():
        if not variable.startswith(PREFIX) or variable == CONFIG:
            continue
        parts = variable.removeprefix(PREFIX).lower().split("__")
        names[".".join(parts)] = variable
        branch = tree
        for part in parts[:-1]:
            branch = branch.setdefault(part, {})
            if not isinstance(branch, dict):
                raise SettingsError(f"{variable}: {part} is no section")
        branch[parts[-1]] = value
    return names


def _problem(error: Any, path: Path, names: Mapping[str, str]) -> str:
    key = ".".join(str(part) for part in error["loc"])
    reason = "unknown key" if error["type"] == "extra_forbidden" else error["msg"]
    return f"{names.get(key, path)}: {key}: {reason}"
