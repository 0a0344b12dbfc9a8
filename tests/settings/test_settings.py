"""Settings are read from file and environment, and every fault is named."""

from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from bot import texts
from bot.settings import SettingsError, load
from bot.settings.faults import Reason
from bot.settings.sections import secret_keys
from tests.conftest import ROOT

SHIPPED = (ROOT / "config.toml").read_text(encoding="utf-8")
PARK = '[park]\nname = "云溪"\n'
WECHAT = {
    "EXCHANGE_CHANNELS__WECHAT__ENABLED": "true",
    "EXCHANGE_CHANNELS__WECHAT__APP_ID": "wx1",
    "EXCHANGE_CHANNELS__WECHAT__TOKEN": "hush-token",
    "EXCHANGE_CHANNELS__WECHAT__SECRET": "hush-secret",
}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "park.toml"
    path.write_text(PARK, encoding="utf-8")
    return path


def faults(path: Path, environment: dict[str, str] | None = None) -> str:
    """What a person is told."""
    with pytest.raises(SettingsError) as caught:
        load(path, environment or {})
    words = texts.load(UTC)
    return "\n".join(words.format_value(fault.line) for fault in caught.value.faults)


def test_the_shipped_file_is_right_and_complete() -> None:
    settings = load(ROOT / "config.toml", {})
    park = settings.build_park()
    assert settings.server.host == "127.0.0.1"
    assert settings.server.port == 8080
    assert settings.storage.url == "sqlite:///var/exchange.db"
    level = park.find_service_level("default")
    spans = (level.accept, level.answer, level.solve)
    assert [(span.amount, span.unit) for span in spans] == [(1, "hour"), (1, "day"), (2, "day")]


def test_the_file_writes_out_the_defaults(config: Path) -> None:
    """Who reads config.toml sees what holds; only lists of words are more than a default."""
    shipped, bare = load(ROOT / "config.toml", {}), load(config, {})
    for section in ("storage", "server", "channels", "hours", "limits"):
        assert getattr(shipped, section) == getattr(bare, section), section


def test_the_environment_wins_over_the_file(config: Path) -> None:
    settings = load(
        config,
        {
            "EXCHANGE_SERVER__PORT": "9000",
            "EXCHANGE_PARK__NAME": "另一个园区",
            "EXCHANGE_CHANNELS__LOCAL__DEMO": "false",
            "EXCHANGE_REMINDERS": "[0.4, 0.9]",
            "EXCHANGE_HOURS__SPANS": '[["08:30", "17:00"]]',
            "EXCHANGE_SERVICE_LEVELS__DEFAULT": '{accept = {amount = 2, unit = "hour"}, '
            'answer = {amount = 1, unit = "day"}, solve = {amount = 3, unit = "day"}}',
            "EXCHANGE_SERVICE_LEVELS__DEFAULT__ACCEPT__AMOUNT": "5",
            "PATH": "/bin",
        },
    )
    assert settings.server.port == 9000
    assert settings.park.name == "另一个园区"
    assert not settings.channels.local.demo
    assert settings.reminders == (0.4, 0.9)
    assert settings.hours.spans == ((time(8, 30), time(17)),)
    assert settings.service_levels["default"].accept.amount == 5


def test_the_environment_may_name_the_file(config: Path) -> None:
    assert load(environment={"EXCHANGE_CONFIG": str(config)}).park.name == "云溪"


def test_secrets_come_from_the_environment_and_are_never_printed(config: Path) -> None:
    settings = load(config, WECHAT)
    assert settings.channels.wechat.token.get_secret_value() == "hush-token"
    assert set(settings.secrets()) == {"hush-token", "hush-secret"}
    assert "hush" not in f"{settings!r} {settings} {settings.model_dump_json()}"


def test_the_databases_password_counts_as_a_secret(config: Path) -> None:
    url = "postgresql+psycopg://bot:hush@db/park"
    assert load(config, {"EXCHANGE_STORAGE__URL": url}).secrets() == ("hush",)


@pytest.mark.parametrize("key", sorted(secret_keys()))
def test_a_secret_in_the_file_is_refused(config: Path, key: str) -> None:
    section, name = key.rsplit(".", 1)
    config.write_text(f'{PARK}[{section}]\n{name} = "hush-hush-hush-hush"\n', encoding="utf-8")
    variable = "EXCHANGE_" + key.upper().replace(".", "__")
    said = faults(config)
    assert said == f"✗ {config}：{key}：密钥不写在文件里，请改用环境变量 {variable}"


TELEGRAM = {
    "EXCHANGE_CHANNELS__TELEGRAM__ENABLED": "true",
    "EXCHANGE_CHANNELS__TELEGRAM__MODE": "webhook",
    "EXCHANGE_CHANNELS__TELEGRAM__TOKEN": "700700:AAhushAAhushAAhushAAhushAA",
    "EXCHANGE_CHANNELS__TELEGRAM__WEBHOOK_SECRET": "hush-webhook-secret",
    "EXCHANGE_SERVER__BASE_URL": "https://bot.example.com",
}


def test_telegram_is_ready(config: Path) -> None:
    settings = load(config, TELEGRAM)
    assert settings.channels.telegram.mode == "webhook"
    assert "hush" not in repr(settings)
    assert "hush-webhook-secret" in settings.secrets()


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("CHANNELS__TELEGRAM__TOKEN", "", "没有设置环境变量 EXCHANGE_CHANNELS__TELEGRAM__TOKEN"),
        ("CHANNELS__TELEGRAM__TOKEN", "hush", "不像机器人令牌"),
        ("CHANNELS__TELEGRAM__WEBHOOK_SECRET", "", "TELEGRAM__WEBHOOK_SECRET"),
        ("CHANNELS__TELEGRAM__WEBHOOK_SECRET", "hush", "16 到 256 位"),
        ("CHANNELS__TELEGRAM__MODE", "often", "只能是这几种之一"),
        ("SERVER__BASE_URL", "http://bot.example.com", "要填 https 网址"),
    ],
)
def test_telegram_says_what_is_missing(config: Path, name: str, value: str, words: str) -> None:
    said = faults(config, {**TELEGRAM, f"EXCHANGE_{name}": value})
    assert words in said
    assert "hush" not in said


def test_telegram_by_polling_needs_no_address(config: Path) -> None:
    given = {**TELEGRAM, "EXCHANGE_CHANNELS__TELEGRAM__MODE": "polling"}
    for name in ("EXCHANGE_SERVER__BASE_URL", "EXCHANGE_CHANNELS__TELEGRAM__WEBHOOK_SECRET"):
        del given[name]
    assert load(config, given).channels.telegram.enabled


@pytest.mark.parametrize("name", ["TOKEN", "SECRET"])
def test_wechat_without_a_secret_names_the_variable(config: Path, name: str) -> None:
    variable = f"EXCHANGE_CHANNELS__WECHAT__{name}"
    said = faults(config, {key: value for key, value in WECHAT.items() if key != variable})
    assert said.endswith(f"没有设置环境变量 {variable}")


WECOM = {
    "EXCHANGE_CHANNELS__WECOM__ENABLED": "true",
    "EXCHANGE_CHANNELS__WECOM__CORP_ID": "ww1",
    "EXCHANGE_CHANNELS__WECOM__AGENT_ID": "1000002",
    "EXCHANGE_CHANNELS__WECOM__TOKEN": "hush-token",
    "EXCHANGE_CHANNELS__WECOM__SECRET": "hush-secret",
    "EXCHANGE_CHANNELS__WECOM__AES_KEY": "k" * 43,
}


def test_wecom_is_complete(config: Path) -> None:
    assert load(config, WECOM).channels.wecom.agent_id == 1000002


@pytest.mark.parametrize("name", ["CORP_ID", "AGENT_ID", "TOKEN", "SECRET", "AES_KEY"])
def test_wecom_without_one_of_its_values_names_it(config: Path, name: str) -> None:
    variable = f"EXCHANGE_CHANNELS__WECOM__{name}"
    said = faults(config, {key: value for key, value in WECOM.items() if key != variable})
    assert len(said.splitlines()) == 1
    assert f"channels.wecom.{name.lower()}" in said


def test_a_wrong_secret_is_named_and_not_repeated(config: Path) -> None:
    said = faults(config, {**WECHAT, "EXCHANGE_CHANNELS__WECHAT__AES_KEY": "hush"})
    assert "channels.wechat.aes_key：应当是 43 个字符，现在是 4 个" in said
    assert "hush" not in said


@pytest.mark.parametrize(
    "rows, said",
    [
        # what is written into the file, what its reader is told
        ("[server]\nprot = 1", "server.prot：没有这一项，是不是 port？"),
        ("[weather]\nsunny = true", "weather：没有这一项，请核对拼写"),
        ('[server]\nport = "many"', "server.port：应当是整数，现在是“many”"),
        ("[server]\nport = 0", "server.port：不能小于 1，现在是 0"),
        ("[server]\nport = 70000", "server.port：不能大于 65535，现在是 70000"),
        ("[server]\nport = 80.5", "server.port：应当是整数，现在是“80.5”"),
        ("[server]\nport = [1]", "server.port：应当是整数"),
        ("[server]\nhost = 1", "server.host：应当是文字，要加引号"),
        ("server = 1", "server：应当是一段设置，而不是一个值"),
        ('[channels.local]\ndemo = "maybe"', "channels.local.demo：应当是 true 或 false"),
        ("[channels.local]\ndemo = [1]", "channels.local.demo：应当是 true 或 false"),
        ('log = "xml"', "log：只能是这几种之一：text, json，现在是“xml”"),
        ("texts = 1", "texts：应当是文件路径"),
        ("reminders = 1", "reminders：应当是列表"),
        ("service_levels = 1", "service_levels：应当是一段设置"),
        ("[hours]\nspans = []", "hours.spans：办公时间至少一段"),
        ('[hours]\nspans = [["12:00", "09:00"]]', "hours.spans：办公时间至少一段，每段先开后关"),
        (
            '[hours]\nspans = [["13:00", "17:00"], ["09:00", "13:30"]]',
            "hours.spans：办公时间至少一段，每段先开后关，各段不能重叠",
        ),
        ('[hours]\nspans = [["09:00", "25:00"]]', 'hours.spans#1#2：应当是时刻，例如 "09:00"'),
        ('[hours]\nspans = [["09:00", true]]', "hours.spans#1#2：应当是时刻"),
        ('[hours]\nspans = [["09:00", "12:00", "13:00"]]', "hours.spans#1：多了：最多 2 个"),
        ('[hours]\nspans = [["09:00"]]', "hours.spans#1#2：必须填写"),
        ('[hours]\nspans = [["09:00", "12:00Z"]]', "hours.spans#1#2：时刻不带时区"),
        ('[hours.quiet]\nstart = "08:00"', "hours.quiet：免打扰的开始和结束不能相同"),
        ('[hours.calendar]\noff = ["tomorrow"]', "hours.calendar.off#1：应当是日期"),
        ("[hours.calendar]\noff = [true]", "hours.calendar.off#1：应当是日期"),
        ('[hours.calendar]\noff = "2027-02-05"', "hours.calendar.off：应当是列表"),
        (
            '[hours.calendar]\noff = ["2027-02-05"]\nwork = ["2027-02-05"]',
            "hours.calendar：2027-02-05 既在 off（放假）里又在 work（上班）里",
        ),
        ("[limits]\nundo_minutes = 0", "limits.undo_minutes：不能小于 1，现在是 0"),
        ('[storage]\nurl = "mysql://h/d"', "storage.url：只支持 sqlite"),
        ('[storage]\nurl = "exchange.db"', "storage.url：只支持 sqlite"),
        ('taxonomy = "no-such.toml"', "taxonomy：类别文件写得不对"),
        (
            '[[service_level_rules]]\nurgent = true\nservice_level = "fast"',
            "service_level_rules#1.service_level：没有叫“fast”的时限",
        ),
        (  # a word of a category
            '[[service_level_rules]]\ncategory = "停电"\nservice_level = "default"',
            "service_level_rules#1.category：没有叫“停电”的类别，是不是“用电”",
        ),
        (  # a slip in an id
            '[[service_level_rules]]\ncategory = "powr"\nservice_level = "default"',
            "service_level_rules#1.category：没有叫“powr”的类别，是不是“用电”",
        ),
        (
            '[[assignment_rules]]\ncategory = "用电类"\nperson = "赵敏之"',
            "assignment_rules#1.category：没有叫“用电类”的类别，是不是“用电”",
        ),
        (
            '[[assignment_rules]]\ncategory = "月球"\nperson = "赵敏之"',
            "assignment_rules#1.category：没有叫“月球”的类别。有：用工 用电",
        ),
        ('[[ladder]]\nrung = "king"', "ladder#1.rung：只能是这几种之一"),
        ('[[ladder]]\nrung = "leader"\n[[ladder]]\nrung = "department"', "ladder：提级只能往上走"),
        ('[[ladder]]\nrung = "liaison"', "ladder：提级只能往上走"),
        ("reminders = [1.5]", "reminders#1：应当是 0 和 1 之间的小数"),
        ('[timetable.morning]\ncron = "45 25 * * *"', "timetable.morning.cron：应当是五段的时间表"),
        ('[timetable.morning]\ncron = "45 8 * *"', "timetable.morning.cron：应当是五段的时间表"),
        ('[timetable.morning]\ncron = "45 8 * * 9"', "timetable.morning.cron：应当是五段的时间表"),
        ("[timetable.morning]\ngrace_minutes = 0", "timetable.morning.grace_minutes：不能小于 1"),
        ("[timetable.sweep]\nenabled = false", "timetable.sweep：没有这一项"),
        (
            '[[ladder]]\nrung = "leader"\nafter = { amount = 0, unit = "hour" }',
            "ladder#1.after.amount：不能小于 1",
        ),
        ("[timetable.mornin]\nenabled = false", "timetable.mornin：没有这一项，是不是 morning"),
        (
            '[service_levels.default]\naccept = { amount = 0, unit = "hour" }',
            "service_levels.default.accept.amount：不能小于 1，现在是 0",
        ),
    ],
)
def test_a_fault_in_the_file_names_file_key_and_reason(config: Path, rows: str, said: str) -> None:
    # Bare keys belong before the first section.
    order = (PARK, rows) if rows.startswith("[") else (rows, PARK)
    config.write_text("\n".join(order), encoding="utf-8")
    assert f"✗ {config}：{said}" in faults(config)


@pytest.mark.parametrize("written", ["用电", "power", "Ｐｏｗｅｒ"])
def test_a_rule_names_its_category_by_name_or_id(config: Path, written: str) -> None:
    rules = f'''
[service_levels.default]
{level()}
[service_levels.fast]
{level()}
[[service_level_rules]]
category = "{written}"
service_level = "fast"
[[assignment_rules]]
category = "{written}"
person = "赵敏之"
'''
    config.write_text(PARK + rules, encoding="utf-8")
    park = load(config, {}).build_park()
    assert park.choose_service_level("用电", frozenset(), False).id == "fast"
    assert park.choose_service_level("用水", frozenset(), False).id == "default"
    assert [rule.category for rule in park.assignment_rules] == ["用电"]


def level(**changed: str) -> str:
    parts = {
        "accept": '{ amount = 1, unit = "hour" }',
        "answer": '{ amount = 1, unit = "day" }',
        "solve": '{ amount = 2, unit = "day" }',
    }
    return "".join(f"{name} = {value}\n" for name, value in (parts | changed).items())


@pytest.mark.parametrize(
    "section, said",
    [
        (
            level(accept='{ amount = 0, unit = "hour" }'),
            "service_levels.default.accept.amount：不能小于 1，现在是 0",
        ),
        (
            level(solve='{ amount = 400, unit = "day" }'),
            "service_levels.default.solve.amount：时限太长",
        ),
        (
            level(answer='{ amount = 1, unit = "week" }'),
            "service_levels.default.answer.unit：只能是这几种之一：minute, hour, day，现在是“week”",
        ),
        (level(answer="{ amount = 1 }"), "service_levels.default.answer.unit：必须填写"),
        (level(version="0"), "service_levels.default.version：不能小于 1，现在是 0"),
    ],
)
def test_a_service_level_that_nobody_can_keep_is_refused(
    config: Path, section: str, said: str
) -> None:
    config.write_text(f"{PARK}[service_levels.default]\n{section}", encoding="utf-8")
    assert f"✗ {config}：{said}" in faults(config)


def test_service_levels_without_a_default_are_refused(config: Path) -> None:
    config.write_text(f"{PARK}[service_levels.fast]\n{level()}", encoding="utf-8")
    assert "service_levels：缺少 service_levels.default" in faults(config)


def test_every_fault_is_named_at_once_by_where_it_came_from(config: Path) -> None:
    config.write_text('[park]\nname = ""\nzone = "Mars/Base"\n', encoding="utf-8")
    said = faults(
        config,
        {
            "EXCHANGE_FOO": "1",
            "EXCHANGE_SERVER__PORT": "x",
            "EXCHANGE_PARK__NAME__FIRST": "a",
            "EXCHANGE_HOURS__SPANS": '[["09:00", "25:00"]]',
        },
    )
    assert sorted(said.splitlines()) == sorted(
        [
            f"✗ {config}：park.name：不能为空",
            f"✗ {config}：park.zone：没有这个时区，例如 Asia/Shanghai",
            "✗ EXCHANGE_FOO：没有叫这个名字的设置，请核对环境变量的拼写",
            "✗ EXCHANGE_PARK__NAME__FIRST：park.name.first：没有这一项，请核对拼写",
            "✗ EXCHANGE_SERVER__PORT：server.port：应当是整数，现在是“x”",
            '✗ EXCHANGE_HOURS__SPANS：hours.spans#1#2：应当是时刻，例如 "09:00"，现在是“25:00”',
        ]
    )


@pytest.mark.parametrize(
    "host, allowed",
    [("127.0.0.1", True), ("localhost", True), ("::1", True), ("0.0.0.0", False), ("::", False)],
)
def test_the_phones_page_stays_on_this_machine(config: Path, host: str, allowed: bool) -> None:
    given = {"EXCHANGE_SERVER__HOST": host}
    if allowed:
        assert load(config, given).server.host == host
    else:
        assert f"EXCHANGE_SERVER__HOST：server.host：现在是 {host}。手机演示页" in faults(
            config, given
        )
    assert load(config, {**given, "EXCHANGE_CHANNELS__LOCAL__ENABLED": "false"})


@pytest.mark.parametrize(
    "content, said",
    [
        (b'[park]\nname = = "x"\n', "第 2 行第 8 列写法不对"),
        (b"[park]\nname = [1,\n", "文件末尾没写完"),
        ("[park]\nname = '云'".encode("gb18030"), "不是 UTF-8 文本"),
    ],
)
def test_a_file_that_is_no_toml_is_refused_with_the_line(
    config: Path, content: bytes, said: str
) -> None:
    config.write_bytes(content)
    assert faults(config).startswith(f"✗ {config}：{said}")


def test_a_byte_order_mark_does_no_harm(config: Path) -> None:
    config.write_bytes(b"\xef\xbb\xbf" + PARK.encode())
    assert load(config, {}).park.name == "云溪"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    said = faults(tmp_path / "nowhere.toml")
    assert said.startswith(f"✗ {tmp_path / 'nowhere.toml'}：读不到这个文件")


def test_every_reason_has_its_words() -> None:
    words = texts.load(UTC).words
    assert {f"settings.reason.{reason}" for reason in Reason} == {
        key for key in words if key.startswith("settings.reason.")
    }


def test_the_house_is_in_the_parks_zone(config: Path) -> None:
    park = load(config, {"EXCHANGE_PARK__ZONE": "Asia/Urumqi"}).build_park()
    assert park.local(datetime(2024, 10, 14, 2, 0, tzinfo=UTC)).hour == 8


TEMPLATE = '{{ news = {{ id = "{id}", fields = {{ {fields} }} }} }}'


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ('things1 = "{text}"', "template_field"),
        ('thing = "{text}"', "template_field"),
        ('thing1 = "{words}"', "template_value"),
        ('thing1 = "{text"', "template_value"),
        ('time1 = "{number}"', "template_value"),
        ('time1 = "到 {due}"', "template_value"),
        ("", "missing"),
    ],
)
def test_a_template_the_platform_would_refuse_is_named(fields: str, why: str) -> None:
    given = TEMPLATE.format(id="T1", fields=fields)
    with pytest.raises(SettingsError) as told:
        load(ROOT / "config.toml", {"EXCHANGE_CHANNELS__WECHAT__TEMPLATES": given})
    (fault,) = told.value.faults
    assert fault.reason.key == f"settings.reason.{why}"
    assert "channels.wechat.templates" in fault.key


def test_a_template_that_fits_is_kept() -> None:
    given = TEMPLATE.format(id="T1", fields='thing1 = "{text}", time2 = "{due}"')
    found = load(ROOT / "config.toml", {"EXCHANGE_CHANNELS__WECHAT__TEMPLATES": given})
    assert found.channels.wechat.templates["news"].fields["time2"] == "{due}"


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("EXCHANGE_SERVR__PORT", "EXCHANGE_SERVER__PORT"),
        ("EXCHANGE_SERVER__PROT", "EXCHANGE_SERVER__PORT"),
        ("EXCHANGE_SERVER_PORT", "EXCHANGE_SERVER__PORT"),
        ("EXCHANGE_CHANELS__WECHAT__TOKEN", "EXCHANGE_CHANNELS__WECHAT__TOKEN"),
        ("EXCHANGE_STORAGE_URL", "EXCHANGE_STORAGE__URL"),
        ("EXCHANGE_LOGS", "EXCHANGE_LOG"),
    ],
)
def test_a_misspelt_variable_is_no_fault_of_the_file(config: Path, name: str, near: str) -> None:
    said = faults(config, {name: "1"})
    assert said == f"✗ {name}：没有叫这个名字的设置，环境变量是不是要写 {near}？"


def test_each_misspelt_variable_is_named_and_none_is_guessed_from_afar(config: Path) -> None:
    given = {"EXCHANGE_SERVR__PORT": "1", "EXCHANGE_SERVR__HOST": "x", "EXCHANGE_ZZ": ""}
    said = faults(config, given)
    assert [line.split("：")[0] for line in said.splitlines()] == [
        "✗ EXCHANGE_SERVR__HOST",
        "✗ EXCHANGE_SERVR__PORT",
        "✗ EXCHANGE_ZZ",
    ]
    assert "EXCHANGE_ZZ：没有叫这个名字的设置，请核对环境变量的拼写" in said


def test_a_misspelt_section_of_the_file_is_the_files_fault(config: Path) -> None:
    config.write_text(PARK + "[servr]\nport = 1\n", encoding="utf-8")
    assert faults(config) == f"✗ {config}：servr：没有这一项，是不是 server？"
