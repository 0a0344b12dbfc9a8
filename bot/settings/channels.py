"""The settings' sections of the channels: what each platform needs to be joined."""

from typing import Literal

from pydantic import Field, SecretStr

from bot.settings.menus import MenuRow
from bot.settings.service_levels import Section
from bot.settings.templates import TemplateRow


class LocalChannel(Section):
    enabled: bool = True
    demo: bool = True


class WeChatChannel(Section):
    enabled: bool = False
    app_id: str = ""
    token: SecretStr = SecretStr("")
    aes_key: SecretStr = SecretStr("")
    secret: SecretStr = SecretStr("")
    api_base: str = "https://api.weixin.qq.com"
    account: str = ""
    menu: tuple[MenuRow, ...] = ()
    templates: dict[str, TemplateRow] = Field(default_factory=dict)


class TelegramChannel(Section):
    enabled: bool = False
    mode: Literal["polling", "webhook"] = "polling"
    token: SecretStr = SecretStr("")
    webhook_secret: SecretStr = SecretStr("")
    api_base: str = "https://api.telegram.org"
    staff_group: str = Field(default="", pattern=r"^(-[0-9]{1,19})?$")


class WeComChannel(Section):
    enabled: bool = False
    corp_id: str = ""
    agent_id: int = Field(default=0, ge=0)
    token: SecretStr = SecretStr("")
    aes_key: SecretStr = SecretStr("")
    secret: SecretStr = SecretStr("")
    group_key: SecretStr = SecretStr("")
    chat_members: tuple[str, ...] = ()
    markdown: bool = True
    menu: tuple[MenuRow, ...] = ()
    api_base: str = "https://qyapi.weixin.qq.com"


class Channels(Section):
    local: LocalChannel = LocalChannel()
    wechat: WeChatChannel = WeChatChannel()
    telegram: TelegramChannel = TelegramChannel()
    wecom: WeComChannel = WeComChannel()
