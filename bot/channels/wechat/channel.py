"""The WeChat channel: an Official Account (服务号), where entrepreneurs are."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from wechatpy.replies import TextReply

from bot.channels import window
from bot.channels.base import Letter, Report, Undeliverable
from bot.channels.tencent.crypto import Query, Rejected, Seal
from bot.channels.tencent.fields import MessageError
from bot.channels.tencent.letters import KINDS, MOST, passive, sheets, tells_result
from bot.channels.tencent.pushing import deliver, pictures_ready, push
from bot.channels.tencent.sealed import SealedChannel
from bot.channels.tencent.xml_text import escape_cdata
from bot.channels.wechat.api import Api
from bot.channels.wechat.incoming import NAME, Heard, parse_fields
from bot.channels.wechat.reports import is_report, parse_report
from bot.channels.wechat.templates import Notices, send_notices
from bot.clock import Clock
from bot.settings import WeChatChannel
from bot.texts import Texts
from storage.delivery.outbox import Parcel
from storage.media.files import MediaFolder
from storage.writers import Writer


class WeChat(SealedChannel):
    """Hears webhooks and answers them in the same exchange; writes first within the platform's
    window."""

    name = NAME
    merges = True
    kinds, most = KINDS, MOST
    _api: Api

    def __init__(
        self,
        settings: WeChatChannel,
        folder: MediaFolder,
        writer: Writer,
        machine: Clock | None = None,
        texts: Texts | None = None,
    ) -> None:
        """`texts` are the words that template messages need."""
        secret = settings.secret.get_secret_value()
        self._account = settings.account
        token, aes_key = settings.token.get_secret_value(), settings.aes_key.get_secret_value()
        super().__init__(Seal(token, aes_key, settings.app_id), folder, machine)
        self._api = Api(settings.app_id, secret, settings.api_base, writer, self._machine)
        self._notices = Notices(settings.templates, texts) if texts else None

    def hear(self, query: Mapping[str, str], body: bytes) -> Heard | Report | None:
        """What a webhook request says; None for what asks for nothing. Raises Rejected."""
        fields = self._seal.open(Query.of(query), body, self._machine.now())
        try:
            if is_report(fields.get("Event", "")):
                heard: Heard | Report | None = parse_report(NAME, fields)
            else:
                heard = parse_fields(fields)
        except MessageError as error:
            raise Rejected(400, str(error)) from None
        if heard and self._account and fields["ToUserName"] != self._account:
            raise Rejected(403, "for another account")
        return heard

    def reply(
        self, query: Mapping[str, str], heard: Heard, parcels: Sequence[Parcel]
    ) -> tuple[str, int]:
        """The body of the passive reply and how many parcels from the first on it carries.

        The same parcels give the same reply: its time is theirs.
        """
        text, count = passive(parcels)
        if not count:
            return "", 0
        reply = TextReply(
            source=heard.account,
            target=heard.incoming.address.user,
            time=int(parcels[count - 1].created_at.timestamp()),
            content=escape_cdata(text),
        )
        return self._seal.close(reply.render(), Query.of(query)), count

    async def send(self, letter: Letter, now: datetime) -> int:
        """Push the letter; each message costs one send of the window.

        Raises Undeliverable, which says how much of the letter has left nonetheless: what the
        window does not let through may have gone as a template message.
        """
        try:
            left = window.check(letter.reach, now)
            pictures_ready(letter, now)
            return await self._in_thread(lambda: self._push(letter, left))
        except Undeliverable as trouble:
            if trouble.hold and self._notices:
                rest = letter.parcels[trouble.carried :]
                made = self._notices.build_notices(rest, letter.subjects)
                trouble.apart = await self._in_thread(lambda: send_notices(self._api, made))
            raise

    def _push(self, letter: Letter, left: int) -> int:
        kept_back = 0 if tells_result(letter.parcels) else 1
        user = letter.parcels[0].address.user

        def may(spent: int) -> None:
            if left - spent <= kept_back:
                raise Undeliverable("delivery.window_used_up", "last send kept", hold=True)

        return push(sheets(letter), may, lambda one: deliver(self._api, self._folder, user, one))
