"""A message finds its category, and the words that decided are named."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.classifier.categories import Category, Taxonomy
from bot.core.classifier.cold_start import cold_start
from bot.core.classifier.features import plain
from bot.core.classifier.judgement import better_or_equal
from bot.core.classifier.lexicon import Lexicon, Match
from bot.core.classifier.model import ModelError, Sample, fit, from_arrays, to_arrays
from bot.core.classifier.reasons import Rule, weights_of_characters
from bot.core.classifier.router import Router, Verdict
from bot.core.classifier.sound import find_homophones, sound

EXAMPLES = {
    "power": "车间又停电了 机器停了|电压不稳，设备总报警|电费涨得太快|想给变压器增容|跳闸三次了",
    "loan": "想贷款两百万周转|银行不肯续贷|利息太高贷不起|没有抵押物能借钱吗|担保费太贵",
    "school": "孩子上小学没有学位|小孩转学找谁|幼儿园名额不够|员工子女入学怎么办|学区怎么划分",
    "other": "你好|在吗|谢谢|想约个时间聊聊|请问你们在哪里",
}
KEYWORDS = {
    "power": "停电 电压 电费 变压器 跳闸 配电房检修",
    "loan": "贷款 续贷 利息 担保 银行 融资租赁",
    "school": "孩子 小孩 入学 学区 幼儿园 上学",
    "other": "",
}
TAXONOMY = Taxonomy(
    tuple(
        Category(
            name, name, "", "", "default", tuple(KEYWORDS[name].split()), tuple(lines.split("|"))
        )
        for name, lines in EXAMPLES.items()
    ),
    urgent=("停电", "着火"),
    fallback="other",
)


@pytest.fixture(scope="module")
def router() -> Router:
    return cold_start(TAXONOMY)


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("我们这边停电了", "power"),
        ("想找银行贷点款", "loan"),
        ("孩子要上学了", "school"),
        ("你好，在吗", "other"),
    ],
)
def test_a_message_goes_where_its_words_point(router: Router, text: str, category: str) -> None:
    assert router.route(text).best == category


def test_a_route_says_how_sure_it_is(router: Router) -> None:
    route = router.route("车间停电，机器全停了")
    chances = [guess.probability for guess in route.ranked]
    assert route.verdict is Verdict.SURE
    assert chances == sorted(chances, reverse=True)
    assert sum(chances) == pytest.approx(1, abs=1e-5)
    assert route.margin == pytest.approx(chances[0] - chances[1])


def test_the_words_that_decided_are_named_the_weightiest_first(router: Router) -> None:
    words = router.route("隔壁说他们昨天停电，我们也是").words
    assert words[0].text == "停电"
    assert words[0].rule is Rule.LISTED
    assert [word.weight for word in words] == sorted((w.weight for w in words), reverse=True)


def test_a_word_nobody_listed_is_named_as_learned(router: Router) -> None:
    words = router.learn_correction("叉车证去哪里考", "school").route("叉车证怎么考").words
    assert any(set(word.text) & set("叉车") and word.rule is Rule.LEARNED for word in words)


@pytest.mark.parametrize("text", ["", "   ", "\x00", "。。。", "你好"])
def test_nothing_to_go_by_is_for_the_duty_desk(router: Router, text: str) -> None:
    assert router.route(text).verdict is Verdict.NONE


@pytest.mark.parametrize("text", ["車間又停電了", "車 間停電\u200b了", "車間停電了!"])
def test_script_width_and_invisible_signs_make_no_difference(router: Router, text: str) -> None:
    assert router.route(text).best == "power"


def test_traditional_characters_give_the_very_same_answer(router: Router) -> None:
    assert router.route("變壓器增容，電費太高") == router.route("变压器增容，电费太高")


def test_urgent_words_are_found_whatever_the_category(router: Router) -> None:
    assert router.route("幼儿园旁边着火了，整条街停电").urgent == ("停电", "着火")
    assert router.route("孩子上学").urgent == ()


def test_another_matter_is_kept_where_a_clause_of_its_own_names_it(router: Router) -> None:
    route = router.route("车间停电，电压不稳；孩子上学没有学位")
    assert {route.best, route.second} == {"power", "school"}
    assert router.route("车间停电，电压不稳").second == ""


def test_a_correction_counts_from_the_next_message_on(router: Router) -> None:
    text = "屋顶的光伏板什么时候并网"
    taught = router.learn_correction(text, "power")
    assert taught.route(text).ranked[0].probability > router.route(text).ranked[0].probability
    assert taught.route("我家光伏并网的事").best == "power"
    assert taught.model.corrections == router.model.corrections + 1


def test_a_correction_overrules_a_listed_word(router: Router) -> None:
    text = "银行门口的停车位总被占"
    assert router.route(text).best == "loan"
    for _ in range(3):
        router = router.learn_correction(text, "other")
    assert router.route(text).best == "other"


def test_many_corrections_of_one_kind_do_not_drag_the_rest_along(router: Router) -> None:
    for place in "东西南北上下左右前后":
        router = router.learn_correction(f"{place}边小学的学位", "school")
    assert router.route("车间停电").best == "power"
    assert router.route("想贷款").best == "loan"


def test_learning_makes_another_router_and_leaves_the_old_one(router: Router) -> None:
    before = router.model.version
    taught = router.learn_correction("光伏并网", "power")
    assert router.model.version == before
    assert taught.model.version != before


def test_a_category_added_later_can_be_learned(router: Router) -> None:
    for text in ("食堂的饭太难吃", "食堂排队太久", "食堂窗口太少"):
        router = router.learn_correction(text, "canteen")
    model = router.model
    assert model.labels[-1] == "canteen"
    assert Router(TAXONOMY, model).route("食堂能不能加个窗口").best == "canteen"


def test_a_text_of_nothing_teaches_nothing(router: Router) -> None:
    assert router.learn_correction(" \u200b", "power").model is router.model


def test_the_weights_of_the_characters_add_up_to_what_was_decided(router: Router) -> None:
    text, model = "孩子上学，车间停电", router.model
    mix = model.calibration.mix.astype(float)
    place = model.labels.index("power")
    others = (mix.sum(axis=1) - mix[:, place]) / (len(model.labels) - 1)
    raised = (model.scores([text])[0] - model.weights.bias) @ (mix[:, place] - others)
    assert sum(weights_of_characters(model, [text], [place])[0]) == pytest.approx(raised, rel=1e-4)


def test_a_word_that_only_sounds_right_is_heard() -> None:
    lexicon = Lexicon(("变压器", "融资租赁"), (0, 1))
    (hit,) = lexicon.guesses("边压气坏了")
    assert (hit.word, hit.match, hit.start, hit.end) == ("变压器", Match.SOUND, 0, 3)


def test_a_word_that_is_nearly_there_is_seen() -> None:
    (hit,) = Lexicon(("融资租赁",), (0,)).guesses("想做融资大赁")
    assert (hit.word, hit.match) == ("融资租赁", Match.NEAR)


def test_where_a_word_stands_nothing_is_guessed() -> None:
    lexicon = Lexicon(("停电", "变压器"), (0, 0))
    assert [hit.word for hit in lexicon.words_in("边压气停电了，变压器也停电")] == [
        "停电",
        "变压器",
        "停电",
    ]
    assert lexicon.guesses("边压气停电了") == []


def test_the_longest_listed_word_wins() -> None:
    lexicon = Lexicon(("桥", "过桥", "过桥资金"), (0, 1, 2))
    assert [hit.word for hit in lexicon.words_in("要过桥资金过桥")] == ["过桥资金", "过桥"]


def test_characters_that_sound_alike_are_known() -> None:
    assert sound("停电") == sound("亭店")
    assert sound("停电") != sound("停水")
    assert "电" in find_homophones("店")
    assert find_homophones("A") == "A"


def test_the_same_samples_and_seed_give_the_same_bytes() -> None:
    one, two, other = cold_start(TAXONOMY), cold_start(TAXONOMY), cold_start(TAXONOMY, seed=1)
    assert one.model.version == two.model.version
    assert one.model.version != other.model.version


def test_a_model_survives_being_taken_apart(router: Router) -> None:
    again = from_arrays(to_arrays(router.model))
    assert again.version == router.model.version
    assert Router(TAXONOMY, again).route("车间停电") == router.route("车间停电")


def test_arrays_that_are_no_model_are_refused(router: Router) -> None:
    arrays = to_arrays(router.model)
    with pytest.raises(ModelError, match="lacks 'mix'"):
        from_arrays({name: array for name, array in arrays.items() if name != "mix"})
    with pytest.raises(ModelError, match="format 9"):
        from_arrays(arrays | {"format": np.array(9)})
    with pytest.raises(ModelError, match="do not fit"):
        from_arrays(arrays | {"labels": np.array(["power"])})


def test_samples_must_have_text_and_a_known_label() -> None:
    with pytest.raises(ModelError, match="nothing to learn"):
        fit([Sample(" ", "a", 0)], ["a", "b"])
    with pytest.raises(ModelError, match="'c' is not among"):
        fit([Sample("停电", "c", 0)], ["a", "b"])


def test_corrections_for_a_category_that_is_gone_are_left_out() -> None:
    assert (
        cold_start(TAXONOMY, [("停电", "gone")]).model.version == cold_start(TAXONOMY).model.version
    )


def test_a_worse_router_may_not_take_over(router: Router) -> None:
    check = [(text, label) for label, lines in EXAMPLES.items() for text in lines.split("|")]
    worse = router
    for text, _ in check:
        worse = worse.learn_correction(text, "other")
    refused, accepted = better_or_equal(worse, router, check), better_or_equal(router, worse, check)
    assert not refused.can_take_over
    assert accepted.can_take_over
    assert (refused.candidate, refused.current) == (accepted.current, accepted.candidate)
    assert better_or_equal(router, router, check).can_take_over


def test_a_pasted_file_is_cut_not_choked_on(router: Router) -> None:
    assert router.route("停电" * 500_000).best == "power"


@settings(max_examples=40, deadline=None)
@given(
    texts=st.lists(
        st.text(alphabet="停电贷款孩子上学a1 ，。😀𠮷\x00\ud800", max_size=30), max_size=6
    )
)
def test_many_at_once_are_routed_as_one_by_one(router: Router, texts: list[str]) -> None:
    together = router.routes(texts)
    for text, route in zip(texts, together, strict=True):
        alone = router.route(text)
        assert alone.best == route.best
        assert alone.second == route.second
        assert alone.margin == pytest.approx(route.margin, abs=1e-4)


@settings(max_examples=40, deadline=None)
@given(text=st.text(alphabet="停电贷款孩子上学的了 ，。😀", min_size=1, max_size=30))
def test_every_word_named_stands_in_the_message(router: Router, text: str) -> None:
    for word in router.route(text).words:
        assert word.text in plain(text)
        assert word.weight > 0
