"""PyPI wecomkit, a client that nobody here wrote, finds our fake of WeCom's API as it expects."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC
from typing import Any

import pytest
from wecomkit.client import AsyncWeComClient
from wecomkit.config import WeComConfig
from wecomkit.exceptions import WeComAPIError

from bot import texts
from bot.channels.menus import FOR_STAFF, usual, wire
from tests.peers.fake_platform import Trouble
from tests.peers.fake_wecom import AGENT_ID, CORP_ID, GROUP_KEY, SECRET, FakeWeCom

Use = Callable[[AsyncWeComClient], Coroutine[Any, Any, Any]]


def use_client(work: FakeWeCom, use: Use, secret: str = SECRET) -> Any:
    """Let the client do something; what came of it."""

    async def run() -> Any:
        config = WeComConfig(corp_id=CORP_ID, corp_secret=secret, base_url=work.base, max_retries=0)
        async with AsyncWeComClient(config) as client:
            return await use(client)

    return asyncio.run(run())


def test_a_text_arrives(work: FakeWeCom) -> None:
    told = use_client(work, lambda it: it.messages.send_text(AGENT_ID, "你好", to_user="ZhaoMin"))
    assert told["errcode"] == 0
    assert work.texts("ZhaoMin") == ["你好"]


def test_a_card_arrives_and_is_changed_once(work: FakeWeCom) -> None:
    card = {
        "card_type": "button_interaction",
        "main_title": {"title": "诉求"},
        "task_id": "t-1",
        "button_list": [{"text": "受理", "key": "1"}],
    }
    told = use_client(
        work,
        lambda it: it.messages.send("template_card", AGENT_ID, card, to_user="ZhaoMin"),
    )
    change = {
        "userids": ["ZhaoMin"],
        "agentid": AGENT_ID,
        "response_code": told["response_code"],
        "button": {"replace_name": "已选：受理"},
    }

    def update(it: AsyncWeComClient) -> Any:
        return it.request("POST", "/cgi-bin/message/update_template_card", json=change)

    use_client(work, update)
    assert work.buttons == {"t-1": "已选：受理"}
    with pytest.raises(WeComAPIError):
        use_client(work, update)


def test_media_go_up_and_come_down(work: FakeWeCom) -> None:
    async def there_and_back(it: AsyncWeComClient) -> bytes:
        told = await it.media.upload_bytes(b"\x89PNG picture", "image", "p.png")
        response = await it.request_response(
            "GET", "/cgi-bin/media/get", params={"media_id": told["media_id"]}
        )
        return response.content

    assert use_client(work, there_and_back) == b"\x89PNG picture"


def test_the_group_hears(work: FakeWeCom) -> None:
    address = f"{work.base}/cgi-bin/webhook/send?key={GROUP_KEY}"
    assert use_client(work, lambda it: it.robot.send_text(address, "议程"))["errcode"] == 0
    assert work.group == ["议程"]


def test_a_list_in_markdown_arrives(work: FakeWeCom) -> None:
    use_client(work, lambda it: it.messages.send_markdown(AGENT_ID, "**在办**", to_user="ZhaoMin"))
    assert work.sent["ZhaoMin"][0]["markdown"] == {"content": "**在办**"}


def test_a_menu_is_published_and_read_again(work: FakeWeCom) -> None:
    buttons = wire(usual(FOR_STAFF, texts.load(UTC)))
    use_client(work, lambda it: it.menu.create(AGENT_ID, buttons))
    assert use_client(work, lambda it: it.menu.get(AGENT_ID))["button"] == buttons == work.menu
    with pytest.raises(WeComAPIError):
        use_client(work, lambda it: it.menu.create(AGENT_ID, buttons * 2))


def test_a_chat_is_made_and_spoken_to(work: FakeWeCom) -> None:
    work.members.add("QianLi")
    made = {"chatid": "Monday95", "name": "主题日", "userlist": ["ZhaoMin", "QianLi"]}
    words = {"chatid": "Monday95", "msgtype": "text", "text": {"content": "议程"}}

    async def use(it: AsyncWeComClient) -> Any:
        await it.request("POST", "/cgi-bin/appchat/create", json=made)
        await it.request("POST", "/cgi-bin/appchat/send", json=words)
        return await it.request("GET", "/cgi-bin/appchat/get", params={"chatid": "Monday95"})

    assert use_client(work, use)["chat_info"]["name"] == "主题日"
    assert work.chats["Monday95"]["said"] == ["议程"]


def test_one_token_serves_until_it_ends(work: FakeWeCom) -> None:
    assert use_client(work, lambda it: it.get_access_token()) == use_client(
        work, lambda it: it.get_access_token()
    )


@pytest.mark.parametrize(
    "use",
    [
        lambda it: it.messages.send_text(AGENT_ID + 1, "你好", to_user="ZhaoMin"),
        lambda it: it.messages.send_text(AGENT_ID, "你好", to_user="nobody"),
    ],
)
def test_what_is_wrong_is_an_error_to_the_client(work: FakeWeCom, use: Use) -> None:
    with pytest.raises(WeComAPIError):
        use_client(work, use)
    assert not work.sent


def test_a_wrong_secret_gets_no_token(work: FakeWeCom) -> None:
    with pytest.raises(WeComAPIError):
        use_client(work, lambda it: it.get_access_token(), secret="wrong")


def test_a_refused_token_is_an_error_to_the_client(work: FakeWeCom) -> None:
    work.go_wrong("message/send", Trouble(code=42001))
    with pytest.raises(WeComAPIError):
        use_client(work, lambda it: it.messages.send_text(AGENT_ID, "你好", to_user="ZhaoMin"))
