"""Letters leave in order, one carrier each, and come back until they arrived."""

import re
from datetime import datetime, timedelta

from sqlalchemy import Connection

from storage.database import Database
from storage.delivery import outbox, queues
from storage.delivery.outbox import Parcel
from tests.conftest import ROOT
from tests.databases import PostgresPlace
from tests.delivery import outbox_rows
from tests.storage.rows import NOW, a_parcel, a_thread

LEASE = timedelta(seconds=60)
LATER = NOW + timedelta(minutes=5)


def claim_texts(db: Connection, most: int = 100, now: datetime = NOW) -> list[str]:
    return [parcel.text for parcel in claim(db, most, now)]


def claim(db: Connection, most: int = 100, now: datetime = NOW) -> list[Parcel]:
    return outbox_rows.claim(db, now, LEASE, most)


def test_each_thread_gets_its_letters_in_order(database: Database) -> None:
    with database.write() as db:
        ann, ben = a_thread(db, "ann"), a_thread(db, "ben")
        for text, thread in (("a1", ann), ("b1", ben), ("a2", ann)):
            a_parcel(db, thread, text)
        assert claim_texts(db) == ["a1", "a2", "b1"]


def test_a_thread_is_taken_whole_where_not_all_fit(database: Database) -> None:
    with database.write() as db:
        ann, ben = a_thread(db, "ann"), a_thread(db, "ben")
        for text, thread in (("a1", ann), ("b1", ben), ("a2", ann), ("b2", ben)):
            a_parcel(db, thread, text)
        assert claim_texts(db, most=2) == ["a1", "a2"]
        assert claim_texts(db, most=2) == ["b1", "b2"]


def test_what_is_claimed_is_not_claimed_again_while_the_lease_runs(database: Database) -> None:
    with database.write() as db:
        a_parcel(db, a_thread(db))
        assert claim_texts(db) == ["words"]
        assert claim_texts(db) == []
        assert claim_texts(db, now=NOW + LEASE - timedelta(seconds=1)) == []
        again = claim(db, now=NOW + LEASE)
        assert [parcel.attempts for parcel in again] == [2]


def test_what_was_sent_never_comes_back(database: Database) -> None:
    with database.write() as db:
        a_parcel(db, a_thread(db))
        sent = [parcel.id for parcel in claim(db)]
        outbox.mark_sent(db, sent, NOW)
        assert claim_texts(db, now=LATER) == []
        assert outbox_rows.list_waiting(db) == []


def test_a_failing_thread_holds_only_itself(database: Database) -> None:
    with database.write() as db:
        ann, ben = a_thread(db, "ann"), a_thread(db, "ben")
        a_parcel(db, ann, "a1")
        outbox.put_off(db, [claim(db)[0].id], LATER, "delivery.slow")
        a_parcel(db, ann, "a2")
        a_parcel(db, ben, "b1")
        assert claim_texts(db) == ["b1"], "a2 must not overtake a1"
        assert claim_texts(db, now=LATER) == ["b1", "a1", "a2"]


def test_a_later_word_waits_for_its_time_without_holding_the_others(database: Database) -> None:
    with database.write() as db:
        thread = a_thread(db)
        a_parcel(db, thread, "tomorrow", not_before=LATER)
        a_parcel(db, thread, "now")
        assert claim_texts(db) == ["now"]
        assert queues.next_due(db) is not None


def test_held_letters_wait_for_the_person_and_go_first(database: Database) -> None:
    with database.write() as db:
        thread = a_thread(db)
        a_parcel(db, thread, "held")
        outbox.hold(db, [claim(db)[0].id], NOW, "delivery.window_shut")
        a_parcel(db, thread, "fresh")
        assert claim_texts(db, now=LATER) == ["fresh"], "nothing is held by what cannot be sent"
        outbox.put_off(db, [], LATER, "")
    with database.write() as db:
        outbox.reserve(db, thread, "slot:1", LATER + LEASE, LATER + 2 * LEASE)
        assert [parcel.text for parcel in outbox.of_slot(db, "slot:1")] == ["held", "fresh"]


def test_a_slot_gives_the_same_again_even_when_it_was_sent(database: Database) -> None:
    with database.write() as db:
        thread = a_thread(db)
        a_parcel(db, thread, "reply")
        outbox.reserve(db, thread, "slot:1", NOW, NOW + LEASE)
        assert claim_texts(db) == [], "the exchange carries it, not the postman"
        before = outbox.of_slot(db, "slot:1")
        outbox.mark_sent(db, [parcel.id for parcel in before], NOW)
        after = outbox.of_slot(db, "slot:1")
        assert [parcel.text for parcel in before] == [parcel.text for parcel in after] == ["reply"]


def test_what_had_no_room_in_the_slot_goes_by_push(database: Database) -> None:
    with database.write() as db:
        thread = a_thread(db)
        a_parcel(db, thread, "too long")
        outbox.reserve(db, thread, "slot:1", NOW, NOW + LEASE)
        outbox.release(db, [outbox.of_slot(db, "slot:1")[0].id])
        assert claim_texts(db) == ["too long"]


def test_given_up_is_shown_and_never_tried_again(database: Database) -> None:
    with database.write() as db:
        a_parcel(db, a_thread(db))
        outbox.give_up(db, [claim(db)[0].id], NOW, "delivery.no_channel: x")
        assert claim_texts(db, now=LATER) == []
        assert [parcel.error for parcel in outbox_rows.list_given_up(db)] == [
            "delivery.no_channel: x"
        ]


def test_an_undone_turn_takes_back_what_has_not_left(database: Database) -> None:
    with database.write() as db:
        ann, ben, eve = (a_thread(db, name) for name in ("ann", "ben", "eve"))
        a_parcel(db, ann, "gone", because="turn:1")
        outbox.mark_sent(db, [claim(db)[0].id], NOW)
        a_parcel(db, ben, "stays here", because="turn:1")
        a_parcel(db, eve, "reply", because="turn:1")
        a_parcel(db, ben, "other", because="turn:2")
        gone = outbox.take_back(db, "turn:1", NOW, keep_thread=eve)
        assert [parcel.text for parcel in gone] == ["gone"]
        assert claim_texts(db) == ["other", "reply"]
        assert outbox_rows.list_given_up(db) == [], "an undone word is no failed delivery"


def test_two_postmen_never_carry_the_same_thread(postgres_place: PostgresPlace) -> None:
    with postgres_place.create_migrated() as url:
        database = Database(url)
        with database.write() as db:
            for user in ("ann", "ben"):
                thread = a_thread(db, user)
                for number in (1, 2):
                    a_parcel(db, thread, f"{user}{number}")
            queues.admit(db, NOW)
        with database.write() as one, database.write() as other:
            mine, theirs = claim_texts(one, most=1), claim_texts(other)
            assert mine == ["ann1"]
            assert theirs == ["ben1", "ben2"], "a locked thread is passed over, not waited for"
        database.close()


def test_urgent_words_go_before_other_threads(database: Database) -> None:
    with database.write() as db:
        ann, ben = a_thread(db, "ann"), a_thread(db, "ben")
        for number in range(5):
            a_parcel(db, ann, f"a{number}")
        a_parcel(db, ben, "fire", urgent=True)
        assert claim_texts(db)[0] == "fire"


def test_a_flooded_thread_leaves_room_and_keeps_its_order(database: Database) -> None:
    with database.write() as db:
        ann, ben = a_thread(db, "ann"), a_thread(db, "ben")
        for number in range(queues.TOGETHER + 30):
            a_parcel(db, ann, str(number))
        a_parcel(db, ben, "b1")
        first = claim(db, most=400)
        assert [parcel.text for parcel in first][-1] == "b1"
        assert claim_texts(db) == [], "what is behind never overtakes what is under way"
        ids = [parcel.id for parcel in first]
        outbox.mark_sent(db, [*ids[:10], ids[-1]], NOW)
        outbox.put_off(db, ids[10:-1], LATER, "delivery.slow")
        assert queues.free(db, ids, NOW)
        assert claim_texts(db) == []
        again = claim_texts(db, most=400, now=LATER)
        assert again == [str(number) for number in range(10, queues.TOGETHER + 10)]


FATES = ("gave_up_at", "held_at", "sent_at", "leased_until", "retry_at")


def test_whoever_changes_the_fate_of_a_message_says_when_to_look_at_it() -> None:
    """One that forgets it would leave words in the outbox for ever."""
    for path in sorted((ROOT / "storage").rglob("*.py")):
        for function in re.split(r"\n(?=def |_[A-Z])", path.read_text()):
            changes = "update(outbox)" in function
            if changes and any(re.search(rf"\b{name}\W*[=:]", function) for name in FATES):
                assert "look_at" in function, f"{path}: {function[:60]}"
