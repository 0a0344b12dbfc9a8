"""The doctor finds what is wrong, says what to do, and changes nothing."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bot import checkup, demo, texts
from bot.checkup import Mark, examine
from bot.core.messages import Address, Content, Incoming, Kind
from bot.core.people import Role
from bot.settings import Settings
from storage.database import Database
from storage.delivery import messages, threads
from storage.migrate import migrate
from storage.people import people

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
Make = Callable[..., Settings]


@pytest.fixture
def findings(tmp_path: Path) -> Callable[..., dict[str, list[Mark]]]:
    """What the doctor says: the marks of each text key. Every finding must render."""

    def look(settings: Settings, now: datetime = NOW) -> dict[str, list[Mark]]:
        words, found = texts.load(UTC), dict[str, list[Mark]]()
        for finding in examine(settings, tmp_path / "config.toml", now):
            assert "{" not in words.format_value(finding.words)
            found.setdefault(finding.words.key.removeprefix("check."), []).append(finding.mark)
        return found

    return look


@pytest.fixture
def database(make_settings: Make) -> Iterator[Database]:
    database = Database(make_settings().storage.url)
    migrate(database)
    yield database
    database.close()


Look = Callable[..., dict[str, list[Mark]]]


def test_all_is_well_in_the_demo_park(
    make_settings: Make, findings: Look, database: Database
) -> None:
    with database.write() as db:
        demo.settle(db)
    found = findings(make_settings())
    assert {mark for marks in found.values() for mark in marks} == {Mark.GOOD}
    assert set(found) >= {
        *(
            "config",
            "wording",
            "wechat_off",
            "wecom_off",
            "telegram_off",
            "database",
            "registry_gaps",
        ),
        *("clock", "calendar", "fonts", "disk"),
    }


def test_an_empty_registry_and_a_firm_that_nobody_answers_for_are_told(
    make_settings: Make, findings: Look, database: Database
) -> None:
    assert findings(make_settings())["registry_empty"] == [Mark.WARN]
    with database.write() as db:
        people.add_enterprise(db, "恒宇电子有限公司")
    assert findings(make_settings())["registry_gaps"] == [Mark.WARN]


def test_a_broken_template_is_told(make_settings: Make, findings: Look, tmp_path: Path) -> None:
    (tmp_path / "minutes.docx").write_text("not a Word file")
    settings = make_settings(SESSIONS__TEMPLATE=str(tmp_path / "minutes.docx"))
    assert findings(settings)["template_bad"] == [Mark.BAD]


def test_an_agenda_that_nobody_will_propose_is_told(make_settings: Make, findings: Look) -> None:
    off = make_settings(TIMETABLE__PROPOSAL__ENABLED="false")
    assert findings(off)["no_proposal"] == [Mark.WARN]
    late = make_settings(TIMETABLE__PROPOSAL__CRON="0 15 * * wed")
    assert "no_proposal" not in findings(late)
    rare = make_settings(TIMETABLE__PROPOSAL__CRON="0 15 1 * *", TIMETABLE__SERIES__ENABLED="false")
    assert findings(rare)["no_proposal"] == [Mark.WARN]


def test_minutes_that_nobody_may_correct_are_told(
    make_settings: Make, findings: Look, database: Database
) -> None:
    leaders = {"SESSIONS__CORRECT_BY": '["leader"]'}
    assert findings(make_settings())["no_correctors"] == [Mark.WARN]
    assert "no_correctors" not in findings(make_settings(SESSIONS__CORRECT_DAYS="0"))
    with database.write() as db:
        people.add_person(db, "值班员小蒋", Role.OFFICE)
    assert "no_correctors" not in findings(make_settings())
    assert findings(make_settings(**leaders))["no_correctors"] == [Mark.WARN]
    with database.write() as db:
        people.add_person(db, "冯主任", Role.LEADER)
    assert "no_correctors" not in findings(make_settings(**leaders))


def test_looking_makes_no_database(make_settings: Make, findings: Look, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'deep' / 'exchange.db'}"
    assert findings(make_settings(STORAGE__URL=url))["no_database"] == [Mark.WARN]
    assert not (tmp_path / "deep").exists()


@pytest.mark.parametrize(
    "revision, key, mark",
    [
        ("UPDATE alembic_version SET version_num = '9999'", "newer", Mark.BAD),
        ("DELETE FROM alembic_version", "no_tables", Mark.WARN),
    ],
)
def test_the_databases_version_is_compared(
    make_settings: Make, findings: Look, database: Database, revision: str, key: str, mark: Mark
) -> None:
    with database.write() as db:
        db.exec_driver_sql(revision)
    assert findings(make_settings())[key] == [mark]


def test_a_database_that_does_not_answer_is_bad(make_settings: Make, findings: Look) -> None:
    url = "postgresql+psycopg://u:hush@127.0.0.1:1/x"
    assert findings(make_settings(STORAGE__URL=url))["unreachable"] == [Mark.BAD]


@pytest.mark.parametrize("demo, mark", [("false", Mark.BAD), ("true", Mark.WARN)])
def test_a_clock_behind_the_newest_message_is_noticed(
    make_settings: Make, findings: Look, database: Database, demo: str, mark: Mark
) -> None:
    later = NOW + timedelta(hours=3)
    address = Address("local", "one")
    with database.write() as db:
        thread = threads.mark_heard(db, address, later)
        incoming = Incoming("local:1", address, Content(Kind.TEXT, "hi"), later)
        messages.keep(db, incoming, thread.id, later)
    settings = make_settings(CHANNELS__LOCAL__DEMO=demo)
    assert findings(settings)["clock_behind"] == [mark]
    assert "clock_behind" not in findings(settings, later)


@pytest.mark.parametrize(
    "today, key",
    [
        # The notice for the next year comes out in the first days of November.
        ("2026-10-31", "calendar"),
        ("2026-11-01", "calendar_ends"),
        ("2026-12-31", "calendar_ends"),
        ("2027-01-01", "calendar_over"),
    ],
)
def test_the_calendars_end_is_seen_coming(
    make_settings: Make, findings: Look, today: str, key: str
) -> None:
    noon = datetime.fromisoformat(f"{today}T04:00:00+00:00")
    found = findings(make_settings(), noon)
    assert [name for name in found if name.startswith("calendar")] == [key]


def test_the_calendar_is_read_in_the_parks_zone(make_settings: Make, findings: Look) -> None:
    new_years_night = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)  # 01:00 on New Year's Day there
    assert "calendar_over" in findings(make_settings(), new_years_night)


def test_a_wrong_wording_file_is_bad(make_settings: Make, findings: Look, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[receipt]\nno_such_key = "x"\n', encoding="utf-8")
    assert findings(make_settings(TEXTS=str(own)))["wording_bad"] == [Mark.BAD]


def test_telegram_is_looked_at(make_settings: Make, findings: Look) -> None:
    telegram = {"ENABLED": "true", "TOKEN": f"700700:{'A' * 30}"}
    given = {f"CHANNELS__TELEGRAM__{name}": value for name, value in telegram.items()}
    found = findings(make_settings(**given))
    assert found["telegram_polling"] == [Mark.GOOD]
    assert "telegram_off" not in found
    given["CHANNELS__TELEGRAM__MODE"] = "webhook"
    given["CHANNELS__TELEGRAM__WEBHOOK_SECRET"] = "s" * 16
    given["SERVER__BASE_URL"] = "https://bot.example.com"
    assert findings(make_settings(**given))["telegram_webhook"] == [Mark.GOOD]


def test_wechat_is_looked_at(make_settings: Make, findings: Look) -> None:
    wechat = {"ENABLED": "true", "APP_ID": "wx1", "TOKEN": "t", "SECRET": "s"}
    given = {f"CHANNELS__WECHAT__{name}": value for name, value in wechat.items()}
    found = findings(make_settings(**given))
    assert found["secrets"] == [Mark.GOOD]
    assert found["plain_mode"] == [Mark.WARN]
    assert found["no_base_url"] == [Mark.WARN]
    given["CHANNELS__WECHAT__AES_KEY"] = "k" * 43
    found = findings(make_settings(**given, SERVER__BASE_URL="https://bot.example.com"))
    assert "plain_mode" not in found
    assert "no_base_url" not in found


def test_templates_are_looked_at(make_settings: Make, findings: Look) -> None:
    wechat = {"ENABLED": "true", "APP_ID": "wx1", "TOKEN": "t", "SECRET": "s"}
    given = {f"CHANNELS__WECHAT__{name}": value for name, value in wechat.items()}
    assert findings(make_settings(**given))["no_templates"] == [Mark.GOOD]
    row = '{ id = "T", fields = { thing1 = "{text}" } }'
    given["CHANNELS__WECHAT__TEMPLATES"] = f'{{ news = {row}, "news.asked" = {row}, any = {row} }}'
    found = findings(make_settings(**given))
    assert found["templates"] == [Mark.GOOD]
    assert "templates_useless" not in found
    given["CHANNELS__WECHAT__TEMPLATES"] = f"{{ newz = {row} }}"
    assert findings(make_settings(**given))["templates_useless"] == [Mark.WARN]


def test_what_a_channel_still_lacks_is_named(make_settings: Make, tmp_path: Path) -> None:
    settings = make_settings(CHANNELS__WECOM__CORP_ID="ww1", CHANNELS__WECOM__SECRET="s")
    words = texts.load(UTC)
    told = [
        words.format_value(finding.words)
        for finding in examine(settings, tmp_path / "config.toml", NOW)
    ]
    (wecom,) = (text for text in told if text.startswith("企业微信"))
    line, *steps = wecom.split("\n")
    assert "EXCHANGE_CHANNELS__WECOM__ENABLED、EXCHANGE_CHANNELS__WECOM__AGENT_ID" in line
    assert "CORP_ID" not in line
    assert [step.strip()[0] for step in steps] == ["1", "2", "3", "4", "5"]


def test_wecom_is_looked_at(make_settings: Make, findings: Look) -> None:
    wecom = {"ENABLED": "true", "CORP_ID": "ww1", "AGENT_ID": "7", "TOKEN": "t", "SECRET": "s"}
    given = {f"CHANNELS__WECOM__{name}": value for name, value in wecom.items()}
    given["CHANNELS__WECOM__AES_KEY"] = "k" * 43
    given["SESSIONS__GROUP"] = "wecom:group"
    found = findings(make_settings(**given))
    assert found["wecom.on"] == [Mark.GOOD]
    assert found["wecom.no_group_key"] == [Mark.WARN]
    assert found["no_base_url"] == [Mark.WARN]
    assert not {"wecom_off", "secrets", "plain_mode"} & set(found)
    given["CHANNELS__WECOM__GROUP_KEY"] = "g"
    found = findings(make_settings(**given, SERVER__BASE_URL="https://bot.example.com"))
    assert not {"wecom.no_group_key", "no_base_url"} & set(found)


def test_the_board_is_looked_at(make_settings: Make, findings: Look) -> None:
    assert findings(make_settings())["board_here"] == [Mark.GOOD]
    given = {"SERVER__BASE_URL": "https://bot.example.com"}
    assert findings(make_settings(**given))["board_shut"] == [Mark.WARN]
    found = findings(make_settings(**given, BOARD__TOKEN="s" * 16))
    assert found["board"] == [Mark.GOOD]
    assert not {"board_shut", "board_here"} & set(found)


def test_missing_or_broken_fonts_are_bad(
    make_settings: Make, findings: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkup, "FONTS", tmp_path)
    assert findings(make_settings())["fonts_bad"] == [Mark.BAD]
    (tmp_path / "a.woff2").write_bytes(b"<html>")
    assert findings(make_settings())["fonts_bad"] == [Mark.BAD]
    (tmp_path / "a.woff2").write_bytes(b"wOF2....")
    assert findings(make_settings())["fonts"] == [Mark.GOOD]
    # Without its own fonts the digest's picture would be a page of boxes.
    monkeypatch.setattr(checkup, "PICTURE_FONTS", tmp_path)
    assert findings(make_settings())["fonts_bad"] == [Mark.BAD]


class Usage(NamedTuple):
    free: int


@pytest.mark.parametrize("free, mark", [(100 * 1024**2, Mark.BAD), (500 * 1024**2, Mark.WARN)])
def test_a_full_disk_is_seen(
    make_settings: Make,
    findings: Look,
    monkeypatch: pytest.MonkeyPatch,
    free: int,
    mark: Mark,
) -> None:
    def usage(_: Any) -> Usage:
        return Usage(free)

    monkeypatch.setattr("shutil.disk_usage", usage)
    assert findings(make_settings())["disk_low"] == [mark]


WECOM = {
    "CHANNELS__WECOM__ENABLED": "true",
    "CHANNELS__WECOM__CORP_ID": "ww1",
    "CHANNELS__WECOM__AGENT_ID": "1",
    "CHANNELS__WECOM__SECRET": "s",
    "CHANNELS__WECOM__TOKEN": "t",
    "CHANNELS__WECOM__AES_KEY": "k" * 43,
}
BOTH = '["ZhaoMin", "QianLi"]'


@pytest.mark.parametrize(
    ("group", "environment", "said"),
    [
        ("", {}, "no_group"),
        ("local:group", {}, "group"),
        ("local:group", {"CHANNELS__LOCAL__ENABLED": "false"}, "group_off"),
        ("telegram:-1001", {}, "group_off"),
        ("wecom:group", WECOM, "wecom.no_group_key"),
        ("wecom:group", {**WECOM, "CHANNELS__WECOM__GROUP_KEY": "key"}, "group"),
        ("wecom:chat", WECOM, "wecom.no_members"),
        ("wecom:chat", {**WECOM, "CHANNELS__WECOM__CHAT_MEMBERS": BOTH}, "group"),
        ("wecom:Monday95", WECOM, "group"),
    ],
)
def test_what_the_agenda_s_group_lacks(
    make_settings: Make, findings: Look, group: str, environment: dict[str, str], said: str
) -> None:
    found = findings(make_settings(SESSIONS__GROUP=group, **environment))
    good = said in ("group", "no_group")
    assert found[said] == [Mark.GOOD if good else Mark.WARN]
