"""An office rewords commands and starts anew while cards are pending: what was shown holds."""

import asyncio
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from bot.app import App
from bot.clock import MovableClock
from tests.conftest import MONDAY
from tests.dialogues.player import Player

BEFORE = """
    [2024-10-14 周一 10:00] 王芳> 仓库门口积水
    [10:01] 何小满> 停水了
    [10:05] 赵敏之> 1
    赵敏之< 【已受理】YZ-20241014-001
    [10:06] 钱书远> 1
    [10:10] 赵敏之> 办结 001 已抽干，换了排水泵
    王芳< 1 已解决
    [10:11] 钱书远> 请补充
    """
AFTER = {
    "digit": """
        [10:12] 王芳> 1
        王芳< 【请评价】YZ-20241014-001
        王芳> 5
        王芳< 【已销号】YZ-20241014-001""",
    "not_solved": """
        [10:12] 王芳> 2
        王芳< 【重新办理】YZ-20241014-001""",
    "expected": """
        [10:12] 钱书远> 3 号楼还是 5 号楼？
        何小满< 3 号楼还是 5 号楼？""",
    "typed": """
        [10:12] 王芳> 办好了 001
        王芳< 【请评价】YZ-20241014-001""",
    # Commands of before are no commands any more, but people are understood all the same.
    "old_word": """
        [10:12] 王芳> 已解决 001
        王芳< 【请评价】YZ-20241014-001""",
}
OWN = '[commands]\nconfirm = "办好了"\nnot_solved = "没办好"\nask = "问一下"\nrate = "打分"\n'


@pytest.mark.parametrize("after", AFTER.values(), ids=AFTER)
def test_what_was_shown_holds_after_commands_are_reworded(
    make_app: Callable[..., App], tmp_path: Path, after: str
) -> None:
    own = tmp_path / "own.toml"
    own.write_text(OWN, encoding="utf-8")
    keys = count()
    asyncio.run(_play(make_app(), BEFORE, keys))
    again = make_app(TEXTS=str(own))
    assert isinstance(again.clock, MovableClock)
    again.clock.set(MONDAY.replace(hour=10, minute=11, second=30))
    asyncio.run(_play(again, after, keys))


async def _play(app: App, transcript: str, keys: "count[int]") -> None:
    await app.start()
    try:
        await Player(app, keys=keys).play(transcript, "reworded")
    finally:
        await app.stop()
