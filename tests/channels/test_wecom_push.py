"""Writing on WeCom: cards and texts, limits of the platform and our own, faults."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import delete

from bot.channels.base import Letter, Reach, Undeliverable
from bot.channels.throttle import Throttle
from bot.channels.wecom.channel import PER_PERSON, WeCom
from bot.channels.wecom.groups import HOOK as GROUP
from bot.core.messages import Address
from storage.database import Database
from storage.delivery import outbox, threads
from storage.delivery.outbox import Parcel
from storage.media.files import MediaFolder
from storage.media.media import KeptMedia
from storage.tables.delivery import outbox as outbox_table
from storage.tables.delivery import threads as thread_rows
from tests.channels.wechat_push import NOW, expect_refusal, parcel, push
from tests.delivery import outbox_rows
from tests.peers.fake_platform import Trouble
from tests.peers.fake_wecom import FakeWeCom

SEND, TOKEN = "message/send", "gettoken"
ZHAO = "ZhaoMin"
PNG = b"\x89PNG\r\n\x1a\n" + b"picture"
CARD = "【新诉求】YZ-20241014-003\n恒宇电子有限公司：车间停电了\n10月14日（周一）11:00 前受理"


def message(number: int, words: str, *labels: str, user: str = ZHAO, **more: Any) -> Parcel:
    """One message to 赵, with options of these labels."""
    options = tuple(
        {"digit": str(digit), "label": label, "command": f"{label} 003"}
        for digit, label in enumerate(labels, 1)
    )
    made = parcel(number, words)
    return replace(made, address=Address("wecom", user), options=options, **more)


def to(*parcels: Parcel, files: dict[int, KeptMedia] | None = None) -> Letter:
    """A letter to 赵, who has never written: WeCom knows no window."""
    return Letter(parcels, Reach(None, 0), files or {})


def kinds(work: FakeWeCom) -> list[str]:
    return [sent_message["msgtype"] for sent_message in work.sent[ZHAO]]


def test_options_become_buttons(wecom: WeCom, work: FakeWeCom) -> None:
    assert push(wecom, to(message(7, CARD, "受理", "转办", "退单"))) == 1
    card = work.newest_card(ZHAO)
    assert card["main_title"] == {"title": "【新诉求】YZ-20241014-003"}
    assert card["sub_title_text"] == CARD.partition("\n")[2]
    buttons = [(button["key"], button["text"]) for button in card["button_list"]]
    assert buttons == [("1", "受理"), ("2", "转办"), ("3", "退单")]


FULL = ("题" * 36, "文" * 160, "十个字的按钮也放得下", 6)


@pytest.mark.parametrize("longer", [None, 0, 1, 2, 3])
def test_what_a_card_cannot_carry_goes_as_text(
    wecom: WeCom, work: FakeWeCom, longer: int | None
) -> None:
    title, body, label, count = FULL
    title += "长" if longer == 0 else ""
    body += "长" if longer == 1 else ""
    labels = [label + ("长" if longer == 2 else ""), *("二三四五六")][:count]
    labels += ["七"] if longer == 3 else []
    push(wecom, to(message(1, f"{title}\n{body}", *labels)))
    if longer is None:
        assert kinds(work) == ["template_card"]
    else:
        lines = [f"{digit} {option}" for digit, option in enumerate(labels, 1)]
        assert work.texts(ZHAO) == ["\n".join([title, body, *lines])]


def test_only_the_last_text_keeps_its_digits(wecom: WeCom, work: FakeWeCom) -> None:
    long = "题" * 37
    push(wecom, to(message(1, long, "受理"), message(2, "完", "好的，就这样办结吧，不改了")))
    assert work.texts(ZHAO) == [long, "完\n1 好的，就这样办结吧，不改了"]


def test_long_words_are_cut_at_lines(wecom: WeCom, work: FakeWeCom) -> None:
    lines = [f"第{n}行 YZ-20241014-{n:03} 10月15日（周二）14:30 前 😀" for n in range(60)]
    assert push(wecom, to(message(1, "\n".join(lines)))) == 2
    assert "\n".join(work.texts(ZHAO)).split("\n") == lines
    assert work.shortened == 0


@pytest.mark.parametrize("extra, count", [("", 1), ("a", 2)])
def test_a_text_at_its_limit(wecom: WeCom, work: FakeWeCom, extra: str, count: int) -> None:
    words = "啊" * 682 + "ab" + extra
    assert push(wecom, to(message(1, words))) == count
    assert "".join(work.texts(ZHAO)) == words
    assert work.shortened == 0


def test_thirty_in_a_minute_and_the_rest_later(wecom: WeCom, work: FakeWeCom) -> None:
    outcome = expect_refusal(wecom, to(*(message(n, f"第{n}条") for n in range(40))))
    assert (outcome.carried, outcome.cost) == (30, 30)
    assert (outcome.permanent, outcome.retry_after) == (False, timedelta(minutes=1))
    rest = to(*(message(n, f"第{n}条") for n in range(30, 40)))
    assert expect_refusal(wecom, rest, NOW + timedelta(seconds=59)).carried == 0
    work.clock = lambda: 10.0**9
    assert push(wecom, rest, NOW + timedelta(minutes=1)) == 10
    assert work.texts(ZHAO) == [f"第{n}条" for n in range(40)]
    assert not work.dropped


def test_a_thousand_in_an_hour() -> None:
    throttle = Throttle(*PER_PERSON)
    for number in range(1000):
        throttle.take(ZHAO, NOW + timedelta(seconds=3 * number))
    with pytest.raises(Undeliverable) as outcome:
        throttle.take(ZHAO, NOW + timedelta(minutes=50))
    assert outcome.value.retry_after == timedelta(minutes=10)
    throttle.take("QianLi", NOW + timedelta(minutes=50))
    throttle.take(ZHAO, NOW + timedelta(minutes=60))


@pytest.fixture
def thread(token_database: Database) -> Iterator[int]:
    """A thread to which the outbox says that 30 messages went just now."""
    with token_database.write() as db:
        thread = threads.open_thread(db, Address("wecom", ZHAO), None).id
        common = {"thread_id": thread, "kind": "notice.new", "because": "test", "text": "条"}
        more = {"created_at": NOW, "not_before": NOW, "options": None, "media_id": None}
        outbox.add(db, [{**common, **more, "issue_id": None} for _ in range(30)])
        waiting = [waiting_parcel.id for waiting_parcel in outbox_rows.list_waiting(db)]
        outbox.mark_sent(db, waiting, NOW)
    yield thread
    with token_database.write() as db:
        db.execute(delete(outbox_table))
        db.execute(delete(thread_rows))


def test_what_went_before_a_restart_counts(wecom: WeCom, work: FakeWeCom, thread: int) -> None:
    given = to(message(99, "再一条", thread_id=thread))
    outcome = expect_refusal(wecom, given, NOW + timedelta(seconds=20))
    assert (outcome.retry_after, work.calls[SEND]) == (timedelta(seconds=40), 0)


def test_a_picture_goes_up_and_out(wecom: WeCom, work: FakeWeCom, folder: MediaFolder) -> None:
    name, mime = folder.put(PNG)
    files = {7: KeptMedia(7, "wechat", "", name, mime, 0)}
    given = to(message(1, CARD, "受理", media_id=7), message(2, "完"), files=files)
    assert push(wecom, given) == 3
    assert kinds(work) == ["template_card", "image", "text"]
    assert list(work.media.values()) == [PNG]


def test_what_left_of_a_letter_is_told(wecom: WeCom, work: FakeWeCom) -> None:
    work.go_wrong(SEND, Trouble(), Trouble(code=45009))
    outcome = expect_refusal(wecom, to(message(1, "一"), message(2, "二")))
    assert (outcome.carried, outcome.cost, outcome.permanent) == (1, 1, False)
    assert outcome.retry_after == timedelta(minutes=10)


def test_the_group_gets_plain_words(wecom: WeCom, work: FakeWeCom) -> None:
    push(wecom, to(message(1, "第12期议程\n1 恒宇电子 **停电** <@all>", user=GROUP)))
    assert work.group == ["第12期议程\n1 恒宇电子 **停电** <@all>"]
    assert work.calls[TOKEN] == 0


def test_the_group_s_own_limit(wecom: WeCom, work: FakeWeCom) -> None:
    outcome = expect_refusal(wecom, to(*(message(n, "条", user=GROUP) for n in range(21))))
    assert (outcome.carried, len(work.group)) == (20, 20)


def test_a_card_that_arrived_unknown_to_us_is_not_repeated(wecom: WeCom, work: FakeWeCom) -> None:
    given = to(message(7, CARD, "受理"))
    work.go_wrong(SEND, Trouble(cut=True))
    assert expect_refusal(wecom, given).permanent is False
    assert push(wecom, given) == 1
    assert kinds(work) == ["template_card"]


@pytest.mark.parametrize("lenient", [True, False])
def test_a_person_who_is_not_there(wecom: WeCom, work: FakeWeCom, lenient: bool) -> None:
    work.lenient = lenient
    outcome = expect_refusal(wecom, to(message(1, "一", user="nobody")))
    assert (outcome.reason, outcome.permanent) == ("delivery.unknown_person", True)


def test_a_token_that_ended_is_renewed_once(wecom: WeCom, work: FakeWeCom) -> None:
    push(wecom, to(message(1, "一")))
    work.end_token()
    push(wecom, to(message(2, "二")))
    assert work.texts(ZHAO) == ["一", "二"]
    assert (work.calls[TOKEN], work.calls[SEND]) == (2, 3)


@pytest.mark.parametrize("code", [40014, 42001])
def test_a_token_refused_for_ever_makes_no_storm(wecom: WeCom, work: FakeWeCom, code: int) -> None:
    work.go_wrong(SEND, *[Trouble(code=code)] * 9)
    outcome = expect_refusal(wecom, to(message(1, "一")))
    assert (outcome.reason, outcome.permanent) == ("delivery.token", False)
    assert work.calls[SEND] == 2
    assert work.calls[TOKEN] <= 3


def test_many_at_once_ask_for_one_token(wecom: WeCom, work: FakeWeCom) -> None:
    work.members |= {f"u{n}" for n in range(12)}

    async def all_at_once() -> None:
        letters = (to(message(n, "一", user=f"u{n}")) for n in range(12))
        await asyncio.gather(*(wecom.send(letter, NOW) for letter in letters))

    asyncio.run(all_at_once())
    assert (work.calls[TOKEN], work.calls[SEND]) == (1, 12)


@pytest.mark.parametrize(
    "trouble, reason",
    [
        (Trouble(status=502), "delivery.slow"),
        (Trouble(seconds=0.5), "delivery.slow"),
        (Trouble(cut=True), "delivery.slow"),
        (Trouble(body=b"<html>"), "delivery.slow"),
        (Trouble(code=-1), "delivery.busy"),
        (Trouble(code=45009), "delivery.busy"),
        (Trouble(code=45033), "delivery.busy"),
        (Trouble(code=60020), "delivery.busy"),
    ],
)
@pytest.mark.parametrize("path", [SEND, TOKEN])
def test_troubles_that_pass_are_tried_again(
    wecom: WeCom, work: FakeWeCom, path: str, trouble: Trouble, reason: str
) -> None:
    work.go_wrong(path, trouble)
    outcome = expect_refusal(wecom, to(message(1, "一")))
    assert (outcome.reason, outcome.permanent, outcome.hold) == (reason, False, False)
    assert work.calls[path] == 1
    assert "the-agent-secret" not in f"{outcome!r}{outcome.__context__!r}{outcome.__cause__!r}"


def test_a_wrong_secret_waits_for_the_office(wecom: WeCom, work: FakeWeCom) -> None:
    wecom._api._secret = "wrong"
    outcome = expect_refusal(wecom, to(message(1, "一")))
    assert (outcome.permanent, outcome.retry_after) == (False, timedelta(minutes=5))
    assert (work.calls[TOKEN], work.calls[SEND]) == (1, 0)


def test_what_a_person_sent_comes_in(wecom: WeCom, work: FakeWeCom) -> None:
    work.media["m1"] = PNG
    assert asyncio.run(wecom.fetch(KeptMedia(1, "wecom", "m1", "", "", 0))) == PNG


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PNG, "image"),
        (b"#!AMR voice", "voice"),
        (b"\x00\x00\x00\x18ftypmp42", "video"),
        (b"OggS a voice of Telegram", "file"),
        (b"%PDF-1.7", "file"),
        (b"GIF89a", "file"),
    ],
)
def test_everything_goes_in_a_form_of_the_platform(
    wecom: WeCom, work: FakeWeCom, folder: MediaFolder, content: bytes, kind: str
) -> None:
    name, mime = folder.put(content)
    item = KeptMedia(7, "local", "", name, mime, 0)
    assert wecom.takes(item)
    push(wecom, to(message(1, "", media_id=7), files={7: item}))
    assert kinds(work) == [kind]


def test_what_is_too_large_for_the_platform_is_left_to_a_link(
    wecom: WeCom, folder: MediaFolder
) -> None:
    for content, most in ((PNG, 10), (b"#!AMR", 2), (b"%PDF-", 20)):
        for more in (0, 1):
            name, mime = folder.put(content.ljust(min(most * 1024**2 + more, 20 * 1024**2), b"."))
            takes = wecom.takes(KeptMedia(7, "local", "", name, mime, 0))
            assert takes is (more == 0 or most == 20)


LIST = """【在办】2 件
YZ-20241014-003 办理中 车间停电了 10月15日（周二）14:30 前
YZ-20241014-004 待受理 **加粗** <@all> [链接](http://x) `码`
发编号看进度，如 003"""


def test_a_list_stands_out(wecom: WeCom, work: FakeWeCom) -> None:
    push(wecom, to(message(1, LIST, kind="mine.list")))
    (sent,) = work.sent[ZHAO]
    heading, first, second, last = sent["markdown"]["content"].split("\n")
    assert heading == "**【在办】2 件**"
    due = '<font color="warning">10月15日（周二）14:30 前</font>'
    assert first == f"> **YZ-20241014-003** 办理中 车间停电了 {due}"
    assert last == "> 发编号看进度，如 003"
    # What an enterprise wrote is neither bold nor a link, and calls nobody.
    assert second == "> **YZ-20241014-004** 待受理 ＊＊加粗＊＊ ＜@all＞ ［链接］(http://x) ｀码｀"


def test_a_list_too_long_for_markdown_is_plain(wecom: WeCom, work: FakeWeCom) -> None:
    long = "\n".join(["【在办】80 件", *(f"YZ-20241014-{n:03} 车间停电了" for n in range(80))])
    assert push(wecom, to(message(1, long, kind="mine.list"))) == 2
    assert kinds(work) == ["text", "text"]
    assert work.shortened == 0


def test_where_it_would_not_be_shown_a_list_is_plain(wecom: WeCom, work: FakeWeCom) -> None:
    wecom._settings = wecom._settings.model_copy(update={"markdown": False})
    push(wecom, to(message(1, LIST, kind="mine.list")))
    assert work.texts(ZHAO) == [LIST]


def test_a_true_picture_arrives_as_it_was(
    wecom: WeCom, work: FakeWeCom, folder: MediaFolder
) -> None:
    """As the weekly digest is drawn: the bytes that arrive are an image of its size."""
    drawn = BytesIO()
    Image.new("RGB", (1080, 1920), "white").save(drawn, "PNG")
    name, mime = folder.put(drawn.getvalue())
    files = {7: KeptMedia(7, "digest", "", name, mime, 0)}
    push(wecom, to(message(1, "【周报】", media_id=7), files=files))
    assert kinds(work) == ["text", "image"]
    (arrived,) = work.media.values()
    assert Image.open(BytesIO(arrived)).size == (1080, 1920)
