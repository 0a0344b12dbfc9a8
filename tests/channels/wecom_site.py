"""The whole app with a WeChat account and a WeCom app, in this process, for tests."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from tests.channels import wechat_site
from tests.channels.wechat_site import WeChatSite, stamp
from tests.peers.envelopes import AES_KEY, TOKEN, Letter, Wework, work_letter
from tests.peers.fake_wecom import AGENT_ID, CORP_ID, GROUP_KEY, SECRET, FakeWeCom

WORK = Wework(CORP_ID)
_ids = count(7001234567890123)
_nonces = count(1)


@dataclass
class WeComSite:
    """An app and a client that posts to it as WeCom does."""

    whole: WeChatSite
    fake: FakeWeCom

    async def post(self, letter: Letter) -> httpx.Response:
        """One delivery, and everybody's post carried."""
        answer = await self.whole.client.post("/wecom", params=letter.query, content=letter.body)
        await self.whole.app.postman.drain()
        return answer

    async def report(self, user: str, kind: str, **fields: str) -> None:
        """One sealed delivery that the bot must take."""
        answer = await self.post(seal_delivery(self.xml(user, kind, **fields)))
        assert (answer.status_code, answer.text) == (200, "")

    async def type(self, user: str, words: str) -> None:
        """Words from this member."""
        await self.report(user, "text", Content=words, MsgId=str(next(_ids)))

    async def tap(self, user: str, card: dict[str, Any], label: str, code: str = "") -> None:
        """A tap on the button of this label, with a fresh code unless one is given."""
        (digit,) = (button["key"] for button in card["button_list"] if button["text"] == label)
        task = card["task_id"]
        await self.report(
            user,
            "event",
            Event="template_card_event",
            EventKey=digit,
            TaskId=task,
            CardType="button_interaction",
            ResponseCode=code or self.fake.response_code(task),
        )

    def xml(self, user: str, kind: str, **fields: str) -> str:
        """A delivery as WeCom words it."""
        given = {"ToUserName": CORP_ID, "FromUserName": user, "MsgType": kind, **fields}
        given |= {"AgentID": str(AGENT_ID)} if "AgentID" not in fields else {}
        inner = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in given.items())
        at = int(self.whole.clock.now().timestamp())
        return f"<xml>{inner}<CreateTime>{at}</CreateTime></xml>"


def environment(api_base: str) -> dict[str, str]:
    """The settings of the channel."""
    wecom = {
        "ENABLED": "true",
        "CORP_ID": CORP_ID,
        "AGENT_ID": str(AGENT_ID),
        "TOKEN": TOKEN,
        "AES_KEY": AES_KEY,
        "SECRET": SECRET,
        "GROUP_KEY": GROUP_KEY,
        "API_BASE": api_base,
    }
    return {f"EXCHANGE_CHANNELS__WECOM__{name}": value for name, value in wecom.items()}


@asynccontextmanager
async def start_site(folder: Path, fake: FakeWeCom, wechat_base: str) -> AsyncIterator[WeComSite]:
    """The app, started; 赵 of the demo park is on WeCom."""
    beside = environment(fake.base)
    async with wechat_site.start_site(folder, wechat_base, beside=beside) as whole:
        yield WeComSite(whole, fake)


def seal_delivery(xml: str) -> Letter:
    """A delivery sealed by the platform's own sample code."""
    return work_letter(WORK, xml, stamp(), f"nonce{next(_nonces)}")
