"""Says in the park's language why the operating system refused a file."""

import errno

from bot.core.messages import Line

_KEYS = {
    errno.ENOENT: "system.missing",
    errno.EACCES: "system.forbidden",
    errno.EPERM: "system.forbidden",
    errno.EROFS: "system.forbidden",
    errno.EISDIR: "system.folder",
    errno.ENOTDIR: "system.no_folder",
    errno.EEXIST: "system.exists",
    errno.ENOSPC: "system.full",
    errno.ENAMETOOLONG: "system.long",
    errno.EADDRINUSE: "system.taken",
    errno.EADDRNOTAVAIL: "system.elsewhere",
}


def explain_system_error(error: OSError) -> Line:
    """The words for an error; one that is rare keeps its number, by which it can be looked up."""
    key = _KEYS.get(error.errno or 0)
    return (
        Line(key) if key else Line("system.other", {"number": error.errno or type(error).__name__})
    )
