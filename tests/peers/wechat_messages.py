"""What a WeChat user does, as the XML the platform makes of it."""

from itertools import count

ACCOUNT = "gh_0123456789ab"
_ids = count(23456789012345678)


def message(user: str, kind: str, at: int, **fields: str) -> str:
    """A message with a fresh MsgId unless one is given."""
    return _xml(user, kind, at, **{"MsgId": str(next(_ids)), **fields})


def text(user: str, words: str, at: int, number: int | None = None) -> str:
    """Words; ended CDATA in them is split, as the platform does."""
    given = {} if number is None else {"MsgId": str(number)}
    return message(user, "text", at, Content=words, **given)


def event(user: str, name: str, at: int, key: str = "") -> str:
    """Something that is no message."""
    return _xml(user, "event", at, Event=name, EventKey=key)


def report(user: str, name: str, at: int, message_id: int, status: str) -> str:
    """What became of a message of ours; the platform spells its id MsgID here."""
    return _xml(user, "event", at, Event=name, MsgID=str(message_id), Status=status)


def _xml(user: str, kind: str, at: int, **fields: str) -> str:
    given = {"ToUserName": ACCOUNT, "FromUserName": user, "MsgType": kind, **fields}
    inner = "".join(f"<{name}>{_cdata(value)}</{name}>" for name, value in given.items())
    return f"<xml>{inner}<CreateTime>{at}</CreateTime></xml>"


def _cdata(value: str) -> str:
    return "<![CDATA[" + value.replace("]]>", "]]]]><![CDATA[>") + "]]>"
