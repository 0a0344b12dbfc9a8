"""Words are kept as they came, but for what no database can keep."""

import pytest

from bot.core.messages import Content, Kind


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("停电了\n两条线", "停电了\n两条线"),
        ("停\0电", "停电"),
        ("停\ud83d电", "停电"),
        ("👍\u200d", "👍\u200d"),
        ("", ""),
    ],
)
def test_what_is_kept(sent: str, kept: str) -> None:
    assert Content(Kind.TEXT, sent).text == kept
