"""What the phones page shows and takes, asked over HTTP."""

import asyncio
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.app import App
from bot.channels.window import TEXT_BYTES
from bot.clock import SystemClock
from tests.dialogues.player import Player
from tests.web.conftest import PNG, Desk

FILING = "车间停电了，两条线都停了"
NUMBER = "YZ-20241014-001"


def chips(phone: dict[str, Any]) -> dict[str, str]:
    """What is typed for each line of the newest card with a menu."""
    card = [item for item in phone["items"] if item.get("options")][-1]
    return {option["label"]: option["type"] for option in card["options"]}


def test_a_sentence_becomes_an_issue_on_two_phones(desk: Desk) -> None:
    told = desk.say("hengyu", FILING)
    assert told["fresh"]
    assert NUMBER in told["replies"][0]
    mine, receipt = desk.phone("hengyu")["items"]
    assert (mine["side"], mine["texts"]) == ("me", [FILING])
    assert receipt["badge"] == {"issue": NUMBER, "tone": "red", "shape": "■", "word": "待受理"}
    assert f"【新诉求】{NUMBER}" in desk.read("zhao")[0]
    assert desk.look("zhao")["stage"]["issue"] == NUMBER


def test_a_passive_reply_is_one_bubble_with_its_options_as_lines(desk: Desk) -> None:
    desk.say("hengyu", FILING)
    [bubble] = desk.read("hengyu")
    assert "【已收到】" in bubble
    assert "【隐私告知】" in bubble
    assert bubble.endswith("\n1 同意")


def test_staff_have_buttons_and_no_lines(desk: Desk) -> None:
    desk.say("hengyu", FILING)
    [card] = desk.phone("zhao")["items"]
    assert card["buttons"]
    assert "1 受理" not in card["texts"][0]


def test_the_newest_menu_takes_digits_an_older_card_its_whole_command(desk: Desk) -> None:
    desk.say("hengyu", FILING)
    desk.say("xinzheng", "用水水压不足，影响生产")
    older, newest = desk.phone("zhao")["items"]
    assert older["options"][0]["type"] == f"受理 {NUMBER}"
    assert newest["options"][0]["type"] == "1"
    assert (older["newest"], newest["newest"]) == (False, True)


def test_a_used_menu_takes_no_digits_any_more(desk: Desk) -> None:
    desk.say("hengyu", FILING)
    assert chips(desk.phone("hengyu")) == {"同意": "1"}
    desk.say("hengyu", "1")
    assert chips(desk.phone("hengyu")) == {"同意": "同意"}


def test_the_whole_story_by_typing(desk: Desk) -> None:
    desk.say("hengyu", FILING)
    desk.say("zhao", chips(desk.phone("zhao"))["受理"])
    desk.say("zhao", "供电班组 20 分钟后到现场")
    desk.say("zhao", "办结 更换了跌落保险，已恢复供电")
    desk.say("hengyu", chips(desk.phone("hengyu"))["已解决"])
    desk.say("hengyu", chips(desk.phone("hengyu"))["非常满意"])
    state = desk.look("hengyu")
    assert all(step["done"] for step in state["stage"]["steps"])
    badges = [item["badge"] for item in desk.phone("hengyu")["items"] if item.get("badge")]
    assert [badge["word"] for badge in badges] == ["已销号"]


def test_a_repeated_delivery_changes_nothing_and_hears_the_same(desk: Desk) -> None:
    first = desk.send("hengyu", "same", text=FILING)
    before = desk.phone("hengyu")["items"]
    second = desk.send("hengyu", "same", text=FILING)
    assert (first["fresh"], second["fresh"]) == (True, False)
    assert first["replies"] == second["replies"]
    assert desk.phone("hengyu")["items"] == before
    assert len(desk.read("zhao")) == 1


def test_the_same_key_on_two_phones_is_two_messages(desk: Desk) -> None:
    desk.send("hengyu", "same", text=FILING)
    assert desk.send("xinzheng", "same", text=FILING)["fresh"]


def test_the_group_only_listens(desk: Desk) -> None:
    assert desk.post("group/messages", {"key": "k1", "text": "大家好"}).status_code == 409
    assert "只读" in desk.phone("group")["rules"]


def test_nobody_else_has_a_phone_here(desk: Desk) -> None:
    assert desk.post("nobody/messages", {"key": "k1", "text": "在吗"}).status_code == 404
    assert desk.client.get("/phones/nobody/raw").status_code == 404
    assert desk.client.get("/phones/media/999").status_code == 404
    assert desk.look("nobody")["phones"] == []


def test_a_failing_phone_gets_its_words_later(desk: Desk) -> None:
    assert desk.post("hengyu/faults", {"failing": True}).status_code == 200
    desk.say("hengyu", FILING)
    phone = desk.phone("hengyu")
    assert phone["failing"]
    assert [item["side"] for item in phone["items"]] == ["me"]
    assert "模拟发送失败" in phone["waiting"][0]["note"]
    desk.post("hengyu/faults", {"failing": False})
    desk.jump("hour")
    assert NUMBER in desk.read("hengyu")[0]
    assert desk.phone("hengyu")["waiting"] == []


def test_a_fault_is_on_or_off(desk: Desk) -> None:
    for failing in ("yes", None, 1):
        assert desk.post("hengyu/faults", {"failing": failing}).status_code == 400


def test_the_clock_goes_on_and_back(desk: Desk) -> None:
    assert desk.look()["now"] == "10月14日（周一）10:00"
    assert desk.jump("hour") == "10月14日（周一）11:00"
    assert desk.jump("monday") == "10月14日（周一）19:30"
    assert desk.jump("monday") == "10月21日（周一）19:30"
    desk.jump("now")
    assert abs(desk.app.clock.now() - SystemClock().now()) < timedelta(seconds=2)


def test_what_falls_due_on_the_way_is_said(desk: Desk) -> None:
    desk.say("hengyu", FILING)
    before = desk.read("zhao")
    desk.jump("hour")
    desk.jump("hour")
    [*_, last] = desk.read("zhao")
    assert last not in before
    assert NUMBER in last


def test_the_clock_knows_three_jumps(desk: Desk) -> None:
    for to in ("yesterday", None, 3, ["now"]):
        assert desk.post("clock", {"to": to}).status_code == 400


def test_the_machines_clock_is_not_moved(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(movable=False)
    assert desk.post("clock", {"to": "hour"}).status_code == 409
    assert desk.post("story", {}).status_code == 409
    page = desk.client.get("/phones").text
    assert "data-jump" not in page
    assert 'id="play"' not in page


def test_without_the_demo_park_only_strangers_have_phones(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(CHANNELS__LOCAL__DEMO="false")
    page = desk.client.get("/phones").text
    assert 'id="seat-entrepreneur"' in page
    assert 'id="seat-liaison"' not in page
    assert desk.post("zhao/messages", {"key": "k1", "text": "在吗"}).status_code == 404
    assert desk.say("guest", FILING)["fresh"]


def test_what_lies_ahead_is_hidden_when_the_clock_goes_back(desk: Desk) -> None:
    desk.say("hengyu", FILING)
    desk.jump("monday")
    desk.say("hengyu", "谢谢")
    before = desk.phone("hengyu")
    desk.app.clock.set(desk.app.park.local(desk.app.clock.now()).replace(hour=12))  # type: ignore[attr-defined]
    earlier = desk.phone("hengyu")
    assert len(earlier["items"]) < len(before["items"])
    assert "10月14日（周一）19:30" in earlier["later"]


def test_after_48_hours_a_wechat_phone_waits_for_its_owner(desk: Desk) -> None:
    desk.say("hengyu", FILING)
    desk.say("zhao", chips(desk.phone("zhao"))["受理"])
    assert "还可主动发 4 条" in desk.phone("hengyu")["rules"]
    desk.jump("monday")
    desk.jump("monday")
    desk.say("zhao", f"反馈 {NUMBER} 班组到了")
    phone = desk.phone("hengyu")
    assert "窗口已关" in phone["rules"]
    assert any("等对方说话后再发" in parcel["note"] for parcel in phone["waiting"])
    desk.say("hengyu", "在吗")
    assert any("班组到了" in text for text in desk.read("hengyu"))


def test_a_wechat_phone_is_pushed_five_messages_at_most(desk: Desk) -> None:
    desk.say("hengyu", FILING)
    for turn in range(1, 7):
        desk.say("zhao", f"反馈 {NUMBER} 第 {turn} 次进展")
    phone = desk.phone("hengyu")
    assert "还可主动发 0 条" in phone["rules"]
    assert "已满 5 条" in phone["waiting"][-1]["note"]
    assert not any("第 6 次" in text for text in desk.read("hengyu"))
    desk.say("hengyu", "谢谢")
    assert any("第 6 次" in text for text in desk.read("hengyu"))


def test_no_bubble_of_a_wechat_phone_is_longer_than_the_platform_allows(desk: Desk) -> None:
    desk.say("hengyu", FILING)
    desk.say("zhao", chips(desk.phone("zhao"))["受理"])
    long = "。".join(f"第 {n} 步要等配件到货" for n in range(200))
    desk.say("zhao", f"反馈 {NUMBER} {long}")
    bubbles = desk.read("hengyu")
    assert max(len(text.encode()) for text in bubbles) <= TEXT_BYTES
    assert "第 199 步" in bubbles[-1]
    assert len(desk.read("zhao")[-1].encode()) > TEXT_BYTES


def test_the_drawer_shows_the_rows(desk: Desk) -> None:
    assert desk.client.get("/phones/hengyu/raw").json()["messages"] == []
    desk.send("hengyu", "abc", text=FILING)
    rows = desk.client.get("/phones/hengyu/raw").json()
    assert rows["messages"][0]["key"] == "local:hengyu:abc"
    assert {row["parcel"]["slot"] for row in rows["outbox"]} == {"local:hengyu:abc"}
    assert rows["thread"]["address"] == {"channel": "local", "user": "hengyu"}


def test_a_stranger_is_served_too(desk: Desk) -> None:
    desk.say("guest", "我们厂门口的路灯坏了")
    assert any("路灯" in text for text in desk.read("duty"))


def test_an_exported_dialogue_can_be_played(
    make_desk: Callable[..., Desk], make_app: Callable[..., App], tmp_path: Path
) -> None:
    # What the clock has to catch up with when the desk opens is no part of a transcript.
    silent = {"SESSIONS__ENABLED": "false", "TIMETABLE__DIGEST__ENABLED": "false"}
    desk = make_desk(**silent)
    desk.say("hengyu", FILING)
    desk.say("zhao", chips(desk.phone("zhao"))["受理"])
    desk.jump("hour")
    desk.show("hengyu", PNG)
    desk.say("zhao", "供电班组到了\n正在换保险")
    desk.jump("monday")
    desk.say("zhao", "办结 更换了跌落保险，已恢复供电")
    exported = desk.client.get("/phones/transcript")
    assert "attachment" in exported.headers["content-disposition"]
    assert "[2024-10-14 周一 19:30] 赵敏之> 办结" in exported.text
    again = f"sqlite:///{tmp_path / 'again.db'}"
    fresh = make_app(STORAGE__URL=again, **silent)
    asyncio.run(_play(fresh, exported.text))


async def _play(app: App, transcript: str) -> None:
    await app.start()
    try:
        await Player(app).play(transcript, "exported")
    finally:
        await app.stop()


def test_every_word_of_the_page_is_used_and_there(desk: Desk) -> None:
    web = Path(__file__).resolve().parents[2] / "bot" / "web"
    scripts = [path for path in (web / "static").glob("*.js") if path.stem != "board"]
    script = "".join(path.read_text(encoding="utf-8") for path in scripts)
    template = (web / "templates" / "phones.html").read_text(encoding="utf-8")
    code = "".join(path.read_text(encoding="utf-8") for path in (web / "phones").glob("*.py"))
    there = {key.removeprefix("phones.") for key in desk.app.texts.words if "phones." in key[:7]}
    wanted = set(re.findall(r"\bwords\.(\w+)", script + template))
    assert wanted <= there
    made = ("seat_", "empty_", "ending_")
    said = set(re.findall(r"""["'](?:phones\.)?(\w+)["']""", code))
    unused = {name for name in there - wanted - said if not name.startswith(made)}
    assert unused == set()
