"""Conversations, one-time codes, media and what has not arrived, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bot.core.messages import Address, Content, Incoming, Kind, Media
from bot.core.people import Role
from storage.database import Database
from storage.delivery import messages, outbox, threads
from storage.delivery.undelivered import Wait, drop, list_undelivered, retry
from storage.media import media
from storage.people import codes, people
from tests.delivery import outbox_rows
from tests.storage.rows import NOW, a_parcel, a_thread

ADDRESS = Address("wechat", "o1")
LATER = NOW + timedelta(hours=1)

HOUR = timedelta(hours=1)


def test_a_message_opens_the_window_again(database: Database) -> None:
    with database.write() as db:
        thread = threads.mark_heard(db, ADDRESS, NOW)
        threads.change(db, thread.id, sends=4, left_at=NOW)
        again = threads.mark_heard(db, ADDRESS, LATER)
    assert again.id == thread.id
    assert (again.heard_at, again.sends, again.left_at) == (LATER, 0, None)


def test_a_send_counts_only_in_the_window_it_used(database: Database) -> None:
    with database.write() as db:
        thread = threads.mark_heard(db, ADDRESS, NOW)
        threads.add_sends(db, thread.id, 2, NOW)
        threads.add_sends(db, thread.id, 1, NOW)
        assert threads.get(db, thread.id).sends == 3
        threads.mark_heard(db, ADDRESS, LATER)
        threads.add_sends(db, thread.id, 4, NOW)  # was under way when the person wrote
        assert threads.get(db, thread.id).sends == 0
        silent = threads.open_thread(db, Address("wechat", "o2"), None)
        threads.add_sends(db, silent.id, 1, None)
        assert threads.get(db, silent.id).sends == 1


def test_ten_first_messages_at_once_make_one_thread(database: Database) -> None:
    def write(_: int) -> int:
        with database.write() as db:
            return threads.mark_heard(db, ADDRESS, NOW).id

    with ThreadPoolExecutor(10) as writers:
        assert len(set(writers.map(write, range(10)))) == 1


def test_a_person_is_reached_where_they_last_wrote(database: Database) -> None:
    with database.write() as db:
        person = people.add_person(db, "赵敏之", Role.LIAISON)
        assert threads.of_person(db, person) is None
        silent = threads.open_thread(db, Address("local", "zhao"), person)
        assert threads.of_person(db, person) == silent
        wrote = threads.open_thread(db, Address("wechat", "zhao"), person)
        threads.mark_heard(db, wrote.address, NOW)
        found = threads.of_person(db, person)
        assert found is not None
        assert found.address == wrote.address
        threads.change(db, wrote.id, left_at=NOW)
        assert threads.of_person(db, person) == silent


def test_a_role_has_one_thread_for_each_person(database: Database) -> None:
    with database.write() as db:
        for name in ("one", "two"):
            person = people.add_person(db, name, Role.OFFICE)
            for channel in ("local", "wechat"):
                threads.open_thread(db, Address(channel, name), person)
        found = threads.of_role(db, Role.OFFICE)
    assert len(found) == 2
    assert len({thread.person_id for thread in found}) == 2


def test_a_message_is_kept_once_with_every_character(database: Database) -> None:
    words = "停电了🔌 <b>&amp;</b> 's \\ % _ 𠮷"
    with database.write() as db:
        thread = threads.mark_heard(db, ADDRESS, NOW)
        incoming = Incoming("wechat:1", ADDRESS, Content(Kind.TEXT, words), NOW)
        messages.keep(db, incoming, thread.id, NOW, issue_id=7)
        kept = messages.by_key(db, "wechat:1")
    assert kept is not None
    assert (kept.text, kept.issue_id) == (words, 7)


def test_a_code_is_spent_by_who_used_it(database: Database) -> None:
    with database.write() as db:
        firm = people.add_enterprise(db, "甲公司")
        codes.give(db, "ABCD2345", LATER, enterprise_id=firm)
        assert codes.by_code(db, "WRONG") is None
        given = codes.by_code(db, "ABCD2345")
        assert given is not None
        assert (given.enterprise_id, given.person_id, given.used_at) == (firm, None, None)
        codes.use(db, "ABCD2345", a_thread(db), NOW)
        spent = codes.by_code(db, "ABCD2345")
        assert spent is not None
        assert spent.used_at == NOW


def test_media_wait_until_they_are_ours(database: Database) -> None:
    lease = timedelta(minutes=2)
    with database.write() as db:
        wanted = media.keep(db, "wechat", Media(ref="m1"), NOW)
        ours = media.keep(db, "local", Media(path="a.png", mime="image/png"), NOW)
        assert [attachment.id for attachment in media.claim_waiting(db, NOW, lease, 9)] == [wanted]
        assert media.claim_waiting(db, NOW, lease, 9) == [], "leased"
        again = media.claim_waiting(db, NOW + lease, lease, 9)
        assert [attachment.attempts for attachment in again] == [1]
        media.mark_fetched(db, wanted, "b.png", "image/png")
        assert media.claim_waiting(db, NOW + 9 * lease, lease, 9) == []
        assert media.get(db, wanted).path == "b.png"
        assert media.get(db, ours).path == "a.png"


class TestUndelivered:
    @pytest.fixture(autouse=True)
    def letters(self, database: Database) -> None:
        with database.write() as db:
            # A thread each: a waiting letter holds those behind it.
            for number in range(1, 7):
                later = NOW + timedelta(hours=1 if number == 2 else 0)
                a_parcel(db, a_thread(db, str(number)), str(number), not_before=later)
            outbox.mark_sent(db, [1], NOW)
            outbox.put_off(db, [3], LATER, "delivery.slow: ")
            outbox.hold(db, [4], NOW, "delivery.window_shut: ")
            outbox.give_up(db, [5], NOW, "delivery.no_channel: sms")

    def test_it_says_why_each_one_waits(self, database: Database) -> None:
        with database.read() as db:
            found = list_undelivered(db, NOW)
        assert [(parcel.id, parcel.wait, parcel.until) for parcel in found] == [
            (2, Wait.LATER, LATER),
            (3, Wait.RETRY, LATER),
            (4, Wait.HELD, None),
            (5, Wait.GAVE_UP, None),
            (6, Wait.DUE, NOW),
        ]

    def test_what_is_under_way_is_not_touched(self, database: Database) -> None:
        with database.write() as db:
            assert [parcel.id for parcel in outbox_rows.claim(db, NOW, HOUR, 9)] == [6]
            assert list_undelivered(db, NOW)[-1].wait is Wait.SENDING
            assert not retry(db, 6, NOW)
            assert not drop(db, 6, NOW, "why")

    @pytest.mark.parametrize("parcel", [2, 3, 4, 5])
    def test_a_retry_makes_it_due_now(self, database: Database, parcel: int) -> None:
        with database.write() as db:
            assert retry(db, parcel, NOW)
            assert parcel in [
                other_parcel.id for other_parcel in outbox_rows.claim(db, NOW, HOUR, 9)
            ]

    @pytest.mark.parametrize("parcel", [2, 3, 4, 5, 6])
    def test_what_is_dropped_never_leaves(self, database: Database, parcel: int) -> None:
        with database.write() as db:
            assert drop(db, parcel, NOW, "已电话告知")
            assert parcel not in [other_parcel.id for other_parcel in list_undelivered(db, NOW)]
            late = NOW + timedelta(days=9)
            assert parcel not in [
                other_parcel.id for other_parcel in outbox_rows.claim(db, late, timedelta(1), 9)
            ]

    @pytest.mark.parametrize("why", ["undone", "stale", "bundled"])
    def test_what_was_withheld_was_not_lost(self, database: Database, why: str) -> None:
        with database.write() as db:
            outbox.give_up(db, [6], NOW, why)
            assert 6 not in [parcel.id for parcel in list_undelivered(db, NOW)]
            assert 6 not in [parcel.id for parcel in outbox_rows.list_given_up(db)]
            assert not retry(db, 6, NOW)
            assert not drop(db, 6, NOW, "why")

    def test_what_has_arrived_stays(self, database: Database) -> None:
        with database.write() as db:
            assert not retry(db, 1, NOW)
            assert not drop(db, 1, NOW, "why")
