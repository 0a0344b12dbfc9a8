"""Days as people name them: most are read, none is read wrongly without a word."""

import pytest

from tests.days.judge import SENTENCES, Verdict, read_expressions

READ = 0.85
"""Of the expressions that have a day, how many are read and not asked about."""
EXPRESSIONS = list(read_expressions())


@pytest.mark.parametrize("sentence", SENTENCES.values(), ids=SENTENCES.keys())
def test_no_expression_is_read_wrongly(sentence: str) -> None:
    found = [each.words for each in EXPRESSIONS if each.judge(sentence) is Verdict.WRONG]
    assert found == []


@pytest.mark.parametrize("sentence", SENTENCES.values(), ids=SENTENCES.keys())
def test_most_days_are_read(sentence: str) -> None:
    dated = [each for each in EXPRESSIONS if each.days]
    right = [each for each in dated if each.judge(sentence) is Verdict.RIGHT]
    assert len(dated) >= 150
    assert len(right) / len(dated) >= READ


def test_a_wrong_day_is_seen() -> None:
    """The judge itself can fail."""
    tomorrow = next(each for each in EXPRESSIONS if each.words == "明天上午")
    assert tomorrow.judge("供电公司 后天 {} 完成增容") is not Verdict.RIGHT
    assert tomorrow.judge("自来水公司 {} 完成增容") is Verdict.WRONG
