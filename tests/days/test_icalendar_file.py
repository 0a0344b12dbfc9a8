"""Calendar files are what RFC 5545 asks for, byte by byte and to a parser of our own making."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.days.icalendar_file import Appointment, build_calendar
from bot.core.letters import is_hidden
from tests.peers.ics import read_ics

NOW = datetime(2024, 10, 11, 7, 0, tzinfo=UTC)
ONE = Appointment(
    uid="7f3a@yz.exchange-day",
    sequence=0,
    starts_at=datetime(2024, 10, 14, 11, 30, tzinfo=UTC),
    minutes=120,
    title="第 95 期主题日 优化员工交通出行",
    place="园区会客厅，二楼; A\\B, 左转",
    words="云溪示范产业园\n政企交流主题日：员工上下班、夜班接送、公交加密",
)


FILE = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//exchange-day-bot//ZH
METHOD:PUBLISH
BEGIN:VEVENT
SUMMARY:第 95 期主题日 优化员工交通出行
DTSTART:20241014T113000Z
DTEND:20241014T133000Z
DTSTAMP:20241011T070000Z
UID:7f3a@yz.exchange-day
SEQUENCE:0
DESCRIPTION:云溪示范产业园\\n政企交流主题日：员工上下班
 、夜班接送、公交加密
LOCATION:园区会客厅，二楼\\; A\\\\B\\, 左转
STATUS:CONFIRMED
BEGIN:VALARM
ACTION:DISPLAY
DESCRIPTION:第 95 期主题日 优化员工交通出行
TRIGGER:-PT1H
END:VALARM
END:VEVENT
END:VCALENDAR
"""
"""Escaped as 3.3.11 asks, folded at 75 bytes as 3.1 asks, in UTC; the same at every asking."""


def test_the_file_is_this_one() -> None:
    content = build_calendar(ONE, NOW, "exchange-day-bot")
    assert content == FILE.replace("\n", "\r\n").encode()


def test_our_reader_finds_what_was_written() -> None:
    zone = timezone(timedelta(hours=8))
    event = read_ics(
        build_calendar(replace(ONE, starts_at=ONE.starts_at.astimezone(zone)), NOW, "b")
    )
    assert event["UID"] == ONE.uid
    assert event["SUMMARY"] == ONE.title
    assert event["LOCATION"] == ONE.place
    assert event["DESCRIPTION"] == ONE.words
    assert event["DTSTART"] == "20241014T113000Z"
    assert event["DTEND"] == "20241014T133000Z"


def test_an_update_and_a_cancellation_keep_the_uid() -> None:
    moved = replace(ONE, sequence=1, starts_at=ONE.starts_at + timedelta(days=1))
    gone = replace(moved, sequence=2, cancelled=True)
    read = [read_ics(build_calendar(appointment, NOW, "bot")) for appointment in (ONE, moved, gone)]
    assert {event["UID"] for event in read} == {ONE.uid}
    assert [event["SEQUENCE"] for event in read] == ["0", "1", "2"]
    assert [event["METHOD"] for event in read] == ["PUBLISH", "PUBLISH", "CANCEL"]
    assert read[-1]["STATUS"] == "CANCELLED"


@given(st.text(max_size=120), st.text(max_size=200))
def test_any_words_survive(title: str, place: str) -> None:
    content = build_calendar(replace(ONE, title=f"第 95 期 {title}", place=place), NOW, "bot")
    shown = "".join(
        char for char in "\n".join(place.splitlines()) if char == "\n" or not is_hidden(char)
    )
    assert read_ics(content).get("LOCATION", "") == shown
    assert read_ics(content)["UID"] == ONE.uid


@pytest.mark.parametrize(
    "spoiled",
    [b"BEGIN:VCALENDAR\r\n", b"X\r\n", b"BEGIN:A\nEND:A\r\n", b"SUMMARY:" + b"x" * 80 + b"\r\n"],
)
def test_our_reader_refuses_what_is_wrong(spoiled: bytes) -> None:
    with pytest.raises(AssertionError):
        read_ics(spoiled)
