"""The doctor on groups: where the agenda is posted, and where colleagues talk about issues."""

from collections.abc import Iterator

from bot.checkup.findings import Finding, Mark, build_finding
from bot.core.messages import Address
from bot.settings import Settings

MEMBERS = 2
"""People of a chat that an app of WeCom may make, at least."""


def groups(settings: Settings) -> Iterator[Finding]:
    """What is set, and what it lacks."""
    staff, group = settings.staff_group, settings.sessions.address
    if settings.channels.telegram.enabled:
        key = "check.staff_group" if staff else "check.no_staff_group"
        yield build_finding(Mark.GOOD, key, group=staff.user if staff else None)
    if not settings.sessions.enabled:
        return
    if group is None:
        yield build_finding(Mark.GOOD, "check.no_group")
        return
    lack = _lack(settings, group)
    told = {"group": settings.sessions.group, "channel": group.channel}
    yield build_finding(Mark.WARN if lack else Mark.GOOD, lack or "check.group", **told)


def _lack(settings: Settings, group: Address) -> str | None:
    channels = settings.channels
    enabled = {
        "local": channels.local.enabled,
        "telegram": channels.telegram.enabled,
        "wecom": channels.wecom.enabled,
    }
    if not enabled[group.channel]:
        return "check.group_off"
    if group == Address("wecom", "@group") and not channels.wecom.group_key.get_secret_value():
        return "wecom.no_group_key"
    if group == Address("wecom", "@chat") and len(set(channels.wecom.chat_members)) < MEMBERS:
        return "wecom.no_members"
    return None
