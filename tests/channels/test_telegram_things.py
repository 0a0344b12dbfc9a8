"""Pictures, albums, papers and edited words on Telegram."""

from pathlib import Path
from typing import Any

import pytest

from bot.channels.telegram.channel import FOR_PICTURES, LOOK_AGAIN
from bot.core.issues.lifecycle import Move
from bot.core.messages import Address, Content, Incoming, Kind, Media
from storage.issues import issues
from storage.media import media
from tests.channels.telegram_site import CONTACT, LIAISON, TelegramSite

pytestmark = pytest.mark.anyio
PNG = b"\x89PNG\r\n\x1a\n" + b"picture"
PDF = b"%PDF-1.7 paper"


def _at_the_platform(site: TelegramSite, name: str, content: bytes) -> str:
    """A file that a person sent is at the platform under this handle."""
    site.emulator.assets[name] = {"kind": "photo", "data": content}
    return name


def _photo(site: TelegramSite, name: str, content: bytes = PNG) -> dict[str, Any]:
    handle = _at_the_platform(site, name, content)
    return {"photo": [{"file_id": handle, "file_unique_id": name, "width": 1, "height": 1}]}


async def _send(site: TelegramSite, user: int, **fields: Any) -> None:
    await site.update({"message": site.message(user, **fields)})
    await site.app.fetcher.round()
    await _look_again(site)


async def _look_again(site: TelegramSite) -> None:
    """The letters that waited for a picture leave now."""
    site.clock.set(site.clock.now() + LOOK_AGAIN)
    await site.carry()


async def test_a_picture_reaches_the_liaison_with_its_words(site: TelegramSite) -> None:
    await _send(site, CONTACT, **_photo(site, "p1"), caption="车间停电了")
    shown = site.emulator.screen(LIAISON)[0]
    assert shown.method == "sendPhoto"
    assert "车间停电了" in shown.text
    assert "受理" in shown.buttons
    with site.app.database.read() as db:
        kept = media.get(db, 1)
    assert (site.app.folder.path(kept.path).read_bytes(), kept.mime) == (PNG, "image/png")


async def test_the_words_go_alone_when_the_picture_cannot_be_had(site: TelegramSite) -> None:
    photo = [{"file_id": "gone", "file_unique_id": "g", "width": 1, "height": 1}]
    await _send(site, CONTACT, photo=photo, caption="车间停电了")
    assert site.texts(LIAISON) == []
    site.clock.set(site.clock.now() + FOR_PICTURES)
    await site.carry()
    assert [bubble.method for bubble in site.emulator.screen(LIAISON)] == ["sendMessage"]


async def test_a_paper_goes_through_as_a_paper(site: TelegramSite) -> None:
    handle = _at_the_platform(site, "d1", PDF)
    paper = {"file_id": handle, "file_unique_id": "d", "file_name": "停电通知.pdf"}
    await _send(site, CONTACT, document={**paper, "mime_type": "application/pdf"})
    shown = site.emulator.screen(LIAISON)[0]
    assert shown.method == "sendDocument"
    assert "停电通知.pdf" in shown.text


async def test_a_picture_with_long_words_leaves_in_two(site: TelegramSite) -> None:
    words = "停电" * 600
    await _send(site, CONTACT, **_photo(site, "p1"), caption="停电")
    await site.say(CONTACT, words)
    await site.tap(LIAISON, "受理")
    await _send(site, LIAISON, **_photo(site, "p2"), caption="反馈 001 " + "已到现场。" * 210)
    methods = [bubble.method for bubble in site.emulator.screen(CONTACT)[-2:]]
    assert methods == ["sendMessage", "sendPhoto"]
    assert site.emulator.screen(CONTACT)[-1].text == ""


async def test_an_album_is_one_issue_and_all_its_pictures_arrive(site: TelegramSite) -> None:
    for name, more in (("p1", {"caption": "车间停电了"}), ("p2", {}), ("p3", {})):
        await _send(site, CONTACT, **_photo(site, name), media_group_id="77", **more)
    assert site.counts()["issues"] == 1
    shown = site.emulator.screen(LIAISON)
    assert [bubble.method for bubble in shown] == ["sendPhoto"] * 3
    assert [bubble.text for bubble in shown[1:]] == ["【续图】YZ-20241014-001"] * 2
    receipts = [words for words in site.texts(CONTACT) if "YZ-20241014-001" in words]
    assert len(receipts) == 1
    with site.app.database.read() as db:
        rows = db.exec_driver_sql("SELECT issue_id FROM messages").scalars()
        assert list(rows) == [1, 1, 1]


async def test_a_liaison_s_album_is_one_answer(site: TelegramSite) -> None:
    await site.say(CONTACT, "车间停电了")
    await site.tap(LIAISON, "受理")
    told = len(site.texts(LIAISON))
    await _send(site, LIAISON, **_photo(site, "p1"), media_group_id="9", caption="已抢修")
    await _send(site, LIAISON, **_photo(site, "p2"), media_group_id="9")
    assert [bubble.method for bubble in site.emulator.screen(CONTACT)[-2:]] == ["sendPhoto"] * 2
    assert len(site.texts(LIAISON)) == told + 1  # one "sent", no question for the second picture
    with site.app.database.read() as db:
        moves = [event.move for event in issues.history(db, 1)]
    assert moves.count(Move.ANSWER) == 1


async def test_pictures_of_another_album_are_not_taken_for_this_one(site: TelegramSite) -> None:
    await _send(site, CONTACT, **_photo(site, "p1"), media_group_id="7", caption="车间停电了")
    site.clock.set(site.clock.now() + site.app.park.limits.burst * 2)
    await _send(site, CONTACT, **_photo(site, "p2"), media_group_id="77")
    assert site.counts()["issues"] == 2


async def test_an_edit_stands_beside_the_old_words(site: TelegramSite) -> None:
    first = site.message(CONTACT, text="三号车间停电了")
    await site.update({"message": first})
    site.clock.set(site.clock.now() + site.app.park.limits.burst * 2)
    edited = {**first, "text": "五号车间停电了", "edit_date": first["date"] + 200}
    for _ in range(2):  # told twice, taken once
        await site.update({"edited_message": edited})
    assert "（更正）五号车间停电了" in site.texts(LIAISON)[-1]
    assert site.texts(CONTACT)[-1].startswith("【已记下更正】YZ-20241014-001")
    assert site.counts()["issues"] == 1
    with site.app.database.read() as db:
        said = [event.text for event in issues.history(db, 1) if event.text]
        kept = list(db.exec_driver_sql("SELECT text FROM messages ORDER BY id").scalars())
    assert "三号车间停电了" in said
    assert said.count("（更正）五号车间停电了") == 1
    assert kept == ["三号车间停电了", "五号车间停电了"]


async def test_an_edit_of_nothing_new_says_nothing(site: TelegramSite) -> None:
    first = site.message(CONTACT, text="车间停电了")
    await site.update({"message": first})
    before = site.texts(CONTACT), site.texts(LIAISON)
    await site.update({"edited_message": {**first, "edit_date": first["date"] + 5}})
    unknown = site.message(CONTACT, text="从没听过", edit_date=first["date"] + 5)
    await site.update({"edited_message": unknown})
    assert (site.texts(CONTACT), site.texts(LIAISON)) == before


async def test_an_order_already_carried_out_is_not_rewritten(site: TelegramSite) -> None:
    await site.say(CONTACT, "车间停电了")
    await site.tap(LIAISON, "受理")
    order = site.message(LIAISON, text="反馈 001 明天到")
    await site.update({"message": order})
    heard = site.texts(CONTACT)
    await site.update({"edited_message": {**order, "text": "反馈 001 后天到", "edit_date": 9}})
    assert site.texts(CONTACT) == heard
    assert site.texts(LIAISON)[-1].startswith("【改不动了】YZ-20241014-001")


async def test_a_misspelt_order_is_carried_out_when_mended(site: TelegramSite) -> None:
    await site.say(CONTACT, "车间停电了")
    order = site.message(LIAISON, text="受里 001")
    await site.update({"message": order})
    assert site.issue().accepted_at is None
    await site.update({"edited_message": {**order, "text": "受理 001", "edit_date": 9}})
    assert site.issue().accepted_at is not None


async def test_words_cross_between_channels(site: TelegramSite) -> None:
    """The contact is on another channel, the liaison on Telegram."""
    said = Content(Kind.IMAGE, "车间停电了", Media(path=_store_picture(site), mime="image/png"))
    address = Address("local", "hengyu")
    await site.app.runner.hear(Incoming("local:1", address, said, site.clock.now()))
    await site.carry()
    assert site.emulator.screen(LIAISON)[0].method == "sendPhoto"
    await site.tap(LIAISON, "受理")
    await site.say(LIAISON, "电工马上到")
    with site.app.database.read() as db:
        (told,) = db.exec_driver_sql("SELECT text FROM outbox WHERE kind = 'news.answered'").one()
    assert "电工马上到" in told


def _store_picture(site: TelegramSite) -> str:
    name, _mime = site.app.folder.put(PNG)
    assert Path(name).suffix == ".png"
    return name


async def test_a_picture_goes_with_the_button_that_says_for_whom(site: TelegramSite) -> None:
    await site.say(CONTACT, "车间停电了")
    await _send(site, LIAISON, **_photo(site, "p8"))
    label = next(button for button in site.emulator.screen(LIAISON)[-1].buttons if "发给" in button)
    await site.tap(LIAISON, label)
    await _look_again(site)
    (shown,) = [bubble for bubble in site.emulator.screen(CONTACT) if bubble.method == "sendPhoto"]
    assert "【反馈】YZ-20241014-001" in shown.text
