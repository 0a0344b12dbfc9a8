"""Reads a calendar file line by line, as RFC 5545 says and with nothing of ours."""

from collections.abc import Mapping


def read_ics(content: bytes) -> Mapping[str, str]:
    """The properties of its one event, unescaped. Raises AssertionError for a malformed file."""
    assert content.endswith(b"\r\n"), "the last line has no end"
    lines = content.split(b"\r\n")[:-1]
    assert all(b"\r" not in raw_line and b"\n" not in raw_line for raw_line in lines), (
        "a bare line end"
    )
    assert all(len(raw_line) <= 75 for raw_line in lines), "a line is too long"
    whole: list[str] = []
    for raw_line in lines:
        text = raw_line.decode("utf-8")
        if text.startswith(" "):
            whole[-1] += text[1:]
        else:
            whole.append(text)
    found: dict[str, str] = {}
    inside: list[str] = []
    for line in whole:
        name, colon, value = line.partition(":")
        assert colon, f"no value: {line}"
        if name == "BEGIN":
            inside.append(value)
        elif name == "END":
            assert inside.pop() == value, f"{value} was not open"
        elif inside == ["VCALENDAR"] or inside == ["VCALENDAR", "VEVENT"]:
            assert name not in found, f"{name} twice"
            found[name] = _plain(value)
    assert inside == [], "something is not closed"
    return found


def _plain(value: str) -> str:
    plain, rest = "", iter(value)
    for char in rest:
        if char != "\\":
            plain += char
            continue
        escaped = next(rest)
        assert escaped in "\\;,nN", f"\\{escaped} means nothing"
        plain += "\n" if escaped in "nN" else escaped
    return plain
