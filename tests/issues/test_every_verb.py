"""Every verb alone, with a number, and as the beginning of sentences, by whoever may say it."""

from collections.abc import Callable, Iterator

import pytest

from bot import demo, texts
from bot.app import App
from bot.clock import MovableClock
from bot.core.messages import Address, Content, Incoming, Kind
from bot.core.people import STAFF, Role
from bot.settings import load
from handlers.dispatch.objects import ALONE, CODED, HARMLESS
from handlers.dispatch.parse import DATED, FREE_WORDS, NO_NUMBER, parse
from handlers.dispatch.turn import Turn
from handlers.routes import ROUTES
from handlers.talk.spoken_commands import find_action
from storage.delivery import threads
from storage.people import people
from tests.conftest import MONDAY, ROOT
from tests.databases import SqlitePlace

WORDS = texts.load(load(ROOT / "config.toml", {}).zone)
SAID = [
    (route.verb, word)
    for route in ROUTES
    for word in WORDS.words[f"commands.{route.verb}"].split()
    if word.isalpha() and not word.isascii()
]
"""Every verb with each of its words; a mark (`#`, `+`) needs no gap and begins no sentence."""
SENTENCES = ["{}了没有", "{}得早点来", "{}一下王总", "{}到通知了", "{}的事怎么说", "{}过两回"]
COUNTED = ["{}3 次了", "{}3 个焊工", "{}20 台设备停了", "{} 20 台设备停了"]
PAUSED = ["{}，昨天来了三拨人", "{}、这个再说", "{}。我再看看"]
PLAIN = [
    "缺3 个焊工", "检查，昨天来了三拨人", "约20 台设备停了", "批了没有", "记得早点来",
    "转告一下王总",
    "接到通知了", "问3 次了", "接 到通知了", "转 告一下王总", "记 得早点来", "批 了没有",
    "受理，什么时候能办", "议程 发我一份", "完成 设计图了", "决定 明天去", "请假 条子怎么写",
    "绑定 微信怎么弄", "待办 太多了", "撤销 合同", "纪要 什么时候出",
]  # fmt: skip
FREELY = FREE_WORDS | NO_NUMBER | HARMLESS | {"identify"}


@pytest.fixture(scope="module")
def app(sqlite_place: SqlitePlace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The demo park, read only."""
    with sqlite_place.create_migrated() as url:
        media = str(tmp_path_factory.mktemp("media"))
        scratch = {"EXCHANGE_STORAGE__URL": url, "EXCHANGE_STORAGE__MEDIA": media}
        built = App(load(ROOT / "config.toml", scratch), MovableClock(MONDAY, frozen=True))
        with built.database.write() as db:
            demo.settle(db)
        built.learning.first()
        yield built
        built.database.close()


@pytest.fixture
def turns(app: App) -> Iterator[Callable[[str], Turn]]:
    """A turn of somebody of the demo park, by handle."""
    with app.database.read() as db:

        def build(handle: str) -> Turn:
            address = Address(demo.CHANNEL, handle)
            thread = threads.by_address(db, address)
            assert thread is not None
            said = Incoming("play:0", address, Content(Kind.TEXT), MONDAY)
            person = people.by_id(db, thread.person_id)
            park = load(ROOT / "config.toml", {}).build_park()
            known = (app.learning, app.naming)
            return Turn(db, MONDAY, park, WORDS, "", *known, said, thread, person)

        yield build


@pytest.mark.parametrize(("verb", "word"), SAID)
def test_a_verb_alone_is_one(turns: Callable[[str], Turn], verb: str, word: str) -> None:
    command = parse(turns("duty"), word)
    assert command is not None
    assert (command.verb, command.words) == (verb, "")


@pytest.mark.parametrize(("verb", "word"), SAID)
def test_a_number_belongs_to_the_verb(turns: Callable[[str], Turn], verb: str, word: str) -> None:
    if verb in NO_NUMBER | DATED | CODED | ALONE:
        return
    for text in (f"{word} 003", f"{word}003", f"003 {word}"):
        command = parse(turns("duty"), text)
        assert command is not None, text
        assert command.number is not None, text
        assert (command.verb, command.number.serial) == (verb, 3)


@pytest.mark.parametrize(("verb", "word"), SAID)
@pytest.mark.parametrize("handle", ["zhao", "zhou", "feng", "duty"])
def test_a_verb_may_begin_a_sentence(
    turns: Callable[[str], Turn], verb: str, word: str, handle: str
) -> None:
    turn = turns(handle)
    if turn.role not in next(route.who for route in ROUTES if route.verb == verb):
        return
    said = SENTENCES + ([] if verb in HARMLESS else PAUSED)
    said += [] if verb in FREELY else COUNTED
    taken = [text.format(word) for text in said if parse(turn, text.format(word))]
    assert taken == []


@pytest.mark.parametrize("text", PLAIN)
@pytest.mark.parametrize("handle", ["zhao", "zhou", "feng", "duty"])
def test_a_plain_sentence_orders_nothing(
    turns: Callable[[str], Turn], text: str, handle: str
) -> None:
    turn = turns(handle)
    assert parse(turn, text) is None
    assert find_action(turn.with_words(text)) is None


SPOKEN = [
    ("zhao", "转给孙晓岚",                 "pass_on",    "孙晓岚"),
    ("zhao", "这件转给供电服务部处理",     "pass_on",    "供电服务部"),
    ("feng", "转给孙晓岚",                 "redirect",   "孙晓岚"),
    ("zhao", "我明天请假",                 "absence",    "明天"),
    ("feng", "我下周出差 让陈副主任看",    "absence",    "2024-10-21 至 2024-10-25 交 陈副主任"),
    ("zhao", "取消请假",                   "absence",    "取消"),
    ("duty", "今晚议程",                   "agenda",     ""),
    ("duty", "重新开会",                   "open_session", ""),
    ("duty", "把招工的事加上",             "add_topic",  "招工"),
    ("feng", "恒宇怎么样了",               "about_firm", "恒宇电子有限公司"),
    ("duty", "恒宇的诉求",                 "about_firm", "恒宇电子有限公司"),
    ("feng", "用电的有几件",               "figures",    "用电"),
    ("feng", "今年一共收了多少件",         "figures",    "今年"),
    ("duty", "今年办了多少件",             "figures",    "今年"),
    ("duty", "查一下充电桩那件",           "search",     "充电桩"),
    ("zhao", "请把003受理了吧",            "accept",     ""),
]  # fmt: skip
NOT_SPOKEN = [
    ("zhao", "转给王总看看行不行"), ("zhao", "转给隔壁老王"), ("zhao", "明天请假的人多不多"),
    ("zhao", "重新开会"), ("zhao", "把招工的事加上"), ("feng", "天气怎么样了"),
    ("zhao", "已经转给企业了"), ("zhao", "他说明天请假条补上"), ("feng", "焊工有几件工作服"),
    ("hengyu", "恒宇怎么样了"), ("hengyu", "今年办了多少件"), ("hengyu", "我明天请假"),
    ("zhao", "供电所说受理了"),
]  # fmt: skip


@pytest.mark.parametrize(("handle", "text", "verb", "words"), SPOKEN)
def test_a_free_word_is_an_order(
    turns: Callable[[str], Turn], handle: str, text: str, verb: str, words: str
) -> None:
    action = find_action(turns(handle).with_words(text))
    assert action is not None
    assert (getattr(action, "verb", None), getattr(action, "words", None)) == (verb, words)


@pytest.mark.parametrize(("handle", "text"), NOT_SPOKEN)
def test_a_near_miss_is_none(turns: Callable[[str], Turn], handle: str, text: str) -> None:
    assert find_action(turns(handle).with_words(text)) is None


def test_every_role_of_staff_is_tried() -> None:
    assert {Role.LIAISON, Role.DEPARTMENT, Role.LEADER, Role.OFFICE} < STAFF
