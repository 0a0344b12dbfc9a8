"""A code binds the one it was given to, once, and turns nobody into somebody else."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from bot.app import App
from storage.tables.delivery import outbox, threads
from storage.tables.people import people
from tests.schedules.talk import play, says


async def _give(app: App, whose: str) -> str:
    found = re.search(r"[2-9A-Z]{8}", await says(app, "duty", f"绑定码 {whose}"))
    assert found
    return found[0]


def _list_who(app: App, handle: str) -> list[str]:
    with app.database.read() as db:
        rows = select(people.c.name).join(threads, threads.c.person_id == people.c.id)
        return list(db.execute(rows.where(threads.c.address == handle)).scalars())


@pytest.mark.parametrize(
    ("handle", "whose", "stays"),
    [
        ("hengyu", "孙晓岚", "王芳"),  # a contact with a colleague's code
        ("zhao", "恒宇", "赵敏之"),  # a colleague with a firm's code
        ("zhao", "孙晓岚", "赵敏之"),  # a colleague with another's code
    ],
)
def test_a_code_of_somebody_else_changes_nobody(
    make_app: Callable[..., App], handle: str, whose: str, stays: str
) -> None:
    async def story(app: App) -> None:
        code = await _give(app, whose)
        assert "【没绑上】" in await says(app, handle, f"绑定 {code}")
        assert _list_who(app, handle) == [stays]
        with app.database.read() as db:
            kinds = list(db.execute(select(outbox.c.kind)).scalars())
        assert kinds.count("bind.crossed") == 1, "the duty desk knows"
        assert "【没绑上】" in await says(app, "stranger", f"绑定 {code}"), "it is spent"

    play(make_app(), story)


def test_a_code_is_used_once(make_app: Callable[..., App]) -> None:
    async def story(app: App) -> None:
        code = await _give(app, "孙晓岚")
        assert "【已绑定】" in await says(app, "new-phone", f"绑定 {code}")
        assert "【没绑上】" in await says(app, "other-phone", f"绑定 {code}")

    play(make_app(), story)


def test_the_codes_of_who_leaves_die(make_app: Callable[..., App]) -> None:
    async def story(app: App) -> None:
        code = await _give(app, "孙晓岚")
        await says(app, "duty", "离岗 孙晓岚 交 钱书远")
        assert "【没绑上】" in await says(app, "new-phone", f"绑定 {code}")

    play(make_app(), story)
