"""Messages are read for what they are, in every state, and the aims of the sets hold."""

from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bot.core.classifier.model import from_arrays, to_arrays
from bot.core.talk.acts import Act, Asked, Because, Likely, Reading, Role, Showed, State
from bot.core.talk.decisions import Step, could_be_matter, decide
from bot.core.talk.example_files import ExamplesError, load_examples, load_shipped
from bot.core.talk.reader import build_reader, fingerprint
from tests.talk.report import count_shares, pick_filed_chatter, pick_lost_matters
from tests.talk.utterances import (
    ACTS,
    first_reader,
    judge_all,
    make_state,
    read_own_set,
    read_public_set,
    read_unseen_set,
)

IDLE = State(Role.CONTACT)
OPEN = State(Role.CONTACT, open_issues=1, since_filed=timedelta(days=2))
CARD = State(Role.LIAISON, showed=Showed.CARD)
STATES = [
    State(role, asked, showed, count, timedelta(minutes=1) if count else None)
    for role, asked, showed, count in product(Role, Asked, Showed, (0, 2))
]


@pytest.mark.parametrize(
    ("words", "act"),
    [
        ("转人工", Act.HUMAN),
        ("人工客服", Act.HUMAN),
        ("打电话给我", Act.HUMAN),
        ("叫联络员", Act.HUMAN),
        ("解决了", Act.SOLVED),
        ("还没解决", Act.UNSOLVED),
        ("进度怎么样", Act.PROGRESS),
        ("我那个空调的事怎么样了", Act.PROGRESS),
        ("谁负责我们公司", Act.CONTACT),
        ("怎么联系你们领导", Act.CONTACT),
        ("早上好", Act.GREETING),
        ("谢谢你们", Act.THANKS),
        ("好的没问题", Act.THANKS),
        ("测试", Act.NOISE),
        ("[该消息类型暂不能展示]", Act.NOISE),
        ("这是误发，请忽略", Act.MISSENT),
        ("撤回全部", Act.WITHDRAW),
        ("不用了刚才有人来了", Act.WITHDRAW),
        ("下周一开会吗", Act.SESSIONS),
        ("我要参加星期一的会", Act.SESSIONS),
        ("怎么注册", Act.PROCESS),
        ("我怎么才算登记了", Act.PROCESS),
        ("补贴什么时候到账", Act.POLICY),
        ("换联系人了，以后找小李", Act.RECORD),
        ("我们公司搬走了", Act.RECORD),
        ("不是三号楼是五号楼", Act.CORRECTION),
        ("5分 很满意", Act.RATING),
        ("绑定3S84P44B", Act.COMMAND),
        ("3号楼电梯坏了第三天了", Act.MATTER),
        ("缺3 个焊工", Act.MATTER),
        ("检查，昨天来了三拨人", Act.MATTER),
    ],
)
def test_everyday_words_of_firms(words: str, act: Act) -> None:
    assert first_reader().read_act(words, OPEN).act is act


@pytest.mark.parametrize(
    ("words", "step"),
    [
        ("受理全部", Step.COMMAND),
        ("今天的001受理", Step.COMMAND),
        ("更多", Step.COMMAND),
        ("下一页", Step.COMMAND),
        ("还有哪些", Step.COMMAND),
        ("转给孙晓岚", Step.COMMAND),
        ("转办 6 物业", Step.COMMAND),
        ("我明天请假", Step.COMMAND),
        ("取消请假", Step.COMMAND),
        ("待会儿再说", Step.KEEP),
        ("这个客户比较难搞，先放一放", Step.KEEP),
        ("这是哪家，啥事，我晚上去不了，让小王去行不行", Step.KEEP),
        ("您好，师傅下午三点到您厂里", Step.TO_FIRM),
    ],
)
def test_words_of_staff_after_a_card(words: str, step: Step) -> None:
    assert decide(first_reader().read_act(words, CARD), CARD).step is step


def test_words_of_staff_reach_a_firm_only_from_its_card() -> None:
    reader = first_reader()
    for utterance in read_own_set():
        if utterance.state.role.is_staff:
            state = replace(utterance.state, showed=Showed.NOTHING)
            assert decide(reader.read_act(utterance.text, state), state).step is not Step.TO_FIRM


def test_a_question_always_offers_to_file_and_to_leave_it() -> None:
    reader = first_reader()
    for utterance in read_own_set():
        decision = decide(reader.read_act(utterance.text, utterance.state), utterance.state)
        if decision.step is Step.ASK:
            assert 2 <= len(decision.options) <= 3
            assert {Step.REPLY, Step.KEEP, Step.STATUS, Step.CALL} & set(decision.options)
            if not utterance.state.role.is_staff and utterance.state.asked is Asked.NOTHING:
                assert {Step.FILE, Step.CONSULT} & set(decision.options)


def test_the_aims_hold_on_our_own_set() -> None:
    outcomes = list(judge_all(first_reader(), read_own_set()))
    _, asked, wrong = count_shares(outcomes)
    assert len(outcomes) >= 400
    assert wrong <= 0.02
    assert asked <= 0.15
    assert len(pick_filed_chatter(outcomes)) <= 4
    assert pick_lost_matters(outcomes) == []


def test_no_matter_is_lost_on_what_was_never_seen() -> None:
    outcomes = list(judge_all(first_reader(), [*read_unseen_set(), *read_public_set()]))
    assert pick_lost_matters(outcomes) == []


def test_no_matter_that_is_asked_about_drops_unanswered() -> None:
    outcomes = judge_all(first_reader(), [*read_own_set(), *read_unseen_set()])
    asked = [
        outcome.utterance
        for outcome in outcomes
        if outcome.decision.step is Step.ASK and not outcome.utterance.state.role.is_staff
    ]
    kept = {
        said.text: could_be_matter(first_reader().read_act(said.text, State(Role.CONTACT)))
        for said in asked
    }
    assert [said.text for said in asked if said.is_matter and not kept[said.text]] == []
    assert not all(kept.values()), "mere talk drops"


def test_no_example_is_a_row_of_the_sets() -> None:
    told = {text for section in load_shipped() for text in section.examples}
    assert not told & {row.text for row in [*read_own_set(), *read_unseen_set()]}


def test_the_sets_name_known_acts() -> None:
    named = {row.act for row in [*read_own_set(), *read_unseen_set()]}
    assert named <= ACTS


@given(words=some.text(max_size=80), state=some.sampled_from(STATES))
@settings(max_examples=200, deadline=None)
def test_any_text_is_read_in_any_state(words: str, state: State) -> None:
    reading = first_reader().read_act(words, state)
    assert 0 <= reading.confidence <= 1.0001
    decision = decide(reading, state)
    assert (decision.step is Step.ASK) == bool(decision.options)


@pytest.mark.parametrize("words", ["谢谢你们", "转人工", "车间漏水了", "进度怎么样", "受理全部"])
@pytest.mark.parametrize("frame", ["{} ", " {}", "\n{}\n", "{}。", "{}！", "　{}"])
def test_white_space_and_stops_change_nothing(words: str, frame: str) -> None:
    reader = first_reader()
    for state in (IDLE, OPEN, CARD):
        plain = decide(reader.read_act(words, state), state)
        framed = decide(reader.read_act(frame.format(words), state), state)
        assert (framed.step, framed.act) == (plain.step, plain.act)


@pytest.mark.parametrize("asked", [Asked.RATING, Asked.ATTENDANCE, Asked.CONFIRM, Asked.CHOICE])
def test_a_digit_answers_only_where_something_was_asked(asked: Asked) -> None:
    reader = first_reader()
    state = replace(IDLE, asked=asked)
    assert decide(reader.read_act("5", state), state).step is Step.ANSWER
    assert decide(reader.read_act("5", IDLE), IDLE).step is not Step.ANSWER


def test_urgent_words_are_found_in_every_message() -> None:
    reading = first_reader().read_act("您好，起火了", OPEN)
    assert reading.urgent == ("起火",)
    assert decide(reading, OPEN).step is Step.FILE


@pytest.mark.parametrize(("urgent", "at_once"), [((), False), (("起火",), True)])
def test_a_question_about_urgent_words_does_not_wait(
    urgent: tuple[str, ...], at_once: bool
) -> None:
    ranked = (Likely(Act.MATTER, 0.5), Likely(Act.CHAT, 0.5))
    decision = decide(Reading(ranked, Because.LEARNED, "…", urgent), IDLE)
    assert decision.step is Step.ASK
    assert decision.options == (Step.FILE, Step.REPLY)
    assert decision.at_once is at_once


def test_a_verb_at_the_beginning_keeps_words_from_a_firm() -> None:
    words = "办结，下水管已经疏通了"
    assert decide(first_reader().read_act(words, CARD), CARD).step is not Step.TO_FIRM


def test_whoever_is_asked_to_come_answers_with_a_reason() -> None:
    state = make_state("contact", "invited")
    assert decide(first_reader().read_act("车间着急赶货，来不了", state), state).step is Step.ANSWER


def test_a_correction_is_learned() -> None:
    reader = first_reader()
    words = "厂庆请各位来喝茶"
    taught = reader.learn_correction(words, Act.CHAT, Role.CONTACT)
    before = reader.read_act(words, IDLE).chance(Act.CHAT)
    assert taught.read_act(words, IDLE).chance(Act.CHAT) > before
    assert taught.staff is reader.staff


def test_a_misdirected_word_takes_back_only_what_is_minutes_old() -> None:
    reader = first_reader()
    fresh = make_state("contact", "fresh")
    assert decide(reader.read_act("发错了", fresh), fresh).step is Step.WITHDRAW
    assert decide(reader.read_act("发错了", OPEN), OPEN).step is Step.REPLY


def test_models_that_were_kept_read_alike() -> None:
    reader = first_reader()
    firm, staff = from_arrays(to_arrays(reader.firm)), from_arrays(to_arrays(reader.staff))
    again = build_reader(
        reader.sections, words=reader.words.words, urgent=reader.urgent, models=(firm, staff)
    )
    words = "隔壁厂夜里施工太吵了"
    assert again.read_act(words, IDLE) == reader.read_act(words, IDLE)


def test_the_fingerprint_follows_what_is_learned_from() -> None:
    sections = load_shipped()
    assert fingerprint(sections) == fingerprint(sections)
    others = [fingerprint(sections[1:]), fingerprint(sections, ["漏水"])]
    assert len({fingerprint(sections), *others}) == 3


def test_an_office_adds_examples_of_its_own(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        '[firm.chat]\nexact = "喝茶去不去"\nexamples = """\n周末爬山的报个名\n"""\n',
        encoding="utf-8",
    )
    reader = build_reader((*load_shipped(), *load_examples(own)))
    assert reader.read_act("喝茶去不去？", IDLE).act is Act.CHAT


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[firm.nothing]\n", "is no act"),
        ("[somebody.chat]\n", "is not known"),
        ("[firm.chat]\nwords = ''\n", "'words'"),
        ("[firm.chat]\npatterns = '('\n", "no regular expression"),
        ("[firm", "not TOML"),
    ],
)
def test_a_faulty_file_names_its_fault(tmp_path: Path, text: str, says: str) -> None:
    own = tmp_path / "own.toml"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(ExamplesError, match=says):
        load_examples(own)
