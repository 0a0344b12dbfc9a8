"""What a platform writes in place of something, and words of people that look alike."""

import pytest

from bot.core.talk.placeholders import is_placeholder


@pytest.mark.parametrize(
    "words",
    [
        "[收到不支持的消息类型，暂无法显示]",
        "【收到不支持的消息类型，暂无法显示】",
        "［收到不支持的消息类型,暂无法显示］",
        "收到一条不支持的消息类型，暂无法显示。",
        "[收到一条暂不支持的消息类型]",
        "[该消息类型暂不支持，请在手机上查看]",
        "[此消息暂无法显示]",
        "[聊天记录]",
        "[動畫表情]",
        "[Sticker]",
        "[Unsupported Message]",
        "This message is not supported on your version of the app",
    ],
)
def test_nobody_wrote_these(words: str) -> None:
    assert is_placeholder(words)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "[微笑]",
        "[强]",
        "收到不支持的通知，我们要申诉",
        "[图片] 三号车间漏水",
        "聊天记录",
        "打印机不支持的型号，谁能修",
        "设备显示不支持的消息类型，生产线停了",
        "【三号车间】暂无法生产，停电了",
        "【通知】请在手机上查看",
        "文件",
    ],
)
def test_people_wrote_these(words: str) -> None:
    assert not is_placeholder(words)
