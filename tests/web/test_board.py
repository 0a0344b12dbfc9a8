"""The board over HTTP: what it shows, to whom, and that nobody learns the token from it."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import httpx
import pytest
from structlog.testing import capture_logs

from bot.clock import MovableClock
from bot.core.issues.issue import Status
from bot.core.reports.board import RULES, Lane
from bot.settings import Settings, SettingsError
from bot.web.app import build
from storage.issues import issues
from tests.conftest import MONDAY
from tests.storage.rows import a_thread, an_issue
from tests.web.conftest import HERE, Desk

TOKEN = "correct-horse-battery"
WRONG = "wrong-horse-battery-staple"
FILING = "恒宇的二车间停电，找王芳13912345678"
BASE = {"SERVER__BASE_URL": "https://bot.example", "BOARD__TOKEN": TOKEN}
Make = Callable[..., Desk]


def build_headers(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def ask(desk: Desk, client: tuple[str, int], path: str = "/board") -> httpx.Response:
    """What somebody at another address gets."""
    transport = httpx.ASGITransport(build(desk.app, lifespan=None), client=client)
    http = httpx.AsyncClient(transport=transport, base_url=HERE)
    answer = desk.client.portal.call(partial(http.get, path))
    desk.client.portal.call(http.aclose)
    return answer


def test_this_machine_sees_how_things_stand_and_no_words(make_desk: Make) -> None:
    desk = make_desk(BOARD__TOKEN=TOKEN)
    desk.say("hengyu", FILING)
    page = desk.client.get("/board").text
    assert "YZ-20241014-001" in page
    assert "待受理 <b>1</b>" in page
    assert "恒＊＊" in page
    for secret in ("二车间", "停电", "13912345678", "恒宇", "王芳", "赵敏之"):
        assert secret not in page, secret


def test_where_the_phones_page_shows_all_words_the_board_has_its_titles(make_desk: Make) -> None:
    desk = make_desk()
    desk.say("hengyu", FILING)
    page = desk.client.get("/board").text
    assert "某某的二车间停电，找某某139＊＊" in page
    assert "<form" not in page
    closed = make_desk(CHANNELS__LOCAL__ENABLED="false", CHANNELS__LOCAL__DEMO="false")
    with closed.app.database.write() as db:
        issues.add(db, replace(an_issue(a_thread(db)), title="二车间停电"))
    page = closed.client.get("/board").text
    assert "YZ-20241014-001" in page
    assert "二车间" not in page


def test_without_titles_the_board_asks_for_the_token_that_shows_them(make_desk: Make) -> None:
    desk = make_desk(BOARD__TOKEN=TOKEN)
    page = desk.client.get("/board").text
    assert "看诉求标题，请填大屏口令" in page
    assert 'action="/board/enter"' in page
    assert "/board/static/board_gate.js" in page
    assert "<form" not in desk.client.get("/board", headers=build_headers(TOKEN)).text


def test_with_the_token_the_words_are_there_and_the_names_are_not(make_desk: Make) -> None:
    desk = make_desk(**BASE)
    desk.say("hengyu", FILING)
    page = desk.client.get("/board", headers=build_headers(TOKEN)).text
    assert "某某的二车间停电，找某某139＊＊" in page
    for secret in ("恒宇", "王芳", "赵敏之", "13912345678"):
        assert secret not in page, secret


def test_names_are_shown_where_the_park_wants_it(make_desk: Make) -> None:
    desk = make_desk(**BASE, BOARD__MASKED="false")
    desk.say("hengyu", FILING)
    page = desk.client.get("/board/view", headers=build_headers(TOKEN)).text
    for name in (FILING, "恒宇电子有限公司", "赵敏之"):
        assert name in page


def test_a_published_site_asks_everybody_for_the_token(make_desk: Make) -> None:
    """A proxy on this machine would make the whole world look like this machine."""
    desk = make_desk(**BASE)
    desk.say("hengyu", FILING)
    for path in ("/board", "/board/view", f"/board?token={TOKEN}"):
        answer = desk.client.get(path)
        assert answer.status_code == 403
        assert "YZ-" not in answer.text


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via"])
def test_who_comes_through_a_proxy_is_not_here(desk: Desk, header: str) -> None:
    assert desk.client.get("/board", headers={header: "203.0.113.7"}).status_code == 403


def test_who_claims_to_be_here_and_is_not_is_not_let_in(desk: Desk) -> None:
    assert ask(desk, ("203.0.113.7", 5000)).status_code == 403
    assert ask(desk, ("127.0.0.1", 5000)).status_code == 200


def test_the_board_works_where_the_phones_page_must_not(make_desk: Make) -> None:
    desk = make_desk(
        CHANNELS__LOCAL__ENABLED="false",
        CHANNELS__LOCAL__DEMO="false",
        SERVER__HOST="0.0.0.0",
        BOARD__TOKEN=TOKEN,
    )
    assert desk.client.get("/phones").status_code == 404
    assert desk.client.get("/board").status_code == 403
    far = {"Host": "board.example", **build_headers(TOKEN)}
    assert desk.client.get("/board", headers=far).status_code == 200


def test_the_token_is_exchanged_for_a_cookie_that_does_not_tell_it(make_desk: Make) -> None:
    desk = make_desk(**BASE)
    answer = desk.client.post("/board/enter", data={"token": TOKEN})
    assert (answer.status_code, answer.headers["location"]) == (303, "/board")
    cookie = answer.headers["set-cookie"].lower()
    assert TOKEN not in cookie
    assert all(part in cookie for part in ("httponly", "samesite=lax", "path=/board"))
    assert desk.client.get("/board").status_code == 200
    # The same cookie opens nothing where the token has been changed.
    other = make_desk(SERVER__BASE_URL="https://bot.example", BOARD__TOKEN=WRONG)
    headers = {"Cookie": answer.headers["set-cookie"].split(";")[0]}
    assert other.client.get("/board", headers=headers).status_code == 403


def test_a_wrong_token_is_logged_without_it(make_desk: Make) -> None:
    desk = make_desk(**BASE)
    ways: tuple[Callable[[], httpx.Response], ...] = (
        lambda: desk.client.post("/board/enter", data={"token": WRONG}),
        lambda: desk.client.get("/board", headers=build_headers(WRONG)),
    )
    for way in ways:
        with capture_logs() as lines:
            answer = way()
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers
        assert [line["event"] for line in lines] == ["board_refused"]
        assert WRONG not in answer.text + str(lines)
        assert TOKEN not in answer.text + str(lines)
    assert "口令不对" in desk.client.post("/board/enter", data={"token": WRONG}).text


@pytest.mark.parametrize("token", ["", " ", "è", "x" * 400])
def test_odd_tokens_are_only_wrong(make_desk: Make, token: str) -> None:
    desk = make_desk(**BASE)
    assert desk.client.post("/board/enter", data={"token": token}).status_code == 403


def test_a_form_that_is_no_form_is_refused(make_desk: Make) -> None:
    desk = make_desk(**BASE)
    assert desk.client.post("/board/enter", data={"token": "x" * 3000}).status_code == 413
    assert desk.client.post("/board/enter", json={"token": TOKEN}).status_code == 403


def test_without_a_token_a_published_board_says_what_to_do(make_desk: Make) -> None:
    desk = make_desk(SERVER__BASE_URL="https://bot.example")
    answer = desk.client.get("/board")
    assert answer.status_code == 403
    assert "EXCHANGE_BOARD__TOKEN" in answer.text
    assert desk.client.post("/board/enter", data={"token": ""}).status_code == 403


def test_a_token_that_can_be_guessed_is_refused_at_the_start(
    make_settings: Callable[..., Settings],
) -> None:
    with pytest.raises(SettingsError, match=r"board\.token") as refused:
        make_settings(BOARD__TOKEN="hunter2")
    assert "hunter2" not in str(refused.value)


def test_every_answer_carries_the_headers(make_desk: Make) -> None:
    desk = make_desk(**BASE)
    for path in ("/board", "/board/view", "/board/static/board.js"):
        headers = desk.client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["referrer-policy"] == "no-referrer"
    assert desk.client.get("/board").headers["cache-control"] == "no-store"


def test_a_category_that_was_deleted_since_stands_as_it_was(desk: Desk) -> None:
    with desk.app.database.write() as db:
        draft = an_issue(a_thread(db), "YZ-20241014-009", category="早已删除的类")
        now = desk.app.clock.now()
        draft = replace(draft, terms="1hn,1dn,2dn", accept_due=now - timedelta(hours=26))
        issues.add(db, draft)
    page = desk.client.get("/board").text
    assert "早已删除的类" in page
    assert "■ 超时</span> 1天2小时" in page


def test_a_name_goes_out_of_anybodys_words(make_desk: Make) -> None:
    """Firms speak of each other."""
    desk = make_desk(**BASE)
    desk.say("lvzhou", "冷库停电了")
    desk.say("hengyu", "绿洲门口的路灯坏了，何小满也看见了")
    page = desk.client.get("/board", headers=build_headers(TOKEN)).text
    assert "某某门口的路灯坏了，某某也看见了" in page


def test_the_weeks_counters_are_the_digests_figures(desk: Desk) -> None:
    desk.say("hengyu", FILING)
    assert counters(desk) == {"本周新增": "1", "本周办结": "0", "在办": "1"}
    desk.say("zhao", "受理 001")
    desk.say("zhao", "办结 001 更换了跌落保险，两条产线已恢复供电")
    # The counters are counted anew after half a minute, the lanes at once.
    assert "待确认 <b>1</b>" in desk.client.get("/board").text
    assert counters(desk)["本周办结"] == "0"
    clock = desk.app.clock
    assert isinstance(clock, MovableClock)
    clock.set(clock.now() + timedelta(seconds=31))
    assert counters(desk) == {"本周新增": "1", "本周办结": "1", "在办": "0"}
    # A new week begins with nothing, whatever is still remembered.
    clock.set(MONDAY + timedelta(days=6, hours=14))
    assert counters(desk)["本周新增"] == "0"


def test_nothing_late_is_no_alarm(desk: Desk) -> None:
    page = desk.client.get("/board").text
    assert '<div class="total late">' not in page
    assert "<dt>按时办结</dt><dd>—</dd>" in page
    with desk.app.database.write() as db:
        issues.add(db, replace(an_issue(a_thread(db)), accept_due=MONDAY - timedelta(days=1)))
    clock = desk.app.clock
    assert isinstance(clock, MovableClock)
    clock.set(clock.now() + timedelta(seconds=31))
    assert '<div class="total late">' in desk.client.get("/board").text


@pytest.mark.parametrize(
    ("status", "answered", "lane", "late"),
    [
        (Status.FILED, False, "to_accept", 1),
        (Status.ACCEPTED, False, "to_answer", 1),
        (Status.ACCEPTED, True, "in_hand", 1),
        (Status.PLANNED, False, "planned", 1),
        (Status.WAITING, False, "waiting", 0),
        (Status.RESOLVED, True, "to_confirm", 0),
    ],
)
def test_the_header_counts_what_is_red_in_each_lane(
    make_desk: Make, status: Status, answered: bool, lane: str, late: int
) -> None:
    """Only the lane's own moment has passed: the header once knew of solving alone."""
    desk = make_desk()
    past, to_come = MONDAY - timedelta(days=1), MONDAY + timedelta(days=9)
    moments = dict.fromkeys(("accept_due", "answer_due", "solve_due", "pause_until"), to_come)
    moments |= {RULES[Lane(lane)].moment: past}
    with desk.app.database.write() as db:
        draft = an_issue(a_thread(db), status=status, answered_at=past if answered else None)
        issues.add(db, replace(draft, **moments))  # type: ignore[arg-type]
    page = desk.client.get("/board").text
    assert page.count('<li class="card late">') == late
    assert re.findall(r"超时</dt><dd>(\d+)</dd>", page) == [str(late)]
    assert ('<div class="total late">' in page) is bool(late)


def counters(desk: Desk) -> dict[str, str]:
    found = re.findall(r"<dt>([^<>]+)</dt><dd>(\d+)</dd>", desk.client.get("/board").text)
    return {word: value for word, value in found if word in ("本周新增", "本周办结", "在办")}


def test_projects_are_there_when_they_are_red_or_yellow(make_desk: Make) -> None:
    desk = make_desk(**BASE)
    desk.say("duty", "项目 新增 恒宇二期 恒宇 10月18日 拆除旧棚10 施工5")
    desk.say("duty", "项目 新增 冷库 绿洲 12月31日 设计5")
    page = desk.client.get("/board", headers=build_headers(TOKEN)).text
    assert "项目 <b>2</b>" in page
    assert "1 某某二期" in page
    assert "照现在要到" in page
    assert "冷库" not in page
    assert "冯＊＊" in page


def test_what_a_project_is_called_is_nobodys_business_without_the_token(make_desk: Make) -> None:
    desk = make_desk(BOARD__TOKEN=TOKEN)
    desk.say("duty", "项目 新增 恒宇二期 恒宇 10月18日 拆除旧棚10 施工5")
    page = desk.client.get("/board").text
    assert re.search(r"晚 \d+ 个工作日", page)
    for word in ("二期", "拆除旧棚", "恒宇", "冯主任"):
        assert word not in page


def test_wicked_words_stay_words(make_desk: Make) -> None:
    desk = make_desk(**BASE)
    desk.say("hengyu", "<script>alert(1)</script>停电")
    page = desk.client.get("/board", headers=build_headers(TOKEN)).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
