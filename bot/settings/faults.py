"""What can be wrong with the settings: where it stands, its key, and the reason as words."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from bot.core.messages import Line

Where = tuple[str | int, ...]


class Reason(StrEnum):
    """Each has its words under `settings.reason`; the first block bears pydantic's own names."""

    MISSING = "missing"
    EXTRA = "extra_forbidden"
    STRING = "string_type"
    SHORT = "string_too_short"
    PATTERN = "string_pattern_mismatch"
    INT = "int_type"
    INT_PARSING = "int_parsing"
    INT_FLOAT = "int_from_float"
    BOOL = "bool_type"
    BOOL_PARSING = "bool_parsing"
    LEAST = "greater_than_equal"
    MOST = "less_than_equal"
    ENUM = "enum"
    LITERAL = "literal_error"
    TIME = "time_type"
    TIME_PARSING = "time_parsing"
    DATE = "date_type"
    DATE_PARSING = "date_from_datetime_parsing"
    TUPLE = "tuple_type"
    SET = "frozen_set_type"
    DICT = "dict_type"
    SECTION = "model_type"
    TOO_MANY = "too_long"
    PATH = "path_type"

    NEAR = "near"
    NEAR_VARIABLE = "near_variable"
    NO_VARIABLE = "no_variable"
    ZONE = "zone"
    ZONED_TIME = "zoned_time"
    SPANS = "spans"
    CALENDAR = "calendar"
    QUIET = "quiet"
    TOO_LONG = "amount"
    NO_SERVICE_LEVEL = "no_promise"
    NO_DEFAULT = "no_default"
    OLD_NAME = "old_name"
    BOTH_NAMES = "both_names"
    TAXONOMY = "taxonomy"
    NO_CONDITION = "no_condition"
    ONE_TARGET = "one_target"
    NO_CATEGORY = "no_category"
    NEAR_CATEGORY = "near_category"
    NOT_LOOPBACK = "not_loopback"
    SECRET_IN_FILE = "secret_in_file"  # noqa: S105 - a reason, no secret
    SECRET_MISSING = "secret_missing"  # noqa: S105 - a reason, no secret
    AES_KEY = "aes_key"
    NEEDED = "needed"
    BOT_TOKEN = "bot_token"  # noqa: S105 - a reason, no secret
    WEBHOOK_SECRET = "webhook_secret"  # noqa: S105 - a reason, no secret
    BOARD_TOKEN = "board_token"  # noqa: S105 - a reason, no secret
    NO_ADDRESS = "no_address"
    TEMPLATE_FIELD = "template_field"
    TEMPLATE_VALUE = "template_value"
    MENU_MANY = "menu_many"
    MENU_LONG = "menu_long"
    MENU_LEAF = "menu_leaf"
    MENU_PARENT = "menu_parent"
    MENU_URL = "menu_url"
    CRON = "cron"
    FRACTION = "fraction"
    LADDER = "ladder"
    READERS = "readers"
    URL = "url"
    NO_FILE = "no_file"
    NOT_TEXT = "not_text"
    NOT_TOML = "not_toml"
    CUT_SHORT = "cut_short"
    OTHER = "other"


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong. `source` is the file or the variable; a fault of a whole file has
    no key."""

    source: str
    key: str
    reason: Line

    @property
    def line(self) -> Line:
        """The fault as one line for people."""
        told = {"source": self.source, "key": self.key, "reason": self.reason}
        return Line("settings.fault" if self.key else "settings.file_fault", told)

    @property
    def notice(self) -> Line:
        """The same where it does not keep the bot from starting, without the mark of a fault."""
        return Line(
            "settings.notice", {"source": self.source, "key": self.key, "reason": self.reason}
        )


class SettingsError(ValueError):
    """The settings are wrong. `faults` says it for people, the message for a log."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(_plain(fault) for fault in self.faults))


def because(reason: Reason, **values: object) -> Line:
    """The words of a reason."""
    return Line(f"settings.reason.{reason}", values)


def format_key(where: Where) -> str:
    """A key as people find it: `hours.spans#1` is the first of the list."""
    parts = (f"#{part + 1}" if isinstance(part, int) else f".{part}" for part in where)
    return "".join(parts).removeprefix(".")


def describe_error(error: Mapping[str, Any], model: type[BaseModel], *, secret: bool) -> Line:
    """The words for one error of pydantic; a secret's value is not repeated."""
    where: Where = error["loc"]
    given = error["input"] if isinstance(error["input"], str | int | float) else None
    told = {**error.get("ctx", {}), "given": None if secret else given}
    if "expected" in told:
        told["expected"] = str(told["expected"]).replace(" or ", ", ").replace("'", "")
    try:
        reason = Reason(error["type"])
    except ValueError:
        return because(Reason.OTHER, detail=error["msg"])
    near = _nearest(where, model) if reason is Reason.EXTRA else None
    return because(Reason.NEAR, near=near) if near else because(reason, **told)


def _nearest(where: Where, model: type[BaseModel]) -> str | None:
    section: Any = model
    for part in where[:-1]:
        field = getattr(section, "model_fields", {}).get(part)
        section = field.annotation if field else None
    fields = list(getattr(section, "model_fields", {}))
    return next(iter(difflib.get_close_matches(str(where[-1]), fields, 1)), None)


def _plain(fault: Fault) -> str:
    reason = fault.reason.key.removeprefix("settings.reason.")
    values = ", ".join(f"{name}={value}" for name, value in fault.reason.values.items() if value)
    return f"{fault.source}: {fault.key}: {reason} {values}".rstrip()
