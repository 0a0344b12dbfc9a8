"""Calendar files are read alike by a parser of our own making and by the `icalendar` library."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from bot.core.days.icalendar_file import Appointment, calendar_file
from tests.peers.ics import read_ics

NOW = datetime(2024, 10, 11, 7, 0, tzinfo=UTC)
ONE = Appointment(
    uid="7f3a@yz.exchange-day",
    sequence=0,
    starts_at=datetime(2024, 10, 14, 11, 30, tzinfo=UTC),
    minutes=120,
    title="第 95 期主题日 优化员工交通出行",
    place="园区会客厅，二楼; A\\B, 左转",
    words="云溪示范产业园\n政企交流主题日",
)


def test_both_readers_find_the_same() -> None:
    content = calendar_file(ONE, NOW, "exchange-day-bot")
    mine = read_ics(content)
    (theirs,) = Calendar.from_ical(content).walk("VEVENT")
    assert mine["UID"] == str(theirs["UID"]) == ONE.uid
    assert mine["SUMMARY"] == str(theirs["SUMMARY"]) == ONE.title
    assert mine["LOCATION"] == str(theirs["LOCATION"]) == ONE.place
    assert mine["DESCRIPTION"] == str(theirs["DESCRIPTION"]) == ONE.words
    assert mine["DTSTART"] == "20241014T113000Z"
    assert theirs.decoded("DTSTART") == ONE.starts_at
    assert theirs.decoded("DTEND") == ONE.starts_at + timedelta(minutes=120)


def test_an_update_and_a_cancellation_keep_the_uid() -> None:
    moved = replace(ONE, sequence=1, starts_at=ONE.starts_at + timedelta(days=1))
    gone = replace(moved, sequence=2, cancelled=True)
    read = [read_ics(calendar_file(appointment, NOW, "bot")) for appointment in (ONE, moved, gone)]
    assert {event["UID"] for event in read} == {ONE.uid}
    assert [event["SEQUENCE"] for event in read] == ["0", "1", "2"]
    assert [event["METHOD"] for event in read] == ["PUBLISH", "PUBLISH", "CANCEL"]
    assert read[-1]["STATUS"] == "CANCELLED"


@given(st.text(max_size=120), st.text(max_size=200))
def test_any_words_survive(title: str, place: str) -> None:
    content = calendar_file(replace(ONE, title=title, place=place), NOW, "bot")
    shown = "".join(
        char for char in "\n".join(place.splitlines()) if char.isprintable() or char == "\n"
    )
    assert read_ics(content).get("LOCATION", "") == shown
    assert Calendar.from_ical(content).walk("VEVENT")


@pytest.mark.parametrize(
    "spoiled",
    [b"BEGIN:VCALENDAR\r\n", b"X\r\n", b"BEGIN:A\nEND:A\r\n", b"SUMMARY:" + b"x" * 80 + b"\r\n"],
)
def test_our_reader_refuses_what_is_wrong(spoiled: bytes) -> None:
    with pytest.raises(AssertionError):
        read_ics(spoiled)
