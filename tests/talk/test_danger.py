"""What is dangerous to people is heard; what is past, feared, denied or practised is not."""

import pytest

from bot.core.talk.danger import find_danger


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("三号楼起火了", ("119",)),
        ("是不是着火了，好大的烟", ("119",)),
        ("去年装的变压器，现在着火了", ("119",)),
        ("不是演练，真的着火了", ("119",)),
        ("食堂煤气泄漏", ("119",)),
        ("闻到一股煤气味", ("119",)),
        ("師傅觸電了", ("120",)),
        ("一个工人手被冲床压断了", ("120",)),
        ("火灭了但是有人受伤", ("120",)),
        ("食堂吃坏了，十几个人上吐下泻", ("120",)),
        ("电梯里困了两个人", ("119", "120")),
        ("厂房塌了一块，压着人", ("119", "120")),
        ("叉车撞到人了", ("120", "110")),
        ("外面有人持刀闹事", ("110",)),
        ("有人要跳楼", ("110",)),
        ("救命啊", ("119", "120", "110")),
        ("there is a fire in building 3", ("119",)),
    ],
)
def test_danger_says_whom_to_call(words: str, numbers: tuple[str, ...]) -> None:
    danger = find_danger(words)
    assert danger is not None
    assert danger.numbers == numbers


@pytest.mark.parametrize(
    "words",
    [
        *("停电了", "停水了", "讨薪堵门", "漏电", "路面塌了一块", "空压机漏气", "水管爆了"),
        *("不是着火，是烧烤", "没有人受伤", "火灭了，虚惊一场", "昨天车间着火了，已经扑灭"),
        *("去年起过火", "去年三月，仓库着火了，赔偿还没到", "上次触电的那个员工已经出院"),
        *("消防演练什么时候搞", "今天下午消防演练，会冒烟，大家别慌", "火灾隐患排查"),
        *("着火点温度是多少", "触电保护器老跳闸", "火灾报警器坏了", "爆炸物品许可证怎么办"),
        *("怕起火，线路老化", "再不修要起火的", "万一着火怎么办", "担心煤气泄漏"),
        *("员工把手压伤了，工伤认定怎么走", "隔壁烟囱天天冒黑烟", "差点砸到人"),
        *("资金被困住了", "电脑中毒了", "跳楼价甩货", "最近生意火了", "人手断了一截，招不到"),
        *("对起火车站那块地感兴趣", "数据信息泄漏", "出血本价", "价格打架"),
    ],
)
def test_other_words_are_no_danger(words: str) -> None:
    assert find_danger(words) is None
