"""What settings must not say although each value alone is right."""

import re
from collections.abc import Iterator
from ipaddress import ip_address
from itertools import pairwise

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot import taxonomy
from bot.core.messages import Line
from bot.settings.assignment import find_rule_faults
from bot.settings.categories import explain_unknown_category, find_category
from bot.settings.channels import WeChatChannel, WeComChannel
from bot.settings.faults import Reason, because
from bot.settings.menus import WECHAT, WECOM, find_menu_faults
from bot.settings.sections import Settings
from bot.settings.templates import find_template_faults
from bot.settings.variables import variable
from bot.taxonomy import TaxonomyError

Broken = Iterator[tuple[str, Line]]
"""Keys and why each is wrong."""
BOT_TOKEN = re.compile(r"\d{1,19}:[\w-]{20,}", re.ASCII)
WEBHOOK_SECRET = re.compile(r"[\w-]{16,256}", re.ASCII)
"""Source: the platform's description of setWebhook; shorter ones can be guessed."""
LOCAL_ADDRESS = ("http://127.0.0.1", "http://localhost")
BOARD_TOKEN = 16
"""Characters of the board's token at least; shorter ones can be guessed."""
AES_KEY_LENGTH = 43
"""Characters of an EncodingAESKey. Source: the platform's guide to message encryption."""


def find_faults(settings: Settings) -> Broken:
    """Every rule that the settings break."""
    yield from _storage(settings)
    yield from _hours(settings)
    yield from _service_levels(settings)
    yield from find_rule_faults(settings.assignment_rules)
    yield from _limits(settings)
    yield from _ladder(settings)
    yield from _taxonomy(settings)
    yield from _local(settings)
    yield from _wechat(settings)
    yield from _telegram(settings)
    yield from _wecom(settings)
    yield from _board(settings)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_published(settings: Settings) -> bool:
    """Whether others than this machine may reach the pages. A proxy on this machine makes far
    visitors look near, so an address for the outside counts."""
    return bool(settings.server.base_url) or not is_loopback(settings.server.host)


def _storage(settings: Settings) -> Broken:
    try:
        backend = make_url(settings.storage.url).get_backend_name()
    except ArgumentError:
        backend = ""
    if backend not in ("sqlite", "postgresql"):
        yield "storage.url", because(Reason.URL)


def _hours(settings: Settings) -> Broken:
    spans = sorted(settings.hours.spans)
    reversed_span = any(opens >= closes for opens, closes in spans)
    overlap = any(closes > opens for (_, closes), (opens, _) in pairwise(spans))
    if not spans or reversed_span or overlap:
        yield "hours.spans", because(Reason.SPANS)
    if both := settings.hours.calendar.off & settings.hours.calendar.work:
        yield "hours.calendar", because(Reason.CALENDAR, day=min(both).isoformat())
    if settings.hours.quiet.start == settings.hours.quiet.end:
        yield "hours.quiet", because(Reason.QUIET)


def _service_levels(settings: Settings) -> Broken:
    if settings.service_levels and "default" not in settings.service_levels:
        yield "service_levels", because(Reason.NO_DEFAULT)
    for name, level in settings.service_levels.items():
        for part in ("accept", "answer", "solve"):
            try:
                getattr(level, part).span()
            except ValueError:
                yield f"service_levels.{name}.{part}.amount", because(Reason.TOO_LONG)

    for number, row in enumerate(settings.service_level_rules, start=1):
        if row.service_level not in settings.service_levels:
            key = f"service_level_rules#{number}.service_level"
            yield key, because(Reason.NO_SERVICE_LEVEL, name=row.service_level)


def _limits(settings: Settings) -> Broken:
    for name in ("pause", "ruling"):
        try:
            getattr(settings.limits, name).span()
        except ValueError:
            yield f"limits.{name}.amount", because(Reason.TOO_LONG)


def _ladder(settings: Settings) -> Broken:
    heights = [row.rung.height for row in settings.ladder]
    if heights != sorted(set(heights)) or 0 in heights:
        yield "ladder", because(Reason.LADDER)
    for number, row in enumerate(settings.ladder, start=1):
        try:
            row.step()
        except ValueError:
            yield f"ladder#{number}.after.amount", because(Reason.TOO_LONG)


def _taxonomy(settings: Settings) -> Broken:
    """Categories name service levels and rules name categories; an office may have its own file of
    them."""
    try:
        known = taxonomy.load(settings.taxonomy)
    except TaxonomyError as error:
        yield "taxonomy", because(Reason.TAXONOMY, detail=str(error))
        return
    for category in known.categories:
        name = category.service_level
        if name != "default" and name not in settings.service_levels:
            yield "taxonomy", because(Reason.NO_SERVICE_LEVEL, name=name)
    written = {
        "service_level_rules": [row.category for row in settings.service_level_rules],
        "assignment_rules": [row.category for row in settings.assignment_rules],
    }
    for section, names in written.items():
        for number, asked in enumerate(names, start=1):
            if asked is not None and find_category(known, asked) is None:
                why = explain_unknown_category(known, asked)
                yield f"{section}#{number}.category", why


def _local(settings: Settings) -> Broken:
    if settings.channels.local.enabled and not is_loopback(settings.server.host):
        yield "server.host", because(Reason.NOT_LOOPBACK, host=settings.server.host)


def _wechat(settings: Settings) -> Broken:
    wechat = settings.channels.wechat
    yield from find_template_faults(wechat.templates)
    yield from find_menu_faults("channels.wechat.menu", wechat.menu, WECHAT)
    if not wechat.enabled:
        return
    if not wechat.app_id:
        yield "channels.wechat.app_id", because(Reason.NEEDED)
    yield from _secrets("channels.wechat", wechat, "token", "secret")


def _wecom(settings: Settings) -> Broken:
    wecom = settings.channels.wecom
    yield from find_menu_faults("channels.wecom.menu", wecom.menu, WECOM)
    if not wecom.enabled:
        return
    for name in ("corp_id", "agent_id"):
        if not getattr(wecom, name):
            yield f"channels.wecom.{name}", because(Reason.NEEDED)
    yield from _secrets("channels.wecom", wecom, "token", "secret", "aes_key")


def _secrets(section: str, channel: WeChatChannel | WeComChannel, *needed: str) -> Broken:
    for name in needed:
        if not getattr(channel, name).get_secret_value():
            key = f"{section}.{name}"
            yield key, because(Reason.SECRET_MISSING, variable=variable(key))
    aes_key = channel.aes_key.get_secret_value()
    if aes_key and len(aes_key) != AES_KEY_LENGTH:
        yield f"{section}.aes_key", because(Reason.AES_KEY, length=len(aes_key))


def _telegram(settings: Settings) -> Broken:
    telegram = settings.channels.telegram
    if not telegram.enabled:
        return
    yield from _check_shape("token", telegram.token.get_secret_value(), BOT_TOKEN, Reason.BOT_TOKEN)
    if telegram.mode == "polling":
        return
    secret = telegram.webhook_secret.get_secret_value()
    yield from _check_shape("webhook_secret", secret, WEBHOOK_SECRET, Reason.WEBHOOK_SECRET)
    if not settings.server.base_url.startswith(("https://", *LOCAL_ADDRESS)):
        yield "server.base_url", because(Reason.NO_ADDRESS)


def _board(settings: Settings) -> Broken:
    token = settings.board.token.get_secret_value()
    if token and len(token) < BOARD_TOKEN:
        yield "board.token", because(Reason.BOARD_TOKEN, least=BOARD_TOKEN, length=len(token))


def _check_shape(name: str, secret: str, form: re.Pattern[str], otherwise: Reason) -> Broken:
    key = f"channels.telegram.{name}"
    if not secret:
        yield key, because(Reason.SECRET_MISSING, variable=variable(key))
    elif not form.fullmatch(secret):
        yield key, because(otherwise)
