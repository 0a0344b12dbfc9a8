"""Looks at the channels: what each still lacks, and how to get it, step by step."""

from collections.abc import Iterator
from typing import Any

from pydantic import SecretStr

from bot.checkup.findings import Finding, Mark, build_finding
from bot.core.messages import Line
from bot.core.notifications import TEMPLATES
from bot.settings import Settings
from bot.settings.variables import variable
from bot.texts import Texts

NEEDED = {
    "wechat": ("app_id", "secret", "token", "aes_key"),
    "wecom": ("corp_id", "agent_id", "secret", "token", "aes_key"),
    "telegram": ("token",),
}
"""What a channel cannot do without."""
ANY = "any"


def channels(settings: Settings, texts: Texts) -> Iterator[Finding]:
    """One line for each channel that is on; for each that is off what it lacks and the steps."""
    looks = {"wechat": _wechat, "wecom": _wecom, "telegram": _telegram}
    for name, look in looks.items():
        if getattr(settings.channels, name).enabled:
            yield from look(settings, texts)
        else:
            missing = ("enabled", *list_missing(settings, name))
            yield build_finding(
                Mark.GOOD,
                f"check.{name}_off",
                missing="、".join(variable(f"channels.{name}.{key}") for key in missing),
                steps=steps(name),
            )
    hooks = settings.channels.wechat.enabled or settings.channels.wecom.enabled
    if hooks and not settings.server.base_url.startswith("https://"):
        yield build_finding(Mark.WARN, "check.no_base_url")


def list_missing(settings: Settings, name: str) -> list[str]:
    """What this channel cannot do without and has not been given."""
    section = getattr(settings.channels, name)
    return [key for key in NEEDED[name] if not _has_value(getattr(section, key))]


def steps(name: str) -> Line:
    """How to come by all that a channel needs."""
    return Line(f"check.{name}_steps")


def _has_value(value: Any) -> bool:
    return bool(value.get_secret_value() if isinstance(value, SecretStr) else value)


def _wechat(settings: Settings, texts: Texts) -> Iterator[Finding]:
    wechat = settings.channels.wechat
    yield build_finding(Mark.GOOD, "check.secrets")
    if not wechat.aes_key.get_secret_value():
        yield build_finding(Mark.WARN, "check.plain_mode")
    if not wechat.templates:
        yield build_finding(Mark.GOOD, "check.no_templates")
        return
    useless = [kind for kind in wechat.templates if not _is_kind(kind, texts)]
    if useless:
        yield build_finding(Mark.WARN, "check.templates_useless", kinds="、".join(useless))
    told = len(wechat.templates) - len(useless)
    yield build_finding(Mark.GOOD, "check.templates", count=told)


def _is_kind(kind: str, texts: Texts) -> bool:
    """Whether any message of ours is of this kind."""
    return kind == ANY or kind in TEMPLATES or kind in texts.words


def _telegram(settings: Settings, _texts: Texts) -> Iterator[Finding]:
    if settings.channels.telegram.mode == "webhook":
        yield build_finding(Mark.GOOD, "check.telegram_webhook", url=settings.server.base_url)
    else:
        yield build_finding(Mark.GOOD, "check.telegram_polling")


def _wecom(settings: Settings, _texts: Texts) -> Iterator[Finding]:
    wecom = settings.channels.wecom
    yield build_finding(Mark.GOOD, "wecom.on", corp=wecom.corp_id, agent=wecom.agent_id)
