"""CSV files are routed row by row and learned from, whatever their encoding."""

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC
from io import StringIO
from pathlib import Path

import pytest

from bot import texts
from bot.classifier.files import COLUMNS, FileError, fit_file, load, route_file, router_for, save
from bot.core.classifier.cold_start import first_day
from bot.core.classifier.model import Model, ModelError
from bot.core.park.assignment import AssignmentRule
from bot.taxonomy import park

WORDS = texts.load(UTC)
ROWS = [
    ("停电", "车间又停电了", "用电"),
    ("电费", "电费涨了好多", "用电"),
    ("变压器", "变压器要增容", "用电"),
    ("贷款", "想贷款周转一下", "融资"),
    ("利息", "银行利息太高了", "融资"),
    ("", "续贷办不下来", "融资"),
    ("无类", "这一行没有类别", ""),
    ("", "  ", "融资"),
]


def write_rows(path: Path, rows: Sequence[tuple[str, ...]], encoding: str = "utf-8-sig") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    return path


@pytest.fixture
def lesson_file(tmp_path: Path) -> Path:
    return write_rows(tmp_path / "taught.csv", [("标题", "正文", "类别"), *ROWS])


@pytest.fixture
def model(lesson_file: Path) -> Model:
    return fit_file(lesson_file, ["标题", "正文"], "类别").model


def route_rows(source: Path, columns: list[str], model: Model) -> list[dict[str, str]]:
    target = StringIO()
    route_file(source, columns, router_for(model), target)
    return list(csv.DictReader(StringIO(target.getvalue())))


def test_a_file_teaches_its_labels(lesson_file: Path) -> None:
    seen: list[tuple[int, int]] = []
    fitted = fit_file(
        lesson_file, ["标题", "正文"], "类别", progress=lambda *done: seen.append(done)
    )
    assert (fitted.rows, fitted.skipped) == (6, 2)
    assert fitted.model.labels == ("用电", "融资")
    assert seen
    assert all(done <= total for done, total in seen)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_every_row_gets_a_line_in_its_order(tmp_path: Path, model: Model, encoding: str) -> None:
    texts = [("正文",), ("昨晚停电",), ("",), ("想贷款",), ("停電又跳闸",)]
    answers = route_rows(write_rows(tmp_path / "asked.csv", texts, encoding), ["正文"], model)
    assert [answer["category"] for answer in answers] == ["用电", "", "融资", "用电"]
    assert list(answers[0]) == ["正文", *COLUMNS]
    assert list(answers[1].values()) == [""] * (1 + len(COLUMNS))
    assert [answer["正文"] for answer in answers] == ["昨晚停电", "", "想贷款", "停電又跳闸"]
    assert 0.5 < float(answers[0]["probability"]) <= 1
    assert (answers[0]["second"], answers[0]["third"]) == ("融资", "")
    assert "停电" in answers[0]["words"]


def test_more_rows_than_a_batch_stay_in_order(tmp_path: Path, model: Model) -> None:
    asked = [("正文",), *((("停电", "贷款")[at % 2],) for at in range(1_100))]
    answers = route_rows(write_rows(tmp_path / "many.csv", asked), ["正文"], model)
    assert [answer["category"] for answer in answers] == ["用电", "融资"] * 550


def test_progress_never_passes_the_total(tmp_path: Path, model: Model) -> None:
    seen: list[tuple[int, int]] = []
    source = write_rows(tmp_path / "asked.csv", [("正文",), ("一行\n两行",), ("停电",)])
    done = route_file(
        source, ["正文"], router_for(model), StringIO(), lambda *each: seen.append(each)
    )
    assert done == 2
    assert all(part <= total for part, total in seen)


def test_a_missing_column_is_named_with_those_that_exist(lesson_file: Path, model: Model) -> None:
    there = "请用 --text 写明是哪一列。有这些：\n标题\n正文\n类别"
    with explained(f"{lesson_file} 没有“题目”这一列。{there}"):
        fit_file(lesson_file, ["题目"], "类别")
    with explained("没有“种类”这一列。请用 --label 写明"):
        fit_file(lesson_file, ["正文"], "种类")
    target = StringIO()
    with explained("没有“题目”这一列"):
        route_file(lesson_file, ["题目"], router_for(model), target)
    assert target.getvalue() == ""


def test_several_columns_of_text_are_kept_beside_each_other(tmp_path: Path, model: Model) -> None:
    asked = write_rows(tmp_path / "asked.csv", [("题", "文", "日"), ("停电", '说"急"\n两行', "3")])
    (answer,) = route_rows(asked, ["题", "文"], model)
    assert (answer["题"], answer["文"], answer["category"]) == ("停电", '说"急"\n两行', "用电")


def test_words_that_a_spreadsheet_would_reckon_stay_words(tmp_path: Path, model: Model) -> None:
    asked = write_rows(tmp_path / "asked.csv", [("正文",), ("=1+1 停电",)])
    (answer,) = route_rows(asked, ["正文"], model)
    assert answer["正文"] == "=1+1 停电"


@contextmanager
def explained(words: str) -> Iterator[None]:
    with pytest.raises(FileError) as error:
        yield
    assert words in WORDS.format_value(error.value.why)


def test_one_label_is_not_enough(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "one.csv", [("a", "b"), ("停电", "用电")])
    with explained("“b”一列要有两种以上的类别。现在有：\n用电"):
        fit_file(source, ["a"], "b")


def test_an_empty_file_has_no_columns(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_bytes(b"")
    with explained("empty.csv 里没有表头"):
        fit_file(tmp_path / "empty.csv", ["a"], "b")


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "noise.csv").write_bytes(b"a,b\n\xff\xff\xff,c\n")
    with explained("文字编码认不出"):
        fit_file(tmp_path / "noise.csv", ["a"], "b")


def test_a_million_characters_in_a_cell_are_only_long(tmp_path: Path, model: Model) -> None:
    before = csv.field_size_limit()
    source = write_rows(tmp_path / "long.csv", [("正文",), ("停电" * 500_000,), ("=1+1",)])
    target = StringIO()
    assert route_file(source, ["正文"], router_for(model), target) == 2
    assert "停电,用电,0." in target.getvalue()
    assert csv.field_size_limit() == before


def test_a_short_row_counts_as_empty(tmp_path: Path, model: Model) -> None:
    source = tmp_path / "short.csv"
    source.write_text("甲,正文\n1\n2,停电\n", encoding="utf-8")
    assert [answer["category"] for answer in route_rows(source, ["正文"], model)] == ["", "用电"]


def test_equal_files_give_equal_models_in_equal_bytes(lesson_file: Path, tmp_path: Path) -> None:
    for name in ("one.npz", "two.npz"):
        save(fit_file(lesson_file, ["标题", "正文"], "类别").model, tmp_path / name)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    assert load(tmp_path / "one.npz").version == load(tmp_path / "two.npz").version


def test_what_is_no_model_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "noise.npz").write_bytes(b"PK\x03\x04 nothing")
    (tmp_path / "text.npz").write_text("nothing")
    for name in ("noise.npz", "text.npz", "gone.npz"):
        with pytest.raises(ModelError, match=name):
            load(tmp_path / name)


def test_a_half_written_model_never_takes_the_place_of_a_whole_one(
    tmp_path: Path, model: Model
) -> None:
    target = tmp_path / "model.npz"
    save(model, target)
    target.with_name("model.npz.part").write_bytes(b"half")
    assert load(target).version == model.version
    save(model, target)
    assert list(tmp_path.glob("*.part")) == []


@pytest.mark.slow
def test_a_dry_run_shows_which_rule_takes_a_row(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("text\n车间停电了\n招不到工人\n", encoding="utf-8")
    rules = [
        AssignmentRule(word="停水", person="赵敏之"),
        AssignmentRule(category="用电", department="供电服务部"),
    ]
    target = StringIO()
    route_file(source, ["text"], first_day(park()), target, rules=rules)
    rows = list(csv.DictReader(target.getvalue().splitlines()))
    assert [(row["rule"], row["to"]) for row in rows] == [("2", "供电服务部"), ("", "")]
