"""Sets up the log: one line for each event, as text or JSON, with no secret in it."""

import logging
import re
import sys
from collections.abc import Collection
from typing import Literal

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

MASK = "***"
CHATTY = ("apscheduler", "httpx", "httpcore", "urllib3", "uvicorn", "alembic", "telegram")
"""Libraries that tell more than anybody asked; some print addresses with a token inside."""
_NAMED = re.compile(
    r"(?i)((?:access_token|secret|token|encodingaeskey)['\"]?\s*[=:]\s*['\"]?)[\w\-]+"
)


class Redaction:
    """A processor that blanks the given secrets, and whatever is named like one, in every value."""

    def __init__(self, secrets: Collection[str] = ()) -> None:
        whole = sorted((re.escape(secret) for secret in secrets if secret), key=len, reverse=True)
        self._secrets = re.compile("|".join(whole)) if whole else None

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        return {name: self.clean(value) for name, value in event.items()}

    def clean(self, value: object) -> object:
        """The value without secrets; what cannot hold one is left as it is."""
        if value is None or isinstance(value, bool | int | float):
            return value
        text = value if isinstance(value, str) else repr(value)
        if self._secrets:
            text = self._secrets.sub(MASK, text)
        return _NAMED.sub(rf"\g<1>{MASK}", text)


def set_up(form: Literal["text", "json"] = "text", secrets: Collection[str] = ()) -> None:
    """Send our own events and those of libraries to standard error, through one set of steps."""
    steps: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        Redaction(secrets),
    ]
    structlog.configure(
        processors=[*steps, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=steps,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _printer(form)],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


def _printer(form: Literal["text", "json"]) -> Processor:
    if form == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=0)
