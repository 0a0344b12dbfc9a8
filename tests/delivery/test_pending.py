"""What a thread waits for, as it is stored: by this version and by the one that knew commands."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.messages import Action, Address
from storage.delivery import pending
from storage.delivery.outbox import Parcel
from storage.delivery.pending import CROSSED, Choice, Menu, Question
from storage.delivery.threads import Thread

NOW = datetime(2024, 10, 14, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)
ACCEPT = Action("accept", 7, number="YZ-20241014-003")
THREAD = Thread(
    1, Address("local", "zhao"), 2, NOW, NOW, None, NOW, 0, None, None, None, None, None, None, None
)


def build_menu(issue_id: int, at: datetime, *, answer: bool = False) -> Menu:
    return Menu({1: Choice(Action("accept", issue_id), "受理")}, issue_id, at, at + DAY, answer)


@pytest.mark.parametrize(
    "action",
    [
        ACCEPT,
        Action("undo"),
        Action("answer", 7, words="3 号车间 漏水 ", anyway=True),
        Action("project", target_id=0, act="undo"),
        Action("", typed="受理 003"),
    ],
)
def test_an_action_is_read_as_it_was_written(action: Action) -> None:
    assert Action.from_json(action.to_json()) == action


def test_an_action_stores_only_what_it_says() -> None:
    assert Action("undo").to_json() == {"verb": "undo"}


def test_words_that_complete_an_action_are_kept_as_they_are() -> None:
    assert Action("new").complete("3 号车间 漏水").words == "3 号车间 漏水"
    assert Action("redate", 7, words="11月15日").complete("等停电").words == "11月15日 等停电"
    assert Action("", typed="反馈 003").complete("3 台").typed == "反馈 003 3 台"


def test_menus_and_questions_are_read_as_they_were_written() -> None:
    menu = replace(build_menu(7, NOW), choices={5: Choice(ACCEPT, "受理", 6)})
    assert Menu.from_json(menu.to_json()) == menu
    asked = Question(ACCEPT, 7, "needs.answer", NOW, NOW + DAY, by=3)
    assert Question.from_json(asked.to_json()) == asked


def test_what_an_earlier_version_stored_is_read() -> None:
    old = {"options": {"1": "受理 003"}, "media": {"1": 6}, "issue": 7, "answer": False}
    old |= {"at": NOW.isoformat(), "until": (NOW + DAY).isoformat()}
    expect = {"command": "反馈 003", "issue": 7, "asked": "needs.answer"}
    expect |= {"at": NOW.isoformat(), "until": (NOW + DAY).isoformat()}
    thread = replace(THREAD, menu=old, menu_before=old, expect=expect)
    newest, before = pending.list_menus(thread)
    assert newest == before
    assert newest.choices == {1: Choice(Action("", typed="受理 003"), media_id=6)}
    (question,) = pending.list_questions(thread)
    assert (question.action.typed, question.issue_id, question.by) == ("反馈 003", 7, None)
    (shared,) = pending.list_questions(replace(thread, expect={"12": expect}))
    assert shared == replace(question, by=12)
    assert pending.read_action({"digit": "1", "command": "受理 003"}).typed == "受理 003"


def test_menus_that_a_card_followed_closely_are_kept_and_one_more() -> None:
    first, second = build_menu(1, NOW - DAY / 2), build_menu(2, NOW - CROSSED / 2)
    thread = replace(THREAD, menu=second.to_json(), menu_before={"menus": [first.to_json()]})
    shown = build_menu(3, NOW)
    assert pending.store_earlier(shown, pending.list_menus(thread)) == {
        "menus": [second.to_json(), first.to_json()]
    }
    late = build_menu(3, NOW + CROSSED)
    assert pending.store_earlier(late, pending.list_menus(thread)) == {"menus": [second.to_json()]}


def test_a_menu_in_answer_to_own_words_is_the_only_one() -> None:
    thread = replace(THREAD, menu=build_menu(1, NOW).to_json())
    shown = build_menu(2, NOW, answer=True)
    assert pending.store_earlier(shown, pending.list_menus(thread)) == {"menus": []}


def test_nothing_asked_is_stored_as_nothing() -> None:
    assert pending.store_questions([]) is None
    assert pending.list_questions(THREAD) == []


def test_a_line_of_the_outbox_becomes_a_choice() -> None:
    option = {"digit": "0", "label": "受理", "action": ACCEPT.to_json(), "media": "6"}
    fields = (THREAD.address, "【新诉求】", (option,), None, "notice.filed", 7, "play:1", None)
    parcel = Parcel(1, 1, *fields, NOW, 0, None, "")
    menu = pending.build_menu(parcel, NOW, NOW + DAY)
    assert menu == Menu({0: Choice(ACCEPT, "受理", 6)}, 7, NOW, NOW + DAY, answer=False)
