"""How the latest root stands on papers: in the digest, the minutes and the group's post."""

from datetime import datetime

from bot.actions.context import Context
from bot.core.chain.vouchers import encode, group
from bot.core.messages import Line
from storage.chain import roots


def build_root_line(context: Context, at: datetime | None = None) -> Line | None:
    """The root that was the latest at a moment (now where none is given); None before the first."""
    root = roots.last(context.db, at)
    if root is None:
        return None
    missing = Line("chain.left_out", {"count": root.left_out}) if root.left_out else None
    told = {"root": group(encode(root.root)), "day": root.day, "left_out": missing}
    return Line("chain.root", told)
