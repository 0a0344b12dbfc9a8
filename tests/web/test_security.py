"""The phones page is for this machine's own browser only."""

from collections.abc import Callable

import pytest

from bot.settings import Settings, SettingsError
from tests.web.conftest import HERE, Desk

STATE = "/phones/state?show=hengyu"
FOREIGN = (
    "evil.example",
    "127.0.0.1.evil.example",
    "localhost.evil.example:8080",
    "192.168.1.5:8080",
    "user@evil.example",
    "[::1",
    "",
)
FILING = {"key": "k1", "text": "车间停电了"}


def test_names_of_this_machine_are_let_in(desk: Desk) -> None:
    for host in ("127.0.0.1:8080", "localhost:8080", "[::1]:8080", "127.0.0.1"):
        assert desk.client.get(STATE, headers={"Host": host}).status_code == 200, host


def test_other_names_are_refused(desk: Desk) -> None:
    for path in ("/", "/phones", STATE, "/phones/stream", "/phones/transcript"):
        for host in FOREIGN:
            assert desk.client.get(path, headers={"Host": host}).status_code == 403, (path, host)


def test_a_page_of_another_site_cannot_write(desk: Desk) -> None:
    for origin in ("https://evil.example", "http://127.0.0.1:9999", "null"):
        headers = {"Origin": origin}
        answer = desk.client.post("/phones/hengyu/messages", json=FILING, headers=headers)
        assert answer.status_code == 403, origin
    assert desk.phone("hengyu")["items"] == []


def test_the_own_page_can_write(desk: Desk) -> None:
    headers = {"Origin": HERE, "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}
    answer = desk.client.post("/phones/hengyu/messages", json=FILING, headers=headers)
    assert answer.status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_page_of_another_site_cannot_read(desk: Desk, site: str) -> None:
    headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors"}
    assert desk.client.get(STATE, headers=headers).status_code == 403


def test_a_link_from_elsewhere_opens_the_page(desk: Desk) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert desk.client.get("/phones", headers=headers).status_code == 200


def test_nobody_comes_through_a_proxy(desk: Desk) -> None:
    for header in ("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"):
        assert desk.client.get(STATE, headers={header: "203.0.113.7"}).status_code == 403, header


BODIES = (
    ("application/x-www-form-urlencoded", b"key=k1&text=hi", 415),
    ("text/plain", b'{"key": "k1", "text": "hi"}', 415),
    ("", b'{"key": "k1", "text": "hi"}', 415),
    ("application/json", b"", 400),
    ("application/json", b'{"key": "k1"', 400),
    ("application/json", b'["k1", "hi"]', 400),
    ("application/json", b"\xff\xfe", 400),
    ("application/json", b"[" * 200_000, 400),
    ("application/json", b" " * (12 * 1024 * 1024 + 1), 413),
)


def test_only_a_json_object_is_read(desk: Desk) -> None:
    for kind, body, status in BODIES:
        headers = {"Content-Type": kind}
        answer = desk.client.post("/phones/hengyu/messages", content=body, headers=headers)
        assert answer.status_code == status, body[:40]
    assert desk.phone("hengyu")["items"] == []


def test_every_answer_carries_the_headers(desk: Desk) -> None:
    paths = ("/phones", STATE, "/phones/static/phones.js", "/phones/nobody/raw")
    for answer in map(desk.client.get, paths):
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_page_has_no_script_or_style_within(desk: Desk) -> None:
    page = desk.client.get("/phones").text
    assert "<style" not in page
    assert "style=" not in page
    assert " onclick" not in page


def test_health_is_for_everybody(desk: Desk) -> None:
    answer = desk.client.get("/healthz", headers={"Host": "bot.example"})
    assert answer.status_code in (200, 503)


def test_the_page_is_not_served_to_others(make_settings: Callable[..., Settings]) -> None:
    with pytest.raises(SettingsError, match=r"server\.host"):
        make_settings(SERVER__HOST="0.0.0.0")


def test_without_the_local_channel_there_is_no_page(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(CHANNELS__LOCAL__ENABLED="false", CHANNELS__LOCAL__DEMO="false")
    assert desk.client.get("/phones").status_code == 404
