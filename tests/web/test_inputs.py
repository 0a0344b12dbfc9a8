"""What a phone of the page can send: words, pictures, voices, and nothing else."""

import base64

import pytest

from bot.core.messages import Address, Media
from storage.delivery import threads
from storage.media import media
from tests.storage.rows import a_parcel
from tests.web.conftest import PNG, Desk

AMR = b"#!AMR\n" + bytes(32)


def test_a_picture_is_kept_and_shown(desk: Desk) -> None:
    desk.show("hengyu", PNG)
    [mine, _] = desk.phone("hengyu")["items"]
    assert mine["media"]["form"] == "image"
    kept = desk.client.get(mine["media"]["url"])
    assert (kept.content, kept.headers["content-type"]) == (PNG, "image/png")


def test_a_voice_is_kept_and_can_be_heard(desk: Desk) -> None:
    desk.show("hengyu", AMR, "voice")
    assert desk.phone("hengyu")["items"][0]["media"]["form"] == "audio"


NOT_MEDIA: tuple[tuple[str, object, int], ...] = (
    ("image", base64.b64encode(b"<script>alert(1)</script>").decode(), 415),
    ("image", base64.b64encode(AMR).decode(), 415),
    ("image", "not base64!", 400),
    ("image", "", 415),
    ("voice", 17, 400),
)


def test_other_files_are_refused(desk: Desk) -> None:
    for form, content, status in NOT_MEDIA:
        answer = desk.post("hengyu/messages", {"key": "k1", form: content})
        assert answer.status_code == status, (form, content)
    assert desk.phone("hengyu")["items"] == []


NO_WORDS: tuple[dict[str, object], ...] = (
    {"text": "没有键"},
    {"key": "", "text": "空键"},
    {"key": "a b", "text": "有空格"},
    {"key": "k" * 65, "text": "太长的键"},
    {"key": 7, "text": "数字键"},
    {"key": "k1"},
    {"key": "k1", "text": ""},
    {"key": "k1", "text": " \n "},
    {"key": "k1", "text": 7},
    {"key": "k1", "text": "字" * 10_001},
    {"key": "k1", "text": "a\x00b"},
    {"key": "k1", "text": "a\x1bb"},
)


def test_other_words_are_refused(desk: Desk) -> None:
    for body in NO_WORDS:
        assert desk.post("hengyu/messages", body).status_code == 400, body
    assert desk.phone("hengyu")["items"] == []


def test_half_a_character_is_refused(desk: Desk) -> None:
    headers = {"Content-Type": "application/json"}
    body = b'{"key": "k1", "text": "\\ud800"}'
    answer = desk.client.post("/phones/hengyu/messages", content=body, headers=headers)
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("content", "form", "mime"),
    [
        (b"%PDF-1.7", "file", "application/pdf"),
        (b"\x00\x00\x00\x18ftypmp42", "video", "video/mp4"),
        (b"OggS", "audio", "audio/ogg"),
    ],
)
def test_what_other_channels_brought_is_shown(
    desk: Desk, content: bytes, form: str, mime: str
) -> None:
    """A paper from an office's app, a film, a voice of Telegram: none of them comes from here."""
    name, found = desk.app.folder.put(content)
    now = desk.app.clock.now()
    with desk.app.database.write() as db:
        thread = threads.by_address(db, Address("local", "zhao"))
        assert thread is not None
        kept = media.keep(db, "wecom", Media(path=name, mime=found), now)
        a_parcel(db, thread.id, "请看", media_id=kept, created_at=now, not_before=now)
    desk.carry()
    shown = desk.phone("zhao")["items"][-1]["media"]
    assert shown["form"] == form
    given = desk.client.get(shown["url"])
    assert (given.content, given.headers["content-type"]) == (content, mime)
